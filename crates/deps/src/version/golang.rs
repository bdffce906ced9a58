//! Go modules (<https://go.dev/ref/mod#versions>) and releases of Go itself.
//!
//! Semantic Versioning: a pseudo-version (`v0.0.0-20240102150405-abcdefabcdef`) is a pre-release whose first word is a time, and
//! `+incompatible` is a build. Go's own releases are written `go1.21rc2`, in advisories `1.21.0-rc.2`.

use super::{
    key::{Key, is_number, take_while},
    semver,
};

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let text = text.strip_prefix("go").unwrap_or(text);
    let parts = semver::parse(text);
    semver::encode_numbers(&parts.numbers, key);
    let (word, number) = take_while(parts.pre_release, |character| character.is_ascii_alphabetic());
    let is_glued = !word.is_empty() && is_number(number) && !text.contains('-');
    if is_glued {
        return semver::encode_pre_release(&format!("{word}.{number}"), key);
    }
    semver::encode_pre_release(parts.pre_release, key);
}
