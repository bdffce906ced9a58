//! The folder of advisories on this machine, and how they get there from files.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
};

use bartizan_core::Diagnostic;
use bartizan_deps::advisory::{Built, Segment, SegmentBuilder, Store, read_record, segment_name};
use bartizan_source::{Input, Interest, Limits, Options, discover};
use rayon::prelude::*;

use crate::{
    failure::{Failure, Outcome},
    output, places,
    progress::Countdown,
    text,
};

/// How the two files of a segment end.
const INDEX: &str = "index";
const TEXTS: &str = "texts";

/// The largest index that is read, in bytes.
const MAX_INDEX_BYTES: u64 = 1 << 30;

/// The largest record that is read, in bytes.
const MAX_RECORD_BYTES: u64 = 32 << 20;

/// Records that archives may hold: the largest ecosystems have a million.
const MAX_RECORDS: usize = 5_000_000;

/// So many problems with records are kept.
const MAX_PROBLEMS: usize = 1_000;

/// Where advisories are, unless the caller says otherwise.
pub(crate) fn default_folder() -> Option<PathBuf> {
    places::data_dir().map(|folder| folder.join("advisories"))
}

/// The segments of a folder, sorted; none if there is no such folder.
fn segments(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        names.extend(name.to_str().and_then(|name| name.strip_suffix(INDEX)?.strip_suffix('.')).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The advisories of a folder.
pub(crate) fn open(folder: &Path) -> Outcome<Store> {
    let names = segments(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let folder = folder.to_owned();
    let load = move |name: &str| read(&folder, name, INDEX);
    Ok(Store::new(names, Box::new(load)))
}

fn read(folder: &Path, name: &str, kind: &str) -> io::Result<Vec<u8>> {
    let path = folder.join(format!("{name}.{kind}"));
    let size_bytes = fs::metadata(&path)?.len();
    if MAX_INDEX_BYTES < size_bytes {
        return Err(io::Error::other(format!("it is larger than {MAX_INDEX_BYTES} bytes")));
    }
    fs::read(&path)
}

/// What there is in a folder, segment by segment.
pub(crate) fn opened(folder: &Path) -> Outcome<Vec<(String, Result<Segment, String>)>> {
    let names = segments(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let open = |name: &String| {
        let bytes = read(folder, name, INDEX).map_err(|error| error.to_string())?;
        Segment::open(bytes).map_err(|error| error.to_string())
    };
    Ok(names.iter().map(|name| (name.clone(), open(name))).collect())
}

/// Whether a segment is what was built.
pub(crate) fn verify(folder: &Path, name: &str, segment: &Segment) -> Result<(), String> {
    let texts = read(folder, name, TEXTS).map_err(|error| error.to_string())?;
    segment.verify(&texts).map_err(|error| error.to_string())
}

/// Records by ecosystem, and what could not be read.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Builders by the name of their segment, with the ecosystem as OSV writes it.
    segments: BTreeMap<String, (String, SegmentBuilder)>,
    pub(crate) n_records: usize,
    pub(crate) n_problems: usize,
    /// The first of them.
    pub(crate) problems: Vec<String>,
}

impl Gathered {
    fn problem(&mut self, problem: String) {
        self.n_problems += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

/// Reads the records of a folder, a file or an archive, which is not unpacked to disk.
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
        let mut records = Vec::new();
        let mut failed = Vec::new();
        let mut wanted = |info: &bartizan_source::FileInfo| {
            let may_be_record = matches!(info.path.extension(), Some(b"json" | b"yaml" | b"yml" | b"md"));
            if may_be_record && info.size_bytes <= MAX_RECORD_BYTES { Interest::Bytes } else { Interest::None }
        };
        file.open(&options, &mut problems, &mut wanted, &mut |info, content| {
            let path = info.path.to_string();
            match read_record(&path, content.bytes) {
                None => {}
                Some(Ok(record)) => records.push(record),
                Some(Err(error)) => failed.push(format!("{}: {error}", named(&path))),
            }
        });
        countdown.advance();
        let place =
            |problem: &Diagnostic| problem.location.as_ref().map_or_else(|| named(""), |location| named(&location.artifact.to_string()));
        failed.extend(problems.iter().map(|problem| format!("{}: {}", place(problem), text::harmless(&problem.reason))));
        let Ok(mut gathered) = shared.lock() else { return };
        for record in records {
            gathered.n_records += 1;
            let mut ecosystems: Vec<&str> = record.packages.iter().map(|package| package.ecosystem.as_str()).collect();
            ecosystems.sort_by_key(|ecosystem| segment_name(ecosystem));
            ecosystems.dedup_by_key(|ecosystem| segment_name(ecosystem));
            for ecosystem in ecosystems {
                let name = ecosystem.split(':').next().unwrap_or(ecosystem).to_owned();
                let (_, builder) = gathered.segments.entry(segment_name(ecosystem)).or_insert_with(|| (name, SegmentBuilder::default()));
                builder.add(record.clone());
            }
        }
        failed.into_iter().for_each(|problem| gathered.problem(problem));
    });
    *gathered = shared.into_inner().unwrap_or_default();
    gathered.problems.sort();
    Ok(())
}

impl Gathered {
    /// The advisories, without a folder.
    pub(crate) fn into_store(self) -> Store {
        let built: BTreeMap<String, Vec<u8>> =
            self.segments.into_iter().map(|(name, (ecosystem, builder))| (name, builder.build(&ecosystem).index)).collect();
        let names: Vec<String> = built.keys().cloned().collect();
        let load = move |name: &str| built.get(name).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound));
        Store::new(names, Box::new(load))
    }
}

/// Builds the segments of what was gathered into a folder. Each is replaced as a whole; those that nothing was gathered for stay.
pub(crate) fn build(gathered: &Gathered, folder: &Path) -> Outcome<Vec<(String, Built)>> {
    fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    let built: Vec<(String, Built)> = gathered
        .segments
        .par_iter()
        .map(|(name, (ecosystem, builder))| (name.clone(), builder.build(ecosystem)))
        .filter(|(_, built)| 0 < built.n_advisories)
        .collect();
    for (name, built) in &built {
        // The texts come first: an index without them answers all the same.
        for (kind, bytes) in [(TEXTS, &built.texts), (INDEX, &built.index)] {
            let path = folder.join(format!("{name}.{kind}"));
            output::write_file(&path, output::Privacy::Shared, |out| out.write_all(bytes))
                .map_err(|error| Failure::unwritable(&path, &error))?;
        }
    }
    Ok(built)
}
