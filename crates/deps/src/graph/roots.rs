//! Which roots are one: a manifest names the project that a lock file knows by its folder only, or the other way round.

use std::collections::HashMap;

use bartizan_core::ArtifactPath;
use bartizan_formats::purl::{PackageUrl, Parts};

use super::{Located, folder_of};
use crate::{Ecosystem, Origin, Package, PackageKind, identity, name};

/// The roots of a project.
#[derive(Default)]
pub(super) struct Roots<'f> {
    /// The root that a manifest in a folder, or a lock file of one project, names.
    by_folder: HashMap<(Ecosystem, &'f str), &'f Package>,
    /// Those that say their version, with the folders of their files.
    by_name: HashMap<(Ecosystem, String), Vec<(&'f str, &'f Package)>>,
}

impl<'f> Roots<'f> {
    pub(super) fn new(files: &'f [(ArtifactPath, Located)]) -> Self {
        let mut roots = Self::default();
        for (path, file) in files {
            let packages = &file.inventory.packages;
            // What has one root is about the project in its folder.
            let mut own = packages.iter().filter(|package| package.kind == PackageKind::Root);
            if let (Some(only), None) = (own.next(), own.next())
                && !only.name.is_empty()
                && matches!(&only.origin, Origin::Path(below) if below.is_empty())
            {
                roots.by_folder.entry((only.ecosystem, folder_of(path))).or_insert(only);
            }
            for package in packages.iter().filter(|package| package.kind == PackageKind::Root && package.version.is_some()) {
                let name = name::normalized(package.ecosystem, &package.name).into_owned();
                roots.by_name.entry((package.ecosystem, name)).or_default().push((folder_of(path), package));
            }
        }
        roots
    }

    /// The package URL of a root of a file: that of the manifest in its folder, of the root of that name that says its version, or
    /// its own.
    pub(super) fn purl(&self, path: &ArtifactPath, root: &Package) -> Option<String> {
        let own = |package: &Package| identity::purl(package).map(|purl| purl.to_string());
        if !root.name.is_empty() && root.version.is_some() {
            return own(root);
        }
        let folder = folder_of_root(path, root);
        let in_folder = folder.as_deref().and_then(|folder| self.by_folder.get(&(root.ecosystem, folder)).copied());
        let in_folder = in_folder.filter(|other| root.name.is_empty() || other.name == root.name);
        let root = in_folder.unwrap_or(root);
        if root.name.is_empty() {
            return Some(purl_of_folder(folder.as_deref().unwrap_or_else(|| folder_of(path))));
        }
        if root.version.is_some() {
            return own(root);
        }
        let name = name::normalized(root.ecosystem, &root.name).into_owned();
        let known = self.by_name.get(&(root.ecosystem, name)).map(Vec::as_slice).unwrap_or_default();
        let is_above = |above: &str| above.is_empty() || folder_of(path) == above || folder_of(path).starts_with(&format!("{above}/"));
        let nearest = known.iter().filter(|(above, _)| is_above(above)).max_by_key(|(above, _)| above.len());
        own(nearest.map_or(root, |(_, versioned)| versioned))
    }

    /// The package URL of the root that a manifest in the folder of a file names.
    pub(super) fn beside(&self, path: &ArtifactPath, ecosystem: Ecosystem) -> Option<String> {
        let root = self.by_folder.get(&(ecosystem, folder_of(path)))?;
        self.purl(path, root)
    }
}

/// The folder that a root of a file is in, by its path from that file.
pub(super) fn folder_of_root(path: &ArtifactPath, root: &Package) -> Option<String> {
    let mut parts: Vec<&str> = folder_of(path).split('/').filter(|part| !part.is_empty()).collect();
    if let Origin::Path(below) = &root.origin {
        for part in below.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
    }
    Some(parts.join("/"))
}

/// A project that has no package of its own is known by its folder.
pub(super) fn purl_of_folder(folder: &str) -> String {
    let (namespace, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    let name = if name.is_empty() { "." } else { name };
    let parts = Parts { package_type: "generic", namespace, name, version: "", qualifiers: &[], subpath: "" };
    PackageUrl::build(parts).map_or_else(|_| "pkg:generic/project".to_owned(), |purl| purl.to_string())
}
