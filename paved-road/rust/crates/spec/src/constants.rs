//! Made by make/constants.mjs from constants.json. Do not edit.

/// `limits` of constants.json.
pub mod limits {
  /// `limits.response_bytes`.
  pub const RESPONSE_BYTES: usize = 1048576;
  /// `limits.response_ms`.
  pub const RESPONSE_MS: usize = 5000;
  /// `limits.response_header_bytes`.
  pub const RESPONSE_HEADER_BYTES: usize = 16384;
  /// `limits.userinfo_bytes`.
  pub const USERINFO_BYTES: usize = 16384;
  /// `limits.query_bytes`.
  pub const QUERY_BYTES: usize = 16384;
  /// `limits.token_bytes`.
  pub const TOKEN_BYTES: usize = 16384;
  /// `limits.json_depth`.
  pub const JSON_DEPTH: usize = 16;
  /// `limits.header_value_chars`.
  pub const HEADER_VALUE_CHARS: usize = 256;
  /// `limits.code_chars`.
  pub const CODE_CHARS: usize = 2048;
  /// `limits.subject_chars`.
  pub const SUBJECT_CHARS: usize = 255;
  /// `limits.jti_chars`.
  pub const JTI_CHARS: usize = 255;
  /// `limits.jwks_keys`.
  pub const JWKS_KEYS: usize = 100;
  /// `limits.rsa_bits_min`.
  pub const RSA_BITS_MIN: usize = 2048;
  /// `limits.rsa_bits_max`.
  pub const RSA_BITS_MAX: usize = 8192;
  /// `limits.local_path_chars`.
  pub const LOCAL_PATH_CHARS: usize = 2048;
  /// `limits.file_name_chars`.
  pub const FILE_NAME_CHARS: usize = 255;
  /// `limits.url_chars`.
  pub const URL_CHARS: usize = 4096;
  /// `limits.request_body_bytes`.
  pub const REQUEST_BODY_BYTES: usize = 1048576;
  /// `limits.redirects`.
  pub const REDIRECTS: usize = 3;
  /// `limits.attempts_per_browser`.
  pub const ATTEMPTS_PER_BROWSER: usize = 5;
  /// `limits.replay_entries`.
  pub const REPLAY_ENTRIES: usize = 100000;
  /// `limits.password_chars_min`.
  pub const PASSWORD_CHARS_MIN: usize = 8;
  /// `limits.password_chars_max`.
  pub const PASSWORD_CHARS_MAX: usize = 1024;
  /// `limits.audit_text_chars`.
  pub const AUDIT_TEXT_CHARS: usize = 256;
}

/// `lifetimes` of constants.json.
pub mod lifetimes {
  /// `lifetimes.clock_skew_seconds`.
  pub const CLOCK_SKEW_SECONDS: f64 = 60.0;
  /// `lifetimes.id_token_age_seconds`.
  pub const ID_TOKEN_AGE_SECONDS: f64 = 600.0;
  /// `lifetimes.attempt_seconds`.
  pub const ATTEMPT_SECONDS: f64 = 600.0;
  /// `lifetimes.session_idle_seconds`.
  pub const SESSION_IDLE_SECONDS: f64 = 1800.0;
  /// `lifetimes.session_absolute_seconds`.
  pub const SESSION_ABSOLUTE_SECONDS: f64 = 43200.0;
  /// `lifetimes.session_touch_seconds`.
  pub const SESSION_TOUCH_SECONDS: f64 = 60.0;
  /// `lifetimes.refresh_early_seconds`.
  pub const REFRESH_EARLY_SECONDS: f64 = 30.0;
  /// `lifetimes.refresh_lease_ms`.
  pub const REFRESH_LEASE_MS: u64 = 15000;
  /// `lifetimes.refresh_poll_ms`.
  pub const REFRESH_POLL_MS: u64 = 50;
  /// `lifetimes.metadata_fresh_seconds`.
  pub const METADATA_FRESH_SECONDS: f64 = 600.0;
  /// `lifetimes.jwks_fresh_seconds`.
  pub const JWKS_FRESH_SECONDS: f64 = 600.0;
  /// `lifetimes.jwks_stale_seconds`.
  pub const JWKS_STALE_SECONDS: f64 = 86400.0;
  /// `lifetimes.jwks_burst`.
  pub const JWKS_BURST: u64 = 4;
  /// `lifetimes.jwks_refill_seconds`.
  pub const JWKS_REFILL_SECONDS: f64 = 20.0;
  /// `lifetimes.jwks_interval_seconds`.
  pub const JWKS_INTERVAL_SECONDS: f64 = 1.0;
  /// `lifetimes.client_assertion_seconds`.
  pub const CLIENT_ASSERTION_SECONDS: f64 = 60.0;
  /// `lifetimes.request_object_seconds`.
  pub const REQUEST_OBJECT_SECONDS: f64 = 300.0;
  /// `lifetimes.dpop_skew_seconds`.
  pub const DPOP_SKEW_SECONDS: f64 = 60.0;
  /// `lifetimes.introspection_cache_seconds`.
  pub const INTROSPECTION_CACHE_SECONDS: f64 = 60.0;
}

/// `algorithms` of constants.json.
pub mod algorithms {
  /// `algorithms.supported`.
  pub const SUPPORTED: &[&str] = &["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512", "EdDSA", "Ed25519"];
  /// `algorithms.default`.
  pub const DEFAULT: &[&str] = &["ES256", "PS256", "RS256", "EdDSA", "Ed25519"];
  /// `algorithms.dpop`.
  pub const DPOP: &[&str] = &["ES256", "PS256", "RS256", "EdDSA", "Ed25519"];
}

/// `cookies` of constants.json.
pub mod cookies {
  /// `cookies.session`.
  pub const SESSION: &str = "__Host-bz-session";
  /// `cookies.attempt_prefix`.
  pub const ATTEMPT_PREFIX: &str = "__Host-bz-login-";
  /// `cookies.attributes`.
  pub const ATTRIBUTES: &str = "Path=/; Secure; HttpOnly; SameSite=Lax";
}

