//! Flow across the files of a project: found with its whole way, and silent where it is made harmless.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use bartizan_core::{ArtifactPath, Fingerprint, FlowStep, RuleOrigin};
use bartizan_sast::{Plan, Reach, Rules, SastEngine, models, rule};
use bartizan_source::{Analyzer, FileFacts, FileInfo, FileView, Notes, ProjectView, Reporter};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/flow")
}

fn engine() -> SastEngine {
    engine_of(&fs::read_to_string(fixtures().join("rules.yaml")).unwrap())
}

fn engine_of(rules: &str) -> SastEngine {
    let parsed = rule::read(rules);
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    let plan = Plan::compile(parsed.rules.iter().cloned().map(Arc::new), models());
    assert!(plan.problems().is_empty(), "{:?}", plan.problems());
    let own = parsed.rules.into_iter().map(|rule| (rule, RuleOrigin::BuiltIn)).collect();
    SastEngine::new(Rules {
        built_in: false,
        own,
        version: Fingerprint([0; 16]),
        now_s: 0,
        patterns: Arc::default(),
        reach: Reach::Project,
    })
}

/// The files of a folder, sorted by path.
fn files_of(folder: &Path, below: &str, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        let name = entry.file_name().unwrap().to_str().unwrap();
        let path = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
        if entry.is_dir() {
            files_of(&entry, &path, files);
        } else {
            files.push((path, fs::read_to_string(&entry).unwrap()));
        }
    }
}

/// The ways that are found in a project: `file:line` of each step.
fn ways(engine: &SastEngine, files: &[(String, String)]) -> Vec<String> {
    let mut noted: Vec<(ArtifactPath, Notes)> = Vec::new();
    let mut ways = Vec::new();
    for (path, text) in files {
        let path = ArtifactPath::from(path.as_str());
        let info = FileInfo::new(path.clone(), text.len() as u64);
        let mut report = Reporter::default();
        engine.visit(&FileView::new(&info, text.as_bytes(), Some(text)), &mut report);
        noted.push((path, report.take_notes()));
        let (findings, diagnostics, ..) = report.into_parts();
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        ways.extend(findings.iter().map(|finding| way(&finding.flow)));
    }
    noted.sort_by(|(one, _), (other, _)| one.cmp(other));
    let facts: Vec<FileFacts<'_>> = noted.iter().map(|(path, notes)| FileFacts { path, facts: &notes.facts, text: None }).collect();
    let mut report = Reporter::default();
    engine.finish(&ProjectView { paths: &[], facts: &facts }, &mut report);
    for confirmed in report.take_confirmed() {
        let pending = &noted[confirmed.file].1.pending[confirmed.number as usize];
        assert_eq!(pending.location, confirmed.flow.last().unwrap().location);
        ways.push(way(&confirmed.flow));
    }
    let (_, diagnostics, ..) = report.into_parts();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    ways.sort();
    ways
}

fn way(flow: &[FlowStep]) -> String {
    let mut steps: Vec<String> = flow
        .iter()
        .map(|step| format!("{}:{}", step.location.artifact.file_name().escape_ascii(), step.location.region().unwrap().start.line))
        .collect();
    steps.dedup();
    steps.join(" ")
}

fn check(language: &str, expected: &[&str]) {
    let mut files = Vec::new();
    files_of(&fixtures().join(language), "", &mut files);
    let engine = engine();
    let found = ways(&engine, &files);
    assert_eq!(found, expected, "{language}");
    // The order in which files are visited does not count.
    files.reverse();
    assert_eq!(ways(&engine, &files), found, "{language}, in another order");
    // What is made harmless on its way is silent, where nothing else goes there.
    for (_, text) in &mut files {
        let lines = text
            .lines()
            .map(|line| if line.to_lowercase().contains("safe") { line.to_owned() } else { line.replace("read_input", "known") });
        *text = lines.collect::<Vec<_>>().join("\n");
    }
    assert_eq!(ways(&engine, &files), [""; 0], "{language}, made harmless");
}

#[test]
fn the_order_of_visits_does_not_count_in_a_project_of_many_languages() {
    let mut files = Vec::new();
    files_of(&fixtures(), "", &mut files);
    let first = ways(&engine(), &files);
    assert!(17 <= first.len(), "{first:?}");
    for seed in 1..=8_u64 {
        // Constants of Knuth's MMIX.
        let mut random = seed;
        for index in (1..files.len()).rev() {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            files.swap(index, usize::try_from(random >> 33).unwrap() % (index + 1));
        }
        // Rules are compiled when the first file of a language is met.
        assert_eq!(ways(&engine(), &files), first, "seed {seed}");
    }
}

