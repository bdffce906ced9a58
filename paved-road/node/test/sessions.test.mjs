// What needs a clock, several replicas, or a look into the store.
import assert from 'node:assert/strict'
import test from 'node:test'

import { KeyRing, MemoryStore, Sessions } from '../dist/index.js'
import { newClock, newWorld, Visitor } from './world.mjs'

const run = (name, options, body) => test(name, async () => {
  const world = await newWorld(options)
  try { await body(world) } finally { await world.provider.close() }
})
const who = async ({ auth }, visitor) => (await auth.session(visitor.request('/')))?.subject ?? null

run('a sign-in that was begun ends after ten minutes', {}, async (world) => {
  const visitor = new Visitor(), back = await world.begin(visitor)
  world.clock.advance(600)
  assert.equal((await world.auth.handle(visitor.request(back))).status, 400)
  assert.equal(await who(world, visitor), null)
})
run('a session ends without use', {}, async (world) => {
  const visitor = new Visitor()
  await world.signIn(visitor)
  for (let i = 0; i < 3; i++) { world.clock.advance(1700); assert.equal(await who(world, visitor), 'alice') }
  world.clock.advance(1800)
  assert.equal(await who(world, visitor), null)
  world.clock.advance(-1800)
  assert.equal(await who(world, visitor), null, 'it does not come back')
})
run('a session ends after twelve hours of use', {}, async (world) => {
  const visitor = new Visitor()
  await world.signIn(visitor)
  for (let i = 0; i < 28; i++) { world.clock.advance(1500); assert.equal(await who(world, visitor), 'alice') }
  world.clock.advance(1500)
  assert.equal(await who(world, visitor), null)
})
run('lifetimes can be shortened', { auth: { lifetimes: { idle: 60 } } }, async (world) => {
  const visitor = new Visitor()
  await world.signIn(visitor)
  world.clock.advance(60)
  assert.equal(await who(world, visitor), null)
})
run('lifetimes can not be extended', {}, async (world) => assert.throws(() => world.make({ lifetimes: { idle: 1801 } }), /configuration-invalid/))
run('a session gets a new id when privileges change', {}, async (world) => {
  const visitor = new Visitor(), thief = new Visitor()
  await world.signIn(visitor)
  thief.cookies = new Map(visitor.cookies)
  visitor.keep({ cookies: [await world.auth.rotate(visitor.request('/'))] })
  assert.equal(await who(world, visitor), 'alice')
  assert.equal(await who(world, thief), null)
})
run('a second sign-in ends the first session', {}, async (world) => {
  const visitor = new Visitor()
  await world.signIn(visitor)
  const old = new Visitor()
  old.cookies = new Map(visitor.cookies)
  await world.signIn(visitor)
  assert.equal(await who(world, visitor), 'alice')
  assert.equal(await who(world, old), null)
})
run('all sessions of a subject can be ended', {}, async (world) => {
  const [one, two] = [new Visitor(), new Visitor()]
  await world.signIn(one)
  await world.signIn(two)
  assert.equal(await world.auth.endSessionsOf(world.provider.issuer, 'alice'), 2)
  assert.deepEqual([await who(world, one), await who(world, two)], [null, null])
})
run('a stronger sign-in asks for it, and checks it', {}, async (world) => {
  const visitor = new Visitor(), asked = { acrValues: ['urn:strong'], maxAge: 60 }
  const begin = async () => { const response = visitor.keep(await world.auth.begin(visitor.request('/step-up'), asked)); const answer = await fetch(response.headers.location, { redirect: 'manual' }); const back = new URL(answer.headers.get('location')); return visitor.keep(await world.auth.handle(visitor.request(back.pathname + back.search))) }
  assert.equal((await begin()).status, 400)
  world.provider.options = { idToken: { claims: { acr: 'urn:strong', auth_time: Math.floor(Date.now() / 1000) - 5 } } }
  assert.equal((await begin()).status, 302)
  const session = await world.auth.session(visitor.request('/'))
  assert.equal(session.acr, 'urn:strong')
})
test('the store learns neither ids nor tokens nor names', async () => {
  const clock = newClock(), store = new MemoryStore(clock), written = []
  const spy = new Proxy(store, { get: (target, name) => (...parts) => { written.push(JSON.stringify(parts)); return target[name](...parts) } })
  const world = await newWorld({ clock, sessions: Sessions.in(spy, KeyRing.ephemeral()) }), visitor = new Visitor()
  await world.signIn(visitor)
  const text = written.join('\n')
  for (const secret of [...world.provider.secrets, 'alice', ...visitor.cookies.values()]) assert(!text.includes(secret), secret.slice(0, 8))
  await world.provider.close()
})
test('a record can not be moved to another session, and a dropped key ends sessions', async () => {
  const clock = newClock(), store = new MemoryStore(clock), ring = KeyRing.ephemeral()
  const world = await newWorld({ clock, sessions: Sessions.in(store, ring) }), alice = new Visitor(), bob = new Visitor()
  await world.signIn(alice)
  world.provider.subject = 'bob'
  await world.signIn(bob)
  const keyOf = (visitor) => Sessions.keyOf(visitor.cookies.get('__Host-bz-session'))
  await store.put(keyOf(bob), await store.get(keyOf(alice)), clock() + 1000)
  assert.equal(await who(world, bob), null)
  const other = world.make({ sessions: Sessions.in(store, KeyRing.ephemeral()) })
  assert.equal(await other.session(alice.request('/')), null)
  await world.provider.close()
})
test('a thousand requests over three replicas and one expired token: one call', async () => {
  const clock = newClock(), store = new MemoryStore(clock), ring = KeyRing.ephemeral()
  const world = await newWorld({ clock, options: { expiresIn: 20, tokenDelayMs: 300 }, sessions: Sessions.in(store, ring) }), visitor = new Visitor()
  await world.signIn(visitor)
  clock.advance(15)
  const replicas = [world.auth, world.make({ sessions: Sessions.in(store, ring) }), world.make({ sessions: Sessions.in(store, ring) })]
  const before = world.provider.count('/token')
  const headers = await Promise.all(Array.from({ length: 1000 }, (_, i) => replicas[i % 3].authorize(visitor.request('/'), { url: 'https://api.example/orders' })))
  assert.equal(world.provider.count('/token') - before, 1)
  assert.equal(new Set(headers.map(({ authorization }) => authorization)).size, 1)
  assert.equal(await who(world, visitor), 'alice')
  await world.provider.close()
})
run('a token of a few seconds is not renewed by every request', { options: { expiresIn: 10 } }, async (world) => {
  const visitor = new Visitor()
  await world.signIn(visitor)
  const before = world.provider.count('/token')
  for (let i = 0; i < 5; i++) await world.auth.authorize(visitor.request('/'), { url: 'https://api.example/' })
  assert.equal(world.provider.count('/token'), before)
})
run('refusals are audited with their reason, and the user gets a reference to them', { options: { idToken: { claims: { nonce: 'x' } } } }, async (world) => {
  const visitor = new Visitor(), answer = await world.signIn(visitor), event = world.events.find(({ kind }) => kind === 'sign-in-refused')
  assert.equal(event.reason, 'nonce-mismatch')
  assert(answer.body.includes(event.reference))
  assert(!answer.body.includes('nonce'))
})
run('what is dangerous is audited at start', {}, async (world) => assert.deepEqual(world.events.filter(({ kind }) => kind === 'dangerous').map(({ detail }) => detail), ['http on loopback: tests', 'another clock: tests']))
run('an error of the provider stands in the audit only', { options: { response: { code: null, error: 'access_denied', error_description: '<script>alert(1)</script>' } } }, async (world) => {
  const answer = await world.signIn(new Visitor())
  assert.equal(answer.status, 400)
  assert(!/script|access_denied/.test(answer.body))
  assert.equal(world.events.at(-1).detail, 'access_denied')
})
run('a published private key is an alarm', { options: {} }, async (world) => {
  const { KEYS } = await import('../../testing/provider.mjs')
  world.provider.options = { moreKeys: [{ ...KEYS.ec.privateKey.export({ format: 'jwk' }), kid: 'oops' }] }
  assert.equal((await world.signIn(new Visitor())).status, 302)
  assert.deepEqual(world.events.filter(({ kind }) => kind === 'provider-alarm').map(({ reason, detail }) => [reason, detail]), [['key-private', 'oops']])
})
