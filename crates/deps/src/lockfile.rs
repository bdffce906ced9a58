//! Lock files: which exact versions were resolved, one format a module.

pub(crate) mod cargo;
pub(crate) mod gradle;
pub(crate) mod gradle_verification;
pub(crate) mod npm;
pub(crate) mod nuget;
