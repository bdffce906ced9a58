//! Sign-in (OAuth 2.1 and OpenID Connect), sessions and sign-out of a service. Tokens never reach the browser.
import { randomUUID } from 'node:crypto'

import { Api, type ApiOptions } from './api.js'
import { jsonLines, type AuditEvent, type AuditSink } from './audit.js'
import { readCookie, readCookies, removeCookie, writeCookie } from './cookie.js'
import { COOKIES, LIFETIMES, LIMITS } from './constants.js'
import { clockOf, Dangerous } from './dangerous.js'
import { decodeBase64url, decodeUtf8, isEqual, parseForm, randomText, sha256 } from './encoding.js'
import { checkIdToken, checkRefreshedIdToken, ID_TOKEN_TYPES, type Identity } from './id-token.js'
import { SigningKey } from './jose/sign.js'
import { parseObject, type JsonObject } from './json.js'
import { checkLogoutToken, LOGOUT_TOKEN_TYPES } from './logout-token.js'
import { checkCallback, endSessionUrl, parseCallback } from './protocol/authorization.js'
import { parsePublicUrl } from './protocol/configuration.js'
import type { Tokens } from './protocol/token.js'
import { ProviderClient, type ProviderOptions } from './provider-client.js'
import { Refused, refuse } from './refusal.js'
import { LocalPath } from './safe-input/local-path.js'
import { Sessions, type SessionRecord } from './sessions.js'
import { sessionLimits, type SessionLimits } from './session-life.js'
import { Guard, type GuardOptions } from './web-guard/guard.js'
import { checkRequestSite } from './web-guard/request-site.js'
import { jsonResponse, redirectResponse, textResponse, type WebRequest, type WebResponse } from './web.js'

/** A provider that users may sign in with. */
export interface SignInProvider extends ProviderOptions {
  /** What `?idp=` says. The first provider needs none. */
  name?: string
  /** Scopes to ask for, besides `openid`. */
  scopes?: readonly string[]
  /** The API that access tokens are for (RFC 8707). */
  resource?: string
  /** Binds tokens to a key of the session (RFC 9449). */
  dpop?: boolean
  /** Reads claims from the userinfo endpoint. */
  userinfo?: boolean
  maxAge?: number
  acrValues?: readonly string[]
  prompt?: string
  /** Sends the ID token to the provider at sign-out, through the browser. Off: the user may be asked to confirm. */
  idTokenHint?: boolean
}

export interface Paths {
  signIn: string
  callback: string
  signOut: string
  backChannelLogout: string
}

export interface AuthOptions {
  /** Where browsers reach this service. Redirect URI, cookies and origin checks come from here, never from a header. */
  publicUrl: string
  providers: readonly [SignInProvider, ...SignInProvider[]]
  sessions: Sessions
  paths?: Partial<Paths>
  /** Where to go after sign-out. */
  afterSignOut?: string
  /** Shortens sessions. */
  lifetimes?: Partial<SessionLimits>
  /** Where events go. By default to standard error, as lines of JSON. */
  audit?: AuditSink
  dangerous?: Dangerous
}

/** Who is signed in. Identity is issuer and subject together; never an e-mail address. */
export interface SignedIn {
  issuer: string
  subject: string
  scopes: readonly string[]
  claims: JsonObject
  authTime?: number
  acr?: string
}

/** A sign-in that was begun: bound to one browser, used once. */
interface Attempt {
  provider: string
  issuer: string
  state: string
  nonce: string
  codeVerifier: string
  /** Hash of the cookie. */
  binding: string
  callback: string
  next: string
  created: number
  maxAge?: number
  acrValues?: readonly string[]
  dpopKey?: JsonObject
}

/** What a step-up may ask for. */
export interface SignInRequest {
  next?: string | undefined
  provider?: string | undefined
  maxAge?: number
  acrValues?: readonly string[]
  prompt?: string
}

const PATHS: Paths = { signIn: '/login', callback: '/callback', signOut: '/logout', backChannelLogout: '/backchannel-logout' }
/** 128 bits of identity, and 128 more that only the provider hears. */
const STATE = /^([A-Za-z0-9_-]{22})[A-Za-z0-9_-]{22}$/
const NOT_FOUND_AGAIN = ['session-unknown', 'session-idle', 'session-too-old', 'cookie-repeated', 'sealed-malformed', 'sealed-key-unknown', 'sealed-mismatch']
/** Refusals of a refresh that leave the session as it is: somebody may try again. */
const TRANSIENT = ['timeout', 'unreachable', 'http-status', 'body-too-large', 'content-type-unexpected', 'redirect-refused', 'json-malformed', 'token-endpoint-error', 'jwks-unavailable', 'store-conflict', 'endpoint-missing', 'issuer-mismatch']

