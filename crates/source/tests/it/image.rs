//! Images of containers: what a container would see is shown, once, with the layer that brought it.

use std::io::Write as _;

use bartizan_core::DiagnosticKind;
use bartizan_source::{Content, FileInfo, Input, Interest, Options, discover};

use crate::support::Folder;

/// A block with the header of an entry. POSIX.1-1988, section 10.1.1.
fn header(name: &str, kind: u8, link: &str, size: usize) -> Vec<u8> {
    let mut block = vec![0; 512];
    let mut put = |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(124, &format!("{size:011o}"));
    put(148, "        ");
    put(157, link);
    put(257, "ustar\x0000");
    block[156] = kind;
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

/// An archive of entries: `path=text`, `path/`, `path->target` (a link) and `path=>target` (another name).
pub(crate) fn tar(entries: &[&str]) -> Vec<u8> {
    let mut archive = Vec::new();
    for entry in entries {
        if let Some((name, target)) = entry.split_once("->") {
            archive.extend(header(name, b'2', target, 0));
        } else if let Some((name, target)) = entry.split_once("=>") {
            archive.extend(header(name, b'1', target, 0));
        } else if let Some((name, text)) = entry.split_once('=') {
            archive.extend(header(name, b'0', "", text.len()));
            archive.extend(text.as_bytes());
            archive.resize(archive.len().next_multiple_of(512), 0);
        } else {
            archive.extend(header(entry, b'5', "", 0));
        }
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Files with names, as an archive.
fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in files {
        archive.extend(header(name, b'0', "", bytes.len()));
        archive.extend(bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// What `docker save` writes: layers, the lowest first.
fn saved(layers: &[Vec<u8>]) -> Vec<u8> {
    let names: Vec<String> = (0..layers.len()).map(|index| format!("{index:064x}/layer.tar")).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    let config = format!("{:064x}.json", 0xc0);
    let manifest = format!(r#"[{{"Config": "{config}", "RepoTags": ["shop:1"], "Layers": [{}]}}]"#, quoted.join(","));
    let steps: Vec<String> = (0..layers.len()).map(|index| format!(r#"{{"created_by": "RUN {index}"}}"#)).collect();
    let mut files: Vec<(&str, Vec<u8>)> = names.iter().map(String::as_str).zip(layers.iter().cloned()).collect();
    files.push((&config, format!(r#"{{"history": [{}]}}"#, steps.join(",")).into_bytes()));
    files.push(("manifest.json", manifest.into_bytes()));
    archive(&files)
}

/// Looks at an image; gives a line for each file: its layer, its path, its text, and whether it is covered. What the image says about
/// itself is left out.
fn seen(folder: &Folder, path: &str, options: &Options) -> (Vec<String>, Vec<(DiagnosticKind, String)>) {
    let path = folder.join(path);
    let input = if path.is_dir() { Input::Tree(path) } else { Input::File(path) };
    let discovery = discover(&input, options, &|_| {}).unwrap();
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for file in &discovery.files {
        let mut visit = |info: &FileInfo, content: &Content<'_>| {
            let Some(of) = info.in_image.as_ref() else { return lines.push(format!("? {}", info.path)) };
            let Some(layer) = of.layer else { return };
            let created_by = &of.image.layers[layer].created_by;
            let covered = if of.is_covered { " covered" } else { "" };
            let name = info.path.as_str().unwrap().split_once("!/").unwrap().1;
            lines.push(format!("{created_by}: {name}={}{covered}", content.text.as_deref().unwrap_or("?")));
        };
        file.open(options, &mut problems, &mut |_| Interest::Text, &mut visit);
    }
    (lines, problems.into_iter().map(|problem| (problem.kind, problem.reason)).collect())
}

#[track_caller]
fn check(layers: &[&[&str]], expected: &[&str]) {
    let folder = Folder::new();
    let layers: Vec<Vec<u8>> = layers.iter().map(|entries| tar(entries)).collect();
    let packed: Vec<Vec<u8>> = layers.iter().map(|layer| gzip(layer)).collect();
    folder.write("plain.tar", &saved(&layers));
    folder.write("packed.tar", &saved(&packed));
    folder.write("outside.tar.gz", &gzip(&saved(&layers)));
    for name in ["plain.tar", "packed.tar", "outside.tar.gz"] {
        assert_eq!(
            seen(&folder, name, &Options::default()),
            (expected.iter().map(|&line| line.to_owned()).collect(), Vec::new()),
            "{name}"
        );
    }
}

#[test]
fn each_file_is_seen_once_with_the_layer_that_brought_it() {
    check(
        &[&["etc/", "etc/a=1", "./etc/b=1", "gone/x=1"], &["etc/a=2", "etc/.wh.b", ".wh.gone"]],
        &["RUN 1: etc/a=2", "RUN 0: etc/a=1 covered", "RUN 0: etc/b=1 covered", "RUN 0: gone/x=1 covered"],
    );
    check(&[&["d/a=1", "e=1"], &["d/.wh..wh..opq=", "d/b=2"]], &["RUN 1: d/b=2", "RUN 0: d/a=1 covered", "RUN 0: e=1"]);
}

#[test]
fn names_of_the_system_are_followed_where_they_lead() {
    check(
        &[&["etc/os-release->../usr/lib/os-release", "usr/lib/os-release->./os.d/fedora", "usr/lib/os.d/fedora=ID"]],
        &["RUN 0: usr/lib/os.d/fedora=ID", "RUN 0: etc/os-release=ID", "RUN 0: usr/lib/os-release=ID"],
    );
    check(&[&["etc/os-release->/etc/os-release"], &["usr/lib/os-release->../../../.."]], &[]);
    // Another name of a file that a later layer removed.
    check(&[&["a=1", "b=>a", "c=>d"], &[".wh.a"]], &["RUN 0: a=1 covered", "RUN 0: b=1"]);
}

#[test]
fn names_stay_below_the_image() {
    check(&[&["../../etc/passwd=x", "/abs=y"]], &["RUN 0: etc/passwd=x", "RUN 0: abs=y"]);
}

fn layout(folder: &Folder, index: &str, blobs: &[(&str, Vec<u8>)]) {
    folder.write("oci-layout", br#"{"imageLayoutVersion": "1.0.0"}"#);
    folder.write("index.json", index.as_bytes());
    for (name, bytes) in blobs {
        folder.write(&format!("blobs/sha256/{name}"), bytes);
    }
}

fn manifest(config: &str, layer: &str) -> Vec<u8> {
    format!(r#"{{"config": {{"digest": "sha256:{config}"}}, "layers": [{{"digest": "sha256:{layer}"}}]}}"#).into_bytes()
}

#[test]
fn of_a_layout_the_image_for_the_platform_is_seen() {
    let folder = Folder::new();
    let index = r#"{"manifests": [{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:1d"},
        {"digest": "sha256:a77e57", "platform": {"os": "unknown", "architecture": "unknown"}}]}"#;
    let inner = r#"{"manifests": [{"digest": "sha256:a1", "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}},
        {"digest": "sha256:b1", "platform": {"os": "linux", "architecture": "amd64"}}]}"#;
    let config = || br#"{"history": [{"created_by": "COPY x"}]}"#.to_vec();
    layout(
        &folder,
        index,
        &[
            ("1d", inner.as_bytes().to_vec()),
            ("a1", manifest("c0", "a2")),
            ("a2", gzip(&tar(&["arch=arm"]))),
            ("b1", manifest("c0", "b2")),
            ("b2", tar(&["arch=amd"])),
            ("c0", config()),
        ],
    );
    let (files, remarks) = seen(&folder, "", &Options::default());
    assert_eq!((files, remarks.len()), (vec!["COPY x: arch=amd".to_owned()], 1));
    let arm = Options { platform: Some("linux/arm64".to_owned()), ..Options::default() };
    assert_eq!(seen(&folder, "", &arm).0, ["COPY x: arch=arm"]);
    let other = Options { platform: Some("windows/amd64".to_owned()), ..Options::default() };
    let reason = "there is no image for windows/amd64: there is linux/arm64/v8, linux/amd64".to_owned();
    assert_eq!(seen(&folder, "", &other), (Vec::new(), vec![(DiagnosticKind::ArchiveUnreadable, reason)]));
}

#[test]
fn what_is_missing_or_broken_is_said_and_the_rest_is_seen() {
    let folder = Folder::new();
    let layers = [tar(&["a=1"]), b"no archive at all".repeat(64), tar(&["c=3"])];
    folder.write("x.tar", &saved(&layers));
    let (files, problems) = seen(&folder, "x.tar", &Options::default());
    assert_eq!(files, ["RUN 2: c=3", "RUN 0: a=1"]);
    assert_eq!(problems.len(), 1, "{problems:?}");

    let whole = saved(&[tar(&["a=1", "b=2"])]);
    for end in (512..whole.len()).step_by(256) {
        folder.write("cut.tar", &whole[..end]);
        let (files, problems) = seen(&folder, "cut.tar", &Options::default());
        assert!(!problems.is_empty() || files.len() == 2, "{end}: {files:?}");
    }

    let index = |digest: &str| format!(r#"{{"manifests": [{{"mediaType": "x/image.index.v1+json", "digest": "{digest}"}}]}}"#);
    for (digest, reason) in [
        ("sha256:../../../etc/passwd", "`sha256:../../../etc/passwd` is no digest"),
        ("sha256:00", "`blobs/sha256/00` is missing"),
        ("sha256:1d", "indexes are nested more deeply than 8 (max-image-indexes)"),
    ] {
        layout(&folder, &index(digest), &[("1d", index("sha256:1d").into_bytes())]);
        let (files, problems) = seen(&folder, "", &Options::default());
        assert_eq!((files.len(), problems), (0, vec![(DiagnosticKind::ArchiveUnreadable, reason.to_owned())]));
    }
}

#[test]
fn an_archive_that_is_no_image_is_one_like_any_other() {
    let folder = Folder::new();
    folder.write("x.tar", &tar(&["src/manifest.json=[]", "manifest.txt=x"]));
    assert_eq!(seen(&folder, "x.tar", &Options::default()).0, ["? x.tar", "? x.tar!/src/manifest.json", "? x.tar!/manifest.txt"]);
}
