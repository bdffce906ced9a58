//! The engines that this program has, and how the command line chooses among them and their rules.

use bartizan_secrets::{
    Options, SecretsEngine,
    rule::{self, SecretRule},
};
use bartizan_source::Analyzer;

use crate::{
    args::EngineArgs,
    catalog,
    failure::{Failures, Outcome},
    identity::Identity,
    rule_files::{self, Dialect},
};

/// Their short names, as `--only` and `--skip` take them.
pub(crate) const NAMES: [&str; 1] = ["secrets"];

/// Makes the chosen engines ready.
pub(crate) fn build(args: &EngineArgs, identity: &Identity, keeps_secrets: bool) -> Outcome<Vec<Box<dyn Analyzer>>> {
    let is_chosen = |name: &str| {
        let is_in = |names: &[String]| names.iter().any(|chosen| chosen == name);
        if args.only.is_empty() { !is_in(&args.skip) } else { is_in(&args.only) }
    };
    let mut rules = rule::built_in();
    let mut failures = Vec::new();
    for text in rule_files::read(&args.rules)? {
        match text.dialect {
            Dialect::Bartizan => match catalog::parse(&text) {
                Ok(rule) => add(&mut rules, rule),
                Err(Failures(found)) => failures.extend(found),
            },
            Dialect::Gitleaks => {}
        }
    }
    if !failures.is_empty() {
        return Err(Failures(failures));
    }
    let mut analyzers: Vec<Box<dyn Analyzer>> = Vec::new();
    if is_chosen("secrets") {
        let options = Options { keep_values: keeps_secrets, ..Options::new(identity.key.clone()) };
        analyzers.push(Box::new(SecretsEngine::new(rules, options)));
    }
    Ok(analyzers)
}

/// A rule of the caller's takes the place of a built-in one of the same id.
fn add(rules: &mut Vec<SecretRule>, rule: SecretRule) {
    rules.retain(|known| known.id() != rule.id());
    rules.push(rule);
}
