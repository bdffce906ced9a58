//! `metadata`: what a rule says about itself.
//!
//! Metadata never makes a rule unusable: it is other people's, and only ours has a fixed shape. What can't be understood has
//! a warning where we would use it, and stays in the raw entries.

use bartizan_core::{Confidence, Cwe, StandardId};

use crate::rule::{
    Example, LanguageName, Metadata, RuleText, Verdict,
    problem::{Notes, shortened},
    yaml::{Field, Keys, Shape, Yaml},
};

pub(super) fn read(field: Field<'_>, notes: &mut Notes) -> Metadata {
    if field.value.shape() == Shape::Nothing {
        return Metadata::default();
    }
    let Some(mut keys) = Keys::of(field.value, "`metadata`", notes) else { return Metadata::default() };
    let mut metadata = Metadata {
        title: text(keys.take("title")),
        why: text(keys.take("why")),
        remediation: text(keys.take("remediation")),
        confidence: confidence(keys.take("confidence"), notes),
        raw: field.value.to_entries(),
        ..Metadata::default()
    };
    for text in texts(keys.take("cwe")) {
        match cwe(text.as_str()) {
            Some(cwe) if !metadata.cwe.contains(&cwe) => metadata.cwe.push(cwe),
            Some(_) => {}
            None => notes.warning(text.span, format!("`{}` is no weakness", shortened(text.as_str())), "write it as `CWE-89`"),
        }
    }
    let mut add = |standard: Option<StandardId>| {
        if let Some(standard) = standard.filter(|standard| !metadata.standards.contains(standard)) {
            metadata.standards.push(standard);
        }
    };
    for text in texts(keys.take("owasp")) {
        add(owasp(text.as_str()));
    }
    match keys.take("asvs") {
        Some(field) if field.value.shape() == Shape::Map => add(asvs(field.value, notes)),
        field => texts(field).iter().for_each(|text| add(text.as_str().parse().ok())),
    }
    for name in ["category", "subcategory", "technology"] {
        for text in texts(keys.take(name)) {
            if !metadata.tags.iter().any(|tag| tag == text.as_str()) {
                metadata.tags.push(text.as_str().to_owned());
            }
        }
    }
    metadata.references = texts(keys.take("references")).iter().map(|text| text.as_str().to_owned()).collect();
    if let Some(field) = keys.take("examples") {
        metadata.examples = examples(field, notes);
    }
    metadata
}

fn text(field: Option<Field<'_>>) -> Option<String> {
    field?.value.text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A text, or the texts of a list; nothing else.
fn texts(field: Option<Field<'_>>) -> Vec<RuleText> {
    let Some(Field { value, .. }) = field else { return Vec::new() };
    match value.rule_text() {
        Some(text) => vec![text],
        None => value.items().into_iter().flatten().filter_map(Yaml::rule_text).collect(),
    }
}

fn confidence(field: Option<Field<'_>>, notes: &mut Notes) -> Option<Confidence> {
    let field = field?;
    let confidence = field.value.text()?.parse();
    if confidence.is_err() {
        let message = format!("`{}` is no confidence", shortened(field.value.text()?));
        notes.warning(field.value.span(), message, "expected one of HIGH, MEDIUM, LOW");
    }
    confidence.ok()
}

/// `CWE-89`, alone or before a title.
fn cwe(text: &str) -> Option<Cwe> {
    let text = text.trim();
    let (prefix, rest) = text.split_at_checked(4)?;
    let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    prefix.eq_ignore_ascii_case("CWE-").then(|| rest.get(..n_digits)?.parse().ok().map(Cwe)).flatten()
}

/// `A03:2021 - Injection` as `OWASP-TOP10-2021-A03`, `API1:2023` as `OWASP-API-TOP10-2023-API1`; an id as it stands.
fn owasp(text: &str) -> Option<StandardId> {
    let first = text.split_whitespace().next()?;
    let Some((item, year)) = first.split_once(':') else { return text.trim().parse().ok() };
    let year: u16 = year.get(..4)?.parse().ok()?;
    if let Some(number) = item.strip_prefix("API").and_then(|number| number.parse::<u8>().ok()) {
        return format!("OWASP-API-TOP10-{year}-API{number}").parse().ok();
    }
    if let Some(number) = item.strip_prefix('A').and_then(|number| number.parse::<u8>().ok()) {
        return format!("OWASP-TOP10-{year}-A{number:02}").parse().ok();
    }
    let number = item.strip_prefix("LLM")?.parse::<u8>().ok()?;
    format!("OWASP-LLM-TOP10-{year}-LLM{number:02}").parse().ok()
}

/// The form of Semgrep's own rules: `{control_id: 6.2.5 Insecure Algorithm, version: '4'}`.
fn asvs(value: Yaml<'_>, notes: &mut Notes) -> Option<StandardId> {
    let mut keys = Keys::of(value, "`asvs`", notes)?;
    let control = keys.take("control_id")?.value.text()?.split_whitespace().next()?;
    let version = keys.take("version")?.value.text()?;
    format!("ASVS-{version}-{control}").parse().ok()
}

/// Reads our examples. A list of anything else is somebody else's.
fn examples(field: Field<'_>, notes: &mut Notes) -> Vec<Example> {
    let Some(items) = field.value.items() else { return Vec::new() };
    if field.value.items().into_iter().flatten().all(|item| item.entries().is_none()) {
        return Vec::new();
    }
    let mut examples = Vec::with_capacity(items.len());
    for item in items {
        match example(item) {
            Ok(example) => examples.push(example),
            Err((place, message)) => notes.warning(place.span(), message, "an example has `bad` or `good` with code"),
        }
    }
    examples
}

/// Reads one example, or says which of its parts is wrong.
fn example(value: Yaml<'_>) -> Result<Example, (Yaml<'_>, String)> {
    let Some(entries) = value.entries() else { return Err((value, "this is no example".to_owned())) };
    let (mut code, mut fixed, mut path, mut language) = (None, None, None, None);
    for (key, value) in entries {
        let Some(text) = value.rule_text() else { return Err((value, "the parts of an example are texts".to_owned())) };
        match key.text() {
            Some("bad") if code.is_none() => code = Some((Verdict::Bad, text)),
            Some("good") if code.is_none() => code = Some((Verdict::Good, text)),
            Some("bad" | "good") => return Err((key, "an example is either `bad` or `good`".to_owned())),
            Some("fixed") => fixed = Some(text),
            Some("path") => path = Some(text.as_str().to_owned()),
            Some("language") => match LanguageName::from_name(text.as_str()) {
                Some(name) => language = Some(name),
                None => return Err((value, format!("unknown language `{}`", shortened(text.as_str())))),
            },
            other => return Err((key, format!("unknown key `{}` in an example", shortened(other.unwrap_or("null"))))),
        }
    }
    match code {
        Some((Verdict::Good, _)) if fixed.is_some() => Err((value, "a good example has nothing to fix".to_owned())),
        Some((verdict, code)) => Ok(Example { verdict, code, fixed, path, language, span: value.span() }),
        None => Err((value, "this example has no code".to_owned())),
    }
}
