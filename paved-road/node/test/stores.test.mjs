// Every store does the same.
import assert from 'node:assert/strict'
import test from 'node:test'

import { MemoryStore, PostgresStore, RedisStore, SqliteStore } from '../dist/store/index.js'

const { BARTIZAN_TEST_POSTGRES: postgres, BARTIZAN_TEST_REDIS: redis } = process.env

/** SQLite, by the shape that node:sqlite and better-sqlite3 have. */
async function openSqlite() {
  const sqlite = await import('node:sqlite').catch(() => null)
  if (sqlite) return new sqlite.DatabaseSync(':memory:')
  const { Database } = (await import('node-sqlite3-wasm')).default
  const db = new Database(':memory:')
  return { exec: (sql) => db.exec(sql), prepare: (sql) => { const statement = db.prepare(sql); return { all: (...p) => statement.all(p), run: (...p) => statement.run(p) } } }
}

const STORES = {
  memory: async (now) => [new MemoryStore(now), () => {}],
  sqlite: async (now) => { const store = new SqliteStore(await openSqlite(), now); await store.migrate(); return [store, () => {}] },
  ...(postgres && { postgres: async (now) => {
    const { default: pg } = await import('pg'), pool = new pg.Pool({ connectionString: postgres }), store = new PostgresStore(pool, now)
    await pool.query('DROP TABLE IF EXISTS bz_records, bz_members')
    await store.migrate()
    return [store, () => pool.end()]
  } }),
  ...(redis && { redis: async () => {
    const { createClient } = await import('redis'), client = await createClient({ url: redis }).connect()
    await client.sendCommand(['FLUSHDB'])
    return [new RedisStore(client), () => client.close()]
  } }),
}
for (const name of ['postgres', 'redis']) if (!STORES[name]) test(`store ${name}`, { skip: `BARTIZAN_TEST_${name.toUpperCase()} is not set` }, () => {})

for (const [name, open] of Object.entries(STORES)) test(`store ${name}`, async (t) => {
  const [store, close] = await open(() => Date.now() / 1000), soon = () => Date.now() / 1000 + 60, past = () => Date.now() / 1000 - 1
  const check = (what, body) => t.test(what, body)
  await check('puts, gets, removes', async () => { await store.put('a:1', 'x', soon()); assert.equal(await store.get('a:1'), 'x'); await store.put('a:1', 'y', soon()); assert.equal(await store.get('a:1'), 'y'); await store.remove('a:1'); assert.equal(await store.get('a:1'), null) })
  await check('what has expired is not there', async () => {
    await store.put('b:1', 'x', Date.now() / 1000 + 0.05)
    await new Promise((go) => setTimeout(go, 120))
    assert.equal(await store.get('b:1'), null)
    assert.equal(await store.take('b:1'), null)
    assert.equal(await store.replace('b:1', 'x', 'y', soon()), false)
    assert.equal(await store.add('b:1', 'z', soon()), true)
  })
  await check('adds once', async () => assert.deepEqual((await Promise.all(Array.from({ length: 20 }, (_, i) => store.add('c:1', String(i), soon())))).filter(Boolean), [true]))
  await check('gives to one who takes', async () => { await store.put('d:1', 'x', soon()); assert.deepEqual((await Promise.all(Array.from({ length: 20 }, () => store.take('d:1')))).filter(Boolean), ['x']) })
  await check('replaces what is as expected', async () => { await store.put('e:1', 'x', soon()); assert.equal(await store.replace('e:1', 'no', 'y', soon()), false); assert.equal((await Promise.all(Array.from({ length: 20 }, (_, i) => store.replace('e:1', 'x', `y${i}`, soon())))).filter(Boolean).length, 1) })
  await check('removes what is as expected', async () => { await store.put('f:1', 'x', soon()); await store.remove('f:1', 'no'); assert.equal(await store.get('f:1'), 'x'); await store.remove('f:1', 'x'); assert.equal(await store.get('f:1'), null) })
  await check('keeps sets', async () => { await store.link('s:1', 'm1', soon()); await store.link('s:1', 'm2', soon()); await store.link('s:1', 'm2', soon()); await store.link('s:1', 'old', past()); assert.deepEqual((await store.members('s:1')).sort(), ['m1', 'm2']); assert.deepEqual(await store.members('s:2'), []) })
  if (store.sweep) await check('sweeps', async () => { await store.put('g:1', 'x', past()); await store.sweep(); assert.equal(await store.add('g:1', 'y', soon()), true) })
  await close()
})

test('a store in memory is bounded', async () => {
  const store = new MemoryStore()
  for (let i = 0; i < 100010; i++) await store.put(`jti:${i}`, '1', Date.now() / 1000 + 60)
  assert.equal(await store.get('jti:0'), null)
  assert.equal(await store.get('jti:100009'), '1')
})
