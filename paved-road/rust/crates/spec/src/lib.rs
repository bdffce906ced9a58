//! What the crates of the paved road share: constants and reasons of the specification, and one reading of URLs, JSON and forms.
//!
//! The same decisions are made in JavaScript and Python; vectors of cases prove it. Numbers, headers and reasons come from files that
//! all three share. Deliberately absent: networks, clocks, cryptography.

#[rustfmt::skip]
mod constants;
mod encoding;
mod json;
mod refusal;
mod url;

pub use constants::{Reason, addresses, algorithms, cookies, headers, lifetimes, limits, passwords, rate_limits, uploads};
pub use encoding::{
    decode_base64url, decode_form, encode_base64url, encode_form, encode_form_value, is_equal, is_longer, random_bytes, random_text,
};
pub use json::{JsonObject, parse_object};
pub use refusal::{Fault, Refused, UploadKind, refuse, refuse_with};
pub use url::{ParsedUrl, default_port, is_host_name, parse_url};
