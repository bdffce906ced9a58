//! A segment, as it is asked: opening it checks its head, and nothing else.

use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::build::{EndKind, Head, Hot, MAGIC, Row, StoredTexts, TextPlace};
use crate::{
    osv::{self, Affected, AffectedPackage, AffectedSymbols, Ecosystem, End, Interval, MatchBy},
    version::Version,
};

/// The longest block of texts, in bytes, when it is decompressed.
const MAX_BLOCK_BYTES: u64 = 64 << 20;

/// The advisories of an ecosystem.
#[derive(Debug)]
pub struct Segment {
    bytes: Vec<u8>,
    head: Head,
    /// Where each part begins, and where the last one ends.
    at: [usize; 6],
}

/// Why bytes are no segment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokenSegment {
    /// They begin otherwise.
    #[error("this is no index of advisories, or one of another version: build it anew")]
    Foreign,
    /// They are cut off, or their head is damaged.
    #[error("the index of advisories is cut off or damaged: build it anew")]
    Damaged,
    /// They are not what was built.
    #[error("the index of advisories was changed after it was built: build it anew")]
    Changed,
}

/// An advisory of a segment.
#[derive(Debug, Clone)]
pub struct Advisory<'s> {
    hot: Hot<'s>,
}

/// The texts of an advisory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// What is wrong, at length; Markdown.
    pub details: String,
    /// Addresses of pages about it.
    pub references: Vec<String>,
}

/// An advisory that affects a version of a package.
#[derive(Debug, Clone)]
pub struct Hit<'s> {
    /// The advisory.
    pub advisory: Advisory<'s>,
    /// The versions of the package that it affects.
    pub affected: Affected,
    /// The parts of the package that it affects; all of it, if none are named.
    pub symbols: Vec<AffectedSymbols>,
    severities: Vec<String>,
}

