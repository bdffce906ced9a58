//! Functions that make texts, or look into them.

use std::sync::Arc;

use base64::Engine as _;

use super::{Function, count, lenient, strict};
use crate::{
    Kind, Place, Value,
    terraform::{
        index_of,
        operation::{MAX_TEXT_BYTES, Text, of_json, text_of},
    },
};

pub(super) static FUNCTIONS: &[Function] = &[
    lenient("format", formatted),
    lenient("string", |arguments, at| match arguments {
        [value @ Value { kind: Kind::Unknown(_) | Kind::Null, .. }] => Some(value.clone()),
        [value] => Some(Value::of_text(text_of(value)?, at)),
        _ => None,
    }),
    strict("tolower", |arguments, at| Some(Value::of_text(text(arguments, 0)?.to_lowercase(), at))),
    strict("toupper", |arguments, at| Some(Value::of_text(text(arguments, 0)?.to_uppercase(), at))),
    strict("trim", |arguments, at| Some(Value::of_text(text(arguments, 0)?.trim(), at))),
    strict("replace", |arguments, at| {
        let (value, old, new) = (text(arguments, 0)?, text(arguments, 1)?, text(arguments, 2)?);
        let is_small = value.len().saturating_mul(new.len().max(1)) <= MAX_TEXT_BYTES;
        (!old.is_empty() && is_small).then(|| Value::of_text(value.replace(&*old, &new), at))
    }),
    strict("startswith", |arguments, at| {
        let (value, part) = (text(arguments, 0)?.to_lowercase(), text(arguments, 1)?.to_lowercase());
        Some(Value::new(Kind::Boolean(value.starts_with(&part)), at))
    }),
    strict("endswith", |arguments, at| {
        let (value, part) = (text(arguments, 0)?.to_lowercase(), text(arguments, 1)?.to_lowercase());
        Some(Value::new(Kind::Boolean(value.ends_with(&part)), at))
    }),
    strict("substring", substring),
    strict("padleft", |arguments, at| {
        let (value, width) = (text(arguments, 0)?, arguments.get(1)?.number().and_then(index_of)?);
        let filler = text(arguments, 2).and_then(|filler| filler.chars().next()).unwrap_or(' ');
        let n_missing = width.saturating_sub(value.chars().count());
        let padding = || std::iter::repeat_n(filler, n_missing).collect::<String>();
        (width <= MAX_TEXT_BYTES / 4).then(|| Value::of_text(format!("{}{value}", padding()), at))
    }),
    strict("split", split),
    strict("join", |arguments, at| {
        let separator = text(arguments, 1)?;
        let mut joined = Text::default();
        let items = arguments.first().filter(|items| matches!(items.kind, Kind::List(_)))?;
        for (number, item) in items.items().iter().enumerate() {
            if 0 < number {
                joined.push_str(&separator);
            }
            joined.push(item);
        }
        Some(joined.finish(at))
    }),
    strict("json", |arguments, at| {
        let json: serde_json::Value = serde_json::from_str(&text(arguments, 0)?).ok()?;
        Some(of_json(&json, at))
    }),
    strict("base64", |arguments, at| {
        let text = text(arguments, 0)?;
        Some(Value::of_text(base64::engine::general_purpose::STANDARD.encode(text.as_bytes()), at))
    }),
    strict("base64tostring", |arguments, at| Some(Value::of_text(decoded(arguments)?, at))),
    strict("base64tojson", |arguments, at| Some(of_json(&serde_json::from_str(&decoded(arguments)?).ok()?, at))),
    strict("uri", |arguments, at| {
        let (base, path) = (text(arguments, 0)?, text(arguments, 1)?);
        let folder = if base.ends_with('/') { &*base } else { base.get(..=base.rfind('/')?)? };
        Some(Value::of_text(format!("{folder}{}", path.trim_start_matches('/')), at))
    }),
    strict("uricomponent", |arguments, at| {
        let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        let encoded = |byte: u8| if is_plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        Some(Value::of_text(text(arguments, 0)?.bytes().map(encoded).collect::<String>(), at))
    }),
    strict("indexof", |arguments, at| found(arguments, at, |value, part| value.find(part))),
    strict("lastindexof", |arguments, at| found(arguments, at, |value, part| value.rfind(part))),
];

fn text(arguments: &[Value], index: usize) -> Option<Arc<str>> {
    text_of(arguments.get(index)?)
}

/// `{0}` stands for the first argument.
fn formatted(arguments: &[Value], at: Place) -> Option<Value> {
    let (pattern, arguments) = arguments.split_first()?;
    let pattern = pattern.text()?;
    let mut text = Text::default();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        // Two braces are one.
        if let Some(after) = after.strip_prefix('{') {
            text.push_str("{");
            rest = after;
            continue;
        }
        let Some((index, behind)) = after.split_once('}') else { break };
        let number = index.split([':', ',']).next().and_then(|index| index.parse::<usize>().ok());
        if let Some(argument) = number.and_then(|number| arguments.get(number)) {
            text.push(argument);
        }
        rest = behind;
    }
    text.push_str(&rest.replace("}}", "}"));
    Some(text.finish(at))
}

fn substring(arguments: &[Value], at: Place) -> Option<Value> {
    let value = text(arguments, 0)?;
    let start = arguments.get(1)?.number().and_then(index_of)?;
    let length = match arguments.get(2) {
        Some(length) => length.number().and_then(index_of)?,
        None => usize::MAX,
    };
    Some(Value::of_text(value.chars().skip(start).take(length).collect::<String>(), at))
}

/// By one separator or by several.
fn split(arguments: &[Value], at: Place) -> Option<Value> {
    let value = text(arguments, 0)?;
    let separators: Vec<Arc<str>> = match arguments.get(1)? {
        several @ Value { kind: Kind::List(_), .. } => several.items().iter().filter_map(text_of).collect(),
        one => vec![text_of(one)?],
    };
    let mut parts: Vec<&str> = vec![&value];
    for separator in separators.iter().filter(|separator| !separator.is_empty()) {
        parts = parts.into_iter().flat_map(|part| part.split(&**separator)).collect();
    }
    Some(Value::new(Kind::List(parts.into_iter().map(|part| Value::of_text(part, at)).collect()), at))
}

/// Where a text stands in another, or an item in a list; -1 if it does not.
fn found(arguments: &[Value], at: Place, find: fn(&str, &str) -> Option<usize>) -> Option<Value> {
    let position = match arguments.first()? {
        list @ Value { kind: Kind::List(_), .. } => {
            let wanted = arguments.get(1)?;
            list.items().iter().position(|item| item.kind == wanted.kind)
        }
        _ => {
            let (value, part) = (text(arguments, 0)?.to_lowercase(), text(arguments, 1)?.to_lowercase());
            find(&value, &part).map(|offset| value.get(..offset).map_or(0, |before| before.chars().count()))
        }
    };
    Some(position.map_or_else(|| Value::new(Kind::Number(-1.0), at), |position| count(position, at)))
}

fn decoded(arguments: &[Value]) -> Option<String> {
    let bytes = base64::engine::general_purpose::STANDARD.decode(text(arguments, 0)?.trim().as_bytes()).ok()?;
    String::from_utf8(bytes).ok()
}
