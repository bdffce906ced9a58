//! The authorization request and what comes back through the browser (OAuth 2.1, section 4.1; RFC 7636, 9101, 9126, 9207).
import { isScope } from '../claims.js'
import { LIFETIMES, LIMITS } from '../constants.js'
import { encodeForm, isEqual, parseForm, sha256 } from '../encoding.js'
import type { JsonObject } from '../json.js'
import { refuse } from '../refusal.js'
import { jsonAnswer, type Answer } from './answer.js'

export interface AuthorizationRequest {
  clientId: string
  redirectUri: string
  scopes: readonly string[]
  state: string
  nonce: string
  codeVerifier: string
  maxAge?: number | undefined
  acrValues?: readonly string[] | undefined
  prompt?: string | undefined
  loginHint?: string | undefined
  resource?: string | undefined
  dpopJkt?: string | undefined
}

const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/

/** The parameters of a request. */
export function authorizationParameters(request: AuthorizationRequest): Record<string, string> {
  if (!request.scopes.every(isScope)) refuse('configuration-invalid', 'scope')
  if (!VERIFIER.test(request.codeVerifier)) refuse('configuration-invalid', 'code verifier')
  // 22 characters of base64url are 128 bits.
  if (request.state.length < 22 || request.nonce.length < 22) refuse('configuration-invalid', 'state and nonce need 128 bits')
  const prompts = request.prompt?.split(' ') ?? []
  if (prompts.includes('none') && prompts.length > 1) refuse('configuration-invalid', 'prompt')
  if (request.maxAge !== undefined && !(Number.isInteger(request.maxAge) && request.maxAge >= 0)) refuse('configuration-invalid', 'max age')
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: request.clientId,
    redirect_uri: request.redirectUri,
    scope: [...new Set(['openid', ...request.scopes])].join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: sha256(request.codeVerifier),
    code_challenge_method: 'S256',
    max_age: request.maxAge?.toString(),
    acr_values: request.acrValues?.length ? request.acrValues.join(' ') : undefined,
    prompt: request.prompt,
    login_hint: request.loginHint,
    resource: request.resource,
    dpop_jkt: request.dpopJkt,
  }
  return Object.fromEntries(Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined))
}

/** The URL that the browser is sent to; the endpoint's own query is kept. */
export const authorizationUrl = (endpoint: string, parameters: Record<string, string>): string => `${endpoint}${endpoint.includes('?') ? '&' : '?'}${encodeForm(parameters)}`

/** What is signed in a request object (RFC 9101, section 4). */
export function requestObjectParts(input: { clientId: string; issuer: string; alg: string; kid?: string | undefined; now: number; jti: string; parameters: Record<string, string> }): { header: JsonObject; claims: JsonObject } {
  if (/^(?:none|HS)/i.test(input.alg)) refuse('configuration-invalid', 'request objects are signed with a private key')
  const { now } = input
  return {
    header: { alg: input.alg, typ: 'oauth-authz-req+jwt', ...(input.kid !== undefined && { kid: input.kid }) },
    claims: { ...input.parameters, iss: input.clientId, aud: input.issuer, jti: input.jti, iat: now, nbf: now, exp: now + LIFETIMES.request_object_seconds },
  }
}

const REQUEST_URI = /^urn:[A-Za-z0-9][A-Za-z0-9-]*:[\x21-\x7e]+$|^https:\/\/[\x21-\x7e]+$/

/** Reads the answer to a pushed request (RFC 9126, section 2.2). */
export function parsePushResponse(answer: Answer): string {
  const body = jsonAnswer(answer, [200, 201])
  const { request_uri: uri, expires_in: expiresIn } = body
  if (typeof uri !== 'string' || !REQUEST_URI.test(uri)) refuse('endpoint-malformed', 'request_uri')
  if (typeof expiresIn !== 'number' || !(expiresIn > 0)) refuse('expires-in-malformed')
  return uri
}

/** Parameters that may stand once. */
const SINGLE = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response', 'access_token', 'id_token', 'token_type', 'expires_in']
const TOKENS = ['access_token', 'id_token', 'token_type', 'expires_in']

/** A query of a callback, read but not judged. */
export interface CallbackParameters {
  state: string
  iss: string | undefined
  code: string | undefined
  error: string | undefined
  hasToken: boolean
}

/** Reads the query of a callback as far as it needs no knowledge of the sign-in. */
export function parseCallback(query: string): CallbackParameters {
  const found = new Map<string, string>()
  for (const [name, value] of parseForm(query)) {
    if (!SINGLE.includes(name)) continue
    if (found.has(name)) refuse('parameter-repeated', name)
    found.set(name, value)
  }
  if (found.has('response')) refuse('response-mode-unsupported')
  const state = found.get('state') || refuse('state-missing')
  return { state, iss: found.get('iss'), code: found.get('code'), error: found.get('error'), hasToken: TOKENS.some((name) => found.has(name)) }
}

const CODE = /^[\x20-\x7e]+$/

/** Judges a callback by the sign-in that it belongs to, and gives the code. */
export function checkCallback(parameters: CallbackParameters, attempt: { state: string; issuer: string; issRequired: boolean }): string {
  if (!isEqual(parameters.state, attempt.state)) refuse('state-mismatch')
  // RFC 9207, section 2.4: errors too.
  if (parameters.iss === undefined && attempt.issRequired) refuse('iss-missing')
  if (parameters.iss !== undefined && parameters.iss !== attempt.issuer) refuse('iss-mismatch')
  if (parameters.error !== undefined) refuse('provider-error', parameters.error)
  if (parameters.hasToken) refuse('token-in-front-channel')
  const code = parameters.code || refuse('code-missing')
  return code.length <= LIMITS.code_chars && CODE.test(code) ? code : refuse('code-malformed')
}

/** The URL of an RP-initiated logout (OpenID Connect RP-Initiated Logout, section 2). */
export function endSessionUrl(endpoint: string, input: { clientId: string; idTokenHint?: string | undefined; postLogoutRedirectUri: string }): string {
  return authorizationUrl(endpoint, { client_id: input.clientId, ...(input.idTokenHint !== undefined && { id_token_hint: input.idTokenHint }), post_logout_redirect_uri: input.postLogoutRedirectUri })
}
