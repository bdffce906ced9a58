//! Instructions as BuildKit's parser tells them to others: name, flags, values, lines. Policies know this form.

use bartizan_core::LineIndex;

use super::{file, instruction::Instruction};
use crate::{Kind, Place, Value};

/// The commands of a Dockerfile, in order: `{"Cmd": "run", "SubCmd": "", "JSON": false, "Flags": [], "Value": ["apk add x"],
/// "Stage": 0, "StartLine": 2, "EndLine": 2, "Original": "RUN apk add x"}`.
pub(crate) fn commands(text: &str, file: u32) -> Value {
    let lines = LineIndex::new(text);
    let parsed = file::parse(text);
    let commands = parsed.instructions.iter().map(|instruction| command(instruction, text, &lines, file)).collect();
    let whole = Place::new(file, bartizan_core::ByteRange::new(0, text.len()));
    Value::new(Kind::List(commands), whole)
}

fn command(instruction: &Instruction<'_>, text: &str, lines: &LineIndex, file: u32) -> Value {
    let place = Place::new(file, instruction.range);
    let texts = |texts: Vec<String>| Value::new(Kind::List(texts.into_iter().map(|text| Value::of_text(text, place)).collect()), place);
    let number = |number: u32| Value::new(Kind::Number(f64::from(number)), place);
    let keyword = instruction.keyword.to_ascii_lowercase();
    let (name, inner) = if instruction.is_on_build { ("onbuild".to_owned(), keyword) } else { (keyword, String::new()) };
    let flags = instruction.flags.iter().map(|flag| format!("--{}={}", flag.name, flag.value)).collect();
    let range = instruction.range;
    let last = lines.line(range.end().saturating_sub(1).max(range.start()));
    let stage = instruction.stage.and_then(|stage| u32::try_from(stage).ok()).unwrap_or_default();
    Value::of_members(
        [
            ("Cmd", Value::of_text(name, place)),
            ("SubCmd", Value::of_text(inner, place)),
            ("JSON", Value::new(Kind::Boolean(instruction.is_exec), place)),
            ("Flags", texts(flags)),
            ("Value", texts(values(instruction))),
            ("Stage", number(stage)),
            ("StartLine", number(lines.line(range.start()))),
            ("EndLine", number(last)),
            ("Original", Value::of_text(text.get(range.start()..range.end()).unwrap_or_default().trim_end(), place)),
        ],
        place,
    )
}

/// The words of an instruction, or all that a shell gets in one.
fn values(instruction: &Instruction<'_>) -> Vec<String> {
    let words = || instruction.words.iter().map(|word| word.text.clone());
    if instruction.is_exec && instruction.keyword != "HEALTHCHECK" {
        return words().collect();
    }
    let value = instruction.value.trim();
    match instruction.keyword {
        "RUN" if !instruction.documents.is_empty() && value.starts_with("<<") => {
            instruction.documents.iter().map(|document| document.text.to_owned()).collect()
        }
        "RUN" | "CMD" | "ENTRYPOINT" | "SHELL" | "WORKDIR" | "USER" | "STOPSIGNAL" | "MAINTAINER" => vec![value.to_owned()],
        "ENV" | "LABEL" => words().flat_map(pair).collect(),
        "ARG" => words().collect(),
        "HEALTHCHECK" => match value.split_once(char::is_whitespace) {
            Some((kind, command)) => vec![kind.to_owned(), command.trim().to_owned()],
            None => vec![value.to_owned()],
        },
        _ => value.split_whitespace().map(str::to_owned).collect(),
    }
}

/// Name, value and what joins them.
fn pair(word: String) -> [String; 3] {
    match word.split_once('=') {
        Some((name, value)) => [name.to_owned(), value.to_owned(), "=".to_owned()],
        None => [word, String::new(), String::new()],
    }
}
