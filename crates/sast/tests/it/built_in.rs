//! The rules that the binary carries.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_sast::{
    built_in, built_in_problems,
    debug::SourceText,
    explain::explain,
    models,
    rule::{SastRule, Verdict},
    suite::Suite,
};

#[test]
fn rules_and_models_are_right() {
    let problems: Vec<String> = built_in_problems().into_iter().map(|(path, problem)| format!("rules/sast/{path}:{problem}")).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn ids_are_unique() {
    let mut n_of_id: BTreeMap<&str, u32> = BTreeMap::new();
    for rule in built_in() {
        *n_of_id.entry(rule.id.as_str()).or_default() += 1;
    }
    let twice: Vec<&str> = n_of_id.into_iter().filter(|(_, n)| 1 < *n).map(|(id, _)| id).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

/// Every rule makes of its examples what they say, but for those that are listed: what the engine does not understand yet.
/// One that it has come to understand must leave the list.
#[test]
fn examples_are_reported_as_they_say() {
    let mut by_language: BTreeMap<&str, Vec<SastRule>> = BTreeMap::new();
    for rule in built_in() {
        by_language.entry(rule.languages.first().map_or("", |language| language.as_str())).or_default().push(rule.clone());
    }
    let mut wrong = BTreeSet::new();
    for rules in by_language.into_values() {
        let suite = Suite::of(rules.clone(), models());
        wrong.extend(suite.problems().iter().map(|problem| format!("{} is not run", problem.rule.clone().unwrap_or_default())));
        for rule in &rules {
            check(rule, &suite, &mut wrong);
        }
    }
    let known: BTreeSet<String> = include_str!("wrong_examples.txt").lines().map(str::to_owned).collect();
    let new: Vec<&String> = wrong.difference(&known).collect();
    let mended: Vec<&String> = known.difference(&wrong).collect();
    assert!(new.is_empty() && mended.is_empty(), "wrong:\n{new:#?}\nno longer wrong, take them off the list:\n{mended:#?}");
}

/// What is explained of a rule clause by clause is what the rule reports.
#[test]
fn explanations_agree_with_what_is_reported() {
    for rule in built_in() {
        // One of each verdict will do: every rule takes part.
        for verdict in [Verdict::Bad, Verdict::Good] {
            let Some(example) = rule.metadata.examples.iter().find(|example| example.verdict == verdict) else { continue };
            let language = example.language.or(rule.languages.first().copied());
            let path = example.path.clone().unwrap_or_else(|| Suite::file_name(language));
            let source = SourceText { path, text: example.code.as_str().to_owned() };
            let place = format!("{} {verdict:?}", rule.id);
            let first = explain(rule, &models(), &source, 1, 0);
            let Some(found) = first.findings.iter().chain(&first.elsewhere).next() else {
                assert!(first.clauses.is_none_or(|clauses| clauses.n_matches == 0), "{place}");
                assert!(first.taint.is_none_or(|taint| taint.ways.iter().all(|way| !way.is_at_sink)), "{place}");
                continue;
            };
            let there = explain(rule, &models(), &source, found.line, 0);
            assert_eq!(there.verdict, bartizan_sast::explain::Verdict::Reported, "{place}");
            assert!(there.clauses.is_none_or(|clauses| 0 < clauses.n_on_line), "{place}");
            assert!(there.taint.is_none_or(|taint| 0 < taint.n_left_out || taint.ways.iter().any(|way| way.is_at_sink)), "{place}");
        }
    }
}

fn check(rule: &SastRule, suite: &Suite, wrong: &mut BTreeSet<String>) {
    for (index, example) in rule.metadata.examples.iter().enumerate() {
        let language = example.language.or(rule.languages.first().copied());
        let name = example.path.clone().unwrap_or_else(|| Suite::file_name(language));
        let found = suite.run_rule(rule.id.as_str(), &name, example.code.as_str());
        let n = index + 1;
        match example.verdict {
            Verdict::Bad if found.is_empty() => {
                wrong.insert(format!("{} example {n} is not reported", rule.id));
            }
            Verdict::Good if !found.is_empty() => {
                wrong.insert(format!("{} example {n} is reported", rule.id));
            }
            Verdict::Bad | Verdict::Good => {}
        }
    }
}
