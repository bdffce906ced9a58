//! What is wrong in a script, whatever system runs it.

use std::ops::Range;

use bartizan_core::{Confidence, Severity};
use bartizan_source::document::Node;

use crate::{
    shell::{self, download},
    workflow::{
        command::{self, Command},
        fence,
        remark::Remark,
    },
};

const SHELL: &str = "reverse-shell-in-pipeline";
const SENT: &str = "secret-sent-by-pipeline";
const UNSEEN: &str = "download-run-by-pipeline";

/// Programs that run the text that follows one of these options.
const INTERPRETERS: &[(&str, &[&str])] = &[
    ("sh", &["-c", "-lc", "-ec"]),
    ("bash", &["-c", "-lc", "-ec"]),
    ("zsh", &["-c"]),
    ("dash", &["-c"]),
    ("ash", &["-c"]),
    ("su", &["-c"]),
    ("python", &["-c"]),
    ("python3", &["-c"]),
    ("node", &["-e", "-p"]),
    ("perl", &["-e"]),
    ("ruby", &["-e"]),
    ("php", &["-r"]),
];

/// Programs that run whatever they are told.
const RUNNERS: &[&str] = &["eval", "ssh"];

/// Variables that hold a credential of the run.
const CREDENTIALS: &[&str] =
    &["CI_JOB_TOKEN", "CI_JOB_JWT", "CI_REGISTRY_PASSWORD", "CI_DEPLOY_PASSWORD", "SYSTEM_ACCESSTOKEN", "secrets.", "CIRCLE_OIDC_TOKEN"];

/// A variable in a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention<'s> {
    /// Its name.
    pub(super) name: &'s str,
    /// The bytes of the command.
    pub(super) range: Range<usize>,
    /// Whether its text is taken for code.
    pub(super) is_code: bool,
}

/// What is wrong with a script by itself.
pub(super) fn look(node: &Node<'_>, text: &str, shell: &str) -> Vec<Remark> {
    let script = node.text().unwrap_or_default();
    let mut remarks = Vec::new();
    // Most scripts have none of these.
    if !["nc", "netcat", "curl", "wget", "/dev/tcp"].iter().any(|word| script.contains(word)) {
        return remarks;
    }
    if matches!(shell, "bash" | "sh" | "zsh" | "dash") {
        let parsed = shell::parse(script, 0);
        let found = (0..parsed.commands.len())
            .flat_map(|at| download::run_unseen(&parsed, at).into_iter().chain(download::run_within(&parsed, at)));
        for (command, message) in found {
            let at = fence::place_in(node, text, command.range.start()..command.range.end());
            remarks.push(Remark::new(UNSEEN, at, message).known_by(&command.program));
        }
    }
    for command in command::commands(shell, script) {
        let at = || fence::place_in(node, text, command.range.clone());
        if opens_shell(&command) {
            let message = format!("`{}` connects to an address: whoever is there can run commands here", command.name);
            remarks.push(Remark::new(SHELL, at(), message).known_by(command.name).confidence(Confidence::Medium));
        }
        if let Some(credential) = sends_credential(&command) {
            let message = format!("`{}` sends `{credential}` to another server", command.name);
            remarks.push(Remark::new(SENT, at(), message).known_by(credential).confidence(Confidence::Low).severity(Severity::Medium));
        }
    }
    if let Some(start) = script.find("/dev/tcp/") {
        let message = "a connection is opened by the shell itself, as reverse shells do";
        remarks.push(
            Remark::new(SHELL, fence::place_in(node, text, start..start + 9), message).known_by("/dev/tcp").confidence(Confidence::Medium),
        );
    }
    remarks
}

fn opens_shell(command: &Command<'_>) -> bool {
    let is_address = |argument: &&str| {
        let parts: Vec<&str> = argument.split('.').collect();
        parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok())
    };
    matches!(command.name, "nc" | "netcat" | "ncat")
        && command.arguments.iter().any(|argument| is_address(argument) && !argument.starts_with("127."))
}

fn sends_credential(command: &Command<'_>) -> Option<&'static str> {
    let sends = ["-d", "--data", "--data-raw", "--data-binary", "-F", "--form", "-X", "--request"];
    if !matches!(command.name, "curl" | "wget") {
        return None;
    }
    // A token in a header is how one logs in; in the body it is sent away.
    let mut is_body = false;
    for argument in &command.arguments {
        if is_body {
            let found = CREDENTIALS.iter().find(|credential| argument.contains(**credential));
            // `token=` is the form in which GitLab itself is asked to start another pipeline.
            if found.is_some() && !argument.contains("token=") {
                return found.copied();
            }
        }
        is_body = sends.contains(argument) && !argument.starts_with("-X") && !argument.starts_with("--request");
    }
    None
}

/// Where a script mentions variables that somebody chooses.
pub(super) fn mentions<'s>(script: &'s str, shell: &str, is_chosen: &dyn Fn(&str) -> bool) -> Vec<Mention<'s>> {
    let mut found: Vec<Mention<'s>> = Vec::new();
    if !variables(script).into_iter().any(is_chosen) {
        return found;
    }
    for command in command::commands(shell, script) {
        let mut is_code = RUNNERS.contains(&command.name);
        let mut options = options_of(command.name);
        for argument in &command.arguments {
            let in_code = is_code && !argument.starts_with('\'');
            let is_bare = !argument.starts_with(['"', '\'']) && !argument.contains('"');
            for name in variables(argument).into_iter().filter(|name| is_chosen(name)) {
                if in_code || is_bare {
                    found.push(Mention { name, range: command.range.clone(), is_code: in_code });
                }
            }
            // `docker exec x sh -c …`: the program may be an argument.
            options = options_of(argument).or(options);
            is_code |= options.is_some_and(|options| options.contains(argument));
        }
    }
    found
}

fn options_of(program: &str) -> Option<&'static [&'static str]> {
    let program = program.rsplit('/').next().unwrap_or_default();
    INTERPRETERS.iter().find(|(known, _)| *known == program).map(|(_, options)| *options)
}

/// The variables in a word: `$NAME`, `${NAME…}`.
pub(super) fn variables(word: &str) -> Vec<&str> {
    let starts = word.match_indices('$').filter(|(at, _)| !word.get(..*at).is_some_and(|before| before.ends_with('\\')));
    let name = |at: usize| {
        let rest = word.get(at + 1..)?;
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).filter(|name| !name.is_empty())
    };
    starts.filter_map(|(at, _)| name(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_code() {
        let found = |script: &str| -> Vec<(String, bool)> {
            mentions(script, "bash", &|name| name == "TITLE")
                .into_iter()
                .map(|mention| (mention.name.to_owned(), mention.is_code))
                .collect()
        };
        let code = vec![("TITLE".to_owned(), true)];
        assert_eq!(found("eval \"echo $TITLE\""), code);
        assert_eq!(found("sh -c \"echo ${TITLE}\""), code);
        assert_eq!(found("docker run x bash -c \"echo $TITLE\""), code);
        assert_eq!(found("ssh host \"deploy $TITLE\""), code);
        assert_eq!(found("echo $TITLE"), [("TITLE".to_owned(), false)]);
        assert_eq!(found("echo \"$TITLE\"; sh -c 'echo \"$TITLE\"'; echo '$TITLE' \\$TITLE"), []);
    }
}
