//! The name of what was looked at.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// The path of a file below the scanned root, or of an entry in an archive: `lib/app.war!/WEB-INF/web.xml`.
///
/// Held as bytes, with `/` between the parts, because names on disk and in archives need not be UTF-8. Cheap to clone.
/// `Display` is for people: it escapes control characters and bytes that are not UTF-8 as `\x0a`, and a backslash as `\\`
/// in such a name, so that no name can forge a line of a report. [`ArtifactPath::to_uri`] is exact.
///
/// ```
/// use bartizan_core::ArtifactPath;
/// let path = ArtifactPath::from_bytes(b"a\nb/caf\xe9");
/// assert_eq!(path.to_string(), "a\\x0ab/caf\\xe9");
/// assert_eq!(path.to_uri(), "a%0Ab/caf%E9");
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArtifactPath(Arc<[u8]>);

impl ArtifactPath {
    /// What stands between an archive's path and the path of an entry in it.
    pub const ENTRY_SEPARATOR: &'static str = "!/";

    /// Takes the bytes of a path whose parts are separated by `/`.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(Arc::from(bytes))
    }

    /// The exact bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The path as text, if it is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The path of an entry, if this artifact is an archive.
    #[must_use]
    pub fn entry(&self, name: &[u8]) -> Self {
        Self([&self.0, Self::ENTRY_SEPARATOR.as_bytes(), name].concat().into())
    }

    /// What follows the last `/`.
    #[must_use]
    pub fn file_name(&self) -> &[u8] {
        self.0.rsplit(|&byte| byte == b'/').next().unwrap_or_default()
    }

    /// What follows the last `.` of the file name, unless the name starts with it.
    #[must_use]
    pub fn extension(&self) -> Option<&[u8]> {
        let name = self.file_name();
        let dot = name.iter().rposition(|&byte| byte == b'.').filter(|&dot| 0 < dot)?;
        name.get(dot + 1..)
    }

    /// A relative URI reference with every byte outside of RFC 3986's `pchar` and `/` percent-encoded.
    #[must_use]
    pub fn to_uri(&self) -> String {
        let mut uri = String::with_capacity(self.0.len());
        let mut is_first_segment = true;
        for &byte in self.0.iter() {
            // RFC 3986, section 4.2: no colon in the first segment of a relative reference.
            let is_plain = byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=@/".contains(&byte) || (byte == b':' && !is_first_segment);
            is_first_segment &= byte != b'/';
            if is_plain {
                uri.push(char::from(byte));
            } else {
                uri.push_str(&format!("%{byte:02X}"));
            }
        }
        uri
    }
}

impl From<&str> for ArtifactPath {
    fn from(path: &str) -> Self {
        Self::from_bytes(path.as_bytes())
    }
}

impl fmt::Display for ArtifactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_plain = |text: &str| !text.chars().any(char::is_control);
        if let Some(text) = self.as_str().filter(|text| is_plain(text)) {
            return f.pad(text);
        }
        let mut shown = String::new();
        for chunk in self.0.utf8_chunks() {
            for character in chunk.valid().chars() {
                match character {
                    '\\' => shown.push_str("\\\\"),
                    _ if character.is_control() => {
                        let mut buffer = [0; 4];
                        for byte in character.encode_utf8(&mut buffer).bytes() {
                            shown.push_str(&format!("\\x{byte:02x}"));
                        }
                    }
                    _ => shown.push(character),
                }
            }
            for byte in chunk.invalid() {
                shown.push_str(&format!("\\x{byte:02x}"));
            }
        }
        f.pad(&shown)
    }
}

impl fmt::Debug for ArtifactPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_is_what_follows_the_last_dot_of_the_name() {
        for (path, extension) in [("a/b.tar.gz", Some("gz")), (".env", None), ("a.b/c", None), ("x.", Some("")), ("", None)] {
            assert_eq!(ArtifactPath::from(path).extension(), extension.map(str::as_bytes), "{path}");
        }
    }

    #[test]
    fn a_colon_is_encoded_in_the_first_segment_alone() {
        assert_eq!(ArtifactPath::from("a:b/c:d").to_uri(), "a%3Ab/c:d");
    }

    #[test]
    fn bidirectional_and_line_breaking_names_cannot_forge_a_line() {
        assert_eq!(ArtifactPath::from("a\u{85}\r\n").to_string(), "a\\xc2\\x85\\x0d\\x0a");
    }
}
