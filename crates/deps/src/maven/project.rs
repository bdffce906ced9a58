//! All poms of a project, and where a pom finds another.

use std::collections::HashMap;

use super::pom::{Parent, Pom};

/// All poms of a project.
pub(super) struct Project<'p> {
    poms: Vec<(&'p str, &'p Pom)>,
    by_path: HashMap<&'p str, usize>,
    by_artifact: HashMap<&'p str, Vec<usize>>,
}

impl<'p> Project<'p> {
    pub(super) fn new(poms: Vec<(&'p str, &'p Pom)>) -> Self {
        let by_path = poms.iter().enumerate().map(|(index, (path, _))| (*path, index)).collect();
        let mut by_artifact: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, (_, pom)) in poms.iter().enumerate() {
            by_artifact.entry(pom.artifact.as_deref().unwrap_or_default()).or_default().push(index);
        }
        Self { poms, by_path, by_artifact }
    }

    pub(super) fn pom(&self, index: usize) -> Option<&'p Pom> {
        self.poms.get(index).map(|(_, pom)| *pom)
    }

    /// The parent of a pom: where its path leads if that is the one that is named, else by its coordinates.
    pub(super) fn parent(&self, index: usize) -> Option<usize> {
        let (path, pom) = self.poms.get(index)?;
        let parent = pom.parent.as_ref()?;
        let is_meant = |found: &usize| *found != index && self.is_named(*found, parent);
        let by_path = match parent.path.as_deref() {
            Some("") => None,
            relative => self.at(path, relative.unwrap_or("../pom.xml")),
        };
        by_path.filter(is_meant).or_else(|| self.find(&parent.group, &parent.artifact, &parent.version).filter(is_meant))
    }

    /// The pom of these coordinates.
    pub(super) fn find(&self, group: &str, artifact: &str, version: &str) -> Option<usize> {
        let named = self.by_artifact.get(artifact)?.iter().copied();
        let mut found = named.filter(|&index| self.pom(index).and_then(group_of) == Some(group));
        // A version with a property is the project's own.
        let has_version = |index: &usize| {
            let known = self.pom(*index).and_then(version_of).unwrap_or_default();
            version.is_empty() || known == version || known.contains("${") || version.contains("${")
        };
        found.find(has_version)
    }

    fn is_named(&self, index: usize, parent: &Parent) -> bool {
        let Some(pom) = self.pom(index) else { return false };
        let is_same = |written: Option<&str>, named: &str| {
            written.is_none_or(|written| written == named || written.contains("${") || named.contains("${"))
        };
        is_same(pom.artifact.as_deref(), &parent.artifact) && is_same(group_of(pom), &parent.group)
    }

    /// The pom at a path from another: a folder stands for the `pom.xml` in it.
    fn at(&self, from: &str, relative: &str) -> Option<usize> {
        let mut folders: Vec<&str> = from.split('/').collect();
        folders.pop();
        for part in relative.split(['/', '\\']) {
            match part {
                "" | "." => {}
                ".." => {
                    folders.pop()?;
                }
                name => folders.push(name),
            }
        }
        let path = folders.join("/");
        let in_folder = if path.is_empty() { "pom.xml".to_owned() } else { format!("{path}/pom.xml") };
        self.by_path.get(path.as_str()).or_else(|| self.by_path.get(in_folder.as_str())).copied()
    }
}

fn group_of(pom: &Pom) -> Option<&str> {
    pom.group.as_deref().or_else(|| pom.parent.as_ref().map(|parent| parent.group.as_str()))
}

fn version_of(pom: &Pom) -> Option<&str> {
    pom.version.as_deref().or_else(|| pom.parent.as_ref().map(|parent| parent.version.as_str()))
}
