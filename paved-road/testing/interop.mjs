// Interoperation of a service with the certified npm package `oidc-provider`, and with our own provider where that one can't be strict.
//   node paved-road/testing/interop.mjs -- COMMAND …        COMMAND starts a service as node/test/service.mjs is
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { Browser, freePort, sleep, startApp } from './browser.mjs'
import { startProvider } from './provider.mjs'

const command = process.argv.slice(process.argv.indexOf('--') + 1)
const starter = fileURLToPath(new URL('../node/test/oidc-provider.mjs', import.meta.url))
const clientKey = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' }), kid = { kid: 'client-1', alg: 'ES256' }
const CLIENT_KEY = JSON.stringify({ ...clientKey.privateKey.export({ format: 'jwk' }), ...kid }), CLIENT_JWK = JSON.stringify({ ...clientKey.publicKey.export({ format: 'jwk' }), ...kid, use: 'sig' })
const clientSecret = 'test-only-' + 'secret-'.repeat(4), audience = 'https://api.example'

/** A service at the certified provider. */
async function certified(clientId, flags, env, run) {
  const [port, appPort] = [await freePort(), await freePort()]
  const provider = spawn(process.execPath, [starter, String(port), `http://127.0.0.1:${appPort}/callback`, ...flags], { env: { ...process.env, CLIENT_SECRET: clientSecret, CLIENT_JWK }, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [provider.stdout, provider.stderr]) stream.on('data', (piece) => { said += piece })
  for (let tries = 0; tries < 1200 && !said.includes('listening'); tries++) await sleep(50)
  const issuer = `http://127.0.0.1:${port}`
  const app = await startApp(command, [{ issuer, clientId, clientSecret, audience }], env, appPort)
  try {
    await run({ app, issuer, browser: new Browser() })
  } catch (error) {
    throw new Error(`${error.message}\nprovider: ${said.slice(0, 2000)}\nservice: ${app.output.slice(-2000)}`)
  } finally {
    app.stop()
    provider.kill('SIGKILL')
  }
}

/** A service at our own provider, which remembers what it was sent. */
async function own(options, env, run) {
  const provider = await startProvider({ clientSecret, options })
  const app = await startApp(command, [provider], env)
  try {
    await run({ app, provider, browser: new Browser() })
  } finally {
    app.stop()
    await provider.close()
  }
}

const signsIn = async ({ app, browser }) => { await app.signIn(browser); assert.equal(await app.who(browser), 'alice') }
const callsTheApi = async ({ app, browser }, clientId) => { const answer = await browser.request(`${app.base}/call`); assert.equal(answer.status, 200); assert.deepEqual(JSON.parse(answer.text), { sub: 'alice', client: clientId }) }
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))

