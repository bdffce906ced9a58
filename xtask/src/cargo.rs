//! Runs cargo, with the target directory outside of the checkout.

use std::{
    env,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::project::Project;

/// A cargo command in the checkout.
pub(crate) fn cargo(project: &Project, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(&project.root).env("CARGO_TARGET_DIR", &project.target).args(arguments);
    command
}

/// Runs a command whose output the reader sees; whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> Result<bool> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("can't start `{program}`"))?;
    Ok(status.success())
}

/// Whether a command can be started and succeeds, without showing its output.
pub(crate) fn is_there(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What a command prints; its errors go to the reader.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().with_context(|| format!("can't start `{program}`"))?;
    if !output.status.success() {
        bail!("`{program}` failed: {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{program}` printed something that is not UTF-8"))
}

/// What cargo knows about the packages.
pub(crate) fn metadata(project: &Project, arguments: &[&str]) -> Result<Value> {
    let mut all = vec!["metadata", "--format-version", "1"];
    all.extend(arguments);
    serde_json::from_str(&output(&mut cargo(project, &all))?).context("`cargo metadata` printed no JSON")
}

/// The packages in cargo's metadata.
pub(crate) fn packages(metadata: &Value) -> &[Value] {
    array(metadata, "packages")
}

/// An array by its key; empty if there is none.
pub(crate) fn array<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A text by its key; empty if there is none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// Builds the `bartizan` program and gives its path.
///
/// Cargo is asked where it is: settings of the user, such as another target, move it. That it is this checkout's is what
/// [`crate::claim`] sees to.
pub(crate) fn build_bartizan(project: &Project, is_release: bool) -> Result<PathBuf> {
    let mut arguments =
        vec!["build", "--quiet", "--package", "bartizan-cli", "--bin", "bartizan", "--message-format=json-render-diagnostics"];
    if is_release {
        arguments.push("--release");
    }
    let messages = output(&mut cargo(project, &arguments)).context("bartizan can't be built")?;
    program(&messages).context("cargo has built bartizan, and does not say where")
}

/// Builds an example of a package for release and gives its path.
pub(crate) fn build_example(project: &Project, package: &str, example: &str) -> Result<PathBuf> {
    let arguments =
        ["build", "--quiet", "--release", "--package", package, "--example", example, "--message-format=json-render-diagnostics"];
    let messages = output(&mut cargo(project, &arguments)).with_context(|| format!("`{example}` can't be built"))?;
    program(&messages).with_context(|| format!("cargo has built `{example}`, and does not say where"))
}

/// The program in what cargo says of a build, one JSON object a line.
fn program(messages: &str) -> Option<PathBuf> {
    let mut messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    messages.find_map(|message| message.get("executable")?.as_str().map(PathBuf::from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_where_cargo_says() {
        let messages = r#"{"reason":"compiler-artifact","target":{"name":"build-script-build"},"executable":null}
{"reason":"compiler-artifact","target":{"name":"bartizan"},"filenames":["/t/x/debug/bartizan"],"executable":"/t/x/debug/bartizan"}
{"reason":"build-finished","success":true}"#;
        assert_eq!(program(messages), Some(PathBuf::from("/t/x/debug/bartizan")));
        assert_eq!(program(r#"{"reason":"build-finished","success":true}"#), None);
    }
}
