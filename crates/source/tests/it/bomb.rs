//! Archives that somebody built to do harm: bombs, lies, and names that lead elsewhere.

use std::io::Write;

use bartizan_core::DiagnosticKind;
use bartizan_source::Options;
use flate2::{Compression, write::DeflateEncoder, write::GzEncoder};

use crate::support::{Folder, Seen, look_at_bytes};

/// A record of a zip archive's directory, for data that starts at `offset`.
struct Record<'r> {
    name: &'r [u8],
    method: u16,
    packed_bytes: usize,
    size_bytes: usize,
    offset: usize,
}

fn u32_of(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap().to_le_bytes()
}

fn u16_of(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

fn local_header(name: &[u8]) -> Vec<u8> {
    [b"PK\x03\x04".as_slice(), &[0; 22], &u16_of(name.len()), &[0, 0], name].concat()
}

/// Ends an archive with a directory.
fn with_directory(mut archive: Vec<u8>, records: &[Record<'_>]) -> Vec<u8> {
    let start = archive.len();
    for record in records {
        archive.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0");
        archive.extend_from_slice(&record.method.to_le_bytes());
        archive.extend_from_slice(&[0; 8]);
        archive.extend_from_slice(&u32_of(record.packed_bytes));
        archive.extend_from_slice(&u32_of(record.size_bytes));
        archive.extend_from_slice(&u16_of(record.name.len()));
        archive.extend_from_slice(&[0; 12]);
        archive.extend_from_slice(&u32_of(record.offset));
        archive.extend_from_slice(record.name);
    }
    let size = archive.len() - start;
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&u16_of(records.len() & 0xffff));
    archive.extend_from_slice(&u16_of(records.len() & 0xffff));
    archive.extend_from_slice(&u32_of(size));
    archive.extend_from_slice(&u32_of(start));
    archive.extend_from_slice(&[0, 0]);
    archive
}

/// A zip archive of entries that are stored as they are.
fn zip(entries: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut archive = Vec::new();
    let mut records = Vec::new();
    for &(name, data) in entries {
        records.push(Record { name, method: 0, packed_bytes: data.len(), size_bytes: data.len(), offset: archive.len() });
        archive.extend(local_header(name));
        archive.extend_from_slice(data);
    }
    with_directory(archive, &records)
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// The header of a tar archive's entry.
fn tar_header(name: &[u8], type_flag: u8, size: &[u8]) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..name.len()].copy_from_slice(name);
    block[124..124 + size.len()].copy_from_slice(size);
    block[156] = type_flag;
    block[257..265].copy_from_slice(b"ustar\x0000");
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    block
}

fn look(name: &str, bytes: &[u8]) -> Seen {
    look_at_bytes(name, bytes, &Options::default())
}

#[test]
fn a_bomb_stops_at_the_ratio_and_the_next_file_is_read() {
    let folder = Folder::with(&[("b", "x")]);
    folder.write("a.gz", &gzipped(&vec![b' '; 64 << 20]));
    let seen = folder.look();
    assert_eq!(seen.texts()["b"], "x");
    assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveLimit, "a.gz".to_owned())]);
    assert_eq!(seen.limits(), ["max-archive-ratio"]);
}

#[test]
fn a_bomb_of_bombs_stops_too() {
    let inner = gzipped(&vec![b' '; 8 << 20]);
    let names: Vec<String> = (0..50).map(|number| format!("{number}.gz")).collect();
    let entries: Vec<(&[u8], &[u8])> = names.iter().map(|name| (name.as_bytes(), inner.as_slice())).collect();
    let seen = look("a.zip.gz", &gzipped(&zip(&entries)));
    assert_eq!(seen.limits(), ["max-archive-ratio"]);
    assert_eq!(seen.problems.len(), 1);
}

#[test]
fn entries_that_share_their_data_count_each() {
    let data = deflated(&vec![b' '; 2 << 20]);
    let mut archive = local_header(b"a");
    archive.extend_from_slice(&data);
    let names: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
    let records: Vec<Record<'_>> = names
        .iter()
        .map(|name| Record { name: name.as_bytes(), method: 8, packed_bytes: data.len(), size_bytes: 2 << 20, offset: 0 })
        .collect();
    let seen = look("a.zip", &with_directory(archive, &records));
    assert_eq!(seen.limits(), ["max-archive-ratio"]);
    assert!(seen.files.len() < 20, "{}", seen.files.len());
}

