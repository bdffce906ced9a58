//! The cache's key: random bytes in a file that only this user can read.

use std::{fs, io, path::Path};

use super::{create_beside, replace};

const NAME: &str = "key";

/// The key of a cache; the fresh one becomes its key if it has none that can be trusted.
pub(super) fn of_folder(folder: &Path, fresh: [u8; 32]) -> io::Result<[u8; 32]> {
    let path = folder.join(NAME);
    if let Some(key) = read(&path) {
        return Ok(key);
    }
    // What a backup program and a code host need to know of the folder; if it fails they keep what they need not.
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is a cache of Bartizan and can be deleted.\n";
    let _ = fs::write(folder.join("CACHEDIR.TAG"), tag);
    let _ = fs::write(folder.join(".gitignore"), "*\n");
    if fs::symlink_metadata(&path).is_ok() {
        // It is damaged, or others can read it: whatever was sealed with it counts no more.
        replace(&path, &fresh)?;
        return Ok(fresh);
    }
    // Of several scans that make a key at the same time the first one wins: a link never replaces a file.
    let candidate = create_beside(&path, &fresh)?;
    let linked = fs::hard_link(&candidate, &path);
    if linked.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::AlreadyExists) {
        // A file system without links: the last one wins, and the others make their files once more.
        fs::rename(&candidate, &path)?;
    }
    let _ = fs::remove_file(&candidate);
    read(&path).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

fn read(path: &Path) -> Option<[u8; 32]> {
    let metadata = fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || !is_private(&metadata) {
        return None;
    }
    fs::read(path).ok()?.try_into().ok()
}

#[cfg(unix)]
fn is_private(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.permissions().mode() & 0o077 == 0
}

#[cfg(not(unix))]
fn is_private(_metadata: &fs::Metadata) -> bool {
    true
}
