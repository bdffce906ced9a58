//! Objects by their namespaces, and bindings by their subjects: what checks of each pod look for.

use std::{collections::HashMap, sync::Arc};

use super::manifest::Namespace;
use crate::{Graph, Resource, ResourceId, ScopeId, Value};

/// Objects by their namespaces, and bindings by their subjects.
#[derive(Debug, Default)]
pub(crate) struct Index {
    by_namespace: HashMap<Arc<str>, HashMap<Arc<str>, Vec<ResourceId>>>,
    bindings: HashMap<Arc<str>, Vec<ResourceId>>,
}

impl Index {
    pub(crate) fn new(graph: &Graph) -> Self {
        let mut index = Self::default();
        for resource in graph.resources().iter().filter(|resource| resource.get("metadata").is_some()) {
            let namespace = Namespace::of(resource).name().into();
            let of_type = index.by_namespace.entry(Arc::clone(&resource.canonical_type)).or_default();
            of_type.entry(namespace).or_default().push(resource.id);
            if !matches!(resource.canonical_type.as_ref(), "RoleBinding" | "ClusterRoleBinding") {
                continue;
            }
            for subject in resource.get("subjects").map(Value::items).unwrap_or_default() {
                if let Some(name) = subject.get("name").and_then(Value::text) {
                    index.bindings.entry(name.into()).or_default().push(resource.id);
                }
            }
        }
        index
    }

    /// Objects of a type in a namespace, by number.
    pub(crate) fn in_namespace<'g>(
        &'g self,
        of_type: &str,
        scope: ScopeId,
        namespace: &str,
        graph: &'g Graph,
    ) -> impl Iterator<Item = &'g Resource> {
        let ids = self.by_namespace.get(of_type).and_then(|of_type| of_type.get(namespace));
        ids.into_iter().flatten().filter_map(|id| graph.get(*id)).filter(move |resource| resource.scope == scope)
    }

    /// Bindings that name a subject, by number.
    pub(crate) fn bindings_of<'g>(&'g self, name: &str, scope: ScopeId, graph: &'g Graph) -> impl Iterator<Item = &'g Resource> {
        let ids = self.bindings.get(name);
        ids.into_iter().flatten().filter_map(|id| graph.get(*id)).filter(move |resource| resource.scope == scope)
    }
}

/// Objects of a type that lie in a namespace.
pub(crate) fn in_namespace<'g>(graph: &'g Graph, of_type: &str, scope: ScopeId, namespace: &str) -> impl Iterator<Item = &'g Resource> {
    graph.kubernetes().in_namespace(of_type, scope, namespace, graph)
}
