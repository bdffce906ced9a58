//! Sessions on the server: a random id in a cookie, its hash in the store, everything else sealed.
import { LIFETIMES } from './constants.js'
import { randomText, sha256 } from './encoding.js'
import type { JsonObject } from './json.js'
import { Refused, refuse } from './refusal.js'
import { KeyRing } from './sealing.js'
import { checkLife, type SessionLimits } from './session-life.js'
import { MemoryStore } from './store/memory.js'
import type { Store } from './store/store.js'

/** What is kept of a session. */
export interface SessionRecord {
  provider: string
  issuer: string
  subject: string
  sid?: string
  authTime?: number
  acr?: string
  nonce: string
  scopes: string[]
  claims: JsonObject
  created: number
  seen: number
  accessToken: string
  /** When the access token is to be renewed, if its life was said. */
  renewAt?: number
  refreshToken?: string
  idToken?: string
  dpopKey?: JsonObject
}

const TRIES = 8

/** The sessions of a service, in a store. */
export class Sessions {
  readonly store: Store
  readonly #ring: KeyRing

  private constructor(store: Store, ring: KeyRing) {
    this.store = store
    this.#ring = ring
  }

  /** In a store that replicas share. The key ring is the same in all of them. */
  static in(store: Store, ring: KeyRing): Sessions {
    return new Sessions(store, ring)
  }

  /** In this process: for one replica. Sessions end with it. */
  static inMemory(now?: () => number): Sessions {
    return new Sessions(new MemoryStore(now), KeyRing.ephemeral())
  }

  /** The key of a session in the store. */
  static keyOf(id: string): string {
    return `session:${sha256(id)}`
  }

  seal(place: string, value: unknown): string {
    return this.#ring.seal(place, JSON.stringify(value))
  }

  open<T>(place: string, sealed: string): T {
    return JSON.parse(this.#ring.open(place, sealed)) as T
  }

  /** Begins a session and gives its id, which is new. */
  async begin(record: SessionRecord, limits: SessionLimits): Promise<string> {
    const id = randomText(256), key = Sessions.keyOf(id), expires = record.created + limits.absolute
    await this.store.put(key, this.seal(key, record), expires)
    for (const set of setsOf(record)) await this.store.link(set, key, expires)
    return id
  }

  /** The session of a key, if it lives. */
  async load(key: string, now: number, limits: SessionLimits): Promise<SessionRecord> {
    const sealed = (await this.store.get(key)) ?? refuse('session-unknown')
    const record = this.#read(key, sealed)
    const { touch } = await this.#life(key, record, now, limits)
    if (!touch) return record
    const touched = { ...record, seen: now }
    // Somebody else's write is as good: then the session was just used.
    await this.store.replace(key, sealed, this.seal(key, touched), record.created + limits.absolute)
    return touched
  }

  /** Changes a session, whoever else writes at the same time. */
  async update(key: string, limits: SessionLimits, change: (record: SessionRecord) => SessionRecord): Promise<SessionRecord> {
    for (let tries = 0; tries < TRIES; tries++) {
      const sealed = (await this.store.get(key)) ?? refuse('session-unknown')
      const record = change(this.#read(key, sealed))
      if (await this.store.replace(key, sealed, this.seal(key, record), record.created + limits.absolute)) return record
    }
    refuse('store-conflict')
  }

  /** Ends a session, and gives what it was. */
  async end(key: string): Promise<SessionRecord | null> {
    const sealed = await this.store.take(key)
    return sealed === null ? null : this.#read(key, sealed)
  }

  /** Ends the session with this id of the provider, or all sessions of a subject. Gives how many. */
  async endAll(issuer: string, who: { subject?: string; sid?: string }): Promise<number> {
    const set = who.sid !== undefined ? setOfSid(issuer, who.sid) : setOfSubject(issuer, who.subject!)
    let ended = 0
    for (const key of await this.store.members(set)) {
      if (who.sid !== undefined && who.subject !== undefined && !(await this.#isOf(key, who.subject))) continue
      if ((await this.store.take(key)) !== null) ended += 1
    }
    return ended
  }

  /** Runs `work` in one replica at a time. Gives null if another one is at it. */
  async withLease<T>(name: string, now: number, work: () => Promise<T>): Promise<T | null> {
    const key = `lease:${name}`, owner = randomText(128)
    if (!(await this.store.add(key, owner, now + LIFETIMES.refresh_lease_ms / 1000))) return null
    try {
      return await work()
    } finally {
      await this.store.remove(key, owner)
    }
  }

  #read(key: string, sealed: string): SessionRecord {
    return this.open<SessionRecord>(key, sealed)
  }

  async #life(key: string, record: SessionRecord, now: number, limits: SessionLimits): Promise<{ touch: boolean }> {
    try {
      return checkLife(record, now, limits)
    } catch (error) {
      if (error instanceof Refused) await this.store.remove(key)
      throw error
    }
  }

  async #isOf(key: string, subject: string): Promise<boolean> {
    const sealed = await this.store.get(key)
    return sealed !== null && this.#read(key, sealed).subject === subject
  }
}

// A list in JSON has one reading: no issuer and subject can be put together to look like another pair.
const setOfSubject = (issuer: string, subject: string): string => `subject:${sha256(JSON.stringify([issuer, subject]))}`
const setOfSid = (issuer: string, sid: string): string => `sid:${sha256(JSON.stringify([issuer, sid]))}`

const setsOf = ({ issuer, subject, sid }: SessionRecord): string[] => [setOfSubject(issuer, subject), ...(sid !== undefined ? [setOfSid(issuer, sid)] : [])]
