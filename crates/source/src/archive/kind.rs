//! Recognizing archives by their content.

use super::tar;

/// How many bytes are enough to recognize an archive.
pub(crate) const HEAD_BYTES: usize = 512;

/// What kind of archive something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Zip and its many relatives: jar, war, whl, apk, docx.
    Zip,
    /// Tar, of any dialect.
    Tar,
    /// One compressed file.
    Compressed(Compression),
    /// A kind that can't be opened, by name.
    Unsupported(&'static str),
}

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    /// RFC 1952.
    Gzip,
    /// Bzip2.
    Bzip2,
    /// Xz.
    Xz,
    /// RFC 8878.
    Zstd,
}

/// First bytes, and what they mean.
const MAGICS: &[(&[u8], Kind)] = &[
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"PK\x07\x08PK\x03\x04", Kind::Zip),
    (b"\xfd7zXZ\0", Kind::Compressed(Compression::Xz)),
    (b"\x28\xb5\x2f\xfd", Kind::Compressed(Compression::Zstd)),
    (b"7z\xbc\xaf\x27\x1c", Kind::Unsupported("7z")),
    (b"Rar!\x1a\x07", Kind::Unsupported("rar")),
    (b"MSCF\0\0\0\0", Kind::Unsupported("cabinet")),
    (b"LZIP\x01", Kind::Unsupported("lzip")),
    (b"\x04\x22\x4d\x18", Kind::Unsupported("lz4")),
    (b"\x1f\x9d", Kind::Unsupported("compress")),
    (b"\xed\xab\xee\xdb", Kind::Unsupported("rpm")),
    (b"!<arch>\ndebian-binary", Kind::Unsupported("deb")),
];

/// What kind of archive starts with these bytes, if any.
pub(crate) fn recognize(head: &[u8]) -> Option<Kind> {
    if let Some((_, kind)) = MAGICS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*kind);
    }
    // RFC 1952: the only method is 8, and three of the flags are reserved.
    if let [0x1f, 0x8b, 8, flags, ..] = head
        && flags & 0xe0 == 0
    {
        return Some(Kind::Compressed(Compression::Gzip));
    }
    if let [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] = head
        && (rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17\x72\x45\x38\x50\x90"))
    {
        return Some(Kind::Compressed(Compression::Bzip2));
    }
    tar::is_header(head).then_some(Kind::Tar)
}

/// Zip archives may follow something else, such as a program that unpacks them: then their end tells.
pub(crate) fn recognize_by_end(bytes: &[u8]) -> Option<Kind> {
    const END_BYTES: usize = 22;
    let end = bytes.get(bytes.len().checked_sub(END_BYTES)?..)?;
    // Without a comment, which such archives hardly have; and the number of this disk is 0.
    (end.starts_with(b"PK\x05\x06\0\0\0\0") && end.ends_with(b"\0\0")).then_some(Kind::Zip)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(head: &[u8], expected: Option<Kind>) {
        assert_eq!(recognize(head), expected, "{}", head.escape_ascii());
    }

    #[test]
    fn the_content_tells_and_not_much_of_it() {
        check(b"PK\x03\x04\x14\0", Some(Kind::Zip));
        check(b"\x1f\x8b\x08\0", Some(Kind::Compressed(Compression::Gzip)));
        check(b"BZh91AY&SY", Some(Kind::Compressed(Compression::Bzip2)));
        check(b"7z\xbc\xaf\x27\x1c", Some(Kind::Unsupported("7z")));
    }

    #[test]
    fn what_only_looks_like_an_archive_is_none() {
        check(b"PK is a name\n", None);
        check(b"BZh9 is no bzip2\n", None);
        check(b"\x1f\x8b\x08\xff", None);
        check(&[0; 512], None);
        check(&[b'0'; 512], None);
        check(b"", None);
    }
}
