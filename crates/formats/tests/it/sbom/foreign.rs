//! Bills as other tools write them, and broken ones.

use std::io;

use bartizan_core::{ComponentKind, Scope};
use bartizan_formats::sbom::{self, Bom};

use super::read;

/// Reads a document, and compares what was understood: components as `purl-or-name version`, edges, problems.
#[track_caller]
fn check(text: &str, expected: &str) {
    let parsed = read(text);
    let Bom { metadata, components, dependencies } = parsed.value;
    let name = |component: &sbom::Component| {
        let version = component.version.as_ref().map(|version| format!(" {version}")).unwrap_or_default();
        component.purl.clone().unwrap_or_else(|| format!("{}{version}", component.name))
    };
    let mut lines: Vec<String> = metadata.subject.iter().map(|subject| format!("subject {}", name(subject))).collect();
    lines.extend(components.iter().map(name));
    lines.extend(dependencies.iter().map(|edge| {
        let scope = edge.scope.map(|scope| format!(" {scope:?}").to_lowercase()).unwrap_or_default();
        format!("{} > {}{scope}", edge.dependent, edge.dependency)
    }));
    lines.extend(parsed.problems.iter().map(|problem| format!("{}: {}", if problem.is_loss { "loss" } else { "remark" }, problem.message)));
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected, "\n{}", lines.join("\n"));
}

#[test]
fn cyclonedx_1_2_with_a_list_of_tools_and_members_in_any_order() {
    check(
        r#"{"components": [{"type": "library", "name": "a", "version": "1", "purl": "pkg:npm/a@1", "bom-ref": "x"},
            {"type": "library", "name": "b"}, {"type": "file", "name": "README"}],
            "dependencies": [{"ref": "x", "dependsOn": ["b", "lost"]}],
            "metadata": {"tools": [{"vendor": "v", "name": "t", "version": "2"}], "component": {"type": "application", "name": "app", "bom-ref": "r"}},
            "specVersion": "1.2", "bomFormat": "CycloneDX"}"#,
        "subject app
         b
         pkg:npm/a@1
         x > b
         remark: dependencies lead to or from what is not there: 1, such as `x` on `lost`
         remark: files and others that are no software are left out: 1",
    );
}

#[test]
fn components_within_components_are_components() {
    check(
        r#"{"bomFormat": "CycloneDX", "components": [{"name": "outer", "bom-ref": "o", "components": [{"name": "inner", "purl": "pkg:unheard-of/inner@1"}]}]}"#,
        "outer
         pkg:unheard-of/inner@1",
    );
}

#[test]
fn cyclonedx_as_xml() {
    check(
        r#"<?xml version="1.0"?><!DOCTYPE bom [<!ENTITY own "x">]>
        <b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.3" serialNumber="urn:uuid:0"><b:metadata><b:timestamp>2024-01-02T03:04:05Z</b:timestamp>
        <b:component type="application" bom-ref="r"><b:name>a &amp; b &#x41; &own;</b:name></b:component></b:metadata>
        <b:components><b:component type="library" bom-ref="c"><b:name><![CDATA[<c>]]></b:name><b:version>1</b:version>
        <b:licenses><b:license><b:id>MIT</b:id></b:license></b:licenses><b:purl>pkg:maven/g/c@1?type=jar</b:purl></b:component></b:components>
        <b:services><b:service><b:name>no component</b:name></b:service></b:services>
        <b:dependencies><b:dependency ref="r"><b:dependency ref="c"/></b:dependency></b:dependencies></b:bom>"#,
        "subject a & b A &own;
         pkg:maven/g/c@1?type=jar
         r > c",
    );
}

