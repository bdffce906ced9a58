//! The result cache: what engines said about files that have not changed since.
//!
//! One file holds the results of one scanned folder for one set of engines and limits. It is read with one call at the start of
//! a scan and written with one at its end, so that ten thousand unchanged files cost no ten thousand small reads. An entry is
//! used if the file's metadata are those of then ([`Stamp`]), else if its content has the same hash; the same path, engines,
//! rules, options and program version go without saying, because they are part of the file's name and of its seal.
//!
//! Nothing in the folder is trusted: the seal is a keyed hash under a random key that only this user can read. A file that was
//! put there by somebody else, that is cut off or that is older than the program counts as absent. Files are replaced in one
//! step, so that scans at the same time never see half of one; the last one wins. No clear secret is ever written.

mod key;
mod pack;
mod stamp;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime},
};

use bartizan_core::{Diagnostic, DiagnosticKind};

pub(crate) use self::{
    pack::{ContentHash, Entry, Pack},
    stamp::Stamp,
};

/// Where the cache is, and what it needs of the world.
#[derive(Debug, Clone)]
pub struct CacheSettings {
    /// The folder; it is made if there is none.
    pub dir: PathBuf,
    /// The oldest files are removed when all together are larger, in bytes.
    pub max_bytes: u64,
    /// What time it is, before the scan starts.
    pub now: SystemTime,
    /// Random bytes: the key of the cache, if it has none yet.
    pub fresh_key: [u8; 32],
}

impl CacheSettings {
    /// The usual [`CacheSettings::max_bytes`].
    pub const MAX_BYTES: u64 = 512 << 20;
}

/// The largest file of results that is read or written, in bytes.
const MAX_PACK_BYTES: u64 = 256 << 20;

/// Files that a crashed scan left behind are removed after so long.
const MAX_TEMPORARY_AGE: Duration = Duration::from_secs(60 * 60);

/// The file for one folder and one set of engines.
#[derive(Debug)]
pub(crate) struct Cache {
    settings: CacheSettings,
    key: [u8; 32],
    path: PathBuf,
}

impl Cache {
    /// Opens the cache; `subject` says whose results are meant: folder, engines, options.
    pub(crate) fn open(settings: CacheSettings, subject: &[impl AsRef<[u8]>]) -> io::Result<Self> {
        create_private_folder(&settings.dir)?;
        let key = key::of_folder(&settings.dir, settings.fresh_key)?;
        let mut hasher = blake3::Hasher::new_keyed(&key);
        for part in subject.iter().map(AsRef::as_ref) {
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part);
        }
        let name = hasher.finalize().to_hex();
        let (folder, name) = name.split_at_checked(2).unwrap_or(("00", &name));
        let path = settings.dir.join(folder).join(name);
        // The seal covers the subject as well: a file can't be renamed to speak of something else.
        let key = *hasher.update(b"seal").finalize().as_bytes();
        Ok(Self { settings, key, path })
    }

    /// The file's bytes, for [`Cache::parse`]; empty if there is none.
    pub(crate) fn read(&self) -> Vec<u8> {
        let is_usable = fs::metadata(&self.path).is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MAX_PACK_BYTES);
        if is_usable { fs::read(&self.path).unwrap_or_default() } else { Vec::new() }
    }

    /// The results in these bytes; none if they are not ours.
    pub(crate) fn parse<'a>(&self, bytes: &'a [u8]) -> Pack<'a> {
        Pack::open(bytes, &self.key).unwrap_or_default()
    }

    /// Whether a file with this stamp may have changed since without another stamp.
    pub(crate) fn is_settled(&self, stamp: &Stamp) -> bool {
        stamp.is_settled(self.settings.now)
    }

    /// Replaces the file; says why it could not.
    pub(crate) fn write(&self, pack: &Pack<'_>) -> Option<Diagnostic> {
        let bytes = pack.seal(&self.key);
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if MAX_PACK_BYTES < size || self.settings.max_bytes < size {
            let reason = format!("the results of this folder are not kept: {size} bytes are more than the cache holds");
            return Some(Diagnostic::new(DiagnosticKind::Cache, reason));
        }
        let written = self.path.parent().map_or(Ok(()), create_private_folder).and_then(|()| replace(&self.path, &bytes));
        match written {
            Ok(()) => {
                self.evict();
                None
            }
            Err(error) => Some(problem(&self.settings.dir, &error)),
        }
    }

    /// Notes that the file is in use, so that it is not the oldest.
    pub(crate) fn touch(&self) {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        let modified = fs::metadata(&self.path).and_then(|metadata| metadata.modified());
        let is_old = |modified| self.settings.now.duration_since(modified).is_ok_and(|age| DAY < age);
        if modified.is_ok_and(is_old) {
            // If it fails, the file is removed earlier than it could be.
            let _ = fs::File::options().write(true).open(&self.path).and_then(|file| file.set_modified(self.settings.now));
        }
    }

    /// Removes the oldest files while all together are too large. Another scan may do so at the same time.
    fn evict(&self) {
        let mut files = Vec::new();
        let folders = fs::read_dir(&self.settings.dir).into_iter().flatten().flatten();
        for folder in folders.filter(|entry| entry.file_name().len() == 2) {
            for entry in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                let Ok(metadata) = entry.metadata() else { continue };
                let Ok(modified) = metadata.modified() else { continue };
                let age = self.settings.now.duration_since(modified).unwrap_or_default();
                if is_temporary(&entry.path()) && MAX_TEMPORARY_AGE < age {
                    let _ = fs::remove_file(entry.path());
                } else if metadata.is_file() {
                    files.push((modified, entry.path(), metadata.len()));
                }
            }
        }
        let mut total: u64 = files.iter().map(|(_, _, size)| size).sum();
        files.sort();
        for (_, path, size) in files {
            if total <= self.settings.max_bytes {
                return;
            }
            if path != self.path && fs::remove_file(&path).is_ok() {
                total = total.saturating_sub(size);
            }
        }
    }
}

