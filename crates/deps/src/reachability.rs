//! Whether what is wrong with a component can do harm: does the project use it?
//!
//! The code of the project is all that is looked at, not that of the packages it uses. So there are four answers:
//!
//! - **called**: the code calls a function that the advisory names;
//! - **imported**: the code imports the component;
//! - **not-imported**: no code imports it, nothing that is read at run time mentions it, and nothing else depends on it but what is
//!   not imported either;
//! - **unknown**: everything else, with the reason: a component that another one depends on, which is imported, is used if that
//!   one uses it.
//!
//! `not-imported` is said of nothing that could be loaded in a way that the code does not show.

mod names;

use std::collections::{BTreeMap, HashMap, HashSet};

use bartizan_core::{ArtifactPath, Component, ComponentKind, Dependency, Reachability, RelatedLocation, Scope};
use bartizan_formats::purl::PackageUrl;

use self::names::Names;
use crate::{
    Ecosystem,
    inventory::NameInCode,
    osv::AffectedSymbols,
    usage::{Family, Import, Obstacle, Place, Usage, Used, hash},
};

/// Lock files that say which packages need which. What only others name, such as a list of `pip freeze`, may be needed by any of them.
const FILES_WITH_EDGES: [&str; 14] = [
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "Cargo.lock",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "Gemfile.lock",
    "gems.locked",
    "composer.lock",
    "packages.lock.json",
    "project.assets.json",
];

/// So many places where something is imported are shown.
const MAX_PLACES: usize = 3;

/// How much of a project was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sources {
    /// All of it: what is not there is not there.
    #[default]
    All,
    /// Some files, such as those that a change touches.
    Part,
}

/// What the code of a project uses.
#[derive(Debug, Default)]
pub(crate) struct Code {
    files: Vec<(ArtifactPath, Usage)>,
    /// Files by what they mention.
    mentions: HashMap<u32, usize>,
    sources: Sources,
}

/// How far a project reaches a component.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reached {
    pub(crate) reachability: Reachability,
    /// Why that is believed.
    pub(crate) reason: String,
    /// Where it is used.
    pub(crate) places: Vec<RelatedLocation>,
}

/// Where a component is imported: a file and one of its imports, by number.
type ImportedAt = (usize, usize);

/// What is known of each component of a project.
pub(crate) struct Judge<'p> {
    code: &'p Code,
    components: Vec<Judged<'p>>,
    numbers: HashMap<&'p str, usize>,
}

/// What is known of a component.
struct Judged<'p> {
    component: &'p Component,
    family: Option<Family>,
    imported_at: Vec<ImportedAt>,
    /// Why it can't be said that it is not imported.
    doubt: Option<String>,
}

impl Code {
    pub(crate) fn new(files: Vec<(ArtifactPath, Usage)>, sources: Sources) -> Self {
        let mut mentions = HashMap::new();
        for (number, (_, usage)) in files.iter().enumerate() {
            for hash in &usage.mentions {
                mentions.entry(*hash).or_insert(number);
            }
        }
        Self { files, mentions, sources }
    }

    fn of_family(&self, family: Family) -> impl Iterator<Item = (usize, &ArtifactPath, &Usage)> {
        self.files
            .iter()
            .enumerate()
            .filter(move |(_, (_, usage))| usage.family == Some(family))
            .map(|(number, (path, usage))| (number, path, usage))
    }

    fn import(&self, (file, import): ImportedAt) -> Option<(&ArtifactPath, &Usage, &Import)> {
        let (path, usage) = self.files.get(file)?;
        Some((path, usage, usage.imports.get(import)?))
    }

    /// Why nothing can be said of what code does not import.
    fn obstacle(&self, family: Family) -> Option<String> {
        if self.sources == Sources::Part {
            return Some("only a part of the code was looked at".to_owned());
        }
        if self.of_family(family).next().is_none() {
            return Some("no code that could import it was found".to_owned());
        }
        let mut obstacles =
            self.of_family(family).flat_map(|(_, path, usage)| usage.obstacles.iter().map(move |(kind, place)| (*kind, path, place)));
        obstacles.next().map(|(kind, path, place)| {
            let place = shown(path, place);
            match kind {
                Obstacle::Dynamic => format!("`{place}` imports something whose name is made at run time"),
                Obstacle::LoadsAll => format!("`{place}` loads all packages that the manifest names"),
                Obstacle::Unparsed => format!("`{place}` could not be parsed"),
            }
        })
    }
}

