//! Uploads by what they begin with (CWE-434). Names and media types that a browser says are not asked.

use bartizan_paved_spec::{Reason, Refused, UploadKind, refuse, refuse_with, uploads};

/// Which files are allowed.
///
/// ```
/// use bartizan_paved_safe_input::UploadPolicy;
///
/// let pictures = UploadPolicy::new(&["image/png", "image/jpeg"], 1 << 20)?;
/// assert_eq!(pictures.check(b"\x89PNG\r\n\x1a\n...")?.extension, "png");
/// assert_eq!(pictures.check(b"<svg onload=alert(1)>").unwrap_err().reason.code(), "upload-kind-unknown");
/// # Ok::<(), bartizan_paved_spec::Refused>(())
/// ```
#[derive(Clone, Debug)]
pub struct UploadPolicy {
    allowed: Vec<&'static str>,
    size_max: usize,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UploadedKind {
    /// Its media type.
    pub media_type: &'static str,
    /// The extension under which it is kept.
    pub extension: &'static str,
}

impl UploadPolicy {
    /// Allows files of these media types, up to so many bytes.
    ///
    /// # Errors
    /// `configuration-invalid` for no kind, a kind that is not known, or a size of zero.
    pub fn new(allowed: &[&str], size_max: usize) -> Result<Self, Refused> {
        let kinds: Vec<_> =
            allowed.iter().filter_map(|name| uploads::KINDS.iter().map(|kind| kind.media_type).find(|known| known == name)).collect();
        if allowed.is_empty() || kinds.len() != allowed.len() || size_max == 0 {
            return refuse_with(Reason::ConfigurationInvalid, "upload policy");
        }
        Ok(Self { allowed: kinds, size_max })
    }

    /// Says what a file is.
    ///
    /// # Errors
    /// A reason that begins with `upload-`.
    pub fn check(&self, content: &[u8]) -> Result<UploadedKind, Refused> {
        if content.is_empty() {
            return refuse(Reason::UploadEmpty);
        }
        if content.len() > self.size_max {
            return refuse(Reason::UploadTooLarge);
        }
        let kind = uploads::KINDS.iter().find(|kind| begins(content, kind)).ok_or(Reason::UploadKindUnknown)?;
        if !self.allowed.contains(&kind.media_type) {
            return refuse(Reason::UploadKindRefused);
        }
        Ok(UploadedKind { media_type: kind.media_type, extension: kind.extension })
    }
}

fn begins(content: &[u8], kind: &UploadKind) -> bool {
    kind.magics.iter().any(|pieces| pieces.iter().all(|(offset, bytes)| content.get(*offset..).is_some_and(|rest| rest.starts_with(bytes))))
}
