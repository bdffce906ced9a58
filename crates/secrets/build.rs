//! Packs `rules/secrets/**/*.yaml` into one file that the binary carries, so that no start pays for reading YAML.

#[path = "src/rule/file.rs"]
#[expect(unreachable_pub, reason = "the library publishes them")]
mod file;
#[path = "../../rules/files.rs"]
mod files;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/rule/file.rs");
    let mut rules = Vec::new();
    for (name, text) in files::of_engine("secrets")? {
        let rule: file::RuleFile = serde_saphyr::from_str(&text).map_err(|error| format!("rules/secrets/{name}: {error}"))?;
        rules.push((name, rule));
    }
    files::write("rules.postcard", &postcard::to_stdvec(&rules)?)
}
