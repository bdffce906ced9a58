//! Expressions in which names are replaced by what they are taken for.

use std::{collections::HashMap, sync::Arc};

use crate::terraform::syntax::{Expression, ExpressionKind, For, Part, Step};

/// Names with a value of their own; all others are names of resources and of what is around a block.
const KNOWN: &[&str] = &["var", "local", "data"];

/// The expression with names of resources replaced by their source: `aws_s3_bucket.logs.arn` is that text.
pub(super) fn names_as_texts(expression: &Expression, source: &str) -> Expression {
    let replace = |expression: &Expression, bound: &[Arc<str>]| {
        let root = root_of(expression)?;
        if KNOWN.contains(&root) || bound.iter().any(|name| &**name == root) {
            return None;
        }
        let text = source.get(expression.span.start as usize..expression.span.end as usize)?;
        Some(ExpressionKind::Text(text.into()))
    };
    rewritten(expression, &replace, &mut Vec::new())
}

/// The expression with the attribute `json` of documents of policies replaced; nothing if there is none in it.
pub(super) fn policies_as_texts(expression: &Expression, policies: &HashMap<String, String>) -> Option<Expression> {
    let is_replaced = std::cell::Cell::new(false);
    let replace = |expression: &Expression, _: &[Arc<str>]| {
        let ExpressionKind::Attribute(of, name) = &expression.kind else { return None };
        let ExpressionKind::Attribute(of, document) = &of.kind else { return None };
        let ExpressionKind::Attribute(of, kind) = &of.kind else { return None };
        let is_document = &**name == "json" && &**kind == "aws_iam_policy_document";
        let is_data = matches!(&of.kind, ExpressionKind::Name(root) if &**root == "data");
        let text = policies.get(&**document).filter(|_| is_document && is_data)?;
        is_replaced.set(true);
        Some(ExpressionKind::Text(text.as_str().into()))
    };
    let rewritten = rewritten(expression, &replace, &mut Vec::new());
    is_replaced.get().then_some(rewritten)
}

/// The name that a path of attributes and indices starts with.
fn root_of(expression: &Expression) -> Option<&str> {
    match &expression.kind {
        ExpressionKind::Name(name) => Some(name),
        ExpressionKind::Attribute(of, _) | ExpressionKind::Index(of, _) | ExpressionKind::Splat(of, _) => root_of(of),
        _ => None,
    }
}

/// What is put in the place of an expression, given the names that comprehensions around it bind.
type Replace<'r> = &'r dyn Fn(&Expression, &[Arc<str>]) -> Option<ExpressionKind>;

fn rewritten(expression: &Expression, replace: Replace<'_>, bound: &mut Vec<Arc<str>>) -> Expression {
    let kind = replace(expression, bound).unwrap_or_else(|| kind(&expression.kind, replace, bound));
    Expression { span: expression.span, kind }
}

fn kind(kind: &ExpressionKind, replace: Replace<'_>, bound: &mut Vec<Arc<str>>) -> ExpressionKind {
    let mut one = |expression: &Expression| rewritten(expression, replace, bound);
    match kind {
        ExpressionKind::Template(parts) => ExpressionKind::Template(parts.iter().map(|part| in_part(part, replace, bound)).collect()),
        ExpressionKind::List(items) => ExpressionKind::List(items.iter().map(one).collect()),
        ExpressionKind::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                // A key that is one word is a text.
                let key = if root_of(key).is_some() { key.clone() } else { one(key) };
                (key, one(value))
            });
            ExpressionKind::Object(members.collect())
        }
        ExpressionKind::Attribute(of, name) => ExpressionKind::Attribute(Box::new(one(of)), Arc::clone(name)),
        ExpressionKind::Index(of, index) => ExpressionKind::Index(Box::new(one(of)), Box::new(one(index))),
        ExpressionKind::Splat(of, steps) => {
            let steps = steps.iter().map(|step| match step {
                Step::Attribute(name) => Step::Attribute(Arc::clone(name)),
                Step::Index(index) => Step::Index(one(index)),
            });
            let steps = steps.collect();
            ExpressionKind::Splat(Box::new(one(of)), steps)
        }
        ExpressionKind::Call(name, arguments, is_spread) => {
            ExpressionKind::Call(Arc::clone(name), arguments.iter().map(one).collect(), *is_spread)
        }
        ExpressionKind::For(comprehension) => ExpressionKind::For(Box::new(comprehended(comprehension, replace, bound))),
        ExpressionKind::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            ExpressionKind::Conditional(Box::new([one(condition), one(then), one(otherwise)]))
        }
        ExpressionKind::Unary(operator, operand) => ExpressionKind::Unary(*operator, Box::new(one(operand))),
        ExpressionKind::Binary(operator, sides) => {
            let [left, right] = &**sides;
            ExpressionKind::Binary(*operator, Box::new([one(left), one(right)]))
        }
        ExpressionKind::Null
        | ExpressionKind::Boolean(_)
        | ExpressionKind::Number(_)
        | ExpressionKind::Text(_)
        | ExpressionKind::Name(_)
        | ExpressionKind::Invalid => kind.clone(),
    }
}

fn comprehended(comprehension: &For, replace: Replace<'_>, bound: &mut Vec<Arc<str>>) -> For {
    let collection = rewritten(&comprehension.collection, replace, bound);
    let n_before = bound.len();
    bound.extend(comprehension.key.clone());
    bound.push(Arc::clone(&comprehension.value));
    let inner = For {
        collection,
        result_key: comprehension.result_key.as_ref().map(|key| rewritten(key, replace, bound)),
        result: rewritten(&comprehension.result, replace, bound),
        condition: comprehension.condition.as_ref().map(|condition| rewritten(condition, replace, bound)),
        ..comprehension.clone()
    };
    bound.truncate(n_before);
    inner
}

fn in_part(part: &Part, replace: Replace<'_>, bound: &mut Vec<Arc<str>>) -> Part {
    match part {
        Part::Text(text) => Part::Text(Arc::clone(text)),
        Part::Expression(expression) => Part::Expression(rewritten(expression, replace, bound)),
        Part::If(condition, then, otherwise) => {
            let condition = rewritten(condition, replace, bound);
            let then = then.iter().map(|part| in_part(part, replace, bound)).collect();
            Part::If(condition, then, otherwise.iter().map(|part| in_part(part, replace, bound)).collect())
        }
        Part::For(key, value, collection, parts) => {
            let collection = rewritten(collection, replace, bound);
            let n_before = bound.len();
            bound.extend(key.clone());
            bound.push(Arc::clone(value));
            let parts = parts.iter().map(|part| in_part(part, replace, bound)).collect();
            bound.truncate(n_before);
            Part::For(key.clone(), Arc::clone(value), collection, parts)
        }
    }
}
