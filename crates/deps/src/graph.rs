//! What the files of a project say together: components, each once, and a way to each of them from a root.
//!
//! A manifest says what a project asks for and what for; a lock file, which versions it gets. A name that a manifest asks for
//! is looked up in the lock file of its ecosystem that is nearest: in its folder, or in one above.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use bartizan_core::{ArtifactPath, Component, ComponentKind, Dependency, Diagnostic, DiagnosticKind, Location, Region, Scope};
use bartizan_formats::purl::{PackageUrl, Parts};
use bartizan_source::FileView;
use serde::{Deserialize, Serialize};

use crate::{Ecosystem, Inventory, Package, PackageIndex, PackageKind, Target, identity};

/// The inventory of a file, with the lines of its packages: files are not opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Located {
    inventory: Inventory,
    /// The place of each package.
    regions: Vec<Option<Region>>,
}

impl Located {
    pub(crate) fn new(inventory: Inventory, file: &FileView<'_>) -> Self {
        let region = |package: &Package| file.text().and_then(|_| file.location(package.byte_range()).region());
        let regions = inventory.packages.iter().map(region).collect();
        Self { inventory, regions }
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
pub(crate) fn build(files: &[(ArtifactPath, Located)]) -> Graph {
    let mut builder = Builder::default();
    let names: Vec<Vec<Option<String>>> = files.iter().map(|(path, file)| builder.add_components(path, file)).collect();
    let index = NameIndex::new(files, &names);
    for (file, names) in files.iter().zip(&names) {
        builder.add_dependencies(file, names, &index);
    }
    builder.give_everything_a_root(files, &names);
    builder.finish()
}

#[derive(Debug, Default)]
struct Builder {
    components: BTreeMap<String, Component>,
    dependencies: BTreeSet<Dependency>,
    diagnostics: Vec<Diagnostic>,
    /// The scopes that files themselves give.
    given: HashMap<String, Scope>,
}

impl Builder {
    /// Adds the packages of a file; gives the package URL of each.
    fn add_components(&mut self, path: &ArtifactPath, file: &Located) -> Vec<Option<String>> {
        let packages = file.inventory.packages.iter().enumerate();
        packages.map(|(index, package)| self.add_component(path, file, index, package)).collect()
    }

    fn add_component(&mut self, path: &ArtifactPath, file: &Located, index: usize, package: &Package) -> Option<String> {
        let location = file.location(path, index);
        let is_nameless_root = package.kind == PackageKind::Root && package.name.is_empty();
        let purl = if is_nameless_root { Some(purl_of_folder(path)) } else { identity::purl(package).map(|purl| purl.to_string()) };
        let Some(purl) = purl else {
            let reason = format!("`{}` is no name of a package in {}", package.name, package.ecosystem.purl_type());
            self.diagnostics.push(Diagnostic::new(DiagnosticKind::ManifestUnreadable, reason).at(location));
            return None;
        };
        let weightiest = package.scopes.iter().next();
        if let Some(scope) = weightiest {
            self.given.entry(purl.clone()).and_modify(|given| *given = scope.min(*given)).or_insert(scope);
        }
        let component = self.components.entry(purl.clone()).or_insert_with(|| Component {
            purl: purl.clone(),
            name: if is_nameless_root { folder_of(path).to_owned() } else { package.name.clone() },
            version: package.version.clone(),
            kind: ComponentKind::Library,
            scope: Scope::Development,
            licences: Vec::new(),
            hashes: Vec::new(),
            locations: Vec::new(),
        });
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

    /// Adds the edges of a file.
    fn add_dependencies(&mut self, (path, file): &(ArtifactPath, Located), purls: &[Option<String>], index: &NameIndex<'_>) {
        let purl_of = |index: PackageIndex| purls.get(usize::try_from(index.0).ok()?)?.clone();
        for edge in &file.inventory.edges {
            let Some(dependent) = purl_of(edge.dependent) else { continue };
            let dependency = match &edge.target {
                Target::Package(index) => purl_of(*index),
                Target::Named(name) => {
                    let ecosystem = file.inventory.package(edge.dependent).map_or(Ecosystem::Generic, |package| package.ecosystem);
                    index.find(path, ecosystem, name).map(str::to_owned)
                }
            };
            let Some(dependency) = dependency.filter(|dependency| *dependency != dependent) else { continue };
            self.dependencies.insert(Dependency { dependent, dependency, scope: edge.scope });
        }
    }

    /// What no root leads to belongs to the root of its file; a file without one stands for its folder.
    fn give_everything_a_root(&mut self, files: &[(ArtifactPath, Located)], purls: &[Vec<Option<String>>]) {
        let mut reached = self.reached_from_roots();
        for ((path, file), purls) in files.iter().zip(purls) {
            let is_reached = |purl: &&String| !reached.contains(*purl);
            let lost: Vec<String> = purls.iter().flatten().filter(is_reached).cloned().collect();
            if lost.is_empty() {
                continue;
            }
            let roots = file.inventory.packages.iter().zip(purls);
            let root = roots.filter(|(package, _)| package.kind == PackageKind::Root).find_map(|(_, purl)| purl.clone());
            let root = root.unwrap_or_else(|| self.root_of_folder(path));
            // Only what nothing else in the file leads to hangs on the root itself.
            let wanted: BTreeSet<&str> =
                self.dependencies.iter().filter(|edge| edge.dependent != edge.dependency).map(|edge| edge.dependency.as_str()).collect();
            let mut first: Vec<String> = lost.iter().filter(|purl| !wanted.contains(purl.as_str())).cloned().collect();
            let edge = |dependency: String, given: &HashMap<String, Scope>| {
                let scope = given.get(&dependency).copied().unwrap_or(Scope::Runtime);
                Dependency { dependent: root.clone(), dependency, scope }
            };
            self.dependencies.extend(first.drain(..).map(|purl| edge(purl, &self.given)));
            // A circle that nothing leads to: its first member stands for it.
            reached = self.reached_from_roots();
            while let Some(purl) = lost.iter().find(|purl| !reached.contains(*purl)) {
                self.dependencies.insert(edge(purl.clone(), &self.given));
                reached = self.reached_from_roots();
            }
        }
    }

    fn root_of_folder(&mut self, path: &ArtifactPath) -> String {
        let purl = purl_of_folder(path);
        let name = folder_of(path).to_owned();
        let component = self.components.entry(purl.clone()).or_insert_with(|| Component {
            purl: purl.clone(),
            name,
            version: None,
            kind: ComponentKind::Application,
            scope: Scope::Runtime,
            licences: Vec::new(),
            hashes: Vec::new(),
            locations: Vec::new(),
        });
        component.locations.push(Location::whole(path.clone()));
        purl
    }

    fn reached_from_roots(&self) -> BTreeSet<String> {
        let roots = self.components.values().filter(|component| component.kind == ComponentKind::Application);
        let mut reached: BTreeSet<String> = roots.map(|root| root.purl.clone()).collect();
        let mut open: Vec<String> = reached.iter().cloned().collect();
        let edges = self.edges();
        while let Some(purl) = open.pop() {
            for edge in edges.get(purl.as_str()).into_iter().flatten() {
                if reached.insert(edge.dependency.clone()) {
                    open.push(edge.dependency.clone());
                }
            }
        }
        reached
    }

    fn edges(&self) -> HashMap<&str, Vec<&Dependency>> {
        let mut edges: HashMap<&str, Vec<&Dependency>> = HashMap::new();
        for edge in &self.dependencies {
            edges.entry(&edge.dependent).or_default().push(edge);
        }
        edges
    }

    /// The weightiest way from a root to each component decides its scope.
    fn scopes(&self) -> HashMap<String, Scope> {
        let edges = self.edges();
        let roots = self.components.values().filter(|component| component.kind == ComponentKind::Application);
        let mut scopes: HashMap<String, Scope> = roots.map(|root| (root.purl.clone(), Scope::Runtime)).collect();
        let mut open: VecDeque<String> = scopes.keys().cloned().collect();
        while let Some(purl) = open.pop_front() {
            let Some(&scope) = scopes.get(&purl) else { continue };
            for edge in edges.get(purl.as_str()).into_iter().flatten() {
                let along = scope.max(edge.scope);
                let known = scopes.get(&edge.dependency).copied();
                if known.is_none_or(|known| along < known) {
                    scopes.insert(edge.dependency.clone(), along);
                    open.push_back(edge.dependency.clone());
                }
            }
        }
        scopes
    }

    fn finish(mut self) -> Graph {
        let scopes = self.scopes();
        for component in self.components.values_mut() {
            let by_way = scopes.get(&component.purl).copied();
            let given = self.given.get(&component.purl).copied();
            component.scope = given.or(by_way).unwrap_or(Scope::Runtime);
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

/// Which packages are known by a name in a folder.
struct NameIndex<'f> {
    /// By ecosystem, folder and name.
    packages: HashMap<(Ecosystem, &'f str, &'f str), &'f str>,
}

impl<'f> NameIndex<'f> {
    fn new(files: &'f [(ArtifactPath, Located)], purls: &'f [Vec<Option<String>>]) -> Self {
        let mut packages = HashMap::new();
        for ((path, file), purls) in files.iter().zip(purls) {
            for (package, purl) in file.inventory.packages.iter().zip(purls) {
                let (Some(purl), Some(_)) = (purl, &package.version) else { continue };
                packages.entry((package.ecosystem, folder_of(path), package.name.as_str())).or_insert(purl.as_str());
            }
        }
        Self { packages }
    }

    /// What a name stands for in the folder of a file, or in the nearest one above it that knows.
    fn find(&self, path: &ArtifactPath, ecosystem: Ecosystem, name: &str) -> Option<&'f str> {
        let mut folder = folder_of(path);
        loop {
            if let Some(purl) = self.packages.get(&(ecosystem, folder, name)) {
                return Some(purl);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}

/// The folder of a file, below the scanned root.
fn folder_of(path: &ArtifactPath) -> &str {
    path.as_str().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder)
}

/// A project that has no package of its own is known by its folder.
fn purl_of_folder(path: &ArtifactPath) -> String {
    let folder = folder_of(path);
    let (namespace, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    let name = if name.is_empty() { "." } else { name };
    let parts = Parts { package_type: "generic", namespace, name, version: "", qualifiers: &[], subpath: "" };
    PackageUrl::build(parts).map_or_else(|_| "pkg:generic/project".to_owned(), |purl| purl.to_string())
}
