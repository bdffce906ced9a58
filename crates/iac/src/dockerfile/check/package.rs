//! How packages are installed.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    Change, Sink,
    manager::{Manager, Pin, Use, UseKind, use_of},
    start_of,
};
use crate::{
    dockerfile::{file::Dockerfile, instruction::Instruction},
    shell::{Command, Word},
};

pub(super) fn check(file: &Dockerfile<'_>, image: &[usize], sink: &mut Sink<'_, '_>) {
    let settings = Settings::of(file);
    let layers = Layers::of(file);
    for (number, run) in file.instructions.iter().enumerate().filter(|(_, instruction)| instruction.keyword == "RUN") {
        let in_image = run.stage.is_some_and(|stage| image.contains(&stage));
        let uses: Vec<(&Command, Use<'_>)> = run.script.commands.iter().filter_map(|command| Some((command, use_of(command)?))).collect();
        // Which managers clean up in this layer is asked once.
        let mut cleaned: HashMap<&'static str, bool> = HashMap::new();
        for (command, found) in &uses {
            match found.kind {
                UseKind::Install => install(run, command, found, &settings, sink),
                UseKind::Leap => {
                    let message = format!("`{} {}` moves to whatever is newest at the build", command.program, found.verb.text);
                    sink.report("distribution-upgraded-in-build", run, start_of(command), message);
                }
                UseKind::Upgrade if found.packages.is_empty() => {
                    let message = format!("`{} {}` takes whatever is newest at the build", command.program, found.verb.text);
                    sink.report("packages-upgraded-in-build", run, start_of(command), message);
                }
                UseKind::Refresh | UseKind::Upgrade | UseKind::Other => {}
            }
            if in_image && found.kind == UseKind::Install {
                let is_cleaned = *cleaned.entry(found.manager.name).or_insert_with(|| is_cleaned(run, found.manager, &uses));
                if !is_cleaned {
                    cache(run, command, found, &settings, sink);
                }
            }
        }
        if let Some(command) = run.script.commands.iter().find(|command| command.program == "apt" && !command.arguments.is_empty()) {
            sink.report("apt-in-build", run, start_of(command), "");
        }
        refreshed_alone(run, number, &uses, &layers, sink);
        if in_image {
            lists(run, &uses, sink);
        }
    }
}

/// What holds for all of a file.
struct Settings {
    /// Variables that instructions set.
    variables: HashSet<String>,
    /// Whether packages that are only recommended stay out.
    no_recommends: bool,
}

impl Settings {
    fn of(file: &Dockerfile<'_>) -> Self {
        let env = file.instructions.iter().filter(|instruction| matches!(instruction.keyword, "ENV" | "ARG"));
        let variables = env.flat_map(|instruction| &instruction.words).filter_map(|word| word.text.split_once('='));
        Self {
            variables: variables.map(|(name, _)| name.to_owned()).collect(),
            no_recommends: file.instructions.iter().any(|instruction| {
                instruction.value.contains("APT::Install-Recommends")
                    || instruction.documents.iter().any(|it| it.text.contains("APT::Install-Recommends"))
            }),
        }
    }
}

fn install(run: &Instruction<'_>, command: &Command, found: &Use<'_>, settings: &Settings, sink: &mut Sink<'_, '_>) {
    let manager = found.manager;
    // Nothing is named: what is installed is in a file beside.
    let names_something = !found.packages.is_empty() || found.has_list;
    let is_written = !run.is_exec;
    if let Some(rule) = manager.rules.asks.filter(|_| names_something && manager.may_ask(command)) {
        let change = is_written.then(|| Change::insert_behind(found.verb.range, " -y", "answer with yes"));
        let message = format!("`{} {}` may ask, and nobody answers", command.program, found.verb.text);
        sink.report_with_fix(rule, run, start_of(command), message, change);
    }
    if manager.name == "apt-get"
        && names_something
        && !settings.no_recommends
        && !command.has(&["--no-install-recommends", "--without-recommends", "-R"])
    {
        let change = is_written
            .then(|| Change::insert_behind(found.verb.range, " --no-install-recommends", "install what is needed only").if_agreed());
        sink.report_with_fix("apt-recommends-installed", run, start_of(command), "", change);
    }
    let open: Vec<&str> = found.packages.iter().filter(|word| !is_pinned(manager, word)).map(|word| word.text.as_str()).collect();
    let is_pinned_by_option = manager.name == "gem"
        && found.packages.len() == 1
        && command.texts().any(|text| matches!(text, "-v" | "--version") || text.starts_with("--version=") || text.starts_with("-v="));
    if let (Some(first), Some(rule)) = (open.first().filter(|_| !is_pinned_by_option), manager.rules.unpinned) {
        let others = if open.len() == 1 { String::new() } else { format!(" and {} more", open.len() - 1) };
        sink.report(rule, run, start_of(command), format!("no version is named of `{first}`{others}"));
    }
}

fn is_pinned(manager: &Manager, word: &Word) -> bool {
    let text = word.text.as_str();
    // What is not known, what is here already, and groups.
    let is_elsewhere = text.starts_with(['.', '/', '@', '$', '~', '*']) && manager.name != "npm" && manager.name != "yarn"
        || text.contains("://")
        || text.contains("git@")
        || text.contains("git+")
        || [".rpm", ".deb", ".apk", ".whl", ".tgz", ".tar.gz", ".gem", ".zip"].iter().any(|ending| text.ends_with(ending));
    let is_version = match manager.pin {
        Pin::Mark(marks) => marks.iter().any(|mark| text.contains(mark)),
        Pin::Hyphen => has_hyphen_version(text),
        Pin::At => match text.rsplit_once('@') {
            Some(("", _)) | None => manager.name == "go" && !text.contains('.'),
            Some((_, version)) => !(manager.name == "go" && matches!(version, "latest" | "master" | "main" | "HEAD")),
        },
    };
    let is_local = text.starts_with(['.', '/', '~', '$']) || text.contains(':') && manager.name == "npm";
    let is_unknown = word.has_expansion && !text.contains(|c: char| c.is_ascii_lowercase());
    is_elsewhere || is_version || is_local || is_unknown || text.is_empty()
}

/// `httpd-2.24`, `httpd-$VERSION`.
fn has_hyphen_version(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).any(|two| matches!(two, [b'-', next] if next.is_ascii_digit() || *next == b'$')) || text.contains('=')
}

