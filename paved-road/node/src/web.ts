//! Requests and responses as adapters hand them over: nothing of a framework.
import { randomText } from './encoding.js'
import { securityHeaders, type ResponseClass } from './web-guard/headers.js'

export interface WebRequest {
  method: string
  /** As it was sent, without query. */
  path: string
  /** As it was sent, without question mark. */
  query: string
  /** All values of a header by its name in lower case. */
  header(name: string): readonly string[]
  /** The body as text, up to so many bytes. */
  body(maxBytes: number): Promise<string>
  /** SHA-256 thumbprint of the client certificate, if the connection has one. */
  certificate?: string | undefined
}

export interface WebResponse {
  status: number
  headers: Record<string, string>
  /** Values of Set-Cookie and WWW-Authenticate, one header each. */
  cookies: string[]
  challenges?: string[]
  body: string
}

/** A text for people; never HTML. */
export const textResponse = (status: number, body: string, https: boolean, cookies: string[] = []): WebResponse => response('api', status, body, 'text/plain; charset=utf-8', https, cookies)

export const jsonResponse = (status: number, body: unknown, https: boolean): WebResponse => response('api', status, JSON.stringify(body), 'application/json', https, [])

export function redirectResponse(status: 302 | 303, location: string, https: boolean, cookies: string[] = []): WebResponse {
  const answer = response('redirect', status, '', 'text/plain; charset=utf-8', https, cookies)
  return { ...answer, headers: { ...answer.headers, location } }
}

function response(kind: ResponseClass, status: number, body: string, contentType: string, https: boolean, cookies: string[]): WebResponse {
  return { status, headers: { ...securityHeaders(kind, { https, nonce: randomText(128) }), 'content-type': contentType }, cookies, body }
}
