//! What the claims of every kind of token have in common. Each check refuses with its own reason.
import { LIFETIMES, LIMITS } from './constants.js'
import { isEqual, isLonger } from './encoding.js'
import { isObject, type JsonObject } from './json.js'
import { refuse } from './refusal.js'

const SKEW = LIFETIMES.clock_skew_seconds

/** A NumericDate (RFC 7519, section 2) in the range of exact numbers; null if it is none. */
export const numericDate = (value: unknown): number | null => (typeof value === 'number' && 0 <= value && value <= Number.MAX_SAFE_INTEGER ? value : null)

/** RFC 7519, section 4.1.1: compared as texts. */
export function checkIssuer(claims: JsonObject, issuer: string): void {
  if (typeof claims['iss'] !== 'string') refuse('iss-missing')
  if (claims['iss'] !== issuer) refuse('iss-mismatch')
}

/** The audiences, among which must be `ours`. */
export function checkAudience(claims: JsonObject, ours: string): string[] {
  const { aud } = claims
  const audiences: unknown[] = typeof aud === 'string' ? [aud] : Array.isArray(aud) ? aud : []
  if (audiences.length === 0 || !audiences.every((one): one is string => typeof one === 'string')) refuse('aud-missing')
  if (!audiences.includes(ours)) refuse('aud-mismatch')
  return audiences
}

export function checkExpiry(claims: JsonObject, now: number): number {
  const exp = numericDate(claims['exp']) ?? refuse('exp-missing')
  if (now >= exp + SKEW) refuse('expired')
  return exp
}

export function checkIssuedAt(claims: JsonObject, now: number): number {
  const iat = numericDate(claims['iat']) ?? refuse('iat-missing')
  if (iat > now + SKEW) refuse('iat-future')
  return iat
}

export function checkNotBefore(claims: JsonObject, now: number): void {
  if (claims['nbf'] === undefined) return
  const nbf = numericDate(claims['nbf']) ?? refuse('claims-malformed')
  if (nbf > now + SKEW) refuse('not-yet-valid')
}

const SUBJECT = /^[\x20-\x7e]+$/

/** OpenID Connect Core, section 2: at most 255 ASCII characters. */
export const isSubject = (text: string): boolean => text.length <= LIMITS.subject_chars && SUBJECT.test(text)

export function checkSubject(claims: JsonObject): string {
  const { sub } = claims
  if (typeof sub !== 'string') refuse('sub-missing')
  if (!isSubject(sub)) refuse('sub-malformed')
  return sub
}

export function checkTokenId(claims: JsonObject): string {
  const { jti } = claims
  if (jti === undefined) refuse('jti-missing')
  if (typeof jti !== 'string' || jti === '' || isLonger(jti, LIMITS.jti_chars)) refuse('jti-malformed')
  return jti
}

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Whether a text is one scope (RFC 6749, section 3.3). */
export const isScope = (text: string): boolean => SCOPE.test(text)

/** The scopes of a space-separated list; none if it is absent. */
export function parseScopes(value: unknown): string[] {
  if (value === undefined || value === '') return []
  if (typeof value !== 'string') refuse('scope-malformed')
  const scopes = value.split(' ')
  return scopes.every(isScope) ? scopes : refuse('scope-malformed')
}

/** By which key an access token may be used. */
export interface Proof {
  scheme: 'bearer' | 'dpop'
  /** Thumbprint of the key that a DPoP proof has proved. */
  jkt?: string | undefined
  /** SHA-256 thumbprint of the client certificate. */
  certificate?: string | undefined
}

/** RFC 7800, section 3: a token that is bound is used by its holder only; every member of `cnf` counts. */
export function checkBinding(claims: JsonObject, proof: Proof): void {
  const { cnf } = claims
  if (cnf === undefined) return proof.scheme === 'dpop' ? refuse('binding-mismatch') : undefined
  if (!isObject(cnf) || Object.keys(cnf).length === 0) refuse('binding-unsupported')
  for (const [method, thumbprint] of Object.entries(cnf)) {
    if (typeof thumbprint !== 'string' || !(method === 'jkt' || method === 'x5t#S256')) refuse('binding-unsupported')
    const proved = method === 'jkt' ? (proof.scheme === 'dpop' ? proof.jkt : undefined) : proof.certificate
    if (proved === undefined) refuse('binding-missing')
    if (!isEqual(proved, thumbprint)) refuse('binding-mismatch')
  }
  if (proof.scheme === 'dpop' && !Object.hasOwn(cnf, 'jkt')) refuse('binding-mismatch')
}

export function checkScopes(granted: readonly string[], demanded: readonly string[]): void {
  if (!demanded.every((scope) => granted.includes(scope))) refuse('scope-insufficient')
}
