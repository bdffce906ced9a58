//! What could not be analyzed, and why. A check that could not run is not a check that passed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Location;

/// Something that could not be analyzed, or that somebody should know about the analysis.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Where; nothing if it concerns the whole run.
    pub location: Option<Location>,
    /// What kind, as a stable name.
    pub kind: DiagnosticKind,
    /// What it means for the result.
    pub level: Level,
    /// What happened, in one line without a full stop; holds no secret and no control character.
    pub reason: String,
    /// The limit that was reached, if it was one.
    pub limit: Option<Limit>,
    /// What to do about it; empty if there is nothing to do.
    pub help: String,
}

impl Diagnostic {
    /// A diagnostic of the kind's usual level, about the whole run.
    #[must_use]
    pub fn new(kind: DiagnosticKind, reason: impl Into<String>) -> Self {
        Self { location: None, kind, level: kind.usual_level(), reason: reason.into(), limit: None, help: String::new() }
    }

    /// The same, about a place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// The same, with the limit that was reached.
    #[must_use]
    pub fn because_of(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The same, with advice.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

/// A named limit and its value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Limit {
    /// Its name, as the documentation lists it: `max-file-bytes`.
    pub name: String,
    /// Its value, in the unit that the name ends in.
    pub value: u64,
}

/// What a diagnostic means for the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Level {
    /// Good to know; the scan is complete.
    Note,
    /// Something was not analyzed: the scan is incomplete.
    Incomplete,
    /// Something that the caller asked for failed: the scan is incomplete, and the caller should change something.
    Error,
}

impl Level {
    /// The lower-case name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Incomplete => "incomplete",
            Self::Error => "error",
        }
    }
}

macro_rules! diagnostic_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $level:ident;)*) => {
        /// The kinds of diagnostic; their names are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum DiagnosticKind { $($(#[$doc])* $variant,)* }

        impl DiagnosticKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name, in kebab-case.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// What a diagnostic of this kind usually means for the result.
            #[must_use]
            pub const fn usual_level(self) -> Level { match self { $(Self::$variant => Level::$level,)* } }
        }
    };
}

diagnostic_kinds! {
    /// A file or directory could not be opened or read.
    Unreadable = "unreadable", Incomplete;
    /// A file is larger than the limit.
    FileTooLarge = "file-too-large", Incomplete;
    /// A directory is nested more deeply than the limit.
    TooDeep = "too-deep", Incomplete;
    /// More files or entries than the limit.
    TooManyEntries = "too-many-entries", Incomplete;
    /// A symbolic link leads out of the scanned root, or to itself.
    LinkNotFollowed = "link-not-followed", Note;
    /// A device, socket or pipe.
    SpecialFile = "special-file", Note;
    /// The text could not be decoded without loss.
    Decoding = "decoding", Note;
    /// An archive that can't be read: broken, encrypted, of an unsupported kind.
    ArchiveUnreadable = "archive-unreadable", Incomplete;
    /// An archive went over a limit of entries, ratio, depth or bytes.
    ArchiveLimit = "archive-limit", Incomplete;
    /// Parts of a file could not be parsed as its language.
    PartlyParsed = "partly-parsed", Incomplete;
    /// A manifest or lock file, or an entry of it, can't be read: components are missing.
    ManifestUnreadable = "manifest-unreadable", Incomplete;
    /// Something about a component is not known: its version, or what it depends on.
    DependencyUnresolved = "dependency-unresolved", Note;
    /// Infrastructure code refers to code that is not there: a module, a chart, a base.
    InfrastructureUnresolved = "infrastructure-unresolved", Note;
    /// Components were not checked for known vulnerabilities: there are no advisories, or they can't be used.
    AdvisoriesMissing = "advisories-missing", Incomplete;
    /// An engine stopped at a limit of its own: matches, findings, time.
    EngineLimit = "engine-limit", Incomplete;
    /// A policy of the caller's was stopped because it ran too long.
    PolicyTimeout = "policy-timeout", Incomplete;
    /// An engine failed on a file; this is a bug of Bartizan.
    EnginePanic = "engine-panic", Incomplete;
    /// Configuration, a baseline, an ignore file or a code-owners file can't be used as it is.
    Configuration = "configuration", Error;
    /// A rule can't be used as it is.
    Rule = "rule", Error;
    /// A suppression that is expired, that lacks something, or that suppresses nothing.
    Suppression = "suppression", Note;
    /// The repository under scan asked for more than the caller's policy allows.
    Policy = "policy", Note;
    /// The result cache could not be used.
    Cache = "cache", Note;
    /// The file's version control could not be asked.
    VersionControl = "version-control", Error;
    /// Something that should never happen happened; this is a bug of Bartizan.
    Internal = "internal", Incomplete;
}

impl fmt::Display for DiagnosticKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