#[test]
fn the_total_counts_over_nested_archives() {
    let mut options = Options::default();
    options.limits.max_archive_bytes = 1_000;
    let inner = zip(&[(b"b", &[b'x'; 600])]);
    let seen = look_at_bytes("a.zip", &zip(&[(b"1.zip", &inner), (b"2.zip", &inner)]), &options);
    assert_eq!(seen.limits(), ["max-archive-bytes"]);
}

#[test]
fn too_many_entries_are_not_looked_at() {
    let mut options = Options::default();
    options.limits.max_archive_entries = 3;
    let inner = zip(&[(b"a", b"1"), (b"b", b"2")]);
    let seen = look_at_bytes("a.zip", &zip(&[(b"1.zip", &inner), (b"c", b"3"), (b"d", b"4")]), &options);
    assert_eq!(seen.paths(), ["a.zip", "a.zip!/1.zip", "a.zip!/1.zip!/a", "a.zip!/1.zip!/b"]);
    assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveLimit, "a.zip".to_owned())]);
    assert_eq!(seen.limits(), ["max-archive-entries"]);
}

#[test]
fn archives_in_archives_are_opened_down_to_the_limit() {
    let mut archive = b"deep".to_vec();
    for _ in 0..10 {
        archive = zip(&[(b"n.zip", &archive), (b"beside", b"x")]);
    }
    let seen = look("n.zip", &archive);
    assert_eq!(seen.limits(), ["max-archive-depth"]);
    assert_eq!(seen.problems()[0].1.matches("!/").count(), 8);
    // What stands beside the nested archives is read at each of the eight levels.
    assert_eq!(seen.files.iter().filter(|file| file.0.ends_with("/beside")).count(), 8);
}

#[test]
fn compressed_again_and_again_stops_at_the_depth() {
    let mut data = b"deep".to_vec();
    for _ in 0..20 {
        data = gzipped(&data);
    }
    let seen = look("a.gz", &data);
    assert_eq!(seen.limits(), ["max-archive-depth"]);
}

#[test]
fn a_large_entry_is_reported_and_the_next_one_is_read() {
    let mut options = Options::default();
    options.limits.max_file_bytes = 1_000;
    let data = deflated(&vec![b'x'; 2_000]);
    // Once with the true size, once with a lie.
    for size_bytes in [2_000, 10] {
        let mut archive = local_header(b"a");
        archive.extend_from_slice(&data);
        let offset = archive.len();
        archive.extend(local_header(b"b"));
        archive.push(b'x');
        let records = [
            Record { name: b"a", method: 8, packed_bytes: data.len(), size_bytes, offset: 0 },
            Record { name: b"b", method: 0, packed_bytes: 1, size_bytes: 1, offset },
        ];
        let seen = look_at_bytes("a.zip", &with_directory(archive, &records), &options);
        assert_eq!(seen.paths(), ["a.zip", "a.zip!/b"]);
        assert_eq!(seen.problems(), [(DiagnosticKind::FileTooLarge, "a.zip!/a".to_owned())]);
    }
}

#[test]
fn names_are_labels_and_nothing_else() {
    let names: [&[u8]; 8] = [b"../../etc/passwd", b"/etc/passwd", b"a\\b", b"a\nb", b"caf\xe9", b"", b"same", b"same"];
    let entries: Vec<(&[u8], &[u8])> = names.iter().map(|&name| (name, b"x".as_slice())).collect();
    let seen = look("a.zip", &zip(&entries));
    let expected = [
        "a.zip",
        "a.zip!/../../etc/passwd",
        "a.zip!//etc/passwd",
        "a.zip!/a/b",
        "a.zip!/a\\x0ab",
        "a.zip!/caf\\xe9",
        "a.zip!/",
        "a.zip!/same",
        "a.zip!/same",
    ];
    assert_eq!(seen.paths(), expected);
    assert_eq!(seen.problems, []);
}

#[test]
fn a_name_without_end_is_cut() {
    let name = vec![b'n'; 60_000];
    let seen = look("a.zip", &zip(&[(&name, b"x")]));
    assert_eq!(seen.files[1].0.len(), "a.zip!/".len() + 4_096);
}

