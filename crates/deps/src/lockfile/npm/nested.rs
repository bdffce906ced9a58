//! Version 1: `dependencies` within `dependencies`.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::Node;

use super::remarks;
use crate::{
    Ecosystem, Origin, Package, PackageIndex, Parsed, Scopes,
    npm::{hashes, origin},
};

/// One entry of the tree, and what holds it.
struct Installed<'t> {
    name: &'t str,
    above: Option<usize>,
    entry: &'t Node<'t>,
    index: PackageIndex,
}

/// Reads `dependencies`.
pub(super) fn read<'t>(root: &'t Node<'t>, parsed: &mut Parsed) {
    let name = root.text_of("name").unwrap_or_default();
    let project = parsed.inventory.add(Package {
        origin: Origin::Path(String::new()),
        ..Package::root(Ecosystem::Npm, name, root.text_of("version"), root.get("name").map_or(root.range, |name| name.range))
    });
    let mut all: Vec<Installed<'t>> = Vec::new();
    let mut open: Vec<(Option<usize>, &'t Node<'t>)> =
        root.get("dependencies").map(|dependencies| (None, dependencies)).into_iter().collect();
    while let Some((above, dependencies)) = open.pop() {
        for member in dependencies.members() {
            let entry = &member.node;
            let Some(version) = entry.text_of("version") else {
                if !entry.is_true("optional") {
                    parsed.unreadable(member.name_range, format!("the package `{}` has no version", member.name));
                }
                continue;
            };
            let package = package(&member.name, version, member.name_range, entry);
            let index = parsed.inventory.add(package);
            all.push(Installed { name: &member.name, above, entry, index });
            open.extend(entry.get("dependencies").map(|dependencies| (Some(all.len() - 1), dependencies)));
        }
    }
    let places: HashMap<(Option<usize>, &str), usize> =
        all.iter().enumerate().map(|(at, installed)| ((installed.above, installed.name), at)).collect();
    let mut is_wanted = vec![false; all.len()];
    for (at, installed) in all.iter().enumerate() {
        for wanted in installed.entry.get("requires").map(Node::members).unwrap_or_default() {
            match resolve(&all, &places, at, &wanted.name) {
                Some(target) => {
                    let index = all.get(target).map_or(installed.index, |target| target.index);
                    parsed.inventory.depends(installed.index, index, Scope::Runtime);
                    is_wanted.get_mut(target).into_iter().for_each(|is| *is = true);
                }
                None if installed.entry.is_true("optional") => {}
                None => parsed.unresolved(wanted.name_range, format!("`{}` is not in this lock file", wanted.name)),
            }
        }
    }
    // The format doesn't say what the project itself asks for: it is what nobody else does; `package.json` knows better.
    for (installed, is_wanted) in all.iter().zip(is_wanted) {
        if !is_wanted && installed.above.is_none() {
            let scope = if installed.entry.is_true("dev") { Scope::Development } else { Scope::Runtime };
            parsed.inventory.depends(project, installed.index, scope);
        }
    }
}

fn package(name: &str, version: &str, range: bartizan_core::ByteRange, entry: &Node<'_>) -> Package {
    let scopes = match (entry.is_true("dev"), entry.is_true("optional")) {
        (true, true) => Scopes::of(Scope::Development).and(Scopes::of(Scope::Optional)),
        (true, false) => Scopes::of(Scope::Development),
        (false, true) => Scopes::of(Scope::Optional),
        (false, false) => Scopes::of(Scope::Runtime),
    };
    // A version may be an alias (`npm:NAME@VERSION`), or where the package comes from.
    let (name, version, origin) = if let Some((name, version)) = version.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@')) {
        (name, Some(version), origin(entry.text_of("resolved")))
    } else if version.contains(':') {
        (name, None, origin(Some(version)))
    } else {
        (name, Some(version), origin(entry.text_of("resolved")))
    };
    let hashes = hashes(entry.text_of("integrity"));
    let remarks = remarks(name, version, entry, &hashes);
    Package { scopes, origin, hashes, remarks, ..Package::dependency(Ecosystem::Npm, name, version, range) }
}

/// What `require` finds: within whoever asks, then beside it, then above.
fn resolve(all: &[Installed<'_>], places: &HashMap<(Option<usize>, &str), usize>, from: usize, name: &str) -> Option<usize> {
    let mut holder = Some(from);
    loop {
        if let Some(&found) = places.get(&(holder, name)) {
            return Some(found);
        }
        holder = all.get(holder?)?.above;
    }
}
