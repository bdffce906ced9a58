//! Versions 2 and 3: `packages`, by the folder that each is installed in.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{Member, Node};

use super::{licences, remarks};
use crate::{
    Ecosystem, Origin, Package, PackageIndex, Parsed, Scopes,
    npm::{hashes, origin},
};

const FOLDER: &str = "node_modules/";

/// What an entry depends on, and what for.
const FIELDS: [(&str, Scope); 4] = [
    ("dependencies", Scope::Runtime),
    ("optionalDependencies", Scope::Optional),
    ("devDependencies", Scope::Development),
    ("peerDependencies", Scope::Runtime),
];

/// Reads `packages`.
pub(super) fn read(root: &Node<'_>, packages: &Node<'_>, parsed: &mut Parsed) {
    let mut by_folder: HashMap<&str, PackageIndex> = HashMap::new();
    let mut links: HashMap<&str, &str> = HashMap::new();
    for member in packages.members() {
        let entry = &member.node;
        if !entry.is_map() {
            parsed.unreadable(entry.range, "a package is a map");
            continue;
        }
        if entry.is_true("link") {
            if let Some(target) = entry.text_of("resolved") {
                links.insert(&member.name, target);
            }
            continue;
        }
        if let Some(package) = package(root, packages, member, parsed) {
            by_folder.insert(&member.name, parsed.inventory.add(package));
        }
    }
    for (&from, &to) in &links {
        if !by_folder.contains_key(to) {
            let range = packages.members().iter().find(|member| member.name == from).map_or(packages.range, |member| member.name_range);
            parsed.unresolved(range, format!("`{from}` is a link to `{to}`, which is not in this lock file"));
        }
    }
    let target_of = |folder: &str| by_folder.get(folder).or_else(|| by_folder.get(*links.get(folder)?)).copied();
    for member in packages.members() {
        let Some(&dependent) = by_folder.get(member.name.as_ref()) else { continue };
        for (field, scope) in FIELDS {
            for wanted in member.node.get(field).map(Node::members).unwrap_or_default() {
                let is_optional = scope == Scope::Optional || is_optional_peer(&member.node, field, &wanted.name);
                let Some(target) = resolve(&member.name, &wanted.name, &target_of) else {
                    // What is optional may be left out, and what only developers of a dependency need always is.
                    let is_of_project = !member.name.contains(FOLDER);
                    if !is_optional && field != "peerDependencies" && (scope != Scope::Development || is_of_project) {
                        parsed.unresolved(wanted.name_range, format!("`{}` is not in this lock file", wanted.name));
                    }
                    continue;
                };
                let scope = if is_optional { Scope::Optional } else { scope };
                let requirement = wanted.node.text().unwrap_or_default();
                let target = crate::Target::Package(target);
                let edge = crate::Edge { dependent, target, scope, requirement: requirement.to_owned(), range: None };
                // `optionalDependencies` are repeated among `dependencies`.
                let is_told = |told: &crate::Edge| told.dependent == dependent && told.target == edge.target;
                match parsed.inventory.edges.iter_mut().rev().take_while(|told| told.dependent == dependent).find(|told| is_told(told)) {
                    Some(told) if scope == Scope::Optional => told.scope = scope,
                    Some(_) => {}
                    None => parsed.inventory.edges.push(edge),
                }
            }
        }
    }
}

fn is_optional_peer(entry: &Node<'_>, field: &str, name: &str) -> bool {
    let is_peer = field == "peerDependencies";
    is_peer && entry.at(&["peerDependenciesMeta", name]).is_some_and(|meta| meta.is_true("optional"))
}

/// Whether a folder is the project's own, or a member of its workspace. Others are only linked to: `npm install ../folder`.
fn is_member(packages: &Node<'_>, folder: &str) -> bool {
    let Some(project) = packages.get("").filter(|_| !folder.is_empty()) else { return true };
    let patterns = project.get("workspaces").map(|workspaces| workspaces.get("packages").unwrap_or(workspaces));
    patterns.map(Node::items).unwrap_or_default().iter().filter_map(Node::text).any(|pattern| matches(pattern, folder))
}

