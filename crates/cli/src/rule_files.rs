//! Finds and reads the rule files that the command line names.

mod dialect;
mod kics;
mod rego;

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

pub(crate) use dialect::Dialect;

use crate::{
    failure::{Failure, Failures, Outcome},
    text,
};

/// The text of a rule file.
#[derive(Debug)]
pub(crate) struct RuleText {
    /// Where it was read.
    pub(crate) path: PathBuf,
    /// Whose rules they are.
    pub(crate) dialect: Dialect,
    /// Whether the caller named the file itself, not a folder that it lies in.
    pub(crate) is_named: bool,
    /// What stands in it.
    pub(crate) text: String,
}

/// What the caller named.
#[derive(Debug, Default)]
pub(crate) struct RuleFiles {
    /// Files with rules.
    pub(crate) texts: Vec<RuleText>,
    /// Data for policies in Rego, from folders that hold such.
    pub(crate) data: Vec<DataText>,
    /// Files of folders that look like rule files and hold none: code that rules are tested on, and files of other tools.
    pub(crate) others: Vec<PathBuf>,
}

/// Data for policies in Rego.
#[derive(Debug)]
pub(crate) struct DataText {
    /// Where it was read.
    pub(crate) path: PathBuf,
    /// What stands in it.
    pub(crate) text: String,
    /// The folders between it and the one that was named.
    pub(crate) below: Vec<String>,
}

/// The largest rule file that is read, in bytes.
pub(crate) const MAX_RULE_FILE_BYTES: u64 = 4 << 20;
/// Of the files in a folder at most so many are read.
pub(crate) const MAX_RULE_FILES: usize = 10_000;
/// Folders nested more deeply are not looked into.
pub(crate) const MAX_RULE_FOLDER_DEPTH: usize = 16;

/// Reads every file that is named, or that lies in a folder that is named; all that can't be read is said at once.
pub(crate) fn read(paths: &[PathBuf]) -> Outcome<RuleFiles> {
    let mut files = RuleFiles::default();
    let mut failures = Vec::new();
    for path in paths {
        if let Err(Failures(found)) = read_into(path, &mut files) {
            failures.extend(found);
        }
    }
    for added in [rego::add_libraries(paths, &mut files), kics::add_libraries(paths, &mut files)] {
        if let Err(Failures(found)) = added {
            failures.extend(found);
        }
    }
    if failures.is_empty() { Ok(files) } else { Err(Failures(failures)) }
}

fn read_into(named: &Path, files: &mut RuleFiles) -> Outcome<()> {
    // A query of KICS is all that lies in its folder.
    let named = kics::folder_of_query(named).unwrap_or(named);
    let metadata = fs::metadata(named).map_err(|error| Failure::unreadable(named, &error))?;
    if !metadata.is_dir() {
        files.texts.push(read_file(named)?);
        return Ok(());
    }
    let mut found = Vec::new();
    collect(named, 0, &mut found)?;
    found.sort();
    let has_rego = found.iter().any(|path| dialect::usual(path) == Some(Dialect::Rego));
    let mut failures = Vec::new();
    let n_before = files.texts.len();
    for path in found {
        if is_test_target(&path) {
            files.others.push(path);
            continue;
        }
        match read_file(&path) {
            Ok(text) if has_rego && kics::is_data(&text) => {
                files.texts.push(RuleText { is_named: false, dialect: Dialect::Kics, ..text });
            }
            Ok(text) if has_rego && rego::is_data(&text) => files.data.push(rego::data_below(named, text)),
            // Data in JSON is nothing that anybody takes for a rule.
            Ok(text) if dialect::of_content(&path, &text.text).is_none() => {
                files.others.extend((text.dialect != Dialect::Checkov).then_some(path));
            }
            Ok(text) => files.texts.push(RuleText { is_named: false, ..text }),
            Err(failure) => failures.push(failure),
        }
    }
    if !failures.is_empty() {
        return Err(Failures(failures));
    }
    if files.texts.len() == n_before {
        let message = format!("no rule file in `{}`", text::path(named));
        return Err(Failure::bad_input("no-rules", message).with_help("rule files end in .yaml, .yml, .toml or .rego").into());
    }
    Ok(())
}

/// Whether a name says that rules are tested on the file: `no-eval.test.yaml`, `no-eval.fixed.yml`.
fn is_test_target(path: &Path) -> bool {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.ends_with(".test") || stem.ends_with(".fixed")
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if MAX_RULE_FOLDER_DEPTH < depth {
        let message = format!("`{}` is nested deeper than {MAX_RULE_FOLDER_DEPTH} folders", text::path(folder));
        return Err(Failure::bad_input("too-deep", message).with_help("name the folder with the rules itself"));
    }
    if let Some(parts) = kics::parts_in(folder) {
        files.extend(parts);
        return Ok(());
    }
    let entries = fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::unreadable(folder, &error))?;
        let kind = entry.file_type().map_err(|error| Failure::unreadable(&entry.path(), &error))?;
        // Links are left out: a folder of rules is read once, however it is linked.
        if kind.is_dir() && !is_hidden(&entry.path()) {
            collect(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() && dialect::usual(&entry.path()).is_some() {
            files.push(entry.path());
        }
        if MAX_RULE_FILES < files.len() {
            let message = format!("more than {MAX_RULE_FILES} rule files in `{}`", text::path(folder));
            return Err(Failure::bad_input("too-many-rules", message).with_help("name a smaller folder"));
        }
    }
    Ok(())
}

/// Reads one file.
pub(crate) fn read_file(path: &Path) -> Result<RuleText, Failure> {
    let unreadable = |error: io::Error| Failure::unreadable(path, &error);
    let Some(usual) = dialect::usual(path) else {
        let message = format!("`{}` is no rule file", text::path(path));
        let help = "rules of Bartizan and Semgrep end in .yaml or .yml, configuration of gitleaks in .toml, policies of Checkov in .yaml or .json, policies in Rego in .rego";
        return Err(Failure::bad_input("no-rules", message).with_help(help));
    };
    // Asked before it is opened: opening a pipe would wait for a writer.
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        let message = format!("`{}` is no regular file", text::path(path));
        return Err(Failure::bad_input("unreadable", message).with_help("name a file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(unreadable)?.take(MAX_RULE_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if MAX_RULE_FILE_BYTES < text::to_u64(bytes.len()) {
        let message = format!("`{}` is larger than {} (max-rule-file-bytes)", text::path(path), text::bytes(MAX_RULE_FILE_BYTES));
        return Err(Failure::bad_input("file-too-large", message).with_help("split it"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        Failure::bad_input("not-utf-8", format!("`{}` is not UTF-8 at byte {offset}", text::path(path))).with_help("save it as UTF-8")
    })?;
    let dialect = dialect::of_content(path, &text).unwrap_or(usual);
    Ok(RuleText { path: path.to_owned(), dialect, is_named: true, text })
}

/// Whether a folder is a tool's own, such as `.git`.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}
