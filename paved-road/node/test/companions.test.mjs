// Safe HTTP, secrets, passwords, guard, API options.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import test from 'node:test'
import { inspect } from 'node:util'

import { Api, Auth, ClientKey, ClientSecret, dangerous, Guard, KeyRing, openBelow, Passwords, RateLimit, Refused, SafeHttp, Secret, Sessions, UploadPolicy } from '../dist/index.js'
import { peppered, SigningKey } from '../dist/pure.js'
import { ath, jkt, newEcKey, proof, startProvider } from '../../testing/provider.mjs'
import { Visitor } from './world.mjs'

const refused = (reason) => (error) => { assert(error instanceof Refused, String(error)); assert.equal(error.reason, reason); return true }
const answering = (...answers) => { const calls = []; return { calls, send: async (request, address) => { calls.push({ ...request, address }); return { status: 200, headers: {}, body: Buffer.from('ok'), ...answers[calls.length - 1] } } } }
const NAMES = { 'good.example.com': ['93.184.215.14'], 'rebinds.example.com': ['93.184.215.14', '127.0.0.1'], 'inside.example.com': ['10.0.0.7'], 'mapped.example.com': ['::ffff:169.254.169.254'], 'metadata.example.com': ['169.254.169.254'], 'nowhere.example.com': [] }
const client = (world, more) => new SafeHttp({ resolve: async (host) => NAMES[host] ?? [], send: world.send, ...more })

test('safe-http: connects to the address that was judged', async () => {
  const world = answering({})
  const answer = await client(world).request('https://good.example.com/a')
  assert.equal(answer.status, 200)
  assert.equal(world.calls[0].address, '93.184.215.14')
})
for (const [host, reason] of [['rebinds', 'address-not-public'], ['inside', 'address-not-public'], ['mapped', 'address-not-public'], ['metadata', 'address-not-public'], ['nowhere', 'address-none']]) test(`safe-http: a name that is ${host}`, async () => {
  const world = answering({})
  await assert.rejects(client(world).request(`https://${host}.example.com/`), refused(reason))
  assert.equal(world.calls.length, 0)
})
test('safe-http: a name is asked once a request, so that it can not change its mind', async () => {
  let asked = 0
  const world = answering({})
  await new SafeHttp({ resolve: async () => (asked++ ? ['127.0.0.1'] : ['93.184.215.14']), send: world.send }).request('https://good.example.com/')
  assert.equal(asked, 1)
})
for (const [location, reason] of [['https://127.0.0.1/', 'address-not-public'], ['https://inside.example.com/', 'address-not-public'], ['http://good.example.com/', 'url-scheme'], ['https://user@good.example.com/', 'url-userinfo'], ['https://2130706433/', 'host-malformed'], ['//inside.example.com/', 'url-malformed'], ['file:///etc/passwd', 'url-malformed'], ['https://good.example.com:22/', 'url-port'], ['relative', 'url-malformed']]) test(`safe-http: a redirect to ${location}`, async () => {
  await assert.rejects(client(answering({ status: 302, headers: { location } })).request('https://good.example.com/'), refused(reason))
})
test('safe-http: redirects are few', async () => { const loop = { status: 302, headers: { location: '/again' } }; await assert.rejects(client(answering(loop, loop, loop, loop, loop)).request('https://good.example.com/'), refused('redirects-exceeded')) })
test('safe-http: credentials stay with their origin', async () => {
  const world = answering({ status: 307, headers: { location: 'https://other.example.com/' } }, {})
  await new SafeHttp({ resolve: async () => ['93.184.215.14'], send: world.send }).request('https://good.example.com/', { headers: { Authorization: 'x', accept: 'y' } })
  assert.deepEqual(world.calls[1].headers, { accept: 'y' })
})
test('safe-http: a request that changes something follows nothing', async () => { const world = answering({ status: 307, headers: { location: 'https://127.0.0.1/' } }); assert.equal((await client(world).request('https://good.example.com/', { method: 'POST', body: 'x' })).status, 307) })
test('safe-http: a thousand public names', async () => {
  const names = fs.readFileSync(new URL('../../vectors/public-names.txt', import.meta.url), 'utf8').trim().split('\n'), http = new SafeHttp({ resolve: async () => ['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c'] })
  assert.equal(names.length, 1000)
  for (const name of names) await http.resolve(`https://${name}/`)
})
test('safe-http: the guard of the real connection', async () => {
  const server = (await import('node:http')).createServer((_, answer) => answer.end('inside')).listen(0, '127.0.0.1')
  await new Promise((go) => server.on('listening', go))
  for (const url of [`https://127.0.0.1:${server.address().port}/`, `https://localhost:${server.address().port}/`]) await assert.rejects(new SafeHttp({ ports: [server.address().port] }).request(url), Refused)
  server.close()
})

