//! Semgrep's generic matching: words and punctuation in blocks.
//!
//! A text is a sequence of atoms: words of ASCII letters, digits and `_`, and single bytes of everything else but blanks. Lines
//! that are indented more than those before form a block; what stands between brackets that pair within one line forms one too.
//! A pattern has blocks by indentation only. Its flat parts run through blocks of the text as though those weren't there; an
//! indented part must be a block in the text as well.

mod atoms;
mod matcher;
mod pattern;

pub(super) use self::{atoms::Atoms, pattern::Pattern};
