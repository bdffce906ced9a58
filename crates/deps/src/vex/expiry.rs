//! Statements that no longer fit what a scan finds.

use bartizan_core::{Finding, Report};
use bartizan_formats::{
    purl::PackageUrl,
    vex::{Document, Justification, Statement, Status, covers},
};

use super::create::{Heard, about, verdict};

/// A statement that no longer fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// Which statement of the document, from 0.
    pub statement: usize,
    /// The flaw, as the statement calls it.
    pub flaw: String,
    /// The component that the statement is about.
    pub component: String,
    /// What was said.
    pub status: Status,
    /// Why it no longer fits.
    pub why: Expiry,
}

/// Why a statement no longer fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expiry {
    /// The component is not there any more.
    ComponentGone,
    /// The flaw is not found any more: an update, or the advisory changed.
    FlawGone,
    /// What is found says otherwise.
    VerdictChanged {
        /// What would be said now.
        now: Status,
        /// What that follows from; may be empty.
        because: String,
    },
}

/// The statements of a document that no longer fit a report, in their order.
#[must_use]
pub fn expired(document: &Document, report: &Report) -> Vec<Expired> {
    let purls: Vec<PackageUrl> = report.components.iter().filter_map(|component| component.purl.parse().ok()).collect();
    let findings: Vec<(Vec<String>, PackageUrl, &Finding)> =
        report.findings.iter().filter_map(|finding| about(finding).map(|(flaws, purl)| (flaws, purl, finding))).collect();
    let mut expired = Vec::new();
    for (number, statement) in document.statements.iter().enumerate() {
        for meant in meant(statement) {
            let why = if purls.iter().any(|purl| covers(meant, purl)) {
                let is_same =
                    |flaws: &[String]| flaws.iter().any(|flaw| statement.flaws.iter().any(|known| known.eq_ignore_ascii_case(flaw)));
                let found = findings.iter().find(|(flaws, purl, _)| covers(meant, purl) && is_same(flaws));
                match found {
                    // What is fixed is not found: that is what it says.
                    None if statement.status == Status::Fixed => None,
                    None => Some(Expiry::FlawGone),
                    Some((_, _, finding)) => change(statement, finding),
                }
            } else {
                Some(Expiry::ComponentGone)
            };
            expired.extend(why.map(|why| Expired {
                statement: number,
                flaw: statement.flaws.first().cloned().unwrap_or_default(),
                component: meant.to_string(),
                status: statement.status,
                why,
            }));
        }
    }
    expired.dedup();
    expired
}

/// The components that a statement is about.
fn meant(statement: &Statement) -> impl Iterator<Item = &PackageUrl> {
    statement.products.iter().flat_map(|product| {
        let own = product.purl.iter().filter(|_| product.components.is_empty());
        own.chain(&product.components)
    })
}

/// Whether what is found now says otherwise.
fn change(statement: &Statement, finding: &Finding) -> Option<Expiry> {
    let now = verdict(finding, Heard::NoStatements);
    let is_derived = statement.explanation.starts_with("not-imported: ");
    let rests_on_code = matches!(
        statement.justification,
        Some(Justification::ComponentNotPresent | Justification::VulnerableCodeNotPresent | Justification::VulnerableCodeNotInExecutePath)
    );
    let differs = match (statement.status, now.status) {
        // What was derived holds for as long as it is derived; what a person said holds until the code says otherwise.
        (Status::NotAffected, Status::NotAffected) => false,
        (Status::NotAffected, Status::UnderInvestigation) => is_derived,
        (Status::NotAffected, Status::Affected) => is_derived || rests_on_code,
        // It is said to be fixed, and is found.
        (Status::Fixed, _) => true,
        (Status::Affected | Status::UnderInvestigation, status) => matches!(status, Status::NotAffected | Status::Fixed),
        (Status::NotAffected, Status::Fixed) => false,
    };
    differs.then_some(Expiry::VerdictChanged { now: now.status, because: now.explanation })
}
