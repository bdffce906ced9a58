//! What a scan lets us say about the flaws that it found.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bartizan_core::{ComponentKind, ComponentSubject, Finding, Reachability, Report, Subject, SuppressionKind};
use bartizan_formats::{
    Timestamp,
    purl::PackageUrl,
    vex::{Document, Justification, Product, Statement, Status},
};

use crate::vulnerable::{MALICIOUS, VULNERABLE};

/// What is known beside a report.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Who says it.
    pub author: String,
    /// When.
    pub timestamp: Option<Timestamp>,
    /// The product, where it is not what the project calls itself.
    pub product: Option<PackageUrl>,
}

/// A statement on every flaw that was found in a component, sorted.
#[must_use]
pub fn document(report: &Report, context: &Context) -> Document {
    let ways = Roots::of(report);
    let mut statements: BTreeMap<(Vec<String>, String), Statement> = BTreeMap::new();
    for finding in &report.findings {
        let Some((flaws, purl)) = about(finding) else { continue };
        let Verdict { status, justification, explanation, action } = verdict(finding, Heard::All);
        let products = products(&purl, &ways, context);
        let key = (flaws.clone(), purl.to_string());
        statements.insert(key, Statement { flaws, products, status, justification, explanation, action, timestamp: context.timestamp });
    }
    Document {
        id: String::new(),
        author: context.author.clone(),
        timestamp: context.timestamp,
        statements: statements.into_values().collect(),
    }
}

/// The names of the flaw that a finding is about, and the component.
pub(super) fn about(finding: &Finding) -> Option<(Vec<String>, PackageUrl)> {
    let is_flaw = [VULNERABLE, MALICIOUS].contains(&finding.rule.as_str());
    let component = component(finding).filter(|component| is_flaw && !component.advisories.is_empty())?;
    Some((component.advisories.clone(), component.purl.parse().ok()?))
}

fn component(finding: &Finding) -> Option<&ComponentSubject> {
    match &finding.subject {
        Some(Subject::Component(component)) => Some(component),
        Some(Subject::Secret(_)) | None => None,
    }
}

/// What is said about a flaw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) status: Status,
    pub(super) justification: Option<Justification>,
    pub(super) explanation: String,
    pub(super) action: String,
}

/// Whose decisions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    All,
    /// Nothing that a VEX document says.
    NoStatements,
}

/// What follows from a finding, and from what somebody decided about it.
pub(super) fn verdict(finding: &Finding, heard: Heard) -> Verdict {
    let component = component(finding);
    let fixed = component.and_then(|component| component.fixed_version.as_deref());
    let action = if finding.rule.as_str() == MALICIOUS {
        "remove it, and treat what it could reach as known to others".to_owned()
    } else {
        fixed.map_or_else(String::new, |fixed| format!("update to {fixed}"))
    };
    if let Some(suppression) = &finding.suppression {
        let reason = suppression.reason.clone();
        match suppression.kind {
            SuppressionKind::Vex if heard == Heard::All => return of_statement(reason, action),
            SuppressionKind::Inline(_) | SuppressionKind::Configuration => return of_decision(reason, action),
            SuppressionKind::Vex | SuppressionKind::Baseline => {}
        }
    }
    let reached = component.and_then(|component| component.reachability).map(|reachability| {
        let is_reason = |text: &&str| text.strip_prefix(reachability.as_str()).is_some_and(|rest| rest.starts_with(':'));
        let reason = finding.evidence.iter().map(|evidence| evidence.text.as_str()).find(is_reason);
        (status_of(reachability), reason.unwrap_or(reachability.as_str()).to_owned())
    });
    let is_malicious = finding.rule.as_str() == MALICIOUS;
    match reached {
        _ if is_malicious => Verdict { status: Status::Affected, justification: None, explanation: String::new(), action },
        Some((Status::NotAffected, explanation)) => Verdict {
            status: Status::NotAffected,
            justification: Some(Justification::VulnerableCodeNotInExecutePath),
            explanation,
            action: String::new(),
        },
        Some((status, explanation)) => Verdict { status, justification: None, explanation, action },
        None => Verdict { status: Status::UnderInvestigation, justification: None, explanation: String::new(), action },
    }
}

/// What is there and never imported never runs.
const fn status_of(reachability: Reachability) -> Status {
    match reachability {
        Reachability::Called | Reachability::Imported => Status::Affected,
        Reachability::Unknown => Status::UnderInvestigation,
        Reachability::NotImported => Status::NotAffected,
    }
}

/// What a document said that was heard: it is said again.
fn of_statement(reason: String, action: String) -> Verdict {
    let status = if reason.starts_with(Status::Fixed.as_str()) { Status::Fixed } else { Status::NotAffected };
    let justification = if status == Status::NotAffected { justification_in(&reason) } else { None };
    Verdict { status, justification, explanation: reason, action: if status == Status::Fixed { String::new() } else { action } }
}

/// What somebody decided in a comment or in configuration. Not to act is not the same as not to be affected: that is said only where
/// the reason begins with a justification of VEX.
fn of_decision(reason: String, action: String) -> Verdict {
    match justification_in(&reason).filter(|justification| reason.starts_with(justification.as_str())) {
        Some(justification) => {
            Verdict { status: Status::NotAffected, justification: Some(justification), explanation: reason, action: String::new() }
        }
        None => {
            let accepted = if reason.is_empty() { "somebody decided not to act".to_owned() } else { format!("not acted on: {reason}") };
            Verdict { status: Status::Affected, justification: None, explanation: accepted, action }
        }
    }
}

fn justification_in(reason: &str) -> Option<Justification> {
    Justification::ALL.into_iter().find(|justification| reason.contains(justification.as_str()))
}

/// The applications that lead to each component.
pub(super) struct Roots<'r> {
    by_component: HashMap<&'r str, BTreeSet<&'r str>>,
}

impl<'r> Roots<'r> {
    fn of(report: &'r Report) -> Self {
        let mut dependencies: HashMap<&str, Vec<&str>> = HashMap::new();
        for edge in &report.dependencies {
            dependencies.entry(&edge.dependent).or_default().push(&edge.dependency);
        }
        let mut by_component: HashMap<&str, BTreeSet<&str>> = HashMap::new();
        for root in report.components.iter().filter(|component| component.kind == ComponentKind::Application) {
            let mut open = vec![root.purl.as_str()];
            while let Some(name) = open.pop() {
                if by_component.entry(name).or_default().insert(&root.purl) {
                    open.extend(dependencies.get(name).into_iter().flatten());
                }
            }
        }
        Self { by_component }
    }
}

/// The products that have a component.
fn products(purl: &PackageUrl, roots: &Roots<'_>, context: &Context) -> Vec<Product> {
    let within = |whole: &PackageUrl| Product { components: vec![purl.clone()], ..Product::of(whole) };
    if let Some(product) = &context.product {
        return vec![within(product)];
    }
    let roots = roots.by_component.get(purl.to_string().as_str()).into_iter().flatten();
    let wholes: Vec<Product> = roots.filter_map(|root| root.parse().ok()).map(|root: PackageUrl| within(&root)).collect();
    if wholes.is_empty() { vec![Product::of(purl)] } else { wholes }
}
