//! Records as JSON of OSV's schema, 1.7: what was read of them, written again.

use serde_json::{Map, Value, json};

use super::{AffectedPackage, AffectedSymbols, Ecosystem, End, Record};

/// The version of the schema that is written.
const SCHEMA_VERSION: &str = "1.7.0";

impl Record {
    /// The record as OSV writes it. What was not kept, such as credits, is left out; nothing is made up.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut json = Map::new();
        let mut put = |name: &str, value: Value| {
            let is_empty = match &value {
                Value::String(text) => text.is_empty(),
                Value::Array(items) => items.is_empty(),
                Value::Object(members) => members.is_empty(),
                Value::Null | Value::Bool(_) | Value::Number(_) => false,
            };
            if !is_empty {
                json.insert(name.to_owned(), value);
            }
        };
        put("schema_version", json!(SCHEMA_VERSION));
        put("id", json!(self.id));
        put("modified", json!(self.modified));
        put("aliases", json!(self.aliases));
        put("summary", json!(self.summary));
        put("details", json!(self.details));
        put("severity", severities(&self.severities));
        put("affected", self.packages.iter().map(AffectedPackage::to_json).collect());
        put("references", self.references.iter().map(|url| json!({"type": "WEB", "url": url})).collect());
        if !self.cwe.is_empty() {
            let cwe: Vec<String> = self.cwe.iter().map(|number| format!("CWE-{number}")).collect();
            put("database_specific", json!({"cwe_ids": cwe}));
        }
        Value::Object(json)
    }
}

impl AffectedPackage {
    fn to_json(&self) -> Value {
        let mut events = Vec::new();
        for interval in self.affected.intervals() {
            events.push(json!({"introduced": interval.start.as_ref().map_or("0", |start| start.as_str())}));
            match &interval.end {
                End::Never => {}
                End::Before(version) => events.push(json!({"fixed": version.as_str()})),
                End::Through(version) => events.push(json!({"last_affected": version.as_str()})),
            }
        }
        let mut json = json!({"package": {"ecosystem": self.ecosystem, "name": self.name}});
        let Some(members) = json.as_object_mut() else { return json };
        if !events.is_empty() {
            members.insert("ranges".to_owned(), json!([{"type": "ECOSYSTEM", "events": events}]));
        }
        let versions: Vec<&str> = self.affected.versions().iter().map(crate::version::Version::as_str).collect();
        if !versions.is_empty() {
            members.insert("versions".to_owned(), json!(versions));
        }
        if !self.severities.is_empty() {
            members.insert("severity".to_owned(), severities(&self.severities));
        }
        if !self.symbols.is_empty() {
            members.insert("ecosystem_specific".to_owned(), symbols(&self.ecosystem, &self.symbols));
        }
        json
    }
}

/// Go's records name what is imported, RustSec's the functions.
fn symbols(ecosystem: &str, symbols: &[AffectedSymbols]) -> Value {
    if Ecosystem::new(ecosystem).name != "crates.io" {
        return json!({"imports": symbols});
    }
    let function =
        |part: &AffectedSymbols, name: &String| if part.path.is_empty() { name.clone() } else { format!("{}::{name}", part.path) };
    let functions: Vec<String> = symbols.iter().flat_map(|part| part.symbols.iter().map(move |name| function(part, name))).collect();
    json!({"affects": {"functions": functions}})
}

fn severities(vectors: &[String]) -> Value {
    let kind = |vector: &str| match vector.split_once('/').map(|(version, _)| version) {
        Some("CVSS:4.0") => "CVSS_V4",
        Some("CVSS:3.0" | "CVSS:3.1") => "CVSS_V3",
        _ => "CVSS_V2",
    };
    vectors.iter().map(|vector| json!({"type": kind(vector), "score": vector})).collect()
}
