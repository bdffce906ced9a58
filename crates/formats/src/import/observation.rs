//! What another tool says of one weakness.

use bartizan_core::{Confidence, Severity};
use serde::{Deserialize, Serialize};

/// What another tool says of one weakness. What it does not say is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observation {
    /// The family of tools that says it: [`Importer::family`](super::Importer::family).
    pub tool: String,
    /// What the tool calls the rule, or the flaw.
    pub rule: String,
    /// What is wrong, in a line.
    pub title: String,
    /// What is wrong here, at length.
    pub message: String,
    /// How bad it is, where the tool says it in words or numbers that are known.
    pub severity: Option<Severity>,
    /// How bad it is, as the tool says it.
    pub severity_word: String,
    /// How sure the tool is.
    pub confidence: Option<Confidence>,
    /// Numbers of weaknesses in CWE, each once.
    pub cwe: Vec<u32>,
    /// Names of flaws: CVE, GHSA and others, each once.
    pub ids: Vec<String>,
    /// Where it is.
    pub place: Place,
    /// Where it is as well.
    pub also: Vec<Place>,
    /// What has the flaw.
    pub component: Option<Component>,
    /// What the tool knows it by from one report to the next.
    pub fingerprints: Vec<Fingerprint>,
    /// The code that is wrong; never one with a credential in it, where the tool says that it is one.
    pub snippet: String,
    /// The way that data takes.
    pub flow: Vec<Step>,
    /// What to do.
    pub fix: String,
    /// Where more is said.
    pub references: Vec<String>,
    /// How bad it is by CVSS, in the versions that the tool gives.
    pub scores: Vec<Score>,
    /// How often the tool saw it, if it counted instead of telling each.
    pub occurrences: Option<u32>,
    /// What was decided about it, as far as the tool knows.
    pub verdict: Verdict,
    /// When it was seen first, as the tool writes it.
    pub first_seen: String,
    /// Words that the tool gives it.
    pub tags: Vec<String>,
}

/// Where a weakness is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// The tool does not say it.
    #[default]
    Unknown,
    /// In a file.
    File(FilePlace),
    /// At a route of a service.
    Endpoint(Endpoint),
    /// On a machine.
    Host(Host),
    /// In a resource of a cloud, a cluster or an account.
    Resource(Resource),
    /// In an image of a container, by its name.
    Image(String),
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FilePlace {
    /// The path, with `/`, relative to the root of the project where the report tells it.
    pub path: String,
    /// From 1.
    pub line: Option<u32>,
    /// From 1.
    pub column: Option<u32>,
    /// From 1, included.
    pub end_line: Option<u32>,
    /// From 1, excluded.
    pub end_column: Option<u32>,
}

/// A route of a service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// As far as it is known.
    pub url: String,
    /// Of HTTP.
    pub method: String,
    /// What carries the attack.
    pub parameter: String,
}

/// A machine, and a service on it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Host {
    /// A name or an address.
    pub name: String,
    /// The port of the service.
    pub port: Option<u32>,
    /// Its protocol.
    pub protocol: String,
}

/// A resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Resource {
    /// Its name, or its identifier in the cloud.
    pub id: String,
    /// What kind of thing it is.
    pub kind: String,
    /// Where it is: an account, a region, a namespace.
    pub within: String,
}

/// What has a flaw.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its package URL.
    pub purl: String,
    /// In which version the flaw is gone.
    pub fixed_version: String,
}

/// What a tool knows something by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// How it is made; values of different algorithms are never compared.
    pub algorithm: String,
    /// The value.
    pub value: String,
}

/// A step of the way that data takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Where.
    pub place: FilePlace,
    /// What happens there.
    pub message: String,
}

/// How bad something is by CVSS.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Score {
    /// The vector, if it is one.
    pub vector: String,
    /// From 0 to 10.
    pub score: Option<f64>,
}

/// What was decided about something, as far as the tool knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Verdict {
    /// Nothing.
    #[default]
    Open,
    /// Somebody marked it, and does not say why.
    Suppressed,
    /// It is wrong.
    FalsePositive,
    /// It is right, and somebody lives with it.
    Accepted,
    /// It does no harm here.
    NotAffected,
    /// It is gone.
    Fixed,
}

