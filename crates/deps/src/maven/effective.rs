//! One pom with all that it inherits and imports.

use std::collections::{HashMap, HashSet};

use super::{
    pom::{Declared, Parent, Pom},
    project::Project,
};
use crate::property::{self, BRACES, NotReplaced};

/// So many generations of parents are followed.
const MAX_PARENTS: usize = 64;

/// So deeply may BOMs import each other.
const MAX_IMPORTS: usize = 16;

/// What tells a dependency from others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) group: String,
    pub(super) artifact: String,
    kind: String,
    classifier: String,
}

impl Key {
    /// What a package URL says beside group and artifact. What is usual is left out.
    pub(super) fn qualifiers(&self) -> Vec<(String, String)> {
        let given = [("classifier", &self.classifier), ("type", &self.kind)];
        let is_unusual = |(_, value): &(&str, &String)| !matches!(value.as_str(), "" | "jar");
        given.into_iter().filter(is_unusual).map(|(key, value)| (key.to_owned(), value.clone())).collect()
    }
}

/// A pom with all that it inherits and imports.
pub(super) struct Effective<'p> {
    /// The pom itself, its parent, and so on.
    chain: Vec<&'p Pom>,
    properties: HashMap<&'p str, &'p str>,
    managed: HashMap<Key, Declared>,
    /// What it would need to know, and the project does not have.
    missing: Vec<String>,
}

impl<'p> Effective<'p> {
    pub(super) fn of(project: &Project<'p>, member: usize) -> Self {
        let mut effective = Self::inherited(project, member);
        effective.manage(project, &mut HashSet::from([member]), 0);
        effective
    }

    /// With what it inherits, without what it manages.
    fn inherited(project: &Project<'p>, member: usize) -> Self {
        let (mut chain, mut seen, mut missing) = (Vec::new(), HashSet::new(), Vec::new());
        let mut next = Some(member);
        while let Some((index, pom)) = next.and_then(|index| Some((index, project.pom(index)?))) {
            if MAX_PARENTS <= chain.len() || !seen.insert(index) {
                break;
            }
            chain.push(pom);
            next = project.parent(index);
            if let (None, Some(parent)) = (next, &pom.parent) {
                missing.push(format!("its parent `{}:{}:{}` is not in the project", parent.group, parent.artifact, parent.version));
            }
        }
        // The nearest pom that gives a property counts, and its last.
        let nearest_last = chain.iter().rev().flat_map(|pom| &pom.properties);
        let properties = nearest_last.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Self { chain, properties, managed: HashMap::new(), missing }
    }

    /// Notes what it manages: its own and what it inherits first, then what is imported.
    fn manage(&mut self, project: &Project<'p>, seen: &mut HashSet<usize>, depth: usize) {
        let mut imports = Vec::new();
        for declared in self.chain.iter().flat_map(|pom| &pom.managed) {
            let key = self.key(declared);
            let scope = declared.scope.as_deref().map(|scope| self.value(scope).unwrap_or_default());
            if scope.as_deref() == Some("import") {
                imports.push((key, declared));
                continue;
            }
            let own = |text: &Option<String>| text.as_ref().map(|text| self.value(text).unwrap_or_else(|_| text.clone()));
            let declared = Declared { version: own(&declared.version), optional: own(&declared.optional), scope, ..declared.clone() };
            self.managed.entry(key).or_insert(declared);
        }
        for (key, declared) in imports {
            let version = self.value(declared.version.as_deref().unwrap_or_default());
            let found = version.as_ref().ok().and_then(|version| project.find(&key.group, &key.artifact, version));
            let Some(found) = found else {
                let version = version.unwrap_or_else(|_| declared.version.clone().unwrap_or_default());
                self.missing.push(format!("the BOM `{}:{}:{version}` is not in the project", key.group, key.artifact));
                continue;
            };
            if MAX_IMPORTS <= depth || !seen.insert(found) {
                continue;
            }
            let mut bom = Self::inherited(project, found);
            bom.manage(project, seen, depth + 1);
            for (key, declared) in bom.managed {
                self.managed.entry(key).or_insert(declared);
            }
            self.missing.extend(bom.missing);
        }
    }

