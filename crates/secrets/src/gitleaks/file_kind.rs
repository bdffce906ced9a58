//! Files that gitleaks does not look into.
//!
//! It skips what the Go packages `mholt/archives` (by name) and `h2non/filetype` (by magic numbers, MIME type
//! `application/…`) recognize. Images, audio and video are searched, and so is every kind that is not listed here.

/// Whether a file's name makes it an archive, which gitleaks does not open unless asked.
///
/// A part of the name is enough: `app.browser.js` holds `.br` and is never searched.
pub(super) fn is_archive_name(path: &[u8]) -> bool {
    const ANYWHERE: [&str; 13] = [".7z", ".br", ".bz2", ".gz", ".lz4", ".rar", ".s2", ".sz", ".tar", ".xz", ".zip", ".zst", ".zz"];
    const AT_END: [&[u8]; 2] = [b".lz", b".mz"];
    let path = path.strip_suffix(b"/").unwrap_or(path);
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default().to_ascii_lowercase();
    let holds = |part: &[u8]| name.windows(part.len()).any(|window| window == part);
    ANYWHERE.iter().any(|part| holds(part.as_bytes())) || AT_END.iter().any(|end| name.ends_with(end))
}

/// Whether the first bytes of a file tell an `application/…` type.
pub(super) fn is_application(head: &[u8]) -> bool {
    // Kinds are tried in groups; a picture, a sound or a film is found before an archive or a document.
    is_program(head) || (!is_media(head) && (is_font(head) || is_document_or_archive(head)))
}

/// An offset, and the bytes that stand there; `len` bytes are needed at least.
struct Magic {
    at: usize,
    bytes: &'static [u8],
    min_len: usize,
}

const fn magic(at: usize, bytes: &'static [u8], min_len: usize) -> Magic {
    Magic { at, bytes, min_len }
}

fn any(head: &[u8], kinds: &[Magic]) -> bool {
    kinds.iter().any(|kind| kind.min_len <= head.len() && holds(head, kind.at, kind.bytes))
}

fn holds(head: &[u8], at: usize, bytes: &[u8]) -> bool {
    head.get(at..).is_some_and(|rest| rest.starts_with(bytes))
}

fn is_program(head: &[u8]) -> bool {
    let is_dex = |bytes: &[u8]| 36 < bytes.len() && bytes.starts_with(b"dex\n") && holds(bytes, 36, b"p");
    let is_dey = 100 < head.len() && head.starts_with(b"dey\n") && head.get(40..100).is_some_and(is_dex);
    any(head, &[magic(0, b"\0asm\x01\0\0\0", 8)]) || is_dex(head) || is_dey
}

fn is_font(head: &[u8]) -> bool {
    any(head, &[magic(0, b"wOFF\0\x01\0\0", 8), magic(0, b"wOF2\0\x01\0\0", 8), magic(0, b"\0\x01\0\0\0", 5), magic(0, b"OTTO\0", 5)])
}

fn is_document_or_archive(head: &[u8]) -> bool {
    const KINDS: [Magic; 34] = [
        magic(0, b"\x1f\x8b\x08", 3),
        magic(0, b"BZh", 3),
        magic(0, b"7z\xbc\xaf\x27\x1c", 6),
        magic(0, b"\xfd7zXZ\0", 6),
        magic(0, b"\x28\xb5\x2f\xfd", 4),
        magic(0, b"%PDF", 4),
        magic(0, b"MZ", 2),
        magic(0, b"CWS", 3),
        magic(0, b"FWS", 3),
        magic(0, b"{\\rtf", 5),
        magic(0, b"%!", 2),
        magic(0, b"SQLi", 4),
        magic(0, b"NES\x1a", 4),
        magic(0, b"Cr24", 4),
        magic(0, b"MSCF", 4),
        magic(0, b"ISc(", 4),
        magic(0, b"!<arch>", 7),
        magic(0, b"\x1f\xa0", 2),
        magic(0, b"\x1f\x9d", 2),
        magic(0, b"LZIP", 4),
        magic(0, b"\xed\xab\xee\xdb", 97),
        magic(0, b"\x7fELF", 53),
        magic(0, b"Rar!\x1a\x07\0", 7),
        magic(0, b"Rar!\x1a\x07\x01", 7),
        magic(257, b"ustar", 262),
        magic(128, b"DICM", 132),
        magic(32_769, b"CD001", 32_774),
        magic(0, b"\xfe\xed\xfa\xcf", 4),
        magic(0, b"\xfe\xed\xfa\xce", 4),
        magic(0, b"\xbe\xba\xfe\xca", 4),
        magic(0, b"\xcf\xfa\xed\xfe", 4),
        magic(0, b"\xce\xfa\xed\xfe", 4),
        magic(0, b"\xca\xfe\xba\xbe", 4),
        magic(0, b"\xd0\xcf\x11\xe0", 4),
    ];
    let is_office = !head.starts_with(b"\xd0\xcf\x11\xe0") || is_old_office(head);
    (any(head, &KINDS) && is_office) || is_zip(head) || is_embedded_font(head) || is_skippable_zstd(head)
}

