//! Passwords: argon2id, made stronger at sign-in, a bounded queue. Needs the optional package `@node-rs/argon2`.
import { createHmac } from 'node:crypto'

import { LIMITS, PASSWORDS } from './constants.js'
import { refuse } from './refusal.js'
import type { Secret } from './secret.js'

/** Refuses a password that can't be set. Characters count, not bytes; nothing is said about their kinds (NIST SP 800-63B-4, 3.1.1.2). */
export function checkPassword(password: string): void {
  const length = [...password].length
  if (length < LIMITS.password_chars_min) refuse('password-too-short')
  if (length > LIMITS.password_chars_max) refuse('password-too-long')
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+$/

/** Whether a stored hash is weaker than what is made today. */
export function needsRehash(stored: string): boolean {
  const parts = PHC.exec(stored)
  return !parts || Number(parts[1]) < PASSWORDS.memory_kib || Number(parts[2]) < PASSWORDS.passes
}

/** What is hashed: the password, or with a pepper its HMAC-SHA-256 in base64url, the same in every language. */
export const peppered = (password: string, pepper: Secret | undefined): string => (pepper ? createHmac('sha256', pepper.expose()).update(password).digest('base64url') : password)

interface Argon2 {
  hash(password: string, options: object): Promise<string>
  verify(hash: string, password: string, options: object): Promise<boolean>
}

const OPTIONS = { algorithm: 2, version: 1, memoryCost: PASSWORDS.memory_kib, timeCost: PASSWORDS.passes, parallelism: PASSWORDS.lanes, outputLen: PASSWORDS.hash_bytes }

/** Hashes and checks passwords, a few at a time: hashing is meant to be slow, and a queue without end is an outage. */
export class Passwords {
  readonly #pepper: Secret | undefined
  readonly #waiting: (() => void)[] = []
  #running = 0
  #dummy: Promise<string> | undefined

  /** `pepper` is a key that is kept apart from the hashes; passwords pass through HMAC-SHA-256 with it first. */
  constructor(options: { pepper?: Secret } = {}) {
    this.#pepper = options.pepper
  }

  /** Makes a hash to be stored. */
  async hash(password: string): Promise<string> {
    checkPassword(password)
    return this.#queued((argon2) => argon2.hash(peppered(password, this.#pepper), OPTIONS))
  }

  /**
   * Checks a password against a stored hash. Without one (no such user) it takes as long.
   * `rehash` is a new hash to be stored, if the old one is weaker than what is made today.
   */
  async verify(password: string, stored: string | null): Promise<{ ok: boolean; rehash?: string }> {
    if ([...password].length > LIMITS.password_chars_max) return { ok: false }
    const hash = stored ?? (await (this.#dummy ??= this.hash('a password that nobody has')))
    const isRight = await this.#queued((argon2) => argon2.verify(hash, peppered(password, this.#pepper), OPTIONS).catch(() => false))
    const ok = isRight && stored !== null
    return ok && needsRehash(hash) ? { ok, rehash: await this.#queued((argon2) => argon2.hash(peppered(password, this.#pepper), OPTIONS)) } : { ok }
  }

  async #queued<T>(work: (argon2: Argon2) => Promise<T>): Promise<T> {
    if (this.#running >= PASSWORDS.parallel) {
      if (this.#waiting.length >= PASSWORDS.queue) refuse('password-queue-full')
      await new Promise<void>((resume) => this.#waiting.push(resume))
    } else {
      this.#running += 1
    }
    try {
      return await work((await import('@node-rs/argon2')) as unknown as Argon2)
    } finally {
      // The place goes to the next one, or is free.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
