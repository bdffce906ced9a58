//! Security headers by class of response. The sets stand in the specification's constants.

use bartizan_paved_spec::{Reason, Refused, headers, random_text, refuse_with};

/// Names and values.
pub type SecurityHeaders = Vec<(&'static str, String)>;

/// What a response is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseClass {
    /// A page for people.
    Page,
    /// An answer for programs.
    Api,
    /// A redirect.
    Redirect,
    /// A file that never changes.
    Asset,
    /// A file that somebody uploaded.
    Download,
}

impl ResponseClass {
    /// Every class, with its name.
    pub const ALL: &[(Self, &str)] =
        &[(Self::Page, "page"), (Self::Api, "api"), (Self::Redirect, "redirect"), (Self::Asset, "asset"), (Self::Download, "download")];

    const fn set(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Page => headers::PAGE,
            Self::Api => headers::API,
            Self::Redirect => headers::REDIRECT,
            Self::Asset => headers::ASSET,
            Self::Download => headers::DOWNLOAD,
        }
    }
}

/// The headers of a response. `nonce` is new for every page: scripts and styles carry it.
///
/// # Errors
/// `configuration-invalid` for a nonce that is no base64url of at least 128 bits.
pub fn security_headers(class: ResponseClass, https: bool, nonce: &str) -> Result<SecurityHeaders, Refused> {
    // 22 characters of base64url are 128 bits.
    if nonce.len() < 22 || !nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-') {
        return refuse_with(Reason::ConfigurationInvalid, "a nonce has 128 bits in base64url");
    }
    let sets = [headers::EVERY, class.set(), if https { headers::HTTPS } else { &[] }];
    Ok(sets.into_iter().flatten().map(|(name, value)| (*name, value.replace("{nonce}", nonce))).collect())
}

/// A nonce for one page: 128 bits in base64url.
///
/// # Errors
/// `configuration-invalid` where the system has no randomness.
pub fn new_nonce() -> Result<String, Refused> {
    random_text::<16>()
}
