//! The trees that are scanned: copies of the files that all programs look at, files of one line, and a generated tree.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result, bail};

use super::language::Measured;

/// All programs leave larger files out.
const MAX_FILE_BYTES: usize = 1_000_000;
/// Files whose lines have more bytes than this on average are minified; not all programs look at them.
const MAX_MEAN_LINE_BYTES: usize = 400;
/// How many generated files lie in a folder.
const FILES_PER_FOLDER: usize = 100;

/// Copies the files of a language that all programs look at, so that all see the same.
pub(super) fn copy(from: &Path, to: &Path, measured: &Measured) -> Result<()> {
    clear(to)?;
    let mut n_files = 0_usize;
    let mut folders = vec![from.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("can't read {}", folder.display()))? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            if kind.is_dir() && entry.file_name() != ".git" {
                folders.push(path);
                continue;
            }
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            if !kind.is_file() || !measured.extensions.contains(&extension) {
                continue;
            }
            let text = fs::read(&path).with_context(|| format!("can't read {}", path.display()))?;
            if is_left_out(&text) {
                continue;
            }
            write(&to.join(path.strip_prefix(from)?), &text)?;
            n_files += 1;
        }
    }
    if n_files == 0 {
        bail!("{} holds no file of {}", from.display(), measured.name);
    }
    see_everything(to)
}

/// Writes a file of one line for each language.
pub(super) fn write_lines(folder: &Path, measured: &Measured) -> Result<()> {
    clear(folder)?;
    measured.lines.iter().try_for_each(|(name, line)| write(&folder.join(name), line.as_bytes()))?;
    see_everything(folder)
}

/// Writes a tree of modules in Python that call each other across files, some of them with data that comes from outside.
pub(super) fn generate(folder: &Path, n_files: usize) -> Result<()> {
    clear(folder)?;
    for n in 0..n_files {
        write(&folder.join(generated_path(n)), generated(n, n_files).as_bytes())?;
    }
    Ok(())
}

/// Changes one file of a tree: a comment is added at its end.
pub(super) fn change(folder: &Path, n: usize) -> Result<()> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() { folders.push(entry.path()) } else { paths.push(entry.path()) }
        }
    }
    paths.retain(|path| path.extension().is_some());
    paths.sort();
    let path = paths.get(paths.len() / 2).context("the tree is empty")?;
    let mut text = fs::read(path)?;
    let comment = if path.extension().is_some_and(|extension| extension == "py") { "#" } else { "//" };
    text.extend_from_slice(format!("{comment} change {n}\n").as_bytes());
    fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}

fn generated_path(n: usize) -> String {
    format!("p{}/m{n}.py", n / FILES_PER_FOLDER)
}

/// A module: a handler that passes data on, and a helper that the module before it calls.
fn generated(n: usize, n_files: usize) -> String {
    let next = (n + 1) % n_files;
    let mut text =
        format!("import sqlite3\n\nfrom flask import request\n\nfrom p{}.m{next} import load{next}\n\n\n", next / FILES_PER_FOLDER);
    let _ = writeln!(text, "def handler{n}():\n    name = request.args.get(\"name\")\n    return load{next}(name, {n})\n\n");
    // Every tenth helper is careless.
    let query =
        if n.is_multiple_of(10) { "\"SELECT * FROM t WHERE n = '\" + name + \"'\"" } else { "\"SELECT * FROM t WHERE n = ?\", (name,)" };
    let _ = writeln!(text, "def load{n}(name, limit):\n    rows = sqlite3.connect(\"x.db\").execute({query}).fetchall()");
    let _ = writeln!(text, "    return [row for row in rows if row[0] < limit]\n\n");
    for part in 0..5 {
        let _ = writeln!(text, "class Part{part}:\n    def __init__(self, size):\n        self.size = size + {part}\n");
        let _ = writeln!(text, "    def total(self, items):\n        total = {part}\n        for item in items:");
        let _ = writeln!(text, "            if item.size < self.size:\n                total += item.size * {n}\n        return total\n\n");
    }
    text
}

fn is_left_out(text: &[u8]) -> bool {
    let n_lines = text.split(|byte| *byte == b'\n').count();
    MAX_FILE_BYTES < text.len() || MAX_MEAN_LINE_BYTES < text.len() / n_lines.max(1)
}

/// Without a list of their own, semgrep and opengrep leave out folders of tests.
fn see_everything(folder: &Path) -> Result<()> {
    write(&folder.join(".semgrepignore"), b"")
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("can't remove {}", folder.display()))?;
    }
    Ok(())
}

fn write(path: &Path, text: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("can't create {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("can't write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_not_all_programs_look_at_is_left_out() {
        assert!(!is_left_out(b"a = 1\n") && !is_left_out(b""));
        assert!(is_left_out(&[b'a'; 500]));
        assert!(is_left_out(&b"a\n".repeat(MAX_FILE_BYTES / 2 + 1)));
    }

    #[test]
    fn generated_modules_call_each_other_in_a_ring() {
        let last = generated(199, 200);
        assert!(last.contains("from p0.m0 import load0") && last.contains("return load0(name, 199)"), "{last}");
        assert!(generated(10, 200).contains("+ name +") && !last.contains("+ name +"));
    }
}
