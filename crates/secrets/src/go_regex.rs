//! Go's regular expressions (`regexp/syntax` with its Perl flags), translated exactly.
//!
//! gitleaks rules are written in Go's dialect. It looks like the one of the `regex` crate and means other things: a `{` that
//! opens no repetition is a literal, `[` and `&&` inside of a class are literals, `\w` and `\b` are ASCII, `\s` lacks the
//! vertical tab, `\Q…\E` quotes. [`Pattern::parse`] therefore reads the dialect itself and builds `regex-syntax`'s
//! high-level representation; an expression that Go refuses is an [`Error`] with its place.
//!
//! Go matches code points. A byte that is no UTF-8 counts as U+FFFD there; [`Text`] makes that true here.
//!
//! Differences that remain: an expression may nest [`Pattern::MAX_HEIGHT`] levels (Go: 1000), and its size is limited to
//! [`Pattern::MAX_SIZE`] (Go: about 3.3 million instructions). Properties and folding follow Unicode 15.0, as in Go.

mod anchor;
mod class;
mod cursor;
mod error;
mod parser;
mod property;
mod regex;
mod search;
mod tail;
mod text;
mod tree;

pub use error::{Error, ErrorKind};
pub use regex::{Alphabet, Pattern, Regex};
pub use search::Finder;
pub use text::Text;

#[cfg(test)]
mod tests {
    use super::*;

