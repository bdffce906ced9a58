// Made by make/constants.mjs from constants.json. Do not edit.

export const LIMITS = {
  "response_bytes": 1048576,
  "response_ms": 5000,
  "response_header_bytes": 16384,
  "userinfo_bytes": 16384,
  "query_bytes": 16384,
  "token_bytes": 16384,
  "json_depth": 16,
  "header_value_chars": 256,
  "code_chars": 2048,
  "subject_chars": 255,
  "jti_chars": 255,
  "jwks_keys": 100,
  "rsa_bits_min": 2048,
  "rsa_bits_max": 8192,
  "local_path_chars": 2048,
  "file_name_chars": 255,
  "url_chars": 4096,
  "request_body_bytes": 1048576,
  "redirects": 3,
  "attempts_per_browser": 5,
  "replay_entries": 100000,
  "password_chars_min": 8,
  "password_chars_max": 1024,
  "audit_text_chars": 256
} as const

export const LIFETIMES = {
  "clock_skew_seconds": 60,
  "id_token_age_seconds": 600,
  "attempt_seconds": 600,
  "session_idle_seconds": 1800,
  "session_absolute_seconds": 43200,
  "session_touch_seconds": 60,
  "refresh_early_seconds": 30,
  "refresh_lease_ms": 15000,
  "refresh_poll_ms": 50,
  "metadata_fresh_seconds": 600,
  "jwks_fresh_seconds": 600,
  "jwks_stale_seconds": 86400,
  "jwks_burst": 4,
  "jwks_refill_seconds": 20,
  "jwks_interval_seconds": 1,
  "client_assertion_seconds": 60,
  "request_object_seconds": 300,
  "dpop_skew_seconds": 60,
  "introspection_cache_seconds": 60
} as const

export const ALGORITHMS = {
  "supported": [
    "ES256",
    "ES384",
    "ES512",
    "PS256",
    "PS384",
    "PS512",
    "RS256",
    "RS384",
    "RS512",
    "EdDSA",
    "Ed25519"
  ],
  "default": [
    "ES256",
    "PS256",
    "RS256",
    "EdDSA",
    "Ed25519"
  ],
  "dpop": [
    "ES256",
    "PS256",
    "RS256",
    "EdDSA",
    "Ed25519"
  ]
} as const

export const COOKIES = {
  "session": "__Host-bz-session",
  "attempt_prefix": "__Host-bz-login-",
  "attributes": "Path=/; Secure; HttpOnly; SameSite=Lax"
} as const

export const HEADERS = {
  "every": {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "x-permitted-cross-domain-policies": "none",
    "origin-agent-cluster": "?1"
  },
  "https": {
    "strict-transport-security": "max-age=63072000; includeSubDomains"
  },
  "page": {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=()"
  },
  "api": {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox"
  },
  "redirect": {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'"
  },
  "asset": {
    "cache-control": "public, max-age=31536000, immutable",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox"
  },
  "download": {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "content-disposition": "attachment"
  },
  "removed": [
    "server",
    "x-powered-by",
    "x-aspnet-version"
  ]
} as const

export const ADDRESSES = {
  "about": "IANA special-purpose registries; also addresses of cloud metadata outside of them. IPv6 outside of 2000::/3 is refused as a whole: that covers loopback, link-local, unique-local, mapped and NAT64.",
  "ipv4_refused": [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4"
  ],
  "ipv6_allowed": [
    "2000::/3"
  ],
  "ipv6_refused": [
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "2620:4f:8000::/48",
    "3ffe::/16",
    "3fff::/20"
  ],
  "names_refused": [
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "test"
  ]
} as const

