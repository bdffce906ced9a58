//! Expressions that become part of a program before it runs.

use bartizan_core::{Confidence, FixSafety, Severity};
use bartizan_source::document::Node;

use super::{Audited, outputs};
use crate::workflow::{
    definition::{Definition, Site, member, spelled},
    edit,
    expression::{Expression, Kind},
    fence::{self, Fenced},
    matrix::Matrix,
    remark::{Change, Remark},
    taint::{self, Power},
};

const RULE: &str = "workflow-expression-injection";

/// Inputs of actions that are programs, or become part of one.
const SINKS: &[(&str, &[&str])] = &[
    ("8398a7/action-slack", &["custom_payload"]),
    ("actions/github-script", &["script"]),
    ("addnab/docker-run-action", &["options", "run"]),
    ("amadevus/pwsh-script", &["script"]),
    ("appleboy/ssh-action", &["script"]),
    ("azure/cli", &["inlineScript"]),
    ("azure/powershell", &["inlineScript"]),
    ("cardinalby/js-eval-action", &["expression"]),
    ("devorbitus/yq-action-output", &["cmd"]),
    ("gautamkrishnar/blog-post-workflow", &["item_exec"]),
    ("imjohnbo/issue-bot", &["body", "linked-comments-previous-issue-text", "linked-comments-new-issue-text"]),
    ("jannekem/run-python-script-action", &["script"]),
    ("lucasbento/auto-close-issues", &["issue-close-message"]),
    ("mikefarah/yq", &["cmd"]),
    ("roots/issue-closer-action", &["issue-close-message", "pr-close-message"]),
    ("sergeysova/jq-action", &["cmd"]),
    ("skitionek/notify-microsoft-teams", &["overwrite"]),
    ("tibdex/backport", &["body_template", "head_template", "labels_template", "title_template"]),
];

/// Variables that the runner sets. What they hold is chosen by nobody else, but for `CI`.
const RUNNER_VARIABLES: &[&str] = &["GITHUB_", "RUNNER_"];

/// A text that is run as a program.
pub(crate) struct Sink<'d> {
    /// Its value.
    pub(crate) node: &'d Node<'d>,
    /// What it is called in a message.
    pub(crate) what: &'static str,
}

/// What is known about a context that becomes part of a program.
struct Judgement {
    severity: Severity,
    confidence: Confidence,
    is_strict: bool,
    why: String,
}

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for site in audited.definition.sites() {
        let matrix = site.job.and_then(Matrix::of);
        for sink in sinks(site) {
            for fenced in fence::of_node(sink.node, audited.definition.text) {
                look_at(site, &sink, &fenced, matrix.as_ref(), remarks);
            }
        }
    }
}

/// The texts of a step that are run as programs.
pub(crate) fn sinks<'d>(site: Site<'_, 'd>) -> Vec<Sink<'d>> {
    let script = site.script().map(|(run, _)| Sink { node: &run.node, what: "the script" });
    let inputs =
        site.step.call.as_ref().and_then(|call| SINKS.iter().find(|(slug, _)| call.uses.is(slug))).map_or(&[][..], |(_, inputs)| inputs);
    let of_action =
        inputs.iter().filter_map(|input| site.step.input(input)).map(|input| Sink { node: &input.node, what: "what the action runs" });
    script.into_iter().chain(of_action).collect()
}

fn look_at(site: Site<'_, '_>, sink: &Sink<'_>, fenced: &Fenced<'_>, matrix: Option<&Matrix<'_>>, remarks: &mut Vec<Remark>) {
    let Ok(expression) = fenced.expression() else { return };
    let n_before = remarks.len();
    for context in expression.flowing_contexts() {
        let Some(judgement) = judge(context, site, matrix) else { continue };
        let text = fenced.text_of(context);
        let message = format!("`{text}` becomes part of {}: {}", sink.what, judgement.why);
        let remark = Remark::new(RULE, fenced.place_of(context), message)
            .in_step(site)
            .known_by(text)
            .severity(judgement.severity)
            .confidence(judgement.confidence)
            .strict_if(judgement.is_strict);
        remarks.push(remark.fix(through_environment(site, fenced, &expression)));
    }
    if remarks.len() == n_before {
        let message = format!("`{}` becomes part of {}; values belong into variables", fenced.text_of(&expression), sink.what);
        let remark = Remark::new(RULE, fenced.place_of(&expression), message).in_step(site).known_by(fenced.inner.trim());
        remarks.push(remark.severity(Severity::Low).strict_if(true));
    }
}

