use super::*;
use crate::fixture::{check, lines, scan};

#[test]
fn names_of_dockerfiles() {
    let claimed = |path: &str| {
        let mut info = FileInfo::new(path.into(), 1);
        info.language = Language::of_path(&path.into());
        claims(&info)
    };
    for path in ["Dockerfile", "a/Containerfile", "Dockerfile.prod", "web.Dockerfile", "Dockerfile-dev", ".dockerignore", "a.dockerignore"]
    {
        assert!(claimed(path), "{path}");
    }
    for path in ["dockerfile.rs", "docker.md", "docker-compose.yml", "main.go", "Dockerfile.hadolint"] {
        assert!(!claimed(path), "{path}");
    }
}

#[test]
fn other_names_are_told_by_what_is_in_them() {
    check(
        &[("Dockerfile-dev", "# x\nFROM debian:latest\n"), ("docker-notes", "From: me\n")],
        &["image-tag-latest"],
        &["Dockerfile-dev:2 image-tag-latest"],
    );
}

#[test]
fn a_bad_line_does_not_hide_others() {
    let scanned = scan(&[("Dockerfile", "FROM debian:12\nINSTALL x\nUSER root\n")]);
    assert_eq!(scanned.diagnostics.len(), 1);
    assert!(lines(&scanned).contains(&"Dockerfile:3 container-user-root".to_owned()));
}

#[test]
fn users_that_only_the_build_knows_are_not_known() {
    let rules = &["container-user-root", "container-user-missing"];
    check(&[("Dockerfile", "FROM debian:12\nARG UID\nUSER $UID\n")], rules, &["Dockerfile:3 container-user-root (not known)"]);
    check(&[("Dockerfile", "FROM debian:12\nARG UID=0\nUSER ${UID}\n")], rules, &["Dockerfile:3 container-user-root"]);
    check(&[("Dockerfile", "ARG BASE\nFROM $BASE\n")], rules, &["Dockerfile:2 container-user-missing (not known)"]);
    check(&[("Dockerfile", "FROM scratch\nCOPY a /\n")], rules, &[]);
}

#[test]
fn images_by_variables() {
    let rules = &["image-tag-latest", "image-tag-missing"];
    check(
        &[(
            "Dockerfile",
            "ARG TAG=latest\nARG OTHER\nFROM debian:$TAG\nFROM debian:$OTHER\nFROM registry:5000/debian\nFROM debian:${OTHER:-latest}\n",
        )],
        rules,
        &["Dockerfile:3 image-tag-latest", "Dockerfile:5 image-tag-missing", "Dockerfile:6 image-tag-latest"],
    );
}

#[test]
fn here_documents_are_scripts() {
    let text = "FROM debian:12\nRUN <<EOF\nset -e\ncurl -k https://example.com\nEOF\nCOPY <<EOF /x\ncurl -k\nEOF\nRUN python3 <<EOF\ncurl -k\nEOF\n";
    check(&[("Dockerfile", text)], &["curl-tls-check-off"], &["Dockerfile:4 curl-tls-check-off"]);
}

#[test]
fn continued_lines_have_the_places_of_the_file() {
    let text = "FROM debian:12\nRUN set -e; \\\n    # why\n    wget --no-check-certificate \\\n      https://example.com\n";
    check(&[("Dockerfile", text)], &["wget-tls-check-off"], &["Dockerfile:4 wget-tls-check-off"]);
}

#[test]
fn windows_paths_are_no_continuations() {
    let text = "# escape=`\nFROM mcr.microsoft.com/windows:1\nWORKDIR C:\\\nRUN dir `\n  C:\\\nUSER ContainerUser\n";
    let scanned = scan(&[("Dockerfile", text)]);
    assert!(scanned.diagnostics.is_empty());
    assert_eq!(lines(&scanned).iter().filter(|line| line.contains("workdir") || line.contains("user")).count(), 0, "{:?}", lines(&scanned));
}

#[test]
fn ignored_files_are_looked_for_up_to_the_root() {
    let dockerfile = "FROM debian:12\nUSER 1\nCOPY . /app\n";
    let rules = &["context-copied-whole"];
    check(&[("a/b/Dockerfile", dockerfile), (".dockerignore", "**/.git\n**/.env\n"), ("a/.env", "")], rules, &[]);
    check(&[("a/Dockerfile", dockerfile), ("a/.dockerignore", "*\n!src\n"), ("a/.env", "")], rules, &[]);
    check(&[("a/Dockerfile", dockerfile), ("a/.dockerignore", "x\n"), ("a/k.pem", "")], rules, &["a/Dockerfile:3 context-copied-whole"]);
    check(&[("a/Dockerfile", dockerfile), ("a/Dockerfile.dockerignore", "*.pem\n"), ("a/k.pem", "")], rules, &[]);
}

