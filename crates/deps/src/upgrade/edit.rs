//! Where the version of a package stands in the text of a file.

use bartizan_core::ByteRange;

use crate::{Inventory, Package};

/// How far behind its name the version of a package is looked for, in bytes.
const MAX_ENTRY_BYTES: usize = 3_000;

/// Every place where a file says which version of a package is there.
pub(super) fn versions(path: &str, text: &str, inventory: &Inventory, package: &Package, version: &str) -> Vec<ByteRange> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let entry = entry(text, inventory, package);
    let mut found = match name {
        "package-lock.json" | "npm-shrinkwrap.json" => in_package_lock(text, &package.name, version),
        "pnpm-lock.yaml" => in_pnpm(text, &package.name, version),
        "Cargo.lock" => {
            let mut found = in_lines(text, entry, version, &["version"]);
            // Where there are several versions, dependents say which.
            found.extend(
                words(text, ByteRange::new(0, text.len()), &format!("\"{} {version}", package.name))
                    .map(|at| ByteRange::new(at.end() - version.len(), at.end())),
            );
            found
        }
        // The line of the name says what is asked for.
        "yarn.lock" => in_lines(text, behind_first_line(text, entry), version, &["version", "resolved", "resolution"]),
        _ if name.ends_with(".json")
            || name.ends_with(".toml")
            || name.ends_with(".lock") && name != "Gemfile.lock" && name != "buildscript-gradle.lockfile" =>
        {
            in_lines(text, entry, version, &["version", "resolved", "url", "=="])
        }
        // Behind the version there may be markers and comments with versions of their own.
        _ => words(text, ByteRange::new(entry.start(), first_line(text, entry).end()), version).take(1).collect(),
    };
    found.sort_unstable();
    found.dedup();
    found
}

/// From the name of a package to the next one.
fn entry(text: &str, inventory: &Inventory, package: &Package) -> ByteRange {
    let start = package.byte_range().start();
    let next = inventory.packages.iter().map(|other| other.byte_range().start()).filter(|other| start < *other).min();
    let end = next.unwrap_or(text.len()).min(start.saturating_add(MAX_ENTRY_BYTES));
    ByteRange::new(start, end)
}

fn first_line(text: &str, within: ByteRange) -> ByteRange {
    let slice = text.get(within.start()..).unwrap_or_default();
    let start = text.get(..within.start()).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    ByteRange::new(start, within.start() + slice.find('\n').unwrap_or(slice.len()))
}

fn behind_first_line(text: &str, within: ByteRange) -> ByteRange {
    ByteRange::new(first_line(text, within).end(), within.end())
}

/// The version in lines of an entry that hold one of some words.
fn in_lines(text: &str, within: ByteRange, version: &str, markers: &[&str]) -> Vec<ByteRange> {
    let mut found = Vec::new();
    let mut start = first_line(text, within).start();
    while start < within.end() {
        let rest = text.get(start..).unwrap_or_default();
        let line = ByteRange::new(start, start + rest.find('\n').unwrap_or(rest.len()));
        let of_line = text.get(line.start()..line.end()).unwrap_or_default();
        if markers.iter().any(|marker| of_line.contains(marker)) {
            found.extend(words(text, line, version));
        }
        start = line.end() + 1;
    }
    found
}

/// Where a word stands, not as a part of a longer one.
fn words<'t>(text: &'t str, within: ByteRange, word: &'t str) -> impl Iterator<Item = ByteRange> + 't {
    let slice = text.get(within.start()..within.end()).unwrap_or_default();
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '+');
    slice.match_indices(word).filter_map(move |(at, _)| {
        let (start, end) = (within.start() + at, within.start() + at + word.len());
        let before = text.get(..start)?.chars().next_back();
        let mut after = text.get(end..)?.chars();
        let (next, second) = (after.next(), after.next());
        let is_longer_before =
            before.is_some_and(|c| (is_part(c) && c != 'v') || (c == '.' && word.starts_with(|c: char| c.is_ascii_digit())));
        // `1.2.0.tgz` ends behind the `0`, `1.2.0.1` and `1.2.0-rc.1` do not.
        let is_longer_after = next.is_some_and(|c| is_part(c) || (matches!(c, '.' | '-') && second.is_some_and(|c| c.is_ascii_digit())))
            || (next == Some('-')
                && text.get(end + 1..).is_some_and(|rest| ["rc", "alpha", "beta", "pre", "dev"].iter().any(|mark| rest.starts_with(mark))));
        (!is_longer_before && !is_longer_after).then(|| ByteRange::new(start, end))
    })
}

