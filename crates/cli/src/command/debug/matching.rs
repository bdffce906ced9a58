//! `bartizan debug match`: which advisories affect a version of a package.
//!
//! A line is an object with `ecosystem`, `name` and `version`; the answer is `{"ids":[…]}`, or `{"error":…}`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use bartizan_deps::osv::{MatchBy, Record, Records};
use clap::{Args, ValueHint};
use serde::Deserialize;
use serde_json::json;

use super::lines;
use crate::{
    exit::Exit,
    failure::{Failure, Outcome},
    output::print_error,
    text::{self, count, harmless, to_u64},
};

/// A record may be so large.
const MAX_RECORD_BYTES: u64 = 16 << 20;
/// Folders may be so deep.
const MAX_DEPTH: usize = 32;

/// Print which advisories affect a version of a package: one line of standard input, one line of output
#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// Advisories in OSV's format, JSON or YAML, or folders of them (repeatable)
    #[arg(long, value_name = "FILE|DIR", required = true, value_hint = ValueHint::AnyPath)]
    from: Vec<PathBuf>,
    /// Decide by ranges alone, not by listed versions
    #[arg(long)]
    ranges_only: bool,
}

/// Answers until there are no questions.
pub(super) fn run(args: &MatchArgs) -> Outcome<Exit> {
    let mut reading = Reading::default();
    for path in &args.from {
        reading.read(path, 0)?;
    }
    for problem in reading.problems.iter().take(10) {
        print_error(&format!("note: {}\n", harmless(problem)));
    }
    if !reading.problems.is_empty() {
        print_error(&format!("note: {} left out\n", count(to_u64(reading.problems.len()), "file")));
    }
    let by = if args.ranges_only { MatchBy::Ranges } else { MatchBy::VersionsAndRanges };
    lines::answer(|line| match serde_json::from_str::<Question>(line) {
        Ok(question) => {
            let found = reading.records.matching(&question.ecosystem, &question.name, &question.version, by);
            json!({"ids": found.iter().map(|record| &record.id).collect::<Vec<_>>()}).to_string()
        }
        Err(error) => json!({"error": error.to_string()}).to_string(),
    })
}

#[derive(Deserialize)]
struct Question {
    ecosystem: String,
    name: String,
    version: String,
}

/// Records, and the files that hold none.
#[derive(Default)]
struct Reading {
    records: Records,
    problems: Vec<String>,
}

impl Reading {
    /// Reads a file that somebody named, or those below a folder that look like records.
    fn read(&mut self, path: &Path, depth: usize) -> Result<(), Failure> {
        let metadata = fs::metadata(path).map_err(|error| Failure::unreadable(path, &error))?;
        if !metadata.is_dir() {
            return self.read_record(path, metadata.len());
        }
        if MAX_DEPTH < depth {
            self.problems.push(format!("`{}` is too deep", text::path(path)));
            return Ok(());
        }
        let entries = fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut entries = entries.map_err(|error| Failure::unreadable(path, &error))?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| Failure::unreadable(&path, &error))?;
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            // Links are not followed: they may lead in circles.
            if !is_hidden && (kind.is_dir() || kind.is_file() && format(&path).is_some()) {
                self.read(&path, depth + 1)?;
            }
        }
        Ok(())
    }

    fn read_record(&mut self, path: &Path, size_bytes: u64) -> Result<(), Failure> {
        if MAX_RECORD_BYTES < size_bytes {
            self.problems.push(format!("`{}` is too large", text::path(path)));
            return Ok(());
        }
        let bytes = fs::read(path).map_err(|error| Failure::unreadable(path, &error))?;
        let record = match format(path) {
            Some(Format::Yaml) => Record::from_yaml(&String::from_utf8_lossy(&bytes)),
            Some(Format::Json) | None => Record::from_json(&bytes),
        };
        match record {
            Ok(record) => self.records.add(record),
            Err(error) => self.problems.push(format!("`{}`: {error}", text::path(path))),
        }
        Ok(())
    }
}

enum Format {
    Json,
    Yaml,
}

fn format(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()? {
        "json" => Some(Format::Json),
        "yaml" | "yml" => Some(Format::Yaml),
        _ => None,
    }
}
