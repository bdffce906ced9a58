//! Actions that should not be used, or not like this.

use bartizan_core::{ByteRange, Confidence, FixSafety};
use bartizan_source::document::Node;

use super::{Audited, known};
use crate::workflow::{
    definition::{Call, Site, place, spelled},
    edit, fence,
    remark::{Change, Remark},
    uses::UsesKind,
};

const ARCHIVED: &str = "archived-action";
const LOOKALIKE: &str = "action-name-lookalike";
const SUPERFLUOUS: &str = "superfluous-action";
const TOOL: &str = "action-installs-unpinned-tool";
const DISCOURAGED: &str = "workflow-feature-discouraged";
const APP: &str = "app-token-too-broad";
const RELATIVE: &str = "workspace-relative-action";

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for site in audited.definition.sites() {
        if let Some(call) = &site.step.call {
            remarks.extend(look_at_call(call).into_iter().map(|remark| remark.in_step(site)));
            remarks.extend(superfluous(call).map(|remark| remark.in_step(site)));
            remarks.extend(unpinned_tool(site, call).map(|remark| remark.in_step(site)));
            if call.uses.is("actions/create-github-app-token") {
                look_at_app_token(site, call, remarks);
            }
        }
        look_at_features(site, remarks);
    }
    for job in audited.definition.jobs() {
        let Some(call) = &job.call else { continue };
        remarks.extend(look_at_call(call).into_iter().map(|remark| remark.in_job(job)));
    }
}

/// What is wrong with an action or a called workflow by its name alone.
fn look_at_call(call: &Call<'_>) -> Vec<Remark> {
    let at = call.member.node.range;
    match call.uses.kind {
        UsesKind::Local(path) => {
            let Some(rest) = path.strip_prefix("./") else { return Vec::new() };
            let message = "the folder is that of the run, which earlier steps may have changed: `$/` names the repository";
            let edits = vec![edit::replace(at, format!("$/{rest}"))];
            let change = Change { description: "Name the repository.".to_owned(), safety: FixSafety::NeedsReview, edits };
            vec![Remark::new(RELATIVE, at, message).fix(Some(change))]
        }
        UsesKind::Repository { .. } => {
            let Some(slug) = call.uses.slug().map(|slug| slug.to_ascii_lowercase()) else { return Vec::new() };
            let archived =
                known::is_archived(&slug).then(|| Remark::new(ARCHIVED, at, format!("`{slug}` is archived: nobody mends it any more")));
            let alike = known::lookalike(&slug).map(|popular| {
                Remark::new(LOOKALIKE, at, format!("`{slug}` looks like `{popular}`, and is not")).confidence(Confidence::Low)
            });
            archived.into_iter().chain(alike).collect()
        }
        UsesKind::Image(_) | UsesKind::Other => Vec::new(),
    }
}

/// Actions that do what the machine can do by itself, what to use, and whether that is as easy.
const DISPENSABLE: &[(&str, &str, bool)] = &[
    ("ncipollo/release-action", "gh release", true),
    ("softprops/action-gh-release", "gh release", true),
    ("elgohr/Github-Release-Action", "gh release", true),
    ("svenstaro/upload-release-action", "gh release upload", true),
    ("dacbd/create-issue-action", "gh issue create", true),
    ("actions-ecosystem/action-add-labels", "gh issue edit --add-label", true),
    ("actions-ecosystem/action-remove-labels", "gh issue edit --remove-label", true),
    ("addnab/docker-run-action", "docker run", true),
    ("sergeysova/jq-action", "jq", true),
    ("dtolnay/rust-toolchain", "rustup", false),
    ("peter-evans/create-pull-request", "gh pr create", false),
    ("peter-evans/create-or-update-comment", "gh pr comment", false),
    ("stefanzweifel/git-auto-commit-action", "git commit", false),
    ("EndBug/add-and-commit", "git commit", false),
];

