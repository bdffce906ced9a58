//! CVSS, against the vectors of RedHatProductSecurity/cvss (`tests/`) and traps beside them.

use bartizan_core::Severity;
use bartizan_formats::cvss::{Cvss, CvssVersion};

use crate::schema::foreign_text;

/// Lines are `VECTOR - SCORE` or `VECTOR - (BASE, TEMPORAL, ENVIRONMENTAL)`, where a score may be `None`.
#[test]
fn scores_are_those_of_the_reference() {
    let names = [
        "calculator2",
        "cvsslib2",
        "simple2",
        "calculator3",
        "cvsslib3",
        "simple3",
        "simple31",
        "security4",
        "simple4",
        "supplemental4",
        "threat4",
    ];
    let mut failures = Vec::new();
    let mut n_vectors = 0;
    for name in names {
        let Some(text) = foreign_text(&format!("cvss/vectors_{name}")) else { return };
        for line in text.lines() {
            let (vector, scores) = line.split_once(" - ").unwrap();
            let expected: Vec<Option<f64>> = scores.trim_matches(['(', ')', ',']).split(", ").map(|score| score.parse().ok()).collect();
            let cvss = Cvss::parse(vector).unwrap();
            let found = match cvss.version() {
                CvssVersion::V4 => vec![cvss.score()],
                CvssVersion::V2 | CvssVersion::V30 | CvssVersion::V31 => {
                    vec![cvss.base_score(), cvss.temporal_score(), cvss.environmental_score()]
                }
            };
            assert_eq!(expected.len(), found.len(), "{line}");
            n_vectors += 1;
            if expected.iter().zip(&found).any(|(expected, found)| expected.is_some_and(|expected| (expected - found).abs() > 1e-9)) {
                failures.push(format!("{line}, not {found:?}"));
            }
            // The last score that the reference gives is the one that counts.
            let last = expected.iter().flatten().next_back().unwrap();
            if cvss.version() == CvssVersion::V2 {
                assert!((cvss.score() - last).abs() < 1e-9, "{line}, not {}", cvss.score());
            }
        }
    }
    assert_eq!(failures, [""; 0]);
    assert_eq!(n_vectors, 7_667);
}

fn check(vector: &str, base: f64, score: f64, severity: Severity) {
    let cvss = Cvss::parse(vector).unwrap();
    assert_eq!((cvss.base_score(), cvss.score(), cvss.severity()), (base, score, severity), "{vector}");
}

#[test]
fn all_that_a_vector_says_counts() {
    check("AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0, 10.0, Severity::High);
    check("(AV:N/AC:L/Au:S/C:C/I:C/A:C/E:U/RL:U/RC:C)", 9.0, 7.7, Severity::High);
    check("CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0, 10.0, Severity::Critical);
    check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P", 9.8, 6.8, Severity::Medium);
    check("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0, 0.0, Severity::Info);
    check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3, 9.3, Severity::Critical);
    check("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", 9.3, 8.1, Severity::High);
}

#[test]
fn what_is_no_vector_is_named() {
    for text in
        ["", "9.8", "CVSS:3.1/AV:N", "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:9.9/AV:N", "AV:Q/AC:L/Au:N/C:C/I:C/A:C"]
    {
        let error = Cvss::parse(text).unwrap_err();
        assert_eq!(error.vector, text);
        assert!(!error.reason.is_empty());
    }
}
