//! Publishing with a token that lives for ever, where a short-lived one could be had; packages that no lock file names.

use bartizan_core::{Confidence, Severity};

use super::{
    Audited,
    control::{Control, Does, Input, InputKind},
};
use crate::workflow::{
    command::{self, Command},
    definition::{Definition, Job, Site, place},
    fence,
    remark::Remark,
};

const TOKEN: &str = "long-lived-publishing-token";
const LOCKFILE: &str = "package-installed-without-lockfile";

const fn one_of(name: &'static str, values: &'static [&'static str]) -> Control {
    Control::On(Input { name, kind: InputKind::OneOf(values), by_default: true })
}

const fn given(name: &'static str) -> Control {
    Control::On(Input { name, kind: InputKind::Text, by_default: false })
}

const PYPI: &[&str] = &["https://upload.pypi.org/legacy/", "https://test.pypi.org/legacy/"];
const NPM: &[&str] = &["https://registry.npmjs.org", "https://registry.npmjs.org/"];
const RUBYGEMS: &[&str] = &["https://rubygems.org"];

/// Actions that publish with a token.
static WITH_TOKEN: &[(&str, Control)] = &[
    ("pypa/gh-action-pypi-publish", Control::All(&[given("password"), one_of("repository-url", PYPI), one_of("repository_url", PYPI)])),
    (
        "rubygems/release-gem",
        Control::Not(&Control::On(Input { name: "setup-trusted-publisher", kind: InputKind::Switch, by_default: true })),
    ),
    ("rubygems/configure-rubygems-credentials", Control::All(&[given("api-token"), one_of("gem-server", RUBYGEMS)])),
    (
        "actions/setup-node",
        Control::All(&[
            one_of("registry-url", NPM),
            Control::On(Input { name: "always-auth", kind: InputKind::Switch, by_default: false }),
        ]),
    ),
];

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for site in audited.definition.sites() {
        look_at_action(site, remarks);
        look_at_script(site, remarks);
    }
}

fn look_at_action(site: Site<'_, '_>, remarks: &mut Vec<Remark>) {
    let Some(call) = &site.step.call else { return };
    let Some((_, control)) = WITH_TOKEN.iter().find(|(slug, _)| call.uses.is(slug)) else { return };
    let answer = control.ask(site);
    if answer.does == Does::No {
        return;
    }
    let message = "this publishes with a token that lives for ever, where the registry would give out a short-lived one";
    let mut remark = Remark::new(TOKEN, place(call.member), message).in_step(site);
    for at in answer.because {
        remark = remark.related(at, "by this");
    }
    remarks.push(remark);
}

fn look_at_script(site: Site<'_, '_>, remarks: &mut Vec<Remark>) {
    let Some((run, script)) = site.script() else { return };
    let shell = site.shell().map_or("bash", |shell| shell.name);
    // Most scripts do neither.
    if !["publish", "upload", "push", "install", "add", "npm", "gem"].iter().any(|word| script.contains(word)) {
        return;
    }
    let has_identity = site.job.is_some_and(|job| may_have_identity(site.definition, job));
    for command in command::commands(shell, script) {
        let at = || fence::place_in(&run.node, site.definition.text, command.range.clone());
        if site.job.is_some() && !has_identity && publishes(&command) {
            let message = format!("`{}` publishes with a token that lives for ever: the job has no `id-token: write`", command.name);
            remarks.push(Remark::new(TOKEN, at(), message).in_step(site).known_by(command.name));
        }
        if installs_unlocked(&command) {
            let message = "no lock file says which versions this installs";
            let known = command.arguments.join(" ");
            remarks.push(
                Remark::new(LOCKFILE, at(), message).in_step(site).known_by(&known).severity(Severity::Low).confidence(Confidence::High),
            );
        }
    }
}

/// Whether a job may ask for an identity.
fn may_have_identity(definition: &Definition<'_>, job: &Job<'_>) -> bool {
    let permissions = job.member.node.get("permissions").or(definition.root.get("permissions"));
    permissions.is_some_and(|permissions| permissions.text() == Some("write-all") || permissions.text_of("id-token") == Some("write"))
}

/// Words that must follow each other among the arguments, and words that must not.
struct Form {
    program: &'static str,
    words: &'static [&'static str],
    without: &'static [&'static str],
}

const DRY: &[&str] = &["--dry-run"];
const DRY_OR_N: &[&str] = &["--dry-run", "-n"];

/// Ways to publish. A word that ends in `*` is the start of one: a version may follow.
static PUBLISHING: &[Form] = &[
    Form { program: "cargo", words: &["publish"], without: DRY_OR_N },
    Form { program: "uv", words: &["publish"], without: DRY },
    Form { program: "uv", words: &["run", "twine", "upload"], without: &[] },
    Form { program: "uvx", words: &["twine*", "upload"], without: &[] },
    Form { program: "hatch", words: &["publish"], without: &[] },
    Form { program: "pdm", words: &["publish"], without: &[] },
    Form { program: "poetry", words: &["publish"], without: DRY },
    Form { program: "twine", words: &["upload"], without: &[] },
    Form { program: "pipx", words: &["run", "twine*", "upload"], without: &[] },
    Form { program: "python*", words: &["-m", "twine", "upload"], without: &[] },
    Form { program: "gem", words: &["push"], without: &[] },
    Form { program: "bundle", words: &["exec", "gem", "push"], without: &[] },
    Form { program: "npm", words: &["publish"], without: DRY },
    Form { program: "yarn", words: &["publish"], without: DRY_OR_N },
    Form { program: "pnpm", words: &["publish"], without: DRY },
    Form { program: "bun", words: &["publish"], without: DRY },
    Form { program: "bunx", words: &["npm", "publish"], without: DRY },
    Form { program: "bunx", words: &["npm@*", "publish"], without: DRY },
    Form { program: "nuget", words: &["push"], without: &[] },
    Form { program: "nuget.exe", words: &["push"], without: &[] },
    Form { program: "dotnet", words: &["nuget", "push"], without: &[] },
];

fn is_word(pattern: &str, word: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == word, |start| word.starts_with(start))
}

fn publishes(command: &Command<'_>) -> bool {
    PUBLISHING.iter().any(|form| {
        let mut arguments = command.arguments.iter();
        is_word(form.program, command.name)
            && form.words.iter().all(|word| arguments.any(|argument| is_word(word, argument)))
            && !command.arguments.iter().any(|argument| form.without.contains(argument))
    })
}

/// Programs, their words that install, and whether the word must come first.
static INSTALLING: &[(&str, &[&str], bool)] = &[
    ("gem", &["install", "i"], false),
    ("bundle", &["add"], false),
    ("npm", &["install", "i", "in", "ins", "inst", "insta", "instal", "isnt", "isnta", "isntal", "isntall", "add"], true),
    ("yarn", &["add"], false),
    ("pnpm", &["add"], false),
];

/// Whether a command installs packages by name.
fn installs_unlocked(command: &Command<'_>) -> bool {
    let Some((_, words, is_first)) = INSTALLING.iter().find(|(program, ..)| *program == command.name) else { return false };
    let mut arguments = command.arguments.iter();
    let installs = if *is_first {
        arguments.find(|argument| !argument.starts_with('-')).is_some_and(|word| words.contains(word))
    } else {
        arguments.any(|argument| words.contains(argument))
    };
    installs && arguments.any(|argument| !argument.starts_with('-'))
}
