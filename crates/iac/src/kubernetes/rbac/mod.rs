//! Rights: what roles allow, to whom they are bound, and where that leads.
//!
//! Limits are on purpose: rights that are given elsewhere (by a cloud, by other repositories) are not known, so that a path that is
//! shown exists, and one that is not shown may exist all the same.

mod checks;
mod model;
mod path;
mod ways;

pub(crate) use checks::CHECKS;
pub(crate) use ways::{Step, Way, ways};
