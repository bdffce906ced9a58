use bartizan_core::Diagnostic;
use bartizan_source::Limits;

use super::*;
use crate::Date;

fn policy(text: &str) -> Policy {
    Policy::read("policy.yaml", text.as_bytes()).unwrap()
}

fn repository(text: &str) -> RepositoryConfig {
    RepositoryConfig::read(RepositoryConfig::PATH, text.as_bytes()).unwrap()
}

fn today() -> Date {
    "2026-06-01".parse().unwrap()
}

fn merge(policy_text: &str, repository_text: &str) -> (Settings, Vec<Diagnostic>) {
    Settings::merge(&policy(policy_text), Some(&repository(repository_text)), Flags::default(), today())
}

/// The settings that somebody set, as `key=value (origin)`.
fn set(settings: &Settings) -> Vec<String> {
    let all = settings.explain().into_iter().filter(|setting| setting.origin != Origin::Usual);
    all.map(|setting| format!("{}={} ({})", setting.key, setting.value, setting.origin)).collect()
}

fn refusals(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let location = diagnostic.location.as_ref().unwrap();
            let line = location.region().unwrap().start.line;
            format!("{}:{line} {}", location.artifact, diagnostic.reason.trim_start_matches("the policy does not let the repository "))
        })
        .collect()
}

const FULL: &str = "\
version: 1
engines: {deps: false}
disable-rules: [noisy]
exclude:
  - /third_party/
