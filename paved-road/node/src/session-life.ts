//! How long a session lives (ASVS 5.0, 7.3).
import { LIFETIMES } from './constants.js'
import { refuse } from './refusal.js'

export interface SessionLimits {
  /** Seconds without use after which a session ends. */
  idle: number
  /** Seconds after which it ends in any case. */
  absolute: number
}

/** Lifetimes can be shortened, not extended. */
export function sessionLimits(asked: Partial<SessionLimits> = {}): SessionLimits {
  const idle = asked.idle ?? LIFETIMES.session_idle_seconds, absolute = asked.absolute ?? LIFETIMES.session_absolute_seconds
  if (!(0 < idle && idle <= LIFETIMES.session_idle_seconds && 0 < absolute && absolute <= LIFETIMES.session_absolute_seconds)) refuse('configuration-invalid', 'session lifetimes can only be shortened')
  return { idle, absolute }
}

/** Whether a session lives; and if so, whether its last use is to be written. */
export function checkLife(session: { created: number; seen: number }, now: number, limits: SessionLimits): { touch: boolean } {
  if (now - session.created >= limits.absolute) refuse('session-too-old')
  if (now - session.seen >= limits.idle) refuse('session-idle')
  return { touch: now - session.seen >= Math.min(LIFETIMES.session_touch_seconds, limits.idle / 2) }
}
