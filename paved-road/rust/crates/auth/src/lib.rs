//! Sign-in with OAuth 2.1 and OpenID Connect, sessions, and API protection, without a framework.
//!
//! There is no option that removes PKCE, `state`, `nonce`, a signature, an issuer, an audience or an expiry: what must not be left out is
//! a parameter without a default, and what must be checked first is a type that only the check makes. With axum use
//! `bartizan-paved-axum`, which is made of this.
//!
//! Every decision is a function without network and clock; vectors that this library shares with those for Node.js and Python prove
//! that all three decide alike.

mod access_token;
mod api;
mod api_request;
mod auth;
mod claims;
mod client_auth;
mod danger;
mod dpop;
mod failure;
mod hash;
mod id_token;
mod jose;
mod jwks_cache;
mod logout_token;
mod protocol;
mod provider;
mod provider_client;
mod sealing;
mod session_life;
mod sessions;
mod store;

pub use access_token::{Access, AccessExpectation, AccessToken, check_access_token, check_introspection};
pub use api::{Api, ApiIssuer, ApiOptions};
pub use api_request::{Challenge, Credentials, Offer, Resource, challenge, read_credentials, resource_metadata};
pub use auth::{Auth, AuthBuilder, HasProvider, Nothing, Paths, SignInRequest, User};
pub use bartizan_paved_safe_http::Later;
pub use claims::{Proof, Scheme};
pub use client_auth::{ClientAuthentication, ClientKey, ClientSecret, PublicClient};
pub use danger::{Clock, Dangerous, dangerous};
pub use dpop::{ProofExpectation, ProofRequest, ProvedKey, check_proof, proof_parts};
pub use failure::{Failure, StoreError};
pub use hash::certificate_thumbprint;
pub use id_token::{IdToken, IdTokenExpectation, Identity, RefreshExpectation, check_id_token, check_refreshed_id_token};
pub use jose::{
    Algorithm, IgnoredKey, KeySet, KeyType, ParsedToken, Pinned, PublicKey, SigningKey, TokenKind, Verified, import_key, parse_key_set,
    verify, verify_jws,
};
pub use jwks_cache::{FetchKeys, JwksCache};
pub use logout_token::{LogoutOrder, LogoutToken, check_logout_token};
pub use protocol::{
    Answer, AuthorizationRequest, CallbackExpectation, CallbackParameters, ClientAuthKind, ClientAuthMethod, ClientCredentials, Fields,
    FormRequest, Grant, GrantKind, MetadataExpectation, ProviderMetadata, Signed, TokenExpectation, TokenType, Tokens, authenticate,
    authorization_parameters, authorization_url, check_callback, client_assertion_parts, end_session_url, grant_fields, json_answer,
    metadata_url, parse_callback, parse_endpoint, parse_issuer, parse_metadata, parse_public_url, parse_push_response,
    parse_token_response, parse_userinfo, request_object_parts,
};
pub use provider::Provider;
pub use sealing::KeyRing;
pub use session_life::{SessionLimits, check_life};
pub use sessions::Sessions;
pub use store::{Dialect, MemoryStore, Query, RedisClient, RedisReply, RedisStore, SCHEMA, SqlStore, SqlValue, Store};
