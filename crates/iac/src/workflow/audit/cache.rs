//! Caches in runs that publish: what somebody put into the cache becomes part of a release.

use bartizan_core::{Confidence, FixSafety};

use super::{
    Audited,
    control::{Answer, Control, Does, Input, InputKind},
};
use crate::workflow::{
    definition::{Definition, Site, place, spelled, texts_of},
    edit,
    expression::{self, Expression, Kind, Operator},
    fence,
    remark::{Change, Remark},
};

const RULE: &str = "cache-in-release-workflow";

const fn switch(name: &'static str, by_default: bool) -> Input {
    Input { name, kind: InputKind::Switch, by_default }
}

const fn text(name: &'static str) -> Input {
    Input { name, kind: InputKind::Text, by_default: false }
}

/// Actions that restore a cache, and what controls that. The inputs are those that each action documents.
static CACHING: &[(&str, Control)] = &[
    ("actions/cache", Control::Off(switch("lookup-only", true))),
    ("actions/setup-java", Control::On(text("cache"))),
    ("actions/setup-go", Control::On(switch("cache", true))),
    (
        "actions/setup-node",
        Control::Any(&[
            Control::On(Input { name: "cache", kind: InputKind::OneOf(&["npm", "yarn", "pnpm"]), by_default: false }),
            Control::On(switch("package-manager-cache", true)),
        ]),
    ),
    ("actions/setup-python", Control::On(text("cache"))),
    ("actions/setup-dotnet", Control::On(switch("cache", false))),
    (
        "astral-sh/setup-uv",
        Control::Any(&[
            Control::On(Input { name: "enable-cache", kind: InputKind::OneOf(&["true"]), by_default: false }),
            Control::All(&[Control::Before([10, 0, 0]), Control::On(switch("enable-cache", true))]),
        ]),
    ),
    ("Swatinem/rust-cache", Control::Off(switch("lookup-only", true))),
    ("ruby/setup-ruby", Control::On(switch("bundler-cache", false))),
    ("PyO3/maturin-action", Control::On(switch("sccache", false))),
    ("mlugg/setup-zig", Control::On(switch("use-cache", true))),
    ("oven-sh/setup-bun", Control::Off(switch("no-cache", true))),
    ("DeterminateSystems/magic-nix-cache-action", Control::On(switch("use-gha-cache", true))),
    ("graalvm/setup-graalvm", Control::On(text("cache"))),
    ("gradle/actions/setup-gradle", Control::Off(switch("cache-disabled", true))),
    ("docker/setup-buildx-action", Control::All(&[Control::On(switch("cache-binary", true)), Control::On(text("version"))])),
    ("actions-rust-lang/setup-rust-toolchain", Control::On(switch("cache", true))),
    ("Mozilla-Actions/sccache-action", Control::Always),
    ("nix-community/cache-nix-action", Control::Always),
    ("jdx/mise-action", Control::On(switch("cache", true))),
    (
        "ramsey/composer-install",
        Control::Off(Input { name: "ignore-cache", kind: InputKind::OneOf(&["yes", "true", "1"]), by_default: true }),
    ),
    ("awalsh128/cache-apt-pkgs-action", Control::Always),
];

/// Actions that publish.
static PUBLISHING: &[(&str, Control)] = &[
    ("pypa/gh-action-pypi-publish", Control::Always),
    ("rubygems/release-gem", Control::Always),
    ("jreleaser/release-action", Control::Always),
    ("goreleaser/goreleaser-action", Control::Always),
    ("softprops/action-gh-release", Control::Always),
    ("release-drafter/release-drafter", Control::Always),
    ("googleapis/release-please-action", Control::Always),
    ("docker/build-push-action", Control::On(switch("push", true))),
    ("redhat-actions/push-to-registry", Control::Always),
    ("aws-actions/amazon-ecs-deploy-task-definition", Control::Always),
    ("aws-actions/aws-cloudformation-github-deploy", Control::Always),
    ("Azure/aci-deploy", Control::Always),
    ("Azure/container-apps-deploy-action", Control::Always),
    ("Azure/functions-action", Control::Always),
    ("Azure/sql-action", Control::Always),
    ("cloudflare/wrangler-action", Control::Always),
    ("google-github-actions/deploy-appengine", Control::Always),
    ("google-github-actions/deploy-cloudrun", Control::Always),
    ("google-github-actions/deploy-cloud-functions", Control::Always),
];

/// Why a job is taken to publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Release {
    /// A tag, or a release.
    Tag,
    /// A branch that is called a release.
    Branch,
    /// One of its steps publishes.
    Step(bartizan_core::ByteRange),
}

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    if !definition.is_workflow() {
        return;
    }
    let by_trigger = release_trigger(definition);
    for sites in definition.sequences() {
        let publisher = || sites.iter().find(|site| answer(**site, PUBLISHING).is_some()).map(|site| Release::Step(site.step.node.range));
        let Some(release) = by_trigger.or_else(publisher) else { continue };
        sites.iter().for_each(|site| look_at_step(*site, release, remarks));
    }
}

