//! What a project is made of: `bartizan deps` and `bartizan sbom`.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;

use crate::project::Project;

/// The application asks for `left`, which asks for `right`; `tool` is needed to develop.
const LOCK_FILE: &str = r#"{
  "name": "shop", "version": "1.0.0", "lockfileVersion": 3,
  "packages": {
    "": {"name": "shop", "version": "1.0.0", "dependencies": {"left": "^1"}, "devDependencies": {"tool": "^3"}},
    "node_modules/left": {"version": "1.0.0", "license": "MIT", "dependencies": {"right": "^2"}},
    "node_modules/right": {"version": "2.0.0"},
    "node_modules/tool": {"version": "3.0.0", "dev": true, "dependencies": {"right": "^2"}}
  }
}
"#;

fn shop() -> Project {
    Project::with(&[("package-lock.json", LOCK_FILE)])
}

#[test]
fn the_shortest_ways_to_a_component_are_shown() {
    let project = shop();
    let run = project.run(["deps", "why", "right"]).exits_with(0);
    assert_eq!(
        run.stdout,
        "pkg:npm/right@2.0.0  runtime  package-lock.json:6\n  pkg:npm/shop@1.0.0\n  ├─ pkg:npm/left@1.0.0  runtime\n  │  └─ pkg:npm/right@2.0.0  runtime\n  \
         └─ pkg:npm/tool@3.0.0  development\n     └─ pkg:npm/right@2.0.0  runtime\n"
    );
    for asked in ["pkg:npm/right", "pkg:npm/right@2.0.0", "right@2.0.0"] {
        assert_eq!(project.run(["deps", "why", asked]).exits_with(0).stdout, run.stdout, "{asked}");
    }
    let run = project.run(["deps", "why", "right", "--format", "json"]).exits_with(0);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["components"][0]["ways"][1][1]["scope"], "development");
}

#[test]
fn what_is_not_there_is_guessed_at() {
    let project = shop();
    for (asked, help) in [("rihgt", "did you mean `right`?"), ("pkg:npm/lefd@9", "did you mean `left`?"), ("zzz", "bartizan deps list")] {
        project.run(["deps", "why", asked]).exits_with(2).complains(&["error[unknown-component]", help]);
    }
}

#[test]
fn components_are_listed_and_shown_as_a_tree() {
    let project = shop();
    project.run(["deps", "list"]).exits_with(0).prints(&["pkg:npm/tool@3.0.0", "development", "package-lock.json:7", "4 components"]);
    let run = project.run(["deps", "list", "--format", "json"]).exits_with(0);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["components"][0]["licences"][0], "MIT");
    let run = project.run(["deps", "tree"]).exits_with(0);
    assert_eq!(
        run.stdout,
        "pkg:npm/shop@1.0.0\n├─ pkg:npm/left@1.0.0\n│  └─ pkg:npm/right@2.0.0\n└─ pkg:npm/tool@3.0.0  development\n   └─ pkg:npm/right@2.0.0\n"
    );
    assert_eq!(project.run(["deps", "tree", "--depth", "0"]).exits_with(0).stdout, "pkg:npm/shop@1.0.0\n");
}

#[test]
fn a_bill_of_materials_is_written_in_every_format_and_converted() {
    let project = shop();
    for (format, text) in [
        ("cyclonedx", "\"specVersion\": \"1.6\""),
        ("cyclonedx-xml", "http://cyclonedx.org/schema/bom/1.6"),
        ("spdx", "SPDX-2.3"),
        ("spdx3", "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"),
    ] {
        project.run(["sbom", ".", "--format", format, "-o", "bom"]).exits_with(0).complains(&["3 components"]);
        let bom = project.read("bom");
        assert!(bom.contains(text), "{format}");
        project.run(["sbom", "--format", format, "-o", "bom"]).exits_with(0);
        assert_eq!(project.read("bom"), bom, "the same input gives the same bytes");
        let run = project.run(["sbom", "convert", "bom"]).exits_with(0).prints(&["pkg:npm/left@1.0.0", "CycloneDX"]);
        assert_eq!(run.stderr, "", "{format}");
    }
    project.run(["sbom", "--spec-version", "1.7"]).exits_with(0).prints(&["\"specVersion\": \"1.7\""]);
    project
        .run(["sbom", "--spec-version", "1.7", "--format", "spdx"])
        .exits_with(2)
        .complains(&["--spec-version is a version of CycloneDX"]);
    project.run(["sbom", "convert", "package-lock.json"]).exits_with(2).complains(&["error[unknown-bill]"]);
}

