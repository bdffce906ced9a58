// Changes inputs of vectors at random, and compares what two libraries say: where they differ, the specification has a gap.
//   node paved-road/testing/differential.mjs SEED COUNT PYTHON         COUNT cases of each kind, compared with the library for Python
//   node paved-road/testing/differential.mjs SEED COUNT rust           likewise, for Rust
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { outcome, RUN } from '../node/test/vector-kinds.mjs'

const root = fileURLToPath(new URL('../', import.meta.url)), [seedText = '1', countText = '100', python = 'python3'] = process.argv.slice(2)

/** What is changed in each kind; kinds without text from outside are left out. */
const FIELDS = {
  'local-path': ['path'], 'url': ['url'], 'address': ['address'], 'file-name': ['name'], 'path-join': ['path'], 'cookie-read': ['header'], 'authorization-response': ['query'], 'mix-up': ['query'], 'credentials': ['query', 'authorization'],
  'public-url': ['url'], 'discovery': ['text'], 'jwks': ['text'], 'token-response': ['body', 'content_type'], 'introspection': ['body'], 'userinfo': ['body'], 'push-response': ['body'], 'jws': ['token'], 'id-token': ['token'],
  'access-token': ['token'], 'logout-token': ['token'], 'dpop-proof': ['proofs'], 'request-host': ['hosts'], 'sealed': ['sealed'], 'password': ['password', 'stored'], 'resource-metadata': ['resource'],
}
const PIECES = ['/', '\\', '%', '2', 'f', '.', '@', ':', '?', '#', '&', '=', '+', ' ', '\t', '\n', '\0', 'ü', '😀', '\u202e', '[', ']', '"', '{', '}', ',', '0', 'x', '1', '-', '_', '~', 'a', 'A', '\ufeff', '\u2028', '%2e', '%2F', '%25', '//', '..', 'null', '1e999', '-0', '1.0', '\\u0061', '\\ud800', 'é', 'İ', 'ſ']
const VALUES = [null, true, 0, -1, 1.5, 1e300, '', [], {}, ['a'], { a: 1 }, 'x', 1800000000, 9007199254740991]

let seed = Number(seedText)
const below = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 2147483648 * n) }
const oneOf = (list) => list[below(list.length)]

/** A text with a few pieces put in, taken out or replaced. */
function changeText(text) {
  let changed = text
  for (let left = 1 + below(3); left > 0; left--) {
    const at = below(changed.length + 1), cut = oneOf([0, 1, 1 + below(3)])
    changed = changed.slice(0, at) + (cut > 1 ? '' : oneOf(PIECES)) + changed.slice(at + cut)
  }
  return changed
}
/** A value with one part of it changed. */
function change(value, depth = 0) {
  if (typeof value === 'string') return depth > 0 && below(8) === 0 ? oneOf(VALUES) : changeText(value)
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return depth > 0 ? oneOf(VALUES) : value
  const copy = structuredClone(value), key = oneOf(Object.keys(copy))
  copy[key] = change(copy[key], depth + 1)
  return copy
}
/** A token with a part of its header or payload changed, or its text. */
function changeToken(token) {
  const parts = token.split('.'), at = below(2)
  try {
    const content = JSON.parse(Buffer.from(parts[at], 'base64url'))
    if (parts.length !== 3 || below(2)) return changeText(token)
    parts[at] = Buffer.from(below(3) ? JSON.stringify(change(content)) : changeText(JSON.stringify(content))).toString('base64url')
    return parts.join('.')
  } catch {
    return changeText(token)
  }
}
function changeJson(text) {
  try {
    return below(2) ? JSON.stringify(change(JSON.parse(text))) : changeText(text)
  } catch {
    return changeText(text)
  }
}
const CHANGE = { token: changeToken, proofs: (proofs) => proofs.map(changeToken), body: changeJson, text: changeJson, hosts: (hosts) => hosts.map(changeText), authorization: (values) => values.map(changeText) }

const isWhole = (value) => (typeof value === 'string' ? !/\p{Cs}/u.test(value) : typeof value !== 'object' || value === null || Object.values(value).every(isWhole))

const cases = []
for (const [kind, fields] of Object.entries(FIELDS)) {
  const file = JSON.parse(fs.readFileSync(path.join(root, 'vectors', `${kind}.json`), 'utf8'))
  for (let i = 0; i < Number(countText); i++) {
    const input = structuredClone({ ...file.given, ...oneOf(file.cases).input }), field = oneOf(fields)
    if (input[field] === undefined) continue
    input[field] = (CHANGE[field] ?? changeText)(input[field])
    // Rust has no texts with half a surrogate pair, so nobody can give it one.
    if (python === 'rust' && !isWhole(input)) continue
    cases.push({ kind, input, said: await outcome(kind, structuredClone(input)) })
  }
}
const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'paved-')), 'cases.json')
fs.writeFileSync(file, JSON.stringify(cases))
const other = python === 'rust'
  ? spawnSync('cargo', ['test', '--quiet', '--profile', 'quick', '-p', 'bartizan-paved-auth', '--test', 'vectors', '--', '--nocapture', 'differential'], { cwd: path.join(root, 'rust'), encoding: 'utf8', env: { ...process.env, BARTIZAN_DIFFERENTIAL: file } })
  : spawnSync(python, [path.join(root, 'python/tests/differential.py'), file], { encoding: 'utf8', env: { ...process.env, PYTHONPATH: path.join(root, 'python/src') } })
fs.rmSync(path.dirname(file), { recursive: true })
process.stdout.write(other.stdout + other.stderr)
process.exit(other.status ?? 1)
