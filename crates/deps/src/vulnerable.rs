//! Which components are affected by which advisories, as findings.

use std::collections::BTreeMap;

use bartizan_core::{
    Component, ComponentSubject, Confidence, Cwe, Diagnostic, DiagnosticKind, Evidence, Excerpt, Finding, IdentityKey, Layer, Reachability,
    Rule, RuleId, RuleOrigin, Scope, Severity, Strength, Subject,
};
use bartizan_formats::{cvss::Cvss, purl::PackageUrl};

use crate::{
    ID,
    advisory::{Group, Hit, Store, collapse},
    exploited,
    osv::{AffectedSymbols, Ecosystem},
    reachability::Judge,
    version::Version,
    vex::Said,
};

/// The rule of components with a flaw.
pub(crate) const VULNERABLE: &str = "vulnerable-component";

/// The rule of components that do harm on purpose.
pub(crate) const MALICIOUS: &str = "malicious-component";

const HOW_TO_GET_ADVISORIES: &str = "get them with `bartizan advisories update`, build them with `bartizan advisories build --from PATH`, or name a folder of them with --advisories";

/// What nothing imports is this severe at most: it is there to be cleaned up.
const SEVERITY_WHERE_NOT_IMPORTED: Severity = Severity::Low;

/// The rule of components that nobody keeps.
const UNMAINTAINED: &str = "unmaintained-component";

/// The rules of these findings.
pub(crate) fn rules() -> Vec<Rule> {
    let rule = |id: &str, title: &str, severity, why: &str, how_to_fix: &str, cwe: u32| Rule {
        id: id.parse().unwrap_or_default(),
        engine: ID,
        title: title.to_owned(),
        severity,
        confidence: Confidence::High,
        why: why.to_owned(),
        how_to_fix: how_to_fix.to_owned(),
        cwe: vec![Cwe(cwe)],
        standards: Vec::new(),
        tags: vec!["dependencies".to_owned(), "supply-chain".to_owned()],
        references: Vec::new(),
        origin: RuleOrigin::BuiltIn,
        aliases: Vec::new(),
        topic: None,
    };
    vec![
        rule(
            VULNERABLE,
            "Component with a known vulnerability",
            Severity::Medium,
            "A published advisory says that this version of the component is vulnerable. Attackers read advisories, too, and look for whoever has not updated.",
            "Update to a version that the advisory does not affect. If there is none, remove the component, or record why it does no harm here.",
            1395,
        ),
        rule(
            UNMAINTAINED,
            "Component that nobody maintains",
            Severity::Low,
            "A published advisory says that the component is no longer maintained. It has no known flaw because of that, but the next one stays.",
            "Move to a component that is maintained; the advisory often names some. What comes with another component goes away with an update of that one: `bartizan deps why NAME` says which.",
            1104,
        ),
        rule(
            MALICIOUS,
            "Component that is known to be malicious",
            Severity::Critical,
            "This version of the component was published to do harm: it steals credentials, opens a door or destroys data, often as soon as it is installed, on the machines of developers and in CI.",
            "Remove it at once. Treat every machine that installed it as compromised: rotate all credentials that it could reach, and look for what it left behind.",
            506,
        ),
    ]
}

/// What is known of the components of a project.
pub(crate) fn findings(
    components: &[Component],
    store: &Store,
    judge: &Judge<'_>,
    said: &Said<'_>,
    identity: &IdentityKey,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for component in components {
        let Some((purl, version)) = component.purl.parse::<PackageUrl>().ok().zip(component.version.as_deref()) else { continue };
        let Some((ecosystem, name)) = in_osv(&purl) else { continue };
        let ecosystem = Ecosystem::new(&ecosystem);
        let Some(segment) = store.segment(ecosystem) else { continue };
        // Advisories of distributions are about the package that others were built from.
        let hits = segment.matching(ecosystem, &name, version_of_source(&purl).unwrap_or(version));
        for group in collapse(hits.iter().map(|hit| hit.advisory.names())) {
            let hits: Vec<&Hit<'_>> = group.members.iter().filter_map(|member| hits.get(*member)).collect();
            let found = finding(component, &purl, version, &group, &hits, judge, identity);
            let found = found.map(|found| exploited::weigh(found, &group.ids, store.exploited()));
            findings.extend(found.map(|found| said.judge(found, &group.ids, &component.purl)));
        }
    }
    findings
}

