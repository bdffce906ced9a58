import { REASONS, type Fault, type Reason } from './constants.js'

/**
 * Something was refused. `reason` is a stable code; `detail` is for the audit log, never for a browser, and holds no secret.
 */
export class Refused extends Error {
  readonly reason: Reason
  readonly detail: string | undefined

  constructor(reason: Reason, detail?: string) {
    super(`${reason}: ${REASONS[reason].meaning}`)
    this.name = 'Refused'
    this.reason = reason
    this.detail = detail
  }

  /** Whose fault it is. */
  get fault(): Fault {
    return REASONS[this.reason].fault
  }
}

/** Refuses. */
export function refuse(reason: Reason, detail?: string): never {
  throw new Refused(reason, detail)
}

/** Runs `attempt`, and refuses with `reason` if it throws anything that is no refusal itself. */
export function orRefuse<T>(reason: Reason, attempt: () => T): T {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof Refused) throw error
    refuse(reason)
  }
}
