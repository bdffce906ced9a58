//! Why a command could not do what it was asked for: what failed, where, and what to do.

use std::{fmt::Write as _, io, path::Path};

use crate::{
    exit::Exit,
    snippet::{Note, Snippet, SnippetLine},
    style::Ink,
    terminal::Terminal,
    text::{self, harmless, wrap},
};

/// What a command returns.
pub(crate) type Outcome<T> = Result<T, Failures>;

/// One or more reasons why a command could not do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failures(pub(crate) Vec<Failure>);

/// One reason: what failed, where, and what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the program exits with.
    pub(crate) exit: Exit,
    /// What kind of failure, in kebab-case: `unknown-rule`.
    pub(crate) kind: &'static str,
    /// What failed, in lower case, without a full stop.
    pub(crate) message: String,
    /// Where, if it is in a file.
    pub(crate) place: Option<Box<Place>>,
    /// What to do.
    pub(crate) help: String,
}

/// A place in a file that the user can edit.
#[derive(Debug)]
pub(crate) struct Place {
    /// The file, as the user knows it.
    pub(crate) file: String,
    /// Line and column, from 1.
    pub(crate) position: Option<(u32, u32)>,
    /// The text of that line.
    pub(crate) line: Option<String>,
    /// How many characters are meant; one at least is underlined.
    pub(crate) n_characters: usize,
}

impl Failure {
    /// A failure of the caller's input.
    pub(crate) fn bad_input(kind: &'static str, message: impl Into<String>) -> Self {
        Self { exit: Exit::BadInput, kind, message: message.into(), place: None, help: String::new() }
    }

    /// A file that can't be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::NotFound => "check the spelling, and the folder that the command runs in",
            io::ErrorKind::PermissionDenied => "let the user that runs the command read it",
            _ => "",
        };
        Self::bad_input("unreadable", format!("can't read `{}`: {}", text::path(path), reason(error))).with_help(help)
    }

    /// A file that can't be written.
    pub(crate) fn unwritable(path: &Path, error: &io::Error) -> Self {
        let help = match error.kind() {
            io::ErrorKind::NotFound => "create the folder first",
            io::ErrorKind::PermissionDenied => "choose a place that the user who runs the command may write to",
            io::ErrorKind::StorageFull => "make room on the disk, or choose another one",
            _ => "choose another file",
        };
        let failure = Self::bad_input("unwritable", format!("can't write `{}`: {}", text::path(path), reason(error)));
        Self { exit: Exit::Storage, ..failure }.with_help(help)
    }

    /// The same, with advice.
    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same, at a place.
    pub(crate) fn at(mut self, place: Place) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    /// Writes it as people read it.
    pub(crate) fn render(&self, terminal: Terminal) -> String {
        self.render_as("error", Ink::Error, terminal)
    }

    /// Writes it as a warning: it stops nothing.
    pub(crate) fn render_warning(&self, terminal: Terminal) -> String {
        self.render_as("warning", Ink::Warning, terminal)
    }

    fn render_as(&self, word: &str, ink: Ink, terminal: Terminal) -> String {
        let mut out = String::new();
        headline(&mut out, terminal, 0, ink, &format!("{word}[{}]:", self.kind), &self.message);
        let mut snippet = Snippet::default();
        if let Some(place) = &self.place {
            let position = place.position.map_or(String::new(), |(line, column)| format!(":{line}:{column}"));
            snippet.places.push(format!("{}{position}", harmless(&place.file)));
            if let (Some(text), Some((number, column))) = (&place.line, place.position) {
                let start = usize::try_from(column).unwrap_or(1).saturating_sub(1);
                let highlight = Some(start..start + place.n_characters.max(1));
                snippet.lines.push(SnippetLine { number, text: text.into(), highlight });
            }
        }
        if !self.help.is_empty() {
            snippet.notes.push(Note::new("help", self.help.as_str()));
        }
        snippet.write(&mut out, terminal, 0, ink);
        out
    }
}

impl Place {
    /// A place in a text: finds its line.
    pub(crate) fn in_text(file: &str, text: &str, line: u32, column: u32, n_characters: usize) -> Self {
        let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let found = text.lines().nth(index).map(str::to_owned);
        Self { file: file.to_owned(), position: Some((line, column)), line: found, n_characters }
    }

    /// A file as a whole.
    pub(crate) fn whole(file: impl Into<String>) -> Self {
        Self { file: file.into(), position: None, line: None, n_characters: 0 }
    }
}

impl Failures {
    /// The code to exit with: of several, the first one's.
    pub(crate) fn exit(&self) -> Exit {
        self.0.first().map_or(Exit::BadInput, |failure| failure.exit)
    }

    /// Writes all of them, up to a number that somebody still reads.
    pub(crate) fn render(&self, terminal: Terminal) -> String {
        const MAX_SHOWN: usize = 100;
        let mut parts: Vec<_> = self.0.iter().take(MAX_SHOWN).map(|failure| failure.render(terminal)).collect();
        if MAX_SHOWN < self.0.len() {
            parts.push(format!("… {} more errors\n", self.0.len() - MAX_SHOWN));
        }
        parts.join("\n")
    }
}

impl From<Failure> for Failures {
    fn from(failure: Failure) -> Self {
        Self(vec![failure])
    }
}

/// Writes `prefix message`, the prefix in its ink, wrapped with an indent below.
pub(crate) fn headline(out: &mut String, terminal: Terminal, indent: usize, ink: Ink, prefix: &str, message: &str) {
    let painter = terminal.painter;
    let margin = " ".repeat(indent);
    for (index, line) in wrap(&format!("{prefix} {message}"), terminal.width.saturating_sub(indent + 2)).iter().enumerate() {
        let _ = match line.strip_prefix(prefix).filter(|_| index == 0) {
            Some(rest) => writeln!(out, "{margin}{}{}", painter.paint(ink, prefix), painter.paint(Ink::Strong, rest)),
            None => writeln!(out, "{margin}{}{}", if index == 0 { "" } else { "  " }, painter.paint(Ink::Strong, line)),
        };
    }
}

/// What the system says, without the number that Rust appends.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Painter;

    fn check(failure: &Failure, width: usize, expected: &str) {
        let terminal = Terminal { painter: Painter::new(false), width, is_terminal: false, is_dumb: true };
        assert_eq!(failure.render(terminal).trim_end(), expected.trim_matches('\n'));
    }

    #[test]
    fn an_error_points_at_its_place() {
        let text = "id: x\nlanguages: [pyhton]\n";
        let failure = Failure::bad_input("unknown-language", "unknown language `pyhton`")
            .at(Place::in_text("rules/eval.yaml", text, 2, 13, 6))
            .with_help("did you mean `python`?");
        check(
            &failure,
            80,
            r"
error[unknown-language]: unknown language `pyhton`
 --> rules/eval.yaml:2:13
  |
2 | languages: [pyhton]
  |             ^^^^^^
  |
  = help: did you mean `python`?",
        );
    }

    #[test]
    fn an_error_without_a_place_has_advice_alone() {
        let failure = Failure::unreadable(Path::new("no\nway"), &io::Error::from(io::ErrorKind::NotFound));
        check(
            &failure,
            40,
            r"
error[unreadable]: can't read
  `no\x0away`: entity not found
 = help: check the spelling, and the
         folder that the command runs in",
        );
    }
}
