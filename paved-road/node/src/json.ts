//! JSON as security code needs it: members once, numbers finite, characters whole, depth bounded (RFC 8259, section 4; RFC 7515, section 4).
import { LIMITS } from './constants.js'

export type JsonObject = { [name: string]: unknown }

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Parses a JSON object; null if it is none, or ambiguous. */
export function parseObject(text: string): JsonObject | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  return isObject(value) && isUnambiguous(text) ? value : null
}

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** RFC 8259, section 8.2: what one language takes for such a text is an error in the next. */
const HALF_A_PAIR = /\p{Cs}/u

/** Whether valid JSON names no member twice, has finite numbers and whole characters, and is not too deep. */
function isUnambiguous(text: string): boolean {
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === OPEN_OBJECT || char === OPEN_LIST) {
      open.push(char === OPEN_OBJECT ? new Set() : null)
      if (open.length > LIMITS.json_depth) return false
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      open.pop()
    } else if (char === QUOTE) {
      const end = endOfString(text, at), raw = text.slice(at, end + 1)
      if (raw.includes('\\u') && HALF_A_PAIR.test(JSON.parse(raw) as string)) return false
      if (isBeforeColon(text, end + 1) && !isNew(open.at(-1)!, raw)) return false
      at = end
    } else if (char === MINUS || (ZERO <= char && char <= NINE)) {
      NUMBER.lastIndex = at
      const number = NUMBER.exec(text)![0]
      if (!Number.isFinite(Number(number))) return false
      at += number.length - 1
    }
  }
  return true
}

const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST, QUOTE, BACKSLASH, MINUS, ZERO, NINE] = [...'{}[]"\\-09'].map((char) => char.charCodeAt(0)) as [number, number, number, number, number, number, number, number, number]

/** Notes the name of a member, given as JSON; says whether it is new. */
function isNew(names: Set<string>, raw: string): boolean {
  const before = names.size
  names.add(raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1))
  return names.size > before
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

function isBeforeColon(text: string, from: number): boolean {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}
