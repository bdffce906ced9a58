//! Where results go: standard output, or a file that appears whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::{
    exit::Exit,
    failure::{Failure, reason},
};

/// Where a result goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file.
    File(PathBuf),
}

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Privacy {
    /// Whoever the user's mask allows.
    Shared,
    /// The user alone: mode 0600.
    Private,
}

impl Target {
    /// A target as the command line names it; `-` is standard output.
    pub(crate) fn named(path: &Path) -> Self {
        if path.as_os_str() == "-" { Self::Stdout } else { Self::File(path.to_owned()) }
    }

    /// Lets `write` produce the result. Whoever stops reading standard output early gets no error.
    pub(crate) fn write(&self, privacy: Privacy, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
        match self {
            Self::Stdout => {
                let mut out = BufWriter::new(io::stdout().lock());
                match write(&mut out).and_then(|()| out.flush()) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                        // What is left in the buffer has no reader; dropping it would only try again.
                        let _ = out.into_parts();
                        Ok(())
                    }
                    Err(error) => {
                        let message = format!("can't write to standard output: {}", reason(&error));
                        Err(Failure { exit: Exit::Storage, ..Failure::bad_input("unwritable", message) })
                    }
                    Ok(()) => Ok(()),
                }
            }
            Self::File(path) => write_file(path, privacy, write).map_err(|error| Failure::unwritable(path, &error)),
        }
    }
}

/// Prints a text on standard output.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    Target::Stdout.write(Privacy::Shared, |out| out.write_all(text.as_bytes()))
}

/// Prints a text on standard error; there is nobody to tell if that fails.
pub(crate) fn print_error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Writes a file through a temporary one beside it, so that nobody sees half of it and a failure leaves the old one.
pub(crate) fn write_file(path: &Path, privacy: Privacy, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays a link: its target is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let is_special = fs::metadata(&path).is_ok_and(|metadata| !metadata.is_file());
    if is_special {
        if privacy == Privacy::Private {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "secrets are written to a regular file alone"));
        }
        let mut out = BufWriter::new(OpenOptions::new().write(true).open(&path)?);
        write(&mut out)?;
        return out.flush();
    }
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this is no file name"))?;
    let temporary = Temporary(path.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id())));
    let mut out = BufWriter::new(temporary.create(privacy)?);
    write(&mut out)?;
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&temporary.0, &path)
}

/// Replaces the content of a regular file, which keeps its permissions; a link in its place would be replaced, not followed.
pub(crate) fn replace_file(path: &Path, content: &[u8], permissions: fs::Permissions) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "this is no file name"))?;
    let temporary = Temporary(path.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), std::process::id())));
    let mut out = temporary.create(Privacy::Private)?;
    out.write_all(content)?;
    out.set_permissions(permissions)?;
    out.sync_all()?;
    fs::rename(&temporary.0, path)
}

/// A file that is removed unless it was renamed.
struct Temporary(PathBuf);

impl Temporary {
    fn create(&self, privacy: Privacy) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(match privacy {
                Privacy::Shared => 0o666,
                Privacy::Private => 0o600,
            });
        }
        #[cfg(not(unix))]
        let _ = privacy;
        let open = || options.open(&self.0);
        match open() {
            // Left behind by a process that was killed and had the same number.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                fs::remove_file(&self.0)?;
                open()
            }
            result => result,
        }
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
