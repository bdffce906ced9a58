//! `bartizan debug purl`: package URLs as they are understood.
//!
//! A line is a package URL, and its answer the canonical form or `error: …`. For programs a line is an object: `op` is `parse`,
//! `build` or `validate`, `input` a package URL or its parts; the answer is `{"ok":true,"output":…}` or `{"ok":false,"error":…}`.

use std::collections::BTreeMap;

use bartizan_formats::purl::{PackageUrl, Parts};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::lines;
use crate::{exit::Exit, failure::Outcome};

/// Answers until there are no questions.
pub(super) fn run() -> Outcome<Exit> {
    lines::answer(|line| {
        if line.starts_with('{') {
            return match structured(line) {
                Ok(output) => json!({"ok": true, "output": output}).to_string(),
                Err(error) => json!({"ok": false, "error": error}).to_string(),
            };
        }
        match PackageUrl::lenient(line) {
            Ok(purl) => purl.to_string(),
            Err(error) => format!("error: {error}"),
        }
    })
}

fn structured(line: &str) -> Result<Value, String> {
    let question: Question = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let text = || question.input.as_str().ok_or("`input` is no text");
    match question.op {
        Operation::Parse => {
            let purl: PackageUrl = text()?.parse().map_err(|error: bartizan_formats::purl::PurlError| error.to_string())?;
            serde_json::to_value(Components::of(&purl)).map_err(|error| error.to_string())
        }
        Operation::Validate => PackageUrl::lenient(text()?).map(|purl| purl.to_string().into()).map_err(|error| error.to_string()),
        Operation::Build => build(&question.input),
    }
}

fn build(input: &Value) -> Result<Value, String> {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let qualifiers: Vec<(&str, &str)> = input
        .get("qualifiers")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()))
        .collect();
    let parts = Parts {
        package_type: text("type"),
        namespace: text("namespace"),
        name: text("name"),
        version: text("version"),
        qualifiers: &qualifiers,
        subpath: text("subpath"),
    };
    PackageUrl::build(parts).map(|purl| purl.to_string().into()).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
struct Question {
    op: Operation,
    input: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Operation {
    Parse,
    Build,
    Validate,
}

/// The parts of a package URL; names as in the specification's tests.
#[derive(Serialize)]
struct Components<'a> {
    #[serde(rename = "type")]
    package_type: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
    version: Option<&'a str>,
    qualifiers: BTreeMap<&'a str, &'a str>,
    subpath: Option<&'a str>,
}

impl<'a> Components<'a> {
    fn of(purl: &'a PackageUrl) -> Self {
        Self {
            package_type: purl.package_type(),
            namespace: purl.namespace(),
            name: purl.name(),
            version: purl.version(),
            qualifiers: purl.qualifiers().collect(),
            subpath: purl.subpath(),
        }
    }
}
