//! gitleaks' rules as an engine of the pass.

use std::{collections::BTreeSet, sync::Arc};

use bartizan_core::{
    ByteRange, Confidence, Cwe, EngineId, Evidence, Excerpt, Finding, Fingerprint, IdentityKey, Location, Position, Region, Rule, RuleId,
    RuleOrigin, SecretId, SecretSummary, SecretText, Severity, Strength, Subject, Suppression, SuppressionKind,
};
use bartizan_source::{Analyzer, FileInfo, FileView, Interest, Reporter};

use super::{Leak, ScanOptions, Scanner, config::Config};
use crate::rule::ENGINE;

/// Runs a configuration of gitleaks on the files of the pass.
#[derive(Debug)]
pub struct GitleaksEngine {
    scanner: Scanner,
    rules: Vec<Rule>,
    ignored: BTreeSet<String>,
    options: crate::Options,
    version: Fingerprint,
}

impl GitleaksEngine {
    /// Makes a configuration ready.
    ///
    /// `source` is the text that it was read from: results are cached by it. `ignored` holds the lines of `.gitleaksignore` that
    /// name a file, a rule and a line; what they name is reported as suppressed. A rule whose id can't be one of ours is left out
    /// of [`Analyzer::rules`] and reported all the same under an id without white space.
    #[must_use]
    pub fn new(
        config: Config,
        scan: ScanOptions,
        source: &str,
        origin: &RuleOrigin,
        ignored: BTreeSet<String>,
        options: crate::Options,
    ) -> Self {
        let rules = config.rules.values().filter(|rule| !rule.is_silent).map(|rule| about(rule, origin)).collect();
        let ignored_lines: Vec<u8> = ignored.iter().flat_map(|line| [line.as_bytes(), b"\n"].concat()).collect();
        let version = options.identity_key.fingerprint(&[
            b"gitleaks",
            env!("CARGO_PKG_VERSION").as_bytes(),
            source.as_bytes(),
            format!("{scan:?}").as_bytes(),
            &ignored_lines,
            &[u8::from(options.keep_values)],
        ]);
        Self { scanner: Scanner::new(config, scan), rules, ignored, options, version }
    }

    fn finding(&self, leak: Leak, file: &FileView<'_>) -> Finding {
        let key = &self.options.identity_key;
        let fingerprint_text = leak.fingerprint();
        let rule = rule_id(&leak.rule);
        let location = location(&leak, file);
        let id = SecretId::of(key, &leak.secret);
        let (fingerprint, subject) = if leak.range.is_some() {
            let value = SecretText::new(leak.secret);
            let mask = value.mask("");
            let value = self.options.keep_values.then_some(value);
            (id.0, Some(Subject::Secret(SecretSummary { id, mask, value })))
        } else {
            (path_identity(key, &rule, file), None)
        };
        let message = match &subject {
            Some(Subject::Secret(secret)) => format!("{}: {}", leak.description.trim_end_matches('.'), secret.mask),
            Some(Subject::Component(_)) | None => leak.description.trim_end_matches('.').to_owned(),
        };
        let suppression = self.ignored.contains(&fingerprint_text).then(|| Suppression {
            kind: SuppressionKind::Configuration,
            reason: "named in .gitleaksignore".to_owned(),
            location: None,
            is_added_by_change: false,
        });
        let tags = leak.tags.iter().filter(|tag| tag.starts_with("decoded:"));
        let evidence = std::iter::once("matches the rule of gitleaks".to_owned()).chain(tags.cloned());
        Finding {
            rule,
            message,
            severity: Severity::High,
            confidence: Confidence::Medium,
            occurrences: vec![location.clone()],
            location,
            excerpt: Excerpt::default(),
            evidence: evidence.map(|text| Evidence { strength: Strength::Structural, text, weight: None }).collect(),
            fingerprint,
            related: Vec::new(),
            flow: Vec::new(),
            fixes: Vec::new(),
            cwe: vec![Cwe(798)],
            standards: Vec::new(),
            subject,
            owners: Vec::new(),
            suppression,
            baseline: None,
        }
    }
}

fn path_identity(key: &IdentityKey, rule: &RuleId, file: &FileView<'_>) -> Fingerprint {
    key.fingerprint(&[b"path", rule.as_str().as_bytes(), file.path().as_bytes()])
}

