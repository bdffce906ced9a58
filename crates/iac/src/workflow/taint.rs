//! Who chooses what a context expands to, and from which characters.
//!
//! A number, a hash, a date or the name of a user can't carry a command: their characters mean nothing to a shell. A title or a
//! branch can. The table is by the last name of the context, which means the same in all events.

/// What the text of a context can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Power {
    /// Nothing that a shell understands: numbers, hashes, dates, words from a list.
    None,
    /// Somebody chooses it.
    Full,
}

/// Contexts of their own: `github.…` without `event`.
const GITHUB: &[(&str, Power)] = &[
    ("github.action", Power::None),
    ("github.action_path", Power::None),
    ("github.action_repository", Power::None),
    ("github.actor", Power::None),
    ("github.actor_id", Power::None),
    ("github.api_url", Power::None),
    ("github.env", Power::None),
    ("github.event_name", Power::None),
    ("github.event_path", Power::None),
    ("github.graphql_url", Power::None),
    ("github.job", Power::None),
    ("github.output", Power::None),
    ("github.path", Power::None),
    ("github.ref_protected", Power::None),
    ("github.ref_type", Power::None),
    ("github.repository", Power::None),
    ("github.repository_id", Power::None),
    ("github.repository_owner", Power::None),
    ("github.repository_owner_id", Power::None),
    ("github.repositoryurl", Power::None),
    ("github.retention_days", Power::None),
    ("github.run_attempt", Power::None),
    ("github.run_id", Power::None),
    ("github.run_number", Power::None),
    ("github.secret_source", Power::None),
    ("github.server_url", Power::None),
    ("github.sha", Power::None),
    ("github.token", Power::None),
    ("github.triggering_actor", Power::None),
    ("github.workflow_sha", Power::None),
    ("github.workspace", Power::None),
];

/// Last names whose characters are those of numbers, hashes, dates, user names, or words from a list.
const HARMLESS: &[&str] = &[
    "action",
    "active_lock_reason",
    "additions",
    "after",
    "annotations_count",
    "archived",
    "author_association",
    "before",
    "changed_files",
    "color",
    "comments",
    "commit_oid",
    "commits_count",
    "conclusion",
    "created",
    "date",
    "deleted",
    "deletions",
    "disabled",
    "distinct",
    "draft",
    "due_on",
    "fork",
    "forks",
    "forced",
    "full_name",
    "id",
    "immutable",
    "is_template",
    "line",
    "locked",
    "login",
    "mergeable",
    "mergeable_state",
    "merged",
    "number",
    "open_issues",
    "original_line",
    "original_position",
    "permission",
    "position",
    "prerelease",
    "private",
    "protected",
    "rebaseable",
    "review_comments",
    "role_name",
    "sha",
    "side",
    "site_admin",
    "size",
    "slug",
    "start_line",
    "start_side",
    "state",
    "state_reason",
    "status",
    "subject_type",
    "target_oid",
    "timestamp",
    "total_count",
    "type",
    "username",
    "user_view_type",
    "verified",
    "visibility",
    "watchers",
];

/// Endings of last names of the same kind: counts, identifiers, hashes, dates, switches.
const HARMLESS_ENDINGS: &[&str] = &["_at", "_count", "_id", "_sha", "_number"];

/// Beginnings of last names that are switches.
const HARMLESS_BEGINNINGS: &[&str] = &["allow_", "can_", "has_", "is_", "maintainer_can_"];

/// Last names that end like harmless ones but are chosen by somebody.
const CHOSEN: &[&str] = &["external_id"];

/// Addresses that are made of numbers and of names of users and repositories.
const HARMLESS_ADDRESSES: &[&str] = &["url", "html_url", "href", "clone_url", "git_url", "ssh_url", "svn_url", "diff_url", "patch_url"];

/// Objects whose addresses contain more: the tag of a release, the branch of a deployment.
const CHOSEN_ADDRESSES_OF: &[&str] = &["release", "deployment", "ref", "workflow_job", "check_run", "page", "forkee"];

/// What a context of `github` can be; nothing for other contexts. The path is in lower case, `*` stands for what is computed.
pub(crate) fn of_github(path: &str) -> Option<Power> {
    if path != "github" && !path.starts_with("github.") {
        return None;
    }
    if let Some((_, power)) = GITHUB.iter().find(|(known, _)| *known == path) {
        return Some(*power);
    }
    let Some(event) = path.strip_prefix("github.event.") else { return Some(Power::Full) };
    let mut names = event.split('.').filter(|name| *name != "*").rev();
    let last = names.next().unwrap_or_default();
    let owner = names.next().unwrap_or_default();
    Some(if is_harmless(event, last, owner) { Power::None } else { Power::Full })
}

fn is_harmless(event: &str, last: &str, owner: &str) -> bool {
    // What a caller or a dispatcher sends has any form.
    if event.starts_with("client_payload") || event.starts_with("inputs") || CHOSEN.contains(&last) {
        return false;
    }
    let is_address = HARMLESS_ADDRESSES.contains(&last) || (last.ends_with("_url") && matches!(owner, "user" | "sender" | "owner"));
    let is_of_chosen = || event.split('.').any(|name| CHOSEN_ADDRESSES_OF.contains(&name));
    let is_repository = || last == "name" && matches!(owner, "repository" | "repo");
    HARMLESS.contains(&last)
        || HARMLESS_ENDINGS.iter().any(|ending| last.ends_with(ending))
        || HARMLESS_BEGINNINGS.iter().any(|beginning| last.starts_with(beginning))
        || (is_address && !is_of_chosen())
        || is_repository()
}

/// Whether strangers choose the text: not only those who may push, tag, or start a run by hand.
pub(crate) fn is_of_strangers(path: &str) -> bool {
    let chosen_by_members = [
        "github.event.inputs",
        "github.event.client_payload",
        "github.event.release",
        "github.event.repository",
        "github.event.pull_request.base",
        "github.event.merge_group",
    ];
    let is_event = path == "github.event" || path.starts_with("github.event.") || path == "github.head_ref" || path == "github";
    is_event && of_github(path) == Some(Power::Full) && !chosen_by_members.iter().any(|known| path.starts_with(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_decide() {
        let harmless = [
            "github.event.pull_request.head.sha",
            "github.event.pull_request.merge_commit_sha",
            "github.event.pull_request.number",
            "github.event.pull_request.user.login",
            "github.event.pull_request.html_url",
            "github.event.head_commit.id",
            "github.event.commits.*.id",
            "github.event.repository.full_name",
            "github.triggering_actor",
            "github.run_number",
        ];
        let chosen = [
            "github.head_ref",
            "github.ref_name",
            "github.event",
            "github",
            "github.event.issue.title",
            "github.event.comment.body",
            "github.event.commits.*.message",
            "github.event.head_commit.author.email",
            "github.event.pull_request.head.ref",
            "github.event.pull_request.head.label",
            "github.event.release.html_url",
            "github.event.release.tag_name",
            "github.event.inputs.number",
            "github.event.client_payload.id",
            "github.event.label.name",
        ];
        harmless.iter().for_each(|path| assert_eq!(of_github(path), Some(Power::None), "{path}"));
        chosen.iter().for_each(|path| assert_eq!(of_github(path), Some(Power::Full), "{path}"));
        assert_eq!(of_github("steps.a.outputs.b"), None);
        assert!(is_of_strangers("github.event.issue.title") && !is_of_strangers("github.event.release.tag_name"));
    }
}
