// What is sent to a provider, and what comes back.
import { KEYS, jwt, hashOf } from '../keys.mjs'
import { kind, ok, no, NOW, ISSUER, CLIENT } from '../kind.mjs'

const METADATA = {
  issuer: ISSUER, authorization_endpoint: `${ISSUER}/authorize`, token_endpoint: `${ISSUER}/token`, jwks_uri: `${ISSUER}/jwks`,
  response_types_supported: ['code'], code_challenge_methods_supported: ['S256'], id_token_signing_alg_values_supported: ['RS256'],
}
const REDIRECT = 'https://orders.example.org/callback'
// RFC 7636, appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk', CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const STATE = 'AAECAwQFBgcICQoLDA0ODwAAECAwQFBgcICQoLDA0ODw', NONCE = 'n-0S6_WzA2Mj-n-0S6_WzA2Mj'
const without = (value, ...names) => Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)))

// --- Configuration
{
  const { add, done } = kind('public-url', 'The URL under which browsers reach the service. Redirect URI, cookies and origin checks come from it, never from a header.', { path: '/callback', http_on_loopback: false })
  const good = (id, why, url, more) => add(id, why, { url, ...more }, ok({ origin: new URL(url).origin, redirect_uri: new URL(url).origin + '/callback' }))
  const bad = (id, why, url, reason, more) => add(id, why, { url, ...more }, no(reason))
  good('https', 'RFC 9700, section 4.1.3', 'https://orders.example.org')
  good('with-a-slash', 'RFC 3986, section 6.2.3', 'https://orders.example.org/')
  good('with-a-port', 'RFC 6454, section 4', 'https://orders.example.org:8443')
  good('with-the-default-port', 'RFC 6454, section 4', 'https://orders.example.org:443')
  good('in-upper-case', 'RFC 6454, section 4', 'HTTPS://Orders.Example.ORG')
  bad('http', 'OAuth 2.1, section 1.5', 'http://orders.example.org', 'public-url-insecure')
  bad('http-on-loopback', 'OAuth 2.1, section 1.5: by itself not', 'http://127.0.0.1:3000', 'public-url-insecure')
  good('http-on-loopback-for-tests', 'through dangerous() only', 'http://127.0.0.1:3000', { http_on_loopback: true })
  good('http-on-localhost-for-tests', 'through dangerous() only', 'http://localhost:3000', { http_on_loopback: true })
  good('http-on-ipv6-loopback-for-tests', 'through dangerous() only', 'http://[::1]:3000', { http_on_loopback: true })
  bad('http-elsewhere-for-tests', 'dangerous() opens loopback alone', 'http://orders.example.org', 'public-url-insecure', { http_on_loopback: true })
  bad('http-on-a-name-like-loopback', 'dangerous() opens loopback alone', 'http://127.0.0.1.evil.example', 'public-url-insecure', { http_on_loopback: true })
  for (const [id, url] of [['path', 'https://orders.example.org/app'], ['query', 'https://orders.example.org/?a=1'], ['fragment', 'https://orders.example.org/#a'], ['user', 'https://user@orders.example.org'], ['empty', ''], ['relative', '/orders'], ['other-scheme', 'ftp://orders.example.org'], ['wildcard', 'https://*.example.org']]) bad(`with-${id}`, 'RFC 9700, section 4.1.3: exact', url, 'configuration-invalid')
  done()
}

