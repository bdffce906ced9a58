//! Rules: what is known about each, and how it is checked. One file a rule, `rules/iac/<provider>/<id>.yaml`.
//!
//! ```yaml
//! id: s3-bucket-acl-public
//! title: S3 bucket readable by anyone
//! severity: critical          # info, low, medium, high, critical
//! confidence: high            # low, medium, high (default)
//! topic: public-access
//! cwe: [284]
//! aliases: [CKV_AWS_20]       # what other tools call the same
//! profile: strict             # runs only if it is asked for; left out by most
//! why: …
//! fix: …
//! references: [https://…]
//! resources: [aws_s3_bucket]  # canonical types; `workload` stands for each that starts pods of Kubernetes
//! definition:                 # what must hold, as in policies of Checkov; or
//!   {attribute: acl, operator: not_within, value: [public-read]}
//! check: open-ports           # a function of this crate, by its name, with what it is told
//! with: {ports: [22, 3389]}
//! needs: project              # says nothing of use of one object alone, as one on its way into a cluster is
//! cel: "…"                    # the same as an expression of ValidatingAdmissionPolicy, over the variables of `admission::cel`
//! bad:  [{terraform: …}]      # examples are tests
//! good: [{terraform: …}]
//! ```
//!
//! The names of formats of examples are those of [`crate::format`]; `files` holds several by path.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use bartizan_core::{ArtifactPath, Confidence, Cwe, Rule, RuleId, RuleOrigin, Severity, StandardId};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::{
    check::{self, Check},
    engine::ID,
    kubernetes,
    policy::{self, Condition, checkov::Policy},
};

/// A rule of this engine.
#[derive(Debug)]
pub struct IacRule {
    /// Its identifier.
    pub id: RuleId,
    /// The canonical types that it is about; empty where its check finds out itself.
    pub resources: Vec<Arc<str>>,
    /// How bad a finding is.
    pub severity: Severity,
    /// How sure a finding is.
    pub confidence: Confidence,
    /// What is wrong, in one line.
    pub title: String,
    /// Whether it runs only if it is asked for.
    pub is_strict: bool,
    /// Weaknesses that it finds.
    pub cwe: Vec<Cwe>,
    /// What other tools call it.
    pub aliases: Vec<String>,
    /// How it is checked.
    pub logic: Logic,
    /// Whether it fails for want of other resources, so that one object alone can't be judged by it.
    pub needs_project: bool,
    /// Where it comes from.
    pub origin: RuleOrigin,
    about: RuleFile,
}

/// How a rule is checked.
#[derive(Debug)]
pub enum Logic {
    /// What must hold of each resource of its types.
    Definition(Condition),
    /// By a function, which is told this.
    Native(&'static Check, Json),
    /// By the reader of its format, which knows it by its id.
    Reader,
}

/// What is known of a rule that code of the caller's in another language is.
#[derive(Debug, Clone)]
pub struct Foreign {
    /// Its identifier.
    pub id: RuleId,
    /// What is wrong, in one line.
    pub title: String,
    /// How bad a finding is.
    pub severity: Severity,
    /// What it is about, in sentences.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// Where to read on.
    pub references: Vec<String>,
    /// Weaknesses that it finds.
    pub cwe: Vec<Cwe>,
    /// The file that it was read from.
    pub origin: ArtifactPath,
    /// Words to find it by.
    pub tags: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    file: Option<String>,
    id: String,
    title: String,
    severity: String,
    confidence: Option<String>,
    topic: Option<String>,
    #[serde(default)]
    cwe: Vec<u32>,
    #[serde(default)]
    standards: Vec<String>,
    #[serde(default)]
    aliases: Vec<String>,
    profile: Option<String>,
    why: String,
    fix: String,
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    resources: Vec<Arc<str>>,
    definition: Option<Json>,
    check: Option<String>,
    #[serde(default)]
    with: Json,
    #[serde(skip)]
    tags: Vec<String>,
    needs: Option<String>,
    cel: Option<String>,
}

impl IacRule {
    /// Understands a rule that was read from a file.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(json: Json) -> Result<Self, String> {
        let about: RuleFile = serde_json::from_value(json).map_err(|error| error.to_string())?;
        let severity = about.severity.parse::<Severity>().map_err(|error| error.to_string())?;
        let confidence = about.confidence.as_deref().map(str::parse).transpose().map_err(|_| "`confidence` is low, medium or high")?;
        let logic = match (&about.definition, &about.check) {
            (Some(definition), None) => Logic::Definition(policy::parse(definition, &about.resources)?),
            (None, Some(name)) => {
                let check = check::find(name);
                Logic::Native(check.ok_or_else(|| format!("there is no check `{name}`"))?, about.with.clone())
            }
            (None, None) => Logic::Reader,
            (Some(_), Some(_)) => return Err("`definition` and `check` can't be used together".to_owned()),
        };
        let is_strict = match about.profile.as_deref() {
            None => false,
            Some("strict") => true,
            Some(other) => return Err(format!("unknown profile `{other}`: expected `strict`")),
        };
        let needs_project = match about.needs.as_deref() {
            None => false,
            Some("project") => true,
            Some(other) => return Err(format!("unknown need `{other}`: expected `project`")),
        };
        Ok(Self {
            id: about.id.parse().map_err(|error: bartizan_core::InvalidRuleId| error.to_string())?,
            resources: expanded(&about.resources),
            severity,
            confidence: confidence.unwrap_or(Confidence::High),
            title: about.title.trim().to_owned(),
            is_strict,
            cwe: about.cwe.iter().copied().map(Cwe).collect(),
            aliases: about.aliases.clone(),
            logic,
            needs_project,
            origin: RuleOrigin::BuiltIn,
            about,
        })
    }

