//! Where a path of names and numbers leads in a file: `resource`, `aws_s3_bucket`, `logs`, `versioning`, `enabled`.

use crate::terraform::{
    Source,
    syntax::{Block, Body, Expression, ExpressionKind},
};

/// The offset of what a path names: of the name of an attribute, the first word of a block, or an element of a list.
pub(crate) fn offset_of(source: &Source, path: &[&str]) -> Option<u32> {
    in_body(&source.body, path)
}

fn in_body(body: &Body, path: &[&str]) -> Option<u32> {
    let (name, rest) = path.split_first()?;
    if let Some(attribute) = body.attribute(name) {
        return if rest.is_empty() { Some(attribute.name_span.start) } else { in_expression(&attribute.value, rest) };
    }
    let has_labels =
        |block: &&Block| block.labels.len() <= rest.len() && block.labels.iter().zip(rest).all(|(label, part)| **label == **part);
    let blocks: Vec<&Block> = body.blocks_of(name).filter(has_labels).collect();
    let rest = rest.get(blocks.first()?.labels.len()..)?;
    match rest.split_first() {
        None => blocks.last().map(|block| block.span.start),
        Some((index, rest)) => match index.parse::<usize>() {
            Ok(index) => {
                let block = blocks.get(index)?;
                if rest.is_empty() { Some(block.span.start) } else { in_body(&block.body, rest) }
            }
            Err(_) => blocks.iter().find_map(|block| in_body(&block.body, path.get(path.len() - rest.len() - 1..)?)),
        },
    }
}

fn in_expression(expression: &Expression, path: &[&str]) -> Option<u32> {
    let (name, rest) = path.split_first()?;
    match &expression.kind {
        ExpressionKind::Object(members) => {
            let (key, value) = members.iter().find(|(key, _)| key.text() == Some(name))?;
            if rest.is_empty() { Some(key.span.start) } else { in_expression(value, rest) }
        }
        ExpressionKind::List(items) => {
            let item = items.get(name.parse::<usize>().ok()?)?;
            if rest.is_empty() { Some(item.span.start) } else { in_expression(item, rest) }
        }
        _ => None,
    }
}
