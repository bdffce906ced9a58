//! The commands of a script, and what it writes into the files that the runner reads back.

use std::ops::Range;

use bartizan_syntax::{Grammar, parse};
use tree_sitter::Node;

/// How deep the parts of one statement are looked at.
const MAX_DEPTH: usize = 32;

/// The longest script that is taken apart, in bytes.
const MAX_SCRIPT_BYTES: usize = 256 << 10;

/// A command of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command<'s> {
    /// The bytes of the script.
    pub(crate) range: Range<usize>,
    /// The program.
    pub(crate) name: &'s str,
    /// What it is told, with quotes as they are written.
    pub(crate) arguments: Vec<&'s str>,
}

/// The family of a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Posix,
    PowerShell,
    Cmd,
}

/// The commands of a script, in order. Of shells that are not known there are none.
pub(crate) fn commands<'s>(shell: &str, script: &'s str) -> Vec<Command<'s>> {
    match family(shell) {
        Some(Family::Posix) => posix_commands(script),
        Some(Family::PowerShell | Family::Cmd) => plain_commands(script),
        None => Vec::new(),
    }
}

/// Writes of what is not a literal to `GITHUB_ENV` or `GITHUB_PATH`: the file's name, and the bytes of the script.
pub(crate) fn environment_writes(shell: &str, script: &str) -> Vec<(&'static str, Range<usize>)> {
    let upper = script.to_ascii_uppercase();
    if !FILES.iter().any(|file| upper.contains(file)) {
        return Vec::new();
    }
    match family(shell) {
        Some(Family::Posix) => posix_writes(script),
        Some(Family::PowerShell) => powershell_writes(script),
        Some(Family::Cmd) => cmd_writes(script),
        None => Vec::new(),
    }
}

const FILES: [&str; 2] = ["GITHUB_ENV", "GITHUB_PATH"];

fn family(shell: &str) -> Option<Family> {
    match shell {
        "bash" | "sh" | "zsh" | "dash" => Some(Family::Posix),
        "pwsh" | "powershell" => Some(Family::PowerShell),
        "cmd" | "cmd.exe" => Some(Family::Cmd),
        _ => None,
    }
}

fn posix_commands(script: &str) -> Vec<Command<'_>> {
    let mut found = Vec::new();
    each_node(script, &mut |node| {
        if node.kind() == "command" {
            found.extend(command_of(node, script));
        }
    });
    found
}

fn command_of<'s>(node: Node<'_>, script: &'s str) -> Option<Command<'s>> {
    let text = |node: Node<'_>| script.get(node.byte_range());
    let name = text(node.child_by_field_name("name")?)?;
    let mut cursor = node.walk();
    let arguments = node.children_by_field_name("argument", &mut cursor).filter_map(text).collect();
    Some(Command { range: node.byte_range(), name, arguments })
}

