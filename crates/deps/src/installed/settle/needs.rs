//! What installed packages need of one another: by name, where their language looks for it.

use std::collections::HashMap;

use bartizan_core::{ArtifactPath, Dependency};

use super::{node, prefix};
use crate::{Ecosystem, Role, Target, graph::Located, identity, name};

/// Where a package of a language is looked for, and by which name.
type Key = (Ecosystem, String, String);

/// Looks up what installed packages need. A need that nothing meets is no gap: it was installed without it.
pub(super) fn resolve(files: &mut [(ArtifactPath, Located)], dependencies: &mut Vec<Dependency>) {
    let mut installed: HashMap<Key, String> = HashMap::new();
    let mut anywhere: HashMap<Key, String> = HashMap::new();
    for (path, file) in files.iter().filter(|(_, file)| file.inventory().role == Role::Installed) {
        let path = path.as_str().unwrap_or_default();
        let Some(package) = file.inventory().packages.first() else { continue };
        let Some((site, purl)) = site(package.ecosystem, path).zip(identity::purl(package)) else { continue };
        let name = name::normalized(package.ecosystem, installed_name(package.ecosystem, path, &package.name)).into_owned();
        let purl = purl.to_string();
        anywhere.entry((package.ecosystem, prefix(path).to_owned(), name.clone())).or_insert_with(|| purl.clone());
        installed.entry((package.ecosystem, site.to_owned(), name)).or_insert(purl);
    }
    for (path, file) in files.iter_mut().filter(|(_, file)| file.inventory().role == Role::Installed) {
        let path = path.as_str().unwrap_or_default();
        let inventory = file.inventory_mut();
        let edges = std::mem::take(&mut inventory.edges);
        for edge in edges {
            let Target::Named(wanted) = &edge.target else {
                inventory.edges.push(edge);
                continue;
            };
            let Some(package) = inventory.package(edge.dependent) else { continue };
            let ecosystem = package.ecosystem;
            let name = name::normalized(ecosystem, wanted).into_owned();
            let mut sites = sites(ecosystem, path).into_iter();
            let found = sites.find_map(|site| installed.get(&(ecosystem, site, name.clone())));
            let elsewhere = || anywhere.get(&(ecosystem, prefix(path).to_owned(), name.clone())).filter(|_| ecosystem != Ecosystem::Npm);
            let found = found.or_else(elsewhere);
            if let Some((dependency, dependent)) = found.cloned().zip(identity::purl(package).map(|purl| purl.to_string()))
                && dependency != dependent
            {
                dependencies.push(Dependency { dependent, dependency, scope: edge.scope });
            }
        }
    }
}

/// The name that a package is found by: of npm, that of its folder, which may be an alias.
fn installed_name<'p>(ecosystem: Ecosystem, path: &'p str, name: &'p str) -> &'p str {
    if ecosystem == Ecosystem::Npm { node::folders(path).map_or(name, |(_, name)| name) } else { name }
}

/// The folder that a package is installed in, beside others.
fn site(ecosystem: Ecosystem, path: &str) -> Option<&str> {
    match ecosystem {
        Ecosystem::Npm => node::folders(path).map(|(site, _)| site),
        Ecosystem::PyPi => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_of_package = |name: &str| name.ends_with(".dist-info") || name.ends_with(".egg-info") || name == "EGG-INFO";
            let (site, name) = folder.rsplit_once('/').unwrap_or(("", folder));
            Some(if is_of_package(name) { site } else { folder })
        }
        Ecosystem::Gem => path.rsplit_once('/').map(|(folder, _)| folder.strip_suffix("/default").unwrap_or(folder)),
        Ecosystem::Conda => path.rsplit_once('/').map(|(folder, _)| folder),
        _ => None,
    }
}

/// Where what a package needs is looked for, in order. Node looks below the package, then in every folder above:
/// <https://nodejs.org/api/modules.html#loading-from-node_modules-folders>.
fn sites(ecosystem: Ecosystem, path: &str) -> Vec<String> {
    if ecosystem != Ecosystem::Npm {
        return site(ecosystem, path).map(str::to_owned).into_iter().collect();
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folders =
        std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above)));
    let looked_in = folders.filter(|folder| !folder.ends_with("node_modules"));
    looked_in.map(|folder| if folder.is_empty() { "node_modules".to_owned() } else { format!("{folder}/node_modules") }).collect()
}