/// The id as one of ours: without white space, which gitleaks allows.
fn rule_id(id: &Arc<str>) -> RuleId {
    let plain: String =
        id.chars().map(|character| if character.is_whitespace() || character.is_control() { '-' } else { character }).collect();
    let plain = plain.get(..plain.floor_char_boundary(RuleId::MAX_BYTES)).unwrap_or_default().to_owned();
    plain.parse().unwrap_or_default()
}

fn about(rule: &super::config::Rule, origin: &RuleOrigin) -> Rule {
    let description = rule.description.trim();
    let title = description.lines().next().filter(|line| !line.is_empty()).unwrap_or(&rule.id).trim_end_matches('.').to_owned();
    Rule {
        id: rule_id(&rule.id),
        engine: ENGINE,
        title,
        severity: Severity::High,
        confidence: Confidence::Medium,
        why: description.to_owned(),
        how_to_fix: "Revoke the credential where it was issued, make a new one, and keep it in a secret store.".to_owned(),
        cwe: vec![Cwe(798)],
        standards: Vec::new(),
        tags: rule.tags.clone(),
        references: Vec::new(),
        origin: origin.clone(),
        aliases: Vec::new(),
        topic: None,
    }
}

/// Where a leak stands in the decoded text; where bytes and text differ, its lines and columns count bytes as gitleaks does.
fn location(leak: &Leak, file: &FileView<'_>) -> Location {
    const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
    let Some(range) = &leak.range else { return Location::whole(file.path().clone()) };
    let shift = if file.bytes().starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let same_bytes = file.text().is_some_and(|text| file.bytes().get(shift..) == Some(text.as_bytes()));
    let range = ByteRange::new(range.start.saturating_sub(shift), range.end.saturating_sub(shift));
    if same_bytes {
        return file.location(range);
    }
    let position = |line: usize, column: usize| {
        let narrow = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        Position { line: narrow(line), column: narrow(column) }
    };
    let region =
        Region { start: position(leak.start_line, leak.start_column), end: position(leak.end_line, leak.end_column.saturating_add(1)) };
    Location { artifact: file.path().clone(), place: Some((range, region)) }
}

impl Analyzer for GitleaksEngine {
    fn id(&self) -> EngineId {
        ENGINE
    }

    fn version(&self) -> Fingerprint {
        self.version
    }

    fn rules(&self) -> Vec<Rule> {
        self.rules.clone()
    }

    fn interest(&self, file: &FileInfo) -> Interest {
        let path = file.path.to_string();
        if self.scanner.is_pruned(&path) { Interest::None } else { Interest::Bytes }
    }

    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        let path = String::from_utf8_lossy(file.path().as_bytes());
        for leak in self.scanner.scan(&path, file.bytes()) {
            report.finding(self.finding(leak, file));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gitleaks::config;

    fn findings(text: &str, ignored: &[&str]) -> Vec<Finding> {
        let rules = "[[rules]]\nid = 'my rule'\ndescription = 'Demo.'\nregex = 'tok_[a-z]{4}'\nkeywords = ['tok_']\n";
        let options = config::Options { read_file: &|_| Err(String::new()), default_config: None };
        let config = config::read("rules.toml", rules, &options).value;
        let ignored = ignored.iter().map(|line| (*line).to_owned()).collect();
        let engine = GitleaksEngine::new(
            config,
            ScanOptions::default(),
            rules,
            &RuleOrigin::BuiltIn,
            ignored,
            crate::Options::new(IdentityKey::new([1; 32])),
        );
        let info = FileInfo::new("a.txt".into(), 0);
        let mut report = Reporter::default();
        engine.visit(&FileView::new(&info, text.as_bytes(), Some(text.trim_start_matches('\u{feff}'))), &mut report);
        report.into_parts().0
    }

    #[test]
    fn findings_hold_the_place_and_a_mask() {
        let found = findings("é\nx tok_abcd\n", &[]);
        let [finding] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(finding.location.region().map(|region| (region.start.line, region.start.column)), Some((2, 3)));
        assert_eq!((finding.rule.as_str(), finding.message.as_str()), ("my-rule", "Demo: ****"));
    }

    #[test]
    fn a_byte_order_mark_does_not_move_the_place() {
        let found = findings("\u{feff}tok_abcd", &[]);
        assert_eq!(found[0].location.range(), Some(ByteRange::new(0, 8)));
    }

    #[test]
    fn what_gitleaksignore_names_is_suppressed() {
        assert!(findings("tok_abcd", &[])[0].suppression.is_none());
        assert!(findings("tok_abcd", &["a.txt:my rule:1"])[0].suppression.is_some());
    }
}
