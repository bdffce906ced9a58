//! What is said to a provider and what comes back, without network and clock.

mod answer;
mod authorization;
mod configuration;
mod discovery;
mod token;

pub use answer::{Answer, json_answer};
pub use authorization::{
    AuthorizationRequest, CallbackExpectation, CallbackParameters, Signed, authorization_parameters, authorization_url, check_callback,
    end_session_url, parse_callback, parse_push_response, request_object_parts,
};
pub use configuration::{parse_endpoint, parse_issuer, parse_public_url};
pub use discovery::{ClientAuthKind, ClientAuthMethod, MetadataExpectation, ProviderMetadata, metadata_url, parse_metadata};
pub use token::{
    ClientCredentials, FormRequest, Grant, GrantKind, TokenExpectation, TokenType, Tokens, authenticate, client_assertion_parts,
    grant_fields, parse_token_response, parse_userinfo,
};

/// Names and values, in order.
pub type Fields = Vec<(String, String)>;
