//! Values of a document, as tolerantly as can be: what has another type than it should is not there.

use bartizan_core::{Hash, HashAlgorithm};
use serde_json::Value;

/// The text of a member.
pub(super) fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
}

/// The items of a member; one value counts as a list of one.
pub(super) fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    match value.get(name) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    }
}

/// A hash, if its algorithm is one that is known here and its value is hexadecimal.
pub(super) fn hash(algorithm: Option<&str>, value: Option<&str>) -> Option<Hash> {
    let name: String = algorithm?.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let algorithm = match name.as_str() {
        "md5" => HashAlgorithm::Md5,
        "sha1" => HashAlgorithm::Sha1,
        "sha256" => HashAlgorithm::Sha256,
        "sha384" => HashAlgorithm::Sha384,
        "sha512" => HashAlgorithm::Sha512,
        _ => return None,
    };
    let value = value?.to_ascii_lowercase();
    let is_hexadecimal = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hexadecimal.then_some(Hash { algorithm, value })
}
