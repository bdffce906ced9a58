//! Lock files: which exact versions were resolved, one format a module.

pub(crate) mod cargo;
pub(crate) mod npm;
