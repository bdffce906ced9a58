//! Images of containers: any manifest, configuration and layer in an archive that is one, and any bytes as a whole.

#![no_main]

use std::fs;

use bartizan_source::{Input, Interest, Limits, Options, discover};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, bytes)) = data.split_first() else { return };
    let archive = if choice % 4 == 0 { bytes.to_vec() } else { archive(bytes) };
    // An image is read from disk: it is too large for memory.
    let path = std::env::temp_dir().join(format!("bartizan-fuzz-image-{}.tar", std::process::id()));
    if fs::write(&path, archive).is_err() {
        return;
    }
    let limits = Limits { max_file_bytes: 1 << 20, max_archive_depth: 4, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let Ok(discovery) = discover(&Input::File(path), &options, &|_| ()) else { return };
    let mut problems = Vec::new();
    for file in &discovery.files {
        file.open(&options, &mut problems, &mut |_| Interest::Bytes, &mut |info, content| {
            assert!(content.bytes.len() <= 1 << 20, "{} is larger than the limit", info.path);
            let Some(path) = info.path.as_str().and_then(|path| path.split_once("!/")) else { return };
            assert!(info.in_image.is_none() || !path.1.split('/').any(|part| part == ".."), "{} leads out of the image", info.path);
        });
    }
});

/// What `docker save` writes, with pieces of the input where its files are.
fn archive(bytes: &[u8]) -> Vec<u8> {
    let third = bytes.len() / 3;
    let (manifest, rest) = bytes.split_at(third.min(200));
    let (config, layer) = rest.split_at(third.min(200));
    let usual = br#"[{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["l/layer.tar"]}]"#;
    let manifest = if manifest.first().is_some_and(|first| first % 2 == 0) { usual } else { manifest };
    let mut archive = Vec::new();
    for (name, content) in [("manifest.json", manifest), ("c.json", config), ("l/layer.tar", layer)] {
        let mut header = [0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[148..156].fill(b' ');
        header[156] = b'0';
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        archive.extend(header);
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}
