//! Excerpts and marks: a text, and findings at any place in it.

#![no_main]

use bartizan_core::{
    ByteRange, Confidence, EngineId, Excerpt, Finding, Fingerprint, Rule, RuleId, SecretId, SecretSummary, Severity, Subject,
};
use bartizan_scan::{Request, scan};
use bartizan_source::{Analyzer, FileInfo, FileView, Input, Interest, Reporter};
use libfuzzer_sys::fuzz_target;

/// Reports what the first bytes say.
struct Anything {
    ranges: Vec<(ByteRange, bool)>,
}

impl Analyzer for Anything {
    fn id(&self) -> EngineId {
        EngineId("secrets")
    }
    fn version(&self) -> Fingerprint {
        Fingerprint([0; 16])
    }
    fn rules(&self) -> Vec<Rule> {
        Vec::new()
    }
    fn interest(&self, _file: &FileInfo) -> Interest {
        Interest::Text
    }
    fn visit(&self, file: &FileView<'_>, report: &mut Reporter) {
        for (number, (range, is_secret)) in (0u8..).zip(&self.ranges) {
            let fingerprint = Fingerprint([number; 16]);
            let location = file.location(*range);
            report.finding(Finding {
                rule: "rule".parse::<RuleId>().expect("an id"),
                message: String::new(),
                severity: Severity::High,
                confidence: Confidence::High,
                occurrences: vec![location.clone()],
                location,
                excerpt: Excerpt::default(),
                evidence: Vec::new(),
                fingerprint,
                related: Vec::new(),
                flow: Vec::new(),
                fixes: Vec::new(),
                cwe: Vec::new(),
                standards: Vec::new(),
                subject: is_secret.then(|| Subject::Secret(SecretSummary { id: SecretId(fingerprint), mask: String::new(), value: None })),
                owners: Vec::new(),
                suppression: None,
                baseline: None,
            });
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&n_ranges, rest)) = data.split_first() else { return };
    let Some((ranges, text)) = rest.split_at_checked(usize::from(n_ranges % 8) * 3) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let ranges: Vec<(ByteRange, bool)> = ranges
        .chunks_exact(3)
        .map(|chunk| (ByteRange::new(usize::from(chunk[0]), usize::from(chunk[0]) + usize::from(chunk[1])), chunk[2] % 2 == 0))
        .collect();
    // What is shown in place of other characters could look like a secret by chance.
    let is_plain = text.chars().all(|c| {
        c == '\n' || (!c.is_control() && !"*…\u{200e}\u{200f}\u{2028}\u{2029}".contains(c) && !('\u{202a}'..='\u{2069}').contains(&c))
    });
    let secrets: Vec<&str> =
        ranges.iter().filter(|(_, is_secret)| *is_secret).filter_map(|(range, _)| text.get(range.start()..range.end())).collect();

    let input = Input::Stdin { name: "a.py".to_owned(), bytes: text.as_bytes().to_vec() };
    let today = "2026-01-01".parse().expect("a date");
    let outcome = scan(Request::new(input, vec![Box::new(Anything { ranges: ranges.clone() })], today), &()).expect("nothing to refuse");
    for finding in &outcome.report.findings {
        for line in &finding.excerpt.lines {
            assert!(line.text.chars().count() <= 162, "too long");
            assert!(!line.text.chars().any(char::is_control), "a control character");
            let n_characters = u32::try_from(line.text.chars().count()).expect("few");
            assert!(line.highlight.is_none_or(|(start, end)| start < end && end <= n_characters), "a highlight outside of the line");
            for secret in &secrets {
                assert!(!is_plain || secret.len() < 6 || !line.text.contains(secret), "a secret");
            }
        }
    }
});
