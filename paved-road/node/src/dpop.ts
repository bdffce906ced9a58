//! DPoP proofs (RFC 9449): those of others at an API, and ours.
import { checkTokenId, numericDate } from './claims.js'
import { ALGORITHMS, LIFETIMES } from './constants.js'
import { isEqual, sha256 } from './encoding.js'
import { FITS, importKey, type Algorithm, type PublicKey } from './jose/keys.js'
import { publicPart, thumbprint, type SigningKey } from './jose/sign.js'
import { checkHeader, parseToken, verifyToken } from './jose/verify.js'
import { isObject, type JsonObject } from './json.js'
import { Refused, refuse } from './refusal.js'
import { originOf, parseUrl } from './url.js'

const TYPES = ['dpop+jwt'] as const

export interface ProofExpectation {
  now: number
  method: string
  url: string
  accessToken: string
  /** The nonce that this server wants, if any. */
  nonce?: string | undefined
}

/** A proof that holds. The caller remembers `tokenId` for twice lifetimes.dpop_skew_seconds, and refuses it a second time. */
export interface ProvedKey {
  jkt: string
  tokenId: string
}

/** Checks the DPoP headers of a request (RFC 9449, section 4.3). */
export function checkProof(proofs: readonly string[], expected: ProofExpectation): ProvedKey {
  if (proofs.length > 1) refuse('dpop-repeated')
  const token = parseToken(proofs[0] ?? refuse('dpop-missing'))
  const alg = checkHeader(token, ALGORITHMS.dpop, TYPES), jwk = token.header['jwk']
  const claims = verifyToken(token, alg, importProofKey(jwk, alg))
  const tokenId = checkTokenId(claims)
  if (claims['htm'] !== expected.method) refuse('dpop-method-mismatch')
  const target = normalizeTarget(claims['htu'])
  if (target === null || target !== normalizeTarget(expected.url)) refuse('dpop-url-mismatch')
  const iat = numericDate(claims['iat']) ?? refuse('iat-missing')
  if (Math.abs(expected.now - iat) > LIFETIMES.dpop_skew_seconds) refuse('dpop-expired')
  if (typeof claims['ath'] !== 'string' || !isEqual(claims['ath'], sha256(expected.accessToken))) refuse('dpop-token-mismatch')
  if (expected.nonce !== undefined && claims['nonce'] !== expected.nonce) refuse('dpop-nonce-required')
  return { jkt: thumbprint(publicPart(jwk as JsonObject)), tokenId }
}

function importProofKey(jwk: unknown, alg: Algorithm): PublicKey {
  try {
    const key = importKey(isObject(jwk) ? { ...jwk, alg: undefined, use: undefined, key_ops: undefined, kid: undefined } : jwk)
    if (key.type === FITS[alg]) return key
  } catch (error) {
    if (!(error instanceof Refused)) throw error
  }
  refuse('dpop-key-malformed')
}

/** The URL without query and fragment, in normal form (RFC 3986, section 6.2.2 and 6.2.3); null if it is none. */
function normalizeTarget(value: unknown): string | null {
  const url = typeof value === 'string' ? parseUrl(value) : null
  if (!url || url.hasUser) return null
  const path = url.path.replace(/%([0-9A-Fa-f]{2})/g, (escape, digits: string) => {
    const char = String.fromCharCode(parseInt(digits, 16))
    return /[A-Za-z0-9._~-]/.test(char) ? char : escape.toUpperCase()
  })
  return originOf(url) + (path || '/')
}

/** What is signed in a proof of ours. */
export function proofParts(input: { alg: string; method: string; url: string; now: number; jti: string; nonce?: string | undefined; accessToken?: string | undefined }): { header: JsonObject; claims: JsonObject } {
  const claims: JsonObject = { jti: input.jti, htm: input.method, htu: input.url.replace(/[?#].*$/, ''), iat: input.now }
  if (input.nonce !== undefined) claims['nonce'] = input.nonce
  if (input.accessToken !== undefined) claims['ath'] = sha256(input.accessToken)
  return { header: { typ: 'dpop+jwt', alg: input.alg }, claims }
}

/** Makes a proof. */
export function makeProof(key: SigningKey, input: { method: string; url: string; now: number; jti: string; nonce?: string | undefined; accessToken?: string | undefined }): string {
  const { header, claims } = proofParts({ ...input, alg: key.alg })
  return key.sign({ ...header, jwk: key.publicJwk }, claims)
}