impl<'p> Judge<'p> {
    /// Looks at the components of a project.
    pub(crate) fn new(code: &'p Code, components: &'p [Component], dependencies: &[Dependency], in_code: &[NameInCode]) -> Self {
        let names = Names::new(in_code);
        let numbers: HashMap<&str, usize> =
            components.iter().enumerate().map(|(number, component)| (component.purl.as_str(), number)).collect();
        let mut judged: Vec<Judged<'p>> = components
            .iter()
            .map(|component| Judged { component, family: family_of(component), imported_at: Vec::new(), doubt: None })
            .collect();
        let is_root =
            |purl: &str| numbers.get(purl).and_then(|number| components.get(*number)).is_some_and(|dependent| dependent.kind.is_root());
        let asked: HashSet<&str> =
            dependencies.iter().filter(|edge| is_root(&edge.dependent)).map(|edge| edge.dependency.as_str()).collect();
        for family in Family::ALL {
            let members: Vec<usize> =
                judged.iter().enumerate().filter(|(_, judged)| judged.family == Some(family)).map(|(number, _)| number).collect();
            if members.is_empty() {
                continue;
            }
            find_imports(family, code, &members, &names, &asked, &mut judged);
            let obstacle = code.obstacle(family);
            for number in members {
                let Some(judged) = judged.get_mut(number).filter(|judged| judged.imported_at.is_empty()) else { continue };
                judged.doubt = obstacle
                    .clone()
                    .or_else(|| alone(judged.component))
                    .or_else(|| names.doubt(family, judged.component))
                    .or_else(|| mentioned(code, judged.component, &names, family));
            }
        }
        doubt_what_others_need(&mut judged, dependencies, &numbers);
        Self { code, components: judged, numbers }
    }

    /// How far the project reaches a component, or those parts of it that advisories name; nothing for components that no code
    /// imports, such as images.
    pub(crate) fn reached(&self, purl: &str, symbols: &[AffectedSymbols]) -> Option<Reached> {
        let judged = self.components.get(*self.numbers.get(purl)?)?;
        let family = judged.family?;
        let reached = |reachability, reason: String| Reached { reachability, reason, places: Vec::new() };
        if judged.imported_at.is_empty() {
            return Some(match &judged.doubt {
                Some(doubt) => reached(Reachability::Unknown, doubt.clone()),
                None => reached(
                    Reachability::NotImported,
                    "no code of the project imports it, nothing mentions it, and nothing that is imported depends on it".to_owned(),
                ),
            });
        }
        let affected = self.of_affected_parts(judged, family, symbols);
        if let Some(called) = affected.iter().find_map(|at| self.call(*at, family, symbols)) {
            return Some(called);
        }
        if affected.is_empty() {
            let paths: Vec<&str> = symbols.iter().map(|part| part.path.as_str()).take(MAX_PLACES).collect();
            let reason = format!("the project imports the component, but not `{}`, which that may use", paths.join("`, `"));
            return Some(Reached { places: self.places(&judged.imported_at), ..reached(Reachability::Unknown, reason) });
        }
        let (path, _, import) = self.code.import(*affected.first()?)?;
        let files: HashSet<usize> = affected.iter().map(|(file, _)| *file).collect();
        let others = match files.len() - 1 {
            0 => String::new(),
            1 => " and in another file".to_owned(),
            n => format!(" and in {n} other files"),
        };
        let reason = format!("`{}` is imported in {}{others}", import.name, shown(path, &import.place));
        Some(Reached { places: self.places(&affected), ..reached(Reachability::Imported, reason) })
    }

    /// Where the affected parts of a component are imported: anywhere, unless the advisory names packages of a module.
    fn of_affected_parts(&self, judged: &Judged<'_>, family: Family, symbols: &[AffectedSymbols]) -> Vec<ImportedAt> {
        let is_affected = |at: &&ImportedAt| {
            family != Family::Go
                || symbols.is_empty()
                || self.code.import(**at).is_some_and(|(_, _, import)| symbols.iter().any(|part| part.path == import.name))
        };
        judged.imported_at.iter().filter(is_affected).copied().collect()
    }

    /// A call of something that the advisory names, in a file that imports the component.
    fn call(&self, at: ImportedAt, family: Family, symbols: &[AffectedSymbols]) -> Option<Reached> {
        let (path, usage, import) = self.code.import(at)?;
        let used = match family {
            Family::Go => symbols
                .iter()
                .filter(|part| part.path == import.name)
                .flat_map(|part| &part.symbols)
                .find_map(|symbol| used_in_go(symbol, import, usage)),
            Family::Rust => symbols.iter().flat_map(|part| &part.symbols).find_map(|symbol| named(&usage.calls, symbol)),
            _ => None,
        }?;
        let place = shown(path, &used.place);
        let message = format!("`{}` is called, which the advisory names", used.name);
        let related = RelatedLocation { location: used.place.within(path), message };
        Some(Reached {
            reachability: Reachability::Called,
            reason: format!("`{}` of `{}` is called in {place}, and the advisory names it", used.name, import.name),
            places: self.places(&[at]).into_iter().chain([related]).collect(),
        })
    }

    /// The first import in each of a few files.
    fn places(&self, at: &[ImportedAt]) -> Vec<RelatedLocation> {
        let mut first_of_files = at.to_vec();
        first_of_files.dedup_by_key(|(file, _)| *file);
        let related = |at: &ImportedAt| {
            let (path, _, import) = self.code.import(*at)?;
            Some(RelatedLocation { location: import.place.within(path), message: format!("`{}` is imported", import.name) })
        };
        first_of_files.iter().take(MAX_PLACES).filter_map(related).collect()
    }
}

