//! A tree that every machine has: the sources of the packages that this project uses.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use crate::{
    cargo::{metadata, packages, text},
    project::Project,
};

/// Copies the sources of all dependencies, for all platforms, into one folder under the cache; links are left out.
pub(super) fn of_dependencies(project: &Project) -> Result<PathBuf> {
    let folder = project.cache.join("bench/trees/dependencies");
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("can't remove {}", folder.display()))?;
    }
    let metadata = metadata(project, &["--locked"])?;
    for package in packages(&metadata) {
        // Packages of the workspace have no source.
        if text(package, "source").is_empty() {
            continue;
        }
        let Some(from) = Path::new(text(package, "manifest_path")).parent() else { continue };
        copy(from, &folder.join(format!("{}-{}", text(package, "name"), text(package, "version"))))?;
    }
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("can't create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("can't read {}", from.display()))? {
        let entry = entry?;
        let (kind, target) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), &target).with_context(|| format!("can't write {}", target.display()))?;
        }
    }
    Ok(())
}
