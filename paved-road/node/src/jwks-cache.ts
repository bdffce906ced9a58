//! Keys of a provider, fetched rarely and soon: a new key is usable within two seconds, and a flood of forged tokens causes few fetches.
import { LIFETIMES } from './constants.js'
import type { KeySet, PublicKey } from './jose/keys.js'
import { Refused, refuse } from './refusal.js'

/** Fetches and reads a key set. */
export type FetchKeys = () => Promise<KeySet>

const REFILL_MS = LIFETIMES.jwks_refill_seconds * 1000
const CAPACITY = LIFETIMES.jwks_burst * REFILL_MS

/**
 * A bucket of `jwks_burst` fetches gains one in `jwks_refill_seconds`; all fetches come out of it. What a fetch found within
 * `jwks_interval_seconds` is the answer to every unknown key. Those who are well are not slowed down by those who forge.
 */
export class JwksCache {
  readonly #fetch: FetchKeys
  readonly #nowMs: () => number
  #keys: PublicKey[] = []
  #fetchedAt = -Infinity
  #triedAt = -Infinity
  #budget: { left: number; at: number } | undefined
  #pending: Promise<void> | undefined

  constructor(fetch: FetchKeys, nowMs: () => number) {
    this.#fetch = fetch
    this.#nowMs = nowMs
  }

  /** The keys, among them one that `isWanted`, if it is to be had. */
  async keys(isWanted: (keys: readonly PublicKey[]) => boolean): Promise<readonly PublicKey[]> {
    if (!this.#isWithin(LIFETIMES.jwks_fresh_seconds) || !isWanted(this.#keys)) await this.#refetch()
    if (!this.#isWithin(LIFETIMES.jwks_stale_seconds)) refuse('jwks-unavailable')
    return this.#keys
  }

  #isWithin(seconds: number): boolean {
    return this.#nowMs() - this.#fetchedAt < seconds * 1000
  }

  /** Fetches once for everybody who waits, if the budget allows. */
  async #refetch(): Promise<void> {
    if (!this.#pending && this.#mayFetch()) this.#pending = this.#fetchNow().finally(() => { this.#pending = undefined })
    await this.#pending
  }

  #mayFetch(): boolean {
    const now = this.#nowMs()
    if (now - this.#triedAt < LIFETIMES.jwks_interval_seconds * 1000) return false
    const before = this.#budget ?? { left: CAPACITY, at: now }, left = Math.min(CAPACITY, before.left + Math.max(0, now - before.at))
    const may = left >= REFILL_MS
    this.#budget = { left: may ? left - REFILL_MS : left, at: now }
    return may
  }

  async #fetchNow(): Promise<void> {
    try {
      const { keys } = await this.#fetch()
      this.#keys = keys
      this.#fetchedAt = this.#nowMs()
    } catch (error) {
      // Old keys are better than none, for a day.
      if (!(error instanceof Refused)) throw error
    } finally {
      this.#triedAt = this.#nowMs()
    }
  }
}
