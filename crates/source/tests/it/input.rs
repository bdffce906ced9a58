//! Single files and standard input, and how much is read for whom.

use bartizan_core::DiagnosticKind;
use bartizan_source::{Content, ContentKind, Encoding, Input, Interest, Options, SourceError, discover};

use crate::support::{Folder, Seen, look, look_at_bytes, look_into};

#[test]
fn a_named_file_is_looked_at_even_if_it_is_ignored() {
    let folder = Folder::with(&[(".bartizanignore", "*\n"), ("node_modules/a.js", "key")]);
    let seen = look(&Input::File(folder.join("node_modules/a.js")), &Options::default());
    assert_eq!(seen.files, [("a.js".to_owned(), "key".to_owned())]);
}

#[test]
fn a_folder_is_no_file() {
    let folder = Folder::new();
    let error = discover(&Input::File(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap_err();
    assert!(matches!(error, SourceError::NotAFile { .. }));
}

#[test]
fn standard_input_has_the_name_that_it_is_given() {
    assert_eq!(look_at_bytes("a/b.py", b"x = 1", &Options::default()).files, [("a/b.py".to_owned(), "x = 1".to_owned())]);
    assert_eq!(look_at_bytes("", b"x", &Options::default()).paths(), ["stdin"]);
}

#[test]
fn engines_get_as_much_as_they_want() {
    let folder = Folder::with(&[("a.txt", "text")]);
    folder.write("b.bin", b"\0\0\0\0");
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    for (interest, expected) in [
        (Interest::None, [].as_slice()),
        (Interest::Path, &["<unread>", "<unread>"]),
        (Interest::Text, &["text", "<binary>"]),
        (Interest::Bytes, &["text", "<binary>"]),
    ] {
        let mut seen = Seen::default();
        for file in &discovery.files {
            look_into(file, &Options::default(), &mut |_| interest, &mut seen);
        }
        let contents: Vec<_> = seen.files.iter().map(|file| file.1.as_str()).collect();
        assert_eq!(contents, expected, "{interest:?}");
        assert_eq!(seen.problems, []);
    }
}

#[test]
fn bytes_are_those_on_disk_and_text_is_decoded() {
    let folder = Folder::new();
    folder.write("a", b"\xff\xfek\0");
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    let mut n_visits = 0;
    discovery.files[0].open(&Options::default(), &mut Vec::new(), &mut |_| Interest::Bytes, &mut |info, content| {
        n_visits += 1;
        assert_eq!(content, &Content { bytes: b"\xff\xfek\0", text: Some("k".into()), kind: ContentKind::Text(Encoding::Utf16Le) });
        assert_eq!(info.size_bytes, 4);
    });
    assert_eq!(n_visits, 1);
}

#[test]
fn files_of_all_sizes_are_read_whole() {
    let folder = Folder::new();
    for size in [0, 1, 511, 512, 513, 65_535, 65_536, 65_537, 200_000] {
        folder.write("a", "x".repeat(size).as_bytes());
        let seen = look(&Input::File(folder.join("a")), &Options::default());
        assert_eq!(seen.files[0].1.len(), size);
    }
}

#[test]
fn a_file_that_grew_after_it_was_found_is_read_whole() {
    let folder = Folder::with(&[("a", "x")]);
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    folder.write("a", "y".repeat(100_000).as_bytes());
    let mut seen = Seen::default();
    look_into(&discovery.files[0], &Options::default(), &mut |_| Interest::Text, &mut seen);
    assert_eq!(seen.files[0].1.len(), 100_000);
}

#[test]
fn a_file_over_the_limit_is_reported_and_the_others_are_read() {
    let folder = Folder::with(&[("a", "12345"), ("b", "1234")]);
    let mut options = Options::default();
    options.limits.max_file_bytes = 4;
    let seen = folder.look_with(&options);
    assert_eq!(seen.paths(), ["b"]);
    assert_eq!(seen.problems(), [(DiagnosticKind::FileTooLarge, "a".to_owned())]);
    assert_eq!(seen.limits(), ["max-file-bytes"]);
}

#[test]
fn a_file_that_is_gone_is_reported() {
    let folder = Folder::with(&[("a", "x")]);
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    std::fs::remove_file(folder.join("a")).unwrap();
    let mut seen = Seen::default();
    look_into(&discovery.files[0], &Options::default(), &mut |_| Interest::Text, &mut seen);
    assert_eq!(seen.problems(), [(DiagnosticKind::Unreadable, "a".to_owned())]);
}
