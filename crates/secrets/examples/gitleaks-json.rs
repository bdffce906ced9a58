//! Runs a configuration of gitleaks on a folder and prints gitleaks' own JSON report: for comparing with `gitleaks dir`.
//!
//! ```console
//! cargo run --release -p bartizan-secrets --example gitleaks-json -- FOLDER gitleaks.toml > ours.json
//! gitleaks dir FOLDER -c gitleaks.toml --report-format json -r theirs.json
//! ```
#![expect(clippy::print_stdout, reason = "a program for developers")]

use std::{error::Error, fs, path::Path};

use bartizan_secrets::gitleaks::{Leak, ScanOptions, Scanner, config, to_json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, file] = arguments.as_slice() else { return Err("usage: gitleaks-json FOLDER gitleaks.toml".into()) };
    let read_file = |path: &str| fs::read_to_string(path).map_err(|error| error.to_string());
    let parsed = config::read(file, &fs::read_to_string(file)?, &config::Options { read_file: &read_file, default_config: None });
    if let Some(problem) = parsed.problems.iter().find(|_| parsed.has_errors()) {
        return Err(problem.to_string().into());
    }
    let scanner = Scanner::new(parsed.value, ScanOptions::default());
    let mut leaks = Vec::new();
    scan(&scanner, Path::new(folder), &mut leaks)?;
    println!("{}", to_json(&leaks));
    Ok(())
}

fn scan(scanner: &Scanner, folder: &Path, leaks: &mut Vec<Leak>) -> Result<(), Box<dyn Error>> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::path);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        let name = path.to_string_lossy();
        if scanner.is_pruned(&name) {
            continue;
        }
        if kind.is_dir() && entry.file_name() != ".git" {
            scan(scanner, &path, leaks)?;
        } else if kind.is_file() {
            leaks.extend(scanner.scan(&name, &fs::read(&path)?).into_iter().filter(|leak| !leak.is_marked));
        }
    }
    Ok(())
}
