//! Bicep: files to resources of Azure, in the notation that templates of Azure Resource Manager have, too.
//!
//! A file that no other of the project calls as a module is evaluated by itself: once with its defaults, or once for each file of
//! parameters that uses it. Modules are evaluated with what they are given. Nothing is downloaded: what a module of a registry
//! would say is unknown.

mod assemble;
mod evaluate;
mod module;
mod parse;
mod syntax;
#[cfg(test)]
mod tests;

use bartizan_core::{ByteRange, Diagnostic, DiagnosticKind, Limit, Location};
use bartizan_source::{FileInfo, FileView};
use serde::{Deserialize, Serialize};

use crate::format::{Document, Files, FormatReader, Seen};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: usize = 10 << 20;

pub(crate) const READER: FormatReader =
    FormatReader { name: "bicep", example: "main.bicep", files: Some(Files { claims, look }), assemble: Some(assemble::assemble) };

/// A file of Bicep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    statements: Vec<syntax::Statement>,
    /// Whether it gives values to parameters, in contrast to code.
    is_parameters: bool,
}

fn claims(file: &FileInfo) -> bool {
    file.path.as_str().is_some_and(|path| path.ends_with(".bicep") || path.ends_with(".bicepparam"))
}

fn look(file: &FileView<'_>, seen: &mut Seen) {
    let Some(text) = file.text() else { return };
    if MAX_FILE_BYTES < text.len() {
        let limit = Limit { name: "max-document-bytes".to_owned(), value: MAX_FILE_BYTES as u64 };
        let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "the file is too large to be analyzed").because_of(limit);
        seen.diagnostics.push(diagnostic.at(Location::whole(file.path().clone())));
        return;
    }
    let parsed = parse::parse(text);
    for problem in parsed.problems {
        let range = ByteRange::new(problem.span.start as usize, problem.span.end as usize);
        let diagnostic = Diagnostic::new(DiagnosticKind::PartlyParsed, format!("Bicep: {}", problem.message));
        seen.diagnostics.push(diagnostic.at(file.location(range)));
    }
    let is_parameters = file.path().as_str().is_some_and(|path| path.ends_with(".bicepparam"));
    seen.documents.push(Document::Bicep(Source { statements: parsed.statements, is_parameters }));
}