/// `headers` of constants.json.
pub mod headers {
  /// `headers.every`.
  pub const EVERY: &[(&str, &str)] = &[("x-content-type-options", "nosniff"), ("referrer-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"), ("x-frame-options", "DENY"), ("x-permitted-cross-domain-policies", "none"), ("origin-agent-cluster", "?1")];
  /// `headers.https`.
  pub const HTTPS: &[(&str, &str)] = &[("strict-transport-security", "max-age=63072000; includeSubDomains")];
  /// `headers.page`.
  pub const PAGE: &[(&str, &str)] = &[("cache-control", "no-store"), ("content-security-policy", "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default"), ("cross-origin-opener-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp"), ("permissions-policy", "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(self), usb=()")];
  /// `headers.api`.
  pub const API: &[(&str, &str)] = &[("cache-control", "no-store"), ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox")];
  /// `headers.redirect`.
  pub const REDIRECT: &[(&str, &str)] = &[("cache-control", "no-store"), ("content-security-policy", "default-src 'none'; frame-ancestors 'none'")];
  /// `headers.asset`.
  pub const ASSET: &[(&str, &str)] = &[("cache-control", "public, max-age=31536000, immutable"), ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox")];
  /// `headers.download`.
  pub const DOWNLOAD: &[(&str, &str)] = &[("cache-control", "no-store"), ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"), ("content-disposition", "attachment")];
  /// `headers.removed`.
  pub const REMOVED: &[&str] = &["server", "x-powered-by", "x-aspnet-version"];
}

/// `addresses` of constants.json.
pub mod addresses {
  /// `addresses.ipv4_refused`.
  pub const IPV4_REFUSED: &[&str] = &["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"];
  /// `addresses.ipv6_allowed`.
  pub const IPV6_ALLOWED: &[&str] = &["2000::/3"];
  /// `addresses.ipv6_refused`.
  pub const IPV6_REFUSED: &[&str] = &["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20"];
  /// `addresses.names_refused`.
  pub const NAMES_REFUSED: &[&str] = &["corp", "home", "home.arpa", "internal", "intranet", "invalid", "lan", "local", "localdomain", "localhost", "onion", "private", "test"];
}

/// `uploads` of constants.json.
pub mod uploads {
  /// `uploads.kinds`.
  pub const KINDS: &[crate::UploadKind] = &[
    crate::UploadKind { media_type: "image/png", extension: "png", magics: &[&[(0, &[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])]] },
    crate::UploadKind { media_type: "image/jpeg", extension: "jpg", magics: &[&[(0, &[0xff, 0xd8, 0xff])]] },
    crate::UploadKind { media_type: "image/gif", extension: "gif", magics: &[&[(0, &[0x47, 0x49, 0x46, 0x38, 0x39, 0x61])], &[(0, &[0x47, 0x49, 0x46, 0x38, 0x37, 0x61])]] },
    crate::UploadKind { media_type: "image/webp", extension: "webp", magics: &[&[(0, &[0x52, 0x49, 0x46, 0x46]), (8, &[0x57, 0x45, 0x42, 0x50])]] },
    crate::UploadKind { media_type: "image/avif", extension: "avif", magics: &[&[(4, &[0x66, 0x74, 0x79, 0x70, 0x61, 0x76, 0x69, 0x66])]] },
    crate::UploadKind { media_type: "application/pdf", extension: "pdf", magics: &[&[(0, &[0x25, 0x50, 0x44, 0x46, 0x2d])]] },
    crate::UploadKind { media_type: "application/zip", extension: "zip", magics: &[&[(0, &[0x50, 0x4b, 0x03, 0x04])]] },
    crate::UploadKind { media_type: "application/gzip", extension: "gz", magics: &[&[(0, &[0x1f, 0x8b, 0x08])]] },
    crate::UploadKind { media_type: "video/mp4", extension: "mp4", magics: &[&[(4, &[0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d])], &[(4, &[0x66, 0x74, 0x79, 0x70, 0x6d, 0x70, 0x34, 0x32])]] },
    crate::UploadKind { media_type: "audio/mpeg", extension: "mp3", magics: &[&[(0, &[0x49, 0x44, 0x33])]] },
  ];
}

/// `passwords` of constants.json.
pub mod passwords {
  /// `passwords.memory_kib`.
  pub const MEMORY_KIB: u32 = 19456;
  /// `passwords.passes`.
  pub const PASSES: u32 = 2;
  /// `passwords.lanes`.
  pub const LANES: u32 = 1;
  /// `passwords.salt_bytes`.
  pub const SALT_BYTES: u32 = 16;
  /// `passwords.hash_bytes`.
  pub const HASH_BYTES: u32 = 32;
  /// `passwords.queue`.
  pub const QUEUE: u32 = 64;
  /// `passwords.parallel`.
  pub const PARALLEL: u32 = 2;
}

/// `rate_limits` of constants.json.
pub mod rate_limits {
  /// `rate_limits.sign_in_per_minute`.
  pub const SIGN_IN_PER_MINUTE: u32 = 30;
  /// `rate_limits.keys`.
  pub const KEYS: u32 = 10000;
}

/// A stable reason code: never renamed or reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
  /// The query string is longer than limits.query_bytes.
  QueryTooLong,
  /// A percent escape is broken, or the query is no UTF-8.
  QueryMalformed,
  /// A parameter that may stand once stands twice (RFC 6749, section 3.1).
  ParameterRepeated,
  /// No JSON object: syntax, a member twice, a number that is none, not UTF-8, or too deep.
  JsonMalformed,
  /// The answer is longer than limits.response_bytes.
  BodyTooLarge,
  /// The answer is not application/json.
  ContentTypeUnexpected,
  /// The answer has another status than the one that the protocol says.
  HttpStatus,
  /// The answer is a redirect where none is followed.
  RedirectRefused,
  /// The answer was not complete within limits.response_ms.
  Timeout,
  /// No connection, or it broke.
  Unreachable,
  /// The response has no state, or an empty one (RFC 9700, section 4.7).
  StateMissing,
  /// The state is none that this library made.
  StateMalformed,
  /// This browser began no such sign-in, or finished it already.
  AttemptUnknown,
  /// The sign-in began longer ago than lifetimes.attempt_seconds.
  AttemptExpired,
  /// The state, or the cookie that binds it to the browser, is another one.
  StateMismatch,
  /// The issuer is not named where it must be (RFC 9207, section 2.4; OpenID Connect Core 3.1.3.7).
  IssMissing,
  /// Another issuer is named.
  IssMismatch,
  /// The provider answered with an error.
  ProviderError,
  /// The response carries a token, which only other flows do (OAuth 2.1, section 10).
  TokenInFrontChannel,
  /// The response is a JWT (JARM) or no query.
  ResponseModeUnsupported,
  /// There is no code, or an empty one.
  CodeMissing,
  /// The code has characters that a code can't have, or too many (RFC 6749, appendix A.11).
  CodeMalformed,
  /// The issuer is no https URL without query, fragment and user (RFC 8414, section 2).
  IssuerMalformed,
  /// The metadata is of another issuer (RFC 8414, section 3.3).
  IssuerMismatch,
  /// An endpoint that is needed is absent.
  EndpointMissing,
  /// An endpoint is no absolute URL, or has a fragment or a user.
  EndpointMalformed,
  /// An endpoint is not https.
  EndpointInsecure,
  /// The provider announces challenge methods, and S256 is not among them.
  PkceUnsupported,
  /// The provider announces response types, and code is not among them.
  ResponseTypeUnsupported,
  /// No algorithm that it signs with is one that is pinned.
  AlgorithmNoneInCommon,
  /// The provider announces how clients authenticate, and ours is not among it.
  ClientAuthUnsupported,
  /// A value in the configuration can't be used.
  ConfigurationInvalid,
  /// The public URL is not https.
  PublicUrlInsecure,
  /// The token is longer than limits.token_bytes.
  TokenTooLong,
  /// Not three parts of canonical base64url with a JSON object in front (RFC 7515, section 7.1).
  JwtMalformed,
  /// The algorithm is not one of those pinned (RFC 8725, section 3.1).
  AlgNotAllowed,
  /// The header demands an extension (RFC 7515, section 4.1.11).
  CritUnsupported,
  /// The header names another type of token (RFC 8725, section 3.11).
  TypNotAllowed,
  /// No usable key has this key id and fits the algorithm.
  KeyUnknown,
  /// More than one key could have signed.
  KeyAmbiguous,
  /// The signature is not of this key and this content.
  SignatureInvalid,
  /// The payload is no JSON object, or a claim has another type than it must.
  ClaimsMalformed,
  /// There is no audience.
  AudMissing,
  /// The token is for somebody else.
  AudMismatch,
  /// There are several audiences, and no authorized party (OpenID Connect Core 3.1.3.7).
  AzpMissing,
  /// Another client is the authorized party.
  AzpMismatch,
  /// There is no expiry, or it is no number.
  ExpMissing,
  /// The expiry has passed.
  Expired,
  /// There is no time of issue, or it is no number.
  IatMissing,
  /// The token was issued in the future.
  IatFuture,
  /// The token was issued too long ago to be the answer to this request.
  IatTooOld,
  /// The token is not valid yet.
  NotYetValid,
  /// There is no subject, or it is no text.
  SubMissing,
  /// The subject is empty, longer than 255 characters, or not printable ASCII.
  SubMalformed,
  /// There is no nonce.
  NonceMissing,
  /// The nonce is of another sign-in.
  NonceMismatch,
  /// The ID token belongs to another access token.
  AtHashMismatch,
  /// max_age was asked for, and there is no auth_time.
  AuthTimeMissing,
  /// The user authenticated longer ago than max_age allows.
  AuthTimeTooOld,
  /// A refreshed ID token speaks of another authentication.
  AuthTimeChanged,
  /// The authentication was weaker than asked for.
  AcrInsufficient,
  /// The answer is about another user.
  SubMismatch,
  /// There is no client_id (RFC 9068, section 2.2).
  ClientIdMissing,
  /// There is no token id.
  JtiMissing,
  /// The token id is empty, too long, or no text.
  JtiMalformed,
  /// The token was seen before.
  JtiReplayed,
  /// There is no back-channel logout event.
  EventsMissing,
  /// A logout token has a nonce (OpenID Connect Back-Channel Logout, section 2.4).
  NoncePresent,
  /// A logout token has neither sub nor sid.
  SubjectMissing,
  /// The key set has no array of keys.
  JwksMalformed,
  /// The key set has more than limits.jwks_keys keys.
  JwksTooManyKeys,
  /// No keys, and the budget of fetches is used up or the last fetch failed.
  JwksUnavailable,
  /// A member is missing, has another type, or the point is not on the curve.
  KeyMalformed,
  /// The type, curve or algorithm is none that is supported.
  KeyUnsupported,
  /// A symmetric key has no place in a public set.
  KeySymmetric,
  /// The provider published a private key.
  KeyPrivate,
  /// Its use or its operations are others.
  KeyNotForSignatures,
  /// RSA below 2048 bits, or an exponent that is 1 or even.
  KeyTooWeak,
  /// RSA above 8192 bits, or an exponent above 32 bits.
  KeyTooLarge,
  /// The token endpoint answered with an error.
  TokenEndpointError,
  /// The token endpoint says invalid_grant: the code or refresh token is used up.
  GrantInvalid,
  /// The token type is not the one asked for.
  TokenTypeMismatch,
  /// There is no access token.
  AccessTokenMissing,
  /// The access token has characters that can't stand in a header.
  AccessTokenMalformed,
  /// There is no ID token.
  IdTokenMissing,
  /// The refresh token is no text, or empty.
  RefreshTokenMalformed,
  /// expires_in is no number of seconds.
  ExpiresInMalformed,
  /// The scope is no list of scope tokens (RFC 6749, section 3.3).
  ScopeMalformed,
  /// A refresh answered with more scope than the user granted.
  ScopeWidened,
  /// There is no refresh token.
  RefreshUnavailable,
  /// The request carries no access token.
  CredentialsMissing,
  /// The request carries credentials twice, or in two ways (RFC 6750, section 2).
  CredentialsRepeated,
  /// The Authorization header is none.
  CredentialsMalformed,
  /// An access token in a URL is refused (OAuth 2.1, section 5).
  TokenInQuery,
  /// The token does not grant what the operation needs.
  ScopeInsufficient,
  /// The token is bound to a key, and was used as a bearer token.
  BindingMissing,
  /// The token is not bound to the key that was proved.
  BindingMismatch,
  /// The token is bound in a way that is not known.
  BindingUnsupported,
  /// Introspection says that the token is not active.
  TokenInactive,
  /// There is no DPoP proof.
  DpopMissing,
  /// There is more than one DPoP proof.
  DpopRepeated,
  /// The proof's key is no public key, or does not fit.
  DpopKeyMalformed,
  /// The proof is for another method.
  DpopMethodMismatch,
  /// The proof is for another URL.
  DpopUrlMismatch,
  /// The proof is for another access token.
  DpopTokenMismatch,
  /// The server wants its nonce in the proof.
  DpopNonceRequired,
  /// The proof was not made just now.
  DpopExpired,
  /// The proof was used before.
  DpopReplayed,
  /// The cookie stands twice: somebody tossed one in.
  CookieRepeated,
  /// There is no such session.
  SessionUnknown,
  /// The session was not used for lifetimes.session_idle_seconds.
  SessionIdle,
  /// The session began longer ago than lifetimes.session_absolute_seconds.
  SessionTooOld,
  /// What was stored is not what was sealed.
  SealedMalformed,
  /// The key ring has no such key.
  SealedKeyUnknown,
  /// It was sealed with another key, for another place, or altered.
  SealedMismatch,
  /// Somebody else wrote at the same time, again and again.
  StoreConflict,
  /// The request was caused by another site.
  CrossSiteRequest,
  /// The request does not say where it comes from.
  OriginMissing,
  /// The request is for another host.
  HostMismatch,
  /// The body is longer than allowed.
  RequestTooLarge,
  /// Too many requests.
  RateExceeded,
  /// The path is empty.
  PathEmpty,
  /// The path is longer than limits.local_path_chars.
  PathTooLong,
  /// The target does not begin with one slash.
  PathNotLocal,
  /// The target has a character that no path in a header has.
  PathCharacter,
  /// The target goes up, also in escapes.
  PathDotSegment,
  /// The target hides a slash or a backslash in escapes.
  PathEncodedSeparator,
  /// A percent escape is broken.
  PathMalformed,
  /// The file name is empty.
  NameEmpty,
  /// The file name is longer than limits.file_name_chars.
  NameTooLong,
  /// The file name has a separator, a control character, or one that a system gives a meaning.
  NameCharacter,
  /// The file name has a meaning of its own: dots, devices.
  NameReserved,
  /// The file name begins with a dot or ends with a dot or space.
  NameHidden,
  /// The path leads out of its folder.
  PathEscapes,
  /// The content is of no kind that is known.
  UploadKindUnknown,
  /// The content is of a kind that is not allowed here.
  UploadKindRefused,
  /// The file has no content.
  UploadEmpty,
  /// The file is larger than allowed.
  UploadTooLarge,
  /// No absolute URL of plain ASCII.
  UrlMalformed,
  /// The URL is longer than limits.url_chars.
  UrlTooLong,
  /// Neither https nor allowed.
  UrlScheme,
  /// The URL names a user.
  UrlUserinfo,
  /// The port is not allowed.
  UrlPort,
  /// The host is no name, or a number in disguise.
  HostMalformed,
  /// The host has a name for private use.
  HostNotPublic,
  /// No address in its canonical form.
  AddressMalformed,
  /// The address is of a special range.
  AddressNotPublic,
  /// The name has no address.
  AddressNone,
  /// More redirects than limits.redirects.
  RedirectsExceeded,
  /// Shorter than limits.password_chars_min.
  PasswordTooShort,
  /// Longer than limits.password_chars_max.
  PasswordTooLong,
  /// Too many passwords are being hashed.
  PasswordQueueFull,
}

impl Reason {
  /// Every reason there is.
  pub const ALL: &[Self] = &[Self::QueryTooLong, Self::QueryMalformed, Self::ParameterRepeated, Self::JsonMalformed, Self::BodyTooLarge, Self::ContentTypeUnexpected, Self::HttpStatus, Self::RedirectRefused, Self::Timeout, Self::Unreachable, Self::StateMissing, Self::StateMalformed, Self::AttemptUnknown, Self::AttemptExpired, Self::StateMismatch, Self::IssMissing, Self::IssMismatch, Self::ProviderError, Self::TokenInFrontChannel, Self::ResponseModeUnsupported, Self::CodeMissing, Self::CodeMalformed, Self::IssuerMalformed, Self::IssuerMismatch, Self::EndpointMissing, Self::EndpointMalformed, Self::EndpointInsecure, Self::PkceUnsupported, Self::ResponseTypeUnsupported, Self::AlgorithmNoneInCommon, Self::ClientAuthUnsupported, Self::ConfigurationInvalid, Self::PublicUrlInsecure, Self::TokenTooLong, Self::JwtMalformed, Self::AlgNotAllowed, Self::CritUnsupported, Self::TypNotAllowed, Self::KeyUnknown, Self::KeyAmbiguous, Self::SignatureInvalid, Self::ClaimsMalformed, Self::AudMissing, Self::AudMismatch, Self::AzpMissing, Self::AzpMismatch, Self::ExpMissing, Self::Expired, Self::IatMissing, Self::IatFuture, Self::IatTooOld, Self::NotYetValid, Self::SubMissing, Self::SubMalformed, Self::NonceMissing, Self::NonceMismatch, Self::AtHashMismatch, Self::AuthTimeMissing, Self::AuthTimeTooOld, Self::AuthTimeChanged, Self::AcrInsufficient, Self::SubMismatch, Self::ClientIdMissing, Self::JtiMissing, Self::JtiMalformed, Self::JtiReplayed, Self::EventsMissing, Self::NoncePresent, Self::SubjectMissing, Self::JwksMalformed, Self::JwksTooManyKeys, Self::JwksUnavailable, Self::KeyMalformed, Self::KeyUnsupported, Self::KeySymmetric, Self::KeyPrivate, Self::KeyNotForSignatures, Self::KeyTooWeak, Self::KeyTooLarge, Self::TokenEndpointError, Self::GrantInvalid, Self::TokenTypeMismatch, Self::AccessTokenMissing, Self::AccessTokenMalformed, Self::IdTokenMissing, Self::RefreshTokenMalformed, Self::ExpiresInMalformed, Self::ScopeMalformed, Self::ScopeWidened, Self::RefreshUnavailable, Self::CredentialsMissing, Self::CredentialsRepeated, Self::CredentialsMalformed, Self::TokenInQuery, Self::ScopeInsufficient, Self::BindingMissing, Self::BindingMismatch, Self::BindingUnsupported, Self::TokenInactive, Self::DpopMissing, Self::DpopRepeated, Self::DpopKeyMalformed, Self::DpopMethodMismatch, Self::DpopUrlMismatch, Self::DpopTokenMismatch, Self::DpopNonceRequired, Self::DpopExpired, Self::DpopReplayed, Self::CookieRepeated, Self::SessionUnknown, Self::SessionIdle, Self::SessionTooOld, Self::SealedMalformed, Self::SealedKeyUnknown, Self::SealedMismatch, Self::StoreConflict, Self::CrossSiteRequest, Self::OriginMissing, Self::HostMismatch, Self::RequestTooLarge, Self::RateExceeded, Self::PathEmpty, Self::PathTooLong, Self::PathNotLocal, Self::PathCharacter, Self::PathDotSegment, Self::PathEncodedSeparator, Self::PathMalformed, Self::NameEmpty, Self::NameTooLong, Self::NameCharacter, Self::NameReserved, Self::NameHidden, Self::PathEscapes, Self::UploadKindUnknown, Self::UploadKindRefused, Self::UploadEmpty, Self::UploadTooLarge, Self::UrlMalformed, Self::UrlTooLong, Self::UrlScheme, Self::UrlUserinfo, Self::UrlPort, Self::HostMalformed, Self::HostNotPublic, Self::AddressMalformed, Self::AddressNotPublic, Self::AddressNone, Self::RedirectsExceeded, Self::PasswordTooShort, Self::PasswordTooLong, Self::PasswordQueueFull];

  /// The code, as the vectors and the audit log have it.
  #[must_use]
  pub const fn code(self) -> &'static str {
    match self {
      Self::QueryTooLong => "query-too-long",
      Self::QueryMalformed => "query-malformed",
      Self::ParameterRepeated => "parameter-repeated",
      Self::JsonMalformed => "json-malformed",
      Self::BodyTooLarge => "body-too-large",
      Self::ContentTypeUnexpected => "content-type-unexpected",
      Self::HttpStatus => "http-status",
      Self::RedirectRefused => "redirect-refused",
      Self::Timeout => "timeout",
      Self::Unreachable => "unreachable",
      Self::StateMissing => "state-missing",
      Self::StateMalformed => "state-malformed",
      Self::AttemptUnknown => "attempt-unknown",
      Self::AttemptExpired => "attempt-expired",
      Self::StateMismatch => "state-mismatch",
      Self::IssMissing => "iss-missing",
      Self::IssMismatch => "iss-mismatch",
      Self::ProviderError => "provider-error",
      Self::TokenInFrontChannel => "token-in-front-channel",
      Self::ResponseModeUnsupported => "response-mode-unsupported",
      Self::CodeMissing => "code-missing",
      Self::CodeMalformed => "code-malformed",
      Self::IssuerMalformed => "issuer-malformed",
      Self::IssuerMismatch => "issuer-mismatch",
      Self::EndpointMissing => "endpoint-missing",
      Self::EndpointMalformed => "endpoint-malformed",
      Self::EndpointInsecure => "endpoint-insecure",
      Self::PkceUnsupported => "pkce-unsupported",
      Self::ResponseTypeUnsupported => "response-type-unsupported",
      Self::AlgorithmNoneInCommon => "algorithm-none-in-common",
      Self::ClientAuthUnsupported => "client-auth-unsupported",
      Self::ConfigurationInvalid => "configuration-invalid",
      Self::PublicUrlInsecure => "public-url-insecure",
      Self::TokenTooLong => "token-too-long",
      Self::JwtMalformed => "jwt-malformed",
      Self::AlgNotAllowed => "alg-not-allowed",
      Self::CritUnsupported => "crit-unsupported",
      Self::TypNotAllowed => "typ-not-allowed",
      Self::KeyUnknown => "key-unknown",
      Self::KeyAmbiguous => "key-ambiguous",
      Self::SignatureInvalid => "signature-invalid",
      Self::ClaimsMalformed => "claims-malformed",
      Self::AudMissing => "aud-missing",
      Self::AudMismatch => "aud-mismatch",
      Self::AzpMissing => "azp-missing",
      Self::AzpMismatch => "azp-mismatch",
      Self::ExpMissing => "exp-missing",
      Self::Expired => "expired",
      Self::IatMissing => "iat-missing",
      Self::IatFuture => "iat-future",
      Self::IatTooOld => "iat-too-old",
      Self::NotYetValid => "not-yet-valid",
      Self::SubMissing => "sub-missing",
      Self::SubMalformed => "sub-malformed",
      Self::NonceMissing => "nonce-missing",
      Self::NonceMismatch => "nonce-mismatch",
      Self::AtHashMismatch => "at-hash-mismatch",
      Self::AuthTimeMissing => "auth-time-missing",
      Self::AuthTimeTooOld => "auth-time-too-old",
      Self::AuthTimeChanged => "auth-time-changed",
      Self::AcrInsufficient => "acr-insufficient",
      Self::SubMismatch => "sub-mismatch",
      Self::ClientIdMissing => "client-id-missing",
      Self::JtiMissing => "jti-missing",
      Self::JtiMalformed => "jti-malformed",
      Self::JtiReplayed => "jti-replayed",
      Self::EventsMissing => "events-missing",
      Self::NoncePresent => "nonce-present",
      Self::SubjectMissing => "subject-missing",
      Self::JwksMalformed => "jwks-malformed",
      Self::JwksTooManyKeys => "jwks-too-many-keys",
      Self::JwksUnavailable => "jwks-unavailable",
      Self::KeyMalformed => "key-malformed",
      Self::KeyUnsupported => "key-unsupported",
      Self::KeySymmetric => "key-symmetric",
      Self::KeyPrivate => "key-private",
      Self::KeyNotForSignatures => "key-not-for-signatures",
      Self::KeyTooWeak => "key-too-weak",
      Self::KeyTooLarge => "key-too-large",
      Self::TokenEndpointError => "token-endpoint-error",
      Self::GrantInvalid => "grant-invalid",
      Self::TokenTypeMismatch => "token-type-mismatch",
      Self::AccessTokenMissing => "access-token-missing",
      Self::AccessTokenMalformed => "access-token-malformed",
      Self::IdTokenMissing => "id-token-missing",
      Self::RefreshTokenMalformed => "refresh-token-malformed",
      Self::ExpiresInMalformed => "expires-in-malformed",
      Self::ScopeMalformed => "scope-malformed",
      Self::ScopeWidened => "scope-widened",
      Self::RefreshUnavailable => "refresh-unavailable",
      Self::CredentialsMissing => "credentials-missing",
      Self::CredentialsRepeated => "credentials-repeated",
      Self::CredentialsMalformed => "credentials-malformed",
      Self::TokenInQuery => "token-in-query",
      Self::ScopeInsufficient => "scope-insufficient",
      Self::BindingMissing => "binding-missing",
      Self::BindingMismatch => "binding-mismatch",
      Self::BindingUnsupported => "binding-unsupported",
      Self::TokenInactive => "token-inactive",
      Self::DpopMissing => "dpop-missing",
      Self::DpopRepeated => "dpop-repeated",
      Self::DpopKeyMalformed => "dpop-key-malformed",
      Self::DpopMethodMismatch => "dpop-method-mismatch",
      Self::DpopUrlMismatch => "dpop-url-mismatch",
      Self::DpopTokenMismatch => "dpop-token-mismatch",
      Self::DpopNonceRequired => "dpop-nonce-required",
      Self::DpopExpired => "dpop-expired",
      Self::DpopReplayed => "dpop-replayed",
      Self::CookieRepeated => "cookie-repeated",
      Self::SessionUnknown => "session-unknown",
      Self::SessionIdle => "session-idle",
      Self::SessionTooOld => "session-too-old",
      Self::SealedMalformed => "sealed-malformed",
      Self::SealedKeyUnknown => "sealed-key-unknown",
      Self::SealedMismatch => "sealed-mismatch",
      Self::StoreConflict => "store-conflict",
      Self::CrossSiteRequest => "cross-site-request",
      Self::OriginMissing => "origin-missing",
      Self::HostMismatch => "host-mismatch",
      Self::RequestTooLarge => "request-too-large",
      Self::RateExceeded => "rate-exceeded",
      Self::PathEmpty => "path-empty",
      Self::PathTooLong => "path-too-long",
      Self::PathNotLocal => "path-not-local",
      Self::PathCharacter => "path-character",
      Self::PathDotSegment => "path-dot-segment",
      Self::PathEncodedSeparator => "path-encoded-separator",
      Self::PathMalformed => "path-malformed",
      Self::NameEmpty => "name-empty",
      Self::NameTooLong => "name-too-long",
      Self::NameCharacter => "name-character",
      Self::NameReserved => "name-reserved",
      Self::NameHidden => "name-hidden",
      Self::PathEscapes => "path-escapes",
      Self::UploadKindUnknown => "upload-kind-unknown",
      Self::UploadKindRefused => "upload-kind-refused",
      Self::UploadEmpty => "upload-empty",
      Self::UploadTooLarge => "upload-too-large",
      Self::UrlMalformed => "url-malformed",
      Self::UrlTooLong => "url-too-long",
      Self::UrlScheme => "url-scheme",
      Self::UrlUserinfo => "url-userinfo",
      Self::UrlPort => "url-port",
      Self::HostMalformed => "host-malformed",
      Self::HostNotPublic => "host-not-public",
      Self::AddressMalformed => "address-malformed",
      Self::AddressNotPublic => "address-not-public",
      Self::AddressNone => "address-none",
      Self::RedirectsExceeded => "redirects-exceeded",
      Self::PasswordTooShort => "password-too-short",
      Self::PasswordTooLong => "password-too-long",
      Self::PasswordQueueFull => "password-queue-full",
    }
  }

  /// Whose fault it is.
  #[must_use]
  pub const fn fault(self) -> crate::Fault {
    match self {
      Self::QueryTooLong => crate::Fault::Browser,
      Self::QueryMalformed => crate::Fault::Browser,
      Self::ParameterRepeated => crate::Fault::Browser,
      Self::JsonMalformed => crate::Fault::Provider,
      Self::BodyTooLarge => crate::Fault::Provider,
      Self::ContentTypeUnexpected => crate::Fault::Provider,
      Self::HttpStatus => crate::Fault::Provider,
      Self::RedirectRefused => crate::Fault::Provider,
      Self::Timeout => crate::Fault::Provider,
      Self::Unreachable => crate::Fault::Provider,
      Self::StateMissing => crate::Fault::Browser,
      Self::StateMalformed => crate::Fault::Browser,
      Self::AttemptUnknown => crate::Fault::Browser,
      Self::AttemptExpired => crate::Fault::Browser,
      Self::StateMismatch => crate::Fault::Browser,
      Self::IssMissing => crate::Fault::Provider,
      Self::IssMismatch => crate::Fault::Provider,
      Self::ProviderError => crate::Fault::Provider,
      Self::TokenInFrontChannel => crate::Fault::Browser,
      Self::ResponseModeUnsupported => crate::Fault::Browser,
      Self::CodeMissing => crate::Fault::Browser,
      Self::CodeMalformed => crate::Fault::Browser,
      Self::IssuerMalformed => crate::Fault::Configuration,
      Self::IssuerMismatch => crate::Fault::Provider,
      Self::EndpointMissing => crate::Fault::Provider,
      Self::EndpointMalformed => crate::Fault::Provider,
      Self::EndpointInsecure => crate::Fault::Provider,
      Self::PkceUnsupported => crate::Fault::Provider,
      Self::ResponseTypeUnsupported => crate::Fault::Provider,
      Self::AlgorithmNoneInCommon => crate::Fault::Provider,
      Self::ClientAuthUnsupported => crate::Fault::Provider,
      Self::ConfigurationInvalid => crate::Fault::Configuration,
      Self::PublicUrlInsecure => crate::Fault::Configuration,
      Self::TokenTooLong => crate::Fault::Provider,
      Self::JwtMalformed => crate::Fault::Provider,
      Self::AlgNotAllowed => crate::Fault::Provider,
      Self::CritUnsupported => crate::Fault::Provider,
      Self::TypNotAllowed => crate::Fault::Provider,
      Self::KeyUnknown => crate::Fault::Provider,
      Self::KeyAmbiguous => crate::Fault::Provider,
      Self::SignatureInvalid => crate::Fault::Provider,
      Self::ClaimsMalformed => crate::Fault::Provider,
      Self::AudMissing => crate::Fault::Provider,
      Self::AudMismatch => crate::Fault::Provider,
      Self::AzpMissing => crate::Fault::Provider,
      Self::AzpMismatch => crate::Fault::Provider,
      Self::ExpMissing => crate::Fault::Provider,
      Self::Expired => crate::Fault::Provider,
      Self::IatMissing => crate::Fault::Provider,
      Self::IatFuture => crate::Fault::Provider,
      Self::IatTooOld => crate::Fault::Provider,
      Self::NotYetValid => crate::Fault::Provider,
      Self::SubMissing => crate::Fault::Provider,
      Self::SubMalformed => crate::Fault::Provider,
      Self::NonceMissing => crate::Fault::Provider,
      Self::NonceMismatch => crate::Fault::Provider,
      Self::AtHashMismatch => crate::Fault::Provider,
      Self::AuthTimeMissing => crate::Fault::Provider,
      Self::AuthTimeTooOld => crate::Fault::Provider,
      Self::AuthTimeChanged => crate::Fault::Provider,
      Self::AcrInsufficient => crate::Fault::Provider,
      Self::SubMismatch => crate::Fault::Provider,
      Self::ClientIdMissing => crate::Fault::Client,
      Self::JtiMissing => crate::Fault::Provider,
      Self::JtiMalformed => crate::Fault::Provider,
      Self::JtiReplayed => crate::Fault::Provider,
      Self::EventsMissing => crate::Fault::Provider,
      Self::NoncePresent => crate::Fault::Provider,
      Self::SubjectMissing => crate::Fault::Provider,
      Self::JwksMalformed => crate::Fault::Provider,
      Self::JwksTooManyKeys => crate::Fault::Provider,
      Self::JwksUnavailable => crate::Fault::Provider,
      Self::KeyMalformed => crate::Fault::Provider,
      Self::KeyUnsupported => crate::Fault::Provider,
      Self::KeySymmetric => crate::Fault::Provider,
      Self::KeyPrivate => crate::Fault::Provider,
      Self::KeyNotForSignatures => crate::Fault::Provider,
      Self::KeyTooWeak => crate::Fault::Provider,
      Self::KeyTooLarge => crate::Fault::Provider,
      Self::TokenEndpointError => crate::Fault::Provider,
      Self::GrantInvalid => crate::Fault::Provider,
      Self::TokenTypeMismatch => crate::Fault::Provider,
      Self::AccessTokenMissing => crate::Fault::Provider,
      Self::AccessTokenMalformed => crate::Fault::Provider,
      Self::IdTokenMissing => crate::Fault::Provider,
      Self::RefreshTokenMalformed => crate::Fault::Provider,
      Self::ExpiresInMalformed => crate::Fault::Provider,
      Self::ScopeMalformed => crate::Fault::Provider,
      Self::ScopeWidened => crate::Fault::Provider,
      Self::RefreshUnavailable => crate::Fault::Provider,
      Self::CredentialsMissing => crate::Fault::Client,
      Self::CredentialsRepeated => crate::Fault::Client,
      Self::CredentialsMalformed => crate::Fault::Client,
      Self::TokenInQuery => crate::Fault::Client,
      Self::ScopeInsufficient => crate::Fault::Client,
      Self::BindingMissing => crate::Fault::Client,
      Self::BindingMismatch => crate::Fault::Client,
      Self::BindingUnsupported => crate::Fault::Client,
      Self::TokenInactive => crate::Fault::Client,
      Self::DpopMissing => crate::Fault::Client,
      Self::DpopRepeated => crate::Fault::Client,
      Self::DpopKeyMalformed => crate::Fault::Client,
      Self::DpopMethodMismatch => crate::Fault::Client,
      Self::DpopUrlMismatch => crate::Fault::Client,
      Self::DpopTokenMismatch => crate::Fault::Client,
      Self::DpopNonceRequired => crate::Fault::Client,
      Self::DpopExpired => crate::Fault::Client,
      Self::DpopReplayed => crate::Fault::Client,
      Self::CookieRepeated => crate::Fault::Browser,
      Self::SessionUnknown => crate::Fault::Browser,
      Self::SessionIdle => crate::Fault::Browser,
      Self::SessionTooOld => crate::Fault::Browser,
      Self::SealedMalformed => crate::Fault::Store,
      Self::SealedKeyUnknown => crate::Fault::Store,
      Self::SealedMismatch => crate::Fault::Store,
      Self::StoreConflict => crate::Fault::Store,
      Self::CrossSiteRequest => crate::Fault::Browser,
      Self::OriginMissing => crate::Fault::Browser,
      Self::HostMismatch => crate::Fault::Browser,
      Self::RequestTooLarge => crate::Fault::Browser,
      Self::RateExceeded => crate::Fault::Browser,
      Self::PathEmpty => crate::Fault::Browser,
      Self::PathTooLong => crate::Fault::Browser,
      Self::PathNotLocal => crate::Fault::Browser,
      Self::PathCharacter => crate::Fault::Browser,
      Self::PathDotSegment => crate::Fault::Browser,
      Self::PathEncodedSeparator => crate::Fault::Browser,
      Self::PathMalformed => crate::Fault::Browser,
      Self::NameEmpty => crate::Fault::Browser,
      Self::NameTooLong => crate::Fault::Browser,
      Self::NameCharacter => crate::Fault::Browser,
      Self::NameReserved => crate::Fault::Browser,
      Self::NameHidden => crate::Fault::Browser,
      Self::PathEscapes => crate::Fault::Browser,
      Self::UploadKindUnknown => crate::Fault::Browser,
      Self::UploadKindRefused => crate::Fault::Browser,
      Self::UploadEmpty => crate::Fault::Browser,
      Self::UploadTooLarge => crate::Fault::Browser,
      Self::UrlMalformed => crate::Fault::Client,
      Self::UrlTooLong => crate::Fault::Client,
      Self::UrlScheme => crate::Fault::Client,
      Self::UrlUserinfo => crate::Fault::Client,
      Self::UrlPort => crate::Fault::Client,
      Self::HostMalformed => crate::Fault::Client,
      Self::HostNotPublic => crate::Fault::Client,
      Self::AddressMalformed => crate::Fault::Client,
      Self::AddressNotPublic => crate::Fault::Client,
      Self::AddressNone => crate::Fault::Client,
      Self::RedirectsExceeded => crate::Fault::Client,
      Self::PasswordTooShort => crate::Fault::Browser,
      Self::PasswordTooLong => crate::Fault::Browser,
      Self::PasswordQueueFull => crate::Fault::Store,
    }
  }

  /// What it means, in one sentence.
  #[must_use]
  pub const fn meaning(self) -> &'static str {
    match self {
      Self::QueryTooLong => "The query string is longer than limits.query_bytes.",
      Self::QueryMalformed => "A percent escape is broken, or the query is no UTF-8.",
      Self::ParameterRepeated => "A parameter that may stand once stands twice (RFC 6749, section 3.1).",
      Self::JsonMalformed => "No JSON object: syntax, a member twice, a number that is none, not UTF-8, or too deep.",
      Self::BodyTooLarge => "The answer is longer than limits.response_bytes.",
      Self::ContentTypeUnexpected => "The answer is not application/json.",
      Self::HttpStatus => "The answer has another status than the one that the protocol says.",
      Self::RedirectRefused => "The answer is a redirect where none is followed.",
      Self::Timeout => "The answer was not complete within limits.response_ms.",
      Self::Unreachable => "No connection, or it broke.",
      Self::StateMissing => "The response has no state, or an empty one (RFC 9700, section 4.7).",
      Self::StateMalformed => "The state is none that this library made.",
      Self::AttemptUnknown => "This browser began no such sign-in, or finished it already.",
      Self::AttemptExpired => "The sign-in began longer ago than lifetimes.attempt_seconds.",
      Self::StateMismatch => "The state, or the cookie that binds it to the browser, is another one.",
      Self::IssMissing => "The issuer is not named where it must be (RFC 9207, section 2.4; OpenID Connect Core 3.1.3.7).",
      Self::IssMismatch => "Another issuer is named.",
      Self::ProviderError => "The provider answered with an error.",
      Self::TokenInFrontChannel => "The response carries a token, which only other flows do (OAuth 2.1, section 10).",
      Self::ResponseModeUnsupported => "The response is a JWT (JARM) or no query.",
      Self::CodeMissing => "There is no code, or an empty one.",
      Self::CodeMalformed => "The code has characters that a code can't have, or too many (RFC 6749, appendix A.11).",
      Self::IssuerMalformed => "The issuer is no https URL without query, fragment and user (RFC 8414, section 2).",
      Self::IssuerMismatch => "The metadata is of another issuer (RFC 8414, section 3.3).",
      Self::EndpointMissing => "An endpoint that is needed is absent.",
      Self::EndpointMalformed => "An endpoint is no absolute URL, or has a fragment or a user.",
      Self::EndpointInsecure => "An endpoint is not https.",
      Self::PkceUnsupported => "The provider announces challenge methods, and S256 is not among them.",
      Self::ResponseTypeUnsupported => "The provider announces response types, and code is not among them.",
      Self::AlgorithmNoneInCommon => "No algorithm that it signs with is one that is pinned.",
      Self::ClientAuthUnsupported => "The provider announces how clients authenticate, and ours is not among it.",
      Self::ConfigurationInvalid => "A value in the configuration can't be used.",
      Self::PublicUrlInsecure => "The public URL is not https.",
      Self::TokenTooLong => "The token is longer than limits.token_bytes.",
      Self::JwtMalformed => "Not three parts of canonical base64url with a JSON object in front (RFC 7515, section 7.1).",
      Self::AlgNotAllowed => "The algorithm is not one of those pinned (RFC 8725, section 3.1).",
      Self::CritUnsupported => "The header demands an extension (RFC 7515, section 4.1.11).",
      Self::TypNotAllowed => "The header names another type of token (RFC 8725, section 3.11).",
      Self::KeyUnknown => "No usable key has this key id and fits the algorithm.",
      Self::KeyAmbiguous => "More than one key could have signed.",
      Self::SignatureInvalid => "The signature is not of this key and this content.",
      Self::ClaimsMalformed => "The payload is no JSON object, or a claim has another type than it must.",
      Self::AudMissing => "There is no audience.",
      Self::AudMismatch => "The token is for somebody else.",
      Self::AzpMissing => "There are several audiences, and no authorized party (OpenID Connect Core 3.1.3.7).",
      Self::AzpMismatch => "Another client is the authorized party.",
      Self::ExpMissing => "There is no expiry, or it is no number.",
      Self::Expired => "The expiry has passed.",
      Self::IatMissing => "There is no time of issue, or it is no number.",
      Self::IatFuture => "The token was issued in the future.",
      Self::IatTooOld => "The token was issued too long ago to be the answer to this request.",
      Self::NotYetValid => "The token is not valid yet.",
      Self::SubMissing => "There is no subject, or it is no text.",
      Self::SubMalformed => "The subject is empty, longer than 255 characters, or not printable ASCII.",
      Self::NonceMissing => "There is no nonce.",
      Self::NonceMismatch => "The nonce is of another sign-in.",
      Self::AtHashMismatch => "The ID token belongs to another access token.",
      Self::AuthTimeMissing => "max_age was asked for, and there is no auth_time.",
      Self::AuthTimeTooOld => "The user authenticated longer ago than max_age allows.",
      Self::AuthTimeChanged => "A refreshed ID token speaks of another authentication.",
      Self::AcrInsufficient => "The authentication was weaker than asked for.",
      Self::SubMismatch => "The answer is about another user.",
      Self::ClientIdMissing => "There is no client_id (RFC 9068, section 2.2).",
      Self::JtiMissing => "There is no token id.",
      Self::JtiMalformed => "The token id is empty, too long, or no text.",
      Self::JtiReplayed => "The token was seen before.",
      Self::EventsMissing => "There is no back-channel logout event.",
      Self::NoncePresent => "A logout token has a nonce (OpenID Connect Back-Channel Logout, section 2.4).",
      Self::SubjectMissing => "A logout token has neither sub nor sid.",
      Self::JwksMalformed => "The key set has no array of keys.",
      Self::JwksTooManyKeys => "The key set has more than limits.jwks_keys keys.",
      Self::JwksUnavailable => "No keys, and the budget of fetches is used up or the last fetch failed.",
      Self::KeyMalformed => "A member is missing, has another type, or the point is not on the curve.",
      Self::KeyUnsupported => "The type, curve or algorithm is none that is supported.",
      Self::KeySymmetric => "A symmetric key has no place in a public set.",
      Self::KeyPrivate => "The provider published a private key.",
      Self::KeyNotForSignatures => "Its use or its operations are others.",
      Self::KeyTooWeak => "RSA below 2048 bits, or an exponent that is 1 or even.",
      Self::KeyTooLarge => "RSA above 8192 bits, or an exponent above 32 bits.",
      Self::TokenEndpointError => "The token endpoint answered with an error.",
      Self::GrantInvalid => "The token endpoint says invalid_grant: the code or refresh token is used up.",
      Self::TokenTypeMismatch => "The token type is not the one asked for.",
      Self::AccessTokenMissing => "There is no access token.",
      Self::AccessTokenMalformed => "The access token has characters that can't stand in a header.",
      Self::IdTokenMissing => "There is no ID token.",
      Self::RefreshTokenMalformed => "The refresh token is no text, or empty.",
      Self::ExpiresInMalformed => "expires_in is no number of seconds.",
      Self::ScopeMalformed => "The scope is no list of scope tokens (RFC 6749, section 3.3).",
      Self::ScopeWidened => "A refresh answered with more scope than the user granted.",
      Self::RefreshUnavailable => "There is no refresh token.",
      Self::CredentialsMissing => "The request carries no access token.",
      Self::CredentialsRepeated => "The request carries credentials twice, or in two ways (RFC 6750, section 2).",
      Self::CredentialsMalformed => "The Authorization header is none.",
      Self::TokenInQuery => "An access token in a URL is refused (OAuth 2.1, section 5).",
      Self::ScopeInsufficient => "The token does not grant what the operation needs.",
      Self::BindingMissing => "The token is bound to a key, and was used as a bearer token.",
      Self::BindingMismatch => "The token is not bound to the key that was proved.",
      Self::BindingUnsupported => "The token is bound in a way that is not known.",
      Self::TokenInactive => "Introspection says that the token is not active.",
      Self::DpopMissing => "There is no DPoP proof.",
      Self::DpopRepeated => "There is more than one DPoP proof.",
      Self::DpopKeyMalformed => "The proof's key is no public key, or does not fit.",
      Self::DpopMethodMismatch => "The proof is for another method.",
      Self::DpopUrlMismatch => "The proof is for another URL.",
      Self::DpopTokenMismatch => "The proof is for another access token.",
      Self::DpopNonceRequired => "The server wants its nonce in the proof.",
      Self::DpopExpired => "The proof was not made just now.",
      Self::DpopReplayed => "The proof was used before.",
      Self::CookieRepeated => "The cookie stands twice: somebody tossed one in.",
      Self::SessionUnknown => "There is no such session.",
      Self::SessionIdle => "The session was not used for lifetimes.session_idle_seconds.",
      Self::SessionTooOld => "The session began longer ago than lifetimes.session_absolute_seconds.",
      Self::SealedMalformed => "What was stored is not what was sealed.",
      Self::SealedKeyUnknown => "The key ring has no such key.",
      Self::SealedMismatch => "It was sealed with another key, for another place, or altered.",
      Self::StoreConflict => "Somebody else wrote at the same time, again and again.",
      Self::CrossSiteRequest => "The request was caused by another site.",
      Self::OriginMissing => "The request does not say where it comes from.",
      Self::HostMismatch => "The request is for another host.",
      Self::RequestTooLarge => "The body is longer than allowed.",
      Self::RateExceeded => "Too many requests.",
      Self::PathEmpty => "The path is empty.",
      Self::PathTooLong => "The path is longer than limits.local_path_chars.",
      Self::PathNotLocal => "The target does not begin with one slash.",
      Self::PathCharacter => "The target has a character that no path in a header has.",
      Self::PathDotSegment => "The target goes up, also in escapes.",
      Self::PathEncodedSeparator => "The target hides a slash or a backslash in escapes.",
      Self::PathMalformed => "A percent escape is broken.",
      Self::NameEmpty => "The file name is empty.",
      Self::NameTooLong => "The file name is longer than limits.file_name_chars.",
      Self::NameCharacter => "The file name has a separator, a control character, or one that a system gives a meaning.",
      Self::NameReserved => "The file name has a meaning of its own: dots, devices.",
      Self::NameHidden => "The file name begins with a dot or ends with a dot or space.",
      Self::PathEscapes => "The path leads out of its folder.",
      Self::UploadKindUnknown => "The content is of no kind that is known.",
      Self::UploadKindRefused => "The content is of a kind that is not allowed here.",
      Self::UploadEmpty => "The file has no content.",
      Self::UploadTooLarge => "The file is larger than allowed.",
      Self::UrlMalformed => "No absolute URL of plain ASCII.",
      Self::UrlTooLong => "The URL is longer than limits.url_chars.",
      Self::UrlScheme => "Neither https nor allowed.",
      Self::UrlUserinfo => "The URL names a user.",
      Self::UrlPort => "The port is not allowed.",
      Self::HostMalformed => "The host is no name, or a number in disguise.",
      Self::HostNotPublic => "The host has a name for private use.",
      Self::AddressMalformed => "No address in its canonical form.",
      Self::AddressNotPublic => "The address is of a special range.",
      Self::AddressNone => "The name has no address.",
      Self::RedirectsExceeded => "More redirects than limits.redirects.",
      Self::PasswordTooShort => "Shorter than limits.password_chars_min.",
      Self::PasswordTooLong => "Longer than limits.password_chars_max.",
      Self::PasswordQueueFull => "Too many passwords are being hashed.",
    }
  }
}
