//! Structured events of what matters: sign-ins, refusals with their reason, and use of what is dangerous.
import { randomUUID } from 'node:crypto'

import { LIMITS, type Reason } from './constants.js'

/** Something that happened. It holds no secret. */
export interface AuditEvent {
  kind: 'sign-in' | 'sign-in-refused' | 'sign-out' | 'refresh' | 'refresh-refused' | 'logout-refused' | 'api-refused' | 'request-refused' | 'provider-alarm' | 'dangerous'
  issuer?: string | undefined
  subject?: string | undefined
  reason?: Reason | undefined
  detail?: string | undefined
  /** What the user is shown, to find this event by. */
  reference?: string | undefined
}

/** Takes events. It must not throw. */
export type AuditSink = (event: AuditEvent) => void

const ACTIVITY: Partial<Record<AuditEvent['kind'], number>> = { 'sign-in': 1, 'sign-in-refused': 1, 'sign-out': 2 }

/** An event as OCSF 1.3 (class 3002, Authentication). */
export function toOcsf(event: AuditEvent, { time, id }: { time: number; id: string }): object {
  const activity = ACTIVITY[event.kind] ?? 99, isFailure = event.reason !== undefined
  const user = { ...(event.subject !== undefined && { uid: printable(event.subject) }), ...(event.issuer !== undefined && { domain: printable(event.issuer) }) }
  return {
    class_uid: 3002,
    class_name: 'Authentication',
    category_uid: 3,
    category_name: 'Identity & Access Management',
    activity_id: activity,
    type_uid: 300200 + activity,
    time,
    severity_id: event.kind === 'dangerous' ? 4 : isFailure ? 3 : 1,
    status_id: isFailure ? 2 : 1,
    ...(event.reason !== undefined && { status_code: event.reason }),
    ...(event.detail !== undefined && { status_detail: printable(event.detail) }),
    ...(Object.keys(user).length > 0 && { user }),
    metadata: { version: '1.3.0', uid: event.reference ?? id, product: { name: 'Bartizan paved road', vendor_name: 'Bartizan' } },
  }
}

/** One line of printable ASCII (CWE-117). */
function printable(text: string): string {
  return [...text].slice(0, LIMITS.audit_text_chars).map((char) => (/[\x20-\x7e]/.test(char) ? char : `\\u{${char.codePointAt(0)!.toString(16)}}`)).join('')
}

/** Writes events as lines of JSON; by default to standard error. */
export function jsonLines(out: { write(text: string): unknown } = process.stderr): AuditSink {
  return (event) => {
    out.write(`${JSON.stringify(toOcsf(event, { time: Date.now(), id: randomUUID() }))}\n`)
  }
}
