//! Reads `vendor/modules.txt`: <https://go.dev/ref/mod#go-mod-vendor>.
//!
//! `# PATH VERSION` or `# PATH VERSION => PATH VERSION` begins a module, and the packages of it that were copied follow. A module
//! without packages was not copied.

use bartizan_core::ByteRange;

use crate::{
    Claim, Ecosystem, Package, Parsed, Read, Reader, SourceText,
    golang::{is_version_of, replacement},
};

/// `vendor/modules.txt`.
pub(crate) static READER: Reader =
    Reader { name: "vendor/modules.txt", claims: &[Claim::Path("vendor/modules.txt")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let mut module: Option<Package> = None;
    let mut is_in_module = false;
    let mut start = 0;
    for raw in source.text.split_inclusive('\n') {
        let range = ByteRange::new(start, start + raw.trim_end().len());
        start += raw.len();
        let line = raw.trim();
        if line.is_empty() || line.starts_with("## ") {
            continue;
        }
        if let Some(header) = line.strip_prefix("# ") {
            let words: Vec<&str> = header.split_ascii_whitespace().collect();
            module = match words.as_slice() {
                [path, version] if is_version_of(path, version) => {
                    Some(Package::dependency(Ecosystem::Golang, *path, Some(version), range))
                }
                [path, "=>", by] => Some(replacement(by, None, path, range)),
                [path, version, "=>", by] if is_version_of(path, version) => Some(replacement(by, None, path, range)),
                [path, "=>", by, version] if is_version_of(by, version) => Some(replacement(by, Some(version), path, range)),
                [path, _, "=>", by, version] if is_version_of(by, version) => Some(replacement(by, Some(version), path, range)),
                _ => {
                    parsed.unreadable(range, "this is no module with its version");
                    None
                }
            };
            is_in_module = true;
        } else if let Some(package) = module.take() {
            parsed.inventory.add(package);
        } else if !is_in_module {
            parsed.unreadable(range, "this package belongs to no module");
            // It is said once for all that follow.
            is_in_module = true;
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::READER;
    use crate::fixture::check;

    #[test]
    fn modules_with_packages_were_copied() {
        check(
            &READER,
            "x/vendor/modules.txt",
            "example.com/lost
# example.com/a v1.0.0
## explicit; go 1.21
example.com/a
example.com/a/b
# example.com/only v1.0.0
## explicit
# example.com/c v1.2.3 => example.com/fork/c v1.4.5
example.com/c
# example.com/d v1.0.0 => ./d
example.com/d
# example.com/e/v2 v1.0.0
example.com/e/v2
# example.com/f => ./f
",
            "
golang example.com/a v1.0.0 @2
golang example.com/fork/c v1.4.5 @8
golang example.com/d ? @10 path ./d
1: unreadable: this package belongs to no module
12: unreadable: this is no module with its version
",
        );
    }
}
