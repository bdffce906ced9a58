//! `cargo xtask train`: makes the data that the secrets engine's judgement by context rests on.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::{
    arguments::Arguments,
    cargo::{cargo, succeeds},
    project::Project,
};

/// `rarity DIR…` writes the costs of trigrams, `context CORPUS` the weights of features.
pub(crate) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    let what = arguments.next_word().context("expected `rarity DIR…` or `context CORPUS`")?;
    let mut paths = arguments.rest()?;
    let file = match &*what {
        "rarity" => "crates/secrets/data/rarity.bin",
        "context" => "crates/secrets/src/context/weights.rs",
        _ => bail!("unknown training `{what}`; expected `rarity` or `context`"),
    };
    if paths.is_empty() {
        bail!("`{what}` needs a folder to learn from");
    }
    for path in &mut paths {
        let absolute = Path::new(path).canonicalize().with_context(|| format!("can't find {path}"))?;
        *path = absolute.to_string_lossy().into_owned();
    }
    let mut command = cargo(project, &["run", "--quiet", "--release", "--package", "bartizan-secrets", "--example", "train", "--", &what]);
    succeeds(command.args(paths).arg(project.root.join(file)))
}
