//! What a name stands for in a folder.

use std::collections::{HashMap, HashSet};

use bartizan_core::ArtifactPath;

use super::{Located, folder_of};
use crate::{Ecosystem, PackageIndex, PackageKind, Role, Target, name, requirement::likeness};

/// A package URL and its version.
type Versioned<'f> = (&'f str, &'f str);

/// Which packages are known by a name, and where.
#[derive(Default)]
pub(super) struct NameIndex<'f> {
    /// By ecosystem, folder and name: package URLs with their versions.
    packages: HashMap<(Ecosystem, &'f str, String), Vec<Versioned<'f>>>,
    /// What lock files answer, by ecosystem, folder, name and requirement.
    answers: HashMap<(Ecosystem, &'f str, &'f str, &'f str), &'f str>,
    /// What lock files say that a root depends on, by its package URL and the name of the dependency.
    of_root: HashMap<(&'f str, String), Vec<Versioned<'f>>>,
    /// The folders in which a lock file of an ecosystem is.
    locked: HashSet<(Ecosystem, &'f str)>,
}

/// A request of a manifest.
pub(super) struct Request<'r> {
    pub(super) path: &'r ArtifactPath,
    pub(super) ecosystem: Ecosystem,
    /// The package URL of who asks.
    pub(super) dependent: &'r str,
    pub(super) name: &'r str,
    pub(super) requirement: &'r str,
}

impl<'f> NameIndex<'f> {
    pub(super) fn new(files: &'f [(ArtifactPath, Located)], purls: &'f [Vec<Option<String>>]) -> Self {
        let mut index = Self::default();
        for ((path, file), purls) in files.iter().zip(purls) {
            index.add(folder_of(path), file, purls);
        }
        index
    }

    fn add(&mut self, folder: &'f str, file: &'f Located, purls: &'f [Option<String>]) {
        // What is installed answers to nobody: it has its own way of being found.
        if matches!(file.inventory.role, Role::Installed | Role::Embedded) {
            return;
        }
        let purl_of = |index: PackageIndex| purls.get(usize::try_from(index.0).ok()?)?.as_deref();
        for (package, purl) in file.inventory.packages.iter().zip(purls) {
            let Some(purl) = purl else { continue };
            let is_root = package.kind == PackageKind::Root;
            if package.version.is_none() && !is_root && !matches!(package.origin, crate::Origin::Git { .. } | crate::Origin::Url(_)) {
                continue;
            }
            if !is_root {
                self.locked.insert((package.ecosystem, folder));
            }
            let key = (package.ecosystem, folder, name::normalized(package.ecosystem, &package.name).into_owned());
            self.packages.entry(key).or_default().push((purl.as_str(), package.version.as_deref().unwrap_or_default()));
        }
        for answer in &file.inventory.answers {
            let Some((purl, package)) = purl_of(answer.package).zip(file.inventory.package(answer.package)) else { continue };
            self.answers.entry((package.ecosystem, folder, &answer.name, &answer.requirement)).or_insert(purl);
        }
        for edge in &file.inventory.edges {
            let Target::Package(target) = &edge.target else { continue };
            let is_of_root = file.inventory.package(edge.dependent).is_some_and(|package| package.kind == PackageKind::Root);
            let (Some(dependent), Some(dependency), true) = (purl_of(edge.dependent), purl_of(*target), is_of_root) else { continue };
            let Some(package) = file.inventory.package(*target) else { continue };
            let key = (dependent, name::normalized(package.ecosystem, &package.name).into_owned());
            self.of_root.entry(key).or_default().push((dependency, package.version.as_deref().unwrap_or_default()));
        }
    }

    /// What a manifest gets: what a lock file says that its root gets; what a lock file answers to this very requirement; or the
    /// package of that name in the folder of the manifest, or in the nearest one above it that knows.
    pub(super) fn find(&self, request: &Request<'_>) -> Option<&'f str> {
        let name = name::normalized(request.ecosystem, request.name).into_owned();
        let likeliest = |several: &Vec<Versioned<'f>>| {
            // Of equals the first.
            let likeness = several.iter().map(|(purl, version)| (likeness(request.requirement, version), *purl));
            likeness.rev().max_by_key(|(likeness, _)| *likeness).map(|(_, purl)| purl)
        };
        if let Some(found) = self.of_root.get(&(request.dependent, name.clone())).and_then(likeliest) {
            return Some(found);
        }
        folders_above(request.path).find_map(|folder| {
            let answer = self.answers.get(&(request.ecosystem, folder, request.name, request.requirement)).copied();
            answer.or_else(|| self.packages.get(&(request.ecosystem, folder, name.clone())).and_then(likeliest))
        })
    }

    /// Whether a lock file of an ecosystem is in the folder of a file, or above.
    pub(super) fn is_locked(&self, path: &ArtifactPath, ecosystem: Ecosystem) -> bool {
        folders_above(path).any(|folder| self.locked.contains(&(ecosystem, folder)))
    }
}

/// The folder of a file, and those above it.
fn folders_above(path: &ArtifactPath) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder_of(path)), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}
