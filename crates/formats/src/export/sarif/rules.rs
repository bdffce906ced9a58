//! Rules, and the weaknesses that they find.

use std::collections::BTreeSet;

use bartizan_core::{Confidence, Cwe, Report, Rule, Severity};

use super::log::{ComponentReference, Configuration, Relationship, RuleDescriptor, RuleProperties, Taxon, TaxonReference, Taxonomy, Text};
use crate::markdown;

/// The only taxonomy.
pub(super) const CWE: ComponentReference = ComponentReference { name: "CWE", index: 0 };

/// GitHub keeps 10 tags a rule, and refuses a file with more than 20.
const MAX_TAGS: usize = 20;

/// GitHub keeps so many characters of a description.
const MAX_DESCRIPTION_CHARS: usize = 1024;

/// The weaknesses that a report names, by number.
pub(super) struct Weaknesses {
    numbers: Vec<Cwe>,
}

impl Weaknesses {
    /// Collects them.
    pub(super) fn of(report: &Report) -> Self {
        let of_rules = report.rules.iter().flat_map(|rule| &rule.cwe);
        let of_findings = report.findings.iter().flat_map(|finding| &finding.cwe);
        let numbers: BTreeSet<Cwe> = of_rules.chain(of_findings).copied().collect();
        Self { numbers: numbers.into_iter().collect() }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The list of them, if there are any.
    pub(super) fn taxonomy(&self) -> Option<Taxonomy> {
        let taxon = |cwe: &Cwe| Taxon { id: cwe.0.to_string(), help_uri: cwe_page(*cwe) };
        (!self.is_empty()).then(|| Taxonomy {
            name: CWE.name,
            organization: "MITRE",
            short_description: Text { text: "The MITRE Common Weakness Enumeration".to_owned(), markdown: None },
            information_uri: "https://cwe.mitre.org/",
            is_comprehensive: false,
            taxa: self.numbers.iter().map(taxon).collect(),
        })
    }

    /// References to some of them.
    pub(super) fn references<'c>(&self, cwe: &'c [Cwe]) -> impl Iterator<Item = TaxonReference> + use<'_, 'c> {
        let mut unique = cwe.to_vec();
        unique.sort_unstable();
        unique.dedup();
        unique.into_iter().filter_map(|cwe| {
            let index = self.numbers.binary_search(&cwe).ok()?;
            Some(TaxonReference { id: cwe.0.to_string(), index, tool_component: CWE })
        })
    }
}

/// What is known about a rule.
pub(super) fn descriptor<'a>(rule: &'a Rule, weaknesses: &Weaknesses) -> RuleDescriptor<'a> {
    let why = if rule.why.is_empty() { &rule.title } else { &rule.why };
    RuleDescriptor {
        id: rule.id.as_str(),
        name: pascal_case(rule.id.as_str()),
        short_description: text(&cut(&rule.title)),
        full_description: text(&cut(why)),
        help: help(rule),
        help_uri: web_pages(rule).next(),
        default_configuration: Configuration { level: level(rule.severity) },
        relationships: weaknesses.references(&rule.cwe).map(|target| Relationship { target, kinds: ["superset"] }).collect(),
        properties: RuleProperties {
            tags: tags(rule),
            precision: rule.confidence.as_str(),
            security_severity: security_severity(rule.severity),
            severity: rule.severity.as_str(),
            engine: rule.engine.0,
            standards: rule.standards.iter().map(bartizan_core::StandardId::as_str).collect(),
            references: &rule.references,
            aliases: &rule.aliases,
            topic: rule.topic.as_deref(),
        },
    }
}

/// How bad, in SARIF's three words.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// How sure, from 0 to 100.
pub(super) const fn rank(confidence: Confidence) -> f32 {
    match confidence {
        Confidence::High => 90.0,
        Confidence::Medium => 60.0,
        Confidence::Low => 30.0,
    }
}

/// A number in the middle of GitHub's band for the severity: critical from 9.0, high from 7.0, medium from 4.0, low above 0.
const fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

/// Tags, the ones that code hosts know first.
fn tags(rule: &Rule) -> Vec<String> {
    let mut tags = vec!["security".to_owned()];
    let known = rule.cwe.iter().map(|cwe| format!("external/cwe/cwe-{:03}", cwe.0));
    let ours = std::iter::once(rule.engine.to_string()).chain(rule.tags.iter().cloned());
    for tag in known.chain(ours).chain(rule.standards.iter().map(ToString::to_string)) {
        if tags.len() < MAX_TAGS && !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

fn help(rule: &Rule) -> Text {
    let sections = [("Why it matters", &rule.why), ("How to fix it", &rule.how_to_fix)];
    let sections = sections.into_iter().filter(|(_, body)| !body.is_empty());
    let (mut plain, mut rich) = (Vec::new(), Vec::new());
    for (name, body) in sections {
        plain.push(format!("{name}: {body}"));
        rich.push(format!("## {name}\n\n{}", markdown::escaped(body)));
    }
    let pages: Vec<&str> = web_pages(rule).collect();
    if !pages.is_empty() {
        plain.push(format!("Read on:\n{}", pages.join("\n")));
        let links: Vec<String> = pages.iter().map(|page| format!("- <{page}>")).collect();
        rich.push(format!("## Read on\n\n{}", links.join("\n")));
    }
    if plain.is_empty() {
        return text(&rule.title);
    }
    Text { text: crate::visible(&plain.join("\n\n")).into_owned(), markdown: Some(rich.join("\n\n")) }
}

/// The references that are addresses of web pages.
fn web_pages(rule: &Rule) -> impl Iterator<Item = &str> {
    rule.references.iter().map(String::as_str).filter(|reference| markdown::is_web_address(reference))
}

/// The page of a weakness.
pub(super) fn cwe_page(cwe: Cwe) -> String {
    format!("https://cwe.mitre.org/data/definitions/{}.html", cwe.0)
}

fn text(text: &str) -> Text {
    Text { text: crate::visible(text).into_owned(), markdown: None }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MAX_DESCRIPTION_CHARS {
        return text.to_owned();
    }
    text.chars().take(MAX_DESCRIPTION_CHARS - 1).chain(['…']).collect()
}

/// `aws-access-key` as `AwsAccessKey`, which is how names of rules are written in SARIF.
fn pascal_case(id: &str) -> String {
    let words = id.split(|character: char| !character.is_alphanumeric());
    words
        .flat_map(|word| {
            let mut characters = word.chars();
            characters.next().into_iter().flat_map(char::to_uppercase).chain(characters)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_id() {
        assert_eq!(pascal_case("aws-access-key"), "AwsAccessKey");
        assert_eq!(pascal_case("CKV_K8S_21"), "CKVK8S21");
    }

    #[test]
    fn a_long_description_is_cut_between_characters() {
        let long = "é".repeat(2000);
        assert_eq!(cut(&long).chars().count(), MAX_DESCRIPTION_CHARS);
    }
}
