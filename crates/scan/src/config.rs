//! Configuration: the organization's policy, the repository's file, and what holds in the end.
//!
//! Later may narrow, not loosen: the policy is the caller's, the repository's file is part of what is scanned and does only
//! what the policy allows. Whatever is refused becomes a diagnostic that names the line.
//!
//! This module knows neither a clock nor where files are; it is given text.

mod deps;
mod file;
mod limits;
mod merge_deps;
mod schema;
mod settings;
pub(crate) mod spelling;
mod suppression;
mod understand;
mod yaml;

use std::collections::BTreeMap;

use bartizan_core::{Confidence, RuleId, Severity};

pub use self::{
    deps::{DepsSettings, LicenceException, LicenceLists, LicenceSettings, UnknownLicence},
    limits::LimitKey,
    schema::{config_schema, policy_schema},
    settings::{Flags, Origin, Setting, Settings},
    yaml::ConfigProblem,
};
pub(crate) use self::{
    file::Choice,
    suppression::{ConfiguredSuppression, Source},
    yaml::At,
};

/// The largest configuration file that is read, in bytes.
pub const MAX_CONFIG_BYTES: usize = 1 << 20;

/// The most suppressions that one file may hold.
pub const MAX_SUPPRESSIONS: usize = 10_000;

/// What an organization asks of every scan, and what it lets repositories decide.
///
/// Without one, a repository may narrow its scan as it likes.
///
/// ```
/// use bartizan_scan::Policy;
/// let problems = Policy::read("policy.yaml", b"fail-on: hihg\nalow: {}\n").unwrap_err();
/// assert_eq!(problems.len(), 2);
/// assert_eq!(problems[1].to_string(), "policy.yaml:2:1: unknown key `alow`; did you mean `allow`?");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub(crate) config: Config,
    pub(crate) allow: Allow,
}

impl Policy {
    /// Reads a policy; `file` names it in messages.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it. A policy with errors is not used in part: its author meant something stricter.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Vec<ConfigProblem>> {
        let (config, allow) = understand::read(file, bytes, Source::Policy)?;
        Ok(Self { config, allow })
    }

    /// The addresses that advisories come from.
    #[must_use]
    pub fn mirrors(&self) -> &[String] {
        &self.config.mirrors
    }
}

/// What a repository's own file says.
#[derive(Debug, Clone, Default)]
pub struct RepositoryConfig {
    pub(crate) config: Config,
}

impl RepositoryConfig {
    /// Where the file is, below the repository's root.
    pub const PATH: &'static str = ".bartizan/config.yaml";

    /// Reads the file; `file` names it in messages.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Vec<ConfigProblem>> {
        let (config, _) = understand::read(file, bytes, Source::Repository)?;
        Ok(Self { config })
    }
}

/// What a file says, understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct Config {
    pub(crate) engines: BTreeMap<String, At<bool>>,
    pub(crate) disabled_rules: Vec<At<RuleId>>,
    pub(crate) excludes: Vec<At<String>>,
    pub(crate) min_severity: Option<At<Severity>>,
    pub(crate) min_confidence: Option<At<Confidence>>,
    pub(crate) fail_on: Option<At<Severity>>,
    pub(crate) limits: BTreeMap<LimitKey, At<u64>>,
    pub(crate) trust: Trust,
    pub(crate) deps: deps::DepsConfig,
    pub(crate) suppressions: Vec<ConfiguredSuppression>,
    pub(crate) mirrors: Vec<String>,
}

/// Which marks in comments are honored.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trust {
    pub(crate) inline_suppressions: Option<At<bool>>,
    pub(crate) inline_without_reason: Option<At<bool>>,
    pub(crate) foreign_marks: Option<At<bool>>,
}

/// What the repository's file may do.
#[derive(Debug, Clone)]
pub(crate) struct Allow {
    pub(crate) exclude: bool,
    pub(crate) disable_engines: Choice,
    pub(crate) disable_rules: Choice,
    pub(crate) suppress: Choice,
    pub(crate) max_suppression_days: Option<u32>,
    pub(crate) min_severity: Severity,
    pub(crate) min_confidence: Confidence,
    pub(crate) limits: bool,
    pub(crate) registries: bool,
}

impl Default for Allow {
    fn default() -> Self {
        Self {
            exclude: true,
            disable_engines: Choice::All,
            disable_rules: Choice::All,
            suppress: Choice::All,
            max_suppression_days: None,
            min_severity: Severity::Critical,
            min_confidence: Confidence::High,
            limits: true,
            registries: true,
        }
    }
}

#[cfg(test)]
mod tests;
