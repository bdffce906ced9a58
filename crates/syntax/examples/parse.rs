//! Parses every file below a folder with the grammars alone, on one thread, and keeps nothing: the least that any analysis of
//! these files costs. `cargo xtask bench sast` measures it beside the programs.

use std::{
    collections::HashMap,
    error::Error,
    fs,
    io::{self, Write as _},
    path::PathBuf,
};

use bartizan_syntax::{Grammar, tree_sitter::Parser};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("usage: parse DIR")?;
    let (mut n_files, mut n_bytes, mut n_broken) = (0_u64, 0_usize, 0_u64);
    let mut parsers: HashMap<Grammar, Parser> = HashMap::new();
    let mut paths = vec![PathBuf::from(folder)];
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                paths.push(entry?.path());
            }
            continue;
        }
        let Some(grammar) = path.extension().and_then(|extension| grammar(extension.to_str()?)) else { continue };
        let text = fs::read(&path)?;
        let parser = parsers.entry(grammar).or_default();
        parser.set_language(&grammar.language())?;
        let tree = parser.parse(&text, None).ok_or("the parser gave up")?;
        n_files += 1;
        n_bytes += text.len();
        n_broken += u64::from(tree.root_node().has_error());
    }
    writeln!(io::stdout(), "{n_files} files, {n_bytes} bytes, {n_broken} files with errors")?;
    Ok(())
}

/// The grammar of a file, by its extension.
fn grammar(extension: &str) -> Option<Grammar> {
    match extension {
        "js" | "jsx" | "mjs" | "cjs" => Some(Grammar::JavaScript),
        "ts" | "mts" | "cts" => Some(Grammar::TypeScript),
        "tsx" => Some(Grammar::Tsx),
        "java" => Some(Grammar::Java),
        "py" => Some(Grammar::Python),
        "tf" => Some(Grammar::Hcl),
        "go" => Some(Grammar::Go),
        _ => None,
    }
}
