use std::{fs, process::Stdio};

use crate::project::{Project, Run, token};

fn project() -> Project {
    Project::with(&[("src/app.py", &format!("import os\n\ntoken = \"{}\"\n", token(1)))])
}

#[test]
fn a_finding_is_shown_with_its_place_its_code_its_owner_and_advice() {
    let project = project();
    let run = project.scan(&[]).exits_with(0);
    let expected = "\
high ───────────────────────────────────────────────────────────────── 1 finding

src/app.py
  high[test-token]: ";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    let run = run.prints(&[
        "   --> src/app.py:3:10\n",
        "  3 | token = \"",
        "^^^^ structural, high confidence\n",
        "= owner:   unowned\n",
        "= why:     Whoever has it can run the tests.\n",
        "= fix:     Delete it. Then look at the log.\n",
        "  findings  1 high\n",
        "            1 unowned\n",
        "  bartizan explain test-token ",
    ]);
    assert!(!run.stdout.contains(&token(1)));
    assert!(!run.stdout.contains('\x1b'));
}

#[test]
fn the_exit_code_tells_whether_findings_reach_the_threshold() {
    let project = project();
    for (arguments, code) in [
        (&[][..], 0),
        (&["--fail-on", "critical"], 0),
        (&["--fail-on", "high"], 1),
        (&["--fail-on", "info", "--strict"], 1),
        (&["--strict"], 0),
        (&["--fail-on", "high", "--min-severity", "critical"], 0),
        (&["--fail-on", "high", "--skip", "secrets"], 0),
        (&["no-such-folder"], 2),
    ] {
        let _ = project.scan(arguments).exits_with(code);
    }
    project.scan(&["--fail-on", "low"]).exits_with(1).complains(&["failed: 1 finding at or over low"]);
    project.scan(&["no-such-folder"]).exits_with(2).complains(&["error[input]: no such file or directory: `no-such-folder`"]);
}

#[test]
fn every_format_is_written_and_never_holds_the_secret() {
    let project = project();
    for format in ["table", "json", "jsonl", "sarif", "gitlab", "junit", "csv", "markdown", "html"] {
        let run = project.scan(&["--format", format]).exits_with(0);
        assert!(run.stdout.contains("test-token"), "{format}: {}", run.stdout);
        assert!(!run.stdout.contains(&token(1)), "{format}");
        let file = format!("out.{format}");
        let quiet = project.scan(&["--format", format, "-o", &file]).exits_with(0);
        assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", "bartizan: 1 finding (1 high) in 1 file\n"), "{format}");
        assert!(project.read(&file).contains("test-token"), "{format}");
        fs::remove_file(project.path(&file)).unwrap();
    }
}

#[test]
fn several_reports_are_written_at_once() {
    let project = project();
    let run = project.scan(&["--report", "sarif=out.sarif", "--report", "html=out.html", "--report", "table=out.txt"]).exits_with(0);
    assert!(run.stdout.contains("high[test-token]"));
    assert!(project.read("out.sarif").contains("\"2.1.0\""));
    assert!(project.read("out.html").contains("<html"));
    assert!(project.read("out.txt").contains("high[test-token]"));
    project
        .scan(&["--report", "sarif=x", "--report", "json=x"])
        .exits_with(2)
        .complains(&["error[conflicting-reports]: two reports go to `x`"]);
    project.scan(&["--report", "sarif=-"]).exits_with(2).complains(&["two reports go to standard output"]);
}

#[test]
fn a_report_that_cannot_be_stored_exits_with_4_and_keeps_the_others() {
    let project = project();
    let run = project.scan(&["-o", "no/such/folder.txt", "--report", "json=kept.json"]).exits_with(4);
    run.complains(&["error[unwritable]: can't write `no/such/folder.txt`", "create the folder first"]);
    assert!(project.read("kept.json").contains("test-token"));
}

#[cfg(unix)]
#[test]
fn a_report_appears_whole_or_not_at_all() {
    let project = project();
    project.write("out.json", "old");
    project.scan(&["--format", "json", "-o", "out.json"]).exits_with(0);
    assert!(project.read("out.json").starts_with('{'));
    let names: Vec<_> = fs::read_dir(project.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "no temporary file is left: {names:?}");
    project.scan(&["--format", "json", "-o", "/dev/null"]).exits_with(0);
    project.scan(&["--format", "json", "-o", "/dev/full"]).exits_with(4);
}

#[cfg(unix)]
#[test]
fn secrets_are_shown_in_private_files_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = project();
    project.scan(&["--show-secrets"]).exits_with(2).complains(&["error[secrets-in-the-open]", "-o FILE"]);
    project.scan(&["--show-secrets", "-o", "/dev/null"]).exits_with(4);
    project.write("out.txt", "old");
    fs::set_permissions(project.path("out.txt"), fs::Permissions::from_mode(0o644)).unwrap();
    project.scan(&["--show-secrets", "-o", "out.txt", "--report", "json=out.json"]).exits_with(0);
    for file in ["out.txt", "out.json"] {
        assert!(project.read(file).contains(&token(1)), "{file}");
        assert_eq!(fs::metadata(project.path(file)).unwrap().permissions().mode() & 0o777, 0o600, "{file}");
    }
    // Nothing of it reaches the cache, so that the next scan shows nothing.
    let run = project.scan(&["--format", "json"]).exits_with(0);
    assert!(!run.stdout.contains(&token(1)));
}

