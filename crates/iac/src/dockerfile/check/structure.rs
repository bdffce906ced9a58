//! Instructions that don't go together, or do nothing.

use bartizan_core::ByteRange;

use super::{Change, Sink};
use crate::dockerfile::{
    file::{Base, Dockerfile},
    instruction::Instruction,
    variable::Expanded,
};

/// Instructions of which only the last one of a stage counts, and the rule that says so.
const ONCE: &[(&str, &str)] =
    &[("CMD", "several-commands"), ("ENTRYPOINT", "several-entrypoints"), ("HEALTHCHECK", "several-health-checks")];

/// Folders of the system that are no place to work in.
const SYSTEM_FOLDERS: &[&str] =
    &["/proc", "/sys", "/dev", "/boot", "/etc", "/bin", "/sbin", "/lib", "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib"];

pub(super) fn check(file: &Dockerfile<'_>, image: &[usize], sink: &mut Sink<'_, '_>) {
    let mut has_folder: Vec<bool> = Vec::with_capacity(file.stages.len());
    for stage in 0..file.stages.len() {
        for (keyword, rule) in ONCE {
            let mut of_kind: Vec<&Instruction<'_>> = file.of_stage(stage).map(|(_, it)| it).filter(|it| it.keyword == *keyword).collect();
            of_kind.pop();
            for instruction in of_kind {
                sink.report(rule, instruction, instruction.keyword_range, format!("only the last `{keyword}` of a stage counts"));
            }
        }
        let is_set = working_folders(file, stage, &has_folder, sink);
        has_folder.push(is_set);
    }
    health(file, image, sink);
    named_user(file, image, sink);
    let first_from = file.stages.first().map(|stage| stage.from);
    for (number, instruction) in file.instructions.iter().enumerate() {
        if first_from.is_none_or(|from| number < from) && !matches!(instruction.keyword, "ARG" | "FROM") {
            sink.report("instruction-before-from", instruction, instruction.keyword_range, "");
        }
        one(instruction, sink);
    }
    consecutive_runs(file, sink);
}

fn one(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    match instruction.keyword {
        "MAINTAINER" => maintainer(instruction, sink),
        "EXPOSE" => ports(instruction, sink),
        "CMD" | "ENTRYPOINT" if !instruction.is_exec && !instruction.words.is_empty() => {
            let message = format!("`{}` is run by a shell, which does not pass signals on", instruction.keyword);
            sink.report("command-in-shell-form", instruction, instruction.keyword_range, message);
        }
        "ENV" => refers_to_itself(instruction, sink),
        _ => {}
    }
    if instruction.is_on_build && matches!(instruction.keyword, "ONBUILD" | "FROM" | "MAINTAINER") {
        sink.report("onbuild-not-allowed", instruction, instruction.keyword_range, format!("`ONBUILD {}` is refused", instruction.keyword));
    }
}

fn maintainer(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    let name = instruction.value.trim().trim_matches(['"', '\'']);
    let is_plain = !name.is_empty() && !name.contains(['"', '\\', '$']) && !instruction.is_on_build;
    let change = is_plain
        .then(|| Change::replace(instruction.range, format!("LABEL org.opencontainers.image.authors=\"{name}\""), "say it with a label"));
    sink.report_with_fix("maintainer-deprecated", instruction, instruction.range, "", change);
}

fn ports(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    for (word, value) in instruction.words.iter().zip(&instruction.values) {
        let Some(text) = value.known() else { continue };
        let numbers = text.split_once('/').map_or(text, |(numbers, _)| numbers);
        let (from, to) = numbers.split_once('-').unwrap_or((numbers, numbers));
        let (Ok(from), Ok(to)) = (from.parse::<u64>(), to.parse::<u64>()) else { continue };
        if u64::from(u16::MAX) < from.max(to) {
            sink.report("exposed-port-invalid", instruction, word.range, format!("there is no port {}", from.max(to)));
        }
        if from <= 22 && 22 <= to {
            sink.report("ssh-port-exposed", instruction, word.range, "");
        }
    }
}

/// Looks at the folders of a stage; says whether one is set at its end.
fn working_folders(file: &Dockerfile<'_>, stage: usize, has_folder: &[bool], sink: &mut Sink<'_, '_>) -> bool {
    let mut is_set = match file.stages.get(stage).map(|stage| &stage.base) {
        Some(Base::Stage(base)) => has_folder.get(*base).copied().unwrap_or(true),
        Some(Base::Image(_) | Base::Missing) | None => false,
    };
    for (_, instruction) in file.of_stage(stage) {
        match instruction.keyword {
            "WORKDIR" => {
                is_set = true;
                folder(instruction, sink);
            }
            "COPY" | "ADD" if !is_set => relative_target(instruction, sink),
            _ => {}
        }
    }
    is_set
}

