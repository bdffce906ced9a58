// The shared vectors.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'

import { outcome, PARTIAL, RUN } from './vector-kinds.mjs'

const folder = new URL('../../vectors/', import.meta.url)

for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.json') && file !== 'schema.json')) {
  const { kind, given, cases } = JSON.parse(fs.readFileSync(new URL(name, folder), 'utf8'))
  test(`vectors: ${kind}`, async (t) => {
    assert(RUN[kind], `no function for ${kind}`)
    for (const one of cases) {
      await t.test(one.id, async () => {
        const got = await outcome(kind, { ...structuredClone(given), ...structuredClone(one.input) })
        if (PARTIAL.includes(kind) && got.ok && one.expect.ok) for (const key of Object.keys(got.ok)) if (!(key in one.expect.ok)) delete got.ok[key]
        assert.deepEqual(got, one.expect, `${one.id}: ${one.why}`)
      })
    }
  })
}
