//! What a mirror of OSV has that is not here yet: an archive of each ecosystem, and lists of what changed since.
//!
//! `{base}/{ecosystem}/all.zip` holds all records, `{base}/{ecosystem}/modified_id.csv` names them, those that were changed last
//! first, and `{base}/{ecosystem}/{id}.json` is one of them: <https://google.github.io/osv.dev/data>.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
};

use bartizan_deps::{
    advisory::{read_record, segment_name},
    osv::Record,
};

use super::{
    About, Client, Gathered, Part, Shelf, Url,
    client::{Answer, Document},
    gather,
};
use crate::{failure::Failures, progress::Countdown, text::harmless};

/// So many records are asked for one by one; where more have changed, the archive is smaller.
const MAX_SINGLE_RECORDS: usize = 500;

/// The largest list of changes that is read, in bytes.
const MAX_CHANGES_BYTES: u64 = 256 << 20;

/// The largest record, in bytes.
const MAX_RECORD_BYTES: u64 = 32 << 20;

/// Asks a mirror.
pub(crate) struct Mirror<'a> {
    pub(crate) client: &'a Client,
    pub(crate) shelf: &'a Shelf,
    /// Where archives are kept while they are read.
    pub(crate) scratch: &'a Path,
    /// The largest archive, in bytes.
    pub(crate) max_bytes: u64,
    pub(crate) progress: &'a dyn Progress,
}

/// Told how far a download is.
pub(crate) trait Progress {
    /// So many bytes of something are there.
    fn downloaded(&self, what: &str, n_bytes: u64, n_all: Option<u64>);

    /// A line about the files that are read.
    fn reading(&self, n_files: usize) -> Countdown;

    /// The line is not needed any more.
    fn clear(&self);
}

/// What a mirror has of an ecosystem.
pub(crate) enum News {
    /// What is here.
    Nothing,
    /// Records of which so many are new or changed; all of them, if they came as an archive.
    Records { part: Part, records: Vec<Record>, n_changed: usize, problems: Vec<String> },
}

impl Mirror<'_> {
    /// What is new about an ecosystem: single records where few have changed, else the archive.
    pub(crate) fn news(&self, base: &Url, ecosystem: &str, about: &About) -> Result<News, String> {
        let name = About::part_name(ecosystem);
        // What can't be read back is asked for anew.
        let known = about.parts.get(&name).and_then(|part| Some((part, self.shelf.records(about, &name).ok()?)));
        if let Some((part, records)) = known {
            if let Some(news) = self.changes(base, ecosystem, part, records)? {
                return Ok(news);
            }
            return self.archive(base, ecosystem, part.etag.as_deref());
        }
        self.archive(base, ecosystem, None)
    }

    /// What changed, record by record; nothing if the mirror does not say it, or too much has changed.
    fn changes(&self, base: &Url, ecosystem: &str, part: &Part, records: Vec<Record>) -> Result<Option<News>, String> {
        let list = match self.client.get(&base.join(&[ecosystem, "modified_id.csv"]), part.changes_etag.as_deref())? {
            Answer::Unchanged => return Ok(Some(News::Nothing)),
            Answer::Missing => return Ok(None),
            Answer::Document(list) => list,
        };
        let changes_etag = list.etag.clone();
        let Some((newest, ids)) = ids(list, &part.newest)? else { return Ok(None) };
        let mut by_id: BTreeMap<String, Record> = records.into_iter().map(|record| (record.id.clone(), record)).collect();
        let mut n_changed = 0;
        for id in &ids {
            let url = base.join(&[ecosystem, &format!("{id}.json")]);
            let record = match self.client.get(&url, None)? {
                // It was taken away since the list was written.
                Answer::Missing | Answer::Unchanged => {
                    by_id.remove(id);
                    continue;
                }
                Answer::Document(document) => record(document, &url)?,
            };
            if record.id != *id {
                return Err(format!("`{}` is the record of `{}`", harmless(url.as_str()), harmless(&record.id)));
            }
            by_id.insert(record.id.clone(), record);
            n_changed += 1;
        }
        let records: Vec<Record> = by_id.into_values().collect();
        let part = Part { n_records: records.len(), newest, changes_etag, ..part.clone() };
        Ok(Some(News::Records { part, records, n_changed, problems: Vec::new() }))
    }

    /// All records.
    fn archive(&self, base: &Url, ecosystem: &str, etag: Option<&str>) -> Result<News, String> {
        let url = base.join(&[ecosystem, "all.zip"]);
        let document = match self.client.get(&url, etag)? {
            Answer::Unchanged => return Ok(News::Nothing),
            Answer::Missing => return Err(format!("`{}`: there is no such ecosystem", harmless(url.as_str()))),
            Answer::Document(document) => document,
        };
        let etag = document.etag.clone();
        let gathered = self.gathered(document, ecosystem, "all.zip").map_err(|error| format!("`{}`: {error}", harmless(url.as_str())))?;
        let segment = segment_name(ecosystem);
        let is_about_it = |record: &Record| record.packages.iter().any(|package| segment_name(&package.ecosystem) == segment);
        let n_gathered = gathered.records.len();
        let records: Vec<Record> = gathered.records.into_values().filter(is_about_it).collect();
        if records.is_empty() {
            let held = if n_gathered == 0 { "no record of an advisory" } else { "records of other ecosystems alone" };
            return Err(format!("`{}` holds {held}", harmless(url.as_str())));
        }
        let part = Part { etag, ..Part::of(ecosystem, &records) };
        Ok(News::Records { part, n_changed: records.len(), records, problems: gathered.problems })
    }

    /// A document that holds records or lists itself; nothing if it is the one that was here.
    pub(crate) fn document(&self, url: &Url, etag: Option<&str>) -> Result<Option<(Gathered, Option<String>)>, String> {
        let document = match self.client.get(url, etag)? {
            Answer::Unchanged => return Ok(None),
            Answer::Missing => return Err(format!("`{}`: there is no such document", harmless(url.as_str()))),
            Answer::Document(document) => document,
        };
        let etag = document.etag.clone();
        let wrong = |error: String| format!("`{}`: {error}", harmless(url.as_str()));
        let gathered = self.gathered(document, url.file_name(), url.file_name()).map_err(wrong)?;
        if gathered.is_empty() {
            let first = gathered.problems.first().map(|problem| format!(": {problem}")).unwrap_or_default();
            return Err(wrong(format!("it holds neither advisories nor a list of what is exploited{first}")));
        }
        Ok(Some((gathered, etag)))
    }

    /// Stores a document for as long as it is read.
    fn gathered(&self, document: Document, what: &str, name: &str) -> Result<Gathered, String> {
        fs::create_dir_all(self.scratch).map_err(|error| format!("it can't be stored: {error}"))?;
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')).collect();
        let file = Scratch(self.scratch.join(format!("{}-{name}", std::process::id())));
        let mut out = fs::File::create(&file.0).map_err(|error| format!("it can't be stored: {error}"))?;
        let copied = document.copy(&mut out, self.max_bytes, &|n_bytes, n_all| self.progress.downloaded(what, n_bytes, n_all));
        self.progress.clear();
        copied?;
        drop(out);
        let mut gathered = Gathered::default();
        let of_failure = |Failures(failures): Failures| failures.into_iter().next().map_or_else(String::new, |failure| failure.message);
        gather(&file.0, &mut gathered, &|n_files| self.progress.reading(n_files)).map_err(of_failure)?;
        // The file has a name that says nothing to people.
        let shown = format!("`{}`: ", crate::text::path(&file.0));
        gathered.problems.iter_mut().for_each(|problem| *problem = problem.replace(&shown, ""));
        Ok(gathered)
    }
}

