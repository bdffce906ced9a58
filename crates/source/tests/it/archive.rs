//! Archives that the usual programs made: what is in them is seen, wherever they are.

use std::{fs, path::Path};

use bartizan_core::DiagnosticKind;
use bartizan_source::{Input, Interest, Limits, Options, discover};

use crate::support::{Folder, Seen, look, look_at_bytes, look_into};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

/// The usual two files, below a folder of the archive.
fn check_sample(name: &str, folder: &str) {
    let seen = look_at_bytes(name, &fixture(name), &Options::default());
    let mut files = seen.files.clone();
    files.sort();
    let expected = [
        (name.to_owned(), "<archive>".to_owned()),
        (format!("{name}!/{folder}dir/two.txt"), "second file\n".to_owned()),
        (format!("{name}!/{folder}one.txt"), "first file\n".to_owned()),
    ];
    assert_eq!(files, expected, "{:?}", seen.problems);
    assert_eq!(seen.problems, []);
}

#[test]
fn zip_archives_of_all_makers_are_read() {
    for name in ["deflated.zip", "large-format.zip", "streamed.zip", "bzip2.zip", "after-a-script.zip"] {
        check_sample(name, "sample/");
    }
    check_sample("stored.zip", "");
    check_sample("sample.jar", "");
}

#[test]
fn tar_archives_of_all_formats_are_read() {
    for name in ["v7.tar", "ustar.tar", "posix.tar", "gnu.tar"] {
        check_sample(name, "sample/");
    }
}

#[test]
fn compressed_tar_archives_are_read_as_one() {
    for name in ["sample.tgz", "sample.tar.bz2", "sample.tar.xz", "sample.tar.zst"] {
        check_sample(name, "sample/");
    }
}

#[test]
fn long_names_are_whole() {
    for name in ["posix-long.tar", "gnu-long.tar"] {
        let seen = look_at_bytes(name, &fixture(name), &Options::default());
        let expected = format!("{name}!/long/{}{}.txt", "a-rather-long-folder-name/".repeat(6), "x".repeat(120));
        assert_eq!(seen.files[1..], [(expected, "long name\n".to_owned())]);
        assert_eq!(seen.problems, []);
    }
}

#[test]
fn sparse_files_are_read_without_their_holes() {
    for name in ["posix-sparse.tar", "gnu-sparse.tar"] {
        let seen = look_at_bytes(name, &fixture(name), &Options::default());
        assert_eq!(seen.files.len(), 2, "{seen:?}");
        assert_eq!(seen.files[1].0, format!("{name}!/sparse.txt"));
        assert_eq!(seen.problems, []);
    }
}

#[test]
fn compressed_files_are_read_to_their_end() {
    for ending in ["gz", "bz2", "xz", "zst"] {
        let name = format!("two-members.txt.{ending}");
        let seen = look_at_bytes(&name, &fixture(&name), &Options::default());
        assert_eq!(seen.files[1..], [(format!("{name}!/two-members.txt"), "first second\n".to_owned())], "{:?}", seen.problems);
        assert_eq!(seen.problems, []);
    }
}

#[test]
fn a_name_does_not_make_an_archive() {
    let seen = look_at_bytes("a.zip", b"not an archive", &Options::default());
    assert_eq!(seen.files, [("a.zip".to_owned(), "not an archive".to_owned())]);
    check_sample_renamed("deflated.zip", "photo.png");
}

fn check_sample_renamed(fixture_name: &str, name: &str) {
    let seen = look_at_bytes(name, &fixture(fixture_name), &Options::default());
    assert_eq!(seen.files.len(), 3);
}

#[test]
fn encrypted_entries_are_reported_and_the_others_are_read() {
    let seen = look_at_bytes("e.zip", &fixture("encrypted.zip"), &Options::default());
    assert_eq!(seen.paths(), ["e.zip", "e.zip!/sample/dir/two.txt"]);
    assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveUnreadable, "e.zip!/sample/one.txt".to_owned())]);
}

#[test]
fn archives_and_methods_that_are_not_supported_are_reported() {
    for name in ["lzma.zip", "sample.tar.lz4"] {
        let seen = look_at_bytes(name, &fixture(name), &Options::default());
        assert_eq!(seen.paths(), [name]);
        assert!(seen.problems().iter().all(|problem| problem.0 == DiagnosticKind::ArchiveUnreadable));
        assert!(!seen.problems.is_empty());
    }
}

