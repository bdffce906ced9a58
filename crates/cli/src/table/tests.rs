use bartizan_core::{
    ArtifactPath, ByteRange, Confidence, Coverage, Diagnostic, DiagnosticKind, EngineId, Evidence, Excerpt, ExcerptLine, Finding,
    IdentityKey, Level, Limit, Location, Owner, Position, Region, Report, Rule, RuleOrigin, SecretId, SecretSummary, Severity, SkipReason,
    Strength, Subject, Suppression, SuppressionKind, Tool,
};

use super::*;
use crate::{
    style::Painter,
    text::{char_width, width},
};

fn terminal(width: usize) -> Terminal {
    Terminal { painter: Painter::new(false), width, is_terminal: false, is_dumb: true }
}

fn location(path: &str, line: u32, column: u32) -> Location {
    let start = Position { line, column };
    let end = Position { line, column: column + 8 };
    Location { artifact: ArtifactPath::from(path), place: Some((ByteRange::new(0, 8), Region { start, end })) }
}

fn rule(id: &str, severity: Severity) -> Rule {
    Rule {
        id: id.parse().unwrap(),
        engine: EngineId("secrets"),
        title: "Example token".to_owned(),
        severity,
        confidence: Confidence::High,
        why: "Whoever has the token acts as its owner on everything that the owner can reach.".to_owned(),
        how_to_fix: "Revoke it in the settings of the account, then read the access log.".to_owned(),
        cwe: Vec::new(),
        standards: Vec::new(),
        tags: Vec::new(),
        references: Vec::new(),
        origin: RuleOrigin::BuiltIn,
        aliases: Vec::new(),
        topic: None,
    }
}

fn finding(rule: &str, severity: Severity, path: &str, line: u32) -> Finding {
    let place = location(path, line, 9);
    Finding {
        rule: rule.parse().unwrap(),
        message: "Example token in an assignment to `token`".to_owned(),
        severity,
        confidence: Confidence::High,
        location: place.clone(),
        occurrences: vec![place],
        excerpt: Excerpt { lines: vec![ExcerptLine { number: line, text: "token = ex_****abcd".to_owned(), highlight: Some((8, 19)) }] },
        evidence: vec![Evidence { strength: Strength::Proven, text: "its checksum is right".to_owned(), weight: None }],
        fingerprint: IdentityKey::new([0; 32]).fingerprint(&[path.as_bytes()]),
        related: Vec::new(),
        flow: Vec::new(),
        fixes: Vec::new(),
        cwe: Vec::new(),
        standards: Vec::new(),
        subject: None,
        owners: vec![Owner("@acme/platform".to_owned())],
        suppression: None,
        baseline: None,
    }
}

fn report(findings: Vec<Finding>) -> Report {
    let mut rules: Vec<_> = findings.iter().map(|finding| rule(finding.rule.as_str(), finding.severity)).collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules.dedup_by(|a, b| a.id == b.id);
    Report {
        tool: Tool { name: "bartizan".to_owned(), version: "0.1.0".to_owned() },
        target: ".".to_owned(),
        findings,
        rules,
        coverage: Coverage { n_files: 3, n_bytes: 4096, skipped: vec![(SkipReason::Binary, 2)] },
        ..Report::default()
    }
}

#[test]
fn a_finding_says_what_where_whose_why_and_what_to_do() {
    let mut first = finding("example-token", Severity::Critical, "config/prod.env", 12);
    first.occurrences.extend([location("a.yaml", 3, 1), location("b.yaml", 3, 1), location("c.yaml", 3, 1), location("d.yaml", 3, 1)]);
    let mut second = finding("example-token", Severity::Critical, "config/prod.env", 20);
    second.owners.clear();
    let mut ignored = finding("example-token", Severity::Critical, "z.env", 1);
    ignored.suppression = Some(Suppression {
        kind: SuppressionKind::Configuration,
        reason: "a test value".to_owned(),
        location: None,
        is_added_by_change: false,
    });
    let shown = render(&report(vec![first, second, ignored]), TableOptions::default(), terminal(80));
    let expected = "\
critical ──────────────────────────────────────────────────────────── 2 findings

config/prod.env
  critical[example-token]: Example token in an assignment to `token`
    --> config/prod.env:12:9
     |
  12 | token = ex_****abcd
     |         ^^^^^^^^^^^ proven, high confidence
     |
     = because: its checksum is right
     = owner:   @acme/platform
     = also:    a.yaml:3:1, b.yaml:3:1, c.yaml:3:1, and 1 more place
     = why:     Whoever has the token acts as its owner on everything that the
                owner can reach.
     = fix:     Revoke it in the settings of the account, then read the access
                log.

  critical[example-token]: Example token in an assignment to `token`
    --> config/prod.env:20:9
     |
  20 | token = ex_****abcd
     |         ^^^^^^^^^^^ proven, high confidence
     |
     = because: its checksum is right
     = owner:   unowned

summary ────────────────────────────────────────────────────────────────────── .

  findings  2 critical
            1 unowned, 1 suppressed
  scanned   3 files, 4.0 KiB
  skipped   2 binary

  bartizan explain example-token               what it is, and what to do
  bartizan scan --format html -o report.html   a report to hand round
  bartizan baseline write                      accept these, fail on new ones
";
    assert_eq!(shown, expected);
}

