//! Conditions that don't say what they seem to say.

use bartizan_core::{Confidence, FixSafety, Severity};
use bartizan_source::document::{Member, Node};

use super::Audited;
use crate::workflow::{
    constant,
    definition::{Definition, member, place},
    edit,
    expression::{self, Expression, Kind, Operator},
    fence,
    remark::{Change, Remark},
};

const ALWAYS: &str = "condition-always-true";
const CONTAINS: &str = "contains-check-bypassable";
const BOT: &str = "spoofable-bot-condition";
const TERNARY: &str = "ternary-true-value-falsy";

/// Contexts whose text somebody chooses.
const CHOSEN: &[&str] = &[
    "env",
    "github.actor",
    "github.base_ref",
    "github.head_ref",
    "github.ref",
    "github.ref_name",
    "github.sha",
    "github.triggering_actor",
    "inputs",
];

/// Names of who caused the event last, who need not be who made the change.
const ACTORS: &[&str] = &["github.actor", "github.triggering_actor", "github.event.pull_request.sender.login"];
const ACTOR_IDS: &[&str] = &["github.actor_id", "github.event.pull_request.sender.id"];

/// Numbers of well-known bots, and of their applications, which are mistaken for them.
const BOT_IDS: &[&str] = &["29110", "49699333", "27856297", "29139614"];

/// Who made what an event is about.
const AUTHORS: &[(&str, &str)] = &[
    ("discussion", "github.event.discussion.user"),
    ("discussion_comment", "github.event.comment.user"),
    ("issue_comment", "github.event.comment.user"),
    ("issues", "github.event.issue.user"),
    ("milestone", "github.event.milestone.creator"),
    ("pull_request", "github.event.pull_request.user"),
    ("pull_request_review", "github.event.review.user"),
    ("pull_request_review_comment", "github.event.comment.user"),
    ("pull_request_target", "github.event.pull_request.user"),
    ("release", "github.event.release.author"),
];

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    let definition = audited.definition;
    for (condition, owner) in definition.conditions() {
        look_at_fences(definition, condition, owner, remarks);
        let Some(text) = condition.node.text() else { continue };
        let Ok(expression) = expression::parse(fence::condition(text)) else { continue };
        if definition.is_workflow() {
            look_at_contains(&expression, condition, owner, fence::condition(text), remarks);
            look_at_bots(definition, &expression, condition, owner, remarks);
        }
    }
    look_at_ternaries(audited, remarks);
}

