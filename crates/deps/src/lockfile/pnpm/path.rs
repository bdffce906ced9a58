//! Paths of dependencies, as `pnpm-lock.yaml` spells them.
//!
//! | version | path | reference in `dependencies` |
//! |---|---|---|
//! | 5 | `/NAME/VERSION_PEERS`, `HOST/NAME/VERSION` | `VERSION_PEERS`, or the path |
//! | 6 | `/NAME@VERSION(PEER@VERSION)` | `VERSION(PEER@VERSION)`, or the path |
//! | 9 | `NAME@VERSION(PEER@VERSION)` | `VERSION(PEER@VERSION)`, or the path |

use crate::npm;

/// The name and the version in a path; nothing where it has none.
pub(super) fn name_and_version(path: &str, is_slashed: bool) -> Option<(&str, &str)> {
    if path.starts_with("file:") {
        return None;
    }
    let without_peers = path.split('(').next().unwrap_or(path);
    if !is_slashed {
        let (name, version) = npm::split(without_peers.strip_prefix('/').unwrap_or(without_peers));
        return (!name.is_empty() && !version.is_empty()).then_some((name, version));
    }
    // Whatever stands before the first slash is the registry.
    let (_, rest) = without_peers.split_once('/')?;
    let end_of_scope = if rest.starts_with('@') { rest.find('/')? + 1 } else { 0 };
    let end_of_name = end_of_scope + rest.get(end_of_scope..)?.find('/')?;
    let (name, version) = (rest.get(..end_of_name)?, rest.get(end_of_name + 1..)?);
    let version = version.split('_').next().unwrap_or(version);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains('/');
    is_version.then_some((name, version))
}

/// The paths that a reference may mean, the likeliest first.
pub(super) fn of_reference(name: &str, reference: &str) -> [String; 5] {
    [
        format!("{name}@{reference}"),
        format!("/{name}/{reference}"),
        format!("/{name}@{reference}"),
        reference.to_owned(),
        format!("/{reference}"),
    ]
}

/// A folder by its path from another; nothing if it is outside.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
