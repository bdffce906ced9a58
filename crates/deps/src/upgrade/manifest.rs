//! Edits of manifests that are more than a version: what a project decides for all that it depends on.

use bartizan_core::ByteRange;
use bartizan_source::document::{JsonDialect, Node, parse_json};

use super::SourceFile;

/// The edit of the manifest beside a lock file that puts a package at a version, whoever asks for another one: the number of the
/// manifest, the place, and what stands there afterwards. Nothing where the package manager knows no such thing.
pub(super) fn overriding<'f>(
    lock: &str,
    files: impl Iterator<Item = &'f SourceFile>,
    name: &str,
    version: &str,
) -> Option<(usize, ByteRange, String)> {
    let (folder, lock_name) = lock.rsplit_once('/').map_or(("", lock), |(folder, name)| (folder, name));
    // <https://docs.npmjs.com/cli/v11/configuring-npm/package-json#overrides>, <https://yarnpkg.com/configuration/manifest#resolutions>,
    // <https://pnpm.io/package_json#pnpmoverrides>.
    let way: &[&str] = match lock_name {
        "package-lock.json" | "npm-shrinkwrap.json" => &["overrides"],
        "yarn.lock" => &["resolutions"],
        "pnpm-lock.yaml" => &["pnpm", "overrides"],
        _ => return None,
    };
    let wanted = if folder.is_empty() { "package.json".to_owned() } else { format!("{folder}/package.json") };
    let (number, manifest) = files.enumerate().find(|(_, file)| file.path == wanted)?;
    let root = parse_json(&manifest.text, JsonDialect::Strict).root?;
    let (range, text) = member(&root, way, name, version, &manifest.text)?;
    Some((number, range, text))
}

/// A member in nested maps, of which those that are missing are added.
fn member(root: &Node<'_>, way: &[&str], name: &str, version: &str, text: &str) -> Option<(ByteRange, String)> {
    let mut at = root;
    let mut missing = way;
    while let Some((first, rest)) = missing.split_first() {
        let Some(next) = at.get(first).filter(|next| next.is_map()) else { break };
        (at, missing) = (next, rest);
    }
    if missing.is_empty() && at.get(name).is_some() {
        let old = at.get(name)?;
        return Some((old.range, format!("\"{version}\"")));
    }
    let indent = indentation(text);
    let depth = way.len() - missing.len() + 1;
    let mut value = format!("\"{name}\": \"{version}\"");
    for (nesting, key) in missing.iter().enumerate().rev() {
        let outer = indent.repeat(depth + nesting);
        let inner = indent.repeat(depth + nesting + 1);
        value = format!("\"{key}\": {{\n{inner}{value}\n{outer}}}");
    }
    let pad = indent.repeat(depth);
    // Behind the last member, or in an empty map.
    let last = at.members().last();
    let place = last.map_or(at.range.start() + 1, |last| last.node.range.end());
    let new = if last.is_some() { format!(",\n{pad}{value}") } else { format!("\n{pad}{value}\n{}", indent.repeat(depth - 1)) };
    Some((ByteRange::new(place, place), new))
}

/// What the file puts before members of its outermost map.
fn indentation(text: &str) -> &str {
    let line = text.lines().nth(1).unwrap_or_default();
    let width = line.len() - line.trim_start().len();
    line.get(..width).filter(|indent| !indent.is_empty()).unwrap_or("  ")
}

/// Where a pom says the version of an artifact: at a dependency of that name, or as a property.
pub(super) fn in_pom(text: &str, name: &str, version: &str) -> Vec<ByteRange> {
    let (group, artifact) = name.split_once(':').unwrap_or(("", name));
    let mut found = Vec::new();
    let marker = format!("<artifactId>{artifact}</artifactId>");
    for (at, _) in text.match_indices(&*marker) {
        let before = text.get(..at).unwrap_or_default();
        let start = ["<dependency>", "<parent>", "<plugin>", "<extension>"].iter().filter_map(|tag| before.rfind(tag)).max();
        let Some(start) = start else { continue };
        let rest = text.get(start..).unwrap_or_default();
        let end = ["</dependency>", "</parent>", "</plugin>", "</extension>"].iter().filter_map(|tag| rest.find(tag)).min();
        let entry = rest.get(..end.unwrap_or(0)).unwrap_or_default();
        if !entry.contains(&format!("<groupId>{group}</groupId>")) {
            continue;
        }
        let Some(value) = element(entry, "version") else { continue };
        let of_text = ByteRange::new(start + value.start(), start + value.end());
        match text.get(of_text.start()..of_text.end()) {
            Some(own) if own == version => found.push(of_text),
            Some(own) => found.extend(
                own.strip_prefix("${").and_then(|own| own.strip_suffix('}')).and_then(|property| property_of(text, property, version)),
            ),
            None => {}
        }
    }
    found
}

fn property_of(text: &str, property: &str, version: &str) -> Option<ByteRange> {
    let value = element(text, property)?;
    (text.get(value.start()..value.end())? == version).then_some(value)
}

/// The trimmed content of the first element of a name.
fn element(text: &str, name: &str) -> Option<ByteRange> {
    let opening = format!("<{name}>");
    let start = text.find(&*opening)? + opening.len();
    let end = start + text.get(start..)?.find("</")?;
    let content = text.get(start..end)?;
    let leading = content.len() - content.trim_start().len();
    Some(ByteRange::new(start + leading, start + leading + content.trim().len()))
}
