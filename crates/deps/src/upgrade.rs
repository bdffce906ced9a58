//! Upgrades: which versions close what advisories say, and the edits of manifests and lock files that bring them.
//!
//! A version is chosen for each vulnerable package: the lowest one that no advisory of the package affects, if possible one that
//! everybody who depends on it allows. Then versions change where they stand, in manifests and in lock files, and nothing else.
//! The files are read again afterwards: what is still vulnerable is said, and its edits are taken back. Which versions there are is
//! known from advisories alone, so nothing is asked of a registry and no package manager is run; hashes in lock files are those of
//! the old versions until one is, and installers refuse them.

mod edit;
mod manifest;
mod range;
mod target;

use std::{collections::BTreeSet, rc::Rc};

use bartizan_core::{ArtifactPath, ByteRange, Component};
use bartizan_formats::purl::PackageUrl;
use bartizan_source::{FileInfo, FileView};

use self::target::NoTarget;
use crate::{
    Ecosystem, Inventory, Package, PackageKind, Target,
    advisory::{Group, Store, collapse},
    graph::{self, Located},
    guard,
    installed::settle,
    maven, name,
    reader::{self, SourceText},
};

/// So many of those who stand in the way are named.
const MAX_NAMES: usize = 3;

/// A manifest or lock file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path below the root, with `/` between folders.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// How far a version is from another. Of versions below 1.0.0 the second number counts as the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// It mends.
    Patch,
    /// It adds.
    Minor,
    /// It may break.
    Major,
}

/// What is to be done.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The packages that change, by name.
    pub upgrades: Vec<Upgrade>,
    /// The packages that stay vulnerable, and why.
    pub unfixed: Vec<Unfixed>,
    /// The files that change, with their new texts.
    pub files: Vec<SourceFile>,
}

/// A package that goes to another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// Its package URL at its present version.
    pub purl: String,
    /// Its name.
    pub name: String,
    /// The present version.
    pub from: String,
    /// The version that it goes to.
    pub to: String,
    /// How far that is.
    pub bump: Bump,
    /// The advisories that it closes: the first name of each.
    pub advisories: Vec<String>,
    /// The files that change for it, sorted.
    pub files: Vec<String>,
    /// Who asks for another version, and is overridden by the project.
    pub overridden: Vec<String>,
}

