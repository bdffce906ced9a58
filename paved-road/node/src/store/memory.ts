import { LIMITS } from '../constants.js'
import type { Store } from './store.js'

interface Entry {
  value: string
  expires: number
}

/** Keeps everything in this process: for one replica, and for tests. Each kind of record is bounded; the oldest goes first. */
export class MemoryStore implements Store {
  readonly #spaces = new Map<string, Map<string, Entry>>()
  readonly #sets = new Map<string, Map<string, number>>()
  readonly #now: () => number

  constructor(now: () => number = () => Date.now() / 1000) {
    this.#now = now
  }

  async get(key: string): Promise<string | null> {
    return this.#live(key)?.value ?? null
  }

  async put(key: string, value: string, expires: number): Promise<void> {
    this.#write(key, value, expires)
  }

  async add(key: string, value: string, expires: number): Promise<boolean> {
    if (this.#live(key)) return false
    this.#write(key, value, expires)
    return true
  }

  async take(key: string): Promise<string | null> {
    const entry = this.#live(key)
    this.#space(key).delete(key)
    return entry?.value ?? null
  }

  async replace(key: string, before: string, after: string, expires: number): Promise<boolean> {
    if (this.#live(key)?.value !== before) return false
    this.#write(key, after, expires)
    return true
  }

  async remove(key: string, value?: string): Promise<void> {
    if (value === undefined || this.#live(key)?.value === value) this.#space(key).delete(key)
  }

  async link(set: string, member: string, expires: number): Promise<void> {
    const members = this.#sets.get(set) ?? new Map<string, number>()
    for (const [old, end] of members) if (end <= this.#now()) members.delete(old)
    members.set(member, expires)
    this.#sets.delete(set)
    if (this.#sets.size >= LIMITS.replay_entries) this.#sets.delete(this.#sets.keys().next().value!)
    this.#sets.set(set, members)
  }

  async members(set: string): Promise<string[]> {
    return [...(this.#sets.get(set) ?? [])].filter(([, end]) => end > this.#now()).map(([member]) => member)
  }

  #space(key: string): Map<string, Entry> {
    const name = key.slice(0, key.indexOf(':')), space = this.#spaces.get(name) ?? new Map<string, Entry>()
    this.#spaces.set(name, space)
    return space
  }

  #live(key: string): Entry | undefined {
    const entry = this.#space(key).get(key)
    return entry && entry.expires > this.#now() ? entry : undefined
  }

  #write(key: string, value: string, expires: number): void {
    const space = this.#space(key)
    // A map keeps the order of insertion: the oldest are in front, expired or not.
    space.delete(key)
    for (const [old, entry] of space) {
      if (entry.expires > this.#now() && space.size < LIMITS.replay_entries) break
      space.delete(old)
    }
    space.set(key, { value, expires })
  }
}
