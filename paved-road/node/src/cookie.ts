//! Cookies of one kind only: `__Host-`, Secure, HttpOnly, SameSite=Lax (RFC 6265bis, section 4.1.3.2).
import { COOKIES } from './constants.js'
import { refuse } from './refusal.js'

const NAME = /^__Host-[A-Za-z0-9_-]+$/
const VALUE = /^[A-Za-z0-9_-]+$/

/** A Set-Cookie header. */
export function writeCookie(name: string, value: string, maxAge: number): string {
  if (!NAME.test(name) || !VALUE.test(value)) refuse('configuration-invalid', 'cookie')
  return `${name}=${value}; ${COOKIES.attributes}; Max-Age=${maxAge}`
}

/** A Set-Cookie header that removes a cookie. */
export function removeCookie(name: string): string {
  if (!NAME.test(name)) refuse('configuration-invalid', 'cookie')
  return `${name}=; ${COOKIES.attributes}; Max-Age=0`
}

/** Name and value of every cookie, in order. */
export function readCookies(header: string): [string, string][] {
  return header.split(';').map((piece) => piece.trim()).filter((piece) => piece.indexOf('=') > 0).map((piece) => [piece.slice(0, piece.indexOf('=')), piece.slice(piece.indexOf('=') + 1)])
}

/** The value of a cookie. One that stands twice was tossed in by somebody (RFC 6265bis, section 8.6). */
export function readCookie(header: string, name: string): string | null {
  const values = readCookies(header).filter(([other]) => other === name)
  if (values.length > 1) refuse('cookie-repeated')
  return values[0]?.[1] ?? null
}
