//! Everything that lowers security, in one place. Searching for `dangerous(` finds each use; each is audited at start.
import { refuse } from './refusal.js'

export interface DangerousOptions {
  /**
   * Allows http to 127.0.0.1, [::1] and localhost, for the public URL and for providers. Whoever controls the network between two
   * processes of this machine can then sign in as anybody.
   */
  httpOnLoopback?: true
  /** Another clock, in seconds since 1970. Whoever controls it can use what has expired. */
  clock?: () => number
  /** Why this is acceptable here. */
  because: string
}

/** What was allowed by `dangerous()`. It can be made in no other way. */
export class Dangerous {
  readonly httpOnLoopback: boolean
  readonly clock: (() => number) | undefined
  readonly because: string
  static readonly none = new Dangerous({ because: '' })

  /** @internal */
  constructor(options: DangerousOptions) {
    this.httpOnLoopback = options.httpOnLoopback === true
    this.clock = options.clock
    this.because = options.because
  }

  /** What was allowed, in words; none if nothing. */
  describe(): string[] {
    return [this.httpOnLoopback && 'http on loopback', this.clock && 'another clock'].filter((what): what is string => Boolean(what)).map((what) => `${what}: ${this.because}`)
  }
}

/** Lowers security, for tests. It needs a reason. */
export function dangerous(options: DangerousOptions): Dangerous {
  return options.because.trim() === '' ? refuse('configuration-invalid', 'dangerous() needs a reason') : new Dangerous(options)
}

/** The clock in use, in seconds. */
export const clockOf = (allowed: Dangerous): (() => number) => allowed.clock ?? (() => Date.now() / 1000)
