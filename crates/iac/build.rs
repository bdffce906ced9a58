//! Packs `rules/iac/**/*.yaml` into what the binary carries: what runs, and examples apart.

#[path = "../../rules/files.rs"]
mod files;

use std::error::Error;

use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut rules, mut examples) = (Vec::new(), Map::new());
    for (name, text) in files::of_engine("iac")? {
        let mut rule: Value = serde_saphyr::from_str(&text).map_err(|error| format!("rules/iac/{name}: {error}"))?;
        let keys = rule.as_object_mut().ok_or_else(|| format!("rules/iac/{name}: expected a mapping"))?;
        let found: Map<String, Value> = ["bad", "good"].iter().filter_map(|&key| Some((key.to_owned(), keys.remove(key)?))).collect();
        keys.insert("file".to_owned(), Value::String(name.clone()));
        examples.insert(name, Value::Object(found));
        rules.push(rule);
    }
    files::write("rules.json", &serde_json::to_vec(&rules)?)?;
    files::write("examples.json", &serde_json::to_vec(&examples)?)
}
