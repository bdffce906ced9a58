//! Edits of YAML that keep everything else as it is: comments, order, quotes.

use bartizan_core::ByteRange;
use bartizan_source::document::{Member, Node};

use super::definition::member;

/// Adds `name: value` to the map `key` of a block map; the map is made before the member `before` where there is none.
///
/// Nothing where the maps are written with braces, or the value is something else.
pub(crate) fn add_to_map(
    text: &str,
    node: &Node<'_>,
    key: &str,
    name: &str,
    value: &str,
    before: &Member<'_>,
) -> Option<(ByteRange, String)> {
    if is_flow(text, node) {
        return None;
    }
    match member(node, key) {
        Some(existing) => {
            let first = existing.node.members().first().filter(|_| !is_flow(text, &existing.node))?;
            // What an alias names stands elsewhere, and is of others, too.
            if existing.node.range.start() < existing.name_range.start() || member(&existing.node, name).is_some() {
                return None;
            }
            let indent = indent_of(text, first.name_range.start())?;
            Some((at(first.name_range.start()), format!("{name}: {value}\n{indent}")))
        }
        None => {
            let start = before.name_range.start();
            let indent = indent_of(text, start)?;
            Some((at(start), format!("{key}:\n{indent}  {name}: {value}\n{indent}")))
        }
    }
}

/// Adds `name: value` to the map `key` of a block map, or the map behind the member `after`.
pub(crate) fn add_behind(
    text: &str,
    node: &Node<'_>,
    key: &str,
    name: &str,
    value: &str,
    after: &Member<'_>,
) -> Option<(ByteRange, String)> {
    if member(node, key).is_some() {
        return add_to_map(text, node, key, name, value, after);
    }
    if is_flow(text, node) {
        return None;
    }
    let indent = indent_of(text, after.name_range.start())?;
    let end = end_of_line(text, after.node.range.end());
    Some((at(end), format!("\n{indent}{key}:\n{indent}  {name}: {value}")))
}

/// A line before a member of a block map.
pub(crate) fn line_before(text: &str, member: &Member<'_>, line: &str) -> Option<(ByteRange, String)> {
    let start = member.name_range.start();
    Some((at(start), format!("{line}\n{}", indent_of(text, start)?)))
}

/// Takes the line of a member out of a block map that has others.
pub(crate) fn without(text: &str, map: &Node<'_>, member: &Member<'_>) -> Option<(ByteRange, String)> {
    if is_flow(text, map) || map.members().len() < 2 {
        return None;
    }
    let start = text.get(..member.name_range.start())?.rfind('\n').map_or(0, |at| at + 1);
    // The first member may stand behind `- `.
    if !text.get(start..member.name_range.start())?.trim().is_empty() {
        return None;
    }
    let end = end_of_line(text, member.node.range.end());
    Some((ByteRange::new(start, (end + 1).min(text.len())), String::new()))
}

/// Replaces a value.
pub(crate) fn replace(range: ByteRange, replacement: impl Into<String>) -> (ByteRange, String) {
    (range, replacement.into())
}

/// Whether a map is written with braces.
pub(crate) fn is_flow(text: &str, node: &Node<'_>) -> bool {
    text.as_bytes().get(node.range.start()).is_none_or(|byte| *byte == b'{')
}

/// The end of the line that an offset is in.
pub(crate) fn end_of_line(text: &str, offset: usize) -> usize {
    // A block text ends behind its last line.
    let offset = if text.get(..offset).is_some_and(|before| before.ends_with('\n')) { offset.saturating_sub(1) } else { offset };
    text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| offset + at)
}

fn at(offset: usize) -> ByteRange {
    ByteRange::new(offset, offset)
}

/// Blanks as wide as what stands before an offset in its line; nothing where there are tabs.
fn indent_of(text: &str, offset: usize) -> Option<String> {
    let line = text.get(..offset)?.rsplit('\n').next()?;
    (!line.contains('\t') && line.chars().all(|c| c == ' ' || c == '-')).then(|| " ".repeat(line.len()))
}
