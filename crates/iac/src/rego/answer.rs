//! What a rule answers, in any of the forms that policies use, and the finding that it is.
//!
//! ```text
//! "a message"    {"msg": "…", …}    ["…", {"msg": "…"}]    true
//! {"msg": "…", "startline": 3, "endline": 5, "filepath": "…"}        result.new of Trivy
//! {"msg": "…", "_loc": {"line": 3}}                                  conftest
//! ```
//!
//! An answer that does not say where is shown at what its message names in quotes, if that stands in the document once; else at the
//! beginning of the document.

use serde_json::Value as Json;

use super::input::Document;
use crate::{Kind, Place, Value, project::Project, report::Draft, rule::IacRule, secrecy};

/// The longest message that is shown, in characters.
const MAX_MESSAGE: usize = 600;
/// Words in quotes that are looked for.
const MAX_WORDS: usize = 8;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Answer {
    /// What, in the policy's words; empty if it has none.
    pub(super) message: String,
    /// The first and the last line, from 1, if it says where.
    pub(super) lines: Option<(u32, u32)>,
}

/// All that is wrong by the value of a rule.
pub(super) fn all(value: &Json) -> Vec<Answer> {
    match value {
        Json::Array(items) => items.iter().flat_map(all).collect(),
        Json::String(message) => vec![Answer { message: message.clone(), lines: None }],
        Json::Bool(true) => vec![Answer::default()],
        Json::Object(members) if members.contains_key("msg") || members.contains_key("message") => vec![one(value)],
        // A set in the form of a map: `deny[message] if { … }`.
        Json::Object(members) => {
            let said = members.iter().filter(|(_, value)| **value == Json::Bool(true));
            said.map(|(message, _)| match serde_json::from_str::<Json>(message) {
                Ok(inner @ Json::Object(_)) => one(&inner),
                Ok(_) | Err(_) => Answer { message: message.clone(), lines: None },
            })
            .collect()
        }
        Json::Null | Json::Bool(false) | Json::Number(_) => Vec::new(),
    }
}

fn one(value: &Json) -> Answer {
    let message = value.get("msg").or_else(|| value.get("message")).unwrap_or(&Json::Null);
    let message = match message {
        Json::String(text) => text.clone(),
        // As for Gatekeeper.
        Json::Object(_) => one(message).message,
        other => other.to_string(),
    };
    let number = |value: &Json, name: &str| {
        value.get(name).and_then(Json::as_u64).and_then(|line| u32::try_from(line).ok()).filter(|line| 0 < *line)
    };
    let of_trivy = number(value, "startline").map(|first| (first, number(value, "endline").unwrap_or(first)));
    let of_conftest = || value.get("_loc").and_then(|place| number(place, "line")).map(|line| (line, line));
    Answer { message, lines: of_trivy.or_else(of_conftest) }
}

/// The finding that an answer about a document is.
pub(super) fn draft(answer: &Answer, rule: &IacRule, document: &Document, project: &Project<'_>) -> Option<Draft> {
    let whole = document.value.place;
    let location = match answer.lines {
        Some((first, last)) => project.lines_at(whole.file, first, last)?,
        None => {
            let place = named_in(&answer.message, &document.value).unwrap_or(whole);
            let file = project.files.get(place.file as usize)?;
            let line = file.lines().line(place.range().start());
            if place == whole { project.lines_at(whole.file, line, line)? } else { project.location(place)? }
        }
    };
    // What a policy says of a value may be the value.
    let is_secret = secrecy::credential_in(&answer.message).is_some();
    let message = if answer.message.is_empty() || is_secret { rule.title.clone() } else { shortened(&answer.message) };
    let mut draft = Draft::new("", message.clone(), location);
    draft.identity = vec![document.name.clone(), message];
    draft.span = project.location(whole);
    draft.reason = rule.title.clone();
    Some(draft)
}

fn shortened(message: &str) -> String {
    let words: Vec<&str> = message.split_whitespace().collect();
    let message = words.join(" ");
    let message = message.trim_end_matches('.');
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}…", message.get(..end).unwrap_or_default()),
        None => message.to_owned(),
    }
}

/// The only place of the first word in quotes that a document has in one place.
fn named_in(message: &str, value: &Value) -> Option<Place> {
    quoted(message).take(MAX_WORDS).find_map(|word| {
        let mut places = Vec::new();
        places_of(word, value, &mut places);
        match places.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    })
}

/// The words in quotes, in order.
fn quoted(message: &str) -> impl Iterator<Item = &str> {
    let mut rest = message;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(['\'', '"', '`', '[', '<'])?;
            let open = rest.get(start..)?.chars().next()?;
            let close = match open {
                '[' => ']',
                '<' => '>',
                same => same,
            };
            let after = rest.get(start + 1..)?;
            let Some(length) = after.find(close) else {
                rest = after;
                continue;
            };
            let word = after.get(..length)?;
            rest = after.get(length + 1..).unwrap_or_default();
            if 1 < word.len() {
                return Some(word);
            }
        }
    })
}

/// The places of a name or a text. A map that has the name in `name` is where that stands.
fn places_of(word: &str, value: &Value, into: &mut Vec<Place>) {
    match &value.kind {
        Kind::Text(text) if &**text == word => into.push(value.place),
        Kind::List(items) => items.iter().for_each(|item| places_of(word, item, into)),
        Kind::Map(map) => {
            for (name, member) in &map.0 {
                if &**name == word {
                    into.push(member.name);
                } else {
                    places_of(word, &member.value, into);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_of_an_answer_is_understood() {
        let messages = |value: Json| all(&value).into_iter().map(|answer| answer.message).collect::<Vec<_>>();
        assert_eq!(messages(json!("x")), ["x"]);
        assert_eq!(messages(json!(["x", {"msg": "y"}])), ["x", "y"]);
        assert_eq!(messages(json!({"x": true, "y": false})), ["x"]);
        assert_eq!(messages(json!({"msg": {"msg": "x"}})), ["x"]);
        assert_eq!(messages(json!(true)), [""]);
        assert_eq!(messages(json!([])), [""; 0]);
        let lines = |value: Json| all(&value).first().and_then(|answer| answer.lines);
        assert_eq!(lines(json!({"msg": "x", "startline": 3, "endline": 5})), Some((3, 5)));
        assert_eq!(lines(json!({"msg": "x", "startline": 0, "endline": 0})), None);
        assert_eq!(lines(json!({"msg": "x", "_loc": {"line": 4}})), Some((4, 4)));
    }

    #[test]
    fn words_in_quotes_are_found() {
        assert_eq!(quoted("Container 'a' of [b c] and `d-e`, it's \"f g\"").collect::<Vec<_>>(), ["b c", "d-e", "f g"]);
    }
}
