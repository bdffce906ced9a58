//! A page of text for people: headings, paragraphs, lists; wrapped to the terminal.

use std::fmt::Write as _;

use crate::{
    style::Ink,
    terminal::Terminal,
    text::{fold, harmless, width, wrap},
};

/// Columns that the text below a heading is indented.
const INDENT: usize = 2;

/// A page that is being written.
#[derive(Debug)]
pub(crate) struct Page {
    terminal: Terminal,
    out: String,
}

impl Page {
    /// An empty page.
    pub(crate) const fn new(terminal: Terminal) -> Self {
        Self { terminal, out: String::new() }
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// A title, with a remark behind it.
    pub(crate) fn title(&mut self, title: &str, remark: &str, ink: Ink) {
        let painter = self.terminal.painter;
        if width(title) + 2 + width(remark) <= self.terminal.width {
            let _ = writeln!(self.out, "{}  {}", painter.paint(Ink::Strong, &harmless(title)), painter.paint(ink, remark));
            return;
        }
        for line in fold(title, self.terminal.width) {
            let _ = writeln!(self.out, "{}", painter.paint(Ink::Strong, &line));
        }
        let _ = writeln!(self.out, "{}", painter.paint(ink, remark));
    }

    /// A heading, with an empty line above it.
    pub(crate) fn heading(&mut self, text: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let _ = writeln!(self.out, "{}", self.terminal.painter.paint(Ink::Heading, &harmless(text)));
    }

    /// A wrapped text, not indented.
    pub(crate) fn line(&mut self, text: &str) {
        for line in wrap(text, self.terminal.width) {
            let _ = writeln!(self.out, "{line}");
        }
    }

    /// An empty line.
    pub(crate) fn gap(&mut self) {
        self.out.push('\n');
    }

    /// A wrapped text below a heading.
    pub(crate) fn paragraph(&mut self, text: &str) {
        for line in wrap(text, self.terminal.width - INDENT) {
            let _ = writeln!(self.out, "{:INDENT$}{line}", "");
        }
    }

    /// A text whose every character counts, such as code or an address.
    pub(crate) fn verbatim(&mut self, text: &str) {
        for line in text.lines() {
            let line = line.replace('\t', "    ");
            let folded = fold(&line, self.terminal.width - INDENT - 2);
            for piece in if folded.is_empty() { vec![String::new()] } else { folded } {
                let _ = writeln!(self.out, "{}", format!("{:1$}{piece}", "", INDENT + 2).trim_end());
            }
        }
    }

    /// An address, on a line of its own however long it is: broken, it could not be followed.
    pub(crate) fn address(&mut self, text: &str) {
        let _ = writeln!(self.out, "{:1$}{2}", "", INDENT + 2, harmless(text));
    }

    /// A name and its value, in two columns; the value is wrapped.
    pub(crate) fn row(&mut self, name: &str, name_columns: usize, value: &str) {
        self.entry(name, name_columns, "", value, Ink::Plain);
    }

    /// A name and its value in an ink of its own.
    pub(crate) fn inked_row(&mut self, name: &str, name_columns: usize, value: &str, ink: Ink) {
        self.entry(name, name_columns, "", value, ink);
    }

    /// A name, a word about it in a column of its own, and a value that is wrapped.
    pub(crate) fn entry(&mut self, name: &str, name_columns: usize, word: &str, value: &str, ink: Ink) {
        const MIN_VALUE_COLUMNS: usize = 24;
        let painter = self.terminal.painter;
        let name = harmless(name);
        let word_columns = if word.is_empty() { 0 } else { width(word) + 2 };
        let lead_columns = INDENT + name_columns + 2 + word_columns;
        let columns = self.terminal.width.saturating_sub(lead_columns);
        // Where the name leaves too little room, the value stands below.
        if name_columns < width(&name) || columns < MIN_VALUE_COLUMNS {
            for line in fold(&name, self.terminal.width - INDENT) {
                let _ = writeln!(self.out, "{:INDENT$}{}", "", painter.paint(Ink::Strong, &line));
            }
            for line in wrap(&format!("{word} {value}"), self.terminal.width - INDENT - 2) {
                let _ = writeln!(self.out, "{:1$}{2}", "", INDENT + 2, painter.paint(ink, &line));
            }
            return;
        }
        let padding = " ".repeat(name_columns - width(&name) + 2);
        let word = if word.is_empty() { String::new() } else { format!("{word}  ") };
        let _ = write!(self.out, "{:INDENT$}{}{padding}{}", "", painter.paint(Ink::Strong, &name), painter.paint(ink, &word));
        let lines = wrap(value, columns);
        for (index, line) in lines.iter().enumerate() {
            let lead = if index == 0 { 0 } else { lead_columns };
            let line = if word.is_empty() { painter.paint(ink, line) } else { line.clone() };
            let _ = writeln!(self.out, "{:lead$}{line}", "");
        }
        if lines.is_empty() {
            self.out.push('\n');
        }
    }
}
