//! Bills of materials: what is written holds together, and is understood when it is read.

mod foreign;
mod scale;

use std::collections::BTreeSet;

use bartizan_core::{
    ByteRange, Component, ComponentKind, Dependency, Diagnostic, DiagnosticKind, Hash, HashAlgorithm, Location, Position, Region, Report,
    Scope, Tool,
};
use bartizan_formats::{
    Timestamp,
    sbom::{self, Bom, CycloneDxVersion, Format, Parsed, Subject},
};
use serde_json::Value;

const FORMATS: [Format; 6] = [
    Format::CycloneDxJson(CycloneDxVersion::V1_6),
    Format::CycloneDxJson(CycloneDxVersion::V1_7),
    Format::CycloneDxXml(CycloneDxVersion::V1_6),
    Format::CycloneDxXml(CycloneDxVersion::V1_7),
    Format::SpdxJson,
    Format::Spdx3Json,
];

/// A shop with one root, or with two.
fn shop(roots: &[&str]) -> Report {
    let place = |path: &str, line| {
        let at = |column| Position { line, column };
        Location { artifact: path.into(), place: Some((ByteRange::new(0, 1), Region { start: at(1), end: at(2) })) }
    };
    let component = |purl: &str, name: &str, kind, scope, licences: &[&str]| Component {
        purl: purl.to_owned(),
        name: name.to_owned(),
        version: purl.rsplit_once('@').map(|(_, version)| version.to_owned()),
        kind,
        scope,
        licences: licences.iter().map(|&licence| licence.to_owned()).collect(),
        hashes: vec![Hash { algorithm: HashAlgorithm::Sha256, value: "0a".repeat(32) }],
        locations: vec![place("package-lock.json", 7)],
        layer: None,
    };
    let (app, lib) = (ComponentKind::Application, ComponentKind::Library);
    let mut components: Vec<Component> =
        roots.iter().map(|root| component(&format!("pkg:npm/{root}@1.0.0"), root, app, Scope::Runtime, &[])).collect();
    components.extend([
        component("pkg:cargo/a@1.0.0", "a", lib, Scope::Optional, &["Apache-2.0 OR MIT"]),
        component("pkg:golang/github.com/spf13/cobra@v1.8.0", "github.com/spf13/cobra", lib, Scope::Build, &["Odd & <own>"]),
        component("pkg:maven/org.slf4j/slf4j-api@2.0.9", "org.slf4j:slf4j-api", lib, Scope::Test, &["BSD", "MIT"]),
        component("pkg:npm/%40babel/core@7.23.0", "@babel/core", lib, Scope::Development, &["mit"]),
        component("pkg:docker/library/nginx@1.25", "library/nginx", ComponentKind::Container, Scope::Runtime, &[]),
    ]);
    components.sort();
    let edge = |dependent: &str, dependency: &Component| Dependency {
        dependent: dependent.to_owned(),
        dependency: dependency.purl.clone(),
        scope: dependency.scope,
    };
    let of_roots = roots.iter().flat_map(|root| {
        let root = format!("pkg:npm/{root}@1.0.0");
        components.iter().filter(|component| component.kind != app).map(move |component| edge(&root, component)).collect::<Vec<_>>()
    });
    let mut dependencies: Vec<Dependency> = of_roots.collect();
    dependencies.sort();
    let diagnostics = vec![
        Diagnostic::new(DiagnosticKind::ManifestUnreadable, "Cargo.lock: no value").at(place("Cargo.lock", 3)),
        Diagnostic::new(DiagnosticKind::DependencyUnresolved, "`b` has no version").at(place("go.mod", 9)),
        Diagnostic::new(DiagnosticKind::LinkNotFollowed, "a link"),
    ];
    let tool = Tool { name: "bartizan".to_owned(), version: "0.1.0".to_owned() };
    Report { tool, diagnostics, components, dependencies, ..Report::default() }
}

