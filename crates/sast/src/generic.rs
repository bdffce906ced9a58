//! Finds patterns in any text: Semgrep's language `generic`.
//!
//! A [`Pattern`] is text in which `$X` stands for a word, `...` for anything within limits, and `$...X` for anything with a name.
//! There are two matchers, between which a rule chooses ([`GenericEngine`]); both see words, punctuation and brackets, not the
//! syntax of a language. What they find is what Semgrep finds; how they get there is not, so that the time grows with the text
//! instead of exploding, and so that no nesting overflows a stack.
//!
//! A [`Document`] is a text that is prepared once for all patterns with the same options:
//!
//! ```
//! use bartizan_sast::generic::{Document, GenericOptions, Pattern};
//!
//! let options = GenericOptions::default();
//! let pattern = Pattern::parse("proxy_pass http://$HOST ... ;", &options)?;
//! let document = Document::parse("location / {\n  proxy_pass http://backend:80;\n}\n", &options);
//!
//! let search = pattern.find(&document);
//! let found = &search.matches[0];
//! assert_eq!(&document.text()[found.range.clone()], "proxy_pass http://backend:80;");
//! assert_eq!(&document.text()[found.captures[0].range.clone()], "backend");
//! # Ok::<(), bartizan_sast::generic::PatternError>(())
//! ```
//!
//! This module knows nothing about rules or files. Which files to search is the caller's choice: see [`TextKind`].

mod aliengrep;
mod comments;
mod options;
mod spacegrep;
mod text_kind;

use std::{borrow::Cow, ops::Range, sync::Arc};

use self::{
    aliengrep::{Alphabet, Target},
    spacegrep::Atoms,
};
pub use self::{
    options::{CommentStyle, GenericEngine, GenericOptions},
    text_kind::TextKind,
};

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Where would one end and the other begin?
    #[error("an ellipsis with a name can't follow another ellipsis: byte {at}")]
    AdjacentEllipses {
        /// Where the second one stands in the pattern.
        at: usize,
    },
    /// What would the name stand for?
    #[error("`$X`, `$...X` and `$....X` can't be mixed for one name: `{name}` at byte {at}")]
    MixedMetavariable {
        /// The name, without its dollar.
        name: String,
        /// Where the second form stands in the pattern.
        at: usize,
    },
    /// Only aliengrep refuses such a pattern.
    #[error("a pattern of blanks matches everywhere")]
    Empty,
    /// An option names a character that the matcher doesn't tell apart.
    #[error("braces and word characters must be ASCII: `{character}`")]
    WideCharacter {
        /// The character.
        character: char,
    },
    /// An option makes one character part of words and a brace.
    #[error("a brace can't be part of words: `{character}`")]
    BraceInWord {
        /// The brace.
        character: char,
    },
    /// An option makes one character open or close two pairs.
    #[error("a brace can't belong to two pairs: `{character}`")]
    RepeatedBrace {
        /// The brace.
        character: char,
    },
    /// More than anybody writes.
    #[error("a pattern has at most {max} words and characters")]
    TooLong {
        /// How many are allowed.
        max: usize,
    },
}

/// A pattern.
#[derive(Debug, Clone)]
pub struct Pattern {
    program: Program,
    options: GenericOptions,
}

#[derive(Debug, Clone)]
enum Program {
    Spacegrep(spacegrep::Pattern),
    Aliengrep(aliengrep::Pattern),
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the pattern or with the options.
    pub fn parse(text: &str, options: &GenericOptions) -> Result<Self, PatternError> {
        let program = match options.engine {
            GenericEngine::Spacegrep => Program::Spacegrep(spacegrep::Pattern::parse(text)?),
            GenericEngine::Aliengrep => Program::Aliengrep(aliengrep::Pattern::parse(text, options)?),
        };
        Ok(Self { program, options: options.clone() })
    }

    /// Words that a text must contain, or else there is no match.
    #[must_use]
    pub fn required_words(&self) -> Vec<&str> {
        match &self.program {
            Program::Spacegrep(pattern) => pattern.required_words(),
            Program::Aliengrep(pattern) => pattern.required_words(),
        }
    }

    /// Finds the matches in a text, in the order of their beginnings.
    ///
    /// No two matches of spacegrep begin or end at the same place, but they may overlap; those of aliengrep don't overlap.
    pub fn find(&self, document: &Document<'_>) -> Search {
        match (&self.program, &document.content) {
            (Program::Spacegrep(pattern), Content::Atoms(atoms)) => pattern.find(atoms, &document.text, self.options.ellipsis_max_span),
            (Program::Aliengrep(pattern), Content::Target(target)) => pattern.find(target, &document.text),
            (_, Content::TooLarge) => Search { matches: Vec::new(), limit: Some(Limit::Size) },
            // The document was made with other options.
            (Program::Spacegrep(_), Content::Target(_)) | (Program::Aliengrep(_), Content::Atoms(_)) => {
                self.find(&Document::parse(document.original, &self.options))
            }
        }
    }
}

/// A text that is ready to be searched.
#[derive(Debug, Clone)]
pub struct Document<'t> {
    original: &'t str,
    text: Cow<'t, str>,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Atoms(Atoms),
    Target(Target),
    TooLarge,
}

impl<'t> Document<'t> {
    /// Texts that are longer than this are not searched.
    pub const MAX_BYTES: usize = 1 << 30;

    /// Prepares a text for patterns with the given options; see [`GenericOptions::for_document`].
    #[must_use]
    pub fn parse(original: &'t str, options: &GenericOptions) -> Self {
        let mut text = Cow::Borrowed(original);
        if Self::MAX_BYTES < original.len() {
            return Self { original, text, content: Content::TooLarge };
        }
        let content = match options.engine {
            GenericEngine::Spacegrep => {
                text = options.comment_style.map_or(text, |style| comments::blank(original, style));
                Content::Atoms(Atoms::new(&text))
            }
            // Options that are wrong have no pattern that would be searched for.
            GenericEngine::Aliengrep => {
                Alphabet::new(options).map_or(Content::TooLarge, |alphabet| Content::Target(Target::new(original, alphabet)))
            }
        };
        Self { original, text, content }
    }

    /// The text that is searched: without comments, where they are to be ignored. Offsets are those of the original.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// What a search found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Search {
    /// The matches.
    pub matches: Vec<GenericMatch>,
    /// The limit that ended the search too early.
    pub limit: Option<Limit>,
}

impl Search {
    /// How many matches a search has at most.
    pub const MAX_MATCHES: usize = 100_000;
}

/// A limit that was reached: what lies behind was not searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The pattern leaves too many choices in this text.
    Steps,
    /// [`Search::MAX_MATCHES`].
    Matches,
    /// [`Document::MAX_BYTES`].
    Size,
}

/// A match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GenericMatch {
    /// Bytes from the beginning of the first token to the end of the last one.
    pub range: Range<usize>,
    /// What the metavariables stand for, in the order of the pattern.
    pub captures: Vec<Capture>,
}

/// What a metavariable stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    /// As the pattern writes it: `$X`, `$...X`.
    pub name: Arc<str>,
    /// Bytes of the first place that it stands for.
    pub range: Range<usize>,
}

/// As a range of a slice.
fn byte_range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

#[cfg(test)]
mod tests;
