//! Express 4 and 5.
//!
//!     const app = express().use(paved(auth))
//!     app.get('/orders', signedIn(), (req, res) => res.json({ sub: who(req).subject }))
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Access } from '../access-token.js'
import type { Api } from '../api.js'
import type { Auth, SignedIn } from '../auth.js'
import { Refused, refuse } from '../refusal.js'
import { textResponse, type WebRequest } from '../web.js'
import type { GuardOptions } from '../web-guard/guard.js'
import { sendResponse, webRequest } from './node-http.js'

/** What is used of Express' request. */
export type Request = IncomingMessage & { originalUrl: string; body?: unknown }
export type Response = ServerResponse & { locals: Record<string, unknown> }
export type Next = (error?: unknown) => void
export type Handler = (request: Request, response: Response, next: Next) => void

const users = new WeakMap<IncomingMessage, SignedIn | null>()
const callers = new WeakMap<IncomingMessage, Access>()
const auths = new WeakMap<IncomingMessage, Auth>()

const asWeb = (request: Request): WebRequest => webRequest(request, request.originalUrl, request.body)

/** Puts a step into Express 4 and 5 alike: what it throws goes to `next`. */
const step = (run: (request: Request, response: Response, next: Next) => Promise<void>): Handler => (request, response, next) => {
  run(request, response, next).catch(next)
}

/** Everything: headers, guard, sign-in, sessions. Use it first, before parsers and routes. */
export function paved(auth: Auth, options: GuardOptions = {}): Handler {
  const guard = auth.guard(options)
  return step(async (request, response, next) => {
    const web = asWeb(request), { nonce, headers } = guard.headers('page')
    response.removeHeader('x-powered-by')
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    response.locals['nonce'] = nonce
    const answer = guard.check(web) ?? (await auth.handle(web))
    if (answer) return sendResponse(response, answer)
    auths.set(request, auth)
    users.set(request, await auth.session(web))
    next()
  })
}

/** Lets in who is signed in. Others: a page begins a sign-in, anything else is refused. */
export function signedIn(): Handler {
  return step(async (request, response, next) => {
    const auth = auths.get(request) ?? refuse('configuration-invalid', 'use paved(auth) first')
    if (users.get(request)) return next()
    const web = asWeb(request), isPage = request.method === 'GET' && web.header('sec-fetch-mode')[0] === 'navigate'
    sendResponse(response, isPage ? await auth.begin(web, { next: request.originalUrl }) : textResponse(401, 'Not signed in.\n', auth.https))
  })
}

/** Who is signed in, behind `signedIn()`. */
export const who = (request: IncomingMessage): SignedIn => users.get(request) ?? refuse('session-unknown')

/** Who is signed in, if anybody. */
export const whoIfAny = (request: IncomingMessage): SignedIn | null => users.get(request) ?? null

/** Lets in who has an access token with all these scopes. */
export function protect(api: Api, ...scopes: string[]): Handler {
  return step(async (request, response, next) => {
    try {
      callers.set(request, await api.check(asWeb(request), scopes))
      const nonce = api.nonce()
      if (nonce !== undefined) response.setHeader('dpop-nonce', nonce)
      next()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      sendResponse(response, api.refusal(error, scopes))
    }
  })
}

/** Who calls, behind `protect()`. */
export const caller = (request: IncomingMessage): Access => callers.get(request) ?? refuse('credentials-missing')

/** Publishes the metadata of an API. */
export function metadata(api: Api): Handler {
  return (request, response, next) => {
    const answer = api.handle(asWeb(request))
    if (answer) sendResponse(response, answer)
    else next()
  }
}

/** Uses the refresh token now. Null if nobody is signed in any more. */
export const refresh = (request: Request): Promise<SignedIn | null> => (auths.get(request) ?? refuse('configuration-invalid', 'use paved(auth) first')).refresh(asWeb(request))

/** Headers for a request to an API on behalf of who is signed in. */
export const authorize = (request: Request, target: { url: string; method?: string }): Promise<Record<string, string>> => (auths.get(request) ?? refuse('configuration-invalid', 'use paved(auth) first')).authorize(asWeb(request), target)
