//! Where Bartizan keeps things between runs.

use std::{env, path::PathBuf};

/// For what should last: the identity key.
pub(crate) fn data_dir() -> Option<PathBuf> {
    base("XDG_DATA_HOME", ".local/share", "Library/Application Support", "LOCALAPPDATA")
}

/// For what can be made again: results, and rules that were compiled.
pub(crate) fn results_dir() -> Option<PathBuf> {
    base("XDG_CACHE_HOME", ".cache", "Library/Caches", "LOCALAPPDATA").map(|folder| folder.join("results"))
}

/// The XDG base directories; relative values are ignored, as their specification says.
fn base(xdg: &str, unix: &str, macos: &str, windows: &str) -> Option<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let in_home = |below: &str| absolute("HOME").map(|home| home.join(below));
    let base = absolute(xdg).or_else(|| {
        if cfg!(windows) {
            absolute(windows)
        } else if cfg!(target_os = "macos") {
            in_home(macos)
        } else {
            in_home(unix)
        }
    })?;
    Some(base.join("bartizan"))
}
