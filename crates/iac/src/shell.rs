//! Shell scripts as lists of commands, for the scripts that are written within other documents.
//!
//! This is no shell: it tells words, quotes, pipes and lists, and sees through what only runs something else (`sudo`, `env`,
//! `sh -c`). What it can't make sense of is a word like any other. Grammars for whole scripts are in `bartizan_syntax`; the pieces
//! here are too short and too broken for them: continued lines were joined, variables of templates stand in between.

pub(crate) mod download;
mod lexer;
mod wrapper;

use bartizan_core::ByteRange;

/// So many commands of one script are read.
pub(crate) const MAX_COMMANDS: usize = 10_000;

/// So many bytes of one script are read, what is within others as often as it is.
const MAX_READ_BYTES: usize = 32 << 20;

/// So far the next command of a pipe is looked for.
const MAX_PIPE: usize = 64;

/// Scripts within scripts are read so deep.
const MAX_DEPTH: usize = 12;

/// The commands of a script, in the order in which they are written; those within others come right before them.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Script {
    pub(crate) commands: Vec<Command>,
    /// Whether a limit was reached, so that commands are missing.
    pub(crate) is_cut: bool,
    n_read_bytes: usize,
    /// The words of each command as they are written, where they are asked for.
    written: Option<Vec<Vec<ByteRange>>>,
}

/// A command and its arguments.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Command {
    /// Programs that only run it: `sudo`, `env`, `xargs`.
    pub(crate) wrappers: Vec<String>,
    /// The name of the program without its folder; empty if there are assignments only, or if it is not known.
    pub(crate) program: String,
    /// All that follows.
    pub(crate) arguments: Vec<Word>,
    /// Variables that are set for it: `A=1 command`.
    pub(crate) assignments: Vec<Assignment>,
    /// Files that it reads or writes.
    pub(crate) redirects: Vec<Redirect>,
    /// All of it.
    pub(crate) range: ByteRange,
    /// How it is joined to the command before.
    pub(crate) joint: Joint,
    /// Commands with the same number are one pipe.
    pub(crate) pipeline: usize,
    /// How many scripts it is in.
    pub(crate) depth: usize,
}

/// A variable that is set.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) value: Word,
}

/// What a command does with a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Redirect {
    /// `>`, `>>`, `<`, `<<<`, ….
    pub(crate) operator: String,
    pub(crate) target: Word,
}

/// A word of a command.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Word {
    /// What it says, without quotes; variables stand as they are written.
    pub(crate) text: String,
    pub(crate) range: ByteRange,
    /// Whether some of it is in quotes.
    pub(crate) is_quoted: bool,
    /// Whether it holds the value of a variable or what a command prints.
    pub(crate) has_expansion: bool,
    /// Whether a value stands outside of quotes, where the shell divides it into words.
    pub(crate) has_bare_expansion: bool,
    /// The commands whose output is part of it, as a range of the script's.
    pub(crate) commands: std::ops::Range<usize>,
}

/// How a command is joined to the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Joint {
    /// It comes first, or after `;`, `&` or a line's end.
    #[default]
    Next,
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `|`.
    Pipe,
}

/// Reads a script. Places are offsets in its text plus `base`.
pub(crate) fn parse(text: &str, base: usize) -> Script {
    let mut script = Script::default();
    lexer::Lexer::new(text, base, 0).read(&mut script);
    script
}

/// The words of each command of a script as they are written, with quotes and what only runs another command. Scripts in
/// arguments (`sh -c '…'`) are words; those in `$(…)` are read.
pub(crate) fn written_words(text: &str) -> Vec<Vec<&str>> {
    let mut script = Script { written: Some(Vec::new()), ..Script::default() };
    lexer::Lexer::new(text, 0, 0).read(&mut script);
    let commands = script.written.unwrap_or_default();
    let words = |command: Vec<ByteRange>| command.iter().filter_map(|range| text.get(range.start()..range.end())).collect();
    commands.into_iter().map(words).collect()
}

/// Reads a command that is given as words, as in the exec form of an instruction.
pub(crate) fn parse_words(words: Vec<Word>) -> Script {
    let mut script = Script::default();
    let range =
        words.first().zip(words.last()).map_or(ByteRange::default(), |(first, last)| ByteRange::new(first.range.start(), last.range.end()));
    let command = Command { range, ..Command::default() };
    wrapper::finish(command, words, &mut script);
    script
}

impl Command {
    /// The texts of the arguments.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().map(|word| word.text.as_str())
    }

    /// Whether an argument is one of these.
    pub(crate) fn has(&self, arguments: &[&str]) -> bool {
        self.texts().any(|text| arguments.contains(&text))
    }

    /// An argument that is a short option, alone or among others: `-k` in `-fsSLk`.
    pub(crate) fn short(&self, option: char) -> Option<&Word> {
        self.arguments.iter().find(|word| {
            word.text.strip_prefix('-').is_some_and(|letters| {
                !letters.starts_with('-') && letters.contains(option) && letters.chars().all(|letter| letter.is_ascii_alphanumeric())
            })
        })
    }

    /// The arguments that are no options, however many.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Word> {
        self.arguments.iter().filter(|word| !word.text.starts_with('-'))
    }

    /// The value of an option, written `--name value` or `--name=value`.
    pub(crate) fn value_of(&self, option: &str) -> Option<&str> {
        let mut texts = self.texts();
        while let Some(text) = texts.next() {
            if text == option {
                return texts.next();
            }
            if let Some(value) = text.strip_prefix(option).and_then(|rest| rest.strip_prefix('=')) {
                return Some(value);
            }
        }
        None
    }

    /// Moves all places.
    pub(crate) fn move_places(&mut self, to: &dyn Fn(ByteRange) -> ByteRange) {
        self.range = to(self.range);
        let words = self.arguments.iter_mut().chain(self.assignments.iter_mut().map(|assignment| &mut assignment.value));
        words.chain(self.redirects.iter_mut().map(|redirect| &mut redirect.target)).for_each(|word| word.range = to(word.range));
    }

    /// The same command behind so many others of a script.
    pub(crate) fn behind(mut self, n_before: usize) -> Self {
        self.pipeline = self.pipeline.saturating_add(n_before.saturating_mul(MAX_COMMANDS));
        self.arguments.iter_mut().for_each(|word| word.commands = word.commands.start + n_before..word.commands.end + n_before);
        self
    }

    /// Whether it is run through this program.
    pub(crate) fn is_run_by(&self, wrapper: &str) -> bool {
        self.wrappers.iter().any(|name| name == wrapper)
    }
}

impl Script {
    /// The commands of the pipe that a command is part of, after it.
    pub(crate) fn piped_into<'s>(&'s self, number: usize) -> impl Iterator<Item = &'s Command> + 's {
        let pipeline = self.commands.get(number).map(|command| (command.pipeline, command.depth));
        let is_same = move |command: &&Command| Some((command.pipeline, command.depth)) == pipeline && command.joint == Joint::Pipe;
        // Between them are only commands that are within words.
        self.commands.iter().skip(number + 1).take(MAX_PIPE).filter(is_same)
    }
}

#[cfg(test)]
mod tests;
