//! Paths on disk, and opening files that somebody else made.
//!
//! Every file of a scanned tree is opened here: never through a link, never waiting for a pipe.

use std::{
    fs::{File, Metadata, OpenOptions},
    io::{self, Read},
    path::{Path, PathBuf},
};

use bartizan_core::ArtifactPath;

/// The path below a root as an artifact's; nothing if it is not below.
pub(crate) fn artifact_path(root: &Path, path: &Path) -> Option<ArtifactPath> {
    let relative = path.strip_prefix(root).ok()?.as_os_str().as_encoded_bytes();
    if cfg!(windows) {
        let relative: Vec<u8> = relative.iter().map(|&byte| if byte == b'\\' { b'/' } else { byte }).collect();
        return Some(ArtifactPath::from_bytes(&relative));
    }
    Some(ArtifactPath::from_bytes(relative))
}

/// An artifact's path as bytes on disk; nothing if this system has no such path.
#[cfg(unix)]
pub(crate) fn disk_path(root: &Path, path: &[u8]) -> Option<PathBuf> {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    Some(root.join(OsStr::from_bytes(path)))
}

/// An artifact's path as bytes on disk; nothing if this system has no such path.
#[cfg(not(unix))]
pub(crate) fn disk_path(root: &Path, path: &[u8]) -> Option<PathBuf> {
    Some(root.join(std::str::from_utf8(path).ok()?))
}

/// Why a file was not opened.
#[derive(Debug)]
pub(crate) enum NotOpened {
    /// It is a symbolic link.
    Link,
    /// It is a directory, a device, a socket or a pipe.
    Special,
    /// The system said no.
    Failed(io::Error),
}

/// Opens a regular file, and nothing else, for reading.
pub(crate) fn open_regular(path: &Path) -> Result<(File, Metadata), NotOpened> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // Without O_NONBLOCK, opening a pipe waits for a writer.
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY);
    }
    let file = match options.open(path) {
        Ok(file) => file,
        Err(error) => return Err(refused(path, error)),
    };
    let metadata = file.metadata().map_err(NotOpened::Failed)?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(NotOpened::Special) }
}

/// Reads at most `max_bytes` of a regular file; nothing if it has more.
pub(crate) fn read_small(path: &Path, max_bytes: u64) -> Result<Option<Vec<u8>>, NotOpened> {
    let (file, _) = open_regular(path)?;
    let mut bytes = Vec::new();
    file.take(max_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(NotOpened::Failed)?;
    let is_whole = u64::try_from(bytes.len()).is_ok_and(|length| length <= max_bytes);
    Ok(is_whole.then_some(bytes))
}

/// Tells why the system refused: it does so for links and sockets with errors that say little.
fn refused(path: &Path, error: io::Error) -> NotOpened {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => NotOpened::Link,
        Ok(metadata) if !metadata.is_file() => NotOpened::Special,
        Ok(_) | Err(_) => NotOpened::Failed(error),
    }
}
