//! How many findings there are, by severity, owner and rule.

use std::collections::BTreeMap;

use bartizan_core::{BaselineState, Finding, Owner, Report, RuleId, Severity};

/// How many findings there are. Suppressed ones are counted apart and in no other number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary<'a> {
    /// Open findings by severity.
    pub open: Counts,
    /// Places in which open findings stand.
    pub n_occurrences: usize,
    /// Open findings that are new compared with the baseline; nothing if none was compared.
    pub n_new: Option<usize>,
    /// Findings that somebody decided not to act on.
    pub n_suppressed: usize,
    /// Open findings by owner: the one with the worst findings first, findings without an owner last.
    ///
    /// A finding with two owners counts for both.
    pub by_owner: Vec<OwnerCounts<'a>>,
    /// Open findings by rule: the one with the worst findings first.
    pub by_rule: Vec<RuleCounts<'a>>,
}

/// The open findings of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerCounts<'a> {
    /// Who; nothing for findings that nobody owns.
    pub owner: Option<&'a Owner>,
    /// How many.
    pub open: Counts,
}

/// The open findings of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCounts<'a> {
    /// Which.
    pub rule: &'a RuleId,
    /// How many.
    pub open: Counts,
}

/// Numbers of findings by severity. Their order compares the worst first: one critical finding outweighs all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Counts {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

impl Counts {
    /// How many are of a severity.
    #[must_use]
    pub const fn of(&self, severity: Severity) -> usize {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn total(&self) -> usize {
        self.critical + self.high + self.medium + self.low + self.info
    }

    /// Severity and number, the worst first.
    pub fn iter(&self) -> impl Iterator<Item = (Severity, usize)> {
        Severity::ALL.map(|severity| (severity, self.of(severity))).into_iter()
    }

    const fn count(&mut self, severity: Severity) {
        let number = match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Info => &mut self.info,
        };
        *number += 1;
    }
}

impl<'a> Summary<'a> {
    /// Counts the findings of a report.
    #[must_use]
    pub fn of(report: &'a Report) -> Self {
        let mut summary = Self { n_suppressed: report.findings.len(), ..Self::default() };
        let mut by_owner: BTreeMap<Option<&Owner>, Counts> = BTreeMap::new();
        let mut by_rule: BTreeMap<&RuleId, Counts> = BTreeMap::new();
        for finding in report.open_findings() {
            summary.n_suppressed -= 1;
            summary.n_occurrences += n_places(finding);
            summary.open.count(finding.severity);
            if let Some(state) = finding.baseline {
                *summary.n_new.get_or_insert(0) += usize::from(state == BaselineState::New);
            }
            by_rule.entry(&finding.rule).or_default().count(finding.severity);
            for owner in owners(finding) {
                by_owner.entry(owner).or_default().count(finding.severity);
            }
        }
        summary.by_owner = by_owner.into_iter().map(|(owner, open)| OwnerCounts { owner, open }).collect();
        // Sorting is stable: equals stay in order of name.
        summary.by_owner.sort_by_key(|counts| (counts.owner.is_none(), std::cmp::Reverse(counts.open)));
        summary.by_rule = by_rule.into_iter().map(|(rule, open)| RuleCounts { rule, open }).collect();
        summary.by_rule.sort_by_key(|counts| std::cmp::Reverse(counts.open));
        summary
    }
}

/// In how many places a finding stands; at least one.
pub(crate) fn n_places(finding: &Finding) -> usize {
    finding.occurrences.len().max(1)
}

/// The owners of a finding, each once; `None` if nobody owns it.
fn owners(finding: &Finding) -> Vec<Option<&Owner>> {
    let mut owners: Vec<Option<&Owner>> = finding.owners.iter().map(Some).collect();
    owners.sort();
    owners.dedup();
    if owners.is_empty() {
        owners.push(None);
    }
    owners
}