/// A package that stays vulnerable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfixed {
    /// Its package URL.
    pub purl: String,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The first name of each advisory.
    pub advisories: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Bump {
    /// The step between two versions.
    #[must_use]
    pub fn between(from: &str, to: &str) -> Self {
        let numbers = |version: &str| -> Vec<u64> {
            let core = version.trim_start_matches('v').split(['-', '+']).next().unwrap_or_default();
            core.split('.').map_while(|part| part.parse().ok()).collect()
        };
        let (from, to) = (numbers(from), numbers(to));
        let at = |numbers: &[u64], index: usize| numbers.get(index).copied().unwrap_or_default();
        let differs = (0..3).find(|index| at(&from, *index) != at(&to, *index));
        match (differs, at(&from, 0)) {
            (Some(0), _) | (Some(1), 0) => Self::Major,
            (Some(1), _) => Self::Minor,
            _ => Self::Patch,
        }
    }

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// A file, as it was read.
#[derive(Clone)]
struct Read {
    file: Rc<SourceFile>,
    /// What the file alone says.
    parsed: Rc<Inventory>,
    /// The same, completed from other files: poms of Maven inherit.
    inventory: Rc<Inventory>,
}

/// A vulnerable package of the project.
struct Vulnerable {
    purl: String,
    ecosystem: Ecosystem,
    name: String,
    version: String,
    /// The first name of each advisory that some version is free of.
    curable: Vec<String>,
    /// The first name of each advisory that names no version in which it is fixed.
    incurable: Vec<String>,
}

/// An edit, by the number of its file.
type FileEdit = (usize, ByteRange, String);

/// Plans the upgrades that close what is known of the packages of some files.
#[must_use]
pub fn plan(files: &[SourceFile], store: &Store, max_bump: Bump) -> Plan {
    let mut state = State::read(files.iter().cloned().map(Rc::new).collect());
    let mut plan = Plan::default();
    // One after the other: each sees what those before it have changed.
    for package in vulnerable(&state.components, store) {
        let stays = |advisories: &[String], reason: &str| Unfixed {
            purl: package.purl.clone(),
            name: package.name.clone(),
            version: package.version.clone(),
            advisories: advisories.to_vec(),
            reason: reason.to_owned(),
        };
        if !package.incurable.is_empty() {
            plan.unfixed.push(stays(&package.incurable, "no advisory names a version in which it is fixed"));
        }
        if package.curable.is_empty() {
            continue;
        }
        let outcome = upgrade(&package, &state, store, max_bump).and_then(|(upgrade, edits)| {
            let next = state.with(&edits);
            let is_there = next.components.iter().any(|component| component.purl == package.purl);
            if is_there {
                Err(format!("it would be there still after a change of {}", upgrade.files.join(", ")))
            } else {
                Ok((upgrade, next))
            }
        });
        match outcome {
            Ok((upgrade, next)) => {
                state = next;
                plan.upgrades.push(upgrade);
            }
            Err(reason) => plan.unfixed.push(stays(&package.curable, &reason)),
        }
    }
    let is_changed = |(now, before): &(&Read, &SourceFile)| *now.file != **before;
    plan.files = state.read.iter().zip(files).filter(is_changed).map(|(now, _)| SourceFile::clone(&now.file)).collect();
    plan
}

/// The files of a project, and what they say together.
struct State {
    read: Vec<Read>,
    components: Vec<Component>,
}

impl State {
    /// Reads the files, and puts them together.
    fn read(files: Vec<Rc<SourceFile>>) -> Self {
        Self::of(files.into_iter().map(|file| (Rc::new(parse(&file)), file)).collect())
    }

    /// The same files after some edits: those that did not change are not read again.
    fn with(&self, edits: &[FileEdit]) -> Self {
        let files = self.read.iter().enumerate().map(|(number, read)| match edited(number, &read.file, edits) {
            Some(file) => (Rc::new(parse(&file)), Rc::new(file)),
            None => (Rc::clone(&read.parsed), Rc::clone(&read.file)),
        });
        Self::of(files.collect())
    }

    fn of(files: Vec<(Rc<Inventory>, Rc<SourceFile>)>) -> Self {
        let located = |(parsed, file): &(Rc<Inventory>, Rc<SourceFile>)| {
            let info = FileInfo::new(file.path.as_str().into(), 0);
            // Nobody asks for lines here.
            let located = Located::new(Inventory::clone(parsed), &FileView::new(&info, b"", None));
            (info.path, located)
        };
        let mut located: Vec<(ArtifactPath, Located)> = files.iter().map(located).collect();
        maven::resolve(
            &mut located.iter_mut().map(|(path, file)| (path.as_str().unwrap_or_default(), file.inventory_mut())).collect::<Vec<_>>(),
        );
        // What is installed may drop out of the graph, and is not edited.
        let mut counted = located.clone();
        let settled = settle::settle(&mut counted);
        let components = graph::build(&counted, &settled).components;
        let completed = located.into_iter().map(|(_, located)| Rc::new(located.into_inventory()));
        let read = files.into_iter().zip(completed).map(|((parsed, file), inventory)| Read { file, parsed, inventory });
        Self { read: read.collect(), components }
    }
}

/// What a file says; nothing if nobody reads it.
fn parse(file: &SourceFile) -> Inventory {
    reader::of(&file.path)
        .filter(|_| guard::check(&file.text).is_none())
        .and_then(|reader| reader.read_text(&SourceText { path: &file.path, text: &file.text }))
        .map(|parsed| parsed.inventory)
        .unwrap_or_default()
}

/// The file with its edits, if there are any.
fn edited(number: usize, file: &SourceFile, edits: &[FileEdit]) -> Option<SourceFile> {
    let of_file = edits.iter().filter(|(of, ..)| *of == number);
    let mut of_file: Vec<(ByteRange, &str)> = of_file.map(|(_, range, new)| (*range, new.as_str())).collect();
    if of_file.is_empty() {
        return None;
    }
    of_file.sort_unstable();
    of_file.dedup();
    let mut text = String::with_capacity(file.text.len());
    let mut from = 0;
    for (range, new) in of_file {
        text.push_str(file.text.get(from..range.start())?);
        text.push_str(new);
        from = range.end();
    }
    text.push_str(file.text.get(from..)?);
    Some(SourceFile { path: file.path.clone(), text })
}

/// The packages that advisories affect.
fn vulnerable(components: &[Component], store: &Store) -> Vec<Vulnerable> {
    let mut found = Vec::new();
    for component in components {
        let Some((purl, version)) = component.purl.parse::<PackageUrl>().ok().zip(component.version.clone()) else { continue };
        let Some(ecosystem) = Ecosystem::of_purl_type(purl.package_type()) else { continue };
        let Some(known) = target::known(store, &purl, ecosystem, &version) else { continue };
        let groups = collapse(known.hits.iter().map(|hit| hit.advisory.names()));
        let (mut curable, mut incurable) = (Vec::new(), Vec::new());
        // That nobody maintains a package is nothing that another version of it mends.
        let is_flaw = |group: &Group| {
            group.members.iter().filter_map(|member| known.hits.get(*member)).any(|hit| hit.advisory.informational() != "unmaintained")
        };
        for group in groups.into_iter().filter(is_flaw) {
            let is_curable = group.members.iter().filter_map(|member| known.hits.get(*member)).any(|hit| known.is_curable(&hit.affected));
            let names = if is_curable { &mut curable } else { &mut incurable };
            names.extend(group.ids.into_iter().next());
        }
        if curable.is_empty() && incurable.is_empty() {
            continue;
        }
        let name = component.name.clone();
        found.push(Vulnerable { purl: component.purl.clone(), ecosystem, name, version, curable, incurable });
    }
    found
}

/// A requirement of somebody for a package.
struct Wanted<'r> {
    file: usize,
    requirement: String,
    /// Where the project itself asks for it, if it does.
    name_at: Option<ByteRange>,
    /// Who asks.
    by: &'r Package,
}

