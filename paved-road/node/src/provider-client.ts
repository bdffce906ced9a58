//! What is said to one provider: metadata, keys, pushed requests, tokens, userinfo, revocation, introspection.
import type { AuditSink } from './audit.js'
import type { ClientAuthentication } from './client-auth.js'
import { LIFETIMES, LIMITS } from './constants.js'
import { clockOf, type Dangerous } from './dangerous.js'
import { makeProof } from './dpop.js'
import { encodeForm, randomText } from './encoding.js'
import { exchange, toAnswer, type ExchangeRequest, type RawAnswer } from './exchange.js'
import { fits, parseKeySet, pinAlgorithms, type Algorithm } from './jose/keys.js'
import type { SigningKey } from './jose/sign.js'
import { checkHeader, parseToken, selectKey, verifyToken } from './jose/verify.js'
import { parseObject, type JsonObject } from './json.js'
import { JwksCache } from './jwks-cache.js'
import type { Answer } from './protocol/answer.js'
import { jsonAnswer } from './protocol/answer.js'
import { authorizationParameters, authorizationUrl, parsePushResponse, requestObjectParts, type AuthorizationRequest } from './protocol/authorization.js'
import { parseIssuer } from './protocol/configuration.js'
import { metadataUrl, parseMetadata, type Provider } from './protocol/discovery.js'
import { authenticate, clientAssertionParts, parseTokenResponse, parseUserinfo, grantFields, type ClientCredentials, type Grant, type Tokens } from './protocol/token.js'
import { Refused, refuse } from './refusal.js'

export interface ProviderOptions {
  issuer: string
  clientId: string
  client: ClientAuthentication
  /** Narrows the algorithms that are pinned. */
  algorithms?: readonly string[]
  /** Signs authorization requests (RFC 9101). Needs a ClientKey. */
  signedRequests?: boolean
}

/** Metadata that could not be had is not asked for again within this time. */
const RETRY_SECONDS = 1

export class ProviderClient {
  readonly issuer: string
  readonly clientId: string
  readonly #options: ProviderOptions
  readonly #algorithms: Algorithm[]
  readonly #allowed: Dangerous
  readonly #audit: AuditSink
  readonly #jwks: JwksCache
  readonly #now: () => number
  readonly #nonces = new Map<string, string>()
  #provider: { value: Provider; at: number } | undefined
  #failure: { error: Refused; at: number } | undefined
  #pending: Promise<Provider> | undefined

  constructor(options: ProviderOptions, allowed: Dangerous, audit: AuditSink) {
    this.issuer = parseIssuer(options.issuer, allowed.httpOnLoopback)
    this.clientId = options.clientId || refuse('configuration-invalid', 'client id')
    this.#options = options
    this.#algorithms = pinAlgorithms(options.algorithms)
    this.#allowed = allowed
    this.#audit = audit
    this.#now = clockOf(allowed)
    if (!['key', 'secret', 'public'].includes(options.client?.kind)) refuse('configuration-invalid', 'a client has a key or a secret, or is public')
    if (options.signedRequests && options.client.kind !== 'key') refuse('configuration-invalid', 'signed requests need a ClientKey')
    this.#jwks = new JwksCache(() => this.#fetchKeys(), () => this.#now() * 1000)
  }

