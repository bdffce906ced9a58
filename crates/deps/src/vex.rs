//! What others say about the flaws of components (VEX), and what that means for a finding; and what a scan lets us say ourselves.
//!
//! A statement is about a flaw by any of its names, and about a component: directly, or because the component is a part of the
//! product and every way to it leads through the product. Of several statements the newest counts, then the one that is about
//! something more specific, then the more careful one. What does no harm is suppressed where everybody sees it; nothing is hidden.

mod create;
mod expiry;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use bartizan_core::{
    ArtifactPath, Component, ComponentKind, Dependency, Diagnostic, DiagnosticKind, Evidence, Finding, Location, Strength, Suppression,
    SuppressionKind,
};
use bartizan_formats::{
    purl::PackageUrl,
    vex::{self, Product, Statement, Status, covers},
};

pub use self::{
    create::{Context as VexContext, document as vex_document},
    expiry::{Expired, Expiry, expired},
};

/// The folder of a project whose documents count: `.vex/*.json`.
const FOLDER: &str = ".vex";

/// A document, and who gives it.
#[derive(Debug, Clone)]
pub struct VexFile {
    /// Its name, for people; its path, if it is the project's own.
    pub name: String,
    /// What it says.
    pub document: vex::Document,
    /// Whether the project says it itself.
    pub is_of_project: bool,
}

/// Whether a file of a project holds statements.
pub(crate) fn is_document(path: &ArtifactPath) -> bool {
    let Some((folder, name)) = path.as_str().and_then(|path| path.rsplit_once('/')) else { return false };
    let is_ours = folder == FOLDER || folder.ends_with("/.vex");
    is_ours && name.to_lowercase().ends_with(".json")
}

/// Reads a document of the project; what is wrong with it is said at its place.
pub(crate) fn read(path: &ArtifactPath, bytes: &[u8], diagnostics: &mut Vec<Diagnostic>) -> Option<VexFile> {
    let note = |reason: String| Diagnostic::new(DiagnosticKind::Suppression, reason).at(Location::whole(path.clone()));
    let Some(parsed) = vex::read(bytes) else {
        let help = "documents are OpenVEX, CSAF with the profile VEX, or CycloneDX, as JSON";
        diagnostics.push(note("this is no VEX document".to_owned()).with_help(help));
        return None;
    };
    let help = "say why the flaw does no harm: a justification, or an explanation";
    diagnostics.extend(parsed.problems.into_iter().map(|problem| note(problem).with_help(help)));
    Some(VexFile { name: path.to_string(), document: parsed.value, is_of_project: true })
}

/// What is said about the components of a project.
#[derive(Debug, Default)]
pub(crate) struct Said<'a> {
    statements: Vec<(&'a VexFile, &'a Statement)>,
    /// Statements by every name of their flaw, in lower case.
    by_flaw: HashMap<String, Vec<usize>>,
    /// The package URLs of the components, and of those the applications.
    purls: BTreeMap<&'a str, (PackageUrl, bool)>,
    dependencies: HashMap<&'a str, Vec<&'a str>>,
}

/// How closely a statement speaks of a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Closeness {
    names_component: bool,
    has_version: bool,
    n_qualifiers: usize,
}

impl<'a> Said<'a> {
    pub(crate) fn new(files: &'a [VexFile], components: &'a [Component], dependencies: &'a [Dependency]) -> Self {
        let mut said = Self::default();
        if files.is_empty() {
            return said;
        }
        for (file, statement) in files.iter().flat_map(|file| file.document.statements.iter().map(move |statement| (file, statement))) {
            for flaw in &statement.flaws {
                said.by_flaw.entry(flaw.to_lowercase()).or_default().push(said.statements.len());
            }
            said.statements.push((file, statement));
        }
        for component in components {
            let Ok(purl) = component.purl.parse::<PackageUrl>() else { continue };
            said.purls.insert(&component.purl, (purl, component.kind == ComponentKind::Application));
        }
        for edge in dependencies {
            said.dependencies.entry(&edge.dependent).or_default().push(&edge.dependency);
        }
        said
    }

