//! Packs `rules/secrets/**/*.yaml` into one file that the binary carries, so that no start pays for reading YAML.

#[path = "src/rule/file.rs"]
#[expect(unreachable_pub, reason = "the library publishes them")]
mod file;

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../rules/secrets");
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed=src/rule/file.rs");
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    paths.sort();
    let mut rules = Vec::new();
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path)?;
        let rule: file::RuleFile = serde_saphyr::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        rules.push((name, rule));
    }
    let packed = postcard::to_stdvec(&rules)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("rules.postcard"), packed)?;
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
