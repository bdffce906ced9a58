//! API protection: access tokens, scopes, bindings, introspection, and how refusals are said (RFC 6750, 7662, 8705, 9068, 9449, 9728).
import { createHmac, randomBytes } from 'node:crypto'

import { ACCESS_TOKEN_TYPES, checkAccessToken, checkIntrospection, type Access, type AccessExpectation } from './access-token.js'
import { challenge, readCredentials, resourceMetadata, type Credentials } from './api-request.js'
import { jsonLines, type AuditSink } from './audit.js'
import type { ClientAuthentication } from './client-auth.js'
import { PublicClient } from './client-auth.js'
import { isScope, type Proof } from './claims.js'
import { LIFETIMES, LIMITS } from './constants.js'
import { clockOf, Dangerous } from './dangerous.js'
import { checkProof } from './dpop.js'
import { sha256 } from './encoding.js'
import type { JsonObject } from './json.js'
import { parsePublicUrl } from './protocol/configuration.js'
import { ProviderClient } from './provider-client.js'
import { Refused, refuse } from './refusal.js'
import type { Secret } from './secret.js'
import { MemoryStore } from './store/memory.js'
import type { Store } from './store/store.js'
import { jsonResponse, type WebRequest, type WebResponse } from './web.js'

export interface ApiOptions {
  /** The resource identifier: what access tokens must name as their audience. */
  audience: string
  /** Where clients reach this API: DPoP proofs name it. */
  publicUrl: string
  /** Whose tokens are accepted. */
  provider: ProviderClient
  /** Scopes that this API knows, for its metadata. */
  scopes?: readonly string[]
  /** Offers DPoP. Tokens that are bound must be proved in any case. */
  dpop?: boolean
  /** Wants a nonce of this API in every DPoP proof. The secret is the same in all replicas. */
  dpopNonce?: Secret
  /** Says that tokens are bound to client certificates. */
  mtls?: boolean
  /** Asks the provider about tokens that are no JWT. */
  introspection?: boolean
  /** Where seen proofs are remembered; replicas share it. */
  store?: Store
  audit?: AuditSink
  dangerous?: Dangerous
}

const NONCE_SECONDS = 60

export class Api {
  readonly #options: ApiOptions
  readonly #origin: string
  readonly #store: Store
  readonly #audit: AuditSink
  readonly #now: () => number
  readonly #nonceKey: Buffer | undefined
  readonly #metadata: { path: string; document: Record<string, unknown> }
  readonly #known = new Map<string, { answer: JsonObject; until: number }>()

  constructor(options: ApiOptions) {
    const allowed = options.dangerous ?? Dangerous.none
    if (!(options.provider instanceof ProviderClient)) refuse('configuration-invalid', 'provider')
    this.#options = options
    this.#origin = parsePublicUrl(options.publicUrl, allowed.httpOnLoopback)
    this.#audit = options.audit ?? jsonLines()
    this.#now = clockOf(allowed)
    this.#store = options.store ?? new MemoryStore(this.#now)
    this.#nonceKey = options.dpopNonce && Buffer.from(options.dpopNonce.expose())
    if (!(options.scopes ?? []).every(isScope)) refuse('configuration-invalid', 'scope')
    this.#metadata = resourceMetadata({ resource: options.audience, issuers: [options.provider.issuer], scopes: options.scopes ?? [], dpop: options.dpop === true, mtls: options.mtls === true })
  }

  /** Protection for the tokens of an issuer, where nobody signs in. */
  static of(options: Omit<ApiOptions, 'provider'> & { issuer: string; clientId?: string; client?: ClientAuthentication; algorithms?: readonly string[] }): Api {
    const { issuer, clientId, client, algorithms, ...rest } = options
    const provider = new ProviderClient({ issuer, clientId: clientId ?? 'resource-server', client: client ?? new PublicClient(), ...(algorithms && { algorithms }) }, options.dangerous ?? Dangerous.none, options.audit ?? jsonLines())
    return new Api({ ...rest, provider })
  }

