//! The files of rules, for the build scripts of the engines that pack them.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
};

/// Every `.yaml` below `rules/<engine>`: its path below that, with slashes, and its text, in order. Cargo is told what to watch.
pub(crate) fn of_engine(engine: &str) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../rules").join(engine);
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed=../../rules/files.rs");
    let mut paths = Vec::new();
    collect(&root, &mut paths)?;
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
        files.push((name, fs::read_to_string(&path)?));
    }
    Ok(files)
}

/// Writes what was packed.
pub(crate) fn write(name: &str, packed: &[u8]) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join(name), packed)?)
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
