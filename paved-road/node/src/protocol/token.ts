//! The token endpoint: requests, client authentication, answers (RFC 6749; RFC 7523; RFC 9449).
import { parseScopes } from '../claims.js'
import { LIFETIMES } from '../constants.js'
import { encodeFormValue } from '../encoding.js'
import type { JsonObject } from '../json.js'
import { refuse } from '../refusal.js'
import { jsonAnswer, type Answer } from './answer.js'

/** A client as a request needs it. */
export type ClientCredentials =
  | { method: 'none'; id: string }
  | { method: 'client_secret_basic' | 'client_secret_post'; id: string; secret: string }
  | { method: 'private_key_jwt'; id: string; assertion: string }

export type Grant =
  | { grant: 'authorization_code'; code: string; redirectUri: string; codeVerifier: string; resource?: string | undefined }
  | { grant: 'refresh_token'; refreshToken: string }

export interface FormRequest {
  form: Record<string, string>
  authorization?: string
}

/** The fields of a token request. */
export function grantFields(grant: Grant): Record<string, string> {
  if (grant.grant === 'refresh_token') return { grant_type: grant.grant, refresh_token: grant.refreshToken }
  return { grant_type: grant.grant, code: grant.code, redirect_uri: grant.redirectUri, code_verifier: grant.codeVerifier, ...(grant.resource !== undefined && { resource: grant.resource }) }
}

/** The form and the header of a token request. */
export const tokenRequest = (client: ClientCredentials, grant: Grant): FormRequest => authenticate(client, grantFields(grant))

/** Adds client authentication to a form: in the header or in the body, never in both (RFC 6749, section 2.3). */
export function authenticate(client: ClientCredentials, form: Record<string, string>): FormRequest {
  switch (client.method) {
    case 'none':
      return { form: { ...form, client_id: client.id } }
    case 'client_secret_basic':
      return { form, authorization: `Basic ${Buffer.from(`${encodeFormValue(client.id)}:${encodeFormValue(client.secret)}`).toString('base64')}` }
    case 'client_secret_post':
      return { form: { ...form, client_id: client.id, client_secret: client.secret } }
    case 'private_key_jwt':
      return { form: { ...form, client_id: client.id, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: client.assertion } }
  }
}

/** What is signed in a client assertion. The audience is the issuer alone (draft-ietf-oauth-rfc7523bis, section 4). */
export function clientAssertionParts(input: { clientId: string; issuer: string; alg: string; kid?: string | undefined; now: number; jti: string }): { header: JsonObject; claims: JsonObject } {
  if (/^(?:none|HS)/i.test(input.alg)) refuse('configuration-invalid', 'client assertions are signed with a private key')
  return {
    header: { alg: input.alg, typ: 'client-authentication+jwt', ...(input.kid !== undefined && { kid: input.kid }) },
    claims: { iss: input.clientId, sub: input.clientId, aud: input.issuer, jti: input.jti, iat: input.now, exp: input.now + LIFETIMES.client_assertion_seconds },
  }
}

/** What the token endpoint gave. */
export interface Tokens {
  accessToken: string
  idToken?: string
  refreshToken?: string
  expiresIn?: number
  scopes: string[]
}

const TOKEN = /^[\x21-\x7e]+$/

/** Reads an answer of the token endpoint. */
export function parseTokenResponse(answer: Answer, expected: { grant: Grant['grant']; tokenType: 'Bearer' | 'DPoP'; needsIdToken: boolean; granted: readonly string[] }): Tokens {
  const body = jsonAnswer(answer)
  const type = body['token_type']
  if (typeof type !== 'string' || type.toLowerCase() !== expected.tokenType.toLowerCase()) refuse('token-type-mismatch')
  const accessToken = body['access_token']
  if (typeof accessToken !== 'string' || accessToken === '') refuse('access-token-missing')
  if (!TOKEN.test(accessToken)) refuse('access-token-malformed')
  const idToken = body['id_token']
  if (typeof idToken !== 'string' && (expected.needsIdToken || idToken !== undefined)) refuse('id-token-missing')
  const refreshToken = body['refresh_token']
  if (refreshToken !== undefined && !(typeof refreshToken === 'string' && refreshToken !== '')) refuse('refresh-token-malformed')
  const expiresIn = body['expires_in']
  if (expiresIn !== undefined && !(typeof expiresIn === 'number' && expiresIn >= 0)) refuse('expires-in-malformed')
  const scopes = body['scope'] === undefined ? [...expected.granted] : parseScopes(body['scope'])
  if (expected.grant === 'refresh_token' && !scopes.every((scope) => expected.granted.includes(scope))) refuse('scope-widened')
  return { accessToken, scopes, ...(idToken !== undefined && { idToken: idToken as string }), ...(refreshToken !== undefined && { refreshToken }), ...(expiresIn !== undefined && { expiresIn }) }
}

/** Reads an answer of the userinfo endpoint (OpenID Connect Core, section 5.3.2). */
export function parseUserinfo(answer: Answer, subject: string): JsonObject {
  const claims = jsonAnswer(answer)
  return claims['sub'] === subject ? claims : refuse('sub-mismatch')
}