/// A fence with blanks or line ends around it makes a text that is not empty, and so true.
fn look_at_fences(definition: &Definition<'_>, condition: &Member<'_>, owner: &Node<'_>, remarks: &mut Vec<Remark>) {
    let Some(text) = condition.node.text() else { return };
    let fences = fence::in_text(text);
    let Some((_, range)) = fences.first() else { return };
    if range.len() == text.len() {
        return;
    }
    let message = "there is more than the expression, if only a line end: the condition always holds";
    let mut remark = Remark::new(ALWAYS, place(condition), message).known_by(&label(owner));
    // `|` keeps the line end, `|-` does not.
    let indicator = definition.text.get(condition.node.range.start()..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim_end();
    if text.ends_with('\n') && text.trim_end().len() == range.len() && matches!(indicator, "|" | ">") {
        let start = condition.node.range.start() + 1;
        let edits = vec![(bartizan_core::ByteRange::new(start, start), "-".to_owned())];
        remark = remark.fix(Some(Change { description: "Drop the last line end.".to_owned(), safety: FixSafety::NeedsReview, edits }));
    }
    remarks.push(remark);
}

/// `contains('a b', x)` holds for every part of the text, `a` as well as ` b`.
fn look_at_contains(expression: &Expression<'_>, condition: &Member<'_>, owner: &Node<'_>, text: &str, remarks: &mut Vec<Remark>) {
    expression.walk(&mut |part| {
        let Kind::Call(name, arguments) = &part.kind else { return };
        let [haystack, needle] = arguments.as_slice() else { return };
        let is_one =
            name.eq_ignore_ascii_case("contains") && matches!(haystack.kind, Kind::Text(_)) && matches!(needle.kind, Kind::Context(_));
        if !is_one {
            return;
        }
        let needle_text = text.get(needle.range.clone()).unwrap_or_default().trim();
        let is_chosen = CHOSEN.iter().any(|known| needle.is_in(known));
        let message = format!("every part of the text passes for `{needle_text}`: compare with a list");
        let severity = if is_chosen { Severity::High } else { Severity::Info };
        remarks.push(Remark::new(CONTAINS, place(condition), message).known_by(&label(owner)).known_by(needle_text).severity(severity));
    });
}

fn look_at_bots(
    definition: &Definition<'_>,
    expression: &Expression<'_>,
    condition: &Member<'_>,
    owner: &Node<'_>,
    remarks: &mut Vec<Remark>,
) {
    let (found, decides) = bot_condition(expression, true);
    let Some((whole, actor)) = found else { return };
    let Some(text) = condition.node.text() else { return };
    let inner = fence::condition(text);
    let written = |part: &Expression<'_>| inner.get(part.range.clone()).unwrap_or_default().trim();
    let offset = text.find(inner).unwrap_or_default();
    let range = |part: &Expression<'_>| part.range.start + offset..part.range.end + offset;
    let at = fence::place_in(&condition.node, definition.text, range(whole));
    let message = format!("`{}` is who acted last, not who made the change: a stranger can have the bot act", written(actor));
    let mut remark =
        Remark::new(BOT, at, message).known_by(&label(owner)).confidence(if decides { Confidence::High } else { Confidence::Medium });
    if let ([trigger], Some(path)) = (definition.triggers(), actor.path()) {
        let author = AUTHORS.iter().find(|(event, _)| *event == trigger.name).map(|(_, author)| *author);
        let end = if ACTOR_IDS.contains(&path.as_str()) { "id" } else { "login" };
        let place = fence::place_in(&condition.node, definition.text, range(actor));
        remark = remark.fix(author.map(|author| Change {
            description: format!("Ask for the author: `{author}.{end}`."),
            safety: FixSafety::NeedsReview,
            edits: vec![edit::replace(place, format!("{author}.{end}"))],
        }));
    }
    remarks.push(remark);
}

type Found<'a, 'e> = Option<(&'a Expression<'e>, &'a Expression<'e>)>;

/// The comparison of an actor with a bot and the actor in it, and whether it decides alone that the condition holds.
fn bot_condition<'a, 'e>(expression: &'a Expression<'e>, decides: bool) -> (Found<'a, 'e>, bool) {
    let either = |left: &'a Expression<'e>, right: &'a Expression<'e>, decides| {
        let found = bot_condition(left, decides).0.or_else(|| bot_condition(right, decides).0);
        (found, decides)
    };
    match &expression.kind {
        Kind::Binary(left, Operator::Or, right) => either(left, right, true),
        Kind::Binary(left, Operator::Equal, right) => {
            for (actor, bot) in [(left, right), (right, left)] {
                if is_bot(actor, bot) {
                    return (Some((expression, actor)), true);
                }
            }
            either(left, right, true)
        }
        Kind::Binary(left, _, right) => either(left, right, false),
        Kind::Not(inner) => (bot_condition(inner, false).0, false),
        Kind::Index(inner) => bot_condition(inner, decides),
        Kind::Call(_, parts) | Kind::Context(parts) => (parts.iter().find_map(|part| bot_condition(part, false).0), false),
        _ => (None, decides),
    }
}

fn is_bot(actor: &Expression<'_>, bot: &Expression<'_>) -> bool {
    let Some(path) = actor.path() else { return false };
    let bot = match &bot.kind {
        Kind::Text(text) => text.to_string(),
        Kind::Number(number) => crate::value::number_text(*number),
        _ => return false,
    };
    (ACTORS.contains(&path.as_str()) && bot.ends_with("[bot]")) || (ACTOR_IDS.contains(&path.as_str()) && BOT_IDS.contains(&bot.as_str()))
}

/// `a && '' || 'b'` is `'b'`, whatever `a` is.
fn look_at_ternaries(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for node in fence::texts(audited.definition.root) {
        for fenced in fence::of_node(node, audited.definition.text) {
            let Ok(expression) = fenced.expression() else { continue };
            for value in falsy_values(&expression) {
                let text = fenced.text_of(value);
                let message = format!("`{text}` counts as false, so that what is behind `||` is taken always");
                remarks.push(Remark::new(TERNARY, fenced.place_of(value), message).known_by(fenced.inner.trim()).known_by(text));
            }
        }
    }
}

fn falsy_values<'a, 'e>(expression: &'a Expression<'e>) -> Vec<&'a Expression<'e>> {
    if constant::is_constant(expression) {
        return Vec::new();
    }
    if !matches!(expression.kind, Kind::Binary(_, Operator::Or, _)) {
        return expression.parts().into_iter().flat_map(falsy_values).collect();
    }
    let mut operands = Vec::new();
    operands_of(expression, &mut operands);
    let mut found = Vec::new();
    for (index, operand) in operands.iter().enumerate() {
        if let (Kind::Binary(_, Operator::And, value), true) = (&operand.kind, index + 1 < operands.len()) {
            let is_falsy = constant::value_of(value).is_some_and(|value| !value.is_true());
            found.extend((is_falsy && !constant::is_constant(operand)).then_some(&**value));
        }
    }
    found.extend(operands.into_iter().flat_map(falsy_values));
    found
}

fn operands_of<'a, 'e>(expression: &'a Expression<'e>, into: &mut Vec<&'a Expression<'e>>) {
    match &expression.kind {
        Kind::Binary(left, Operator::Or, right) if !constant::is_constant(expression) => {
            operands_of(left, into);
            operands_of(right, into);
        }
        _ => into.push(expression),
    }
}

/// What tells a job or step from others.
fn label(owner: &Node<'_>) -> String {
    let names = ["id", "name", "uses"].iter().find_map(|key| owner.text_of(key));
    names.or(member(owner, "run").and_then(|run| run.node.text())).unwrap_or_default().chars().take(60).collect()
}
