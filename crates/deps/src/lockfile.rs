//! Lock files: which exact versions were resolved, one format a module.

pub(crate) mod bun;
pub(crate) mod cargo;
pub(crate) mod composer;
pub(crate) mod gemfile;
pub(crate) mod go_mod;
pub(crate) mod go_sum;
pub(crate) mod go_work;
pub(crate) mod npm;
pub(crate) mod pdm;
pub(crate) mod pipfile;
pub(crate) mod pnpm;
pub(crate) mod poetry;
pub(crate) mod pylock;
pub(crate) mod requirements;
pub(crate) mod uv;
pub(crate) mod vendor_modules;
pub(crate) mod yarn;
