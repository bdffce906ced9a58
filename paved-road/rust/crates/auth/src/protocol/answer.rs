//! Answers of a provider: status, media type and JSON, checked before anything else.

use bartizan_paved_safe_http::RawAnswer;
use bartizan_paved_spec::{JsonObject, Reason, Refused, parse_object, refuse, refuse_with};
use serde_json::Value;

/// An answer of a server, whole and within limits.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type, as it was said; may be empty.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

impl From<RawAnswer> for Answer {
    fn from(raw: RawAnswer) -> Self {
        Self { status: raw.status, content_type: raw.header("content-type").unwrap_or_default().into(), body: raw.body }
    }
}

impl Answer {
    fn is_json(&self) -> bool {
        let kind = self.content_type.split(';').next().unwrap_or_default();
        kind.trim_end_matches(['\t', ' ']).eq_ignore_ascii_case("application/json")
    }

    /// Refuses with the error code that the answer has, if it has one (RFC 6749, section 5.2).
    fn refusal(&self) -> Refused {
        let body = if self.is_json() { parse_object(&self.body) } else { None };
        match body.as_ref().and_then(|body| body.get("error")).and_then(Value::as_str) {
            None => Refused { reason: Reason::HttpStatus, detail: Some(self.status.to_string()) },
            Some("invalid_grant") => Refused { reason: Reason::GrantInvalid, detail: Some("invalid_grant".into()) },
            Some(error) => {
                let is_plain = (1..=64).contains(&error.len()) && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                Refused { reason: Reason::TokenEndpointError, detail: is_plain.then(|| error.to_owned()) }
            }
        }
    }
}

/// Reads a JSON object from an answer that has one of the statuses.
///
/// # Errors
/// `redirect-refused`, `http-status`, `token-endpoint-error`, `grant-invalid`, `content-type-unexpected`, `json-malformed`.
pub fn json_answer(answer: &Answer, statuses: &[u16]) -> Result<JsonObject, Refused> {
    if (300..=399).contains(&answer.status) {
        return refuse_with(Reason::RedirectRefused, answer.status.to_string());
    }
    if !statuses.contains(&answer.status) {
        return Err(answer.refusal());
    }
    if !answer.is_json() {
        return refuse(Reason::ContentTypeUnexpected);
    }
    let body = parse_object(&answer.body).ok_or(Reason::JsonMalformed)?;
    if body.get("error").is_some_and(Value::is_string) { Err(answer.refusal()) } else { Ok(body) }
}
