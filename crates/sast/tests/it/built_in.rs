//! The rules that the binary carries.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_sast::{
    built_in, built_in_problems, models,
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
