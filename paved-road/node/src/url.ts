//! One reading of URLs for everything here: plain ASCII, an authority, nothing repaired. What a browser would repair is refused.

export interface ParsedUrl {
  scheme: string
  /** Whether the authority names a user. */
  hasUser: boolean
  /** In lower case; of a literal IPv6 address without brackets. */
  host: string
  isBracketed: boolean
  port: number | null
  path: string
  /** With its question mark, or empty. */
  query: string
  /** With its number sign, or empty. */
  fragment: string
}

const WHOLE = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/
const CHARACTERS = /^[\x21-\x7e]+$/
const NEVER = /["<>\\^`{|}]/
const AUTHORITY = /^(?:\[([0-9A-Za-z:.]+)\]|([^:[\]%]+))(?::([0-9]{1,5}))?$/

export const DEFAULT_PORTS: Record<string, number> = { http: 80, https: 443 }

/** Splits an absolute URL (RFC 3986, section 3); null if it is none of plain characters. */
export function parseUrl(text: string): ParsedUrl | null {
  if (!CHARACTERS.test(text) || NEVER.test(text)) return null
  const parts = WHOLE.exec(text)
  if (!parts) return null
  const [, scheme, authority, path, query, fragment] = parts
  const at = authority!.lastIndexOf('@')
  const host = AUTHORITY.exec(authority!.slice(at + 1))
  if (!host) return null
  const port = host[3] === undefined ? null : Number(host[3])
  if (port !== null && (port < 1 || port > 65535)) return null
  return { scheme: scheme!.toLowerCase(), hasUser: at >= 0, host: (host[1] ?? host[2]!).toLowerCase(), isBracketed: host[1] !== undefined, port, path: path!, query: query ?? '', fragment: fragment ?? '' }
}

/** Scheme, host and port, in the form of an Origin header (RFC 6454, section 6.1). */
export function originOf(url: ParsedUrl): string {
  const host = url.isBracketed ? `[${url.host}]` : url.host
  return url.port === null || url.port === DEFAULT_PORTS[url.scheme] ? `${url.scheme}://${host}` : `${url.scheme}://${host}:${url.port}`
}

const LABEL = /^[a-z0-9_][a-z0-9_-]{0,62}$/

/** Whether a host has the form of a name. */
export const isHostName = (host: string): boolean => host.length <= 253 && host.split('.').every((label) => LABEL.test(label))

/** Whether a host is this machine, by its literal address or as localhost. */
export const isLoopback = (url: ParsedUrl): boolean => url.host === '127.0.0.1' || url.host === 'localhost' || (url.isBracketed && url.host === '::1')
