//! Finding out what there is to look at.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind};

use crate::{
    Changes, Input, Options, SourceError, SourceFile, disk, git, image, limits,
    source_file::Origin,
    walk::{self, Found},
};

/// The most diagnostics of one kind that are kept.
const MAX_DIAGNOSTICS_PER_KIND: usize = 1_000;

/// What there is to look at.
#[derive(Debug, Default)]
pub struct Discovery {
    /// The files, sorted by the bytes of their paths.
    pub files: Vec<SourceFile>,
    /// What was not looked at, sorted by path.
    pub diagnostics: Vec<Diagnostic>,
    /// The directory that paths are relative to; nothing for what was never in one. Links in it are resolved.
    pub root: Option<PathBuf>,
    /// What is new, if the input asks for changes.
    pub changes: Option<Changes>,
}

/// Finds out what there is to look at. No file is opened but those of version control and ignore files.
///
/// Runs on the current pool of `rayon`; the result does not depend on its size. `progress` is called now and then, from any
/// thread, with the number of files found so far.
///
/// # Errors
///
/// When the input as a whole can't be used; single files and directories that can't be read are diagnostics.
pub fn discover(input: &Input, options: &Options, progress: &(dyn Fn(usize) + Sync)) -> Result<Discovery, SourceError> {
    let mut discovery = match input {
        Input::Tree(path) | Input::File(path) if image::is_image(path) => image_at(path)?,
        Input::Tree(path) => tree(&directory(path)?, options, progress)?,
        Input::File(path) => file(path)?,
        Input::Stdin { name, bytes } => in_memory([(name.as_str(), bytes.as_slice())].into_iter()),
        Input::Documents(documents) => in_memory(documents.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))),
        Input::Staged(path) => {
            let root = directory(path)?;
            Discovery { root: Some(root.clone()), ..git::staged(&root, options)? }
        }
        Input::Since { root, revision } => {
            let root = directory(root)?;
            Discovery { root: Some(root.clone()), ..git::since(&root, revision, options, progress)? }
        }
    };
    discovery.files.sort_unstable_by(|one, other| one.info.path.cmp(&other.info.path));
    discovery.diagnostics = settled(discovery.diagnostics);
    Ok(discovery)
}

fn tree(root: &Path, options: &Options, progress: &(dyn Fn(usize) + Sync)) -> Result<Discovery, SourceError> {
    let tree = walk::tree(root, options, progress)?;
    let origin = Origin::Disk(Arc::from(root));
    let source_file = |Found { path, size_bytes }| SourceFile::new(path, size_bytes, origin.clone());
    let files = tree.files.into_iter().map(source_file).collect();
    Ok(Discovery { files, diagnostics: tree.diagnostics, root: Some(root.to_owned()), changes: None })
}

/// An image of a container is one file, whatever it is on disk: of a layout, its index stands for it.
fn image_at(path: &Path) -> Result<Discovery, SourceError> {
    let resolved = resolve(path)?;
    let file = if resolved.is_dir() { resolved.join(image::INDEX) } else { resolved };
    let mut discovery = self::file(&file)?;
    for file in &mut discovery.files {
        let size_bytes = file.info.size_bytes;
        let at = discovery.root.as_ref().and_then(|root| disk::disk_path(root, file.info.path.as_bytes()));
        *file = SourceFile::new(file.info.path.clone(), size_bytes, Origin::Image(Arc::from(at.unwrap_or_default())));
    }
    Ok(discovery)
}

fn file(path: &Path) -> Result<Discovery, SourceError> {
    let resolved = resolve(path)?;
    let metadata = resolved.symlink_metadata().map_err(|error| unusable(path, error))?;
    let not_a_file = || SourceError::NotAFile { path: path.to_owned() };
    if !metadata.is_file() {
        return Err(not_a_file());
    }
    let root = resolved.parent().ok_or_else(not_a_file)?;
    let name = disk::artifact_path(root, &resolved).ok_or_else(not_a_file)?;
    let files = vec![SourceFile::new(name, metadata.len(), Origin::Disk(Arc::from(root)))];
    Ok(Discovery { files, root: Some(root.to_owned()), ..Discovery::default() })
}

fn in_memory<'t>(documents: impl Iterator<Item = (&'t str, &'t [u8])>) -> Discovery {
    let file = |(name, bytes): (&str, &'t [u8])| {
        let path = ArtifactPath::from(if name.is_empty() { "stdin" } else { name });
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        SourceFile::new(path, size_bytes, Origin::Memory(Arc::from(bytes)))
    };
    Discovery { files: documents.map(file).collect(), ..Discovery::default() }
}

/// A directory's path without links in it.
fn directory(path: &Path) -> Result<PathBuf, SourceError> {
    let resolved = resolve(path)?;
    if resolved.is_dir() { Ok(resolved) } else { Err(SourceError::NotADirectory { path: path.to_owned() }) }
}

fn resolve(path: &Path) -> Result<PathBuf, SourceError> {
    fs::canonicalize(path).map_err(|error| unusable(path, error))
}

fn unusable(path: &Path, source: io::Error) -> SourceError {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::NotFound { SourceError::NotFound { path } } else { SourceError::Unreadable { path, source } }
}

/// Sorts diagnostics, and keeps the first ones of each kind: a tree can have a million links.
fn settled(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_unstable();
    diagnostics.dedup();
    for &kind in DiagnosticKind::ALL {
        let n_found = diagnostics.iter().filter(|diagnostic| diagnostic.kind == kind).count();
        let Some(n_dropped) = n_found.checked_sub(MAX_DIAGNOSTICS_PER_KIND).filter(|&n_dropped| 0 < n_dropped) else { continue };
        let mut n_kept = 0;
        diagnostics.retain(|diagnostic| {
            n_kept += usize::from(diagnostic.kind == kind);
            diagnostic.kind != kind || n_kept <= MAX_DIAGNOSTICS_PER_KIND
        });
        let limit = limits::named("max-diagnostics-per-kind", MAX_DIAGNOSTICS_PER_KIND);
        diagnostics.push(Diagnostic::new(kind, format!("{n_dropped} more of this kind")).because_of(limit));
    }
    diagnostics
}