#[test]
fn archives_on_disk_and_in_memory_are_the_same() {
    let folder = Folder::new();
    for name in ["deflated.zip", "after-a-script.zip", "gnu.tar", "sample.tar.xz"] {
        folder.write(name, &fixture(name));
        let on_disk = look(&Input::File(folder.join(name)), &Options::default());
        assert_eq!(on_disk, look_at_bytes(name, &fixture(name), &Options::default()));
    }
}

#[test]
fn an_archive_over_the_file_limit_is_streamed() {
    let folder = Folder::new();
    folder.write("a.tar", &fixture("gnu.tar"));
    let mut options = Options::default();
    options.limits.max_file_bytes = 100;
    let seen = folder.look_with(&options);
    assert_eq!(seen.files.len(), 3, "{seen:?}");
    assert_eq!(seen.problems, []);
}

#[test]
fn nobody_pays_for_what_nobody_wants() {
    let folder = Folder::new();
    folder.write("a.tgz", &fixture("sample.tgz"));
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    let mut seen = Seen::default();
    let mut asked = Vec::new();
    let mut wanted = |info: &bartizan_source::FileInfo| {
        asked.push(info.path.to_string());
        if info.path.to_string().ends_with("two.txt") { Interest::Text } else { Interest::None }
    };
    look_into(&discovery.files[0], &Options::default(), &mut wanted, &mut seen);
    assert_eq!(seen.files, [("a.tgz!/sample/dir/two.txt".to_owned(), "second file\n".to_owned())]);
    assert_eq!(asked, ["a.tgz", "a.tgz!/sample/dir/two.txt", "a.tgz!/sample/one.txt"]);
}

#[test]
fn who_wants_bytes_gets_those_of_the_archive_too() {
    let folder = Folder::new();
    folder.write("a.zip", &fixture("deflated.zip"));
    let discovery = discover(&Input::Tree(folder.path().to_owned()), &Options::default(), &|_| {}).unwrap();
    let mut n_bytes = Vec::new();
    discovery.files[0]
        .open(&Options::default(), &mut Vec::new(), &mut |_| Interest::Bytes, &mut |_, content| n_bytes.push(content.bytes.len()));
    assert_eq!(n_bytes, [449, 12, 11]);
}

#[test]
fn a_truncated_archive_is_reported_and_its_start_is_read() {
    for (name, n_bytes) in [("gnu.tar", 2_500), ("two-members.txt.gz", 45)] {
        let bytes = fixture(name);
        let seen = look_at_bytes(name, &bytes[..n_bytes], &Options::default());
        assert_eq!(seen.problems().iter().map(|problem| problem.0).collect::<Vec<_>>(), [DiagnosticKind::ArchiveUnreadable], "{name}");
        assert_eq!(seen.files.len(), 2, "{name} {seen:?}");
    }
    let seen = look_at_bytes("a.zip", &fixture("deflated.zip")[..300], &Options::default());
    assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveUnreadable, "a.zip".to_owned())]);
}

#[test]
fn every_cut_that_loses_something_is_reported() {
    for name in ["deflated.zip", "large-format.zip", "sample.tgz", "sample.tar.bz2", "sample.tar.xz", "sample.tar.zst", "bzip2.zip"] {
        let bytes = fixture(name);
        for end in 4..bytes.len() {
            let seen = look_at_bytes(name, &bytes[..end], &Options::default());
            let is_archive = seen.files.iter().any(|file| file.1 == "<archive>");
            let is_whole = seen.files.len() == 3;
            assert!(!is_archive || is_whole || !seen.problems.is_empty(), "{name} cut at {end}");
        }
    }
}

#[test]
fn every_changed_byte_is_survived() {
    for name in
        ["deflated.zip", "large-format.zip", "sample.tgz", "sample.tar.bz2", "sample.tar.xz", "sample.tar.zst", "two-members.txt.zst"]
    {
        let bytes = fixture(name);
        for index in 0..bytes.len() {
            for change in [0x01, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[index] ^= change;
                let _ = look_at_bytes(name, &bytes, &Options::default());
            }
        }
    }
}

#[test]
fn the_limits_are_those_that_are_documented() {
    let limits = Limits::default();
    assert_eq!((limits.max_file_bytes, limits.max_archive_bytes), (256 << 20, 2 << 30));
}