impl Segment {
    /// Opens a segment.
    ///
    /// # Errors
    ///
    /// When the bytes are no segment.
    pub fn open(bytes: Vec<u8>) -> Result<Self, BrokenSegment> {
        let rest = bytes.strip_prefix(&MAGIC).ok_or(BrokenSegment::Foreign)?;
        let (length, rest) = rest.split_first_chunk::<4>().ok_or(BrokenSegment::Damaged)?;
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| BrokenSegment::Damaged)?;
        let head = rest.get(..length).ok_or(BrokenSegment::Damaged)?;
        let head: Head = postcard::from_bytes(head).map_err(|_| BrokenSegment::Damaged)?;
        let mut at = [MAGIC.len() + 4 + length; 6];
        let mut end = MAGIC.len() + 4 + length;
        for (slot, length) in at.iter_mut().skip(1).zip(head.parts) {
            end = end.saturating_add(usize::try_from(length).map_err(|_| BrokenSegment::Damaged)?);
            *slot = end;
        }
        if end != bytes.len() {
            return Err(BrokenSegment::Damaged);
        }
        Ok(Self { bytes, head, at })
    }

    /// Whether the bytes are those that were built, and the texts those that belong to them.
    ///
    /// # Errors
    ///
    /// When they are not.
    pub fn verify(&self, texts: &[u8]) -> Result<(), BrokenSegment> {
        let body = self.bytes.get(self.at[0]..).unwrap_or_default();
        let is_same = [*blake3::hash(body).as_bytes(), *blake3::hash(texts).as_bytes()] == self.head.checksums;
        if is_same { Ok(()) } else { Err(BrokenSegment::Changed) }
    }

    /// The ecosystem, as OSV writes it.
    #[must_use]
    pub fn ecosystem(&self) -> &str {
        &self.head.ecosystem
    }

    /// How many advisories there are.
    #[must_use]
    pub fn n_advisories(&self) -> u32 {
        self.head.n_advisories
    }

    /// How many packages they are about.
    #[must_use]
    pub fn n_packages(&self) -> u32 {
        self.head.n_names
    }

    /// When the youngest record was changed, RFC 3339.
    #[must_use]
    pub fn newest(&self) -> &str {
        &self.head.newest
    }

    /// The advisories that affect a version of a package, in the order of their ids.
    #[must_use]
    pub fn matching(&self, ecosystem: Ecosystem<'_>, name: &str, version: &str) -> Vec<Hit<'_>> {
        self.matching_by(ecosystem, name, version, MatchBy::VersionsAndRanges)
    }

    /// The same, by what of a record decides.
    #[must_use]
    pub fn matching_by(&self, ecosystem: Ecosystem<'_>, name: &str, version: &str, by: MatchBy) -> Vec<Hit<'_>> {
        let rows = self.rows(&ecosystem.package_name(name));
        if rows.is_empty() {
            return Vec::new();
        }
        let version = Version::new(osv::scheme(ecosystem), version);
        let covering = rows.into_iter().filter(|row| Ecosystem::new(row.ecosystem).covers(ecosystem));
        let mut hits: Vec<Hit<'_>> = Vec::new();
        for row in covering {
            let affected = affected(&row);
            if !affected.contains_by(&version, by) {
                continue;
            }
            let Some(advisory) = self.advisory(row.advisory) else { continue };
            match hits.last_mut().filter(|last| last.advisory.id() == advisory.id()) {
                // One record may name a package several times.
                Some(last) => last.symbols.extend(row.symbols),
                None => hits.push(Hit { advisory, affected, symbols: row.symbols, severities: row.severities }),
            }
        }
        hits
    }

    /// The versions of a package that advisories affect, one entry an advisory.
    #[must_use]
    pub fn affected(&self, ecosystem: Ecosystem<'_>, name: &str) -> Vec<Affected> {
        let rows = self.rows(&ecosystem.package_name(name));
        rows.iter().filter(|row| Ecosystem::new(row.ecosystem).covers(ecosystem)).map(affected).collect()
    }

    /// Whether there is any advisory about a package.
    #[must_use]
    pub fn knows(&self, ecosystem: Ecosystem<'_>, name: &str) -> bool {
        self.encoded_rows(&ecosystem.package_name(name)).is_some()
    }

    /// The texts of an advisory, from those of the segment.
    #[must_use]
    pub fn texts(&self, advisory: &Advisory<'_>, read: &mut dyn FnMut(u64, u32) -> Option<Vec<u8>>) -> Texts {
        let TextPlace { block_start, block_len, start, len } = advisory.hot.texts;
        let decode = |block: Vec<u8>| {
            let mut texts = Vec::new();
            DeflateDecoder::new(block.as_slice()).take(MAX_BLOCK_BYTES).read_to_end(&mut texts).ok()?;
            let start = usize::try_from(start).ok()?;
            let stored = texts.get(start..start.checked_add(usize::try_from(len).ok()?)?)?;
            postcard::from_bytes::<StoredTexts>(stored).ok()
        };
        let stored = read(block_start, block_len).and_then(decode).unwrap_or_default();
        Texts { details: stored.details, references: stored.references }
    }

    /// The advisory of an id of its own; aliases are not looked at.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Advisory<'_>> {
        let n = usize::try_from(self.head.n_advisories).ok()?;
        let position = partition_point(n, |position| self.advisory_at(position).is_some_and(|advisory| advisory.id() < id));
        self.advisory_at(position).filter(|advisory| advisory.id() == id)
    }

    /// All advisories, in the order of their ids.
    pub(super) fn advisories(&self) -> impl Iterator<Item = Advisory<'_>> {
        (0..self.head.n_advisories).filter_map(|number| self.advisory(number))
    }

    /// The advisory that a row speaks of.
    pub(super) fn advisory_of(&self, row: &Row<'_>) -> Option<Advisory<'_>> {
        self.advisory(row.advisory)
    }

    /// Shows every row, in the order of the packages' names.
    pub(super) fn each_row(&self, show: &mut dyn FnMut(&str, &Row<'_>)) {
        for (name, rows) in self.packages() {
            for row in postcard::from_bytes::<Vec<Row<'_>>>(rows).unwrap_or_default() {
                show(name, &row);
            }
        }
    }

    /// The names of all packages, in order, each with its rows as they are encoded.
    pub(super) fn packages(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let n = usize::try_from(self.head.n_names).unwrap_or(0);
        let packages = (0..n).filter_map(|position| self.name(position));
        packages.filter_map(|(name, rows)| Some((std::str::from_utf8(name).ok()?, rows)))
    }

    fn rows(&self, name: &str) -> Vec<Row<'_>> {
        self.encoded_rows(name).and_then(|rows| postcard::from_bytes(rows).ok()).unwrap_or_default()
    }

    fn encoded_rows(&self, name: &str) -> Option<&[u8]> {
        let n = usize::try_from(self.head.n_names).unwrap_or(0);
        let position = partition_point(n, |position| self.name(position).is_some_and(|(known, _)| known < name.as_bytes()));
        let (known, rows) = self.name(position).filter(|_| position < n)?;
        (known == name.as_bytes()).then_some(rows)
    }

    /// A name by its position, and what affects it.
    fn name(&self, position: usize) -> Option<(&[u8], &[u8])> {
        let at = position.checked_mul(16)?;
        let offset = |index: usize| self.number(0, at + 4 * index);
        let name = self.part(1)?.get(offset(0)?..offset(1)?)?;
        Some((name, self.part(2)?.get(offset(2)?..offset(3)?)?))
    }

    fn advisory(&self, number: u32) -> Option<Advisory<'_>> {
        self.advisory_at(usize::try_from(number).ok()?)
    }

    fn advisory_at(&self, position: usize) -> Option<Advisory<'_>> {
        let at = position.checked_mul(8)?;
        let hot = self.part(4)?.get(self.number(3, at)?..self.number(3, at + 4)?)?;
        Some(Advisory { hot: postcard::from_bytes(hot).ok()? })
    }

    fn number(&self, part: usize, at: usize) -> Option<usize> {
        let bytes = self.part(part)?.get(at..)?.first_chunk::<4>()?;
        usize::try_from(u32::from_le_bytes(*bytes)).ok()
    }

    fn part(&self, part: usize) -> Option<&[u8]> {
        self.bytes.get(*self.at.get(part)?..*self.at.get(part + 1)?)
    }
}

