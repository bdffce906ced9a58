//! Bytes and texts: base64url in its one canonical form, queries read strictly, comparison in constant time.
import { isUtf8 } from 'node:buffer'
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import { LIMITS } from './constants.js'
import { refuse } from './refusal.js'

/** By the length of the last group: characters after which no bit is left over (RFC 4648, section 3.5). */
const CANONICAL = [/^[A-Za-z0-9_-]*$/, /^(?!)/, /^[A-Za-z0-9_-]*[AQgw]$/, /^[A-Za-z0-9_-]*[AEIMQUYcgkosw048]$/]

/** Decodes base64url without padding; null unless it is the one text that encodes those bytes. */
export const decodeBase64url = (text: string): Buffer | null => (CANONICAL[text.length % 4]!.test(text) ? Buffer.from(text, 'base64url') : null)

export const encodeBase64url = (bytes: Uint8Array | string): string => Buffer.from(bytes as Uint8Array).toString('base64url')

export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('base64url')

/** Random text of so many bits. */
export const randomText = (bits: 128 | 256): string => randomBytes(bits / 8).toString('base64url')

/** Compares in constant time. Lengths are no secret. */
export function isEqual(left: string, right: string): boolean {
  const one = Buffer.from(left), other = Buffer.from(right)
  return one.length === other.length && timingSafeEqual(one, other)
}

/** Decodes UTF-8 strictly; null if it is none. A byte order mark is kept, so that JSON refuses it. */
export const decodeUtf8 = (bytes: Uint8Array): string | null => (isUtf8(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : null)

/** Whether a text has more characters than `limit`: Unicode's, which are the same in every language. */
export const isLonger = (text: string, limit: number): boolean => text.length > limit && [...text].length > limit

/** Reads a query or form into pairs (RFC 6749, appendix B). */
export function parseForm(text: string): [string, string][] {
  if (Buffer.byteLength(text) > LIMITS.query_bytes) refuse('query-too-long')
  const query = text.startsWith('?') ? text.slice(1) : text
  if (!/^[\x21-\x7e]*$/.test(query)) refuse('query-malformed')
  return query.split('&').filter((piece) => piece !== '').map((piece) => {
    const at = piece.indexOf('=')
    return at < 0 ? [decodeEscapes(piece), ''] : [decodeEscapes(piece.slice(0, at)), decodeEscapes(piece.slice(at + 1))]
  })
}

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    refuse('query-malformed')
  }
}

/** Writes pairs as application/x-www-form-urlencoded. */
export const encodeForm = (fields: Record<string, string>): string => new URLSearchParams(fields).toString()

/** One value as application/x-www-form-urlencoded. */
export const encodeFormValue = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2)