fn folder(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    let Some(value) = instruction.values.first() else { return };
    let prefix = value.prefix();
    let range = instruction.words.first().map_or(instruction.range, |word| word.range);
    // What begins with a variable may be absolute.
    if !prefix.is_empty() && !is_absolute(prefix) {
        sink.report("workdir-relative", instruction, range, format!("`{prefix}` depends on the folder that was set before"));
    }
    let path = prefix.trim_end_matches('/');
    let is_within = |system: &&&str| path == **system || path.starts_with(&format!("{system}/"));
    let is_own = path.starts_with("/usr/lib/") || path.starts_with("/lib/") || path.starts_with("/etc/");
    if let Some(system) = SYSTEM_FOLDERS.iter().find(is_within).filter(|system| path == **system || !is_own) {
        sink.report("workdir-system-folder", instruction, range, format!("`{system}` belongs to the system"));
    }
}

fn is_absolute(path: &str) -> bool {
    let mut characters = path.chars();
    path.starts_with(['/', '\\', '%']) || characters.next().is_some_and(|c| c.is_ascii_alphabetic()) && characters.next() == Some(':')
}

fn relative_target(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    let (Some(value), Some(word)) = (instruction.values.last(), instruction.words.last()) else { return };
    let prefix = value.prefix();
    if 2 <= instruction.values.len() && !prefix.is_empty() && !is_absolute(prefix) {
        sink.report(
            "copy-target-without-workdir",
            instruction,
            word.range,
            format!("`{prefix}` is looked for in whatever folder the base image left"),
        );
    }
}

fn health(file: &Dockerfile<'_>, image: &[usize], sink: &mut Sink<'_, '_>) {
    let Some(last) = image.first().and_then(|stage| file.stages.get(*stage)).and_then(|stage| file.instructions.get(stage.from)) else {
        return;
    };
    let has_check = image.iter().flat_map(|stage| file.of_stage(*stage)).any(|(_, it)| it.keyword == "HEALTHCHECK");
    if !has_check {
        sink.report("health-check-missing", last, last.range, "");
    }
}

/// Kubernetes can't see that a user is not root by its name.
fn named_user(file: &Dockerfile<'_>, image: &[usize], sink: &mut Sink<'_, '_>) {
    let mut users = image.iter().flat_map(|stage| file.of_stage(*stage).rev()).filter(|(_, instruction)| instruction.keyword == "USER");
    let Some((_, user)) = users.next() else { return };
    let (Some(word), Some(name)) = (user.words.first(), user.values.first().and_then(Expanded::known)) else { return };
    let name = name.split(':').next().unwrap_or_default();
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number && name != "root" && !name.starts_with("Container") {
        sink.report("container-user-by-name", user, word.range, format!("`{name}` is a name, and only the image knows its number"));
    }
}

fn refers_to_itself(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    const MAX_NAMES: usize = 100;
    let names: Vec<&str> =
        instruction.words.iter().take(MAX_NAMES).filter_map(|word| word.text.split_once('=')).map(|(name, _)| name).collect();
    if names.len() < 2 {
        return;
    }
    for word in instruction.words.iter().take(MAX_NAMES) {
        let Some((own, value)) = word.text.split_once('=') else { continue };
        let refers = |name: &&&str| **name != own && (value.contains(&format!("${{{name}}}")) || value.ends_with(&format!("${name}")));
        if let Some(name) = names.iter().find(refers) {
            let message = format!("`{name}` still has its old value here: it is set by the same instruction");
            sink.report("env-refers-to-itself", instruction, word.range, message);
        }
    }
}

/// Three in a row and more are one layer's worth.
fn consecutive_runs(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    const MIN_RUNS: usize = 3;
    let mut row: Vec<&Instruction<'_>> = Vec::new();
    let mut ends: Vec<(usize, &Instruction<'_>)> = Vec::new();
    for instruction in &file.instructions {
        let is_plain_run = instruction.keyword == "RUN" && instruction.flags.is_empty() && instruction.documents.is_empty();
        let is_same_stage = row.last().is_none_or(|last| last.stage == instruction.stage);
        if !is_plain_run || !is_same_stage {
            ends.extend(row.get(1).map(|second| (row.len(), *second)));
            row.clear();
        }
        if is_plain_run {
            row.push(instruction);
        }
    }
    ends.extend(row.get(1).map(|second| (row.len(), *second)));
    for (n_runs, second) in ends.into_iter().filter(|(n_runs, _)| MIN_RUNS <= *n_runs) {
        let range = ByteRange::new(second.keyword_range.start(), second.keyword_range.end());
        sink.report("consecutive-runs", second, range, format!("{n_runs} `RUN` in a row are as many layers"));
    }
}
