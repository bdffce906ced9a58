// A service without a server: requests of a browser go straight to `Auth`.
import { startProvider } from '../../testing/provider.mjs'
import { Auth, ClientSecret, dangerous, Secret, Sessions } from '../dist/index.js'

/** A browser that keeps cookies, and the requests that it makes. */
export class Visitor {
  cookies = new Map()

  request(target, { method = 'GET', headers = {}, body = '' } = {}) {
    const [path, query = ''] = target.split('?'), cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
    const all = { ...(cookie && { cookie }), ...headers }
    return { method, path, query, header: (name) => (all[name] === undefined ? [] : [].concat(all[name])), body: async () => body }
  }

  keep(response) {
    for (const line of response?.cookies ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }
}

/** A clock that moves when it is told to. */
export const newClock = () => { let ahead = 0; const clock = () => Date.now() / 1000 + ahead; clock.advance = (seconds) => { ahead += seconds }; return clock }

export async function newWorld({ options = {}, provider: more = {}, auth: rest = {}, clock = newClock(), sessions } = {}) {
  const provider = await startProvider({ options }), events = []
  const make = (own = {}) => new Auth({
    publicUrl: 'https://orders.example.org',
    providers: [{ issuer: provider.issuer, clientId: provider.clientId, client: new ClientSecret(new Secret(provider.clientSecret)), scopes: ['read'], ...more }],
    sessions: sessions ?? Sessions.inMemory(clock),
    audit: (event) => events.push(event),
    dangerous: dangerous({ httpOnLoopback: true, clock, because: 'tests' }),
    ...rest, ...own,
  })
  const auth = make()
  /** Signs in up to the callback; gives its path and query. */
  const begin = async (visitor, target = '/login', at = auth) => {
    const response = visitor.keep(await at.handle(visitor.request(target)))
    const answer = await fetch(response.headers.location, { redirect: 'manual' }), back = new URL(answer.headers.get('location'))
    return back.pathname + back.search
  }
  const signIn = async (visitor, target, at = auth) => { const back = await begin(visitor, target, at); return visitor.keep(await at.handle(visitor.request(back))) }
  return { provider, auth, make, events, clock, begin, signIn }
}
