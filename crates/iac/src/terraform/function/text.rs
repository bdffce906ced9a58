//! Texts.

use std::sync::Arc;

use super::{Call, Function, lenient, strict};
use crate::{
    Kind, Value,
    terraform::evaluate::index_of,
    terraform::operation::{Text, map_of, text_of},
};

pub(super) static FUNCTIONS: &[Function] = &[
    strict("chomp", |call| one(call, |text| text.trim_end_matches(['\n', '\r']).to_owned())),
    strict("lower", |call| one(call, str::to_lowercase)),
    strict("upper", |call| one(call, str::to_uppercase)),
    strict("title", |call| one(call, title)),
    strict("trimspace", |call| one(call, |text| text.trim().to_owned())),
    strict("strrev", |call| one(call, |text| text.chars().rev().collect())),
    strict("indent", indent),
    strict("trim", |call| two(call, |text, cut| text.trim_matches(|c| cut.contains(c)).to_owned())),
    strict("trimprefix", |call| two(call, |text, cut| text.strip_prefix(cut).unwrap_or(text).to_owned())),
    strict("trimsuffix", |call| two(call, |text, cut| text.strip_suffix(cut).unwrap_or(text).to_owned())),
    strict("startswith", |call| test(call, |text, part| text.starts_with(part))),
    strict("endswith", |call| test(call, |text, part| text.ends_with(part))),
    strict("strcontains", |call| test(call, |text, part| text.contains(part))),
    strict("substr", substr),
    strict("split", split),
    lenient("join", join),
    strict("replace", replace),
    strict("regex", |call| regex(call, false)),
    strict("regexall", |call| regex(call, true)),
    lenient("format", |call| format(call.arguments, call)),
    strict("formatlist", format_list),
];

fn one(call: &Call<'_, '_>, apply: fn(&str) -> String) -> Value {
    call.made_text(call.text(0).map(|text| apply(&text)))
}

fn two(call: &Call<'_, '_>, apply: fn(&str, &str) -> String) -> Value {
    call.made_text(call.text(0).zip(call.text(1)).map(|(text, other)| apply(&text, &other)))
}

fn test(call: &Call<'_, '_>, apply: fn(&str, &str) -> bool) -> Value {
    match call.text(0).zip(call.text(1)) {
        Some((text, other)) => Value::new(Kind::Boolean(apply(&text, &other)), call.at),
        None => call.invalid("texts are needed"),
    }
}

fn title(text: &str) -> String {
    let mut starts = true;
    text.chars()
        .flat_map(|c| {
            let cased: Vec<char> = if starts { c.to_uppercase().collect() } else { vec![c] };
            starts = !c.is_alphanumeric();
            cased
        })
        .collect()
}

fn indent(call: &Call<'_, '_>) -> Value {
    let blanks = call.number(0).and_then(index_of).filter(|blanks| *blanks < 1000).map(|blanks| " ".repeat(blanks));
    call.made_text(blanks.zip(call.text(1)).map(|(blanks, text)| text.replace('\n', &format!("\n{blanks}"))))
}

fn substr(call: &Call<'_, '_>) -> Value {
    let Some(((text, offset), length)) = call.text(0).zip(call.number(1)).zip(call.number(2)) else {
        return call.invalid("a text and two numbers are needed");
    };
    let characters: Vec<char> = text.chars().collect();
    let n_characters = characters.len();
    let start = if offset < 0.0 {
        n_characters.saturating_sub(index_of(-offset).unwrap_or(usize::MAX))
    } else {
        index_of(offset).unwrap_or(usize::MAX)
    };
    let length = if length < 0.0 { usize::MAX } else { index_of(length).unwrap_or(usize::MAX) };
    call.made_text(Some(characters.into_iter().skip(start).take(length).collect()))
}

fn split(call: &Call<'_, '_>) -> Value {
    let Some((separator, text)) = call.text(0).zip(call.text(1)) else { return call.invalid("texts are needed") };
    let part = |part: &str| Value::of_text(part, call.at);
    let parts: Vec<Value> = match &*separator {
        _ if text.is_empty() => Vec::new(),
        "" => text.chars().map(|c| part(&c.to_string())).collect(),
        separator => text.split(separator).map(part).collect(),
    };
    Value::new(Kind::List(parts.into()), call.at)
}

fn join(call: &Call<'_, '_>) -> Value {
    let Some((separator, lists)) = call.arguments.split_first() else { return call.invalid("arguments are missing") };
    let Some(separator) = text_of(separator) else { return call.invalid("a text is needed") };
    let mut text = Text::default();
    let mut is_first = true;
    for list in lists {
        let Kind::List(items) = &list.kind else {
            text.push(list);
            continue;
        };
        for item in items.iter() {
            if !is_first {
                text.push_str(&separator);
            }
            is_first = false;
            text.push(item);
        }
    }
    text.finish(call.at)
}

