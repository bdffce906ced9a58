//! Strategic merge patches: maps are merged, lists of things with a key are merged by it, all else is replaced.

use std::sync::Arc;

use super::{
    resource::Resource,
    tree::{Data, Tree},
};
use crate::rendered::Cause;

/// How deeply a patch is followed.
const MAX_DEPTH: usize = 256;

/// Lists of built-in kinds that are merged, and what tells their items apart. A list of Kubernetes' `patchMergeKey`.
const MERGE_KEYS: &[(&str, &[&str])] = &[
    ("containers", &["name"]),
    ("initContainers", &["name"]),
    ("ephemeralContainers", &["name"]),
    ("env", &["name"]),
    ("volumes", &["name"]),
    ("volumeMounts", &["mountPath"]),
    ("volumeDevices", &["devicePath"]),
    ("imagePullSecrets", &["name"]),
    ("hostAliases", &["ip"]),
    ("topologySpreadConstraints", &["topologyKey"]),
    ("secrets", &["name"]),
    ("ownerReferences", &["uid"]),
    ("conditions", &["type"]),
    ("webhooks", &["name"]),
    ("ports", &["containerPort", "port"]),
    ("resourceClaims", &["name"]),
    ("schedulingGates", &["name"]),
];

/// Lists of texts that are joined.
const MERGED_TEXTS: &[&str] = &["finalizers"];

/// Applies a patch; says whether the resource is still there.
pub(super) fn apply(resource: &mut Resource, patch: &Tree, cause: &Arc<Cause>) -> bool {
    if patch.text_at(&["$patch"]) == "delete" {
        return false;
    }
    let (group, _) = resource.group();
    let is_built_in = !group.contains('.') || group.ends_with(".k8s.io");
    let merge = Merge { cause, is_built_in };
    merge.merge(&mut resource.tree, patch, 0);
    true
}

struct Merge<'c> {
    cause: &'c Arc<Cause>,
    is_built_in: bool,
}

impl Merge<'_> {
    fn merge(&self, target: &mut Tree, patch: &Tree, depth: usize) {
        if MAX_DEPTH < depth {
            return;
        }
        if patch.text_at(&["$patch"]) == "replace" {
            let mut new = patch.clone().caused(self.cause);
            new.remove("$patch");
            *target = new;
            return;
        }
        self.retain_keys(target, patch);
        for (name, new) in patch.members() {
            if let Some(list) = name.strip_prefix("$deleteFromPrimitiveList/") {
                if let Some(Tree { value: Data::List(items), .. }) = target.get_mut(list) {
                    items.retain(|item| !new.items().contains(item));
                }
                continue;
            }
            if name.starts_with('$') {
                continue;
            }
            if new.is_null() || new.text_at(&["$patch"]) == "delete" {
                target.remove(name);
                continue;
            }
            match target.get_mut(name) {
                Some(old) if old.is_map() && new.is_map() => self.merge(old, new, depth + 1),
                Some(old) if matches!((&old.value, &new.value), (Data::List(_), Data::List(_))) => self.list(name, old, new, depth + 1),
                _ => {
                    let new = self.cleaned(new.clone(), depth).caused(self.cause);
                    target.set(name, new);
                }
            }
        }
    }

    fn retain_keys(&self, target: &mut Tree, patch: &Tree) {
        let Some(kept) = patch.get("$retainKeys") else { return };
        let kept: Vec<String> = kept.items().iter().filter_map(Tree::scalar).collect();
        if let Data::Map(members) = &mut target.value {
            members.retain(|(name, _)| kept.contains(name));
        }
    }

    /// What is new has no directives and takes nothing away.
    fn cleaned(&self, mut tree: Tree, depth: usize) -> Tree {
        if MAX_DEPTH < depth {
            return tree;
        }
        match &mut tree.value {
            Data::Map(members) => {
                members.retain(|(name, item)| !name.starts_with('$') && !item.is_null());
                for (_, item) in members {
                    *item = self.cleaned(std::mem::replace(item, Tree::map()), depth + 1);
                }
            }
            Data::List(items) => {
                items.retain(|item| item.get("$patch").is_none());
                for item in items {
                    *item = self.cleaned(std::mem::replace(item, Tree::map()), depth + 1);
                }
            }
            Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
        }
        tree
    }

    fn list(&self, name: &str, old: &mut Tree, new: &Tree, depth: usize) {
        if new.items().iter().any(|item| item.text_at(&["$patch"]) == "replace") {
            let kept = new.items().iter().filter(|item| item.get("$patch").is_none()).cloned().collect();
            *old = self.cleaned(Tree { value: Data::List(kept), ..new.clone() }, depth).caused(self.cause);
            return;
        }
        if self.is_built_in && MERGED_TEXTS.contains(&name) {
            if let Data::List(items) = &mut old.value {
                let more: Vec<Tree> =
                    new.items().iter().filter(|item| !items.contains(item)).map(|item| item.clone().caused(self.cause)).collect();
                items.extend(more);
            }
            return;
        }
        let key = MERGE_KEYS.iter().find(|(known, _)| *known == name && self.is_built_in).and_then(|(_, keys)| {
            let all = || old.items().iter().chain(new.items());
            keys.iter().find(|key| all().all(|item| item.get(key).is_some())).copied()
        });
        let Some(key) = key else {
            *old = self.cleaned(new.clone(), depth).caused(self.cause);
            return;
        };
        self.keyed(key, old, new, depth);
    }

    /// Items that are the same by a key are merged; new ones stand first, as Kustomize puts them.
    fn keyed(&self, key: &str, old: &mut Tree, new: &Tree, depth: usize) {
        let Data::List(items) = &mut old.value else { return };
        let mut first = Vec::new();
        for patch in new.items() {
            let is_same = |item: &Tree| {
                let protocol = |tree: &Tree| tree.get("protocol").and_then(Tree::scalar).unwrap_or_else(|| "TCP".to_owned());
                item.get(key) == patch.get(key) && (!matches!(key, "containerPort" | "port") || protocol(item) == protocol(patch))
            };
            let at = items.iter().position(is_same);
            if patch.text_at(&["$patch"]) == "delete" {
                if let Some(at) = at {
                    items.remove(at);
                }
                continue;
            }
            match at {
                Some(at) => {
                    let mut item = items.remove(at);
                    self.merge(&mut item, patch, depth + 1);
                    first.push(item);
                }
                None => first.push(self.cleaned(patch.clone(), depth).caused(self.cause)),
            }
        }
        first.append(items);
        *items = first;
    }
}
