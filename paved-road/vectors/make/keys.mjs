// Test keys and signatures that come out the same on every run: nothing here is secret, and nothing here is for use.
//
// A key is derived from its name. EC: the private scalar is SHA-512(name) mod (n - 1) + 1. Ed25519: the seed is SHA-256(name).
// RSA: primes are the first above numbers drawn from SHA-256(name || counter). ECDSA nonces are those of RFC 6979, the salt of
// RSASSA-PSS is the hash of the message.
import crypto from 'node:crypto'

const sha = (alg, ...parts) => parts.reduce((h, p) => h.update(p), crypto.createHash(alg)).digest()
const number = (bytes) => BigInt('0x' + (Buffer.from(bytes).toString('hex') || '0'))
const bytesOf = (n, size) => Buffer.from(n.toString(16).padStart(size * 2, '0'), 'hex')
const mod = (a, m) => ((a % m) + m) % m
export const b64u = (x) => Buffer.from(x).toString('base64url')

function power(base, exponent, m) {
  let result = 1n
  for (base = mod(base, m); exponent; exponent >>= 1n, base = base * base % m) if (exponent & 1n) result = result * base % m
  return result
}

function inverse(a, m) {
  let [r0, r1, s0, s1] = [m, mod(a, m), 0n, 1n]
  while (r1) [r0, r1, s0, s1] = [r1, r0 % r1, s1, s0 - r0 / r1 * s1]
  return mod(s0, m)
}

// --- RSA

function* draw(name, size) {
  for (let i = 0; ; i++) {
    const parts = []
    for (let j = 0; parts.length * 32 < size; j++) parts.push(sha('sha256', `${name}/${i}/${j}`))
    yield Buffer.concat(parts).subarray(0, size)
  }
}

function prime(name, bits, e) {
  for (const bytes of draw(name, bits / 8)) {
    const n = number(bytes) | (3n << BigInt(bits - 2)) | 1n
    if ((n - 1n) % e && crypto.checkPrimeSync(n)) return n
  }
}

export function rsaKey(name, bits, extra = {}, e = 65537n) {
  const p = prime(`${name}/p`, bits / 2, e), q = prime(`${name}/q`, bits / 2, e), n = p * q
  const d = inverse(e, (p - 1n) * (q - 1n)), size = bits / 8, half = bits / 16
  const text = (value, length) => b64u(bytesOf(value, length))
  const publicJwk = { kty: 'RSA', n: text(n, size), e: b64u(Buffer.from(e.toString(16).padStart(e > 65536n ? 6 : 2, '0'), 'hex')), ...extra }
  const privateJwk = { ...publicJwk, d: text(d, size), p: text(p, half), q: text(q, half), dp: text(d % (p - 1n), half), dq: text(d % (q - 1n), half), qi: text(inverse(q, p), half) }
  return { name, kty: 'RSA', n, d, size, jwk: publicJwk, privateJwk, privateKey: crypto.createPrivateKey({ key: privateJwk, format: 'jwk' }) }
}

// --- Elliptic curves

const CURVES = {
  'P-256': { node: 'prime256v1', hash: 'sha256', size: 32, p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn, n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n },
  'P-384': { node: 'secp384r1', hash: 'sha384', size: 48, p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn, n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n },
  'P-521': { node: 'secp521r1', hash: 'sha512', size: 66, p: 2n ** 521n - 1n, n: 0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n },
}

export function ecKey(name, crv = 'P-256', extra = {}) {
  const c = CURVES[crv]
  const d = number(sha('sha512', name)) % (c.n - 1n) + 1n
  const { x, y } = multiply(d, c)
  const jwk = { kty: 'EC', crv, x: b64u(bytesOf(x, c.size)), y: b64u(bytesOf(y, c.size)), ...extra }
  return { name, kty: 'EC', crv, d, jwk, privateJwk: { ...jwk, d: b64u(bytesOf(d, c.size)) } }
}

/** The point k·G, by OpenSSL. */
function multiply(k, c) {
  const ecdh = crypto.createECDH(c.node)
  ecdh.setPrivateKey(bytesOf(k, c.size))
  const point = ecdh.getPublicKey(null, 'uncompressed')
  return { x: number(point.subarray(1, 1 + c.size)), y: number(point.subarray(1 + c.size)) }
}

/** ECDSA with the nonce of RFC 6979, section 3.2. */
function ecdsa(key, message) {
  const c = CURVES[key.crv], qlen = c.n.toString(2).length, rlen = Math.ceil(qlen / 8)
  const hmac = (k, ...parts) => parts.reduce((h, p) => h.update(p), crypto.createHmac(c.hash, k)).digest()
  const toInt = (bytes) => { const n = number(bytes), extra = bytes.length * 8 - qlen; return extra > 0 ? n >> BigInt(extra) : n }
  const digest = sha(c.hash, message), z = toInt(digest), seed = Buffer.concat([bytesOf(key.d, rlen), bytesOf(z % c.n, rlen)])
  let v = Buffer.alloc(digest.length, 1), k = Buffer.alloc(digest.length, 0)
  for (const byte of [0, 1]) { k = hmac(k, v, Buffer.from([byte]), seed); v = hmac(k, v) }
  for (;;) {
    let t = Buffer.alloc(0)
    while (t.length < rlen) { v = hmac(k, v); t = Buffer.concat([t, v]) }
    const nonce = toInt(t.subarray(0, rlen))
    if (nonce > 0n && nonce < c.n) {
      const r = multiply(nonce, c).x % c.n, s = mod(inverse(nonce, c.n) * (z + r * key.d), c.n)
      return Buffer.concat([bytesOf(r, c.size), bytesOf(s, c.size)])
    }
    k = hmac(k, v, Buffer.from([0])); v = hmac(k, v)
  }
}