/// What is missing for an answer about all components.
pub(crate) fn gaps(components: &[Component], store: Option<&Store>) -> Vec<Diagnostic> {
    let n_versions = components.iter().filter(|component| component.version.is_some()).count();
    let Some(store) = store.filter(|store| !store.is_empty()) else {
        if n_versions == 0 {
            return Vec::new();
        }
        let reason = format!("there are no advisories on this machine: {n_versions} components were not checked for known vulnerabilities");
        return vec![Diagnostic::new(DiagnosticKind::AdvisoriesMissing, reason).with_help(HOW_TO_GET_ADVISORIES)];
    };
    let problems = store.problems().into_iter().map(|(segment, problem)| {
        Diagnostic::new(DiagnosticKind::AdvisoriesMissing, format!("the advisories of {segment} can't be used: {problem}"))
            .with_help("build them again with `bartizan advisories build`")
    });
    problems.chain(unknown_ecosystems(components, store)).collect()
}

/// Where packages come from that nothing is known of: they were not checked, and look as if nothing were wrong with them.
fn unknown_ecosystems(components: &[Component], store: &Store) -> Option<Diagnostic> {
    let mut unchecked: BTreeMap<String, usize> = BTreeMap::new();
    for component in components.iter().filter(|component| component.version.is_some() && !component.kind.is_root()) {
        let Some((ecosystem, _)) = component.purl.parse().ok().and_then(|purl| in_osv(&purl)) else { continue };
        let name = Ecosystem::new(&ecosystem).name;
        // Few databases know of actions.
        if name != "GitHub Actions" && !store.has_segment(name) {
            *unchecked.entry(name.to_owned()).or_default() += 1;
        }
    }
    if unchecked.is_empty() {
        return None;
    }
    let each: Vec<String> = unchecked.iter().map(|(ecosystem, n)| format!("{ecosystem} ({n})")).collect();
    let reason = format!("there are no advisories for some ecosystems, whose components were not checked: {}", each.join(", "));
    Some(Diagnostic::new(DiagnosticKind::AdvisoriesMissing, reason).with_help(HOW_TO_GET_ADVISORIES))
}

/// The ecosystem and the name of a package, as OSV writes them; nothing where OSV knows no such ecosystem.
#[must_use]
pub fn in_osv(purl: &PackageUrl) -> Option<(String, String)> {
    let of_purl = match purl.package_type() {
        "bitnami" => Some("Bitnami"),
        package_type => crate::Ecosystem::of_purl_type(package_type).and_then(crate::Ecosystem::in_osv),
    };
    let Some(ecosystem) = of_purl else { return of_distribution(purl) };
    let name = match (purl.namespace(), ecosystem) {
        (Some(namespace), "Maven") => format!("{namespace}:{}", purl.name()),
        // Of Conan the namespace is a user's, not a part of the name.
        (Some(namespace), ecosystem) if ecosystem != "ConanCenter" => format!("{namespace}/{}", purl.name()),
        _ => purl.name().to_owned(),
    };
    Some((ecosystem.to_owned(), name))
}

