//! What NuGet writes when it has resolved a project: three files of different shape.

pub(crate) mod assets;
pub(crate) mod deps;
pub(crate) mod lock;
mod target;

use bartizan_core::{Hash, HashAlgorithm};

/// A hash of a package as NuGet writes it: SHA-512 in base64, with its name before it in `*.deps.json`.
fn hash(text: &str) -> Option<Hash> {
    let value = crate::encoding::hex_of_base64(text.strip_prefix("sha512-").unwrap_or(text))?;
    (!value.is_empty()).then_some(Hash { algorithm: HashAlgorithm::Sha512, value })
}
