//! Records as OSV publishes them, in JSON or YAML: as much of them as matching needs.

use serde::Deserialize;

use super::{Affected, Ecosystem, Event, Range, RangeKind};
use crate::version::Scheme;

/// A record: what is known of one vulnerability, or of one malicious package.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Its name, such as `GO-2023-1571`.
    pub id: String,
    /// Names of the same thing elsewhere.
    pub aliases: Vec<String>,
    /// Whether it was taken back, so that it affects nothing.
    pub is_withdrawn: bool,
    /// When it was changed for the last time, RFC 3339.
    pub modified: String,
    /// What is wrong, in one line; may be empty.
    pub summary: String,
    /// What is wrong, at length; Markdown.
    pub details: String,
    /// Vectors of CVSS.
    pub severities: Vec<String>,
    /// Weaknesses by number.
    pub cwe: Vec<u32>,
    /// Why it was published, if not because of a vulnerability: `unmaintained`, `unsound`, `notice`; else empty.
    pub informational: String,
    /// Addresses of pages about it.
    pub references: Vec<String>,
    /// What it affects.
    pub packages: Vec<AffectedPackage>,
}

/// Why a text is no record.
#[derive(Debug, thiserror::Error)]
#[error("this is no record of an advisory: {0}")]
pub struct InvalidRecord(String);

impl InvalidRecord {
    pub(crate) fn because(reason: &str) -> Self {
        Self(reason.to_owned())
    }
}

/// A package that a record affects.
#[derive(Debug, Clone)]
pub struct AffectedPackage {
    /// Where it lives, as OSV writes it: `Debian:12`.
    pub ecosystem: String,
    /// Its name there.
    pub name: String,
    /// Which of its versions.
    pub affected: Affected,
    /// Vectors of CVSS for this package, where they differ from those of the record.
    pub severities: Vec<String>,
    /// The parts of it that are affected; all of it, if none are named.
    pub symbols: Vec<AffectedSymbols>,
}

/// A part of a package that is affected.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Deserialize)]
pub struct AffectedSymbols {
    /// Its path to import: `golang.org/x/net/html`, `crate::module`.
    pub path: String,
    /// The functions of it; all, if none are named.
    #[serde(default)]
    pub symbols: Vec<String>,
}

impl Record {
    /// Reads a record in JSON.
    pub fn from_json(text: &[u8]) -> Result<Self, InvalidRecord> {
        serde_json::from_slice(text).map(Self::from_wire).map_err(|error| InvalidRecord(error.to_string()))
    }

    /// Reads a record in YAML.
    pub fn from_yaml(text: &str) -> Result<Self, InvalidRecord> {
        serde_saphyr::from_str(text).map(Self::from_wire).map_err(|error| InvalidRecord(error.to_string()))
    }

    fn from_wire(record: WireRecord) -> Self {
        let packages = record.affected.iter().filter_map(AffectedPackage::from_wire).collect();
        let informational = record.affected.iter().find_map(|affected| affected.database_specific.informational.clone());
        Self {
            informational: informational.unwrap_or_default(),
            id: record.id,
            aliases: record.aliases,
            is_withdrawn: record.withdrawn.is_some_and(|date| !date.is_empty()),
            modified: record.modified,
            summary: record.summary,
            details: record.details,
            severities: vectors(record.severity),
            cwe: record.database_specific.cwe(),
            references: record.references.into_iter().map(|reference| reference.url).collect(),
            packages,
        }
    }
}

impl AffectedPackage {
    fn from_wire(affected: &WireAffected) -> Option<Self> {
        let package = affected.package.as_ref()?;
        let ecosystem = Ecosystem::new(&package.ecosystem);
        let events: Vec<(RangeKind, Vec<Event<'_>>)> =
            affected.ranges.iter().map(|range| (range.kind.into(), range.events.iter().flat_map(WireEvent::events).collect())).collect();
        let ranges: Vec<Range<'_>> = events.iter().map(|(kind, events)| Range { kind: *kind, events }).collect();
        let versions = affected.versions.iter().map(String::as_str);
        Some(Self {
            ecosystem: package.ecosystem.clone(),
            name: package.name.clone(),
            affected: Affected::new(scheme(ecosystem), &ranges, versions),
            severities: vectors(affected.severity.clone()),
            symbols: affected.ecosystem_specific.symbols(),
        })
    }
}

fn vectors(severities: Vec<WireSeverity>) -> Vec<String> {
    severities.into_iter().filter(|severity| severity.kind.starts_with("CVSS")).map(|severity| severity.score).collect()
}

/// Of ecosystems without an order that is known, Semantic Versioning comes closest.
pub(crate) fn scheme(ecosystem: Ecosystem<'_>) -> Scheme {
    ecosystem.scheme().unwrap_or(Scheme::SemVer)
}

#[derive(Deserialize)]
struct WireRecord {
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    aliases: Vec<String>,
    #[serde(default)]
    withdrawn: Option<String>,
    #[serde(default)]
    modified: String,
    #[serde(default, deserialize_with = "or_default")]
    summary: String,
    #[serde(default, deserialize_with = "or_default")]
    details: String,
    #[serde(default, deserialize_with = "or_default")]
    severity: Vec<WireSeverity>,
    #[serde(default, deserialize_with = "or_default")]
    references: Vec<WireReference>,
    #[serde(default, deserialize_with = "or_default")]
    database_specific: WireDatabase,
    #[serde(default, deserialize_with = "or_default")]
    affected: Vec<WireAffected>,
}

/// What is `null` is as good as absent.
fn or_default<'de, D: serde::Deserializer<'de>, T: Default + Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Deserialize)]
struct WireAffected {
    #[serde(default)]
    package: Option<WirePackage>,
    #[serde(default, deserialize_with = "or_default")]
    ranges: Vec<WireRange>,
    #[serde(default, deserialize_with = "or_default")]
    versions: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    severity: Vec<WireSeverity>,
    #[serde(default, deserialize_with = "or_default")]
    ecosystem_specific: WireSpecific,
    #[serde(default, deserialize_with = "or_default")]
    database_specific: WireAffectedDatabase,
}

