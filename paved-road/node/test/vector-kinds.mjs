// What each kind of vector asks: one function a kind.
import assert from 'node:assert/strict'

import * as pure from '../dist/pure.js'

const keysOf = (jwks) => pure.parseKeySet(JSON.stringify(jwks)).keys
const verify = (input, types) => pure.verify(input.token, keysOf(input.jwks), pure.pinAlgorithms(input.algorithms), types)
const answerOf = (input) => ({ status: input.status, contentType: input.content_type, body: input.body })
const proofOf = (input) => ({ scheme: input.scheme, jkt: input.proof_jkt, certificate: input.certificate })
const expectAccess = (input) => ({ now: input.now, issuer: input.issuer, audience: input.audience, scopes: input.scopes, proof: proofOf(input) })
const identity = (who) => ({ sub: who.subject, sid: who.sid, acr: who.acr, auth_time: who.authTime })
const headersOf = (headers) => (name) => headers[name] ?? []
const signed = ({ header, claims }) => ({ header, claims })

export const RUN = {
  'jws': (i) => ({ claims: verify(i, i.typ).claims }),
  'id-token': (i) => {
    const { claims, alg } = verify(i, pure.ID_TOKEN_TYPES)
    return identity(pure.checkIdToken(claims, alg, { now: i.now, issuer: i.issuer, clientId: i.client_id, nonce: i.nonce, accessToken: i.access_token, maxAge: i.max_age, acrValues: i.acr_values }))
  },
  'refreshed-id-token': (i) => {
    const { claims } = verify(i, pure.ID_TOKEN_TYPES)
    return identity(pure.checkRefreshedIdToken(claims, { now: i.now, issuer: i.issuer, clientId: i.client_id, before: { subject: i.before.sub, nonce: i.before.nonce, authTime: i.before.auth_time } }))
  },
  'access-token': (i) => {
    const access = pure.checkAccessToken(verify(i, pure.ACCESS_TOKEN_TYPES).claims, expectAccess(i))
    return { sub: access.subject, client_id: access.clientId, scopes: access.scopes }
  },
  'logout-token': (i) => {
    const order = pure.checkLogoutToken(verify(i, pure.LOGOUT_TOKEN_TYPES).claims, { now: i.now, issuer: i.issuer, clientId: i.client_id })
    if (i.seen.includes(order.tokenId)) pure.refuse('jti-replayed')
    return { sub: order.subject, sid: order.sid }
  },
  'dpop-proof': (i) => {
    const proved = pure.checkProof(i.proofs, { now: i.now, method: i.method, url: i.url, accessToken: i.access_token, nonce: i.nonce })
    if (i.seen.includes(proved.tokenId)) pure.refuse('dpop-replayed')
    return { jkt: proved.jkt }
  },
  'jwks': (i) => { const set = pure.parseKeySet(i.text); return { kept: set.keys.map((k) => k.kid), ignored: set.ignored } },
  'public-url': (i) => { const origin = pure.parsePublicUrl(i.url, i.http_on_loopback); return { origin, redirect_uri: origin + i.path } },
  'discovery': (i) => {
    const p = pure.parseMetadata(i.text, { issuer: i.issuer, algorithms: pure.pinAlgorithms(i.algorithms), clientAuth: i.client_auth, httpOnLoopback: i.http_on_loopback })
    return { algorithms: p.algorithms, iss_required: p.issRequired, client_auth: p.clientAuth }
  },
  'client-metadata': (i) => ({ algorithms: pure.pinAlgorithms(i.algorithms) }),
  'authorization-request': (i) => ({ parameters: pure.authorizationParameters({ clientId: i.client_id, redirectUri: i.redirect_uri, scopes: i.scopes, state: i.state, nonce: i.nonce, codeVerifier: i.code_verifier, maxAge: i.max_age, acrValues: i.acr_values, prompt: i.prompt, loginHint: i.login_hint, resource: i.resource, dpopJkt: i.dpop_jkt }) }),
  'authorization-url': (i) => ({ url: pure.authorizationUrl(i.endpoint, i.parameters) }),
  'token-request': (i) => pure.tokenRequest(i.client, i.grant === 'refresh_token' ? { grant: i.grant, refreshToken: i.refresh_token } : { grant: i.grant, code: i.code, redirectUri: i.redirect_uri, codeVerifier: i.code_verifier, resource: i.resource }),
  'client-assertion': (i) => signed(pure.clientAssertionParts({ clientId: i.client_id, issuer: i.issuer, alg: i.alg, kid: i.kid, now: i.now, jti: i.jti })),
  'request-object': (i) => signed(pure.requestObjectParts({ clientId: i.client_id, issuer: i.issuer, alg: i.alg, kid: i.kid, now: i.now, jti: i.jti, parameters: i.parameters })),
  'dpop-request': (i) => signed(pure.proofParts({ alg: i.alg, method: i.method, url: i.url, now: i.now, jti: i.jti, nonce: i.nonce, accessToken: i.access_token })),
  'end-session': (i) => ({ url: pure.endSessionUrl(i.endpoint, { clientId: i.client_id, idTokenHint: i.id_token_hint, postLogoutRedirectUri: i.post_logout_redirect_uri }) }),
  'authorization-response': (i) => ({ code: pure.checkCallback(pure.parseCallback(i.query), { state: i.state, issuer: i.issuer, issRequired: i.iss_required }) }),
  'mix-up': (i) => {
    const parameters = pure.parseCallback(i.query), attempts = new Map(Object.entries(i.attempts))
    const issuer = attempts.get(parameters.state) ?? pure.refuse('attempt-unknown')
    return { issuer, code: pure.checkCallback(parameters, { state: parameters.state, issuer, issRequired: i.iss_required[issuer] ?? false }) }
  },
  'push-response': (i) => ({ request_uri: pure.parsePushResponse(answerOf(i)) }),
  'token-response': (i) => {
    const t = pure.parseTokenResponse(answerOf(i), { grant: i.grant, tokenType: i.token_type, needsIdToken: i.needs_id_token, granted: i.granted })
    return { access_token: t.accessToken, refresh_token: t.refreshToken, id_token: t.idToken, expires_in: t.expiresIn, scopes: t.scopes }
  },
  'userinfo': (i) => ({ claims: pure.parseUserinfo(answerOf(i), i.sub) }),
  'jwks-cache': async (i) => {
    let now = 0, fetches = 0
    const published = () => i.published.filter((p) => p.from * 1000 <= now).at(-1).kids
    const cache = new pure.JwksCache(async () => { fetches += 1; const kids = published(); return kids ? { keys: kids.map((kid) => ({ kid })), ignored: [] } : pure.refuse('unreachable') }, () => now)
    const steps = []
    for (const { at, kid } of i.steps) {
      now = Math.round(at * 1000)
      const before = fetches, has = (keys) => keys.some((key) => key.kid === kid)
      const keys = await cache.keys(has).catch((e) => { assert(e instanceof pure.Refused); return [] })
      steps.push({ fetch: fetches > before, found: has(keys) })
    }
    return { steps }
  },
  'cookie-written': (i) => ({ header: i.max_age === undefined ? pure.removeCookie(i.name) : pure.writeCookie(i.name, i.value, i.max_age) }),
  'cookie-read': (i) => ({ value: pure.readCookie(i.header, i.name) }),
  'session-life': (i) => pure.checkLife({ created: i.created, seen: i.seen }, i.now, pure.sessionLimits({ idle: i.idle })),
  'sealed': (i) => ({ text: pure.KeyRing.of(i.ring).open(i.place, i.sealed) }),
  'request-site': (i) => { pure.checkRequestSite(i.method, headersOf(i.headers), i.origin); return {} },
  'request-host': (i) => { pure.checkRequestHost(i.hosts, i.origin); return {} },
  'headers': (i) => ({ headers: pure.securityHeaders(i.class, { https: i.https, nonce: i.nonce }) }),
  'credentials': (i) => pure.readCredentials(i.authorization, i.query),
  'challenge': (i) => pure.challenge(i.refusal, { metadataUrl: i.metadata_url, scopes: i.scopes, dpop: i.dpop }),
  'resource-metadata': (i) => pure.resourceMetadata(i),
  'introspection': (i) => { const a = pure.checkIntrospection(pure.jsonAnswer(answerOf(i)), expectAccess(i)); return { sub: a.subject, keep: a.keep } },
  'audit-event': (i) => pure.toOcsf(i.event, { time: i.time, id: i.id }),
  'local-path': (i) => ({ path: pure.LocalPath.parse(i.path).toString() }),
  'address': (i) => { pure.checkPublicAddress(i.address); return {} },
  'url': (i) => { const { scheme, host, port, target } = pure.checkTarget(i.url, i); return { scheme, host, port, target } },
  'file-name': (i) => ({ name: pure.checkFileName(i.name) }),
  'path-join': (i) => ({ parts: pure.checkRelativePath(i.path) }),
  'upload': (i) => new pure.UploadPolicy(i.allowed, i.size_max).check(Buffer.from(i.content, 'hex')),
  'password': (i) => i.peppered !== undefined ? { hashed: pure.peppered(i.peppered, new pure.Secret(i.pepper)) } : (i.stored === undefined ? (pure.checkPassword(i.password), {}) : { rehash: pure.needsRehash(i.stored) }),
}
/** Kinds whose answer may say more than a case expects. */
export const PARTIAL = ['jws', 'id-token', 'access-token', 'introspection', 'refreshed-id-token']

const plain = (value) => JSON.parse(JSON.stringify(value))

/** What the library says to an input. */
export async function outcome(kind, input) {
  try {
    return { ok: plain(await RUN[kind](input)) }
  } catch (error) {
    if (error instanceof pure.Refused) return { reason: error.reason }
    throw error
  }
}