/// What may come in by a context; nothing where that is harmless.
fn judge(context: &Expression<'_>, site: Site<'_, '_>, matrix: Option<&Matrix<'_>>) -> Option<Judgement> {
    let found = |severity, confidence, is_strict, why: &str| Some(Judgement { severity, confidence, is_strict, why: why.to_owned() });
    let unclear = || found(Severity::Info, Confidence::Low, true, "nothing here says what it may hold");
    let Some(path) = context.path() else { return unclear() };
    if let Some(power) = taint::of_github(&path) {
        let declared =
            path.strip_prefix("github.event.").filter(|path| path.starts_with("inputs.")).and_then(|_| input_power(&path, site.definition));
        return match declared.unwrap_or(power) {
            Power::None => None,
            Power::Full if taint::is_of_strangers(&path) => {
                found(Severity::High, Confidence::High, false, "whoever causes the event chooses it, and can run commands with it")
            }
            Power::Full => found(Severity::High, Confidence::High, false, "whoever chooses it can run commands with it"),
        };
    }
    let mut names = path.split('.');
    match (names.next().unwrap_or_default(), names.next_back().unwrap_or_default()) {
        ("secrets", _) | ("needs", "result") | ("steps", "outcome" | "conclusion") => None,
        ("runner", "arch" | "debug" | "os" | "temp" | "tool_cache" | "name" | "environment") => None,
        ("inputs", _) => match input_power(&path, site.definition) {
            Some(Power::None) => found(Severity::Low, Confidence::High, true, "values belong into variables, even of this type"),
            Some(Power::Full) => found(Severity::High, Confidence::High, false, "whoever fills in the input can run commands with it"),
            None => found(Severity::Low, Confidence::Low, false, "the input is not declared, so that it may hold anything"),
        },
        ("env", _) => match environment_power(context, site) {
            Some(Power::None) => found(Severity::Low, Confidence::High, true, "the variable could be read by the script itself"),
            Some(Power::Full) => found(Severity::High, Confidence::High, false, "the variable holds what somebody else chooses"),
            None => found(Severity::Low, Confidence::High, false, "nothing here says what the variable may hold"),
        },
        ("matrix", _) => {
            let matrix = matrix?;
            if matrix.is_static(&path) {
                None
            } else {
                found(Severity::Medium, Confidence::Medium, false, "the matrix is computed, and may hold what somebody else chooses")
            }
        }
        ("steps" | "needs", _) => match outputs::power(&path, site) {
            Some(Power::Full) => {
                found(Severity::High, Confidence::Medium, false, "an earlier script hands on in it what somebody else chooses")
            }
            Some(Power::None) | None => unclear(),
        },
        _ => unclear(),
    }
}

/// What a declared input can be: a caller fills in the inputs of an action with any text.
pub(crate) fn input_power(path: &str, definition: &Definition<'_>) -> Option<Power> {
    let name = path.rsplit('.').next()?;
    let named = |inputs: &Node<'_>| inputs.members().iter().any(|member| member.name.eq_ignore_ascii_case(name));
    if !definition.is_workflow() {
        return definition.root.get("inputs").is_some_and(named).then_some(Power::Full);
    }
    let of_trigger = |trigger: &str| {
        let inputs = definition.triggers().iter().find(|known| known.name == trigger)?.body?.get("inputs")?;
        let input = inputs.members().iter().find(|member| member.name.eq_ignore_ascii_case(name))?;
        Some(match input.node.text_of("type") {
            Some("boolean" | "number" | "choice" | "environment") => Power::None,
            _ => Power::Full,
        })
    };
    of_trigger("workflow_call").max(of_trigger("workflow_dispatch"))
}

