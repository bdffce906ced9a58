// A service that signs people in, calls itself an API, and survives a malicious provider. Run by the attack suite on loopback.
import express from 'express'
import { Auth, ClientSecret, dangerous, Sessions } from '@bartizan/paved-road'
import { caller, metadata, paved, protect, refresh, signedIn, who } from '@bartizan/paved-road/express'

const { PORT, BASE_URL, ISSUER, CLIENT_ID, ISSUER2, CLIENT_ID2, AUDIENCE } = process.env

const provider = { issuer: ISSUER, clientId: CLIENT_ID, client: ClientSecret.fromEnv('CLIENT_SECRET'), scopes: ['offline_access', 'read'], userinfo: true }
const second = ISSUER2 && { name: '2', issuer: ISSUER2, clientId: CLIENT_ID2, client: ClientSecret.fromEnv('CLIENT_SECRET2'), userinfo: true }
const auth = new Auth({
  publicUrl: BASE_URL,
  providers: [provider, ...(second ? [second] : [])],
  sessions: Sessions.inMemory(),
  dangerous: dangerous({ httpOnLoopback: true, because: 'the attack suite runs on 127.0.0.1' }),
})
const api = auth.api({ audience: AUDIENCE ?? 'https://api.example', scopes: ['read'], dpop: true })

const app = express()
app.use(paved(auth), metadata(api))
app.get('/', (_request, response) => response.json({ hello: 'world' }))
app.get('/me', signedIn(), (request, response) => response.json({ sub: who(request).subject }))
app.post('/refresh', async (request, response) => ((await refresh(request)) ? response.json({ refreshed: true }) : response.status(401).json({ error: 'not signed in' })))
app.get('/api/me', protect(api, 'read'), (request, response) => response.json({ sub: caller(request).subject }))
// A provider that does not answer is no reason to say more than that.
app.use((_error, _request, response, _next) => response.status(503).type('text').send('Not available.\n'))
app.listen(PORT, '127.0.0.1')
