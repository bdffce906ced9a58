//! A bill that is being read: components come in any order, and refer to each other before they are there.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::{ComponentKind, Scope, Tool};

use super::{MAX_PROBLEMS, Parsed, Problem};
use crate::{
    Timestamp,
    purl::PackageUrl,
    sbom::{Bom, Component, Dependency, Gap, GapKind, Metadata, Place, of_report::has_group},
};

/// What was read so far.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// Whether something said that this is a bill.
    pub(super) is_bill: bool,
    pub(super) subject: Option<Component>,
    pub(super) components: Vec<Component>,
    pub(super) edges: Vec<Dependency>,
    /// Ids of what the document is about.
    pub(super) described: Vec<String>,
    /// Other ids of elements, and what they stand for.
    pub(super) licences: Licences,
    pub(super) timestamp: Option<Timestamp>,
    pub(super) tools: Vec<Tool>,
    pub(super) gaps: Vec<Gap>,
    pub(super) problems: Vec<Problem>,
    n_more_problems: usize,
    /// How many elements are there that are no software.
    pub(super) n_files: usize,
}

/// Licences that stand elsewhere than the components that have them.
#[derive(Debug, Default)]
pub(super) struct Licences {
    /// By reference: what the author wrote.
    pub(super) texts: BTreeMap<String, String>,
    /// By id of an element: an expression.
    pub(super) expressions: BTreeMap<String, String>,
    /// Ids of components, and of the expressions that they declare.
    pub(super) declared: Vec<(String, String)>,
}

impl Draft {
    /// Says that components are missing.
    pub(super) fn loss(&mut self, message: impl AsRef<str>) {
        self.say(true, message.as_ref());
    }

    /// Says that something is not as it should be.
    pub(super) fn remark(&mut self, message: impl AsRef<str>) {
        self.say(false, message.as_ref());
    }

    fn say(&mut self, is_loss: bool, message: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { is_loss, message: crate::visible::visible_line(message).into_owned() });
        } else {
            self.n_more_problems += 1;
        }
    }

    /// A package URL in canonical form; of one that can't be read, nothing but a remark.
    pub(super) fn purl(&mut self, text: &str) -> Option<PackageUrl> {
        match PackageUrl::lenient(text) {
            Ok(purl) => Some(purl),
            Err(error) => {
                self.remark(format!("`{text}` is no package URL: {error}"));
                None
            }
        }
    }

    /// A property or annotation that says what is missing.
    pub(super) fn gap(&mut self, name: &str, text: &str) {
        let kind = [GapKind::Unparsed, GapKind::Unresolved].into_iter().find(|kind| kind.property() == name);
        self.gaps.extend(kind.map(|kind| Gap { kind, text: text.to_owned() }));
    }

    /// Puts together what was read.
    pub(super) fn finish(mut self) -> Parsed {
        self.give_licences();
        self.make_ids_unique();
        self.choose_subject();
        let components = self.subject.iter().chain(&self.components);
        let known: BTreeSet<String> = components.map(|component| component.id.clone()).collect();
        let (mut edges, dangling): (Vec<_>, Vec<_>) = std::mem::take(&mut self.edges)
            .into_iter()
            .partition(|edge| known.contains(&edge.dependent) && known.contains(&edge.dependency));
        if let Some(first) = dangling.first() {
            let n = dangling.len();
            self.remark(format!(
                "dependencies lead to or from what is not there: {n}, such as `{}` on `{}`",
                first.dependent, first.dependency
            ));
        }
        if 0 < self.n_files {
            self.remark(format!("files and others that are no software are left out: {}", self.n_files));
        }
        if 0 < self.n_more_problems {
            let problem = format!("{} problems more are not said one by one", self.n_more_problems);
            self.problems.push(Problem { is_loss: false, message: problem });
        }
        edges.sort();
        edges.dedup();
        self.components.sort();
        self.gaps.sort();
        self.gaps.dedup();
        let metadata = Metadata { subject: self.subject, timestamp: self.timestamp, tools: self.tools, gaps: self.gaps };
        Parsed { value: Bom { metadata, components: self.components, dependencies: edges }, problems: self.problems }
    }

    /// Licences are said by reference, by another element, or where they are.
    fn give_licences(&mut self) {
        let mut declared: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        for (component, expression) in &self.licences.declared {
            declared.entry(component).or_default().extend(self.licences.expressions.get(expression));
        }
        for component in self.subject.iter_mut().chain(&mut self.components) {
            component.licences.extend(declared.get(component.id.as_str()).into_iter().flatten().map(|text| (*text).clone()));
            for licence in &mut component.licences {
                if let Some(text) = self.licences.texts.get(licence) {
                    licence.clone_from(text);
                }
            }
            component.licences.sort();
            component.licences.dedup();
        }
    }

    /// Two components can't be told apart in dependencies if they have one id; the second gets another.
    fn make_ids_unique(&mut self) {
        let mut known = BTreeSet::new();
        let mut doubled = Vec::new();
        for component in self.subject.iter_mut().chain(&mut self.components) {
            if known.insert(component.id.clone()) {
                continue;
            }
            doubled.push(component.id.clone());
            let mut number = 2_usize;
            while !known.insert(format!("{}#{number}", component.id)) {
                number += 1;
            }
            component.id = format!("{}#{number}", component.id);
        }
        for id in doubled {
            self.remark(format!("two components are named `{id}`"));
        }
    }

    /// What one element is described by a document is its subject.
    fn choose_subject(&mut self) {
        self.described.sort();
        self.described.dedup();
        if let ([described], None) = (self.described.as_slice(), &self.subject)
            && let Some(place) = self.components.iter().position(|component| component.id == *described)
        {
            self.subject = Some(self.components.remove(place));
        }
    }
}