    /// All matches with their groups: `0..3,1..2 4..7,-`.
    fn matches(regex: &Regex, alphabet: Alphabet, text: &Text<'_>) -> String {
        let shown = |span: Option<regex_automata::Span>| {
            span.map_or_else(|| "-".to_owned(), |span| format!("{}..{}", text.original(span.start), text.original(span.end)))
        };
        let groups = |captures: regex_automata::util::captures::Captures| {
            (0..captures.group_len()).map(|group| shown(captures.get_group(group))).collect::<Vec<_>>().join(",")
        };
        regex.compiled(alphabet).unwrap().captures_iter(text.as_str()).map(groups).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn check(pattern: &str, bytes: &[u8], expected: &str) {
        let regex = Regex::new(Pattern::parse(pattern).unwrap());
        let text = Text::new(bytes);
        assert_eq!(matches(&regex, Alphabet::Unicode, &text), expected, "{pattern} on {bytes:?}");
        if text.is_ascii() {
            assert_eq!(matches(&regex, Alphabet::Ascii, &text), expected, "{pattern} on {bytes:?}, in ASCII");
        }
    }

    /// The expectations are what Go 1.26.8 answered.
    #[test]
    fn matches_are_those_of_go() {
        let cases: &[(&str, &[u8], &str)] = &[
            (r"a{,2}", b"aa{,2}", "1..6"),
            (r"x{", b"x{", "0..2"),
            (r"{{[^}]+}}", b"a{{b}}", "1..6"),
            (r"import +{", b"import {", "0..8"),
            (r"a{2", b"aa{2", "1..4"),
            (r"a{02}", b"aa{02}", "1..6"),
            (r"a{1}{", b"a{", "0..2"),
            (r"\d+", b"1\xd9\xa32", "0..1 3..4"),
            (r"\w+", b"a\xc3\xa9b_1", "0..1 3..6"),
            (r"\W", b"\xc3\xa9", "0..2"),
            (r"\s", b"\x0b\x0c", "1..2"),
            (r"[[:space:]]+", b"\x0b\x0c ", "0..3"),
            (r"\bé", b"a\xc3\xa9", "1..3"),
            (r"\B", b"\xc3\xa9", "0..0 2..2"),
            (r"[a[b]+", b"a[b", "0..3"),
            (r"[a&&b]+", b"a&b", "0..3"),
            (r"[a~~b]+", b"a~b", "0..3"),
            (r"[\w--b]+", b"a-b.", "0..4"),
            (r"[--/]+", b"-./", "0..3"),
            (r"[]a]+", b"a]", "0..2"),
            (r"[^]a]", b"]b", "1..2"),
            (r"[a-]+", b"a-", "0..2"),
            (r"[[:a]+", b"[:a", "0..3"),
            (r"[\d-z]+", b"1-zy", "0..3"),
            (r"\<a\>", b"<a>", "0..3"),
            (r"\_\-", b"_-", "0..2"),
            (r"\Qa.b*\E+", b"a.b**", "0..5"),
            (r"\Qa(", b"a(", "0..2"),
            (r"a\Q\E*", b"aa", "0..2"),
            (r"\101\x42\x{43}\0", b"ABC\x00", "0..4"),
            (r"\018", b"\x018", "0..2"),
            (r"[^a]", b"\n\xff", "0..1 1..2"),
            (r".", b"\xff\xc3", "0..1 1..2"),
            (r"\x{fffd}", b"\xff", "0..1"),
            (r"[^\x{fffd}]", b"\xff", ""),
            (r"(?s).", b"\n", "0..1"),
            (r".", b"\n", ""),
            (r"[\x{d800}-\x{e000}]", b"\xee\x80\x80", "0..3"),
            (r"(?i)k", b"kK\xe2\x84\xaa", "0..1 1..2 2..5"),
            (r"(?i)S", b"s\xc5\xbf", "0..1 1..3"),
            (r"(?i)[^s]", b"\xc5\xbfa", "2..3"),
            (r"(?i)\w", b"\xe2\x84\xaa", "0..3"),
            (r"(?i)[[:word:]]", b"\xe2\x84\xaa", "0..3"),
            (r"(?i)σ", b"\xcf\x83\xcf\x82\xce\xa3", "0..2 2..4 4..6"),
            (r"(?i)ß", b"\xe1\xba\x9e\xc3\x9f", "0..3 3..5"),
            (r"(?i)ΐ", b"\xce\x90", "0..2"),
            (r"(?i)a(?-i)b", b"AB Ab", "3..5"),
            (r"(?:(?i)a)b", b"AB Ab", "3..5"),
            (r"(?i:a)b", b"AB Ab", "3..5"),
            (r"a(?i)*", b"aaA", "0..2 3..3"),
            (r"(?i)a|b", b"B", "0..1"),
            (r"(a(?i)b)c", b"aBc aBC", "0..3,0..2"),
            (r"(?m)^a$", b"a\na\r\na", "0..1 5..6"),
            (r"^a$", b"a\n", ""),
            (r"(?m)$", b"\n", "0..0 1..1"),
            (r"a\z", b"a\na", "2..3"),
            (r"(?U)a+", b"aa", "0..1 1..2"),
            (r"(?U)a+?", b"aa", "0..2"),
            (r"a*?", b"a", "0..0 1..1"),
            (r"(a|ab)(c|bcd)(d*)", b"abcd", "0..4,0..1,1..4,4..4"),
            (r"(|a)*", b"aa", "0..0,0..0 1..1,1..1 2..2,2..2"),
            (r"(|a)+", b"aa", "0..0,0..0 1..1,1..1 2..2,2..2"),
            (r"(a*)+", b"b", "0..0,0..0 1..1,1..1"),
            (r"(a*)*", b"aab", "0..2,0..2 3..3,3..3"),
            (r"(a?)*?b", b"ab", "0..2,0..1"),
            (r"(a){0}(b)", b"b", "0..1,-,0..1"),
            (r"(^)*a", b"a", "0..1,0..0"),
            (r"(?P<x>a)(?<y>b)", b"ab", "0..2,0..1,1..2"),
            (r"(?P<x>a)(?P<x>b)", b"ab", "0..2,0..1,1..2"),
            (r"\pN", b"1\xd9\xa3", "0..1 1..3"),
            (r"\p{^Greek}", b"\xce\xb1a", "2..3"),
            (r"\PL", b"a1", "1..2"),
            (r"\p{Greek}+", b"a\xce\xb1\xce\xb2", "1..5"),
            (r"(?)a", b"a", "0..1"),
            (r"[[:^alpha:]]", b"a1\xc3\xa9", "1..2 2..4"),
        ];
        for (pattern, bytes, expected) in cases {
            check(pattern, bytes, expected);
        }
    }

    /// Go 1.26.8 refuses each of these, except for the last two.
    #[test]
    fn what_go_refuses_is_an_error_with_its_place() {
        use ErrorKind::*;
        let deep = format!("{}{}", "(".repeat(300), ")".repeat(300));
        let cases = [
            ("a\\", TrailingBackslash, 1..2),
            (r"a\q", UnknownEscape, 1..3),
            (r"\Z", UnknownEscape, 0..2),
            (r"[\b]", UnknownEscape, 1..3),
            (r"(a)\1", BackReference, 3..5),
            (r"\C", AnyByte, 0..2),
            (r"\x{110000}", InvalidHex, 0..9),
            (r"\xg0", InvalidHex, 0..3),
            ("a[b", UnclosedClass, 1..3),
            ("[]", UnclosedClass, 0..2),
            ("[z-a]", ReversedRange, 1..4),
            (r"[a-\d]", UnknownEscape, 3..5),
            ("[[:foo:]]", UnknownPosixClass, 1..8),
            (r"a\p{Foo}", UnknownProperty, 1..8),
            (r"\p{Greek", UnknownProperty, 0..8),
            (r"\p", UnknownProperty, 0..2),
            ("a{1001}", InvalidRepeatCount, 1..7),
            ("a{3,2}", InvalidRepeatCount, 1..6),
            ("(a{100}){11}", InvalidRepeatCount, 8..12),
            ("((a{10}){10}){11}", InvalidRepeatCount, 13..17),
            ("a**", NestedRepeat, 1..3),
            ("a{2}{3}", NestedRepeat, 1..7),
            ("a++", NestedRepeat, 1..3),
            ("*a", NothingToRepeat, 0..1),
            ("(|?)", NothingToRepeat, 2..3),
            (r"\Q\E*", NothingToRepeat, 4..5),
            ("b(a", UnclosedGroup, 1..3),
            ("a)", UnexpectedParen, 1..2),
            ("(?=a)", UnknownGroup, 0..3),
            ("(?x)a", UnknownGroup, 0..3),
            ("(?i-)a", UnknownGroup, 0..5),
            ("(?P<a-b>c)", InvalidGroupName, 0..8),
            ("(?<a", InvalidGroupName, 0..4),
            (&deep, TooDeep, 250..251),
            (r"\pL{900}\pL{900}", TooLarge, 0..16),
        ];
        for (pattern, kind, range) in cases {
            let error = Pattern::parse(pattern).unwrap_err();
            assert_eq!((error.kind, error.range), (kind, range.into()), "{pattern}");
        }
    }

    #[test]
    fn many_copies_are_fine_as_long_as_their_product_is() {
        for pattern in ["a{1000}", "(a{100}){10}", "(a{1000})*", "(a{1000}){1}", "(a{1000}){0}", "a{0,}"] {
            assert!(Pattern::parse(pattern).is_ok(), "{pattern}");
        }
    }

    #[test]
    fn groups_are_counted_and_named() {
        let pattern = Pattern::parse("(?P<key>a)(b)(?:c)(?<value>d)").unwrap();
        assert_eq!(pattern.n_groups(), 3);
        assert_eq!(pattern.group_names().collect::<Vec<_>>(), [Some("key"), None, Some("value")]);
    }
}
