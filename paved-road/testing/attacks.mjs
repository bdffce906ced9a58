// Attacks on a service that uses the library, in any language: keys, API, back-channel logout, mix-up, refresh, redirects, requests.
//   node paved-road/testing/attacks.mjs [--only WORD] -- COMMAND …       (the contract is in paved-road/testing/README.md)
import { Browser, sleep, startApp } from './browser.mjs'
import { ath, EVENT, jkt, KEYS, newEcKey, now, proof, startProvider } from './provider.mjs'

const cut = process.argv.indexOf('--'), command = process.argv.slice(cut + 1)
const only = process.argv[process.argv.indexOf('--only') + 1], isOnly = process.argv.includes('--only')
if (cut < 0 || command.length === 0) { console.error('usage: attacks.mjs [--only WORD] -- COMMAND …'); process.exit(2) }

const CASES = []
const add = (name, run, setup) => CASES.push({ name, run, setup })
/** Nobody is signed in afterwards, and it does not take long. */
const refusedSignIn = async ({ app }) => {
  const browser = new Browser(), start = Date.now(), last = await app.signIn(browser)
  return await app.who(browser) === null && !app.isDead && Date.now() - start < 14000 || `answered ${last.status}, ${await app.who(browser)}, ${Date.now() - start} ms`
}
const signedIn = async (app, query) => { const browser = new Browser(); await app.signIn(browser, query); return browser }
const good = async (app) => await app.who(await signedIn(app)) === 'alice'

// --- Keys
for (const how of ['endless', 'hang', 'trickle', 'redirect', 'error']) add(`keys/${how}`, refusedSignIn, { jwks: how })
add('keys/redirect-not-followed', async ({ app, one }) => { await app.signIn(new Browser()); return one.count('/canary') === 0 }, { jwks: 'redirect' })
add('keys/symmetric-key-published', refusedSignIn, { moreKeys: [{ kty: 'oct', k: Buffer.from('published').toString('base64url'), kid: 'oct', alg: 'HS256', use: 'sig' }], idToken: { header: { alg: 'HS256', kid: 'oct' }, secret: 'published' }, metadata: { id_token_signing_alg_values_supported: ['HS256', 'RS256'] } })
add('keys/algorithms-not-taken-from-metadata', refusedSignIn, { idToken: { header: { alg: 'none' } }, metadata: { id_token_signing_alg_values_supported: ['none', 'RS256'] } })
add('keys/hs256-announced', async ({ app, one }) => { one.options.idToken = { header: { alg: 'HS256', kid: null }, secret: one.clientSecret }; return refusedSignIn({ app }) }, { metadata: { id_token_signing_alg_values_supported: ['HS256', 'RS256'] } })
add('keys/private-key-published', refusedSignIn, { published: [], moreKeys: [KEYS.good.privateKey.export({ format: 'jwk' })].map((jwk) => ({ ...jwk, kid: 'k1', use: 'sig', alg: 'RS256' })) })
add('keys/weak', refusedSignIn, { published: ['weak'], signer: 'weak' })
add('keys/encryption-key', refusedSignIn, { published: [], moreKeys: [{ ...KEYS.good.jwk, use: 'enc' }] })
add('keys/flood-of-sign-ins', async ({ app, one }) => {
  await app.signIn(new Browser())
  one.options.idToken = { key: 'stranger', header: { kid: 'no-such-key' } }
  const start = Date.now()
  for (let i = 0; i < 30; i++) await app.signIn(new Browser())
  // Four at once, and one in twenty seconds: on a slow machine thirty sign-ins take longer.
  return one.count('/jwks') <= Math.max(5, 4 + Math.ceil((Date.now() - start) / 20000)) || `${one.count('/jwks')} fetches`
})
add('keys/flood-of-api-calls', async ({ app, one }) => {
  const forged = Array.from({ length: 200 }, (_, i) => one.accessToken({ key: 'stranger', header: { kid: `forged-${i}` } }))
  await Promise.all(forged.map((token) => app.api(token)))
  return one.count('/jwks') <= 5 && (await app.api(one.accessToken())).status === 200 || `${one.count('/jwks')} fetches`
})
add('keys/rotation', async ({ app, one }) => { if (!await good(app)) return 'no sign-in'; one.options = { published: ['next'], signer: 'next' }; await sleep(1100); return good(app) })
add('keys/come-back-after-an-outage', async ({ app, one }) => { await app.signIn(new Browser()); one.options = {}; await sleep(1100); return good(app) }, { jwks: 'error' })
add('discovery/comes-back-after-an-outage', async ({ app, one }) => { await app.signIn(new Browser()); one.options = {}; await sleep(1100); return good(app) }, { discovery: 'error' })
for (const how of ['hang', 'trickle', 'endless', 'redirect']) add(`discovery/${how}`, refusedSignIn, { discovery: how })
for (const how of ['hang', 'trickle', 'endless', 'redirect', 'error']) add(`token/${how}`, refusedSignIn, { token: how })

