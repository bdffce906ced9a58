//! The records of every source, side by side, and the index that is built from all of them.
//!
//! A source is a path or an address that records came from. What comes from it again takes the place of what came from it before,
//! and of nothing else. An index holds the records of all sources; of two with one id the one that was changed later.
//!
//! Files are written so that whoever is stopped halfway leaves a whole index: first the index, then the records that it was built
//! from, then what is said about their source, such as what a mirror was asked for last.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use bartizan_deps::{
    advisory::{Built, SegmentBuilder, pack, segment_name, unpack},
    exploited::List,
    osv::Record,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{INDEX, MAX_INDEX_BYTES, TABLE, TEXTS};
use crate::{
    failure::{Failure, Outcome},
    output, text,
};

const ABOUT: &str = "source.json";
const RECORDS: &str = "records";

/// The version of [`About`].
const VERSION: u32 = 1;

/// The records of every source.
#[derive(Debug)]
pub(crate) struct Shelf {
    /// The folder of the index.
    folder: PathBuf,
}

/// What is said about a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    version: u32,
    /// Where its records come from: a path, or an address.
    pub(crate) place: String,
    /// The mark of its only document, as the server gave it.
    pub(crate) etag: Option<String>,
    /// The lists of what is exploited that it holds.
    pub(crate) lists: Vec<String>,
    /// What it holds, by the name of the file.
    pub(crate) parts: BTreeMap<String, Part>,
}

/// The records of one ecosystem from one source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    /// The ecosystem, as OSV writes it.
    pub(crate) ecosystem: String,
    pub(crate) n_records: usize,
    /// When the youngest record was changed.
    pub(crate) newest: String,
    /// The mark of the archive that they came from.
    pub(crate) etag: Option<String>,
    /// The mark of the list of changes that was read last.
    pub(crate) changes_etag: Option<String>,
}

/// What came from a source.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) about: About,
    /// The records of the parts that came; the others of the source stay.
    pub(crate) records: BTreeMap<String, Vec<Record>>,
    pub(crate) lists: Vec<List>,
}

/// What became of it.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) segments: Vec<(String, Built)>,
    pub(crate) lists: Vec<List>,
    /// Sources whose records could not be read back.
    pub(crate) problems: Vec<String>,
}

impl About {
    /// A source that nothing came from so far.
    pub(crate) fn new(place: &str) -> Self {
        Self { version: VERSION, place: place.to_owned(), etag: None, lists: Vec::new(), parts: BTreeMap::new() }
    }

    /// The name of its folder.
    fn key(&self) -> String {
        short_hash(self.place.as_bytes())
    }

    /// The name of the file of an ecosystem: releases of a distribution are apart, as mirrors have them.
    pub(crate) fn part_name(ecosystem: &str) -> String {
        segment_name(&ecosystem.replace(':', "-"))
    }
}

impl Delivery {
    /// Everything that a source has: what is not in it is not in the source any more.
    pub(crate) fn whole(place: &str, gathered: super::Gathered) -> Self {
        let mut about = About::new(place);
        about.lists = gathered.lists.iter().map(|list| list.kind.as_str().to_owned()).collect();
        let mut records = BTreeMap::new();
        for (name, (ecosystem, of_segment)) in gathered.by_segment() {
            about.parts.insert(name.clone(), Part::of(&ecosystem, &of_segment));
            records.insert(name, of_segment);
        }
        Self { about, records, lists: gathered.lists }
    }
}

impl Part {
    /// What is said of records.
    pub(crate) fn of(ecosystem: &str, records: &[Record]) -> Self {
        let newest = records.iter().map(|record| record.modified.as_str()).max().unwrap_or_default().to_owned();
        Self { ecosystem: ecosystem.to_owned(), n_records: records.len(), newest, etag: None, changes_etag: None }
    }
}

impl Shelf {
    /// The shelf beside an index.
    pub(crate) fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn sources_folder(&self) -> PathBuf {
        self.folder.join("sources")
    }

