//! Public keys of others: which of a key set can be used, and for what (RFC 7517).
import { createPublicKey, type KeyObject } from 'node:crypto'

import { ALGORITHMS, LIMITS, type Reason } from '../constants.js'
import { decodeBase64url } from '../encoding.js'
import { isObject, parseObject, type JsonObject } from '../json.js'
import { refuse, Refused } from '../refusal.js'

/** A key that may verify signatures. */
export interface PublicKey {
  kid: string
  /** RSA, or the curve. */
  type: 'RSA' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519'
  /** The algorithm that the key is announced for, if any. */
  alg: string | undefined
  key: KeyObject
  /** Length of an RSA signature in bytes; of others it follows from the curve. */
  signatureBytes: number
}

/** The keys of a set, and why others were left out. */
export interface KeySet {
  keys: PublicKey[]
  ignored: { kid: string; reason: Reason }[]
}

export type Algorithm = (typeof ALGORITHMS.supported)[number]

/** What an algorithm needs of a key. */
export const FITS: Record<Algorithm, PublicKey['type']> = {
  ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', PS256: 'RSA', PS384: 'RSA', PS512: 'RSA', RS256: 'RSA', RS384: 'RSA', RS512: 'RSA', EdDSA: 'Ed25519', Ed25519: 'Ed25519',
}

/**
 * Whether an algorithm goes with the one that a key is announced for: the same family, and for RSA a hash that is not shorter. Of an
 * elliptic curve the algorithm follows from the curve.
 */
function goesWith(alg: Algorithm, announced: string | undefined): boolean {
  if (announced === undefined || announced === alg) return true
  const family = alg.slice(0, 2), bits = Number(alg.slice(2))
  return family !== 'Ed' && announced.startsWith(family) && (family === 'ES' || bits >= Number(announced.slice(2)))
}

/** Whether `key` may verify `alg`. */
export const fits = (key: PublicKey, alg: Algorithm): boolean => key.type === FITS[alg] && goesWith(alg, key.alg)

/** Pins algorithms: a list that is not empty, of supported ones alone (RFC 8725, section 3.1). */
export function pinAlgorithms(algorithms: readonly string[] = ALGORITHMS.default): Algorithm[] {
  if (algorithms.length === 0) refuse('configuration-invalid', 'no algorithm is pinned')
  for (const alg of algorithms) if (!(ALGORITHMS.supported as readonly string[]).includes(alg)) refuse('configuration-invalid', `algorithm ${alg} is not supported`)
  return [...algorithms] as Algorithm[]
}

/** Reads a key set. */
export function parseKeySet(text: string): KeySet {
  const set = parseObject(text) ?? refuse('json-malformed')
  if (!Array.isArray(set['keys'])) refuse('jwks-malformed')
  if (set['keys'].length > LIMITS.jwks_keys) refuse('jwks-too-many-keys')
  const found: KeySet = { keys: [], ignored: [] }
  for (const jwk of set['keys']) {
    try {
      found.keys.push(importKey(jwk))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      found.ignored.push({ kid: isObject(jwk) && typeof jwk['kid'] === 'string' ? jwk['kid'] : '', reason: error.reason })
    }
  }
  return found
}

const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']
const SIGNATURES = /^(?:(?:ES|PS|RS)\d{3}|EdDSA|Ed25519)$/

/** Imports a public JWK, or refuses with why it can't be used. */
export function importKey(jwk: unknown): PublicKey {
  if (!isObject(jwk) || typeof jwk['kty'] !== 'string') refuse('key-malformed')
  const { kid, alg } = jwk
  if (kid !== undefined && typeof kid !== 'string') refuse('key-malformed')
  if (alg !== undefined && typeof alg !== 'string') refuse('key-malformed')
  if (jwk['kty'] === 'oct') refuse('key-symmetric')
  if (PRIVATE.some((member) => Object.hasOwn(jwk, member))) refuse('key-private')
  if (jwk['use'] !== undefined && jwk['use'] !== 'sig') refuse('key-not-for-signatures')
  const operations = jwk['key_ops']
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) refuse('key-not-for-signatures')
  const type = typeOf(jwk)
  if (alg !== undefined && !SIGNATURES.test(alg)) refuse('key-not-for-signatures')
  return { kid: kid ?? '', alg, type, ...(type === 'RSA' ? importRsa(jwk) : importCurve(jwk, type)) }
}

function typeOf(jwk: JsonObject): PublicKey['type'] {
  if (jwk['kty'] === 'RSA') return 'RSA'
  const curves: Record<string, readonly string[]> = { EC: ['P-256', 'P-384', 'P-521'], OKP: ['Ed25519'] }
  const known = Object.hasOwn(curves, jwk['kty'] as string) ? curves[jwk['kty'] as string]! : []
  if (!known.includes(jwk['crv'] as string)) refuse('key-unsupported')
  return jwk['crv'] as PublicKey['type']
}

/** Decodes a member that must be there. */
function member(jwk: JsonObject, name: string): Buffer {
  const text = jwk[name], bytes = typeof text === 'string' ? decodeBase64url(text) : null
  return bytes && bytes.length > 0 ? bytes : refuse('key-malformed')
}

function importRsa(jwk: JsonObject): { key: KeyObject; signatureBytes: number } {
  const n = member(jwk, 'n'), e = member(jwk, 'e')
  // RFC 7518, section 2: Base64urlUInt has no zeros in front.
  if (n[0] === 0 || e[0] === 0) refuse('key-malformed')
  if (e.length > 4) refuse('key-too-large')
  const bits = n.length * 8 - Math.clz32(n[0]!) + 24, exponent = e.readUIntBE(0, e.length)
  if (bits > LIMITS.rsa_bits_max) refuse('key-too-large')
  if (bits < LIMITS.rsa_bits_min || exponent < 3 || exponent % 2 === 0) refuse('key-too-weak')
  return { key: create({ kty: 'RSA', n: jwk['n'], e: jwk['e'] }), signatureBytes: n.length }
}

const COORDINATE_BYTES = { 'P-256': 32, 'P-384': 48, 'P-521': 66, Ed25519: 32 }

function importCurve(jwk: JsonObject, crv: keyof typeof COORDINATE_BYTES): { key: KeyObject; signatureBytes: number } {
  const size = COORDINATE_BYTES[crv], names = crv === 'Ed25519' ? ['x'] : ['x', 'y']
  if (names.some((name) => member(jwk, name).length !== size)) refuse('key-malformed')
  const picked = Object.fromEntries(['kty', 'crv', ...names].map((name) => [name, jwk[name]]))
  return { key: create(picked), signatureBytes: 2 * size }
}

/** OpenSSL checks that the point is on the curve. */
function create(jwk: JsonObject): KeyObject {
  try {
    return createPublicKey({ key: jwk as never, format: 'jwk' })
  } catch {
    refuse('key-malformed')
  }
}
