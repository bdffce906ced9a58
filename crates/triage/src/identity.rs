//! Whether what a scan saw is what is known already: identity decided by comparison, not by a hash.
//!
//! A hash of a finding breaks when any part of what went into it changes, and gives two findings one name when nothing in it tells
//! them apart. Here every occurrence keeps a [`Sighting`], a row of small numbers that says what it looked like; a new scan's
//! sightings are compared with those of the last complete one, one to one ([`matching`]), and what is exported as a fingerprint is
//! the name of a decision that was taken.
//!
//! - [`SourceLines`] makes the parts of a sighting from the text of a file, if there is one: snippet, neighbours, scope.
//! - [`LineMap`] says where lines of a file went, by the hunks of a difference or by two texts.
//! - [`matching`] compares; [`explain`] says why a sighting was matched as it was, and what else it could have been.
//! - [`correlation`] is about several tools in one snapshot: which of their findings are one weakness.
//!
//! Nothing here knows how findings are stored, or where texts and differences come from.

pub mod correlation;
mod digest;
mod explain;
mod line_map;
mod matcher;
mod scope;
mod sighting;
mod source_lines;
mod tokens;
mod union;

pub use self::{
    digest::Digest,
    explain::{Candidate, Explanation, WhyNot, explain},
    line_map::{Hunk, LineMap},
    matcher::{Changes, Decision, Match, Matching, Tier, Verdict, matching},
    sighting::{Looks, Neighbours, PathKey, Place, Scope, Sighting, Subject, SubjectKind, ToolFingerprint},
    source_lines::SourceLines,
    tokens::{Similarity, Tokens},
};
