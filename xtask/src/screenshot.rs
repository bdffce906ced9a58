//! `cargo xtask screenshot`: a real scan of a small sample, rendered into the picture of the README.

mod ansi;
mod sample;
mod svg;

use std::{fs, path::Path, process::Command};

use anyhow::{Context as _, Result, bail};

use crate::{arguments::Arguments, cargo::build_bartizan, project::Project, step::say};

const PICTURE: &str = "docs/images/scan.svg";
const COLUMNS: usize = 86;

/// Makes the sample, scans it, and renders what the scan printed.
pub(crate) fn run(project: &Project, arguments: Arguments) -> Result<bool> {
    arguments.finish()?;
    let program = build_bartizan(project, false)?;
    let folder = Folder::new(&project.cache.join("screenshot"))?;
    sample::write(&folder.0.join("shop"))?;
    let printed = scan(&program, &folder.0)?;
    let picture = svg::render("bartizan scan", &ansi::parse(&printed), COLUMNS);
    project.write(PICTURE, &picture)?;
    say(&format!("wrote {PICTURE}"));
    Ok(true)
}

/// What a scan prints on a terminal of this width, whatever the machine's own settings are.
fn scan(program: &Path, folder: &Path) -> Result<String> {
    let mut command = Command::new(program);
    command.current_dir(folder.join("shop")).env_clear();
    command.env("HOME", folder).env("COLUMNS", COLUMNS.to_string()).env("TERM", "xterm-256color");
    // Ids of secrets are the same whenever the picture is made.
    command.env("BARTIZAN_IDENTITY_KEY", "the picture of the README");
    let output = command.args(["scan", "--color", "always", "--no-cache"]).output().context("can't start bartizan")?;
    if !output.status.success() {
        bail!("the scan of the sample failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).context("the table is not UTF-8")
}

/// A folder that is removed when it is no longer needed.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(path: &Path) -> Result<Self> {
        let folder = path.with_extension(std::process::id().to_string());
        fs::create_dir_all(&folder).with_context(|| format!("can't create {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
