//! Words that may be names of packages, and imports of languages that are read without a tree.

use bartizan_core::ByteRange;
use bartizan_source::document::{JsonDialect, Node, parse_json, parse_toml};

use super::{Family, Obstacle, collector::Collector};

/// The longest word that is noted, in bytes.
const MAX_WORD_BYTES: usize = 200;

/// The longest text of code that is looked at for words, in bytes.
const MAX_TEXT_BYTES: usize = 2_000;

/// So many beginnings of a word are noted: `a`, `a/b`, `a/b/c`.
const MAX_PARTS: usize = 8;

/// A name, hashed without regard to case and to which of `-`, `_` and `.` separate its parts: 32 bits of FNV-1a.
pub(crate) fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
        let byte = match byte {
            b'_' | b'.' | b'\\' => b'-',
            byte => byte.to_ascii_lowercase(),
        };
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

const fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@' | b'/' | b'.' | b'\\' | b'-')
}

/// Notes the words of a text, and the beginnings of those that have parts.
pub(super) fn note_words(text: &str, hashes: &mut Vec<u32>) {
    if text.len() <= MAX_TEXT_BYTES {
        text.as_bytes().split(|byte| !is_of_word(*byte)).for_each(|word| note(word, hashes));
    }
}

fn note(word: &[u8], hashes: &mut Vec<u32>) {
    let Ok(word) = std::str::from_utf8(word) else { return };
    let word = word.trim_matches(['.', '/', '-', '\\']);
    let word = word.rsplit_once("node_modules/").map_or(word, |(_, rest)| rest);
    if word.len() < 2 || MAX_WORD_BYTES < word.len() || !word.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return;
    }
    hashes.push(hash(word));
    let ends = word.bytes().enumerate().filter(|(_, byte)| matches!(byte, b'/' | b'.' | b'\\' | b'@')).map(|(at, _)| at);
    let beginnings = ends.filter(|end| 0 < *end).take(MAX_PARTS).filter_map(|end| word.get(..end));
    hashes.extend(beginnings.map(hash));
    // A program that lies in a folder.
    if let Some((_, last)) = word.rsplit_once('/') {
        hashes.push(hash(last));
    }
}

/// The words of a file that is no code, sorted.
pub(super) fn words(text: &str) -> Vec<u32> {
    let mut hashes = Vec::new();
    text.as_bytes().split(|byte| !is_of_word(*byte)).for_each(|word| note(word, &mut hashes));
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// What a manifest says but for its dependencies: scripts that it runs, tools that it configures. Sorted.
pub(super) fn mentions_beside_dependencies(path: &str, text: &str) -> Vec<u32> {
    let root = match path.rsplit('/').next() {
        Some("package.json" | "composer.json") => parse_json(text, JsonDialect::Strict).root,
        Some("pyproject.toml" | "Cargo.toml") => parse_toml(text).root,
        _ => None,
    };
    let mut hashes = Vec::new();
    let mut open: Vec<(&Node<'_>, usize)> = root.as_ref().map(|root| (root, 0)).into_iter().collect();
    while let Some((node, depth)) = open.pop() {
        if let Some(text) = node.text() {
            note_words(text, &mut hashes);
        }
        open.extend(node.items().iter().map(|item| (item, depth + 1)));
        for member in node.members() {
            let is_about_packages = ["ependenc", "require", "resolutions", "overrides", "workspaces", "packageManager", "engines", "volta"]
                .iter()
                .any(|word| member.name.contains(word));
            let is_of_the_project = depth == 0 && matches!(&*member.name, "name" | "keywords" | "description" | "author" | "repository");
            // `[tool.poetry.group.dev]` holds dependencies, `[tool.black]` configures a tool.
            if !is_about_packages && !is_of_the_project && member.name != "group" {
                note_words(&member.name, &mut hashes);
                open.push((&member.node, depth + 1));
            }
        }
    }
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Finds imports line by line, and notes all words: of languages that have no tree here.
pub(super) fn imports(family: Family, found: &mut Collector<'_>) {
    let text = found.text;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let at = ByteRange::new(start, start + line.trim_end().len());
        start += line.len();
        line.as_bytes().split(|byte| !is_of_word(*byte)).for_each(|word| {
            if let Ok(word) = std::str::from_utf8(word) {
                found.mention(word);
            }
        });
        match family {
            Family::JavaScript => script_imports(line, at, found),
            Family::Python => notebook_imports(line, at, found),
            Family::Jvm | Family::DotNet => {
                let words = ["import static ", "import ", "open ", "using ", "Imports "].iter();
                if let Some(rest) = words.filter_map(|word| line.trim_start().strip_prefix(word)).next() {
                    let name = rest.split([' ', ';', '{', '(', '\r', '\n']).next().unwrap_or_default();
                    found.import(name.trim_end_matches(['.', '*', '_']), at);
                }
            }
            Family::Go | Family::Rust | Family::Ruby | Family::Php => {}
        }
    }
}

/// `import a from 'b'`, `export * from "b"`, `require('b')`, `import('b')`.
fn script_imports(line: &str, at: ByteRange, found: &mut Collector<'_>) {
    for opening in ["from ", "import ", "require(", "import("] {
        for (index, _) in line.match_indices(opening) {
            let Some(rest) = line.get(index + opening.len()..) else { continue };
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
            match quote.and_then(|quote| rest.get(1..)?.split_once(quote)) {
                Some((name, _)) => {
                    found.import(name, at);
                }
                None if opening.ends_with('(') && !rest.is_empty() => found.obstacle(Obstacle::Dynamic, at),
                None => {}
            }
        }
    }
}

/// A cell of a notebook is a list of lines, each a text of JSON.
fn notebook_imports(line: &str, at: ByteRange, found: &mut Collector<'_>) {
    let line = line.trim().trim_start_matches('"').trim_start();
    let rest = line.strip_prefix("import ").or_else(|| line.strip_prefix("from "));
    let modules = rest.into_iter().flat_map(|rest| rest.split("\\n").next().unwrap_or_default().split(','));
    for module in modules {
        let module = module.split_whitespace().next().unwrap_or_default();
        found.import(module.trim_matches(['"', ',', ';']), at);
    }
}
