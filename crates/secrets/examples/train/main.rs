//! Makes the data that the judgement by context rests on; started by `cargo xtask train`.
//!
//! `train rarity FOLDER… FILE` counts the trigrams of words and identifiers in source code and writes `data/rarity.bin`.
//! `train context CORPUS FILE` fits the weights of features to a labelled corpus and writes `src/context/weights.rs`.
//! Nothing of the material itself is kept.
#![expect(clippy::print_stderr, reason = "a program for developers")]

mod context;
mod rarity;

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &*arguments {
        ["rarity", folders @ .., file] if !folders.is_empty() => fs::write(file, rarity::train(folders)?)?,
        ["context", corpus, file] => fs::write(file, context::train(Path::new(corpus))?)?,
        _ => return Err("usage: train rarity FOLDER... FILE, or train context CORPUS FILE".into()),
    }
    Ok(())
}

/// Every file below a folder, in order of path; version control's own folder is passed over.
fn files(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let kind = entry.file_type()?;
        if kind.is_dir() && entry.file_name() != ".git" {
            files(&entry.path(), found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    Ok(())
}