    /// All sources, by their places. What can't be read is a problem, and its source is asked again as a whole.
    pub(crate) fn sources(&self) -> Outcome<(Vec<About>, Vec<String>)> {
        let folder = self.sources_folder();
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((Vec::new(), Vec::new())),
            Err(error) => return Err(Failure::unreadable(&folder, &error).into()),
        };
        let (mut sources, mut problems) = (Vec::new(), Vec::new());
        for entry in entries {
            let path = entry.map_err(|error| Failure::unreadable(&folder, &error))?.path().join(ABOUT);
            match fs::read(&path) {
                // Records whose description was never written: somebody was stopped halfway.
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {}
                Err(error) => problems.push(format!("`{}`: {error}", text::path(&path))),
                Ok(bytes) => match serde_json::from_slice::<About>(&bytes) {
                    Ok(about) if about.version == VERSION => sources.push(about),
                    Ok(about) => problems.push(format!("`{}`: version {} is not known", text::path(&path), about.version)),
                    Err(error) => problems.push(format!("`{}`: {error}", text::path(&path))),
                },
            }
        }
        sources.sort_by(|one, other| one.place.cmp(&other.place));
        problems.sort();
        Ok((sources, problems))
    }

    /// The records of a part of a source.
    pub(crate) fn records(&self, about: &About, part: &str) -> Result<Vec<Record>, String> {
        let path = self.records_path(about, part);
        let problem = |reason: String| format!("`{}`: {reason}", text::path(&path));
        let size_bytes = fs::metadata(&path).map_err(|error| problem(error.to_string()))?.len();
        if MAX_INDEX_BYTES < size_bytes {
            return Err(problem(format!("it is larger than {MAX_INDEX_BYTES} bytes")));
        }
        let bytes = fs::read(&path).map_err(|error| problem(error.to_string()))?;
        unpack(&bytes).map_err(|error| problem(error.to_string()))
    }

    fn records_path(&self, about: &About, part: &str) -> PathBuf {
        self.sources_folder().join(about.key()).join(format!("{part}.{RECORDS}"))
    }

    /// Puts what came from sources in its place, and builds the index of what it is about.
    pub(crate) fn accept(&self, deliveries: &[Delivery]) -> Outcome<Stored> {
        let (known, problems) = self.sources()?;
        let mut stored = Stored { problems, ..Stored::default() };
        let delivery_of = |about: &About| deliveries.iter().find(|delivery| delivery.about.place == about.place);
        let mut changed: Vec<&Part> = Vec::new();
        for delivery in deliveries {
            changed.extend(delivery.records.keys().filter_map(|name| delivery.about.parts.get(name)));
        }
        // What a source had and has no longer changes the index, too.
        for (about, delivery) in known.iter().filter_map(|about| Some((about, delivery_of(about)?))) {
            changed.extend(about.parts.iter().filter(|(name, _)| !delivery.about.parts.contains_key(*name)).map(|(_, part)| part));
        }
        let segments: BTreeSet<String> = changed.into_iter().map(|part| segment_name(&part.ecosystem)).collect();
        let others: Vec<&About> = known.iter().filter(|about| delivery_of(about).is_none()).collect();
        self.build(&segments, &others, deliveries, &mut stored)?;
        for delivery in deliveries {
            self.keep(delivery)?;
            stored.lists.extend(delivery.lists.iter().cloned());
        }
        Ok(stored)
    }

    /// Forgets sources, and builds the index without them.
    pub(crate) fn forget(&self, forgotten: &[About]) -> Outcome<Stored> {
        let emptied: Vec<Delivery> = forgotten
            .iter()
            .map(|about| Delivery { about: About::new(&about.place), records: BTreeMap::new(), lists: Vec::new() })
            .collect();
        let stored = self.accept(&emptied)?;
        for about in forgotten {
            for list in &about.lists {
                remove(&self.folder.join(format!("{list}.{TABLE}")))?;
            }
            let folder = self.sources_folder().join(about.key());
            fs::remove_dir_all(&folder).map_err(|error| Failure::unwritable(&folder, &error))?;
        }
        Ok(stored)
    }

    /// Builds segments from the records of all sources: those of the delivered ones as they came.
    fn build(&self, segments: &BTreeSet<String>, others: &[&About], deliveries: &[Delivery], stored: &mut Stored) -> Outcome<()> {
        let built: Vec<(String, Built, Vec<String>)> = segments
            .par_iter()
            .map(|segment| {
                let (mut builder, mut ecosystem, mut problems) = (SegmentBuilder::default(), String::new(), Vec::new());
                let sources = others.iter().map(|about| (*about, None));
                for (about, delivery) in deliveries.iter().map(|delivery| (&delivery.about, Some(delivery))).chain(sources) {
                    for (name, part) in about.parts.iter().filter(|(_, part)| segment_name(&part.ecosystem) == *segment) {
                        part.ecosystem.split(':').next().unwrap_or_default().clone_into(&mut ecosystem);
                        match delivery.and_then(|delivery| delivery.records.get(name)) {
                            Some(records) => records.iter().for_each(|record| builder.add(record.clone())),
                            None => match self.records(about, name) {
                                Ok(records) => records.into_iter().for_each(|record| builder.add(record)),
                                Err(problem) => problems.push(problem),
                            },
                        }
                    }
                }
                (segment.clone(), builder.build(&ecosystem), problems)
            })
            .collect();
        fs::create_dir_all(&self.folder).map_err(|error| Failure::unwritable(&self.folder, &error))?;
        for (name, built, problems) in built {
            stored.problems.extend(problems);
            // The texts come first: an index without them answers all the same.
            for (kind, bytes) in [(TEXTS, &built.texts), (INDEX, &built.index)] {
                let path = self.folder.join(format!("{name}.{kind}"));
                if built.n_advisories == 0 {
                    remove(&path)?;
                } else {
                    write(&path, bytes)?;
                }
            }
            stored.segments.push((name, built));
        }
        Ok(())
    }

    /// Writes the records of a source, then what is said about it, and removes those of parts that it has no longer.
    fn keep(&self, delivery: &Delivery) -> Outcome<()> {
        for list in &delivery.lists {
            write(&self.folder.join(format!("{}.{TABLE}", list.kind.as_str())), &list.to_bytes())?;
        }
        let folder = self.sources_folder().join(delivery.about.key());
        fs::create_dir_all(&folder).map_err(|error| Failure::unwritable(&folder, &error))?;
        let packed: Vec<(&String, Vec<u8>)> = delivery.records.par_iter().map(|(name, records)| (name, pack(records))).collect();
        for (name, bytes) in packed {
            write(&self.records_path(&delivery.about, name), &bytes)?;
        }
        let about = serde_json::to_vec_pretty(&delivery.about).unwrap_or_default();
        write(&folder.join(ABOUT), &about)?;
        for entry in fs::read_dir(&folder).map_err(|error| Failure::unreadable(&folder, &error))?.flatten() {
            let name = entry.file_name();
            let part = name.to_str().and_then(|name| name.strip_suffix(RECORDS)?.strip_suffix('.'));
            if part.is_some_and(|part| !delivery.about.parts.contains_key(part)) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }
}

fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let written = output::write_file(path, output::Privacy::Shared, |out| out.write_all(bytes));
    Ok(written.map_err(|error| Failure::unwritable(path, &error))?)
}

fn remove(path: &Path) -> Outcome<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::unwritable(path, &error).into()),
        _ => Ok(()),
    }
}

/// A name that is no other place's.
fn short_hash(bytes: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
