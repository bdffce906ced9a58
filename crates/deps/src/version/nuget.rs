//! NuGet (<https://learn.microsoft.com/nuget/concepts/package-versioning>): Semantic Versioning with four numbers, case folded.

use super::{key::Key, semver};

/// Writes a key.
pub(super) fn encode(text: &str, key: &mut Key) {
    let text = text.to_lowercase();
    semver::encode(&text, key);
}
