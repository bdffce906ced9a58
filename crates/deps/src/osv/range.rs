//! Which versions are affected: <https://ossf.github.io/osv-schema/#affectedranges-field>.

use std::sync::OnceLock;

use crate::version::{Scheme, Version};

/// How the versions of a range are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeKind {
    /// By Semantic Versioning.
    SemVer,
    /// As the ecosystem orders them.
    Ecosystem,
    /// Commits, which only their repository can order.
    Git,
}

/// A point where versions begin or cease to be affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// The first version that is affected; `0` is before all versions.
    Introduced(&'a str),
    /// The first version that is not affected any more.
    Fixed(&'a str),
    /// The last version that is affected.
    LastAffected(&'a str),
    /// Where the range ends for a repository's branches; bounds commits only.
    Limit(&'a str),
}

/// Events in any order.
#[derive(Debug, Clone, Copy)]
pub struct Range<'a> {
    /// How its versions are ordered.
    pub kind: RangeKind,
    /// What happens in it.
    pub events: &'a [Event<'a>],
}

/// Where an interval ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Nowhere: there is no fix.
    Never,
    /// Before this version, which is fixed.
    Before(Version),
    /// With this version.
    Through(Version),
}

/// Versions without a gap between them that are affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The first version; nothing if all before the end are affected.
    pub start: Option<Version>,
    /// Where it ends.
    pub end: End,
}

/// The versions of a package that a record is about, ready for questions.
#[derive(Debug, Clone)]
pub struct Affected {
    intervals: Vec<Interval>,
    listed: Listed,
}

/// Versions that are listed one by one, in their order. Most questions are answered by looking at a few of them.
#[derive(Debug, Clone)]
struct Listed {
    scheme: Scheme,
    /// As they are written; empty if all of them were read already.
    texts: Vec<Box<str>>,
    versions: OnceLock<Vec<Version>>,
}

impl Interval {
    /// The intervals of a range, in ascending order and without overlaps. Commits have no order, and so no intervals.
    pub fn of(range: Range<'_>, scheme: Scheme) -> Vec<Self> {
        let scheme = match range.kind {
            RangeKind::Git => return Vec::new(),
            RangeKind::SemVer => semantic(scheme),
            RangeKind::Ecosystem => scheme,
        };
        let mut steps: Vec<Step> = range.events.iter().filter_map(|event| Step::of(*event, scheme)).collect();
        // A stable sort: of events at one version the record's order counts.
        steps.sort_by(|one, other| (&one.version, one.is_after).cmp(&(&other.version, other.is_after)));

        let mut intervals = Vec::new();
        let mut start: Option<Option<Version>> = None;
        for step in steps {
            if step.begins {
                start.get_or_insert(step.version);
            } else if let Some(begun) = start.take()
                && let Some(version) = step.version
            {
                let end = if step.is_after { End::Through(version) } else { End::Before(version) };
                intervals.push(Self { start: begun, end });
            }
        }
        intervals.extend(start.map(|start| Self { start, end: End::Never }));
        intervals
    }

    /// Whether a version is in it. One of another scheme is read again.
    pub fn contains(&self, version: &Version) -> bool {
        let is_started = self.start.as_ref().is_none_or(|start| start.compare(&version.read_as(start.scheme())).is_le());
        is_started
            && match &self.end {
                End::Never => true,
                End::Before(end) => end.compare(&version.read_as(end.scheme())).is_gt(),
                End::Through(end) => end.compare(&version.read_as(end.scheme())).is_ge(),
            }
    }

    /// The version that is not affected any more.
    pub fn fixed(&self) -> Option<&Version> {
        match &self.end {
            End::Before(version) => Some(version),
            End::Never | End::Through(_) => None,
        }
    }
}

