//! Licences: what authors write as expressions of SPDX, which of them a project lets in, and which one a text is.
//!
//! This is no legal advice. What can't be understood is unknown, never allowed.

mod conclude;
mod normal;
mod policy;
pub(crate) mod text;

pub(crate) use self::conclude::conclude;
pub use self::{
    normal::normalize,
    policy::{Exception, Lists, Policy, Unknown, Verdict},
    text::detect,
};
