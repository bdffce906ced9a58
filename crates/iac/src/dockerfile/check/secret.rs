//! Secrets that become part of an image. Messages hold no value.

use super::Sink;
use crate::{
    dockerfile::{file::Dockerfile, instruction::Instruction},
    secrecy::{is_no_secret, is_secret_name},
    shell::{Command, Word},
};

/// Options of commands that take a secret: program, option.
const OPTIONS: &[(&str, &[&str])] = &[
    ("curl", &["-u", "--user", "--oauth2-bearer", "--proxy-user"]),
    ("wget", &["--password", "--http-password", "--ftp-password", "--proxy-password"]),
    ("docker", &["-p", "--password"]),
    ("sshpass", &["-p"]),
    ("mysql", &["--password"]),
    ("mysqladmin", &["--password"]),
    ("twine", &["-p", "--password"]),
    ("svn", &["--password"]),
    ("helm", &["--password"]),
    ("az", &["-p", "--password"]),
    ("htpasswd", &["-b"]),
];

pub(super) fn check(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    for instruction in &file.instructions {
        match instruction.keyword {
            "ENV" | "LABEL" => set(instruction, sink),
            "ARG" => argument(instruction, sink),
            "RUN" => run(instruction, sink),
            _ => {}
        }
    }
}

fn set(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    for word in &instruction.words {
        let Some((name, value)) = word.text.split_once('=') else { continue };
        if is_secret_name(name) && !is_no_secret(value) {
            sink.report("secret-in-image-env", instruction, word.range, format!("the value of `{name}` is part of the image"));
        }
        // What an argument gives stays, too.
        if instruction.keyword == "ENV" && is_secret_name(name) && value.trim_start().starts_with('$') {
            let message = format!("`{name}` is part of the image, whoever gives it at the build");
            sink.report("secret-in-build-argument", instruction, word.range, message);
        }
    }
}

fn argument(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    for word in &instruction.words {
        let (name, value) = word.text.split_once('=').unwrap_or((&word.text, ""));
        if !is_secret_name(name) {
            continue;
        }
        if is_no_secret(value) {
            let message = format!("what is given for `{name}` is in the history of the image");
            sink.report("secret-in-build-argument", instruction, word.range, message);
        } else {
            sink.report("secret-in-image-env", instruction, word.range, format!("the value of `{name}` is in the history of the image"));
        }
    }
}

fn run(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    for command in &instruction.script.commands {
        for assignment in &command.assignments {
            if is_secret_name(&assignment.name) && !is_no_secret(&assignment.value.text) && !assignment.value.has_expansion {
                told(instruction, &assignment.value, &format!("the value of `{}`", assignment.name), sink);
            }
        }
        if matches!(command.program.as_str(), "export" | "declare") {
            let pairs = command.arguments.iter().filter_map(|word| Some((word, word.text.split_once('=')?)));
            for (word, (name, _)) in
                pairs.filter(|(word, (name, value))| is_secret_name(name) && !is_no_secret(value) && !word.has_expansion)
            {
                told(instruction, word, &format!("the value of `{name}`"), sink);
            }
        }
        options(instruction, command, sink);
        let is_password_set = command.program == "chpasswd" || command.program == "passwd" && command.short('d').is_some();
        if is_password_set {
            sink.report("password-set-in-build", instruction, command.range, "");
        }
        let sets_password = command.program == "usermod" || command.program == "useradd";
        if sets_password && command.value_of("-p").or_else(|| command.value_of("--password")).is_some() {
            sink.report("password-set-in-build", instruction, command.range, "");
        }
    }
}

fn options(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    for word in &command.arguments {
        if has_login(&word.text) {
            told(instruction, word, "a password in an address", sink);
        }
    }
    let Some((_, names)) = OPTIONS.iter().find(|(program, _)| *program == command.program) else { return };
    let mut words = command.arguments.iter().peekable();
    while let Some(word) = words.next() {
        let (name, value) = match word.text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word.text.as_str(), words.peek().map(|next| next.text.as_str())),
        };
        let is_login_only = command.program == "curl"
            && value.is_some_and(|value| value.split_once(':').is_none_or(|(_, password)| is_no_secret(password)));
        let is_value_hidden = word.has_expansion || words.peek().is_some_and(|next| next.has_expansion && !word.text.contains('='));
        if names.contains(&name)
            && value.is_some_and(|value| !is_no_secret(value) && !value.starts_with('-'))
            && !is_login_only
            && !is_value_hidden
        {
            told(instruction, word, &format!("what `{name}` is given"), sink);
        }
    }
}

/// `https://user:password@host`, both as they are.
fn has_login(text: &str) -> bool {
    let Some((_, after)) = text.split_once("://") else { return false };
    let authority = after.split(['/', '?', '#']).next().unwrap_or_default();
    let Some((login, _)) = authority.rsplit_once('@') else { return false };
    login.split_once(':').is_some_and(|(_, password)| !is_no_secret(password) && !password.contains('$'))
}

fn told(instruction: &Instruction<'_>, word: &Word, what: &str, sink: &mut Sink<'_, '_>) {
    sink.report("secret-in-build-command", instruction, word.range, format!("{what} is in the history of the image"));
}
