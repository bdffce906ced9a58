//! Dockerfiles as BuildKit reads them: <https://docs.docker.com/reference/dockerfile/>.
//!
//! What one file says of itself is found while it is read. Its instructions become resources, too, for rules that are data; and
//! the image that comes out is one, for what depends on arguments of the build or on other files (`.dockerignore`).

mod check;
mod commands;
mod file;
mod ignore;
mod image;
mod instruction;
mod lines;
mod variable;
mod written;

use bartizan_core::{ByteRange, Diagnostic, DiagnosticKind, Level};
use bartizan_source::{FileInfo, FileView, Language};

use crate::format::{Document, Files, FormatReader, Seen};

pub(crate) use commands::commands;
pub(crate) use image::{CHECKS, Image};
pub(crate) use written::json_of as written_as_json;

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: usize = 4 << 20;
/// So many problems of one file are told.
const MAX_PROBLEMS: usize = 20;

pub(crate) const READER: FormatReader =
    FormatReader { name: "dockerfile", example: "Dockerfile", files: Some(Files { claims, look }), assemble: Some(image::assemble) };

/// Endings of names that begin like that of a Dockerfile, and are something else.
const OTHER_ENDINGS: &[&str] = &[
    "md", "rs", "go", "py", "js", "ts", "sh", "rb", "yaml", "yml", "json", "toml", "txt", "html", "hadolint", "orig", "svg", "png", "lock",
];

fn claims(file: &FileInfo) -> bool {
    let Some(path) = file.path.as_str() else { return false };
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if name.ends_with(".dockerignore") || name == ".containerignore" {
        return true;
    }
    if name.rsplit_once('.').is_some_and(|(_, ending)| OTHER_ENDINGS.contains(&ending)) {
        return false;
    }
    file.language == Some(Language::Dockerfile) || file.language.is_none() && (name.contains("docker") || name.contains("containerfile"))
}

fn look(view: &FileView<'_>, seen: &mut Seen) {
    let Some(text) = view.text() else { return };
    let path = view.path().as_str().unwrap_or_default();
    let is_ignore_file = path.ends_with("ignore");
    if MAX_FILE_BYTES < text.len() {
        let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "the Dockerfile is too large to be analyzed");
        seen.diagnostics.push(diagnostic.at(view.location(ByteRange::new(0, 0))));
        return;
    }
    if is_ignore_file {
        seen.documents.push(Document::DockerIgnore(ignore::read(text)));
        return;
    }
    if view.info().language != Some(Language::Dockerfile) && !begins_like_one(text) {
        return;
    }
    let file = file::parse(text);
    problems(view, &file, seen);
    if file.instructions.is_empty() {
        return;
    }
    check::all(view, &file, &mut seen.drafts);
    seen.documents.push(Document::Dockerfile(image::of(&file)));
}

/// Whether the first instruction is one that a Dockerfile begins with.
fn begins_like_one(text: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut words = lines.take(1).flat_map(str::split_whitespace);
    words.next().is_some_and(|word| word.eq_ignore_ascii_case("FROM") || word == "ARG") && words.next().is_some()
}

fn problems(view: &FileView<'_>, file: &file::Dockerfile<'_>, seen: &mut Seen) {
    let is_template = |text: &str| ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark));
    for (range, reason) in file.problems.iter().take(MAX_PROBLEMS) {
        let line = view.text().and_then(|text| text.get(range.start()..range.end())).unwrap_or_default();
        let mut diagnostic = Diagnostic::new(DiagnosticKind::PartlyParsed, format!("Dockerfile: {reason}")).at(view.location(*range));
        // Lines of a template are for another program.
        diagnostic.level = if is_template(line) { Level::Note } else { Level::Incomplete };
        seen.diagnostics.push(diagnostic);
    }
    if file.is_cut {
        let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "the Dockerfile has more than is analyzed");
        seen.diagnostics.push(diagnostic.at(view.location(ByteRange::new(0, 0))));
    }
}

/// The scripts of a Dockerfile, one of each `RUN` in shell form.
#[cfg(test)]
pub(crate) fn scripts(text: &str) -> Vec<String> {
    let file = file::parse(text);
    let runs = file.instructions.into_iter().filter(|instruction| instruction.keyword == "RUN" && !instruction.is_exec);
    runs.map(|instruction| instruction.value).collect()
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod vectors;