    /// Its group as written; that of its parent where there is none.
    pub(super) fn group(&self) -> &'p str {
        self.own(|pom| pom.group.as_deref(), |parent| &parent.group)
    }

    /// Its version as written; that of its parent where there is none.
    pub(super) fn version(&self) -> &'p str {
        self.own(|pom| pom.version.as_deref(), |parent| &parent.version)
    }

    fn own(&self, of_pom: fn(&Pom) -> Option<&str>, of_parent: fn(&Parent) -> &String) -> &'p str {
        let pom: Option<&'p Pom> = self.chain.first().copied();
        let inherited = || pom.and_then(|pom| pom.parent.as_ref()).map(|parent| of_parent(parent).as_str());
        pom.and_then(of_pom).or_else(inherited).unwrap_or_default()
    }

    /// A text with its properties replaced.
    pub(super) fn value(&self, text: &str) -> Result<String, String> {
        let replaced = property::replace(text, BRACES, &|name| self.property(name).map(str::to_owned));
        replaced.map_err(|reason| match (&reason, self.missing.first()) {
            (NotReplaced::Unknown(_), Some(missing)) => format!("{reason} by any pom of the project; {missing}"),
            (NotReplaced::Unknown(_), None) => format!("{reason} by any pom of the project"),
            (NotReplaced::Endless(_), _) => reason.to_string(),
        })
    }

    fn property(&self, name: &str) -> Option<&'p str> {
        let pom: &'p Pom = self.chain.first().copied()?;
        // `pom.` and no prefix at all are the older spellings.
        let of_project = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom.")).unwrap_or(name);
        let built_in = match of_project {
            "version" => Some(self.version()),
            "groupId" => Some(self.group()),
            "artifactId" => pom.artifact.as_deref(),
            "parent.version" => pom.parent.as_ref().map(|parent| parent.version.as_str()),
            "parent.groupId" => pom.parent.as_ref().map(|parent| parent.group.as_str()),
            "parent.artifactId" => pom.parent.as_ref().map(|parent| parent.artifact.as_str()),
            _ => None,
        };
        let is_prefixed = of_project.len() < name.len();
        let given = self.properties.get(name).copied();
        if is_prefixed { built_in.or(given) } else { given.or(built_in) }
    }

    /// What tells a dependency from others; a property that nobody gives stays in it.
    pub(super) fn key(&self, declared: &Declared) -> Key {
        let value = |text: &str| self.value(text).unwrap_or_else(|_| text.to_owned());
        Key {
            group: value(&declared.group),
            artifact: value(&declared.artifact),
            kind: value(declared.kind.as_deref().unwrap_or("jar")),
            classifier: value(declared.classifier.as_deref().unwrap_or_default()),
        }
    }

    /// What is said of a dependency wherever it is declared.
    pub(super) fn managed(&self, key: &Key) -> Option<&Declared> {
        self.managed.get(key)
    }

    /// Its dependencies and those that it inherits. Of two of one key in one pom the last counts, as Maven merges them.
    pub(super) fn dependencies(&self) -> Vec<&'p Declared> {
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for pom in &self.chain {
            let mut own: Vec<&'p Declared> = pom.dependencies.iter().rev().filter(|declared| seen.insert(self.key(declared))).collect();
            own.reverse();
            all.append(&mut own);
        }
        all
    }

    /// Whether a dependency is declared in the pom itself.
    pub(super) fn is_own(&self, declared: &Declared) -> bool {
        self.chain.first().is_some_and(|pom| pom.dependencies.iter().any(|own| std::ptr::eq(own, declared)))
    }

    /// Why a dependency without a version has none.
    pub(super) fn why_unmanaged(&self) -> String {
        if self.missing.is_empty() { "no pom of the project gives it".to_owned() } else { self.missing.join("; ") }
    }
}
