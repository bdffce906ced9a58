use super::*;

const RULE: &str = "eval-used";

/// `‹…›` is the finding; every mark is shown as `kind text|reason`.
fn check(engine: &'static str, marked: &str, expected: &[&str]) {
    let start = marked.find('‹').unwrap();
    let text = marked.replacen('‹', "", 1);
    let end = text.find('›').unwrap();
    let text = text.replacen('›', "", 1);
    let lines = LineIndex::new(&text);
    let location = Location::within("f".into(), ByteRange::new(start, end), &text, &lines);
    let shown = |range: ByteRange| text.get(range.start()..range.end()).unwrap().to_owned();
    let found = marks(&text, &lines, &location, Aliases::default().named(EngineId(engine), &RULE.parse().unwrap()), &shown);
    let shown: Vec<String> = found
        .iter()
        .map(|mark| {
            let expires = mark.expires.map_or(String::new(), |date| format!(" until {date}"));
            format!("{:?} {}|{}{expires}", mark.kind, mark.text, mark.reason)
        })
        .collect();
    assert_eq!(shown, expected, "{marked}");
    for mark in &found {
        let range = mark.location.range().unwrap();
        assert_eq!(text.get(range.start()..range.end()).unwrap(), mark.text);
    }
}

#[test]
fn our_mark_stands_on_the_line_or_alone_above() {
    for (text, reason) in [
        ("‹eval›(x) # bartizan:ignore[eval-used] the input is ours", "the input is ours"),
        ("‹eval›(x) // bartizan:ignore[eval-used]: the input is ours", "the input is ours"),
        ("‹eval›(x) /* bartizan:ignore[eval-used] - checked */ + 1", "checked"),
        ("<!-- bartizan:ignore[eval-used] é -->\n‹eval›", "é"),
        ("  # bartizan:ignore[eval-used] x\n  ‹eval›", "x"),
        ("# bartizan:ignore[eval-used] x\n# nosemgrep\n‹eval›", "x"),
        ("‹eval(\n1)› # bartizan:ignore[eval-used] x", "x"),
    ] {
        check("secrets", text, &[&format!("Own bartizan:ignore[eval-used]|{reason}")]);
    }
}

#[test]
fn our_mark_may_name_several_rules_and_lack_a_reason() {
    check("sast", "‹eval› # bartizan:ignore[other, eval-used]", &["Own bartizan:ignore[other, eval-used]|"]);
    check("sast", "‹eval› # bartizan:ignore[a] why not bartizan:ignore[eval-used] so", &["Own bartizan:ignore[eval-used]|so"]);
}

#[test]
fn our_mark_does_not_reach_further() {
    for text in [
        "‹eval› # bartizan:ignore[other] x",
        "y = 1 # bartizan:ignore[eval-used] x\n‹eval›",
        "# bartizan:ignore[eval-used] x\n\n‹eval›",
        "# bartizan:ignore[eval-used] x\n# something else\n‹eval›",
        "‹eval›\n# bartizan:ignore[eval-used] x",
        "‹eval›(\"bartizan:ignore[eval-used]\")",
        "‹eval› # xbartizan:ignore[eval-used] x",
    ] {
        check("sast", text, &[]);
    }
}

#[test]
fn a_mark_that_names_no_rule_is_not_usable() {
    for text in [
        "‹eval› # bartizan:ignore",
        "‹eval› # bartizan:ignore all",
        "‹eval› # bartizan:ignore[*]",
        "‹eval› # bartizan:ignore[]",
        "‹eval› # bartizan:ignore[a",
    ] {
        check("sast", text, &["Unusable bartizan:ignore|"]);
    }
}

#[test]
fn foreign_marks_are_honored_for_the_engine_that_they_belong_to() {
    let cases = [
        ("sast", "‹eval› # nosemgrep", "nosemgrep|"),
        ("sast", "# nosemgrep: eval-used\n‹eval›", "nosemgrep: eval-used|"),
        ("sast", "‹eval› # nosemgrep: other, python.lang.security.eval-used", "nosemgrep: other, python.lang.security.eval-used|"),
        ("sast", "‹eval› # nosec", "nosec|"),
        ("sast", "‹eval› # nosec because it is fine", "nosec|"),
        ("sast", "‹eval› // #nosec -- fine", "nosec|fine"),
        ("secrets", "‹eval› gitleaks:allow", "gitleaks:allow|"),
        ("secrets", "‹eval\n›x # gitleaks:allow", ""),
        ("secrets", "‹eval\nx› # gitleaks:allow", "gitleaks:allow|"),
        ("secrets", "‹eval› // betterleaks:allow", "betterleaks:allow|"),
        ("secrets", "‹eval› // kingfisher:ignore", "kingfisher:ignore|"),
        ("secrets", "‹eval› // trufflehog:ignore", "trufflehog:ignore|"),
        ("secrets", "‹eval› # pragma: allowlist secret", "pragma: allowlist secret|"),
        ("secrets", "# pragma: allowlist nextline secret\n‹eval›", "pragma: allowlist nextline secret|"),
        ("iac", "‹a {\n # checkov:skip=eval-used:public on purpose\n}›", "checkov:skip=eval-used|public on purpose"),
        ("iac", "#trivy:ignore:eval-used\n‹a›", "trivy:ignore:eval-used|"),
        ("deps", "‹a› # trivy:ignore:eval-used:exp:2026-01-31 x", "trivy:ignore:eval-used:exp:2026-01-31| until 2026-01-31"),
        ("iac", "‹a› #tfsec:ignore:eval-used", "tfsec:ignore:eval-used|"),
        ("iac", "# hadolint ignore=DL3006,eval-used\n‹a›", "hadolint ignore=DL3006,eval-used|"),
        ("iac", "‹a:\n  b: c› # zizmor: ignore[other, eval-used] on purpose", "zizmor: ignore[other, eval-used|on purpose"),
        ("iac", "# kics-scan ignore-line\n‹a›", "kics-scan ignore-line|"),
        ("iac", "# kics-scan ignore-block\n‹a {\n}›", "kics-scan ignore-block|"),
    ];
    for (engine, text, expected) in cases {
        let expected: Vec<String> = (!expected.is_empty()).then(|| format!("Foreign {expected}")).into_iter().collect();
        check(engine, text, &expected.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn foreign_marks_mean_nothing_to_other_engines_rules_and_places() {
    for (engine, text) in [
        ("secrets", "‹eval› # nosemgrep"),
        ("secrets", "‹eval› # nosec"),
        ("sast", "‹eval› # gitleaks:allow"),
        ("sast", "‹eval› # nosemgrep: other"),
        ("sast", "‹eval› # nosec B101"),
        ("sast", "‹eval› # nosecurity"),
        ("secrets", "# gitleaks:allow\n‹eval›"),
        ("secrets", "‹eval› # pragma: allowlist nextline secret"),
        ("iac", "‹a› # checkov:skip=CKV_AWS_20:x"),
        ("iac", "# hadolint ignore=DL3006\n‹a›"),
        ("iac", "‹a› # trivy:ignore:eval-used:exp:soon"),
        ("iac", "‹a› # zizmor: ignore[other]"),
        ("iac", "‹a› # kics-scan ignore-line"),
    ] {
        check(engine, text, &[]);
    }
}

#[test]
fn of_a_long_line_the_end_is_examined() {
    let padding = "é".repeat(1 << 20);
    check("secrets", &format!("‹eval›{padding} # gitleaks:allow"), &["Foreign gitleaks:allow|"]);
    check("secrets", &format!("‹eval› # gitleaks:allow {padding}"), &[]);
}
