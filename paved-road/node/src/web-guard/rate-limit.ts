//! Rate limits: a bucket per key, in memory, of bounded number. Across replicas a limit holds per replica.
import { RATE_LIMITS } from '../constants.js'
import { refuse } from '../refusal.js'

/** So many requests in a minute for each key, as a bucket that refills steadily. */
export class RateLimit {
  readonly #buckets = new Map<string, { left: number; at: number }>()
  readonly #perMinute: number
  readonly #now: () => number

  constructor(perMinute: number, now: () => number = () => Date.now() / 1000) {
    if (!(perMinute > 0)) refuse('configuration-invalid', 'a rate limit is positive')
    this.#perMinute = perMinute
    this.#now = now
  }

  /** Takes one, or refuses. */
  take(key: string): void {
    const now = this.#now(), before = this.#buckets.get(key) ?? { left: this.#perMinute, at: now }
    const left = Math.min(this.#perMinute, before.left + Math.max(0, now - before.at) * this.#perMinute / 60)
    // The oldest entry goes first: a map keeps the order of insertion.
    this.#buckets.delete(key)
    if (this.#buckets.size >= RATE_LIMITS.keys) this.#buckets.delete(this.#buckets.keys().next().value!)
    this.#buckets.set(key, { left: left < 1 ? left : left - 1, at: now })
    if (left < 1) refuse('rate-exceeded')
  }
}
