//! What holds for every request, before any handler: host, site, size, rate; and headers for every response.
import type { AuditSink } from '../audit.js'
import { LIMITS, type Reason } from '../constants.js'
import { randomText } from '../encoding.js'
import { Refused, refuse } from '../refusal.js'
import { textResponse, type WebRequest, type WebResponse } from '../web.js'
import { securityHeaders, type ResponseClass } from './headers.js'
import type { RateLimit } from './rate-limit.js'
import { checkRequestHost } from './request-host.js'
import { checkRequestSite } from './request-site.js'

export interface GuardOptions {
  /** Other names under which this service is reached from inside, such as that of a health check: `10.0.0.7:3000`. */
  otherHosts?: readonly string[]
  maxBodyBytes?: number
  rateLimit?: { limit: RateLimit; keyOf: (request: WebRequest) => string }
}

const STATUS: Partial<Record<Reason, number>> = { 'host-mismatch': 421, 'request-too-large': 413, 'rate-exceeded': 429 }

export class Guard {
  readonly #origin: string
  readonly #options: GuardOptions
  readonly #exempt: readonly string[]
  readonly #audit: AuditSink

  /** `exempt` are paths that no browser calls, and that prove their caller otherwise. */
  constructor(origin: string, options: GuardOptions, exempt: readonly string[], audit: AuditSink) {
    this.#origin = origin
    this.#options = options
    this.#exempt = exempt
    this.#audit = audit
  }

  get #https(): boolean {
    return this.#origin.startsWith('https:')
  }

  /** Headers for a response, and the nonce that its scripts and styles carry. */
  headers(kind: ResponseClass): { nonce: string; headers: Record<string, string> } {
    const nonce = randomText(128)
    return { nonce, headers: securityHeaders(kind, { https: this.#https, nonce }) }
  }

  /** Null if the request may go on; else the answer. */
  check(request: WebRequest): WebResponse | null {
    try {
      this.#check(request)
      return null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.#audit({ kind: 'request-refused', reason: error.reason, detail: request.path })
      return textResponse(STATUS[error.reason] ?? 403, 'This request is not accepted.\n', this.#https)
    }
  }

  #check(request: WebRequest): void {
    const hosts = request.header('host')
    if (!(hosts.length === 1 && this.#options.otherHosts?.includes(hosts[0]!))) checkRequestHost(hosts, this.#origin)
    if (!this.#exempt.includes(request.path) && !carriesToken(request)) checkRequestSite(request.method, (name) => request.header(name), this.#origin)
    const [length] = request.header('content-length'), max = this.#options.maxBodyBytes ?? LIMITS.request_body_bytes
    // A body of unknown length is refused: what reads it next may have no limit.
    if (length !== undefined ? !(Number(length) <= max) : request.header('transfer-encoding').length > 0) refuse('request-too-large')
    const { rateLimit } = this.#options
    if (rateLimit) rateLimit.limit.take(rateLimit.keyOf(request))
  }
}

/** A page of another site can't add this header to a request without our consent: it needs a preflight. */
const carriesToken = (request: WebRequest): boolean => /^(?:bearer|dpop) /i.test(request.header('authorization')[0] ?? '')
