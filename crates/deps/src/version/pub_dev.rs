//! Dart's `pub_semver` (<https://pub.dev/packages/pub_semver>): Semantic Versioning where builds have an order, too.

use super::{key::Key, semver};

const NO_BUILD: u8 = 0;
const BUILD: u8 = 1;

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let parts = semver::parse(text);
    semver::encode_numbers(&parts.numbers, key);
    semver::encode_pre_release(parts.pre_release, key);
    if parts.build.is_empty() {
        return key.mark(NO_BUILD);
    }
    key.mark(BUILD);
    semver::encode_identifiers(parts.build.split('.'), key);
}
