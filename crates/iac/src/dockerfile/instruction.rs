//! Instructions: keyword, flags, words.

use bartizan_core::ByteRange;

use super::{
    lines::{HereDocument, Logical},
    variable::Expanded,
};
use crate::shell::{self, Script, Word};

/// The instructions that there are.
const KEYWORDS: &[&str] = &[
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// An instruction; its places are those of the file.
#[derive(Debug)]
pub(super) struct Instruction<'t> {
    /// Its name, in capitals.
    pub(super) keyword: &'static str,
    pub(super) keyword_range: ByteRange,
    /// All of it.
    pub(super) range: ByteRange,
    pub(super) flags: Vec<Flag>,
    /// What follows the flags, as it is written, in one line.
    pub(super) value: String,
    pub(super) words: Vec<Word>,
    /// What the words say, variables replaced; none of instructions that leave that to a shell.
    pub(super) values: Vec<Expanded>,
    /// Whether the words are given as a list: no shell takes part.
    pub(super) is_exec: bool,
    /// Whether it is for images that begin with this one.
    pub(super) is_on_build: bool,
    pub(super) documents: Vec<HereDocument<'t>>,
    /// The stage it is in: how many `FROM` came before, less one. Nothing before the first.
    pub(super) stage: Option<usize>,
    /// What it runs: of `RUN`, `CMD`, `ENTRYPOINT` and `HEALTHCHECK`.
    pub(super) script: Script,
}

/// `--name=value`.
#[derive(Debug, Clone)]
pub(super) struct Flag {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) range: ByteRange,
}

impl Instruction<'_> {
    /// The value of a flag.
    pub(super) fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.name == name)
    }
}

/// Understands an instruction.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn parse<'t>(logical: &Logical<'t>) -> Result<Instruction<'t>, String> {
    let mut rest = Rest { text: &logical.text, at: 0 };
    let (mut name, mut name_range) = rest.name();
    let is_on_build = name.eq_ignore_ascii_case("ONBUILD");
    if is_on_build {
        (name, name_range) = rest.name();
    }
    let keyword = KEYWORDS.iter().find(|keyword| keyword.eq_ignore_ascii_case(name));
    let keyword = *keyword
        .ok_or_else(|| if name.is_empty() { "an instruction is missing".to_owned() } else { format!("`{name}` is no instruction") })?;
    let flags = rest.flags(logical);
    let value = logical.text.get(rest.at..).unwrap_or_default();
    let offset = rest.at;
    let list = if takes_list(keyword) { exec(value) } else { None };
    let is_exec = list.is_some();
    let words = match list {
        Some(words) => words,
        None if matches!(keyword, "ENV" | "LABEL" | "ARG") => pairs(keyword, value),
        None => words(value),
    };
    let words: Vec<Word> = words
        .into_iter()
        .map(|word| Word { range: logical.place(ByteRange::new(offset + word.range.start(), offset + word.range.end())), ..word })
        .collect();
    let mut instruction = Instruction {
        keyword,
        keyword_range: logical.place(name_range),
        range: logical.range,
        flags,
        value: value.to_owned(),
        words,
        values: Vec::new(),
        is_exec,
        is_on_build,
        documents: logical.documents.clone(),
        stage: None,
        script: Script::default(),
    };
    instruction.script = script(&instruction, logical, offset);
    Ok(instruction)
}

/// What an instruction runs.
fn script(instruction: &Instruction<'_>, logical: &Logical<'_>, offset: usize) -> Script {
    let skipped = match instruction.keyword {
        "RUN" | "CMD" | "ENTRYPOINT" => 0,
        "HEALTHCHECK" if instruction.words.first().is_some_and(|word| word.text.eq_ignore_ascii_case("CMD")) => 1,
        _ => return Script::default(),
    };
    if instruction.is_exec {
        return shell::parse_words(instruction.words.clone());
    }
    let value = instruction.value.as_str();
    let from = if skipped == 0 { 0 } else { value.find(char::is_whitespace).unwrap_or(value.len()) };
    let after = value.get(from..).unwrap_or_default();
    if 0 < skipped
        && let Some(list) = exec(after.trim_start())
    {
        let range = instruction.range;
        return shell::parse_words(list.into_iter().map(|word| Word { range, ..word }).collect());
    }
    let mut script = shell::parse(after, offset + from);
    for command in &mut script.commands {
        command.move_places(&|range| logical.place(range));
    }
    // What a shell reads from a here-document is a script, too.
    for (number, document) in instruction.documents.iter().enumerate() {
        if !document.text.starts_with("#!") && is_read_by_shell(&script, &document.name, number) {
            let more = shell::parse(document.text, document.start);
            script.is_cut |= more.is_cut;
            let base = script.commands.len();
            script.commands.extend(more.commands.into_iter().map(|command| command.behind(base)));
        }
    }
    script
}

