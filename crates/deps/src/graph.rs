//! What the files of a project say together: components, each once, and a way to each of them from a root.
//!
//! A manifest says what a project asks for and what for; a lock file, which versions it gets. A name that a manifest asks for
//! is looked up in the lock file of its ecosystem that is nearest: in its folder, or in one above.

mod index;
mod reach;
mod roots;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use bartizan_core::{
    ArtifactPath, ByteRange, Component, ComponentKind, Dependency, Diagnostic, DiagnosticKind, Layer, Level, Location, Region, Scope,
};
use bartizan_source::FileView;
use serde::{Deserialize, Serialize};

use self::{
    index::{NameIndex, Request},
    reach::Reach,
    roots::{Roots, folder_of_root, purl_of_folder},
};
use crate::{
    Ecosystem, Edge, Inventory, Package, PackageIndex, PackageKind, Role, Target, identity, installed::settle::Settled, requirement,
};

/// The inventory of a file, with the lines of its packages: files are not opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Located {
    inventory: Inventory,
    /// The place of each package.
    regions: Vec<Option<Region>>,
    /// The place of each edge that has one.
    edge_regions: Vec<Option<Region>>,
    /// Where in an image of a container the file is.
    place: Option<PlaceInImage>,
}

/// Where in an image of a container a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PlaceInImage {
    /// The image's name; empty where it has none.
    pub(crate) name: String,
    /// The digest of its manifest or of its configuration.
    pub(crate) digest: String,
    /// Whether it is that of its manifest.
    pub(crate) has_manifest: bool,
    /// The layer that brought the file, and its place in the image.
    pub(crate) layer: Option<(usize, Layer)>,
    /// Whether a later layer replaced or removed it.
    pub(crate) is_covered: bool,
}

impl PlaceInImage {
    fn of(file: &FileView<'_>) -> Option<Self> {
        let of = file.info().in_image.as_ref()?;
        let (name, digest, has_manifest) = (of.image.name.clone(), of.image.digest.clone(), of.image.has_manifest);
        let layer = of.layer.zip(file.info().layer().cloned());
        Some(Self { name, digest, has_manifest, layer, is_covered: of.is_covered })
    }
}

impl Located {
    pub(crate) fn new(inventory: Inventory, file: &FileView<'_>) -> Self {
        let region = |range: ByteRange| file.text().and_then(|_| file.location(range).region());
        let regions = inventory.packages.iter().map(|package| region(package.byte_range())).collect();
        let edge_regions = inventory.edges.iter().map(|edge| edge.byte_range().and_then(region)).collect();
        Self { inventory, regions, edge_regions, place: PlaceInImage::of(file) }
    }

    pub(crate) const fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    pub(crate) const fn place(&self) -> Option<&PlaceInImage> {
        self.place.as_ref()
    }

    fn location_of_edge(&self, path: &ArtifactPath, index: usize) -> Location {
        let range = self.inventory.edges.get(index).and_then(Edge::byte_range);
        Location { artifact: path.clone(), place: range.zip(self.edge_regions.get(index).copied().flatten()) }
    }

    pub(crate) fn into_inventory(self) -> Inventory {
        self.inventory
    }

    pub(crate) fn inventory_mut(&mut self) -> &mut Inventory {
        &mut self.inventory
    }

    pub(crate) fn location(&self, path: &ArtifactPath, index: usize) -> Location {
        let range = self.inventory.packages.get(index).map(Package::byte_range);
        Location { artifact: path.clone(), place: range.zip(self.regions.get(index).copied().flatten()) }
    }
}

/// The graph of a project.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) components: Vec<Component>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Puts the files of a project together.
pub(crate) fn build(files: &[(ArtifactPath, Located)], settled: &Settled) -> Graph {
    let mut builder = Builder::default();
    builder.add_images(settled);
    let roots = Roots::new(files);
    let wholes: BTreeSet<(Ecosystem, &str)> = files.iter().filter_map(|(path, file)| whole(path, file)).collect();
    let is_needed = |path: &ArtifactPath, file: &Located| match (file.inventory.role, file.inventory.packages.first()) {
        (Role::Supplement, Some(first)) => !wholes.contains(&(first.ecosystem, folder_of(path))),
        (Role::Whole | Role::Partial | Role::Supplement | Role::Installed | Role::Embedded, _) => true,
    };
    let purls: Vec<Vec<Option<String>>> = files
        .iter()
        .map(|(path, file)| if is_needed(path, file) { builder.add_components(path, file, &roots) } else { Vec::new() })
        .collect();
    let index = NameIndex::new(files, &purls);
    for (file, purls) in files.iter().zip(&purls) {
        builder.add_requests(file, purls, &index);
    }
    for ((_, file), purls) in files.iter().zip(&purls) {
        builder.add_dependencies(file, purls);
    }
    builder.dependencies.extend(settled.dependencies.iter().cloned());
    builder.give_everything_a_root(files, &purls, &roots, settled);
    builder.finish()
}

