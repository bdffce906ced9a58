//! The program's own repository is clean: what `.bartizan/config.yaml` leaves alone has its reason there.

use std::process::Command;

use anyhow::Result;

use crate::{
    cargo::{build_bartizan, succeeds},
    project::Project,
};

/// Scans the checkout, as the first command of the README does.
pub(super) fn check(project: &Project) -> Result<bool> {
    let mut command = Command::new(build_bartizan(project, false)?);
    command.current_dir(&project.root).args(["scan", ".", "--no-cache", "--strict", "--fail-on", "low"]);
    // What is known of our dependencies changes without us: the check of advisories asks for it.
    command.args(["--skip", "deps"]);
    succeeds(&mut command)
}
