//! What the poms of a project say together.
//!
//! A pom alone rarely says its versions: they are in its parents, in properties, in what its parents or bills of materials (BOMs)
//! manage. All poms of the project are at hand here, and nothing else: no repository is asked. What stays unknown is said with
//! the reason. The rules: <https://maven.apache.org/guides/introduction/introduction-to-the-pom.html> and
//! <https://maven.apache.org/guides/introduction/introduction-to-dependency-mechanism.html>.

mod effective;
mod pom;
mod project;

use std::collections::{BTreeMap, HashMap};

use bartizan_core::{ByteRange, Scope};

use self::effective::{Effective, Key};
pub use self::pom::{Declared, Parent, Pom};
use self::project::Project;
use crate::{Edge, Inventory, Package, PackageIndex, Scopes, Target};

/// Something about a package that no pom of the project says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unknown {
    /// Which of the files.
    pub(crate) file: usize,
    /// Which of its packages.
    pub(crate) package: usize,
    /// What is not known, and why.
    pub(crate) reason: String,
}

/// Completes the inventories of poms, given with their paths: names, versions, scopes and edges.
pub(crate) fn resolve(files: &mut [(&str, &mut Inventory)]) -> Vec<Unknown> {
    let poms: Vec<(usize, &str, Pom)> =
        files.iter_mut().enumerate().filter_map(|(index, (path, inventory))| Some((index, *path, *inventory.pom.take()?))).collect();
    let project = Project::new(poms.iter().map(|(_, path, pom)| (*path, pom)).collect());
    let mut unknown = Vec::new();
    for (member, (file, _, pom)) in poms.iter().enumerate() {
        let Some((_, inventory)) = files.get_mut(*file) else { continue };
        let effective = Effective::of(&project, member);
        let mut completed = Completed { inventory, file: *file, unknown: &mut unknown, unversioned: BTreeMap::new() };
        completed.root(&effective, pom);
        let counting: HashMap<Key, PackageIndex> =
            effective.dependencies().into_iter().map(|declared| completed.dependency(&effective, declared)).collect();
        for declared in &pom.dependencies {
            if let Some((same, counts)) = declared.package.zip(counting.get(&effective.key(declared)).copied()) {
                completed.repeat(same, counts);
            }
        }
        completed.say_unversioned();
    }
    unknown
}

/// The inventory of one pom while it is completed.
struct Completed<'a> {
    inventory: &'a mut Inventory,
    file: usize,
    unknown: &'a mut Vec<Unknown>,
    /// Why versions are not known, and of which packages: most often one parent is missing for all of them.
    unversioned: BTreeMap<String, Vec<PackageIndex>>,
}

/// The project itself is the first package of its pom.
const ROOT: PackageIndex = PackageIndex(0);

