//! What OSV's records mean: <https://ossf.github.io/osv-schema>.
//!
//! Pure logic. This module knows nothing about JSON, files, or where records come from.

mod ecosystem;
mod range;

pub use ecosystem::Ecosystem;
pub use range::{Affected, End, Event, Interval, Range, RangeKind};
