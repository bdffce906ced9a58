//! A place in a file with its code, underlined, and notes below: how findings and errors are shown.

use std::{borrow::Cow, fmt::Write as _, ops::Range};

use crate::{
    code_line::CodeLine,
    style::Ink,
    terminal::Terminal,
    text::{self, width},
};

/// What is shown of one place.
#[derive(Debug, Default)]
pub(crate) struct Snippet<'a> {
    /// `path:line:column` of one place or more, harmless.
    pub(crate) places: Vec<String>,
    /// The lines of code.
    pub(crate) lines: Vec<SnippetLine<'a>>,
    /// What stands beside the underlined part.
    pub(crate) label: String,
    /// What stands below, by name.
    pub(crate) notes: Vec<Note>,
}

/// One line of code.
#[derive(Debug)]
pub(crate) struct SnippetLine<'a> {
    /// Its number, from 1.
    pub(crate) number: u32,
    /// Its text.
    pub(crate) text: Cow<'a, str>,
    /// The characters to underline, from 0.
    pub(crate) highlight: Option<Range<usize>>,
}

/// A named remark.
#[derive(Debug)]
pub(crate) struct Note {
    /// Its name, short.
    pub(crate) name: &'static str,
    /// What it says.
    pub(crate) text: String,
    /// How it looks.
    pub(crate) ink: Ink,
    /// Whether every character counts, spaces included.
    pub(crate) is_exact: bool,
}

impl Note {
    /// A remark in plain text.
    pub(crate) fn new(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, text: text.into(), ink: Ink::Plain, is_exact: false }
    }
}

impl Snippet<'_> {
    /// Writes the snippet, indented by `indent` columns, marks in the given ink.
    pub(crate) fn write(&self, out: &mut String, terminal: Terminal, indent: usize, ink: Ink) {
        let painter = terminal.painter;
        let margin = " ".repeat(indent);
        let n_digits = self.lines.iter().map(|line| line.number.to_string().len()).max().unwrap_or(0);
        let gutter = " ".repeat(n_digits);
        let bar = painter.paint(Ink::Frame, "|");
        let arrow = painter.paint(Ink::Frame, "-->");
        for place in &self.places {
            for (index, piece) in text::fold(place, terminal.width.saturating_sub(indent + n_digits + 4)).iter().enumerate() {
                let lead = if index == 0 { &arrow } else { "   " };
                let _ = writeln!(out, "{margin}{gutter}{lead} {piece}");
            }
        }
        let columns = terminal.width.saturating_sub(indent + n_digits + 3);
        if !self.lines.is_empty() {
            let _ = writeln!(out, "{margin}{gutter} {bar}");
        }
        let first_marked = self.lines.iter().position(|line| line.highlight.is_some());
        let mut n_folded = 0;
        for (index, line) in self.lines.iter().enumerate() {
            // What goes on over several lines is shown by its first one.
            if line.highlight.is_some() && first_marked != Some(index) {
                n_folded += 1;
                let goes_on = self.lines.get(index + 1).is_some_and(|next| next.highlight.is_some());
                if !goes_on {
                    let more = format!("… {}", text::count(text::to_u64(n_folded), "more line"));
                    let _ = writeln!(out, "{margin}{gutter} {bar} {}", painter.paint(Ink::Faint, &more));
                }
                continue;
            }
            let number = painter.paint(Ink::Frame, &format!("{:>n_digits$} |", line.number));
            let code = CodeLine::new(&line.text, line.highlight.clone(), columns);
            let _ = writeln!(out, "{}", format!("{margin}{number} {}", code.text).trim_end());
            let Some(marked) = code.marked else { continue };
            let label = self.label.as_str();
            let marks = painter.paint(ink, &"^".repeat(marked.len()));
            let before = " ".repeat(marked.start);
            if label.is_empty() || marked.end + 1 + width(label) <= columns {
                let gap = if label.is_empty() { "" } else { " " };
                let _ = writeln!(out, "{margin}{gutter} {bar} {before}{marks}{gap}{}", painter.paint(ink, label));
                continue;
            }
            let _ = writeln!(out, "{margin}{gutter} {bar} {before}{marks}");
            let start = marked.start.min(columns.saturating_sub(width(label)));
            for piece in text::wrap(label, columns - start.min(columns / 2)) {
                let _ = writeln!(out, "{margin}{gutter} {bar} {}{}", " ".repeat(start.min(columns / 2)), painter.paint(ink, &piece));
            }
        }
        if !self.notes.is_empty() && !self.lines.is_empty() {
            let _ = writeln!(out, "{margin}{gutter} {bar}");
        }
        self.write_notes(out, terminal, indent + n_digits);
    }

    /// The notes: names in one column, texts in another.
    fn write_notes(&self, out: &mut String, terminal: Terminal, indent: usize) {
        let painter = terminal.painter;
        let margin = " ".repeat(indent);
        let name_columns = self.notes.iter().map(|note| note.name.len()).max().unwrap_or(0) + 1;
        let columns = terminal.width.saturating_sub(indent + 4 + name_columns);
        for note in &self.notes {
            let name = painter.paint(Ink::Strong, &format!("{:<name_columns$}", format!("{}:", note.name)));
            let pieces = if note.is_exact { text::fold(&note.text, columns) } else { text::wrap(&note.text, columns) };
            for (index, piece) in pieces.iter().enumerate() {
                let piece = painter.paint(note.ink, piece);
                if index == 0 {
                    let sign = painter.paint(Ink::Frame, "=");
                    let _ = writeln!(out, "{margin} {sign} {name} {piece}");
                } else {
                    let _ = writeln!(out, "{margin}   {:name_columns$} {piece}", "");
                }
            }
        }
    }
}
