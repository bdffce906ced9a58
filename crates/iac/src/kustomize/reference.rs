//! References by name, and variables: they follow when names change.

use std::{collections::HashMap, sync::Arc};

use super::{
    field::{Missing, POD_REFERENCES, REFERENCES, each, pod_spec},
    resource::Resource,
    tree::{Data, Tree},
};
use crate::rendered::{Cause, CauseKind};

/// What others refer to.
struct Named {
    kind: String,
    name: String,
    namespace: String,
    former: Vec<(String, String)>,
    layers: Vec<usize>,
    cause: Option<Arc<Cause>>,
}

/// Changes references to resources that have another name now.
pub(super) fn follow(resources: &mut [Resource]) {
    let mut named: HashMap<String, Vec<Named>> = HashMap::new();
    for resource in resources.iter().filter(|resource| !resource.former.is_empty()) {
        let cause = resource.tree.at(&["metadata", "name"]).and_then(|name| name.cause.clone());
        let entry = Named {
            kind: resource.kind(),
            name: resource.name(),
            namespace: resource.namespace(),
            former: resource.former.clone(),
            layers: resource.layers.clone(),
            cause,
        };
        named.entry(entry.kind.clone()).or_default().push(entry);
    }
    for resource in resources {
        let kind = resource.kind();
        let ways: Vec<(&str, String)> = match pod_spec(&kind) {
            Some(spec) => POD_REFERENCES.iter().map(|(target, way)| (*target, format!("{spec}/{way}"))).collect(),
            None => Vec::new(),
        };
        let others = REFERENCES.iter().filter(|(_, referrer, _)| *referrer == kind).map(|(target, _, way)| (*target, (*way).to_owned()));
        let (namespace, layers) = (resource.namespace(), resource.layers.clone());
        let former: Vec<String> = resource.former.iter().map(|(_, namespace)| namespace.clone()).collect();
        let referrer = Referrer { namespace, former, layers };
        for (target, way) in ways.into_iter().chain(others) {
            let Some(candidates) = named.get(target) else { continue };
            // A reference that says the kind says it beside the name.
            if way == "roleRef/name" && resource.tree.text_at(&["roleRef", "kind"]) != target
                || way == "spec/scaleTargetRef/name" && resource.tree.text_at(&["spec", "scaleTargetRef", "kind"]) != target
            {
                continue;
            }
            each(&mut resource.tree, &way, Missing::Leave, &mut |value| referrer.change(value, candidates));
        }
    }
}

struct Referrer {
    namespace: String,
    former: Vec<String>,
    layers: Vec<usize>,
}

impl Referrer {
    fn change(&self, value: &mut Tree, candidates: &[Named]) {
        match &mut value.value {
            Data::List(items) => items.iter_mut().for_each(|item| self.change(item, candidates)),
            Data::Map(_) => self.change_object(value, candidates),
            _ => {
                let Some(name) = value.scalar() else { return };
                let cause = self.find(&name, None, candidates).filter(|found| found.name != name);
                if let Some(found) = cause {
                    value.value = Data::Text(found.name.clone());
                    value.cause.clone_from(&found.cause);
                }
            }
        }
    }

    /// A reference with a name and a namespace.
    fn change_object(&self, value: &mut Tree, candidates: &[Named]) {
        let kind = value.text_at(&["kind"]);
        if candidates.first().is_some_and(|candidate| !kind.is_empty() && candidate.kind != kind) {
            return;
        }
        let namespace = value.get("namespace").and_then(Tree::scalar);
        let Some(found) = self.find(&value.text_at(&["name"]), Some(namespace.unwrap_or_default()), candidates) else { return };
        let text = |text: &str| Tree { value: Data::Text(text.to_owned()), place: None, cause: found.cause.clone() };
        if value.text_at(&["name"]) != found.name {
            value.set("name", text(&found.name));
        }
        if !found.namespace.is_empty() && value.text_at(&["namespace"]) != found.namespace {
            value.set("namespace", text(&found.namespace));
        }
    }

