//! Blanks out comments, so that offsets and line ends stay where they are.

use std::{borrow::Cow, ops::Range};

use memchr::memmem;

use super::CommentStyle;

/// The text with each comment's bytes, but for its line ends, replaced by spaces.
///
/// Nothing is known about strings: `"http://host"` has a comment in it. A comment that doesn't end stays.
pub(super) fn blank(text: &str, style: CommentStyle) -> Cow<'_, str> {
    match style {
        CommentStyle::C => blank_blocks(Cow::Borrowed(text)),
        CommentStyle::Cpp => blank_blocks(blank_to_line_end(text, "//")),
        CommentStyle::Shell => blank_to_line_end(text, "#"),
        CommentStyle::Clojure => blank_to_line_end(text, ";"),
    }
}

fn blank_to_line_end<'t>(text: &'t str, start: &str) -> Cow<'t, str> {
    let mut comments = Vec::new();
    let finder = memmem::Finder::new(start);
    let mut from = 0;
    while let Some(found) = text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
        let start = from + found;
        let end = text.as_bytes().get(start..).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(text.len(), |length| start + length);
        comments.push(start..end);
        from = end;
    }
    without(text, &comments).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn blank_blocks(text: Cow<'_, str>) -> Cow<'_, str> {
    const OPEN: &str = "/*";
    const CLOSE: &str = "*/";
    let mut comments = Vec::new();
    let (open, close) = (memmem::Finder::new(OPEN), memmem::Finder::new(CLOSE));
    let mut from = 0;
    while let Some(found) = text.as_bytes().get(from..).and_then(|rest| open.find(rest)) {
        let start = from + found;
        let inside = start + OPEN.len();
        let Some(length) = text.as_bytes().get(inside..).and_then(|rest| close.find(rest)) else { break };
        from = inside + length + CLOSE.len();
        comments.push(start..from);
    }
    without(&text, &comments).map_or(text, Cow::Owned)
}

fn without(text: &str, comments: &[Range<usize>]) -> Option<String> {
    if comments.is_empty() {
        return None;
    }
    let mut blanked = String::with_capacity(text.len());
    let mut from = 0;
    for comment in comments {
        blanked.push_str(text.get(from..comment.start)?);
        blanked.extend(text.get(comment.clone())?.bytes().map(|byte| if matches!(byte, b'\r' | b'\n') { char::from(byte) } else { ' ' }));
        from = comment.end;
    }
    blanked.push_str(text.get(from..)?);
    Some(blanked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(style: CommentStyle, text: &str, expected: &str) {
        let blanked = blank(text, style);
        assert_eq!(blanked, expected, "{text:?}");
        assert_eq!(blanked.len(), text.len());
    }

    #[test]
    fn line_comments_end_with_the_line() {
        check(CommentStyle::Shell, "x # y\nz", "x    \nz");
        check(CommentStyle::Shell, "x # y # z", "x        ");
        check(CommentStyle::Shell, "#\r\nx", " \r\nx");
        check(CommentStyle::Clojure, "(x) ;; y\n", "(x)     \n");
        check(CommentStyle::Cpp, "http://host\npath", "http:      \npath");
    }

    #[test]
    fn block_comments_keep_their_lines() {
        check(CommentStyle::C, "x /* y\n z */ w */", "x     \n      w */");
        check(CommentStyle::C, "x /* y /* z */ w", "x              w");
        check(CommentStyle::C, "x // y", "x // y");
        check(CommentStyle::C, "/*/ x */ y", "         y");
    }

    #[test]
    fn open_comment_stays() {
        check(CommentStyle::C, "x /* y", "x /* y");
    }

    #[test]
    fn line_comment_hides_the_end_of_a_block() {
        check(CommentStyle::Cpp, "x /* y // */ z\nw */ v", "x             \n     v");
        check(CommentStyle::Cpp, "x /* y // */ z\nw", "x /* y        \nw");
    }

    #[test]
    fn wide_characters_become_as_many_spaces_as_bytes() {
        check(CommentStyle::Shell, "x #é\ny", "x    \ny");
    }
}
