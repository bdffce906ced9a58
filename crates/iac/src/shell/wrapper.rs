//! Programs that only run another one: what matters is what they run.

use bartizan_core::ByteRange;

use super::{Command, MAX_COMMANDS, Script, Word, lexer};

/// A program that runs the command in its arguments.
struct Wrapper {
    name: &'static str,
    /// Options that take the next word.
    valued: &'static [&'static str],
    /// How many words that are no options come before the command.
    n_operands: usize,
    /// Whether variables may be set before the command.
    sets_variables: bool,
}

const fn wrapper(name: &'static str, valued: &'static [&'static str], n_operands: usize) -> Wrapper {
    Wrapper { name, valued, n_operands, sets_variables: false }
}

static WRAPPERS: &[Wrapper] = &[
    Wrapper {
        name: "sudo",
        valued: &["-u", "-g", "-C", "-h", "-p", "-r", "-t", "-D", "-R", "-T", "--user", "--group"],
        n_operands: 0,
        sets_variables: true,
    },
    Wrapper { name: "env", valued: &["-u", "-C", "--unset", "--chdir"], n_operands: 0, sets_variables: true },
    wrapper("doas", &["-u", "-C"], 0),
    wrapper("gosu", &[], 1),
    wrapper("su-exec", &[], 1),
    wrapper("command", &[], 0),
    wrapper("builtin", &[], 0),
    wrapper("exec", &["-a"], 0),
    wrapper("nohup", &[], 0),
    wrapper("nice", &["-n"], 0),
    wrapper("ionice", &["-c", "-n", "-p"], 0),
    wrapper("time", &["-f", "-o"], 0),
    wrapper("timeout", &["-s", "-k", "--signal", "--kill-after"], 1),
    wrapper("xargs", &["-I", "-n", "-P", "-L", "-d", "-a", "-s", "-E"], 0),
    wrapper("chroot", &[], 1),
    wrapper("fakeroot", &[], 0),
    wrapper("busybox", &[], 0),
    wrapper("retry", &["-t", "-d"], 0),
    wrapper("eatmydata", &[], 0),
    wrapper("setarch", &[], 1),
    wrapper("linux32", &[], 0),
    wrapper("stdbuf", &["-i", "-o", "-e"], 0),
];

/// Programs that run the script in the word after `-c`.
pub(crate) const SHELLS: &[&str] = &["sh", "bash", "ash", "dash", "zsh", "ksh", "fish"];

/// Takes a command's wrappers off and adds it to a script, after what is written within it.
pub(super) fn finish(mut command: Command, mut words: Vec<Word>, script: &mut Script) {
    while let Some(wrapper) = words.first().and_then(|word| WRAPPERS.iter().find(|wrapper| wrapper.name == base_name(&word.text))) {
        let Some(n_own) = n_own_words(wrapper, &words, &mut command) else { break };
        command.wrappers.push(wrapper.name.to_owned());
        words.drain(..n_own);
    }
    if words.first().is_some_and(|word| !word.text.starts_with('$')) {
        let program = words.remove(0);
        command.program = base_name(&program.text).to_owned();
        if !program.commands.is_empty() {
            command.program = String::new();
        }
    }
    command.arguments = words;
    let inner = inner_script(&command);
    let (depth, joint, pipeline) = (command.depth, command.joint, command.pipeline);
    if script.commands.len() < MAX_COMMANDS {
        script.commands.push(command);
    }
    let Some(inner) = inner else { return };
    let first = script.commands.len();
    // Its words are one word of this command.
    let written = script.written.take();
    lexer::Lexer::new(&inner.text, inner.base, depth + 1).read(script);
    script.written = written;
    for command in script.commands.iter_mut().skip(first) {
        if let Some(range) = inner.range {
            command.move_places(&|_| range);
        }
    }
    // The script's last pipe is that of the command that runs it, for whom its output counts.
    if let Some(last) = script.commands.get_mut(first).filter(|_| joint == super::Joint::Pipe) {
        last.joint = joint;
        last.pipeline = pipeline;
    }
}

/// How many words are the wrapper's; nothing if there is no command behind them.
fn n_own_words(wrapper: &Wrapper, words: &[Word], command: &mut Command) -> Option<usize> {
    let mut n_operands = wrapper.n_operands;
    let mut at = 1;
    while let Some(word) = words.get(at) {
        if word.text == "--" {
            return words.get(at + 1).map(|_| at + 1);
        }
        if word.text.starts_with('-') && 1 < word.text.len() {
            at += if wrapper.valued.contains(&word.text.as_str()) { 2 } else { 1 };
        } else if let Some(assignment) = lexer::assignment(word).filter(|_| wrapper.sets_variables) {
            command.assignments.push(assignment);
            at += 1;
        } else if 0 < n_operands {
            n_operands -= 1;
            at += 1;
        } else {
            return Some(at);
        }
    }
    None
}

struct Inner {
    text: String,
    base: usize,
    /// Where all of its commands are said to be, if their own places are not known.
    range: Option<ByteRange>,
}

/// The script that a command runs from its own words: `sh -c '…'`, `eval "…"`, `su -c '…'`.
fn inner_script(command: &Command) -> Option<Inner> {
    let program = command.program.as_str();
    let word = if SHELLS.contains(&program) || program == "su" {
        let is_flag = |word: &Word| {
            word.text
                .strip_prefix('-')
                .is_some_and(|letters| letters == "-command" || !letters.starts_with('-') && letters.ends_with('c') && letters.len() <= 5)
        };
        let flag = command.arguments.iter().position(is_flag)?;
        command.arguments.get(flag + 1)?
    } else if program == "eval" {
        command.arguments.first()?
    } else {
        return None;
    };
    // Where quotes are all that was taken off, places are exact.
    let n_bytes = word.range.end().saturating_sub(word.range.start());
    let is_exact = word.is_quoted && n_bytes == word.text.len() + 2;
    let base = word.range.start() + usize::from(word.is_quoted);
    Some(Inner { text: word.text.clone(), base, range: (!is_exact && word.is_quoted).then_some(word.range) })
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
