//! One request, one answer: bounded in size and time, no redirect followed. All calls to providers go through here.
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'

import { LIMITS } from './constants.js'
import { decodeUtf8 } from './encoding.js'
import type { Answer } from './protocol/answer.js'
import { Refused } from './refusal.js'

export interface ExchangeRequest {
  url: string
  method: string
  headers?: Record<string, string>
  body?: string | Uint8Array
  /** Connects elsewhere than a resolver says: the guard of safe-http pins the address that it has checked. */
  lookup?: LookupFunction
  timeoutMs?: number
  maxBytes?: number
}

export interface RawAnswer {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

/** Sends a request and reads the whole answer. */
export function exchange(request: ExchangeRequest): Promise<RawAnswer> {
  const { promise, resolve, reject } = withResolvers<RawAnswer>()
  const maxBytes = request.maxBytes ?? LIMITS.response_bytes
  const outgoing = (request.url.startsWith('https:') ? https : http).request(request.url, {
    method: request.method,
    // Compressed answers are not asked for: their size can't be told beforehand.
    headers: { 'accept-encoding': 'identity', 'user-agent': 'bartizan-paved-road', ...request.headers },
    maxHeaderSize: LIMITS.response_header_bytes,
    agent: false,
    minVersion: 'TLSv1.2',
    ...(request.lookup && { lookup: request.lookup }),
  } as https.RequestOptions)
  const fail = (error: Error) => {
    reject(error)
    outgoing.destroy()
  }
  // One clock for everything: connecting, waiting, reading. A trickle of bytes does not extend it.
  const timer = setTimeout(() => fail(new Refused('timeout')), request.timeoutMs ?? LIMITS.response_ms)
  outgoing.on('error', (error) => fail(error instanceof Refused ? error : new Refused('unreachable', (error as NodeJS.ErrnoException).code)))
  outgoing.on('response', (answer) => {
    const chunks: Buffer[] = []
    let size = 0
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) fail(new Refused('body-too-large'))
      else chunks.push(chunk)
    })
    answer.on('error', () => fail(new Refused('unreachable')))
    answer.on('aborted', () => fail(new Refused('unreachable')))
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }))
  })
  outgoing.end(request.body)
  return promise.finally(() => clearTimeout(timer))
}

/** As a provider's answer is read. What is not UTF-8 is no JSON either. */
export const toAnswer = (raw: RawAnswer): Answer => ({ status: raw.status, contentType: raw.headers['content-type'] ?? '', body: decodeUtf8(raw.body) ?? '' })

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void, reject!: (error: Error) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
