//! What OSV's records mean: <https://ossf.github.io/osv-schema>.
//!
//! This module knows nothing about files, or where records come from.

mod ecosystem;
mod range;
mod record;
mod write;

pub use ecosystem::Ecosystem;
pub use range::{Affected, End, Event, Interval, MatchBy, Range, RangeKind};
pub(crate) use record::scheme;
pub use record::{AffectedPackage, AffectedSymbols, InvalidRecord, Record};
