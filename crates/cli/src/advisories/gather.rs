//! From files to records: folders, files, archives that are not unpacked to disk.

use std::{collections::BTreeMap, fs, io, path::Path, sync::Mutex};

use bartizan_core::Diagnostic;
use bartizan_deps::{
    advisory::{SegmentBuilder, Store, read_record, segment_name},
    exploited::{List, read_epss, read_kev},
    osv::Record,
};
use bartizan_source::{FileInfo, Input, Interest, Limits, Options, discover};
use rayon::prelude::*;

use super::MAX_INDEX_BYTES;
use crate::{
    failure::{Failure, Outcome},
    progress::Countdown,
    text,
};

/// The largest record that is read, in bytes.
const MAX_RECORD_BYTES: u64 = 32 << 20;

/// Records that archives may hold: the largest ecosystems have a million.
const MAX_RECORDS: usize = 5_000_000;

/// So many problems with records are kept.
const MAX_PROBLEMS: usize = 1_000;

/// What was read, and what could not be.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Records by id; of two with one id the one that was changed later.
    pub(crate) records: BTreeMap<String, Record>,
    /// Lists of what is exploited.
    pub(crate) lists: Vec<List>,
    pub(crate) n_records: usize,
    pub(crate) n_problems: usize,
    /// The first of them.
    pub(crate) problems: Vec<String>,
}

/// Records by the name of the segment that they belong to, with the ecosystem as OSV writes it.
pub(crate) type BySegment = BTreeMap<String, (String, Vec<Record>)>;

/// Reads what a folder, a file or an archive holds.
pub(crate) fn gather(from: &Path, gathered: &mut Gathered, countdown: &dyn Fn(usize) -> Countdown) -> Outcome<()> {
    let is_folder = fs::metadata(from).map_err(|error| Failure::unreadable(from, &error))?.is_dir();
    let input = if is_folder { Input::Tree(from.to_owned()) } else { Input::File(from.to_owned()) };
    let limits =
        Limits { max_archive_entries: MAX_RECORDS, max_archive_bytes: u64::MAX, max_file_bytes: MAX_INDEX_BYTES, ..Limits::default() };
    let options = Options { limits, use_ignore_files: false, default_excludes: false, ..Options::default() };
    let found = discover(&input, &options, &|_| {}).map_err(|error| Failure::bad_input("advisories", error.to_string()))?;
    let countdown = countdown(found.files.len());
    let named = |path: &str| format!("`{}`", text::path(&if is_folder { from.join(path) } else { from.to_owned() }));
    let shared = Mutex::new(std::mem::take(gathered));
    found.files.par_iter().for_each(|file| {
        let mut problems = Vec::new();
        let mut of_file = Gathered::default();
        file.open(&options, &mut problems, &mut interest, &mut |info, content| {
            let path = info.path.to_string();
            of_file.read(&path, content.bytes, &named);
        });
        countdown.advance();
        let place =
            |problem: &Diagnostic| problem.location.as_ref().map_or_else(|| named(""), |location| named(&location.artifact.to_string()));
        for problem in problems {
            of_file.problem(format!("{}: {}", place(&problem), text::harmless(&problem.reason)));
        }
        if let Ok(mut gathered) = shared.lock() {
            gathered.append(of_file);
        }
    });
    *gathered = shared.into_inner().unwrap_or_default();
    gathered.problems.sort();
    Ok(())
}

/// What may hold something that is understood.
fn interest(info: &FileInfo) -> Interest {
    // A compressed list has no name of its own in it.
    let is_within = info.path.to_string().contains('!');
    let may_be_record = matches!(info.path.extension(), Some(b"json" | b"yaml" | b"yml" | b"md" | b"csv")) || is_within;
    if may_be_record && info.size_bytes <= MAX_RECORD_BYTES { Interest::Bytes } else { Interest::None }
}

impl Gathered {
    fn read(&mut self, path: &str, bytes: &[u8], named: &dyn Fn(&str) -> String) {
        if let Some(record) = read_record(path, bytes) {
            match record {
                Ok(record) => self.add(record),
                Err(error) => self.problem(format!("{}: {error}", named(path))),
            }
            return;
        }
        let list = match bytes.first() {
            Some(b'{') => read_kev(bytes),
            Some(b'#' | b'c') => read_epss(bytes),
            _ => None,
        };
        match list {
            None => {}
            Some(Ok(list)) => self.lists.push(list),
            Some(Err(error)) => self.problem(format!("{}: {error}", named(path))),
        }
    }

    /// Adds a record; of two with one id the one that was changed later counts.
    pub(crate) fn add(&mut self, record: Record) {
        self.n_records += 1;
        self.keep(record);
    }

    fn keep(&mut self, record: Record) {
        match self.records.get_mut(&record.id) {
            Some(known) if record.modified <= known.modified => {}
            Some(known) => *known = record,
            None => {
                self.records.insert(record.id.clone(), record);
            }
        }
    }

    fn append(&mut self, other: Self) {
        self.n_records += other.n_records;
        other.records.into_values().for_each(|record| self.keep(record));
        self.lists.extend(other.lists);
        let n_unsaid = other.n_problems - other.problems.len();
        other.problems.into_iter().for_each(|problem| self.problem(problem));
        self.n_problems += n_unsaid;
    }

    fn problem(&mut self, problem: String) {
        self.n_problems += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Whether nothing was understood at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.n_records == 0 && self.lists.is_empty()
    }

    /// The records by what they are about; a record about several ecosystems is in each.
    pub(crate) fn by_segment(&self) -> BySegment {
        let mut segments = BySegment::new();
        for record in self.records.values() {
            let mut ecosystems: Vec<&str> = record.packages.iter().map(|package| package.ecosystem.as_str()).collect();
            ecosystems.sort_by_key(|ecosystem| segment_name(ecosystem));
            ecosystems.dedup_by_key(|ecosystem| segment_name(ecosystem));
            for ecosystem in ecosystems {
                let name = ecosystem.split(':').next().unwrap_or(ecosystem).to_owned();
                segments.entry(segment_name(ecosystem)).or_insert_with(|| (name, Vec::new())).1.push(record.clone());
            }
        }
        segments
    }

    /// The advisories, without a folder.
    pub(crate) fn into_store(self) -> Store {
        let build = |(name, (ecosystem, records)): (String, (String, Vec<Record>))| {
            let mut builder = SegmentBuilder::default();
            records.into_iter().for_each(|record| builder.add(record));
            (name, builder.build(&ecosystem).index)
        };
        let built: BTreeMap<String, Vec<u8>> = self.by_segment().into_iter().map(build).collect();
        let names: Vec<String> = built.keys().cloned().collect();
        let load = move |name: &str| built.get(name).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound));
        Store::new(names, Box::new(load))
    }
}
