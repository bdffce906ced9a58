//! What a hostile or broken tree does to a scan: a diagnostic each, nothing else lost.
#![cfg(unix)]

use std::{
    ffi::OsStr,
    fs,
    io::Write as _,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
};

use crate::project::{Project, token};

/// A project with one finding, whatever else it holds.
fn project() -> Project {
    Project::with(&[("good.env", &format!("TOKEN={}\n", token(1)))])
}

/// Scans, and expects the one finding, the diagnostics and the exit code under `--strict`.
#[track_caller]
fn check(project: &Project, arguments: &[&str], kinds: &[&str], code: i32) {
    let run = project.scan(&[&["--format", "json", "--strict"], arguments].concat()).exits_with(code);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1, "{}", run.stdout);
    let found: Vec<_> = report["diagnostics"].as_array().unwrap().iter().map(|diagnostic| diagnostic["kind"].as_str().unwrap()).collect();
    for kind in kinds {
        assert!(found.contains(kind), "{kind} is not in {found:?}");
    }
    if code == 3 {
        let _ = project.scan(arguments).exits_with(0);
    }
}

#[test]
fn links_that_loop_or_lead_out_are_noted() {
    let project = project();
    fs::create_dir(project.path("loop")).unwrap();
    symlink("..", project.path("loop/up")).unwrap();
    symlink("self", project.path("self")).unwrap();
    symlink("/etc", project.path("out")).unwrap();
    symlink("nowhere", project.path("dangling")).unwrap();
    check(&project, &[], &["link-not-followed"], 0);
}

#[test]
fn pipes_and_sockets_are_not_opened() {
    let project = project();
    assert!(std::process::Command::new("mkfifo").arg(project.path("pipe.env")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(project.path("socket")).unwrap();
    check(&project, &[], &["special-file"], 0);
    project.scan(&["pipe.env"]).exits_with(2).complains(&["not a regular file: `pipe.env`"]);
    project.scan(&["/dev/zero"]).exits_with(2).complains(&["not a regular file: `/dev/zero`"]);
}

#[test]
fn a_large_file_is_skipped_and_said() {
    let project = project();
    fs::File::create(project.path("sparse.env")).unwrap().set_len(2 << 30).unwrap();
    check(&project, &[], &["file-too-large"], 3);
    project.write("over.env", "x".repeat(5000));
    fs::remove_file(project.path("sparse.env")).unwrap();
    check(&project, &["--max-file-size", "4KiB"], &["file-too-large"], 3);
    check(&project, &[], &[], 0);
}

#[test]
fn a_line_of_many_megabytes_is_scanned() {
    let project = Project::new();
    let mut line = "a b=1;".repeat(512 << 10);
    line.push_str(&token(5));
    project.write("line.js", &line);
    let run = project.scan(&["--strict"]).exits_with(0).prints(&["line.js:1:3145729"]);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn names_that_are_not_text_cannot_forge_a_line() {
    let project = project();
    fs::remove_file(project.path("good.env")).unwrap();
    let name = OsStr::from_bytes(b"a\n\x1b[31mcritical\xff.env");
    fs::write(project.path(name), format!("TOKEN={}\n", token(1))).unwrap();
    let run = project.scan(&[]).exits_with(0).prints(&["--> a\\x0a\\x1b[31mcritical\\xff.env:1:7"]);
    assert!(!run.stdout.contains('\x1b'));
    check(&project, &[], &[], 0);
}

#[test]
fn text_that_is_not_utf_8_is_scanned() {
    let project = Project::new();
    let mut bytes = b"caf\xe9 \x9b2J = ".to_vec();
    bytes.extend(token(1).bytes());
    project.write("latin.txt", &bytes);
    let utf16: Vec<u8> = [0xfeff].into_iter().chain(token(2).encode_utf16()).flat_map(u16::to_le_bytes).collect();
    project.write("utf16.txt", &utf16);
    let run = project.scan(&["--strict"]).exits_with(0).prints(&["latin.txt:1:", "utf16.txt:1:1"]);
    assert!(!run.stdout.contains(['\u{9b}', '\x1b']));
}

#[test]
fn what_cannot_be_read_makes_the_scan_incomplete() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = project();
    project.write("closed/inner.env", "x");
    let closed = project.path("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // The administrator reads everything, so that there is nothing to see.
    if fs::read_dir(&closed).is_err() {
        check(&project, &[], &["unreadable"], 3);
        project.scan(&[]).exits_with(0).prints(&["incomplete[unreadable]:", "--> closed", "result    incomplete: 1 problem above"]);
    }
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn broken_archives_are_said_and_the_rest_is_scanned() {
    let project = project();
    project.write("broken.zip", b"PK\x03\x04 this is no archive at all, but long enough to look into");
    project.write("broken.tar.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03 no deflate stream here, sorry");
    check(&project, &[], &["archive-unreadable"], 3);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn an_archive_that_grows_without_end_is_stopped() {
    let project = project();
    project.write("bomb.txt.gz", gzip(&vec![b'0'; 48 << 20]));
    check(&project, &[], &["archive-limit"], 3);
}

#[test]
fn archives_in_archives_are_opened_to_a_depth() {
    let project = Project::new();
    let nested = |levels: usize| (0..levels).fold(format!("TOKEN={}\n", token(1)).into_bytes(), |bytes, _| gzip(&bytes));
    project.write("shallow.txt.gz.gz", nested(2));
    check(&project, &[], &[], 0);
    project.write(format!("deep.txt{}", ".gz".repeat(40)), nested(40));
    check(&project, &[], &["archive-limit"], 3);
}

#[test]
fn a_broken_configuration_is_said_with_its_place_and_the_scan_goes_on() {
    let project = project();
    project.write(".bartizan/config.yaml", "version: [\n");
    check(&project, &[], &["configuration"], 3);
    check(&project, &["--no-repo-config"], &[], 0);
    project.write("policy.yaml", "nonsense: true\n");
    project.scan(&["--policy", "policy.yaml"]).exits_with(2).complains(&["error[configuration]:", "--> policy.yaml:1:1"]);
    project.write("baseline.json", "{ \"version\": 1, ");
    project.scan(&["--baseline", "baseline.json"]).exits_with(2).complains(&["error[baseline]:", "baseline.json"]);
}