#[test]
fn a_bill_has_a_time_only_where_the_caller_gives_it() {
    let project = shop();
    let run = project.run(["sbom"]).exits_with(0);
    assert!(!run.stdout.contains("timestamp"));
    let at = |epoch: &str| project.run_with(&[("SOURCE_DATE_EPOCH", epoch)], ["sbom"]);
    at("1767225600").exits_with(0).prints(&["\"timestamp\": \"2026-01-01T00:00:00Z\""]);
    at("yesterday").exits_with(2).complains(&["SOURCE_DATE_EPOCH"]);
}

#[test]
fn a_statement_needs_a_subject() {
    let project = shop();
    let subject = format!("shop.tar=sha256:{}", "0a".repeat(32));
    project.run(["sbom", "--attest", "--subject", &subject]).exits_with(0).prints(&["https://in-toto.io/Statement/v1", "shop.tar"]);
    project.run(["sbom", "--attest", "package-lock.json"]).exits_with(0).prints(&["\"name\": \"package-lock.json\"", "\"sha256\""]);
    project.run(["sbom", "--attest"]).exits_with(2).complains(&["error[no-subject]", "gitCommit"]);
    project.run(["sbom", "--subject", &subject]).exits_with(2);
    project.run(["sbom", "--attest", "--subject", &subject, "--format", "cyclonedx-xml"]).exits_with(2).complains(&["XML"]);
}

#[test]
fn what_can_not_be_read_is_in_the_bill() {
    let project = Project::with(&[("package-lock.json", "<<<<<<< ours\n"), ("b/package-lock.json", LOCK_FILE)]);
    let run = project.run(["sbom"]).exits_with(0).prints(&["bartizan:unparsed", "package-lock.json:1", "incomplete", "pkg:npm/left@1.0.0"]);
    assert!(run.stderr.contains("incomplete"));
    project.run(["sbom", "--strict"]).exits_with(3);
    project.run(["deps", "list", "--strict"]).exits_with(3);
}

#[test]
fn components_are_listed_by_licence_and_the_unknown_last() {
    let project = shop();
    let run = project.run(["licenses"]).exits_with(0).prints(&["MIT  1 component", "unknown", "of 2 the licence is not known"]);
    assert!(run.stdout.find("MIT") < run.stdout.find("unknown"));
    let run = project.run(["licenses", "--format", "json"]).exits_with(0);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["licences"][0]["licence"], "MIT");
    assert_eq!(json["licences"][1]["known"], false);
    project.run(["licenses", "--format", "csv"]).exits_with(0).prints(&["MIT,left,1.0.0,runtime,pkg:npm/left@1.0.0,package-lock.json:5"]);
    project.run(["licenses", "--format", "markdown"]).exits_with(0).prints(&["## MIT", "| `left` | 1.0.0 | runtime |"]);
}

