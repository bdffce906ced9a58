//! Where a request may go, before a name is resolved.
import { ADDRESSES, LIMITS } from '../constants.js'
import { isLonger } from '../encoding.js'
import { refuse } from '../refusal.js'
import { DEFAULT_PORTS, isHostName, parseUrl } from '../url.js'
import { checkPublicAddress, parseAddress } from './address.js'

export interface Target {
  scheme: string
  /** A name, or a literal address without brackets. */
  host: string
  port: number
  /** Path and query, as the request line has them. */
  target: string
  isLiteral: boolean
}

/** What looks like a number to some resolver: the last label is decimal or hexadecimal. */
const NUMBER_AT_END = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/

/** Checks a URL. A literal address is judged here: no resolver is asked for it. */
export function checkTarget(text: string, allowed: { schemes: readonly string[]; ports: readonly number[] }): Target {
  if (isLonger(text, LIMITS.url_chars)) refuse('url-too-long')
  const url = parseUrl(text) ?? refuse('url-malformed')
  if (!allowed.schemes.includes(url.scheme) || !Object.hasOwn(DEFAULT_PORTS, url.scheme)) refuse('url-scheme')
  if (url.hasUser) refuse('url-userinfo')
  const isLiteral = parseAddress(url.host) !== null
  if (url.isBracketed && !(isLiteral && url.host.includes(':'))) refuse('host-malformed')
  if (!isLiteral && (!isHostName(url.host) || NUMBER_AT_END.test(url.host))) refuse('host-malformed')
  if (!isLiteral && isPrivateName(url.host)) refuse('host-not-public')
  if (isLiteral) checkPublicAddress(url.host)
  const port = url.port ?? DEFAULT_PORTS[url.scheme]!
  if (!allowed.ports.includes(port)) refuse('url-port')
  return { scheme: url.scheme, host: url.host, port, target: `${url.path || '/'}${url.query}`, isLiteral }
}

/** A name without a dot, or below a domain for private use. */
const isPrivateName = (host: string): boolean => !host.includes('.') || ADDRESSES.names_refused.some((name) => host === name || host.endsWith(`.${name}`))
