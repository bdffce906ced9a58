//! Where things are: the checkout, and the folders outside of it that make repeated runs warm.

use std::{env, fs, path::PathBuf};

use anyhow::{Context as _, Result};

/// The checkout and its folders.
#[derive(Debug)]
pub(crate) struct Project {
    /// The top of the checkout.
    pub(crate) root: PathBuf,
    /// Where cargo builds, outside of the checkout.
    pub(crate) target: PathBuf,
    /// Where this program keeps what can be made again: the peers of benchmarks.
    pub(crate) cache: PathBuf,
}

impl Project {
    /// Looks where this program was built from, and what the environment says.
    pub(crate) fn find() -> Result<Self> {
        // Asked when it runs: checkouts that share a target directory share this program, too.
        let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().context("xtask lies in no checkout")?.to_owned();
        let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let caches = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
        let cache = caches.map_or_else(|| root.join("target/cache"), |caches| caches.join("bartizan"));
        let named = absolute("CARGO_TARGET_DIR").or_else(|| absolute("BARTIZAN_TARGET_DIR"));
        let target = named.unwrap_or_else(|| cache.join("target"));
        Ok(Self { root, target, cache })
    }

    /// Reads a text of the checkout.
    pub(crate) fn read(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root.join(path)).with_context(|| format!("can't read {path}"))
    }

    /// Writes a text of the checkout, with the folders above it.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<()> {
        let file = self.root.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("can't create {}", folder.display()))?;
        }
        fs::write(&file, text).with_context(|| format!("can't write {path}"))
    }
}