/// Packages of distributions differ from release to release; advisories are about source packages.
fn of_distribution(purl: &PackageUrl) -> Option<(String, String)> {
    let (distribution, release) = purl.qualifier("distro")?.rsplit_once('-')?;
    let major = release.split('.').next().unwrap_or(release);
    let ecosystem = match distribution {
        "alpine" => format!("Alpine:v{}", release.splitn(3, '.').take(2).collect::<Vec<_>>().join(".")),
        "debian" => format!("Debian:{major}"),
        "ubuntu" => format!("Ubuntu:{release}"),
        "rocky" => format!("Rocky Linux:{major}"),
        "almalinux" => format!("AlmaLinux:{major}"),
        "redhat" | "rhel" => "Red Hat".to_owned(),
        "wolfi" => "Wolfi".to_owned(),
        "chainguard" => "Chainguard".to_owned(),
        _ => return None,
    };
    let source = source(purl).map_or(purl.name(), |source| source.split('@').next().unwrap_or(source));
    Some((ecosystem, source.to_owned()))
}

/// The package that one of a distribution was built from: `NAME`, or `NAME@VERSION`. Of RPM it is the name of a file, and advisories
/// are about what is installed.
fn source(purl: &PackageUrl) -> Option<&str> {
    purl.qualifier("upstream").filter(|_| purl.package_type() != "rpm")
}

/// Its version, where it is another one.
fn version_of_source(purl: &PackageUrl) -> Option<&str> {
    source(purl)?.split_once('@').map(|(_, version)| version)
}

fn finding(
    component: &Component,
    purl: &PackageUrl,
    version: &str,
    group: &Group,
    hits: &[&Hit<'_>],
    judge: &Judge<'_>,
    identity: &IdentityKey,
) -> Option<Finding> {
    let location = component.locations.first()?.clone();
    let id = group.ids.first()?;
    let is_malicious = hits.iter().any(|hit| hit.advisory.is_malicious());
    let is_unmaintained = !is_malicious && hits.iter().all(|hit| hit.advisory.informational() == "unmaintained");
    let rule = match (is_malicious, is_unmaintained) {
        (true, _) => MALICIOUS,
        (false, true) => UNMAINTAINED,
        (false, false) => VULNERABLE,
    };
    let folder = location.artifact.as_str().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder).to_owned();
    let without_version = purl.without_version().to_string();
    // What is malicious does its harm when it is installed.
    let symbols: Vec<AffectedSymbols> = hits.iter().flat_map(|hit| hit.symbols.iter().cloned()).collect();
    let reached = if is_malicious { None } else { judge.reached(&component.purl, &symbols) };
    let of_advisories = if is_malicious { Severity::Critical } else { severity(hits) };
    let is_demoted = reached.as_ref().is_some_and(|reached| reached.reachability == Reachability::NotImported);
    let layer = component.layer.as_ref().map(in_layer);
    let mut evidence: Vec<Evidence> = std::iter::once(reason(component, version, hits)).chain(layer).map(proven).collect();
    evidence.extend(reached.as_ref().map(|reached| {
        let demoted = if is_demoted && SEVERITY_WHERE_NOT_IMPORTED < of_advisories {
            format!("; it would be {of_advisories} otherwise")
        } else {
            String::new()
        };
        Evidence {
            strength: Strength::Structural,
            text: format!("{}: {}{demoted}", reached.reachability.as_str(), reached.reason),
            weight: None,
        }
    }));
    let reachability = reached.as_ref().map(|reached| reached.reachability);
    let cwe: Vec<Cwe> = hits.iter().flat_map(|hit| hit.advisory.cwe()).map(|number| Cwe(*number)).collect();
    Some(Finding {
        rule: rule.parse::<RuleId>().unwrap_or_default(),
        message: if is_unmaintained {
            unmaintained(component, version, group, hits)
        } else {
            message(component, version, group, hits, is_malicious)
        },
        severity: if is_demoted { of_advisories.min(SEVERITY_WHERE_NOT_IMPORTED) } else { of_advisories },
        confidence: Confidence::High,
        location,
        occurrences: component.locations.clone(),
        excerpt: Excerpt { lines: Vec::new() },
        evidence,
        fingerprint: identity.fingerprint(&[id.as_bytes(), without_version.as_bytes(), folder.as_bytes()]),
        related: reached.map(|reached| reached.places).unwrap_or_default(),
        flow: Vec::new(),
        fixes: Vec::new(),
        cwe,
        standards: Vec::new(),
        subject: Some(Subject::Component(ComponentSubject {
            purl: component.purl.clone(),
            advisories: group.ids.clone(),
            fixed_version: fixed_in(version, hits),
            reachability,
        })),
        owners: Vec::new(),
        suppression: None,
        baseline: None,
    })
}