    /// The rule that a policy of the caller's is.
    #[must_use]
    pub fn of_policy(policy: Policy) -> Self {
        let severity = policy.severity.unwrap_or(Severity::Medium);
        let about = RuleFile {
            id: policy.id.to_string(),
            title: policy.name.clone(),
            severity: severity.to_string(),
            why: format!("A policy of yours demands it: {}.", policy.name.trim_end_matches('.')),
            fix: "Change what the policy names.".to_owned(),
            references: policy.guideline.into_iter().filter(|guideline| guideline.starts_with("https://")).collect(),
            ..RuleFile::default()
        };
        Self {
            id: policy.id,
            resources: Vec::new(),
            severity,
            confidence: Confidence::High,
            title: policy.name,
            is_strict: false,
            cwe: Vec::new(),
            aliases: Vec::new(),
            logic: Logic::Definition(policy.condition),
            needs_project: false,
            origin: RuleOrigin::File(policy.origin),
            about,
        }
    }

    /// The rule that code of the caller's in another language is.
    #[must_use]
    pub fn of_foreign(foreign: Foreign) -> Self {
        let about = RuleFile {
            id: foreign.id.to_string(),
            title: foreign.title.clone(),
            severity: foreign.severity.to_string(),
            why: foreign.why,
            fix: foreign.fix,
            references: foreign.references,
            tags: foreign.tags,
            ..RuleFile::default()
        };
        Self {
            id: foreign.id,
            resources: Vec::new(),
            severity: foreign.severity,
            confidence: Confidence::High,
            title: foreign.title,
            is_strict: false,
            cwe: foreign.cwe,
            aliases: Vec::new(),
            logic: Logic::Reader,
            needs_project: false,
            origin: RuleOrigin::File(foreign.origin),
            about,
        }
    }

    /// What reports show of it.
    #[must_use]
    pub fn describe(&self) -> Rule {
        let sentences = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut tags = vec!["iac".to_owned()];
        tags.extend(Some(self.provider()).filter(|provider| !provider.is_empty()).map(str::to_owned));
        tags.extend(self.is_strict.then(|| "strict".to_owned()));
        tags.extend(self.about.tags.iter().cloned());
        Rule {
            id: self.id.clone(),
            engine: ID,
            title: self.title.clone(),
            severity: self.severity,
            confidence: self.confidence,
            why: sentences(&self.about.why),
            how_to_fix: sentences(&self.about.fix),
            cwe: self.cwe.clone(),
            standards: self.standards(),
            tags,
            references: self.about.references.clone(),
            origin: self.origin.clone(),
            aliases: self.aliases.clone(),
            topic: self.about.topic.clone(),
        }
    }

