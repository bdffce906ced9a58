// A provider for tests: correct by default, and wrong in exactly the way that `options` says. Loopback only, no dependencies.
//   import { startProvider } from './provider.mjs'     const p = await startProvider(); p.options = { … }; p.log; await p.close()
//   node provider.mjs                                  prints its issuer; POST /__options sets options; GET /__log gives the log
import crypto from 'node:crypto'
import http from 'node:http'

const b64u = (x) => Buffer.from(x).toString('base64url')
export const now = () => Math.floor(Date.now() / 1000)
const random = () => crypto.randomBytes(24).toString('base64url')

function rsa(kid, bits = 2048) {
  const pair = crypto.generateKeyPairSync('rsa', { modulusLength: bits })
  return { ...pair, alg: 'RS256', jwk: { ...pair.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' } }
}
function ec(kid) {
  const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...pair, alg: 'ES256', jwk: { ...pair.publicKey.export({ format: 'jwk' }), ...(kid && { kid, use: 'sig', alg: 'ES256' }) } }
}

/** Made once: key material is slow to make, and cases only need it to be distinct. */
export const KEYS = { good: rsa('k1'), next: rsa('k2'), stranger: rsa('k1'), weak: rsa('weak', 1024), ec: ec('ec1') }
export { ec as newEcKey }

/** Signs a token; `secret` is for HS256. */
export function sign(header, claims, key, secret) {
  const text = `${b64u(JSON.stringify(header))}.${b64u(JSON.stringify(claims))}`
  const signature = {
    RS256: () => crypto.sign('sha256', Buffer.from(text), key.privateKey),
    ES256: () => crypto.sign('sha256', Buffer.from(text), { key: key.privateKey, dsaEncoding: 'ieee-p1363' }),
    HS256: () => crypto.createHmac('sha256', secret).update(text).digest(),
  }[header.alg] ?? (() => Buffer.alloc(0))
  return `${text}.${signature().toString('base64url')}`
}

export const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** A DPoP proof of an API's client. */
export const proof = (key, claims, header = {}) => sign({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty: 'EC', crv: 'P-256', x: key.jwk.x, y: key.jwk.y }, ...header }, { jti: random(), iat: now(), ...claims }, key)
export const ath = (token) => crypto.createHash('sha256').update(token).digest('base64url')
export const jkt = (key) => crypto.createHash('sha256').update(JSON.stringify({ crv: key.jwk.crv, kty: key.jwk.kty, x: key.jwk.x, y: key.jwk.y })).digest('base64url')