/// The control of the action that a step uses, and its answer where that is not no.
fn answer(site: Site<'_, '_>, actions: &'static [(&str, Control)]) -> Option<(&'static Control, Answer)> {
    let call = site.step.call.as_ref()?;
    let (_, control) = actions.iter().find(|(slug, _)| call.uses.is(slug))?;
    Some((control, control.ask(site))).filter(|(_, answer)| answer.does != Does::No)
}

fn look_at_step(site: Site<'_, '_>, release: Release, remarks: &mut Vec<Remark>) {
    let Some((control, answer)) = answer(site, CACHING) else { return };
    if answer.does == Does::Maybe && release == Release::Tag && is_off_for_tags(site, control) {
        return;
    }
    let Some(call) = &site.step.call else { return };
    let what = if answer.does == Does::Yes { "restores a cache" } else { "may restore a cache" };
    let message = format!("this {what} in a run that publishes: what was put into the cache becomes part of the release");
    let mut remark = Remark::new(RULE, place(call.member), message).in_step(site).confidence(Confidence::Low);
    for at in answer.because {
        remark = remark.related(at, "this decides about the cache");
    }
    if let Release::Step(at) = release {
        remark = remark.related(at, "this publishes");
    }
    remarks.push(remark.fix(without_cache(site, control)));
}

/// What triggers a workflow that publishes.
fn release_trigger(definition: &Definition<'_>) -> Option<Release> {
    let push = definition.triggers().iter().find(|trigger| trigger.name == "push").and_then(|trigger| trigger.body);
    let has_tags = push.is_some_and(|push| push.get("tags").is_some() || push.get("tags-ignore").is_some());
    let branches = push.and_then(|push| push.get("branches")).map(texts_of).unwrap_or_default();
    let has_branch = branches.iter().any(|branch| branch.to_lowercase().contains("release"));
    match (has_branch, has_tags || definition.has_trigger("release")) {
        (true, _) => Some(Release::Branch),
        (false, true) => Some(Release::Tag),
        (false, false) => None,
    }
}

/// Whether the input that controls the cache is an expression that switches it off where a tag was pushed.
fn is_off_for_tags(site: Site<'_, '_>, control: &Control) -> bool {
    let Some((input, switches_on)) = control.only_input() else { return false };
    let Some(value) = site.step.input(input.name).and_then(|given| given.node.text()) else { return false };
    let holds =
        fence::whole(value.trim()).and_then(|inner| expression::parse(inner).ok()).and_then(|expression| holds_for_tags(&expression));
    holds.is_some_and(|holds| holds != switches_on)
}

/// What a condition is where a tag was pushed; nothing where that is not known.
fn holds_for_tags(condition: &Expression<'_>) -> Option<bool> {
    match &condition.kind {
        Kind::Boolean(holds) => Some(*holds),
        Kind::Not(inner) => Some(!holds_for_tags(inner)?),
        Kind::Call(name, arguments) if name.eq_ignore_ascii_case("startsWith") => match arguments.as_slice() {
            [context, prefix] => {
                let is_tag = matches!(&prefix.kind, Kind::Text(text) if text.eq_ignore_ascii_case("refs/tags/"));
                (context.path().as_deref() == Some("github.ref") && is_tag).then_some(true)
            }
            _ => None,
        },
        Kind::Binary(left, Operator::And, right) => match (holds_for_tags(left), holds_for_tags(right)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        Kind::Binary(left, Operator::Or, right) => match (holds_for_tags(left), holds_for_tags(right)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        Kind::Binary(left, operator @ (Operator::Equal | Operator::NotEqual), right) => {
            let (context, value) = if let Kind::Text(value) = &right.kind {
                (left, value)
            } else if let Kind::Text(value) = &left.kind {
                (right, value)
            } else {
                return None;
            };
            let is_equal = match context.path().as_deref()? {
                "github.ref_type" => value.eq_ignore_ascii_case("tag"),
                "github.event_name" => value.eq_ignore_ascii_case("push"),
                _ => return None,
            };
            Some(is_equal == (*operator == Operator::Equal))
        }
        _ => None,
    }
}

fn without_cache(site: Site<'_, '_>, control: &Control) -> Option<Change> {
    let (input, switches_on) = control.only_input()?;
    if !matches!(input.kind, InputKind::Switch) {
        return None;
    }
    let value = if switches_on { "false" } else { "true" };
    let edit = match site.step.input(input.name) {
        Some(given) => {
            spelled(&given.node)?;
            edit::replace(given.node.range, value)
        }
        None => edit::add_behind(site.definition.text, site.step.node, "with", input.name, value, site.step.call.as_ref()?.member)?,
    };
    Some(Change { description: format!("Set `{}: {value}`.", input.name), safety: FixSafety::NeedsReview, edits: vec![edit] })
}
