//! JWT access tokens at an API (RFC 9068) and answers of introspection (RFC 7662).
import { checkAudience, checkBinding, checkExpiry, checkIssuedAt, checkIssuer, checkNotBefore, checkScopes, checkSubject, checkTokenId, parseScopes, type Proof } from './claims.js'
import { LIFETIMES } from './constants.js'
import type { JsonObject } from './json.js'
import { refuse } from './refusal.js'

/** RFC 9068, section 2.1. */
export const ACCESS_TOKEN_TYPES = ['at+jwt'] as const

export interface AccessExpectation {
  now: number
  issuer: string
  audience: string
  scopes: readonly string[]
  proof: Proof
}

/** Who calls an API, and what for. */
export interface Access {
  subject: string
  clientId: string
  scopes: string[]
  expiry: number
  claims: JsonObject
}

/** Checks the claims of an access token whose signature was verified. */
export function checkAccessToken(claims: JsonObject, expected: AccessExpectation): Access {
  checkIssuer(claims, expected.issuer)
  checkAudience(claims, expected.audience)
  const expiry = checkExpiry(claims, expected.now)
  checkIssuedAt(claims, expected.now)
  checkNotBefore(claims, expected.now)
  const subject = checkSubject(claims), clientId = checkClientId(claims)
  checkTokenId(claims)
  return checkUse(claims, { subject, clientId, expiry }, expected)
}

/** Checks an answer of introspection, and says for how many seconds it may be kept. */
export function checkIntrospection(answer: JsonObject, expected: AccessExpectation): Access & { keep: number } {
  if (answer['active'] !== true) refuse('token-inactive')
  if (answer['iss'] !== undefined) checkIssuer(answer, expected.issuer)
  checkAudience(answer, expected.audience)
  const expiry = checkExpiry(answer, expected.now)
  checkNotBefore(answer, expected.now)
  const subject = checkSubject(answer), clientId = checkClientId(answer)
  const keep = Math.max(0, Math.min(LIFETIMES.introspection_cache_seconds, Math.floor(expiry - expected.now)))
  return { ...checkUse(answer, { subject, clientId, expiry }, expected), keep }
}

function checkClientId(claims: JsonObject): string {
  const id = claims['client_id']
  return typeof id === 'string' && id !== '' ? id : refuse('client-id-missing')
}

function checkUse(claims: JsonObject, who: Pick<Access, 'subject' | 'clientId' | 'expiry'>, expected: AccessExpectation): Access {
  const scopes = parseScopes(claims['scope'])
  checkBinding(claims, expected.proof)
  checkScopes(scopes, expected.scopes)
  return { ...who, scopes, claims }
}
