//! The formats that are read: which files each claims, what it notes of one, and how that becomes resources.

use bartizan_core::Diagnostic;
use bartizan_source::{FileInfo, FileView};
use serde::{Deserialize, Serialize};

use crate::{
    Graph, Value, ansible, arm, bicep, cloudformation, compose,
    data::{self, DataKind},
    dockerfile, kubernetes, openapi,
    project::Project,
    report::Draft,
    serverless, terraform, workflow,
};

/// A format of documents, or a family of formats that share files.
pub struct FormatReader {
    /// Its name, by which examples of rules call it.
    pub name: &'static str,
    /// What a file of an example is called.
    pub example: &'static str,
    /// How it reads files; nothing where its documents are read by another format.
    pub files: Option<Files>,
    /// Makes resources of all documents that were noted; nothing where others do.
    pub assemble: Option<Assemble>,
}

/// How files of a format are read.
pub struct Files {
    /// Whether a file may be in it, by its path.
    pub claims: fn(&FileInfo) -> bool,
    /// Looks at the text of a file that it claims.
    pub look: fn(&FileView<'_>, &mut Seen),
}

/// Makes resources of documents.
pub type Assemble = fn(&Project<'_>, &mut Graph);

/// What was seen in one file.
#[derive(Debug, Default)]
pub struct Seen {
    /// What the file says, for later.
    pub documents: Vec<Document>,
    /// What is wrong in it, whatever other files say.
    pub drafts: Vec<Draft>,
    /// What could not be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a file says, as it is kept until all files were seen. Places in it are those of the file number 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Document {
    /// A document of data whose kind was recognized by its content.
    Data(DataKind, Value),
    /// A file of Terraform's language.
    Terraform(terraform::Source),
    /// A file of Bicep.
    Bicep(bicep::Source),
    /// A file that code of others may read: its text is kept.
    Companion,
    /// A workflow, an action, or settings of a CI system: what other files need to know of it.
    Workflow(Box<workflow::Facts>),
    /// A Dockerfile.
    Dockerfile(dockerfile::Image),
    /// The patterns of a `.dockerignore`.
    DockerIgnore(Vec<String>),
}

/// All formats.
pub static FORMATS: &[FormatReader] = &[
    data::READER,
    terraform::READER,
    kubernetes::READER,
    cloudformation::READER,
    serverless::READER,
    arm::READER,
    bicep::READER,
    dockerfile::READER,
    compose::READER,
    ansible::READER,
    openapi::READER,
    workflow::JENKINS,
];

/// How files are read that a format claims.
pub(crate) fn reading(file: &FileInfo) -> impl Iterator<Item = &'static Files> {
    FORMATS.iter().filter_map(|format| format.files.as_ref()).filter(|files| (files.claims)(file))
}

/// The resources of all documents, connected.
pub(crate) fn graph_of(project: &Project<'_>) -> Graph {
    let mut graph = Graph::default();
    FORMATS.iter().filter_map(|format| format.assemble).for_each(|assemble| assemble(project, &mut graph));
    graph.connect();
    graph
}
