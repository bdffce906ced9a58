//! Requests and responses of node:http, which Express and Fastify have inside.
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'

import { refuse } from '../refusal.js'
import type { WebRequest, WebResponse } from '../web.js'

/** Reads a request. `url` is that of the request line, which frameworks may have changed. */
export function webRequest(incoming: IncomingMessage, url: string, parsedBody: unknown): WebRequest {
  const at = url.indexOf('?')
  return {
    method: incoming.method ?? 'GET',
    path: at < 0 ? url : url.slice(0, at),
    query: at < 0 ? '' : url.slice(at + 1),
    header: (name) => headerValues(incoming, name),
    body: (maxBytes) => (parsedBody === undefined ? readBody(incoming, maxBytes) : Promise.resolve(formOf(parsedBody))),
    certificate: certificateOf(incoming),
  }
}

/** Every value that was sent: node:http itself drops or joins some that stand twice. */
function headerValues(incoming: IncomingMessage, name: string): string[] {
  const values: string[] = []
  for (let at = 0; at + 1 < incoming.rawHeaders.length; at += 2) if (incoming.rawHeaders[at]!.toLowerCase() === name) values.push(incoming.rawHeaders[at + 1]!)
  return values
}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) refuse('request-too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

/** A body that something has parsed before us. */
const formOf = (body: unknown): string => (typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString('latin1') : new URLSearchParams(body as Record<string, string>).toString())

/** The client's certificate, where the server asked for one and found it good. */
function certificateOf(incoming: IncomingMessage): string | undefined {
  const socket = incoming.socket as Partial<TLSSocket>
  if (socket.authorized !== true || !socket.getPeerCertificate) return undefined
  const { raw } = socket.getPeerCertificate()
  return raw && createHash('sha256').update(raw).digest('base64url')
}

/** Writes a response. */
export function sendResponse(outgoing: ServerResponse, response: WebResponse): void {
  outgoing.statusCode = response.status
  for (const [name, value] of Object.entries(response.headers)) outgoing.setHeader(name, value)
  appendCookies(outgoing, response.cookies)
  if (response.challenges?.length) outgoing.setHeader('www-authenticate', response.challenges)
  outgoing.end(response.body)
}

export function appendCookies(outgoing: ServerResponse, cookies: readonly string[]): void {
  if (cookies.length === 0) return
  const before = outgoing.getHeader('set-cookie')
  outgoing.setHeader('set-cookie', [...(before === undefined ? [] : Array.isArray(before) ? before : [String(before)]), ...cookies])
}
