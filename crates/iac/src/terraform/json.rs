//! Reads the JSON syntax of Terraform's language into the same tree. "JSON Configuration Syntax" of its documentation.

use std::sync::Arc;

use bartizan_core::ByteRange;
use bartizan_source::document::{JsonDialect, Member, Node, Value, parse_json};

use super::{
    parse::{Parsed, SyntaxProblem},
    syntax::{Attribute, Block, Body, Expression, ExpressionKind, Part, Span},
    template,
};

/// Reads a file; one that gives values has attributes only.
pub(super) fn parse(text: &str, is_values: bool) -> Parsed {
    let document = parse_json(text, JsonDialect::Strict);
    let mut reader = Reader { problems: Vec::new() };
    let mut body = Body::default();
    for member in document.root.as_ref().map(Node::members).unwrap_or_default() {
        if is_values {
            body.attributes.push(reader.attribute(member));
            continue;
        }
        // How many labels each kind of block has.
        let n_labels = match member.name.as_ref() {
            "resource" | "data" | "ephemeral" => 2,
            "module" | "variable" | "output" | "provider" => 1,
            "locals" | "terraform" | "moved" | "import" | "removed" => 0,
            _ => continue,
        };
        reader.blocks(member, &member.node, n_labels, &mut Vec::new(), &mut body);
    }
    let problems = document.problems.into_iter().map(|problem| SyntaxProblem { span: span(problem.range), message: problem.message });
    Parsed { body, problems: problems.chain(reader.problems).collect() }
}

struct Reader {
    problems: Vec<SyntaxProblem>,
}

impl Reader {
    /// Goes down the labels; at the end is a body, or a list of bodies.
    fn blocks(&mut self, kind: &Member<'_>, node: &Node<'_>, n_labels: usize, labels: &mut Vec<(Arc<str>, ByteRange)>, into: &mut Body) {
        match &node.value {
            Value::List(items) => items.iter().for_each(|item| self.blocks(kind, item, n_labels, labels, into)),
            Value::Map(members) if labels.len() < n_labels => {
                for member in members {
                    labels.push((member.name.as_ref().into(), member.name_range));
                    self.blocks(kind, &member.node, n_labels, labels, into);
                    labels.pop();
                }
            }
            Value::Map(members) => {
                let header = labels.last().map_or(kind.name_range, |(_, range)| *range);
                let whole = Span { start: span(header).start, end: span(node.range).end };
                let attributes = members.iter().filter(|member| member.name != "//").map(|member| self.attribute(member)).collect();
                into.blocks.push(Block {
                    kind: kind.name.as_ref().into(),
                    labels: labels.iter().map(|(label, _)| Arc::clone(label)).collect(),
                    header: span(header),
                    span: whole,
                    body: Body { attributes, blocks: Vec::new() },
                });
            }
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) => {
                self.problems.push(SyntaxProblem { span: span(node.range), message: "expected an object".to_owned() });
            }
        }
    }

    fn attribute(&mut self, member: &Member<'_>) -> Attribute {
        Attribute { name: member.name.as_ref().into(), name_span: span(member.name_range), value: self.expression(&member.node) }
    }

    fn expression(&mut self, node: &Node<'_>) -> Expression {
        let kind = match &node.value {
            Value::Null => ExpressionKind::Null,
            Value::Boolean(is_true) => ExpressionKind::Boolean(*is_true),
            Value::Number(number) => number.parse().map_or(ExpressionKind::Invalid, ExpressionKind::Number),
            Value::Text(text) => self.template(text, node),
            Value::List(items) => ExpressionKind::List(items.iter().map(|item| self.expression(item)).collect()),
            Value::Map(members) => {
                let member = |member: &Member<'_>| {
                    let key = Expression { span: span(member.name_range), kind: ExpressionKind::Text(member.name.as_ref().into()) };
                    (key, self.expression(&member.node))
                };
                ExpressionKind::Object(members.iter().map(member).collect())
            }
        };
        Expression { span: span(node.range), kind }
    }

    /// Texts are templates. Places within are those of the text as a whole: it may hold escapes.
    fn template(&mut self, text: &str, node: &Node<'_>) -> ExpressionKind {
        if !text.contains("${") && !text.contains("%{") {
            return ExpressionKind::Text(text.into());
        }
        let start = node.range.start().saturating_add(1);
        let (mut parts, problems) = template::parse(text, start, false, 0);
        self.problems.extend(problems.into_iter().map(|problem| SyntaxProblem { span: span(node.range), ..problem }));
        match (parts.pop(), parts.is_empty()) {
            (Some(Part::Expression(inner)), true) => inner.kind,
            (last, _) => ExpressionKind::Template(parts.into_iter().chain(last).collect()),
        }
    }
}

fn span(range: ByteRange) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: offset(range.start()), end: offset(range.end()) }
}
