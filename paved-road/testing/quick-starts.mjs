// Runs the quick starts of the packages' README as they stand there; only addresses are changed, and http on loopback is allowed.
//   node paved-road/testing/quick-starts.mjs node|python|rust
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { Browser, startApp } from './browser.mjs'
import { startProvider } from './provider.mjs'

const language = process.argv[2], root = fileURLToPath(new URL(`../${language}/`, import.meta.url))
const blocks = new Map([...fs.readFileSync(path.join(root, 'README.md'), 'utf8').matchAll(/```(?:js|python|rust) (\w+)\n([\s\S]*?)```/g)].map(([, name, code]) => [name, code]))

const inJs = (code) => code
  .replace("{ Auth,", '{ dangerous, Auth,').replace("publicUrl: 'https://orders.example.org'", 'publicUrl: process.env.BASE_URL').replace("'https://id.example.org'", 'process.env.ISSUER').replace("'orders'", 'process.env.CLIENT_ID')
  .replace('Sessions.inMemory(),', "Sessions.inMemory(), dangerous: dangerous({ httpOnLoopback: true, because: 'tests' }),").replace('3000', "Number(process.env.PORT)").replace("port: Number", "host: '127.0.0.1', port: Number")
const inPython = (code) => `import os\n${code}`
  .replace('import Auth,', 'import dangerous, Auth,').replace('"https://orders.example.org"', 'os.environ["BASE_URL"]').replace('"https://id.example.org"', 'os.environ["ISSUER"]').replace('"orders"', 'os.environ["CLIENT_ID"]')
  .replace('Sessions.in_memory(),', 'Sessions.in_memory(), dangerous=dangerous(http_on_loopback=True, because="tests"),')

const inRust = (code) => code
  .replace('"https://orders.example.org"', '&std::env::var("BASE_URL")?').replace('"https://id.example.org"', '&std::env::var("ISSUER")?').replace('"orders"', '&std::env::var("CLIENT_ID")?')
  .replace('.sessions(', '.dangerously(bartizan_paved_axum::dangerous("tests")?.http_on_loopback()).sessions(').replace('"127.0.0.1:3000"', 'format!("127.0.0.1:{}", std::env::var("PORT")?)')

/** What each framework adds to run a block. */
const RUN = {
  axum: inRust, express: inJs, fastify: inJs,
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

/** How each language is started: where a block is written, and the command. */
const START = {
  node: (name) => ({ file: path.join(root, `.quick-start-${name}.mjs`), command: (file) => [process.execPath, file] }),
  python: (name) => ({ file: path.join(root, 'tests', `.quick-start-${name}.py`), command: (file) => [process.env.PYTHON ?? 'python3', file] }),
  rust: (name) => ({ file: path.join(root, 'crates/axum/examples', `quick-start-${name}.rs`), command: () => [buildRust(`quick-start-${name}`)] }),
}

function buildRust(example) {
  const built = spawnSync('cargo', ['build', '--quiet', '--profile', 'quick', '-p', 'bartizan-paved-axum', '--example', example], { cwd: root, encoding: 'utf8' })
  assert.equal(built.status, 0, built.stderr)
  return path.join(process.env.CARGO_TARGET_DIR ?? path.join(root, 'target'), 'quick/examples', example)
}

async function check(name) {
  const { file, command } = START[language](name)
  fs.writeFileSync(file, RUN[name](blocks.get(name) ?? assert.fail('the block is absent')))
  const provider = await startProvider(), app = await startApp(command(file), [provider])
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

const names = { node: ['express', 'fastify', 'next'], python: ['flask', 'fastapi', 'django'], rust: ['axum'] }[language]
let failed = 0
for (const name of names) {
  const problem = await check(name)
  if (problem !== null) { failed += 1; console.log(`FAIL ${name}: ${problem}`) }
}
console.log(`quick starts: ${names.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
