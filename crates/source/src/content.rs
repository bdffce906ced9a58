//! What a file holds, once it was read.

use std::borrow::Cow;

/// What a file or an entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content<'a> {
    /// The bytes as they are stored; empty for [`ContentKind::Unread`], and for [`ContentKind::Archive`] unless
    /// [`crate::Interest::Bytes`] was wanted of an archive that is not over [`crate::Limits::max_file_bytes`].
    pub bytes: &'a [u8],
    /// The decoded text, without a byte-order mark; nothing unless the kind is [`ContentKind::Text`].
    pub text: Option<Cow<'a, str>>,
    /// What it turned out to be.
    pub kind: ContentKind,
}

impl<'a> Content<'a> {
    /// The content of a file of which only the path was wanted.
    pub(crate) const UNREAD: Self = Self { bytes: &[], text: None, kind: ContentKind::Unread };

    /// The content of an archive.
    pub(crate) const fn archive(bytes: &'a [u8]) -> Self {
        Self { bytes, text: None, kind: ContentKind::Archive }
    }
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentKind {
    /// It was not read, because only its path was wanted.
    Unread,
    /// Text.
    Text(Encoding),
    /// An archive; its entries are visited on their own.
    Archive,
    /// Neither.
    Binary,
}

/// How characters are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Encoding {
    /// UTF-8, ASCII included.
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// UTF-32, the low byte first.
    Utf32Le,
    /// UTF-32, the high byte first.
    Utf32Be,
    /// Windows-1252, which holds Latin-1; also the fallback for text in an encoding that is not known here.
    Windows1252,
}

impl Encoding {
    /// The name by which IANA lists it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Utf32Le => "UTF-32LE",
            Self::Utf32Be => "UTF-32BE",
            Self::Windows1252 => "windows-1252",
        }
    }
}