/// Whether a layer removes what a manager leaves behind, or keeps it elsewhere.
fn is_cleaned(run: &Instruction<'_>, manager: &Manager, uses: &[(&Command, Use<'_>)]) -> bool {
    let is_same = |other: &&(&Command, Use<'_>)| other.1.manager.name == manager.name || is_rpm(manager) && is_rpm(other.1.manager);
    let cleans = uses.iter().filter(is_same).any(|(_, other)| manager.cache.clean.contains(&other.verb.text.as_str()));
    cleans || is_removed(run, manager.cache.folders) || is_mounted(run)
}

fn cache(run: &Instruction<'_>, command: &Command, found: &Use<'_>, settings: &Settings, sink: &mut Sink<'_, '_>) {
    let manager = found.manager;
    let Some(rule) = manager.rules.cache else { return };
    let cache = &manager.cache;
    let is_named = cache.variables.iter().any(|name| settings.variables.contains(*name))
        || command.assignments.iter().any(|assignment| cache.variables.contains(&assignment.name.as_str()));
    if command.has(cache.options) || is_named {
        return;
    }
    let change = cache
        .options
        .first()
        .filter(|_| !run.is_exec)
        .map(|option| Change::insert_behind(found.verb.range, format!(" {option}"), "keep no cache"));
    sink.report_with_fix(rule, run, start_of(command), format!("what `{}` downloaded stays in the image", command.program), change);
}

fn is_rpm(manager: &Manager) -> bool {
    matches!(manager.name, "yum" | "dnf")
}

/// Whether files below one of these folders are removed.
fn is_removed(run: &Instruction<'_>, folders: &[&str]) -> bool {
    let is_removal = |command: &&Command| matches!(command.program.as_str(), "rm" | "find");
    let mut targets = run.script.commands.iter().filter(is_removal).flat_map(Command::texts);
    targets.any(|text| folders.iter().any(|folder| text.contains(folder)))
}

/// Whether something that outlives the layer is mounted for a cache.
fn is_mounted(run: &Instruction<'_>) -> bool {
    run.flags.iter().any(|flag| flag.name == "mount" && (flag.value.contains("type=cache") || flag.value.contains("type=tmpfs")))
}

/// Lists of packages that are fetched stay in the layer unless they are removed in it.
fn lists(run: &Instruction<'_>, uses: &[(&Command, Use<'_>)], sink: &mut Sink<'_, '_>) {
    let is_apt = |found: &Use<'_>| found.manager.name == "apt-get";
    let Some((command, _)) = uses.iter().find(|(_, found)| is_apt(found) && found.kind == UseKind::Refresh) else { return };
    let installs = uses.iter().any(|(_, found)| is_apt(found) && found.kind == UseKind::Install);
    let is_cleaned = uses.iter().any(|(_, found)| is_apt(found) && matches!(found.verb.text.as_str(), "distclean" | "dist-clean"));
    // `cd /var/lib && rm -rf apt`
    let is_removed_here = run.script.commands.iter().any(|command| command.program == "rm" && command.has(&["apt", "apt/lists", "lists"]));
    if installs && !is_cleaned && !is_removed_here && !is_removed(run, &["/var/lib/apt", "/var/lib/*"]) && !is_mounted(run) {
        sink.report("apt-lists-kept", run, start_of(command), "");
    }
}

