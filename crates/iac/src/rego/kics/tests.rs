//! Queries in KICS' form, of our own.

use super::*;
use crate::fixture;

const LIBRARY: &str = "package generic.common\n\nis_open(bucket) {\n\tbucket.acl == data.words.open\n}\n";
const DATA: &str = r#"{"words": {"open": "public-read"}}"#;
const METADATA: &str = r#"{"id": "0a", "queryName": "Bucket is open", "severity": "HIGH", "category": "Access Control",
    "descriptionText": "Anyone can read it.", "descriptionUrl": "https://example.com/x", "platform": "Terraform", "cwe": "284"}"#;
const QUERY: &str = "package Cx\n\nimport data.generic.common as common_lib\n\nCxPolicy[result] {\n\
    \tbucket := input.document[i].resource.aws_s3_bucket[name]\n\tcommon_lib.is_open(bucket)\n\n\tresult := {\n\
    \t\t\"documentId\": input.document[i].id,\n\t\t\"searchKey\": sprintf(\"aws_s3_bucket[%s].acl\", [name]),\n\
    \t\t\"issueType\": \"IncorrectValue\",\n\t\t\"keyExpectedValue\": \"acl is private\",\n\t\t\"keyActualValue\": \"acl is public\",\n\t}\n}\n";

fn text(path: &str, text: &str) -> PolicyText {
    PolicyText { origin: path.into(), text: text.to_owned() }
}

fn found(policies: Vec<PolicyText>) -> (Vec<String>, Vec<String>) {
    let main = "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"x\"\n  acl    = \"public-read\"\n}\n";
    let scanned = fixture::scan_with(&[("main.tf", main)], policies);
    let lines = fixture::lines(&scanned).into_iter().filter(|line| line.contains("kics:")).collect();
    (lines, scanned.diagnostics.iter().map(|diagnostic| diagnostic.reason.clone()).collect())
}

#[test]
fn a_query_runs_with_its_library_and_data() {
    let (lines, problems) = found(vec![
        text("libraries/common.rego", LIBRARY),
        text("libraries/common.json", DATA),
        text("queries/x/metadata.json", METADATA),
        text("queries/x/query.rego", QUERY),
    ]);
    assert_eq!(lines, ["main.tf:3 kics:0a"]);
    assert_eq!(problems, [""; 0]);
}

#[test]
fn a_missing_library_is_told_of() {
    let (lines, problems) = found(vec![text("x/metadata.json", METADATA), text("x/query.rego", QUERY)]);
    assert_eq!(lines, [""; 0]);
    assert_eq!(problems, ["1 queries of KICS need the library `common.rego`, which is not among the rules"]);
}

#[test]
fn a_broken_query_does_not_stop_the_others() {
    let other = METADATA.replace("0a", "0b");
    let (lines, problems) = found(vec![
        text("libraries/common.rego", LIBRARY),
        text("libraries/common.json", DATA),
        text("x/metadata.json", METADATA),
        text("x/query.rego", QUERY),
        text("y/metadata.json", &other),
        text("y/query.rego", "package Cx\n\nCxPolicy[result] {\n"),
        text("z/query.rego", "package Cx\n"),
        text("w/metadata.json", "{\"id\": \"x\", \"queryName\": 1, \"platform\": \"Fax\"}"),
        text("w/query.rego", "package Cx\n"),
    ]);
    assert_eq!(lines, ["main.tf:3 kics:0a"]);
    assert_eq!(problems.len(), 3, "{problems:?}");
}
