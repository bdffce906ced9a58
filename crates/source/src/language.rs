//! What a file is written in.

mod table;

use std::{collections::HashMap, sync::LazyLock};

use bartizan_core::ArtifactPath;

pub use table::Language;

/// By what a language is told.
struct Marks {
    /// File names.
    names: &'static [&'static str],
    /// Starts of file names, with a `.` at the end: `Dockerfile.` and what follows.
    prefixes: &'static [&'static str],
    /// Endings of file names after the last dot, in lower case.
    extensions: &'static [&'static str],
    /// Programs in the first line of a script.
    interpreters: &'static [&'static str],
}

type ByMark = HashMap<&'static str, Language>;

static BY_NAME: LazyLock<ByMark> = LazyLock::new(|| by(|marks| marks.names));
static BY_PREFIX: LazyLock<ByMark> = LazyLock::new(|| by(|marks| marks.prefixes));
static BY_EXTENSION: LazyLock<ByMark> = LazyLock::new(|| by(|marks| marks.extensions));
static BY_INTERPRETER: LazyLock<ByMark> = LazyLock::new(|| by(|marks| marks.interpreters));

impl Language {
    /// The language of a path, by its file name or extension.
    ///
    /// ```
    /// use bartizan_source::Language;
    /// assert_eq!(Language::of_path(&"src/Main.PY".into()), Some(Language::Python));
    /// assert_eq!(Language::of_path(&"deploy/Dockerfile.prod".into()), Some(Language::Dockerfile));
    /// assert_eq!(Language::of_path(&".env.local".into()), Some(Language::Dotenv));
    /// ```
    #[must_use]
    pub fn of_path(path: &ArtifactPath) -> Option<Self> {
        const MAX_EXTENSION_BYTES: usize = 16;
        let name = path.file_name();
        if let Some(language) = std::str::from_utf8(name).ok().and_then(|name| BY_NAME.get(name)) {
            return Some(*language);
        }
        let mut lower = [0; MAX_EXTENSION_BYTES];
        let extension = path.extension().and_then(|extension| {
            let lower = lower.get_mut(..extension.len())?;
            lower.copy_from_slice(extension);
            lower.make_ascii_lowercase();
            std::str::from_utf8(lower).ok()
        });
        if let Some(language) = extension.and_then(|extension| BY_EXTENSION.get(extension)) {
            return Some(*language);
        }
        // The first dot after the first character: `.env.local`, `Dockerfile.prod`.
        let dot = name.iter().skip(1).position(|&byte| byte == b'.')? + 2;
        let prefix = std::str::from_utf8(name.get(..dot)?).ok()?;
        BY_PREFIX.get(prefix).copied()
    }

    /// The language of a script, by the interpreter that its first line names.
    ///
    /// ```
    /// use bartizan_source::Language;
    /// assert_eq!(Language::of_shebang("#!/usr/bin/env -S python3.12 -u\n"), Some(Language::Python));
    /// ```
    #[must_use]
    pub fn of_shebang(text: &str) -> Option<Self> {
        let line = text.strip_prefix("#!")?.lines().next()?;
        let mut words = line.split_ascii_whitespace().filter(|word| !word.starts_with('-') && !word.contains('='));
        let program = words.next()?.rsplit('/').next()?;
        let interpreter = if program == "env" { words.next()?.rsplit('/').next()? } else { program };
        let base = interpreter.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        BY_INTERPRETER.get(interpreter).or_else(|| BY_INTERPRETER.get(base)).copied()
    }
}

fn by(marks: impl Fn(Marks) -> &'static [&'static str]) -> ByMark {
    Language::ALL.iter().flat_map(|&language| marks(language.known_by()).iter().map(move |&mark| (mark, language))).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_mark_stands_for_two_languages() {
        for of in
            [|marks: Marks| marks.names, |marks: Marks| marks.prefixes, |marks: Marks| marks.extensions, |marks: Marks| marks.interpreters]
        {
            let mut seen = HashSet::new();
            for mark in Language::ALL.iter().flat_map(|language| of(language.known_by())) {
                assert!(seen.insert(*mark), "`{mark}` twice");
            }
        }
        let names: HashSet<_> = Language::ALL.iter().map(|language| language.as_str()).collect();
        assert_eq!(names.len(), Language::ALL.len());
    }

    #[test]
    fn extensions_are_stored_as_they_are_compared() {
        for extension in Language::ALL.iter().flat_map(|language| language.known_by().extensions) {
            assert!(!extension.contains('.') && *extension == extension.to_ascii_lowercase(), "{extension}");
        }
        for prefix in Language::ALL.iter().flat_map(|language| language.known_by().prefixes) {
            assert!(prefix.ends_with('.') && prefix.chars().skip(1).filter(|&c| c == '.').count() == 1, "{prefix}");
        }
    }

    #[test]
    fn names_count_more_than_extensions() {
        for (path, expected) in [
            ("a/CMakeLists.txt", Some(Language::CMake)),
            ("notes.txt", Some(Language::PlainText)),
            ("Cargo.lock", Some(Language::Toml)),
            ("poetry.lock", Some(Language::Toml)),
            ("yarn.lock", None),
            ("main.tf", Some(Language::Hcl)),
            ("main.tfstate", Some(Language::Json)),
            (".env", Some(Language::Dotenv)),
            ("prod.env", Some(Language::Dotenv)),
            (".env.production", Some(Language::Dotenv)),
            ("Dockerfile", Some(Language::Dockerfile)),
            ("dev.Dockerfile", Some(Language::Dockerfile)),
            ("Jenkinsfile", Some(Language::Groovy)),
            ("README", None),
            (".", None),
            ("", None),
            ("x.\u{e9}", None),
        ] {
            assert_eq!(Language::of_path(&ArtifactPath::from(path)), expected, "{path}");
        }
    }

    #[test]
    fn a_script_is_told_by_its_interpreter() {
        for (text, expected) in [
            ("#!/bin/sh\n", Some(Language::Shell)),
            ("#!/usr/bin/env bash", Some(Language::Shell)),
            ("#! /usr/bin/env FOO=1 node --harmony\n", Some(Language::JavaScript)),
            ("#!/usr/bin/python2.7\n", Some(Language::Python)),
            ("#!/usr/bin/env\n", None),
            ("#!", None),
            ("print", None),
        ] {
            assert_eq!(Language::of_shebang(text), expected, "{text}");
        }
    }
}
