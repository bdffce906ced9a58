//! Every rule that is known: the built-in ones, and those of files that the caller names.

use std::{collections::BTreeSet, path::PathBuf};

use bartizan_core::{ArtifactPath, Confidence, IdentityKey, Rule, RuleOrigin, Severity};
use bartizan_deps::{DepsEngine, Sources};
use bartizan_sast::rule::{SastRule, Verdict};
use bartizan_secrets::{
    Options,
    rule::{self, RuleProblem, SecretRule},
};
use bartizan_source::Analyzer as _;
use serde::Serialize;

use crate::{
    failure::{Failure, Failures, Outcome, Place},
    gitleaks_rules, iac_policies,
    rule_files::{self, Dialect, RuleText},
    sast_rules, text,
};

/// Rules by id.
#[derive(Debug, Default)]
pub(crate) struct Catalog {
    /// The rules, sorted by id.
    pub(crate) entries: Vec<Entry>,
}

/// A rule, as far as it can be shown.
#[derive(Debug)]
pub(crate) struct Entry {
    /// What every rule has.
    pub(crate) about: Rule,
    /// Who issues the credential, or the language of the code; empty if the rule does not say.
    pub(crate) provider: String,
    /// Texts in which it reports.
    pub(crate) bad: Vec<String>,
    /// Texts in which it does not.
    pub(crate) good: Vec<String>,
}

impl Catalog {
    /// The built-in rules, and those of the named files.
    pub(crate) fn load(paths: &[PathBuf]) -> Outcome<Self> {
        let mut entries: Vec<_> = rule::built_in().iter().map(Entry::of_secret_rule).collect();
        entries.extend(bartizan_sast::built_in().map(|rule| Entry::of_sast_rule(rule, RuleOrigin::BuiltIn)));
        let entry = |about| Entry { about, provider: String::new(), bad: Vec::new(), good: Vec::new() };
        entries.extend(DepsEngine::new(None, Sources::All).rules().into_iter().map(entry));
        let mut examples = bartizan_iac::rule::examples();
        entries.extend(bartizan_iac::rule::built_in().iter().map(|rule| {
            let bartizan_iac::rule::Examples { bad, good } = examples.remove(rule.id.as_str()).unwrap_or_default();
            Entry { bad, good, ..entry(rule.describe()) }
        }));
        for text in rule_files::read(paths)?.texts {
            let from_file = entries_of(&text)?;
            entries.retain(|known| from_file.iter().all(|new| new.about.id != known.about.id));
            entries.extend(from_file);
        }
        entries.sort_by(|a, b| a.about.id.cmp(&b.about.id));
        Ok(Self { entries })
    }

    /// The rule of an id.
    pub(crate) fn find(&self, id: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.about.id.as_str() == id)
    }

    /// All ids, sorted.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.about.id.as_str())
    }
}

/// The rules of a file, or everything that is wrong with it.
pub(crate) fn entries_of(text: &RuleText) -> Outcome<Vec<Entry>> {
    match text.dialect {
        Dialect::Bartizan => Ok(vec![Entry::of_secret_rule(&parse(text)?)]),
        Dialect::Gitleaks => {
            // The key plays no part in what is said about rules.
            let engine = gitleaks_rules::understand(text, None)?.into_engine(BTreeSet::new(), Options::new(IdentityKey::new([0; 32])));
            let entry = |about| Entry { about, provider: "gitleaks".to_owned(), bad: Vec::new(), good: Vec::new() };
            Ok(engine.rules().into_iter().map(entry).collect())
        }
        Dialect::Checkov => {
            let entry = |about| Entry { about, provider: String::new(), bad: Vec::new(), good: Vec::new() };
            Ok(vec![entry(iac_policies::describe(text)?)])
        }
        // A query is several files, and what is wrong with them the engine says.
        Dialect::Kics => Ok(Vec::new()),
        Dialect::Rego => {
            let entry = |about| Entry { about, provider: String::new(), bad: Vec::new(), good: Vec::new() };
            Ok(iac_policies::describe_module(text).into_iter().map(entry).collect())
        }
        Dialect::Semgrep => {
            let understood = sast_rules::understand(text);
            let failures: Vec<_> =
                understood.problems.iter().filter(|problem| problem.is_error()).map(|problem| sast_rules::failure(problem, text)).collect();
            if !failures.is_empty() {
                return Err(Failures(failures));
            }
            let origin = sast_rules::origin(text);
            Ok(understood.rules.iter().map(|rule| Entry::of_sast_rule(rule, origin.clone())).collect())
        }
    }
}

