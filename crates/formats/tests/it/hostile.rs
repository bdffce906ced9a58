//! A report whose every text was chosen by somebody who wants to break its readers.

use bartizan_core::{
    ArtifactPath, ByteRange, ComponentSubject, Confidence, Coverage, Diagnostic, DiagnosticKind, Edit, Evidence, Excerpt, ExcerptLine,
    Finding, Fix, FixSafety, FlowStep, Limit, LineIndex, Location, Owner, Reachability, RelatedLocation, Report, Rule, RuleOrigin,
    SecretId, SecretSummary, SecretText, Severity, Strength, Subject, Suppression, SuppressionKind, Tool,
};

use crate::sample;

/// The value of the secret, which only some formats may write.
pub(crate) const VALUE: &str = "the-value-itself";

/// Markup, formulas, commands, breaks of every kind.
pub(crate) const NASTY: &str = "=cmd|'/C calc'!A0 \"q\" 'a' </script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> --> a|b `c` ``` @octocat #1 \
[x](javascript:alert(1)) https://evil.example {0} ${{ x }} \u{0}\u{1b}[2J\u{7f}\u{85}\u{202e}\u{fffe}\t\r\n::error::forged\n\n## forged";

/// The report.
pub(crate) fn report() -> Report {
    let location = location();
    let nasty = || NASTY.to_owned();
    let place = || RelatedLocation { location: location.clone(), message: nasty() };
    let finding = |number: u32, suppression: Option<SuppressionKind>| Finding {
        message: nasty(),
        confidence: Confidence::Low,
        occurrences: vec![location.clone(), Location::whole("".into())],
        excerpt: Excerpt {
            lines: vec![
                ExcerptLine { number: u32::MAX, text: nasty(), highlight: Some((3, 9)) },
                ExcerptLine { number: 0, text: nasty(), highlight: Some((9_999, 1)) },
            ],
        },
        evidence: vec![Evidence { strength: Strength::Contextual, text: nasty(), weight: Some(f32::NAN) }],
        related: vec![place()],
        flow: vec![FlowStep { location: location.clone(), message: nasty() }],
        fixes: vec![Fix {
            description: nasty(),
            safety: FixSafety::Safe,
            edits: vec![Edit { artifact: location.artifact.clone(), range: location.range().unwrap_or_default(), replacement: nasty() }],
        }],
        subject: Some(Subject::Secret(SecretSummary {
            id: SecretId(sample::finding("x", Severity::Low, number, location.clone()).fingerprint),
            mask: nasty(),
            value: Some(SecretText::new(VALUE.to_owned())),
        })),
        owners: vec![Owner(nasty())],
        suppression: suppression.map(|kind| Suppression {
            kind,
            reason: nasty(),
            location: Some(location.clone()),
            is_added_by_change: true,
        }),
        ..sample::finding("</script>|`@x`", Severity::High, number, location.clone())
    };
    Report {
        tool: Tool { name: nasty(), version: nasty() },
        target: nasty(),
        findings: vec![
            finding(1, None),
            finding(2, Some(SuppressionKind::Inline(nasty()))),
            Finding {
                subject: Some(Subject::Component(ComponentSubject {
                    purl: nasty(),
                    advisories: vec![nasty()],
                    fixed_version: Some(nasty()),
                    reachability: Some(Reachability::Imported),
                })),
                ..finding(3, Some(SuppressionKind::Baseline))
            },
            // Its rule is not in the report, and it is nowhere.
            sample::finding("unknown", Severity::Info, 4, Location::whole("".into())),
        ],
        rules: vec![Rule {
            why: nasty(),
            how_to_fix: nasty(),
            tags: (0..40).map(|number| format!("{number}{NASTY}")).collect(),
            references: vec![nasty(), "javascript:alert(1)".to_owned(), "https://a.example/\"onload=\"".to_owned()],
            origin: RuleOrigin::File(location.artifact.clone()),
            aliases: Vec::new(),
            topic: None,
            ..sample::rule("</script>|`@x`", "secrets", NASTY)
        }],
        diagnostics: vec![
            Diagnostic::new(DiagnosticKind::Unreadable, NASTY)
                .at(location.clone())
                .because_of(Limit { name: nasty(), value: u64::MAX })
                .with_help(NASTY),
            Diagnostic::new(DiagnosticKind::Configuration, "").with_help(NASTY),
            Diagnostic::new(DiagnosticKind::Policy, NASTY),
        ],
        components: Vec::new(),
        dependencies: Vec::new(),
        coverage: Coverage { n_files: u64::MAX, n_bytes: u64::MAX, skipped: Vec::new() },
    }
}

/// A path that is no UTF-8 and has everything else too.
fn location() -> Location {
    let path = ArtifactPath::from_bytes(b"=a\nb/\xff\xfe</script>|`@x`%2e.%2e//../c:d");
    let text = "one\ntwo\nthree";
    Location::within(path.entry(b"\x1b[0m"), ByteRange::new(5, 12), text, &LineIndex::new(text))
}
