//! What holds in the end: policy, repository file and flags, merged.

use std::{collections::BTreeMap, fmt};

use bartizan_core::{Confidence, Diagnostic, DiagnosticKind, Location, RuleId, Severity};
use bartizan_source::Limits;

use super::{Allow, At, Config, ConfiguredSuppression, DepsSettings, LimitKey, Policy, RepositoryConfig, Source, merge_deps};
use crate::Date;

/// What the command line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags {
    /// Findings of a lower severity are left out.
    pub min_severity: Option<Severity>,
    /// Findings that are less sure are left out.
    pub min_confidence: Option<Confidence>,
    /// An open finding of this severity or a higher one fails the scan.
    pub fail_on: Option<Severity>,
}

/// What holds for a scan.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Engines that are turned off.
    pub(crate) disabled_engines: BTreeMap<String, Origin>,
    /// Rules whose findings are left out.
    pub(crate) disabled_rules: BTreeMap<RuleId, Origin>,
    /// Patterns of files that are left out: those of the repository first, so that nothing in it wins over the caller's.
    pub(crate) excludes: Vec<(At<String>, Origin)>,
    pub(crate) min_severity: Option<(Severity, Origin)>,
    pub(crate) min_confidence: Option<(Confidence, Origin)>,
    pub(crate) fail_on: Option<(Severity, Origin)>,
    pub(crate) limits: BTreeMap<LimitKey, (u64, Origin)>,
    pub(crate) honors_inline: (bool, Origin),
    pub(crate) honors_inline_without_reason: (bool, Origin),
    pub(crate) honors_foreign: (bool, Origin),
    /// Of which rules the repository may suppress findings.
    pub(crate) suppressible: super::Choice,
    pub(crate) suppressions: Vec<ConfiguredSuppression>,
    deps: DepsSettings,
    /// The same, as people read it.
    explained_deps: Vec<Setting>,
}

/// Where a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Origin {
    /// Nobody set it.
    #[default]
    Usual,
    /// A line of the policy.
    Policy(Location),
    /// A line of the repository's file.
    Repository(Location),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (owner, location) = match self {
            Self::Usual => return f.write_str("default"),
            Self::Flag => return f.write_str("command line"),
            Self::Policy(location) => ("policy", location),
            Self::Repository(location) => ("repository", location),
        };
        write!(f, "{owner}, {}", location.artifact)?;
        location.region().map_or(Ok(()), |region| write!(f, ":{}", region.start.line))
    }
}

