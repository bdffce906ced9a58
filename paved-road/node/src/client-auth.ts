//! How this service shows a provider who it is: by a key, by a secret, or not at all. There is one per provider, and no fallback.
import { SigningKey } from './jose/sign.js'
import type { JsonObject } from './json.js'
import { refuse } from './refusal.js'
import { Secret } from './secret.js'

/** Authenticates by a signed assertion (private_key_jwt). Prefer this: the provider can't lose it. */
export class ClientKey {
  readonly kind = 'key'

  constructor(readonly key: SigningKey) {}

  /** Reads a private JWK from an environment variable. */
  static fromEnv(name: string): ClientKey {
    return new ClientKey(SigningKey.fromJson(Secret.fromEnv(name).expose()))
  }

  static fromJwk(jwk: JsonObject): ClientKey {
    return new ClientKey(new SigningKey(jwk))
  }
}

/** Authenticates by a secret. */
export class ClientSecret {
  readonly kind = 'secret'

  constructor(readonly secret: Secret) {
    if (!(secret instanceof Secret)) refuse('configuration-invalid', 'a client secret is a Secret')
  }

  static fromEnv(name: string): ClientSecret {
    return new ClientSecret(Secret.fromEnv(name))
  }
}

/** Does not authenticate: for providers that give this client no secret. PKCE, state and nonce hold all the same. */
export class PublicClient {
  readonly kind = 'public'
}

export type ClientAuthentication = ClientKey | ClientSecret | PublicClient