#[test]
fn broken_entries_are_reported_and_the_others_are_read() {
    let mut archive = local_header(b"a");
    archive.extend_from_slice(b"\xff\xff\xff\xff");
    let offset = archive.len();
    archive.extend(local_header(b"b"));
    archive.push(b'x');
    let records = [
        Record { name: b"a", method: 8, packed_bytes: 4, size_bytes: 100, offset: 0 },
        Record { name: b"nowhere", method: 0, packed_bytes: 4, size_bytes: 4, offset: 1 },
        Record { name: b"far", method: 0, packed_bytes: 4, size_bytes: 4, offset: 1 << 30 },
        Record { name: b"b", method: 0, packed_bytes: 1, size_bytes: 1, offset },
    ];
    let seen = look("a.zip", &with_directory(archive, &records));
    assert_eq!(seen.paths(), ["a.zip", "a.zip!/b"]);
    let expected = ["a", "nowhere", "far"].map(|name| (DiagnosticKind::ArchiveUnreadable, format!("a.zip!/{name}")));
    assert_eq!(seen.problems(), expected);
}

#[test]
fn a_directory_that_promises_more_than_it_holds_is_reported() {
    let mut archive = zip(&[(b"a", b"x")]);
    let end = archive.len() - 22;
    archive[end + 10] = 9;
    let seen = look("a.zip", &archive);
    assert_eq!(seen.paths(), ["a.zip", "a.zip!/a"]);
    assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveUnreadable, "a.zip".to_owned())]);
}

#[test]
fn a_zip_archive_that_ends_early_is_reported() {
    let seen = look("a.zip", b"PK\x03\x04 and nothing else");
    assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveUnreadable, "a.zip".to_owned())]);
}

#[test]
fn tar_archives_that_lie_about_sizes_are_reported() {
    for size in [
        b"77777777777".as_slice(),
        b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"nonsense",
    ] {
        let archive = [tar_header(b"a", b'0', size), b"key".to_vec()].concat();
        let seen = look("a.tar", &archive);
        let kinds: Vec<_> = seen.problems().into_iter().map(|problem| problem.0).collect();
        assert!(matches!(kinds.as_slice(), [DiagnosticKind::ArchiveUnreadable | DiagnosticKind::FileTooLarge, ..]), "{size:?} {seen:?}");
    }
}

#[test]
fn a_tar_archive_with_a_giant_extended_header_is_reported() {
    let archive = [tar_header(b"x", b'x', b"77777777777"), vec![0; 4_096]].concat();
    let seen = look("a.tar", &archive);
    assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveUnreadable, "a.tar".to_owned())]);
}

#[test]
fn what_follows_the_end_of_a_tar_archive_is_read_too() {
    let entry = |name: &[u8], data: &[u8]| {
        let mut bytes = tar_header(name, b'0', format!("{:011o}", data.len()).as_bytes());
        bytes.extend_from_slice(data);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    };
    let archive = [entry(b"a", b"1"), vec![0; 1_024], entry(b"b", b"2"), vec![0; 1_024], b"garbage".to_vec()].concat();
    let seen = look("a.tar", &archive);
    assert_eq!(seen.paths(), ["a.tar", "a.tar!/a", "a.tar!/b"]);
    assert_eq!(seen.problems, []);
}

#[test]
fn links_and_devices_in_tar_archives_hold_nothing() {
    let mut archive = Vec::new();
    for type_flag in b"123456" {
        archive.extend(tar_header(&[b'a', *type_flag], *type_flag, b"00000001000"));
    }
    archive.extend(tar_header(b"b", b'0', b"00000000000"));
    let seen = look("a.tar", &archive);
    assert_eq!(seen.paths(), ["a.tar", "a.tar!/b"]);
    assert_eq!(seen.problems, []);
}

#[test]
fn a_decoder_gets_as_much_memory_as_it_may() {
    // RFC 8878, section 3.1.1.1.2: a window descriptor of 0xf8 asks for 2 TiB.
    let zstd = b"\x28\xb5\x2f\xfd\x00\xf8\x01\x00\x00";
    // The xz format, section 5.3.1: a dictionary size of 40 asks for 4 GiB.
    let block = [2, 0, 0x21, 1, 40, 0, 0, 0];
    let sum = |bytes: &[u8]| {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        sum.sum().to_le_bytes()
    };
    let xz = [b"\xfd7zXZ\0\0\x01".as_slice(), &sum(b"\0\x01"), &block, &sum(&block), &[0; 32]].concat();
    for (name, bytes) in [("a.zst", zstd.as_slice()), ("a.xz", &xz)] {
        let seen = look(name, bytes);
        assert_eq!(seen.problems(), [(DiagnosticKind::ArchiveUnreadable, name.to_owned())], "{seen:?}");
        assert!(seen.problems[0].reason.contains("window") || seen.problems[0].reason.contains("memory"), "{}", seen.problems[0].reason);
    }
}