/// The ecosystem and folder of a file that has all that is there.
fn whole<'f>(path: &'f ArtifactPath, file: &Located) -> Option<(Ecosystem, &'f str)> {
    let first = file.inventory.packages.first().filter(|_| file.inventory.role == Role::Whole)?;
    Some((first.ecosystem, folder_of(path)))
}

#[derive(Debug, Default)]
struct Builder {
    components: BTreeMap<String, Component>,
    dependencies: BTreeSet<Dependency>,
    diagnostics: Vec<Diagnostic>,
    /// The scopes that files themselves give.
    given: HashMap<String, Given>,
    /// The layers that brought packages, by package URL.
    layers: HashMap<String, Layer>,
    /// What manifests say that roots depend on, and what for: a lock file may not know that.
    asked: BTreeMap<(String, String), Scope>,
}

/// The scope that files give a package.
#[derive(Debug)]
struct Given {
    scope: Option<Scope>,
    /// Whether every file that has the package says it.
    is_said_by_all: bool,
}

impl Builder {
    /// Adds the images that were looked at.
    fn add_images(&mut self, settled: &Settled) {
        for (path, image) in &settled.images {
            let bare = bare(&image.purl, &image.name, ComponentKind::Image);
            let component = Component { version: Some(image.version.clone()).filter(|version| !version.is_empty()), ..bare };
            self.components.entry(image.purl.clone()).or_insert(component).locations.push(Location::whole(path.clone()));
        }
        self.layers.clone_from(&settled.layers);
    }

    /// Adds the packages of a file; gives the package URL of each.
    fn add_components(&mut self, path: &ArtifactPath, file: &Located, roots: &Roots<'_>) -> Vec<Option<String>> {
        let packages = file.inventory.packages.iter().enumerate();
        packages.map(|(index, package)| self.add_component(path, package, file.location(path, index), roots)).collect()
    }

