//! Audits of one file: each looks at a workflow or an action and says what is wrong in it.

mod actions;
mod cache;
mod conditions;
mod control;
mod credentials;
pub(crate) mod dependabot;
mod environment_file;
mod images;
pub(crate) mod injection;
mod known;
mod obfuscation;
mod outputs;
mod permissions;
mod publishing;
mod scripts;
mod style;
pub(crate) mod triggers;

use super::{definition::Definition, remark::Remark};

/// What an audit looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Audited<'a, 'd> {
    /// The workflow or action.
    pub(crate) definition: &'a Definition<'d>,
}

/// All audits of one file.
static AUDITS: &[fn(&Audited<'_, '_>, &mut Vec<Remark>)] = &[
    actions::look,
    cache::look,
    conditions::look,
    credentials::look,
    environment_file::look,
    images::look,
    injection::look,
    obfuscation::look,
    permissions::look,
    publishing::look,
    scripts::look,
    style::look,
    triggers::look,
];

/// What all audits say about a workflow or an action.
pub(crate) fn look(definition: &Definition<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    AUDITS.iter().for_each(|look| look(&Audited { definition }, &mut remarks));
    remarks
}