{
  const { add, done } = kind('discovery', 'A provider\'s metadata. `announced` are the algorithms of ID tokens that are pinned and announced; `iss_required` says whether RFC 9207 holds. Checked in the order: issuer, form, its issuer, endpoints, response types, challenge methods, algorithms, client authentication.',
    { issuer: ISSUER, algorithms: ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'], client_auth: 'secret', http_on_loopback: false })
  const good = { algorithms: ['RS256'], iss_required: false, client_auth: 'client_secret_basic' }
  const doc = (id, why, change, expect, more = {}) => add(id, why, { text: JSON.stringify({ ...METADATA, ...change }), ...more }, typeof expect === 'string' ? no(expect) : ok(expect ?? good))
  doc('good', 'OpenID Connect Discovery, section 4.3', {})
  doc('issuer-other', 'RFC 8414, section 3.3', { issuer: 'https://honest.example' }, 'issuer-mismatch')
  doc('issuer-with-a-slash', 'RFC 8414, section 3.3: identical', { issuer: ISSUER + '/' }, 'issuer-mismatch')
  doc('issuer-absent', 'RFC 8414, section 3.3', { issuer: undefined }, 'issuer-mismatch')
  doc('issuer-number', 'RFC 8414, section 3.3', { issuer: 1 }, 'issuer-mismatch')
  for (const [id, issuer] of [['http', 'http://id.example.org'], ['query', 'https://id.example.org?x'], ['fragment', 'https://id.example.org#x'], ['user', 'https://a@id.example.org'], ['text', 'id.example.org'], ['empty', '']]) doc(`configured-issuer-${id}`, 'RFC 8414, section 2', { issuer }, 'issuer-malformed', { issuer })
  doc('configured-issuer-with-a-path', 'OpenID Connect Discovery, section 4.1', { issuer: ISSUER + '/tenant' }, null, { issuer: ISSUER + '/tenant' })
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
    doc(`${name}-absent`, 'OpenID Connect Discovery, section 3', { [name]: undefined }, 'endpoint-missing')
    doc(`${name}-http`, 'OAuth 2.1, section 1.5', { [name]: 'http://id.example.org/x' }, 'endpoint-insecure')
    doc(`${name}-javascript`, 'RFC 9700, section 4.11', { [name]: 'javascript:alert(1)//' }, 'endpoint-malformed')
  }
  for (const [id, value] of [['relative', '/authorize'], ['with-a-fragment', `${ISSUER}/authorize#x`], ['with-a-user', 'https://a:b@id.example.org/authorize'], ['data', 'data:text/html,x'], ['file', 'file:///etc/passwd'], ['number', 5], ['with-a-space', `${ISSUER}/a b`], ['with-a-backslash', 'https://id.example.org\\@evil.example/'], ['with-a-line-end', `${ISSUER}/a\n`]]) doc(`authorization-endpoint-${id}`, 'RFC 6749, section 3.1', { authorization_endpoint: value }, 'endpoint-malformed')
  doc('authorization-endpoint-with-a-query', 'RFC 6749, section 3.1: kept', { authorization_endpoint: `${ISSUER}/authorize?tenant=1` })
  doc('endpoint-on-another-host', 'OpenID Connect Discovery, section 3: allowed', { token_endpoint: 'https://oauth2.example.net/token' })
  for (const name of ['userinfo_endpoint', 'end_session_endpoint', 'revocation_endpoint', 'introspection_endpoint', 'pushed_authorization_request_endpoint']) doc(`${name}-javascript`, 'optional endpoints count where they are there', { [name]: 'javascript:alert(1)' }, 'endpoint-malformed')
  doc('loopback', 'through dangerous() only', { issuer: 'http://127.0.0.1:9000', authorization_endpoint: 'http://127.0.0.1:9000/a', token_endpoint: 'http://127.0.0.1:9000/t', jwks_uri: 'http://127.0.0.1:9000/j' }, null, { issuer: 'http://127.0.0.1:9000', http_on_loopback: true })
  doc('loopback-by-itself', 'OAuth 2.1, section 1.5', { issuer: 'http://127.0.0.1:9000' }, 'issuer-malformed', { issuer: 'http://127.0.0.1:9000' })
  doc('loopback-with-an-endpoint-elsewhere', 'dangerous() opens loopback alone', { issuer: 'http://127.0.0.1:9000', authorization_endpoint: 'http://id.example.org/a' }, 'endpoint-insecure', { issuer: 'http://127.0.0.1:9000', http_on_loopback: true })
  doc('pkce-plain-only', 'RFC 9700, section 2.1.1', { code_challenge_methods_supported: ['plain'] }, 'pkce-unsupported')
  doc('pkce-none', 'RFC 9700, section 2.1.1', { code_challenge_methods_supported: [] }, 'pkce-unsupported')
  doc('pkce-not-announced', 'RFC 9700, section 2.1.1: sent all the same', { code_challenge_methods_supported: undefined })
  doc('pkce-is-null', 'RFC 9700, section 2.1.1: null is not absent', { code_challenge_methods_supported: null }, 'pkce-unsupported')
  doc('endpoint-is-null', 'null is not absent', { userinfo_endpoint: null }, 'endpoint-malformed')
  doc('response-types-without-code', 'OpenID Connect Discovery, section 3', { response_types_supported: ['id_token'] }, 'response-type-unsupported')
  doc('response-types-not-announced', 'tolerated: code is what every provider has', { response_types_supported: undefined })
  doc('algorithms-none-and-hs256-too', 'RFC 8725, section 3.1: the list is pinned, not taken', { id_token_signing_alg_values_supported: ['none', 'HS256', 'RS256'] })
  doc('algorithms-none-and-hs256-only', 'RFC 8725, section 3.1', { id_token_signing_alg_values_supported: ['none', 'HS256'] }, 'algorithm-none-in-common')
  doc('algorithms-not-announced', 'the pinned ones', { id_token_signing_alg_values_supported: undefined }, { ...good, algorithms: ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] })
  doc('algorithms-pinned-to-another', 'RFC 8725, section 3.1', {}, 'algorithm-none-in-common', { algorithms: ['ES256'] })
  doc('algorithms-is-text', 'OpenID Connect Discovery, section 3', { id_token_signing_alg_values_supported: 'RS256' }, 'algorithm-none-in-common')
  doc('iss-announced', 'RFC 9207, section 3', { authorization_response_iss_parameter_supported: true }, { ...good, iss_required: true })
  doc('iss-announced-as-text', 'RFC 9207, section 3: a boolean', { authorization_response_iss_parameter_supported: 'true' })
  doc('client-auth-post-only', 'OpenID Connect Discovery, section 3', { token_endpoint_auth_methods_supported: ['client_secret_post'] }, { ...good, client_auth: 'client_secret_post' })
  doc('client-auth-both', 'RFC 6749, section 2.3.1: Basic is preferred', { token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'] })
  doc('client-auth-none-in-common', 'OpenID Connect Discovery, section 3', { token_endpoint_auth_methods_supported: ['tls_client_auth'] }, 'client-auth-unsupported')
  doc('client-auth-key', 'RFC 7523, section 2.2', { token_endpoint_auth_methods_supported: ['private_key_jwt'] }, { ...good, client_auth: 'private_key_jwt' }, { client_auth: 'key' })
  doc('client-auth-key-not-announced', 'RFC 7523, section 2.2', { token_endpoint_auth_methods_supported: ['client_secret_basic'] }, 'client-auth-unsupported', { client_auth: 'key' })
  doc('client-auth-public', 'OAuth 2.1, section 2.1', { token_endpoint_auth_methods_supported: ['none'] }, { ...good, client_auth: 'none' }, { client_auth: 'public' })
  for (const [id, text] of [['list', '[]'], ['html', '<html>'], ['empty', ''], ['null', 'null'], ['issuer-twice', `{"issuer":"https://evil.example","issuer":"${ISSUER}"}`]]) add(`document-${id}`, 'RFC 8414, section 3.2', { text }, no('json-malformed'))
  done()
}

// --- What is sent
{
  const given = { client_id: CLIENT, redirect_uri: REDIRECT, scopes: ['openid'], state: STATE, nonce: NONCE, code_verifier: VERIFIER }
  const base = { response_type: 'code', client_id: CLIENT, redirect_uri: REDIRECT, scope: 'openid', state: STATE, nonce: NONCE, code_challenge: CHALLENGE, code_challenge_method: 'S256' }
  const { add, done } = kind('authorization-request', 'The parameters of an authorization request: exactly these. The same are pushed (RFC 9126) or signed (RFC 9101).', given)
  const built = (id, why, input, change = {}) => add(id, why, input, ok({ parameters: { ...base, ...change } }))
  built('plain', 'OAuth 2.1, section 4.1.1; RFC 7636, appendix B', {})
  built('openid-is-always-there', 'OpenID Connect Core, section 3.1.2.1', { scopes: ['read'] }, { scope: 'openid read' })
  built('scopes-keep-their-order', 'RFC 6749, section 3.3', { scopes: ['read', 'openid', 'write', 'read'] }, { scope: 'openid read write' })
  built('max-age', 'OpenID Connect Core, section 3.1.2.1', { max_age: 0 }, { max_age: '0' })
  built('acr-values', 'OpenID Connect Core, section 3.1.2.1', { acr_values: ['urn:a', 'urn:b'] }, { acr_values: 'urn:a urn:b' })
  built('prompt', 'OpenID Connect Core, section 3.1.2.1', { prompt: 'login' }, { prompt: 'login' })
  built('login-hint', 'OpenID Connect Core, section 3.1.2.1', { login_hint: 'alice@example.org' }, { login_hint: 'alice@example.org' })
  built('resource', 'RFC 8707, section 2', { resource: 'https://api.example' }, { resource: 'https://api.example' })
  built('dpop-key', 'RFC 9449, section 10', { dpop_jkt: hashOf('k') }, { dpop_jkt: hashOf('k') })
  const bad = (id, why, input) => add(id, why, input, no('configuration-invalid'))
  bad('scope-with-a-space', 'RFC 6749, section 3.3', { scopes: ['a b'] })
  bad('scope-with-a-quote', 'RFC 6749, section 3.3', { scopes: ['a"'] })
  bad('verifier-too-short', 'RFC 7636, section 4.1: 43 characters or more', { code_verifier: 'short' })
  bad('verifier-too-long', 'RFC 7636, section 4.1: 128 characters or less', { code_verifier: 'v'.repeat(129) })
  bad('verifier-with-other-characters', 'RFC 7636, section 4.1', { code_verifier: VERIFIER.slice(0, -1) + '+' })
  bad('state-too-short', 'RFC 9700, section 4.7: 128 bits or more', { state: 'abc' })
  bad('nonce-too-short', 'OpenID Connect Core, section 15.5.2: 128 bits or more', { nonce: 'abc' })
  bad('prompt-none-with-others', 'OpenID Connect Core, section 3.1.2.1', { prompt: 'none login' })
  bad('max-age-negative', 'OpenID Connect Core, section 3.1.2.1', { max_age: -1 })
  done()
}
{
  const { add, done } = kind('authorization-url', 'The URL that the browser is sent to: the endpoint, whose own query is kept, and the parameters in the order given, as application/x-www-form-urlencoded.', { endpoint: `${ISSUER}/authorize` })
  add('plain', 'RFC 6749, section 4.1.1', { parameters: { client_id: 'a', state: 'b' } }, ok({ url: `${ISSUER}/authorize?client_id=a&state=b` }))
  add('endpoint-with-a-query', 'RFC 6749, section 3.1', { endpoint: `${ISSUER}/authorize?tenant=1`, parameters: { client_id: 'a' } }, ok({ url: `${ISSUER}/authorize?tenant=1&client_id=a` }))
  add('escaped', 'RFC 6749, appendix B', { parameters: { scope: 'openid read', redirect_uri: REDIRECT, x: 'ü&=+~*' } }, ok({ url: `${ISSUER}/authorize?scope=openid+read&redirect_uri=https%3A%2F%2Forders.example.org%2Fcallback&x=%C3%BC%26%3D%2B%7E*` }))
  add('pushed', 'RFC 9126, section 4: client_id and request_uri, nothing else', { parameters: { client_id: CLIENT, request_uri: 'urn:ietf:params:oauth:request_uri:x' } }, ok({ url: `${ISSUER}/authorize?client_id=orders&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Ax` }))
  done()
}
{
  const given = { redirect_uri: REDIRECT, code: 'SplxlOBeZQQYbYS6WxSbIA', code_verifier: VERIFIER, client: { id: CLIENT, method: 'none' }, grant: 'authorization_code' }
  const form = { grant_type: 'authorization_code', code: 'SplxlOBeZQQYbYS6WxSbIA', redirect_uri: REDIRECT, code_verifier: VERIFIER }
  const { add, done } = kind('token-request', 'The form of a token request and its Authorization header; with private_key_jwt, `client_assertion` is compared by the kind `client-assertion`, and stands here as given.', given)
  const basic = (id, secret) => 'Basic ' + Buffer.from(`${id}:${secret}`).toString('base64')
  add('public-client', 'OAuth 2.1, section 4.1.3', {}, ok({ form: { ...form, client_id: CLIENT } }))
  add('basic', 'RFC 6749, section 2.3.1', { client: { id: CLIENT, method: 'client_secret_basic', secret: 'test-secret' } }, ok({ form, authorization: basic('orders', 'test-secret') }))
  add('basic-escapes-both', 'RFC 6749, section 2.3.1 and appendix B', { client: { id: 'a:b c', method: 'client_secret_basic', secret: 'p%&+ü~' } }, ok({ form, authorization: basic('a%3Ab+c', 'p%25%26%2B%C3%BC%7E') }))
  add('post', 'RFC 6749, section 2.3.1: not in the header too', { client: { id: CLIENT, method: 'client_secret_post', secret: 'test-secret' } }, ok({ form: { ...form, client_id: CLIENT, client_secret: 'test-secret' } }))
  add('private-key-jwt', 'RFC 7523, section 2.2', { client: { id: CLIENT, method: 'private_key_jwt', assertion: 'a.b.c' } }, ok({ form: { ...form, client_id: CLIENT, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: 'a.b.c' } }))
  add('resource', 'RFC 8707, section 2.2', { resource: 'https://api.example' }, ok({ form: { ...form, client_id: CLIENT, resource: 'https://api.example' } }))
  add('refresh', 'RFC 6749, section 6', { grant: 'refresh_token', refresh_token: 'rt-1' }, ok({ form: { grant_type: 'refresh_token', refresh_token: 'rt-1', client_id: CLIENT } }))
  add('refresh-basic', 'RFC 6749, section 6', { grant: 'refresh_token', refresh_token: 'rt-1', client: { id: CLIENT, method: 'client_secret_basic', secret: 'test-secret' } }, ok({ form: { grant_type: 'refresh_token', refresh_token: 'rt-1' }, authorization: basic('orders', 'test-secret') }))
  done()
}
{
  const { add, done } = kind('client-assertion', 'The JWT by which a client authenticates. The audience is the issuer identifier alone, as text (draft-ietf-oauth-rfc7523bis, section 4).', { client_id: CLIENT, issuer: ISSUER, now: NOW, jti: 'assertion-1', token_endpoint: `${ISSUER}/token` })
  const claims = { iss: CLIENT, sub: CLIENT, aud: ISSUER, jti: 'assertion-1', iat: NOW, exp: NOW + 60 }
  add('es256', 'RFC 7523, section 3', { key: KEYS.client.name, alg: 'ES256', kid: 'client-1' }, ok({ header: { alg: 'ES256', typ: 'client-authentication+jwt', kid: 'client-1' }, claims }))
  add('no-kid', 'RFC 7515, section 4.1.4', { key: KEYS.client.name, alg: 'ES256' }, ok({ header: { alg: 'ES256', typ: 'client-authentication+jwt' }, claims }))
  add('issuer-with-a-path', 'draft-ietf-oauth-rfc7523bis, section 4', { key: KEYS.client.name, alg: 'ES256', issuer: ISSUER + '/tenant' }, ok({ header: { alg: 'ES256', typ: 'client-authentication+jwt' }, claims: { ...claims, aud: ISSUER + '/tenant' } }))
  add('token-endpoint-elsewhere', 'draft-ietf-oauth-rfc7523bis: audience injection', { key: KEYS.client.name, alg: 'ES256', token_endpoint: 'https://evil.example/token' }, ok({ header: { alg: 'ES256', typ: 'client-authentication+jwt' }, claims }))
  add('symmetric', 'client_secret_jwt does not exist here', { key: KEYS.client.name, alg: 'HS256' }, no('configuration-invalid'))
  add('none', 'RFC 7523, section 3', { key: KEYS.client.name, alg: 'none' }, no('configuration-invalid'))
  done()
}
{
  const { add, done } = kind('request-object', 'A signed authorization request (RFC 9101): all parameters are claims.', { client_id: CLIENT, issuer: ISSUER, now: NOW, jti: 'request-1', alg: 'ES256', kid: 'client-1', parameters: { response_type: 'code', client_id: CLIENT, state: STATE, max_age: '300' } })
  const claims = { response_type: 'code', client_id: CLIENT, state: STATE, max_age: '300', iss: CLIENT, aud: ISSUER, jti: 'request-1', iat: NOW, nbf: NOW, exp: NOW + 300 }
  add('plain', 'RFC 9101, section 4; FAPI 2.0 Message Signing, section 5.3.1', {}, ok({ header: { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: 'client-1' }, claims }))
  add('a-parameter-can-not-replace-a-claim', 'RFC 9101, section 4', { parameters: { client_id: CLIENT, aud: 'https://evil.example', iss: 'mallory' } }, ok({ header: { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: 'client-1' }, claims: { ...claims, response_type: undefined, state: undefined, max_age: undefined } }))
  add('symmetric', 'RFC 9101, section 10.2', { alg: 'HS256' }, no('configuration-invalid'))
  done()
}
{
  const { add, done } = kind('dpop-request', 'The DPoP proof that is sent: header without the key, and claims.', { now: NOW, jti: 'proof-1', method: 'POST', url: `${ISSUER}/token`, alg: 'ES256' })
  const claims = { jti: 'proof-1', htm: 'POST', htu: `${ISSUER}/token`, iat: NOW }, header = { typ: 'dpop+jwt', alg: 'ES256' }
  add('token-request', 'RFC 9449, section 5', {}, ok({ header, claims }))
  add('with-nonce', 'RFC 9449, section 8', { nonce: 'server-nonce' }, ok({ header, claims: { ...claims, nonce: 'server-nonce' } }))
  add('with-access-token', 'RFC 9449, section 7', { access_token: 'bound-access-token' }, ok({ header, claims: { ...claims, ath: hashOf('bound-access-token') } }))
  add('url-with-query-and-fragment', 'RFC 9449, section 4.2: without', { url: 'https://api.example/orders?page=2#x' }, ok({ header, claims: { ...claims, htu: 'https://api.example/orders' } }))
  done()
}
{
  const { add, done } = kind('end-session', 'The URL of an RP-initiated logout.', { endpoint: `${ISSUER}/end`, client_id: CLIENT, post_logout_redirect_uri: 'https://orders.example.org/' })
  add('with-hint', 'OpenID Connect RP-Initiated Logout, section 2', { id_token_hint: 'a.b.c' }, ok({ url: `${ISSUER}/end?client_id=orders&id_token_hint=a.b.c&post_logout_redirect_uri=https%3A%2F%2Forders.example.org%2F` }))
  add('without-hint', 'OpenID Connect RP-Initiated Logout, section 2', {}, ok({ url: `${ISSUER}/end?client_id=orders&post_logout_redirect_uri=https%3A%2F%2Forders.example.org%2F` }))
  done()
}

// --- What comes back
{
  const given = { state: STATE, issuer: ISSUER, iss_required: true }
  const { add, done } = kind('authorization-response', 'The query of a callback, for the sign-in that was begun with `state` at `issuer`. Checked in the order: length, form, parameters twice, JARM, state, issuer, error, tokens, code.', given)
  const q = (id, why, query, expect, more = {}) => add(id, why, { query, ...more }, typeof expect === 'string' ? no(expect) : expect ?? ok({ code: 'abc' }))
  const iss = `iss=${encodeURIComponent(ISSUER)}`, state = `state=${STATE}`
  q('good', 'RFC 6749, section 4.1.2', `code=abc&${state}&${iss}`)
  q('another-order', 'RFC 6749, section 4.1.2', `${iss}&${state}&code=abc`)
  q('unknown-parameters', 'RFC 6749, section 4.1.2: ignored', `code=abc&${state}&${iss}&session_state=x&foo=1&foo=2`)
  q('question-mark-in-front', 'a framework may leave it', `?code=abc&${state}&${iss}`)
  q('escaped-code', 'RFC 6749, appendix B', `code=a%2Fb%2Bc&${state}&${iss}`, ok({ code: 'a/b+c' }))
  q('empty', 'RFC 9700, section 4.7', '', 'state-missing')
  q('state-absent', 'RFC 9700, section 4.7', `code=abc&${iss}`, 'state-missing')
  q('state-empty', 'RFC 9700, section 4.7', `code=abc&state=&${iss}`, 'state-missing')
  q('state-without-value', 'RFC 9700, section 4.7', `code=abc&state&${iss}`, 'state-missing')
  q('state-other', 'RFC 9700, section 4.7', `code=abc&state=${STATE.slice(0, -1)}x&${iss}`, 'state-mismatch')
  q('state-prefix', 'RFC 9700, section 4.7', `code=abc&state=${STATE.slice(0, -1)}&${iss}`, 'state-mismatch')
  q('state-in-another-case', 'RFC 9700, section 4.7', `code=abc&state=${STATE.toLowerCase()}&${iss}`, 'state-mismatch')
  q('state-with-a-space-behind', 'RFC 9700, section 4.7', `code=abc&state=${STATE}+&${iss}`, 'state-mismatch')
  for (const name of ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response', 'access_token', 'id_token', 'token_type', 'expires_in']) {
    const value = { state: STATE, iss: encodeURIComponent(ISSUER) }[name] ?? 'abc', rest = { code: [state, iss], state: ['code=abc', iss], iss: ['code=abc', state] }[name] ?? ['code=abc', state, iss]
    q(`${name}-twice`, 'RFC 6749, section 3.1', [`${name}=${value}`, ...rest, `${name}=${value}`].join('&'), 'parameter-repeated')
  }
  q('code-twice-once-escaped', 'RFC 6749, section 3.1', `code=abc&%63ode=def&${state}&${iss}`, 'parameter-repeated')
  q('iss-absent', 'RFC 9207, section 2.4', `code=abc&${state}`, 'iss-missing')
  q('iss-empty', 'RFC 9207, section 2.4', `code=abc&${state}&iss=`, 'iss-mismatch')
  q('iss-other', 'RFC 9207, section 2.4', `code=abc&${state}&iss=https%3A%2F%2Fother.example`, 'iss-mismatch')
  q('iss-with-a-slash', 'RFC 9207, section 2.4: simple string comparison', `code=abc&${state}&${iss}%2F`, 'iss-mismatch')
  q('iss-in-another-case', 'RFC 9207, section 2.4', `code=abc&${state}&iss=https%3A%2F%2FID.example.org`, 'iss-mismatch')
  q('iss-absent-and-not-announced', 'RFC 9207, section 2.4', `code=abc&${state}`, null, { iss_required: false })
  q('iss-other-and-not-announced', 'RFC 9207, section 2.4: compared whenever it is there', `code=abc&${state}&iss=https%3A%2F%2Fother.example`, 'iss-mismatch', { iss_required: false })
  q('iss-there-and-not-announced', 'RFC 9207, section 2.4', `code=abc&${state}&${iss}`, null, { iss_required: false })
  q('error', 'RFC 6749, section 4.1.2.1', `error=access_denied&${state}&${iss}`, 'provider-error')
  q('error-with-script', 'RFC 6749, section 4.1.2.1: never shown', `error=access_denied&error_description=%3Cscript%3Ealert(1)%3C%2Fscript%3E&${state}&${iss}`, 'provider-error')
  q('error-empty', 'RFC 6749, section 4.1.2.1', `error=&code=abc&${state}&${iss}`, 'provider-error')
  q('error-and-code', 'RFC 6749, section 4.1.2.1: an error wins', `error=access_denied&code=abc&${state}&${iss}`, 'provider-error')
  q('error-without-state', 'RFC 6749, section 4.1.2.1', `error=access_denied&${iss}`, 'state-missing')
  q('error-without-iss', 'RFC 9207, section 2.4: errors too', `error=access_denied&${state}`, 'iss-missing')
  q('error-of-another-issuer', 'RFC 9207, section 2.4: errors too', `error=access_denied&${state}&iss=https%3A%2F%2Fother.example`, 'iss-mismatch')
  for (const name of ['access_token', 'id_token', 'token_type', 'expires_in']) {
    q(`${name}-instead-of-code`, 'OAuth 2.1, section 10', `${name}=abc&${state}&${iss}`, 'token-in-front-channel')
    q(`${name}-beside-code`, 'OAuth 2.1, section 10', `code=abc&${name}=abc&${state}&${iss}`, 'token-in-front-channel')
  }
  q('jarm', 'JARM: not used, so not accepted', 'response=a.b.c', 'response-mode-unsupported')
  q('code-absent', 'RFC 6749, section 4.1.2', `${state}&${iss}`, 'code-missing')
  q('code-empty', 'RFC 6749, section 4.1.2', `code=&${state}&${iss}`, 'code-missing')
  q('code-with-a-line-end', 'RFC 6749, appendix A.11', `code=a%0Ab&${state}&${iss}`, 'code-malformed')
  q('code-not-ascii', 'RFC 6749, appendix A.11', `code=%C3%BC&${state}&${iss}`, 'code-malformed')
  q('code-with-nul', 'RFC 6749, appendix A.11', `code=a%00&${state}&${iss}`, 'code-malformed')
  q('code-as-long-as-allowed', 'limits.code_chars', `code=${'c'.repeat(2048)}&${state}&${iss}`, ok({ code: 'c'.repeat(2048) }))
  q('code-too-long', 'limits.code_chars', `code=${'c'.repeat(2049)}&${state}&${iss}`, 'code-malformed')
  q('query-too-long', 'limits.query_bytes', `code=abc&${state}&${iss}&x=${'x'.repeat(16384)}`, 'query-too-long')
  for (const [id, text] of [['percent-cut', 'code=abc%'], ['percent-of-one-digit', 'code=abc%4'], ['percent-of-no-digits', 'code=%zz'], ['not-utf-8', 'code=%ff'], ['overlong-utf-8', 'code=%c0%af'], ['surrogate', 'code=%ed%a0%80'], ['raw-bytes', 'code=\u00fc'], ['raw-space', 'code=a b']]) q(`form-${id}`, 'RFC 6749, appendix B', `${text}&${state}&${iss}`, 'query-malformed')
  done()
}
{
  const { add, done } = kind('mix-up', 'Two providers, one redirect URI. `attempts` maps a state to the issuer that the sign-in began at; `iss` may be announced by none, one or both. Says which provider\'s token endpoint gets the code.',
    { attempts: { [STATE]: 'https://honest.example', ['B' + STATE.slice(1)]: 'https://evil.example' }, iss_required: { 'https://honest.example': true, 'https://evil.example': true } })
  const at = (iss, state = STATE) => `code=abc&state=${state}${iss ? `&iss=${encodeURIComponent(iss)}` : ''}`
  add('honest', 'RFC 9700, section 4.4', { query: at('https://honest.example') }, ok({ issuer: 'https://honest.example', code: 'abc' }))
  add('begun-at-the-honest-answered-by-the-evil', 'RFC 9700, section 4.4', { query: at('https://evil.example') }, no('iss-mismatch'))
  add('begun-at-the-evil-answered-by-the-honest', 'RFC 9700, section 4.4: the code would go to the evil one', { query: at('https://honest.example', 'B' + STATE.slice(1)) }, no('iss-mismatch'))
  add('evil-keeps-silent', 'RFC 9207, section 2.4', { query: at(null, 'B' + STATE.slice(1)) }, no('iss-missing'))
  add('honest-announces-nothing-but-answers', 'RFC 9207, section 2.4', { query: at('https://honest.example', 'B' + STATE.slice(1)), iss_required: {} }, no('iss-mismatch'))
  add('evil-announces-nothing', 'RFC 9700, section 4.4: the code goes where the sign-in began, never elsewhere', { query: at(null), iss_required: {} }, ok({ issuer: 'https://honest.example', code: 'abc' }))
  add('state-of-nobody', 'RFC 9700, section 4.7', { query: at('https://honest.example', 'C' + STATE.slice(1)) }, no('attempt-unknown'))
  add('iss-of-nobody', 'RFC 9207, section 2.4', { query: at('https://third.example') }, no('iss-mismatch'))
  add('issuer-differs-by-a-slash', 'RFC 9207, section 2.4', { query: at('https://honest.example/') }, no('iss-mismatch'))
  add('error-of-the-evil', 'RFC 9207, section 2.4', { query: `error=access_denied&state=${STATE}&iss=https%3A%2F%2Fevil.example` }, no('iss-mismatch'))
  add('state-is-a-member-of-every-object', 'CWE-1321', { query: 'code=abc&state=__proto__' }, no('attempt-unknown'))
  done()
}
{
  const { add, done } = kind('push-response', 'The answer of a pushed authorization request (RFC 9126, section 2.2).', { status: 201, content_type: 'application/json' })
  const uri = 'urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c'
  const t = (id, why, body, expect, more = {}) => add(id, why, { body: typeof body === 'string' ? body : JSON.stringify(body), ...more }, typeof expect === 'string' ? no(expect) : ok({ request_uri: uri }))
  t('good', 'RFC 9126, section 2.2', { request_uri: uri, expires_in: 60 })
  t('status-200', 'RFC 9126, section 2.2: some answer so', { request_uri: uri, expires_in: 60 }, null, { status: 200 })
  t('request-uri-absent', 'RFC 9126, section 2.2', { expires_in: 60 }, 'endpoint-malformed')
  t('request-uri-javascript', 'it is a name, and goes into a query', { request_uri: 'javascript:alert(1)', expires_in: 60 }, 'endpoint-malformed')
  t('request-uri-with-a-space', 'RFC 3986', { request_uri: uri + ' x', expires_in: 60 }, 'endpoint-malformed')
  t('request-uri-https', 'RFC 9126, section 2.2: the server chooses the form', { request_uri: uri }, 'expires-in-malformed')
  t('expires-in-text', 'RFC 9126, section 2.2', { request_uri: uri, expires_in: '60' }, 'expires-in-malformed')
  t('error', 'RFC 9126, section 2.3', { error: 'invalid_request' }, 'token-endpoint-error', { status: 400 })
  t('html', 'RFC 9126, section 2.2', '<html>', 'content-type-unexpected', { content_type: 'text/html' })
  done()
}
{
  const given = { status: 200, content_type: 'application/json', token_type: 'Bearer', needs_id_token: true, granted: ['openid', 'read'], grant: 'authorization_code' }
  const good = { access_token: 'at-1', token_type: 'Bearer', expires_in: 600, refresh_token: 'rt-1', id_token: 'a.b.c', scope: 'openid read' }
  const { add, done } = kind('token-response', 'An answer of the token endpoint. `token_type` is what was asked for, `granted` the scope so far. Checked in the order: status, media type, form, token_type, access_token, id_token, refresh_token, expires_in, scope. An absent scope means that nothing changed.', given)
  const t = (id, why, change, expect, more = {}) => add(id, why, { body: typeof change === 'string' ? change : JSON.stringify({ ...good, ...change }), ...more }, typeof expect === 'string' ? no(expect) : ok(expect ?? { access_token: 'at-1', refresh_token: 'rt-1', id_token: 'a.b.c', expires_in: 600, scopes: ['openid', 'read'] }))
  t('good', 'RFC 6749, section 5.1', {})
  t('media-type-with-parameters', 'RFC 9110, section 8.3.1', {}, null, { content_type: 'Application/JSON; charset=UTF-8' })
  t('media-type-html', 'RFC 6749, section 5.1', {}, 'content-type-unexpected', { content_type: 'text/html' })
  t('media-type-absent', 'RFC 6749, section 5.1', {}, 'content-type-unexpected', { content_type: '' })
  t('media-type-of-a-jwt', 'RFC 6749, section 5.1', {}, 'content-type-unexpected', { content_type: 'application/jwt' })
  t('media-type-that-begins-alike', 'RFC 9110, section 8.3.1', {}, 'content-type-unexpected', { content_type: 'application/json-seq' })
  t('status-201', 'RFC 6749, section 5.1', {}, 'http-status', { status: 201 })
  t('status-500-html', 'RFC 6749, section 5.2', '<html>oops</html>', 'http-status', { status: 500, content_type: 'text/html' })
  t('status-307', 'a token request follows no redirect', '', 'redirect-refused', { status: 307, content_type: '' })
  t('status-302', 'a token request follows no redirect', '', 'redirect-refused', { status: 302, content_type: '' })
  t('error', 'RFC 6749, section 5.2', { error: 'invalid_client' }, 'token-endpoint-error', { status: 401 })
  t('error-invalid-grant', 'RFC 6749, section 5.2', { error: 'invalid_grant' }, 'grant-invalid', { status: 400 })
  t('error-with-status-200', 'RFC 6749, section 5.2: seen in the wild', { error: 'invalid_grant' }, 'grant-invalid')
  t('error-is-no-text', 'RFC 6749, section 5.2', { error: { a: 1 } }, 'http-status', { status: 400 })
  for (const [id, text] of [['list', '[]'], ['empty', ''], ['form', 'access_token=at-1&token_type=Bearer'], ['member-twice', '{"access_token":"a","access_token":"b","token_type":"Bearer"}']]) t(`body-${id}`, 'RFC 6749, section 5.1', text, 'json-malformed')
  t('token-type-in-lower-case', 'RFC 6749, section 7.1: case-insensitive', { token_type: 'bearer' })
  t('token-type-mac', 'RFC 6749, section 7.1', { token_type: 'mac' }, 'token-type-mismatch')
  t('token-type-absent', 'RFC 6749, section 5.1', { token_type: undefined }, 'token-type-mismatch')
  t('token-type-list', 'RFC 6749, section 5.1', { token_type: ['Bearer'] }, 'token-type-mismatch')
  t('token-type-dpop-not-asked-for', 'RFC 9449, section 5', { token_type: 'DPoP' }, 'token-type-mismatch')
  t('token-type-bearer-although-dpop-asked-for', 'RFC 9449, section 5: no downgrade', {}, 'token-type-mismatch', { token_type: 'DPoP' })
  t('token-type-dpop', 'RFC 9449, section 5', { token_type: 'dpop' }, null, { token_type: 'DPoP' })
  t('access-token-absent', 'RFC 6749, section 5.1', { access_token: undefined }, 'access-token-missing')
  t('access-token-empty', 'RFC 6749, section 5.1', { access_token: '' }, 'access-token-missing')
  t('access-token-number', 'RFC 6749, section 5.1', { access_token: 1 }, 'access-token-missing')
  t('access-token-with-a-line-end', 'RFC 6750, section 2.1: it goes into a header', { access_token: 'a\r\nx: y' }, 'access-token-malformed')
  t('access-token-with-a-space', 'RFC 6750, section 2.1', { access_token: 'a b' }, 'access-token-malformed')
  t('id-token-absent', 'OpenID Connect Core, section 3.1.3.3', { id_token: undefined }, 'id-token-missing')
  t('id-token-null', 'OpenID Connect Core, section 3.1.3.3', { id_token: null }, 'id-token-missing')
  t('id-token-absent-in-a-refresh', 'OpenID Connect Core, section 12.2: optional', { id_token: undefined }, { access_token: 'at-1', refresh_token: 'rt-1', expires_in: 600, scopes: ['openid', 'read'] }, { grant: 'refresh_token', needs_id_token: false })
  t('refresh-token-absent', 'RFC 6749, section 5.1: optional', { refresh_token: undefined }, { access_token: 'at-1', id_token: 'a.b.c', expires_in: 600, scopes: ['openid', 'read'] })
  t('refresh-token-empty', 'RFC 6749, section 5.1', { refresh_token: '' }, 'refresh-token-malformed')
  t('refresh-token-number', 'RFC 6749, section 5.1', { refresh_token: 1 }, 'refresh-token-malformed')
  t('expires-in-absent', 'RFC 6749, section 5.1: optional', { expires_in: undefined }, { access_token: 'at-1', refresh_token: 'rt-1', id_token: 'a.b.c', scopes: ['openid', 'read'] })
  t('expires-in-text', 'RFC 6749, section 5.1', { expires_in: '600' }, 'expires-in-malformed')
  t('expires-in-negative', 'RFC 6749, section 5.1', { expires_in: -1 }, 'expires-in-malformed')
  t('scope-absent', 'RFC 6749, section 5.1: as asked for', { scope: undefined })
  t('scope-narrowed', 'RFC 6749, section 3.3', { scope: 'openid' }, { access_token: 'at-1', refresh_token: 'rt-1', id_token: 'a.b.c', expires_in: 600, scopes: ['openid'] })
  t('scope-wider-at-sign-in', 'RFC 6749, section 3.3: the server decides', { scope: 'openid read write' }, { access_token: 'at-1', refresh_token: 'rt-1', id_token: 'a.b.c', expires_in: 600, scopes: ['openid', 'read', 'write'] })
  t('scope-wider-in-a-refresh', 'RFC 6749, section 6', { scope: 'openid read write' }, 'scope-widened', { grant: 'refresh_token' })
  t('scope-narrowed-in-a-refresh', 'RFC 6749, section 6', { scope: 'read' }, { access_token: 'at-1', refresh_token: 'rt-1', id_token: 'a.b.c', expires_in: 600, scopes: ['read'] }, { grant: 'refresh_token' })
  t('scope-list', 'RFC 6749, section 3.3', { scope: ['openid'] }, 'scope-malformed')
  t('scope-with-two-spaces', 'RFC 6749, section 3.3', { scope: 'openid  read' }, 'scope-malformed')
  t('scope-empty', 'RFC 6749, section 3.3', { scope: '' }, { access_token: 'at-1', refresh_token: 'rt-1', id_token: 'a.b.c', expires_in: 600, scopes: [] })
  t('unknown-members', 'RFC 6749, section 5.1: ignored', { foo: 1, ext_expires_in: 3 })
  done()
}
{
  const before = { iss: ISSUER, sub: 'alice', nonce: NONCE, auth_time: NOW - 5000, sid: 'session-1' }
  const given = { jwks: { keys: [KEYS.rsa.jwk] }, algorithms: ['RS256'], now: NOW, issuer: ISSUER, client_id: CLIENT, before }
  const claims = { iss: ISSUER, aud: CLIENT, sub: 'alice', iat: NOW - 5, exp: NOW + 600 }
  const { add, done } = kind('refreshed-id-token', 'An ID token in the answer of a refresh (OpenID Connect Core, section 12.2), for the session `before`. As `id-token`, but the nonce may be absent, and then: sub as before, auth_time as before where both are there.', given)
  const t = (id, why, change, reason, key = KEYS.rsa, head = {}) => add(id, why, { token: jwt({ alg: 'RS256', kid: 'rsa-1', ...head }, { ...claims, ...change }, key) }, reason ? no(reason) : ok({ sub: 'alice' }))
  const C = 'OpenID Connect Core, section 12.2'
  t('good', C, {})
  t('same-nonce', C + ': should be absent, may be the same', { nonce: NONCE })
  t('other-nonce', C, { nonce: 'other' }, 'nonce-mismatch')
  t('nonce-is-a-list', C, { nonce: [NONCE] }, 'nonce-mismatch')
  t('sub-changed', C, { sub: 'mallory' }, 'sub-mismatch')
  t('sub-in-another-case', C, { sub: 'Alice' }, 'sub-mismatch')
  t('sub-absent', C, { sub: undefined }, 'sub-missing')
  t('iss-changed', C, { iss: 'https://other.example' }, 'iss-mismatch')
  t('aud-changed', C, { aud: 'another-client' }, 'aud-mismatch')
  t('aud-widened', C, { aud: [CLIENT, 'another-client'] }, 'azp-missing')
  t('azp-of-another', C, { azp: 'another-client' }, 'azp-mismatch')
  t('same-auth-time', C, { auth_time: NOW - 5000 })
  t('other-auth-time', C + ': of the original authentication', { auth_time: NOW }, 'auth-time-changed')
  t('expired', C, { exp: NOW - 61 }, 'expired')
  t('old', C + ': iat is when the new token was issued', { iat: NOW - 661 }, 'iat-too-old')
  t('signed-by-a-stranger', C, {}, 'signature-invalid', KEYS.stranger)
  t('unsigned', C, {}, 'alg-not-allowed', null, { alg: 'none' })
  done()
}
{
  const { add, done } = kind('userinfo', 'An answer of the userinfo endpoint for the subject of the ID token.', { status: 200, content_type: 'application/json', sub: 'alice' })
  const t = (id, why, body, expect, more = {}) => add(id, why, { body: typeof body === 'string' ? body : JSON.stringify(body), ...more }, typeof expect === 'string' ? no(expect) : ok({ claims: body }))
  t('good', 'OpenID Connect Core, section 5.3.2', { sub: 'alice', name: '<img src=x onerror=alert(1)>' })
  t('sub-other', 'OpenID Connect Core, section 5.3.2', { sub: 'mallory' }, 'sub-mismatch')
  t('sub-absent', 'OpenID Connect Core, section 5.3.2', { name: 'Alice' }, 'sub-mismatch')
  t('sub-list', 'OpenID Connect Core, section 5.3.2', { sub: ['alice'] }, 'sub-mismatch')
  t('sub-in-another-case', 'OpenID Connect Core, section 5.3.2: exactly', { sub: 'Alice' }, 'sub-mismatch')
  t('sub-twice', 'RFC 8259, section 4', '{"sub":"mallory","sub":"alice"}', 'json-malformed')
  t('status-401', 'OpenID Connect Core, section 5.3.3', { sub: 'alice' }, 'http-status', { status: 401 })
  t('status-302', 'the access token follows no redirect', '', 'redirect-refused', { status: 302 })
  t('a-jwt', 'signed answers are not asked for', 'a.b.c', 'content-type-unexpected', { content_type: 'application/jwt' })
  done()
}
{
  const { add, done } = kind('jwks-cache', 'When keys are fetched. Each step asks for a key at a time; `fetch` says whether that causes a fetch, whose answer is `published` at that time (null: it fails); `found` whether the key is had in the end. All fetches come out of one bucket of lifetimes.jwks_burst, which gains one in lifetimes.jwks_refill_seconds; a fetch that ended less than lifetimes.jwks_interval_seconds ago is not repeated for an unknown key. Time is in seconds.', {})
  const play = (id, why, published, steps, summary) => add(id, why, { published, steps: steps.map(([at, kid]) => ({ at, kid })) }, ok({ steps: steps.map(([, , fetch, found]) => ({ fetch, found })), ...summary }))
  const P = (...list) => list.map(([from, kids]) => ({ from, kids }))
  play('lazy-and-kept', 'nothing is fetched before it is needed, and not again while fresh', P([0, ['a']]), [[0, 'a', true, true], [1, 'a', false, true], [599, 'a', false, true]])
  play('not-fresh-any-more', 'lifetimes.jwks_fresh_seconds', P([0, ['a']]), [[0, 'a', true, true], [600, 'a', true, true], [601, 'a', false, true]])
  play('removed-key', 'OpenID Connect Core, section 10.1.1: gone once the set is fetched again', P([0, ['a']], [100, ['b']]), [[0, 'a', true, true], [599, 'a', false, true], [600, 'a', true, false]])
  play('rotation', 'OpenID Connect Core, section 10.1.1: a new key is usable within two seconds', P([0, ['a']], [10, ['b']]), [[0, 'a', true, true], [10, 'b', true, true], [11, 'b', false, true]])
  play('rotation-right-after-a-fetch', 'lifetimes.jwks_interval_seconds', P([0, ['a']], [0.5, ['b']]), [[0, 'a', true, true], [0.5, 'b', false, false], [1, 'b', true, true]])
  play('flood', 'five fetches at most in half a minute of forged tokens: four at once and one in twenty seconds', P([0, ['a']]), [[0, 'a', true, true], ...Array.from({ length: 29 }, (_, i) => [i + 1, `forged-${i}`, i < 3 || i + 1 === 20, false])])
  play('flood-within-a-second', 'lifetimes.jwks_interval_seconds', P([0, ['a']]), [[0, 'a', true, true], ...Array.from({ length: 20 }, (_, i) => [0.01 * (i + 1), `forged-${i}`, false, false])])
  play('known-keys-during-a-flood', 'a flood takes nothing from those who are well', P([0, ['a']]), [[0, 'a', true, true], [1, 'x', true, false], [2, 'y', true, false], [3, 'z', true, false], [4, 'q', false, false], [5, 'a', false, true]])
  play('bucket-refills', 'lifetimes.jwks_refill_seconds', P([0, ['a']], [20, ['b']]), [[0, 'a', true, true], [1, 'x', true, false], [2, 'x', true, false], [3, 'x', true, false], [19, 'x', false, false], [20, 'b', true, true]])
  play('stale-if-error', 'lifetimes.jwks_stale_seconds', P([0, ['a']], [500, null]), [[0, 'a', true, true], [700, 'a', true, true], [86000, 'a', true, true], [86400, 'a', true, false]])
  play('a-failing-provider-is-not-hammered', 'lifetimes.jwks_refill_seconds', P([0, null]), [[0, 'a', true, false], [0.5, 'a', false, false], [1, 'a', true, false], [2, 'a', true, false], [3, 'a', true, false], [4, 'a', false, false], [5, 'a', false, false], [19, 'a', false, false], [20, 'a', true, false]])
  play('comes-back', 'after a failure', P([0, null], [2, ['a']]), [[0, 'a', true, false], [2, 'a', true, true], [3, 'a', false, true]])
  play('fresh-set-survives-a-failed-refetch', 'an unknown key and a provider that is down', P([0, ['a']], [5, null]), [[0, 'a', true, true], [10, 'x', true, false], [11, 'a', false, true]])
  done()
}
{
  const { add, done } = kind('client-metadata', 'The pinned list of algorithms that a configuration asks for.', {})
  add('default', 'algorithms.default', {}, ok({ algorithms: ['ES256', 'PS256', 'RS256', 'EdDSA', 'Ed25519'] }))
  add('one', 'RFC 8725, section 3.1', { algorithms: ['ES384'] }, ok({ algorithms: ['ES384'] }))
  for (const [id, algorithms] of [['none', ['none']], ['symmetric', ['HS256']], ['mixed', ['RS256', 'HS256']], ['empty', []], ['star', ['*']], ['lower-case', ['rs256']]]) add(id, 'RFC 8725, section 3.1', { algorithms }, no('configuration-invalid'))
  done()
}
