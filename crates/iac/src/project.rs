//! What was noted of all files.

use std::cell::OnceCell;

use bartizan_core::{ArtifactPath, ByteRange, LineIndex, Location};
use bartizan_source::ProjectView;

use crate::{
    Place,
    format::Document,
    terraform::{Plan, Values},
};

/// What was noted of all files, in order of their paths.
#[derive(Debug)]
pub struct Project<'p> {
    /// The files that said something.
    pub files: Vec<ProjectFile<'p>>,
    /// Values of variables that the caller gives.
    pub values: &'p [Values],
    /// Plans that the caller gives.
    pub plans: &'p [Plan],
    /// The paths of all files that were visited, sorted.
    pub paths: &'p [ArtifactPath],
}

/// What was noted of one file.
#[derive(Debug)]
pub struct ProjectFile<'p> {
    /// Its path.
    pub path: &'p ArtifactPath,
    /// Its text; secrets that were found in it are masked.
    pub text: &'p str,
    /// What it says.
    pub documents: Vec<Document>,
    lines: OnceCell<LineIndex>,
}

/// The path that another one names from a folder, without `.`, `..` and empty parts; nothing where it leads out of the project.
pub(crate) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

impl ProjectFile<'_> {
    /// Where its lines begin.
    #[must_use]
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.text))
    }
}

impl<'p> Project<'p> {
    /// Reads back what was noted. The second value names files whose notes can't be read.
    #[must_use]
    pub fn new(view: &ProjectView<'p>, values: &'p [Values], plans: &'p [Plan]) -> (Self, Vec<(&'p ArtifactPath, String)>) {
        let mut broken = Vec::new();
        let mut files = Vec::with_capacity(view.facts.len());
        for file in view.facts {
            let documents = postcard::from_bytes(file.facts).unwrap_or_else(|error| {
                broken.push((file.path, error.to_string()));
                Vec::new()
            });
            files.push(ProjectFile { path: file.path, text: file.text.unwrap_or_default(), documents, lines: OnceCell::new() });
        }
        (Self { files, values, plans, paths: view.paths }, broken)
    }

    /// The location of some lines of a file, counted from 1.
    #[must_use]
    pub fn lines_at(&self, number: u32, first: u32, last: u32) -> Option<Location> {
        let file = self.files.get(number as usize)?;
        let lines = file.lines();
        let range = |line: u32| lines.line_range(file.text, line);
        let (start, end) = (range(first), range(last.max(first)));
        let indented = file.text.get(start.start()..start.end()).unwrap_or_default();
        let start = start.start() + (indented.len() - indented.trim_start().len());
        Some(Location::within(file.path.clone(), ByteRange::new(start, end.end().max(start)), file.text, lines))
    }

    /// A project of documents that are at hand.
    pub(crate) fn of_documents(files: impl Iterator<Item = (&'p ArtifactPath, &'p str, Document)>) -> Self {
        let file = |(path, text, document)| ProjectFile { path, text, documents: vec![document], lines: OnceCell::new() };
        Self { files: files.map(file).collect(), values: &[], plans: &[], paths: &[] }
    }

    /// The location of a place; nothing for a place that is nowhere.
    #[must_use]
    pub fn location(&self, place: Place) -> Option<Location> {
        let file = self.files.get(place.file as usize)?;
        Some(Location::within(file.path.clone(), place.range(), file.text, file.lines()))
    }

    /// The files and their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u32, &ProjectFile<'p>)> {
        (0..).zip(&self.files)
    }
}