#[test]
fn spdx_2_2_as_json() {
    check(
        r#"{"spdxVersion": "SPDX-2.2", "documentDescribes": ["SPDXRef-app"], "packages": [
            {"SPDXID": "SPDXRef-app", "name": "app"},
            {"SPDXID": "SPDXRef-a", "name": "a", "versionInfo": "1", "externalRefs": [
                {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "http://spdx.org/rdf/references/purl", "referenceLocator": "pkg:PyPI/A_b@1"}]},
            {"SPDXID": "SPDXRef-b", "name": "b", "versionInfo": "NOASSERTION"}],
            "relationships": [
                {"spdxElementId": "SPDXRef-a", "relationshipType": "DEV_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-app"},
                {"spdxElementId": "SPDXRef-app", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-b"}]}"#,
        "subject app
         pkg:pypi/a-b@1
         b
         SPDXRef-app > SPDXRef-a development
         SPDXRef-app > SPDXRef-b",
    );
}

#[test]
fn spdx_as_tags_and_values() {
    check(
        "# a comment\nSPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nCreator: Tool: syft-1.2.3\nCreated: 2024-01-02T03:04:05Z\n\n\
         PackageName: app\nSPDXID: SPDXRef-app\nPackageComment: <text>several\nPackageName: lines\n</text>\n\n\
         PackageName: a\nSPDXID: SPDXRef-a\nPackageVersion: 1\nPackageLicenseDeclared: LicenseRef-odd\n\
         ExternalRef: PACKAGE-MANAGER purl pkg:gem/a@1\nPackageChecksum: SHA1: 00ff\n\n\
         LicenseID: LicenseRef-odd\nExtractedText: <text>do as you like</text>\n\n\
         Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-app\nRelationship: SPDXRef-a TEST_DEPENDENCY_OF SPDXRef-app\n",
        "subject app
         pkg:gem/a@1
         SPDXRef-app > SPDXRef-a test",
    );
}

#[test]
fn spdx_3_with_a_purl_among_external_identifiers() {
    check(
        r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
            {"type": "SpdxDocument", "spdxId": "d"},
            {"type": "software_Package", "spdxId": "p", "name": "a", "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/a@1"}]},
            {"type": "software_Package", "spdxId": "q", "name": "app"},
            {"type": "software_Sbom", "spdxId": "s", "rootElement": ["q"]},
            {"type": "Relationship", "from": "q", "relationshipType": "dependsOn", "to": ["p"]}]}"#,
        "subject app
         pkg:npm/a@1
         q > p",
    );
}

#[test]
fn one_bad_entry_does_not_hide_the_others() {
    check(
        r#"{"bomFormat": "CycloneDX", "components": [7, {"name": ["x"]}, {"name": "a", "purl": "not a purl", "hashes": "none", "licenses": {"a": 1}},
            {"name": "a"}, {"name": "b", "bom-ref": "a"}, null], "metadata": "none", "dependencies": [{"dependsOn": ["a"]}, {"ref": "a", "dependsOn": "b"}]}"#,
        "a
         a
         b
         loss: a component has no name
         loss: a component has no name
         remark: `not a purl` is no package URL: a package URL starts with `pkg:`
         loss: a component has no name
         remark: a dependency has no `ref`
         remark: two components are named `a`
         remark: two components are named `a`
         remark: dependencies lead to or from what is not there: 1, such as `a` on `b`",
    );
}

#[test]
fn a_document_that_is_cut_short_keeps_what_came_before() {
    for (text, n_components) in [
        (r#"{"bomFormat": "CycloneDX", "components": [{"name": "a"}, {"name": "b"#, 1),
        (r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><components><component><name>a</name></component><component><name>"#, 1),
        ("SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>never ends\n", 1),
    ] {
        let parsed = read(text);
        assert_eq!(parsed.value.components.len(), n_components, "{text}");
        assert!(parsed.problems.iter().any(|problem| problem.is_loss), "{text}");
    }
}

#[test]
fn no_end_and_no_wrong_byte_makes_reading_fail_badly() {
    let bom = Bom::of(&super::shop(&["shop"]), "folder");
    for format in super::FORMATS {
        let text = super::written(&bom, format);
        for at in (0..text.len()).step_by(7) {
            let cut = sbom::read(&mut &text.as_bytes()[..at]);
            assert!(cut.is_err() || cut.is_ok_and(|parsed| !parsed.problems.is_empty()), "{format:?} cut at {at}");
            let mut wrong = text.clone().into_bytes();
            wrong[at] = b"\0\xff\"<{}[],:"[at % 10];
            // What comes of it is anybody's guess; that something comes is not.
            let _ = sbom::read(&mut wrong.as_slice());
        }
    }
}

#[test]
fn what_is_no_bill_is_refused() {
    for text in ["", " ", "{}", "[]", "<html/>", "name: x\n", "hello", "{\"packages\": []}", "\u{feff}", "{", "<bom"] {
        let error = sbom::read(&mut text.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{text}");
    }
}

#[test]
fn scopes_and_kinds_of_others_are_understood() {
    let bom = read(
        r#"{"bomFormat": "CycloneDX", "components": [{"name": "a", "scope": "excluded"}, {"name": "b", "scope": "optional", "type": "container"},
            {"name": "c", "purl": "pkg:deb/debian/c@1"}]}"#,
    );
    let found: Vec<_> = bom.value.components.iter().map(|component| (component.scope, component.kind)).collect();
    assert_eq!(
        found,
        [
            (Some(Scope::Development), ComponentKind::Library),
            (Some(Scope::Optional), ComponentKind::Container),
            (None, ComponentKind::OperatingSystem),
        ]
    );
    assert_eq!(bom.value.unmatched().count(), 2);
}

#[test]
fn nesting_without_end_is_refused_without_a_crash() {
    let json = format!("{{\"bomFormat\": \"CycloneDX\", \"components\": {}", "[{\"components\": ".repeat(100_000));
    let xml = format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">{}", "<components><component>".repeat(100_000));
    for text in [json, xml] {
        assert!(read(&text).problems.iter().any(|problem| problem.is_loss));
    }
}
