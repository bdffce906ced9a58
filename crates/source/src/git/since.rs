//! What changed in the work tree since a revision: since its merge base with `HEAD`, to be exact.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use bartizan_core::{ArtifactPath, Diagnostic, DiagnosticKind, Level, Location};
use gix::{
    ObjectId,
    bstr::BStr,
    index::entry::{Mode, Stat, stat},
};
use rayon::prelude::*;

use super::{Repository, rename};
use crate::{
    Changes, Discovery, Options, SourceError, SourceFile,
    changes::Before,
    disk,
    source_file::Origin,
    walk::{self, Found},
};

/// Lists the files below a directory, whose path has no links in it, that differ from a revision.
pub(crate) fn since(root: &Path, revision: &str, options: &Options, progress: &(dyn Fn(usize) + Sync)) -> Result<Discovery, SourceError> {
    let repository = Arc::new(Repository::of_directory(root, &options.limits)?);
    let base = repository.merge_base(revision)?;
    let committed = repository.files_of(base, &options.limits)?;
    let index = repository.index()?;
    let tree = walk::tree(root, options, progress)?;
    let mut discovery = Discovery { diagnostics: tree.diagnostics, ..Discovery::default() };
    if committed.is_cut {
        discovery.diagnostics.push(super::cut_commit(&options.limits));
    }

    // The files whose content is not that of the base.
    let submodules = submodules(&repository, index.as_ref());
    let disk = Disk { root, repository: &repository, index: index.as_ref(), max_bytes: options.limits.max_file_bytes };
    let is_in_submodule = |file: &Found| super::is_below_one_of(&submodules, file.path.as_bytes());
    let differs = |file: &Found| committed.files.get(file.path.as_bytes()).is_none_or(|&id| disk.differs(file, id));
    let walked: Vec<Found> = tree.files.into_iter().filter(|file| !is_in_submodule(file)).collect();
    let differing: Vec<&Found> = walked.par_iter().filter(|file| differs(file)).collect();
    for submodule in &submodules {
        let diagnostic = Diagnostic::new(DiagnosticKind::VersionControl, "submodule is not compared with the revision")
            .with_help("scan it on its own")
            .at(Location::whole(ArtifactPath::from_bytes(submodule)));
        discovery.diagnostics.push(Diagnostic { level: Level::Note, ..diagnostic });
    }

    // Those that had another name.
    let names: BTreeSet<&[u8]> = walked.iter().map(|file| file.path.as_bytes()).collect();
    let is_gone = |path: &[u8]| !names.contains(path) && disk::disk_path(root, path).is_none_or(|file| file.symlink_metadata().is_err());
    let gone = committed.files.iter().filter(|(path, _)| is_gone(path));
    let old: Vec<_> = gone.map(|(path, &id)| rename::Candidate { key: path.clone(), id: Some(id) }).collect();
    let added = differing.iter().filter(|file| !old.is_empty() && !committed.files.contains_key(file.path.as_bytes()));
    let new: Vec<_> = added.map(|file| rename::Candidate { key: file.path.clone(), id: disk.id(file) }).collect();
    let old_content = |old: &rename::Candidate<Vec<u8>>| repository.blob(old.id?, rename::MAX_COMPARED_BYTES).ok()?;
    let origin = Origin::Disk(Arc::from(root));
    let new_content = |new: &rename::Candidate<ArtifactPath>| origin.read(&new.key, rename::MAX_COMPARED_BYTES);
    let old_names = rename::pairs(&old, &new, old_content, new_content);
    let new_ids: std::collections::BTreeMap<&ArtifactPath, ObjectId> = new.iter().filter_map(|new| Some((&new.key, new.id?))).collect();

    let mut changes = Changes::default();
    for file in differing {
        let before = match old_names.get(&file.path) {
            Some(old_path) => match committed.files.get(old_path) {
                Some(old_id) if new_ids.get(&file.path) == Some(old_id) => Before::Same,
                Some(&old_id) => Before::Blob(Arc::clone(&repository), old_id),
                None => Before::Nothing,
            },
            None => committed.files.get(file.path.as_bytes()).map_or(Before::Nothing, |&id| Before::Blob(Arc::clone(&repository), id)),
        };
        changes.insert(file.path.clone(), before, origin.clone(), options.limits.max_file_bytes);
        discovery.files.push(SourceFile::new(file.path.clone(), file.size_bytes, origin.clone()));
    }
    discovery.changes = Some(changes);
    Ok(discovery)
}

/// The folders of submodules below the scanned directory, with `/` at the end.
fn submodules(repository: &Repository, index: Option<&gix::index::File>) -> Vec<Vec<u8>> {
    let Some(index) = index else { return Vec::new() };
    let entries = index.entries().iter().filter(|entry| entry.mode == Mode::COMMIT);
    let paths = entries.filter_map(|entry| repository.below_directory(entry.path(index)));
    paths.map(|path| [path, b"/"].concat()).collect()
}

/// The files on disk, as git sees them.
struct Disk<'a> {
    root: &'a Path,
    repository: &'a Repository,
    index: Option<&'a gix::index::File>,
    max_bytes: u64,
}

impl Disk<'_> {
    /// Whether a file's content is not that of a blob, other line breaks aside.
    fn differs(&self, file: &Found, id: ObjectId) -> bool {
        if let Some(known) = self.id_by_index(file) {
            return known != id;
        }
        let Some(content) = self.content(file) else { return true };
        if self.repository.id_of(&content) == Some(id) {
            return false;
        }
        // Git may have converted line breaks when it wrote the file.
        let has_other_breaks = memchr::memmem::find(&content, b"\r\n").is_some();
        !has_other_breaks || self.repository.id_of(&without_carriage_returns(&content)) != Some(id)
    }

    /// The id of a file's content; nothing if it is too large to be read.
    fn id(&self, file: &Found) -> Option<ObjectId> {
        self.id_by_index(file).or_else(|| self.repository.id_of(&self.content(file)?))
    }

    /// The id that the index has, if the file was not touched since.
    fn id_by_index(&self, file: &Found) -> Option<ObjectId> {
        // Nanoseconds are compared where both sides have them; the device's number changes with every mount.
        const COMPARED: stat::Options = stat::Options { trust_ctime: true, check_stat: true, use_nsec: true, use_stdev: false };
        let index = self.index?;
        let path = self.repository.below_top(&file.path);
        let entry = index.entry_by_path(BStr::new(&path))?;
        let metadata = gix::index::fs::Metadata::from_path_no_follow(&disk::disk_path(self.root, file.path.as_bytes())?).ok()?;
        let stat = Stat::from_fs(&metadata).ok()?;
        let is_untouched = entry.stat.matches(&stat, COMPARED) && !entry.stat.is_racy(index.timestamp(), COMPARED);
        is_untouched.then_some(entry.id)
    }

    fn content(&self, file: &Found) -> Option<Vec<u8>> {
        disk::read_small(&disk::disk_path(self.root, file.path.as_bytes())?, self.max_bytes).ok()?
    }
}

fn without_carriage_returns(content: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(content.len());
    for (index, &byte) in content.iter().enumerate() {
        if byte != b'\r' || content.get(index + 1) != Some(&b'\n') {
            result.push(byte);
        }
    }
    result
}
