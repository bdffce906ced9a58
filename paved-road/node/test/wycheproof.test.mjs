// Wycheproof's JSON Web Signatures: every invalid one refused, every valid one of a supported algorithm accepted.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'

import { ALGORITHMS, importKey, parseToken, checkHeader, selectKey, verifyToken, pinAlgorithms, Refused } from '../dist/pure.js'

const folder = process.env.BARTIZAN_VECTORS ?? path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../../../../shared/vectors')
const file = path.join(folder, 'wycheproof/json_web_signature_test.json')

/** The payload needs no JSON here: the signature alone is judged. */
function isAccepted(jws, jwk) {
  try {
    const token = parseToken(jws), alg = checkHeader(token, pinAlgorithms(ALGORITHMS.supported), ['', 'jwt', 'jose'])
    token.payload = Buffer.from('{}')
    verifyToken(token, alg, selectKey(token, alg, [importKey(jwk)]))
    return true
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

test('wycheproof: JSON Web Signatures', { skip: !fs.existsSync(file) && `${file} is absent` }, () => {
  const count = { invalid: 0, valid: 0, unsupported: 0 }, wrong = []
  for (const group of JSON.parse(fs.readFileSync(file, 'utf8')).testGroups) {
    const jwk = group.public ?? group.private
    for (const one of group.tests) {
      const accepted = isAccepted(one.jws, jwk)
      if (one.result === 'invalid') count.invalid += 1
      else if (jwk.kty === 'oct') count.unsupported += 1
      else count.valid += 1
      if (accepted !== (one.result === 'valid' && jwk.kty !== 'oct')) wrong.push(`${one.tcId} ${one.comment} ${one.result}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.deepEqual(count, { invalid: 355, valid: 36, unsupported: 10 })
})