/// What a variable can hold by what it is set to; nothing where a script may have set it.
pub(crate) fn environment_power(context: &Expression<'_>, site: Site<'_, '_>) -> Option<Power> {
    let name = context.member()?;
    if RUNNER_VARIABLES.iter().any(|prefix| name.to_ascii_uppercase().starts_with(prefix)) {
        return Some(Power::None);
    }
    for variables in site.environments() {
        if !variables.is_map() {
            return None;
        }
        let Some(value) = member(variables, name) else { continue };
        return value_power(spelled(&value.node)?);
    }
    None
}

/// What a text with expressions can be; nothing where that is not known.
pub(super) fn value_power(text: &str) -> Option<Power> {
    let mut power = Power::None;
    for (inner, _) in fence::in_text(text) {
        let expression = crate::workflow::expression::parse(inner).ok()?;
        let contexts = expression.flowing_contexts();
        for context in &contexts {
            power = power.max(context.path().and_then(|path| taint::of_github(&path))?);
        }
        // What is computed in another way is not known.
        if contexts.is_empty() && !expression.leaves().iter().all(|leaf| leaf.is_literal()) {
            return None;
        }
    }
    Some(power)
}

/// Sets a variable to the expression, and reads the variable in the script.
fn through_environment(site: Site<'_, '_>, fenced: &Fenced<'_>, expression: &Expression<'_>) -> Option<Change> {
    let (run, _) = site.script()?;
    let name = variable_name(expression)?;
    let text = site.definition.text;
    let read = match site.shell()?.name {
        "bash" | "sh" | "zsh" => format!("${{{name}}}"),
        "pwsh" | "powershell" => format!("$env:{name}"),
        "cmd" => format!("%{name}%"),
        _ => return None,
    };
    let mut edits = vec![(fenced.place, read)];
    let is_set =
        expression.is_in("env") || RUNNER_VARIABLES.iter().any(|prefix| name.starts_with(prefix)) && is_runner_variable(expression);
    if !is_set {
        let value = fenced.place.of(text.as_bytes());
        edits.push(edit::add_to_map(text, site.step.node, "env", &name, std::str::from_utf8(value).ok()?, run)?);
    }
    // A shell reads no variable between single quotes.
    let line = text.get(..fenced.place.start())?.rsplit('\n').next()?;
    let safety = if line.contains('\'') || line.contains("<<") { FixSafety::NeedsReview } else { FixSafety::Safe };
    Some(Change { description: format!("Set `{name}` in `env`, and read it in the script."), safety, edits })
}

/// Whether the runner sets a variable of this name to the same: `github.ref_name` is `GITHUB_REF_NAME`.
fn is_runner_variable(expression: &Expression<'_>) -> bool {
    const SET: &[&str] = &[
        "actor",
        "actor_id",
        "base_ref",
        "event_name",
        "head_ref",
        "job",
        "ref",
        "ref_name",
        "ref_protected",
        "ref_type",
        "repository",
        "repository_id",
        "repository_owner",
        "repository_owner_id",
        "run_attempt",
        "run_id",
        "run_number",
        "server_url",
        "sha",
        "triggering_actor",
        "workflow",
        "workflow_ref",
        "workflow_sha",
        "workspace",
    ];
    expression.path().and_then(|path| path.strip_prefix("github.").map(|name| SET.contains(&name))).unwrap_or(false)
}

/// A name for a variable that holds a context: `GITHUB_EVENT_ISSUE_TITLE`.
fn variable_name(expression: &Expression<'_>) -> Option<String> {
    let Kind::Context(parts) = &expression.kind else { return None };
    if expression.is_in("env") {
        return expression.member().map(str::to_owned).filter(|name| is_variable(name));
    }
    let path = expression.path()?;
    let names: Vec<&str> = path.split('.').map(|name| if name == "*" { "any" } else { name }).collect();
    let name = names.join("_").replace('-', "_").to_ascii_uppercase();
    (2 <= parts.len() && is_variable(&name)).then_some(name)
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
