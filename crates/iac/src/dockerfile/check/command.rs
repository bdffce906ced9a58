//! Commands that have no place in a build, or weaken what comes out of it.

use bartizan_core::ByteRange;

use super::{Sink, build_commands, start_of};
use crate::{
    dockerfile::{file::Dockerfile, instruction::Instruction},
    file_mode::{is_set_user_id, is_world_writable},
    shell::{Command, Joint},
};

/// Programs that do nothing useful in a build.
const USELESS: &[&str] = &[
    "free",
    "ifconfig",
    "kill",
    "mount",
    "ps",
    "service",
    "shutdown",
    "ssh",
    "systemctl",
    "top",
    "vim",
    "reboot",
    "htop",
    "nano",
    "xdg-open",
];

/// Packages that let somebody log in.
const SERVERS: &[&str] =
    &["openssh-server", "sshd", "dropbear", "telnetd", "telnet-server", "vsftpd", "rsh-server", "tigervnc-server", "xrdp"];

pub(super) fn check(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    for (instruction, number, command) in build_commands(file) {
        if command.is_run_by("sudo") || command.program == "sudo" {
            let end = command.range.start() + "sudo".len();
            sink.report("sudo-in-build", instruction, ByteRange::new(command.range.start(), end), "");
        }
        let range = start_of(command);
        match command.program.as_str() {
            "cd" => folder(instruction, number, command, sink),
            "chmod" => mode(instruction, command, sink),
            "install" | "mkdir" => made_with_mode(instruction, command, sink),
            "ln" => shell_replaced(instruction, command, sink),
            "chsh" | "usermod" if command.short('s').is_some() || command.has(&["--shell"]) => root_shell(instruction, command, sink),
            "echo" | "printf" => sudoers(instruction, command, sink),
            program if USELESS.contains(&program) && command.joint != Joint::Pipe => {
                sink.report("useless-command-in-build", instruction, range, format!("`{program}` has nothing to do in a build"));
            }
            _ => {}
        }
        if let Some(found) = super::manager::use_of(command) {
            let server = found.packages.iter().find(|word| SERVERS.contains(&word.text.split('=').next().unwrap_or_default()));
            if let Some(word) = server.filter(|_| found.kind == super::manager::UseKind::Install) {
                sink.report(
                    "login-server-installed",
                    instruction,
                    word.range,
                    format!("`{}` lets people log in to the container", word.text),
                );
            }
        }
        if command.program == "useradd" {
            high_user(instruction, command, sink);
        }
    }
    for instruction in file.instructions.iter().filter(|instruction| instruction.keyword == "RUN") {
        privileges(instruction, sink);
    }
    pipes(file, sink);
}

/// A change of folder that the next instruction knows nothing of, or that `WORKDIR` says better.
fn folder(instruction: &Instruction<'_>, number: usize, command: &Command, sink: &mut Sink<'_, '_>) {
    let is_last = number + 1 == instruction.script.commands.len();
    let is_only = instruction.script.commands.len() == 1;
    let target = command.arguments.first().map_or("", |word| word.text.as_str());
    let rule = if is_only || is_last { "folder-change-without-effect" } else { "folder-change-in-run" };
    if is_only || is_last || target.starts_with('/') && number == 0 {
        let message = if is_only || is_last {
            format!("the next instruction is not in `{target}`")
        } else {
            format!("`WORKDIR {target}` says where it runs")
        };
        sink.report(rule, instruction, start_of(command), message);
    }
}

fn mode(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    // A mode like `-x` takes something away.
    let Some(word) = command.arguments.iter().find(|word| !word.text.starts_with('-')) else { return };
    let targets = command.operands().skip(1).map(|word| word.text.as_str());
    if is_world_writable(&word.text)
        && !targets.into_iter().all(|target| matches!(target, "/tmp" | "/var/tmp" | "/dev/null" | "/run/screen"))
    {
        sink.report(
            "world-writable-files",
            instruction,
            start_of(command),
            format!("anyone in the container may change it: mode `{}`", word.text),
        );
    }
    if is_set_user_id(&word.text) {
        sink.report(
            "set-id-files",
            instruction,
            start_of(command),
            format!("it runs as its owner, whoever starts it: mode `{}`", word.text),
        );
    }
}

