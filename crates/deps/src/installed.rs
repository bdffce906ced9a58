//! What is installed: databases of package managers, metadata of packages, and what is built into programs and archives.
//!
//! A database of an operating system is read at the root of what is scanned, or of an image or archive in it: what lies deeper is
//! somebody's test data. What a file says alone is read here; what several say together (which distribution, which package of the
//! system brought what, which lock file knows better) is settled by [`settle`](settle::settle) when all were read.

pub(crate) mod apk;
pub(crate) mod composer;
pub(crate) mod conda;
pub(crate) mod dpkg;
pub(crate) mod gem;
pub(crate) mod java;
pub(crate) mod node;
pub(crate) mod os_release;
pub(crate) mod program;
pub(crate) mod python;
pub(crate) mod rpm;
pub(crate) mod settle;

use bartizan_core::ArtifactPath;

use crate::{Reader, lockfile};

/// The most files of packages of languages that one database of packages may own.
const MAX_OWNED: usize = 1_000_000;

/// The readers of what is installed: in an image of a container nothing else is read, since lock files and manifests in it say what
/// somebody once wanted.
static READERS: [&Reader; 15] = [
    &apk::READER,
    &composer::READER,
    &conda::READER,
    &dpkg::READER,
    &dpkg::files::READER,
    &gem::READER,
    &java::archive::READER,
    &java::manifest::READER,
    &java::pom::READER,
    &node::READER,
    &os_release::READER,
    &program::READER,
    &python::READER,
    &rpm::READER,
    &lockfile::nuget::deps::READER,
];

/// Whether a reader reads a file of an image: what is installed there; of what later layers replaced, the databases of systems, which
/// tell by layer what was installed.
pub(crate) fn reads_image(reader: &Reader, is_covered: bool) -> bool {
    let is_among = |readers: &[&Reader]| readers.iter().any(|known| std::ptr::eq(*known, reader));
    if is_covered { is_among(&[&apk::READER, &dpkg::READER, &rpm::READER]) } else { is_among(&READERS) }
}

/// A path as the file system has it that the path is in: that of the scanned folder, or of an image or archive in its root.
pub(crate) fn below_root(path: &str) -> Option<&str> {
    match path.split_once(ArtifactPath::ENTRY_SEPARATOR) {
        None => Some(path),
        // An archive in an archive, or in a folder, is no system.
        Some((archive, inner)) => {
            let is_system = !archive.contains('/') && !inner.contains(ArtifactPath::ENTRY_SEPARATOR);
            is_system.then_some(inner.trim_start_matches("./"))
        }
    }
}

/// Whether a file says something about an installed package of a language; such files packages of a system may own.
pub(crate) fn is_metadata(path: &str) -> bool {
    gem::is_for(path) || node::is_for(path) || python::is_for(path)
}

/// Notes a file that a package of a system brought, if that matters.
fn own(owned: &mut Vec<String>, path: &str) {
    let path = path.trim_start_matches('/').trim_start_matches("./");
    if owned.len() < MAX_OWNED && is_metadata(path) {
        owned.push(merged(path).to_owned());
    }
}

/// A path where `/lib` is `/usr/lib`, as on most systems since 2020: databases write both.
fn merged(path: &str) -> &str {
    path.strip_prefix("usr/")
        .filter(|rest| rest.starts_with("lib") || rest.starts_with("bin/") || rest.starts_with("sbin/"))
        .unwrap_or(path)
}
