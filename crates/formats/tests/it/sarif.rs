use std::collections::BTreeSet;

use bartizan_core::{Report, Severity};
use bartizan_formats::{Context, Occurrences};
use serde_json::Value;

use crate::{
    hostile, sample,
    schema::{foreign, problems},
    support::{context, export, export_with},
};

fn run(report: &Report, context: &Context) -> Value {
    let mut log: Value = serde_json::from_str(&export_with("sarif", report, context)).unwrap();
    log["runs"][0].take()
}

fn result_of<'a>(run: &'a Value, rule: &str) -> &'a Value {
    run["results"].as_array().unwrap().iter().find(|result| result["ruleId"] == rule).unwrap()
}

#[test]
fn logs_match_the_official_schema() {
    let Some(schema) = foreign("sarif-2.1.0/sarif-schema-2.1.0.json") else { return };
    for report in [sample::shop(), hostile::report(), Report::default(), sample::large(200)] {
        for occurrences in [Occurrences::Related, Occurrences::Separate] {
            let log = serde_json::from_str(&export_with("sarif", &report, &context(occurrences))).unwrap();
            assert_eq!(problems(&schema, &log), Vec::<String>::new());
        }
    }
}

#[test]
fn a_finding_is_one_result_with_its_other_places_related() {
    let run = run(&sample::shop(), &context(Occurrences::Related));
    let result = result_of(&run, "aws-access-key");
    assert_eq!(result["locations"].as_array().unwrap().len(), 1);
    assert_eq!(result["occurrenceCount"], 4);
    assert_eq!(
        result["message"]["text"],
        "An AWS access key with its secret is part of the code. It belongs to account 123456789012. See [the secret part](1). \
         Also in [deploy/terraform/backend.tf:9](2), [dist/payments-1.4.2.whl!/payments/config.py:18](3), [docs/runbook.md:203](4)."
    );
    let ids: Vec<u64> = result["relatedLocations"].as_array().unwrap().iter().map(|location| location["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
}

#[test]
fn every_place_is_a_result_if_asked_for() {
    let run = run(&sample::shop(), &context(Occurrences::Separate));
    let results: Vec<&Value> = run["results"].as_array().unwrap().iter().filter(|result| result["ruleId"] == "aws-access-key").collect();
    let lines: Vec<&Value> = results.iter().map(|result| &result["locations"][0]["physicalLocation"]["region"]["startLine"]).collect();
    assert_eq!(lines, [18, 9, 18, 203]);
    let fingerprints = |name: &str| -> BTreeSet<String> {
        results.iter().map(|result| result["partialFingerprints"][name].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(fingerprints("bartizan/v1").len(), 1);
    assert_eq!(fingerprints("bartizanOccurrence/v1").len(), 4);
}

#[test]
fn all_indices_point_at_what_they_name() {
    let run = run(&sample::shop(), &Context::default());
    let artifacts = run["artifacts"].as_array().unwrap();
    let rules = &run["tool"]["driver"]["rules"];
    let mut n_locations = 0;
    for result in run["results"].as_array().unwrap() {
        assert_eq!(rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"], result["ruleId"]);
        for taxon in result["taxa"].as_array().unwrap() {
            let index = usize::try_from(taxon["index"].as_u64().unwrap()).unwrap();
            assert_eq!(run["taxonomies"][0]["taxa"][index]["id"], taxon["id"]);
        }
        let related = result["relatedLocations"].as_array().into_iter().flatten();
        for location in result["locations"].as_array().unwrap().iter().chain(related) {
            let artifact = &location["physicalLocation"]["artifactLocation"];
            let index = usize::try_from(artifact["index"].as_u64().unwrap()).unwrap();
            assert_eq!(artifacts[index]["location"]["uri"], artifact["uri"]);
            n_locations += 1;
        }
    }
    assert_eq!(n_locations, 18);
    for notification in run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap() {
        let index = usize::try_from(notification["descriptor"]["index"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["notifications"][index]["id"], notification["descriptor"]["id"]);
    }
}

#[test]
fn suppressed_results_stay_with_their_reason() {
    let run = run(&sample::shop(), &Context::default());
    let suppression = &result_of(&run, "stripe-secret-key")["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&"inSource".into(), &"accepted".into()));
    assert_eq!(suppression["justification"], "made up");
    assert_eq!(suppression["properties"]["isAddedByChange"], true);
    assert_eq!(result_of(&run, "aws-access-key")["suppressions"], Value::Array(Vec::new()));
}

#[test]
fn fixes_are_placed_by_lines_or_only_described() {
    let run = run(&sample::shop(), &Context::default());
    let result = result_of(&run, "jwt-algorithm-not-pinned");
    let deleted = &result["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"];
    assert_eq!((&deleted["startLine"], &deleted["endColumn"]), (&57.into(), &47.into()));
    assert_eq!(result["properties"]["unplacedFixes"][0], "Set the algorithm for all calls.");
    assert_eq!(result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap().len(), 3);
}

#[test]
fn the_region_has_no_snippet_and_the_context_is_masked() {
    let run = run(&sample::shop(), &Context::default());
    let place = &result_of(&run, "aws-access-key")["locations"][0]["physicalLocation"];
    assert_eq!(place["region"].get("snippet"), None);
    assert!(place["contextRegion"]["snippet"]["text"].as_str().unwrap().contains("\"AKIA****\""));
}

#[test]
fn a_scan_fails_only_if_something_failed_that_was_asked_for() {
    let is_successful = |report: &Report| run(report, &Context::default())["invocations"][0]["executionSuccessful"].as_bool().unwrap();
    assert!(is_successful(&sample::shop()), "an incomplete scan is no failed one");
    assert!(!is_successful(&hostile::report()), "a configuration that can't be used is a failure");
}

#[test]
fn limits_of_code_hosts_are_kept() {
    let mut report = sample::shop();
    let finding = report.findings.iter_mut().find(|finding| finding.rule.as_str() == "aws-access-key").unwrap();
    finding.occurrences = (1..=3000).map(|line| sample::place("many.txt", line, 1, 2)).collect();
    let run = run(&report, &Context::default());
    let result = result_of(&run, "aws-access-key");
    assert_eq!(result["relatedLocations"].as_array().unwrap().len(), 999);
    assert_eq!(result["occurrenceCount"], 3000);
    assert_eq!(result["properties"]["omittedLocations"], 3000 - 999);
    assert!(result["message"]["text"].as_str().unwrap().ends_with(" and 2989 more places."));
    let hostile = self::run(&hostile::report(), &Context::default());
    assert!(hostile["tool"]["driver"]["rules"][0]["properties"]["tags"].as_array().unwrap().len() <= 20);
}

#[test]
fn severities_are_those_of_code_hosts() {
    for (severity, level, number) in [
        (Severity::Critical, "error", Some("9.5")),
        (Severity::High, "error", Some("8.0")),
        (Severity::Medium, "warning", Some("5.5")),
        (Severity::Low, "note", Some("2.0")),
        (Severity::Info, "note", None),
    ] {
        let rule = bartizan_core::Rule { severity, ..sample::rule("a", "secrets", "A") };
        let report = Report { rules: vec![rule], ..Report::default() };
        let run = run(&report, &Context::default());
        let rule = &run["tool"]["driver"]["rules"][0];
        assert_eq!(rule["defaultConfiguration"]["level"], level);
        assert_eq!(rule["properties"].get("security-severity").and_then(Value::as_str), number);
    }
}

#[test]
fn only_our_own_links_are_links() {
    let run = run(&hostile::report(), &Context::default());
    for result in run["results"].as_array().unwrap() {
        let message = result["message"]["text"].as_str().unwrap();
        let targets: Vec<&str> = message.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()).collect();
        assert!(targets.iter().all(|target| target.parse::<u32>().is_ok()), "{targets:?}");
    }
    assert_eq!(run["tool"]["driver"]["rules"][0].get("helpUri"), None);
}

#[test]
fn a_report_in_sarif_reads_well() {
    insta::assert_snapshot!(export("sarif", &sample::shop()));
}
