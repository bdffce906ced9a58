//! Which version to go to.

use bartizan_formats::purl::PackageUrl;

use super::{
    Bump,
    range::{self, scheme},
};
use crate::{
    Ecosystem,
    advisory::{Hit, Store},
    osv,
    version::Version,
    vulnerable,
};

/// What advisories say of a package.
pub(super) struct Known<'s> {
    ecosystem: Ecosystem,
    now: Version,
    affected: Vec<osv::Affected>,
    /// Versions that some advisory calls fixed, in ascending order.
    fixed: Vec<Version>,
    /// Those that affect the present version.
    pub(super) hits: Vec<Hit<'s>>,
}

/// Why there is no version to go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTarget {
    /// Whatever fixes one is affected by another.
    AllAffected,
    /// What is fixed is further away than allowed.
    TooFar,
}

/// What is known of a version of a package; nothing if no advisory affects it.
pub(super) fn known<'s>(store: &'s Store, purl: &PackageUrl, ecosystem: Ecosystem, version: &str) -> Option<Known<'s>> {
    let (in_osv, name) = vulnerable::in_osv(purl)?;
    let in_osv = osv::Ecosystem::new(&in_osv);
    let segment = store.segment(in_osv)?;
    let hits = segment.matching(in_osv, &name, version);
    if hits.is_empty() {
        return None;
    }
    let affected = segment.affected(in_osv, &name);
    let mut fixed: Vec<Version> =
        affected.iter().flat_map(|affected| affected.intervals().iter().filter_map(osv::Interval::fixed).cloned()).collect();
    fixed.sort();
    fixed.dedup();
    Some(Known { ecosystem, now: Version::new(scheme(ecosystem), version), affected, fixed, hits })
}

impl Known<'_> {
    /// Whether what affects the present version names a later one in which it is fixed.
    pub(super) fn is_curable(&self, affected: &osv::Affected) -> bool {
        affected
            .intervals()
            .iter()
            .filter_map(osv::Interval::fixed)
            .any(|fixed| self.now.compare(fixed).is_lt() && !affected.contains(fixed))
    }

    /// The version to go to: what all requirements allow comes first, then what is compatible, then the lowest. What nothing
    /// fixes does not count.
    pub(super) fn target(&self, max_bump: Bump, requirements: &[&str]) -> Result<String, NoTarget> {
        let counts = |affected: &&osv::Affected| !affected.contains(&self.now) || self.is_curable(affected);
        let affected: Vec<&osv::Affected> = self.affected.iter().filter(counts).collect();
        let is_free = |version: &&Version| self.now.compare(version).is_lt() && !affected.iter().any(|affected| affected.contains(version));
        let free: Vec<&Version> = self.fixed.iter().filter(is_free).collect();
        if free.is_empty() {
            return Err(NoTarget::AllAffected);
        }
        let from = self.now.as_str();
        let rank = |(position, version): (usize, &&Version)| {
            let version = version.as_str();
            let is_refused = !requirements.iter().all(|requirement| range::allows(self.ecosystem, requirement, version) == Some(true));
            let bump = Bump::between(from, version);
            // Of steps of a kind the lowest; a minor step is as good as a patch.
            (bump <= max_bump).then_some((is_refused, is_before_release(version), bump == Bump::Major, position))
        };
        let best = free.iter().enumerate().filter_map(rank).min().ok_or(NoTarget::TooFar)?;
        let version = free.get(best.3).ok_or(NoTarget::TooFar)?;
        Ok(spelled(self.ecosystem, from, version.as_str()))
    }
}

/// Versions of Go have a `v` in front, but not in advisories.
fn spelled(ecosystem: Ecosystem, from: &str, version: &str) -> String {
    let needs_v = ecosystem == Ecosystem::Golang || matches!(ecosystem, Ecosystem::Composer | Ecosystem::GitHub);
    if needs_v && from.starts_with('v') && !version.starts_with('v') { format!("v{version}") } else { version.to_owned() }
}

fn is_before_release(version: &str) -> bool {
    let lower = version.to_ascii_lowercase();
    ["alpha", "beta", "rc", "dev", "pre", "snapshot", "canary", "-0"].iter().any(|mark| lower.contains(mark))
}
