//! Can matching a regular expression take exponential time? The analyzer `redos` of `metavariable-analysis`.
//!
//! Semgrep looks for a repetition of something that has a repetition in it, `(a+)+`, followed by something that may fail to match.
//! That is an estimate: `(a|aa)+$` is as bad and goes unnoticed. The verdicts here are the same, because rules are written
//! with them in mind; that holds for what the reference takes for syntax as well, where it differs from PCRE.
//!
//! ```
//! assert!(bartizan_sast::redos::is_vulnerable("^(a+)+$"));
//! assert!(!bartizan_sast::redos::is_vulnerable("^a+$"));
//! ```

mod lexer;

use self::lexer::{Lexer, Token};

/// Whether a regular expression looks as though an input could stall it. What is no regular expression doesn't.
#[must_use]
pub fn is_vulnerable(pattern: &str) -> bool {
    Parser::default().parse(pattern).is_some_and(|facts| facts.is_vulnerable)
}

/// A repetition that takes at least this often is a repetition for the outer one of two.
const MIN_OUTER_REPETITIONS: u32 = 4;

/// How often something is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quantifier {
    min: u32,
    max: Option<u32>,
    /// Whether it never gives back what it took.
    is_possessive: bool,
}

impl Quantifier {
    /// Whether two numbers of repetitions, neither of them zero, are possible.
    fn leaves_choice(self) -> bool {
        let least = self.min.max(1);
        !self.is_possessive && self.max.is_none_or(|max| least < max)
    }

    fn is_outer(self) -> bool {
        !self.is_possessive && self.max.is_none_or(|max| MIN_OUTER_REPETITIONS <= max)
    }
}

/// What is known about a part of an expression, everything inside of it included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Facts {
    /// There is a repetition that leaves a choice.
    has_choice: bool,
    /// There is a repetition of something with a choice.
    has_nested: bool,
    /// There is something that may not match.
    may_fail: bool,
    /// There is a repetition of something with a choice, and behind it something that may not match.
    is_vulnerable: bool,
}

impl Facts {
    const NOTHING: Self = Self { has_choice: false, has_nested: false, may_fail: false, is_vulnerable: false };
    const CHARACTER: Self = Self { may_fail: true, ..Self::NOTHING };

    /// One or the other.
    fn or(self, other: Self) -> Self {
        Self {
            has_choice: self.has_choice || other.has_choice,
            has_nested: self.has_nested || other.has_nested,
            may_fail: self.may_fail || other.may_fail,
            is_vulnerable: self.is_vulnerable || other.is_vulnerable,
        }
    }

    /// One, then the other.
    fn then(self, next: Self) -> Self {
        let both = self.or(next);
        Self { is_vulnerable: both.is_vulnerable || self.has_nested && next.may_fail, ..both }
    }

    fn repeated(self, quantifier: Quantifier) -> Self {
        Self {
            has_choice: self.has_choice || quantifier.leaves_choice(),
            has_nested: self.has_nested || self.has_choice && quantifier.is_outer(),
            ..self
        }
    }
}

/// What a frame of the parser stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The whole expression, or a group.
    Group,
    /// The assertion in the condition of a conditional.
    Assertion,
    /// The branches of a conditional.
    Branches,
}

#[derive(Debug)]
struct Frame {
    kind: Kind,
    /// The alternatives that are complete, and how many.
    alternatives: Facts,
    n_alternatives: usize,
    /// The sequence up to the last item, and that item, which a quantifier may follow.
    sequence: Facts,
    item: Option<Facts>,
    is_at_start: bool,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { kind, alternatives: Facts::NOTHING, n_alternatives: 0, sequence: Facts::NOTHING, item: None, is_at_start: true }
    }

    fn end_item(&mut self) {
        if let Some(item) = self.item.take() {
            self.sequence = self.sequence.then(item);
        }
    }

    fn end_alternative(&mut self) {
        self.end_item();
        self.alternatives = self.alternatives.or(self.sequence);
        self.n_alternatives += 1;
        self.sequence = Facts::NOTHING;
        self.is_at_start = true;
    }
}

/// Reads an expression from left to right; groups are frames on a stack, so that no nesting is too deep.
#[derive(Debug, Default)]
struct Parser {
    outer: Vec<Frame>,
}

impl Parser {
    fn parse(mut self, pattern: &str) -> Option<Facts> {
        let mut lexer = Lexer::new(pattern);
        let mut frame = Frame::new(Kind::Group);
        loop {
            match lexer.next_token() {
                Token::Item(facts) => {
                    frame.end_item();
                    frame.item = Some(facts);
                    frame.is_at_start = false;
                }
                Token::Quantifier(quantifier) => {
                    let item = frame.item.take()?.repeated(quantifier);
                    frame.sequence = frame.sequence.then(item);
                }
                // Options may stand at the beginning of an alternative only.
                Token::Options => {
                    if !frame.is_at_start || frame.kind == Kind::Branches {
                        return None;
                    }
                }
                Token::Bar => {
                    frame.end_alternative();
                    if frame.kind == Kind::Branches && 1 < frame.n_alternatives {
                        return None;
                    }
                }
                Token::Open => self.open(&mut frame, Kind::Group),
                Token::OpenConditional => self.open(&mut frame, Kind::Branches),
                Token::OpenAssertion => self.open(&mut frame, Kind::Assertion),
                Token::Close if frame.kind == Kind::Assertion => frame = Frame::new(Kind::Branches),
                Token::Close => {
                    frame.end_alternative();
                    let facts = frame.alternatives;
                    frame = self.outer.pop()?;
                    frame.end_item();
                    frame.item = Some(facts);
                    frame.is_at_start = false;
                }
                Token::End => {
                    frame.end_alternative();
                    return self.outer.is_empty().then_some(frame.alternatives);
                }
            }
        }
    }