impl Affected {
    /// The union of ranges and of single versions.
    pub fn new<'v>(scheme: Scheme, ranges: &[Range<'_>], versions: impl IntoIterator<Item = &'v str>) -> Self {
        let mut versions: Vec<Version> = versions.into_iter().map(|version| Version::new(scheme, version)).collect();
        versions.sort_unstable();
        let listed = Listed { scheme, texts: Vec::new(), versions: OnceLock::from(versions) };
        Self { intervals: ranges.iter().flat_map(|range| Interval::of(*range, scheme)).collect(), listed }
    }

    /// The intervals of all ranges; those of different ranges may overlap.
    pub fn intervals(&self) -> &[Interval] {
        &self.intervals
    }

    /// The versions that are listed one by one, in order.
    pub fn versions(&self) -> &[Version] {
        self.listed.versions()
    }

    /// Puts together what was taken apart before: intervals, and versions in any order.
    pub fn of_parts(intervals: Vec<Interval>, mut versions: Vec<Version>) -> Self {
        versions.sort_unstable();
        // Of no versions the scheme is never asked.
        let scheme = versions.first().map_or(Scheme::SemVer, Version::scheme);
        Self { intervals, listed: Listed { scheme, texts: Vec::new(), versions: OnceLock::from(versions) } }
    }

    /// The same of versions in their order, as they are written; each is read when it is needed.
    pub(crate) fn of_sorted(intervals: Vec<Interval>, scheme: Scheme, texts: &[&str]) -> Self {
        let texts = texts.iter().map(|text| Box::from(*text)).collect();
        Self { intervals, listed: Listed { scheme, texts, versions: OnceLock::new() } }
    }

    /// Whether a version is affected.
    pub fn contains(&self, version: &Version) -> bool {
        self.contains_by(version, MatchBy::VersionsAndRanges)
    }

    /// Whether a version is affected, by what of the record decides.
    pub fn contains_by(&self, version: &Version, by: MatchBy) -> bool {
        let is_listed = match by {
            MatchBy::VersionsAndRanges => self.lists(version),
            MatchBy::Ranges => false,
        };
        is_listed || self.intervals.iter().any(|interval| interval.contains(version))
    }

    /// Whether the version is one of those that are listed.
    pub fn lists(&self, version: &Version) -> bool {
        match self.listed.versions.get() {
            Some(versions) => {
                let from = versions.partition_point(|listed| listed < version);
                versions.iter().skip(from).take_while(|listed| *listed == version).any(|listed| is_same(listed, version))
            }
            None => self.listed.has(version),
        }
    }
}

impl Listed {
    fn versions(&self) -> &[Version] {
        self.versions.get_or_init(|| self.texts.iter().map(|text| Version::new(self.scheme, text)).collect())
    }

    /// Whether a version is among those that were not read yet.
    fn has(&self, version: &Version) -> bool {
        let read = |text: &str| Version::new(self.scheme, text);
        let from = self.texts.partition_point(|text| read(text) < *version);
        let equal = self.texts.iter().skip(from).map(|text| read(text)).take_while(|listed| listed == version);
        equal.into_iter().any(|listed| is_same(&listed, version))
    }
}

/// Whether versions of one place in the order are one.
fn is_same(listed: &Version, version: &Version) -> bool {
    match version.scheme() {
        // All branches have the same place in the order: what they are called tells them apart.
        Scheme::Composer => without_v(listed.as_str()).eq_ignore_ascii_case(without_v(version.as_str())),
        _ => true,
    }
}

/// What of a record decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchBy {
    /// Both, as OSV has it.
    VersionsAndRanges,
    /// Ranges alone: where versions are listed, too, this checks one with the other.
    Ranges,
}

/// A point on the line of versions; without a version it is before all of them.
struct Step {
    version: Option<Version>,
    /// After the version, not before it.
    is_after: bool,
    begins: bool,
}

impl Step {
    fn of(event: Event<'_>, scheme: Scheme) -> Option<Self> {
        let step = |text, is_after, begins| Some(Self { version: Some(Version::new(scheme, text)), is_after, begins });
        match event {
            Event::Introduced("0") => Some(Self { version: None, is_after: false, begins: true }),
            Event::Introduced(version) => step(version, false, true),
            Event::Fixed(version) => step(version, false, false),
            Event::LastAffected(version) => step(version, true, false),
            Event::Limit(_) => None,
        }
    }
}

/// The scheme of a range of the type `SEMVER`: the ecosystem's own where that is Semantic Versioning with additions.
fn semantic(scheme: Scheme) -> Scheme {
    match scheme {
        Scheme::SemVer | Scheme::Npm | Scheme::Go | Scheme::Hex | Scheme::Swift | Scheme::Pub | Scheme::NuGet => scheme,
        Scheme::Pep440
        | Scheme::Maven
        | Scheme::RubyGems
        | Scheme::Composer
        | Scheme::Debian
        | Scheme::Rpm
        | Scheme::Alpine
        | Scheme::Cran
        | Scheme::Hackage => Scheme::SemVer,
    }
}

