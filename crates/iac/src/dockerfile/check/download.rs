//! What is downloaded in a build, and whether anybody checks it.

use super::{Sink, build_commands, start_of};
use crate::{
    dockerfile::{file::Dockerfile, instruction::Instruction},
    shell::{
        Command, Script,
        download::{self, CHECKERS, is_download},
    },
};

pub(super) fn check(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    let mut first: [Option<usize>; 2] = [None, None];
    for (number, instruction) in file.instructions.iter().enumerate().filter(|(_, instruction)| instruction.keyword == "RUN") {
        let script = &instruction.script;
        let is_checked = script.commands.iter().any(|other| CHECKERS.contains(&other.program.as_str()));
        for (at, command) in script.commands.iter().enumerate() {
            run_unseen(instruction, script, at, sink);
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
fn run_unseen(instruction: &Instruction<'_>, script: &Script, at: usize, sink: &mut Sink<'_, '_>) {
    if let Some((download, message)) = download::run_unseen(script, at) {
        sink.report("download-piped-to-shell", instruction, start_of(download), message);
    }
    if let Some((download, message)) = download::run_within(script, at) {
        sink.report("download-piped-to-shell", instruction, start_of(download), message);
    }
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
