import type { Store } from './store.js'

/** What is used of a Redis client: `sendCommand` of the package `redis`; of ioredis `(command) => redis.call(...command)`. */
export interface RedisClient {
  sendCommand(command: string[]): Promise<unknown>
}

const REPLACE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end return 0"
const REMOVE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"
const LINK = "redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2]) redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3]) local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES') redis.call('PEXPIREAT', KEYS[1], math.floor(last[2] * 1000)) return 1"

/** A store in Redis 6.2 or later, for any number of replicas. */
export class RedisStore implements Store {
  readonly #client: RedisClient
  readonly #prefix: string
  readonly #now: () => number

  constructor(client: RedisClient, options: { prefix?: string; now?: () => number } = {}) {
    this.#client = client
    this.#prefix = options.prefix ?? 'bz:'
    this.#now = options.now ?? (() => Date.now() / 1000)
  }

  async get(key: string): Promise<string | null> {
    return text(await this.#send('GET', this.#key(key)))
  }

  async put(key: string, value: string, expires: number): Promise<void> {
    await this.#send('SET', this.#key(key), value, 'PX', this.#lifetime(expires))
  }

  async add(key: string, value: string, expires: number): Promise<boolean> {
    return (await this.#send('SET', this.#key(key), value, 'PX', this.#lifetime(expires), 'NX')) !== null
  }

  async take(key: string): Promise<string | null> {
    return text(await this.#send('GETDEL', this.#key(key)))
  }

  async replace(key: string, before: string, after: string, expires: number): Promise<boolean> {
    return Number(await this.#send('EVAL', REPLACE, '1', this.#key(key), before, after, this.#lifetime(expires))) === 1
  }

  async remove(key: string, value?: string): Promise<void> {
    if (value === undefined) await this.#send('DEL', this.#key(key))
    else await this.#send('EVAL', REMOVE, '1', this.#key(key), value)
  }

  async link(set: string, member: string, expires: number): Promise<void> {
    await this.#send('EVAL', LINK, '1', this.#key(set), String(expires), member, String(this.#now()))
  }

  async members(set: string): Promise<string[]> {
    return ((await this.#send('ZRANGEBYSCORE', this.#key(set), `(${this.#now()}`, '+inf')) as unknown[]).map(String).sort()
  }

  #send(...command: string[]): Promise<unknown> {
    return this.#client.sendCommand(command)
  }

  #key(key: string): string {
    return this.#prefix + key
  }

  #lifetime(expires: number): string {
    return String(Math.max(1, Math.round((expires - this.#now()) * 1000)))
  }
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value))