min-severity: low
min-confidence: medium
fail-on: high
limits: {max-file-bytes: 1000000, max-files: 10}
trust: {inline-without-reason: false}
suppressions:
  - rule: generic-password
    path: tests/**
    reason: invented for tests
    expires: 2026-08-30
  - fingerprint: 0123456789abcdef0123456789abcdef
    reason: revoked
";

#[test]
fn without_a_policy_the_repository_narrows_as_it_likes() {
    let (settings, refused) = merge("", FULL);
    assert_eq!(refused, []);
    let file = ".bartizan/config.yaml";
    let expected = [
        format!("fail-on=high (repository, {file}:8)"),
        format!("min-severity=low (repository, {file}:6)"),
        format!("min-confidence=medium (repository, {file}:7)"),
        format!("trust.inline-without-reason=false (repository, {file}:10)"),
        format!("engines.deps=false (repository, {file}:2)"),
        format!("disable-rules=noisy (repository, {file}:3)"),
        format!("exclude=/third_party/ (repository, {file}:5)"),
        format!("limits.max-file-bytes=1000000 (repository, {file}:9)"),
        format!("limits.max-files=10 (repository, {file}:9)"),
        format!("suppressions=generic-password until 2026-08-30: invented for tests (repository, {file}:12)"),
        format!("suppressions=0123456789abcdef0123456789abcdef: revoked (repository, {file}:16)"),
    ];
    assert_eq!(set(&settings), expected);
    let mut limits = Limits::default();
    settings.lower(&mut limits);
    assert_eq!((limits.max_file_bytes, limits.max_files), (1_000_000, 10));
}

#[test]
fn whatever_the_policy_forbids_is_refused_with_its_line() {
    let strict = "\
allow:
  exclude: false
  disable-engines: false
  disable-rules: [other]
  suppress: [generic-password]
  max-suppression-days: 30
  min-severity: info
  min-confidence: low
  limits: false
trust: {inline-without-reason: false}
fail-on: medium
";
    let (settings, refused) = merge(strict, &FULL.replace("inline-without-reason: false", "inline-without-reason: true"));
    let file = ".bartizan/config.yaml";
    let mut found = refusals(&refused);
    found.sort();
    let mut expected = [
        format!("{file}:2 turn the engine `deps` off"),
        format!("{file}:3 turn the rule `noisy` off"),
        format!("{file}:5 leave out files: `/third_party/`"),
        format!("{file}:6 leave out findings below `low`: the policy allows `info` at most"),
        format!("{file}:7 leave out findings less sure than `medium`: the policy allows `low` at most"),
        format!("{file}:8 fail on `high` alone: the policy fails on `medium`"),
        format!("{file}:9 lower the limit `max-file-bytes`"),
        format!("{file}:9 lower the limit `max-files`"),
        format!("{file}:10 turn `trust.inline-without-reason` on"),
        format!("{file}:12 suppress findings for more than 30 days: set `expires`"),
        format!("{file}:16 suppress findings for more than 30 days: set `expires`"),
    ];
    expected.sort();
    assert_eq!(found, expected);
    let kept = [
        "fail-on=medium (policy, policy.yaml:11)",
        "min-severity=info (repository, .bartizan/config.yaml:6)",
        "min-confidence=low (repository, .bartizan/config.yaml:7)",
        "trust.inline-without-reason=false (policy, policy.yaml:10)",
    ];
    assert_eq!(set(&settings), kept);
}

#[test]
fn suppressions_are_allowed_rule_by_rule() {
    let (settings, refused) = merge("allow: {suppress: [noisy]}", FULL);
    assert_eq!(refusals(&refused), [".bartizan/config.yaml:12 suppress findings of `generic-password`"]);
    // Which rule the other entry speaks of is known when a finding has its fingerprint.
    assert_eq!(settings.suppressions.len(), 1);
    let (settings, _) = merge("allow: {suppress: false}", FULL);
    assert!(settings.suppressions.is_empty());
}

#[test]
fn an_engine_that_the_policy_wants_stays_on() {
    let (settings, refused) = merge("engines: {deps: true, sast: false}", "engines: {deps: false, sast: true}");
    assert_eq!(
        refusals(&refused),
        [".bartizan/config.yaml:1 turn the engine `deps` off", ".bartizan/config.yaml:1 turn the engine `sast` on"]
    );
    assert_eq!(set(&settings), ["engines.sast=false (policy, policy.yaml:1)"]);
}

#[test]
fn of_thresholds_the_strictest_and_of_floors_the_highest_holds() {
    let flags = |fail_on, min_severity| Flags { fail_on, min_severity, min_confidence: None };
    let cases = [
        // policy, repository, flags: fail-on, min-severity
        ("fail-on: high", "fail-on: medium", flags(Some(Severity::Critical), None), Some(Severity::Medium), None),
        ("", "", flags(Some(Severity::Low), Some(Severity::Low)), Some(Severity::Low), Some(Severity::Low)),
        ("min-severity: low", "min-severity: medium", Flags::default(), None, Some(Severity::Medium)),
        ("min-severity: medium", "min-severity: low", Flags::default(), None, Some(Severity::Medium)),
        ("min-severity: medium", "", flags(None, Some(Severity::Info)), None, Some(Severity::Info)),
        // What the policy fails on is not hidden.
        ("fail-on: medium", "min-severity: critical", Flags::default(), Some(Severity::Medium), Some(Severity::Medium)),
        ("fail-on: medium", "", flags(None, Some(Severity::High)), Some(Severity::Medium), Some(Severity::Medium)),
    ];
    for (policy_text, repository_text, flags, fail_on, min_severity) in cases {
        let (settings, _) = Settings::merge(&policy(policy_text), Some(&repository(repository_text)), flags, today());
        assert_eq!(settings.fail_on.map(|(severity, _)| severity), fail_on, "{policy_text} {repository_text}");
        assert_eq!(settings.min_severity.map(|(severity, _)| severity), min_severity, "{policy_text} {repository_text}");
    }
}

#[test]
fn the_lowest_limit_holds() {
    let (settings, refused) = merge("limits: {max-files: 5, max-depth: 9}", "limits: {max-files: 7, max-depth: 3}");
    assert_eq!(refused, []);
    assert_eq!(set(&settings), ["limits.max-depth=3 (repository, .bartizan/config.yaml:1)", "limits.max-files=5 (policy, policy.yaml:1)"]);
    let mut limits = Limits { max_files: 2, ..Limits::default() };
    settings.lower(&mut limits);
    assert_eq!((limits.max_files, limits.max_depth), (2, 3));
}

#[test]
fn every_error_names_its_place_and_what_to_do() {
    let fingerprint = "suppressions: [{fingerprint: x, reason: r}]";
    let cases = [
        ("exlude: []", "1:1: unknown key `exlude`; did you mean `exclude`?"),
        ("trust:\n  inline: true", "2:3: unknown key `inline`; did you mean `inline-suppressions`?"),
        (
            "allow: {}",
            "1:8: a repository can't say what it is allowed to do; it belongs into the organization's policy, which `--policy` names",
        ),
        ("version: 2", "1:10: version 2 is not known; this program knows version 1"),
        ("fail-on: hihg", "1:10: unknown severity `hihg`; expected one of: critical, high, medium, low, info; did you mean `high`?"),
        ("min-confidence: [low]", "1:17: "),
        ("engines: {secrets: maybe}", "1:20: "),
        ("engines: {secret: false}", "1:19: unknown engine `secret`; did you mean `secrets`?"),
        (
            "disable-rules: [two words]",
            "1:17: \"two words\" can't be the id of a rule: expected 1 to 256 bytes without white space; give the id of a rule; `bartizan rules list` shows all",
        ),
        ("exclude: ['!keep']", "1:11: a pattern of `exclude` is empty or starts with `!`; name what is left out"),
        (
            "suppressions: [{path: a, reason: b}]",
            "1:16: a suppression names a `rule` or a `fingerprint`; to leave out files, use `exclude`",
        ),
        ("suppressions: [{rule: a}]", "1:17: the key `reason` is missing"),
        ("suppressions: [{rule: a, reason: '  '}]", "1:34: the reason is empty; say why no action is needed, for those who read it later"),
        (
            "suppressions: [{rule: '*', reason: b}]",
            "1:23: `*` is no id of a rule; give the id of one rule; to leave out files, use `exclude`",
        ),
        (
            "suppressions: [{rule: a, reason: b, expires: soon}]",
            "1:46: \"soon\" is no date; expected the like of 2026-12-31; it holds up to and including that day",
        ),
        (fingerprint, "1:30: expected 32 hexadecimal digits; copy it from a report"),
        (
            "suppressions: [{rule: a, reason: b, path: 'a//b'}]",
            "1:43: a pattern can't have two `/` in a row; patterns have the syntax of `.gitignore`, without `!`",
        ),
        ("limits: {max-files: -1}", "1:21: "),
        ("fail-on: low\nfail-on: high", "2:1: the key `fail-on` stands here twice; keep one of them"),
        ("a: &x [1]\n<<: *x", "1:1: unknown key `a`"),
        ("- a", "1:1: "),
        ("fail-on: 'low", "1:"),
    ];
    for (text, expected) in cases {
        let problems = RepositoryConfig::read("c.yaml", text.as_bytes()).unwrap_err();
        let found = problems[0].to_string();
        let found = found.strip_prefix("c.yaml:").unwrap();
        assert!(found.starts_with(expected), "{text}\n found: {found}\n expected: {expected}");
        assert!(!found.contains('\n'));
    }
}

#[test]
fn independent_errors_are_all_reported() {
    let text = "fail-on: x\nmin-severity: y\nsuppressions:\n  - rule: a\n    reason: ''\n    expires: z\n";
    let problems = RepositoryConfig::read("c.yaml", text.as_bytes()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [1, 2, 5, 6]);
}

#[test]
fn values_of_a_wrong_type_do_not_hide_other_errors() {
    let text = "exclud: [a]\nmin-confidence:\n  - low\nfail-on: x\nsuppressions:\n- rule: a\nengines: {secrets: maybe}\nversion: 2\n";
    let problems = RepositoryConfig::read("c.yaml", text.as_bytes()).unwrap_err();
    let mut lines: Vec<u32> = problems.iter().map(|problem| problem.line).collect();
    lines.sort_unstable();
    assert_eq!(lines, [1, 3, 4, 6, 7, 8]);
}

#[test]
fn a_repository_may_ask_for_more_of_the_supply_chain_and_not_for_less() {
    let policy = "deps:\n  internal: [corp-*]\n  registries: [npm.corp.example]\n  cool-down-days: 7\n  licences: {deny: [AGPL-3.0-only]}\nallow: {registries: false}\n";
    let repository =
        "deps:\n  internal: ['@corp/*']\n  registries: [evil.example]\n  cool-down-days: 3\n  licences: {allow: [AGPL-3.0-only]}\n";
    let (settings, refused) = merge(policy, repository);
    let deps = settings.deps();
    assert_eq!((deps.internal.as_slice(), deps.cool_down_days), (&["corp-*".to_owned(), "@corp/*".to_owned()][..], Some(7)));
    assert_eq!(deps.registries, ["npm.corp.example"]);
    assert_eq!(deps.licences.as_ref().and_then(|licences| licences.lists.deny.clone()), Some(vec!["AGPL-3.0-only".to_owned()]));
    assert_eq!(refused.len(), 2);
}

#[test]
fn exceptions_for_licences_end() {
    let exceptions = |date: &str| {
        let text = format!("deps:\n  licences:\n    exceptions:\n    - {{package: 'pkg:npm/a', reason: b, expires: {date}}}\n");
        let (settings, said) = merge("", &text);
        (settings.deps().licences.as_ref().map_or(0, |licences| licences.exceptions.len()), said.len())
    };
    assert_eq!(exceptions("9999-12-31"), (1, 0));
    assert_eq!(exceptions("2001-01-01"), (0, 1));
}

#[test]
fn what_is_wrong_about_the_supply_chain_is_said_with_its_line() {
    let text = "deps:\n  internal: ['*']\n  licences:\n    unknown: maybe\n    scopes: {runtme: {}}\n    exceptions:\n    - {package: left-pad, reason: b}\n    - {package: 'pkg:npm/a', reason: ' '}\n";
    let problems = RepositoryConfig::read("c.yaml", text.as_bytes()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [2, 4, 5, 7, 8]);
}

#[test]
fn empty_files_say_nothing() {
    for text in ["", "\n", "# nothing\n", "---\n", "{}"] {
        let (settings, refused) = merge("", text);
        assert_eq!((set(&settings), refused), (Vec::new(), Vec::new()), "{text:?}");
    }
}

#[test]
fn hostile_files_are_refused_quickly() {
    let mut bomb = String::from("exclude: &a0 [x]\n");
    for level in 1..20 {
        bomb.push_str(&format!("k{level}: &a{level} [{}]\n", format!("*a{},", level - 1).repeat(10)));
    }
    let deep = "[".repeat(100_000);
    let large = " ".repeat(MAX_CONFIG_BYTES + 1);
    let many = format!("suppressions:\n{}", "- {rule: a, reason: b}\n".repeat(MAX_SUPPRESSIONS + 1));
    for text in [&bomb, &deep, &large, &many, "\u{0}", "\u{feff}\u{feff}a"] {
        assert!(RepositoryConfig::read("c.yaml", text.as_bytes()).is_err());
    }
    assert_eq!(RepositoryConfig::read("c.yaml", b"a\xff").unwrap_err()[0].to_string(), "c.yaml: the file is not UTF-8 at byte 1");
    assert!(RepositoryConfig::read("c.yaml", large.as_bytes()).unwrap_err()[0].message.contains("max-config-bytes"));
    assert!(RepositoryConfig::read("c.yaml", many.as_bytes()).unwrap_err()[0].message.contains("max-suppressions"));
}

#[test]
fn published_schemas_are_up_to_date() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    for (name, schema) in [("config-1.schema.json", config_schema()), ("policy-1.schema.json", policy_schema())] {
        let path = folder.join(name);
        if std::env::var_os("BARTIZAN_BLESS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &schema).unwrap();
        }
        let published = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(published == schema, "{name} differs: run this test with BARTIZAN_BLESS=1 and commit the file");
    }
}
