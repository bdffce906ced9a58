//! Records as they are kept between two builds of an index: everything that a segment is built from, and nothing else.
//!
//! ```text
//! magic  8 bytes, the last one the version of the format
//! hash   BLAKE3 of what follows
//! body   a list of records, encoded by `postcard`, compressed
//! ```

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

use super::{BrokenSegment, build::EndKind};
use crate::{
    osv::{self, Affected, AffectedPackage, AffectedSymbols, Ecosystem, End, Interval, Record},
    version::Version,
};

/// The start of every pack.
const MAGIC: [u8; 8] = *b"BTZREC\0\x01";

/// The longest body, in bytes, when it is decompressed: npm's records of malicious packages are some hundred megabytes.
const MAX_BODY_BYTES: u64 = 4 << 30;

#[derive(Serialize, Deserialize)]
struct PackedRecord {
    id: String,
    aliases: Vec<String>,
    is_withdrawn: bool,
    modified: String,
    informational: String,
    summary: String,
    details: String,
    severities: Vec<String>,
    cwe: Vec<u32>,
    references: Vec<String>,
    packages: Vec<PackedPackage>,
}

#[derive(Serialize, Deserialize)]
struct PackedPackage {
    ecosystem: String,
    name: String,
    /// Start, kind of end and end.
    intervals: Vec<(Option<String>, EndKind, String)>,
    versions: Vec<String>,
    severities: Vec<String>,
    symbols: Vec<AffectedSymbols>,
}

/// Encodes records, in their order.
#[must_use]
pub fn pack<'r>(records: impl IntoIterator<Item = &'r Record>) -> Vec<u8> {
    let records: Vec<PackedRecord> = records.into_iter().map(PackedRecord::of).collect();
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let encoded = postcard::to_stdvec(&records).unwrap_or_default();
    let body = encoder.write_all(&encoded).and_then(|()| encoder.finish()).unwrap_or_default();
    [&MAGIC, blake3::hash(&body).as_bytes().as_slice(), &body].concat()
}

/// Reads what [`pack`] wrote.
///
/// # Errors
///
/// When the bytes are something else, cut off, or changed.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Record>, BrokenSegment> {
    let rest = bytes.strip_prefix(&MAGIC).ok_or(BrokenSegment::Foreign)?;
    let (hash, body) = rest.split_first_chunk::<32>().ok_or(BrokenSegment::Damaged)?;
    if blake3::hash(body).as_bytes() != hash {
        return Err(BrokenSegment::Changed);
    }
    let mut encoded = Vec::new();
    let decoded = DeflateDecoder::new(body).take(MAX_BODY_BYTES).read_to_end(&mut encoded);
    decoded.map_err(|_| BrokenSegment::Damaged)?;
    let records: Vec<PackedRecord> = postcard::from_bytes(&encoded).map_err(|_| BrokenSegment::Damaged)?;
    Ok(records.into_iter().map(PackedRecord::into_record).collect())
}

impl PackedRecord {
    fn of(record: &Record) -> Self {
        Self {
            id: record.id.clone(),
            aliases: record.aliases.clone(),
            is_withdrawn: record.is_withdrawn,
            modified: record.modified.clone(),
            informational: record.informational.clone(),
            summary: record.summary.clone(),
            details: record.details.clone(),
            severities: record.severities.clone(),
            cwe: record.cwe.clone(),
            references: record.references.clone(),
            packages: record.packages.iter().map(PackedPackage::of).collect(),
        }
    }

    fn into_record(self) -> Record {
        let Self { id, aliases, is_withdrawn, modified, informational, summary, details, severities, cwe, references, packages } = self;
        let packages = packages.into_iter().map(PackedPackage::into_package).collect();
        Record { id, aliases, is_withdrawn, modified, informational, summary, details, severities, cwe, references, packages }
    }
}

impl PackedPackage {
    fn of(package: &AffectedPackage) -> Self {
        let intervals = package.affected.intervals().iter().map(|interval| {
            let (kind, end) = match &interval.end {
                End::Never => (EndKind::Never, ""),
                End::Before(version) => (EndKind::Before, version.as_str()),
                End::Through(version) => (EndKind::Through, version.as_str()),
            };
            (interval.start.as_ref().map(|start| start.as_str().to_owned()), kind, end.to_owned())
        });
        Self {
            ecosystem: package.ecosystem.clone(),
            name: package.name.clone(),
            intervals: intervals.collect(),
            versions: package.affected.versions().iter().map(|version| version.as_str().to_owned()).collect(),
            severities: package.severities.clone(),
            symbols: package.symbols.clone(),
        }
    }

    fn into_package(self) -> AffectedPackage {
        let scheme = osv::scheme(Ecosystem::new(&self.ecosystem));
        let version = |text: &str| Version::new(scheme, text);
        let intervals = self.intervals.iter().map(|(start, kind, end)| Interval {
            start: start.as_deref().map(version),
            end: match kind {
                EndKind::Never => End::Never,
                EndKind::Before => End::Before(version(end)),
                EndKind::Through => End::Through(version(end)),
            },
        });
        let affected = Affected::of_parts(intervals.collect(), self.versions.iter().map(|text| version(text)).collect());
        AffectedPackage { ecosystem: self.ecosystem, name: self.name, affected, severities: self.severities, symbols: self.symbols }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::SegmentBuilder;

    const RECORD: &str = r#"{"id": "GO-1", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-1"], "summary": "s", "details": "d",
        "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}], "references": [{"type": "WEB", "url": "https://e.x"}],
        "database_specific": {"cwe_ids": ["CWE-22"]},
        "affected": [{"package": {"ecosystem": "Go", "name": "m"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}, {"introduced": "2.0.0"}, {"last_affected": "2.1.0"}]}],
            "versions": ["3.0.0"], "ecosystem_specific": {"imports": [{"path": "m/x", "symbols": ["F"]}]}}]}"#;

    #[test]
    fn what_is_packed_builds_the_same_segment() {
        let record = Record::from_json(RECORD.as_bytes()).unwrap();
        let unpacked = unpack(&pack([&record])).unwrap();
        let build = |record: Record| {
            let mut builder = SegmentBuilder::default();
            builder.add(record);
            let built = builder.build("Go");
            (built.index, built.texts)
        };
        assert_eq!(build(unpacked.into_iter().next().unwrap()), build(record));
    }

    #[test]
    fn damage_is_an_error() {
        let bytes = pack([&Record::from_json(RECORD.as_bytes()).unwrap()]);
        for length in 0..bytes.len() {
            assert!(unpack(&bytes[..length]).is_err(), "{length}");
        }
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 0x55;
            assert!(unpack(&changed).is_err(), "{position}");
        }
        assert!(unpack(&pack([])).unwrap().is_empty());
    }
}
