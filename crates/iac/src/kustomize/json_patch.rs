//! JSON patches, RFC 6902.

use std::sync::Arc;

use super::tree::{Data, Tree};
use crate::rendered::Cause;

/// Applies operations; says what is wrong with the first that can't be applied.
pub(super) fn apply(tree: &mut Tree, operations: &Tree, cause: &Arc<Cause>) -> Result<(), String> {
    operations.items().iter().try_for_each(|operation| one(tree, operation, cause))
}

fn one(tree: &mut Tree, operation: &Tree, cause: &Arc<Cause>) -> Result<(), String> {
    let (kind, path) = (operation.text_at(&["op"]), operation.text_at(&["path"]));
    let value = || operation.get("value").cloned().unwrap_or_else(|| Tree::new(Data::Null)).caused(cause);
    match kind.as_str() {
        "add" => add(tree, &path, value()),
        "replace" => {
            let place = at(tree, &path).ok_or_else(|| missing(&path))?;
            *place = value();
            Ok(())
        }
        "remove" => remove(tree, &path).map(|_| ()),
        "move" => {
            let moved = remove(tree, &operation.text_at(&["from"]))?;
            add(tree, &path, moved.caused(cause))
        }
        "copy" => {
            let from = operation.text_at(&["from"]);
            let copied = at(tree, &from).ok_or_else(|| missing(&from))?.clone();
            add(tree, &path, copied.caused(cause))
        }
        "test" => {
            if at(tree, &path).is_some_and(|found| *found == value()) {
                Ok(())
            } else {
                Err(format!("the test of `{path}` fails"))
            }
        }
        other => Err(format!("unknown operation `{other}`")),
    }
}

fn missing(path: &str) -> String {
    format!("there is no `{path}`")
}

fn parts(path: &str) -> Vec<String> {
    path.split('/').skip(1).map(|part| part.replace("~1", "/").replace("~0", "~")).collect()
}

fn step<'t>(tree: &'t mut Tree, part: &str) -> Option<&'t mut Tree> {
    match &mut tree.value {
        Data::List(items) => index(part, items.len()).and_then(|index| items.get_mut(index)),
        Data::Map(members) => members.iter_mut().find(|(name, _)| name == part).map(|(_, item)| item),
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => None,
    }
}

/// An index; negative ones count from the end, as in Go's library.
fn index(part: &str, length: usize) -> Option<usize> {
    match part.strip_prefix('-') {
        Some(back) => length.checked_sub(back.parse().ok()?),
        None => part.parse().ok(),
    }
}

fn at<'t>(tree: &'t mut Tree, path: &str) -> Option<&'t mut Tree> {
    parts(path).iter().try_fold(tree, |tree, part| step(tree, part))
}

fn parent<'t>(tree: &'t mut Tree, path: &str) -> Result<(&'t mut Tree, String), String> {
    let mut parts = parts(path);
    let last = parts.pop().ok_or_else(|| missing(path))?;
    let parent = parts.iter().try_fold(tree, |tree, part| step(tree, part)).ok_or_else(|| missing(path))?;
    Ok((parent, last))
}

fn add(tree: &mut Tree, path: &str, value: Tree) -> Result<(), String> {
    if path.is_empty() {
        *tree = value;
        return Ok(());
    }
    let (parent, last) = parent(tree, path)?;
    match &mut parent.value {
        Data::List(items) => {
            let at = if last == "-" { items.len() } else { index(&last, items.len()).ok_or_else(|| missing(path))? };
            if items.len() < at {
                return Err(missing(path));
            }
            items.insert(at, value);
            Ok(())
        }
        Data::Map(_) => {
            parent.set(&last, value);
            Ok(())
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => Err(missing(path)),
    }
}

fn remove(tree: &mut Tree, path: &str) -> Result<Tree, String> {
    let (parent, last) = parent(tree, path)?;
    match &mut parent.value {
        Data::List(items) => {
            let at = index(&last, items.len()).filter(|at| *at < items.len()).ok_or_else(|| missing(path))?;
            Ok(items.remove(at))
        }
        _ => parent.remove(&last).ok_or_else(|| missing(path)),
    }
}
