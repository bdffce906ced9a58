//! The Pod Security Standards: which level a pod reaches, by any version of them.
//!
//! Source: <https://kubernetes.io/docs/concepts/security/pod-security-standards/>, and the reference implementation, whose test
//! manifests this is tested with. What a control demands has changed over time; each says in [`controls`] since when it demands what.

mod controls;

use std::str::FromStr;

use super::pod::{Container, Pod};
use crate::{Cause, Place, kubernetes::field::Field};
use controls::CONTROLS;
pub(crate) use controls::{is_baseline_capability, is_container_type, is_safe_sysctl};

/// A version of the standards: that of Kubernetes 1.x which introduced it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(u16);

/// How much a pod is held back. Each level allows less than the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Anything goes.
    Privileged,
    /// No known way to take over the node.
    Baseline,
    /// What is known to harden a pod.
    Restricted,
}

/// What a pod does that a level forbids.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Violation {
    /// The level that forbids it first.
    pub(crate) level: Level,
    /// The control, by the name of the field that it is about.
    pub(crate) control: &'static str,
    /// The container, if it is one that does.
    pub(crate) container: Option<String>,
    /// Where; nowhere if something is missing.
    pub(crate) place: Place,
    /// What it does, in words.
    pub(crate) message: String,
}

/// How a pod stands against the standards.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assessment {
    /// The strictest level that it reaches, as far as all is known.
    pub(crate) level: Level,
    /// Everything that keeps it from the next levels.
    pub(crate) violations: Vec<Violation>,
    /// Why something of it is not known, by the level that depends on it.
    pub(crate) unknown: Option<(Level, Cause, Place)>,
}

/// What controls note of a pod.
pub(super) struct Offences {
    level: Level,
    control: &'static str,
    violations: Vec<Violation>,
    unknown: Option<(Level, Cause, Place)>,
}

/// Judges a pod by all controls of a version.
#[must_use]
pub(crate) fn level(pod: &Pod<'_>, version: Version) -> Assessment {
    let active = || CONTROLS.iter().filter(|control| control.since <= version && control.until.is_none_or(|until| version < until));
    let mut offences = Offences { level: Level::Baseline, control: "", violations: Vec::new(), unknown: None };
    if let Some((cause, place)) = pod.unknown() {
        offences.unknown = Some((Level::Baseline, cause, place));
    }
    let (mut is_baseline, mut is_restricted) = (true, true);
    for control in active() {
        (offences.level, offences.control) = (control.level, control.name);
        let n_before = offences.violations.len();
        (control.judge)(pod, version, &mut offences);
        if n_before == offences.violations.len() {
            continue;
        }
        is_baseline &= control.level != Level::Baseline;
        // A stricter control of the restricted level may speak for one of the baseline.
        is_restricted &= active().any(|other| other.overrides == Some(control.name));
    }
    let level = match (is_restricted, is_baseline) {
        (true, _) => Level::Restricted,
        (false, true) => Level::Baseline,
        (false, false) => Level::Privileged,
    };
    Assessment { level, violations: offences.violations, unknown: offences.unknown }
}

impl Version {
    /// The newest, whatever it is.
    pub(crate) const LATEST: Self = Self(u16::MAX);

    /// The version of Kubernetes 1.`minor`.
    pub(crate) const fn minor(minor: u16) -> Self {
        Self(minor)
    }
}

impl FromStr for Version {
    type Err = String;

    /// `v1.25`, `1.25` or `latest`, as labels of namespaces say it.
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "latest" {
            return Ok(Self::LATEST);
        }
        let minor = text.strip_prefix('v').unwrap_or(text).strip_prefix("1.").and_then(|minor| minor.parse().ok());
        minor.map(Self).ok_or_else(|| format!("expected `latest` or a version such as `v1.30`: {text}"))
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "privileged" => Ok(Self::Privileged),
            "baseline" => Ok(Self::Baseline),
            "restricted" => Ok(Self::Restricted),
            other => Err(format!("expected `privileged`, `baseline` or `restricted`: {other}")),
        }
    }
}

impl Level {
    /// Its name.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }
}

impl Offences {
    /// Something that a container, or else the pod, does.
    fn add(&mut self, container: Option<&Container<'_>>, place: Place, what: &str) {
        self.violations.push(Violation {
            level: self.level,
            control: self.control,
            container: container.map(Container::name),
            place,
            message: container.map_or_else(|| format!("the pod {what}"), |container| container.says(what)),
        });
    }

    /// Something that is not known.
    fn unknown(&mut self, cause: Cause, place: Place) {
        if self.unknown.as_ref().is_none_or(|(level, ..)| self.level < *level) {
            self.unknown = Some((self.level, cause, place));
        }
    }

    /// A field that must not be set to something bad; absent is allowed.
    fn must_not<T>(&mut self, container: Option<&Container<'_>>, field: Field<T>, is_bad: impl FnOnce(&T) -> bool, what: &str) {
        match field {
            Field::Is(value, place) if is_bad(&value) => self.add(container, place, what),
            Field::Is(..) | Field::Absent => {}
            Field::Unknown(cause, place) => self.unknown(cause, place),
        }
    }
}

#[cfg(test)]
mod tests;
