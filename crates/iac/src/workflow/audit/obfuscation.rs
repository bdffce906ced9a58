//! Ways of writing that hide what is meant, from people and from tools.

use bartizan_core::{Confidence, FixSafety, Severity};

use super::Audited;
use crate::project::joined;
use crate::workflow::{
    constant,
    definition::{Site, member, place},
    edit,
    expression::{Expression, Kind},
    fence::{self, Fenced},
    remark::{Change, Remark},
    uses::UsesKind,
};

const RULE: &str = "workflow-syntax-obfuscated";

pub(super) fn look(audited: &Audited<'_, '_>, remarks: &mut Vec<Remark>) {
    for node in fence::texts(audited.definition.root) {
        for fenced in fence::of_node(node, audited.definition.text) {
            let Ok(expression) = fenced.expression() else { continue };
            look_at_expression(&fenced, &expression, remarks);
        }
    }
    for site in audited.definition.sites() {
        look_at_uses(site, remarks);
    }
}

fn look_at_expression(fenced: &Fenced<'_>, expression: &Expression<'_>, remarks: &mut Vec<Remark>) {
    let constants = if constant::is_constant(expression) { vec![expression] } else { constants_in(expression) };
    let mut computed = Vec::new();
    expression.walk(&mut |part| {
        computed.extend(matches!(&part.kind, Kind::Index(index) if !index.is_literal()).then_some(part));
    });
    let first = constants.first().or(computed.first());
    let Some(first) = first else { return };
    let message = if constants.is_empty() {
        "what is taken out of the context is computed"
    } else {
        "this is the same in every run: write what it is"
    };
    // One remark an expression, as one edit.
    let mut remark = Remark::new(RULE, fenced.place_of(first), message).known_by(fenced.inner.trim()).strict_if(!computed.is_empty());
    for other in constants.iter().chain(&computed).filter(|other| other.range != first.range) {
        remark = remark.related(fenced.place_of(other), "and this");
    }
    if constant::is_constant(expression) {
        let value = constant::value_of(expression).map(|value| value.text()).filter(|value| is_plain(value));
        remark = remark.fix(value.map(|value| Change {
            description: format!("Write `{value}`."),
            safety: FixSafety::Safe,
            edits: vec![edit::replace(fenced.place, value)],
        }));
    }
    remarks.push(remark);
}

/// Whether a text can stand for an expression wherever one stands.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
}

/// Parts that are the same in every run, but for what is written out.
fn constants_in<'a, 'e>(expression: &'a Expression<'e>) -> Vec<&'a Expression<'e>> {
    if !expression.is_literal() && constant::is_constant(expression) {
        return vec![expression];
    }
    expression.parts().into_iter().flat_map(constants_in).collect()
}

fn look_at_uses(site: Site<'_, '_>, remarks: &mut Vec<Remark>) {
    let Some(call) = &site.step.call else { return };
    let UsesKind::Repository { owner, name, folder, reference } = call.uses.kind else { return };
    if folder.is_some_and(|folder| folder.split('/').any(|part| matches!(part, "" | "." | ".."))) {
        let message = "the path of the action has parts without meaning, which hide what it names";
        let straight = folder.and_then(|folder| joined("", folder)).map(|folder| {
            let folder = if folder.is_empty() { folder } else { format!("/{folder}") };
            format!("{owner}/{name}{folder}@{reference}")
        });
        let change = straight.map(|straight| Change {
            description: format!("Write `{straight}`."),
            safety: FixSafety::Safe,
            edits: vec![edit::replace(call.member.node.range, straight)],
        });
        remarks.push(Remark::new(RULE, place(call.member), message).in_step(site).confidence(Confidence::High).fix(change));
    }
    if let (true, Some(with)) = (site.step.has_opaque_inputs(), member(site.step.node, "with")) {
        let message = "all inputs come out of one expression: nobody sees here what they are";
        remarks.push(Remark::new(RULE, place(with), message).in_step(site).severity(Severity::Info));
    }
}