/// Bytes of the caller's that are kept beside the results, under the same seal: what can be made again.
#[derive(Debug)]
pub struct KeptBytes(Cache);

impl KeptBytes {
    /// The file for a subject: whatever the bytes depend on.
    ///
    /// # Errors
    ///
    /// Returns why the folder can't be used.
    pub fn open(settings: CacheSettings, subject: &[impl AsRef<[u8]>]) -> io::Result<Self> {
        Cache::open(settings, subject).map(Self)
    }

    /// The bytes that were written; nothing if there are none, or they are not ours.
    #[must_use]
    pub fn read(&self) -> Option<Vec<u8>> {
        let mut bytes = self.0.read();
        let n_content = bytes.len().checked_sub(blake3::OUT_LEN)?;
        let (content, seal) = bytes.split_at_checked(n_content)?;
        let is_ours = blake3::keyed_hash(&self.0.key, content) == <[u8; blake3::OUT_LEN]>::try_from(seal).ok()?;
        self.0.touch();
        bytes.truncate(n_content);
        is_ours.then_some(bytes)
    }

    /// Replaces the bytes.
    ///
    /// # Errors
    ///
    /// Returns why they could not be written.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let sealed = [bytes, blake3::keyed_hash(&self.0.key, bytes).as_bytes()].concat();
        if u64::try_from(sealed.len()).is_ok_and(|size| size <= MAX_PACK_BYTES.min(self.0.settings.max_bytes)) {
            self.0.path.parent().map_or(Ok(()), create_private_folder)?;
            replace(&self.0.path, &sealed)?;
            self.0.evict();
        }
        Ok(())
    }
}

/// A cache that can't be used costs time, and nothing else.
pub(crate) fn problem(folder: &Path, error: &io::Error) -> Diagnostic {
    let reason =
        format!("the result cache in `{}` can't be used: {}", bartizan_core::ArtifactPath::from(&*folder.to_string_lossy()), error.kind());
    Diagnostic::new(DiagnosticKind::Cache, reason).with_help("make the folder writable, name another one, or turn the cache off")
}

fn create_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path)
}

const TEMPORARY: &str = "tmp";

fn is_temporary(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == TEMPORARY)
}

/// Writes a file that only this user can read, and puts it in the place of another one in one step.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = create_beside(path, bytes)?;
    fs::rename(&temporary, path).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}

/// Writes a new file with a name of its own beside a path.
fn create_beside(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("{}-{number}.{TEMPORARY}", std::process::id()));
    // A scan that crashed under the same number may have left it behind.
    let _ = fs::remove_file(&temporary);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let written = options.open(&temporary).and_then(|mut file| io::Write::write_all(&mut file, bytes));
    if let Err(error) = written {
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    Ok(temporary)
}

#[cfg(test)]
mod tests;
