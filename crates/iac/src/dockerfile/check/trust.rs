//! Checks of certificates and signatures that are switched off.

use super::{Change, Sink, build_commands};
use crate::{
    dockerfile::{file::Dockerfile, instruction::Instruction},
    shell::{Command, Word},
};

/// A variable that switches a check off.
struct Variable {
    rule: &'static str,
    name: &'static str,
    /// Values that do; any, if there are none.
    values: &'static [&'static str],
}

const fn variable(rule: &'static str, name: &'static str, values: &'static [&'static str]) -> Variable {
    Variable { rule, name, values }
}

static VARIABLES: &[Variable] = &[
    variable("node-tls-check-off", "NODE_TLS_REJECT_UNAUTHORIZED", &["0"]),
    variable("python-tls-check-off", "PYTHONHTTPSVERIFY", &["0"]),
    variable("git-tls-check-off", "GIT_SSL_NO_VERIFY", &[]),
    variable("npm-tls-check-off", "NPM_CONFIG_STRICT_SSL", &["false"]),
    variable("npm-tls-check-off", "YARN_STRICT_SSL", &["false"]),
    variable("npm-tls-check-off", "YARN_ENABLE_STRICT_SSL", &["false"]),
    variable("pip-tls-check-off", "PIP_TRUSTED_HOST", &[]),
    variable("go-module-check-off", "GONOSUMCHECK", &["1"]),
    variable("go-module-check-off", "GOSUMDB", &["off"]),
    variable("go-module-check-off", "GOINSECURE", &[]),
    variable("go-module-check-off", "GONOSUMDB", &["*"]),
    variable("tool-tls-check-off", "CARGO_HTTP_CHECK_REVOKE", &["false"]),
    variable("tool-tls-check-off", "HOMEBREW_CURL_INSECURE", &["1"]),
    variable("tool-tls-check-off", "CONDA_SSL_VERIFY", &["false", "no", "0"]),
];

/// An option that switches a check off.
struct Switch {
    rule: &'static str,
    programs: &'static [&'static str],
    /// Options, as they are written.
    options: &'static [&'static str],
    /// A letter among short options.
    letter: Option<char>,
    /// Words that the command must have, too.
    with: &'static [&'static str],
    /// Whether the check is on again where it is left out, and nothing else is lost.
    is_removable: bool,
}

const fn switch(rule: &'static str, programs: &'static [&'static str], options: &'static [&'static str]) -> Switch {
    Switch { rule, programs, options, letter: None, with: &[], is_removable: true }
}

static SWITCHES: &[Switch] = &[
    Switch { letter: Some('k'), ..switch("curl-tls-check-off", &["curl"], &["--insecure", "--proxy-insecure"]) },
    switch("wget-tls-check-off", &["wget"], &["--no-check-certificate"]),
    switch("pip-tls-check-off", &["pip", "pip2", "pip3", "python", "python3", "uv"], &["--trusted-host"]),
    switch("apk-signature-check-off", &["apk"], &["--allow-untrusted"]),
    switch(
        "apt-signature-check-off",
        &["apt-get", "apt", "aptitude"],
        &["--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories", "--no-allow-insecure-repositories=false"],
    ),
    switch("yum-signature-check-off", &["yum", "dnf", "microdnf", "tdnf", "dnf5"], &["--nogpgcheck", "--no-gpgchecks", "--no-gpg-checks"]),
    switch("rpm-signature-check-off", &["rpm"], &["--nosignature", "--nodigest", "--nofiledigest"]),
    switch("zypper-signature-check-off", &["zypper"], &["--no-gpg-checks", "--allow-unsigned-rpm", "--gpg-auto-import-keys-off"]),
    switch("git-tls-check-off", &["git"], &["http.sslVerify=false", "http.sslverify=false"]),
    switch(
        "tool-tls-check-off",
        &["helm", "kubectl", "oc", "argocd"],
        &["--insecure-skip-tls-verify", "--insecure-skip-tls-verify=true", "--insecure"],
    ),
    switch("tool-tls-check-off", &["aws"], &["--no-verify-ssl"]),
    switch("tool-tls-check-off", &["gem"], &["--no-ssl-verify"]),
    switch("tool-tls-check-off", &["composer"], &["disable-tls"]),
    switch("tool-tls-check-off", &["terraform"], &["-insecure"]),
    Switch { with: &["--ssl-no-revoke"], ..switch("curl-tls-check-off", &["curl"], &["--ssl-no-revoke"]) },
];

/// A setting that is written with several words: all must be there, in this order.
struct Setting {
    rule: &'static str,
    programs: &'static [&'static str],
    words: &'static [&'static str],
}

static SETTINGS: &[Setting] = &[
    Setting { rule: "npm-tls-check-off", programs: &["npm", "yarn", "pnpm", "cnpm"], words: &["config", "set", "strict-ssl", "false"] },
    Setting { rule: "npm-tls-check-off", programs: &["npm", "yarn", "pnpm", "cnpm"], words: &["config", "set", "strict-ssl=false"] },
    Setting { rule: "npm-tls-check-off", programs: &["npm", "pnpm"], words: &["set", "strict-ssl", "false"] },
    Setting { rule: "npm-tls-check-off", programs: &["npm", "pnpm"], words: &["set", "strict-ssl=false"] },
    Setting { rule: "git-tls-check-off", programs: &["git"], words: &["config", "http.sslVerify", "false"] },
    Setting { rule: "git-tls-check-off", programs: &["git"], words: &["config", "http.sslverify", "false"] },
    Setting { rule: "yum-tls-check-off", programs: &["yum-config-manager", "yum", "dnf"], words: &["sslverify=false"] },
    Setting { rule: "yum-tls-check-off", programs: &["yum-config-manager", "yum", "dnf"], words: &["sslverify=0"] },
    Setting { rule: "tool-tls-check-off", programs: &["conda", "mamba"], words: &["config", "ssl_verify", "false"] },
    Setting { rule: "tool-tls-check-off", programs: &["composer"], words: &["config", "disable-tls", "true"] },
    Setting { rule: "pip-tls-check-off", programs: &["pip", "pip3"], words: &["config", "set", "global.trusted-host"] },
];