#[test]
fn secrets_are_not_told() {
    let scanned = scan(&[("Dockerfile", "FROM a:1\nENV DB_PASSWORD=hunter2\nRUN curl -u a:hunter2 https://b\n")]);
    assert_eq!(lines(&scanned).iter().filter(|line| line.contains("secret-")).count(), 2);
    for finding in &scanned.findings {
        assert!(!format!("{} {:?}", finding.message, finding.evidence).contains("hunter2"), "{}", finding.message);
    }
}

#[test]
fn fixes_close_what_they_fix() {
    for (text, rule, expected) in [
        ("FROM a:1\nADD b c/\n", "add-instead-of-copy", "FROM a:1\nCOPY b c/\n"),
        ("FROM a:1\nMAINTAINER Me\n", "maintainer-deprecated", "FROM a:1\nLABEL org.opencontainers.image.authors=\"Me\"\n"),
        ("FROM a:1\nRUN apt-get install b\n", "apt-may-ask", "FROM a:1\nRUN apt-get install -y b\n"),
        ("FROM a:1\nRUN apk add b\n", "apk-cache-kept", "FROM a:1\nRUN apk add --no-cache b\n"),
        ("FROM a:1\nCOPY b c /d\n", "copy-target-not-folder", "FROM a:1\nCOPY b c /d/\n"),
    ] {
        let scanned = scan(&[("Dockerfile", text)]);
        let finding = scanned.findings.iter().find(|finding| finding.rule.as_str() == rule).unwrap();
        let edit = finding.fixes.first().unwrap().edits.first().unwrap();
        let mut fixed = text.to_owned();
        fixed.replace_range(edit.range.start()..edit.range.end(), &edit.replacement);
        assert_eq!(fixed, expected);
        assert!(!lines(&scan(&[("Dockerfile", &fixed)])).iter().any(|line| line.ends_with(rule)), "{rule}");
    }
}

#[test]
fn limits_end_what_is_too_long() {
    let scanned = scan(&[("Dockerfile", &"FROM a\n".repeat(20_000))]);
    assert!(scanned.diagnostics.iter().any(|diagnostic| diagnostic.kind == DiagnosticKind::EngineLimit));
    let scanned = scan(&[("Dockerfile", &format!("FROM a\nRUN {}", "a;".repeat(50_000)))]);
    assert!(scanned.diagnostics.iter().any(|diagnostic| diagnostic.kind == DiagnosticKind::EngineLimit));
}

/// Numbers that are the same in each run.
fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(seed.wrapping_mul(2).wrapping_add(1)), |last| {
        Some(last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    })
    .map(|number| usize::try_from(number >> 33).unwrap())
}

#[test]
fn cut_and_mangled_files_are_read() {
    let examples: serde_json::Value = serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/examples.json"))).unwrap();
    let samples = examples
        .as_object()
        .unwrap()
        .values()
        .flat_map(|rule| ["bad", "good"].map(|kind| rule[kind].as_array().cloned().unwrap_or_default()));
    let samples: Vec<String> = samples.flatten().filter_map(|sample| Some(sample.get("dockerfile")?.as_str()?.to_owned())).collect();
    assert!(50 < samples.len());
    for (seed, sample) in (0..).zip(&samples) {
        let mut numbers = numbers(seed);
        let mut next = |below: usize| numbers.next().unwrap() % below.max(1);
        for _ in 0..8 {
            let mut text: Vec<char> = sample.chars().collect();
            text.truncate(next(text.len()));
            for _ in 0..next(4) {
                let at = next(text.len());
                let odd = ['"', '\'', '\\', '\n', '$', '{', '<', '`', '[', '\u{e9}', '(', ')'][next(12)];
                text.insert(at, odd);
            }
            let text: String = text.into_iter().collect();
            scan(&[("Dockerfile", &text)]);
        }
    }
}

#[test]
fn long_files_end_soon() {
    for part in ["apk add a;", "apt-get update;", "curl http://a;", "curl a|sh;", "eval \"$(eval \"$(", "$(", "a=`", "cd /a && ", "<<A "] {
        let line = format!("RUN {}\n", part.repeat(20_000 / part.len()));
        scan(&[("Dockerfile", &format!("FROM a:1\n{}", line.repeat(20)))]);
    }
    let many = |line: &str| format!("FROM a:1 AS x\n{}", line.repeat(8_000));
    for line in ["RUN apt-get update\n", "ENV A=$A$A B=${A}x\n", "FROM x AS x\n", "COPY --from=x a b c\n", "ARG TOKEN\n", "USER $A\n"] {
        scan(&[("Dockerfile", &many(line))]);
    }
}

#[test]
fn managers_without_versions_are_not_asked_for_them() {
    let scanned = scan(&[("Dockerfile", "FROM archlinux:1\nRUN pacman -Sy --noconfirm a\n")]);
    assert!(!lines(&scanned).iter().any(|line| line.contains("unpinned")), "{:?}", lines(&scanned));
}
