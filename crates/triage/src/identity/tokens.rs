//! A piece of code or prose as tokens: equal under reformatting, and compared by what they have in common.

use serde::{Deserialize, Serialize};

use super::Digest;

/// The most tokens that are kept for comparing; those after them count in the digest alone.
const MAX_TOKENS: usize = 64;

/// How much two things are alike, in thousandths: 1000 is equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Similarity(pub u16);

impl Similarity {
    /// Equal.
    pub const EQUAL: Self = Self(1000);

    /// So many of so many.
    pub(super) fn share(part: usize, whole: usize) -> Self {
        let thousandths = part.saturating_mul(1000).checked_div(whole).unwrap_or(0).min(1000);
        Self(u16::try_from(thousandths).unwrap_or(1000))
    }
}

/// Tokens of a text, normalised: white space, kinds of quotes, commas before closing brackets, semicolons at the ends of lines and
/// comments behind code don't count, so that the output of a formatter is what went in.
///
/// ```
/// use bartizan_triage::identity::Tokens;
///
/// let before = Tokens::of("subprocess.call(cmd, shell = True)  # as asked");
/// let after = Tokens::of("subprocess.call(\n    cmd,\n    shell=True,\n)");
/// assert_eq!(before, after);
/// assert!(before.similarity(&Tokens::of("subprocess.call(command, shell=True)")).0 > 700);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tokens {
    digest: Digest,
    /// How many there are, those that were not kept included.
    n_tokens: u32,
    /// Hashes of the first tokens, sorted; equal tokens are here as often as they occur.
    kept: Box<[u32]>,
}

impl Tokens {
    /// Reads a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self::of_lines(text.lines())
    }

    /// Reads lines, which have no line breaks.
    pub(super) fn of_lines<'t>(lines: impl Iterator<Item = &'t str>) -> Self {
        let mut collector = Collector { hasher: blake3::Hasher::new(), n_tokens: 0, kept: Vec::new(), pending: None };
        lines.for_each(|line| collector.line(line));
        collector.finish()
    }

    /// What is equal exactly if the tokens are.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// How many tokens there are.
    #[must_use]
    pub const fn n_tokens(&self) -> u32 {
        self.n_tokens
    }

    /// Whether there is nothing but white space and comments.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.n_tokens == 0
    }

    /// The share of tokens that both have, whatever their order (Dice's coefficient); 1000 only if they are equal.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> Similarity {
        if self.digest == other.digest {
            return Similarity::EQUAL;
        }
        let (mut ours, mut theirs) = (self.kept.iter().peekable(), other.kept.iter().peekable());
        let mut n_common = 0_usize;
        while let (Some(our), Some(their)) = (ours.peek(), theirs.peek()) {
            let order = our.cmp(their);
            n_common += usize::from(order.is_eq());
            if order.is_le() {
                ours.next();
            }
            if order.is_ge() {
                theirs.next();
            }
        }
        let share = Similarity::share(2 * n_common, self.kept.len() + other.kept.len());
        Similarity(share.0.min(999))
    }
}

/// Takes tokens one after the other, and holds one back until it is known whether it counts.
struct Collector<'t> {
    hasher: blake3::Hasher,
    n_tokens: u32,
    kept: Vec<u32>,
    /// A comma, semicolon or backslash.
    pending: Option<&'t str>,
}

impl<'t> Collector<'t> {
    fn line(&mut self, line: &'t str) {
        let mut rest = without_comment(line).trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_word(first) { rest.find(|c| !is_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
            let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            self.token(token);
            rest = after.trim_start();
        }
        // The end of a line: what continues it or ends a statement is layout.
        self.pending = self.pending.filter(|&token| token == ",");
    }

    fn token(&mut self, token: &'t str) {
        let held_back = self.pending.take();
        match token {
            "," | ";" | "\\" => {
                held_back.into_iter().for_each(|token| self.keep(token));
                self.pending = Some(token);
            }
            ")" | "]" | "}" => {
                held_back.filter(|&token| token != ",").into_iter().for_each(|token| self.keep(token));
                self.keep(token);
            }
            _ => {
                held_back.into_iter().for_each(|token| self.keep(token));
                self.keep(if matches!(token, "'" | "`") { "\"" } else { token });
            }
        }
    }

    fn keep(&mut self, token: &str) {
        self.hasher.update(token.as_bytes());
        self.hasher.update(&[0]);
        self.n_tokens = self.n_tokens.saturating_add(1);
        if self.kept.len() < MAX_TOKENS {
            self.kept.push(fnv(token));
        }
    }

    fn finish(mut self) -> Tokens {
        self.kept.sort_unstable();
        Tokens { digest: Digest::finish(&self.hasher), n_tokens: self.n_tokens, kept: self.kept.into() }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The line without a comment behind code. What starts a line is kept: it may be a directive, and a comment alone is no code
/// that could be reported.
fn without_comment(line: &str) -> &str {
    let mut quote: Option<char> = None;
    let mut previous = ' ';
    let mut has_code = false;
    for (offset, c) in line.char_indices() {
        match quote {
            Some(open) if c == open && previous != '\\' => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'' | '`') => quote = Some(c),
            None => {
                let rest = line.get(offset..).unwrap_or_default();
                let starts_comment = rest.starts_with("# ") || rest.starts_with("#!") || rest.starts_with("// ") || rest.starts_with("//!");
                if has_code && previous.is_whitespace() && starts_comment {
                    return line.get(..offset).unwrap_or(line);
                }
            }
        }
        has_code |= !c.is_whitespace();
        previous = if previous == '\\' && c == '\\' { ' ' } else { c };
    }
    line
}

/// FNV-1a with 32 bits. Two tokens that are equal by chance make two snippets look a little more alike, and no more.
fn fnv(token: &str) -> u32 {
    token.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, is_equal: bool) {
        assert_eq!(Tokens::of(a) == Tokens::of(b), is_equal, "{a:?} {b:?}");
    }

    #[test]
    fn layout_does_not_count() {
        check("f(a, b)", "f(\n\ta,\n\tb,\n)", true);
        check("x = 'a'", "x=\"a\";", true);
        check("a = b + \\\n  c", "a = b + c", true);
        check("eval(x)", "eval(x)  # noqa: S307", true);
        check("run(y)", "run(y); // trusted", true);
    }

    #[test]
    fn what_is_said_counts() {
        check("f(a, b)", "f(b, a)", false);
        check("f(a,, b)", "f(a, b)", false);
        check("for (;;) x", "for () x", false);
        check("\"# a\"", "\"# b\"", false);
        check("#include <a>", "#include <b>", false);
        check("f('it\\'s # 1')", "f('it\\'s # 2')", false);
        check("f(a, b", "f(a b", false);
    }

    #[test]
    fn similarity_is_the_share_of_common_tokens() {
        let similarity = |a: &str, b: &str| Tokens::of(a).similarity(&Tokens::of(b)).0;
        assert_eq!(similarity("a b c d", "a b c d"), 1000);
        assert_eq!(similarity("a b c d", "d c b a"), 999);
        assert_eq!(similarity("a b c d", "a b c x"), 750);
        assert_eq!(similarity("a", "b"), 0);
        assert_eq!(similarity("", "b"), 0);
        assert_eq!(similarity("", ""), 1000);
    }

    #[test]
    fn a_long_text_is_cut_for_comparing_only() {
        let long = "x ".repeat(100_000);
        let tokens = Tokens::of(&long);
        assert_eq!((tokens.n_tokens(), tokens.kept.len()), (100_000, MAX_TOKENS));
        assert_ne!(tokens, Tokens::of(&format!("{long} y")));
    }
}
