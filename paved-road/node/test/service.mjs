// The example with every option that a provider may ask for, chosen by environment. For interoperation tests.
import express from 'express'
import { Auth, ClientKey, ClientSecret, dangerous, PublicClient, Sessions } from '@bartizan/paved-road'
import { authorize, caller, paved, protect, refresh, signedIn, who } from '@bartizan/paved-road/express'

const { PORT, BASE_URL, ISSUER, CLIENT_ID, CLIENT_KEY, CLIENT_PUBLIC, AUDIENCE, DPOP, SIGNED_REQUESTS, USERINFO } = process.env
const client = CLIENT_KEY ? ClientKey.fromEnv('CLIENT_KEY') : CLIENT_PUBLIC ? new PublicClient() : ClientSecret.fromEnv('CLIENT_SECRET')
const auth = new Auth({
  publicUrl: BASE_URL,
  providers: [{ issuer: ISSUER, clientId: CLIENT_ID, client, scopes: ['offline_access', 'read'], prompt: 'consent', dpop: Boolean(DPOP), signedRequests: Boolean(SIGNED_REQUESTS), userinfo: Boolean(USERINFO) }],
  sessions: Sessions.inMemory(),
  dangerous: dangerous({ httpOnLoopback: true, because: 'tests run on 127.0.0.1' }),
})
const api = auth.api({ audience: AUDIENCE, scopes: ['read'], dpop: true })

const app = express().use(paved(auth))
app.get('/me', signedIn(), (request, response) => response.json({ sub: who(request).subject }))
app.get('/api/me', protect(api, 'read'), (request, response) => response.json({ sub: caller(request).subject, client: caller(request).clientId }))
app.get('/call', signedIn(), async (request, response) => {
  const answer = await fetch(`${BASE_URL}/api/me`, { headers: await authorize(request, { url: `${BASE_URL}/api/me` }) })
  response.status(answer.status).json(await answer.json())
})
app.post('/refresh', async (request, response) => ((await refresh(request)) ? response.json({}) : response.status(401).json({})))
app.listen(PORT, '127.0.0.1')