fn upgrade(package: &Vulnerable, state: &State, store: &Store, max_bump: Bump) -> Result<(Upgrade, Vec<FileEdit>), String> {
    let purl: PackageUrl = package.purl.parse().map_err(|_| "its package URL can't be read".to_owned())?;
    let known = target::known(store, &purl, package.ecosystem, &package.version).ok_or("no advisory affects it")?;
    if known.hits.iter().any(|hit| hit.advisory.is_malicious()) {
        return Err("it is malicious: remove it, and treat what it could reach as stolen".to_owned());
    }
    let wanted = wanted(package, &state.read);
    let of_others: Vec<&Wanted<'_>> = wanted.iter().filter(|wanted| wanted.by.kind != PackageKind::Root).collect();
    let requirements: Vec<&str> = of_others.iter().map(|wanted| wanted.requirement.as_str()).collect();
    let to = known.target(max_bump, &requirements).map_err(|none| match none {
        NoTarget::AllAffected => "every version that fixes it is affected by another advisory".to_owned(),
        NoTarget::TooFar => format!("what fixes it is further away than --max-bump {} allows", max_bump.as_str()),
    })?;
    let is_refused = |wanted: &&Wanted<'_>| range::allows(package.ecosystem, &wanted.requirement, &to) == Some(false);
    let refused: Vec<&Wanted<'_>> = of_others.into_iter().filter(is_refused).collect();

    let mut edits: Vec<FileEdit> = Vec::new();
    for wanted in wanted.iter().filter(|wanted| wanted.by.kind == PackageKind::Root) {
        edits.extend(own_requirement(package, wanted, &to, &state.read)?);
    }
    for (number, file) in state.read.iter().enumerate() {
        edits.extend(versions(package, file).into_iter().map(|range| (number, range, to.clone())));
    }
    edits.extend(overrides(package, &refused, &to, &state.read)?);
    if edits.is_empty() {
        return Err("no file says its version in a way that can be changed".to_owned());
    }
    let files: BTreeSet<String> = edits.iter().filter_map(|(number, ..)| Some(state.read.get(*number)?.file.path.clone())).collect();
    let overridden: BTreeSet<String> = refused.iter().map(|wanted| wanted.by.name.clone()).collect();
    let upgrade = Upgrade {
        purl: package.purl.clone(),
        name: package.name.clone(),
        from: package.version.clone(),
        bump: Bump::between(&package.version, &to),
        to,
        advisories: package.curable.clone(),
        files: files.into_iter().collect(),
        overridden: overridden.into_iter().collect(),
    };
    Ok((upgrade, edits))
}

