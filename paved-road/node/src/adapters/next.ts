//! Next.js (App Router, Node.js runtime), and everything else that speaks of Request and Response.
//!
//!     // app/(auth)/[...auth]/route.ts
//!     export const { GET, POST } = routes(auth)
//!     // a page or a route
//!     const user = await session(auth, await headers())
import type { Auth, SignedIn } from '../auth.js'
import { refuse } from '../refusal.js'
import { textResponse, type WebRequest, type WebResponse } from '../web.js'
import type { GuardOptions } from '../web-guard/guard.js'

/** Reads a request. Its path and headers are used, its host never. */
function asWeb(request: Request): WebRequest {
  const url = new URL(request.url)
  return { method: request.method, path: url.pathname, query: url.search.slice(1), header: (name) => valuesOf(request.headers, name), body: (maxBytes) => readBody(request, maxBytes) }
}

const valuesOf = (headers: Headers, name: string): string[] => {
  const value = headers.get(name)
  return value === null ? [] : [value]
}

async function readBody(request: Request, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > maxBytes) refuse('request-too-large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('latin1')
}

function toResponse({ status, headers, cookies, challenges, body }: WebResponse): Response {
  const all = new Headers(headers)
  for (const cookie of cookies) all.append('set-cookie', cookie)
  for (const value of challenges ?? []) all.append('www-authenticate', value)
  return new Response(body === '' ? null : body, { status, headers: all })
}

type Route = (request: Request) => Promise<Response>

/** Route handlers for sign-in, callback, sign-out and back-channel logout. */
export function routes(auth: Auth, options: GuardOptions = {}): { GET: Route; POST: Route } {
  const guard = auth.guard(options)
  const handle: Route = async (request) => {
    const web = asWeb(request)
    return toResponse(guard.check(web) ?? (await auth.handle(web)) ?? textResponse(404, 'Not found.\n', auth.https))
  }
  return { GET: handle, POST: handle }
}

/** For `middleware.ts`: the answer to a request that is refused, or the headers for one that is not. */
export function guard(auth: Auth, options: GuardOptions = {}): (request: Request) => { refused: Response } | { headers: Record<string, string>; nonce: string } {
  const one = auth.guard(options)
  return (request) => {
    const response = one.check(asWeb(request))
    return response ? { refused: toResponse(response) } : one.headers('page')
  }
}

/** Who is signed in, by the headers of a request; null if nobody. */
export async function session(auth: Auth, headers: Headers): Promise<SignedIn | null> {
  return auth.session({ method: 'GET', path: '/', query: '', header: (name) => valuesOf(headers, name), body: async () => '' })
}
