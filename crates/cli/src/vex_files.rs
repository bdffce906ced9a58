//! VEX documents that the caller names.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bartizan_core::{Diagnostic, DiagnosticKind};
use bartizan_deps::VexFile;
use bartizan_formats::vex::{self, MAX_DOCUMENT_BYTES};

use crate::{
    failure::{Failure, Outcome},
    session, text,
};

/// How deeply folders of documents are nested.
const MAX_DEPTH: usize = 8;

/// What was read, and what is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) files: Vec<VexFile>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Reads files, and folders of them. A file that was named itself must be a document; one in a folder that is none is told of.
pub(crate) fn read(paths: &[PathBuf]) -> Outcome<Found> {
    let mut found = Found::default();
    for path in paths {
        if fs::metadata(path).map_err(|error| Failure::unreadable(path, &error))?.is_dir() {
            let mut files = Vec::new();
            list(path, 0, &mut files).map_err(|error| Failure::unreadable(path, &error))?;
            files.sort();
            for file in files {
                if !found.add(&file)? {
                    found.note(&file, "the file lies among VEX documents and is none");
                }
            }
        } else if !found.add(path)? {
            let message = format!("`{}` is no VEX document", text::path(path));
            let help = "documents are OpenVEX, CSAF with the profile VEX, or CycloneDX, as JSON";
            return Err(Failure::bad_input("unknown-vex", message).with_help(help).into());
        }
    }
    Ok(found)
}

impl Found {
    /// Adds a document; whether it is one.
    fn add(&mut self, path: &Path) -> Outcome<bool> {
        let Some(parsed) = vex::read(&session::read_regular(path, MAX_DOCUMENT_BYTES)?) else { return Ok(false) };
        for problem in &parsed.problems {
            self.note(path, problem);
        }
        self.files.push(VexFile { name: text::path(path), document: parsed.value, is_of_project: false });
        Ok(true)
    }

    fn note(&mut self, path: &Path, problem: &str) {
        let reason = format!("`{}`: {}", text::path(path), text::harmless(problem));
        self.diagnostics.push(Diagnostic::new(DiagnosticKind::Suppression, reason));
    }
}

/// The JSON files below a folder; links are not followed.
fn list(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth < MAX_DEPTH {
            list(&path, depth + 1, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            files.push(path);
        }
    }
    Ok(())
}
