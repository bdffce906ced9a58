//! The tools whose reports are read: one module each, and one line in [`IMPORTERS`].

mod anchore_grype;
mod burp;
mod checkov;
mod cyclonedx;
mod dependency_track;
mod github_secrets;
mod github_vulnerability;
mod gitlab;
mod gitleaks;
mod govulncheck;
mod mobsf;
mod nuclei;
mod sarif;
mod semgrep;
mod snyk;
mod sonarqube;
mod testssl;
mod trivy;
mod zap;

use bartizan_core::{Confidence, Severity};

use super::{
    Input,
    error::ImportError,
    identifier::{cwes, cwes_in, id_and, ids, ids_in, line, links, paragraphs, plain},
    importer::{Importer, Mark, Reading},
    node::Node,
    observation::{Component, Endpoint, FilePlace, Fingerprint, Host, Observation, Place, Resource, Score, Step, Verdict},
    path, severity,
    sink::{Completion, Merged, Sink},
    text,
};

/// What is written by many tools.
pub(super) static SARIF: &Importer = &sarif::IMPORTER;

/// Every tool whose reports are read. Of two that know as much of a report the first one reads it.
pub static IMPORTERS: &[&Importer] = &[
    &anchore_grype::IMPORTER,
    &burp::IMPORTER,
    &checkov::IMPORTER,
    &cyclonedx::IMPORTER,
    &dependency_track::IMPORTER,
    &github_secrets::IMPORTER,
    &github_vulnerability::IMPORTER,
    &gitlab::IMPORTER,
    &gitleaks::IMPORTER,
    &govulncheck::IMPORTER,
    &mobsf::IMPORTER,
    &nuclei::IMPORTER,
    &sarif::IMPORTER,
    &semgrep::IMPORTER,
    &snyk::IMPORTER,
    &sonarqube::IMPORTER,
    &testssl::IMPORTER,
    &trivy::IMPORTER,
    &zap::IMPORTER,
];

/// What the tests of all tools need.
#[cfg(test)]
mod test {
    use crate::import::{Observation, Place, Summary, import};

    /// Reads a report that must be recognised.
    pub(super) fn read(text: &str) -> (Summary, Vec<Observation>) {
        let mut found = Vec::new();
        let summary = import(&text.as_bytes(), None, &mut |observation| found.push(observation)).unwrap();
        (summary, found)
    }

    /// Asserts which importer reads a report, and what it says: `severity rule place component`.
    pub(super) fn check(importer: &str, text: &str, expected: &[&str]) {
        let (summary, found) = read(text);
        assert_eq!(summary.importer, importer);
        assert_eq!(found.iter().map(told).collect::<Vec<_>>(), expected);
    }

    fn told(observation: &Observation) -> String {
        let place = match &observation.place {
            Place::Unknown => String::new(),
            Place::File(file) => format!("{}{}", file.path, file.line.map_or(String::new(), |line| format!(":{line}"))),
            Place::Endpoint(it) => [&*it.method, &*it.url, &*it.parameter].join(" ").trim().to_owned(),
            Place::Host(host) => format!("{}{}", host.name, host.port.map_or(String::new(), |port| format!(":{port}"))),
            Place::Resource(it) => it.id.clone(),
            Place::Image(name) => name.clone(),
        };
        let component = observation.component.as_ref().map_or(String::new(), |it| format!("{}@{}", it.name, it.version));
        let severity = observation.severity.map_or("unknown", bartizan_core::Severity::as_str);
        let parts = [severity, &observation.rule, &place, &component];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
