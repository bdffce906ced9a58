//! What files of Go have in common: directives, and the paths and versions of modules.
//!
//! The grammar: <https://go.dev/ref/mod#go-mod-file-lexical>.

use std::borrow::Cow;

use bartizan_core::ByteRange;

use crate::{Ecosystem, Origin, Package, Parsed};

/// A directive: `require PATH VERSION // comment`, alone or from a block.
pub(crate) struct Directive<'t> {
    pub(crate) verb: &'t str,
    pub(crate) words: Vec<Cow<'t, str>>,
    pub(crate) comment: &'t str,
    pub(crate) range: ByteRange,
}

/// The directives of a file. What has no end, or stands outside of what it belongs to, is said.
pub(crate) fn directives<'t>(text: &'t str, parsed: &mut Parsed) -> Vec<Directive<'t>> {
    let mut directives = Vec::new();
    let mut block: Option<(&'t str, ByteRange)> = None;
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let at = start;
        start += raw.len();
        let (code, comment) = split_comment(raw);
        let trimmed = code.trim();
        let begin = at + (code.len() - code.trim_start().len());
        let range = ByteRange::new(begin.min(at + raw.len()), (begin + trimmed.len()).min(at + raw.len()));
        let Some(mut words) = words(trimmed) else {
            parsed.unreadable(range, "a text in quotes has no end");
            continue;
        };
        match (words.as_slice(), block) {
            ([], _) => {}
            ([word], Some(_)) if word == ")" => block = None,
            ([_, bracket], None) if bracket == "(" => block = trimmed.split([' ', '\t', '(']).next().map(|verb| (verb, range)),
            ([word], None) if word.ends_with('(') => block = Some((trimmed.trim_end_matches('('), range)),
            (_, Some((verb, _))) => directives.push(Directive { verb, words, comment, range }),
            (_, None) => {
                words.remove(0);
                let verb = trimmed.split([' ', '\t']).next().unwrap_or(trimmed);
                directives.push(Directive { verb, words, comment, range });
            }
        }
    }
    if let Some((verb, range)) = block {
        parsed.unreadable(range, format!("the block of `{verb}` has no end"));
    }
    directives
}

fn split_comment(line: &str) -> (&str, &str) {
    let mut quote: Option<char> = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '"' | '`') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '/') if line.get(at..).is_some_and(|rest| rest.starts_with("//")) => {
                return (line.get(..at).unwrap_or_default(), line.get(at + 2..).unwrap_or_default().trim());
            }
            _ => {}
        }
    }
    (line, "")
}

/// The words of a line; nothing if a quote has no end.
fn words(line: &str) -> Option<Vec<Cow<'_, str>>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = if matches!(first, '"' | '`') {
            let inner = rest.get(1..)?;
            let end = inner.find(first)?;
            words.push(Cow::Borrowed(inner.get(..end)?));
            end + 2
        } else {
            let end = rest.find([' ', '\t']).unwrap_or(rest.len());
            words.push(Cow::Borrowed(rest.get(..end)?));
            end
        };
        rest = rest.get(end..)?.trim_start();
    }
    Some(words)
}

/// Whether a text is a version of a module: `v1.2.3`, `v0.0.0-20210630005230-0f9fa26af87c`, `v2.0.0+incompatible`.
pub(crate) fn is_version(text: &str) -> bool {
    let Some(core) = text.strip_prefix('v').map(|text| text.split(['-', '+']).next().unwrap_or(text)) else { return false };
    let mut numbers = core.split('.');
    let is_number =
        |number: Option<&str>| number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    is_number(numbers.next()) && is_number(numbers.next()) && is_number(numbers.next()) && numbers.next().is_none()
}

/// Whether a version may be one of a module: from the second on, the major version ends its path.
pub(crate) fn is_version_of(path: &str, version: &str) -> bool {
    if !is_version(version) {
        return false;
    }
    let major = version.trim_start_matches('v').split('.').next().unwrap_or_default();
    let (_, last) = path.rsplit_once('/').unwrap_or(("", path));
    match last.strip_prefix('v').filter(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(number) if number != "1" && number != "0" => number == major,
        _ => true,
    }
}

/// A replacement: by another module, or by a folder, which has no version.
pub(crate) fn replacement(path: &str, version: Option<&str>, replaced: &str, range: ByteRange) -> Package {
    let is_folder = version.is_none() || path.starts_with("./") || path.starts_with("../") || path.starts_with('/');
    match is_folder {
        true => Package { origin: Origin::Path(path.to_owned()), ..Package::dependency(Ecosystem::Golang, replaced, None, range) },
        false => Package::dependency(Ecosystem::Golang, path, version, range),
    }
}

/// The standard library: its version is that of the toolchain, or else the least that is asked for.
pub(crate) fn standard_library(directives: &[Directive<'_>]) -> Option<Package> {
    let find = |verb: &str| {
        let found = directives.iter().find(|directive| directive.verb == verb)?;
        let version = found.words.first()?.split('-').next()?;
        let version = version.strip_prefix("go").unwrap_or(version).to_owned();
        version.starts_with(|c: char| c.is_ascii_digit()).then_some((version, found.range))
    };
    let (version, range) = find("toolchain").or_else(|| find("go"))?;
    Some(Package::dependency(Ecosystem::Golang, "stdlib", Some(&version), range))
}