test('secrets print nowhere', () => {
  const text = 'the-secret-text', secret = new Secret(text), ring = KeyRing.of([{ id: 'k', key: Buffer.alloc(32, 7).toString('base64url') }]), key = SigningKey.generate()
  const things = { secret, ring, key, client: new ClientSecret(secret), clientKey: new ClientKey(key), sessions: Sessions.in({}, ring) }
  const auth = new Auth({ publicUrl: 'https://a.example.org', providers: [{ issuer: 'https://id.example.org', clientId: 'a', client: things.client }, { name: 'b', issuer: 'https://id2.example.org', clientId: 'a', client: things.clientKey }], sessions: things.sessions, audit: () => {} })
  for (const thing of [...Object.values(things), auth]) {
    const printed = [inspect(thing, { depth: 20, showHidden: true }), JSON.stringify(thing), String(thing), `${thing}`].join('\n')
    for (const hidden of [text, key.expose().d, Buffer.alloc(32, 7).toString('base64url'), '07 07 07 07']) assert(!printed.includes(hidden), printed.slice(0, 300))
  }
  assert.equal(secret.expose(), text)
  assert(secret.equals(new Secret(text)) && !secret.equals(new Secret('other')))
})
test('a configuration can not leave out what matters', () => {
  const good = { publicUrl: 'https://a.example.org', providers: [{ issuer: 'https://id.example.org', clientId: 'a', client: new ClientSecret(new Secret('x')) }], sessions: Sessions.inMemory(), audit: () => {} }
  assert(new Auth(good))
  const bad = (change) => assert.throws(() => new Auth({ ...good, ...change }), Refused)
  bad({ publicUrl: 'http://a.example.org' }); bad({ sessions: undefined }); bad({ providers: [] }); bad({ dangerous: { httpOnLoopback: true } }); bad({ afterSignOut: '//evil.example' }); bad({ paths: { signIn: 'https://evil.example' } })
  const badProvider = (change) => bad({ providers: [{ ...good.providers[0], ...change }] })
  badProvider({ issuer: 'http://id.example.org' }); badProvider({ clientId: '' }); badProvider({ client: undefined }); badProvider({ client: { kind: 'other' } }); badProvider({ algorithms: ['none'] }); badProvider({ algorithms: [] }); badProvider({ signedRequests: true }); badProvider({ name: 'a b' })
  bad({ providers: [good.providers[0], { ...good.providers[0], name: 'b' }] })
  assert.throws(() => dangerous({ httpOnLoopback: true, because: ' ' }), Refused)
  assert.throws(() => new ClientSecret('text'), Refused)
  assert.throws(() => KeyRing.parse(new Secret('k:short')), Refused)
  assert.throws(() => new UploadPolicy([], 1), Refused)
})

test('passwords: argon2id, stronger at sign-in, bounded', async () => {
  const passwords = new Passwords({ pepper: new Secret('pepper') }), stored = await passwords.hash('correct horse')
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  assert.deepEqual(await passwords.verify('correct horse', stored), { ok: true })
  assert.deepEqual(await passwords.verify('wrong horse', stored), { ok: false })
  assert.deepEqual(await passwords.verify('correct horse', null), { ok: false })
  assert.deepEqual(await passwords.verify('correct horse', 'x'), { ok: false })
  assert.deepEqual(await new Passwords().verify('correct horse', stored), { ok: false }, 'without the pepper')
  const { hash } = await import('@node-rs/argon2'), weak = await hash(peppered('correct horse', new Secret('pepper')), { memoryCost: 8192, timeCost: 1, parallelism: 1 })
  const { ok, rehash } = await passwords.verify('correct horse', weak)
  assert(ok && rehash.startsWith('$argon2id$v=19$m=19456'))
  const many = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.verify('correct horse', stored)))
  assert(many.some((one) => one.status === 'rejected' && one.reason.reason === 'password-queue-full'))
  assert(many.filter((one) => one.status === 'fulfilled').every((one) => one.value.ok))
  assert.deepEqual(await passwords.verify('correct horse', stored), { ok: true }, 'the queue is free again')
})
test('a rate limit refills', () => {
  let now = 0
  const limit = new RateLimit(60, () => now), flood = (key) => Array.from({ length: 100 }, () => { try { limit.take(key); return 1 } catch { return 0 } }).reduce((a, b) => a + b)
  assert.equal(flood('a'), 60)
  assert.equal(flood('b'), 60)
  now = 10
  assert.equal(flood('a'), 10)
})
test('the guard: rate, other hosts, size', () => {
  const events = [], guard = new Guard('https://a.example.org', { otherHosts: ['10.0.0.7:3000'], maxBodyBytes: 10, rateLimit: { limit: new RateLimit(2), keyOf: () => 'all' } }, [], (event) => events.push(event.reason))
  const visitor = new Visitor(), check = (headers, method = 'GET') => guard.check(visitor.request('/x', { method, headers }))?.status ?? null
  assert.deepEqual([check({ host: 'a.example.org' }), check({ host: '10.0.0.7:3000' }), check({ host: 'a.example.org' })], [null, null, 429])
  assert.equal(check({ host: 'evil.example' }), 421)
  assert.equal(check({ host: 'a.example.org', origin: 'https://a.example.org', 'content-length': '11' }, 'POST'), 413)
  assert.equal(check({ host: 'a.example.org', origin: 'https://a.example.org', 'transfer-encoding': 'chunked' }, 'POST'), 413)
  assert.equal(check({ host: 'a.example.org', authorization: 'Bearer x', origin: 'https://app.example' }, 'POST'), 429)
  assert.deepEqual(events, ['rate-exceeded', 'host-mismatch', 'request-too-large', 'request-too-large', 'rate-exceeded'])
})
test('openBelow follows no link out of its folder', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'paved-')), inside = path.join(folder, 'inside')
  fs.mkdirSync(inside)
  fs.writeFileSync(path.join(folder, 'secret.txt'), 'secret')
  fs.writeFileSync(path.join(inside, 'a.txt'), 'a')
  fs.symlinkSync('../secret.txt', path.join(inside, 'link.txt'))
  fs.symlinkSync('..', path.join(inside, 'up'))
  const handle = await openBelow(inside, 'a.txt')
  assert.equal(await handle.readFile('utf8'), 'a')
  await handle.close()
  await assert.rejects(openBelow(inside, 'link.txt'))
  await assert.rejects(openBelow(inside, 'up/secret.txt'), refused('path-escapes'))
  await assert.rejects(openBelow(inside, '../secret.txt'), refused('path-escapes'))
  fs.rmSync(folder, { recursive: true })
})

