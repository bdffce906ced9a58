//! What is downloaded in a build, and whether anybody checks it.

use super::{Sink, build_commands, start_of};
use crate::{
    dockerfile::{file::Dockerfile, instruction::Instruction},
    shell::{Command, Script},
};

/// Programs that download.
const DOWNLOADERS: &[&str] = &["curl", "wget", "fetch", "aria2c"];

/// Programs that run what they read.
const INTERPRETERS: &[&str] =
    &["sh", "bash", "ash", "dash", "zsh", "ksh", "python", "python2", "python3", "perl", "ruby", "node", "php", "source", "eval", "."];

/// Programs that tell whether a file is the one that was meant.
const CHECKERS: &[&str] = &[
    "sha256sum",
    "sha512sum",
    "sha1sum",
    "sha384sum",
    "shasum",
    "gpg",
    "gpgv",
    "gpg2",
    "cosign",
    "minisign",
    "openssl",
    "rhash",
    "b2sum",
    "md5sum",
];

pub(super) fn check(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    let mut first: [Option<usize>; 2] = [None, None];
    for (number, instruction) in file.instructions.iter().enumerate().filter(|(_, instruction)| instruction.keyword == "RUN") {
        let script = &instruction.script;
        let is_checked = script.commands.iter().any(|other| CHECKERS.contains(&other.program.as_str()));
        for (at, command) in script.commands.iter().enumerate() {
            run_unseen(instruction, script, at, command, sink);
            if !is_checked {
                plain_http(instruction, command, sink);
            }
            let which = usize::from(command.program == "wget");
            if matches!(command.program.as_str(), "curl" | "wget") {
                both(file, instruction, command, &mut first, which, sink);
            }
            if let Some(entry) = first.get_mut(which).filter(|entry| entry.is_none() && matches!(command.program.as_str(), "curl" | "wget"))
            {
                *entry = Some(number);
            }
        }
    }
    for (instruction, _, command) in build_commands(file) {
        let is_clone = command.program == "git" && command.has(&["clone", "fetch", "submodule"]);
        if let Some(word) =
            command.arguments.iter().find(|word| is_clone && (word.text.starts_with("git://") || word.text.starts_with("http://")))
        {
            sink.report(
                "download-over-plain-http",
                instruction,
                word.range,
                "the repository comes over a connection that anyone on the way may change",
            );
        }
    }
}

/// `curl … | sh`, `sh -c "$(curl …)"`, `sh <(curl …)`.
fn run_unseen(instruction: &Instruction<'_>, script: &Script, at: usize, command: &Command, sink: &mut Sink<'_, '_>) {
    if is_download(command) {
        let mut behind = script.piped_into(at);
        let is_checked = script.piped_into(at).any(|next| CHECKERS.contains(&next.program.as_str()));
        if let Some(shell) = behind.find(|next| runs_input(next)).filter(|_| !is_checked) {
            let message = format!("`{}` runs whatever `{}` gets, and nobody looks at it", shell.program, command.program);
            sink.report("download-piped-to-shell", instruction, start_of(command), message);
        }
    }
    if INTERPRETERS.contains(&command.program.as_str()) {
        let within = command.arguments.iter().flat_map(|word| word.commands.clone()).filter_map(|inner| script.commands.get(inner));
        if let Some(download) = within.into_iter().find(|inner| is_download(inner)) {
            let message = format!("`{}` runs whatever `{}` gets, and nobody looks at it", command.program, download.program);
            sink.report("download-piped-to-shell", instruction, start_of(download), message);
        }
    }
}

fn is_download(command: &Command) -> bool {
    DOWNLOADERS.contains(&command.program.as_str())
}

/// Whether a program runs what it is given on its input: no file is named.
fn runs_input(command: &Command) -> bool {
    let reads_input = command.arguments.iter().find(|word| !word.text.starts_with('-') || word.text == "-");
    let has_script = command.has(&["-c", "-e"]) || command.short('c').is_some() && command.program.ends_with("sh");
    let is_told = reads_input.is_none_or(|word| word.text == "-" || word.text == "/dev/stdin")
        || command.has(&["-s", "--", "-"])
        || command.short('s').is_some();
    INTERPRETERS.contains(&command.program.as_str()) && !has_script && is_told
}

/// Something from the network without TLS, which nobody checks afterwards.
fn plain_http(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    if !is_download(command) {
        return;
    }
    let is_near = |text: &str| {
        ["http://localhost", "http://127.", "http://[::1]", "http://0.0.0.0", "http://169.254.", "http://host.docker.internal"]
            .iter()
            .any(|near| text.starts_with(near))
    };
    let word = command.arguments.iter().find(|word| word.text.starts_with("http://") && !is_near(&word.text));
    if let Some(word) = word {
        sink.report(
            "download-over-plain-http",
            instruction,
            word.range,
            "what is downloaded comes over a connection that anyone on the way may change",
        );
    }
}

/// Two programs for the same thing.
fn both(
    file: &Dockerfile<'_>,
    instruction: &Instruction<'_>,
    command: &Command,
    first: &mut [Option<usize>; 2],
    which: usize,
    sink: &mut Sink<'_, '_>,
) {
    let other = first.get(1 - which).copied().flatten().and_then(|number| file.instructions.get(number));
    let is_new = first.get(which).is_some_and(Option::is_none);
    if other.is_some_and(|other| other.stage == instruction.stage) && is_new {
        sink.report("curl-and-wget", instruction, start_of(command), "");
    }
}
