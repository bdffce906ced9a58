//! Encodings. What `jsonencode` and `yamlencode` make keeps its structure, so that places and what is not known stay visible; it
//! becomes a text where one is needed.

use bartizan_source::document;
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{Call, Function, lenient, strict};
use crate::{Cause, Kind, Value, terraform::operation::of_json};

pub(super) static FUNCTIONS: &[Function] = &[
    lenient("jsonencode", structure),
    lenient("yamlencode", structure),
    strict("jsondecode", json_decode),
    strict("yamldecode", yaml_decode),
    strict("csvdecode", csv_decode),
    strict("base64encode", |call| call.made_text(call.text(0).map(|text| BASE64_STANDARD.encode(&*text)))),
    strict("base64decode", |call| {
        let decoded = call.text(0).and_then(|text| BASE64_STANDARD.decode(text.trim()).ok());
        call.made_text(decoded.and_then(|bytes| String::from_utf8(bytes).ok()))
    }),
    lenient("textencodebase64", |call| hashed(call, "textencodebase64")),
    lenient("textdecodebase64", |call| hashed(call, "textdecodebase64")),
    lenient("base64gzip", |call| hashed(call, "base64gzip")),
    strict("urlencode", |call| call.made_text(call.text(0).map(|text| url_encode(&text)))),
    lenient("base64sha256", |call| hashed(call, "base64sha256")),
    lenient("base64sha512", |call| hashed(call, "base64sha512")),
    lenient("md5", |call| hashed(call, "md5")),
    lenient("sha1", |call| hashed(call, "sha1")),
    lenient("sha256", |call| hashed(call, "sha256")),
    lenient("sha512", |call| hashed(call, "sha512")),
];

fn structure(call: &Call<'_, '_>) -> Value {
    call.argument(0).cloned().unwrap_or_else(|| call.invalid("an argument is missing"))
}

/// Nothing that is checked depends on the digits of a hash.
fn hashed(call: &Call<'_, '_>, name: &str) -> Value {
    Value::unknown(Cause::Function(name.into()), call.at)
}

fn json_decode(call: &Call<'_, '_>) -> Value {
    match call.argument(0) {
        Some(value @ Value { kind: Kind::Map(_) | Kind::List(_), .. }) => value.clone(),
        Some(value) => match value.text().and_then(|text| serde_json::from_str(text).ok()) {
            Some(json) => of_json(&json, call.at),
            None => call.invalid("the text is no JSON"),
        },
        None => call.invalid("an argument is missing"),
    }
}

fn yaml_decode(call: &Call<'_, '_>) -> Value {
    match call.argument(0) {
        Some(value @ Value { kind: Kind::Map(_) | Kind::List(_), .. }) => value.clone(),
        Some(value) => {
            let document =
                value.text().map(document::parse_yaml).filter(|document| !document.problems.iter().any(|problem| problem.is_cut));
            match document.and_then(|document| document.root.map(|root| at_one_place(&Value::of_node(&root, 0), call.at))) {
                Some(value) => value,
                None => call.invalid("the text is no YAML"),
            }
        }
        None => call.invalid("an argument is missing"),
    }
}

/// The same value, all of it at one place: the text that it was read from may stand nowhere.
fn at_one_place(value: &Value, at: crate::Place) -> Value {
    let kind = match &value.kind {
        Kind::List(items) => Kind::List(items.iter().map(|item| at_one_place(item, at)).collect()),
        Kind::Map(map) => {
            crate::terraform::operation::map_of(map.0.iter().map(|(name, member)| (name.clone(), at_one_place(&member.value, at))))
        }
        other => other.clone(),
    };
    Value::new(kind, at)
}

fn csv_decode(call: &Call<'_, '_>) -> Value {
    let Some(text) = call.text(0) else { return call.invalid("a text is needed") };
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).map(csv_fields);
    let Some(names) = lines.next() else { return Value::new(Kind::List([].into()), call.at) };
    let row = |fields: Vec<String>| {
        let members = names.iter().zip(fields).map(|(name, field)| (name.as_str().into(), Value::of_text(field, call.at)));
        Value::new(crate::terraform::operation::map_of(members), call.at)
    };
    Value::new(Kind::List(lines.map(row).collect()), call.at)
}

fn csv_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        let Some(field) = fields.last_mut() else { break };
        match character {
            '"' if is_quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => field.push(other),
        }
    }
    fields
}

fn url_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(char::from(byte)),
            b' ' => encoded.push('+'),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}