  /** The provider's metadata, kept for a while; old metadata is better than none, for a day. */
  async metadata(): Promise<Provider> {
    const now = this.#now(), known = this.#provider
    if (known && now - known.at < LIFETIMES.metadata_fresh_seconds) return known.value
    if (this.#failure && now - this.#failure.at < RETRY_SECONDS) return this.#stale() ?? Promise.reject(this.#failure.error)
    this.#pending ??= this.#fetchMetadata().finally(() => { this.#pending = undefined })
    return this.#pending
  }

  async #fetchMetadata(): Promise<Provider> {
    try {
      const answer = await this.#send({ url: metadataUrl(this.issuer), method: 'GET', headers: { accept: 'application/json' } })
      jsonAnswer(toAnswer(answer))
      const value = parseMetadata(toAnswer(answer).body, { issuer: this.issuer, algorithms: this.#algorithms, clientAuth: this.#options.client.kind, httpOnLoopback: this.#allowed.httpOnLoopback })
      this.#provider = { value, at: this.#now() }
      return value
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.#failure = { error, at: this.#now() }
      return this.#stale() ?? Promise.reject(error)
    }
  }

  #stale(): Provider | null {
    return this.#provider && this.#now() - this.#provider.at < LIFETIMES.jwks_stale_seconds ? this.#provider.value : null
  }

  async #fetchKeys() {
    const { jwksUri } = await this.metadata()
    const answer = toAnswer(await this.#send({ url: jwksUri, method: 'GET', headers: { accept: 'application/json, application/jwk-set+json' } }))
    if (answer.status !== 200) refuse(answer.status >= 300 && answer.status <= 399 ? 'redirect-refused' : 'http-status', String(answer.status))
    const set = parseKeySet(answer.body)
    for (const { kid, reason } of set.ignored) if (reason === 'key-private' || reason === 'key-symmetric') this.#audit({ kind: 'provider-alarm', issuer: this.issuer, reason, detail: kid })
    return set
  }

  /** Verifies a token of this provider: form, pinned and announced algorithm, type, key, signature. */
  async verify(text: string, types: readonly string[], algorithms?: readonly Algorithm[]): Promise<{ claims: JsonObject; alg: Algorithm }> {
    const token = parseToken(text), alg = checkHeader(token, algorithms ?? (await this.metadata()).algorithms, types)
    const keys = await this.#jwks.keys((known) => known.some((key) => fits(key, alg) && (token.kid === undefined || key.kid === token.kid)))
    return { claims: verifyToken(token, alg, selectKey(token, alg, keys)), alg }
  }

  /** Verifies an access token of this provider. Its algorithms are pinned; metadata says nothing of them. */
  async verifyAccessToken(text: string, types: readonly string[]): Promise<JsonObject> {
    return (await this.verify(text, types, this.#algorithms)).claims
  }

  /** The URL that begins a sign-in. It is pushed whenever the provider takes that, so that the browser can't change it. */
  async authorizationUrl(request: Omit<AuthorizationRequest, 'clientId'>, dpopKey: SigningKey | undefined): Promise<string> {
    const provider = await this.metadata(), { clientId } = this
    let parameters = authorizationParameters({ ...request, clientId, dpopJkt: dpopKey?.thumbprint })
    if (this.#options.signedRequests) parameters = { client_id: clientId, request: this.#signRequest(parameters) }
    if (provider.pushEndpoint) parameters = { client_id: clientId, request_uri: parsePushResponse(await this.#post(provider.pushEndpoint, parameters, dpopKey)) }
    return authorizationUrl(provider.authorizationEndpoint, parameters)
  }

  #signRequest(parameters: Record<string, string>): string {
    const { client } = this.#options
    if (client.kind !== 'key') refuse('configuration-invalid', 'signed requests need a ClientKey')
    const { header, claims } = requestObjectParts({ clientId: this.clientId, issuer: this.issuer, alg: client.key.alg, kid: client.key.kid, now: Math.floor(this.#now()), jti: randomText(128), parameters })
    return client.key.sign(header, claims)
  }

  /** Gets tokens for a code or a refresh token. There is no second try: a code is used once. */
  async tokens(grant: Grant, granted: readonly string[], dpopKey: SigningKey | undefined): Promise<Tokens> {
    const { tokenEndpoint } = await this.metadata()
    const answer = await this.#post(tokenEndpoint, grantFields(grant), dpopKey)
    return parseTokenResponse(answer, { grant: grant.grant, tokenType: dpopKey ? 'DPoP' : 'Bearer', needsIdToken: grant.grant === 'authorization_code', granted })
  }

  /** Claims of the user from the userinfo endpoint; null if there is none. */
  async userinfo(accessToken: string, subject: string, dpopKey: SigningKey | undefined): Promise<JsonObject | null> {
    const { userinfoEndpoint } = await this.metadata()
    if (!userinfoEndpoint) return null
    const answer = await this.#withProof(userinfoEndpoint, 'GET', dpopKey, accessToken, (proof) => this.#send({
      url: userinfoEndpoint, method: 'GET', maxBytes: LIMITS.userinfo_bytes, headers: { accept: 'application/json', authorization: `${dpopKey ? 'DPoP' : 'Bearer'} ${accessToken}`, ...proof },
    }))
    return parseUserinfo(toAnswer(answer), subject)
  }

  /** Revokes a token (RFC 7009), if the provider has that. */
  async revoke(token: string, hint: 'refresh_token' | 'access_token'): Promise<void> {
    const { revocationEndpoint } = await this.metadata()
    if (revocationEndpoint) await this.#post(revocationEndpoint, { token, token_type_hint: hint }, undefined)
  }

  /** Asks what a token is (RFC 7662). */
  async introspect(token: string): Promise<JsonObject> {
    const { introspectionEndpoint } = await this.metadata()
    return jsonAnswer(await this.#post(introspectionEndpoint ?? refuse('endpoint-missing', 'introspection_endpoint'), { token, token_type_hint: 'access_token' }, undefined))
  }

  /** Headers for a request to an API with an access token of this provider. */
  proofFor(url: string, method: string, dpopKey: SigningKey | undefined, accessToken: string): Record<string, string> {
    if (!dpopKey) return { authorization: `Bearer ${accessToken}` }
    return { authorization: `DPoP ${accessToken}`, dpop: this.#proof(url, method, dpopKey, accessToken) }
  }

  /** Sends a form with client authentication. */
  async #post(url: string, fields: Record<string, string>, dpopKey: SigningKey | undefined): Promise<Answer> {
    const answer = await this.#withProof(url, 'POST', dpopKey, undefined, async (proof) => {
      const { form, authorization } = authenticate(await this.#credentials(), fields)
      return this.#send({ url, method: 'POST', headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded', ...(authorization !== undefined && { authorization }), ...proof }, body: encodeForm(form) })
    })
    return toAnswer(answer)
  }

  async #credentials(): Promise<ClientCredentials> {
    const { clientAuth: method } = await this.metadata(), { client } = this.#options, id = this.clientId
    switch (client.kind) {
      case 'public':
        return { method: 'none', id }
      case 'secret':
        return { method: method === 'client_secret_post' ? method : 'client_secret_basic', id, secret: client.secret.expose() }
      case 'key': {
        const { header, claims } = clientAssertionParts({ clientId: id, issuer: this.issuer, alg: client.key.alg, kid: client.key.kid, now: Math.floor(this.#now()), jti: randomText(128) })
        return { method: 'private_key_jwt', id, assertion: client.key.sign(header, claims) }
      }
    }
  }

  /** Adds a proof where there is a key; once more if the server wants its nonce in it (RFC 9449, section 8). */
  async #withProof(url: string, method: string, key: SigningKey | undefined, accessToken: string | undefined, send: (proof: Record<string, string>) => Promise<RawAnswer>): Promise<RawAnswer> {
    if (!key) return send({})
    const first = await send({ dpop: this.#proof(url, method, key, accessToken) })
    if (!this.#rememberNonce(url, first) || !wantsNonce(first)) return first
    const second = await send({ dpop: this.#proof(url, method, key, accessToken) })
    this.#rememberNonce(url, second)
    return second
  }

  #proof(url: string, method: string, key: SigningKey, accessToken: string | undefined): string {
    return makeProof(key, { method, url, now: Math.floor(this.#now()), jti: randomText(128), nonce: this.#nonces.get(new URL(url).origin), accessToken })
  }

  #rememberNonce(url: string, answer: RawAnswer): boolean {
    const nonce = answer.headers['dpop-nonce']
    // RFC 9449, section 8.1.
    if (typeof nonce !== 'string' || !/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(nonce)) return false
    this.#nonces.set(new URL(url).origin, nonce)
    return true
  }

  #send(request: ExchangeRequest): Promise<RawAnswer> {
    return exchange(request)
  }
}

function wantsNonce(answer: RawAnswer): boolean {
  if (answer.status === 401 && /error="use_dpop_nonce"/.test(String(answer.headers['www-authenticate'] ?? ''))) return true
  return (answer.status === 400 || answer.status === 401) && parseObject(toAnswer(answer).body)?.['error'] === 'use_dpop_nonce'
}
