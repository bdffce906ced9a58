//! Documents from bytes: what was understood, and what was not.

mod csaf;
mod cyclonedx;
mod openvex;

use serde_json::Value;

use super::{Document, Justification, MAX_STATEMENTS, Statement, Status};
use crate::purl::PackageUrl;

/// What was understood of a document, and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// What was understood.
    pub value: Document,
    /// What was not, in the order of the document, in lower case, without a full stop.
    pub problems: Vec<String>,
}

/// Reads a document of any format; nothing if the bytes are something else.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Parsed> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let root: Value = serde_json::from_slice(bytes).ok()?;
    let mut draft = Draft::default();
    if text(&root, "@context").starts_with("https://openvex.dev/ns") {
        openvex::read(&root, &mut draft);
    } else if root.get("document").is_some_and(|document| document.get("csaf_version").is_some()) {
        csaf::read(&root, &mut draft);
    } else if text(&root, "bomFormat") == "CycloneDX" {
        cyclonedx::read(&root, &mut draft);
    } else {
        return None;
    }
    let Draft { document, problems, is_full } = draft;
    let full = is_full.then(|| format!("more than {MAX_STATEMENTS} statements: the rest is not read (max-vex-statements)"));
    Some(Parsed { value: document, problems: problems.into_iter().chain(full).collect() })
}

/// A document that is being read.
#[derive(Debug, Default)]
struct Draft {
    document: Document,
    problems: Vec<String>,
    is_full: bool,
}

impl Draft {
    /// So many problems of one document are said.
    const MAX_PROBLEMS: usize = 1000;

    fn problem(&mut self, problem: String) {
        if self.problems.len() < Self::MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    /// Adds a statement, unless it says nothing that can be relied on.
    fn add(&mut self, statement: Statement) {
        let flaw = statement.flaws.first().map_or("a flaw without a name", String::as_str);
        if statement.flaws.is_empty() {
            self.problem("a statement names no flaw, and is not used".to_owned());
            return;
        }
        if statement.products.is_empty() {
            self.problem(format!("the statement on {flaw} names no product, and is not used"));
            return;
        }
        let is_bare = statement.justification.is_none() && statement.explanation.trim().is_empty();
        if statement.status == Status::NotAffected && is_bare {
            let product = statement.products.first().map_or("", |product| product.id.as_str());
            self.problem(format!("`{product}` is said not to be affected by {flaw} without a justification: the statement is not used"));
            return;
        }
        if MAX_STATEMENTS <= self.document.statements.len() {
            self.is_full = true;
            return;
        }
        self.document.statements.push(statement);
    }
}

/// A member that is text; empty if it is not there.
fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member that is a list; empty if it is not there.
fn items<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list.
fn texts<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v str> {
    items(value, name).iter().filter_map(Value::as_str)
}

fn justification(name: &str) -> Option<Justification> {
    Justification::ALL.into_iter().find(|justification| justification.as_str() == name)
}

fn purl(text: &str) -> Option<PackageUrl> {
    PackageUrl::lenient(text).ok()
}
