//! Parsing within limits.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    ops::ControlFlow,
};

use tree_sitter::{ParseOptions, ParseState, Parser};

pub use tree_sitter::Tree;

use crate::Grammar;

/// The longest text that is parsed, in bytes.
pub const MAX_TREE_BYTES: usize = 16 << 20;

/// How often the parser may report progress without having moved on, before it is stopped: it is a measure of steps, not of
/// time, so that the same text always ends the same way.
///
/// Code that people write takes up to 20 for each KiB, rows of one-digit numbers take 60.
const MAX_CALLS_PER_KIB: usize = 150;
const MIN_CALLS: usize = 2_000;

/// The text is read in pieces, because how often they are read tells how often the lexer goes over the same text: a scanner may
/// look for the end of something at every word. Code that people write takes up to 24 reads for each piece.
const PIECE_BYTES: usize = 8 << 10;
const MAX_READS_PER_PIECE: usize = 200;
const MIN_READS: usize = 1_000;

/// Why there is no tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The text is longer than [`MAX_TREE_BYTES`].
    #[error("the text has more than {MAX_TREE_BYTES} bytes")]
    TooLong,
    /// The parser was stopped, because it took too many steps for a text of this length.
    #[error("the parser took too many steps")]
    TooManySteps,
    /// The grammar does not fit the parser; a bug.
    #[error("the grammar `{0}` can't be loaded")]
    Grammar(&'static str),
}

thread_local! {
    static PARSERS: RefCell<HashMap<Grammar, Parser>> = RefCell::new(HashMap::new());
}

/// Parses a text. Errors in the text are nodes of the tree; there is a tree for every text within the limits.
///
/// ```
/// use bartizan_syntax::{Grammar, parse};
/// let tree = parse(Grammar::Python, "print(1)").unwrap();
/// assert_eq!(tree.root_node().kind(), "module");
/// ```
///
/// # Errors
/// If the text is too long, or the parser was stopped.
pub fn parse(grammar: Grammar, text: &str) -> Result<Tree, ParseError> {
    if MAX_TREE_BYTES < text.len() {
        return Err(ParseError::TooLong);
    }
    PARSERS.with(|parsers| {
        let mut parsers = parsers.borrow_mut();
        let parser = match parsers.entry(grammar) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let mut parser = Parser::new();
                parser.set_language(&grammar.language()).map_err(|_| ParseError::Grammar(grammar.as_str()))?;
                entry.insert(parser)
            }
        };
        let bytes = text.as_bytes();
        let mut n_calls = 0_usize;
        let max_calls = MIN_CALLS.saturating_add(bytes.len() / 1024 * MAX_CALLS_PER_KIB);
        let n_reads = Cell::new(0_usize);
        let max_reads = MIN_READS.saturating_add(bytes.len() / PIECE_BYTES * MAX_READS_PER_PIECE);
        let mut progress = |_: &ParseState| {
            n_calls += 1;
            if max_calls < n_calls || max_reads < n_reads.get() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let mut read = |offset: usize, _| {
            n_reads.set(n_reads.get().saturating_add(1));
            let end = (offset / PIECE_BYTES + 1).saturating_mul(PIECE_BYTES).min(bytes.len());
            // Behind the last read the text ends, until the parser asks whether to go on.
            bytes.get(offset..end).filter(|_| n_reads.get() <= max_reads).unwrap_or_default()
        };
        let tree = parser.parse_with_options(&mut read, None, Some(options));
        parser.reset();
        // A tree of a text that was cut is none.
        tree.filter(|_| n_reads.get() <= max_reads).ok_or(ParseError::TooManySteps)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grammar_loads_and_parses() {
        for &grammar in Grammar::ALL {
            assert!(parse(grammar, "a\n").is_ok(), "{grammar:?}");
            assert!(parse(grammar, "").is_ok(), "{grammar:?}");
        }
    }

    #[test]
    fn text_over_the_limit_is_refused() {
        assert_eq!(parse(Grammar::Json, &" ".repeat(MAX_TREE_BYTES + 1)).err(), Some(ParseError::TooLong));
    }

    #[test]
    fn text_that_is_read_over_and_over_is_given_up() {
        // The scanner looks for the end of a comment at each of these.
        let text = "match a with b -> ".repeat(10_000);
        assert_eq!(parse(Grammar::Lua, &text).err(), Some(ParseError::TooManySteps));
        // What people write is not.
        let text = "local a = {1, 2, 3}\n".repeat(20_000);
        assert!(parse(Grammar::Lua, &text).is_ok());
    }

    #[test]
    fn deeply_nested_brackets_end() {
        let _ = parse(Grammar::JavaScript, &"[".repeat(100_000));
    }
}
