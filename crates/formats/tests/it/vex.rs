//! VEX documents: read in every format, refused where they say too little, written so that they are read as the same.

use std::{env, fs, path::PathBuf};

use bartizan_core::Tool;
use bartizan_formats::{
    Timestamp,
    purl::PackageUrl,
    vex::{self, Document, Format, Justification, Product, Statement, Status},
};

/// Statements in short: flaw, products and their components, status, justification.
fn short(document: &Document) -> Vec<String> {
    let product = |product: &Product| {
        let parts: Vec<String> = product.components.iter().map(ToString::to_string).collect();
        let purl = product.purl.as_ref().map_or_else(|| format!("?{}", product.id), ToString::to_string);
        let versions = product.versions.join(",");
        [purl, parts.join("+"), versions].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" > ")
    };
    let of = |statement: &Statement| {
        let products: Vec<String> = statement.products.iter().map(product).collect();
        let why = statement.justification.map_or("-", Justification::as_str);
        format!("{} {} {} [{}]", statement.flaws.join("/"), statement.status.as_str(), why, products.join(", "))
    };
    document.statements.iter().map(of).collect()
}

#[track_caller]
fn check(text: &str, statements: &[&str], problems: &[&str]) {
    let parsed = vex::read(text.as_bytes()).expect("a document");
    assert_eq!(short(&parsed.value), statements);
    assert_eq!(parsed.problems.len(), problems.len(), "{:?}", parsed.problems);
    for (problem, expected) in parsed.problems.iter().zip(problems) {
        assert!(problem.contains(expected), "`{problem}` is not `{expected}`");
    }
}

#[test]
fn openvex_is_read_in_both_versions() {
    check(
        r#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "x", "author": "a", "timestamp": "2026-01-01T00:00:00Z", "statements": [
            {"vulnerability": {"name": "CVE-1", "aliases": ["GHSA-1"]}, "status": "not_affected", "justification": "component_not_present",
             "products": [{"@id": "shop", "identifiers": {"purl": "pkg:npm/shop@1"}, "subcomponents": [{"@id": "pkg:npm/left@2"}, {"@id": "sha256:x"}]}]},
            {"vulnerability": {"name": "CVE-2"}, "products": [{"@id": "pkg:npm/shop"}], "status": "not_affected"},
            {"vulnerability": {"name": "CVE-3"}, "products": [{"@id": "pkg:npm/shop"}], "status": "not_affected", "impact_statement": "built without it"},
            {"vulnerability": {"name": "CVE-4"}, "products": [], "status": "fixed"},
            {"vulnerability": {"name": "CVE-5"}, "products": [{"@id": "shop"}], "status": "harmless"},
            {"vulnerability": {}, "products": [{"@id": "shop"}], "status": "fixed"}]}"#,
        &["CVE-1/GHSA-1 not_affected component_not_present [pkg:npm/shop@1 > pkg:npm/left@2]", "CVE-3 not_affected - [pkg:npm/shop]"],
        &["without a justification", "no product", "`harmless` is no status", "no flaw"],
    );
    check(
        r#"{"@context": "https://openvex.dev/ns", "statements": [{"vulnerability": "CVE-1", "products": ["pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64"], "status": "fixed"}]}"#,
        &["CVE-1 fixed - [pkg:apk/wolfi/git@2.39.0-r1?arch=x86_64]"],
        &[],
    );
}

