//! The formats that reports are written in, and how to find one by its name.

mod csv;
mod gitlab;
mod html;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod sarif;
mod semgrep_json;

use std::{
    fmt,
    io::{self, BufWriter, Write},
};

use bartizan_core::Report;
use serde::Serialize;

use crate::Context;

/// The name of a format, as the command line takes it: `sarif`, `html` …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FormatId(pub &'static str);

impl fmt::Display for FormatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// Writes one format.
pub trait Exporter: Sync {
    /// Its name.
    fn id(&self) -> FormatId;

    /// What it is for, in one line without a full stop.
    fn purpose(&self) -> &'static str;

    /// The usual end of a file's name, without the dot.
    fn extension(&self) -> &'static str;

    /// The media type of what is written.
    fn media_type(&self) -> &'static str;

    /// Whether it writes the values of secrets, where the report holds them. All others write masks alone.
    fn carries_values(&self) -> bool {
        false
    }

    /// Writes a report, with what only the caller knows of the scan.
    ///
    /// Writes in small pieces: `out` should be buffered.
    ///
    /// # Errors
    /// Those of `out`.
    fn write(&self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()>;

    /// Writes a report without further circumstances, and flushes.
    ///
    /// # Errors
    /// Those of `out`.
    fn export(&self, report: &Report, out: &mut dyn Write) -> io::Result<()> {
        self.export_with(report, &Context::default(), out)
    }

    /// Writes a report with what only the caller knows of the scan, and flushes.
    ///
    /// # Errors
    /// Those of `out`.
    fn export_with(&self, report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
        let mut out = BufWriter::new(out);
        self.write(report, context, &mut out)?;
        out.flush()
    }
}

/// The exporter of a format, if there is such a format.
#[must_use]
pub fn exporter(id: &str) -> Option<&'static dyn Exporter> {
    EXPORTERS.iter().copied().find(|exporter| exporter.id().0 == id)
}

/// Writes indented JSON and a line break.
fn write_json(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}

/// All formats, by name.
pub static EXPORTERS: &[&dyn Exporter] = &[
    &csv::Csv,
    &gitlab::Gitlab,
    &html::Html,
    &json::Json,
    &jsonl::Jsonl,
    &junit::Junit,
    &markdown::Markdown,
    &sarif::Sarif,
    &semgrep_json::SemgrepJson,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_registered_under_its_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/export");
        let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut files: Vec<String> = names.filter_map(|name| name.strip_suffix(".rs").map(|name| name.replace('_', "-"))).collect();
        files.sort();
        let registered: Vec<&str> = EXPORTERS.iter().map(|exporter| exporter.id().0).collect();
        assert_eq!(registered, files);
    }

    #[test]
    fn a_format_is_found_by_its_exact_name() {
        assert_eq!(exporter("sarif").map(Exporter::id), Some(FormatId("sarif")));
        assert!(exporter("SARIF").is_none());
    }
}