export async function startProvider({ port = 0, clientId = 'rp', clientSecret = 'test-only-' + 'secret-'.repeat(4), audience = 'https://api.example', options = {} } = {}) {
  const self = { clientId, clientSecret, audience, options, log: [], codes: new Map(), refreshTokens: new Map(), secrets: new Set([clientSecret]), subject: 'alice' }
  const keep = (secret) => { self.secrets.add(secret); return secret }
  const merged = (base, change = {}) => Object.fromEntries(Object.entries({ ...base, ...change }).filter(([, value]) => value !== null))

  /** A token that differs from a good one as `change` says: claims (null drops one), header, key, secret. */
  const token = (base, typ, change = {}) => {
    const key = KEYS[change.key ?? self.options.signer ?? 'good']
    const header = merged({ alg: key.alg, kid: key.jwk.kid, typ }, change.header)
    return change.text ?? sign(header, merged(base, change.claims), key, change.secret)
  }
  self.idToken = (claims, change) => keep(token({ iss: self.issuer, aud: clientId, sub: self.subject, iat: now(), exp: now() + 600, ...claims }, 'JWT', change))
  self.accessToken = (change) => keep(token({ iss: self.issuer, aud: audience, sub: self.subject, client_id: clientId, scope: 'openid read', jti: random(), iat: now(), exp: now() + 600 }, 'at+jwt', change))
  self.logoutToken = (change) => token({ iss: self.issuer, aud: clientId, sub: self.subject, jti: random(), iat: now(), exp: now() + 120, events: { [EVENT]: {} } }, 'logout+jwt', change)
  self.count = (path) => self.log.filter((entry) => entry.path === path).length

  const send = (res, status, body, headers = {}) => {
    res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
    res.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
  /** A resource that misbehaves; says whether it did. */
  const misbehaves = (res, how) => {
    if (how === 'hang') return true
    if (how === 'endless') {
      res.writeHead(200, { 'content-type': 'application/json' })
      res.write('{"keys":[{"x":"')
      const timer = setInterval(() => res.write('a'.repeat(1 << 19)), 5)
      res.on('close', () => clearInterval(timer))
      return true
    }
    if (how === 'trickle') {
      res.writeHead(200, { 'content-type': 'application/json' })
      const timer = setInterval(() => res.write(' '), 200)
      res.on('close', () => clearInterval(timer))
      return true
    }
    if (how === 'redirect') { send(res, 302, '', { location: `${self.issuer}/canary` }); return true }
    if (how === 'error') { send(res, 500, '<html>', { 'content-type': 'text/html' }); return true }
    return false
  }
  const metadata = () => merged({
    issuer: self.issuer, authorization_endpoint: `${self.issuer}/authorize`, token_endpoint: `${self.issuer}/token`, jwks_uri: `${self.issuer}/jwks`, userinfo_endpoint: `${self.issuer}/userinfo`,
    revocation_endpoint: `${self.issuer}/revoke`, introspection_endpoint: `${self.issuer}/introspect`, response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], id_token_signing_alg_values_supported: ['RS256'],
    authorization_response_iss_parameter_supported: true, ...(self.options.par && { pushed_authorization_request_endpoint: `${self.issuer}/par` }),
  }, self.options.metadata)

  /** The claims of a proof of our client, if the request has a good one. */
  const proved = (headers) => {
    const [head, payload, signature] = (headers.dpop ?? '').split('.')
    if (!signature) return null
    const header = JSON.parse(Buffer.from(head, 'base64url')), key = crypto.createPublicKey({ key: header.jwk, format: 'jwk' })
    const isGood = crypto.verify('sha256', Buffer.from(`${head}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))
    return isGood && { ...JSON.parse(Buffer.from(payload, 'base64url')), jwk: header.jwk }
  }
  const wantsNonce = (req, res) => {
    const nonce = self.options.dpopNonce, has = proved(req.headers)
    if (!nonce || (has && has.nonce === nonce)) return false
    send(res, req.url.startsWith('/userinfo') ? 401 : 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': nonce, 'www-authenticate': 'DPoP error="use_dpop_nonce"' })
    return true
  }

  const ROUTES = {
    '/.well-known/openid-configuration': (req, res) => misbehaves(res, self.options.discovery) || send(res, 200, metadata()),
    '/jwks': (req, res) => misbehaves(res, self.options.jwks) || send(res, 200, { keys: [...(self.options.published ?? ['good']).map((name) => KEYS[name].jwk), ...(self.options.moreKeys ?? [])] }),
    '/canary': (req, res) => send(res, 200, metadata()),
    '/authorize': (req, res, { query }) => {
      const asked = query.request_uri ? self.codes.get(query.request_uri) : query
      if (self.options.mixupTo) {
        const to = new URL(`${self.options.mixupTo.issuer}/authorize`)
        for (const [name, value] of Object.entries({ ...asked, client_id: self.options.mixupTo.clientId })) to.searchParams.set(name, value)
        return send(res, 302, '', { location: to.href })
      }
      if (!asked?.redirect_uri) return send(res, 400, { error: 'invalid_request' })
      const code = keep(`code-${random()}`), back = new URL(asked.redirect_uri)
      self.codes.set(code, asked)
      const response = merged({ code, state: asked.state, iss: metadata().authorization_response_iss_parameter_supported ? self.issuer : null }, self.options.response)
      for (const [name, value] of Object.entries(response)) back.searchParams.set(name, value)
      send(res, 302, '', { location: back.href })
    },
    '/par': (req, res, { form }) => {
      if (wantsNonce(req, res)) return
      const uri = `urn:ietf:params:oauth:request_uri:${random()}`
      const claims = form.request ? JSON.parse(Buffer.from(form.request.split('.')[1], 'base64url')) : form
      self.codes.set(uri, claims)
      send(res, 201, { request_uri: uri, expires_in: 60 })
    },
    '/token': async (req, res, { form }) => {
      if (misbehaves(res, self.options.token)) return
      if (wantsNonce(req, res)) return
      const isRefresh = form.grant_type === 'refresh_token', change = (isRefresh ? self.options.refresh : self.options.redeem) ?? {}
      if (self.options.tokenDelayMs) await new Promise((go) => setTimeout(go, self.options.tokenDelayMs))
      if (change.status) return send(res, change.status, change.body ?? { error: 'invalid_grant' })
      const asked = self.codes.get(form.code) ?? {}
      if (form.code_verifier) keep(form.code_verifier)
      const isGood = isRefresh ? self.refreshTokens.delete(form.refresh_token) : self.codes.delete(form.code) && ath(form.code_verifier ?? '') === asked.code_challenge
      if (!isGood) return send(res, 400, { error: 'invalid_grant' })
      const holder = proved(req.headers), bound = holder ? { cnf: { jkt: jkt({ jwk: holder.jwk }) } } : {}
      const access_token = self.accessToken({ claims: bound }), refresh_token = keep(`rt-${random()}`)
      self.refreshTokens.set(refresh_token, 1)
      const claims = isRefresh ? {} : { nonce: asked.nonce, ...(self.options.sid && { sid: self.options.sid }) }
      const id_token = self.idToken(claims, isRefresh ? self.options.refreshedIdToken : self.options.idToken)
      send(res, 200, merged({ access_token, token_type: holder ? 'DPoP' : 'Bearer', expires_in: self.options.expiresIn ?? 600, refresh_token, id_token }, change.body))
    },
    '/userinfo': (req, res) => (req.headers.authorization?.startsWith('DPoP') && wantsNonce(req, res)) || send(res, 200, merged({ sub: self.subject, name: 'Alice' }, self.options.userinfo)),
    '/introspect': (req, res) => send(res, 200, merged({ active: true, iss: self.issuer, aud: audience, sub: self.subject, client_id: clientId, scope: 'read', exp: now() + 600 }, self.options.introspection)),
    '/revoke': (req, res) => send(res, 200, {}),
    '/__options': (req, res, { body }) => { self.options = JSON.parse(body); send(res, 200, {}) },
    '/__log': (req, res) => send(res, 200, self.log),
    '/__clear': (req, res) => { self.log.length = 0; send(res, 200, {}) },
    '/__token': (req, res, { body }) => { const { kind, change, claims } = JSON.parse(body); send(res, 200, { token: kind === 'id' ? self.idToken(claims ?? {}, change) : self[`${kind}Token`](change) }) },
  }
  self.server = http.createServer(async (req, res) => {
    const url = new URL(req.url, self.issuer)
    let body = ''
    for await (const chunk of req) body += chunk
    const about = { query: Object.fromEntries(url.searchParams), form: Object.fromEntries(new URLSearchParams(body)), body }
    if (!url.pathname.startsWith('/__')) self.log.push({ method: req.method, path: url.pathname, query: about.query, form: about.form, headers: req.headers })
    const route = ROUTES[url.pathname]
    if (route) await route(req, res, about)
    else send(res, 404, {})
  })
  await new Promise((go) => self.server.listen(port, '127.0.0.1', go))
  self.issuer = `http://127.0.0.1:${self.server.address().port}`
  self.close = () => new Promise((go) => { self.server.closeAllConnections(); self.server.close(go) })
  return self
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const provider = await startProvider()
  console.log(JSON.stringify({ issuer: provider.issuer, clientId: provider.clientId, clientSecret: provider.clientSecret }))
  process.stdin.on('end', () => process.exit()).resume()
}
