//! Our own keys and tokens: client authentication, signed requests, DPoP proofs.
import { constants, createHash, createPrivateKey, generateKeyPairSync, sign as signBytes, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'

import { encodeBase64url } from '../encoding.js'
import { parseObject, type JsonObject } from '../json.js'
import { orRefuse, refuse } from '../refusal.js'
import { FITS, importKey, type Algorithm } from './keys.js'
import { hashOf } from './verify.js'

const MEMBERS: Record<string, readonly string[]> = { RSA: ['e', 'kty', 'n'], EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'] }

/** The thumbprint of a public JWK (RFC 7638). */
export function thumbprint(jwk: JsonObject): string {
  const members = MEMBERS[jwk['kty'] as string] ?? refuse('key-unsupported')
  return createHash('sha256').update(JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])))).digest('base64url')
}

/** The members of a JWK that are public and say which key it is. */
export const publicPart = (jwk: JsonObject): JsonObject => Object.fromEntries((MEMBERS[jwk['kty'] as string] ?? refuse('key-unsupported')).map((name) => [name, jwk[name]]))

/** A private key with the one algorithm that it is used for. It prints as `[redacted]`. */
export class SigningKey {
  readonly alg: Algorithm
  readonly kid: string | undefined
  readonly publicJwk: JsonObject
  readonly #key: KeyObject

  /** Reads a private JWK. Its algorithm is `alg`, or follows from the curve. */
  constructor(jwk: JsonObject) {
    const type = importKey({ ...publicPart(jwk) }).type
    const alg = jwk['alg'] ?? Object.entries(FITS).find(([, fit]) => fit === type && type !== 'RSA')?.[0]
    if (typeof alg !== 'string' || !Object.hasOwn(FITS, alg) || FITS[alg as Algorithm] !== type) refuse('configuration-invalid', 'the key names no algorithm that fits it')
    this.alg = alg as Algorithm
    this.kid = typeof jwk['kid'] === 'string' ? jwk['kid'] : undefined
    this.publicJwk = publicPart(jwk)
    this.#key = orRefuse('configuration-invalid', () => createPrivateKey({ key: jwk as never, format: 'jwk' }))
  }

  /** Reads the text of a private JWK. */
  static fromJson(text: string): SigningKey {
    return new SigningKey(parseObject(text) ?? refuse('configuration-invalid', 'the key is no JSON object'))
  }

  /** Makes a new key for ES256. */
  static generate(): SigningKey {
    return new SigningKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as JsonObject)
  }

  get thumbprint(): string {
    return thumbprint(this.publicJwk)
  }

  /** The private JWK, to be kept sealed. */
  expose(): JsonObject {
    return { ...(this.#key.export({ format: 'jwk' }) as JsonObject), alg: this.alg, ...(this.kid !== undefined && { kid: this.kid }) }
  }

  /** Signs a token. */
  sign(header: JsonObject, claims: JsonObject): string {
    const message = `${encodeBase64url(JSON.stringify(header))}.${encodeBase64url(JSON.stringify(claims))}`
    return `${message}.${encodeBase64url(this.#signature(Buffer.from(message)))}`
  }

  #signature(message: Buffer): Buffer {
    const key = this.#key
    if (this.alg.startsWith('Ed')) return signBytes(null, message, key)
    if (this.alg.startsWith('ES')) return signBytes(hashOf(this.alg), message, { key, dsaEncoding: 'ieee-p1363' })
    if (this.alg.startsWith('PS')) return signBytes(hashOf(this.alg), message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST })
    return signBytes(hashOf(this.alg), message, key)
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return `SigningKey(${this.alg}, [redacted])`
  }
}