// --- The API
const api = (name, status, change, headers) => add(`api/${name}`, async ({ app, one }) => { const answer = await app.api(one.accessToken(change?.(one)), headers); return answer.status === status && (status === 200 || /^Bearer/.test(answer.headers['www-authenticate'])) || `answered ${answer.status}` })
api('good', 200)
api('unsigned', 401, () => ({ header: { alg: 'none' } }))
api('hs256-with-the-public-key-as-pem', 401, () => ({ header: { alg: 'HS256' }, secret: KEYS.good.publicKey.export({ type: 'spki', format: 'pem' }) }))
api('hs256-with-the-public-key-as-jwk', 401, () => ({ header: { alg: 'HS256' }, secret: JSON.stringify(KEYS.good.jwk) }))
api('hs256-with-the-client-secret', 401, (one) => ({ header: { alg: 'HS256', kid: null }, secret: one.clientSecret }))
api('signed-by-a-stranger', 401, () => ({ key: 'stranger' }))
api('brings-its-key', 401, () => ({ key: 'stranger', header: { jwk: KEYS.stranger.jwk } }))
api('type-jwt', 401, () => ({ header: { typ: 'JWT' } }))
api('type-absent', 401, () => ({ header: { typ: null } }))
api('type-application', 200, () => ({ header: { typ: 'application/at+jwt' } }))
api('critical-header', 401, () => ({ header: { crit: ['x'], x: 1 } }))
for (const [name, claims] of Object.entries({ 'issuer-other': { iss: 'https://other.example' }, 'audience-other': { aud: 'https://other.example' }, 'audience-is-the-client': { aud: 'rp' }, 'expired': { exp: now() - 900 }, 'not-yet-valid': { nbf: now() + 900 }, 'issued-in-the-future': { iat: now() + 900 } })) api(name, 401, () => ({ claims }))
for (const name of ['iss', 'aud', 'exp', 'iat', 'sub', 'client_id', 'jti']) api(`${name}-absent`, 401, () => ({ claims: { [name]: null } }))
api('audience-list', 200, () => ({ claims: { aud: ['https://other.example', 'https://api.example'] } }))
api('scope-other', 403, () => ({ claims: { scope: 'write' } }))
api('scope-absent', 403, () => ({ claims: { scope: null } }))
api('bound-to-a-key-used-as-bearer', 401, () => ({ claims: { cnf: { jkt: jkt(newEcKey()) } } }))
api('bound-to-a-certificate-used-as-bearer', 401, () => ({ claims: { cnf: { 'x5t#S256': ath('certificate') } } }))
api('bound-in-an-unknown-way', 401, () => ({ claims: { cnf: { kid: 'x' } } }))
add('api/id-token', async ({ app, one }) => (await app.api(one.idToken({ nonce: 'n' }))).status === 401)
add('api/no-token', async ({ app }) => { const a = await app.api(null); return a.status === 401 && /resource_metadata="http/.test(a.headers['www-authenticate']) && !/error=/.test(a.headers['www-authenticate']) })
add('api/scope-is-named', async ({ app, one }) => /error="insufficient_scope", scope="read"/.test((await app.api(one.accessToken({ claims: { scope: 'x' } }))).headers['www-authenticate']))
add('api/token-in-query', async ({ app, one }) => (await app.api(null, {}, `/api/me?access_token=${one.accessToken()}`)).status === 400)
add('api/basic-credentials', async ({ app }) => (await app.api(null, { authorization: 'Basic YTpi' })).status === 400)
add('api/session-cookie-is-no-token', async ({ app }) => (await (await signedIn(app)).request(`${app.base}/api/me`)).status === 401)
add('api/metadata', async ({ app, one }) => { const a = await app.api(null, {}, '/.well-known/oauth-protected-resource'), doc = JSON.parse(a.text); return doc.resource === one.audience && doc.authorization_servers[0] === one.issuer })
const bound = (name, status, make) => add(`api/dpop-${name}`, async ({ app, one }) => {
  const key = newEcKey(), token = one.accessToken({ claims: { cnf: { jkt: jkt(key) } } }), url = `${app.base}/api/me`
  const headers = make({ key, token, url, good: proof(key, { htm: 'GET', htu: url, ath: ath(token) }) })
  const answer = await app.api(null, { authorization: `DPoP ${token}`, ...headers })
  return answer.status === status && (status === 200 || /DPoP|Bearer/.test(answer.headers['www-authenticate'])) || `answered ${answer.status}`
})
bound('good', 200, ({ good: dpop }) => ({ dpop }))
bound('no-proof', 401, () => ({}))
bound('two-proofs', 401, ({ key, token, url, good: one }) => ({ dpop: [one, proof(key, { htm: 'GET', htu: url, ath: ath(token) })] }))
bound('other-key', 401, ({ token, url }) => ({ dpop: proof(newEcKey(), { htm: 'GET', htu: url, ath: ath(token) }) }))
bound('other-method', 401, ({ key, token, url }) => ({ dpop: proof(key, { htm: 'POST', htu: url, ath: ath(token) }) }))
bound('other-url', 401, ({ key, token }) => ({ dpop: proof(key, { htm: 'GET', htu: 'https://api.example/api/me', ath: ath(token) }) }))
bound('other-token', 401, ({ key, url }) => ({ dpop: proof(key, { htm: 'GET', htu: url, ath: ath('another') }) }))
bound('old', 401, ({ key, token, url }) => ({ dpop: proof(key, { htm: 'GET', htu: url, ath: ath(token), iat: now() - 900 }) }))
bound('unsigned', 401, ({ key, token, url }) => ({ dpop: proof(key, { htm: 'GET', htu: url, ath: ath(token) }, { alg: 'none' }) }))
add('api/dpop-replayed', async ({ app, one }) => {
  const key = newEcKey(), token = one.accessToken({ claims: { cnf: { jkt: jkt(key) } } }), headers = { authorization: `DPoP ${token}`, dpop: proof(key, { htm: 'GET', htu: `${app.base}/api/me`, ath: ath(token) }) }
  return (await app.api(null, headers)).status === 200 && (await app.api(null, headers)).status === 401
})
add('api/dpop-with-an-unbound-token', async ({ app, one }) => { const key = newEcKey(), token = one.accessToken(); return (await app.api(null, { authorization: `DPoP ${token}`, dpop: proof(key, { htm: 'GET', htu: `${app.base}/api/me`, ath: ath(token) }) })).status === 401 })

// --- Back-channel logout
const logout = (name, isGood, change, setup) => add(`back-channel/${name}`, async ({ app, one }) => {
  const browser = await signedIn(app)
  const answer = await app.post(new Browser(), '/backchannel-logout', `logout_token=${one.logoutToken(change?.(one))}`, { origin: 'https://id.example', 'sec-fetch-site': 'cross-site' })
  const isOut = await app.who(browser) === null
  return answer.status === (isGood ? 200 : 400) && isOut === isGood && /no-store/.test(answer.headers['cache-control']) || `answered ${answer.status}, signed out: ${isOut}`
}, setup)
logout('by-subject', true)
logout('by-session', true, () => ({ claims: { sub: null, sid: 's-1' } }), { sid: 's-1' })
logout('by-both', true, () => ({ claims: { sid: 's-1' } }), { sid: 's-1' })
logout('type-absent', true, () => ({ header: { typ: null } }))
logout('unsigned', false, () => ({ header: { alg: 'none' } }))
logout('hs256', false, (one) => ({ header: { alg: 'HS256', kid: null }, secret: one.clientSecret }))
logout('signed-by-a-stranger', false, () => ({ key: 'stranger' }))
logout('type-access-token', false, () => ({ header: { typ: 'at+jwt' } }))
for (const [name, claims] of Object.entries({ 'audience-other': { aud: 'x' }, 'issuer-other': { iss: 'https://other.example' }, 'no-events': { events: null }, 'other-event': { events: { x: {} } }, 'event-no-object': { events: { [EVENT]: 1 } }, 'nonce': { nonce: 'n' }, 'expired': { exp: now() - 900 }, 'no-subject': { sub: null }, 'no-id': { jti: null }, 'future': { iat: now() + 900, exp: now() + 999 } })) logout(name, false, () => ({ claims }))
add('back-channel/id-token', async ({ app, one }) => { const browser = await signedIn(app); const answer = await app.post(new Browser(), '/backchannel-logout', `logout_token=${one.idToken({ nonce: 'n' })}`); return answer.status === 400 && await app.who(browser) === 'alice' })
add('back-channel/others-stay', async ({ app, one }) => { const browser = await signedIn(app); one.subject = 'bob'; const bob = await signedIn(app); await app.post(new Browser(), '/backchannel-logout', `logout_token=${one.logoutToken()}`); return await app.who(browser) === 'alice' && await app.who(bob) === null })
add('back-channel/replayed', async ({ app, one }) => { const body = `logout_token=${one.logoutToken()}`; return (await app.post(new Browser(), '/backchannel-logout', body)).status === 200 && (await app.post(new Browser(), '/backchannel-logout', body)).status === 400 })
add('back-channel/no-token', async ({ app }) => (await app.post(new Browser(), '/backchannel-logout', 'a=b')).status === 400)
add('back-channel/two-tokens', async ({ app, one }) => (await app.post(new Browser(), '/backchannel-logout', `logout_token=${one.logoutToken()}&logout_token=${one.logoutToken()}`)).status === 400)
add('back-channel/endless-body', async ({ app }) => (await app.post(new Browser(), '/backchannel-logout', `logout_token=${'a'.repeat(100000)}`)).status === 400)
add('back-channel/by-get', async ({ app, one }) => { const browser = await signedIn(app); await browser.request(`${app.base}/backchannel-logout?logout_token=${one.logoutToken()}`); return await app.who(browser) === 'alice' })

// --- Several providers
add('mix-up/second-provider-works', async ({ app, two }) => { two.subject = 'zoe'; return await app.who(await signedIn(app, '?idp=2')) === 'zoe' })
add('mix-up/evil-sends-on-to-honest', async ({ app, one, two }) => {
  one.options.mixupTo = two
  const browser = await signedIn(app)
  return await app.who(browser) === null && one.count('/token') === 0 && two.count('/token') === 0
})
add('mix-up/honest-names-nobody', async ({ app, one, two }) => {
  two.options.metadata = { authorization_response_iss_parameter_supported: null }
  one.options.mixupTo = two
  const browser = await signedIn(app)
  return await app.who(browser) === null && one.count('/token') === 0
})
add('mix-up/neither-names-itself', async ({ app, one, two }) => {
  for (const provider of [one, two]) provider.options.metadata = { authorization_response_iss_parameter_supported: null }
  const first = new URL((await app.begin(new Browser())).next), second = new URL((await app.begin(new Browser(), '?idp=2')).next)
  return first.pathname !== second.pathname && await app.who(await signedIn(app, '?idp=2')) === 'alice' || `${first.pathname} ${second.pathname}`
})
add('mix-up/callback-of-the-other', async ({ app, one, two }) => {
  for (const provider of [one, two]) provider.options.metadata = { authorization_response_iss_parameter_supported: null }
  const browser = new Browser(), back = new URL((await app.begin(browser)).next), other = new URL((await app.begin(browser, '?idp=2')).next)
  back.pathname = other.pathname
  await browser.follow(back.href)
  return await app.who(browser) === null && one.count('/token') === 0 && two.count('/token') === 0
})
add('mix-up/two-at-once-in-one-browser', async ({ app, two }) => {
  two.subject = 'zoe'
  const browser = new Browser(), first = (await app.begin(browser)).next, second = (await app.begin(browser, '?idp=2')).next
  await browser.follow(first)
  const before = await app.who(browser)
  await browser.follow(second)
  return before === 'alice' && await app.who(browser) === 'zoe'
})
add('mix-up/id-token-of-the-other', async ({ app, one, two }) => { one.options.idToken = { claims: { iss: two.issuer } }; return refusedSignIn({ app }) })
add('mix-up/unknown-provider', async ({ app }) => (await new Browser().request(`${app.base}/login?idp=9`)).status === 400)
add('mix-up/logout-token-of-the-other', async ({ app, two }) => { const browser = await signedIn(app); await app.post(new Browser(), '/backchannel-logout', `logout_token=${two.logoutToken()}`); return await app.who(browser) === 'alice' })

// --- Refresh
const refresh = (name, isSignedInAfter, options, status) => add(`refresh/${name}`, async ({ app, one }) => {
  const browser = await signedIn(app)
  one.options = options
  const answer = await app.post(browser, '/refresh'), isIn = await app.who(browser) === 'alice'
  return isIn === isSignedInAfter && (status === undefined ? (answer.status < 300) === isSignedInAfter : answer.status === status) || `answered ${answer.status}, signed in: ${isIn}`
})
refresh('good', true, {})
refresh('subject-changed', false, { refreshedIdToken: { claims: { sub: 'mallory' } } }, 401)
refresh('issuer-changed', false, { refreshedIdToken: { claims: { iss: 'https://other.example' } } }, 401)
refresh('audience-changed', false, { refreshedIdToken: { claims: { aud: 'other' } } }, 401)
refresh('nonce-changed', false, { refreshedIdToken: { claims: { nonce: 'other' } } }, 401)
refresh('signed-by-a-stranger', false, { refreshedIdToken: { key: 'stranger' } }, 401)
refresh('unsigned', false, { refreshedIdToken: { header: { alg: 'none' } } }, 401)
refresh('expired', false, { refreshedIdToken: { claims: { exp: now() - 900 } } }, 401)
refresh('no-id-token', true, { refresh: { body: { id_token: null } } })
refresh('used-up', false, { refresh: { status: 400 } }, 401)
refresh('token-type-changed', false, { refresh: { body: { token_type: 'mac' } } }, 401)
refresh('scope-widened', false, { refresh: { body: { scope: 'openid offline_access read admin' } } }, 401)
refresh('provider-is-down', true, { token: 'error' }, 503)
refresh('provider-hangs', true, { token: 'hang' }, 503)
add('refresh/old-token-is-kept-if-none-comes', async ({ app, one }) => {
  const browser = await signedIn(app)
  one.options = { refresh: { body: { refresh_token: null } } }
  await app.post(browser, '/refresh')
  const used = one.log.filter((entry) => entry.form.grant_type === 'refresh_token').at(-1).form.refresh_token
  one.refreshTokens.set(used, 1)
  return (await app.post(browser, '/refresh')).status < 300
})
add('refresh/twenty-at-once', async ({ app, one }) => {
  const browser = await signedIn(app), before = one.count('/token')
  one.options = { tokenDelayMs: 1500 }
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.post(browser, '/refresh')))
  const calls = one.count('/token') - before
  return calls === 1 && answers.every((answer) => answer.status < 300) && await app.who(browser) === 'alice' || `${calls} calls, ${answers.filter((answer) => answer.status < 300).length} successes`
})
add('refresh/cross-site', async ({ app, one }) => { const browser = await signedIn(app), before = one.count('/token'); await app.post(browser, '/refresh', undefined, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }); return one.count('/token') === before })