#[test]
fn a_text_beside_a_manifest_is_the_licence_of_the_project() {
    let project = shop();
    project.write("LICENSE", "MIT License\n");
    project.run(["sbom"]).exits_with(0).prints(&["\"MIT\""]);
    let run = project.run(["deps", "list", "--format", "json"]).exits_with(0);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let licences = |purl: &str| {
        let found = json["components"].as_array().unwrap().iter().find(|component| component["purl"] == purl).unwrap();
        found["licences"].to_string()
    };
    assert_eq!(licences("pkg:npm/shop@1.0.0"), r#"["MIT"]"#);
    assert_eq!(licences("pkg:npm/right@2.0.0"), "[]");
}

#[test]
fn configuration_says_what_is_internal_and_which_licences_are_let_in() {
    let project = shop();
    let config = "deps:\n  internal: [le*]\n  licences: {allow: [ISC], unknown: allow}\n";
    project.write(".bartizan/config.yaml", config);
    let scan = ["scan", "--only", "deps", "--format", "jsonl"];
    let found = |text: &str| {
        let run = project.run(scan).exits_with(0);
        run.stdout.matches(text).count()
    };
    let (denied, confusion) = ("\"rule\":\"licence-denied\"", "\"rule\":\"dependency-confusion\"");
    assert_eq!((found(denied), found(confusion)), (1, 1), "{}", project.run(scan).stdout);
    project.write(".bartizan/config.yaml", format!("disable-rules: [licence-denied]\n{config}"));
    assert_eq!((found(denied), found(confusion)), (0, 1));
    project.write(".bartizan/config.yaml", config);
    project.write(".npmrc", "registry=https://npm.corp.example/\n");
    assert_eq!((found(denied), found(confusion)), (1, 0));
    // The caller may not care what a repository says.
    let run = project.run(["scan", "--only", "deps", "--format", "jsonl", "--no-repo-config"]).exits_with(0);
    assert_eq!(run.stdout.matches(denied).count(), 0);
}

/// Random graphs of packages, each with edges to any others, itself and circles among them.
#[test]
fn in_no_graph_is_an_orphan_or_a_dangling_end() {
    let mut random = Random(7);
    for round in 0..25 {
        let n_projects = 1 + random.below(3);
        let project = Project::new();
        for number in 0..n_projects {
            project.write(format!("p{number}/package-lock.json"), random_lock_file(&mut random, number));
        }
        let run = project.run(["deps", "list", "--format", "json"]).exits_with(0);
        let json: Value = serde_json::from_str(&run.stdout).unwrap();
        let orphans = orphans_and_dangling_ends(&json);
        assert_eq!(orphans, BTreeSet::new(), "round {round}");
        let of_bill = project.run(["sbom"]).exits_with(0);
        let bom: Value = serde_json::from_str(&of_bill.stdout).unwrap();
        assert_eq!(unreached(&bom), BTreeSet::new(), "round {round}");
    }
}

struct Random(u64);

impl Random {
    /// Knuth's linear congruential generator: the same numbers on every machine.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn random_lock_file(random: &mut Random, number: u64) -> String {
    let n_packages = 1 + random.below(12);
    let wanted = |random: &mut Random| {
        let names: BTreeSet<u64> = (0..random.below(4)).map(|_| random.below(n_packages + 2)).collect();
        names.iter().map(|name| format!("\"d{name}\": \"*\"")).collect::<Vec<_>>().join(", ")
    };
    let mut text = format!(
        r#"{{"name": "p{number}", "version": "1.0.0", "lockfileVersion": 3, "packages": {{"": {{"name": "p{number}", "version": "1.0.0", "dependencies": {{{}}}}}"#,
        wanted(random)
    );
    for package in 0..n_packages {
        let dev = if random.below(3) == 0 { "\"dev\": true, " } else { "" };
        let version = random.below(2);
        write!(text, r#", "node_modules/d{package}": {{"version": "{version}.0.0", {dev}"dependencies": {{{}}}}}"#, wanted(random))
            .unwrap();
    }
    text + "}}"
}

fn orphans_and_dangling_ends(json: &Value) -> BTreeSet<String> {
    let components = json["components"].as_array().unwrap();
    let purl = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
    let known: BTreeSet<String> = components.iter().map(|component| purl(component, "purl")).collect();
    let mut reached: BTreeSet<String> =
        components.iter().filter(|component| component["kind"] == "application").map(|component| purl(component, "purl")).collect();
    let edges: Vec<(String, String)> =
        json["dependencies"].as_array().unwrap().iter().map(|edge| (purl(edge, "dependent"), purl(edge, "dependency"))).collect();
    loop {
        let n_before = reached.len();
        let next: Vec<String> = edges.iter().filter(|(from, _)| reached.contains(from)).map(|(_, to)| to.clone()).collect();
        reached.extend(next);
        if reached.len() == n_before {
            return known.symmetric_difference(&reached).cloned().collect();
        }
    }
}

fn unreached(bom: &Value) -> BTreeSet<String> {
    let reference = |value: &Value| value.as_str().unwrap().to_owned();
    let root = reference(&bom["metadata"]["component"]["bom-ref"]);
    let mut known: BTreeSet<String> =
        bom["components"].as_array().unwrap().iter().map(|component| reference(&component["bom-ref"])).collect();
    known.insert(root.clone());
    let edges: BTreeMap<String, Vec<String>> = bom["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| (reference(&edge["ref"]), edge["dependsOn"].as_array().into_iter().flatten().map(reference).collect()))
        .collect();
    let (mut reached, mut open) = (BTreeSet::from([root.clone()]), vec![root]);
    while let Some(at) = open.pop() {
        for next in edges.get(&at).into_iter().flatten() {
            if reached.insert(next.clone()) {
                open.push(next.clone());
            }
        }
    }
    known.symmetric_difference(&reached).cloned().collect()
}
