//! Answers of the library as answers of axum.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bartizan_paved_spec::Refused;
use bartizan_paved_web_guard::{ResponseClass, WebResponse};
use http::{HeaderName, HeaderValue, StatusCode, header};

/// Writes an answer.
pub(crate) fn send(answer: Result<WebResponse, Refused>) -> Response {
    let Ok(answer) = answer else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let cookies = answer.cookies.into_iter().map(|cookie| (header::SET_COOKIE, cookie));
    let challenges = answer.challenges.into_iter().map(|challenge| (header::WWW_AUTHENTICATE, challenge));
    let headers = answer.headers.into_iter().map(|(name, value)| (HeaderName::from_static(name), value));
    for (name, value) in headers.chain(cookies).chain(challenges) {
        // What can't stand in a header would be an answer that says less than it must.
        let Ok(value) = HeaderValue::from_str(&value) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        response.headers_mut().append(name, value);
    }
    response
}

/// A response of another class than a page: what it is decides its security headers.
///
/// ```
/// use bartizan_paved_axum::{Classed, ResponseClass};
///
/// async fn report() -> Classed<Vec<u8>> {
///     Classed(ResponseClass::Download, b"report".to_vec())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Classed<T>(pub ResponseClass, pub T);

impl<T: IntoResponse> IntoResponse for Classed<T> {
    fn into_response(self) -> Response {
        let mut response = self.1.into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}