/// The first of so many positions of which something is not true.
fn partition_point(n: usize, is_before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low.midpoint(high);
        if is_before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A package as a row has it.
pub(super) fn package(name: &str, row: &Row<'_>) -> AffectedPackage {
    AffectedPackage {
        ecosystem: row.ecosystem.to_owned(),
        name: name.to_owned(),
        affected: affected(row),
        severities: row.severities.clone(),
        symbols: row.symbols.clone(),
    }
}

fn affected(row: &Row<'_>) -> Affected {
    let scheme = osv::scheme(Ecosystem::new(row.ecosystem));
    let version = |text: &str| Version::new(scheme, text);
    let intervals = row.intervals.iter().map(|(start, kind, end)| Interval {
        start: start.map(version),
        end: match kind {
            EndKind::Never => End::Never,
            EndKind::Before => End::Before(version(end)),
            EndKind::Through => End::Through(version(end)),
        },
    });
    Affected::of_sorted(intervals.collect(), scheme, &row.versions)
}

impl<'s> Advisory<'s> {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> &'s str {
        self.hot.id
    }

    /// Its name, then its names elsewhere.
    pub fn names(&self) -> impl Iterator<Item = &'s str> + use<'s, '_> {
        std::iter::once(self.hot.id).chain(self.hot.aliases.iter().copied())
    }

    /// What is wrong, in one line; may be empty.
    #[must_use]
    pub fn summary(&self) -> &'s str {
        self.hot.summary
    }

    /// When it was changed for the last time, RFC 3339.
    #[must_use]
    pub fn modified(&self) -> &'s str {
        self.hot.modified
    }

    /// Weaknesses by number.
    #[must_use]
    pub fn cwe(&self) -> &[u32] {
        &self.hot.cwe
    }

    /// Why it was published, if not because of a vulnerability: `unmaintained`, `unsound`, `notice`; else empty.
    #[must_use]
    pub fn informational(&self) -> &str {
        self.hot.informational
    }

    /// Vectors of CVSS, those of single packages left out.
    pub fn severities(&self) -> impl Iterator<Item = &'s str> + use<'s, '_> {
        self.hot.severities.iter().copied()
    }

    /// Whether it is about a package that does harm on purpose.
    #[must_use]
    pub fn is_malicious(&self) -> bool {
        self.names().any(|name| name.starts_with("MAL-"))
    }
}

