//! Trees that somebody built to do harm: nothing hangs, nothing outside is read, nothing else is lost.

use std::{
    fs::{self, File},
    os::unix::{
        ffi::OsStrExt,
        fs::{PermissionsExt, symlink},
        net::UnixListener,
    },
    process::Command,
};

use bartizan_core::DiagnosticKind;
use bartizan_source::{Input, Interest, Options, SourceError, discover};

use crate::support::{Folder, Seen, look, look_into};

fn make_pipe(folder: &Folder, path: &str) {
    let status = Command::new("mkfifo").arg(folder.join(path)).status().unwrap();
    assert!(status.success());
}

#[test]
fn loops_of_links_end() {
    let folder = Folder::with(&[("a/b/file", "x")]);
    symlink(folder.path(), folder.join("a/b/up")).unwrap();
    symlink(folder.join("self"), folder.join("self")).unwrap();
    let seen = folder.look();
    assert_eq!(seen.paths(), ["a/b/file"]);
    assert_eq!(seen.problems(), [(DiagnosticKind::LinkNotFollowed, "self".to_owned())]);
}

#[test]
fn links_out_of_the_root_are_not_followed() {
    let outside = Folder::with(&[("secret", "x")]);
    let folder = Folder::with(&[("a", "x")]);
    symlink(outside.path(), folder.join("folder")).unwrap();
    symlink(outside.join("secret"), folder.join("file")).unwrap();
    symlink("../../../../etc/passwd", folder.join("relative")).unwrap();
    symlink("a", folder.join("inside")).unwrap();
    symlink("nowhere", folder.join("dangling")).unwrap();
    let seen = folder.look();
    assert_eq!(seen.paths(), ["a"]);
    let expected = ["file", "folder", "relative"].map(|path| (DiagnosticKind::LinkNotFollowed, path.to_owned()));
    assert_eq!(seen.problems(), expected);
}

#[test]
fn a_file_that_becomes_a_link_is_not_followed() {
    let outside = Folder::with(&[("secret", "x")]);
    let folder = Folder::with(&[("a", "x")]);
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    fs::remove_file(folder.join("a")).unwrap();
    symlink(outside.join("secret"), folder.join("a")).unwrap();
    let mut seen = Seen::default();
    look_into(&discovery.files[0], &Options::default(), &mut |_| Interest::Text, &mut seen);
    assert_eq!(seen.files, []);
    assert_eq!(seen.problems(), [(DiagnosticKind::LinkNotFollowed, "a".to_owned())]);
}

#[test]
fn pipes_and_sockets_are_not_opened() {
    let folder = Folder::with(&[("a", "x")]);
    make_pipe(&folder, "pipe");
    let _socket = UnixListener::bind(folder.join("socket")).unwrap();
    let seen = folder.look();
    assert_eq!(seen.paths(), ["a"]);
    let expected = ["pipe", "socket"].map(|path| (DiagnosticKind::SpecialFile, path.to_owned()));
    assert_eq!(seen.problems(), expected);
}

#[test]
fn a_file_that_becomes_a_pipe_does_not_wait() {
    let folder = Folder::with(&[("a", "x")]);
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    fs::remove_file(folder.join("a")).unwrap();
    make_pipe(&folder, "a");
    let mut seen = Seen::default();
    look_into(&discovery.files[0], &Options::default(), &mut |_| Interest::Text, &mut seen);
    assert_eq!(seen.problems(), [(DiagnosticKind::SpecialFile, "a".to_owned())]);
}

#[test]
fn a_pipe_and_a_device_are_no_files_to_scan() {
    let folder = Folder::new();
    make_pipe(&folder, "pipe");
    for path in [folder.join("pipe"), "/dev/zero".into()] {
        let error = discover(&Input::File(path), &Options::default(), &|_| {}).unwrap_err();
        assert!(matches!(error, SourceError::NotAFile { .. }));
    }
}

#[test]
fn an_ignore_file_that_is_a_pipe_or_a_link_is_not_read() {
    let folder = Folder::with(&[("a", "x"), ("sub/b", "x")]);
    make_pipe(&folder, ".bartizanignore");
    symlink("/dev/zero", folder.join("sub/.bartizanignore")).unwrap();
    let seen = folder.look();
    assert_eq!(seen.paths(), ["a", "sub/b"]);
    let expected = [
        (DiagnosticKind::SpecialFile, ".bartizanignore".to_owned()),
        (DiagnosticKind::Configuration, ".bartizanignore".to_owned()),
        (DiagnosticKind::LinkNotFollowed, "sub/.bartizanignore".to_owned()),
        (DiagnosticKind::Configuration, "sub/.bartizanignore".to_owned()),
    ];
    assert_eq!(seen.problems(), expected);
}

