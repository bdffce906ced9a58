//! Expressions, ready to match.

use std::sync::OnceLock;

use regex_automata::{Input, Match, meta, util::captures::Captures};
use regex_syntax::hir::{ClassUnicode, Hir};

use super::{error::Error, parser, property, tree::Tree};

/// An expression in Go's dialect that was read and found good.
///
/// ```
/// use bartizan_secrets::go_regex::{ErrorKind, Pattern};
/// assert!(Pattern::parse(r"\$?{{[^}]+}}").is_ok());
/// assert_eq!(Pattern::parse(r"a**").unwrap_err().kind, ErrorKind::NestedRepeat);
/// ```
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Box<str>,
    tree: Tree,
    groups: Vec<Option<Box<str>>>,
}

/// Which characters a compiled expression has to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// All of Unicode.
    Unicode,
    /// ASCII alone: on ASCII text this matches the same, compiles in no time and is small.
    Ascii,
}

impl Pattern {
    /// The most levels of groups, repetitions and alternations.
    pub const MAX_HEIGHT: usize = 250;

    /// The largest size, about the number of states when compiled.
    pub const MAX_SIZE: usize = 1_000_000;

    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// If Go would refuse it, or if it is larger than the limits.
    pub fn parse(pattern: &str) -> Result<Self, Error> {
        let (tree, groups) = parser::parse(pattern)?;
        Ok(Self { text: pattern.into(), tree, groups })
    }

    /// A part of an expression, without groups of its own.
    pub(super) fn of_tree(tree: Tree) -> Self {
        Self { text: Box::default(), tree, groups: Vec::new() }
    }

    pub(super) const fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The expression as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number of groups, the whole match excluded.
    #[must_use]
    pub fn n_groups(&self) -> usize {
        self.groups.len()
    }

    /// The names of the groups, the whole match excluded.
    pub fn group_names(&self) -> impl Iterator<Item = Option<&str>> {
        self.groups.iter().map(Option::as_deref)
    }

    /// The expression as `regex-syntax` represents it.
    #[must_use]
    pub fn hir(&self, alphabet: Alphabet) -> Hir {
        match alphabet {
            Alphabet::Unicode => self.tree.to_hir(ClassUnicode::clone),
            Alphabet::Ascii => self.tree.to_hir(|class| {
                let mut class = class.clone();
                class.intersect(&property::range('\0', '\x7f'));
                class
            }),
        }
    }
}

/// An expression that is compiled when it is first needed, for the alphabet that the text needs.
#[derive(Debug)]
pub struct Regex {
    pattern: Pattern,
    ascii: OnceLock<Option<meta::Regex>>,
    unicode: OnceLock<Option<meta::Regex>>,
}

impl Regex {
    /// Takes an expression over.
    #[must_use]
    pub const fn new(pattern: Pattern) -> Self {
        Self { pattern, ascii: OnceLock::new(), unicode: OnceLock::new() }
    }

    /// The expression.
    #[must_use]
    pub const fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// The compiled expression. Nothing if it can't be compiled, which the limits of [`Pattern`] exclude.
    pub fn compiled(&self, alphabet: Alphabet) -> Option<&meta::Regex> {
        let cell = match alphabet {
            Alphabet::Ascii => &self.ascii,
            Alphabet::Unicode => &self.unicode,
        };
        cell.get_or_init(|| compile(&self.pattern.hir(alphabet))).as_ref()
    }

    /// Whether the expression matches somewhere.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled(alphabet_of(text)).is_some_and(|regex| regex.is_match(text))
    }

    /// All matches that don't overlap, from the left.
    #[must_use]
    pub fn find_all(&self, text: &str) -> Vec<Match> {
        self.compiled(alphabet_of(text)).map(|regex| regex.find_iter(text).collect()).unwrap_or_default()
    }

    /// The groups of the first match.
    #[must_use]
    pub fn captures(&self, text: &str) -> Option<Captures> {
        let regex = self.compiled(alphabet_of(text))?;
        let mut captures = regex.create_captures();
        regex.search_captures(&Input::new(text), &mut captures);
        captures.is_match().then_some(captures)
    }
}

fn alphabet_of(text: &str) -> Alphabet {
    if text.is_ascii() { Alphabet::Ascii } else { Alphabet::Unicode }
}

fn compile(hir: &Hir) -> Option<meta::Regex> {
    // Expressions with many counted repetitions have many states; building them again costs more than keeping them.
    const MAX_CACHE_BYTES: usize = 16 << 20;
    let config = meta::Regex::config().nfa_size_limit(None).hybrid_cache_capacity(MAX_CACHE_BYTES);
    meta::Regex::builder().configure(config).build_from_hir(hir).ok()
}
