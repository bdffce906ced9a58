//! Terraform and OpenTofu: files to modules, modules to resources whose attributes are evaluated.
//!
//! The files of a folder are one module. One that no other module of the project calls is a root; it is evaluated with its own
//! values, once for each file of values that says what an environment is. Modules that are called are evaluated with what they are
//! given, and with nothing else. Nothing is downloaded: what a module that is not there would say is unknown.

mod as_written;
mod assemble;
mod checks;
mod conversion;
mod data_source;
mod defaults;
mod evaluate;
mod function;
mod installed;
mod json;
mod module;
pub(crate) mod operation;
mod parse;
mod plan;
#[cfg(test)]
mod regressions;
mod syntax;
#[cfg(test)]
mod syntax_tests;
mod template;
#[cfg(test)]
mod tests;
mod written;

use bartizan_core::{ByteRange, Diagnostic, DiagnosticKind, Limit, Location};
use bartizan_source::{FileInfo, FileView};
use serde::{Deserialize, Serialize};

pub(crate) use self::checks::CHECKS;
use crate::{
    Graph, Resource, ResourceKind,
    format::{Document, Files, FormatReader, Seen},
    kubernetes,
    project::Project,
};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: usize = 10 << 20;
/// Files that code may read are kept up to this size, in bytes.
const MAX_COMPANION_BYTES: usize = 64 << 10;

pub(crate) const READER: FormatReader =
    FormatReader { name: "terraform", example: "main.tf", files: Some(Files { claims, look }), assemble: Some(assemble) };

/// A file of Terraform's language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Source {
    body: syntax::Body,
    /// Whether it gives values to variables, in contrast to code.
    is_values: bool,
}

/// A file of values that the caller names: it holds for every root module.
#[derive(Debug, Clone, PartialEq)]
pub struct Values(syntax::Body);

impl Values {
    /// Reads a file of values.
    ///
    /// # Errors
    /// What is wrong first, and at which byte.
    pub fn parse(name: &str, text: &str) -> Result<Self, (usize, String)> {
        let parsed = if name.ends_with(".json") { json::parse(text, true) } else { parse::parse(text) };
        match parsed.problems.into_iter().next() {
            Some(problem) => Err((problem.span.start as usize, problem.message)),
            None => Ok(Self(parsed.body)),
        }
    }
}

pub(crate) use as_written::as_written;
pub(crate) use assemble::evaluate_in_roots;
pub(crate) use evaluate::index_of;
pub use plan::Plan;
pub(crate) use syntax::Operator;
pub(crate) use written::{each_file as each_written, offset_of};

/// Whether a text is an expression of Terraform's language.
///
/// # Errors
/// What is wrong first, and at which byte.
pub fn check_expression(text: &str) -> Result<(), (usize, String)> {
    parse::expression(text).map(drop).map_err(|problem| (problem.span.start as usize, problem.message))
}

/// What a file is to Terraform.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Code,
    Values,
    JsonCode,
    JsonValues,
    /// Code may read it.
    Companion,
}

/// The document that the blocks of a data source of AWS' policies make.
pub(crate) fn aws_policy_of_blocks(body: &crate::Value) -> Option<crate::Value> {
    data_source::computed("data.aws_iam_policy_document", "json", &|| body.clone(), body.place)
}

fn role(path: &str) -> Option<Role> {
    let name = path.rsplit('/').next()?;
    let is = |suffixes: &[&str]| suffixes.iter().any(|suffix| name.ends_with(suffix));
    if is(&[".tf", ".tofu"]) {
        return Some(Role::Code);
    }
    if is(&[".tfvars"]) {
        return Some(Role::Values);
    }
    if is(&[".tf.json", ".tofu.json"]) {
        return Some(Role::JsonCode);
    }
    if is(&[".tfvars.json"]) {
        return Some(Role::JsonValues);
    }
    // The last one is read by those who build kustomizations.
    (is(&[".tftpl", ".tpl", ".tmpl", ".json", ".yaml", ".yml"]) || matches!(name, "Kustomization" | defaults::LOCK_FILE))
        .then_some(Role::Companion)
}

fn claims(file: &FileInfo) -> bool {
    let Some(path) = file.path.as_str() else { return false };
    match role(path) {
        None => false,
        // What builds and package managers leave behind is nothing that code reads.
        Some(Role::Companion) => {
            file.size_bytes <= MAX_COMPANION_BYTES as u64
                && !path.split('/').any(|part| matches!(part, "node_modules" | "package-lock.json" | ".github"))
        }
        Some(Role::Code | Role::Values | Role::JsonCode | Role::JsonValues) => true,
    }
}

fn assemble(project: &Project<'_>, graph: &mut Graph) {
    assemble::assemble(project, graph);
    plan::assemble(project, graph);
    // What the provider of Kubernetes declares are manifests.
    let is_of_kubernetes = |resource: &&Resource| resource.kind == ResourceKind::Managed && resource.native_type.starts_with("kubernetes_");
    let manifests = graph.resources().iter().filter(is_of_kubernetes).filter_map(|resource| {
        let (kind, body) = kubernetes::terraform::manifest(&resource.native_type, &resource.body)?;
        Some((resource.id, kind, body))
    });
    for (id, kind, body) in manifests.collect::<Vec<_>>() {
        graph.recast(id, kind.into(), body);
    }
}

fn look(file: &FileView<'_>, seen: &mut Seen) {
    let (Some(text), Some(role)) = (file.text(), file.path().as_str().and_then(role)) else { return };
    if MAX_FILE_BYTES < text.len() {
        let limit = Limit { name: "max-document-bytes".to_owned(), value: MAX_FILE_BYTES as u64 };
        let diagnostic = Diagnostic::new(DiagnosticKind::EngineLimit, "the file is too large to be analyzed").because_of(limit);
        seen.diagnostics.push(diagnostic.at(Location::whole(file.path().clone())));
        return;
    }
    let is_values = matches!(role, Role::Values | Role::JsonValues);
    let parsed = match role {
        Role::Code | Role::Values => parse::parse(text),
        Role::JsonCode | Role::JsonValues => json::parse(text, is_values),
        Role::Companion => {
            seen.documents.push(Document::Companion);
            return;
        }
    };
    for problem in parsed.problems {
        let range = ByteRange::new(problem.span.start as usize, problem.span.end as usize);
        let diagnostic = Diagnostic::new(DiagnosticKind::PartlyParsed, format!("Terraform: {}", problem.message));
        seen.diagnostics.push(diagnostic.at(file.location(range)));
    }
    seen.documents.push(Document::Terraform(Source { body: parsed.body, is_values }));
}
