//! Requests to an API: where the token stands, how it is refused, what is published (RFC 6750, 9449, 9728).
import { ALGORITHMS, LIMITS, REASONS, type Reason } from './constants.js'
import { parseForm } from './encoding.js'
import { refuse } from './refusal.js'
import { parseUrl } from './url.js'

export interface Credentials {
  scheme: 'bearer' | 'dpop'
  token: string
}

/** RFC 6750, section 2.1. */
const AUTHORIZATION = /^(bearer|dpop) +([A-Za-z0-9._~+/-]+=*)$/i

/** Finds the access token: in one header, and nowhere else (OAuth 2.1, section 5). */
export function readCredentials(authorization: readonly string[], query: string): Credentials {
  if (parseForm(query).some(([name]) => name === 'access_token')) refuse('token-in-query')
  if (authorization.length > 1) refuse('credentials-repeated')
  const parts = AUTHORIZATION.exec(authorization[0] ?? refuse('credentials-missing')) ?? refuse('credentials-malformed')
  if (parts[2]!.length > LIMITS.token_bytes) refuse('token-too-long')
  return { scheme: parts[1]!.toLowerCase() as Credentials['scheme'], token: parts[2]! }
}

export interface Challenge {
  status: 400 | 401 | 403 | 503
  /** Values of WWW-Authenticate. */
  values: string[]
}

const BAD_REQUEST: readonly Reason[] = ['credentials-repeated', 'credentials-malformed', 'token-in-query', 'query-malformed', 'query-too-long', 'token-too-long']
const NOT_THE_CLIENT: readonly Reason[] = ['jwks-unavailable', 'timeout', 'unreachable', 'body-too-large', 'http-status', 'content-type-unexpected', 'redirect-refused', 'json-malformed', 'token-endpoint-error']

/** How an API answers a refusal. */
export function challenge(reason: Reason, offer: { metadataUrl: string | null; scopes: readonly string[]; dpop: boolean }): Challenge {
  const metadata = offer.metadataUrl === null ? [] : [`resource_metadata="${offer.metadataUrl}"`]
  const algorithms = `algs="${ALGORITHMS.dpop.join(' ')}"`
  const bearer = (...parts: string[]) => ['Bearer', [...parts, ...metadata].join(', ')].filter(Boolean).join(' ')
  const dpop = (...parts: string[]) => `DPoP ${[...parts, algorithms, ...metadata].join(', ')}`
  if (NOT_THE_CLIENT.includes(reason) || REASONS[reason].fault === 'store') return { status: 503, values: [] }
  if (reason === 'credentials-missing') return { status: 401, values: offer.dpop ? [bearer(), dpop()] : [bearer()] }
  if (BAD_REQUEST.includes(reason)) return { status: 400, values: [bearer('error="invalid_request"')] }
  if (reason === 'scope-insufficient') return { status: 403, values: [bearer('error="insufficient_scope"', `scope="${offer.scopes.join(' ')}"`)] }
  if (reason === 'acr-insufficient') return { status: 401, values: [bearer('error="insufficient_user_authentication"')] }
  if (reason === 'dpop-nonce-required') return { status: 401, values: [dpop('error="use_dpop_nonce"')] }
  if (reason.startsWith('dpop-')) return { status: 401, values: [dpop('error="invalid_dpop_proof"')] }
  return { status: 401, values: [bearer('error="invalid_token"')] }
}

/** The metadata of a protected resource, and the path where it stands (RFC 9728, section 3.1). */
export function resourceMetadata(input: { resource: string; issuers: readonly string[]; scopes: readonly string[]; dpop: boolean; mtls: boolean }): { path: string; document: Record<string, unknown> } {
  const url = parseUrl(input.resource)
  if (!url || url.scheme !== 'https' || url.hasUser || url.fragment) refuse('configuration-invalid', 'a resource is an https URL without fragment')
  return {
    path: `/.well-known/oauth-protected-resource${url.path === '/' ? '' : url.path}${url.query}`,
    document: {
      resource: input.resource,
      authorization_servers: input.issuers,
      scopes_supported: input.scopes,
      bearer_methods_supported: ['header'],
      ...(input.dpop && { dpop_signing_alg_values_supported: ALGORITHMS.dpop }),
      ...(input.mtls && { tls_client_certificate_bound_access_tokens: true }),
    },
  }
}
