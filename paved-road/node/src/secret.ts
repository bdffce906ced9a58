//! Texts that must not get into logs.
import { inspect } from 'node:util'

import { isEqual } from './encoding.js'
import { refuse } from './refusal.js'

const REDACTED = '[redacted]'

/**
 * A secret text. It prints, inspects and serializes as `[redacted]`; reading it takes `expose()`.
 *
 * JavaScript can't wipe texts: what has been exposed stays in memory until it is collected.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  /** Reads an environment variable, which must be there. */
  static fromEnv(name: string, env: Record<string, string | undefined> = process.env): Secret {
    const text = env[name]
    if (!text) refuse('configuration-invalid', `environment variable ${name} is not set`)
    return new Secret(text)
  }

  /** The text itself. Every call is a place to review. */
  expose(): string {
    return this.#text
  }

  /** Compares in constant time. */
  equals(other: Secret): boolean {
    return isEqual(this.#text, other.#text)
  }

  toString(): string {
    return REDACTED
  }

  toJSON(): string {
    return REDACTED
  }

  [inspect.custom](): string {
    return REDACTED
  }
}