/// What RustSec's records have beside the schema.
#[derive(Deserialize, Default)]
struct WireAffectedDatabase {
    #[serde(default)]
    informational: Option<String>,
}

#[derive(Deserialize, Clone)]
struct WireSeverity {
    #[serde(rename = "type")]
    kind: String,
    score: String,
}

#[derive(Deserialize)]
struct WireReference {
    url: String,
}

/// What GitHub's records have beside the schema.
#[derive(Deserialize, Default)]
struct WireDatabase {
    #[serde(default, deserialize_with = "or_default")]
    cwe_ids: Vec<String>,
}

impl WireDatabase {
    fn cwe(&self) -> Vec<u32> {
        self.cwe_ids.iter().filter_map(|id| id.strip_prefix("CWE-")?.parse().ok()).collect()
    }
}

/// What Go's records (`imports`) and RustSec's (`affects`) have beside the schema.
#[derive(Deserialize, Default)]
struct WireSpecific {
    #[serde(default, deserialize_with = "or_default")]
    imports: Vec<AffectedSymbols>,
    #[serde(default, deserialize_with = "or_default")]
    affects: WireAffects,
}

#[derive(Deserialize, Default)]
struct WireAffects {
    #[serde(default, deserialize_with = "or_default")]
    functions: Vec<String>,
}

impl WireSpecific {
    fn symbols(&self) -> Vec<AffectedSymbols> {
        let of_function = |function: &String| {
            let (path, name) = function.rsplit_once("::").unwrap_or(("", function));
            AffectedSymbols { path: path.to_owned(), symbols: vec![name.to_owned()] }
        };
        self.imports.iter().cloned().chain(self.affects.functions.iter().map(of_function)).collect()
    }
}

#[derive(Deserialize)]
struct WirePackage {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct WireRange {
    #[serde(rename = "type")]
    kind: WireKind,
    #[serde(default)]
    events: Vec<WireEvent>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum WireKind {
    SemVer,
    Ecosystem,
    Git,
    /// Of a later schema.
    #[serde(other)]
    Unknown,
}

impl From<WireKind> for RangeKind {
    fn from(kind: WireKind) -> Self {
        match kind {
            WireKind::SemVer => Self::SemVer,
            WireKind::Ecosystem => Self::Ecosystem,
            // Of neither an order is known.
            WireKind::Git | WireKind::Unknown => Self::Git,
        }
    }
}

#[derive(Deserialize)]
struct WireEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

impl WireEvent {
    /// One event, as the schema has it; old records have two in one.
    fn events(&self) -> impl Iterator<Item = Event<'_>> {
        let events = [
            self.introduced.as_deref().map(Event::Introduced),
            self.fixed.as_deref().map(Event::Fixed),
            self.last_affected.as_deref().map(Event::LastAffected),
            self.limit.as_deref().map(Event::Limit),
        ];
        events.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        advisory::{Segment, SegmentBuilder},
        osv::MatchBy,
    };

    const RECORD: &str = r#"{"id": "TST-1", "aliases": ["CVE-2000-1"], "summary": "x", "affected": [
        {"package": {"ecosystem": "PyPI", "name": "Some.Name", "purl": "pkg:pypi/some-name"},
         "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.2"}]}, {"type": "GIT", "repo": "x", "events": [{"introduced": "0"}]}],
         "versions": ["2.0"]},
        {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}]},
        {"package": {"ecosystem": "Debian:12", "name": "some"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}]}"#;

    fn check(ecosystem: &str, name: &str, version: &str, by: MatchBy, is_found: bool) {
        let mut builder = SegmentBuilder::default();
        builder.add(Record::from_json(RECORD.as_bytes()).unwrap());
        let withdrawn =
            "id: TST-2\nwithdrawn: '2020-01-01T00:00:00Z'\naffected:\n- package: {ecosystem: PyPI, name: some-name}\n  versions: ['1.0']\n";
        builder.add(Record::from_yaml(withdrawn).unwrap());
        let segment = Segment::open(builder.build(ecosystem).index).unwrap();
        let found = segment.matching_by(Ecosystem::new(ecosystem), name, version, by);
        assert_eq!(found.iter().map(|hit| hit.advisory.id()).collect::<Vec<_>>(), if is_found { vec!["TST-1"] } else { vec![] });
    }

    #[test]
    fn packages_are_found_by_any_of_their_names() {
        check("PyPI", "some_name", "1.1", MatchBy::VersionsAndRanges, true);
        check("PyPI", "some_name", "1.2", MatchBy::VersionsAndRanges, false);
        check("PyPI", "some_name", "2.0.0", MatchBy::VersionsAndRanges, true);
        check("PyPI", "some_name", "2.0.0", MatchBy::Ranges, false);
        check("Debian:12", "some", "1", MatchBy::Ranges, true);
        check("Debian:11", "some", "1", MatchBy::Ranges, false);
        check("npm", "some-name", "1.1", MatchBy::Ranges, false);
    }

    #[test]
    fn what_is_no_record_is_refused() {
        assert!(Record::from_json(b"[]").is_err());
        assert!(Record::from_yaml("affected: []").is_err());
    }
}
