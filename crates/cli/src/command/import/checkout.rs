//! The files that a report speaks of, where the caller has them: what code looks like, and who owns it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use bartizan_formats::codeowners::{self, CodeOwners, Dialect};
use bartizan_triage::{
    identity::{PathKey, SourceLines},
    intake::Seen,
};

/// Larger files are not read: what is wrong in them is known again by what the report says.
const MAX_BYTES: u64 = 4 << 20;

/// Of so many folders that a path begins with it is tried whether they are above the checkout.
const MAX_FOLDERS: usize = 12;

/// So many texts are kept: reports go through files one after the other.
const N_KEPT: usize = 64;

/// A checkout of the repository.
pub(super) struct Checkout {
    root: PathBuf,
    texts: HashMap<String, Option<Rc<str>>>,
}

impl Checkout {
    /// The checkout in a folder; nothing if there is no such folder.
    pub(super) fn open(folder: &Path) -> Option<Self> {
        let root = fs::canonicalize(folder).ok().filter(|root| root.is_dir())?;
        Some(Self { root, texts: HashMap::new() })
    }

    /// Adds to an observation what the text of its file says: the code, what is beside it and what it is in. A tool that ran in
    /// another folder, or in a container, names its files by longer paths: they become those of the checkout.
    pub(super) fn complete(&mut self, seen: &mut Seen) {
        let (Some(path), Some(_)) = (seen.path.clone(), seen.lines) else { return };
        let Some((path, text)) = self.named(&path) else { return };
        seen.sighting.path = PathKey::of(&path);
        seen.path = Some(path);
        seen.sighting.read(&SourceLines::new(&text));
    }

    /// The file that a path means: of one that begins at the root of a machine the longest end that is there.
    fn named(&mut self, path: &str) -> Option<(String, Rc<str>)> {
        if !path.starts_with('/') {
            return Some((path.to_owned(), self.text(path)?));
        }
        let ends = path.match_indices('/').filter_map(|(at, _)| path.get(at + 1..)).filter(|end| !end.is_empty());
        ends.take(MAX_FOLDERS).find_map(|end| Some((end.to_owned(), self.text(end)?)))
    }

    /// Its code-owners file, if it has one.
    pub(super) fn code_owners(&mut self) -> Option<CodeOwners> {
        let (place, text) = codeowners::PLACES.iter().find_map(|place| Some((*place, self.text(place)?)))?;
        let bytes = text.as_bytes();
        Some(CodeOwners::parse(bytes, &place.into(), Dialect::of(place, bytes)).0)
    }

    fn text(&mut self, path: &str) -> Option<Rc<str>> {
        if let Some(text) = self.texts.get(path) {
            return text.clone();
        }
        if N_KEPT <= self.texts.len() {
            self.texts.clear();
        }
        let text = self.read(path).map(Rc::from);
        self.texts.insert(path.to_owned(), text.clone());
        text
    }

    /// A file of the checkout. A report may name any file there is, and a link may lead to any: only what is inside is read.
    fn read(&self, path: &str) -> Option<String> {
        let file = fs::canonicalize(self.root.join(path)).ok()?;
        let metadata = fs::metadata(&file).ok()?;
        let is_readable = file.starts_with(&self.root) && metadata.is_file() && metadata.len() <= MAX_BYTES;
        is_readable.then(|| fs::read(&file).ok())?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }
}
