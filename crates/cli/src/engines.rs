//! The engines that this program has, and how the command line chooses among them and their rules.

use std::collections::BTreeSet;

use bartizan_secrets::{
    Options, SecretsEngine,
    rule::{self, SecretRule},
};
use bartizan_source::Analyzer;

use crate::{
    args::EngineArgs,
    catalog,
    failure::{Failures, Outcome},
    gitleaks_rules,
    identity::Identity,
    rule_files::{self, Dialect},
};

/// Their short names, as `--only` and `--skip` take them.
pub(crate) const NAMES: [&str; 1] = ["secrets"];

/// What the engines are given beside their rules.
pub(crate) struct Circumstances<'a> {
    /// The key under which secrets get their identity.
    pub(crate) identity: &'a Identity,
    /// Whether findings carry secrets.
    pub(crate) keeps_secrets: bool,
    /// The lines of `.gitleaksignore` that hold.
    pub(crate) gitleaks_ignored: BTreeSet<String>,
}

/// Makes the chosen engines ready. Configuration of gitleaks takes the place of the built-in rules, unless both are asked for.
pub(crate) fn build(args: &EngineArgs, circumstances: &Circumstances<'_>) -> Outcome<Vec<Box<dyn Analyzer>>> {
    let is_chosen = |name: &str| {
        let is_in = |names: &[String]| names.iter().any(|chosen| chosen == name);
        if args.only.is_empty() { !is_in(&args.skip) } else { is_in(&args.only) }
    };
    let defaults = args.gitleaks_defaults.as_deref().map(rule_files::read_file).transpose()?;
    let mut own = Vec::new();
    let mut foreign = Vec::new();
    let mut failures = Vec::new();
    for text in rule_files::read(&args.rules)? {
        match text.dialect {
            Dialect::Bartizan => match catalog::parse(&text) {
                Ok(rule) => own.push(rule),
                Err(Failures(found)) => failures.extend(found),
            },
            Dialect::Gitleaks => match gitleaks_rules::understand(&text, defaults.as_ref().map(|defaults| defaults.text.as_str())) {
                Ok(understood) => foreign.push(understood),
                Err(Failures(found)) => failures.extend(found),
            },
        }
    }
    if !failures.is_empty() {
        return Err(Failures(failures));
    }
    let mut analyzers: Vec<Box<dyn Analyzer>> = Vec::new();
    if !is_chosen("secrets") {
        return Ok(analyzers);
    }
    let mut rules = if foreign.is_empty() || args.built_in_rules { rule::built_in() } else { Vec::new() };
    for rule in own {
        add(&mut rules, rule);
    }
    let options = Options { keep_values: circumstances.keeps_secrets, ..Options::new(circumstances.identity.key.clone()) };
    if !rules.is_empty() {
        analyzers.push(Box::new(SecretsEngine::new(rules, options.clone())));
    }
    for understood in foreign {
        analyzers.push(Box::new(understood.into_engine(circumstances.gitleaks_ignored.clone(), options.clone())));
    }
    Ok(analyzers)
}

/// A rule of the caller's takes the place of a built-in one of the same id.
fn add(rules: &mut Vec<SecretRule>, rule: SecretRule) {
    rules.retain(|known| known.id() != rule.id());
    rules.push(rule);
}