fn without_v(text: &str) -> &str {
    text.strip_prefix(['v', 'V']).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use Event::{Fixed, Introduced, LastAffected, Limit};

    use super::*;

    /// Which of some versions are affected.
    fn check(ecosystem: &str, kind: RangeKind, events: &[Event<'_>], affected: &str, unaffected: &str) {
        let scheme = Scheme::of_ecosystem(ecosystem).unwrap();
        let record = Affected::new(scheme, &[Range { kind, events }], []);
        for (versions, expected) in [(affected, true), (unaffected, false)] {
            for version in versions.split_whitespace() {
                assert_eq!(record.contains(&Version::new(scheme, version)), expected, "{ecosystem} {version}");
            }
        }
    }

    #[test]
    fn zero_is_before_all_versions() {
        check("npm", RangeKind::SemVer, &[Introduced("0"), Fixed("1.2.0")], "0.0.0-alpha 0.0.0 1.2.0-rc.1 1.1.9", "1.2.0 2.0.0");
        check("PyPI", RangeKind::Ecosystem, &[Introduced("0"), Fixed("1.0")], "0.0.dev1 2004d-odd 1.0rc1", "1.0 1.0.0 1.0.post1");
        check("Debian:12", RangeKind::Ecosystem, &[Introduced("0")], "0~1 1:1-1", "");
    }

    #[test]
    fn the_last_affected_version_is_affected() {
        let events = [Introduced("1.0"), LastAffected("1.4")];
        check("RubyGems", RangeKind::Ecosystem, &events, "1.0 1.4 1.4.0", "0.9 1.4.0.1 1.4.1 1.0.a");
        check("Maven", RangeKind::Ecosystem, &[LastAffected("1.0"), Introduced("1.0")], "1.0 1", "1.0-SNAPSHOT 1.0-1");
    }

    #[test]
    fn events_are_sorted_in_the_ecosystem_s_order() {
        let events = [Fixed("10.0"), Introduced("9.0"), Fixed("2.0"), Introduced("0"), Introduced("1.5")];
        check("crates.io", RangeKind::SemVer, &events, "0.1.0 1.9.0 9.0.0 9.9.0", "2.0.0 8.0.0 10.0.0 11.0.0");
        check(
            "Debian:12",
            RangeKind::Ecosystem,
            &[Fixed("1.0-1+deb12u1"), Introduced("1.0~rc1")],
            "1.0~rc1-1 1.0-1",
            "1.0~beta1-1 1.0-1+deb12u2",
        );
    }

    #[test]
    fn of_events_at_one_version_the_record_s_order_counts() {
        check(
            "npm",
            RangeKind::SemVer,
            &[Introduced("0"), Fixed("1.0.0"), Introduced("1.0.0"), Fixed("2.0.0")],
            "0.1.0 1.0.0 1.9.0",
            "2.0.0",
        );
        check("npm", RangeKind::SemVer, &[Introduced("1.0.0"), Fixed("1.0.0")], "", "0.9.0 1.0.0 1.1.0");
    }

    #[test]
    fn a_fix_without_a_beginning_affects_nothing() {
        check("npm", RangeKind::SemVer, &[Fixed("1.0.0")], "", "0.1.0 1.0.0");
        check("npm", RangeKind::SemVer, &[], "", "0.1.0");
    }

    #[test]
    fn commits_have_no_order_and_limits_bound_nothing_else() {
        check("PyPI", RangeKind::Git, &[Introduced("0"), Fixed("8a1b")], "", "1.0 8a1b");
        check("PyPI", RangeKind::Ecosystem, &[Introduced("0"), Limit("1.0")], "0.9 1.1", "");
    }

    #[test]
    fn semantic_ranges_of_other_ecosystems_are_semantic() {
        let events = [Introduced("1.0.0"), Fixed("1.0.1")];
        check("Maven", RangeKind::SemVer, &events, "1.0.0 1.0.1-whatever", "1.0.0-whatever 1.0.1");
        check("Maven", RangeKind::Ecosystem, &events, "1.0.0 1.0.0-whatever", "1.0.1-whatever 1.0.1");
        check("Go", RangeKind::SemVer, &[Introduced("0"), Fixed("1.21.0-rc.2")], "go1.20 1.21rc1", "go1.21rc2 v1.21.0");
    }

    #[test]
    fn listed_versions_and_ranges_are_one_set() {
        let range = Range { kind: RangeKind::Ecosystem, events: &[Introduced("2.0"), Fixed("2.1")] };
        let record = Affected::new(Scheme::Pep440, &[range], ["1.0", "0.5-odd"]);
        let affected: Vec<bool> = ["1.0.0", "0.5-odd", "0.5-other", "2.0.5", "2.1", "1.1"]
            .map(|text| record.contains(&Version::new(Scheme::Pep440, text)))
            .to_vec();
        assert_eq!(affected, [true, true, false, true, false, false]);
        assert_eq!(record.intervals()[0].fixed().map(Version::as_str), Some("2.1"));
    }

    #[test]
    fn branches_are_told_apart_by_name() {
        let record = Affected::new(Scheme::Composer, &[], ["dev-main", "v1.0"]);
        let lists = |text| record.lists(&Version::new(Scheme::Composer, text));
        assert_eq!([lists("dev-main"), lists("dev-other"), lists("1.0"), lists("1.0.0")], [true, false, true, false]);
    }
}
