//! Jobs of GitLab CI as they run: what they say themselves, what they extend, and what all of them say.
//!
//! "CI/CD YAML syntax reference", `extends`, `default`, `include` and `!reference`.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_source::document::{Member, Node};

/// How deeply jobs may extend each other, and references be followed: GitLab allows eleven and ten.
const MAX_DEPTH: usize = 12;
/// So many texts of one job are looked at.
const MAX_SCRIPTS: usize = 10_000;

/// Sections of a file that are no jobs.
const SECTIONS: &[&str] =
    &["default", "include", "stages", "variables", "workflow", "spec", "image", "services", "cache", "before_script", "after_script"];

/// A part of a file, with the number of the file.
pub(super) struct In<'d, T: ?Sized> {
    pub(super) file: usize,
    pub(super) it: &'d T,
}

impl<T: ?Sized> Clone for In<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

// It is a number and a reference, whatever it refers to.
impl<T: ?Sized> Copy for In<'_, T> {}

/// All that one pipeline consists of: what is included comes before what includes it, and is changed by it.
pub(super) struct Jobs<'d> {
    /// By name, the parts that are merged, in order.
    jobs: BTreeMap<&'d str, Vec<In<'d, Node<'d>>>>,
    roots: Vec<In<'d, Node<'d>>>,
}

impl<'d> Jobs<'d> {
    pub(super) fn new(files: impl Iterator<Item = In<'d, Node<'d>>>) -> Self {
        let mut all = Self { jobs: BTreeMap::new(), roots: Vec::new() };
        for root in files {
            all.roots.push(root);
            let members = root.it.members().iter().filter(|member| member.node.is_map() && !SECTIONS.contains(&member.name.as_ref()));
            for member in members {
                all.jobs.entry(&member.name).or_default().push(In { file: root.file, it: &member.node });
            }
        }
        all
    }

    /// The names of jobs that run, in contrast to those that are only extended.
    pub(super) fn names(&self) -> impl Iterator<Item = &'d str> {
        self.jobs.keys().copied().filter(|name| !name.starts_with('.'))
    }

    /// The parts of a job, those that count more first: its own, and those of the jobs that it extends.
    pub(super) fn parts(&self, name: &str) -> Vec<In<'d, Node<'d>>> {
        let mut parts = Vec::new();
        self.collect(name, &mut parts, &mut BTreeSet::new(), 0);
        parts
    }

    fn collect(&self, name: &str, parts: &mut Vec<In<'d, Node<'d>>>, seen: &mut BTreeSet<String>, depth: usize) {
        if MAX_DEPTH < depth || !seen.insert(name.to_owned()) {
            return;
        }
        let Some((_, own)) = self.jobs.get_key_value(name) else { return };
        parts.extend(own.iter().rev());
        // Of several the last counts most.
        let extends = own.iter().rev().find_map(|part| part.it.get("extends"));
        let names =
            extends.map(|extends| extends.text().into_iter().chain(extends.items().iter().filter_map(Node::text)).collect::<Vec<_>>());
        for base in names.unwrap_or_default().into_iter().rev() {
            self.collect(base, parts, seen, depth + 1);
        }
    }

    /// What a job says under a key, or all of them if it does not.
    pub(super) fn member(&self, parts: &[In<'d, Node<'d>>], key: &str) -> Option<In<'d, Member<'d>>> {
        let of = |part: &In<'d, Node<'d>>| {
            let member = part.it.members().iter().find(|member| member.name == key)?;
            Some(In { file: part.file, it: member })
        };
        // A job may say which of the defaults it does not want; to take them all is to say too much rather than too little.
        let defaults = || self.roots.iter().rev().find_map(|root| of(&In { file: root.file, it: root.it.get("default")? }));
        parts.iter().find_map(of).or_else(defaults).or_else(|| self.roots.iter().rev().filter(|_| key != "rules").find_map(of))
    }

    /// The variables of a job, and those of all jobs.
    pub(super) fn variables(&self, parts: &[In<'d, Node<'d>>]) -> Vec<(&'d str, &'d Node<'d>)> {
        let maps = parts.iter().chain(self.roots.iter().rev()).filter_map(|part| part.it.get("variables"));
        let variable = |member: &'d Member<'d>| (member.name.as_ref(), member.node.get("value").unwrap_or(&member.node));
        maps.flat_map(|map| map.members().iter().map(variable)).collect()
    }

    /// The texts that a job runs under a key, those that it refers to included.
    pub(super) fn texts(&self, parts: &[In<'d, Node<'d>>], key: &str) -> Vec<In<'d, Node<'d>>> {
        let mut texts = Vec::new();
        if let Some(member) = self.member(parts, key) {
            self.texts_of(In { file: member.file, it: &member.it.node }, &mut texts, 0);
        }
        texts
    }

    fn texts_of(&self, node: In<'d, Node<'d>>, texts: &mut Vec<In<'d, Node<'d>>>, depth: usize) {
        if MAX_DEPTH < depth || MAX_SCRIPTS < texts.len() {
            return;
        }
        if node.it.text().is_some() {
            texts.push(node);
        }
        if let Some(reference) = node.it.get("!reference") {
            self.referred(reference).into_iter().for_each(|found| self.texts_of(found, texts, depth + 1));
        }
        node.it.items().iter().for_each(|it| self.texts_of(In { file: node.file, it }, texts, depth + 1));
    }

    /// What `!reference [job, key, …]` names.
    fn referred(&self, reference: &Node<'_>) -> Option<In<'d, Node<'d>>> {
        let names: Vec<&str> = reference.items().iter().filter_map(Node::text).collect();
        let (job, way) = names.split_first()?;
        let (first, rest) = way.split_first()?;
        let parts = self.parts(job);
        let found = parts.iter().find_map(|part| Some(In { file: part.file, it: part.it.get(first)? }))?;
        Some(In { file: found.file, it: rest.iter().try_fold(found.it, |node, name| node.get(name))? })
    }
}
