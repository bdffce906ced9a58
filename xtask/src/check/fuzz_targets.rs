//! The fuzz targets are a workspace of their own; they must not rot between the runs that use them.

use std::fs;

use anyhow::Result;

use crate::{
    cargo::{cargo, succeeds},
    project::Project,
};

/// Type-checks all fuzz targets with the usual toolchain.
pub(super) fn check(project: &Project) -> Result<bool> {
    // libfuzzer-sys compiles libFuzzer, in C++, unless it is told where a built one is. Nothing is linked here, so an empty
    // file will do, and no C++ compiler is needed.
    fs::create_dir_all(&project.target)?;
    let stand_in = project.target.join("libfuzzer-stand-in.a");
    fs::write(&stand_in, "")?;
    let mut command = cargo(project, &["check", "--quiet", "--manifest-path", "fuzz/Cargo.toml"]);
    succeeds(command.env("CUSTOM_LIBFUZZER_PATH", &stand_in))
}
