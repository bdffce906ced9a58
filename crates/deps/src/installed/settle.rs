//! What files about installed things say together, before the graph is made of them.
//!
//! There are two views. In a **project**, lock files say what it is made of: what a package manager put below the folder of a lock
//! file of its ecosystem is left out. In a **system** (an image of a container, or a tree that has a database of packages and says
//! which distribution it is) only what is installed counts: lock files and manifests in it say what somebody once wanted.

mod java;
mod needs;

use std::collections::{BTreeMap, HashMap, HashSet};

use bartizan_core::{ArtifactPath, Dependency, Layer};
use bartizan_formats::purl::{PackageUrl, Parts};

use super::{merged, node};
use crate::{
    Ecosystem, Package, PackageKind, Role,
    graph::{Located, folder_of},
    identity,
};

/// What was settled.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// The images that were looked at, each with its path.
    pub(crate) images: Vec<(ArtifactPath, ImageRoot)>,
    /// The layers that brought packages, by package URL.
    pub(crate) layers: HashMap<String, Layer>,
    /// What installed packages need of one another.
    pub(crate) dependencies: Vec<Dependency>,
    /// The paths of systems: that of an image or an archive, or nothing for the scanned folder.
    systems: HashSet<String>,
}

/// An image, as a component.
#[derive(Debug, Clone)]
pub(crate) struct ImageRoot {
    pub(crate) purl: String,
    pub(crate) name: String,
    pub(crate) version: String,
}

/// The distribution of a system, and the files that its packages brought.
#[derive(Default)]
struct Distribution {
    id: String,
    release: String,
    owned: HashSet<String>,
    has_packages: bool,
}

impl Settled {
    /// The package URL of the image that a file is in.
    pub(crate) fn image_of(&self, path: &ArtifactPath) -> Option<String> {
        let prefix = prefix(path.as_str()?);
        let image = self.images.iter().find(|(image, _)| image.as_str() == Some(prefix));
        image.map(|(_, image)| image.purl.clone())
    }

    /// The folder that stands for the project that a file is about.
    pub(crate) fn folder_of<'p>(&self, path: &'p ArtifactPath, role: Role) -> &'p str {
        let text = path.as_str().unwrap_or_default();
        match role {
            Role::Whole | Role::Partial | Role::Supplement => folder_of(path),
            Role::Installed | Role::Embedded if self.systems.contains(prefix(text)) => "",
            Role::Installed | Role::Embedded => project_of(text),
        }
    }
}

/// Settles what files say together. Files that count for nothing are removed; packages of systems get the name of their distribution.
pub(crate) fn settle(files: &mut Vec<(ArtifactPath, Located)>) -> Settled {
    let mut settled = Settled::default();
    let is_installed = |file: &Located| matches!(file.inventory().role, Role::Installed | Role::Embedded);
    if !files.iter().any(|(_, file)| is_installed(file) || file.place().is_some()) {
        return settled;
    }
    settled.find_images(files);
    let distributions = distributions(files);
    let is_system = |prefix: &&String| {
        let known = distributions.get(*prefix).is_some_and(|known| known.has_packages && !known.id.is_empty());
        known || settled.images.iter().any(|(path, _)| path.as_str() == Some(prefix.as_str()))
    };
    settled.systems = distributions.keys().filter(is_system).cloned().collect();
    for (path, file) in files.iter_mut() {
        let distribution = distributions.get(prefix(path.as_str().unwrap_or_default()));
        file.inventory_mut().packages.iter_mut().for_each(|package| name_after(package, distribution));
    }
    settled.find_layers(files);
    let locked = locked(files);
    files.retain(|(path, file)| counts(path, file, &settled.systems, &distributions, &locked));
    java::put_together(files, &settled.systems, &mut settled.dependencies);
    needs::resolve(files, &mut settled.dependencies);
    settled.find_layers(files);
    settled
}

impl Settled {
    fn find_images(&mut self, files: &[(ArtifactPath, Located)]) {
        let mut found: BTreeMap<&str, &Located> = BTreeMap::new();
        for (path, file) in files.iter().filter(|(_, file)| file.place().is_some()) {
            let _ = found.entry(prefix(path.as_str().unwrap_or_default())).or_insert(file);
        }
        let images = found.into_iter().filter_map(|(path, file)| {
            let place = file.place()?;
            Some((ArtifactPath::from(path), ImageRoot::of(&place.name, &place.digest, place.has_manifest, path)))
        });
        self.images = images.collect();
    }

