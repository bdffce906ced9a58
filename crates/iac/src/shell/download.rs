//! Scripts that run what they download.

use super::{Command, Script};

/// Programs that download.
const DOWNLOADERS: &[&str] = &["curl", "wget", "fetch", "aria2c"];

/// Programs that run what they read.
const INTERPRETERS: &[&str] =
    &["sh", "bash", "ash", "dash", "zsh", "ksh", "python", "python2", "python3", "perl", "ruby", "node", "php", "source", "eval", "."];

/// Programs that tell whether a file is the one that was meant.
pub(crate) const CHECKERS: &[&str] = &[
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

/// Whether a program downloads.
pub(crate) fn is_download(command: &Command) -> bool {
    DOWNLOADERS.contains(&command.program.as_str())
}

/// `curl … | sh`: the download that a command is, if what it gets is run and nobody looks at it, and what is to be said.
pub(crate) fn run_unseen(script: &Script, at: usize) -> Option<(&Command, String)> {
    let command = script.commands.get(at).filter(|command| is_download(command))?;
    if script.piped_into(at).any(|next| CHECKERS.contains(&next.program.as_str())) {
        return None;
    }
    let shell = script.piped_into(at).find(|next| runs_input(next))?;
    Some((command, said(shell, command)))
}

/// `sh -c "$(curl …)"`, `sh <(curl …)`: the download within the arguments of what runs it.
pub(crate) fn run_within(script: &Script, at: usize) -> Option<(&Command, String)> {
    let command = script.commands.get(at).filter(|command| INTERPRETERS.contains(&command.program.as_str()))?;
    let within = command.arguments.iter().flat_map(|word| word.commands.clone()).filter_map(|inner| script.commands.get(inner));
    let download = within.into_iter().find(|inner| is_download(inner))?;
    Some((download, said(command, download)))
}

fn said(shell: &Command, download: &Command) -> String {
    format!("`{}` runs whatever `{}` gets, and nobody looks at it", shell.program, download.program)
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
