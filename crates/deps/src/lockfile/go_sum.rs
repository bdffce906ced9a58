//! Reads `go.sum`: <https://go.dev/ref/mod#go-sum-files>.
//!
//! It may have more than the build needs, and supplements a `go.mod` that doesn't have everything. Its hashes are of lists of
//! files, not of archives, and left out.

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Role, SourceText, golang::is_version};
use bartizan_core::ByteRange;

/// `go.sum`.
pub(crate) static READER: Reader = Reader { name: "go.sum", claims: &[Claim::Name("go.sum")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    parsed.inventory.role = Role::Supplement;
    let mut start = 0;
    for raw in source.text.split_inclusive('\n') {
        let range = ByteRange::new(start, start + raw.trim_end().len());
        start += raw.len();
        let words: Vec<&str> = raw.split_ascii_whitespace().collect();
        match words.as_slice() {
            [] => {}
            // Of these only what they require was looked at.
            [_, version, _] if version.strip_suffix("/go.mod").is_some_and(is_version) => {}
            [path, version, _] if is_version(version) => {
                parsed.inventory.add(Package::dependency(Ecosystem::Golang, *path, Some(version), range));
            }
            _ => parsed.unreadable(range, "this line is no module, version and hash"),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn modules_whose_content_is_hashed_are_there() {
        check(
            &READER,
            "go.sum",
            "example.com/a v1.0.0 h1:0a=\nexample.com/a v1.0.0/go.mod h1:0b=\nexample.com/b v0.1.0/go.mod h1:0c=\nwhat\n",
            "
golang example.com/a v1.0.0 @1
4: unreadable: this line is no module, version and hash
",
        );
    }
}
