//! The source files that the command line names, with their texts: for commands that look at a few of them.

use std::path::{Path, PathBuf};

use bartizan_sast::{MAX_FILE_BYTES, debug::SourceText};
use bartizan_source::{Input, Interest, Options, discover};

use crate::{
    failure::{Failure, Outcome},
    text::{self, to_u64},
};

/// Of folders at most so many files are read.
const MAX_FILES: usize = 10_000;

/// Reads files, and those below folders that are code or say what modules are called. Paths start as the caller wrote them.
pub(crate) fn read(paths: &[PathBuf]) -> Outcome<Vec<SourceText>> {
    let mut sources = Vec::new();
    for path in paths {
        read_into(path, &mut sources)?;
    }
    sources.sort_by(|one: &SourceText, other| one.path.cmp(&other.path));
    sources.dedup_by(|one, other| one.path == other.path);
    Ok(sources)
}

/// Reads one file.
pub(crate) fn read_file(path: &Path) -> Outcome<SourceText> {
    if path.is_dir() {
        let failure = Failure::bad_input("not-a-file", format!("`{}` is a folder", text::path(path)));
        return Err(failure.with_help("name a file").into());
    }
    let mut sources = Vec::new();
    read_into(path, &mut sources)?;
    sources.pop().ok_or_else(|| {
        Failure::bad_input("no-text", format!("`{}` is no text, or too large", text::path(path))).with_help("name a source file").into()
    })
}

fn read_into(path: &Path, sources: &mut Vec<SourceText>) -> Outcome<()> {
    let is_folder = path.is_dir();
    let input = if is_folder { Input::Tree(path.to_owned()) } else { Input::File(path.to_owned()) };
    let mut options = Options::default();
    options.limits.max_file_bytes = to_u64(MAX_FILE_BYTES);
    let discovery = discover(&input, &options, &|_| {}).map_err(|error| {
        let message = error.to_string();
        let (message, help) = message.split_once("; ").unwrap_or((&message, ""));
        Failure::bad_input("input", text::harmless(message)).with_help(text::harmless(help))
    })?;
    if MAX_FILES < discovery.files.len() {
        let message = format!("more than {MAX_FILES} files in `{}`", text::path(path));
        return Err(Failure::bad_input("too-many-files", message).with_help("name a smaller folder").into());
    }
    for file in &discovery.files {
        let own = file.info.path.clone();
        // Entries of archives are no files that somebody is writing.
        let mut wanted = |info: &bartizan_source::FileInfo| if info.path == own { Interest::Text } else { Interest::None };
        let mut add = |_: &bartizan_source::FileInfo, content: &bartizan_source::Content<'_>| {
            let Some(content) = &content.text else { return };
            let name = if is_folder { below(path, &own.to_string()) } else { slashes(path) };
            let source = SourceText { path: name, text: content.clone().into_owned() };
            if !is_folder || source.language_name().is_some() || source.names_modules() {
                sources.push(source);
            }
        };
        file.open(&options, &mut Vec::new(), &mut wanted, &mut add);
    }
    Ok(())
}

/// A path below a folder, as the caller can open it.
fn below(folder: &Path, path: &str) -> String {
    let folder = slashes(folder);
    let folder = folder.trim_end_matches('/');
    if folder.is_empty() || folder == "." { path.to_owned() } else { format!("{folder}/{path}") }
}

fn slashes(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}