/// A function of a package, or a method of a type by its name: `Parse`, `Decoder.Decode`.
fn used_in_go<'u>(symbol: &str, import: &'u Import, usage: &'u Usage) -> Option<&'u Used> {
    match symbol.split_once('.') {
        Some((_, method)) => named(&usage.calls, method),
        // Where nothing is known of the name that it is imported by, every function of that name counts.
        None if import.members.is_empty() => named(&usage.calls, symbol),
        None => named(&import.members, symbol),
    }
}

fn named<'u>(all: &'u [Used], name: &str) -> Option<&'u Used> {
    all.iter().find(|used| used.name == name)
}

/// Says of each import which components it is: of several of the same name those that the project itself asks for.
fn find_imports(family: Family, code: &Code, members: &[usize], names: &Names<'_>, asked: &HashSet<&str>, judged: &mut [Judged<'_>]) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &number in members {
        let Some(component) = judged.get(number).map(|judged| judged.component) else { continue };
        for name in names.of(family, component) {
            by_name.entry(name).or_default().push(number);
        }
    }
    for numbers in by_name.values_mut() {
        numbers.dedup();
        let is_asked = |number: &usize| judged.get(*number).is_some_and(|judged| asked.contains(judged.component.purl.as_str()));
        if numbers.iter().any(is_asked) {
            numbers.retain(is_asked);
        }
    }
    for (file, _, usage) in code.of_family(family) {
        for (number, import) in usage.imports.iter().enumerate() {
            let Some(components) = names::beginnings(family, &import.name).find_map(|beginning| by_name.get(&*beginning)) else { continue };
            for component in components {
                if let Some(judged) = judged.get_mut(*component) {
                    judged.imported_at.push((file, number));
                }
            }
        }
    }
}

/// Why nothing is known of who needs a component.
fn alone(component: &Component) -> Option<String> {
    let is_in_graph = component
        .locations
        .iter()
        .any(|location| std::str::from_utf8(location.artifact.file_name()).is_ok_and(|name| FILES_WITH_EDGES.contains(&name)));
    (!is_in_graph).then(|| "no lock file says which other packages need it".to_owned())
}

/// Where something that is no import mentions a component.
fn mentioned(code: &Code, component: &Component, names: &Names<'_>, family: Family) -> Option<String> {
    let in_code = names.of(family, component);
    let hashes = in_code.iter().map(String::as_str).chain([component.name.as_str()]).map(hash);
    let file = hashes.chain(Names::commands(family, component)).filter_map(|hash| code.mentions.get(&hash)).min()?;
    let (path, _) = code.files.get(*file)?;
    Some(format!("`{path}` mentions it"))
}

/// What a component depends on may be used by it, unless it is not imported itself.
fn doubt_what_others_need(judged: &mut [Judged<'_>], dependencies: &[Dependency], numbers: &HashMap<&str, usize>) {
    let mut edges: HashMap<usize, Vec<usize>> = HashMap::new();
    for edge in dependencies {
        if let Some((dependent, dependency)) = numbers.get(edge.dependent.as_str()).zip(numbers.get(edge.dependency.as_str())) {
            edges.entry(*dependent).or_default().push(*dependency);
        }
    }
    let is_library = |judged: &Judged<'_>| !judged.component.kind.is_root();
    let mut open: Vec<usize> = judged
        .iter()
        .enumerate()
        .filter(|(_, judged)| is_library(judged) && (judged.doubt.is_some() || !judged.imported_at.is_empty()))
        .map(|(number, _)| number)
        .collect();
    while let Some(number) = open.pop() {
        let Some(name) = judged.get(number).map(|judged| judged.component.name.clone()) else { continue };
        for dependency in edges.get(&number).into_iter().flatten() {
            let Some(judged) = judged.get_mut(*dependency) else { continue };
            if judged.doubt.is_none() && judged.imported_at.is_empty() {
                judged.doubt = Some(format!("`{name}` depends on it, and the code of packages is not looked at"));
                open.push(*dependency);
            }
        }
    }
}

fn family_of(component: &Component) -> Option<Family> {
    if component.kind != ComponentKind::Library {
        return None;
    }
    let purl: PackageUrl = component.purl.parse().ok()?;
    Family::of(Ecosystem::of_purl_type(purl.package_type())?)
}

/// Whether a component is only there for those who work on the project: its commands are run, and need not be imported.
const fn is_a_tool(scope: Scope) -> bool {
    matches!(scope, Scope::Build | Scope::Test | Scope::Development)
}

fn shown(path: &ArtifactPath, place: &Place) -> String {
    match place.region {
        Some(region) => format!("{path}:{}", region.start.line),
        None => path.to_string(),
    }
}

#[cfg(test)]
mod tests;
