use std::path::PathBuf;

use bartizan_formats::{EXPORTERS, Occurrences, json_schema, jsonl_schema};
use serde_json::Value;

use crate::{
    hostile, sample,
    schema::problems,
    support::{context, export, export_with},
};

#[test]
fn documents_match_the_published_schema() {
    let schema = serde_json::from_str(&json_schema()).unwrap();
    for report in [sample::shop(), hostile::report(), bartizan_core::Report::default()] {
        for context in [context(Occurrences::Related), bartizan_formats::Context::default()] {
            let document = serde_json::from_str(&export_with("json", &report, &context)).unwrap();
            assert_eq!(problems(&schema, &document), Vec::<String>::new());
        }
    }
}

#[test]
fn lines_match_the_published_schema() {
    let schema = serde_json::from_str(&jsonl_schema()).unwrap();
    for report in [sample::shop(), hostile::report()] {
        for line in export("jsonl", &report).lines() {
            assert_eq!(problems(&schema, &serde_json::from_str(line).unwrap()), Vec::<String>::new(), "{line}");
        }
    }
}

#[test]
fn the_first_line_is_the_header_and_the_last_one_the_end() {
    let lines = export("jsonl", &sample::shop());
    let kinds: Vec<String> =
        lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned()).collect();
    assert_eq!((kinds.first().unwrap().as_str(), kinds.last().unwrap().as_str()), ("header", "end"));
    assert_eq!(kinds.iter().filter(|kind| *kind == "finding").count(), sample::shop().findings.len());
}

/// The schemas are published with the repository. Regenerate them with `UPDATE_SCHEMAS=1 cargo test -p bartizan-formats`.
#[test]
fn the_committed_schemas_are_those_of_the_types() {
    for (name, schema) in [("report-1.schema.json", json_schema()), ("report-line-1.schema.json", jsonl_schema())] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas").join(name);
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &schema).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == schema, "{} is not up to date: UPDATE_SCHEMAS=1 cargo test -p bartizan-formats", path.display());
    }
}

#[test]
fn paths_are_given_for_people_and_for_programs() {
    let document: Value = serde_json::from_str(&export("json", &hostile::report())).unwrap();
    let location = &document["findings"][0]["location"];
    assert_eq!(location["path"], "=a\\x0ab/\\xff\\xfe</script>|`@x`%2e.%2e//../c:d!/\\x1b[0m");
    assert_eq!(location["uri"], "=a%0Ab/%FF%FE%3C/script%3E%7C%60@x%60%252e.%252e//../c:d!/%1B%5B0m");
}

#[test]
fn numbers_that_are_none_are_left_out() {
    let document: Value = serde_json::from_str(&export("json", &hostile::report())).unwrap();
    assert_eq!(document["findings"][0]["evidence"][0].get("weight"), None);
}

#[test]
fn a_report_in_json_reads_well() {
    let mut report = sample::shop();
    report.findings.truncate(1);
    report.rules.truncate(1);
    insta::assert_snapshot!(export_with("json", &report, &context(Occurrences::Related)));
}

#[test]
fn names_of_formats_are_as_documented() {
    let names: Vec<&str> = EXPORTERS.iter().map(|exporter| exporter.id().0).collect();
    assert_eq!(names, ["csv", "gitlab", "html", "json", "jsonl", "junit", "markdown", "sarif", "semgrep-json"]);
}
