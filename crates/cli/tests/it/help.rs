use std::process::Stdio;

use crate::project::{Project, Run};

#[test]
fn every_command_explains_itself_with_examples() {
    let project = Project::new();
    for command in [
        &["scan"][..],
        &["fix"],
        &["sbom"],
        &["deps"],
        &["policy"],
        &["import"],
        &["findings"],
        &["audit"],
        &["k8s"],
        &["k8s", "admission"],
        &["k8s", "policies"],
        &["k8s", "rbac-paths"],
        &["k8s", "review"],
        &["licenses"],
        &["rules"],
        &["explain"],
        &["baseline"],
        &["config"],
        &["debug"],
        &["doctor"],
        &["completions"],
        &["man"],
    ] {
        let run = project.run(command.iter().chain(&["--help"])).exits_with(0).prints(&["Usage: bartizan", "Examples:"]);
        assert!(!run.stdout.contains('\x1b'), "{command:?}");
        assert!(run.stdout.lines().all(|line| line.chars().count() <= 100), "{command:?}");
    }
}

#[test]
fn wrong_usage_exits_with_2_and_says_what_is_right() {
    let project = Project::new();
    for (arguments, texts) in [
        (&["scna"][..], &["unrecognized subcommand 'scna'", "scan"][..]),
        (&["scan", "--formt", "json"], &["--formt", "--format"]),
        (&["scan", "--format", "jsn"], &["json"]),
        (&["scan", "--fail-on", "bad"], &["critical, high, medium, low, info"]),
        (&["scan", "--report", "sarif"], &["FORMAT=FILE"]),
        (&["scan", "--report", "srf=x"], &["unknown format `srf`"]),
        (&["scan", "--max-file-size", "1parsec"], &["25MiB"]),
        (&["scan", "--staged", "--since", "x"], &["cannot be used with"]),
        (&["scan", "-j", "0"], &["--threads"]),
        (&["scan", "--only", "nothing"], &["secrets"]),
        (&["explain", "file-too-larg"], &["error[unknown-rule]", "did you mean `file-too-large`?"]),
        (&["rules", "show", "no-such-rule"], &["error[unknown-rule]: no rule is named `no-such-rule`"]),
    ] {
        let run = project.run(arguments).exits_with(2).complains(texts);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
    let run = project.run::<&str>([]).exits_with(2);
    assert!(run.stderr.contains("Usage:"));
}

#[test]
fn the_version_is_printed() {
    Project::new().run(["--version"]).exits_with(0).prints(&[concat!("bartizan ", env!("CARGO_PKG_VERSION"))]);
}

#[test]
fn completions_and_manual_pages_are_made() {
    let project = Project::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        project.run(["completions", shell]).exits_with(0).prints(&["bartizan", "scan"]);
    }
    project.run(["man"]).exits_with(0).prints(&[".TH bartizan 1", "doctor"]);
    project.run(["man", "--dir", "pages"]).exits_with(0);
    assert!(project.read("pages/bartizan-rules-list.1").contains(".TH"));
    assert!(!project.path("pages/bartizan-docs.1").exists());
}

#[test]
fn the_generated_pages_of_the_book_are_whole() {
    let project = Project::new();
    project.run(["docs", "cli"]).exits_with(0).prints(&["## `bartizan scan`", "| `--fail-on SEVERITY` |", "## Exit codes"]);
    project.run(["docs", "diagnostics"]).exits_with(0).prints(&["## `file-too-large`", "**What to do.**"]);
    project.run(["docs", "rules"]).exits_with(0).prints(&["# Rules"]);
}

#[test]
fn kinds_of_diagnostics_are_explained() {
    let project = Project::new();
    project.run(["explain", "link-not-followed"]).exits_with(0).prints(&["link-not-followed  note", "What to do"]);
    let run = project.run(["explain", "unreadable", "--format", "json"]).exits_with(0);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["level"], "incomplete");
}

#[test]
fn colors_are_used_where_they_are_asked_for() {
    let project = Project::new();
    let explain = ["explain", "unreadable"];
    let has_colors = |variables: &[(&str, &str)], extra: &[&str]| {
        let run = project.run_with(variables, explain.iter().chain(extra)).exits_with(0);
        run.stdout.contains('\x1b')
    };
    assert!(!has_colors(&[], &[]));
    assert!(has_colors(&[], &["--color", "always"]));
    assert!(has_colors(&[("CLICOLOR_FORCE", "1")], &[]));
    assert!(!has_colors(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]));
    assert!(!has_colors(&[("CLICOLOR_FORCE", "1")], &["--color=never"]));
    assert!(!has_colors(&[("TERM", "dumb")], &[]));
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let project = Project::new();
    for arguments in [&["docs", "cli"][..], &["--help"], &["rules", "list", "--format", "json"], &["completions", "zsh"]] {
        let mut child = project.command().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{arguments:?}");
    }
}

#[test]
fn pages_fit_a_narrow_terminal() {
    let project = Project::new();
    for arguments in [&["explain", "archive-limit"][..], &["doctor"], &["rules", "list"]] {
        let run = project.run_with(&[("COLUMNS", "40")], arguments).exits_with(0);
        for line in run.stdout.lines() {
            assert!(line.chars().count() <= 40, "{arguments:?}: {line}");
        }
    }
}