#[test]
fn every_line_fits_and_no_control_character_is_printed() {
    let mut hostile =
        finding("a-rule-with-quite-a-long-name-indeed", Severity::High, &format!("deep/{}x", "folder/".repeat(30)), 1_000_000);
    hostile.message = "A message\x1b[31m that is long enough to be wrapped in every terminal, 漢字 included".to_owned();
    hostile.excerpt.lines.insert(0, ExcerptLine { number: 999_999, text: "\u{202e}\t漢".repeat(60), highlight: Some((100, 170)) });
    hostile.owners = vec![Owner("@a-very-long-organization-name/with-a-long-team-name-below-it".to_owned())];
    let mut report = report(vec![hostile, finding("x", Severity::Info, "a\nb\u{9b}2J", 1)]);
    report.target = "\x1b]0;title\x07".repeat(20);
    report.diagnostics = vec![
        Diagnostic::new(DiagnosticKind::FileTooLarge, "the file is larger than what is read\x1b[2J")
            .at(Location::whole(ArtifactPath::from_bytes(b"\xff\x1b/huge")))
            .because_of(Limit { name: "max-file-bytes".to_owned(), value: u64::MAX })
            .with_help("raise the limit with --max-file-size"),
        Diagnostic::new(DiagnosticKind::Policy, "noted"),
    ];
    for width_wanted in [40, 50, 80, 110] {
        let options = TableOptions { shows_notes: true, shows_suppressed: true, shows_secrets: true, is_quiet: false };
        let shown = render(&report, options, terminal(width_wanted));
        for line in shown.lines() {
            assert!(width(line) <= width_wanted, "{} columns of {width_wanted}: {line}", width(line));
            assert!(line.chars().all(|character| !character.is_control() && (0 < char_width(character))), "{line:?}");
        }
    }
}

#[test]
fn the_secret_is_masked_by_its_mask_and_many_lines_are_folded() {
    let mut short = finding("example-token", Severity::High, "a.env", 3);
    short.excerpt.lines[0] = ExcerptLine { number: 3, text: "token = ****;".to_owned(), highlight: Some((8, 12)) };
    short.subject = Some(Subject::Secret(SecretSummary { id: SecretId(short.fingerprint), mask: "ex_****abcd".to_owned(), value: None }));
    let mut long = finding("example-key", Severity::High, "b.pem", 1);
    let line = |number| ExcerptLine { number, text: "****".to_owned(), highlight: Some((0, 4)) };
    long.excerpt.lines = (1..=9).map(line).collect();
    long.excerpt.lines.push(ExcerptLine { number: 10, text: "after".to_owned(), highlight: None });
    long.excerpt.lines.push(ExcerptLine { number: 11, text: " ".to_owned(), highlight: None });
    let shown = render(&report(vec![short, long]), TableOptions::default(), terminal(80));
    assert!(shown.contains("  3 | token = ex_****abcd;\n    |         ^^^^^^^^^^^ proven, high confidence\n"), "{shown}");
    let expected = "   1 | ****\n     | ^^^^ proven, high confidence\n     | … 8 more lines\n  10 | after\n     |\n";
    assert!(shown.contains(expected), "{shown}");
}

#[test]
fn long_lists_are_folded_and_counted() {
    let many = (1..=80).map(|line| finding("noisy", Severity::Low, "a.txt", line));
    let others = (1..=70).map(|n| finding(&format!("rule-{n}"), Severity::Low, "b.txt", n));
    let shown = render(&report(many.chain(others).collect()), TableOptions::default(), terminal(80));
    assert!(shown.contains("  … 75 more findings of noisy in this file: lines 6, 7, 8,"), "{shown}");
    assert!(shown.contains("… 25 more findings of severity low"), "{shown}");
    assert!(shown.contains("150 low"));
}

#[test]
fn what_was_not_analyzed_is_shown_without_being_asked_for() {
    let mut report = report(Vec::new());
    report.diagnostics = (0..8)
        .map(|n| {
            Diagnostic::new(DiagnosticKind::Unreadable, "permission denied")
                .at(Location::whole(ArtifactPath::from(format!("d{n}").as_str())))
                .with_help("let the user that scans read it")
        })
        .collect();
    report.diagnostics.push(Diagnostic { level: Level::Note, ..Diagnostic::new(DiagnosticKind::Cache, "a note") });
    let shown = render(&report, TableOptions::default(), terminal(64));
    let expected = "\
not analyzed ────────────────────────────────────────── 8 places

incomplete[unreadable]: permission denied
--> d0
--> d1
--> d2
--> d3
--> d4
--> … 3 more places
 = help: let the user that scans read it

summary ────────────────────────────────────────────────────── .

  findings  none
  scanned   3 files, 4.0 KiB
  skipped   2 binary
  result    incomplete: 8 problems above; fails with --strict
  notes     1, shown with --verbose

  bartizan explain unreadable   why something was not analyzed
";
    assert_eq!(shown, expected);
}

#[test]
fn a_suppression_that_the_change_adds_is_shown() {
    let mut hidden = finding("example-token", Severity::High, "a.py", 3);
    hidden.suppression = Some(Suppression {
        kind: SuppressionKind::Inline("bartizan:ignore[example-token]".to_owned()),
        reason: String::new(),
        location: Some(location("a.py", 2, 1)),
        is_added_by_change: true,
    });
    let shown = render(&report(vec![hidden]), TableOptions::default(), terminal(80));
    assert!(shown.contains("= ignored: by `bartizan:ignore[example-token]` in a.py:2:1, added by this\n"), "{shown}");
    assert!(shown.contains("change, without a reason\n"), "{shown}");
    assert!(shown.contains("findings  none"));
}
