//! Bytes and texts: base64url in its one canonical form, queries read strictly, comparison in constant time.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import { LIMITS } from './constants.js'
import { refuse } from './refusal.js'

const BASE64URL = /^[A-Za-z0-9_-]*$/

/** Decodes base64url without padding; null unless it is the one text that encodes those bytes (RFC 4648, section 3.5). */
export function decodeBase64url(text: string): Buffer | null {
  if (!BASE64URL.test(text) || text.length % 4 === 1) return null
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}

export const encodeBase64url = (bytes: Uint8Array | string): string => Buffer.from(bytes as Uint8Array).toString('base64url')

export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('base64url')

/** Random text of so many bits. */
export const randomText = (bits: 128 | 256): string => randomBytes(bits / 8).toString('base64url')

/** Compares in constant time, whatever the lengths. */
export function isEqual(left: string, right: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(left), hash(right)) && left.length === right.length
}

/** Decodes UTF-8 strictly; null if it is none. A byte order mark is kept, so that JSON refuses it. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

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
