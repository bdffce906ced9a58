// The certified npm package `oidc-provider` on loopback, which signs everybody in as `alice` without a page. For interoperation tests.
//   node oidc-provider.mjs PORT REDIRECT_URI [par] [nonce]     The client's public key is the JWK in CLIENT_JWK.
import crypto from 'node:crypto'
import http from 'node:http'
import { Provider } from 'oidc-provider'

const [port, redirectUri, ...flags] = process.argv.slice(2)
const privateJwk = (type, options) => crypto.generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' })
const secret = process.env.CLIENT_SECRET
const client = {
  redirect_uris: [redirectUri], grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], post_logout_redirect_uris: [new URL('/', redirectUri).href],
  backchannel_logout_uri: new URL('/backchannel-logout', redirectUri).href, backchannel_logout_session_required: true,
}
const jwks = { keys: [JSON.parse(process.env.CLIENT_JWK)] }
const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys: [{ ...privateJwk('rsa', { modulusLength: 2048 }), kid: 'rsa', alg: 'RS256', use: 'sig' }, { ...privateJwk('ec', { namedCurve: 'P-256' }), kid: 'ec', alg: 'ES256', use: 'sig' }] },
  clients: [
    { ...client, client_id: 'rp', client_secret: secret },
    { ...client, client_id: 'rp-es256', client_secret: secret, id_token_signed_response_alg: 'ES256' },
    { ...client, client_id: 'rp-dpop', client_secret: secret, dpop_bound_access_tokens: true },
    { ...client, client_id: 'rp-key', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks },
    { ...client, client_id: 'rp-signed', token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', request_object_signing_alg: 'ES256', require_signed_request_object: true, jwks },
    { ...client, client_id: 'rp-public', token_endpoint_auth_method: 'none' },
  ],
  clientAuthMethods: ['client_secret_basic', 'private_key_jwt', 'none'],
  features: {
    devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: flags.includes('par'), requirePushedAuthorizationRequests: flags.includes('par') },
    dPoP: { enabled: true, nonceSecret: crypto.randomBytes(32), requireNonce: () => flags.includes('nonce') }, revocation: { enabled: true }, introspection: { enabled: true }, rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true }, requestObjects: { enabled: true },
    resourceIndicators: { enabled: true, defaultResource: () => 'https://api.example', useGrantedResource: () => true, getResourceServerInfo: () => ({ scope: 'read write', audience: 'https://api.example', accessTokenFormat: 'jwt', accessTokenTTL: 600, jwt: { sign: { alg: 'ES256' } } }) },
  },
  pkce: { required: () => true }, rotateRefreshToken: true, issueRefreshToken: async () => true, scopes: ['openid', 'offline_access', 'read', 'write'],
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // Its own guard would keep it from the service under test, which is on loopback.
  fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
  interactions: { url: (_ctx, interaction) => `/auto/${interaction.uid}` }, cookies: { keys: [crypto.randomBytes(16).toString('hex')] },
})
for (const event of ['server_error', 'backchannel.error', 'grant.error', 'authorization.error', 'pushed_authorization_request.error']) provider.on(event, (_ctx, error) => console.error(event, error.message, error.error_description ?? error.error_detail ?? ''))

/** Says yes to every prompt. */
async function consent(req, res) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(req, res)
  if (prompt.name === 'login') return provider.interactionFinished(req, res, { login: { accountId: 'alice' } })
  const grant = grantId ? await provider.Grant.find(grantId) : new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = prompt.details
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '))
  if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims)
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) grant.addResourceScope(resource, scopes.join(' '))
  return provider.interactionFinished(req, res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true })
}

const callback = provider.callback()
http.createServer((req, res) => {
  if (req.url.startsWith('/auto/')) consent(req, res).catch((error) => { res.writeHead(500); res.end(error.message) })
  else callback(req, res)
}).listen(Number(port), '127.0.0.1', () => console.log('listening'))
