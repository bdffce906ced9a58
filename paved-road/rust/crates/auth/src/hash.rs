use bartizan_paved_spec::encode_base64url;
use ring::digest;

/// SHA-256 in base64url.
pub(crate) fn sha256(text: impl AsRef<[u8]>) -> String {
    encode_base64url(digest::digest(&digest::SHA256, text.as_ref()))
}

/// The thumbprint of a certificate in DER, in base64url (RFC 8705, section 3.1).
#[must_use]
pub fn certificate_thumbprint(der: &[u8]) -> String {
    sha256(der)
}
