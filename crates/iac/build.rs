//! Packs `rules/iac/**/*.yaml` into what the binary carries: what runs, and examples apart.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../rules/iac");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut paths = Vec::new();
    if root.is_dir() {
        collect(&root, &mut paths)?;
    }
    paths.sort();
    let (mut rules, mut examples) = (Vec::new(), Map::new());
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        let text = fs::read_to_string(&path)?;
        let mut rule: Value = serde_saphyr::from_str(&text).map_err(|error| format!("rules/iac/{name}: {error}"))?;
        let keys = rule.as_object_mut().ok_or_else(|| format!("rules/iac/{name}: expected a mapping"))?;
        let found: Map<String, Value> = ["bad", "good"].iter().filter_map(|&key| Some((key.to_owned(), keys.remove(key)?))).collect();
        keys.insert("file".to_owned(), Value::String(name.clone()));
        examples.insert(name, Value::Object(found));
        rules.push(rule);
    }
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("rules.json"), serde_json::to_vec(&rules)?)?;
    fs::write(Path::new(&out).join("examples.json"), serde_json::to_vec(&examples)?)?;
    Ok(())
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            println!("cargo::rerun-if-changed={}", path.display());
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
    Ok(())
}
