//! A client for URLs from outside (CWE-918): it reaches the public Internet, and nothing else.
//!
//! The guard sits where the connection is made: a name is resolved once, every address is judged, and the connection goes to an
//! address that was judged. Nothing is resolved a second time, so that a name can't change its mind. Every redirect begins anew.
import { lookup as resolveName } from 'node:dns/promises'

import { LIMITS } from '../constants.js'
import { exchange, type ExchangeRequest, type RawAnswer } from '../exchange.js'
import { refuse } from '../refusal.js'
import { DEFAULT_PORTS } from '../url.js'
import { checkPublicAddress, parseAddress } from './address.js'
import { checkTarget, type Target } from './target.js'

export interface SafeHttpOptions {
  /** Ports besides 443. */
  ports?: readonly number[]
  /** Asks another resolver. Its answers are judged as any. */
  resolve?: (host: string) => Promise<readonly string[]>
  timeoutMs?: number
  maxBytes?: number
  /** Sends a request to an address that was judged. Tests have another one. */
  send?: (request: ExchangeRequest, address: string) => Promise<RawAnswer>
}

export interface SafeRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Record<string, string>
  body?: string | Uint8Array
}

const REDIRECTS = [301, 302, 303, 307, 308]
/** Headers that are for one origin only. */
const CREDENTIALS = /^(?:authorization|cookie|proxy-authorization|dpop|x-api-key)$/i

export class SafeHttp {
  readonly #options: SafeHttpOptions
  readonly #ports: readonly number[]

  constructor(options: SafeHttpOptions = {}) {
    this.#options = options
    this.#ports = [DEFAULT_PORTS['https']!, ...(options.ports ?? [])]
  }

  /** Where a URL leads: a target, and the address to connect to. */
  async resolve(url: string): Promise<{ target: Target; address: string }> {
    const target = checkTarget(url, { schemes: ['https'], ports: this.#ports })
    const addresses = target.isLiteral ? [target.host] : await this.#lookup(target.host)
    // One bad address among good ones is an attack, or a mistake that looks like one.
    for (const address of addresses) checkPublicAddress(address)
    return { target, address: addresses[0] ?? refuse('address-none') }
  }

  async #lookup(host: string): Promise<readonly string[]> {
    if (this.#options.resolve) return this.#options.resolve(host)
    try {
      return (await resolveName(host, { all: true, verbatim: true })).map(({ address }) => address)
    } catch {
      refuse('address-none')
    }
  }

  /** Sends a request. GET and HEAD follow a few redirects, each of which is judged as if it were the first. */
  async request(url: string, request: SafeRequest = {}): Promise<RawAnswer & { url: string }> {
    const method = request.method ?? 'GET'
    let current = url, headers = request.headers ?? {}
    for (let followed = 0; ; followed++) {
      const { target, address } = await this.resolve(current)
      const answer = await this.#send({ url: current, method, headers, ...(request.body !== undefined && { body: request.body }) }, address)
      const { location } = answer.headers
      if (!REDIRECTS.includes(answer.status) || location === undefined || !(method === 'GET' || method === 'HEAD')) return { ...answer, url: current }
      if (followed >= LIMITS.redirects) refuse('redirects-exceeded')
      const next = resolveReference(location, target)
      if (originText(next) !== originText(current)) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !CREDENTIALS.test(name)))
      current = next
    }
  }

  #send(request: ExchangeRequest, address: string): Promise<RawAnswer> {
    const limited = { ...request, ...(this.#options.timeoutMs !== undefined && { timeoutMs: this.#options.timeoutMs }), ...(this.#options.maxBytes !== undefined && { maxBytes: this.#options.maxBytes }) }
    if (this.#options.send) return this.#options.send(limited, address)
    return exchange({ ...limited, lookup: pinned(address) })
  }
}

/** Answers with the one address that was judged, whatever is asked. */
function pinned(address: string): NonNullable<ExchangeRequest['lookup']> {
  const family = parseAddress(address)?.bits === 128 ? 6 : 4
  return (_host, options, callback) => (options.all ? callback(null, [{ address, family }]) : callback(null, address, family))
}

/** A Location header: absolute, or a path on the same origin. Nothing else is guessed. */
function resolveReference(location: string, from: Target): string {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(location)) return location
  const port = from.port === DEFAULT_PORTS[from.scheme] ? '' : `:${from.port}`, host = from.host.includes(':') ? `[${from.host}]` : from.host
  return /^\/(?!\/)/.test(location) ? `${from.scheme}://${host}${port}${location}` : refuse('url-malformed')
}

const originText = (url: string): string => /^[^:]+:\/\/[^/?#]*/.exec(url)?.[0].toLowerCase() ?? ''
