use bartizan_core::Report;

use crate::{hostile, sample, support::export};

/// Checks that elements nest and that no text holds what XML has no place for; gives the number of each element.
fn elements(xml: &str) -> std::collections::BTreeMap<String, usize> {
    let mut counts = std::collections::BTreeMap::new();
    let mut open: Vec<&str> = Vec::new();
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        assert!(!text.contains('>'), "{text}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap();
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        *counts.entry(name.to_owned()).or_default() += 1;
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty());
    for entity in xml.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|known| entity.starts_with(known)), "&{entity}");
    }
    counts
}

#[test]
fn findings_fail_and_suppressed_ones_are_skipped() {
    let counts = elements(&export("junit", &sample::shop()));
    assert_eq!((counts["failure"], counts["skipped"], counts["error"], counts["testcase"]), (12, 2, 2, 16));
}

#[test]
fn hostile_texts_stay_texts() {
    let counts = elements(&export("junit", &hostile::report()));
    assert_eq!((counts["failure"], counts["skipped"], counts["error"]), (2, 2, 2));
    assert_eq!(counts.len(), 7, "{counts:?}");
}

#[test]
fn a_scan_without_findings_is_a_test_that_passed() {
    let counts = elements(&export("junit", &Report::default()));
    assert_eq!((counts["testcase"], counts.get("failure"), counts.get("error")), (1, None, None));
}

#[test]
fn a_report_in_junit_reads_well() {
    insta::assert_snapshot!(export("junit", &sample::shop()));
}
