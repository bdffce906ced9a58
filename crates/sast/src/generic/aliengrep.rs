//! Semgrep's other generic matching, `generic_engine: aliengrep`: words, punctuation and brackets, without regard to indentation.
//!
//! What a pattern means is defined by a regular expression with recursive groups, whose calls are atomic. Atomic means that an
//! ellipsis steps over one node at a time, a word, a pair of brackets with what is inside, or another character, and that there
//! is one way only to do so. That makes the nodes of a text a property of the text, found in one pass from its end.

mod alphabet;
mod brackets;
mod matcher;
mod pattern;
mod target;

pub(super) use self::{alphabet::Alphabet, pattern::Pattern, target::Target};
