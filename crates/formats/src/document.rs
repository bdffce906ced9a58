//! Bartizan's own format: the types that the `json` and `jsonl` reports are written from, and their schemas.
//!
//! The format is versioned. Within version 1 fields are added and never changed or removed; readers ignore what they don't
//! know. Paths are relative to the scanned root.

mod finding;
mod line;
mod location;
mod report;
mod rule;
mod scale;
mod supply;

pub(crate) use finding::Finding;
pub(crate) use line::{End, Header, Line};
pub(crate) use report::{Diagnostic, Report};
pub(crate) use rule::Rule;
pub(crate) use supply::{Component, Dependency};

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;
use serde_json::Value;

/// The identifier of the schema of `json` reports, and the value of their `schema`.
pub const JSON_SCHEMA_ID: &str = "https://bartizan.dev/schemas/report-1.schema.json";

/// The identifier of the schema of a line of `jsonl` reports, and the value of `schema` in their first line.
pub const JSONL_SCHEMA_ID: &str = "https://bartizan.dev/schemas/report-line-1.schema.json";

/// The components of a report and what depends on what, as the `json` report says them.
///
/// # Errors
/// Those of `out`.
pub fn write_components(report: &bartizan_core::Report, out: &mut dyn Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Components<'a> {
        components: Vec<Component<'a>>,
        dependencies: Vec<Dependency<'a>>,
    }
    let components = report.components.iter().map(Component::from).collect();
    let dependencies = report.dependencies.iter().map(Dependency::from).collect();
    serde_json::to_writer_pretty(&mut *out, &Components { components, dependencies })?;
    out.write_all(b"\n")
}

/// The JSON Schema (draft 2020-12) of `json` reports, as it is published.
#[must_use]
pub fn json_schema() -> String {
    schema_of::<Report<'_>>(JSON_SCHEMA_ID)
}

/// The JSON Schema (draft 2020-12) of a line of `jsonl` reports, as it is published.
#[must_use]
pub fn jsonl_schema() -> String {
    schema_of::<Line<'_>>(JSONL_SCHEMA_ID)
}

fn schema_of<T: JsonSchema>(id: &str) -> String {
    let mut schema = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), id.into());
    format!("{:#}\n", sorted(schema.to_value()))
}

/// The same value with its keys in order, whatever order the features of other crates make `serde_json` keep.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members.into_iter().map(|(name, member)| (name, sorted(member))).collect();
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}