export function edKey(name, extra = {}) {
  const seed = sha('sha256', name)
  const privateKey = crypto.createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' })
  const jwk = { ...crypto.createPublicKey(privateKey).export({ format: 'jwk' }), ...extra }
  return { name, kty: 'OKP', privateKey, jwk: { kty: 'OKP', crv: 'Ed25519', x: jwk.x, ...extra }, privateJwk: { kty: 'OKP', crv: 'Ed25519', x: jwk.x, d: b64u(seed), ...extra } }
}

// --- Signatures

/** RSASSA-PSS with a salt that is the hash of the message (RFC 8017, section 9.1.1). */
function pss(key, hash, message) {
  const digest = sha(hash, message), salt = digest, hLen = digest.length, emLen = key.size
  const h = sha(hash, Buffer.alloc(8), digest, salt)
  const db = Buffer.concat([Buffer.alloc(emLen - hLen * 2 - 2), Buffer.from([1]), salt])
  const mask = []
  for (let i = 0; mask.length * hLen < db.length; i++) mask.push(sha(hash, h, bytesOf(BigInt(i), 4)))
  const stream = Buffer.concat(mask)
  const masked = Buffer.from(db.map((byte, i) => byte ^ stream[i]))
  masked[0] &= 0x7f
  return bytesOf(power(number(Buffer.concat([masked, h, Buffer.from([0xbc])])), key.d, key.n), key.size)
}

export function signature(alg, key, message) {
  const bits = alg.slice(2)
  if (alg.startsWith('RS')) return crypto.sign(`sha${bits}`, Buffer.from(message), key.privateKey)
  if (alg.startsWith('PS')) return pss(key, `sha${bits}`, message)
  if (alg.startsWith('ES')) return ecdsa(key, message)
  if (alg.startsWith('Ed')) return crypto.sign(null, Buffer.from(message), key.privateKey)
  if (alg.startsWith('HS')) return crypto.createHmac(`sha${bits}`, key).update(message).digest()
  return Buffer.alloc(0)
}

const textOf = (part) => typeof part === 'string' || Buffer.isBuffer(part) ? part : JSON.stringify(part)

/** A JSON Web Token. Header and payload may be objects, or the very text. */
export function jwt(header, payload, key, alg = header.alg) {
  const message = `${b64u(textOf(header))}.${b64u(textOf(payload))}`
  return `${message}.${signature(alg, key, message).toString('base64url')}`
}

export function thumbprint(jwk) {
  const members = { RSA: ['e', 'kty', 'n'], EC: ['crv', 'kty', 'x', 'y'], OKP: ['crv', 'kty', 'x'] }[jwk.kty]
  return sha('sha256', JSON.stringify(Object.fromEntries(members.map((m) => [m, jwk[m]])))).toString('base64url')
}

export const hashOf = (text, alg = 'sha256') => sha(alg, text).toString('base64url')
export const halfHash = (text, alg = 'sha256') => { const h = sha(alg, text); return h.subarray(0, h.length / 2).toString('base64url') }

// --- The keys

const sig = (kid, alg) => ({ kid, use: 'sig', ...(alg && { alg }) })
export const KEYS = {
  rsa: rsaKey('bartizan test rsa-1', 2048, sig('rsa-1', 'RS256')),
  pss: rsaKey('bartizan test pss-1', 2048, sig('pss-1', 'PS256')),
  next: rsaKey('bartizan test rsa-2', 2048, sig('rsa-2', 'RS256')),
  stranger: rsaKey('bartizan test stranger', 2048, sig('rsa-1', 'RS256')),
  weak: rsaKey('bartizan test weak', 1024, sig('weak-1', 'RS256')),
  ec: ecKey('bartizan test ec-1', 'P-256', sig('ec-1', 'ES256')),
  ec384: ecKey('bartizan test ec-384', 'P-384', sig('ec-384', 'ES384')),
  ec521: ecKey('bartizan test ec-521', 'P-521', sig('ec-521', 'ES512')),
  ed: edKey('bartizan test ed-1', sig('ed-1', 'EdDSA')),
  client: ecKey('bartizan test client', 'P-256', { kid: 'client-1' }),
  dpop: ecKey('bartizan test dpop', 'P-256'),
  dpopOther: ecKey('bartizan test dpop other', 'P-256'),
  dpopEd: edKey('bartizan test dpop ed'),
  dpopRsa: rsaKey('bartizan test dpop rsa', 2048),
}
