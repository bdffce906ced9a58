//! Telling binary files by their first bytes.

/// First bytes of common binary formats that may have no NUL byte near their start.
const MAGICS: &[&[u8]] = &[
    b"%PDF-",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"\x1f\x8b\x08",
    b"\xca\xfe\xba\xbe",
    b"SQLite format 3",
    b"wOFF",
    b"wOF2",
    b"OggS",
    b"ID3",
    b"\x28\xb5\x2f\xfd",
    b"\xfd7zXZ",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
];

/// Whether the first bytes are those of a known binary format.
pub(super) fn has_magic(head: &[u8]) -> bool {
    MAGICS.iter().any(|magic| head.starts_with(magic))
}

/// Whether more than this share of the first bytes are control characters that texts don't have.
pub(super) fn has_control_percent_over(head: &[u8], percent: usize) -> bool {
    let n_control = head.iter().filter(|&&byte| is_control(byte)).count();
    head.len() * percent < n_control * 100
}

/// Whether a byte is a control character other than backspace, tab, line feed, form feed, carriage return, escape.
const fn is_control(byte: u8) -> bool {
    // Written without branches per character, so that it is fast for every file.
    byte < 0x20 && (1_u32 << byte) & (1 << 0x08 | 1 << 0x09 | 1 << 0x0a | 1 << 0x0c | 1 << 0x0d | 1 << 0x1b) == 0 || byte == 0x7f
}
