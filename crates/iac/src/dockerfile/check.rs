//! What is found in one Dockerfile, whatever other files say.

mod command;
mod copy;
mod download;
mod from;
mod manager;
mod package;
mod secret;
mod structure;
mod trust;

use std::collections::HashSet;

use bartizan_core::{ByteRange, Edit, Fix, FixSafety};
use bartizan_source::FileView;

use super::{file::Dockerfile, instruction::Instruction};
use crate::{report::Draft, shell::Command};

/// So many characters of what is found tell it from others.
const MAX_IDENTITY: usize = 120;

/// Runs every check.
pub(super) fn all(view: &FileView<'_>, file: &Dockerfile<'_>, drafts: &mut Vec<Draft>) {
    let mut sink = Sink { view, drafts, seen: HashSet::new() };
    let image = file.final_stages();
    from::check(file, &mut sink);
    structure::check(file, &image, &mut sink);
    copy::check(file, &mut sink);
    secret::check(file, &mut sink);
    package::check(file, &image, &mut sink);
    download::check(file, &mut sink);
    trust::check(file, &mut sink);
    command::check(file, &mut sink);
}

/// Takes what is found.
struct Sink<'f, 'd> {
    view: &'f FileView<'f>,
    drafts: &'d mut Vec<Draft>,
    /// What was said where: once is enough.
    seen: HashSet<(&'static str, ByteRange)>,
}

impl Sink<'_, '_> {
    /// Reports what a rule says about a place in an instruction; an empty message is the rule's title.
    fn report(&mut self, rule: &'static str, instruction: &Instruction<'_>, range: ByteRange, message: impl Into<String>) {
        self.report_with_fix(rule, instruction, range, message, None);
    }

    /// The same, with a change that would close it.
    fn report_with_fix(
        &mut self,
        rule: &'static str,
        instruction: &Instruction<'_>,
        range: ByteRange,
        message: impl Into<String>,
        change: Option<Change>,
    ) {
        #[cfg(test)]
        assert!(crate::rule::find(rule).is_some(), "there is no rule `{rule}`");
        if !self.seen.insert((rule, range)) {
            return;
        }
        let text = self.view.text().and_then(|text| text.get(range.start()..range.end())).unwrap_or_default();
        let known_by: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_IDENTITY).collect();
        let mut draft = Draft::new(rule, message, self.view.location(range)).known_by([instruction.keyword, &known_by]);
        draft.span = Some(self.view.location(instruction.range));
        draft.fixes.extend(change.map(|change| Fix {
            description: change.description,
            safety: change.safety,
            edits: vec![Edit { artifact: self.view.path().clone(), range: change.range, replacement: change.replacement }],
        }));
        self.drafts.push(draft);
    }
}

/// A change of one place.
struct Change {
    description: String,
    safety: FixSafety,
    range: ByteRange,
    replacement: String,
}

impl Change {
    /// Writes something else in a place.
    fn replace(range: ByteRange, replacement: impl Into<String>, description: impl Into<String>) -> Self {
        Self { description: description.into(), safety: FixSafety::Safe, range, replacement: replacement.into() }
    }

    /// Writes something behind a place.
    fn insert_behind(range: ByteRange, replacement: impl Into<String>, description: impl Into<String>) -> Self {
        Self::replace(ByteRange::new(range.end(), range.end()), replacement, description)
    }

    /// The same, if a person agrees.
    fn if_agreed(self) -> Self {
        Self { safety: FixSafety::NeedsReview, ..self }
    }
}

/// The commands that the instructions of a build run, with their instruction.
fn build_commands<'i, 't>(file: &'i Dockerfile<'t>) -> impl Iterator<Item = (&'i Instruction<'t>, usize, &'i Command)> {
    let runs = file.instructions.iter().filter(|instruction| instruction.keyword == "RUN");
    runs.flat_map(|run| run.script.commands.iter().enumerate().map(move |(number, command)| (run, number, command)))
}

/// Where a command begins: its program and what it is told first.
fn start_of(command: &Command) -> ByteRange {
    const N_WORDS: usize = 2;
    let end = command.arguments.iter().take(N_WORDS).map(|word| word.range.end()).filter(|end| *end <= command.range.end()).max();
    ByteRange::new(command.range.start(), end.unwrap_or(command.range.end()).max(command.range.start()))
}
