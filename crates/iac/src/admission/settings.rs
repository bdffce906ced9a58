//! How strict admission is, and where.
//!
//! ```yaml
//! mode: enforce              # enforce, warn, audit or off, for namespaces that are not named below
//! refuse: high               # findings of this severity, or a higher one, keep an object out
//! warn: medium               # … are told to whoever applies it
//! onError: refuse            # what becomes of an object that can't be judged: refuse or allow
//! ownNamespace: bartizan     # never judged
//! leaveOut: [kube-system]    # never judged, either; these three if it is not said
//! strict: false              # whether rules of the profile `strict` run
//! rules: {only: [], skip: [image-tag-mutable]}
//! namespaces:                # the first pattern that fits counts
//! - {name: dev-*, mode: warn}
//! - {name: payment, refuse: medium}
//! ```
//!
//! Labels of a namespace can make it stricter, never the other way round: whoever may label a namespace need not be the one who
//! decides about its security. They are `bartizan/admission` with a mode, and those of Pod Security Admission, whose `enforce` is
//! what the rule `pod-below-enforced-level` judges.

use std::collections::BTreeSet;

use bartizan_core::Severity;
use globset::{Glob, GlobMatcher};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::rule::{self, IacRule};

/// The label of a namespace that says a mode.
pub(super) const MODE_LABEL: &str = "bartizan/admission";
/// Namespaces that a cluster can't do without.
pub(super) const SYSTEM_NAMESPACES: [&str; 3] = ["kube-node-lease", "kube-public", "kube-system"];
/// So many namespaces may be named.
const MAX_NAMESPACES: usize = 10_000;

/// What a finding leads to in a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// To nothing: objects are not judged.
    Off,
    /// To an event.
    Audit,
    /// To a warning.
    Warn,
    /// To a refusal, if it is bad enough.
    #[default]
    Enforce,
}

/// How strict admission is, and where.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    file: File,
    patterns: Vec<(GlobMatcher, Namespace)>,
}

/// Why settings can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// They can't be read.
    #[error("the settings can't be read: {0}")]
    Syntax(String),
    /// A pattern of namespaces can't be used.
    #[error("`{pattern}` is no pattern of namespaces: {reason}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A severity is none.
    #[error("`{0}` is no severity: expected info, low, medium, high or critical")]
    Severity(String),
    /// A rule is named that does not exist.
    #[error("there is no rule `{0}` that objects of Kubernetes are judged by")]
    UnknownRule(String),
}

