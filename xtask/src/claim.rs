//! One checkout at a time builds in the target directory that all checkouts of a user share.
//!
//! Cargo tells whether a crate is fresh by the times of its files, and gives the same crate of two checkouts the same name. So
//! what one checkout built last counts as fresh for another one whose files are older, and `target/debug/bartizan` may be
//! anybody's: tests would pass on code that is not under test. Whoever comes from another checkout than the last one therefore
//! makes its own files newer than all that is built there, and others wait until it has finished. Builds of dependencies, which
//! take most of the time, stay warm.

use std::{
    fs::{self, File, TryLockError},
    io::{Read as _, Seek as _, Write as _},
    path::Path,
    time::SystemTime,
};

use anyhow::{Context as _, Result};

use crate::{project::Project, step::say};

/// The file in the target directory that names the checkout that built there last.
const NAME: &str = "bartizan-checkout";
/// What is built, relative to the checkout.
const BUILT: [&str; 4] = ["crates", "rules", "xtask", "fuzz"];

/// The right to build in the target directory, until it is dropped.
#[derive(Debug)]
pub(crate) struct Claim {
    // The lock goes with the file.
    _file: File,
    /// Whether another checkout built there last: it may have built this very program.
    pub(crate) is_new: bool,
}

impl Claim {
    /// Waits for other checkouts, and makes everything stale that they have built of the files here.
    pub(crate) fn take(project: &Project) -> Result<Self> {
        let path = project.target.join(NAME);
        fs::create_dir_all(&project.target).with_context(|| format!("can't create {}", project.target.display()))?;
        let opened = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = opened.with_context(|| format!("can't open {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                say(&format!("waiting for another `cargo xtask` that builds in {}", project.target.display()));
                file.lock().with_context(|| format!("can't lock {}", path.display()))?;
            }
            Err(TryLockError::Error(error)) => return Err(error).with_context(|| format!("can't lock {}", path.display())),
        }
        let mut last = Vec::new();
        file.read_to_end(&mut last).with_context(|| format!("can't read {}", path.display()))?;
        let here = project.root.as_os_str().as_encoded_bytes();
        let is_new = last != here;
        if is_new {
            let now = SystemTime::now();
            for folder in BUILT {
                touch(&project.root.join(folder), now)?;
            }
            // Only now: whoever is interrupted before has to do it again.
            let written = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(here));
            written.with_context(|| format!("can't write {}", path.display()))?;
        }
        Ok(Self { _file: file, is_new })
    }
}

/// Gives every file of a folder a time; links are left alone.
fn touch(folder: &Path, time: SystemTime) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("can't read {}", folder.display()))? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            touch(&entry.path(), time)?;
        } else if kind.is_file() {
            let touched = File::options().append(true).open(entry.path()).and_then(|file| file.set_modified(time));
            touched.with_context(|| {
                format!("can't set the time of {}: name a target directory of its own in BARTIZAN_TARGET_DIR", entry.path().display())
            })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{env, path::PathBuf, process, time::Duration};

    use super::*;

    /// Folders that are removed at the end.
    struct Folders(PathBuf);

    impl Folders {
        fn new(name: &str) -> Self {
            let folder = env::temp_dir().join(format!("bartizan-xtask-{name}-{}", process::id()));
            for checkout in ["one", "two"] {
                for built in BUILT {
                    fs::create_dir_all(folder.join(checkout).join(built).join("src")).unwrap();
                    fs::write(folder.join(checkout).join(built).join("src/lib.rs"), "").unwrap();
                }
            }
            Self(folder)
        }

        fn checkout(&self, name: &str) -> Project {
            Project { root: self.0.join(name), target: self.0.join("target"), cache: self.0.join("cache") }
        }

        fn age(&self, checkout: &str, hours: u64) {
            let time = SystemTime::now() - Duration::from_secs(hours * 3600);
            BUILT.iter().for_each(|built| touch(&self.0.join(checkout).join(built), time).unwrap());
        }

        fn is_fresh(&self, checkout: &str) -> bool {
            let modified = fs::metadata(self.0.join(checkout).join("crates/src/lib.rs")).unwrap().modified().unwrap();
            modified.elapsed().unwrap_or_default() < Duration::from_secs(600)
        }
    }

    impl Drop for Folders {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn files_count_as_changed_after_another_checkout_has_built_and_only_then() {
        let folders = Folders::new("claim");
        for (checkout, expected) in [("one", true), ("one", false), ("two", true), ("one", true), ("one", false)] {
            folders.age(checkout, 2);
            assert_eq!(Claim::take(&folders.checkout(checkout)).unwrap().is_new, expected, "{checkout}");
            assert_eq!(folders.is_fresh(checkout), expected, "{checkout}");
        }
    }

    #[test]
    fn another_checkout_has_to_wait() {
        let folders = Folders::new("wait");
        let claim = Claim::take(&folders.checkout("one")).unwrap();
        let lock = || File::options().write(true).open(folders.0.join("target").join(NAME)).unwrap().try_lock();
        assert!(matches!(lock(), Err(TryLockError::WouldBlock)));
        drop(claim);
        lock().unwrap();
    }
}
