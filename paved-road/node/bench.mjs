// How much verification costs beyond the signature, and what a look at a session costs. `node bench.mjs`, after a build.
import { verify as verifySignature } from 'node:crypto'

import { KEYS, jwt } from '../vectors/make/keys.mjs'
import { Sessions } from './dist/index.js'
import { checkIdToken, ID_TOKEN_TYPES, parseKeySet, pinAlgorithms, sessionLimits, verify } from './dist/pure.js'

const now = 1800000000, claims = { iss: 'https://id.example.org', aud: 'orders', sub: 'alice', iat: now, exp: now + 600, nonce: 'n' }
const expected = { now, issuer: claims.iss, clientId: claims.aud, nonce: 'n' }, ROUNDS = 4000

/** Operations a second: the best of some rounds, for others work on this machine, too. */
function rate(run) {
  let best = 0
  for (let round = 0; round < 5; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < ROUNDS; i++) run()
    best = Math.max(best, ROUNDS / (Number(process.hrtime.bigint() - start) / 1e9))
  }
  return best
}

for (const [alg, key] of [['RS256', KEYS.rsa], ['ES256', KEYS.ec], ['EdDSA', KEYS.ed]]) {
  const token = jwt({ alg, kid: key.jwk.kid }, claims, key), keys = parseKeySet(JSON.stringify({ keys: [key.jwk] })).keys, pinned = pinAlgorithms()
  const message = Buffer.from(token.slice(0, token.lastIndexOf('.'))), signature = Buffer.from(token.split('.')[2], 'base64url')
  const bare = alg === 'EdDSA' ? keys[0].key : { key: keys[0].key, dsaEncoding: 'ieee-p1363' }
  const raw = rate(() => verifySignature(alg === 'EdDSA' ? null : 'sha256', message, bare, signature))
  const whole = rate(() => checkIdToken(verify(token, keys, pinned, ID_TOKEN_TYPES).claims, alg, expected))
  console.log(`${alg}: ${Math.round(raw)} signatures/s, ${Math.round(whole)} ID tokens/s: ${(100 * whole / raw).toFixed(1)} %`)
}

const sessions = Sessions.inMemory(), limits = sessionLimits()
const record = { provider: 'default', issuer: claims.iss, subject: 'alice', nonce: 'n', scopes: ['openid', 'read'], claims: { sub: 'alice' }, created: now, seen: now, accessToken: 'a'.repeat(800), refreshToken: 'r'.repeat(40) }
const clock = Date.now() / 1000, key = Sessions.keyOf(await sessions.begin({ ...record, created: clock, seen: clock }, limits)), times = []
for (let i = 0; i < 20000; i++) {
  const start = process.hrtime.bigint()
  await sessions.load(key, clock, limits)
  times.push(Number(process.hrtime.bigint() - start) / 1000)
}
times.sort((left, right) => left - right)
console.log(`session: ${times[10000].toFixed(1)} µs median, ${times[19800].toFixed(1)} µs at p99`)
