//! Writes into the files by which a step sets variables and paths of later ones.

use bartizan_core::Confidence;

use super::Audited;
use crate::workflow::{command, definition::place, remark::Remark};

const RULE: &str = "untrusted-environment-file-write";

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    // What an action is used by is not known.
    let is_privileged =
        !definition.is_workflow() || definition.has_trigger("workflow_run") || definition.has_trigger("pull_request_target");
    if !is_privileged {
        return;
    }
    for site in definition.sites() {
        let Some((run, script)) = site.script() else { continue };
        let shell = site.shell().map_or("bash", |shell| shell.name);
        for (file, range) in command::environment_writes(shell, script) {
            let message = format!("what is written to `{file}` here decides what later steps run");
            let part = script.get(range).unwrap_or_default().chars().take(60).collect::<String>();
            remarks.push(Remark::new(RULE, place(run), message).in_step(site).known_by(&part).confidence(Confidence::Low));
        }
    }
}