export class Auth {
  readonly origin: string
  readonly https: boolean
  readonly paths: Paths
  readonly #providers = new Map<string, { options: SignInProvider; client: ProviderClient }>()
  readonly #first: string
  readonly #sessions: Sessions
  readonly #limits: SessionLimits
  readonly #audit: AuditSink
  readonly #allowed: Dangerous
  readonly #now: () => number
  readonly #afterSignOut: string
  readonly #refreshing = new Map<string, Promise<SessionRecord>>()

  constructor(options: AuthOptions) {
    this.#allowed = options.dangerous ?? Dangerous.none
    if (!(this.#allowed instanceof Dangerous)) refuse('configuration-invalid', 'dangerous')
    if (!(options.sessions instanceof Sessions)) refuse('configuration-invalid', 'sessions')
    this.origin = parsePublicUrl(options.publicUrl, this.#allowed.httpOnLoopback)
    this.https = this.origin.startsWith('https:')
    this.paths = { ...PATHS, ...options.paths }
    for (const path of Object.values(this.paths)) LocalPath.parse(path)
    this.#audit = options.audit ?? jsonLines()
    this.#now = clockOf(this.#allowed)
    this.#sessions = options.sessions
    this.#limits = sessionLimits(options.lifetimes)
    this.#afterSignOut = LocalPath.parse(options.afterSignOut ?? '/').toString()
    for (const provider of options.providers) this.#addProvider(provider)
    this.#first = this.#providers.keys().next().value ?? refuse('configuration-invalid', 'no provider')
    for (const what of this.#allowed.describe()) this.#audit({ kind: 'dangerous', detail: what })
  }

  #addProvider(options: SignInProvider): void {
    const name = options.name ?? 'default'
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name) || this.#providers.has(name)) refuse('configuration-invalid', 'providers have distinct names')
    if ([...this.#providers.values()].some(({ client }) => client.issuer === options.issuer)) refuse('configuration-invalid', 'providers have distinct issuers')
    this.#providers.set(name, { options, client: new ProviderClient(options, this.#allowed, this.#audit) })
  }

  /** API protection that shares keys and metadata with sign-in. */
  api(options: Omit<ApiOptions, 'provider' | 'publicUrl' | 'audit' | 'dangerous'> & { provider?: string }): Api {
    const { provider, ...rest } = options
    return new Api({ ...rest, publicUrl: this.origin, provider: this.#provider(provider ?? this.#first).client, audit: this.#audit, dangerous: this.#allowed })
  }

  /** What holds for every request and response of this service. */
  guard(options: GuardOptions = {}): Guard {
    return new Guard(this.origin, options, [this.paths.backChannelLogout], this.#audit)
  }

  /** Answers what belongs to sign-in; null for everything else. */
  async handle(request: WebRequest): Promise<WebResponse | null> {
    const { signIn, callback, signOut, backChannelLogout } = this.paths
    const route = Object.entries({
      [`GET ${signIn}`]: () => this.#handleSignIn(request),
      [`GET ${callback}`]: () => this.#handleCallback(request),
      [`POST ${signOut}`]: () => this.#handleSignOut(request),
      [`POST ${backChannelLogout}`]: () => this.#handleBackChannelLogout(request),
    }).find(([key]) => key === `${request.method} ${request.path}` || (key === `GET ${callback}` && request.method === 'GET' && request.path.startsWith(`${callback}/`)))
    if (route) return route[1]()
    return Object.values(this.paths).includes(request.path) ? textResponse(405, 'Method not allowed.', this.https) : null
  }

  /** Who is signed in; null if nobody. */
  async session(request: WebRequest): Promise<SignedIn | null> {
    const key = this.#sessionKey(request)
    const record = key === null ? null : await this.#load(key)
    return record && signedInOf(record)
  }

  /** Headers for a request to an API on behalf of the user; refreshes the access token if it must. */
  async authorize(request: WebRequest, target: { url: string; method?: string }): Promise<Record<string, string>> {
    const key = this.#sessionKey(request) ?? refuse('session-unknown')
    const record = await this.#freshRecord(key, (one) => isExpiring(one, this.#now()))
    return this.#providerOf(record).proofFor(target.url, target.method ?? 'GET', dpopKeyOf(record), record.accessToken)
  }

  /** Uses the refresh token now. Null if nobody is signed in, or not any more. */
  async refresh(request: WebRequest): Promise<SignedIn | null> {
    const key = this.#sessionKey(request), record = key === null ? null : await this.#load(key)
    if (key === null || !record) return null
    try {
      return signedInOf(await this.#freshRecord(key, (one) => one.accessToken === record.accessToken))
    } catch (error) {
      if (error instanceof Refused && !TRANSIENT.includes(error.reason)) return null
      throw error
    }
  }

  /** Gives the session a new id: after a change of privileges. The cookie is to be set. */
  async rotate(request: WebRequest): Promise<string> {
    const key = this.#sessionKey(request) ?? refuse('session-unknown')
    const record = (await this.#sessions.end(key)) ?? refuse('session-unknown')
    return this.#sessionCookie(await this.#sessions.begin(record, this.#limits), record)
  }

  /** Ends all sessions of a subject: after a change of password, or when an account is closed. */
  async endSessionsOf(issuer: string, subject: string): Promise<number> {
    return this.#sessions.endAll(issuer, { subject })
  }

  // --- Sign-in

  async #handleSignIn(request: WebRequest): Promise<WebResponse> {
    return this.#answering(request, 'sign-in-refused', [], async () => {
      const fields = new Map(parseForm(request.query))
      return this.begin(request, { next: fields.get('next'), provider: fields.get('idp') })
    })
  }

  /** Begins a sign-in, or a stronger one. */
  async begin(request: WebRequest, asked: SignInRequest = {}): Promise<WebResponse> {
    const name = asked.provider ?? this.#first, { client, options } = this.#provider(name)
    const metadata = await client.metadata()
    const id = randomText(128), binding = randomText(256), now = this.#now()
    const dpopKey = options.dpop ? SigningKey.generate() : undefined
    const maxAge = asked.maxAge ?? options.maxAge, acrValues = asked.acrValues ?? options.acrValues
    const attempt: Attempt = {
      provider: name, issuer: client.issuer, state: id + randomText(128), nonce: randomText(256), codeVerifier: randomText(256), binding: sha256(binding),
      // RFC 9700, section 4.4.2: of several providers, one that does not name itself in its responses has a redirect URI of its own.
      callback: this.#providers.size > 1 && !metadata.issRequired ? `${this.paths.callback}/${name}` : this.paths.callback,
      next: LocalPath.parseOrRoot(asked.next).toString(), created: now,
      ...(maxAge !== undefined && { maxAge }), ...(acrValues && { acrValues }), ...(dpopKey && { dpopKey: dpopKey.expose() }),
    }
    const url = await client.authorizationUrl({
      redirectUri: this.origin + attempt.callback, scopes: options.scopes ?? [], state: attempt.state, nonce: attempt.nonce, codeVerifier: attempt.codeVerifier,
      maxAge, acrValues, prompt: asked.prompt ?? options.prompt, resource: options.resource,
    }, dpopKey)
    const key = attemptKey(id), dropped = await this.#dropOldAttempts(request)
    await this.#sessions.store.put(key, this.#sessions.seal(key, attempt), now + LIFETIMES.attempt_seconds)
    return redirectResponse(302, url, this.https, [...dropped, writeCookie(COOKIES.attempt_prefix + id, binding, LIFETIMES.attempt_seconds)])
  }

  /** Keeps a browser to a few begun sign-ins: the oldest ones go. */
  async #dropOldAttempts(request: WebRequest): Promise<string[]> {
    const names = [...new Set(readCookies(request.header('cookie').join('; ')).map(([name]) => name).filter((name) => name.startsWith(COOKIES.attempt_prefix)))]
    if (names.length < LIMITS.attempts_per_browser) return []
    const begun = await Promise.all(names.slice(0, 50).map(async (name) => ({ name, created: await this.#attemptTime(name) })))
    const old = begun.sort((left, right) => right.created - left.created).slice(LIMITS.attempts_per_browser - 1)
    return old.filter(({ name }) => /^__Host-[A-Za-z0-9_-]+$/.test(name)).map(({ name }) => removeCookie(name))
  }

  async #attemptTime(cookie: string): Promise<number> {
    const key = attemptKey(cookie.slice(COOKIES.attempt_prefix.length)), sealed = await this.#sessions.store.get(key)
    return sealed === null ? 0 : this.#sessions.open<Attempt>(key, sealed).created
  }

  async #handleCallback(request: WebRequest): Promise<WebResponse> {
    const used: string[] = []
    return this.#answering(request, 'sign-in-refused', used, async () => {
      const parameters = parseCallback(request.query)
      const id = STATE.exec(parameters.state)?.[1] ?? refuse('state-malformed')
      const attempt = await this.#takeAttempt(request, id, parameters.state, used)
      const { client, options } = this.#provider(attempt.provider)
      if (attempt.callback !== request.path || attempt.issuer !== client.issuer) refuse('attempt-unknown')
      const { issRequired } = await client.metadata()
      const code = checkCallback(parameters, { state: attempt.state, issuer: attempt.issuer, issRequired })
      const record = await this.#redeem(client, options, attempt, code)
      return this.#startSession(request, record, attempt.next, used)
    })
  }

  /** Takes the attempt that this browser began, so that nobody uses it again. */
  async #takeAttempt(request: WebRequest, id: string, state: string, used: string[]): Promise<Attempt> {
    const name = COOKIES.attempt_prefix + id, key = attemptKey(id)
    const binding = readCookie(request.header('cookie').join('; '), name) ?? refuse('attempt-unknown')
    used.push(removeCookie(name))
    const attempt = this.#sessions.open<Attempt>(key, (await this.#sessions.store.get(key)) ?? refuse('attempt-unknown'))
    if (!isEqual(attempt.binding, sha256(binding)) || !isEqual(attempt.state, state)) refuse('state-mismatch')
    if ((await this.#sessions.store.take(key)) === null) refuse('attempt-unknown')
    if (this.#now() - attempt.created >= LIFETIMES.attempt_seconds) refuse('attempt-expired')
    return attempt
  }

  /** Redeems the code, and checks who it is for. */
  async #redeem(client: ProviderClient, options: SignInProvider, attempt: Attempt, code: string): Promise<SessionRecord> {
    const dpopKey = attempt.dpopKey && new SigningKey(attempt.dpopKey)
    const granted = [...new Set(['openid', ...(options.scopes ?? [])])]
    const tokens = await client.tokens({ grant: 'authorization_code', code, redirectUri: this.origin + attempt.callback, codeVerifier: attempt.codeVerifier, resource: options.resource }, granted, dpopKey)
    const { claims, alg } = await client.verify(tokens.idToken ?? refuse('id-token-missing'), ID_TOKEN_TYPES)
    const now = this.#now()
    const identity = checkIdToken(claims, alg, { now, issuer: client.issuer, clientId: client.clientId, nonce: attempt.nonce, accessToken: tokens.accessToken, maxAge: attempt.maxAge, acrValues: attempt.acrValues })
    const userinfo = options.userinfo ? await client.userinfo(tokens.accessToken, identity.subject, dpopKey) : null
    return {
      provider: attempt.provider, nonce: attempt.nonce, created: now, seen: now, claims: userinfo ?? {}, ...identity, ...tokensOf(tokens, now),
      ...(attempt.dpopKey && { dpopKey: attempt.dpopKey }), ...(options.idTokenHint && tokens.idToken && { idToken: tokens.idToken }),
    }
  }

  /** Begins a session under a new id. One that this browser had before ends. */
  async #startSession(request: WebRequest, record: SessionRecord, next: string, used: string[]): Promise<WebResponse> {
    const before = this.#sessionKey(request)
    if (before !== null) await this.#sessions.store.remove(before)
    const id = await this.#sessions.begin(record, this.#limits)
    this.#audit({ kind: 'sign-in', issuer: record.issuer, subject: record.subject })
    return redirectResponse(302, next, this.https, [...used, this.#sessionCookie(id, record)])
  }

  #sessionCookie(id: string, record: SessionRecord): string {
    return writeCookie(COOKIES.session, id, Math.max(1, Math.floor(record.created + this.#limits.absolute - this.#now())))
  }

  // --- Sign-out

  async #handleSignOut(request: WebRequest): Promise<WebResponse> {
    return this.#answering(request, 'logout-refused', [], async () => {
      checkRequestSite(request.method, (name) => request.header(name), this.origin)
      const key = this.#sessionKey(request), record = key === null ? null : await this.#sessions.end(key).catch(() => null)
      const cookies = [removeCookie(COOKIES.session)]
      if (!record) return redirectResponse(303, this.#afterSignOut, this.https, cookies)
      this.#audit({ kind: 'sign-out', issuer: record.issuer, subject: record.subject })
      return redirectResponse(303, await this.#leaveProvider(record), this.https, cookies)
    })
  }

  /** Revokes the tokens, and says where the browser goes. The session is over whatever the provider says. */
  async #leaveProvider(record: SessionRecord): Promise<string> {
    try {
      const client = this.#providerOf(record)
      await client.revoke(record.refreshToken ?? record.accessToken, record.refreshToken === undefined ? 'access_token' : 'refresh_token').catch(ignoreRefusal)
      const { endSessionEndpoint } = await client.metadata()
      if (endSessionEndpoint) return endSessionUrl(endSessionEndpoint, { clientId: client.clientId, idTokenHint: record.idToken, postLogoutRedirectUri: this.origin + this.#afterSignOut })
    } catch (error) {
      ignoreRefusal(error)
    }
    return this.#afterSignOut
  }

  /** OpenID Connect Back-Channel Logout, sections 2.5 to 2.8. */
  async #handleBackChannelLogout(request: WebRequest): Promise<WebResponse> {
    try {
      const tokens = parseForm(await request.body(LIMITS.query_bytes)).filter(([name]) => name === 'logout_token')
      if (tokens.length !== 1) refuse(tokens.length === 0 ? 'jwt-malformed' : 'parameter-repeated')
      await this.#logOut(tokens[0]![1])
      return textResponse(200, '', this.https)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.#audit({ kind: 'logout-refused', reason: error.reason, detail: error.detail })
      return jsonResponse(400, { error: 'invalid_request' }, this.https)
    }
  }

  async #logOut(token: string): Promise<void> {
    // The issuer is read from the unverified token only to choose whose keys it must be signed by.
    const issuer = unverifiedIssuer(token)
    const client = [...this.#providers.values()].find((provider) => provider.client.issuer === issuer)?.client ?? refuse('iss-mismatch')
    const { claims } = await client.verify(token, LOGOUT_TOKEN_TYPES)
    const order = checkLogoutToken(claims, { now: this.#now(), issuer: client.issuer, clientId: client.clientId })
    const isNew = await this.#sessions.store.add(`jti:${sha256(JSON.stringify([issuer, order.tokenId]))}`, '1', order.expiry + LIFETIMES.clock_skew_seconds)
    if (!isNew) refuse('jti-replayed')
    const ended = await this.#sessions.endAll(client.issuer, order)
    this.#audit({ kind: 'sign-out', issuer: client.issuer, subject: order.subject, detail: `back-channel, sessions ended: ${ended}` })
  }

  // --- Refresh

  /** The session with an access token that is not `isStale`. One call to the provider, however many replicas and requests ask. */
  async #freshRecord(key: string, isStale: (record: SessionRecord) => boolean): Promise<SessionRecord> {
    const record = await this.#sessions.load(key, this.#now(), this.#limits)
    if (!isStale(record)) return record
    const pending = this.#refreshing.get(key) ?? this.#refreshSomewhere(key, isStale).finally(() => this.#refreshing.delete(key))
    this.#refreshing.set(key, pending)
    return pending
  }

  /** Refreshes here, or waits for the replica that is at it. */
  async #refreshSomewhere(key: string, isStale: (record: SessionRecord) => boolean): Promise<SessionRecord> {
    for (let waited = 0; waited <= 2 * LIFETIMES.refresh_lease_ms; waited += LIFETIMES.refresh_poll_ms) {
      const done = await this.#sessions.withLease(key, this.#now(), async () => {
        // Another replica may have finished between our look and our lease.
        const record = await this.#sessions.load(key, this.#now(), this.#limits)
        return isStale(record) ? this.#refreshHere(key, record) : record
      })
      if (done) return done
      await new Promise((resume) => setTimeout(resume, LIFETIMES.refresh_poll_ms * (0.5 + Math.random())))
      const record = await this.#sessions.load(key, this.#now(), this.#limits)
      if (!isStale(record)) return record
    }
    refuse('timeout')
  }

  async #refreshHere(key: string, record: SessionRecord): Promise<SessionRecord> {
    try {
      const { client, options } = this.#provider(record.provider), dpopKey = dpopKeyOf(record)
      const tokens = await client.tokens({ grant: 'refresh_token', refreshToken: record.refreshToken ?? refuse('refresh-unavailable') }, record.scopes, dpopKey)
      await this.#checkRefreshed(client, record, tokens)
      const changed = { ...tokensOf(tokens, this.#now()), ...(options.idTokenHint && tokens.idToken && { idToken: tokens.idToken }) }
      const updated = await this.#sessions.update(key, this.#limits, ({ renewAt: _, ...current }) => ({ ...current, ...changed }))
      this.#audit({ kind: 'refresh', issuer: record.issuer, subject: record.subject })
      return updated
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.#audit({ kind: 'refresh-refused', issuer: record.issuer, subject: record.subject, reason: error.reason, detail: error.detail })
      // A refresh token that is used up, or an answer about somebody else: nothing good comes of this session.
      if (!TRANSIENT.includes(error.reason)) await this.#sessions.store.remove(key)
      throw error
    }
  }

  async #checkRefreshed(client: ProviderClient, record: SessionRecord, tokens: Tokens): Promise<void> {
    if (tokens.idToken === undefined) return
    const { claims } = await client.verify(tokens.idToken, ID_TOKEN_TYPES)
    checkRefreshedIdToken(claims, { now: this.#now(), issuer: record.issuer, clientId: client.clientId, before: record })
  }

  // --- What they share

  #provider(name: string): { options: SignInProvider; client: ProviderClient } {
    return this.#providers.get(name) ?? refuse('configuration-invalid', 'no such provider')
  }

  #providerOf(record: SessionRecord): ProviderClient {
    const { client } = this.#provider(record.provider)
    return client.issuer === record.issuer ? client : refuse('iss-mismatch')
  }

  #sessionKey(request: WebRequest): string | null {
    try {
      const id = readCookie(request.header('cookie').join('; '), COOKIES.session)
      return id !== null && /^[A-Za-z0-9_-]{43}$/.test(id) ? Sessions.keyOf(id) : null
    } catch (error) {
      if (error instanceof Refused) return null
      throw error
    }
  }

  async #load(key: string): Promise<SessionRecord | null> {
    try {
      const record = await this.#sessions.load(key, this.#now(), this.#limits)
      return this.#providers.get(record.provider)?.client.issuer === record.issuer ? record : null
    } catch (error) {
      if (error instanceof Refused && NOT_FOUND_AGAIN.includes(error.reason)) return null
      throw error
    }
  }

  /** Runs a step of the browser. Of a refusal it learns a reference, and nothing else. */
  async #answering(_request: WebRequest, kind: AuditEvent['kind'], cookies: string[], step: () => Promise<WebResponse>): Promise<WebResponse> {
    try {
      return await step()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      const reference = randomUUID()
      this.#audit({ kind, reason: error.reason, detail: error.detail, reference })
      const status = kind === 'logout-refused' ? 403 : 400
      return textResponse(status, `This did not work. Please start again.\nReference: ${reference}\n`, this.https, cookies)
    }
  }
}

const attemptKey = (id: string): string => `login:${sha256(id)}`

const dpopKeyOf = (record: SessionRecord): SigningKey | undefined => record.dpopKey && new SigningKey(record.dpopKey)

const isExpiring = (record: SessionRecord, now: number): boolean => record.renewAt !== undefined && record.renewAt <= now

/** A little before the end, but never sooner than half of the time: a token of ten seconds is used for five. */
const renewalOf = (expiresIn: number): number => Math.max(expiresIn - LIFETIMES.refresh_early_seconds, expiresIn / 2)

function tokensOf(tokens: Tokens, now: number): Pick<SessionRecord, 'accessToken' | 'scopes'> & Partial<SessionRecord> {
  return { accessToken: tokens.accessToken, scopes: tokens.scopes, ...(tokens.refreshToken !== undefined && { refreshToken: tokens.refreshToken }), ...(tokens.expiresIn !== undefined && { renewAt: now + renewalOf(tokens.expiresIn) }) }
}

function signedInOf(record: SessionRecord): SignedIn {
  const identity: Identity = record
  return { issuer: identity.issuer, subject: identity.subject, scopes: record.scopes, claims: record.claims, ...(record.authTime !== undefined && { authTime: record.authTime }), ...(record.acr !== undefined && { acr: record.acr }) }
}

function unverifiedIssuer(token: string): unknown {
  if (token.length > LIMITS.token_bytes) refuse('token-too-long')
  const payload = decodeBase64url(token.split('.')[1] ?? ''), text = payload && decodeUtf8(payload)
  return (text ? parseObject(text) : null)?.['iss'] ?? refuse('jwt-malformed')
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refused)) throw error
}