/// Texts that switch a check off wherever they stand.
const TEXTS: &[(&str, &str)] = &[
    ("apt-signature-check-off", "[trusted=yes]"),
    ("apt-signature-check-off", "trusted=yes]"),
    ("apt-signature-check-off", "APT::Get::AllowUnauthenticated=true"),
    ("apt-signature-check-off", "APT::Get::AllowUnauthenticated \"true\""),
    ("apt-signature-check-off", "AllowInsecureRepositories=true"),
    ("apt-signature-check-off", "Acquire::https::Verify-Peer=false"),
    ("apt-signature-check-off", "Acquire::https::Verify-Peer \"false\""),
    ("yum-signature-check-off", "gpgcheck=0"),
    ("yum-tls-check-off", "sslverify=false"),
    ("yum-tls-check-off", "sslverify=0"),
    ("ssh-host-key-check-off", "StrictHostKeyChecking=no"),
    ("ssh-host-key-check-off", "StrictHostKeyChecking no"),
    ("ssh-host-key-check-off", "UserKnownHostsFile=/dev/null"),
];

pub(super) fn check(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    for instruction in &file.instructions {
        if matches!(instruction.keyword, "ENV" | "ARG") {
            let pairs = instruction.words.iter().filter_map(|word| Some((word, word.text.split_once('=')?)));
            pairs.for_each(|(word, (name, value))| set(instruction, word, name, value, sink));
        }
    }
    for (instruction, number, command) in build_commands(file) {
        command.assignments.iter().for_each(|it| set(instruction, &it.value, &it.name, &it.value.text, sink));
        if matches!(command.program.as_str(), "export" | "declare") {
            let pairs = command.arguments.iter().filter_map(|word| Some((word, word.text.split_once('=')?)));
            pairs.for_each(|(word, (name, value))| set(instruction, word, name, value, sink));
        }
        switches(instruction, command, sink);
        settings(instruction, command, sink);
        // What is only printed sets nothing.
        let is_printed = matches!(command.program.as_str(), "echo" | "printf") && command.redirects.is_empty();
        let is_read = instruction.script.piped_into(number).next().is_some();
        for word in command.arguments.iter().filter(|_| !is_printed || is_read) {
            if let Some((rule, text)) = TEXTS.iter().find(|(_, text)| word.text.contains(text)) {
                sink.report(rule, instruction, word.range, format!("`{text}` switches a check off"));
            }
        }
    }
    for instruction in &file.instructions {
        for document in &instruction.documents {
            for (rule, text) in TEXTS {
                if let Some(at) = document.text.find(text) {
                    let start = document.start + at;
                    sink.report(
                        rule,
                        instruction,
                        bartizan_core::ByteRange::new(start, start + text.len()),
                        format!("`{text}` switches a check off"),
                    );
                }
            }
        }
    }
}

fn set(instruction: &Instruction<'_>, word: &Word, name: &str, value: &str, sink: &mut Sink<'_, '_>) {
    let is_off = |variable: &&Variable| {
        variable.name.eq_ignore_ascii_case(name)
            && !value.is_empty()
            && (variable.values.is_empty() || variable.values.iter().any(|off| off.eq_ignore_ascii_case(value)))
    };
    if let Some(variable) = VARIABLES.iter().find(is_off) {
        sink.report(variable.rule, instruction, word.range, format!("`{name}` switches a check off"));
    }
}

fn switches(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    let of_program =
        |switch: &&Switch| switch.programs.contains(&command.program.as_str()) && switch.with.iter().all(|with| command.has(&[with]));
    for switch in SWITCHES.iter().filter(of_program) {
        let is_long = |word: &&Word| {
            let name = word.text.split_once('=').map_or(word.text.as_str(), |(name, _)| name);
            switch.options.contains(&word.text.as_str()) || switch.options.contains(&name) && !word.text.ends_with("=false")
        };
        if let Some(word) = command.arguments.iter().find(is_long) {
            let takes_value = word.text == "--trusted-host" || !word.text.starts_with('-');
            let change = (switch.is_removable && !takes_value && !instruction.is_exec)
                .then(|| Change::replace(word.range, "", "check again").if_agreed());
            sink.report_with_fix(switch.rule, instruction, word.range, format!("`{}` switches a check off", word.text), change);
        } else if let Some(word) = switch.letter.and_then(|letter| command.short(letter)) {
            sink.report(switch.rule, instruction, word.range, format!("`{}` switches a check off", word.text));
        }
    }
}

fn settings(instruction: &Instruction<'_>, command: &Command, sink: &mut Sink<'_, '_>) {
    for setting in SETTINGS.iter().filter(|setting| setting.programs.contains(&command.program.as_str())) {
        let mut wanted = setting.words.iter().peekable();
        let mut last = None;
        for word in &command.arguments {
            if wanted.peek().is_some_and(|next| next.eq_ignore_ascii_case(&word.text) || word.text.ends_with(**next)) {
                wanted.next();
                last = Some(word);
            }
        }
        if let Some(word) = last.filter(|_| wanted.peek().is_none()) {
            sink.report(setting.rule, instruction, word.range, format!("`{}` is told to check nothing", command.program));
        }
    }
}
