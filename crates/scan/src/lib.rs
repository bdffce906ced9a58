//! One pass over a project: which engines look at which files, and what becomes of what they find.
//!
//! [`scan`] discovers files, shows each to every interested engine once, and makes one report of what they say: suppressed
//! as comments, configuration and baseline decide, merged by identity, with the owners of every place. Nothing in the scanned
//! tree is trusted: configuration in it narrows a scan as far as the caller's [`Policy`] allows, and that is said.
//!
//! Engines are not known here but as [`bartizan_source::Analyzer`]s. Clocks, random numbers and terminals are the caller's.

mod baseline;
mod budget;
mod cache;
mod config;
mod date;
mod edits;
mod excerpt;
mod fix;
mod merge;
mod pass;
mod project;
mod remarks;
mod request;
mod suppress;
mod visit;
mod workers;

pub use baseline::{Baseline, BaselineError};
pub use cache::{CacheSettings, KeptBytes};
pub use config::{
    ConfigProblem, DepsSettings, Flags, LicenceException, LicenceLists, LicenceSettings, LimitKey, MAX_CONFIG_BYTES, MAX_SUPPRESSIONS,
    Origin, Policy, RepositoryConfig, Setting, Settings, UnknownLicence, config_schema, policy_schema,
};
pub use date::{Date, InvalidDate};
pub use edits::{TextEdit, apply, choose};
pub use fix::{Fixed, Fixing, Refusal, fix};
pub use pass::{effective, scan};
pub use request::{Outcome, Progress, Request, ScanError};