export const UPLOADS = {
  "about": "What a file begins with: pieces of hexadecimal at offsets. Only these kinds can be allowed; what a browser runs (HTML, SVG, XML) is not among them.",
  "kinds": {
    "image/png": {
      "extension": "png",
      "magic": [
        [
          0,
          "89504e470d0a1a0a"
        ]
      ]
    },
    "image/jpeg": {
      "extension": "jpg",
      "magic": [
        [
          0,
          "ffd8ff"
        ]
      ]
    },
    "image/gif": {
      "extension": "gif",
      "magic": [
        [
          0,
          "474946383961"
        ]
      ],
      "or": [
        [
          0,
          "474946383761"
        ]
      ]
    },
    "image/webp": {
      "extension": "webp",
      "magic": [
        [
          0,
          "52494646"
        ],
        [
          8,
          "57454250"
        ]
      ]
    },
    "image/avif": {
      "extension": "avif",
      "magic": [
        [
          4,
          "6674797061766966"
        ]
      ]
    },
    "application/pdf": {
      "extension": "pdf",
      "magic": [
        [
          0,
          "255044462d"
        ]
      ]
    },
    "application/zip": {
      "extension": "zip",
      "magic": [
        [
          0,
          "504b0304"
        ]
      ]
    },
    "application/gzip": {
      "extension": "gz",
      "magic": [
        [
          0,
          "1f8b08"
        ]
      ]
    },
    "video/mp4": {
      "extension": "mp4",
      "magic": [
        [
          4,
          "6674797069736f6d"
        ]
      ],
      "or": [
        [
          4,
          "667479706d703432"
        ]
      ]
    },
    "audio/mpeg": {
      "extension": "mp3",
      "magic": [
        [
          0,
          "494433"
        ]
      ]
    }
  }
} as const

export const PASSWORDS = {
  "about": "OWASP Password Storage: at least 19 MiB, two passes, one lane.",
  "memory_kib": 19456,
  "passes": 2,
  "lanes": 1,
  "salt_bytes": 16,
  "hash_bytes": 32,
  "queue": 64,
  "parallel": 2
} as const

export const RATE_LIMITS = {
  "sign_in_per_minute": 30,
  "keys": 10000
} as const

/** Whose fault a refusal is. */
export type Fault = 'browser' | 'client' | 'configuration' | 'provider' | 'store'