/// Visits all nodes of a script's tree, in order. A script that has no tree has no nodes.
fn each_node(script: &str, look: &mut dyn FnMut(Node<'_>)) {
    if MAX_SCRIPT_BYTES < script.len() {
        return;
    }
    let Ok(tree) = parse(Grammar::Bash, script) else { return };
    let mut cursor = tree.walk();
    loop {
        look(cursor.node());
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn posix_writes(script: &str) -> Vec<(&'static str, Range<usize>)> {
    let mut found = Vec::new();
    each_node(script, &mut |node| match node.kind() {
        "redirected_statement" => {
            let mut cursor = node.walk();
            let file = node
                .children_by_field_name("redirect", &mut cursor)
                .find_map(|redirect| (redirect.kind() == "file_redirect").then(|| file_in(redirect, script, 0)).flatten());
            let is_literal = node.child_by_field_name("body").is_some_and(|body| writes_literal(body, script, 0));
            found.extend(file.filter(|_| !is_literal).map(|file| (file, node.byte_range())));
        }
        "pipeline" => {
            let mut cursor = node.walk();
            let file = node.children(&mut cursor).filter(|part| part.kind() == "command").find_map(|part| {
                let command = command_of(part, script)?;
                (command.name == "tee").then(|| file_in(part, script, 0)).flatten()
            });
            found.extend(file.map(|file| (file, node.byte_range())));
        }
        _ => {}
    });
    found
}

/// The file that a variable in a node names.
fn file_in(node: Node<'_>, script: &str, depth: usize) -> Option<&'static str> {
    if MAX_DEPTH < depth {
        return None;
    }
    if node.kind() == "variable_name" {
        return FILES.into_iter().find(|file| script.get(node.byte_range()) == Some(file));
    }
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find_map(|child| file_in(child, script, depth + 1))
}

/// Whether all that a statement prints is written in it.
fn writes_literal(body: Node<'_>, script: &str, depth: usize) -> bool {
    if MAX_DEPTH < depth {
        return false;
    }
    let mut cursor = body.walk();
    match body.kind() {
        "compound_statement" | "subshell" | "list" => body.named_children(&mut cursor).all(|part| writes_literal(part, script, depth + 1)),
        "command" => {
            let name = body.child_by_field_name("name").and_then(|name| script.get(name.byte_range()));
            matches!(name, Some("echo" | "printf")) && body.children_by_field_name("argument", &mut cursor).all(is_literal)
        }
        "comment" => true,
        _ => false,
    }
}

fn is_literal(argument: Node<'_>) -> bool {
    let only = (argument.named_child_count() == 1).then(|| argument.named_child(0)).flatten();
    matches!(argument.kind(), "word" | "raw_string") || only.is_some_and(|child| child.kind() == "string_content")
}

/// The lines of a script, with what is continued on the next one, and their offsets.
fn lines_of(script: &str, continued: char) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        let from = *start.get_or_insert(at);
        at += line.len();
        if line.trim_end().ends_with(continued) {
            continue;
        }
        found.push(from..at);
        start = None;
    }
    found.extend(start.map(|start| start..script.len()));
    found
}

/// Commands of shells without a grammar here: words between `;`, `|`, `&` and the ends of lines, outside of quotes.
fn plain_commands(script: &str) -> Vec<Command<'_>> {
    let mut found = Vec::new();
    for line in lines_of(script, '`') {
        let mut words: Vec<Range<usize>> = Vec::new();
        let (mut word, mut quote): (Option<usize>, Option<char>) = (None, None);
        let text = script.get(line.clone()).unwrap_or_default();
        for (offset, c) in text.char_indices().chain([(text.len(), '\n')]) {
            let at = line.start + offset;
            match quote {
                Some(open) if c == open || c == '\n' && at + 1 >= line.end => quote = None,
                Some(_) => continue,
                None => {}
            }
            let is_continued = || text.get(..offset).is_some_and(|before| before.trim_end_matches('\r').ends_with('`'));
            let is_end = c == '\n' && !is_continued() || matches!(c, ';' | '|' | '&' | '{' | '}' | '(' | ')');
            if c.is_whitespace() || is_end || c == '`' {
                words.extend(word.take().map(|start| start..at));
            } else {
                if matches!(c, '"' | '\'') && word.is_none() {
                    quote = Some(c);
                }
                word.get_or_insert(at);
            }
            if is_end && !words.is_empty() {
                found.extend(plain_command(script, &std::mem::take(&mut words)));
            }
        }
    }
    found
}

fn plain_command<'s>(script: &'s str, words: &[Range<usize>]) -> Option<Command<'s>> {
    let (first, last) = (words.first()?, words.last()?);
    let mut texts = words.iter().filter_map(|word| script.get(word.clone()));
    let name = texts.next().filter(|name| !name.starts_with('#'))?;
    Some(Command { range: first.start..last.end, name, arguments: texts.collect() })
}

