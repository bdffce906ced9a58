//! What a configuration says of places: public URL, issuer, endpoints.
import { refuse } from '../refusal.js'
import { isHostName, isLoopback, originOf, parseUrl, type ParsedUrl } from '../url.js'
import { parseAddress } from '../safe-http/address.js'

/** Whether a host is a name or a literal address. */
const isHost = (url: ParsedUrl): boolean => parseAddress(url.host) !== null || (!url.isBracketed && isHostName(url.host))

/** https, or http on loopback where tests may. */
const isSecure = (url: ParsedUrl, httpOnLoopback: boolean): boolean => url.scheme === 'https' || (httpOnLoopback && url.scheme === 'http' && isLoopback(url))

/** Checks the URL under which browsers reach the service, and gives its origin. */
export function parsePublicUrl(text: string, httpOnLoopback: boolean): string {
  const url = parseUrl(text)
  if (!url || !/^https?$/.test(url.scheme) || url.hasUser || !isHost(url) || !(url.path === '' || url.path === '/') || url.query || url.fragment) refuse('configuration-invalid', 'the public URL must be https://host, without path')
  if (!isSecure(url, httpOnLoopback)) refuse('public-url-insecure')
  return originOf(url)
}

/** Checks an issuer identifier (RFC 8414, section 2). */
export function parseIssuer(text: string, httpOnLoopback: boolean): string {
  const url = parseUrl(text)
  if (!url || !isSecure(url, httpOnLoopback) || url.hasUser || !isHost(url) || url.query || url.fragment) refuse('issuer-malformed')
  return text
}

/** Checks an endpoint of a provider. */
export function parseEndpoint(value: unknown, name: string, httpOnLoopback: boolean): string {
  const url = typeof value === 'string' ? parseUrl(value) : null
  if (!url || !/^https?$/.test(url.scheme) || url.hasUser || !isHost(url) || url.fragment) refuse('endpoint-malformed', name)
  if (!isSecure(url, httpOnLoopback)) refuse('endpoint-insecure', name)
  return value as string
}