#[test]
fn csaf_products_are_resolved_through_branches_relationships_and_groups() {
    check(
        r#"{"document": {"category": "csaf_vex", "csaf_version": "2.0", "tracking": {"id": "A-1", "current_release_date": "2026-01-01T00:00:00Z"}},
            "product_tree": {
                "branches": [{"category": "vendor", "name": "Acme", "branches": [
                    {"category": "product_version", "name": "1", "product": {"product_id": "OS", "name": "OS", "product_identification_helper": {"purl": "pkg:oci/os@1"}}},
                    {"category": "product_version", "name": "2", "product": {"product_id": "CPE", "name": "x", "product_identification_helper": {"cpe": "cpe:/o:x"}}},
                    {"category": "product_version", "name": "3", "product": {"product_id": "LIB", "name": "lib", "product_identification_helper": {"purl": "pkg:rpm/acme/lib@3"}}}]}],
                "full_product_names": [{"product_id": "APP", "name": "App", "product_identification_helper": {"purls": ["pkg:npm/app@1", "pkg:npm/app@2"]}}],
                "relationships": [
                    {"category": "default_component_of", "product_reference": "LIB", "relates_to_product_reference": "OS", "full_product_name": {"product_id": "OS:LIB", "name": "x"}},
                    {"category": "default_component_of", "product_reference": "LIB", "relates_to_product_reference": "CPE", "full_product_name": {"product_id": "CPE:LIB", "name": "x"}},
                    {"category": "default_component_of", "product_reference": "LOOP", "relates_to_product_reference": "OS", "full_product_name": {"product_id": "LOOP", "name": "x"}}],
                "product_groups": [{"group_id": "G", "product_ids": ["OS:LIB", "APP"]}]},
            "vulnerabilities": [{"cve": "CVE-1", "ids": [{"system_name": "x", "text": "ACME-1"}],
                "product_status": {"known_not_affected": ["OS:LIB", "CPE:LIB", "APP"], "fixed": ["LOOP"], "known_affected": ["NONE"]},
                "flags": [{"label": "vulnerable_code_not_present", "group_ids": ["G"]}],
                "threats": [{"category": "impact", "details": "it is off", "product_ids": ["CPE:LIB"]}]}]}"#,
        &[
            "CVE-1/ACME-1 not_affected vulnerable_code_not_present [pkg:oci/os@1 > pkg:rpm/acme/lib@3]",
            // A part of something that has no package URL is a part of nobody knows what.
            "CVE-1/ACME-1 not_affected - [?CPE:LIB]",
            "CVE-1/ACME-1 not_affected vulnerable_code_not_present [pkg:npm/app@1, pkg:npm/app@2]",
            "CVE-1/ACME-1 fixed - [pkg:oci/os@1]",
        ],
        &["`NONE` is no product"],
    );
}

#[test]
fn cyclonedx_is_read_with_its_references() {
    check(
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"timestamp": "2026-01-01T00:00:00Z", "component": {"bom-ref": "root", "purl": "pkg:npm/shop@1", "name": "shop", "type": "application"}},
            "components": [{"bom-ref": "l", "purl": "pkg:npm/left@1", "name": "left", "type": "library", "components": [{"bom-ref": "r", "purl": "pkg:npm/right@1", "name": "right", "type": "library"}]}],
            "vulnerabilities": [
                {"id": "CVE-1", "references": [{"id": "GHSA-1", "source": {}}], "analysis": {"state": "not_affected", "justification": "code_not_reachable"}, "affects": [{"ref": "root"}, {"ref": "r"}]},
                {"id": "CVE-2", "analysis": {"state": "false_positive", "detail": "no"}, "affects": [{"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg%3Amaven/a/b@2?type=jar"}]},
                {"id": "CVE-3", "analysis": {"state": "not_affected"}, "affects": [{"ref": "l"}]},
                {"id": "CVE-4", "analysis": {"state": "exploitable"}, "affects": [{"ref": "l", "versions": [{"version": "1", "status": "affected"}, {"version": "2", "status": "unaffected"}]}]},
                {"id": "CVE-5", "analysis": {"state": "in_triage"}, "affects": [{"ref": "l", "versions": [{"range": "vers:npm/<2"}]}]},
                {"id": "CVE-6", "affects": [{"ref": "l"}]}]}"#,
        &[
            "CVE-1/GHSA-1 not_affected vulnerable_code_not_in_execute_path [pkg:npm/shop@1, pkg:npm/right@1]",
            "CVE-2 not_affected - [pkg:maven/a/b@2?type=jar]",
            "CVE-4 affected - [pkg:npm/left@1 > 1]",
            "CVE-5 under_investigation - [?l]",
        ],
        &["without a justification", "ranges"],
    );
}