// --- Where sign-in leads
const BAD = ['//evil.example', '///evil.example', '/\\evil.example', '\\\\evil.example', 'https://evil.example', 'https:evil.example', 'javascript:alert(1)', '/..//evil.example', '/.//evil.example', '/%2e%2e//evil.example', '/a/../..//evil.example', '/%2Fevil.example', '/%5Cevil.example', '/\t/evil.example', '/\n/evil.example', '/%0d%0aset-cookie:x=y', ' //evil.example', '/%252Fevil.example', '@evil.example', '.evil.example', '/\u2215/evil.example', '/path\r\nlocation: https://evil.example']
for (const [i, next] of BAD.entries()) add(`redirects/bad-${i}`, async ({ app }) => {
  const browser = new Browser(), back = (await app.begin(browser, `?next=${encodeURIComponent(next)}`)).next, answer = await browser.request(back)
  return answer.headers.location === '/' && await app.who(browser) === 'alice' || `${JSON.stringify(next)} led to ${answer.headers.location}`
})
for (const next of ['/me', '/me?a=1&b=//x', '/a/b#c']) add(`redirects/good-${next}`, async ({ app }) => { const browser = new Browser(), back = (await app.begin(browser, `?next=${encodeURIComponent(next)}`)).next; return (await browser.request(back)).headers.location === next })

