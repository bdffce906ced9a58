//! The tools whose reports are read: one module each, and one line in [`IMPORTERS`].

mod acunetix;
mod alertlogic;
mod anchore_engine;
mod anchore_grype;
mod anchorectl_policies;
mod api_cobalt;
mod appcheck_web_application_scanner;
mod aqua;
mod aws_inspector2;
mod awssecurityhub;
mod bandit;
mod blackduck;
mod brakeman;
mod bugcrowd;
mod burp;
mod burp_api;
mod burp_dastardly;
mod cargo_audit;
mod checkmarx;
mod checkmarx_one;
mod checkmarx_osa;
mod checkov;
mod clair;
mod csaf;
mod cwe_checker;
mod cyclonedx;
mod dependency_check;
mod dependency_track;
mod detect_secrets;
mod dockerbench;
mod drheader;
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
mod h1;
mod hadolint;
mod horusec;
mod huskyci;
mod immuniweb;
mod infer;
mod intsights;
mod jfrog_xray_unified;
mod kics;
mod kiuwan;
mod kiuwan_sca;
mod kubebench;
mod kubelinter;
mod kubescape;
mod legitify;
mod masscan;
mod mend;
mod meterian;
mod mobsf;
mod mozilla_observatory;
mod ms_defender;
mod nancy;
mod nikto;
mod nmap;
mod noseyparker;
mod npm_audit;
mod nuclei;
mod openreports;
mod openvas;
mod openvex;
mod orca_security;
mod ossindex_devaudit;
mod osv_scanner;
mod outpost24;
mod pip_audit;
mod popeye;
mod prowler;
mod qualys;
mod qualys_webapp;
mod redhatsatellite;
mod sarif;
mod semgrep;
mod snyk;
mod sonarqube;
mod spdx;
mod spotbugs;
mod sslyze;
mod stackhawk;
mod tenable;
mod testssl;
mod tfsec;
mod threat_composer;
mod trivy;
mod trivy_operator;
mod trufflehog;
mod twistlock;
mod veracode;
mod wapiti;
mod wazuh;
mod wfuzz;
mod whispers;
mod wpscan;
mod xanitizer;
mod xygeni;
mod yarn_audit;
mod zap;

use bartizan_core::{Confidence, Severity};

use super::{
    Input,
    error::ImportError,
    flat::Flat,
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
    &acunetix::IMPORTER,
    &alertlogic::IMPORTER,
    &anchore_engine::IMPORTER,
    &anchore_grype::IMPORTER,
    &anchorectl_policies::IMPORTER,
    &api_cobalt::IMPORTER,
    &appcheck_web_application_scanner::IMPORTER,
    &aqua::IMPORTER,
    &aws_inspector2::IMPORTER,
    &awssecurityhub::IMPORTER,
    &bandit::IMPORTER,
    &blackduck::IMPORTER,
    &brakeman::IMPORTER,
    &bugcrowd::IMPORTER,
    &burp::IMPORTER,
    &burp_api::IMPORTER,
    &burp_dastardly::IMPORTER,
    &cargo_audit::IMPORTER,
    &checkmarx::IMPORTER,
    &checkmarx_one::IMPORTER,
    &checkmarx_osa::IMPORTER,
    &checkov::IMPORTER,
    &clair::IMPORTER,
    &csaf::IMPORTER,
    &cwe_checker::IMPORTER,
    &cyclonedx::IMPORTER,
    &dependency_check::IMPORTER,
    &dependency_track::IMPORTER,
    &detect_secrets::IMPORTER,
    &dockerbench::IMPORTER,
    &drheader::IMPORTER,
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
    &h1::IMPORTER,
    &hadolint::IMPORTER,
    &horusec::IMPORTER,
    &huskyci::IMPORTER,
    &immuniweb::IMPORTER,
    &infer::IMPORTER,
    &intsights::IMPORTER,
    &jfrog_xray_unified::IMPORTER,
    &kics::IMPORTER,
    &kiuwan::IMPORTER,
    &kiuwan_sca::IMPORTER,
    &kubebench::IMPORTER,
    &kubelinter::IMPORTER,
    &kubescape::IMPORTER,
    &legitify::IMPORTER,
    &masscan::IMPORTER,
    &mend::IMPORTER,
    &meterian::IMPORTER,
    &mobsf::IMPORTER,
    &mozilla_observatory::IMPORTER,
    &ms_defender::IMPORTER,
    &nancy::IMPORTER,
    &nikto::IMPORTER,
    &nmap::IMPORTER,
    &noseyparker::IMPORTER,
    &npm_audit::IMPORTER,
    &nuclei::IMPORTER,
    &openreports::IMPORTER,
    &openvas::IMPORTER,
    &openvex::IMPORTER,
    &orca_security::IMPORTER,
    &ossindex_devaudit::IMPORTER,
    &osv_scanner::IMPORTER,
    &outpost24::IMPORTER,
    &pip_audit::IMPORTER,
    &popeye::IMPORTER,
    &prowler::IMPORTER,
    &qualys::IMPORTER,
    &qualys_webapp::IMPORTER,
    &redhatsatellite::IMPORTER,
    &sarif::IMPORTER,
    &semgrep::IMPORTER,
    &snyk::IMPORTER,
    &sonarqube::IMPORTER,
    &spdx::IMPORTER,
    &spotbugs::IMPORTER,
    &sslyze::IMPORTER,
    &stackhawk::IMPORTER,
    &tenable::IMPORTER,
    &testssl::IMPORTER,
    &tfsec::IMPORTER,
    &threat_composer::IMPORTER,
    &trivy::IMPORTER,
    &trivy_operator::IMPORTER,
    &trufflehog::IMPORTER,
    &twistlock::IMPORTER,
    &veracode::IMPORTER,
    &wapiti::IMPORTER,
    &wazuh::IMPORTER,
    &wfuzz::IMPORTER,
    &whispers::IMPORTER,
    &wpscan::IMPORTER,
    &xanitizer::IMPORTER,
    &xygeni::IMPORTER,
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
