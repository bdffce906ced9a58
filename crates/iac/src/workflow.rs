//! Workflows of CI systems: GitHub Actions (and Gitea's and Forgejo's, which read the same), GitLab CI, Azure Pipelines, CircleCI
//! and Jenkins.
//!
//! A document is recognized by its content or its place, and judged by itself while it is visited ([`audit`]); what is left of it
//! are [`Facts`], from which [`across`] says what only all files together say. The view of a document is borrowed from
//! `bartizan_source::document`, which has the place of everything. The published models of zizmor were no alternative: they give
//! no places, refuse a whole file for one odd key, and need a newer compiler than this workspace.
//!
//! This module fetches nothing: whether a commit belongs to a repository, or which tags it has, is not known here.

mod across;
mod audit;
mod command;
mod comment;
mod config;
mod constant;
mod definition;
mod edit;
mod expression;
mod facts;
mod fence;
mod matrix;
mod pipeline;
mod remark;
mod taint;
#[cfg(test)]
mod tests;
mod uses;

use bartizan_core::{Diagnostic, DiagnosticKind, Level};
use bartizan_source::{FileInfo, FileView, document::Node};

pub use facts::Facts;

use self::{
    config::Config,
    definition::Definition,
    pipeline::System,
    remark::{Remark, drafts},
};
use crate::{
    format::{Document, Files, FormatReader, Seen},
    project::Project,
    report::Draft,
};

/// Pipelines of Jenkins, which are no documents of data.
pub(crate) const JENKINS: FormatReader = FormatReader {
    name: "jenkins",
    example: "Jenkinsfile",
    files: Some(Files { claims: is_jenkins, look: look_at_jenkins }),
    assemble: None,
};

fn is_jenkins(file: &FileInfo) -> bool {
    let path = file.path.to_string();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.starts_with("Jenkinsfile") || name.ends_with(".jenkinsfile")
}

fn look_at_jenkins(file: &FileView<'_>, seen: &mut Seen) {
    seen.drafts.extend(file.text().map(|text| said(pipeline::jenkins::look(text), file)).unwrap_or_default());
}

/// What a document of a CI system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A workflow of GitHub Actions.
    Workflow,
    /// An action of GitHub Actions.
    Action,
    /// The configuration of Dependabot.
    Dependabot,
    /// The configuration of pre-commit.
    PreCommit,
    /// The configuration of zizmor.
    Zizmor,
    /// A pipeline of another system.
    Pipeline(System),
}

/// Whether a text may be of one of the kinds: a cheap look before it is parsed.
pub(crate) fn may_be(path: &str, text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_workflow = has("jobs") && (has("runs-on") || has("uses:"));
    let is_action = has("runs") && has("using");
    is_workflow || is_action || has("package-ecosystem") || is_named_config(name) || pipeline::may_be(path, text)
}

fn is_named_config(name: &str) -> bool {
    name.starts_with(".pre-commit-config.y") || matches!(name, "zizmor.yml" | "zizmor.yaml")
}

/// What a document is.
pub(crate) fn kind_of(path: &str, root: &Node<'_>) -> Option<Kind> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_job = |job: &Node<'_>| ["runs-on", "uses", "steps"].iter().any(|key| job.get(key).is_some());
    if root.get("jobs").is_some_and(|jobs| jobs.members().iter().any(|job| is_job(&job.node))) && root.get("on").is_some() {
        return Some(Kind::Workflow);
    }
    if root.at(&["runs", "using"]).is_some() {
        return Some(Kind::Action);
    }
    if root.get("updates").is_some_and(|updates| updates.items().iter().any(|update| update.get("package-ecosystem").is_some())) {
        return Some(Kind::Dependabot);
    }
    if name.starts_with(".pre-commit-config.y") && root.get("repos").is_some() {
        return Some(Kind::PreCommit);
    }
    if is_named_config(name) && root.get("rules").is_some() {
        return Some(Kind::Zizmor);
    }
    pipeline::system_of(path, root).map(Kind::Pipeline)
}

/// Judges a document by itself, and keeps what others need to know of it.
pub(crate) fn look(kind: Kind, root: &Node<'_>, file: &FileView<'_>, seen: &mut Seen) {
    let Some(text) = file.text() else { return };
    let mut remarks = Vec::new();
    match kind {
        Kind::Workflow | Kind::Action => {
            let definition = if kind == Kind::Workflow { Definition::workflow(root, text) } else { Definition::action(root, text) };
            remarks = audit::look(&definition);
            say_unreadable(&definition, file, seen);
            seen.documents.push(Document::Workflow(Box::new(facts::collect(&definition))));
        }
        Kind::Dependabot => audit::dependabot::look(root, text, &mut remarks),
        Kind::PreCommit => audit::dependabot::look_at_hooks(root, &mut remarks),
        Kind::Pipeline(system) => {
            remarks = pipeline::look(system, root, text);
            if matches!(system, System::GitLab | System::Azure) {
                seen.documents.push(Document::Workflow(Box::new(Facts { pipeline: Some(system), ..Facts::default() })));
            }
        }
        Kind::Zizmor => {
            let (config, problems) = Config::read(root);
            for problem in problems {
                let diagnostic = Diagnostic::new(DiagnosticKind::PartlyParsed, format!("zizmor's settings: {problem}"));
                seen.diagnostics.push(diagnostic.at(file.location(root.range)));
            }
            seen.documents.push(Document::Workflow(Box::new(Facts { config: Some(config), ..Facts::default() })));
        }
    }
    seen.drafts.extend(said(remarks, file));
}

/// Says what only all files together say, and what could not be found out.
pub(crate) fn conclude(project: &Project<'_>) -> (Vec<Draft>, Vec<Diagnostic>) {
    let mut drafts = across::conclude(project);
    let mut diagnostics = Vec::new();
    for (found, unknown) in [pipeline::gitlab::across::conclude(project), pipeline::azure::across::conclude(project)] {
        drafts.extend(found);
        diagnostics.extend(unknown);
    }
    (drafts, diagnostics)
}

fn said(remarks: Vec<Remark>, file: &FileView<'_>) -> Vec<Draft> {
    drafts(remarks, &|range| file.location(range))
}

/// Expressions that can't be read are not judged: that is said.
fn say_unreadable(definition: &Definition<'_>, file: &FileView<'_>, seen: &mut Seen) {
    for node in fence::texts(definition.root) {
        for fenced in fence::of_node(node, definition.text) {
            let Err(error) = fenced.expression() else { continue };
            let mut diagnostic = Diagnostic::new(DiagnosticKind::PartlyParsed, format!("this expression can't be read: {}", error.message));
            diagnostic.level = Level::Note;
            seen.diagnostics.push(diagnostic.at(file.location(fenced.place)));
        }
    }
}
