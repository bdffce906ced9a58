//! What could not be used of a code-owners file, as diagnostics.

use bartizan_core::{ArtifactPath, ByteRange, Diagnostic, DiagnosticKind, Level, Limit, Location, Position, Region};

/// Of the lines that can't be used so many are named one by one.
pub(super) const MAX_NAMED_LINES: usize = 20;

pub(super) struct Place<'a> {
    pub(super) number: u32,
    pub(super) start: usize,
    pub(super) text: &'a [u8],
}

pub(super) struct Problems<'a> {
    file: &'a ArtifactPath,
    all: Vec<Diagnostic>,
    n_unnamed: usize,
}

impl<'a> Problems<'a> {
    pub(super) const fn of(file: &'a ArtifactPath) -> Self {
        Self { file, all: Vec::new(), n_unnamed: 0 }
    }

    pub(super) fn line(&mut self, place: &Place<'_>, reason: String) {
        if MAX_NAMED_LINES <= self.all.len() {
            self.n_unnamed += 1;
            return;
        }
        let text = place.text.trim_ascii_end();
        let n_characters = u32::try_from(String::from_utf8_lossy(text).chars().count()).unwrap_or(u32::MAX);
        let region = Region {
            start: Position { line: place.number, column: 1 },
            end: Position { line: place.number, column: n_characters.saturating_add(1) },
        };
        let range = ByteRange::new(place.start, place.start + text.len());
        let diagnostic = note(reason).at(Location { artifact: self.file.clone(), place: Some((range, region)) }).with_help(
            "what can't be used is skipped, here as on the code host; a line is a path pattern and its owners: `/docs/ @user @organization/team mail@example.org`",
        );
        self.all.push(diagnostic);
    }

    pub(super) fn limit(&mut self, reason: &str, name: &str, value: usize) {
        let limit = Limit { name: name.to_owned(), value: u64::try_from(value).unwrap_or(u64::MAX) };
        let diagnostic = Diagnostic::new(DiagnosticKind::Configuration, reason).at(Location::whole(self.file.clone())).because_of(limit);
        self.all.push(diagnostic.with_help("findings are shown without these owners; shorten the file, code hosts have a limit too"));
    }

    pub(super) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        if 0 < self.n_unnamed {
            let reason = format!("{} more lines that can't be used", self.n_unnamed);
            self.all.push(note(reason).at(Location::whole(self.file.clone())));
        }
        self.all
    }
}

/// A finding without its owner is a finding still: nothing is incomplete.
fn note(reason: String) -> Diagnostic {
    Diagnostic { level: Level::Note, ..Diagnostic::new(DiagnosticKind::Configuration, reason) }
}
