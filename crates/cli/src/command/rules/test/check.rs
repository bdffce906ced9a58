//! One thing that a rule's author said must be so, and whether it is.

use std::fmt::Write as _;

use serde::Serialize;

use crate::{
    failure::headline,
    snippet::{Note, Snippet, SnippetLine},
    style::Ink,
    terminal::Terminal,
    text::{count, to_u64},
};

/// One thing that a rule's author said must be so, and whether it is.
#[derive(Debug, Serialize)]
pub(in crate::command::rules) struct Check {
    /// The rule's id; for fixes of a whole file, those of all its rules.
    pub(in crate::command::rules) rule: String,
    /// Its languages, or who issues the credential.
    pub(in crate::command::rules) languages: Vec<String>,
    /// The file that the rule stands in.
    pub(in crate::command::rules) file: String,
    pub(in crate::command::rules) kind: CheckKind,
    /// The example's number, or the file of code.
    pub(in crate::command::rules) subject: String,
    pub(in crate::command::rules) passed: bool,
    /// What is wrong, in one line; empty if nothing is.
    pub(in crate::command::rules) reason: String,
    /// Lines that must be reported, and are not.
    pub(in crate::command::rules) missing: Vec<u32>,
    /// Lines that must not be reported, and are.
    pub(in crate::command::rules) extra: Vec<u32>,
    /// The code, for people.
    #[serde(skip)]
    pub(in crate::command::rules) code: String,
    /// Where the code stands: a file, and the line before it.
    #[serde(skip)]
    pub(in crate::command::rules) place: (String, u32),
}

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::command::rules) enum CheckKind {
    /// Whether the rule can be run at all.
    Rule,
    /// An example in the rule's own file.
    Example,
    /// The lines that comments in a file of code name.
    Annotations,
    /// What fixes make of a file, or of an example.
    Fix,
}

/// All checks, for programs.
#[derive(Debug, Serialize)]
pub(in crate::command::rules) struct Checks<'a> {
    pub(in crate::command::rules) n_checks: usize,
    pub(in crate::command::rules) n_failed: usize,
    pub(in crate::command::rules) checks: &'a [Check],
}

/// Of the lines of one failure so many are shown.
const MAX_LINES: usize = 8;

impl Check {
    /// Compares lines, and says what is wrong with them.
    pub(in crate::command::rules) fn judge(&mut self, missing: Vec<u32>, extra: Vec<u32>) {
        let list = |lines: &[u32]| lines.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let (noun, verb) =
            (|lines: &[u32]| if lines.len() == 1 { "line" } else { "lines" }, |lines: &[u32]| if lines.len() == 1 { "is" } else { "are" });
        let mut reasons = Vec::new();
        if !missing.is_empty() {
            reasons.push(format!("{} {} must be reported, and {} not", noun(&missing), list(&missing), verb(&missing)));
        }
        if !extra.is_empty() {
            reasons.push(format!("{} {} must not be reported, and {}", noun(&extra), list(&extra), verb(&extra)));
        }
        self.passed = reasons.is_empty();
        self.reason = reasons.join("; ");
        (self.missing, self.extra) = (missing, extra);
    }

    /// Writes a failure as people read it.
    pub(in crate::command::rules) fn render(&self, out: &mut String, terminal: Terminal) {
        headline(out, terminal, 0, Ink::Error, &format!("failed[{}]:", self.rule), &self.reason);
        let (file, before) = &self.place;
        let mut marked: Vec<u32> = self.missing.iter().chain(&self.extra).copied().collect();
        marked.sort_unstable();
        let mut snippet = Snippet::default();
        let first = marked.first().map_or(String::new(), |line| format!(":{}", line + before));
        snippet.places.push(format!("{file}{first}"));
        for number in marked.iter().take(MAX_LINES) {
            let index = usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
            let Some(text) = self.code.lines().nth(index) else { continue };
            let start = text.chars().take_while(|character| character.is_whitespace()).count();
            let highlight = Some(start..text.trim_end().chars().count().max(start + 1));
            snippet.lines.push(SnippetLine { number: number + before, text: text.into(), highlight: None });
            // One line is one place: marks of several would be folded into one.
            if marked.len() == 1
                && let Some(line) = snippet.lines.last_mut()
            {
                line.highlight = highlight;
            }
        }
        let n_more = marked.len().saturating_sub(MAX_LINES);
        if 0 < n_more {
            snippet.notes.push(Note::new("and", count(to_u64(n_more), "more line")));
        }
        if marked.is_empty() && !self.code.is_empty() {
            snippet
                .notes
                .push(Note { is_exact: true, ..Note::new("code", crate::text::harmless(self.code.lines().next().unwrap_or_default())) });
        }
        snippet.write(out, terminal, 0, Ink::Error);
        let _ = writeln!(out);
    }
}
