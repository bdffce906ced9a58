//! References: what builds and deployments name without a lock file, one kind of file a module.

pub(crate) mod compose;
pub(crate) mod dockerfile;
pub(crate) mod git_modules;
pub(crate) mod github_actions;
mod image;
pub(crate) mod kubernetes;
pub(crate) mod licence_text;
mod shell;
