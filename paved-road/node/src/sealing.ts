//! What a store holds is sealed: AES-256-GCM, a key ring, and the place as additional data.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { inspect } from 'node:util'

import { decodeBase64url, decodeUtf8, encodeBase64url } from './encoding.js'
import { refuse } from './refusal.js'
import type { Secret } from './secret.js'

const NONCE_BYTES = 12, TAG_BYTES = 16

/** Keys that open, the first of which seals. Rotate by putting a new one in front, and dropping the last one a session's life later. */
export class KeyRing {
  readonly #keys: Map<string, Buffer>

  private constructor(keys: Map<string, Buffer>) {
    this.#keys = keys
  }

  /** Reads `id:key,id:key`, keys of 256 bits in base64url: `node -p "crypto.randomBytes(32).toString('base64url')"`. */
  static parse(secret: Secret): KeyRing {
    return KeyRing.of(secret.expose().split(',').map((entry) => ({ id: entry.slice(0, entry.indexOf(':')), key: entry.slice(entry.indexOf(':') + 1) })))
  }

  static of(entries: readonly { id: string; key: string }[]): KeyRing {
    const keys = new Map<string, Buffer>()
    for (const { id, key } of entries) {
      const bytes = decodeBase64url(key)
      if (!/^[A-Za-z0-9_-]+$/.test(id) || bytes?.length !== 32 || keys.has(id)) refuse('configuration-invalid', 'a key ring has distinct ids and keys of 256 bits')
      keys.set(id, bytes)
    }
    return keys.size > 0 ? new KeyRing(keys) : refuse('configuration-invalid', 'the key ring is empty')
  }

  /** A ring of one key that nobody else has: for stores that end with the process. */
  static ephemeral(): KeyRing {
    return KeyRing.of([{ id: 'process', key: randomBytes(32).toString('base64url') }])
  }

  /** Seals a text for a place. */
  seal(place: string, text: string): string {
    const [id, key] = this.#keys.entries().next().value!
    const nonce = randomBytes(NONCE_BYTES), cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
    return `1.${id}.${encodeBase64url(nonce)}.${encodeBase64url(sealed)}`
  }

  /** Opens what was sealed for the same place. */
  open(place: string, sealed: string): string {
    const parts = sealed.split('.')
    if (parts.length !== 4 || parts[0] !== '1') refuse('sealed-malformed')
    const nonce = decodeBase64url(parts[2]!), bytes = decodeBase64url(parts[3]!)
    if (nonce?.length !== NONCE_BYTES || !bytes || bytes.length < TAG_BYTES) refuse('sealed-malformed')
    const key = this.#keys.get(parts[1]!) ?? refuse('sealed-key-unknown')
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-TAG_BYTES))
      return decodeUtf8(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()])) ?? refuse('sealed-mismatch')
    } catch {
      refuse('sealed-mismatch')
    }
  }

  [inspect.custom](): string {
    return 'KeyRing([redacted])'
  }

  toJSON(): string {
    return '[redacted]'
  }
}