/// One setting, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its key, as files spell it.
    pub key: String,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl Settings {
    /// Merges what everybody says. Without a repository file, marks in comments are not honored either.
    #[must_use]
    pub fn merge(policy: &Policy, repository: Option<&RepositoryConfig>, flags: Flags, today: Date) -> (Self, Vec<Diagnostic>) {
        let nothing = Config::default();
        let mut merger = Merger {
            policy: &policy.config,
            allow: &policy.allow,
            repository: repository.map_or(&nothing, |repository| &repository.config),
            flags,
            today,
            refusals: Vec::new(),
        };
        let mut settings = Self {
            disabled_engines: merger.disabled_engines(),
            disabled_rules: merger.disabled_rules(),
            excludes: merger.excludes(),
            min_severity: None,
            min_confidence: merger.min_confidence(),
            fail_on: merger.fail_on(),
            limits: merger.limits(),
            honors_inline: merger.trust(|config| &config.trust.inline_suppressions, "inline-suppressions"),
            honors_inline_without_reason: merger.trust(|config| &config.trust.inline_without_reason, "inline-without-reason"),
            honors_foreign: merger.trust(|config| &config.trust.foreign_marks, "foreign-marks"),
            suppressible: policy.allow.suppress.clone(),
            suppressions: merger.suppressions(),
            deps: merger.deps(),
            explained_deps: Vec::new(),
        };
        settings.explained_deps = merge_deps::explain(&merger.policy.deps, &merger.repository.deps, &settings.deps);
        settings.min_severity = merger.min_severity(settings.fail_on.as_ref());
        (settings, merger.refusals)
    }

    /// What holds for the supply chain.
    #[must_use]
    pub const fn deps(&self) -> &DepsSettings {
        &self.deps
    }

    /// Turns everything off that comes from the tree under scan: its marks in comments.
    pub(crate) fn ignore_marks(&mut self) {
        self.honors_inline = (false, Origin::Flag);
        self.honors_foreign = (false, Origin::Flag);
    }

    /// Lowers limits to what is set.
    pub(crate) fn lower(&self, limits: &mut Limits) {
        for (key, (value, _)) in &self.limits {
            key.lower(limits, *value);
        }
    }

    /// Every setting with its value and origin, in a fixed order.
    #[must_use]
    pub fn explain(&self) -> Vec<Setting> {
        let setting = |key: &str, value: String, origin: &Origin| Setting { key: key.to_owned(), value, origin: origin.clone() };
        fn or_none<T: fmt::Display>(value: Option<&(T, Origin)>) -> (String, Origin) {
            value.map_or(("none".to_owned(), Origin::Usual), |(value, origin)| (value.to_string(), origin.clone()))
        }
        let mut all = Vec::new();
        for (key, (value, origin)) in [
            ("fail-on", or_none(self.fail_on.as_ref())),
            ("min-severity", or_none(self.min_severity.as_ref())),
            ("min-confidence", or_none(self.min_confidence.as_ref())),
        ] {
            all.push(setting(key, value, &origin));
        }
        for (key, (value, origin)) in [
            ("trust.inline-suppressions", &self.honors_inline),
            ("trust.inline-without-reason", &self.honors_inline_without_reason),
            ("trust.foreign-marks", &self.honors_foreign),
        ] {
            all.push(setting(key, value.to_string(), origin));
        }
        all.extend(self.disabled_engines.iter().map(|(engine, origin)| setting(&format!("engines.{engine}"), "false".to_owned(), origin)));
        all.extend(self.disabled_rules.iter().map(|(rule, origin)| setting("disable-rules", rule.to_string(), origin)));
        all.extend(self.excludes.iter().map(|(pattern, origin)| setting("exclude", pattern.value.clone(), origin)));
        let usual = Limits::default();
        for key in LimitKey::ALL {
            let (value, origin) = self.limits.get(key).cloned().unwrap_or((key.of(&usual), Origin::Usual));
            all.push(setting(&format!("limits.{}", key.as_str()), value.to_string(), &origin));
        }
        all.extend(self.explained_deps.iter().cloned());
        all.extend(self.suppressions.iter().map(|entry| {
            let what =
                entry.rule.as_ref().map_or_else(|| entry.fingerprint.map_or(String::new(), |id| id.to_string()), ToString::to_string);
            let until = entry.expires.map_or(String::new(), |date| format!(" until {date}"));
            setting("suppressions", format!("{what}{until}: {}", entry.reason), &origin(entry.source, &entry.location))
        }));
        all
    }
}

pub(super) struct Merger<'a> {
    pub(super) policy: &'a Config,
    pub(super) allow: &'a Allow,
    pub(super) repository: &'a Config,
    flags: Flags,
    pub(super) today: Date,
    pub(super) refusals: Vec<Diagnostic>,
}