    /// What must hold of a pod, in the language of ValidatingAdmissionPolicy, if that can say it.
    #[must_use]
    pub fn cel(&self) -> Option<&str> {
        self.about.cel.as_deref().map(str::trim)
    }

    /// The folder that its file lies in: `kubernetes`.
    #[must_use]
    pub fn provider(&self) -> &str {
        self.about.file.as_deref().and_then(|file| file.split_once('/')).map_or("", |(provider, _)| provider)
    }

    /// Requirements of standards that a finding breaks.
    #[must_use]
    pub fn standards(&self) -> Vec<StandardId> {
        self.about.standards.iter().filter_map(|id| id.parse().ok()).collect()
    }
}

/// The types that a rule names, with `workload` taken apart.
fn expanded(types: &[Arc<str>]) -> Vec<Arc<str>> {
    let each = |of_type: &Arc<str>| match of_type.as_ref() {
        "workload" => kubernetes::KINDS.iter().map(|&kind| kind.into()).collect(),
        _ => vec![Arc::clone(of_type)],
    };
    types.iter().flat_map(each).collect()
}

/// The rules of the program, in order of their files; made once.
#[must_use]
pub fn built_in() -> &'static [IacRule] {
    static RULES: OnceLock<Vec<IacRule>> = OnceLock::new();
    RULES.get_or_init(|| {
        let packed: Vec<Json> = serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/rules.json"))).unwrap_or_default();
        // That every file is a rule is tested.
        packed.into_iter().filter_map(|rule| IacRule::parse(rule).ok()).collect()
    })
}

/// What rules show that they find, and what they show that they do not: texts, by rule.
#[derive(Debug, Default)]
pub struct Examples {
    /// Texts in which it reports.
    pub bad: Vec<String>,
    /// Texts in which it does not.
    pub good: Vec<String>,
}

/// The examples of all built-in rules, by id. They are read each time.
#[must_use]
pub fn examples() -> BTreeMap<String, Examples> {
    let packed: BTreeMap<String, BTreeMap<String, Vec<Json>>> =
        serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/examples.json"))).unwrap_or_default();
    let of_rule = |(file, kinds): (String, BTreeMap<String, Vec<Json>>)| {
        let texts = |kind: &str| kinds.get(kind).into_iter().flatten().map(example_text).collect();
        let id = file.rsplit('/').next().unwrap_or_default().trim_end_matches(".yaml").to_owned();
        (id, Examples { bad: texts("bad"), good: texts("good") })
    };
    packed.into_iter().map(of_rule).collect()
}

/// The text of an example; of several files all, each under its path.
fn example_text(example: &Json) -> String {
    let Some((format, content)) = example.as_object().and_then(|keys| keys.iter().next()) else { return String::new() };
    match (format.as_str(), content) {
        ("files", Json::Object(files)) => {
            let file = |(path, text): (&String, &Json)| format!("# {path}\n{}", text.as_str().unwrap_or_default());
            files.iter().map(file).collect::<Vec<_>>().join("\n")
        }
        (_, content) => content.as_str().unwrap_or_default().to_owned(),
    }
}

/// A built-in rule by its id.
#[must_use]
pub fn find(id: &str) -> Option<&'static IacRule> {
    built_in().iter().find(|rule| rule.id.as_str() == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_a_rule() {
        let packed: Vec<Json> = serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/rules.json"))).unwrap();
        let mut ids = std::collections::BTreeSet::new();
        for rule in packed {
            let file = rule["file"].as_str().unwrap().to_owned();
            let parsed = IacRule::parse(rule.clone()).unwrap_or_else(|error| panic!("rules/iac/{file}: {error}"));
            assert_eq!(file.rsplit('/').next(), Some(format!("{}.yaml", parsed.id).as_str()));
            assert!(ids.insert(parsed.id.clone()), "{file}: the id is taken");
            assert!(rule["topic"].is_string(), "{file}: no topic");
            for reference in &parsed.about.references {
                assert!(reference.starts_with("https://"), "{file}: {reference}");
            }
            for standard in &parsed.about.standards {
                assert!(standard.parse::<StandardId>().is_ok(), "{file}: {standard}");
            }
        }
    }
}