fn is_zip(head: &[u8]) -> bool {
    matches!(head, [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8, ..])
}

/// Word, Excel and PowerPoint before 2007; of long files only those whose second sector says so.
fn is_old_office(head: &[u8]) -> bool {
    head.len() <= 513 || [b"\xec\xa5", b"\x09\x08", b"\xa0\x46"].iter().any(|sector| holds(head, 512, *sector))
}

fn is_embedded_font(head: &[u8]) -> bool {
    holds(head, 34, b"LP") && [b"\x02\0\x01", b"\x01\0\0", b"\x02\0\x02"].iter().any(|version| holds(head, 8, *version))
}

/// Zstandard data after frames that are to be skipped.
fn is_skippable_zstd(head: &[u8]) -> bool {
    let mut rest = head;
    loop {
        let Some((&[kind, b'*', b'M', 0x18, a, b, c, d], after)) = rest.split_first_chunk() else { return false };
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(usize::MAX);
        let Some(next) = after.get(length..).filter(|_| kind & 0xf0 == 0x50) else { return false };
        if next.starts_with(b"\x28\xb5\x2f\xfd") {
            return true;
        }
        rest = next;
    }
}

/// Pictures, sounds and films.
fn is_media(head: &[u8]) -> bool {
    const KINDS: [Magic; 30] = [
        magic(0, b"\xff\xd8\xff", 3),
        magic(0, b"\0\0\0\x0cjP  \r\n\x87\n\0", 13),
        magic(0, b"\x89PNG", 4),
        magic(0, b"GIF", 3),
        magic(8, b"WEBP", 12),
        magic(0, b"II*\0", 11),
        magic(0, b"MM\0*", 11),
        magic(0, b"BM", 2),
        magic(0, b"II\xbc", 3),
        magic(0, b"8BPS", 4),
        magic(0, b"\0\0\x01\0", 4),
        magic(0, b"AC10", 4),
        magic(0, b"MThd", 4),
        magic(0, b"ID3", 3),
        magic(0, b"\xff\xfb", 3),
        magic(4, b"ftypM4A", 11),
        magic(0, b"M4A ", 11),
        magic(0, b"OggS", 4),
        magic(0, b"fLaC", 4),
        magic(0, b"#!AMR\n", 12),
        magic(0, b"\xff\xf1", 2),
        magic(0, b"\xff\xf9", 2),
        magic(4, b"ftypM4V", 11),
        magic(0, b"\0\0\0\x14ftyp", 16),
        magic(4, b"moov", 16),
        magic(4, b"mdat", 16),
        magic(12, b"mdat", 16),
        magic(0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", 10),
        magic(0, b"FLV\x01", 4),
        magic(4, b"ftyp3gp", 11),
    ];
    let is_riff = (head.starts_with(b"RIFF") && (holds(head, 8, b"WAVE") || holds(head, 8, b"AVI")))
        || (head.starts_with(b"FORM") && holds(head, 8, b"AIFF"));
    let is_mpeg = head.starts_with(b"\0\0\x01") && head.get(3).is_some_and(|kind| (0xb0..=0xbf).contains(kind));
    any(head, &KINDS) || is_riff || is_mpeg || is_mp4(head)
}

fn is_mp4(head: &[u8]) -> bool {
    const BRANDS: [&[u8; 4]; 28] = [
        b"avc1", b"dash", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"isom", b"mmp4", b"mp41", b"mp42", b"mp4v", b"mp71", b"MSNV",
        b"NDAS", b"NDSC", b"NSDC", b"NDSH", b"NDSM", b"NDSP", b"NDSS", b"NDXC", b"NDXH", b"NDXM", b"NDXP", b"NDXS", b"F4V ", b"F4P ",
    ];
    holds(head, 4, b"ftyp") && BRANDS.iter().any(|brand| holds(head, 8, *brand))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_the_name_makes_an_archive() {
        for (path, expected) in [
            ("a/b.tar.gz", true),
            ("x.browser.js", true),
            ("B.ZIPPED", true),
            ("a.lz", true),
            ("a.lzma", false),
            ("a.zip/b.txt", false),
            ("gz", false),
        ] {
            assert_eq!(is_archive_name(path.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn kinds_are_told_by_their_first_bytes() {
        let doc_like = [b"\xd0\xcf\x11\xe0".as_slice(), &[0; 600]].concat();
        let elf = [b"\x7fELF".as_slice(), &[0; 60]].concat();
        let cases: [(&[u8], bool); 12] = [
            (b"%PDF-1.7", true),
            (b"MZ", true),
            (b"\x7fELF", false),
            (&elf, true),
            (b"BM%PDF", false),
            (b"PK\x03\x08", true),
            (b"PK\x03\x05", false),
            (&doc_like, false),
            (b"\xd0\xcf\x11\xe0", true),
            (b"\x50*M\x18\x01\0\0\0x\x28\xb5\x2f\xfd", true),
            (b"#!/bin/sh", false),
            (b"\x89PNG", false),
        ];
        for (head, expected) in cases {
            assert_eq!(is_application(head), expected, "{head:?}");
        }
    }
}
