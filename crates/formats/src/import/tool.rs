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
mod bearer_cli;
mod blackduck;
mod brakeman;
mod bugcrowd;
mod burp;
mod burp_api;
mod burp_dastardly;
mod cargo_audit;
mod cfn_lint;
mod cfn_nag;
mod checkmarx;
mod checkmarx_one;
mod checkmarx_osa;
mod checkov;
mod clair;
mod conftest;
mod coverity_api;
mod csaf;
mod cwe_checker;
mod cyclonedx;
mod dependency_check;
mod dependency_track;
mod detect_secrets;
mod dockerbench;
mod dockle;
mod drheader;
mod eslint;
mod ffuf;
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
mod hydra;
mod immuniweb;
mod infer;
mod intsights;
mod jfrog_xray_unified;
mod kics;
mod kiuwan;
mod kiuwan_sca;
mod krakend_audit;
mod kubebench;
mod kubehunter;
mod kubelinter;
mod kubescape;
mod legitify;
mod masscan;
mod mend;
mod meterian;
mod mix_audit;
mod mobsf;
mod mozilla_observatory;
mod ms_defender;
mod naabu;
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
mod rubocop;
mod sarif;
mod secretlint;
mod semgrep;
mod snyk;
mod sonarqube;
mod sonatype;
mod spdx;
mod spotbugs;
mod sqlmap;
mod sslyze;
mod stackhawk;
mod talisman;
mod tenable;
mod terrascan;
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
mod xeol;
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
    &bearer_cli::IMPORTER,
    &blackduck::IMPORTER,
    &brakeman::IMPORTER,
    &bugcrowd::IMPORTER,
    &burp::IMPORTER,
    &burp_api::IMPORTER,
    &burp_dastardly::IMPORTER,
    &cargo_audit::IMPORTER,
    &cfn_lint::IMPORTER,
    &cfn_nag::IMPORTER,
    &checkmarx::IMPORTER,
    &checkmarx_one::IMPORTER,
    &checkmarx_osa::IMPORTER,
    &checkov::IMPORTER,
    &clair::IMPORTER,
    &conftest::IMPORTER,
    &coverity_api::IMPORTER,
    &csaf::IMPORTER,
    &cwe_checker::IMPORTER,
    &cyclonedx::IMPORTER,
    &dependency_check::IMPORTER,
    &dependency_track::IMPORTER,
    &detect_secrets::IMPORTER,
    &dockerbench::IMPORTER,
    &dockle::IMPORTER,
    &drheader::IMPORTER,
    &eslint::IMPORTER,
    &ffuf::IMPORTER,
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
    &hydra::IMPORTER,
    &immuniweb::IMPORTER,
    &infer::IMPORTER,
    &intsights::IMPORTER,
    &jfrog_xray_unified::IMPORTER,
    &kics::IMPORTER,
    &kiuwan::IMPORTER,
    &kiuwan_sca::IMPORTER,
    &krakend_audit::IMPORTER,
    &kubebench::IMPORTER,
    &kubehunter::IMPORTER,
    &kubelinter::IMPORTER,
    &kubescape::IMPORTER,
    &legitify::IMPORTER,
    &masscan::IMPORTER,
    &mend::IMPORTER,
    &meterian::IMPORTER,
    &mix_audit::IMPORTER,
    &mobsf::IMPORTER,
    &mozilla_observatory::IMPORTER,
    &ms_defender::IMPORTER,
    &naabu::IMPORTER,
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
    &rubocop::IMPORTER,
    &sarif::IMPORTER,
    &secretlint::IMPORTER,
    &semgrep::IMPORTER,
    &snyk::IMPORTER,
    &sonarqube::IMPORTER,
    &sonatype::IMPORTER,
    &spdx::IMPORTER,
    &spotbugs::IMPORTER,
    &sqlmap::IMPORTER,
    &sslyze::IMPORTER,
    &stackhawk::IMPORTER,
    &talisman::IMPORTER,
    &tenable::IMPORTER,
    &terrascan::IMPORTER,
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
    &xeol::IMPORTER,
    &xygeni::IMPORTER,
    &yarn_audit::IMPORTER,
    &zap::IMPORTER,
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_means_one_tool() {
        let mut names = BTreeSet::new();
        for name in IMPORTERS.iter().flat_map(|importer| [importer.id].into_iter().chain(importer.aliases.iter().copied())) {
            assert!(names.insert(name), "{name} is there twice");
            let is_word = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
            assert!(name.chars().all(is_word), "{name}");
        }
    }

    #[test]
    fn words_for_severities_are_in_lower_case_and_there_once() {
        for importer in IMPORTERS {
            let words: BTreeSet<&str> = importer.scale.iter().map(|(word, _)| *word).collect();
            assert_eq!(words.len(), importer.scale.len(), "{}", importer.id);
            assert!(words.iter().all(|word| *word == word.to_lowercase()), "{}", importer.id);
            assert!(!importer.marks.is_empty(), "{}", importer.id);
        }
    }

    #[test]
    fn the_manual_lists_every_tool() {
        let manual = include_str!("../../../../docs/import.md");
        for importer in IMPORTERS {
            let aliases: Vec<String> = importer.aliases.iter().map(|alias| format!("`{alias}`")).collect();
            let row = format!("| {} | `{}` | {} |", importer.title, importer.id, aliases.join(", "));
            assert!(manual.contains(&row), "docs/import.md has no row\n{row}");
        }
    }

    #[test]
    fn what_is_cut_or_broken_is_no_reason_to_panic() {
        let report = br#"{"version": "2.1.0", "$schema": "sarif", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "\u00e9"}}]}]}"#;
        for length in 0..report.len() {
            let cut = &report[..length];
            for importer in IMPORTERS {
                let _ = crate::import::import(&cut, Some(importer.id), &mut |_| {});
            }
        }
    }
}

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
