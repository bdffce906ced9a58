//! Cookies of one kind only: `__Host-`, Secure, HttpOnly, SameSite=Lax (RFC 6265bis, section 4.1.3.2).

use bartizan_paved_spec::{Reason, Refused, cookies, refuse, refuse_with};

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

fn is_name(name: &str) -> bool {
    name.strip_prefix("__Host-").is_some_and(is_word)
}

/// A Set-Cookie header. `max_age` is in seconds.
///
/// # Errors
/// `configuration-invalid` for a name without `__Host-`, or a value that is no base64url.
pub fn write_cookie(name: &str, value: &str, max_age: u64) -> Result<String, Refused> {
    if !is_name(name) || !is_word(value) {
        return refuse_with(Reason::ConfigurationInvalid, "cookie");
    }
    Ok(format!("{name}={value}; {}; Max-Age={max_age}", cookies::ATTRIBUTES))
}

/// A Set-Cookie header that removes a cookie.
///
/// # Errors
/// As `write_cookie`.
pub fn remove_cookie(name: &str) -> Result<String, Refused> {
    if !is_name(name) {
        return refuse_with(Reason::ConfigurationInvalid, "cookie");
    }
    Ok(format!("{name}=; {}; Max-Age=0", cookies::ATTRIBUTES))
}

/// Name and value of every cookie, in order.
pub fn read_cookies(header: &str) -> impl Iterator<Item = (&str, &str)> {
    header.split(';').filter_map(|piece| piece.trim().split_once('=')).filter(|(name, _)| !name.is_empty())
}

/// The value of a cookie.
///
/// # Errors
/// `cookie-repeated`: one that stands twice was tossed in by somebody (RFC 6265bis, section 8.6).
pub fn read_cookie<'a>(header: &'a str, name: &str) -> Result<Option<&'a str>, Refused> {
    let mut values = read_cookies(header).filter(|(other, _)| *other == name).map(|(_, value)| value);
    let value = values.next();
    if values.next().is_some() { refuse(Reason::CookieRepeated) } else { Ok(value) }
}
