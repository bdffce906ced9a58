//! One file, as engines see it.

use std::{
    any::Any,
    cell::{OnceCell, RefCell},
    rc::Rc,
    sync::Arc,
};

use bartizan_core::{ArtifactPath, ByteRange, Layer, LineIndex, Location};

use crate::{Language, generated};

/// What is known about a file before it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileInfo {
    /// Its path below the root, or below the archive that holds it.
    pub path: ArtifactPath,
    /// Its size in bytes; of an archive's entry, the size when unpacked.
    pub size_bytes: u64,
    /// Its language, by name and extension.
    pub language: Option<Language>,
    /// Whether its content is that of a program or a library of a machine. An analyzer is asked about its interest without it, and
    /// once more with it.
    pub is_program: bool,
    /// Where in an image of a container it is.
    pub in_image: Option<InImage>,
}

/// Where in an image of a container a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InImage {
    /// The image.
    pub image: Arc<Image>,
    /// The layer that brought it, by its place in the image; nothing for what the image says about itself.
    pub layer: Option<usize>,
    /// Whether a later layer replaced or removed it.
    pub is_covered: bool,
}

/// An image of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Image {
    /// Its name, as it is written in the archive or layout: `docker.io/library/alpine:3.20`; empty where it has none.
    pub name: String,
    /// The digest of its manifest, or of its configuration where the archive has no manifest: `sha256:…`.
    pub digest: String,
    /// Whether the digest is that of its manifest.
    pub has_manifest: bool,
    /// Its layers, the lowest first.
    pub layers: Vec<Layer>,
}

impl FileInfo {
    /// What is known of a file by its path and size.
    #[must_use]
    pub fn new(path: ArtifactPath, size_bytes: u64) -> Self {
        let language = Language::of_path(&path);
        Self { path, size_bytes, language, is_program: false, in_image: None }
    }

    /// The layer that brought it.
    #[must_use]
    pub fn layer(&self) -> Option<&Layer> {
        let of = self.in_image.as_ref()?;
        of.image.layers.get(of.layer?)
    }

    /// Whether it is of an image, where a later layer replaced or removed it.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        self.in_image.as_ref().is_some_and(|of| of.is_covered)
    }
}

/// One file with its content: read once, decoded once, indexed once, shown to every interested engine.
#[derive(Debug)]
pub struct FileView<'a> {
    info: &'a FileInfo,
    bytes: &'a [u8],
    text: Option<&'a str>,
    language: Option<Language>,
    lines: OnceCell<LineIndex>,
    is_minified: OnceCell<bool>,
    is_generated: OnceCell<bool>,
    shared: RefCell<Vec<Rc<dyn Any>>>,
}

impl<'a> FileView<'a> {
    /// Puts a view together; `text` is nothing for binary files and for those that were not opened.
    #[must_use]
    pub fn new(info: &'a FileInfo, bytes: &'a [u8], text: Option<&'a str>) -> Self {
        let language = info.language.or_else(|| text.and_then(Language::of_shebang));
        Self {
            info,
            bytes,
            text,
            language,
            lines: OnceCell::new(),
            is_minified: OnceCell::new(),
            is_generated: OnceCell::new(),
            shared: RefCell::default(),
        }
    }

    /// What was known before it was read.
    #[must_use]
    pub const fn info(&self) -> &'a FileInfo {
        self.info
    }

    /// Its path.
    #[must_use]
    pub const fn path(&self) -> &'a ArtifactPath {
        &self.info.path
    }

    /// The bytes as they are stored.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The decoded text; nothing for a binary file. Ranges of findings are ranges of this text.
    #[must_use]
    pub const fn text(&self) -> Option<&'a str> {
        self.text
    }

    /// The language: by name, extension or shebang.
    #[must_use]
    pub const fn language(&self) -> Option<Language> {
        self.language
    }

    /// The lines of the text.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text.unwrap_or_default()))
    }

    /// A place in this file.
    #[must_use]
    pub fn location(&self, range: ByteRange) -> Location {
        Location::within(self.info.path.clone(), range, self.text.unwrap_or_default(), self.lines())
    }

    /// Whether the text is minified: some line is far longer than people write, and few lines break it up.
    pub fn is_minified(&self) -> bool {
        const MIN_BYTES: usize = 2_000;
        const MIN_MEAN_LINE_BYTES: usize = 400;
        *self.is_minified.get_or_init(|| {
            let text = self.text.unwrap_or_default();
            MIN_BYTES <= text.len() && MIN_MEAN_LINE_BYTES <= text.len() / self.lines().n_lines()
        })
    }

    /// Whether a program wrote the file: a mark in its first lines says so, or its name does (lock files, source maps).
    pub fn is_generated(&self) -> bool {
        *self.is_generated.get_or_init(|| generated::has_name(self.path().file_name()) || self.text.is_some_and(generated::has_mark))
    }

    /// What engines have worked out about the text and leave to those after them: one value of each type, empty at first.
    ///
    /// ```
    /// # use bartizan_source::{FileInfo, FileView};
    /// # use std::cell::Cell;
    /// # let info = FileInfo::new("a".into(), 1);
    /// let file = FileView::new(&info, b"a", Some("a"));
    /// file.shared::<Cell<usize>>().set(7);
    /// assert_eq!(file.shared::<Cell<usize>>().get(), 7);
    /// ```
    pub fn shared<T: Any + Default>(&self) -> Rc<T> {
        let known = self.shared.borrow().iter().find_map(|value| Rc::clone(value).downcast::<T>().ok());
        known.unwrap_or_else(|| {
            let value = Rc::new(T::default());
            self.shared.borrow_mut().push(Rc::<T>::clone(&value));
            value
        })
    }
}