/// Whether a here-document is run by a shell: there is no other command, or it is one.
fn is_read_by_shell(script: &Script, name: &str, number: usize) -> bool {
    let reads = |command: &&shell::Command| command.redirects.iter().any(|redirect| redirect.target.text == name);
    let reader = script.commands.iter().find(reads);
    let is_shell = |program: &str| program.is_empty() || matches!(program, "sh" | "bash" | "ash" | "dash");
    reader.map_or(number == 0, |command| is_shell(&command.program))
}

fn takes_list(keyword: &str) -> bool {
    matches!(keyword, "ADD" | "CMD" | "COPY" | "ENTRYPOINT" | "RUN" | "SHELL" | "VOLUME" | "HEALTHCHECK")
}

struct Rest<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Rest<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn name(&mut self) -> (&'t str, ByteRange) {
        self.blanks();
        let rest = self.rest();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let range = ByteRange::new(self.at, self.at + length);
        self.at += length;
        self.blanks();
        (rest.get(..length).unwrap_or_default(), range)
    }

    /// `--name=value`; a word `--` ends them.
    fn flags(&mut self, logical: &Logical<'_>) -> Vec<Flag> {
        let mut flags = Vec::new();
        while let Some(flag) = self.rest().strip_prefix("--") {
            let length = end_of_word(flag);
            let (name, value) =
                flag.get(..length).unwrap_or_default().split_once('=').unwrap_or((flag.get(..length).unwrap_or_default(), ""));
            let range = logical.place(ByteRange::new(self.at, self.at + 2 + length));
            self.at += 2 + length;
            self.blanks();
            if name.is_empty() {
                break;
            }
            flags.push(Flag { name: name.to_ascii_lowercase(), value: value.trim_matches(['"', '\'']).to_owned(), range });
        }
        flags
    }
}

/// The length of a word, with what is in quotes.
fn end_of_word(text: &str) -> usize {
    let (mut quote, mut is_escaped) = (None, false);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if is_escaped => is_escaped = false,
            (_, '\\') if quote != Some('\'') => is_escaped = true,
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, _) if c.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

/// Words as BuildKit divides them: by blanks, quotes kept together.
fn words(text: &str) -> Vec<Word> {
    let (mut words, mut at) = (Vec::new(), 0);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_start().len();
        let rest = text.get(at..).unwrap_or_default();
        if rest.is_empty() {
            return words;
        }
        let length = end_of_word(rest).max(1);
        words.push(word(rest.get(..length).unwrap_or(rest), at));
        at += length;
    }
}

/// One word: quotes off, and whether there are variables in it.
fn word(written: &str, start: usize) -> Word {
    let range = ByteRange::new(start, start + written.len());
    let (mut text, mut quote, mut has_expansion) = (String::with_capacity(written.len()), None, false);
    let mut characters = written.chars().peekable();
    while let Some(c) = characters.next() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (Some('\''), _) => text.push(c),
            (_, '\\') if characters.peek().is_some_and(|next| matches!(next, '"' | '\'' | '\\' | ' ')) => text.extend(characters.next()),
            // A dollar that is meant stays marked as such.
            (_, '\\') if characters.peek() == Some(&'$') => {
                characters.next();
                text.push_str("\\$");
            }
            (_, '$') => {
                has_expansion = true;
                text.push(c);
            }
            _ => text.push(c),
        }
    }
    let is_quoted = written.contains(['"', '\'']);
    Word { text, range, is_quoted, has_expansion, has_bare_expansion: false, commands: 0..0 }
}

/// `NAME=value` and more of them, or `NAME value` of `ENV` and `LABEL` as it once was.
fn pairs(keyword: &str, text: &str) -> Vec<Word> {
    let found = words(text);
    let is_old = keyword != "ARG" && found.first().is_some_and(|first| !first.text.contains('=')) && 1 < found.len();
    let Some(first) = found.first().filter(|_| is_old) else { return found };
    let value = text.get(first.range.end()..).unwrap_or_default().trim();
    let mut pair = word(value, 0);
    pair.text = format!("{}={}", first.text, pair.text);
    pair.range = ByteRange::new(first.range.start(), text.trim_end().len());
    vec![pair]
}

/// The words of a list of texts; nothing if it is none.
fn exec(text: &str) -> Option<Vec<Word>> {
    let inner = text.trim();
    if !inner.starts_with('[') {
        return None;
    }
    let offset = text.len() - text.trim_start().len();
    let document = bartizan_source::document::parse_json(inner, bartizan_source::document::JsonDialect::Strict);
    if !document.problems.is_empty() {
        return None;
    }
    let root = document.root?;
    let bartizan_source::document::Value::List(items) = &root.value else { return None };
    let word = |node: &bartizan_source::document::Node<'_>| {
        let text = node.text()?;
        let range = ByteRange::new(offset + node.range.start(), offset + node.range.end());
        let has_expansion = text.contains('$');
        Some(Word { text: text.to_owned(), range, is_quoted: true, has_expansion, has_bare_expansion: false, commands: 0..0 })
    };
    items.iter().map(word).collect()
}