fn powershell_writes(script: &str) -> Vec<(&'static str, Range<usize>)> {
    const WRITERS: [&str; 4] = ["out-file", "add-content", "set-content", "tee-object"];
    let mut found = Vec::new();
    for line in lines_of(script, '`') {
        let text = script.get(line.clone()).unwrap_or_default().to_ascii_lowercase();
        let code = if text.starts_with('#') { "" } else { text.split(" #").next().unwrap_or_default() };
        let named = FILES.into_iter().find_map(|file| Some((file, code.find(&format!("env:{}", file.to_ascii_lowercase()))?)));
        let Some((file, at)) = named else { continue };
        if code.find('>').is_some_and(|sign| sign < at) || WRITERS.iter().any(|writer| code.contains(writer)) {
            found.push((file, line));
        }
    }
    found
}

fn cmd_writes(script: &str) -> Vec<(&'static str, Range<usize>)> {
    let mut found = Vec::new();
    for line in lines_of(script, '^') {
        let text = script.get(line.clone()).unwrap_or_default().to_ascii_uppercase();
        let Some((before, after)) = text.split_once('>') else { continue };
        let target = after.trim_start_matches('>').trim_start().trim_start_matches('"');
        let file = FILES
            .into_iter()
            .find(|file| target.strip_prefix('%').is_some_and(|rest| rest.strip_prefix(file).is_some_and(|rest| rest.starts_with('%'))));
        found.extend(file.filter(|_| !before.trim().is_empty()).map(|file| (file, line.clone())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shell: &str, script: &str, expected: &[&str]) {
        let shown = |command: &Command<'_>| [&[command.name][..], &command.arguments].concat().join(" ");
        assert_eq!(commands(shell, script).iter().map(shown).collect::<Vec<_>>(), expected, "{script}");
    }

    #[test]
    fn commands_are_found_wherever_they_stand() {
        check(
            "bash",
            "set -e\nif true; then\n  npm install \\\n    foo && echo $(gem push x.gem)\nfi\n",
            &["set -e", "true", "npm install foo", "echo $(gem push x.gem)", "gem push x.gem"],
        );
        check("bash", "echo 'npm publish' # npm publish\n", &["echo 'npm publish'"]);
        check("pwsh", "npm install foo; gem push `\n  x.gem\n# npm publish\n", &["npm install foo", "gem push x.gem"]);
        check("pwsh", "if ($x) { nuget push \"a b\" }\n", &["if", "$x", "nuget push \"a b\""]);
        check("python", "npm install foo", &[]);
    }

    #[test]
    fn writes_of_what_is_not_literal_are_found() {
        let writes = |shell: &str, script: &str| environment_writes(shell, script).into_iter().map(|(file, _)| file).collect::<Vec<_>>();
        assert_eq!(writes("bash", "echo \"A=$B\" >> $GITHUB_ENV"), ["GITHUB_ENV"]);
        assert_eq!(writes("bash", "echo \"A=b\" >> \"${GITHUB_ENV}\""), Vec::<&str>::new());
        assert_eq!(writes("bash", "{ echo A=b; echo \"C=$D\"; } >> $GITHUB_PATH"), ["GITHUB_PATH"]);
        assert_eq!(writes("bash", "{ echo A=b; echo 'C=$D'; } >> $GITHUB_PATH"), Vec::<&str>::new());
        assert_eq!(writes("bash", "cat x | tee -a \"$GITHUB_ENV\""), ["GITHUB_ENV"]);
        assert_eq!(writes("bash", "echo \"A=$B\" >> $GITHUB_OUTPUT"), Vec::<&str>::new());
        assert_eq!(writes("pwsh", "\"A=$b\" | Out-File -FilePath $env:GITHUB_ENV"), ["GITHUB_ENV"]);
        assert_eq!(writes("cmd", "echo A=%B%>>\"%GITHUB_PATH%\""), ["GITHUB_PATH"]);
    }
}
