//! What reports and `bartizan explain` say about a rule.

use bartizan_core::{Confidence, EngineId, Rule, RuleOrigin};

use super::SastRule;

/// The engine's short name.
pub const ENGINE: EngineId = EngineId("sast");

/// A title that is made from a message is cut here.
const MAX_TITLE_CHARACTERS: usize = 100;

impl SastRule {
    /// What is known about the rule, whichever engine runs it.
    #[must_use]
    pub fn describe(&self, origin: RuleOrigin) -> Rule {
        let metadata = &self.metadata;
        let message = self.message.as_str().trim();
        let title = metadata.title.clone().or_else(|| first_sentence(message)).unwrap_or_else(|| self.id.to_string());
        Rule {
            id: self.id.clone(),
            engine: ENGINE,
            title,
            severity: self.severity.severity(),
            confidence: metadata.confidence.unwrap_or(Confidence::Medium),
            why: metadata.why.clone().unwrap_or_else(|| message.split_whitespace().collect::<Vec<_>>().join(" ")),
            how_to_fix: metadata.remediation.clone().unwrap_or_default(),
            cwe: metadata.cwe.clone(),
            standards: metadata.standards.clone(),
            tags: metadata.tags.clone(),
            references: metadata.references.iter().filter(|page| page.starts_with("https://")).cloned().collect(),
            origin,
            aliases: Vec::new(),
            topic: None,
        }
    }
}

/// The first sentence, in one line without a full stop; nothing if there is none.
fn first_sentence(text: &str) -> Option<String> {
    let mut sentence = String::new();
    for word in text.split_whitespace() {
        if !sentence.is_empty() {
            sentence.push(' ');
        }
        sentence.push_str(word);
        // A short word before a full stop is an abbreviation: `e.g.`
        let is_end = word.ends_with(['.', '!', '?'])
            && (word.len() <= 1 || word.trim_end_matches('.').len() > 2 && !word.trim_end_matches('.').contains('.'));
        if is_end {
            break;
        }
    }
    let sentence = sentence.trim_end_matches('.');
    if sentence.is_empty() {
        return None;
    }
    let Some((end, _)) = sentence.char_indices().nth(MAX_TITLE_CHARACTERS) else { return Some(sentence.to_owned()) };
    let cut = sentence.get(..end).unwrap_or(sentence);
    let whole_words = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    Some(format!("{whole_words} …"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::read;

    #[test]
    fn titles_are_made_from_messages() {
        for (message, title) in [
            ("Use of eval. It is bad.", "Use of eval"),
            ("Do not use `os.system`, e.g. with\n  input. Use subprocess.", "Do not use `os.system`, e.g. with input"),
            ("Detected a request using 'http://'", "Detected a request using 'http://'"),
            ("Is $X None? It may be.", "Is $X None?"),
        ] {
            assert_eq!(first_sentence(message).as_deref(), Some(title));
        }
        assert_eq!(first_sentence(" \n"), None);
        let long = first_sentence(&"word ".repeat(60)).unwrap();
        assert!(long.ends_with("word …") && long.chars().count() <= MAX_TITLE_CHARACTERS + 2, "{long}");
    }

    #[test]
    fn a_rule_says_what_its_metadata_says() {
        let text = r"
rules:
- id: sql-injection
  languages: [python]
  severity: ERROR
  message: Query of $X. More.
  pattern: execute($X)
  metadata:
    title: SQL built from input
    why: Whoever writes the input writes the query.
    remediation: Bind parameters.
    confidence: HIGH
    cwe: ['CWE-89: Improper Neutralization', CWE-943]
    owasp: [OWASP-TOP10-2025-A05, 'A03:2021 - Injection', 'API8:2023 x', 'A1:2017-Injection']
    asvs: [ASVS-5.0.0-1.2.4]
    category: security
    technology: [python]
    references: ['https://example.com/a', 'http://example.com/b']
";
        let parsed = read(text);
        assert_eq!(parsed.problems, []);
        let rule = parsed.rules[0].describe(RuleOrigin::BuiltIn);
        assert_eq!((rule.title.as_str(), rule.why.as_str()), ("SQL built from input", "Whoever writes the input writes the query."));
        assert_eq!((rule.how_to_fix.as_str(), rule.confidence), ("Bind parameters.", Confidence::High));
        assert_eq!(rule.severity, bartizan_core::Severity::High);
        assert_eq!(rule.cwe.iter().map(ToString::to_string).collect::<Vec<_>>(), ["CWE-89", "CWE-943"]);
        let standards: Vec<&str> = rule.standards.iter().map(bartizan_core::StandardId::as_str).collect();
        let expected =
            ["OWASP-TOP10-2025-A05", "OWASP-TOP10-2021-A03", "OWASP-API-TOP10-2023-API8", "OWASP-TOP10-2017-A01", "ASVS-5.0.0-1.2.4"];
        assert_eq!(standards, expected);
        assert_eq!(rule.tags, ["security", "python"]);
        assert_eq!(rule.references, ["https://example.com/a"]);
    }

    #[test]
    fn a_rule_without_metadata_says_what_its_message_says() {
        let parsed = read("rules: [{id: r, languages: [go], severity: INFO, message: 'One. Two.', pattern: f()}]");
        let rule = parsed.rules[0].describe(RuleOrigin::BuiltIn);
        assert_eq!((rule.title.as_str(), rule.why.as_str(), rule.how_to_fix.as_str()), ("One", "One. Two.", ""));
        assert_eq!((rule.severity, rule.confidence), (bartizan_core::Severity::Low, Confidence::Medium));
    }
}
