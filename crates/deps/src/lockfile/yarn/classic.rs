//! yarn 1: indented lines of names and values.
//!
//! The format is only written down in its parser, `yarn/src/lockfile/parse.js` as published: a line is `KEY, KEY:` or
//! `NAME VALUE`, names and values may stand in double quotes, and two blanks go one deeper.

use std::borrow::Cow;

use bartizan_core::{ByteRange, Hash, HashAlgorithm, Scope};
use bartizan_source::document::{JsonDialect, parse_json};

use super::{Requests, Wanted};
use crate::{
    Ecosystem, Origin, Package, Parsed,
    npm::{self, hashes, origin},
};

/// One line: where it is, how deep, and its words.
struct Line<'t> {
    range: ByteRange,
    depth: usize,
    words: Vec<Cow<'t, str>>,
    opens: bool,
}

/// One entry, as far as it was read.
struct Entry<'t> {
    range: ByteRange,
    keys: Vec<Cow<'t, str>>,
    version: Option<Cow<'t, str>>,
    resolved: Option<Cow<'t, str>>,
    integrity: Option<Cow<'t, str>>,
    wanted: Vec<(Line<'t>, Scope)>,
}

pub(super) fn read(text: &str) -> Parsed {
    let mut parsed = Parsed::default();
    let mut requests = Requests::default();
    let mut entry: Option<Entry<'_>> = None;
    // What the lines at depth two belong to.
    let mut block: Option<Scope> = None;
    let mut start = 0;
    for raw in text.split_inclusive('\n') {
        let at = start;
        start += raw.len();
        let content = raw.trim_end();
        if content.trim_start().is_empty() || content.trim_start().starts_with('#') {
            continue;
        }
        let Some(line) = line(content, at) else {
            parsed.unreadable(ByteRange::new(at, at + content.len()), "this line is no name and value of a lock file");
            continue;
        };
        match (line.depth, &mut entry) {
            (0, _) if line.opens => {
                finish(entry.take(), &mut requests, &mut parsed);
                block = None;
                let Line { range, words: keys, .. } = line;
                entry = Some(Entry { range, keys, version: None, resolved: None, integrity: None, wanted: Vec::new() });
            }
            (1, Some(_)) if line.opens => {
                block = match line.words.first().map(Cow::as_ref) {
                    Some("dependencies") => Some(Scope::Runtime),
                    Some("optionalDependencies") => Some(Scope::Optional),
                    _ => None,
                };
            }
            (1, Some(entry)) => {
                let mut words = line.words.into_iter();
                let (name, value) = (words.next().unwrap_or_default(), words.next());
                match name.as_ref() {
                    "version" => entry.version = value,
                    "resolved" => entry.resolved = value,
                    "integrity" => entry.integrity = value,
                    _ => {}
                }
            }
            (2, Some(entry)) => entry.wanted.extend(block.map(|scope| (line, scope))),
            _ => parsed.unreadable(line.range, "this line belongs to no package"),
        }
    }
    finish(entry, &mut requests, &mut parsed);
    requests.resolve(&mut parsed);
    parsed
}

/// Adds a complete entry.
fn finish(entry: Option<Entry<'_>>, requests: &mut Requests, parsed: &mut Parsed) {
    let Some(entry) = entry else { return };
    let Some(key) = entry.keys.first() else { return };
    let (asked_as, requirement) = npm::split(key);
    let Some(version) = entry.version.as_deref() else {
        parsed.unreadable(entry.range, format!("the package `{asked_as}` has no version"));
        return;
    };
    let request = npm::request(requirement);
    let from = match (entry.resolved.as_deref(), request.origin) {
        (None, asked) => asked,
        (Some(resolved), Origin::Git { url, commit }) => match origin(Some(resolved)) {
            found @ Origin::Git { .. } => found,
            // `git+ssh://…` without a commit is said by the key.
            Origin::Registry(_) | Origin::Path(_) | Origin::Url(_) => Origin::Git { url, commit },
        },
        (Some(resolved), Origin::Registry(_) | Origin::Path(_) | Origin::Url(_)) => origin(Some(resolved)),
    };
    let mut hashes = hashes(entry.integrity.as_deref());
    // Older ones have only what stands behind the address.
    let sha1 = entry.resolved.as_deref().and_then(|resolved| resolved.rsplit_once('#')).map(|(_, hash)| hash);
    let is_sha1 = |hash: &&str| hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if let Some(value) = sha1.filter(is_sha1).filter(|_| hashes.is_empty() && matches!(from, Origin::Registry(_) | Origin::Url(_))) {
        hashes.push(Hash { algorithm: HashAlgorithm::Sha1, value: value.to_ascii_lowercase() });
    }
    let name = request.name.unwrap_or(asked_as);
    let remarks = npm::remarks(name, Some(version), entry.resolved.as_deref(), &hashes);
    let package = Package { origin: from, hashes, remarks, ..Package::dependency(Ecosystem::Npm, name, Some(version), entry.range) };
    let index = parsed.inventory.add(package);
    entry.keys.iter().for_each(|key| requests.answer(key, index, parsed));
    for (line, scope) in entry.wanted {
        let mut words = line.words.into_iter();
        let (name, requirement) = (words.next().unwrap_or_default().into_owned(), words.next().unwrap_or_default().into_owned());
        requests.wanted.push(Wanted { dependent: index, name, requirement, scope, range: line.range });
    }
}

