// A browser with cookies by host, and a service under test. Nothing leaves loopback.
import http from 'node:http'
import net from 'node:net'
import { spawn } from 'node:child_process'

export const sleep = (ms) => new Promise((go) => setTimeout(go, ms))
export const freePort = () => new Promise((go) => { const s = net.createServer().listen(0, '127.0.0.1', () => { const { port } = s.address(); s.close(() => go(port)) }) })

export class Browser {
  jar = new Map()

  request(url, { method = 'GET', headers = {}, body, timeout = 20000 } = {}) {
    const target = new URL(url), cookies = this.jar.get(target.host) ?? new Map()
    this.jar.set(target.host, cookies)
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ')
    return new Promise((go) => {
      const failed = () => go({ status: 0, headers: {}, text: '' })
      const outgoing = http.request(target, { method, headers: { ...(cookie && { cookie }), ...headers }, timeout, agent: false }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (piece) => { text += piece }).on('error', failed).on('end', () => {
          for (const line of answer.headers['set-cookie'] ?? []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
            if (/max-age=0(?:;|$)/i.test(line)) cookies.delete(name)
            else cookies.set(name, value)
          }
          go({ status: answer.statusCode, headers: answer.headers, text })
        })
      })
      outgoing.on('timeout', () => outgoing.destroy()).on('error', failed).end(body)
    })
  }

  /** Follows redirects; stops before a URL that `stop` picks. Gives the last answer and where it would go next. */
  async follow(url, stop = () => false) {
    let at = url
    for (let hops = 0; hops < 20; hops++) {
      const answer = await this.request(at)
      if (!answer.headers.location) return { ...answer, url: at }
      const next = new URL(answer.headers.location, at)
      if (stop(next)) return { ...answer, url: at, next: next.href }
      at = next.href
    }
    throw new Error('too many redirects')
  }
}

/** Starts a service by the contract of the attack suite. */
export async function startApp(command, providers, more = {}, chosenPort = 0) {
  const port = chosenPort || await freePort(), base = `http://127.0.0.1:${port}`, [one, two] = providers
  const env = {
    ...process.env, PORT: String(port), BASE_URL: base, ISSUER: one.issuer, CLIENT_ID: one.clientId, CLIENT_SECRET: one.clientSecret, AUDIENCE: one.audience,
    ...(two && { ISSUER2: two.issuer, CLIENT_ID2: two.clientId, CLIENT_SECRET2: two.clientSecret }), ...more,
  }
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env })
  const app = { base, output: '', isDead: false }
  child.on('exit', () => { app.isDead = true })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => { app.output += piece })
  app.stop = () => { try { process.kill(-child.pid, 'SIGKILL') } catch { /* It is gone. */ } }
  for (let tries = 0; tries < 1200 && !app.isDead; tries++) {
    if ((await new Browser().request(`${base}/me`)).status) break
    await sleep(50)
  }
  app.who = async (browser) => { const answer = await browser.request(`${base}/me`); return answer.status === 200 ? JSON.parse(answer.text).sub : null }
  app.signIn = (browser, query = '') => browser.follow(`${base}/login${query}`)
  app.begin = (browser, query = '') => browser.follow(`${base}/login${query}`, (url) => url.pathname.startsWith('/callback'))
  app.post = (browser, path, body, headers = {}) => browser.request(base + path, { method: 'POST', body, headers: { origin: base, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) } })
  app.api = (token, headers = {}, path = '/api/me') => new Browser().request(base + path, { headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers } })
  return app
}