/// The ids of what was changed after a moment, and when the last change was; nothing if there are too many.
fn ids(list: Document, since: &str) -> Result<Option<(String, Vec<String>)>, String> {
    let (mut newest, mut ids) = (since.to_owned(), Vec::new());
    for line in BufReader::new(list.into_reader(MAX_CHANGES_BYTES)).lines() {
        let line = line.map_err(|error| format!("the list of changes broke off: {}", harmless(&error.to_string())))?;
        let Some((modified, id)) = line.trim().split_once(',') else {
            return Err(format!("`{}` is no line of a list of changes", harmless(line.get(..80).unwrap_or(&line))));
        };
        if modified == "modified" {
            continue;
        }
        // Moments are compared to the second: some lists have fractions of it, and records have none.
        if seconds(modified) <= seconds(since) {
            break;
        }
        if seconds(&newest) < seconds(modified) {
            modified.clone_into(&mut newest);
        }
        // Lists of all ecosystems have the ecosystem before the id.
        let id = id.rsplit_once('/').map_or(id, |(_, id)| id);
        let is_id = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'));
        if !is_id {
            return Err(format!("`{}` is no id of an advisory", harmless(id.get(..80).unwrap_or(id))));
        }
        if MAX_SINGLE_RECORDS <= ids.len() {
            return Ok(None);
        }
        ids.push(id.to_owned());
    }
    Ok(Some((newest, ids)))
}

/// `2024-08-15T00:05:00.123Z` to the second.
fn seconds(moment: &str) -> &str {
    moment.get(.."2024-08-15T00:05:00".len()).unwrap_or(moment)
}

fn record(document: Document, url: &Url) -> Result<Record, String> {
    let wrong = |error: String| format!("`{}`: {error}", harmless(url.as_str()));
    let mut bytes = Vec::new();
    document.copy(&mut bytes, MAX_RECORD_BYTES, &|_, _| {}).map_err(wrong)?;
    match read_record("record.json", &bytes) {
        Some(Ok(record)) => Ok(record),
        Some(Err(error)) => Err(wrong(error.to_string())),
        None => Err(wrong("this is no record of an advisory".to_owned())),
    }
}

/// A file that is removed when it is not needed any more.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
