//! Logout tokens (OpenID Connect Back-Channel Logout 1.0, section 2.6).
import { checkAudience, checkExpiry, checkIssuedAt, checkIssuer, checkNotBefore, checkTokenId, isSubject } from './claims.js'
import { isObject, type JsonObject } from './json.js'
import { refuse } from './refusal.js'

/** Types that a logout token may name; those of before the erratum name none. */
export const LOGOUT_TOKEN_TYPES = ['logout+jwt', 'jwt', ''] as const

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** Whose sessions end: all of a subject, or one. The caller remembers `tokenId` until `expiry`, and refuses it a second time. */
export interface LogoutOrder {
  subject?: string
  sid?: string
  tokenId: string
  expiry: number
}

/** Checks the claims of a logout token whose signature was verified. */
export function checkLogoutToken(claims: JsonObject, expected: { now: number; issuer: string; clientId: string }): LogoutOrder {
  checkIssuer(claims, expected.issuer)
  checkAudience(claims, expected.clientId)
  const expiry = checkExpiry(claims, expected.now)
  checkIssuedAt(claims, expected.now)
  checkNotBefore(claims, expected.now)
  const tokenId = checkTokenId(claims)
  const { events } = claims
  if (!isObject(events) || !Object.hasOwn(events, EVENT) || !isObject(events[EVENT])) refuse('events-missing')
  if (Object.hasOwn(claims, 'nonce')) refuse('nonce-present')
  const subject = text(claims['sub']), sid = text(claims['sid'])
  if (subject === undefined && sid === undefined) refuse('subject-missing')
  return { tokenId, expiry, ...(subject !== undefined && { subject }), ...(sid !== undefined && { sid }) }
}

function text(value: unknown): string | undefined {
  if (value === undefined) return undefined
  return typeof value === 'string' && isSubject(value) ? value : refuse('sub-malformed')
}
