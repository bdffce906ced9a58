//! Words, quotes, lists and pipes.

use bartizan_core::ByteRange;

use super::{Assignment, Command, Joint, MAX_COMMANDS, MAX_DEPTH, MAX_READ_BYTES, Redirect, Script, Word, wrapper};

/// Words that stand before a command and are none.
const KEYWORDS: &[&str] =
    &["if", "then", "elif", "else", "fi", "while", "until", "do", "done", "esac", "{", "}", "!", "time", "coproc", "[[", "in"];

/// Operators, the longest first.
const REDIRECTS: &[&str] = &["<<<", "<<-", "<<", "<>", "<&", ">>", ">&", ">|", "&>>", "&>", ">", "<"];

/// Reads one script, or one that is part of a word.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    base: usize,
    depth: usize,
    joint: Joint,
    pipeline: usize,
    /// Groups that are not closed.
    n_open: usize,
    /// The ends of here-documents whose lines are still to come.
    documents: Vec<String>,
}

/// A word that is being read.
#[derive(Default)]
struct Partial {
    word: Word,
    /// Whether anything of it was seen, were it two quotes.
    is_there: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, base: usize, depth: usize) -> Self {
        Self { text, at: 0, base, depth, joint: Joint::Next, pipeline: 0, n_open: 0, documents: Vec::new() }
    }

    /// Reads to the end, or to the bracket that closes what it is in.
    pub(super) fn read(mut self, script: &mut Script) -> usize {
        if MAX_DEPTH <= self.depth || MAX_READ_BYTES <= script.n_read_bytes {
            script.is_cut = true;
            return self.text.len();
        }
        // Pipes of scripts within scripts have numbers of their own.
        self.pipeline = script.commands.len().saturating_mul(MAX_DEPTH) + 1;
        while self.at < self.text.len() {
            if MAX_COMMANDS <= script.commands.len() {
                script.is_cut = true;
                break;
            }
            self.blanks();
            match self.peek() {
                None => break,
                Some('#') => self.comment(),
                Some('(') => {
                    self.at += 1;
                    self.n_open += 1;
                }
                Some(')') if self.n_open == 0 && 0 < self.depth => break,
                Some(')') => {
                    // Of a case's pattern, or of a group.
                    self.at += 1;
                    self.n_open = self.n_open.saturating_sub(1);
                }
                Some('\n' | ';' | '&' | '|') if self.redirect().is_none() => self.separator(),
                Some(_) => self.command(script),
            }
        }
        script.n_read_bytes = script.n_read_bytes.saturating_add(self.at);
        self.at
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            let continued = ["\\\n", "\\\r\n"].iter().find(|end| rest.starts_with(**end));
            match (continued, rest.chars().next()) {
                (Some(end), _) => self.at += end.len(),
                (None, Some(' ' | '\t' | '\r')) => self.at += 1,
                (None, _) => return,
            }
        }
    }

    fn comment(&mut self) {
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
    }

    fn separator(&mut self) {
        let rest = self.rest();
        let (joint, length) = match () {
            () if rest.starts_with("&&") => (Joint::And, 2),
            () if rest.starts_with("||") => (Joint::Or, 2),
            () if rest.starts_with("|&") => (Joint::Pipe, 2),
            () if rest.starts_with('|') => (Joint::Pipe, 1),
            () => (Joint::Next, 1),
        };
        let is_line = rest.starts_with('\n');
        self.at += length;
        if is_line {
            self.documents();
            // A line may end after `&&` or `|`.
            if self.joint != Joint::Next {
                return;
            }
        }
        if joint != Joint::Pipe {
            self.pipeline += 1;
        }
        self.joint = joint;
    }

    /// Skips the lines of here-documents.
    fn documents(&mut self) {
        for end in std::mem::take(&mut self.documents) {
            while self.at < self.text.len() {
                let line = self.rest().split_inclusive('\n').next().unwrap_or_default();
                self.at += line.len();
                if line.trim() == end {
                    break;
                }
            }
        }
    }

    fn redirect(&self) -> Option<&'static str> {
        let rest = self.rest();
        REDIRECTS.iter().copied().find(|operator| rest.starts_with(operator)).filter(|operator| {
            // `<(command)` is a word.
            !(matches!(*operator, "<" | ">") && rest.get(1..).is_some_and(|after| after.starts_with('(')))
        })
    }

    fn command(&mut self, script: &mut Script) {
        let start = self.at;
        let mut command = Command { joint: self.joint, pipeline: self.pipeline, depth: self.depth, ..Command::default() };
        let mut words: Vec<Word> = Vec::new();
        let mut end = start;
        loop {
            self.blanks();
            let Some(next) = self.peek() else { break };
            if let Some(operator) = self.redirect() {
                // A number right before it is that of a file.
                if words.last().is_some_and(|word| {
                    word.range.end() == self.base + self.at && !word.text.is_empty() && word.text.bytes().all(|byte| byte.is_ascii_digit())
                }) {
                    words.pop();
                }
                self.at += operator.len();
                self.blanks();
                let target = self.word(script);
                if matches!(operator, "<<" | "<<-") {
                    self.documents.push(target.text.clone());
                }
                command.redirects.push(Redirect { operator: operator.to_owned(), target });
                end = self.at;
                continue;
            }
            match next {
                '\n' | ';' | '&' | '|' | ')' => break,
                // Of a function's name, or of an array.
                '(' if words.is_empty() => break,
                '(' => {
                    self.at += 1;
                    continue;
                }
                // A comment: words are not adjacent here.
                '#' => {
                    self.comment();
                    break;
                }
                _ => {}
            }
            let before = self.at;
            let word = self.word(script);
            if self.at == before {
                // Nothing that a word may begin with; go on behind it.
                self.bump();
                continue;
            }
            end = self.at;
            if words.is_empty() && command.assignments.is_empty() && !word.is_quoted && KEYWORDS.contains(&word.text.as_str()) {
                continue;
            }
            if words.is_empty()
                && let Some(assignment) = assignment(&word)
            {
                command.assignments.push(assignment);
                continue;
            }
            words.push(word);
        }
        command.range = ByteRange::new(self.base + start, self.base + end);
        self.joint = Joint::Next;
        if self.peek() == Some(')') && self.n_open == 0 && self.depth == 0 {
            // The pattern of a case.
            return;
        }
        if words.first().is_some_and(|word| matches!(word.text.as_str(), "for" | "case" | "select" | "function") && !word.is_quoted) {
            // What follows are names and patterns; commands come behind `do` or `)`.
            return;
        }
        if let Some(written) = script.written.as_mut().filter(|_| !words.is_empty()) {
            written.push(words.iter().map(|word| word.range).collect());
        }
        if !words.is_empty() || !command.assignments.is_empty() || !command.redirects.is_empty() {
            wrapper::finish(command, words, script);
        }
    }

    fn word(&mut self, script: &mut Script) -> Word {
        let start = self.at;
        let mut partial = Partial::default();
        partial.word.commands = script.commands.len()..script.commands.len();
        while let Some(next) = self.peek() {
            match next {
                ' ' | '\t' | '\r' | '\n' | ';' | '&' | '|' | ')' => break,
                '(' if partial.word.text.ends_with('=') => {
                    // An array: its values are words of their own.
                    break;
                }
                '(' => break,
                '<' | '>' if self.rest().get(1..).is_some_and(|after| after.starts_with('(')) => {
                    self.at += 2;
                    partial.word.text.push_str("<(");
                    self.nested(&mut partial, script);
                }
                '<' | '>' => break,
                '\'' => self.single_quoted(&mut partial),
                '"' => self.double_quoted(&mut partial, script),
                '\\' => self.escaped(&mut partial),
                '$' => self.expansion(&mut partial, script, true),
                '`' => self.backquoted(&mut partial, script, true),
                other => {
                    partial.word.text.push(other);
                    self.at += other.len_utf8();
                }
            }
            partial.is_there = true;
        }
        partial.word.range = ByteRange::new(self.base + start, self.base + self.at);
        partial.word.commands.end = script.commands.len();
        partial.word
    }

    fn single_quoted(&mut self, partial: &mut Partial) {
        self.at += 1;
        let rest = self.rest();
        let length = rest.find('\'').unwrap_or(rest.len());
        partial.word.text.push_str(rest.get(..length).unwrap_or_default());
        partial.word.is_quoted = true;
        self.at = (self.at + length + 1).min(self.text.len());
    }

    fn double_quoted(&mut self, partial: &mut Partial, script: &mut Script) {
        self.at += 1;
        partial.word.is_quoted = true;
        while let Some(next) = self.peek() {
            match next {
                '"' => {
                    self.at += 1;
                    return;
                }
                '\\' => {
                    self.at += 1;
                    match self.bump() {
                        Some('\n') | None => {}
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => partial.word.text.push(escaped),
                        Some(other) => partial.word.text.extend(['\\', other]),
                    }
                }
                '$' => self.expansion(partial, script, false),
                '`' => self.backquoted(partial, script, false),
                other => {
                    partial.word.text.push(other);
                    self.at += other.len_utf8();
                }
            }
        }
    }

    fn escaped(&mut self, partial: &mut Partial) {
        self.at += 1;
        match self.bump() {
            None | Some('\n') => {}
            Some(escaped) => partial.word.text.push(escaped),
        }
    }

    fn expansion(&mut self, partial: &mut Partial, script: &mut Script, is_bare: bool) {
        let rest = self.rest();
        if rest.starts_with("$((") {
            let length = rest.find("))").map_or(rest.len(), |end| end + 2);
            partial.word.text.push_str(rest.get(..length).unwrap_or_default());
            partial.word.has_expansion = true;
            self.at += length;
            return;
        }
        if rest.starts_with("$(") {
            self.at += 2;
            partial.word.text.push_str("$(");
            partial.word.has_expansion = true;
            partial.word.has_bare_expansion |= is_bare;
            self.nested(partial, script);
            return;
        }
        let length = if rest.starts_with("${") {
            rest.find('}').map_or(rest.len(), |end| end + 1)
        } else if rest.starts_with("$'") {
            self.at += 1;
            return self.single_quoted(partial);
        } else {
            let name = rest.get(1..).unwrap_or_default();
            let n_name = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(name.len());
            let special = name.chars().next().filter(|c| "?@*#!$-".contains(*c)).map_or(0, char::len_utf8);
            1 + n_name.max(special)
        };
        if 1 < length {
            partial.word.has_expansion = true;
            partial.word.has_bare_expansion |= is_bare;
        }
        partial.word.text.push_str(rest.get(..length).unwrap_or_default());
        self.at += length;
    }

    /// A script in brackets, of which the opening one was read.
    fn nested(&mut self, partial: &mut Partial, script: &mut Script) {
        let start = self.at;
        self.at += Lexer::new(self.rest(), self.base + self.at, self.depth + 1).read(script);
        partial.word.has_expansion = true;
        partial.word.text.push_str(self.text.get(start..self.at).unwrap_or_default());
        if self.peek() == Some(')') {
            self.at += 1;
            partial.word.text.push(')');
        }
    }

    fn backquoted(&mut self, partial: &mut Partial, script: &mut Script, is_bare: bool) {
        self.at += 1;
        let rest = self.rest();
        let length = rest.find('`').unwrap_or(rest.len());
        let within = rest.get(..length).unwrap_or_default();
        Lexer::new(within, self.base + self.at, self.depth + 1).read(script);
        partial.word.has_expansion = true;
        partial.word.has_bare_expansion |= is_bare;
        partial.word.text.push('`');
        partial.word.text.push_str(within);
        partial.word.text.push('`');
        self.at = (self.at + length + 1).min(self.text.len());
    }
}

/// `NAME=value`.
pub(super) fn assignment(word: &Word) -> Option<Assignment> {
    let (name, value) = word.text.split_once('=')?;
    let name = name.strip_suffix('+').unwrap_or(name);
    let is_name =
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| Assignment { name: name.to_owned(), value: Word { text: value.to_owned(), ..word.clone() } })
}