#[test]
fn python_modules_and_packages() {
    check(
        "python",
        &[
            "store.py:14 orders.py:20 views.py:22",
            "views.py:17 orders.py:9 orders.py:10 store.py:5 store.py:6",
            "views.py:7 views.py:8 reports.py:4 reports.py:5 reports.py:6 store.py:2 store.py:3",
        ],
    );
}

#[test]
fn javascript_modules() {
    check(
        "javascript",
        &[
            "index.js:14 reports.js:4 reports.js:5 index.js:14 reports.js:11 shell.js:1 shell.js:2",
            "index.js:5 index.js:6 images.js:3 images.js:5 shell.js:5",
        ],
    );
}

#[test]
fn typescript_paths_and_interfaces() {
    check("typescript", &["controller.ts:16 shell.ts:8 shell.ts:9", "controller.ts:8 jobs.ts:7 jobs.ts:8 shell.ts:4 shell.ts:5"]);
}

#[test]
fn java_packages_and_interfaces() {
    check(
        "java",
        &[
            "OrderController.java:10 OrderController.java:11 ShellOrderService.java:7 ShellOrderService.java:8 Shell.java:4 Shell.java:5",
            "OrderController.java:24 Parameters.java:7 Parameters.java:8 OrderController.java:24 OrderController.java:25",
            "OrderController.java:30 Names.java:14 Names.java:15 OrderController.java:30 OrderController.java:32 OrderController.java:33 Names.java:23 OrderController.java:33 OrderController.java:35",
        ],
    );
}

#[test]
fn go_packages_and_interfaces() {
    check("go", &["main.go:14 safe.go:9 safe.go:10 run.go:3 run.go:4", "main.go:9 orders.go:13 orders.go:14 shell.go:13 shell.go:14"]);
}

#[test]
fn ruby_constants() {
    check(
        "ruby",
        &[
            "orders_controller.rb:19 orders_controller.rb:13 printing.rb:14 printing.rb:15 shell.rb:7 shell.rb:8",
            "orders_controller.rb:5 printing.rb:3 printing.rb:4 orders_controller.rb:5 printing.rb:10 shell.rb:2 shell.rb:3",
        ],
    );
}

#[test]
fn php_namespaces() {
    check("php", &["OrderController.php:18 OrderController.php:19 Printer.php:9 Printer.php:11 Shell.php:7 Shell.php:9"]);
}

#[test]
fn csharp_namespaces() {
    check("csharp", &["OrderController.cs:16 OrderController.cs:17 Printer.cs:13 Printer.cs:15 Shell.cs:5 Shell.cs:7"]);
}

#[test]
fn kotlin_packages_and_objects() {
    check(
        "kotlin",
        &[
            "OrderController.kt:17 Printer.kt:15 Shell.kt:8",
            "OrderController.kt:8 OrderController.kt:9 Printer.kt:6 Printer.kt:7 Shell.kt:4 Shell.kt:5",
        ],
    );
}

#[test]
fn labels_are_given_to_what_comes_back_from_other_files() {
    let rules = r#"
rules:
  - id: query-put-together
    message: put together
    severity: ERROR
    languages: [java]
    mode: taint
    pattern-sources:
      - {label: INPUT, pattern: read()}
      - {label: TEXT, requires: INPUT, pattern: $X + $Y}
    pattern-sinks: [{requires: TEXT, pattern: run($X)}]
"#;
    let query = "class Query {\n Names names;\n void one() {\n  String name = names.pick(read());\n  run(\"x\" + name);\n }
 void two() {\n  String name = names.drop(read());\n  run(\"x\" + name);\n }\n void three() {\n  run(names.pick(read()));\n }
 void four() {\n  run(names.greet(read()));\n }\n}\n";
    let names = "class Names {\n String pick(String p) {\n  return p;\n }\n String drop(String p) {\n  return \"none\";\n }
 String greet(String p) {\n  return \"hello \" + p;\n }\n}\n";
    let files = [("Names.java".to_owned(), names.to_owned()), ("Query.java".to_owned(), query.to_owned())];
    let expected = ["Query.java:15 Names.java:8 Names.java:9 Query.java:15", "Query.java:4 Names.java:2 Query.java:4 Query.java:5"];
    assert_eq!(ways(&engine_of(rules), &files), expected);
}