    /// What is said about a flaw of a component, as a part of the finding.
    pub(crate) fn judge(&self, mut finding: Finding, flaws: &[String], component: &str) -> Finding {
        let Some((file, statement)) = self.best(flaws, component) else { return finding };
        let by = match (file.document.author.as_str(), statement.timestamp) {
            ("", None) => format!("`{}`", file.name),
            ("", Some(moment)) => format!("`{}` of {moment}", file.name),
            (author, None) => format!("{author} in `{}`", file.name),
            (author, Some(moment)) => format!("{author} in `{}` of {moment}", file.name),
        };
        match statement.status {
            Status::NotAffected | Status::Fixed => {
                finding.suppression = Some(Suppression {
                    kind: SuppressionKind::Vex,
                    reason: format!("{}, says {by}", said(statement)),
                    location: file.is_of_project.then(|| Location::whole(file.name.as_str().into())),
                    is_added_by_change: false,
                });
            }
            Status::Affected | Status::UnderInvestigation => {
                let action = if statement.action.is_empty() { String::new() } else { format!("; {}", statement.action) };
                let text = format!("{}, says {by}{action}", said(statement));
                finding.evidence.push(Evidence { strength: Strength::Contextual, text, weight: None });
            }
        }
        finding
    }

    /// The statement that counts.
    fn best(&self, flaws: &[String], component: &str) -> Option<(&VexFile, &Statement)> {
        let (purl, _) = self.purls.get(component)?;
        let known: BTreeSet<usize> = flaws.iter().filter_map(|flaw| self.by_flaw.get(&flaw.to_lowercase())).flatten().copied().collect();
        let candidates = known.into_iter().filter_map(|index| {
            let (file, statement) = self.statements.get(index)?;
            let closeness = self.closeness(statement, component, purl)?;
            Some(((statement.timestamp, closeness, Reverse(statement.status), Reverse(index)), *file, *statement))
        });
        candidates.max_by(|(one, _, _), (other, _, _)| one.cmp(other)).map(|(_, file, statement)| (file, statement))
    }

    /// How closely a statement speaks of a component; nothing if it does not.
    fn closeness(&self, statement: &Statement, component: &str, purl: &PackageUrl) -> Option<Closeness> {
        let close = |meant: &PackageUrl, names_component| Closeness {
            names_component,
            has_version: meant.version().is_some(),
            n_qualifiers: meant.qualifiers().len(),
        };
        let is_version =
            |product: &Product| product.versions.is_empty() || product.versions.iter().any(|version| purl.version() == Some(version));
        let is_whole = |product: &Product| product.components.is_empty() && !product.has_unknown_components;
        let own = statement.products.iter().filter(|product| is_whole(product) && is_version(product));
        let direct =
            own.filter_map(|product| product.purl.as_ref()).filter(|meant| covers(meant, purl)).map(|meant| close(meant, true)).max();
        if direct.is_some() {
            return direct;
        }
        // The products that the component is a part of, as the statement has it.
        let mut wholes: Vec<&PackageUrl> = Vec::new();
        let mut closest = None;
        for product in &statement.products {
            let part = product.components.iter().find(|part| covers(part, purl));
            let Some(whole) = product.purl.as_ref().filter(|_| part.is_some() || is_whole(product)) else { continue };
            wholes.push(whole);
            closest = closest.max(Some(part.map_or_else(|| close(whole, false), |part| close(part, true))));
        }
        self.is_within(&wholes, component).then_some(closest).flatten()
    }

    /// Whether every way from an application to a component leads through one of these products.
    fn is_within(&self, products: &[&PackageUrl], component: &str) -> bool {
        let is_product = |purl: &PackageUrl| products.iter().any(|product| covers(product, purl));
        if products.is_empty() || !self.purls.values().any(|(purl, _)| is_product(purl)) {
            return false;
        }
        let roots = self.purls.iter().filter(|(_, (purl, is_root))| *is_root && !is_product(purl)).map(|(name, _)| *name);
        let mut open: Vec<&str> = roots.collect();
        let mut reached: HashSet<&str> = open.iter().copied().collect();
        while let Some(name) = open.pop() {
            if name == component {
                return false;
            }
            for next in self.dependencies.get(name).into_iter().flatten() {
                let is_way = self.purls.get(next).is_none_or(|(purl, _)| !is_product(purl));
                if is_way && reached.insert(next) {
                    open.push(next);
                }
            }
        }
        true
    }
}

/// A statement in a few words: `not_affected, vulnerable_code_not_present: why`.
fn said(statement: &Statement) -> String {
    let mut said = statement.status.as_str().to_owned();
    if let Some(justification) = statement.justification {
        said = format!("{said}, {}", justification.as_str());
    }
    let explanation = statement.explanation.trim().trim_end_matches('.');
    if explanation.is_empty() { said } else { format!("{said}: {explanation}") }
}

#[cfg(test)]
mod tests;