    /// What a name means: what is in the same namespace, and came the same way.
    fn find<'n>(&self, name: &str, namespace: Option<String>, candidates: &'n [Named]) -> Option<&'n Named> {
        let is_own = |candidate: &&Named| match &namespace {
            Some(namespace) => {
                candidate.former.iter().any(|(former, of)| former == name && (of == namespace || of.is_empty() && namespace == "default"))
            }
            None => candidate.former.iter().any(|(former, _)| former == name),
        };
        let mut found: Vec<&Named> = candidates.iter().filter(is_own).collect();
        if namespace.is_none() {
            let is_near = |candidate: &&Named| {
                candidate.namespace == self.namespace
                    || candidate.namespace.is_empty()
                    || self.namespace.is_empty()
                    || candidate.former.iter().any(|(_, namespace)| self.former.contains(namespace) && !namespace.is_empty())
            };
            let near: Vec<&Named> = found.iter().copied().filter(is_near).collect();
            if !near.is_empty() {
                found = near;
            }
        }
        let common = |candidate: &&Named| {
            // The fewer layers they don't share at the inner end, the nearer.
            candidate.layers.iter().filter(|layer| self.layers.contains(layer)).count()
        };
        let best = found.iter().map(common).max()?;
        let mut nearest = found.into_iter().filter(|candidate| common(candidate) == best);
        let first = nearest.next()?;
        nearest.all(|other| other.name == first.name).then_some(first)
    }
}

/// A variable: what `$(NAME)` stands for.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub(super) name: String,
    /// `{kind, name, apiVersion, namespace}`.
    pub(super) object: Tree,
    pub(super) field: String,
    /// The kustomization that declares it: what it names came through there.
    pub(super) layer: usize,
    pub(super) cause: Arc<Cause>,
}

/// Replaces variables.
pub(super) fn variables(resources: &mut [Resource], variables: &[Variable]) -> Vec<String> {
    let mut values: HashMap<String, (Tree, Arc<Cause>)> = HashMap::new();
    let mut problems = Vec::new();
    for variable in variables {
        let is_meant = |resource: &&Resource| {
            let version = variable.object.text_at(&["apiVersion"]);
            resource.layers.contains(&variable.layer)
                && resource.kind() == variable.object.text_at(&["kind"])
                && resource.was_called(&variable.object.text_at(&["name"]))
                && (version.is_empty() || version == resource.tree.text_at(&["apiVersion"]))
        };
        let names: Vec<&str> = variable.field.split('.').collect();
        let value = resources
            .iter()
            .find(is_meant)
            .and_then(|resource| at_field(&resource.tree, &names))
            .filter(|value| value.scalar().is_some())
            .cloned();
        match value {
            Some(value) => {
                values.insert(format!("$({})", variable.name), (value, Arc::clone(&variable.cause)));
            }
            None => problems.push(format!("the variable `{}` names nothing that is there", variable.name)),
        }
    }
    if !values.is_empty() {
        for resource in resources {
            replace(&mut resource.tree, &values);
        }
    }
    problems
}

fn at_field<'t>(tree: &'t Tree, names: &[&str]) -> Option<&'t Tree> {
    names.iter().try_fold(tree, |tree, name| match name.split_once('[') {
        Some((name, index)) => tree.get(name)?.items().get(index.trim_end_matches(']').parse::<usize>().ok()?),
        None => tree.get(name),
    })
}

/// Kustomize knows the fields in which it looks; here it is all of them: nobody writes `$(NAME)` of a variable of theirs otherwise.
fn replace(tree: &mut Tree, values: &HashMap<String, (Tree, Arc<Cause>)>) {
    match &mut tree.value {
        Data::List(items) => items.iter_mut().for_each(|item| replace(item, values)),
        Data::Map(members) => members.iter_mut().for_each(|(_, item)| replace(item, values)),
        Data::Text(text) if text.contains("$(") => {
            if let Some((value, cause)) = values.get(text.as_str()) {
                tree.value = value.value.clone();
                tree.cause = Some(Arc::clone(cause));
                return;
            }
            let mut new = text.clone();
            for (variable, (value, cause)) in values.iter().filter(|(variable, _)| text.contains(variable.as_str())) {
                new = new.replace(variable.as_str(), &value.scalar().unwrap_or_default());
                tree.cause = Some(Arc::clone(cause));
            }
            tree.value = Data::Text(new);
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
    }
}

/// The cause that is a field of a kustomization.
pub(super) fn cause(name: &str, field: Option<&Tree>) -> Arc<Cause> {
    let place = field.and_then(|field| field.place.clone());
    let (path, range) =
        place.map_or_else(|| (Arc::from("kustomization.yaml"), bartizan_core::ByteRange::new(0, 0)), |place| (place.path, place.range));
    Arc::new(Cause { kind: CauseKind::Patch, name: name.to_owned(), path, range })
}
