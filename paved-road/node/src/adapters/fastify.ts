//! Fastify 4 and 5.
//!
//!     await app.register(paved, { auth })
//!     app.get('/orders', { preHandler: signedIn }, (request) => ({ sub: who(request).subject }))
import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Access } from '../access-token.js'
import type { Api } from '../api.js'
import type { Auth, SignedIn } from '../auth.js'
import { Refused, refuse } from '../refusal.js'
import { textResponse, type WebRequest, type WebResponse } from '../web.js'
import type { GuardOptions } from '../web-guard/guard.js'
import { sendResponse, webRequest } from './node-http.js'

/** What is used of Fastify. */
export interface Request {
  raw: IncomingMessage
  originalUrl: string
  body?: unknown
}
export interface Reply {
  raw: ServerResponse
  hijack(): unknown
  header(name: string, value: string): unknown
}
export interface Instance {
  addHook(name: 'onRequest', hook: (request: Request, reply: Reply) => Promise<unknown>): unknown
}

const users = new WeakMap<IncomingMessage, SignedIn | null>()
const callers = new WeakMap<IncomingMessage, Access>()
const auths = new WeakMap<IncomingMessage, Auth>()

const asWeb = (request: Request): WebRequest => webRequest(request.raw, request.originalUrl, request.body ?? undefined)

function answer(reply: Reply, response: WebResponse): Reply {
  reply.hijack()
  sendResponse(reply.raw, response)
  return reply
}

/** Everything: headers, guard, sign-in, sessions. Register it first. */
export async function paved(app: Instance, { auth, ...options }: { auth: Auth } & GuardOptions): Promise<void> {
  const guard = auth.guard(options)
  app.addHook('onRequest', async (request, reply) => {
    const web = asWeb(request)
    for (const [name, value] of Object.entries(guard.headers('page').headers)) reply.header(name, value)
    const response = guard.check(web) ?? (await auth.handle(web))
    if (response) return answer(reply, response)
    auths.set(request.raw, auth)
    users.set(request.raw, await auth.session(web))
    return undefined
  })
}
// The hook is for the whole application, not for a context of its own.
Object.assign(paved, { [Symbol.for('skip-override')]: true, [Symbol.for('fastify.display-name')]: 'bartizan-paved-road' })

/** A `preHandler` that lets in who is signed in. */
export async function signedIn(request: Request, reply: Reply): Promise<unknown> {
  const auth = auths.get(request.raw) ?? refuse('configuration-invalid', 'register paved first')
  if (users.get(request.raw)) return undefined
  const web = asWeb(request), isPage = web.method === 'GET' && web.header('sec-fetch-mode')[0] === 'navigate'
  return answer(reply, isPage ? await auth.begin(web, { next: request.originalUrl }) : textResponse(401, 'Not signed in.\n', auth.https))
}

/** Who is signed in, behind `signedIn`. */
export const who = (request: Pick<Request, 'raw'>): SignedIn => users.get(request.raw) ?? refuse('session-unknown')

/** A `preHandler` that lets in who has an access token with all these scopes. */
export function protect(api: Api, ...scopes: string[]): (request: Request, reply: Reply) => Promise<unknown> {
  return async (request, reply) => {
    try {
      callers.set(request.raw, await api.check(asWeb(request), scopes))
      return undefined
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return answer(reply, api.refusal(error, scopes))
    }
  }
}

/** Who calls, behind `protect()`. */
export const caller = (request: Pick<Request, 'raw'>): Access => callers.get(request.raw) ?? refuse('credentials-missing')