/// Splits a line; nothing if it is none of the format.
fn line(content: &str, at: usize) -> Option<Line<'_>> {
    let trimmed = content.trim_start_matches(' ');
    let depth = (content.len() - trimmed.len()) / 2;
    let start = at + content.len() - trimmed.len();
    let (mut words, mut rest) = (Vec::new(), trimmed);
    let mut opens = false;
    while !rest.is_empty() {
        let (word, behind) = word(rest)?;
        words.push(word);
        rest = behind.trim_start();
        if rest == ":" {
            opens = true;
            break;
        }
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    let range = ByteRange::new(start, at + content.len() - usize::from(opens));
    // A line is a heading or a name with its value.
    (opens || words.len() == 2).then_some(Line { range, depth, words, opens })
}

/// The first word of a line, and what follows it.
fn word(text: &str) -> Option<(Cow<'_, str>, &str)> {
    if !text.starts_with('"') {
        let end = text.find([' ', ',']).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        // A colon at the end opens what follows; within a word it is part of it.
        return match word.strip_suffix(':') {
            Some(word) if rest.is_empty() && !word.is_empty() => Some((Cow::Borrowed(word), text.get(word.len()..)?)),
            Some("") => None,
            _ => Some((Cow::Borrowed(word), rest)),
        };
    }
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find_map(|(at, c)| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at + 1)
    })?;
    let (quoted, rest) = text.split_at_checked(end)?;
    // It is written as JSON is.
    let word = parse_json(quoted, JsonDialect::Strict).root.and_then(|node| node.text().map(str::to_owned))?;
    Some((Cow::Owned(word), rest))
}

#[cfg(test)]
mod tests {
    use crate::{fixture::check, lockfile::yarn::READER};

    #[test]
    fn entries_answer_all_of_their_keys() {
        check(
            &READER,
            "yarn.lock",
            r#"# yarn lockfile v1


"@scope/a@^1.0.0", "@scope/a@^1.1.0":
  version "1.1.0"
  resolved "https://registry.yarnpkg.com/@scope/a/-/a-1.1.0.tgz#0000000000000000000000000000000000000001"
  dependencies:
    b "^2.0.0"
    "old-b" "npm:b@^1"
  optionalDependencies:
    absent "1"
    b "^2.1.0"

b@^2.0.0:
  version "2.0.0"
  resolved "https://npm.example.com/b/-/b-2.0.0.tgz"
  integrity sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAI=

"old-b@npm:b@^1":
  version "1.0.0"
  dependencies:
    missing "^3"
"#,
            "
npm @scope/a 1.1.0 @4 sha1:0000000000000000000000000000000000000001
  -> b 2.0.0 runtime ^2.0.0
  -> b 1.0.0 runtime npm:b@^1
  -> b 2.0.0 optional ^2.1.0
npm b 2.0.0 @14 sha1:0000000000000000000000000000000000000002 registry https://npm.example.com/b/-/b-2.0.0.tgz
npm b 1.0.0 @19
22: unresolved: `missing@^3` is not in this lock file
",
        );
    }

    #[test]
    fn what_is_not_from_the_registry_says_where_it_is_from() {
        check(
            &READER,
            "yarn.lock",
            r#"a@o/a#v1:
  version "0.1.0"
  resolved "https://codeload.github.com/o/a/tar.gz/0a2d2506c1fe299691fc5db53a2097db3bd615bc"

"b@git+ssh://git@host/b.git#main":
  version "1.0.0"
  resolved "git+ssh://git@host/b.git#aa3bdfcb1d845c79f14abb66f60d35b8a3ee5998"

"c@file:./deps/c":
  version "0.0.2"

bare:
  version "1.0.0"
"#,
            "
npm a 0.1.0 @1 git https://github.com/o/a 0a2d2506c1fe299691fc5db53a2097db3bd615bc
npm b 1.0.0 @5 git ssh://git@host/b.git aa3bdfcb1d845c79f14abb66f60d35b8a3ee5998
npm c 0.0.2 @9 path ./deps/c
npm bare 1.0.0 @12
",
        );
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_is_read() {
        check(
            &READER,
            "yarn.lock",
            "this is no lock file at all\n\na@1:\n  version \"1.0.0\"\n\nb@1:\n  resolved \"x\"\n  integrity \"unclosed\n",
            "
npm a 1.0.0 @3
1: unreadable: this line is no name and value of a lock file
6: unreadable: the package `b` has no version
8: unreadable: this line is no name and value of a lock file
",
        );
    }
}
