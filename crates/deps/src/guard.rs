//! What is wrong with a file as a whole, whatever its format.

use bartizan_core::ByteRange;

/// What stands where a lock file should be.
///
/// A file that git could not merge, or that git-lfs has not fetched, is no lock file; a reader would say something that
/// does not help.
pub(crate) fn check(text: &str) -> Option<(ByteRange, &'static str)> {
    if text.starts_with("version https://git-lfs.github.com/spec/") {
        return Some((first_line(text), "this is a pointer of git-lfs: fetch the file with `git lfs pull`"));
    }
    conflict(text).map(|range| (range, "the file has the marks of a merge conflict: solve it, then scan again"))
}

/// The first mark of a conflict that has its other end, too.
fn conflict(text: &str) -> Option<ByteRange> {
    let begin = if text.starts_with("<<<<<<< ") { 0 } else { text.find("\n<<<<<<< ")? + 1 };
    let rest = text.get(begin..)?;
    rest.contains("\n>>>>>>> ").then(|| ByteRange::new(begin, begin + first_line(rest).end()))
}

fn first_line(text: &str) -> ByteRange {
    ByteRange::new(0, text.find('\n').unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_message(text: &str, expected: Option<&str>) {
        let found = check(text).map(|(_, message)| message);
        assert_eq!(found.is_some(), expected.is_some(), "{text:?}");
        assert!(found.unwrap_or_default().contains(expected.unwrap_or_default()), "{text:?}");
    }

    #[test]
    fn conflicts_and_pointers_are_said() {
        check_message("a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\n", Some("merge conflict"));
        check_message("version https://git-lfs.github.com/spec/v1\noid sha256:0\n", Some("git-lfs"));
        check_message("# <<<<<<< quoted\n", None);
        check_message("", None);
    }
}
