//! Reads `LICENSE`, `COPYING` and their like: which licences they hold. They name no components.

use bartizan_core::ByteRange;

use crate::{Claim, Parsed, Read, Reader, SourceText, licence};

/// `LICENSE`.
pub(crate) static READER: Reader = Reader { name: "LICENSE", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

/// `LICENSE`, `LICENSE.txt`, `LICENSE-MIT`, `licence.md`, `COPYING.LESSER`, `UNLICENSE`.
fn is_for(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let stem = ["license", "licence", "copying", "unlicense"].iter().find_map(|stem| name.strip_prefix(stem));
    // Code may be about licences, too.
    let is_text = |rest: &str| match rest.rsplit_once('.') {
        Some((_, extension)) => {
            matches!(extension, "txt" | "md" | "rst" | "lesser" | "mit" | "apache" | "bsd" | "gpl" | "lgpl")
                || extension.starts_with(|c: char| c.is_ascii_digit())
        }
        None => true,
    };
    stem.is_some_and(|rest| (rest.is_empty() || rest.starts_with(['.', '-', '_'])) && is_text(rest))
}

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    if licence::text::MAX_BYTES < source.text.len() {
        let message = format!("only the first {} bytes are compared with licences", licence::text::MAX_BYTES);
        parsed.unresolved(ByteRange::new(0, 0), message);
    }
    parsed.inventory.licence_texts = licence::detect(source.text);
    parsed
}

#[cfg(test)]
mod tests {
    #[test]
    fn texts_of_licences_are_told_by_their_names() {
        for yes in
            ["LICENSE", "a/LICENSE.txt", "LICENSE-MIT", "licence.md", "COPYING.LESSER", "UNLICENSE", "LICENSE-2.0.txt", "LICENSE.MIT"]
        {
            assert!(super::is_for(yes), "{yes}");
        }
        for no in ["license.rs", "licenses/a.txt", "license_check.py", "LICENSEE", "licenses.json"] {
            assert!(!super::is_for(no), "{no}");
        }
    }
}