const withApi = async (options, body) => {
  const provider = await startProvider({ options: options.provider ?? {} })
  let now = Date.now() / 1000
  const api = Api.of({ issuer: provider.issuer, clientId: provider.clientId, client: new ClientSecret(new Secret(provider.clientSecret)), audience: provider.audience, publicUrl: 'https://api.example', audit: () => {}, dangerous: dangerous({ httpOnLoopback: true, clock: () => now, because: 'tests' }), ...options.api })
  const call = (headers, more = {}) => api.check({ ...new Visitor().request('/orders', { headers }), ...more }, ['read']).then((access) => access.subject, (error) => error.reason)
  try { await body({ api, provider, call, advance: (seconds) => { now += seconds } }) } finally { await provider.close() }
}
test('introspection is asked once a minute', () => withApi({ api: { introspection: true } }, async ({ provider, call, advance }) => {
  for (let i = 0; i < 5; i++) assert.equal(await call({ authorization: 'Bearer opaque' }), 'alice')
  assert.equal(provider.count('/introspect'), 1)
  advance(61)
  provider.options = { introspection: { active: false } }
  assert.equal(await call({ authorization: 'Bearer opaque' }), 'token-inactive')
  assert.equal(provider.count('/introspect'), 2)
}))
test('introspection is no detour around JWTs', () => withApi({ api: { introspection: true } }, async ({ provider, call }) => { assert.equal(await call({ authorization: `Bearer ${provider.accessToken({ key: 'stranger' })}` }), 'signature-invalid'); assert.equal(provider.count('/introspect'), 0) }))
test('an API that wants its nonce', () => withApi({ api: { dpop: true, dpopNonce: new Secret('nonce key') } }, async ({ api, provider, call, advance }) => {
  const key = newEcKey(), token = provider.accessToken({ claims: { cnf: { jkt: jkt(key) } } })
  let ahead = 0
  const use = (nonce) => call({ authorization: `DPoP ${token}`, dpop: proof(key, { htm: 'GET', htu: 'https://api.example/orders', ath: ath(token), iat: Math.floor(Date.now() / 1000) + ahead, ...(nonce && { nonce }) }) })
  assert.equal(await use(), 'dpop-nonce-required')
  const nonce = api.refusal(new Refused('dpop-nonce-required'), ['read']).headers['dpop-nonce']
  assert.equal(await use(nonce), 'alice')
  advance(60)
  ahead = 60
  assert.equal(await use(nonce), 'alice', 'the one of the minute before')
}))
test('a token that is bound to a certificate', () => withApi({}, async ({ provider, call }) => {
  const token = provider.accessToken({ claims: { cnf: { 'x5t#S256': ath('certificate') } } }), authorization = `Bearer ${token}`
  assert.equal(await call({ authorization }), 'binding-missing')
  assert.equal(await call({ authorization }, { certificate: ath('other') }), 'binding-mismatch')
  assert.equal(await call({ authorization }, { certificate: ath('certificate') }), 'alice')
}))