impl Verdict {
    /// As reports say it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Suppressed => "suppressed",
            Self::FalsePositive => "false-positive",
            Self::Accepted => "accepted",
            Self::NotAffected => "not-affected",
            Self::Fixed => "fixed",
        }
    }
}

impl Place {
    /// A place in a file; unknown if there is no path. The path is put into the form that all have.
    pub(super) fn file(path: &str, line: Option<u32>) -> Self {
        let path = super::path::normal(path);
        if path.is_empty() { Self::Unknown } else { Self::File(FilePlace { path, line, ..FilePlace::default() }) }
    }

    /// A route, by its URL.
    pub(super) fn url(url: &str) -> Self {
        Self::endpoint(url, "", "")
    }

    /// A route; unknown if there is no URL.
    pub(super) fn endpoint(url: &str, method: &str, parameter: &str) -> Self {
        if url.is_empty() {
            return Self::Unknown;
        }
        Self::Endpoint(Endpoint { url: url.to_owned(), method: method.to_owned(), parameter: parameter.to_owned() })
    }

    /// A machine; unknown if it has no name.
    pub(super) fn host(name: &str, port: Option<u32>, protocol: &str) -> Self {
        if name.is_empty() {
            return Self::Unknown;
        }
        Self::Host(Host { name: name.to_owned(), port: port.filter(|port| *port != 0), protocol: protocol.to_ascii_lowercase() })
    }

    /// A resource; unknown if it has no name.
    pub(super) fn resource(id: &str, kind: &str, within: &str) -> Self {
        if id.is_empty() {
            return Self::Unknown;
        }
        Self::Resource(Resource { id: id.to_owned(), kind: kind.to_owned(), within: within.to_owned() })
    }

    /// An image; unknown if it has no name.
    pub(super) fn image(name: &str) -> Self {
        if name.is_empty() { Self::Unknown } else { Self::Image(name.to_owned()) }
    }

    /// The same with columns and an end, if it is in a file.
    pub(super) fn to(self, column: Option<u32>, end_line: Option<u32>, end_column: Option<u32>) -> Self {
        match self {
            Self::File(file) => Self::File(FilePlace { column, end_line, end_column, ..file }),
            Self::Unknown | Self::Endpoint(_) | Self::Host(_) | Self::Resource(_) | Self::Image(_) => self,
        }
    }

    /// This, or another one if nothing is known.
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::Unknown { other } else { self }
    }
}

impl Component {
    /// A component; nothing if it has no name.
    pub(super) fn of(name: &str, version: &str) -> Option<Self> {
        Self::fixed(name, version, "")
    }

    /// A component, and in which version the flaw is gone.
    pub(super) fn fixed(name: &str, version: &str, fixed_version: &str) -> Option<Self> {
        let component =
            Self { name: name.to_owned(), version: version.to_owned(), purl: String::new(), fixed_version: fixed_version.to_owned() };
        (!name.is_empty()).then_some(component)
    }

    /// A component by its package URL; the name is what `fallback` says if it is none.
    pub(super) fn purl(purl: &str, fallback_name: &str, fallback_version: &str) -> Option<Self> {
        let Ok(url) = purl.parse::<crate::purl::PackageUrl>() else { return Self::of(fallback_name, fallback_version) };
        let name = if fallback_name.is_empty() { url.name() } else { fallback_name };
        let version = if fallback_version.is_empty() { url.version().unwrap_or_default() } else { fallback_version };
        Some(Self { purl: purl.to_owned(), ..Self::of(name, version)? })
    }
}

impl Fingerprint {
    /// What a tool calls something, under the name of the way it is made; nothing if it is empty.
    pub(super) fn list(algorithm: &str, value: &str) -> Vec<Self> {
        let fingerprint = Self { algorithm: algorithm.to_owned(), value: value.to_owned() };
        if value.is_empty() { Vec::new() } else { vec![fingerprint] }
    }
}

impl Score {
    /// What a vector and a number say; nothing if there is neither.
    pub(super) fn list(vector: &str, score: Option<f64>) -> Vec<Self> {
        let score = score.filter(|score| 0.0 <= *score && *score <= 10.0);
        if vector.is_empty() && score.is_none() {
            return Vec::new();
        }
        let computed = crate::cvss::Cvss::parse(vector).ok().map(|cvss| cvss.base_score());
        vec![Self { vector: vector.to_owned(), score: score.or(computed) }]
    }
}