/** Every reason for a refusal: whose fault, and what it means. */
export const REASONS = {
  'query-too-long': { fault: 'browser', meaning: "The query string is longer than limits.query_bytes." },
  'query-malformed': { fault: 'browser', meaning: "A percent escape is broken, or the query is no UTF-8." },
  'parameter-repeated': { fault: 'browser', meaning: "A parameter that may stand once stands twice (RFC 6749, section 3.1)." },
  'json-malformed': { fault: 'provider', meaning: "No JSON object: syntax, a member twice, a number that is none, not UTF-8, or too deep." },
  'body-too-large': { fault: 'provider', meaning: "The answer is longer than limits.response_bytes." },
  'content-type-unexpected': { fault: 'provider', meaning: "The answer is not application/json." },
  'http-status': { fault: 'provider', meaning: "The answer has another status than the one that the protocol says." },
  'redirect-refused': { fault: 'provider', meaning: "The answer is a redirect where none is followed." },
  'timeout': { fault: 'provider', meaning: "The answer was not complete within limits.response_ms." },
  'unreachable': { fault: 'provider', meaning: "No connection, or it broke." },
  'state-missing': { fault: 'browser', meaning: "The response has no state, or an empty one (RFC 9700, section 4.7)." },
  'state-malformed': { fault: 'browser', meaning: "The state is none that this library made." },
  'attempt-unknown': { fault: 'browser', meaning: "This browser began no such sign-in, or finished it already." },
  'attempt-expired': { fault: 'browser', meaning: "The sign-in began longer ago than lifetimes.attempt_seconds." },
  'state-mismatch': { fault: 'browser', meaning: "The state, or the cookie that binds it to the browser, is another one." },
  'iss-missing': { fault: 'provider', meaning: "The issuer is not named where it must be (RFC 9207, section 2.4; OpenID Connect Core 3.1.3.7)." },
  'iss-mismatch': { fault: 'provider', meaning: "Another issuer is named." },
  'provider-error': { fault: 'provider', meaning: "The provider answered with an error." },
  'token-in-front-channel': { fault: 'browser', meaning: "The response carries a token, which only other flows do (OAuth 2.1, section 10)." },
  'response-mode-unsupported': { fault: 'browser', meaning: "The response is a JWT (JARM) or no query." },
  'code-missing': { fault: 'browser', meaning: "There is no code, or an empty one." },
  'code-malformed': { fault: 'browser', meaning: "The code has characters that a code can't have, or too many (RFC 6749, appendix A.11)." },
  'issuer-malformed': { fault: 'configuration', meaning: "The issuer is no https URL without query, fragment and user (RFC 8414, section 2)." },
  'issuer-mismatch': { fault: 'provider', meaning: "The metadata is of another issuer (RFC 8414, section 3.3)." },
  'endpoint-missing': { fault: 'provider', meaning: "An endpoint that is needed is absent." },
  'endpoint-malformed': { fault: 'provider', meaning: "An endpoint is no absolute URL, or has a fragment or a user." },
  'endpoint-insecure': { fault: 'provider', meaning: "An endpoint is not https." },
  'pkce-unsupported': { fault: 'provider', meaning: "The provider announces challenge methods, and S256 is not among them." },
  'response-type-unsupported': { fault: 'provider', meaning: "The provider announces response types, and code is not among them." },
  'algorithm-none-in-common': { fault: 'provider', meaning: "No algorithm that it signs with is one that is pinned." },
  'client-auth-unsupported': { fault: 'provider', meaning: "The provider announces how clients authenticate, and ours is not among it." },
  'configuration-invalid': { fault: 'configuration', meaning: "A value in the configuration can't be used." },
  'public-url-insecure': { fault: 'configuration', meaning: "The public URL is not https." },
  'token-too-long': { fault: 'provider', meaning: "The token is longer than limits.token_bytes." },
  'jwt-malformed': { fault: 'provider', meaning: "Not three parts of canonical base64url with a JSON object in front (RFC 7515, section 7.1)." },
  'alg-not-allowed': { fault: 'provider', meaning: "The algorithm is not one of those pinned (RFC 8725, section 3.1)." },
  'crit-unsupported': { fault: 'provider', meaning: "The header demands an extension (RFC 7515, section 4.1.11)." },
  'typ-not-allowed': { fault: 'provider', meaning: "The header names another type of token (RFC 8725, section 3.11)." },
  'key-unknown': { fault: 'provider', meaning: "No usable key has this key id and fits the algorithm." },
  'key-ambiguous': { fault: 'provider', meaning: "More than one key could have signed." },
  'signature-invalid': { fault: 'provider', meaning: "The signature is not of this key and this content." },
  'claims-malformed': { fault: 'provider', meaning: "The payload is no JSON object, or a claim has another type than it must." },
  'aud-missing': { fault: 'provider', meaning: "There is no audience." },
  'aud-mismatch': { fault: 'provider', meaning: "The token is for somebody else." },
  'azp-missing': { fault: 'provider', meaning: "There are several audiences, and no authorized party (OpenID Connect Core 3.1.3.7)." },
  'azp-mismatch': { fault: 'provider', meaning: "Another client is the authorized party." },
  'exp-missing': { fault: 'provider', meaning: "There is no expiry, or it is no number." },
  'expired': { fault: 'provider', meaning: "The expiry has passed." },
  'iat-missing': { fault: 'provider', meaning: "There is no time of issue, or it is no number." },
  'iat-future': { fault: 'provider', meaning: "The token was issued in the future." },
  'iat-too-old': { fault: 'provider', meaning: "The token was issued too long ago to be the answer to this request." },
  'not-yet-valid': { fault: 'provider', meaning: "The token is not valid yet." },
  'sub-missing': { fault: 'provider', meaning: "There is no subject, or it is no text." },
  'sub-malformed': { fault: 'provider', meaning: "The subject is empty, longer than 255 characters, or not printable ASCII." },
  'nonce-missing': { fault: 'provider', meaning: "There is no nonce." },
  'nonce-mismatch': { fault: 'provider', meaning: "The nonce is of another sign-in." },
  'at-hash-mismatch': { fault: 'provider', meaning: "The ID token belongs to another access token." },
  'auth-time-missing': { fault: 'provider', meaning: "max_age was asked for, and there is no auth_time." },
  'auth-time-too-old': { fault: 'provider', meaning: "The user authenticated longer ago than max_age allows." },
  'auth-time-changed': { fault: 'provider', meaning: "A refreshed ID token speaks of another authentication." },
  'acr-insufficient': { fault: 'provider', meaning: "The authentication was weaker than asked for." },
  'sub-mismatch': { fault: 'provider', meaning: "The answer is about another user." },
  'client-id-missing': { fault: 'client', meaning: "There is no client_id (RFC 9068, section 2.2)." },
  'jti-missing': { fault: 'provider', meaning: "There is no token id." },
  'jti-malformed': { fault: 'provider', meaning: "The token id is empty, too long, or no text." },
  'jti-replayed': { fault: 'provider', meaning: "The token was seen before." },
  'events-missing': { fault: 'provider', meaning: "There is no back-channel logout event." },
  'nonce-present': { fault: 'provider', meaning: "A logout token has a nonce (OpenID Connect Back-Channel Logout, section 2.4)." },
  'subject-missing': { fault: 'provider', meaning: "A logout token has neither sub nor sid." },
  'jwks-malformed': { fault: 'provider', meaning: "The key set has no array of keys." },
  'jwks-too-many-keys': { fault: 'provider', meaning: "The key set has more than limits.jwks_keys keys." },
  'jwks-unavailable': { fault: 'provider', meaning: "No keys, and the budget of fetches is used up or the last fetch failed." },
  'key-malformed': { fault: 'provider', meaning: "A member is missing, has another type, or the point is not on the curve." },
  'key-unsupported': { fault: 'provider', meaning: "The type, curve or algorithm is none that is supported." },
  'key-symmetric': { fault: 'provider', meaning: "A symmetric key has no place in a public set." },
  'key-private': { fault: 'provider', meaning: "The provider published a private key." },
  'key-not-for-signatures': { fault: 'provider', meaning: "Its use or its operations are others." },
  'key-too-weak': { fault: 'provider', meaning: "RSA below 2048 bits, or an exponent that is 1 or even." },
  'key-too-large': { fault: 'provider', meaning: "RSA above 8192 bits, or an exponent above 32 bits." },
  'token-endpoint-error': { fault: 'provider', meaning: "The token endpoint answered with an error." },
  'grant-invalid': { fault: 'provider', meaning: "The token endpoint says invalid_grant: the code or refresh token is used up." },
  'token-type-mismatch': { fault: 'provider', meaning: "The token type is not the one asked for." },
  'access-token-missing': { fault: 'provider', meaning: "There is no access token." },
  'access-token-malformed': { fault: 'provider', meaning: "The access token has characters that can't stand in a header." },
  'id-token-missing': { fault: 'provider', meaning: "There is no ID token." },
  'refresh-token-malformed': { fault: 'provider', meaning: "The refresh token is no text, or empty." },
  'expires-in-malformed': { fault: 'provider', meaning: "expires_in is no number of seconds." },
  'scope-malformed': { fault: 'provider', meaning: "The scope is no list of scope tokens (RFC 6749, section 3.3)." },
  'scope-widened': { fault: 'provider', meaning: "A refresh answered with more scope than the user granted." },
  'refresh-unavailable': { fault: 'provider', meaning: "There is no refresh token." },
  'credentials-missing': { fault: 'client', meaning: "The request carries no access token." },
  'credentials-repeated': { fault: 'client', meaning: "The request carries credentials twice, or in two ways (RFC 6750, section 2)." },
  'credentials-malformed': { fault: 'client', meaning: "The Authorization header is none." },
  'token-in-query': { fault: 'client', meaning: "An access token in a URL is refused (OAuth 2.1, section 5)." },
  'scope-insufficient': { fault: 'client', meaning: "The token does not grant what the operation needs." },
  'binding-missing': { fault: 'client', meaning: "The token is bound to a key, and was used as a bearer token." },
  'binding-mismatch': { fault: 'client', meaning: "The token is not bound to the key that was proved." },
  'binding-unsupported': { fault: 'client', meaning: "The token is bound in a way that is not known." },
  'token-inactive': { fault: 'client', meaning: "Introspection says that the token is not active." },
  'dpop-missing': { fault: 'client', meaning: "There is no DPoP proof." },
  'dpop-repeated': { fault: 'client', meaning: "There is more than one DPoP proof." },
  'dpop-key-malformed': { fault: 'client', meaning: "The proof's key is no public key, or does not fit." },
  'dpop-method-mismatch': { fault: 'client', meaning: "The proof is for another method." },
  'dpop-url-mismatch': { fault: 'client', meaning: "The proof is for another URL." },
  'dpop-token-mismatch': { fault: 'client', meaning: "The proof is for another access token." },
  'dpop-nonce-required': { fault: 'client', meaning: "The server wants its nonce in the proof." },
  'dpop-expired': { fault: 'client', meaning: "The proof was not made just now." },
  'dpop-replayed': { fault: 'client', meaning: "The proof was used before." },
  'cookie-repeated': { fault: 'browser', meaning: "The cookie stands twice: somebody tossed one in." },
  'session-unknown': { fault: 'browser', meaning: "There is no such session." },
  'session-idle': { fault: 'browser', meaning: "The session was not used for lifetimes.session_idle_seconds." },
  'session-too-old': { fault: 'browser', meaning: "The session began longer ago than lifetimes.session_absolute_seconds." },
  'sealed-malformed': { fault: 'store', meaning: "What was stored is not what was sealed." },
  'sealed-key-unknown': { fault: 'store', meaning: "The key ring has no such key." },
  'sealed-mismatch': { fault: 'store', meaning: "It was sealed with another key, for another place, or altered." },
  'store-conflict': { fault: 'store', meaning: "Somebody else wrote at the same time, again and again." },
  'cross-site-request': { fault: 'browser', meaning: "The request was caused by another site." },
  'origin-missing': { fault: 'browser', meaning: "The request does not say where it comes from." },
  'host-mismatch': { fault: 'browser', meaning: "The request is for another host." },
  'request-too-large': { fault: 'browser', meaning: "The body is longer than allowed." },
  'rate-exceeded': { fault: 'browser', meaning: "Too many requests." },
  'path-empty': { fault: 'browser', meaning: "The path is empty." },
  'path-too-long': { fault: 'browser', meaning: "The path is longer than limits.local_path_chars." },
  'path-not-local': { fault: 'browser', meaning: "The target does not begin with one slash." },
  'path-character': { fault: 'browser', meaning: "The target has a character that no path in a header has." },
  'path-dot-segment': { fault: 'browser', meaning: "The target goes up, also in escapes." },
  'path-encoded-separator': { fault: 'browser', meaning: "The target hides a slash or a backslash in escapes." },
  'path-malformed': { fault: 'browser', meaning: "A percent escape is broken." },
  'name-empty': { fault: 'browser', meaning: "The file name is empty." },
  'name-too-long': { fault: 'browser', meaning: "The file name is longer than limits.file_name_chars." },
  'name-character': { fault: 'browser', meaning: "The file name has a separator, a control character, or one that a system gives a meaning." },
  'name-reserved': { fault: 'browser', meaning: "The file name has a meaning of its own: dots, devices." },
  'name-hidden': { fault: 'browser', meaning: "The file name begins with a dot or ends with a dot or space." },
  'path-escapes': { fault: 'browser', meaning: "The path leads out of its folder." },
  'upload-kind-unknown': { fault: 'browser', meaning: "The content is of no kind that is known." },
  'upload-kind-refused': { fault: 'browser', meaning: "The content is of a kind that is not allowed here." },
  'upload-empty': { fault: 'browser', meaning: "The file has no content." },
  'upload-too-large': { fault: 'browser', meaning: "The file is larger than allowed." },
  'url-malformed': { fault: 'client', meaning: "No absolute URL of plain ASCII." },
  'url-too-long': { fault: 'client', meaning: "The URL is longer than limits.url_chars." },
  'url-scheme': { fault: 'client', meaning: "Neither https nor allowed." },
  'url-userinfo': { fault: 'client', meaning: "The URL names a user." },
  'url-port': { fault: 'client', meaning: "The port is not allowed." },
  'host-malformed': { fault: 'client', meaning: "The host is no name, or a number in disguise." },
  'host-not-public': { fault: 'client', meaning: "The host has a name for private use." },
  'address-malformed': { fault: 'client', meaning: "No address in its canonical form." },
  'address-not-public': { fault: 'client', meaning: "The address is of a special range." },
  'address-none': { fault: 'client', meaning: "The name has no address." },
  'redirects-exceeded': { fault: 'client', meaning: "More redirects than limits.redirects." },
  'password-too-short': { fault: 'browser', meaning: "Shorter than limits.password_chars_min." },
  'password-too-long': { fault: 'browser', meaning: "Longer than limits.password_chars_max." },
  'password-queue-full': { fault: 'store', meaning: "Too many passwords are being hashed." },
} as const satisfies Record<string, { fault: Fault; meaning: string }>

/** A stable reason code. */
export type Reason = keyof typeof REASONS
