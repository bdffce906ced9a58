//! JSON Web Signatures of others (RFC 7515, RFC 8725): compact form, pinned algorithms, our keys. Nothing in a token chooses how it is
//! checked: `jwk`, `jku`, `x5u` and `x5c` are not read.
import { constants, verify as verifySignature } from 'node:crypto'

import { LIMITS } from '../constants.js'
import { decodeBase64url, decodeUtf8, isLonger } from '../encoding.js'
import { parseObject, type JsonObject } from '../json.js'
import { refuse } from '../refusal.js'
import { fits, type Algorithm, type PublicKey } from './keys.js'

/** A token whose form is right. Nothing of it is to be trusted yet. */
export interface ParsedToken {
  alg: string
  kid: string | undefined
  /** In lower case, without `application/`; empty if absent. */
  typ: string
  header: JsonObject
  payload: Buffer
  message: Buffer
  signature: Buffer
}

/** Splits a token into its parts. */
export function parseToken(token: string): ParsedToken {
  if (isLonger(token, LIMITS.token_bytes)) refuse('token-too-long')
  const parts = token.split('.')
  if (parts.length !== 3) refuse('jwt-malformed')
  const [head, payload, signature] = parts.map(decodeBase64url)
  if (!head || !payload || !signature) refuse('jwt-malformed')
  const text = decodeUtf8(head), header = text === null ? null : parseObject(text)
  if (!header) refuse('jwt-malformed')
  const { alg, kid, typ } = header
  if (typeof alg !== 'string' || !isShortText(kid) || !isShortText(typ)) refuse('jwt-malformed')
  return { alg, kid, typ: (typ ?? '').toLowerCase().replace(/^application\//, ''), header, payload, message: Buffer.from(token.slice(0, token.lastIndexOf('.'))), signature }
}

const isShortText = (value: unknown): value is string | undefined => value === undefined || (typeof value === 'string' && !isLonger(value, LIMITS.header_value_chars))

/** Checks what the header says: a pinned algorithm, no extension, an allowed type. */
export function checkHeader(token: ParsedToken, algorithms: readonly Algorithm[], types: readonly string[]): Algorithm {
  if (!(algorithms as readonly string[]).includes(token.alg)) refuse('alg-not-allowed')
  // RFC 7515, section 4.1.11: we understand no extension; RFC 7797's b64 is one.
  if (Object.hasOwn(token.header, 'crit') || Object.hasOwn(token.header, 'b64')) refuse('crit-unsupported')
  if (!types.includes(token.typ)) refuse('typ-not-allowed')
  return token.alg as Algorithm
}

/** The one key that fits. */
export function selectKey(token: ParsedToken, alg: Algorithm, keys: readonly PublicKey[]): PublicKey {
  const found = keys.filter((key) => fits(key, alg) && (token.kid === undefined || key.kid === token.kid))
  if (found.length > 1) refuse('key-ambiguous')
  return found[0] ?? refuse('key-unknown')
}

/** Checks the signature and reads the claims. */
export function verifyToken(token: ParsedToken, alg: Algorithm, key: PublicKey): JsonObject {
  if (!isSignatureOf(token, alg, key)) refuse('signature-invalid')
  const text = decodeUtf8(token.payload)
  return (text === null ? null : parseObject(text)) ?? refuse('claims-malformed')
}

function isSignatureOf(token: ParsedToken, alg: Algorithm, { key, signatureBytes }: PublicKey): boolean {
  if (token.signature.length !== signatureBytes) return false
  const hash = hashOf(alg)
  try {
    if (alg.startsWith('Ed')) return verifySignature(null, token.message, key, token.signature)
    if (alg.startsWith('ES')) return verifySignature(hash, token.message, { key, dsaEncoding: 'ieee-p1363' }, token.signature)
    if (alg.startsWith('PS')) return verifySignature(hash, token.message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, token.signature)
    // Without options: PKCS #1 v1.5 is what an RSA key means then, and it takes less time.
    return verifySignature(hash, token.message, key, token.signature)
  } catch {
    return false
  }
}

/** The hash of an algorithm; of Ed25519 it is SHA-512 (RFC 8032, section 5.1). */
export const hashOf = (alg: Algorithm): 'sha256' | 'sha384' | 'sha512' => (alg.startsWith('Ed') ? 'sha512' : `sha${alg.slice(2) as '256' | '384' | '512'}`)

/** Form, header, key, signature, claims: in one step, for keys that are at hand. */
export function verify(text: string, keys: readonly PublicKey[], algorithms: readonly Algorithm[], types: readonly string[]): { alg: Algorithm; typ: string; claims: JsonObject } {
  const token = parseToken(text), alg = checkHeader(token, algorithms, types)
  return { alg, typ: token.typ, claims: verifyToken(token, alg, selectKey(token, alg, keys)) }
}