/// How a namespace is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Treatment {
    pub(super) mode: Mode,
    pub(super) refuse: Severity,
    pub(super) warn: Severity,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct File {
    mode: Mode,
    refuse: String,
    warn: String,
    on_error: OnError,
    own_namespace: String,
    leave_out: Vec<String>,
    strict: bool,
    rules: Rules,
    namespaces: Vec<Namespace>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum OnError {
    #[default]
    Refuse,
    Allow,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Rules {
    only: Vec<String>,
    skip: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Namespace {
    name: String,
    mode: Option<Mode>,
    refuse: Option<String>,
    warn: Option<String>,
}

impl Default for File {
    fn default() -> Self {
        Self {
            mode: Mode::default(),
            refuse: "high".to_owned(),
            warn: "medium".to_owned(),
            on_error: OnError::default(),
            own_namespace: "bartizan".to_owned(),
            leave_out: SYSTEM_NAMESPACES.map(str::to_owned).to_vec(),
            strict: false,
            rules: Rules::default(),
            namespaces: Vec::new(),
        }
    }
}

impl Mode {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Audit => "audit",
            Self::Warn => "warn",
            Self::Enforce => "enforce",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Off, Self::Audit, Self::Warn, Self::Enforce].into_iter().find(|mode| mode.as_str() == name)
    }
}

impl Settings {
    /// Reads settings: YAML of the form that is shown above.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let file: File = serde_saphyr::from_str(text).map_err(|error| SettingsError::Syntax(error.to_string()))?;
        if MAX_NAMESPACES < file.namespaces.len() {
            return Err(SettingsError::Syntax(format!("more than {MAX_NAMESPACES} namespaces are named")));
        }
        let severities = [&file.refuse, &file.warn].into_iter();
        let of_namespaces = file.namespaces.iter().flat_map(|namespace| namespace.refuse.iter().chain(&namespace.warn));
        for name in severities.chain(of_namespaces) {
            name.parse::<Severity>().map_err(|_| SettingsError::Severity(name.clone()))?;
        }
        let pattern = |namespace: &Namespace| {
            let pattern = namespace.name.clone();
            match Glob::new(&pattern) {
                Ok(glob) => Ok((glob.compile_matcher(), namespace.clone())),
                Err(error) => Err(SettingsError::Pattern { pattern, reason: error.kind().to_string() }),
            }
        };
        let patterns = file.namespaces.iter().map(pattern).collect::<Result<_, _>>()?;
        Ok(Self { file, patterns })
    }

    /// The namespace that the server itself runs in.
    #[must_use]
    pub fn own_namespace(&self) -> &str {
        &self.file.own_namespace
    }

    /// Namespaces whose objects are never judged, sorted.
    #[must_use]
    pub fn left_out(&self) -> BTreeSet<&str> {
        let own = std::iter::once(self.own_namespace()).filter(|name| !name.is_empty());
        self.file.leave_out.iter().map(String::as_str).chain(own).collect()
    }

    /// Whether single namespaces are treated otherwise than all others.
    pub(super) fn has_namespaces(&self) -> bool {
        !self.patterns.is_empty()
    }

    /// Whether an object that can't be judged comes in.
    #[must_use]
    pub fn fails_open(&self) -> bool {
        self.file.on_error == OnError::Allow
    }

    pub(super) fn is_left_out(&self, namespace: &str) -> bool {
        !namespace.is_empty() && (namespace == self.own_namespace() || self.file.leave_out.iter().any(|name| name == namespace))
    }

    /// The rules that objects are judged by.
    pub(super) fn rules(&self) -> Result<Vec<&'static IacRule>, SettingsError> {
        let Rules { only, skip } = &self.file.rules;
        let of_kubernetes = || rule::built_in().iter().filter(|rule| rule.provider() == "kubernetes");
        let is_named = |rule: &IacRule, names: &[String]| {
            names.iter().any(|name| rule.id.as_str() == name || rule.aliases.iter().any(|alias| alias == name))
        };
        for name in only.iter().chain(skip) {
            let names = std::slice::from_ref(name);
            if !of_kubernetes().any(|rule| is_named(rule, names)) {
                return Err(SettingsError::UnknownRule(name.clone()));
            }
        }
        let is_chosen = |rule: &&IacRule| {
            let is_asked_for = if only.is_empty() { self.file.strict || !rule.is_strict } else { is_named(rule, only) };
            is_asked_for && !rule.needs_project && !is_named(rule, skip)
        };
        Ok(of_kubernetes().filter(is_chosen).collect())
    }

    /// How a namespace is treated. `object` is the namespace itself, if it is known.
    pub(super) fn treatment(&self, namespace: &str, object: Option<&Json>) -> Treatment {
        let named = self.patterns.iter().find(|(pattern, _)| !namespace.is_empty() && pattern.is_match(namespace)).map(|(_, named)| named);
        let severity = |own: Option<&String>, general: &str, default| own.map_or(general, String::as_str).parse().unwrap_or(default);
        let label = object.and_then(|object| object.get("metadata")?.get("labels")?.get(MODE_LABEL)?.as_str()).and_then(Mode::named);
        let said = named.and_then(|named| named.mode).unwrap_or(self.file.mode);
        Treatment {
            mode: said.max(label.unwrap_or(Mode::Off)),
            refuse: severity(named.and_then(|named| named.refuse.as_ref()), &self.file.refuse, Severity::High),
            warn: severity(named.and_then(|named| named.warn.as_ref()), &self.file.warn, Severity::Medium),
        }
    }
}