impl Merger<'_> {
    fn disabled_engines(&mut self) -> BTreeMap<String, Origin> {
        let off = |config: &Config, source| -> BTreeMap<String, Origin> {
            let engines = config.engines.iter().filter(|(_, is_on)| !is_on.value);
            engines.map(|(name, at)| (name.clone(), origin(source, &at.location))).collect()
        };
        let mut disabled = off(self.policy, Source::Policy);
        for (name, at) in &self.repository.engines {
            let is_required = self.policy.engines.get(name).is_some_and(|at| at.value);
            if at.value && disabled.contains_key(name) {
                self.refuse(at, &format!("turn the engine `{name}` on"));
            } else if !at.value && (is_required || !self.allow.disable_engines.contains(name)) {
                self.refuse(at, &format!("turn the engine `{name}` off"));
            } else if !at.value {
                disabled.entry(name.clone()).or_insert_with(|| origin(Source::Repository, &at.location));
            }
        }
        disabled
    }

    fn disabled_rules(&mut self) -> BTreeMap<RuleId, Origin> {
        let by_policy = self.policy.disabled_rules.iter().map(|at| (at.value.clone(), origin(Source::Policy, &at.location)));
        let mut disabled: BTreeMap<RuleId, Origin> = by_policy.collect();
        for at in &self.repository.disabled_rules {
            if self.allow.disable_rules.contains(at.value.as_str()) {
                disabled.entry(at.value.clone()).or_insert_with(|| origin(Source::Repository, &at.location));
            } else {
                self.refuse(at, &format!("turn the rule `{}` off", at.value));
            }
        }
        disabled
    }

    fn excludes(&mut self) -> Vec<(At<String>, Origin)> {
        let mut excludes = Vec::new();
        for at in &self.repository.excludes {
            if self.allow.exclude {
                excludes.push((at.clone(), origin(Source::Repository, &at.location)));
            } else {
                self.refuse(at, &format!("leave out files: `{}`", at.value));
            }
        }
        excludes.extend(self.policy.excludes.iter().map(|at| (at.clone(), origin(Source::Policy, &at.location))));
        excludes
    }

    /// The strictest of all.
    fn fail_on(&mut self) -> Option<(Severity, Origin)> {
        let by_policy = self.policy.fail_on.as_ref().map(|at| (at.value, origin(Source::Policy, &at.location)));
        if let (Some((policy, _)), Some(at)) = (&by_policy, &self.repository.fail_on)
            && *policy < at.value
        {
            self.refuse(at, &format!("fail on `{}` alone: the policy fails on `{policy}`", at.value));
        }
        let by_repository = self.repository.fail_on.as_ref().map(|at| (at.value, origin(Source::Repository, &at.location)));
        let by_flag = self.flags.fail_on.map(|severity| (severity, Origin::Flag));
        by_policy.into_iter().chain(by_repository).chain(by_flag).min_by_key(|(severity, _)| *severity)
    }

    /// The flag, else the higher one of policy and repository; never so high that it hides what the policy fails on.
    fn min_severity(&mut self, fail_on: Option<&(Severity, Origin)>) -> Option<(Severity, Origin)> {
        let by_policy = self.policy.min_severity.as_ref().map(|at| (at.value, origin(Source::Policy, &at.location)));
        let by_repository = self.repository.min_severity.as_ref().map(|at| {
            let value = at.value.min(self.allow.min_severity);
            (value, origin(Source::Repository, &at.location))
        });
        if let Some(at) = self.repository.min_severity.as_ref().filter(|at| self.allow.min_severity < at.value) {
            let allowed = self.allow.min_severity;
            self.refuse(at, &format!("leave out findings below `{}`: the policy allows `{allowed}` at most", at.value));
        }
        let by_flag = self.flags.min_severity.map(|severity| (severity, Origin::Flag));
        let merged = by_flag.or_else(|| by_policy.into_iter().chain(by_repository).max_by_key(|(severity, _)| *severity));
        let gate = fail_on.filter(|(_, origin)| matches!(origin, Origin::Policy(_)));
        match (merged, gate) {
            (Some((floor, _)), Some((gate, by_policy))) if *gate < floor => Some((*gate, by_policy.clone())),
            (merged, _) => merged,
        }
    }

    /// The flag, else the higher one of policy and repository.
    fn min_confidence(&mut self) -> Option<(Confidence, Origin)> {
        let by_policy = self.policy.min_confidence.as_ref().map(|at| (at.value, origin(Source::Policy, &at.location)));
        if let Some(at) = self.repository.min_confidence.as_ref().filter(|at| self.allow.min_confidence < at.value) {
            let allowed = self.allow.min_confidence;
            self.refuse(at, &format!("leave out findings less sure than `{}`: the policy allows `{allowed}` at most", at.value));
        }
        let by_repository = self.repository.min_confidence.as_ref().map(|at| {
            let value = at.value.min(self.allow.min_confidence);
            (value, origin(Source::Repository, &at.location))
        });
        let by_flag = self.flags.min_confidence.map(|confidence| (confidence, Origin::Flag));
        by_flag.or_else(|| by_policy.into_iter().chain(by_repository).max_by_key(|(confidence, _)| *confidence))
    }

    /// The lowest of all.
    fn limits(&mut self) -> BTreeMap<LimitKey, (u64, Origin)> {
        let by_policy = self.policy.limits.iter().map(|(key, at)| (*key, (at.value, origin(Source::Policy, &at.location))));
        let mut limits: BTreeMap<LimitKey, (u64, Origin)> = by_policy.collect();
        for (key, at) in &self.repository.limits {
            if !self.allow.limits {
                self.refuse(at, &format!("lower the limit `{}`", key.as_str()));
                continue;
            }
            let ours = (at.value, origin(Source::Repository, &at.location));
            let merged = limits.get(key).filter(|known| known.0 <= at.value).cloned().unwrap_or(ours);
            limits.insert(*key, merged);
        }
        limits
    }

    /// On, unless somebody says no; a repository can't say yes where the policy says no.
    fn trust(&mut self, key: impl Fn(&Config) -> &Option<At<bool>>, name: &str) -> (bool, Origin) {
        match (key(self.policy), key(self.repository)) {
            (Some(policy), repository) if !policy.value => {
                if let Some(at) = repository.as_ref().filter(|at| at.value) {
                    let at = at.clone();
                    self.refuse(&at, &format!("turn `trust.{name}` on"));
                }
                (false, origin(Source::Policy, &policy.location))
            }
            (_, Some(repository)) => (repository.value, origin(Source::Repository, &repository.location)),
            (Some(policy), None) => (policy.value, origin(Source::Policy, &policy.location)),
            (None, None) => (true, Origin::Usual),
        }
    }

    fn suppressions(&mut self) -> Vec<ConfiguredSuppression> {
        let mut suppressions = self.policy.suppressions.clone();
        for entry in &self.repository.suppressions {
            let at = At { value: (), location: entry.location.clone() };
            let name = entry.rule.as_ref().map_or("", RuleId::as_str);
            // An entry that names a finding alone may be of any rule: the finding's own is asked when it is applied.
            if entry.rule.is_some() && !self.allow.suppress.contains(name) {
                self.refuse(&at, &format!("suppress findings of `{name}`"));
                continue;
            }
            if entry.rule.is_none() && self.allow.suppress == super::Choice::None {
                self.refuse(&at, "suppress findings");
                continue;
            }
            if let Some(max_days) = self.allow.max_suppression_days {
                let days = entry.expires.map(|expires| expires.days_since(self.today));
                if days.is_none_or(|days| i64::from(max_days) < days) {
                    self.refuse(&at, &format!("suppress findings for more than {max_days} days: set `expires`"));
                    continue;
                }
            }
            suppressions.push(entry.clone());
        }
        suppressions
    }

    pub(super) fn refuse<T>(&mut self, at: &At<T>, what: &str) {
        let diagnostic = Diagnostic::new(DiagnosticKind::Policy, format!("the policy does not let the repository {what}"));
        self.refusals.push(diagnostic.at(at.location.clone()).with_help("remove the line, or ask who keeps the policy"));
    }
}

pub(super) fn origin(source: Source, location: &Location) -> Origin {
    match source {
        Source::Policy => Origin::Policy(location.clone()),
        Source::Repository => Origin::Repository(location.clone()),
    }
}
