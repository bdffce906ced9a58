//! The published JSON Schemas, made from the types that read the files.

use schemars::{Schema, generate::SchemaSettings};

use super::file::ConfigFile;

/// The JSON Schema of `.bartizan/config.yaml`, with a line feed at its end.
#[must_use]
pub fn config_schema() -> String {
    let mut schema = schema("Bartizan configuration of a repository");
    if let Some(properties) = schema.get_mut("properties").and_then(|properties| properties.as_object_mut()) {
        // What a repository may do, and where advisories come from, is not the repository's to say.
        properties.remove("allow");
        properties.remove("advisories");
    }
    if let Some(definitions) = schema.get_mut("$defs").and_then(|definitions| definitions.as_object_mut()) {
        definitions.remove("AllowFile");
        definitions.remove("AdvisoriesFile");
        definitions.remove("Choice");
    }
    write(&schema)
}

/// The JSON Schema of a policy file, with a line feed at its end.
#[must_use]
pub fn policy_schema() -> String {
    write(&schema("Bartizan policy of an organization"))
}

fn schema(title: &str) -> Schema {
    let mut schema = SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<ConfigFile>();
    schema.insert("title".to_owned(), title.into());
    schema
}

fn write(schema: &Schema) -> String {
    // Writing a tree of JSON to memory can't fail.
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
