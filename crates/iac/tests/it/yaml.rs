//! Documents of YAML, to compare.

use bartizan_source::document::{Node, Value, parse_yaml_stream};

/// All documents of a text.
pub(crate) fn shown(text: &str) -> String {
    documents(text).join("\n---\n")
}

/// The documents of a text that are not empty, written so that what is the same looks the same.
pub(crate) fn documents(text: &str) -> Vec<String> {
    let stream = parse_yaml_stream(text);
    stream.roots.iter().filter(|node| node.value != Value::Null).map(show).collect()
}

fn show(node: &Node<'_>) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Boolean(is) => is.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",\n")),
        Value::Map(members) => {
            let mut members: Vec<String> = members.iter().map(|member| format!("{}: {}", member.name, show(&member.node))).collect();
            members.sort();
            format!("{{{}}}", members.join(",\n"))
        }
    }
}

/// The first line that differs.
pub(crate) fn first_difference(expected: &str, found: &str) -> String {
    let lines = expected.lines().zip(found.lines().chain(std::iter::repeat("")));
    lines
        .into_iter()
        .find(|(a, b)| a != b)
        .map_or_else(|| "more is there".to_owned(), |(a, b)| format!("expected {a:.200} but is {b:.200}"))
}
