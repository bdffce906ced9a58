//! What a project depends on, and what is known about it.

pub mod osv;
pub mod version;
