//! The files that a report speaks of, where the caller has them: what code looks like, and who owns it.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    rc::Rc,
};

use bartizan_formats::codeowners::{self, CodeOwners, Dialect};
use bartizan_triage::{identity::SourceLines, intake::Seen};

/// Larger files are not read: what is wrong in them is known again by what the report says.
const MAX_BYTES: u64 = 4 << 20;

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

    /// Adds to an observation what the text of its file says: the code, what is beside it and what it is in.
    pub(super) fn complete(&mut self, seen: &mut Seen) {
        let (Some(path), Some(_)) = (seen.path.as_deref(), seen.lines) else { return };
        if let Some(text) = self.text(path) {
            seen.sighting.read(&SourceLines::new(&text));
        }
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