fn made_with_mode(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    let mode = command.value_of("-m").or_else(|| command.value_of("--mode"));
    if let Some(mode) = mode.filter(|mode| is_world_writable(mode)) {
        sink.report(
            "world-writable-files",
            instruction,
            start_of(command),
            format!("anyone in the container may change it: mode `{mode}`"),
        );
    }
}

/// `ln -s /bin/bash /bin/sh`: `SHELL` says it better.
fn shell_replaced(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    let mut operands = command.operands().map(|word| word.text.as_str());
    let is_shell = |text: &str| matches!(text, "/bin/sh" | "/bin/bash" | "bash" | "/usr/bin/bash" | "sh");
    let source = operands.next().unwrap_or_default();
    if is_shell(source) && operands.next().is_some_and(|target| matches!(target, "/bin/sh" | "/bin/bash" | "/usr/bin/sh")) {
        sink.report("shell-replaced-in-run", instruction, start_of(command), "");
    }
}

fn root_shell(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    if command.operands().any(|word| word.text == "root") || command.program == "chsh" {
        sink.report("shell-replaced-in-run", instruction, start_of(command), "");
    }
}

/// `user ALL=(ALL) NOPASSWD: ALL`.
fn sudoers(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    if let Some(word) = command.arguments.iter().find(|word| word.text.contains("NOPASSWD")) {
        sink.report("sudo-without-password", instruction, word.range, "");
    }
}

fn high_user(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    const N_SPARSE: u64 = 99_999;
    let id = command.value_of("-u").or_else(|| command.value_of("--uid")).and_then(|id| id.parse::<u64>().ok());
    let has_option = command.short('l').is_some() || command.has(&["--no-log-init"]);
    if id.is_some_and(|id| N_SPARSE < id) && !has_option {
        sink.report("useradd-fills-log", instruction, start_of(command), "");
    }
}

fn privileges(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    if let Some(flag) = instruction.flag("security").filter(|flag| flag.value == "insecure") {
        sink.report("build-step-privileged", instruction, flag.range, "");
    }
    if let Some(flag) = instruction.flag("network").filter(|flag| flag.value == "host") {
        sink.report("build-step-host-network", instruction, flag.range, "");
    }
}

/// The result of a pipe is that of its last command, unless the shell is told otherwise.
fn pipes(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    // By stage, as `SHELL` holds till the stage ends.
    let (mut is_careful, mut stage) = (false, None);
    for instruction in &file.instructions {
        if instruction.stage != stage {
            (is_careful, stage) = (false, instruction.stage);
        }
        if instruction.keyword == "SHELL" {
            let words: Vec<&str> = instruction.words.iter().map(|word| word.text.as_str()).collect();
            // Other shells have no such setting.
            is_careful = words.iter().any(|word| word.contains("pipefail"))
                || words.first().is_some_and(|name| !name.ends_with("sh") || name.contains("pwsh") || name.contains("powershell"));
        }
        if instruction.keyword != "RUN" || is_careful || instruction.is_exec {
            continue;
        }
        let commands = &instruction.script.commands;
        let is_set = commands.iter().any(|command| command.program == "set" && command.texts().any(|text| text.contains("pipefail")));
        let is_own_shell = commands.iter().any(|command| command.depth == 0 && command.texts().any(|text| text == "pipefail"));
        if is_set || is_own_shell {
            continue;
        }
        let Some(piped) = commands.iter().find(|command| command.joint == Joint::Pipe && command.depth == 0) else { continue };
        sink.report("pipe-failure-ignored", instruction, start_of(piped), "what fails before the pipe is not noticed");
    }
}
