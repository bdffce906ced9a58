//! `ADD` and `COPY`.

use super::{Change, Sink};
use crate::{
    dockerfile::{file::Dockerfile, instruction::Instruction, variable::Expanded},
    shell::Word,
};

/// Endings of archives that `ADD` unpacks.
const ARCHIVES: &[&str] =
    &[".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst", ".tar.lzma", ".tlz", ".gz", ".bz2", ".xz"];

/// Names of files that hold private keys or passwords.
const KEY_FILES: &[&str] =
    &["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".netrc", ".git-credentials", ".pgpass", ".pypirc", ".htpasswd", ".env"];
const KEY_ENDINGS: &[&str] = &[".pem", ".p12", ".pfx", ".jks", ".keystore", ".ppk", ".kdbx"];

pub(super) fn check(file: &Dockerfile<'_>, sink: &mut Sink<'_, '_>) {
    for instruction in file.instructions.iter().filter(|instruction| matches!(instruction.keyword, "ADD" | "COPY")) {
        if instruction.keyword == "ADD" {
            add(instruction, sink);
        }
        target(instruction, sink);
        mode(instruction, sink);
        if instruction.flag("from").is_none() {
            keys(instruction, sink);
        }
    }
}

fn sources<'i>(instruction: &'i Instruction<'_>) -> impl Iterator<Item = (&'i Word, &'i Expanded)> {
    let n_sources = instruction.words.len().saturating_sub(1);
    let is_document = |word: &Word| word.text.starts_with("<<");
    instruction.words.iter().zip(&instruction.values).take(n_sources).filter(move |(word, _)| !is_document(word))
}

fn add(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    let is_checked = instruction.flag("checksum").is_some_and(|flag| !flag.value.is_empty());
    let (mut n_local, mut n_sources, mut are_known) = (0, 0, true);
    for (word, value) in sources(instruction) {
        let text = value.prefix();
        n_sources += 1;
        are_known &= value.known().is_some();
        if text.starts_with("http://") {
            sink.report(
                "add-over-plain-http",
                instruction,
                word.range,
                "what is added comes over a connection that anyone on the way may change",
            );
        }
        if is_remote(text) {
            if !is_checked && !is_pinned_git(text) {
                sink.report("add-remote-without-checksum", instruction, word.range, "nobody checks that what is added is what was meant");
            }
        } else if !is_archive(text) {
            n_local += 1;
        }
    }
    if 0 < n_local && n_local == n_sources {
        let range = instruction.keyword_range;
        let change = Change::replace(range, "COPY", "copy it");
        let change = if are_known { change } else { change.if_agreed() };
        let is_plain = instruction.flags.iter().all(|flag| matches!(flag.name.as_str(), "chown" | "chmod" | "link" | "exclude"));
        sink.report_with_fix("add-instead-of-copy", instruction, range, "", is_plain.then_some(change));
    }
}

fn is_remote(text: &str) -> bool {
    ["http://", "https://", "ftp://", "git://", "ssh://", "git@"].iter().any(|start| text.starts_with(start))
}

/// A repository at a commit: `https://host/repository.git#<40 digits>`.
fn is_pinned_git(text: &str) -> bool {
    text.rsplit_once('#').is_some_and(|(_, reference)| {
        let commit = reference.split(':').next().unwrap_or_default();
        commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_archive(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ARCHIVES.iter().any(|ending| lower.ends_with(ending)) || lower.contains(".tar.")
}

/// Several files need a folder, and what is one says so by its end.
fn target(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    let (Some(word), Some(value)) = (instruction.words.last(), instruction.values.last()) else { return };
    let is_folder = match value.known() {
        Some(text) => text.ends_with(['/', '\\']) || matches!(text, "." | ".."),
        // The value of a variable may end in anything.
        None => word.text.ends_with(['/', '}']) || word.has_expansion,
    };
    if 3 <= instruction.words.len() && !is_folder && sources(instruction).count() + 1 == instruction.words.len() {
        let change = (!instruction.is_exec && !word.is_quoted).then(|| Change::insert_behind(word.range, "/", "say that it is a folder"));
        sink.report_with_fix(
            "copy-target-not-folder",
            instruction,
            word.range,
            "several files are copied, and the target does not end in `/`",
            change,
        );
    }
}

fn mode(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    if let Some(flag) = instruction.flag("chmod")
        && crate::file_mode::is_world_writable(&flag.value)
    {
        sink.report(
            "world-writable-files",
            instruction,
            flag.range,
            format!("anyone in the container may change it: mode `{}`", flag.value),
        );
    }
}

fn keys(instruction: &Instruction<'_>, sink: &mut Sink<'_, '_>) {
    for (word, value) in sources(instruction) {
        let Some(text) = value.known() else { continue };
        let name = text.rsplit('/').next().unwrap_or(text);
        let is_certificate =
            ["cert", "ca.", "ca-", "-ca", "_ca", "chain", "bundle", "public", "pub", "root"].iter().any(|word| name.contains(word));
        let is_key = KEY_FILES.contains(&name) || KEY_ENDINGS.iter().any(|ending| name.ends_with(ending)) && !is_certificate;
        if is_key {
            let message = format!("`{name}` becomes part of the image, and of each copy of it");
            sink.report("key-file-in-image", instruction, word.range, message);
        }
    }
}