#[test]
fn standard_input_is_a_file_of_the_given_name() {
    let project = Project::new();
    let rule = project.beside("rule.yaml");
    let text = format!("TOKEN={}\n", token(2));
    for (arguments, name) in [(&["--stdin-name", "dir/.env"][..], "dir/.env"), (&["-"], "stdin")] {
        let fixed = ["scan", "--rules", rule.to_str().unwrap()];
        project.run_on_input(text.as_bytes(), fixed.iter().chain(arguments)).exits_with(0).prints(&[&format!("--> {name}:1:7")]);
    }
}

#[test]
fn a_single_file_is_scanned_whatever_ignore_files_say() {
    let project = project();
    project.git(&["init", "-q"]);
    project.write(".gitignore", "src/\n");
    assert_eq!(project.findings(&[]).len(), 0);
    assert_eq!(project.findings(&["src/app.py"]).len(), 1);
    assert_eq!(project.findings(&["--no-ignore"]).len(), 1);
}

#[test]
fn the_result_is_the_same_with_any_number_of_threads() {
    let project = Project::new();
    for n in 0..60 {
        project.write(format!("d{}/f{n}.txt", n % 7), format!("token = {}\n{}", token(n % 13), "x\n".repeat(n as usize)));
    }
    for format in ["table", "json", "sarif", "html"] {
        let reports =
            ["1", "2", "5"].map(|n_threads| project.scan(&["--no-cache", "--format", format, "-j", n_threads]).exits_with(0).stdout);
        assert!(reports.iter().all(|report| *report == reports[0]), "{format}");
    }
}

#[test]
fn quiet_prints_findings_alone_and_verbose_prints_notes() {
    let project = project();
    let run = project.scan(&["-q", "--fail-on", "low"]).exits_with(1);
    assert!(run.stdout.contains("high[test-token]") && !run.stdout.contains("summary"), "{}", run.stdout);
    assert_eq!(run.stderr, "");
    project.scan(&["-v"]).exits_with(0).complains(&["taken from the cache", "done in "]);
}

#[test]
fn the_table_fits_narrow_and_wide_terminals() {
    let project = project();
    project.write(format!("{}/x.env", "a-rather-long-folder-name/".repeat(6)), format!("{} = {}", "k".repeat(300), token(3)));
    let rule = project.beside("rule.yaml");
    for columns in [40, 50, 80, 200] {
        let run = project.run_with(&[("COLUMNS", &columns.to_string())], ["scan", "--rules", rule.to_str().unwrap()]).exits_with(0);
        for line in run.stdout.lines() {
            assert!(line.chars().count() <= columns.min(110), "{columns}: {line}");
        }
    }
}

#[test]
fn colors_mark_the_severity_and_nothing_else_changes() {
    let project = project();
    let plain = project.scan(&["--color", "never"]).exits_with(0).stdout;
    let colored = project.scan(&["--color", "always"]).exits_with(0).stdout;
    assert!(colored.contains("\x1b[1;91mhigh[test-token]:\x1b[0m"), "{colored}");
    let mut parts = colored.split('\x1b');
    let first = parts.next().unwrap().to_owned();
    let stripped = parts.fold(first, |text, part| text + part.split_once('m').unwrap().1);
    assert_eq!(stripped, plain);
}

#[test]
fn a_reader_that_stops_early_does_not_change_the_exit_code() {
    let project = Project::new();
    for n in 0..300 {
        project.write(format!("f{n}.txt"), format!("token = {}\n", token(n)));
    }
    let rule = project.beside("rule.yaml");
    for format in ["table", "json", "sarif"] {
        let mut command = project.command();
        command.args(["scan", "--rules", rule.to_str().unwrap(), "--fail-on", "high", "--format", format]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!(run.code, 1, "{format}: {}", run.stderr);
        assert!(!run.stderr.contains("error"), "{format}: {}", run.stderr);
    }
}

#[test]
fn ids_of_secrets_depend_on_the_key() {
    let project = project();
    let rule = project.beside("rule.yaml");
    let with = |variables: &[(&str, &str)]| {
        project.run_with(variables, ["scan", "--format", "json", "--rules", rule.to_str().unwrap()]).exits_with(0).stdout
    };
    let first = with(&[]);
    assert_eq!(first, with(&[]), "the installation's key is kept");
    assert!(project.home().join(".local/share/bartizan/identity.key").is_file());
    let named = with(&[("BARTIZAN_IDENTITY_KEY", "0123456789abcdef0123456789abcdef")]);
    assert_ne!(first, named);
    project.write("../key", "0123456789abcdef0123456789abcdef\n");
    assert_eq!(named, with(&[("BARTIZAN_IDENTITY_KEY_FILE", "../key"), ("BARTIZAN_IDENTITY_KEY", "overruled overruled")]));
    project.run_with(&[("BARTIZAN_IDENTITY_KEY", "short")], ["scan"]).exits_with(2).complains(&[
        "error[identity-key]",
        "BARTIZAN_IDENTITY_KEY",
        "openssl rand",
    ]);
    project.run_with(&[("BARTIZAN_IDENTITY_KEY_FILE", "nowhere")], ["scan"]).exits_with(2).complains(&["can't read `nowhere`"]);
}

#[cfg(unix)]
#[test]
fn the_installations_key_is_private_and_a_home_that_cannot_be_written_is_noted() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = project();
    project.scan(&[]).exits_with(0);
    let key = project.home().join(".local/share/bartizan/identity.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::write(&key, "x").unwrap();
    project.scan(&[]).exits_with(2).complains(&["error[identity-key]", "identity.key", "delete the file"]);
    let rule = project.beside("rule.yaml");
    let run = project.run_with(&[("XDG_DATA_HOME", "/proc/no")], ["scan", "--rules", rule.to_str().unwrap()]).exits_with(0);
    run.complains(&["ids of secrets hold for this run alone"]);
}
