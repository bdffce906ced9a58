//! JSON as security code needs it: members once, numbers finite, depth bounded (RFC 8259, section 4; RFC 7515, section 4).
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

/** Whether valid JSON names no member twice, has finite numbers, and is not too deep. */
function isUnambiguous(text: string): boolean {
  const open: (Set<string> | null)[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (char === '{' || char === '[') {
      open.push(char === '{' ? new Set() : null)
      if (open.length > LIMITS.json_depth) return false
    } else if (char === '}' || char === ']') {
      open.pop()
    } else if (char === '"') {
      const end = endOfString(text, at)
      if (isBeforeColon(text, end + 1)) {
        const raw = text.slice(at, end + 1), name = raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1)
        const names = open.at(-1)!
        if (names.has(name)) return false
        names.add(name)
      }
      at = end
    } else if (char === '-' || ('0' <= char && char <= '9')) {
      NUMBER.lastIndex = at
      const number = NUMBER.exec(text)![0]
      if (!Number.isFinite(Number(number))) return false
      at += number.length - 1
    }
  }
  return true
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

function isBeforeColon(text: string, from: number): boolean {
  let at = from
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++
  return text[at] === ':'
}