#[test]
fn an_ignore_file_without_end_ignores_nothing() {
    let folder = Folder::with(&[("a", "x")]);
    folder.write(".bartizanignore", "a\n".repeat(200_000).as_bytes());
    let seen = folder.look();
    assert_eq!(seen.limits(), ["max-ignore-file-bytes"]);
    assert!(seen.paths().contains(&"a"));
}

#[test]
fn unreadable_folders_and_files_are_reported_and_the_rest_is_read() {
    let folder = Folder::with(&[("closed/a", "x"), ("b", "x"), ("c", "x")]);
    let set_mode = |path: &str, mode| fs::set_permissions(folder.join(path), fs::Permissions::from_mode(mode)).unwrap();
    set_mode("closed", 0o000);
    set_mode("b", 0o000);
    let is_root = fs::read_dir(folder.join("closed")).is_ok();
    let seen = folder.look();
    set_mode("closed", 0o700);
    if is_root {
        return;
    }
    assert_eq!(seen.paths(), ["c"]);
    assert_eq!(seen.problems(), ["closed", "b"].map(|path| (DiagnosticKind::Unreadable, path.to_owned())));
}

#[test]
fn a_sparse_file_of_two_gibibytes_is_not_read() {
    let folder = Folder::with(&[("a", "x")]);
    File::create(folder.join("sparse")).unwrap().set_len(2 << 30).unwrap();
    let seen = folder.look();
    assert_eq!(seen.paths(), ["a"]);
    assert_eq!(seen.problems(), [(DiagnosticKind::FileTooLarge, "sparse".to_owned())]);
}

#[test]
fn names_with_line_breaks_and_bytes_that_are_no_text_are_names() {
    let folder = Folder::new();
    for name in [b"a\nb".as_slice(), b"caf\xe9", b"\xff\xfe", b"-rf", b"a\\b", b" "] {
        fs::write(folder.path().join(std::ffi::OsStr::from_bytes(name)), "x").unwrap();
    }
    let seen = folder.look();
    assert_eq!(seen.paths(), [" ", "-rf", "a\\x0ab", "a\\b", "caf\\xe9", "\\xff\\xfe"]);
    assert_eq!(seen.problems, []);
}

#[test]
fn folders_too_deep_are_reported() {
    let folder = Folder::with(&[("1/2/3/4/a", "x"), ("1/2/b", "x")]);
    let mut options = Options::default();
    options.limits.max_depth = 2;
    let seen = folder.look_with(&options);
    assert_eq!(seen.paths(), ["1/2/b"]);
    assert_eq!(seen.problems(), [(DiagnosticKind::TooDeep, "1/2/3".to_owned())]);
    assert_eq!(seen.limits(), ["max-depth"]);
}

#[test]
fn a_thousand_problems_are_enough() {
    let folder = Folder::new();
    for number in 0..1_100 {
        symlink("/etc", folder.join(&format!("link{number:04}"))).unwrap();
    }
    let seen = folder.look();
    assert_eq!(seen.problems.len(), 1_001);
    assert_eq!(seen.problems[1_000].reason, "100 more of this kind");
    assert_eq!(seen.limits(), ["max-diagnostics-per-kind"]);
}

#[test]
fn invalid_utf8_is_read_all_the_same() {
    let folder = Folder::new();
    folder.write("latin", b"pass = \"caf\xe9\"");
    folder.write("cut", "\u{e9}".repeat(20).as_bytes().strip_suffix(b"\xa9").unwrap());
    let seen = folder.look();
    let texts = seen.texts();
    assert_eq!(texts["latin"], "pass = \"caf\u{e9}\"");
    assert!(texts["cut"].ends_with("\u{e9}\u{fffd}"));
    assert_eq!(seen.problems(), [(DiagnosticKind::Decoding, "cut".to_owned())]);
}

#[test]
fn a_line_of_a_hundred_megabytes_is_read() {
    let folder = Folder::new();
    folder.write("line", &vec![b'x'; 100 << 20]);
    let seen = folder.look();
    assert_eq!(seen.files[0].1.len(), 100 << 20);
    assert_eq!(seen.problems, []);
}

#[test]
fn a_link_as_the_root_is_followed() {
    let folder = Folder::with(&[("real/a", "x")]);
    symlink(folder.join("real"), folder.join("link")).unwrap();
    assert_eq!(look(&Input::Tree(folder.join("link")), &Options::default()).paths(), ["a"]);
}