/// What a reader found out about a component.
#[derive(Debug, Default)]
pub(super) struct Found<'v> {
    pub(super) id: Option<&'v str>,
    pub(super) purl: Option<PackageUrl>,
    pub(super) group: Option<&'v str>,
    pub(super) name: Option<&'v str>,
    pub(super) version: Option<&'v str>,
    pub(super) kind: Option<ComponentKind>,
    pub(super) scope: Option<Scope>,
    pub(super) licences: Vec<String>,
    pub(super) hashes: Vec<bartizan_core::Hash>,
    pub(super) places: Vec<Place>,
}

impl Found<'_> {
    /// The component; nothing if nothing names it.
    pub(super) fn into_component(mut self) -> Option<Component> {
        let purl = self.purl.as_ref();
        let of_purl = purl.filter(|purl| self.group.is_none() && has_group(purl.package_type()) && purl.namespace().is_some());
        let (group, name) = match of_purl {
            Some(purl) => (purl.namespace(), Some(purl.name())),
            None => (self.group, self.name.or_else(|| purl.map(PackageUrl::name))),
        };
        let name = name?.to_owned();
        let version = self.version.or_else(|| purl.and_then(PackageUrl::version)).map(ToOwned::to_owned);
        let text = purl.map(ToString::to_string);
        let by_name = || format!("{name}{}", version.as_ref().map(|version| format!("@{version}")).unwrap_or_default());
        let id = self.id.map(ToOwned::to_owned).or_else(|| text.clone()).unwrap_or_else(by_name);
        let kind = match (self.kind, purl.map(PackageUrl::package_type)) {
            (None | Some(ComponentKind::Library), Some("apk" | "deb" | "rpm" | "alpm")) => ComponentKind::OperatingSystem,
            (kind, _) => kind.unwrap_or(ComponentKind::Library),
        };
        self.hashes.sort();
        self.hashes.dedup();
        self.places.sort();
        let group = group.map(ToOwned::to_owned);
        let (scope, licences, hashes, places) = (self.scope, self.licences, self.hashes, self.places);
        Some(Component { id, purl: text, group, name, version, kind, scope, licences, hashes, places, layer: None })
    }
}
