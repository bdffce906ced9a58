//! Puts together what the files of an archive of Java say about it.

use std::collections::{BTreeMap, HashSet};

use bartizan_core::{ArtifactPath, ByteRange, Dependency, Scope};

use super::prefix;
use crate::{
    Ecosystem, JavaArchive, Package,
    graph::Located,
    identity,
    installed::java::{group, name_and_version},
};

/// What is known of an archive: places in the list of files.
#[derive(Default)]
struct Archive {
    name: Option<usize>,
    manifest: Option<usize>,
    packages: Vec<usize>,
}

/// Gives every archive a component, if what it holds does not; what it holds depends on nothing else, so that it is the archive's.
///
/// In a project an archive that says no version is a tool's own, such as the wrapper of Gradle.
pub(super) fn put_together(files: &mut [(ArtifactPath, Located)], systems: &HashSet<String>, dependencies: &mut Vec<Dependency>) {
    let archives = archives(files);
    let mut own: BTreeMap<String, String> = BTreeMap::new();
    for (path, archive) in &archives {
        let counts = |package: &Package| package.version.is_some() || systems.contains(prefix(path));
        let Some(package) = main(files, archive).filter(counts) else { continue };
        let Some(purl) = identity::purl(&package).map(|purl| purl.to_string()) else { continue };
        let held = archive.packages.iter().filter_map(|&at| files.get(at)).flat_map(|(_, file)| &file.inventory().packages);
        let held: Vec<String> = held.filter_map(identity::purl).map(|purl| purl.to_string()).collect();
        if !held.contains(&purl)
            && let Some((_, file)) = archive.name.and_then(|at| files.get_mut(at))
        {
            let _ = file.inventory_mut().add(package);
        }
        let of_own = |dependency: String| Dependency { dependent: purl.clone(), dependency, scope: Scope::Runtime };
        dependencies.extend(held.into_iter().filter(|held| *held != purl).map(of_own));
        own.insert(path.clone(), purl);
    }
    for (path, purl) in &own {
        let above = std::iter::successors(path.rsplit_once(ArtifactPath::ENTRY_SEPARATOR), |(above, _)| {
            above.rsplit_once(ArtifactPath::ENTRY_SEPARATOR)
        });
        let holder = above.map(|(archive, _)| archive).find_map(|archive| own.get(archive)).filter(|holder| *holder != purl);
        if let Some(holder) = holder {
            dependencies.push(Dependency { dependent: holder.clone(), dependency: purl.clone(), scope: Scope::Runtime });
        }
    }
}

/// The archives by path, each with its files.
fn archives(files: &[(ArtifactPath, Located)]) -> BTreeMap<String, Archive> {
    let mut archives: BTreeMap<String, Archive> = BTreeMap::new();
    for (at, (path, file)) in files.iter().enumerate() {
        let (Some(path), Some(kind)) = (path.as_str(), file.inventory().archive.as_deref()) else { continue };
        let holder = || path.rsplit_once(ArtifactPath::ENTRY_SEPARATOR).map_or("", |(archive, _)| archive).to_owned();
        match kind {
            JavaArchive::Name(_) => archives.entry(path.to_owned()).or_default().name = Some(at),
            JavaArchive::Manifest { .. } => archives.entry(holder()).or_default().manifest = Some(at),
            JavaArchive::Packages => archives.entry(holder()).or_default().packages.push(at),
        }
    }
    archives
}

/// Which package an archive is.
fn main(files: &[(ArtifactPath, Located)], archive: &Archive) -> Option<Package> {
    let of = |at: usize| files.get(at).map(|(_, file)| file.inventory());
    let stem = archive.name.and_then(of).and_then(|inventory| match inventory.archive.as_deref() {
        Some(JavaArchive::Name(stem)) => Some(stem.as_str()),
        Some(JavaArchive::Manifest { .. } | JavaArchive::Packages) | None => None,
    })?;
    let packages: Vec<&Package> = archive.packages.iter().filter_map(|&at| of(at)).flat_map(|inventory| &inventory.packages).collect();
    let artifact = |package: &Package| package.name.split_once(':').map_or(0, |(_, artifact)| artifact.len());
    let is_meant = |package: &&&Package| {
        let artifact = package.name.split_once(':').map_or("", |(_, artifact)| artifact);
        stem.strip_prefix(artifact).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_', '.']))
    };
    if let Some(package) = packages.iter().filter(is_meant).max_by_key(|package| artifact(package)) {
        return Some((*package).clone());
    }
    let (name, version) = name_and_version(stem);
    if let ([only], None) = (packages.as_slice(), version) {
        return Some((*only).clone());
    }
    let manifest = archive.manifest.and_then(of).and_then(|inventory| inventory.archive.as_deref());
    let (groups, names, of_manifest) = match manifest {
        Some(JavaArchive::Manifest { groups, names, version }) => (groups.as_slice(), names.as_slice(), version.as_deref()),
        Some(JavaArchive::Name(_) | JavaArchive::Packages) | None => (&[][..], &[][..], None),
    };
    // A file without a version in its name was named by whoever uses it.
    let said = || names.iter().find(|name| !name.contains(['.', '#'])).map(String::as_str);
    let name = if version.is_none() { said().unwrap_or(name) } else { name };
    let version = version.or(of_manifest);
    // A file of this ending without either is hardly an archive.
    if version.is_none() && manifest.is_none() || name.is_empty() {
        return None;
    }
    let group = group::known(name).or_else(|| groups.first().map(|group| group_of(group, name))).unwrap_or(name);
    Some(Package::dependency(Ecosystem::Maven, format!("{group}:{name}"), version, ByteRange::new(0, 0)))
}

/// The group in a symbolic name: `org.apache.commons.lang3`, of `commons-lang3`, has its end in common with it.
fn group_of<'g>(group: &'g str, name: &str) -> &'g str {
    match group.rsplit_once('.') {
        Some((above, last)) if name.strip_suffix(last).is_some_and(|rest| rest.ends_with('-')) => above,
        _ => group,
    }
}

#[cfg(test)]
mod tests {
    use super::group_of;

    #[test]
    fn a_symbolic_name_may_end_in_the_name() {
        assert_eq!(group_of("org.apache.commons.lang3", "commons-lang3"), "org.apache.commons");
        assert_eq!(group_of("org.apache.axis", "axis"), "org.apache.axis");
        assert_eq!(group_of("com.google.guava", "guava"), "com.google.guava");
    }
}