/// A pattern between slashes is a regular expression.
fn replace(call: &Call<'_, '_>) -> Value {
    let (Some(text), Some(pattern), Some(by)) = (call.text(0), call.text(1), call.text(2)) else { return call.invalid("texts are needed") };
    let expression = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let made = match expression {
        Some(expression) => compiled(expression).map(|regex| {
            // `$1` may stand before letters; what it names in Go ends there.
            regex.replace_all(&text, &*by).into_owned()
        }),
        None if pattern.is_empty() => Some(text.to_string()),
        None => Some(text.replace(&*pattern, &by)),
    };
    call.made_text(made)
}

fn compiled(pattern: &str) -> Option<regex::Regex> {
    regex::RegexBuilder::new(pattern).size_limit(1 << 20).build().ok()
}

fn regex(call: &Call<'_, '_>, is_all: bool) -> Value {
    let Some((pattern, text)) = call.text(0).zip(call.text(1)) else { return call.invalid("texts are needed") };
    let Some(regex) = compiled(&pattern) else { return call.invalid("the expression can't be read") };
    let group = |found: Option<regex::Match<'_>>| found.map_or_else(Value::null, |found| Value::of_text(found.as_str(), call.at));
    let of_captures = |captures: &regex::Captures<'_>| {
        if regex.captures_len() <= 1 {
            return group(captures.get(0));
        }
        if regex.capture_names().flatten().next().is_some() {
            let named = regex.capture_names().flatten().map(|name| (Arc::from(name), group(captures.name(name))));
            return Value::new(map_of(named), call.at);
        }
        Value::new(Kind::List((1..regex.captures_len()).map(|index| group(captures.get(index))).collect()), call.at)
    };
    if is_all {
        return Value::new(Kind::List(regex.captures_iter(&text).map(|captures| of_captures(&captures)).collect()), call.at);
    }
    regex.captures(&text).map_or_else(|| call.invalid("the expression does not match"), |captures| of_captures(&captures))
}

/// Go's verbs, as Terraform has them.
fn format(arguments: &[Value], call: &Call<'_, '_>) -> Value {
    let Some((pattern, arguments)) = arguments.split_first() else { return call.invalid("arguments are missing") };
    let Some(pattern) = text_of(pattern) else { return call.invalid("a text is needed") };
    let mut text = Text::default();
    let mut arguments = arguments.iter();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '%' {
            text.push_str(character.encode_utf8(&mut [0; 4]));
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = characters.next_if(|c| matches!(c, '0'..='9' | '.' | '-' | '+' | ' ' | '#' | '[' | ']')) {
            flags.push(flag);
        }
        match characters.next() {
            Some('%') => text.push_str("%"),
            Some(verb) => match arguments.next() {
                Some(argument) => push_verb(&mut text, verb, &flags, argument),
                None => return call.invalid("`format` has too few arguments"),
            },
            None => text.push_str("%"),
        }
    }
    text.finish(call.at)
}

fn push_verb(text: &mut Text, verb: char, flags: &str, argument: &Value) {
    let Some(shown) = text_of(argument) else { return text.push(argument) };
    let width: usize =
        flags.trim_start_matches(['-', '+', ' ', '#', '0']).split('.').next().and_then(|width| width.parse().ok()).unwrap_or(0);
    let digits: Option<usize> = flags.split_once('.').and_then(|(_, digits)| digits.parse().ok());
    let shown = match (verb, argument.number()) {
        ('q', _) => format!("{:?}", &*shown),
        ('d', Some(number)) => format!("{:.0}", number.trunc()),
        ('f', Some(number)) => format!("{number:.*}", digits.unwrap_or(6).min(30)),
        ('x', Some(number)) => index_of(number).map_or_else(|| shown.to_string(), |number| format!("{number:x}")),
        ('X', Some(number)) => index_of(number).map_or_else(|| shown.to_string(), |number| format!("{number:X}")),
        ('b', Some(number)) => index_of(number).map_or_else(|| shown.to_string(), |number| format!("{number:b}")),
        ('o', Some(number)) => index_of(number).map_or_else(|| shown.to_string(), |number| format!("{number:o}")),
        _ => shown.to_string(),
    };
    let n_missing = width.min(1000).saturating_sub(shown.chars().count());
    if flags.starts_with('-') {
        text.push_str(&shown);
        text.push_str(&" ".repeat(n_missing));
    } else {
        text.push_str(&if flags.starts_with('0') { "0" } else { " " }.repeat(n_missing));
        text.push_str(&shown);
    }
}

fn format_list(call: &Call<'_, '_>) -> Value {
    let lengths = call.arguments.iter().filter_map(|argument| match &argument.kind {
        Kind::List(items) => Some(items.len()),
        _ => None,
    });
    let n_results = lengths.max().unwrap_or(1);
    let result = |index: usize| {
        let arguments: Vec<Value> = call
            .arguments
            .iter()
            .map(|argument| match &argument.kind {
                Kind::List(items) => items.get(index).cloned().unwrap_or_else(Value::null),
                _ => argument.clone(),
            })
            .collect();
        format(&arguments, call)
    };
    Value::new(Kind::List((0..n_results).map(result).collect()), call.at)
}
