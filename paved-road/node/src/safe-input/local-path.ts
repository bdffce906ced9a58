//! Targets of redirects that stay here (CWE-601).
import { LIMITS } from '../constants.js'
import { isLonger } from '../encoding.js'
import { Refused, refuse } from '../refusal.js'

const CHARACTERS = /^[\x21-\x7e]*$/
const NEVER = /["<>\\^`{|}]/
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/
/** Escapes that are a separator or a control character once decoded, or an escape once more. */
const HIDDEN = /%(?:2f|5c|[01][0-9a-f]|7f|25[0-9a-f]{2})/i

/** A path of this service with query and fragment, safe to redirect to. There is no other way to make one: the type is the proof. */
export class LocalPath {
  readonly #text: string

  constructor(text: string) {
    check(text)
    this.#text = text
  }

  static readonly root = new LocalPath('/')

  /** Checks a path, or refuses it. */
  static parse(text: string): LocalPath {
    return new LocalPath(text)
  }

  /** As `parse`, but anything else leads to `/`. */
  static parseOrRoot(text: unknown): LocalPath {
    try {
      return typeof text === 'string' ? new LocalPath(text) : LocalPath.root
    } catch (error) {
      if (error instanceof Refused) return LocalPath.root
      throw error
    }
  }

  toString(): string {
    return this.#text
  }
}

function check(text: string): void {
  if (text === '') refuse('path-empty')
  if (isLonger(text, LIMITS.local_path_chars)) refuse('path-too-long')
  if (!/^\/(?![/\\])/.test(text)) refuse('path-not-local')
  if (!CHARACTERS.test(text) || NEVER.test(text)) refuse('path-character')
  if (BROKEN_ESCAPE.test(text)) refuse('path-malformed')
  const path = text.replace(/[?#].*$/, '')
  if (HIDDEN.test(path)) refuse('path-encoded-separator')
  // Browsers take %2e for a dot. A path without dot segments is its own normal form, so what was checked is what they follow.
  if (path.split('/').some((segment) => /^\.{1,2}$/.test(segment.replace(/%2e/gi, '.')))) refuse('path-dot-segment')
}