fn superfluous(call: &Call<'_>) -> Option<Remark> {
    let (_, instead, is_easy) = DISPENSABLE.iter().find(|(slug, ..)| call.uses.is(slug))?;
    let message = format!("`{instead}` in a script does the same, without code of others");
    Some(Remark::new(SUPERFLUOUS, call.member.node.range, message).confidence(if *is_easy { Confidence::High } else { Confidence::Low }))
}

/// Actions that install the newest version of a tool where they are told none.
const INSTALLERS: &[&str] = &["aquasecurity/setup-trivy", "1password/load-secrets-action"];

fn unpinned_tool(site: Site<'_, '_>, call: &Call<'_>) -> Option<Remark> {
    if site.step.has_opaque_inputs() || !INSTALLERS.iter().any(|slug| call.uses.is(slug)) {
        return None;
    }
    let Some(version) = site.step.input("version") else {
        return Some(Remark::new(TOOL, call.member.node.range, "without `version` the newest tool is installed"));
    };
    let value = spelled(&version.node)?;
    if value == "latest" {
        return Some(Remark::new(TOOL, place(version), "`latest` is another tool after each release"));
    }
    fence::whole(value.trim())
        .map(|_| Remark::new(TOOL, place(version), "nothing here says which version is installed").confidence(Confidence::Low))
}

const USUAL_SHELLS: &[&str] = &["bash", "pwsh", "python", "sh", "powershell"];

fn look_at_features(site: Site<'_, '_>, remarks: &mut Vec<Remark>) {
    let install = site.uses_of("actions/setup-python").and_then(|_| site.step.input("pip-install"));
    if let Some(install) = install {
        let message = "this installs into the Python of the machine, which differs from machine to machine";
        remarks.push(Remark::new(DISCOURAGED, place(install), message).in_step(site));
    }
    let Some(shell) = site.script().and_then(|_| site.shell()).filter(|shell| !USUAL_SHELLS.contains(&shell.name)) else { return };
    let is_cmd = matches!(shell.name, "cmd" | "cmd.exe");
    let message = if is_cmd {
        "what `cmd` does with a script can't be told beforehand"
    } else {
        "this shell is not known, so that its scripts are not looked at"
    };
    remarks.push(Remark::new(DISCOURAGED, shell.place, message).in_step(site).strict_if(!is_cmd));
}

/// Permissions of an application in an organization, which are about no repository.
const OF_ORGANIZATIONS: &[&str] = &[
    "permission-organization-",
    "permission-members",
    "permission-custom-properties-for-organizations",
    "permission-enterprise-custom-properties-for-organizations",
];

fn look_at_app_token(site: Site<'_, '_>, call: &Call<'_>, remarks: &mut Vec<Remark>) {
    if site.step.has_opaque_inputs() {
        return;
    }
    let inputs = site.step.node.get("with").map(Node::members).unwrap_or_default();
    let mut found = |at: ByteRange, part: &str, message: &str, confidence| {
        remarks.push(Remark::new(APP, at, message).in_step(site).known_by(part).confidence(confidence));
    };
    if let Some(keeps) = site.step.input("skip-token-revoke") {
        let value = spelled(&keeps.node).unwrap_or_default();
        if value.eq_ignore_ascii_case("true") {
            found(place(keeps), "revoke", "the token stays valid after the job", Confidence::High);
        } else if fence::whole(value.trim()).is_some() {
            found(place(keeps), "revoke", "the token may stay valid after the job", Confidence::Low);
        }
    }
    let permissions: Vec<&str> = inputs.iter().map(|input| input.name.as_ref()).filter(|name| name.starts_with("permission-")).collect();
    let is_about_organization =
        !permissions.is_empty() && permissions.iter().all(|name| OF_ORGANIZATIONS.iter().any(|start| name.starts_with(start)));
    let owner = site.step.input("owner").filter(|_| site.step.input("repositories").is_none() && !is_about_organization);
    if let Some(owner) = owner {
        found(place(owner), "owner", "the token is good for all repositories of the owner", Confidence::High);
    }
    if permissions.is_empty() {
        found(call.member.node.range, "permissions", "the token may do all that the application may do", Confidence::High);
    }
}
