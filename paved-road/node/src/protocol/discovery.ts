//! A provider's metadata (OpenID Connect Discovery; RFC 8414).
import type { Algorithm } from '../jose/keys.js'
import { parseObject } from '../json.js'
import { refuse } from '../refusal.js'
import { parseEndpoint, parseIssuer } from './configuration.js'

export type ClientAuthMethod = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'

/** How a client can authenticate, as its configuration says. */
export type ClientAuthKind = 'secret' | 'key' | 'public'

/** What is used of the metadata. */
export interface Provider {
  issuer: string
  authorizationEndpoint: string
  tokenEndpoint: string
  jwksUri: string
  pushEndpoint?: string
  userinfoEndpoint?: string
  endSessionEndpoint?: string
  revocationEndpoint?: string
  introspectionEndpoint?: string
  /** Pinned, and announced. */
  algorithms: Algorithm[]
  /** Whether every authorization response names its issuer (RFC 9207). */
  issRequired: boolean
  clientAuth: ClientAuthMethod
}

const OPTIONAL = {
  pushEndpoint: 'pushed_authorization_request_endpoint', userinfoEndpoint: 'userinfo_endpoint', endSessionEndpoint: 'end_session_endpoint',
  revocationEndpoint: 'revocation_endpoint', introspectionEndpoint: 'introspection_endpoint',
} as const

/** Where the metadata stands. */
export const metadataUrl = (issuer: string): string => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

/** Reads the metadata of `issuer`. */
export function parseMetadata(text: string, expected: { issuer: string; algorithms: readonly Algorithm[]; clientAuth: ClientAuthKind; httpOnLoopback: boolean }): Provider {
  const { httpOnLoopback } = expected
  const issuer = parseIssuer(expected.issuer, httpOnLoopback)
  const metadata = parseObject(text) ?? refuse('json-malformed')
  if (metadata['issuer'] !== issuer) refuse('issuer-mismatch')
  const needed = (name: string) => (metadata[name] === undefined ? refuse('endpoint-missing', name) : parseEndpoint(metadata[name], name, httpOnLoopback))
  const endpoints = { authorizationEndpoint: needed('authorization_endpoint'), tokenEndpoint: needed('token_endpoint'), jwksUri: needed('jwks_uri') }
  const optional = Object.fromEntries(Object.entries(OPTIONAL).filter(([, name]) => metadata[name] !== undefined).map(([key, name]) => [key, parseEndpoint(metadata[name], name, httpOnLoopback)]))
  if (!announces(metadata['response_types_supported'], 'code')) refuse('response-type-unsupported')
  if (!announces(metadata['code_challenge_methods_supported'], 'S256')) refuse('pkce-unsupported')
  const algorithms = expected.algorithms.filter((alg) => announces(metadata['id_token_signing_alg_values_supported'], alg))
  if (algorithms.length === 0) refuse('algorithm-none-in-common')
  return { issuer, ...endpoints, ...optional, algorithms, issRequired: metadata['authorization_response_iss_parameter_supported'] === true, clientAuth: chooseClientAuth(metadata['token_endpoint_auth_methods_supported'], expected.clientAuth) }
}

/** Whether a list that may be absent has a value; an absent list says nothing against it. */
const announces = (list: unknown, value: string): boolean => list === undefined || (Array.isArray(list) && list.includes(value))

function chooseClientAuth(methods: unknown, kind: ClientAuthKind): ClientAuthMethod {
  const choices: Record<ClientAuthKind, readonly ClientAuthMethod[]> = { secret: ['client_secret_basic', 'client_secret_post'], key: ['private_key_jwt'], public: ['none'] }
  if (kind === 'public') return 'none'
  return choices[kind].find((method) => announces(methods, method)) ?? refuse('client-auth-unsupported')
}
