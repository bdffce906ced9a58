//! The tools whose reports are read: one module each, and one line in [`IMPORTERS`].

mod anchore_grype;
mod bandit;
mod brakeman;
mod burp;
mod burp_api;
mod burp_dastardly;
mod cargo_audit;
mod checkmarx;
mod checkmarx_one;
mod checkmarx_osa;
mod checkov;
mod cyclonedx;
mod dependency_check;
mod dependency_track;
mod detect_secrets;
mod eslint;
mod fortify;
mod generic;
mod github_sast;
mod github_secrets;
mod github_vulnerability;
mod gitlab;
mod gitleaks;
mod gosec;
mod govulncheck;
mod hadolint;
mod kics;
mod kubebench;
mod kubescape;
mod mobsf;
mod nikto;
mod nmap;
mod npm_audit;
mod nuclei;
mod openvas;
mod openvex;
mod osv_scanner;
mod pip_audit;
mod prowler;
mod qualys;
mod qualys_webapp;
mod sarif;
mod semgrep;
mod snyk;
mod sonarqube;
mod spdx;
mod spotbugs;
mod sslyze;
mod tenable;
mod testssl;
mod tfsec;
mod trivy;
mod trufflehog;
mod veracode;
mod wapiti;
mod yarn_audit;
mod zap;

use bartizan_core::{Confidence, Severity};

use super::{
    Input,
    error::ImportError,
    identifier::{cwes, cwes_in, id_and, ids, ids_in, line, links, paragraphs, plain},
    importer::{Importer, Mark, Reading},
    json,
    node::Node,
    observation::{Component, Fingerprint, Observation, Place, Score, Step, Verdict},
    severity,
    sink::{Completion, Merged, Sink},
    text,
};

/// What is written by many tools.
pub(super) static SARIF: &Importer = &sarif::IMPORTER;

/// Every tool whose reports are read. Of two that know as much of a report the first one reads it.
pub static IMPORTERS: &[&Importer] = &[
    &anchore_grype::IMPORTER,
    &bandit::IMPORTER,
    &brakeman::IMPORTER,
    &burp::IMPORTER,
    &burp_api::IMPORTER,
    &burp_dastardly::IMPORTER,
    &cargo_audit::IMPORTER,
    &checkmarx::IMPORTER,
    &checkmarx_one::IMPORTER,
    &checkmarx_osa::IMPORTER,
    &checkov::IMPORTER,
    &cyclonedx::IMPORTER,
    &dependency_check::IMPORTER,
    &dependency_track::IMPORTER,
    &detect_secrets::IMPORTER,
    &eslint::IMPORTER,
    &fortify::IMPORTER,
    &generic::IMPORTER,
    &github_sast::IMPORTER,
    &github_secrets::IMPORTER,
    &github_vulnerability::IMPORTER,
    &gitlab::IMPORTER,
    &gitleaks::IMPORTER,
    &gosec::IMPORTER,
    &govulncheck::IMPORTER,
    &hadolint::IMPORTER,
    &kics::IMPORTER,
    &kubebench::IMPORTER,
    &kubescape::IMPORTER,
    &mobsf::IMPORTER,
    &nikto::IMPORTER,
    &nmap::IMPORTER,
    &npm_audit::IMPORTER,
    &nuclei::IMPORTER,
    &openvas::IMPORTER,
    &openvex::IMPORTER,
    &osv_scanner::IMPORTER,
    &pip_audit::IMPORTER,
    &prowler::IMPORTER,
    &qualys::IMPORTER,
    &qualys_webapp::IMPORTER,
    &sarif::IMPORTER,
    &semgrep::IMPORTER,
    &snyk::IMPORTER,
    &sonarqube::IMPORTER,
    &spdx::IMPORTER,
    &spotbugs::IMPORTER,
    &sslyze::IMPORTER,
    &tenable::IMPORTER,
    &testssl::IMPORTER,
    &tfsec::IMPORTER,
    &trivy::IMPORTER,
    &trufflehog::IMPORTER,
    &veracode::IMPORTER,
    &wapiti::IMPORTER,
    &yarn_audit::IMPORTER,
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
