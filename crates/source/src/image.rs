//! Images of containers: an archive as `docker save` writes it, or a layout of the Open Container Initiative.
//!
//! Nothing is unpacked to disk, and no container engine is asked. The layers are read from the last to the first: what a later one
//! has or removed is known when an earlier one is met, so that each file is shown once, as the container would see it, and nothing
//! has to be kept but paths. Everything in an image was made by somebody else: names are labels, and all sizes have limits.

mod blobs;
mod layers;
mod manifest;
mod view;

use std::{
    fs,
    io::{BufReader, Read as _},
    path::Path,
    sync::Arc,
};

use bartizan_core::{Diagnostic, DiagnosticKind};

use self::{blobs::Blobs, layers::Layers, manifest::Found};
use crate::{
    FileInfo, Image, InImage, Limits,
    archive::{Budget, HEAD_BYTES, Kind, Opening, compressed::decoder, fill_kept, recognize, tar},
    disk, limits,
    reading::Reading,
};

/// The file that a layout begins with: <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>.
pub(crate) const INDEX: &str = "index.json";

/// The file that says that a folder is a layout.
const LAYOUT: &str = "oci-layout";

/// Whether something on disk is an image: a layout, or an archive that begins as archives of images do.
pub(crate) fn is_image(path: &Path) -> bool {
    if path.is_dir() {
        return path.join(LAYOUT).is_file() && path.join(INDEX).is_file();
    }
    if path.file_name().is_some_and(|name| name == INDEX) {
        return path.parent().is_some_and(|folder| folder.join(LAYOUT).is_file());
    }
    // A pipe would wait for whoever writes into it.
    let opened = fs::canonicalize(path).ok().and_then(|path| disk::open_regular(&path).ok());
    let Some((mut file, _)) = opened else { return false };
    let (mut head, mut n_read) = (Vec::new(), 0);
    if fill_kept(&mut file, &mut head, &mut n_read, HEAD_BYTES).is_err() {
        return false;
    }
    let head = head.get(..n_read).unwrap_or_default();
    match recognize(head) {
        Some(Kind::Tar) => begins_an_image(head),
        Some(Kind::Compressed(compression)) => {
            let mut first = Vec::new();
            let rest = BufReader::new(std::io::Cursor::new(head).chain(file));
            let n_bytes = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
            let read = decoder(compression, rest, Limits::MAX_DECODER_BYTES).take(n_bytes).read_to_end(&mut first);
            read.is_ok() && recognize(&first) == Some(Kind::Tar) && begins_an_image(&first)
        }
        Some(Kind::Zip | Kind::Unsupported(_)) | None => false,
    }
}

/// Whether the first entry of an archive is one that archives of images have: they are written by programs, in some order.
fn begins_an_image(head: &[u8]) -> bool {
    let name = tar::name_of_header(head).unwrap_or_default();
    let name = name.strip_prefix(b"./").unwrap_or(&name);
    let is_digest = |name: &[u8]| name.len() == 64 && name.iter().all(u8::is_ascii_hexdigit);
    let first = name.split(|&byte| byte == b'/' || byte == b'.').next().unwrap_or_default();
    let first = first.strip_prefix(b"sha256:").unwrap_or(first);
    is_digest(first)
        || name.starts_with(b"blobs/")
        || [LAYOUT, INDEX, "manifest.json", "repositories"].iter().any(|known| known.as_bytes() == name)
}

/// Shows what is in an image.
pub(crate) fn read(reading: &mut Reading<'_>, info: &FileInfo, path: &Path, platform: Option<&str>) {
    let unreadable = |reason: String| Diagnostic::new(DiagnosticKind::ArchiveUnreadable, reason);
    let blobs = match Blobs::open(path, reading.limits) {
        Ok(blobs) => blobs,
        Err(error) => return reading.report(&info.path, unreadable(format!("the image can't be read: {error}"))),
    };
    let found = match manifest::find(&blobs, platform) {
        Ok(found) => found,
        Err(reason) => return reading.report(&info.path, unreadable(reason)),
    };
    for remark in &found.remarks {
        let mut diagnostic = unreadable(remark.clone());
        diagnostic.level = bartizan_core::Level::Note;
        reading.report(&info.path, diagnostic);
    }
    if Limits::MAX_IMAGE_LAYERS < found.layers.len() {
        let diagnostic = Diagnostic::new(DiagnosticKind::ArchiveLimit, "the image has too many layers, and was not opened");
        return reading.report(&info.path, diagnostic.because_of(limits::named("max-image-layers", Limits::MAX_IMAGE_LAYERS)));
    }
    let Found { name, digest, has_manifest, layers, config, .. } = found;
    let (names, layers): (Vec<String>, Vec<_>) = layers.into_iter().map(|layer| (layer.blob, layer.layer)).unzip();
    let image = Arc::new(Image { name, digest, has_manifest, layers });
    let budget = Budget::of_image(reading.limits, blobs.size_bytes());

    // What the image says about itself: its environment and its history are a text like any other.
    let in_image = InImage { image: Arc::clone(&image), layer: None, is_covered: false };
    let mut opening = Opening { reading, budget: &budget, in_image: Some(in_image) };
    let size_bytes = u64::try_from(config.1.len()).unwrap_or(u64::MAX);
    let _ = opening.entry(&info.path, config.0.as_bytes(), size_bytes, &mut config.1.as_slice(), 1);

    Layers { opening, image, path: &info.path, view: view::View::default() }.read(&blobs, &names);
}