fn proven(text: String) -> Evidence {
    Evidence { strength: Strength::Proven, text, weight: None }
}

fn in_layer(layer: &Layer) -> String {
    let command = if layer.created_by.is_empty() { String::new() } else { format!(", which `{}` made", layer.created_by) };
    format!("the layer {}{command} brought it", layer.digest)
}

fn message(component: &Component, version: &str, group: &Group, hits: &[&Hit<'_>], is_malicious: bool) -> String {
    let name = &component.name;
    let (id, others) = group.ids.split_first().map_or(("", &[][..]), |(id, others)| (id.as_str(), others));
    let others = if others.is_empty() { String::new() } else { format!(" ({})", others.join(", ")) };
    let summary = hits.iter().map(|hit| hit.advisory.summary().trim()).find(|summary| !summary.is_empty());
    let summary = summary.map(|summary| format!(": {}", summary.trim_end_matches('.'))).unwrap_or_default();
    if is_malicious {
        return format!("`{name}` {version} is malicious: {id}{others}{summary}");
    }
    let fix = match fixed_in(version, hits) {
        Some(fixed) => format!("; fixed in {fixed}"),
        None => "; no version is known to be fixed".to_owned(),
    };
    format!("`{name}` {version} is affected by {id}{others}{summary}{fix}")
}

fn unmaintained(component: &Component, version: &str, group: &Group, hits: &[&Hit<'_>]) -> String {
    let summary = hits.iter().map(|hit| hit.advisory.summary().trim()).find(|summary| !summary.is_empty()).unwrap_or_default();
    format!("`{}` {version} is no longer maintained ({}): {}", component.name, group.ids.join(", "), summary.trim_end_matches('.'))
}

/// The lowest version above this one that every advisory calls fixed.
pub(crate) fn fixed_in(version: &str, hits: &[&Hit<'_>]) -> Option<String> {
    let mut candidates: Vec<&Version> = hits.iter().flat_map(|hit| hit.fixed()).collect();
    candidates.sort();
    let is_above = |candidate: &&&Version| candidate.compare(&Version::new(candidate.scheme(), version)).is_gt();
    let is_free = |candidate: &&&Version| hits.iter().all(|hit| !hit.affected.contains(candidate));
    candidates.iter().filter(is_above).find(is_free).map(ToString::to_string)
}

fn reason(component: &Component, version: &str, hits: &[&Hit<'_>]) -> String {
    let scope = match component.scope {
        Scope::Runtime => "it runs in production",
        Scope::Optional => "it may run in production",
        Scope::Build => "it is needed to build",
        Scope::Test => "it is needed to test",
        Scope::Development => "it is needed to develop",
    };
    let ids: Vec<&str> = hits.iter().map(|hit| hit.advisory.id()).collect();
    format!("{version} is among the versions that {} names; {scope}", ids.join(" and "))
}

/// The worst of what the advisories say. CVSS 3.1, section 5: the scale of scores.
pub(crate) fn severity(hits: &[&Hit<'_>]) -> Severity {
    let vectors = hits.iter().flat_map(|hit| hit.severities());
    let scores = vectors.filter_map(|vector| Cvss::parse(vector).ok()).map(|cvss| cvss.base_score());
    match scores.fold(None, |worst: Option<f64>, score| Some(worst.map_or(score, |worst| worst.max(score)))) {
        // What can only be used wrongly, and what is only to be known, without a vector of its own.
        None if hits.iter().all(|hit| hit.advisory.informational() == "notice") => Severity::Info,
        None if hits.iter().all(|hit| !hit.advisory.informational().is_empty()) => Severity::Low,
        None => Severity::Medium,
        Some(score) if 9.0 <= score => Severity::Critical,
        Some(score) if 7.0 <= score => Severity::High,
        Some(score) if 4.0 <= score => Severity::Medium,
        Some(_) => Severity::Low,
    }
}

#[cfg(test)]
mod tests {
    use bartizan_core::{ComponentKind, Location};

    use super::*;
    use crate::{
        advisory::{SegmentBuilder, segment_name},
        osv::Record,
        reachability::Code,
    };

    /// Two records of one flaw that differ in where it is fixed, one of another flaw, one of a malicious version.
    const RECORDS: [&str; 6] = [
        r#"{"id": "RUSTSEC-2024-1", "modified": "2024-01-01T00:00:00Z", "summary": "`old` is unmaintained",
            "affected": [{"package": {"ecosystem": "npm", "name": "old"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}], "database_specific": {"informational": "unmaintained"}}]}"#,
        r#"{"id": "RUSTSEC-2024-2", "modified": "2024-01-01T00:00:00Z", "summary": "`odd` is unsound",
            "affected": [{"package": {"ecosystem": "npm", "name": "odd"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}]}], "database_specific": {"informational": "unsound"}}]}"#,
        r#"{"id": "GHSA-1", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2024-1"], "summary": "Path traversal.",
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}],
            "affected": [{"package": {"ecosystem": "npm", "name": "@some/pad"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}]}]}"#,
        r#"{"id": "OTHER-1", "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2024-1"],
            "affected": [{"package": {"ecosystem": "npm", "name": "@some/pad"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.3.0"}]}]}]}"#,
        r#"{"id": "GHSA-2", "modified": "2024-01-01T00:00:00Z",
            "affected": [{"package": {"ecosystem": "npm", "name": "@some/pad"}, "ranges": [{"type": "SEMVER", "events": [{"introduced": "1.1.0"}]}]}]}"#,
        r#"{"id": "MAL-2024-7", "modified": "2024-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "stealer"}, "versions": ["1.0.0"]}]}"#,
    ];

    fn store() -> Store {
        let mut builder = SegmentBuilder::default();
        RECORDS.iter().for_each(|record| builder.add(Record::from_json(record.as_bytes()).unwrap()));
        let index = builder.build("npm").index;
        Store::new(
            [segment_name("npm"), "broken".to_owned()],
            Box::new(move |name| Ok(if name == "npm" { index.clone() } else { Vec::new() })),
        )
    }

    fn component(purl: &str, name: &str, version: Option<&str>, scope: Scope) -> Component {
        Component {
            purl: purl.to_owned(),
            name: name.to_owned(),
            version: version.map(str::to_owned),
            kind: ComponentKind::Library,
            scope,
            licences: Vec::new(),
            hashes: Vec::new(),
            locations: vec![Location::whole("app/package-lock.json".into())],
            layer: None,
        }
    }

    fn check(component: &Component, expected: &[(&str, Severity)]) {
        let key = IdentityKey::derive(b"test");
        let findings =
            findings(std::slice::from_ref(component), &store(), &Judge::new(&Code::default(), &[], &[], &[]), &Said::default(), &key);
        let found: Vec<(&str, Severity)> = findings.iter().map(|finding| (finding.message.as_str(), finding.severity)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_flaw_is_one_finding_with_a_version_that_all_records_call_fixed() {
        check(
            &component("pkg:npm/%40some/pad@1.0.0", "@some/pad", Some("1.0.0"), Scope::Runtime),
            &[("`@some/pad` 1.0.0 is affected by CVE-2024-1 (GHSA-1, OTHER-1): Path traversal; fixed in 1.3.0", Severity::High)],
        );
        check(
            &component("pkg:npm/%40some/pad@1.4.0", "@some/pad", Some("1.4.0"), Scope::Runtime),
            &[("`@some/pad` 1.4.0 is affected by GHSA-2; no version is known to be fixed", Severity::Medium)],
        );
    }

    #[test]
    fn what_is_malicious_is_critical_in_development_too() {
        check(
            &component("pkg:npm/stealer@1.0.0", "stealer", Some("1.0.0"), Scope::Development),
            &[("`stealer` 1.0.0 is malicious: MAL-2024-7", Severity::Critical)],
        );
    }

    #[test]
    fn what_nobody_maintains_is_no_vulnerability() {
        let unmaintained = component("pkg:npm/old@1.0.0", "old", Some("1.0.0"), Scope::Runtime);
        check(&unmaintained, &[("`old` 1.0.0 is no longer maintained (RUSTSEC-2024-1): `old` is unmaintained", Severity::Low)]);
        let found = findings(
            std::slice::from_ref(&unmaintained),
            &store(),
            &Judge::new(&Code::default(), &[], &[], &[]),
            &Said::default(),
            &IdentityKey::derive(b"test"),
        );
        assert_eq!(found.first().map(|finding| finding.rule.as_str()), Some("unmaintained-component"));
        check(
            &component("pkg:npm/odd@1.0.0", "odd", Some("1.0.0"), Scope::Runtime),
            &[("`odd` 1.0.0 is affected by RUSTSEC-2024-2: `odd` is unsound; no version is known to be fixed", Severity::Low)],
        );
    }

    #[test]
    fn other_versions_and_packages_are_silent() {
        check(&component("pkg:npm/stealer@1.0.1", "stealer", Some("1.0.1"), Scope::Runtime), &[]);
        check(&component("pkg:npm/stealer", "stealer", None, Scope::Runtime), &[]);
        check(&component("pkg:pypi/stealer@1.0.0", "stealer", Some("1.0.0"), Scope::Runtime), &[]);
    }

    #[test]
    fn an_update_from_one_vulnerable_version_to_another_keeps_its_history() {
        let key = IdentityKey::derive(b"test");
        let of = |version: &str| {
            let component = component(&format!("pkg:npm/%40some/pad@{version}"), "@some/pad", Some(version), Scope::Runtime);
            findings(&[component], &store(), &Judge::new(&Code::default(), &[], &[], &[]), &Said::default(), &key)
                .into_iter()
                .map(|finding| finding.fingerprint)
                .collect::<Vec<_>>()
        };
        assert_eq!(of("1.0.0"), of("1.0.1"));
        assert_ne!(of("1.0.0"), of("1.4.0"));
    }

    #[test]
    fn without_advisories_a_scan_says_so() {
        let components = [component("pkg:npm/pad@1.0.0", "pad", Some("1.0.0"), Scope::Runtime)];
        let kinds = |store: Option<&Store>| gaps(&components, store).iter().map(|gap| gap.kind).collect::<Vec<_>>();
        assert_eq!(kinds(None), [DiagnosticKind::AdvisoriesMissing]);
        assert_eq!(kinds(Some(&Store::new([], Box::new(|_| Ok(Vec::new()))))), [DiagnosticKind::AdvisoriesMissing]);
        assert_eq!(gaps(&[], None), []);
        let store = store();
        assert_eq!(kinds(Some(&store)), []);
        assert!(store.segment(Ecosystem::new("broken")).is_none());
        assert_eq!(kinds(Some(&store)), [DiagnosticKind::AdvisoriesMissing]);
        let others = [component("pkg:pypi/pad@1.0.0", "pad", Some("1.0.0"), Scope::Runtime)];
        let gaps = gaps(&others, Some(&self::store()));
        assert!(gaps.first().is_some_and(|gap| gap.reason.ends_with("not checked: PyPI (1)")), "{gaps:?}");
    }
}