/// Whether a pattern of `workspaces` means a folder: `*` is any one part of a path, `**` any number.
fn matches(pattern: &str, folder: &str) -> bool {
    let mut parts = folder.split('/');
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    for expected in pattern.split('/') {
        let is_met = match (expected, parts.next()) {
            ("**", _) => return true,
            (_, None) => false,
            (expected, Some(part)) => match expected.split_once('*') {
                Some((before, after)) => before.len() + after.len() <= part.len() && part.starts_with(before) && part.ends_with(after),
                None => expected == part,
            },
        };
        if !is_met {
            return false;
        }
    }
    parts.next().is_none()
}

/// One entry: the project (``), a member of its workspace (`packages/a`) or what is installed (`node_modules/b`).
fn package(root: &Node<'_>, packages: &Node<'_>, member: &Member<'_>, parsed: &mut Parsed) -> Option<Package> {
    let (folder, entry) = (member.name.as_ref(), &member.node);
    let Some((_, installed_as)) = folder.rsplit_once(FOLDER) else {
        let by_folder = folder.rsplit('/').next().unwrap_or(folder);
        let name = entry.text_of("name").or_else(|| root.text_of("name").filter(|_| folder.is_empty())).unwrap_or(by_folder);
        let version = entry.text_of("version").or_else(|| root.text_of("version").filter(|_| folder.is_empty()));
        let licences = licences(entry);
        let origin = Origin::Path(folder.to_owned());
        let package = match is_member(packages, folder) {
            true => Package::root(Ecosystem::Npm, name, version, member.name_range),
            false => Package { scopes: scopes(entry), ..Package::dependency(Ecosystem::Npm, name, version, member.name_range) },
        };
        return Some(Package { origin, licences, ..package });
    };
    // An alias is installed under another name than its own: `npm install foo@npm:bar`.
    let name = entry.text_of("name").unwrap_or(installed_as);
    let version = entry.text_of("version");
    let origin = origin(entry.text_of("resolved"));
    if version.is_none() && matches!(origin, Origin::Registry(_)) {
        // npm writes such entries for optional peers that nobody installed.
        if !entry.is_true("optional") && !entry.is_true("peer") {
            parsed.unreadable(member.name_range, format!("the package `{name}` has no version"));
        }
        return None;
    }
    let hashes = hashes(entry.text_of("integrity"));
    Some(Package {
        scopes: scopes(entry),
        origin,
        remarks: remarks(name, version, entry, &hashes),
        hashes,
        licences: licences(entry),
        ..Package::dependency(Ecosystem::Npm, name, version, member.name_range)
    })
}

/// `devOptional`: needed for development by some, optional for others.
fn scopes(entry: &Node<'_>) -> Scopes {
    let (is_dev, is_optional) = (entry.is_true("dev"), entry.is_true("optional"));
    let both = Scopes::of(Scope::Development).and(Scopes::of(Scope::Optional));
    match (is_dev, is_optional) {
        _ if entry.is_true("devOptional") => both,
        (true, true) => both,
        (true, false) => Scopes::of(Scope::Development),
        (false, true) => Scopes::of(Scope::Optional),
        (false, false) => Scopes::of(Scope::Runtime),
    }
}

/// What `require` finds: in the folder of whoever asks, then in each folder above.
fn resolve(folder: &str, name: &str, target_of: &dyn Fn(&str) -> Option<PackageIndex>) -> Option<PackageIndex> {
    let mut within = folder;
    loop {
        let separator = if within.is_empty() { "" } else { "/" };
        if let Some(target) = target_of(&format!("{within}{separator}{FOLDER}{name}")) {
            return Some(target);
        }
        if within.is_empty() {
            return None;
        }
        within = within.rsplit_once('/').map_or("", |(above, _)| above);
    }
}
