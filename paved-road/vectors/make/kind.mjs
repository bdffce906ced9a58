// Collects the cases of one kind, and writes them.
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const NOW = 1800000000
export const ISSUER = 'https://id.example.org', CLIENT = 'orders'
export const ok = (value) => ({ ok: value }), no = (reason) => ({ reason })

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const reasons = new Set(JSON.parse(fs.readFileSync(path.join(folder, '../reasons.json'), 'utf8')).reasons.map((r) => r.code))
export const files = new Map()

/** Begins a kind of case. What is `given` is part of every input, unless the case says otherwise. */
export function kind(name, about, given) {
  const cases = [], ids = new Set()
  return {
    add(id, why, input, expect) {
      if (ids.has(id)) throw new Error(`${name}/${id} stands twice`)
      if (expect.reason && !reasons.has(expect.reason)) throw new Error(`${name}/${id}: unknown reason ${expect.reason}`)
      if (!/^[a-z0-9_-]+$/i.test(id)) throw new Error(`${name}/${id}: not a good id`)
      ids.add(id)
      cases.push({ id, why, input, expect })
    },
    done() { files.set(`${name}.json`, write({ kind: name, about, given }, cases)) },
  }
}

function write(head, cases) {
  const top = JSON.stringify(head, null, 1).replace(/\n}$/, '')
  return `${top},\n "cases": [\n${cases.map((c) => '  ' + JSON.stringify(c)).join(',\n')}\n ]\n}\n`
}

/** Writes all files, or says which are stale. */
export function finish(isCheck) {
  let stale = 0
  for (const [name, text] of files) {
    const file = path.join(folder, name)
    if (!isCheck) fs.writeFileSync(file, text)
    else if (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') !== text) { console.error(`${name} is stale: run \`node paved-road/vectors/make/make.mjs\``); stale += 1 }
  }
  const kinds = [...files].filter(([name]) => name.endsWith('.json'))
  const count = kinds.reduce((n, [, text]) => n + JSON.parse(text).cases.length, 0)
  console.log(`${count} cases of ${kinds.length} kinds`)
  process.exit(stale ? 1 : 0)
}
