// The vector files themselves: their shape, their reasons, and that every reason is reached by one of them.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'

import Ajv from 'ajv/dist/2020.js'

const folder = new URL('../../vectors/', import.meta.url), read = (name, at = folder) => JSON.parse(fs.readFileSync(new URL(name, at), 'utf8'))
const names = fs.readdirSync(folder).filter((name) => name.endsWith('.json') && name !== 'schema.json')
const reasons = read('../reasons.json').reasons

/** Reasons that need a network, a store or a clock, and are tested there. */
const ELSEWHERE = [
  'body-too-large', 'timeout', 'unreachable', 'state-malformed', 'attempt-expired', 'jwks-unavailable', 'refresh-unavailable', 'session-unknown', 'store-conflict', 'request-too-large', 'rate-exceeded', 'address-none', 'redirects-exceeded', 'password-queue-full',
]

test('every file has the shape of the schema', () => {
  const isValid = new Ajv({ allErrors: true }).compile(read('schema.json'))
  for (const name of names) assert(isValid(read(name)), `${name}: ${JSON.stringify(isValid.errors)}`)
})
test('files are named after their kind, and ids are unique', () => {
  for (const name of names) {
    const { kind, cases } = read(name)
    assert.equal(name, `${kind}.json`)
    assert.equal(new Set(cases.map(({ id }) => id)).size, cases.length, name)
  }
})
test('there are more than six hundred cases', () => assert(names.reduce((n, name) => n + read(name).cases.length, 0) >= 600))
test('reasons are known, and every reason has a case', () => {
  const used = new Set(names.flatMap((name) => { const { cases } = read(name); return cases.flatMap(({ expect }) => [expect.reason, ...(expect.ok?.ignored ?? []).map((one) => one.reason)]) }).filter(Boolean))
  const known = new Set(reasons.map(({ code }) => code))
  assert.deepEqual([...used].filter((code) => !known.has(code)), [])
  assert.deepEqual([...known].filter((code) => !used.has(code) && !ELSEWHERE.includes(code)), [])
  assert.deepEqual(ELSEWHERE.filter((code) => used.has(code) || !known.has(code)), [])
})
test('no private key stands in a vector', () => {
  for (const name of names.filter((one) => one !== 'jwks.json' && one !== 'dpop-proof.json')) assert(!/"d":"[A-Za-z0-9_-]{20,}"/.test(fs.readFileSync(new URL(name, folder), 'utf8')), name)
})