fn written(bom: &Bom, format: Format) -> String {
    let mut out = Vec::new();
    sbom::write(bom, format, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn read(text: &str) -> Parsed {
    sbom::read(&mut text.as_bytes()).unwrap()
}

#[test]
fn a_bill_of_materials_reads_well() {
    let bom = Bom::of(&shop(&["shop"]), "folder");
    insta::assert_snapshot!("cyclonedx", written(&bom, FORMATS[0]));
    insta::assert_snapshot!("cyclonedx-xml", written(&bom, FORMATS[2]));
    insta::assert_snapshot!("spdx", written(&bom, FORMATS[4]));
    insta::assert_snapshot!("spdx3", written(&bom, FORMATS[5]));
}

#[test]
fn the_same_report_gives_the_same_bytes_and_another_one_another_number() {
    for format in FORMATS {
        let bom = Bom::of(&shop(&["shop"]), "folder");
        assert_eq!(written(&bom, format), written(&Bom::of(&shop(&["shop"]), "folder"), format));
    }
    let number = |roots: &[&str]| {
        let document: Value = serde_json::from_str(&written(&Bom::of(&shop(roots), "folder"), FORMATS[0])).unwrap();
        document["serialNumber"].as_str().unwrap().to_owned()
    };
    assert_ne!(number(&["shop"]), number(&["shops"]));
}

#[test]
fn nothing_dangles_and_nothing_is_named_twice() {
    for roots in [&[][..], &["shop"], &["shop", "till"]] {
        let document: Value = serde_json::from_str(&written(&Bom::of(&shop(roots), "folder"), FORMATS[0])).unwrap();
        let mut refs = vec![document["metadata"]["component"]["bom-ref"].as_str().unwrap()];
        refs.extend(document["components"].as_array().unwrap().iter().map(|component| component["bom-ref"].as_str().unwrap()));
        let known: BTreeSet<&str> = refs.iter().copied().collect();
        assert_eq!(known.len(), refs.len());
        let dependencies = document["dependencies"].as_array().unwrap();
        assert_eq!(dependencies.len(), refs.len(), "every component says what it depends on");
        for dependency in dependencies {
            let on = dependency.get("dependsOn").and_then(Value::as_array).into_iter().flatten();
            assert!(on.chain([&dependency["ref"]]).all(|id| known.contains(id.as_str().unwrap())));
        }
    }
}

#[test]
fn several_roots_have_one_subject_above_them() {
    let bom = Bom::of(&shop(&["shop", "till"]), "folder");
    let subject = bom.metadata.subject.as_ref().unwrap();
    assert_eq!(subject.name, "folder");
    let roots = bom.dependencies.iter().filter(|edge| edge.dependent == subject.id).map(|edge| edge.dependency.as_str());
    assert_eq!(roots.collect::<Vec<_>>(), ["pkg:npm/shop@1.0.0", "pkg:npm/till@1.0.0"]);
    assert_eq!(Bom::of(&shop(&["shop"]), "folder").metadata.subject.unwrap().name, "shop");
}

#[test]
fn what_is_missing_is_said() {
    let document: Value = serde_json::from_str(&written(&Bom::of(&shop(&["shop"]), "folder"), FORMATS[0])).unwrap();
    let properties = document["metadata"]["properties"].as_array().unwrap();
    let shown: Vec<String> = properties.iter().map(|property| format!("{} {}", property["name"], property["value"])).collect();
    assert_eq!(
        shown,
        [r#""bartizan:unparsed" "Cargo.lock:3: Cargo.lock: no value""#, r#""bartizan:unresolved" "go.mod:9: `b` has no version""#,]
    );
    assert_eq!(document["compositions"][0]["aggregate"], "incomplete");
    let complete = Report { diagnostics: Vec::new(), ..shop(&["shop"]) };
    let document: Value = serde_json::from_str(&written(&Bom::of(&complete, "folder"), FORMATS[0])).unwrap();
    assert_eq!(document.get("compositions"), None);
}

#[test]
fn what_is_written_is_read_back() {
    for roots in [&["shop"][..], &["shop", "till"]] {
        let mut bom = Bom::of(&shop(roots), "folder");
        bom.metadata.timestamp = Some(Timestamp::of_unix_seconds(1_767_225_600));
        for format in FORMATS {
            let parsed = read(&written(&bom, format));
            assert_eq!(parsed.problems, [], "{format:?}");
            assert_eq!(essence(&parsed.value, format), essence(&bom, format), "{format:?}");
            // Once read, a bill does not change any more.
            let again = read(&written(&parsed.value, format));
            assert_eq!(essence(&again.value, format), essence(&parsed.value, format), "{format:?}");
        }
    }
}

/// What every format says, one line each.
fn essence(bom: &Bom, format: Format) -> Vec<String> {
    let is_spdx = matches!(format, Format::SpdxJson | Format::Spdx3Json);
    let components = bom.metadata.subject.iter().chain(&bom.components);
    let name_of = |id: &str| {
        let all = bom.metadata.subject.iter().chain(&bom.components);
        all.into_iter().find(|component| component.id == id).map(|component| component.name.clone()).unwrap_or_default()
    };
    let mut lines: Vec<String> = components
        .map(|component| {
            // Of packages, SPDX 2 and 3 don't say what they are needed for: their relationships do.
            let scope = component.scope.filter(|_| !is_spdx && component.kind != ComponentKind::Application);
            let purl = &component.purl;
            // Several licences are one expression there.
            let licences = if is_spdx { Vec::new() } else { component.licences.iter().map(|text| text.to_uppercase()).collect() };
            let (hashes, places) = (&component.hashes, &component.places);
            let (group, name, version, kind) = (&component.group, &component.name, &component.version, component.kind);
            format!("{purl:?} {group:?} {name} {version:?} {kind:?} {scope:?} {licences:?} {hashes:?} {places:?}")
        })
        .collect();
    lines.extend(bom.dependencies.iter().map(|edge| {
        let scope = edge.scope.filter(|&scope| is_spdx && scope != Scope::Runtime);
        format!("{} > {} {scope:?}", name_of(&edge.dependent), name_of(&edge.dependency))
    }));
    lines.sort();
    lines.extend(bom.metadata.gaps.iter().map(|gap| format!("{gap:?}")));
    lines.push(format!("{:?} {:?}", bom.metadata.timestamp, bom.metadata.tools));
    lines
}

#[test]
fn a_statement_is_about_its_subjects_and_is_read_as_its_bill() {
    let bom = Bom::of(&shop(&["shop"]), "folder");
    let subject = Subject { name: "shop.tar".to_owned(), algorithm: "sha256".to_owned(), digest: "0b".repeat(32) };
    for (format, predicate) in
        [(FORMATS[0], "https://cyclonedx.org/bom"), (FORMATS[4], "https://spdx.dev/Document"), (FORMATS[5], "https://spdx.dev/Document")]
    {
        let mut out = Vec::new();
        sbom::attest(&bom, format, std::slice::from_ref(&subject), &mut out).unwrap();
        let statement: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
        assert_eq!(statement["subject"][0]["digest"]["sha256"], "0b".repeat(32));
        assert_eq!(statement["predicateType"], predicate);
        let plain: Value = serde_json::from_str(&written(&bom, format)).unwrap();
        assert_eq!(statement["predicate"], plain);
        assert_eq!(sbom::read(&mut out.as_slice()).unwrap().value.components.len(), bom.components.len());
    }
    assert!(sbom::attest(&bom, FORMATS[2], &[subject], &mut Vec::new()).is_err());
}

#[test]
fn hostile_names_stay_within_their_place() {
    let mut report = shop(&["shop"]);
    for component in &mut report.components {
        component.name = "</name>\u{0}\u{202e}\"&amp;".to_owned();
        component.licences = vec!["]]> <!-- \u{7}".to_owned()];
        component.version = Some("1\n2".to_owned());
        component.purl = format!("{}&<x>\"", component.purl);
    }
    report.dependencies.clear();
    for format in FORMATS {
        let text = written(&Bom::of(&report, "a&b<c>"), format);
        assert_eq!(read(&text).value.components.len(), report.components.len() - 1, "{format:?}");
    }
}