#[test]
fn other_documents_are_none_and_hostile_ones_do_no_harm() {
    for text in ["", "[]", "{}", "{\"@context\": \"x\"}", "{\"bomFormat\": \"SPDX\"}", "\u{feff}nothing"] {
        assert_eq!(vex::read(text.as_bytes()), None, "{text}");
    }
    let depth = 100_000;
    let deep = format!(
        r#"{{"document": {{"csaf_version": "2.0"}}, "product_tree": {{"branches": {}{}}}}}"#,
        "[{\"branches\": ".repeat(depth),
        "}]".repeat(depth)
    );
    assert_eq!(vex::read(deep.as_bytes()), None);
    for text in [
        r#"{"document": {"csaf_version": 2}, "vulnerabilities": [7, {"product_status": {"fixed": [7, "x"]}}]}"#,
        r#"{"bomFormat": "CycloneDX", "vulnerabilities": [{"analysis": {"state": "resolved"}, "affects": [7]}]}"#,
    ] {
        let parsed = vex::read(text.as_bytes()).unwrap();
        assert_eq!(parsed.value.statements, []);
        assert_eq!(parsed.problems.len(), 1, "{:?}", parsed.problems);
    }
}

fn sample() -> Document {
    let purl = |text: &str| text.parse::<PackageUrl>().unwrap();
    let statement = |flaws: &[&str], status, justification, explanation: &str, action: &str| Statement {
        flaws: flaws.iter().map(ToString::to_string).collect(),
        products: vec![Product { components: vec![purl("pkg:npm/%40a/left@2.0.0")], ..Product::of(&purl("pkg:npm/shop@1.0.0")) }],
        status,
        justification,
        explanation: explanation.to_owned(),
        action: action.to_owned(),
        timestamp: None,
    };
    Document {
        author: "Acme".to_owned(),
        statements: vec![
            statement(
                &["CVE-2026-1", "GHSA-1"],
                Status::NotAffected,
                Some(Justification::VulnerableCodeNotInExecutePath),
                "not-imported: no",
                "",
            ),
            statement(&["CVE-2026-2"], Status::Affected, None, "called: a.js", "update to 2"),
            statement(&["CVE-2026-3"], Status::UnderInvestigation, None, "", ""),
            statement(&["CVE-2026-4"], Status::Fixed, None, "", ""),
        ],
        ..Document::default()
    }
}

fn written(format: Format) -> String {
    let mut out = Vec::new();
    let tool = Tool { name: "bartizan".to_owned(), version: "1".to_owned() };
    vex::write(&sample(), format, &tool, Timestamp::of_unix_seconds(1_767_225_600), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_is_written_is_read_as_the_same() {
    let read = vex::read(written(Format::OpenVex).as_bytes()).unwrap();
    assert_eq!((short(&read.value), read.problems), (short(&sample()), vec![]));
    let read = vex::read(written(Format::CycloneDx).as_bytes()).unwrap();
    let expected: Vec<String> = short(&sample()).iter().map(|line| line.replace("pkg:npm/shop@1.0.0 > ", "")).collect();
    assert_eq!((short(&read.value), read.problems), (expected, vec![]));
    assert_eq!(written(Format::OpenVex), written(Format::OpenVex));
    assert!(
        written(Format::OpenVex).contains("\"timestamp\": \"2026-01-01T00:00:00Z\"") && !written(Format::CycloneDx).contains("timestamp")
    );
}

/// The examples that OASIS publishes for the tests of CSAF 2.0: those that are valid have no problem, and the impact statement that is
/// missing is missed.
#[test]
fn the_official_examples_of_csaf_are_read() {
    let Some(folder) = env::var_os("BARTIZAN_VECTORS").map(|folder| PathBuf::from(folder).join("csaf-2.0/test/validator/data/mandatory"))
    else {
        return;
    };
    let mut n_read = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let parsed = vex::read(&text).unwrap_or_default();
        // Test 6.1.27.9: every product that is not affected has a flag or an impact statement.
        if let Some((_, number)) = name.split_once("6-1-27-09-") {
            let is_valid = number.starts_with('1');
            assert_eq!(parsed.problems.is_empty(), is_valid, "{name}: {:?}", parsed.problems);
            assert!(!is_valid || !parsed.value.statements.is_empty(), "{name}");
            n_read += 1;
        }
    }
    assert!(10 < n_read, "{n_read}");
}