    /// Of the layers that have a package, the lowest brought it: a database is written anew by each that changes it.
    fn find_layers(&mut self, files: &[(ArtifactPath, Located)]) {
        let mut lowest: HashMap<String, (usize, &Layer)> = HashMap::new();
        for (_, file) in files {
            let Some((index, layer)) = file.place().and_then(|place| place.layer.as_ref()) else { continue };
            for purl in file.inventory().packages.iter().filter_map(identity::purl) {
                let known = lowest.entry(purl.to_string()).or_insert((*index, layer));
                if *index < known.0 {
                    *known = (*index, layer);
                }
            }
        }
        for (purl, (_, layer)) in lowest {
            self.layers.entry(purl).or_insert_with(|| layer.clone());
        }
    }
}

impl ImageRoot {
    /// An image by its name, `HOST/PATH/NAME:TAG`, and its digest.
    ///
    /// The digest of a manifest is the version of `pkg:oci`; that of a configuration, the id that container engines show, is that of
    /// `pkg:docker`.
    fn of(name: &str, digest: &str, has_manifest: bool, path: &str) -> Self {
        let file = path.rsplit('/').next().unwrap_or(path);
        let of_file = file.split('.').next().filter(|stem| !stem.is_empty() && !file.ends_with(".json")).unwrap_or("image");
        let repository = name.split('@').next().unwrap_or(name);
        let tagged = repository.rsplit_once(':').filter(|(_, tag)| !tag.contains('/'));
        let (repository, tag) = tagged.map_or((repository, ""), |(repository, tag)| (repository, tag));
        // A layout may give a tag alone.
        let (repository, tag) =
            if has_manifest && !repository.contains('/') && tag.is_empty() { ("", repository) } else { (repository, tag) };
        let repository = if repository.is_empty() { of_file } else { repository };
        let (namespace, short) = repository.rsplit_once('/').unwrap_or(("", repository));
        let mut qualifiers = Vec::new();
        if has_manifest && !namespace.is_empty() {
            qualifiers.push(("repository_url", repository));
        }
        if !tag.is_empty() {
            qualifiers.push(("tag", tag));
        }
        let (package_type, namespace) = if has_manifest { ("oci", "") } else { ("docker", namespace) };
        let parts = Parts { package_type, namespace, name: short, version: digest, qualifiers: &qualifiers, subpath: "" };
        let purl = PackageUrl::build_lenient(parts).map_or_else(|_| "pkg:oci/image".to_owned(), |purl| purl.to_string());
        Self { purl, name: repository.to_owned(), version: digest.to_owned() }
    }
}

/// The image or archive that a file is in; nothing for files of the scanned folder.
fn prefix(path: &str) -> &str {
    path.split_once(ArtifactPath::ENTRY_SEPARATOR).map_or("", |(archive, _)| if archive.contains('/') { "" } else { archive })
}

/// A path within its system.
fn within<'p>(path: &'p str, prefix: &str) -> &'p str {
    let path = path.strip_prefix(prefix).map_or(path, |rest| rest.strip_prefix(ArtifactPath::ENTRY_SEPARATOR).unwrap_or(rest));
    path.trim_start_matches("./")
}

/// The folder whose project put something there: that of `node_modules`, of an archive, of a program.
fn project_of(path: &str) -> &str {
    let outer = path.split_once(ArtifactPath::ENTRY_SEPARATOR).map_or(path, |(archive, _)| archive);
    let above = |folder: &str| outer.find(folder).filter(|&at| at == 0 || outer.get(..at).is_some_and(|before| before.ends_with('/')));
    let folder = ["node_modules/", "conda-meta/"].iter().find_map(|folder| above(folder)).and_then(|at| outer.get(..at));
    let folder = folder.or_else(|| outer.rsplit_once('/').map(|(folder, _)| folder)).unwrap_or_default().trim_end_matches('/');
    let is_metadata = folder.ends_with(".dist-info") || folder.ends_with(".egg-info");
    if is_metadata { folder.rsplit_once('/').map_or("", |(above, _)| above) } else { folder }
}