impl Completed<'_> {
    fn root(&mut self, effective: &Effective<'_>, pom: &Pom) {
        let group = effective.value(effective.group());
        let artifact = effective.value(pom.artifact.as_deref().unwrap_or_default());
        let version = effective.value(effective.version());
        let Some(package) = self.inventory.packages.first_mut() else { return };
        let written = |value: &Result<String, String>| value.as_ref().ok().filter(|text| !text.is_empty()).cloned();
        if let (Some(group), Some(artifact)) = (written(&group), written(&artifact)) {
            package.name = format!("{group}:{artifact}");
        }
        package.version = written(&version);
        for reason in [group, artifact, version].into_iter().filter_map(Result::err) {
            self.say(ROOT, format!("the project's own coordinates are not known: {reason}"));
        }
    }

    fn dependency(&mut self, effective: &Effective<'_>, declared: &Declared) -> (Key, PackageIndex) {
        let key = effective.key(declared);
        let managed = effective.managed(&key);
        let index = self.package(effective, declared);
        let written = declared.version.as_deref().or_else(|| managed.and_then(|managed| managed.version.as_deref()));
        let version = match written {
            // What is managed was interpolated where it stands.
            Some(written) => effective.value(written).and_then(|version| exact(&version).map(str::to_owned)),
            None => Err(effective.why_unmanaged()),
        };
        let scope = declared.scope.as_deref().or_else(|| managed.and_then(|managed| managed.scope.as_deref()));
        let scope = effective.value(scope.unwrap_or("compile")).unwrap_or_default();
        let is_optional = declared.optional.as_deref().or_else(|| managed.and_then(|managed| managed.optional.as_deref()));
        let is_optional = is_optional.is_some_and(|text| effective.value(text).as_deref() == Ok("true"));
        let scope = scope_of(&scope, is_optional);
        let Some(package) = self.inventory.packages.get_mut(usize::try_from(index.0).unwrap_or(usize::MAX)) else {
            return (key, index);
        };
        package.name = format!("{}:{}", key.group, key.artifact);
        package.qualifiers = key.qualifiers();
        match version {
            Ok(version) => package.version = Some(version),
            Err(reason) => self.unversioned.entry(reason).or_default().push(index),
        }
        package.scopes = Scopes::of(scope);
        let requirement = declared.version.clone().unwrap_or_default();
        self.inventory.edges.push(Edge { dependent: ROOT, target: Target::Package(index), scope, requirement, range: None });
        if key.group.contains("${") || key.artifact.contains("${") {
            self.say(index, format!("the name `{}:{}` has a property that no pom of the project gives", key.group, key.artifact));
        }
        (key, index)
    }

    /// What is declared again is what counts.
    fn repeat(&mut self, again: PackageIndex, counts: PackageIndex) {
        let Some(Package { name, version, scopes, qualifiers, .. }) = self.inventory.package(counts).cloned() else { return };
        if let Some(package) = self.inventory.packages.get_mut(usize::try_from(again.0).unwrap_or(usize::MAX)) {
            (package.name, package.version, package.scopes, package.qualifiers) = (name, version, scopes, qualifiers);
        }
    }

    /// The package of a dependency: what a parent declares is added to the pom that inherits it.
    fn package(&mut self, effective: &Effective<'_>, declared: &Declared) -> PackageIndex {
        let own = declared.package.filter(|_| effective.is_own(declared));
        own.unwrap_or_else(|| {
            let nowhere = ByteRange::new(0, 0);
            self.inventory.add(Package::dependency(crate::Ecosystem::Maven, "", None, nowhere))
        })
    }

    /// One reason is said once, at the first package that it is about.
    fn say_unversioned(&mut self) {
        let mut reasons: Vec<(String, Vec<PackageIndex>)> = std::mem::take(&mut self.unversioned).into_iter().collect();
        reasons.sort_by(|(_, one), (_, other)| one.first().cmp(&other.first()));
        for (reason, packages) in reasons {
            let Some((&first, others)) = packages.split_first() else { continue };
            let name = self.inventory.package(first).map(|package| package.name.clone()).unwrap_or_default();
            let message = match others.len() {
                0 => format!("the version of `{name}` is not known: {reason}"),
                n_others => format!("the versions of `{name}` and {n_others} more are not known: {reason}"),
            };
            self.say(first, message);
        }
    }

    fn say(&mut self, package: PackageIndex, reason: String) {
        let package = usize::try_from(package.0).unwrap_or(usize::MAX);
        self.unknown.push(Unknown { file: self.file, package, reason });
    }
}

/// A version that is one, or why it is none.
fn exact(version: &str) -> Result<&str, String> {
    // `[1.0]` is exactly 1.0; other brackets are ranges.
    let only = version.strip_prefix('[').and_then(|version| version.strip_suffix(']')).filter(|version| !version.contains(','));
    let version = only.unwrap_or(version).trim();
    if version.is_empty() {
        return Err("it is empty".to_owned());
    }
    if version.contains(['[', '(', ',']) {
        return Err(format!("`{version}` is a range"));
    }
    if matches!(version, "LATEST" | "RELEASE") {
        return Err(format!("`{version}` is whatever is there when it is built"));
    }
    Ok(version)
}

/// `provided` and `system` are there when it is built, and come from elsewhere when it runs.
fn scope_of(scope: &str, is_optional: bool) -> Scope {
    match scope {
        "test" => Scope::Test,
        "provided" | "system" => Scope::Build,
        _ if is_optional => Scope::Optional,
        _ => Scope::Runtime,
    }
}

#[cfg(test)]
mod tests;
