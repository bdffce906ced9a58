//! Packs `rules/iac/**/*.yaml` into one file that the binary carries.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../rules/iac");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut paths = Vec::new();
    if root.is_dir() {
        collect(&root, &mut paths)?;
    }
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        files.push((name, fs::read_to_string(&path)?));
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("rules.postcard"), postcard::to_stdvec(&files)?)?;
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
