//! What is staged: the index where it differs from `HEAD`.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Level, Location};
use gix::{
    ObjectId,
    index::entry::{Flags, Mode, Stage},
};

use super::{Repository, rename};
use crate::{
    Changes, Discovery, Options, SourceError, SourceFile,
    changes::Before,
    disk,
    exclude::Excludes,
    ignore_file::{OwnRules, Reader},
    source_file::Origin,
};

/// Lists what is staged below a directory, whose path has no links in it.
pub(crate) fn staged(root: &Path, options: &Options) -> Result<Discovery, SourceError> {
    let repository = Arc::new(Repository::of_directory(root, &options.limits)?);
    let excludes = Excludes::new(root, options)?;
    let committed = match repository.head()? {
        Some(head) => repository.files_of(head, &options.limits)?,
        None => super::repository::CommittedFiles::default(),
    };
    let mut discovery = Discovery { changes: Some(Changes::default()), ..Discovery::default() };
    let Some(index) = repository.index()? else { return Ok(discovery) };
    if committed.is_cut {
        discovery.diagnostics.push(super::cut_commit(&options.limits));
    }

    // The files whose staged content is not the committed one.
    let mut reader = Reader::new(root);
    let mut own_rules = OwnRules::above(root, &mut reader);
    let mut in_index = BTreeSet::new();
    let mut in_conflict = BTreeSet::new();
    let mut differing: Vec<(ArtifactPath, ObjectId)> = Vec::new();
    for entry in index.entries() {
        let Some(path) = repository.below_directory(entry.path(&index)) else { continue };
        in_index.insert(path);
        let is_file = entry.mode == Mode::FILE || entry.mode == Mode::FILE_EXECUTABLE;
        if !is_file || entry.flags.contains(Flags::INTENT_TO_ADD) || committed.files.get(path) == Some(&entry.id) {
            continue;
        }
        let on_disk = disk::disk_path(root, path);
        let is_excluded = on_disk.is_some_and(|file| {
            excludes.matches_with_parents(&file) || (options.use_ignore_files && own_rules.is_excluded(&file, &mut reader))
        });
        if is_excluded {
            continue;
        }
        let path = ArtifactPath::from_bytes(path);
        if entry.stage() == Stage::Unconflicted {
            differing.push((path, entry.id));
        } else if in_conflict.insert(path.clone()) {
            let mut diagnostic = Diagnostic::new(DiagnosticKind::VersionControl, "file has conflicts, and nothing of it is staged")
                .with_help("resolve the conflicts and stage the file")
                .at(Location::whole(path));
            diagnostic.level = Level::Incomplete;
            discovery.diagnostics.push(diagnostic);
        }
    }
    discovery.diagnostics.append(&mut reader.problems);

    // Those that had another name.
    let gone = committed.files.iter().filter(|(path, _)| !in_index.contains(path.as_slice()));
    let old: Vec<_> = gone.map(|(path, &id)| rename::Candidate { key: path.clone(), id: Some(id) }).collect();
    let added = differing.iter().filter(|(path, _)| !committed.files.contains_key(path.as_bytes()));
    let new: Vec<_> = added.map(|(path, id)| rename::Candidate { key: path.clone(), id: Some(*id) }).collect();
    let content = |id: Option<ObjectId>| repository.blob(id?, rename::MAX_COMPARED_BYTES).ok()?;
    let old_names = rename::pairs(&old, &new, |old| content(old.id), |new| content(new.id));

    let mut changes = Changes::default();
    for (path, id) in differing {
        let size_bytes = match repository.blob_bytes(id) {
            Ok(size_bytes) => size_bytes,
            Err(reason) => {
                let diagnostic = Diagnostic::new(DiagnosticKind::Unreadable, format!("can't read what is staged: {reason}"));
                discovery.diagnostics.push(diagnostic.at(Location::whole(path)));
                continue;
            }
        };
        let old_path = old_names.get(&path).map_or(path.as_bytes(), Vec::as_slice);
        let before = match committed.files.get(old_path) {
            None => Before::Nothing,
            Some(&old_id) if old_id == id => Before::Same,
            Some(&old_id) => Before::Blob(Arc::clone(&repository), old_id),
        };
        let origin = Origin::Blob(Arc::clone(&repository), id);
        changes.insert(path.clone(), before, origin.clone(), options.limits.max_file_bytes);
        discovery.files.push(SourceFile::new(path, size_bytes, origin));
    }
    discovery.changes = Some(changes);
    Ok(discovery)
}
