//! From records to the bytes of a segment.
//!
//! ```text
//! magic  8 bytes, the last one the version of the format
//! head   length (u32), then `Head`
//! names  (start, end, group start, group end) a package, u32 each, in the order of the names
//! bytes  of the names
//! groups what affects each package
//! places (start, end) an advisory, u32 each
//! hot    each advisory but for its texts
//! ```
//!
//! Numbers are little-endian; what is not a table is encoded by `postcard`. Texts are compressed in blocks, in bytes of their own.

use std::{
    collections::{BTreeMap, HashMap},
    io::Write as _,
};

use flate2::{Compression, write::DeflateEncoder};
use serde::{Deserialize, Serialize};

use crate::osv::{AffectedSymbols, Ecosystem, End, Record};

/// The start of every segment.
pub(super) const MAGIC: [u8; 8] = *b"BTZADV\0\x02";

/// How many bytes of texts are compressed together.
const BLOCK_BYTES: usize = 64 << 10;

/// What a segment begins with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) ecosystem: String,
    pub(super) n_names: u32,
    pub(super) n_advisories: u32,
    /// When the youngest of its records was changed.
    pub(super) newest: String,
    /// Lengths of the parts, in their order.
    pub(super) parts: [u32; 5],
    /// BLAKE3 of the parts, and of the texts.
    pub(super) checksums: [[u8; 32]; 2],
}

/// What affects a package.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Row<'s> {
    pub(super) advisory: u32,
    /// The ecosystem with its release, where there are any.
    #[serde(borrow)]
    pub(super) ecosystem: &'s str,
    /// Start, kind of end and end.
    #[serde(borrow)]
    pub(super) intervals: Vec<(Option<&'s str>, EndKind, &'s str)>,
    #[serde(borrow)]
    pub(super) versions: Vec<&'s str>,
    pub(super) symbols: Vec<AffectedSymbols>,
    pub(super) severities: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EndKind {
    Never,
    Before,
    Through,
}

/// An advisory but for its texts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Hot<'s> {
    #[serde(borrow)]
    pub(super) id: &'s str,
    #[serde(borrow)]
    pub(super) aliases: Vec<&'s str>,
    #[serde(borrow)]
    pub(super) modified: &'s str,
    #[serde(borrow)]
    pub(super) summary: &'s str,
    #[serde(borrow)]
    pub(super) severities: Vec<&'s str>,
    pub(super) cwe: Vec<u32>,
    /// Why it was published, if not because of a vulnerability.
    #[serde(borrow)]
    pub(super) informational: &'s str,
    pub(super) texts: TextPlace,
}

/// Where texts are: a block, and a place in it.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct TextPlace {
    pub(super) block_start: u64,
    pub(super) block_len: u32,
    pub(super) start: u32,
    pub(super) len: u32,
}

/// The texts of an advisory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredTexts {
    pub(super) details: String,
    pub(super) references: Vec<String>,
}

/// Collects records of one ecosystem.
#[derive(Debug, Default)]
pub struct SegmentBuilder {
    records: BTreeMap<String, Record>,
}

/// A segment.
#[derive(Debug, Default)]
pub struct Built {
    /// What is asked.
    pub index: Vec<u8>,
    /// What is only read to be shown.
    pub texts: Vec<u8>,
    /// How many advisories it has.
    pub n_advisories: usize,
    /// How many packages they are about.
    pub n_packages: usize,
}

/// The name of the segment that an ecosystem is in: releases of a distribution are together.
#[must_use]
pub fn segment_name(ecosystem: &str) -> String {
    let name = Ecosystem::new(ecosystem).name.to_lowercase();
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect()
}

impl SegmentBuilder {
    /// Adds a record; of two with one id the one that was changed later counts.
    pub fn add(&mut self, record: Record) {
        match self.records.get_mut(&record.id) {
            Some(known) if record.modified <= known.modified => {}
            Some(known) => *known = record,
            None => {
                self.records.insert(record.id.clone(), record);
            }
        }
    }