/// Entries of npm's lock file: `"node_modules/a": {`, and `"a": {` in the part that old versions of npm read.
fn in_package_lock(text: &str, name: &str, version: &str) -> Vec<ByteRange> {
    let mut found = Vec::new();
    for opening in [format!("\"{name}\": {{"), format!("/{name}\": {{")] {
        for (at, _) in text.match_indices(&*opening) {
            let start = at + opening.len();
            let rest = text.get(start..).unwrap_or_default();
            let end = start + rest.find(['{', '}']).unwrap_or(rest.len());
            let entry = ByteRange::new(start, end);
            let own = format!("\"version\": \"{version}\"");
            if text.get(start..end).is_some_and(|entry| entry.contains(&own)) {
                found.extend(in_lines(text, entry, version, &["\"version\"", "\"resolved\""]));
            }
        }
    }
    found
}

/// pnpm names packages with their versions wherever they are: as keys, as dependencies, as peers of others.
fn in_pnpm(text: &str, name: &str, version: &str) -> Vec<ByteRange> {
    let whole = ByteRange::new(0, text.len());
    let joined = ["@", "/"].map(|separator| format!("{name}{separator}{version}"));
    let mut found: Vec<ByteRange> =
        joined.iter().flat_map(|joined| words(text, whole, joined)).map(|at| ByteRange::new(at.end() - version.len(), at.end())).collect();
    let is_key = |line: &str| {
        line.trim_start()
            .trim_start_matches(['\'', '"'])
            .strip_prefix(name)
            .is_some_and(|rest| rest.trim_start_matches(['\'', '"']).starts_with(':'))
    };
    let mut start = 0;
    let mut lines_behind_key = usize::MAX;
    for line in text.split_inclusive('\n') {
        let range = ByteRange::new(start, start + line.len());
        start += line.len();
        lines_behind_key = if is_key(line) { 0 } else { lines_behind_key.saturating_add(1) };
        let is_own = lines_behind_key == 0 || (lines_behind_key <= 2 && line.trim_start().starts_with("version:"));
        if is_own && !line.contains("specifier") {
            found.extend(words(text, range, version));
        }
    }
    found
}

/// Where a manifest says which versions it wants, behind the name of what it wants.
pub(super) fn requirement(text: &str, name: ByteRange, requirement: &str) -> Option<ByteRange> {
    const MAX_DISTANCE: usize = 400;
    let from = name.start();
    let rest = text.get(from..)?;
    let mut end = rest.len().min(MAX_DISTANCE + requirement.len());
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let at = rest.get(..end)?.find(requirement)?;
    Some(ByteRange::new(from + at, from + at + requirement.len()))
}

/// Where a lock file repeats what a manifest wants.
pub(super) fn repeated_requirements(path: &str, text: &str, name: &str, requirement: &str) -> Vec<ByteRange> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let shapes: Vec<String> = match file {
        "package-lock.json" | "npm-shrinkwrap.json" => vec![format!("\"{name}\": \"{requirement}\"")],
        "yarn.lock" => vec![
            format!("{name}@{requirement}"),
            format!("{name}@npm:{requirement}"),
            format!("{name}: {requirement}"),
            format!("{name}: \"npm:{requirement}\""),
        ],
        "uv.lock" => vec![format!("{{ name = \"{name}\", specifier = \"{requirement}\"")],
        "Gemfile.lock" => vec![format!("{name} ({requirement})")],
        "pnpm-lock.yaml" => vec![],
        _ => return Vec::new(),
    };
    let inner = |shape: &str, at: usize| {
        let from = at + shape.rfind(requirement).unwrap_or_default();
        ByteRange::new(from, from + requirement.len())
    };
    let mut found: Vec<ByteRange> = shapes
        .iter()
        .flat_map(|shape| text.match_indices(&**shape).map(|(at, _)| inner(shape, at)))
        .filter(|range| {
            text.get(range.end()..).is_none_or(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
        })
        .collect();
    if file == "pnpm-lock.yaml" {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut start = 0;
        for (number, line) in lines.iter().enumerate() {
            let key = line.trim().trim_end_matches(':').trim_matches(['\'', '"']);
            let next = lines.get(number + 1).copied().unwrap_or_default();
            let asks = key == name && next.trim_start().starts_with("specifier:");
            if let Some(at) = next.find(requirement).filter(|_| asks) {
                let from = start + line.len() + at;
                found.push(ByteRange::new(from, from + requirement.len()));
            }
            start += line.len();
        }
    }
    found
}