fn is_of_system(package: &Package) -> bool {
    matches!(package.ecosystem, Ecosystem::Apk | Ecosystem::Deb | Ecosystem::Rpm)
}

fn distributions(files: &[(ArtifactPath, Located)]) -> HashMap<String, Distribution> {
    let mut distributions: HashMap<String, Distribution> = HashMap::new();
    for (path, file) in files.iter().filter(|(_, file)| file.place().is_none_or(|place| !place.is_covered)) {
        let path = path.as_str().unwrap_or_default();
        let distribution = distributions.entry(prefix(path).to_owned()).or_default();
        distribution.has_packages |= file.inventory().packages.iter().any(is_of_system);
        let Some(system) = &file.inventory().system else { continue };
        distribution.owned.extend(system.owned.iter().cloned());
        // What stands in `etc` is what the owner of the system says.
        if !system.id.is_empty() && (distribution.id.is_empty() || within(path, prefix(path)).starts_with("etc/")) {
            distribution.id.clone_from(&system.id);
            distribution.release.clone_from(&system.release);
        }
    }
    distributions
}

/// Packages of systems are named after their distribution.
fn name_after(package: &mut Package, distribution: Option<&Distribution>) {
    let usual = match package.ecosystem {
        Ecosystem::Apk => "alpine",
        Ecosystem::Deb => "debian",
        Ecosystem::Rpm => "redhat",
        _ => return,
    };
    if package.kind == PackageKind::Root || package.name.contains('/') {
        return;
    }
    let id = distribution.map(|distribution| distribution.id.as_str()).unwrap_or_default();
    let namespace = match id {
        "" => usual,
        "rhel" => "redhat",
        id if id.starts_with("opensuse") => "opensuse",
        id => id,
    };
    package.name = format!("{namespace}/{}", package.name);
    if let Some(distribution) = distribution.filter(|distribution| !distribution.id.is_empty()) {
        let release = if distribution.release.is_empty() { String::new() } else { format!("-{}", distribution.release) };
        package.qualifiers.push(("distro".to_owned(), format!("{}{release}", distribution.id)));
    }
}

/// The folders that have a lock file, by ecosystem.
fn locked(files: &[(ArtifactPath, Located)]) -> HashSet<(Ecosystem, String)> {
    let is_plan = |file: &Located| matches!(file.inventory().role, Role::Whole | Role::Partial | Role::Supplement);
    let is_locked = |package: &&Package| package.kind == PackageKind::Dependency && package.version.is_some();
    let of = |(path, file): &(ArtifactPath, Located)| {
        let first = file.inventory().packages.iter().find(is_locked)?;
        Some((first.ecosystem, folder_of(path).to_owned()))
    };
    files.iter().filter(|(_, file)| is_plan(file)).filter_map(of).collect()
}

/// Whether a file says something that counts.
fn counts(
    path: &ArtifactPath,
    file: &Located,
    systems: &HashSet<String>,
    distributions: &HashMap<String, Distribution>,
    locked: &HashSet<(Ecosystem, String)>,
) -> bool {
    let text = path.as_str().unwrap_or_default();
    let prefix = prefix(text);
    let inventory = file.inventory();
    let is_installed = inventory.role == Role::Installed;
    let is_empty = inventory.packages.is_empty() && inventory.archive.is_none();
    if file.place().is_some_and(|place| place.is_covered) || is_installed && is_empty {
        return false;
    }
    if inventory.packages.first().is_some_and(is_of_system) {
        return true;
    }
    if systems.contains(prefix) {
        let is_owned = || distributions.get(prefix).is_some_and(|known| known.owned.contains(merged(within(text, prefix))));
        return inventory.role == Role::Embedded || is_installed && !is_owned();
    }
    let Some(ecosystem) = inventory.packages.first().map(|package| package.ecosystem).filter(|_| is_installed) else { return true };
    // Metadata that lie elsewhere are those of the project itself, or data of its tests.
    let is_site = ["site-packages/", "dist-packages/", ArtifactPath::ENTRY_SEPARATOR].iter().any(|folder| text.contains(folder));
    if ecosystem == Ecosystem::PyPi && !is_site {
        return false;
    }
    let mut folders = std::iter::successors(Some(folder_of(path)), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    });
    !folders.any(|folder| locked.contains(&(ecosystem, folder.to_owned())))
}

#[cfg(test)]
mod tests;