impl Hit<'_> {
    /// Vectors of CVSS, those for the package first.
    pub fn severities(&self) -> impl Iterator<Item = &str> {
        self.severities.iter().map(String::as_str).chain(self.advisory.hot.severities.iter().copied())
    }

    /// Versions in which it is fixed, in ascending order.
    #[must_use]
    pub fn fixed(&self) -> Vec<&Version> {
        let mut fixed: Vec<&Version> = self.affected.intervals().iter().filter_map(Interval::fixed).collect();
        fixed.sort_unstable();
        fixed.dedup();
        fixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{advisory::SegmentBuilder, osv::Record};

    const RECORDS: [&str; 3] = [
        r#"{"id": "TST-2", "modified": "2024-02-01T00:00:00Z", "aliases": ["CVE-2024-1"], "summary": "two", "details": "long", "affected": [
            {"package": {"ecosystem": "PyPI", "name": "Some_Name"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "1"}, {"fixed": "1.5"}]}]}]}"#,
        r#"{"id": "TST-1", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "PyPI", "name": "some-name"}, "versions": ["2.0"]},
            {"package": {"ecosystem": "PyPI", "name": "other"}, "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}]}], "references": [{"type": "WEB", "url": "https://example.com"}]}"#,
        r#"{"id": "TST-3", "modified": "2024-03-01T00:00:00Z", "withdrawn": "2024-03-01T00:00:00Z", "affected": [{"package": {"ecosystem": "PyPI", "name": "other"}, "versions": ["1"]}]}"#,
    ];

    fn built() -> (Segment, Vec<u8>) {
        let mut builder = SegmentBuilder::default();
        RECORDS.iter().for_each(|text| builder.add(Record::from_json(text.as_bytes()).unwrap()));
        let built = builder.build("PyPI");
        (Segment::open(built.index).unwrap(), built.texts)
    }

    fn check(name: &str, version: &str, expected: &[&str]) {
        let (segment, _) = built();
        let hits = segment.matching(Ecosystem::new("PyPI"), name, version);
        assert_eq!(hits.iter().map(|hit| hit.advisory.id()).collect::<Vec<_>>(), expected, "{name} {version}");
    }

    #[test]
    fn packages_are_found_by_name_and_version() {
        check("some.name", "1.2", &["TST-2"]);
        check("some-name", "1.5", &[]);
        check("some-name", "2.0.0", &["TST-1"]);
        check("other", "0.1", &["TST-1"]);
        check("aaa", "1", &[]);
        check("zzz", "1", &[]);
    }

    #[test]
    fn texts_are_read_from_their_block() {
        let (segment, texts) = built();
        let mut read = |start: u64, len: u32| {
            let start = usize::try_from(start).ok()?;
            Some(texts.get(start..start + len as usize)?.to_vec())
        };
        assert_eq!(segment.texts(&segment.find("TST-1").unwrap(), &mut read).references, ["https://example.com"]);
        assert_eq!(segment.texts(&segment.find("TST-2").unwrap(), &mut read).details, "long");
        assert!(segment.find("TST-3").is_none());
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic() {
        let (segment, texts) = built();
        segment.verify(&texts).unwrap();
        assert_eq!(segment.verify(b"other"), Err(BrokenSegment::Changed));
        for length in 0..segment.bytes.len() {
            assert!(Segment::open(segment.bytes[..length].to_vec()).is_err(), "{length}");
        }
        for position in 0..segment.bytes.len() {
            let mut bytes = segment.bytes.clone();
            bytes[position] ^= 0x55;
            if let Ok(changed) = Segment::open(bytes) {
                let _ = changed.matching(Ecosystem::new("PyPI"), "other", "1").len();
                let _ = changed.find("TST-1");
            }
        }
    }

    #[test]
    fn the_order_of_records_does_not_count() {
        let build = |order: &[usize]| {
            let mut builder = SegmentBuilder::default();
            order.iter().for_each(|&index| builder.add(Record::from_json(RECORDS[index].as_bytes()).unwrap()));
            builder.build("PyPI").index
        };
        assert_eq!(build(&[0, 1, 2]), build(&[2, 0, 1, 0]));
    }
}