/// The edits by which the project has its way, where others ask for another version.
fn overrides(package: &Vulnerable, refused: &[&Wanted<'_>], to: &str, read: &[Read]) -> Result<Vec<FileEdit>, String> {
    let refusal = || {
        let asks = |wanted: &&Wanted<'_>| {
            let version = wanted.by.version.as_deref().unwrap_or_default();
            format!("`{}` {version} asks for `{}`", wanted.by.name, wanted.requirement)
        };
        let who: BTreeSet<String> = refused.iter().map(asks).collect();
        format!("{to} is fixed, but {}: update that first", who.into_iter().take(MAX_NAMES).collect::<Vec<_>>().join(", "))
    };
    let locks: BTreeSet<usize> = refused.iter().map(|wanted| wanted.file).collect();
    let mut edits = Vec::new();
    for lock in locks {
        let lock = read.get(lock).map_or("", |read| &read.file.path);
        let (number, range, new) =
            manifest::overriding(lock, read.iter().map(|read| &*read.file), &package.name, to).ok_or_else(refusal)?;
        edits.push((number, range, new));
    }
    Ok(edits)
}

/// Who asks for a package at its present version.
fn wanted<'r>(package: &Vulnerable, read: &'r [Read]) -> Vec<Wanted<'r>> {
    let own_name = name::normalized(package.ecosystem, &package.name);
    let mut found = Vec::new();
    for (number, file) in read.iter().enumerate() {
        for edge in &file.inventory.edges {
            let Some(by) = file.inventory.package(edge.dependent).filter(|by| by.ecosystem == package.ecosystem) else { continue };
            let is_it = match &edge.target {
                Target::Named(name) => {
                    name::normalized(package.ecosystem, name) == own_name
                        && range::allows(package.ecosystem, &edge.requirement, &package.version) != Some(false)
                }
                Target::Package(index) => file.inventory.package(*index).is_some_and(|target| is_of(package, target)),
            };
            if is_it {
                // Locks of the Rust registry don't repeat what is asked for: what is compatible is allowed.
                let is_unsaid = edge.requirement.is_empty() && package.ecosystem == Ecosystem::Cargo && by.kind != PackageKind::Root;
                let requirement = if is_unsaid { format!("^{}", package.version) } else { edge.requirement.clone() };
                found.push(Wanted { file: number, requirement, name_at: edge.byte_range(), by });
            }
        }
    }
    found
}

fn is_of(package: &Vulnerable, other: &Package) -> bool {
    other.ecosystem == package.ecosystem
        && other.version.as_deref() == Some(package.version.as_str())
        && name::normalized(package.ecosystem, &other.name) == name::normalized(package.ecosystem, &package.name)
}

/// The edits that make the project ask for the new version, where what it asks for does not allow it.
fn own_requirement(package: &Vulnerable, wanted: &Wanted<'_>, to: &str, read: &[Read]) -> Result<Vec<FileEdit>, String> {
    let Some(file) = read.get(wanted.file) else { return Ok(Vec::new()) };
    let (Some(name_at), false) = (wanted.name_at, wanted.requirement.is_empty()) else { return Ok(Vec::new()) };
    if package.ecosystem == Ecosystem::Maven || range::allows(package.ecosystem, &wanted.requirement, to) == Some(true) {
        return Ok(Vec::new());
    }
    let stuck = || format!("{} asks for `{}` in a way that can't be changed to {to}", file.file.path, wanted.requirement);
    let new = range::changed(package.ecosystem, &wanted.requirement, to).ok_or_else(stuck)?;
    let at = edit::requirement(&file.file.text, name_at, &wanted.requirement).ok_or_else(stuck)?;
    let mut edits = vec![(wanted.file, at, new.clone())];
    for (number, other) in read.iter().enumerate() {
        if folder_of(&file.file.path).starts_with(folder_of(&other.file.path)) {
            let repeated = edit::repeated_requirements(&other.file.path, &other.file.text, &package.name, &wanted.requirement);
            edits.extend(repeated.into_iter().map(|range| (number, range, new.clone())));
        }
    }
    Ok(edits)
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Where a file says the present version of a package.
fn versions(package: &Vulnerable, file: &Read) -> Vec<ByteRange> {
    if package.ecosystem == Ecosystem::Maven && file.file.path.ends_with(".xml") {
        return manifest::in_pom(&file.file.text, &package.name, &package.version);
    }
    let same = file.inventory.packages.iter().filter(|other| other.kind == PackageKind::Dependency && is_of(package, other));
    same.flat_map(|other| edit::versions(&file.file.path, &file.file.text, &file.inventory, other, &package.version)).collect()
}

#[cfg(test)]
mod tests;