  /** The metadata document, where a request asks for it; null for everything else. */
  handle(request: WebRequest): WebResponse | null {
    return request.method === 'GET' && request.path === this.#metadata.path ? jsonResponse(200, this.#metadata.document, this.#origin.startsWith('https:')) : null
  }

  /** Who calls. All `scopes` are demanded. */
  async check(request: WebRequest, scopes: readonly string[]): Promise<Access> {
    const { scheme, token } = readCredentials(request.header('authorization'), request.query)
    const proof = await this.#prove(request, { scheme, token })
    const expected: AccessExpectation = { now: this.#now(), issuer: this.#options.provider.issuer, audience: this.#options.audience, scopes, proof }
    const isOpaque = this.#options.introspection && token.split('.').length !== 3
    return isOpaque ? this.#introspect(token, expected) : checkAccessToken(await this.#options.provider.verifyAccessToken(token, ACCESS_TOKEN_TYPES), expected)
  }

  /** How a refusal of `check` is answered. */
  refusal(error: Refused, scopes: readonly string[]): WebResponse {
    this.#audit({ kind: 'api-refused', issuer: this.#options.provider.issuer, reason: error.reason, detail: error.detail })
    const { status, values } = challenge(error.reason, { metadataUrl: this.#origin + this.#metadata.path, scopes, dpop: this.#options.dpop === true })
    const answer = jsonResponse(status, { error: status === 503 ? 'temporarily_unavailable' : status === 403 ? 'insufficient_scope' : status === 400 ? 'invalid_request' : 'invalid_token' }, this.#origin.startsWith('https:'))
    const nonce = this.nonce()
    return { ...answer, challenges: values, headers: { ...answer.headers, ...(nonce !== undefined && { 'dpop-nonce': nonce }) } }
  }

  /** The nonce that proofs must have now, if any. */
  nonce(): string | undefined {
    return this.#nonceKey && this.#nonceAt(Math.floor(this.#now() / NONCE_SECONDS))
  }

  #nonceAt(window: number): string {
    return createHmac('sha256', this.#nonceKey ?? randomBytes(32)).update(String(window)).digest('base64url')
  }

  async #prove(request: WebRequest, { scheme, token }: Credentials): Promise<Proof> {
    const certificate = request.certificate
    if (scheme === 'bearer') return { scheme, certificate }
    const url = this.#origin + request.path, now = this.#now(), window = Math.floor(now / NONCE_SECONDS)
    const check = (nonce: string | undefined) => checkProof(request.header('dpop'), { now, method: request.method, url, accessToken: token, nonce })
    const proved = this.#nonceKey ? this.#withEither(check, window) : check(undefined)
    const isNew = await this.#store.add(`dpop:${sha256(JSON.stringify([proved.jkt, proved.tokenId]))}`, '1', now + 2 * LIFETIMES.dpop_skew_seconds + 1)
    if (!isNew) refuse('dpop-replayed')
    return { scheme, jkt: proved.jkt, certificate }
  }

  /** The nonce of this minute, or of the one before. */
  #withEither<T>(check: (nonce: string) => T, window: number): T {
    try {
      return check(this.#nonceAt(window))
    } catch (error) {
      if (error instanceof Refused && error.reason === 'dpop-nonce-required') return check(this.#nonceAt(window - 1))
      throw error
    }
  }

  async #introspect(token: string, expected: AccessExpectation): Promise<Access> {
    const key = sha256(token), known = this.#known.get(key)
    if (known && known.until > this.#now()) return checkIntrospection(known.answer, expected)
    const answer = await this.#options.provider.introspect(token), access = checkIntrospection(answer, expected)
    this.#known.delete(key)
    if (this.#known.size >= LIMITS.replay_entries) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(key, { answer, until: this.#now() + access.keep })
    return access
  }
}
