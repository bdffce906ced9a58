// Runs the quick starts of the packages' README as they stand there; only addresses are changed, and http on loopback is allowed.
//   node paved-road/testing/quick-starts.mjs node|python
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import { Browser, startApp } from './browser.mjs'
import { startProvider } from './provider.mjs'

const language = process.argv[2], root = fileURLToPath(new URL(`../${language}/`, import.meta.url))
const blocks = new Map([...fs.readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/```(?:js|python) (\w+)\n([\s\S]*?)```/g)].map(([, name, code]) => [name, code]))

const inJs = (code) => code
  .replace("{ Auth,", '{ dangerous, Auth,').replace("publicUrl: 'https://orders.example.org'", 'publicUrl: process.env.BASE_URL').replace("'https://id.example.org'", 'process.env.ISSUER').replace("'orders'", 'process.env.CLIENT_ID')
  .replace('Sessions.inMemory(),', "Sessions.inMemory(), dangerous: dangerous({ httpOnLoopback: true, because: 'tests' }),").replace('3000', "Number(process.env.PORT)").replace("port: Number", "host: '127.0.0.1', port: Number")
const inPython = (code) => `import os\n${code}`
  .replace('import Auth,', 'import dangerous, Auth,').replace('"https://orders.example.org"', 'os.environ["BASE_URL"]').replace('"https://id.example.org"', 'os.environ["ISSUER"]').replace('"orders"', 'os.environ["CLIENT_ID"]')
  .replace('Sessions.in_memory(),', 'Sessions.in_memory(), dangerous=dangerous(http_on_loopback=True, because="tests"),')

/** What each framework adds to run a block. */
const RUN = {
  express: inJs, fastify: inJs,
  next: (code) => `${inJs(code)}
import http from 'node:http'
http.createServer(async (req, res) => {
  const request = new Request(process.env.BASE_URL + req.url, { method: req.method, headers: req.headers, ...(req.method === 'POST' && { body: req, duplex: 'half' }) })
  const user = req.url.startsWith('/me') && await userOf(request.headers)
  const answer = !req.url.startsWith('/me') ? await (req.method === 'POST' ? POST : GET)(request) : user ? Response.json({ sub: user.subject }) : new Response('', { status: 401 })
  res.statusCode = answer.status
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') res.setHeader(name, value)
  res.setHeader('set-cookie', answer.headers.getSetCookie())
  res.end(Buffer.from(await answer.arrayBuffer()))
}).listen(process.env.PORT, '127.0.0.1')`,
  flask: (code) => `${inPython(code)}\napp.run("127.0.0.1", int(os.environ["PORT"]), threaded=True)`,
  fastapi: (code) => `${inPython(code)}\nimport uvicorn\nuvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]))`,
  django: (code) => `${inPython(code)}
from django.conf import settings
from django.urls import path
settings.configure(SECRET_KEY="tests", ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=["bartizan_paved_road.adapters.django.PavedRoad", "django.middleware.common.CommonMiddleware"], BARTIZAN_AUTH=auth)
urlpatterns = [path("me", me)]
from django.core.wsgi import get_wsgi_application
from werkzeug.serving import run_simple
run_simple("127.0.0.1", int(os.environ["PORT"]), get_wsgi_application(), threaded=True)`,
}

async function check(name) {
  const isJs = language === 'node', file = path.join(root, isJs ? '' : 'tests', `.quick-start-${name}.${isJs ? 'mjs' : 'py'}`)
  fs.writeFileSync(file, RUN[name](blocks.get(name) ?? assert.fail('the block is absent')))
  const provider = await startProvider(), app = await startApp([isJs ? process.execPath : process.env.PYTHON ?? 'python3', file], [provider])
  try {
    const browser = new Browser(), me = await browser.request(`${app.base}/me`)
    assert.equal(me.status, 401, 'nobody is signed in at first')
    const last = await browser.follow(`${app.base}/login?next=/me`)
    assert.equal(last.url, `${app.base}/me`, 'sign-in leads to the page')
    assert.equal(await app.who(browser), 'alice')
    assert.equal((await app.post(browser, '/logout', undefined, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status, 403, 'another site signs nobody out')
    assert.equal(await app.who(browser), 'alice')
    if (name !== 'next') {
      assert.equal((await browser.request(`${app.base}/me`, { headers: { host: 'evil.example' } })).status, 421, 'another host is refused')
      const { headers } = await browser.request(`${app.base}/me`)
      assert.match(headers['content-security-policy'] ?? '', /require-trusted-types-for/)
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.match(headers['cache-control'], /no-store/)
      const page = await new Browser().request(`${app.base}/me?a=1`, { headers: { 'sec-fetch-mode': 'navigate' } })
      assert([302, 303].includes(page.status), 'a page begins a sign-in')
    }
    assert.equal((await app.post(browser, '/logout')).status, 303)
    assert.equal(await app.who(browser), null)
    const other = new Browser()
    await other.follow(`${app.base}/login`)
    assert.equal((await app.post(new Browser(), '/backchannel-logout', `logout_token=${provider.logoutToken()}`, { origin: 'https://id.example', 'sec-fetch-site': 'cross-site' })).status, 200)
    assert.equal(await app.who(other), null, 'the provider signs out')
    const leaked = [...provider.secrets].find((secret) => app.output.includes(secret))
    assert.equal(leaked, undefined, 'no secret in the output')
    return null
  } catch (error) {
    return `${error.message}\n${app.output.slice(-3000)}`
  } finally {
    app.stop()
    await provider.close()
    fs.rmSync(file)
  }
}

const names = language === 'node' ? ['express', 'fastify', 'next'] : ['flask', 'fastapi', 'django']
let failed = 0
for (const name of names) {
  const problem = await check(name)
  if (problem !== null) { failed += 1; console.log(`FAIL ${name}: ${problem}`) }
}
console.log(`quick starts: ${names.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
