//! What holds for every request and response of a service: host, site, size, rate; security headers; cookies of one kind only.

mod cookie;
mod guard;
mod headers;
mod rate_limit;
mod request;
mod web;

pub use cookie::{read_cookie, read_cookies, remove_cookie, write_cookie};
pub use guard::{Guard, GuardOptions, RateLimitBy};
pub use headers::{ResponseClass, SecurityHeaders, new_nonce, security_headers};
pub use rate_limit::RateLimit;
pub use request::{check_request_host, check_request_site};
pub use web::{WebRequest, WebResponse, header_values};
