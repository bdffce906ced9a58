//! Updates of dependencies by Dependabot, and hooks of pre-commit.

use bartizan_core::FixSafety;
use bartizan_source::document::{Node, Value};

use super::known;
use crate::workflow::{
    definition::{member, place},
    edit,
    remark::{Change, Remark},
};

const COOLDOWN: &str = "dependabot-without-cooldown";
const EXECUTION: &str = "dependabot-external-code-execution";
const UNENCRYPTED: &str = "pre-commit-repository-unencrypted";
const ARCHIVED: &str = "archived-action";

/// Days that GitHub waits where nothing is said.
const DEFAULT_DAYS: f64 = 3.0;
/// Days in which most bad releases are found.
const MIN_DAYS: f64 = 7.0;

/// Looks at the configuration of Dependabot.
pub(crate) fn look(root: &Node<'_>, text: &str, remarks: &mut Vec<Remark>) {
    for update in root.get("updates").map(Node::items).unwrap_or_default() {
        let name = update.text_of("package-ecosystem").unwrap_or_default();
        let folder = update.text_of("directory").unwrap_or_default();
        look_at_cooldown(update, text, &[name, folder], remarks);
        let Some(execution) = member(update, "insecure-external-code-execution") else { continue };
        if execution.node.text() == Some("allow") {
            let message = "packages may run their code while they are looked at, where the credentials of registries are";
            let change = Change {
                description: "Deny it.".to_owned(),
                safety: FixSafety::NeedsReview,
                edits: vec![edit::replace(execution.node.range, "deny")],
            };
            remarks.push(Remark::new(EXECUTION, place(execution), message).known_by(name).known_by(folder).fix(Some(change)));
        }
    }
}

fn look_at_cooldown(update: &Node<'_>, text: &str, identity: &[&str; 2], remarks: &mut Vec<Remark>) {
    let cooldown = member(update, "cooldown");
    let written = cooldown.and_then(|cooldown| member(&cooldown.node, "default-days"));
    let days = written.and_then(|days| days.node.scalar()).and_then(|days| days.parse::<f64>().ok()).unwrap_or(DEFAULT_DAYS);
    if MIN_DAYS <= days {
        return;
    }
    let ecosystem = member(update, "package-ecosystem");
    let at = written.map(place).or(cooldown.map(place)).or(ecosystem.map(place)).unwrap_or(update.range);
    let message = format!("an update is proposed {days} days after its release: bad releases are found within {MIN_DAYS}");
    let edit = match (written, ecosystem) {
        (Some(days), _) => Some(edit::replace(days.node.range, MIN_DAYS.to_string())),
        (None, Some(ecosystem)) => edit::add_behind(text, update, "cooldown", "default-days", &MIN_DAYS.to_string(), ecosystem),
        (None, None) => None,
    };
    let change = edit.map(|edit| Change { description: format!("Wait {MIN_DAYS} days."), safety: FixSafety::Safe, edits: vec![edit] });
    let remark = identity.iter().fold(Remark::new(COOLDOWN, at, message), |remark, part| remark.known_by(part));
    remarks.push(remark.fix(change));
}

/// Looks at the configuration of pre-commit.
pub(crate) fn look_at_hooks(root: &Node<'_>, remarks: &mut Vec<Remark>) {
    for hooks in root.get("repos").map(Node::items).unwrap_or_default() {
        let Some(repository) = member(hooks, "repo") else { continue };
        let Value::Text(address) = &repository.node.value else { continue };
        let at = repository.node.range;
        if ["http://", "git://"].iter().any(|scheme| address.to_ascii_lowercase().starts_with(scheme)) {
            let message = "who is on the way can put another code in place of the hooks";
            remarks.push(Remark::new(UNENCRYPTED, at, message).known_by(address));
        }
        let path = address
            .split_once("github.com")
            .map(|(_, path)| path.trim_start_matches([':', '/']).trim_end_matches('/').trim_end_matches(".git"));
        let archived = path.map(str::to_ascii_lowercase).filter(|slug| known::is_archived(slug));
        remarks.extend(
            archived.map(|slug| Remark::new(ARCHIVED, at, format!("`{slug}` is archived: nobody mends it any more")).known_by(&slug)),
        );
    }
}
