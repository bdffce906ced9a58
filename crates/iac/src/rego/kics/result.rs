//! From a result of a query to a finding.

use std::sync::LazyLock;

use bartizan_core::{ByteRange, LineIndex};
use regex::Regex;
use serde_json::Value as Json;

use super::{
    Answer,
    document::{Document, Form},
    ini,
    query::Query,
};
use crate::{Place, project::Project, report::Draft};

static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"%!s\((?:int|float64)=([0-9.]+)\)").ok());

/// Messages are cut after so many characters.
const MAX_MESSAGE_CHARS: usize = 400;

/// What a result says; nothing if it names no document.
pub(super) fn understood(result: &Json, query: &Query, documents: &[&Document<'_>], project: &Project<'_>) -> Option<Answer> {
    let text = |name: &str| result.get(name).map(as_text).unwrap_or_default();
    let number = text("documentId").parse::<usize>().ok()?;
    let document = documents.get(number)?;
    let key = text("overrideKey");
    let about = query.about.iter().position(|about| about.key == key).unwrap_or(0);
    let (search_key, expected, actual) = (text("searchKey"), text("keyExpectedValue"), text("keyActualValue"));
    let line = line_of(result, &search_key, document, project);
    // A query may name a number as if it was a text.
    let plain = |text: String| NUMBER.as_ref().map_or(text.clone(), |pattern| pattern.replace_all(&text, "$1").into_owned());
    let (expected, actual) = (plain(expected), plain(actual));
    let message = match (actual.is_empty(), expected.is_empty()) {
        (false, false) => format!("{}; expected: {expected}", actual.trim_end_matches('.')),
        (false, true) => actual,
        (true, _) => expected,
    };
    let message: String = message.trim_end_matches('.').chars().take(MAX_MESSAGE_CHARS).collect();
    let identity = vec![search_key, text("searchValue"), text("issueType")];
    Some(Answer { about, document: number, line, message, identity })
}

/// The line of a result, from 0: that of its path, else that of its key, else the first.
fn line_of(result: &Json, search_key: &str, document: &Document<'_>, project: &Project<'_>) -> usize {
    let Some(file) = project.files.get(document.file as usize) else { return 0 };
    let path: Option<Vec<String>> = result.get("searchLine").and_then(Json::as_array).map(|path| path.iter().map(as_text).collect());
    if let Some(path) = path {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        // That of no path is the first.
        if path.is_empty() {
            return 0;
        }
        if let Some(offset) = document.offset_of(&path) {
            return file.text.get(..offset).unwrap_or_default().matches('\n').count();
        }
    }
    let search_key = if matches!(document.form, Form::Inventory) { ini::search_key(search_key) } else { search_key.to_owned() };
    document.lines(file.text).find(&search_key).unwrap_or(0)
}

fn as_text(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// The finding of an answer, at its line.
pub(super) fn draft(answer: &Answer, document: &Document<'_>, project: &Project<'_>) -> Option<Draft> {
    let file = project.files.get(document.file as usize)?;
    let lines = LineIndex::new(file.text);
    let range = lines.line_range(file.text, u32::try_from(answer.line + 1).unwrap_or(u32::MAX));
    let line = file.text.get(range.start()..range.end()).unwrap_or_default();
    let start = range.start() + (line.len() - line.trim_start().len());
    let range = ByteRange::new(start, start + line.trim().len());
    let mut draft = Draft::new("", answer.message.clone(), project.location(Place::new(document.file, range))?);
    draft.identity = answer.identity.clone();
    Some(draft)
}