/// The rule of a file of ours.
pub(crate) fn parse(text: &RuleText) -> Outcome<SecretRule> {
    let origin = ArtifactPath::from_bytes(text.path.as_os_str().as_encoded_bytes());
    rule::parse(&text.text, origin).map_err(|problems| {
        let failure = |problem: RuleProblem| {
            let place = Place::in_text(&text::path(&text.path), &text.text, problem.line, problem.column, 1);
            Failure::bad_input("rule", problem.message).at(place).with_help("docs/secret-rules.md explains every key")
        };
        Failures(problems.into_iter().map(failure).collect())
    })
}

impl Entry {
    fn of_secret_rule(rule: &SecretRule) -> Self {
        Self { about: rule.about.clone(), provider: rule.provider.clone(), bad: rule.bad().to_vec(), good: rule.good().to_vec() }
    }

    fn of_sast_rule(rule: &SastRule, origin: RuleOrigin) -> Self {
        let examples = |verdict: Verdict| {
            let of_verdict = rule.metadata.examples.iter().filter(move |example| example.verdict == verdict);
            of_verdict.map(|example| example.code.as_str().to_owned()).collect()
        };
        let languages: Vec<_> = rule.languages.iter().map(|language| language.as_str()).collect();
        Self { about: rule.describe(origin), provider: languages.join(", "), bad: examples(Verdict::Bad), good: examples(Verdict::Good) }
    }

    /// Name and value of what there is to know beyond the texts.
    pub(crate) fn facts(&self) -> Vec<(&'static str, String)> {
        let rule = &self.about;
        let list = |items: Vec<String>| items.join(", ");
        let facts = vec![
            ("engine", rule.engine.to_string()),
            ("provider", self.provider.clone()),
            ("severity", rule.severity.to_string()),
            ("confidence", rule.confidence.to_string()),
            ("weakness", list(rule.cwe.iter().map(ToString::to_string).collect())),
            ("standards", list(rule.standards.iter().map(ToString::to_string).collect())),
            ("tags", rule.tags.join(", ")),
            ("origin", self.origin()),
        ];
        facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Where the rule comes from.
    pub(crate) fn origin(&self) -> String {
        match &self.about.origin {
            RuleOrigin::BuiltIn => "built in".to_owned(),
            RuleOrigin::File(path) => path.to_string(),
        }
    }

    /// The rule as JSON, indented, with a line break at its end.
    pub(crate) fn to_json_text(&self) -> String {
        serde_json::to_string_pretty(&self.to_json()).unwrap_or_default() + "\n"
    }

    /// The rule as JSON.
    pub(crate) fn to_json(&self) -> RuleJson<'_> {
        let rule = &self.about;
        RuleJson {
            id: rule.id.as_str(),
            engine: rule.engine.0,
            title: &rule.title,
            provider: &self.provider,
            severity: rule.severity,
            confidence: rule.confidence,
            why: &rule.why,
            how_to_fix: &rule.how_to_fix,
            cwe: rule.cwe.iter().map(ToString::to_string).collect(),
            standards: rule.standards.iter().map(ToString::to_string).collect(),
            tags: &rule.tags,
            references: &rule.references,
            origin: self.origin(),
            bad: &self.bad,
            good: &self.good,
        }
    }
}

/// A rule in the JSON of `rules list`, `rules show` and `explain`; keys are added, never renamed.
#[derive(Debug, Serialize)]
pub(crate) struct RuleJson<'a> {
    id: &'a str,
    engine: &'a str,
    title: &'a str,
    provider: &'a str,
    #[serde(serialize_with = "severity_name")]
    severity: Severity,
    #[serde(serialize_with = "confidence_name")]
    confidence: Confidence,
    why: &'a str,
    how_to_fix: &'a str,
    cwe: Vec<String>,
    standards: Vec<String>,
    tags: &'a [String],
    references: &'a [String],
    origin: String,
    bad: &'a [String],
    good: &'a [String],
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
fn severity_name<S: serde::Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.as_str())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
fn confidence_name<S: serde::Serializer>(confidence: &Confidence, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(confidence.as_str())
}