    fn add_component(&mut self, path: &ArtifactPath, package: &Package, location: Location, roots: &Roots<'_>) -> Option<String> {
        let purl = match package.kind {
            PackageKind::Root => roots.purl(path, package),
            PackageKind::Dependency => identity::purl(package).map(|purl| purl.to_string()),
        };
        let Some(purl) = purl else {
            let reason = format!("`{}` is no name of a package in {}", package.name, package.ecosystem.purl_type());
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::ManifestUnreadable, reason).at(location));
            return None;
        };
        let scope = package.scopes.iter().next();
        let given = self.given.entry(purl.clone()).or_insert(Given { scope, is_said_by_all: scope.is_some() });
        given.is_said_by_all &= scope.is_some();
        given.scope = given.scope.into_iter().chain(scope).min();
        let component = self.components.entry(purl.clone()).or_insert_with(|| Component {
            purl: purl.clone(),
            name: match identity::shown_name(package) {
                "" => folder_of_root(path, package).unwrap_or_default(),
                name => name.to_owned(),
            },
            version: package.version.clone(),
            kind: ComponentKind::Library,
            scope: Scope::Development,
            licences: Vec::new(),
            hashes: Vec::new(),
            locations: Vec::new(),
            layer: None,
        });
        // A manifest and a lock file may each know half of a root.
        if component.version.is_none() {
            component.version.clone_from(&package.version);
        }
        match (package.kind, package.ecosystem) {
            (PackageKind::Root, _) => component.kind = ComponentKind::Application,
            (PackageKind::Dependency, Ecosystem::Docker) => component.kind = ComponentKind::Container,
            (PackageKind::Dependency, Ecosystem::Apk | Ecosystem::Deb | Ecosystem::Rpm) => component.kind = ComponentKind::OperatingSystem,
            (PackageKind::Dependency, _) => {}
        }
        component.locations.push(location);
        component.licences.extend(package.licences.iter().cloned());
        component.hashes.extend(package.hashes.iter().cloned());
        Some(purl)
    }

    /// Looks up what a manifest asks for by name.
    fn add_requests(&mut self, (path, file): &(ArtifactPath, Located), purls: &[Option<String>], index: &NameIndex<'_>) {
        let purl_of = |index: PackageIndex| purls.get(usize::try_from(index.0).ok()?)?.clone();
        let mut unanswered: Vec<(usize, &Edge)> = Vec::new();
        for (at, edge) in file.inventory.edges.iter().enumerate() {
            let Target::Named(name) = &edge.target else { continue };
            let Some((dependent, package)) = purl_of(edge.dependent).zip(file.inventory.package(edge.dependent)) else { continue };
            let ecosystem = package.ecosystem;
            let request = Request { path, ecosystem, dependent: &dependent, name, requirement: &edge.requirement };
            let dependency = match index.find(&request) {
                Some(dependency) => dependency.to_owned(),
                None if edge.range.is_none() => continue,
                // The lock file has what is needed, and leaves this out or is older than the manifest.
                None if index.is_locked(path, ecosystem) => {
                    if edge.scope != Scope::Optional {
                        unanswered.push((at, edge));
                    }
                    continue;
                }
                None => {
                    let version = requirement::pinned(ecosystem, &edge.requirement);
                    if version.is_none() {
                        unanswered.push((at, edge));
                    }
                    let package = Package::dependency(ecosystem, name, version, ByteRange::new(0, 0));
                    let Some(purl) = self.add_asked(&package, file.location_of_edge(path, at)) else { continue };
                    purl
                }
            };
            if dependency != dependent {
                let scope = self.asked.entry((dependent, dependency)).or_insert(edge.scope);
                *scope = edge.scope.min(*scope);
            }
        }
        let Some(((first_at, first), others)) = unanswered.split_first() else { return };
        let ecosystem = file.inventory.package(first.dependent).map_or(Ecosystem::Generic, |package| package.ecosystem);
        let Target::Named(name) = &first.target else { return };
        let reason = if index.is_locked(path, ecosystem) { "not in the lock file" } else { "of no known version: there is no lock file" };
        let message = match others.len() {
            0 => format!("`{name}` is {reason}"),
            n_others => format!("`{name}` and {n_others} more are {reason}"),
        };
        let mut diagnostic = Diagnostic::new(DiagnosticKind::DependencyUnresolved, message).at(file.location_of_edge(path, *first_at));
        diagnostic.level = Level::Note;
        self.diagnostics.push(diagnostic);
    }

    /// Adds a component that only a manifest knows.
    fn add_asked(&mut self, package: &Package, location: Location) -> Option<String> {
        let Some(purl) = identity::purl(package).map(|purl| purl.to_string()) else {
            let reason = format!("`{}` is no name of a package in {}", package.name, package.ecosystem.purl_type());
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::ManifestUnreadable, reason).at(location));
            return None;
        };
        let bare = || Component { version: package.version.clone(), ..bare(&purl, &package.name, ComponentKind::Library) };
        self.components.entry(purl.clone()).or_insert_with(bare).locations.push(location);
        Some(purl)
    }

    /// Adds the edges between packages of a file, where no manifest knows better what they are for.
    fn add_dependencies(&mut self, file: &Located, purls: &[Option<String>]) {
        let purl_of = |index: PackageIndex| purls.get(usize::try_from(index.0).ok()?)?.clone();
        for edge in &file.inventory.edges {
            let Target::Package(target) = &edge.target else { continue };
            let Some((dependent, dependency)) = purl_of(edge.dependent).zip(purl_of(*target)) else { continue };
            let pair = (dependent, dependency);
            if pair.0 != pair.1 && !self.asked.contains_key(&pair) {
                self.dependencies.insert(Dependency { dependent: pair.0, dependency: pair.1, scope: edge.scope });
            }
        }
    }

    /// What no root leads to belongs to the root of its file, or to the one that a manifest beside it names; else the folder
    /// stands for one.
    fn give_everything_a_root(
        &mut self,
        files: &[(ArtifactPath, Located)],
        purls: &[Vec<Option<String>>],
        roots: &Roots<'_>,
        settled: &Settled,
    ) {
        let asked = std::mem::take(&mut self.asked).into_iter();
        self.dependencies.extend(asked.map(|((dependent, dependency), scope)| Dependency { dependent, dependency, scope }));
        let components = std::mem::take(&mut self.components);
        let dependencies = std::mem::take(&mut self.dependencies);
        let is_root = |component: &Component| component.kind.is_root();
        let mut reach = Reach::new(
            components.iter().map(|(purl, component)| (purl.as_str(), is_root(component))),
            dependencies.iter().map(|edge| (edge.dependent.as_str(), edge.dependency.as_str())),
        );
        let mut added = Vec::new();
        // First what nothing else leads to; then, of a circle that nothing leads to, its first member stands for it.
        for (is_free, ((path, file), purls)) in
            [true, false].into_iter().flat_map(|is_free| files.iter().zip(purls).map(move |file| (is_free, file)))
        {
            let is_lost = |purl: &&String| !reach.is_reached(purl) && is_free != reach.has_dependent(purl);
            let lost: Vec<&String> = purls.iter().flatten().filter(is_lost).collect();
            let Some(ecosystem) = file.inventory.packages.first().map(|package| package.ecosystem).filter(|_| !lost.is_empty()) else {
                continue;
            };
            let own = file.inventory.packages.iter().zip(purls).filter(|(package, _)| package.kind == PackageKind::Root);
            let own = own.filter_map(|(_, purl)| purl.clone()).next();
            let root = own.or_else(|| settled.image_of(path)).or_else(|| roots.beside(path, ecosystem));
            let root = root.unwrap_or_else(|| self.root_of_folder(path, settled.folder_of(path, file.inventory.role)));
            for purl in lost {
                if !reach.is_reached(purl) {
                    reach.start(purl);
                    let scope = self.given.get(purl).and_then(|given| given.scope).unwrap_or(Scope::Runtime);
                    added.push(Dependency { dependent: root.clone(), dependency: purl.clone(), scope });
                }
            }
        }
        for (purl, component) in components {
            match self.components.entry(purl) {
                // A root that stands for a folder, and was there already.
                std::collections::btree_map::Entry::Occupied(mut there) => there.get_mut().locations.extend(component.locations),
                std::collections::btree_map::Entry::Vacant(free) => {
                    free.insert(component);
                }
            }
        }
        self.dependencies = dependencies;
        self.dependencies.extend(added);
    }

    fn root_of_folder(&mut self, path: &ArtifactPath, folder: &str) -> String {
        let purl = purl_of_folder(folder);
        let root = || Component { scope: Scope::Runtime, ..bare(&purl, folder, ComponentKind::Application) };
        self.components.entry(purl.clone()).or_insert_with(root).locations.push(Location::whole(path.clone()));
        purl
    }

    /// The weightiest way from a root to each component, in their order, decides its scope.
    fn scopes(&self) -> Vec<Option<Scope>> {
        let numbers: HashMap<&str, usize> = self.components.keys().enumerate().map(|(number, purl)| (purl.as_str(), number)).collect();
        let mut edges: Vec<Vec<(usize, Scope)>> = vec![Vec::new(); numbers.len()];
        for edge in &self.dependencies {
            let ends = numbers.get(edge.dependent.as_str()).zip(numbers.get(edge.dependency.as_str()));
            let Some((edges, &dependency)) = ends.and_then(|(dependent, dependency)| Some((edges.get_mut(*dependent)?, dependency))) else {
                continue;
            };
            edges.push((dependency, edge.scope));
        }
        let is_root = |component: &Component| component.kind.is_root();
        let mut scopes: Vec<Option<Scope>> =
            self.components.values().map(|component| is_root(component).then_some(Scope::Runtime)).collect();
        let mut open: VecDeque<usize> = scopes.iter().enumerate().filter(|(_, scope)| scope.is_some()).map(|(number, _)| number).collect();
        while let Some(number) = open.pop_front() {
            let Some(scope) = scopes.get(number).copied().flatten() else { continue };
            for &(dependency, of_edge) in edges.get(number).into_iter().flatten() {
                let along = scope.max(of_edge);
                let Some(known) = scopes.get_mut(dependency).filter(|known| known.is_none_or(|known| along < known)) else { continue };
                *known = Some(along);
                open.push_back(dependency);
            }
        }
        scopes
    }

    fn finish(mut self) -> Graph {
        let scopes = self.scopes();
        for (component, by_way) in self.components.values_mut().zip(scopes) {
            let given = self.given.get(&component.purl);
            component.scope = match given.and_then(|given| Some((given.scope?, given.is_said_by_all))) {
                Some((scope, true)) => scope,
                Some((scope, false)) => by_way.map_or(scope, |by_way| scope.min(by_way)),
                None => by_way.unwrap_or(Scope::Runtime),
            };
            component.layer = self.layers.remove(&component.purl);
            component.locations.sort();
            component.locations.dedup();
            component.licences.sort();
            component.licences.dedup();
            component.hashes.sort();
            component.hashes.dedup();
        }
        Graph {
            components: self.components.into_values().collect(),
            dependencies: self.dependencies.into_iter().collect(),
            diagnostics: self.diagnostics,
        }
    }
}

/// A component of which no file says more than its name.
fn bare(purl: &str, name: &str, kind: ComponentKind) -> Component {
    Component {
        purl: purl.to_owned(),
        name: name.to_owned(),
        version: None,
        kind,
        scope: Scope::Development,
        licences: Vec::new(),
        hashes: Vec::new(),
        locations: Vec::new(),
        layer: None,
    }
}

/// The folder of a file, below the scanned root.
pub(crate) fn folder_of(path: &ArtifactPath) -> &str {
    path.as_str().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder)
}
