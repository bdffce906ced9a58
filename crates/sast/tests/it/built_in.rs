//! The rules that the binary carries.

use std::collections::BTreeMap;

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

#[test]
fn every_rule_makes_of_its_examples_what_they_say() {
    let mut wrong = Vec::new();
    for rule in built_in() {
        check(rule, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn check(rule: &SastRule, wrong: &mut Vec<String>) {
    let suite = Suite::of(vec![rule.clone()], models());
    wrong.extend(suite.problems().iter().map(|problem| format!("{}: {problem}", rule.id)));
    for (index, example) in rule.metadata.examples.iter().enumerate() {
        let language = example.language.or(rule.languages.first().copied());
        let name = example.path.clone().unwrap_or_else(|| Suite::file_name(language));
        let found = suite.run(&name, example.code.as_str());
        let n = index + 1;
        match example.verdict {
            Verdict::Bad if found.is_empty() => wrong.push(format!("{}: example {n} is not reported", rule.id)),
            Verdict::Good if !found.is_empty() => {
                let lines: Vec<u32> = found.iter().map(|found| found.line).collect();
                wrong.push(format!("{}: example {n} is reported, line {lines:?}", rule.id));
            }
            Verdict::Bad | Verdict::Good => {}
        }
    }
}