// --- Sign-ins that were begun
add('attempts/many-leave-few-cookies', async ({ app }) => {
  const browser = new Browser()
  for (let i = 0; i < 12; i++) await app.begin(browser)
  const left = [...browser.jar.get(new URL(app.base).host).keys()].filter((name) => name.startsWith('__Host-bz-login-'))
  return left.length <= 5 && await app.who(browser) === null && (await app.signIn(browser), await app.who(browser) === 'alice') || `${left.length} cookies`
})
add('attempts/state-of-another-browser', async ({ app }) => { const mine = new Browser(), theirs = new Browser(), back = new URL((await app.begin(theirs)).next); await app.begin(mine); await mine.follow(back.href); return await app.who(mine) === null && (await theirs.follow(back.href), await app.who(theirs) === 'alice') })
add('attempts/cookie-of-one-state-of-another', async ({ app }) => { const browser = new Browser(), one = new URL((await app.begin(browser)).next), two = new URL((await app.begin(browser)).next); one.searchParams.set('state', one.searchParams.get('state').slice(0, 22) + two.searchParams.get('state').slice(22)); await browser.follow(one.href); return await app.who(browser) === null })

// --- Requests as such
add('requests/unsafe-and-cross-site', async ({ app }) => (await app.post(new Browser(), '/anything', 'a=b', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status === 403)
add('requests/unsafe-and-silent', async ({ app }) => (await new Browser().request(`${app.base}/anything`, { method: 'POST' })).status === 403)
add('requests/null-origin', async ({ app }) => (await new Browser().request(`${app.base}/anything`, { method: 'POST', headers: { origin: 'null' } })).status === 403)
add('requests/other-host', async ({ app }) => (await new Browser().request(`${app.base}/me`, { headers: { host: 'evil.example' } })).status === 421)
add('requests/body-too-large', async ({ app }) => (await app.post(new Browser(), '/refresh', 'a'.repeat((1 << 20) + 1))).status === 413)
add('requests/cookie-tossed', async ({ app }) => { const browser = await signedIn(app), id = browser.jar.get(new URL(app.base).host).get('__Host-bz-session'); return (await new Browser().request(`${app.base}/me`, { headers: { cookie: `__Host-bz-session=${id}; __Host-bz-session=${'A'.repeat(43)}` } })).status === 401 })
add('requests/page-sends-to-sign-in', async ({ app }) => { const a = await new Browser().request(`${app.base}/me`, { headers: { 'sec-fetch-mode': 'navigate' } }); return a.status >= 302 && a.status <= 303 && /authorize|login/.test(a.headers.location) })
add('requests/headers', async ({ app }) => { const { headers } = await new Browser().request(`${app.base}/`); return /require-trusted-types-for/.test(headers['content-security-policy']) && headers['x-frame-options'] === 'DENY' && headers['cross-origin-opener-policy'] === 'same-origin' && headers['x-powered-by'] === undefined || JSON.stringify(headers) })

// --- What gets out
add('secrets/nothing-in-output', async ({ app, one }) => {
  const browser = await signedIn(app)
  await app.post(browser, '/refresh')
  for (const options of [{ idToken: { claims: { nonce: 'x' } } }, { token: 'error' }, { redeem: { body: { token_type: 'mac' } } }, { jwks: 'error', signer: 'next', published: ['next'] }]) { one.options = options; await app.signIn(new Browser()) }
  await app.api(one.accessToken({ claims: { exp: 1 } }))
  await sleep(200)
  const cookie = browser.jar.get(new URL(app.base).host).get('__Host-bz-session')
  const leaked = [...one.secrets, cookie].find((secret) => app.output.includes(secret))
  return !leaked || `${leaked.slice(0, 10)}… stands in the output`
})

/** Groups whose cases leave nothing behind in the service: they share one, and run one after the other. */
const SHARED = ['api', 'back-channel', 'refresh', 'redirects', 'attempts', 'requests']

async function withService(cases) {
  const one = await startProvider(), two = await startProvider({ clientId: 'rp2', clientSecret: 'test-only-other-' + 'secret-'.repeat(4) })
  Object.assign(one.options, structuredClone(cases[0].setup ?? {}))
  const app = await startApp(command, [one, two])
  try {
    for (const next of cases) {
      for (const provider of [one, two]) Object.assign(provider, { options: {}, subject: 'alice' }).log.length = 0
      one.options = structuredClone(next.setup ?? {})
      results.push(await runCase(next, { app, one, two }))
    }
  } finally {
    app.stop()
    await Promise.all([one.close(), two.close()])
  }
}

async function runCase({ name, run }, world) {
  try {
    const result = await run(world)
    return { name, problem: result === true ? null : String(result) }
  } catch (error) {
    return { name, problem: error.stack }
  }
}

const chosen = CASES.filter(({ name }) => !isOnly || name.includes(only)), results = [], groups = new Map()
for (const [at, one] of chosen.entries()) {
  const group = one.name.split('/')[0], key = SHARED.includes(group) ? group : at
  groups.set(key, [...(groups.get(key) ?? []), one])
}
// The longest first.
const queue = [...groups.values()].sort((left, right) => right.length - left.length)
await Promise.all(Array.from({ length: Number(process.env.JOBS ?? 4) }, async () => { for (let next; (next = queue.shift());) await withService(next) }))
// The library waits five seconds for a provider, and a starved machine may need longer: what failed is tried once more, alone.
for (const failure of results.filter(({ problem }) => problem !== null)) {
  console.log(`once more: ${failure.name}: ${failure.problem}`)
  results.splice(results.indexOf(failure), 1)
  await withService([CASES.find(({ name }) => name === failure.name)])
}
for (const { name, problem } of results) if (problem !== null) console.log(`FAIL ${name}: ${problem}`)
const failed = results.filter(({ problem }) => problem !== null).length
console.log(`attacks: ${results.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