    fn open(&mut self, frame: &mut Frame, kind: Kind) {
        self.outer.push(std::mem::replace(frame, Frame::new(kind)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(expected: bool, patterns: &[&str]) {
        for pattern in patterns {
            assert_eq!(is_vulnerable(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn repetition_of_a_repetition_before_something_is_vulnerable() {
        check(true, &["(a+)+$", "(a*)*b", "(?:a{2,})*\\d", "((x|y+)*z){5}w", "^(([a-z])+.)+[A-Z]$", "(a{0,2}){4}!", "(.*,){11}P"]);
    }

    #[test]
    fn nothing_behind_is_harmless() {
        check(false, &["(a+)+", "x(a+)+", "^(a*)*", "((a+)+)", "(a+)+\\K", "(a+)+(?-i)"]);
        check(true, &["(a+)+x?", "(a+)+(?=b)", "((a+)+b)", "(a+)+\\b", "(a+)+(b|c)"]);
    }

    #[test]
    fn one_repetition_is_harmless() {
        check(false, &["a+$", "(ab)*c", "a*b*c*d", "(a|b)*$", "(a?)*$", "(a{3})+$", "(a{1})*b", "(a{0,1})*b"]);
    }

    #[test]
    fn few_repetitions_outside_are_harmless() {
        check(false, &["(a+){3}b", "(a+){0,3}b", "(a+)?b"]);
        check(true, &["(a+){4}b", "(a+){0,4}b", "(a+){3,}b"]);
    }

    #[test]
    fn possessive_repetitions_are_harmless() {
        check(false, &["(a++)+$", "(a+)++$", "(a+){4,}+$", "(a*+)*$"]);
        check(true, &["(a+?)+$", "(a+)+?$", "(a+){4,}?$"]);
    }

    #[test]
    fn what_is_in_an_alternative_is_looked_at() {
        check(true, &["x|(a+)+b", "(x|(a+)+b)", "(?:y|(?:z(a+)+)c)", "(?i)x|(a+)+b", "x|(?i)(a+)+b"]);
        check(false, &["(a+)+|b"]);
    }

    #[test]
    fn conditionals_have_branches() {
        check(true, &["(x)?(?(1)(a+)+b|c)", "(?(=x)y|(a+)+b)", "(?<n>x)?(?(<n>)(a+)+b)"]);
        check(false, &["(x)?(?(1)a|b|(a+)+b)", "(?(=(a+)+b)y|z)"]);
        // The reference doesn't know the question mark that PCRE wants before an assertion.
        check(false, &["(?(?=x)y|(a+)+b)"]);
    }

    #[test]
    fn what_is_no_expression_is_harmless() {
        check(false, &["(a+)+b)", "((a+)+b", "*(a+)+b", "(a+)+*b", "x(?i)(a+)+b", "(*FOO)(a+)+b", "(?"]);
    }

    #[test]
    fn classes_and_escapes_are_skipped_as_the_reference_does() {
        check(false, &["[(a+)+]b", "\\(a+\\)+b", "\\Q(a+)+\\Eb", "(?#x)a"]);
        check(true, &["([()]+)+b", "(\\(+)+\\)", "(\\p{Lu}+)+x", "(\\x{41}+)+\\x42", "([[:alpha:]]+)+;"]);
        // A hyphen behind the end of a class makes a range of that end.
        check(true, &["([0-9]-[0-9]+)+b", "[x-](a+)+b", "[x]-](a+)+b"]);
        check(false, &["[x]-y(a+)+b"]);
        // A blank ends a class.
        check(false, &["([ (]+)+b"]);
    }

    #[test]
    fn long_and_deep_expressions_take_linear_time() {
        let n = 100_000;
        check(true, &[&format!("{}a{}b", "(".repeat(n), "+)".repeat(n))]);
        check(false, &[&"(".repeat(n), &"[".repeat(n), &"(?(?=".repeat(n), &"\\".repeat(n), &"(a+)".repeat(n)]);
    }

    #[test]
    fn no_text_panics() {
        let pieces = [
            "(", ")", "[", "]", "?", "*", "+", "{", "}", "1", ",", "\\", "Q", "E", "g", "k", "<", ">", "'", "-", ":", "é", "p", "P", "^",
            "#",
        ];
        let mut state = 7_u64;
        for _ in 0..20_000 {
            let text: String = (0..20)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    pieces[usize::try_from(state >> 33).unwrap() % pieces.len()]
                })
                .collect();
            let _ = is_vulnerable(&text);
        }
    }
}