const FLOWS = {
  'plain': () => certified('rp', [], {}, signsIn),
  'es256 ID tokens are refused where RS256 is announced only': () => own({ idToken: { key: 'ec' }, published: ['good', 'ec'] }, {}, async ({ app, browser }) => { await app.signIn(browser); assert.equal(await app.who(browser), null) }),
  'es256 ID tokens': () => certified('rp-es256', [], {}, signsIn),
  'public client': () => certified('rp-public', [], { CLIENT_PUBLIC: '1' }, signsIn),
  'PAR': () => certified('rp', ['par'], {}, signsIn),
  'PAR and DPoP with nonce': () => certified('rp-dpop', ['par', 'nonce'], { DPOP: '1' }, async (world) => { await signsIn(world); await callsTheApi(world, 'rp-dpop') }),
  'private_key_jwt': () => certified('rp-key', ['par'], { CLIENT_KEY }, signsIn),
  'signed requests': () => certified('rp-signed', [], { CLIENT_KEY, SIGNED_REQUESTS: '1' }, signsIn),
  'signed and pushed requests': () => certified('rp-signed', ['par'], { CLIENT_KEY, SIGNED_REQUESTS: '1' }, signsIn),
  'JWT access tokens': () => certified('rp', [], {}, async (world) => { await signsIn(world); await callsTheApi(world, 'rp') }),
  'rotation of refresh tokens': () => certified('rp', [], {}, async (world) => {
    await signsIn(world)
    for (let i = 0; i < 3; i++) assert.equal((await world.app.post(world.browser, '/refresh')).status, 200)
    await callsTheApi(world, 'rp')
  }),
  'rotation with DPoP': () => certified('rp-dpop', ['par', 'nonce'], { DPOP: '1' }, async (world) => {
    await signsIn(world)
    assert.equal((await world.app.post(world.browser, '/refresh')).status, 200)
    await callsTheApi(world, 'rp-dpop')
  }),
  'back-channel logout': () => certified('rp', [], {}, async (world) => {
    await signsIn(world)
    const page = await world.browser.request(`${world.issuer}/session/end`)
    const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page.text)
    await world.browser.request(`${world.issuer}/session/end/confirm`, { method: 'POST', body: `xsrf=${xsrf}&logout=yes`, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
    for (let tries = 0; tries < 40 && await world.app.who(world.browser) !== null; tries++) await sleep(50)
    assert.equal(await world.app.who(world.browser), null)
  }),
  'sign-out leads to the provider': () => certified('rp', [], {}, async (world) => {
    await signsIn(world)
    const answer = await world.app.post(world.browser, '/logout')
    assert.equal(answer.status, 303)
    assert.equal(new URL(answer.headers.location).pathname, '/session/end')
  }),
  'userinfo with DPoP and nonce': () => own({ dpopNonce: 'nonce-1' }, { DPOP: '1', USERINFO: '1' }, async (world) => {
    await signsIn(world)
    assert(world.provider.log.find((entry) => entry.path === '/userinfo').headers.dpop)
  }),
  'a new nonce is used': () => own({ dpopNonce: 'nonce-1' }, { DPOP: '1' }, async (world) => {
    await signsIn(world)
    world.provider.options = { dpopNonce: 'nonce-2' }
    assert.equal((await world.app.post(world.browser, '/refresh')).status, 200)
  }),
  'bearer tokens where DPoP was asked for': () => own({ redeem: { body: { token_type: 'Bearer' } } }, { DPOP: '1' }, async ({ app, browser }) => { await app.signIn(browser); assert.equal(await app.who(browser), null) }),
  'client assertions name the issuer alone': () => own({ metadata: { token_endpoint_auth_methods_supported: ['private_key_jwt'] } }, { CLIENT_KEY }, async (world) => {
    await signsIn(world)
    await world.app.post(world.browser, '/refresh')
    const assertions = world.provider.log.filter((entry) => entry.path === '/token').map((entry) => claimsOf(entry.form.client_assertion))
    assert.equal(assertions.length, 2)
    for (const claims of assertions) { assert.equal(claims.aud, world.provider.issuer); assert.equal(claims.iss, 'rp'); assert(claims.exp - claims.iat <= 60) }
    assert.notEqual(assertions[0].jti, assertions[1].jti)
  }),
  'a pushed request shows the browser nothing': () => own({ par: true }, {}, async (world) => {
    await signsIn(world)
    assert.deepEqual(Object.keys(world.provider.log.find((entry) => entry.path === '/authorize').query).sort(), ['client_id', 'request_uri'])
  }),
  'a failed push begins no sign-in': () => own({ par: true, metadata: { pushed_authorization_request_endpoint: 'http://127.0.0.1:1/par' } }, {}, async ({ app }) => assert.equal((await new Browser().request(`${app.base}/login`)).status, 400)),
  'signed requests hold everything': () => own({ metadata: { token_endpoint_auth_methods_supported: ['private_key_jwt'] } }, { CLIENT_KEY, SIGNED_REQUESTS: '1' }, async ({ app, provider }) => {
    await app.begin(new Browser()).catch(() => null)
    const { query } = provider.log.find((entry) => entry.path === '/authorize'), claims = claimsOf(query.request)
    assert.deepEqual(Object.keys(query).sort(), ['client_id', 'request'])
    assert.equal(claims.aud, provider.issuer)
    assert(claims.code_challenge && claims.state && claims.nonce)
  }),
}

const word = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : ''
const queue = Object.entries(FLOWS).filter(([name]) => name.includes(word)), results = []
await Promise.all(Array.from({ length: Number(process.env.JOBS ?? 2) }, async () => {
  for (let next; (next = queue.shift());) results.push({ name: next[0], problem: await next[1]().then(() => null, (error) => error.message) })
}))
// The library waits five seconds for a provider, and a starved machine may need longer: what failed is tried once more, alone.
for (const failure of results.filter(({ problem }) => problem !== null)) {
  console.log(`once more: ${failure.name}: ${failure.problem}`)
  failure.problem = await FLOWS[failure.name]().then(() => null, (error) => error.message)
}
for (const { name, problem } of results) if (problem !== null) console.log(`FAIL ${name}: ${problem}`)
const failed = results.filter(({ problem }) => problem !== null).length
console.log(`interoperation: ${results.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