    /// Builds the segment of an ecosystem. The same records give the same bytes, in whatever order they came.
    #[must_use]
    pub fn build(&self, ecosystem: &str) -> Built {
        let segment = segment_name(ecosystem);
        let live: Vec<&Record> = self.records.values().filter(|record| !record.is_withdrawn).collect();
        let texts = Blocks::of(&live);
        let mut by_name: HashMap<String, Vec<Row<'_>>> = HashMap::new();
        for (number, record) in (0_u32..).zip(&live) {
            for package in record.packages.iter().filter(|package| segment_name(&package.ecosystem) == segment) {
                let name = Ecosystem::new(&package.ecosystem).package_name(&package.name).into_owned();
                let intervals = package.affected.intervals().iter().map(|interval| {
                    let (kind, end) = match &interval.end {
                        End::Never => (EndKind::Never, ""),
                        End::Before(version) => (EndKind::Before, version.as_str()),
                        End::Through(version) => (EndKind::Through, version.as_str()),
                    };
                    (interval.start.as_ref().map(crate::version::Version::as_str), kind, end)
                });
                by_name.entry(name).or_default().push(Row {
                    advisory: number,
                    ecosystem: &package.ecosystem,
                    intervals: intervals.collect(),
                    versions: package.affected.versions().iter().map(crate::version::Version::as_str).collect(),
                    symbols: package.symbols.clone(),
                    severities: package.severities.clone(),
                });
            }
        }
        let mut names: Vec<(String, Vec<Row<'_>>)> = by_name.into_iter().collect();
        names.sort_unstable_by(|(one, _), (other, _)| one.as_bytes().cmp(other.as_bytes()));
        let mut parts: [Vec<u8>; 5] = Default::default();
        {
            let [table, bytes, groups, places, hot] = &mut parts;
            for (name, rows) in &names {
                let (name_start, group_start) = (bytes.len(), groups.len());
                bytes.extend_from_slice(name.as_bytes());
                groups.extend(postcard::to_stdvec(rows).unwrap_or_default());
                [name_start, bytes.len(), group_start, groups.len()].iter().for_each(|offset| put(table, *offset));
            }
            for (record, place) in live.iter().zip(&texts.places) {
                let start = hot.len();
                let advisory = Hot {
                    id: &record.id,
                    aliases: record.aliases.iter().map(String::as_str).collect(),
                    modified: &record.modified,
                    summary: summary(record),
                    severities: record.severities.iter().map(String::as_str).collect(),
                    cwe: record.cwe.clone(),
                    informational: &record.informational,
                    texts: *place,
                };
                hot.extend(postcard::to_stdvec(&advisory).unwrap_or_default());
                [start, hot.len()].iter().for_each(|offset| put(places, *offset));
            }
        }
        let length = |part: &Vec<u8>| u32::try_from(part.len()).unwrap_or(u32::MAX);
        let body = parts.concat();
        let head = Head {
            ecosystem: ecosystem.to_owned(),
            n_names: u32::try_from(names.len()).unwrap_or(u32::MAX),
            n_advisories: u32::try_from(live.len()).unwrap_or(u32::MAX),
            newest: live.iter().map(|record| record.modified.as_str()).max().unwrap_or_default().to_owned(),
            parts: parts.each_ref().map(length),
            checksums: [*blake3::hash(&body).as_bytes(), *blake3::hash(&texts.bytes).as_bytes()],
        };
        let head = postcard::to_stdvec(&head).unwrap_or_default();
        let mut index = MAGIC.to_vec();
        put(&mut index, head.len());
        index.extend(head);
        index.extend(body);
        Built { index, texts: texts.bytes, n_advisories: live.len(), n_packages: names.len() }
    }
}

/// What is wrong, in one line: some databases give it at length only.
fn summary(record: &Record) -> &str {
    const MAX_CHARS: usize = 160;
    if !record.summary.trim().is_empty() {
        return record.summary.trim();
    }
    let line = record.details.trim().lines().next().unwrap_or_default();
    let sentence = line.find(". ").and_then(|end| line.get(..end)).unwrap_or(line);
    let is_short = sentence.char_indices().nth(MAX_CHARS).is_none();
    if is_short { sentence.trim_start_matches(['#', ' ']) } else { "" }
}

fn put(bytes: &mut Vec<u8>, offset: usize) {
    bytes.extend(u32::try_from(offset).unwrap_or(u32::MAX).to_le_bytes());
}

/// Texts in compressed blocks.
#[derive(Default)]
struct Blocks {
    bytes: Vec<u8>,
    places: Vec<TextPlace>,
}

impl Blocks {
    fn of(records: &[&Record]) -> Self {
        let mut blocks = Self::default();
        let mut block: Vec<u8> = Vec::new();
        let mut first = 0;
        for record in records {
            let texts = StoredTexts { details: record.details.clone(), references: record.references.clone() };
            let encoded = postcard::to_stdvec(&texts).unwrap_or_default();
            let place = TextPlace { start: narrow(block.len()), len: narrow(encoded.len()), ..TextPlace::default() };
            blocks.places.push(place);
            block.extend(encoded);
            if BLOCK_BYTES <= block.len() {
                blocks.close(&mut block, &mut first);
            }
        }
        blocks.close(&mut block, &mut first);
        blocks
    }

    /// Compresses a block, and tells its texts where it is.
    fn close(&mut self, block: &mut Vec<u8>, first: &mut usize) {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        // Writing to memory does not fail.
        let compressed = encoder.write_all(block).and_then(|()| encoder.finish()).unwrap_or_default();
        let block_start = u64::try_from(self.bytes.len()).unwrap_or(u64::MAX);
        for place in self.places.iter_mut().skip(*first) {
            (place.block_start, place.block_len) = (block_start, narrow(compressed.len()));
        }
        self.bytes.extend(compressed);
        *first = self.places.len();
        block.clear();
    }
}

fn narrow(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
