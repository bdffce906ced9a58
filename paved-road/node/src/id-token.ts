//! ID tokens of the code flow and of refreshes (OpenID Connect Core, sections 3.1.3.7 and 12.2).
import { createHash } from 'node:crypto'

import { checkAudience, checkExpiry, checkIssuedAt, checkIssuer, checkNotBefore, checkSubject, numericDate } from './claims.js'
import { LIFETIMES } from './constants.js'
import { isEqual } from './encoding.js'
import type { Algorithm } from './jose/keys.js'
import { hashOf } from './jose/verify.js'
import type { JsonObject } from './json.js'
import { refuse } from './refusal.js'

/** Types that an ID token may name. */
export const ID_TOKEN_TYPES = ['', 'jwt'] as const

/** What an ID token must say. Nothing here can be left out: a sign-in has a nonce. */
export interface IdTokenExpectation {
  now: number
  issuer: string
  clientId: string
  nonce: string
  accessToken?: string | undefined
  maxAge?: number | undefined
  acrValues?: readonly string[] | undefined
}

/** Who signed in, and how. */
export interface Identity {
  issuer: string
  subject: string
  sid?: string
  authTime?: number
  acr?: string
}

/** Checks the claims of an ID token whose signature was verified with `alg`. */
export function checkIdToken(claims: JsonObject, alg: Algorithm, expected: IdTokenExpectation): Identity {
  checkParties(claims, expected.issuer, expected.clientId, expected.now)
  const subject = checkSubject(claims)
  if (typeof claims['nonce'] !== 'string') refuse('nonce-missing')
  if (!isEqual(claims['nonce'], expected.nonce)) refuse('nonce-mismatch')
  checkAccessTokenHash(claims, alg, expected.accessToken)
  checkAuthTime(claims, expected)
  if (expected.acrValues?.length && !expected.acrValues.includes(claims['acr'] as string)) refuse('acr-insufficient')
  return identityOf(claims, subject)
}

/** What a session knows that a refreshed ID token must repeat. */
export interface RefreshExpectation {
  now: number
  issuer: string
  clientId: string
  before: { subject: string; nonce: string; authTime?: number | undefined }
}

/** Checks the claims of an ID token that came with a refresh. */
export function checkRefreshedIdToken(claims: JsonObject, expected: RefreshExpectation): Identity {
  checkParties(claims, expected.issuer, expected.clientId, expected.now)
  const subject = checkSubject(claims), { before } = expected
  const { nonce } = claims
  if (nonce !== undefined && !(typeof nonce === 'string' && isEqual(nonce, before.nonce))) refuse('nonce-mismatch')
  if (subject !== before.subject) refuse('sub-mismatch')
  const authTime = claims['auth_time']
  if (authTime !== undefined && before.authTime !== undefined && authTime !== before.authTime) refuse('auth-time-changed')
  return identityOf(claims, subject)
}

/** Issuer, audience, authorized party and times. */
function checkParties(claims: JsonObject, issuer: string, clientId: string, now: number): void {
  checkIssuer(claims, issuer)
  const others = checkAudience(claims, clientId).some((audience) => audience !== clientId)
  const { azp } = claims
  if (azp === undefined && others) refuse('azp-missing')
  if (azp !== undefined && azp !== clientId) refuse('azp-mismatch')
  checkExpiry(claims, now)
  const iat = checkIssuedAt(claims, now)
  if (now - iat > LIFETIMES.id_token_age_seconds + LIFETIMES.clock_skew_seconds) refuse('iat-too-old')
  checkNotBefore(claims, now)
}

/** OpenID Connect Core, section 3.1.3.6: the left half of the hash. */
function checkAccessTokenHash(claims: JsonObject, alg: Algorithm, accessToken: string | undefined): void {
  if (claims['at_hash'] === undefined || accessToken === undefined) return
  const hash = createHash(hashOf(alg)).update(accessToken).digest(), half = hash.subarray(0, hash.length / 2).toString('base64url')
  if (typeof claims['at_hash'] !== 'string' || !isEqual(claims['at_hash'], half)) refuse('at-hash-mismatch')
}

function checkAuthTime(claims: JsonObject, { maxAge, now }: IdTokenExpectation): void {
  if (maxAge === undefined) return
  const authTime = numericDate(claims['auth_time']) ?? refuse('auth-time-missing')
  if (now - authTime > maxAge + LIFETIMES.clock_skew_seconds) refuse('auth-time-too-old')
}

function identityOf(claims: JsonObject, subject: string): Identity {
  const { iss, sid, acr } = claims, authTime = numericDate(claims['auth_time'])
  return { issuer: iss as string, subject, ...(typeof sid === 'string' && { sid }), ...(authTime !== null && { authTime }), ...(typeof acr === 'string' && { acr }) }
}