/// What the layers of stages do with packages, by stage and manager.
#[derive(Default)]
struct Layers {
    /// The last instruction that installs.
    last_install: HashMap<(Option<usize>, &'static str), usize>,
    /// The managers that install something or fetch an index.
    used: HashMap<Option<usize>, BTreeSet<&'static str>>,
}

impl Layers {
    fn of(file: &Dockerfile<'_>) -> Self {
        let mut layers = Self::default();
        for (number, run) in file.instructions.iter().enumerate().filter(|(_, instruction)| instruction.keyword == "RUN") {
            for found in run.script.commands.iter().filter_map(use_of) {
                if found.kind == UseKind::Install {
                    layers.last_install.insert((run.stage, found.manager.name), number);
                }
                if matches!(found.kind, UseKind::Install | UseKind::Refresh) {
                    layers.used.entry(run.stage).or_default().insert(found.manager.name);
                }
            }
        }
        layers
    }
}

/// An index that is fetched in a layer of its own grows old there, and later installs use it.
fn refreshed_alone(run: &Instruction<'_>, number: usize, uses: &[(&Command, Use<'_>)], layers: &Layers, sink: &mut Sink<'_, '_>) {
    let mut asked: HashSet<&'static str> = HashSet::new();
    for (command, found) in uses {
        let takes_all = found.kind == UseKind::Upgrade && found.packages.is_empty() && is_index_too(found);
        let name = found.manager.name;
        if found.kind != UseKind::Refresh && !takes_all || !asked.insert(name) {
            continue;
        }
        let uses_it = uses.iter().any(|(_, other)| {
            let is_use = other.kind == UseKind::Install || !takes_all && matches!(other.kind, UseKind::Upgrade | UseKind::Leap);
            other.manager.name == name && is_use
        });
        // A script that installs by its own means may use it; what comes later does not get what is fetched now.
        let may_use_it = run.script.commands.iter().any(|other| other.program == "install" || other.texts().any(|text| text == "install"));
        if uses_it || may_use_it || is_mounted(run) {
            continue;
        }
        let is_used_later = layers.last_install.get(&(run.stage, name)).is_some_and(|last| number < *last);
        // Where another manager does the work, this one only makes the image larger.
        let is_odd_one = layers.used.get(&run.stage).is_some_and(|used| used.iter().any(|other| *other != name));
        if is_used_later || !takes_all && !is_odd_one {
            let message = format!("what `{} {}` fetched is old when a later layer uses it", command.program, found.verb.text);
            sink.report("package-index-fetched-alone", run, start_of(command), message);
        }
    }
}

/// Managers whose upgrade fetches the index, too.
fn is_index_too(found: &Use<'_>) -> bool {
    matches!(found.manager.name, "yum" | "dnf" | "pacman")
}
