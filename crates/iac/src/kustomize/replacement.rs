//! `replacements`: the value of one field, copied into others.

use std::sync::Arc;

use super::{
    resource::{Resource, Selector},
    tree::{Data, Tree},
};
use crate::rendered::Cause;

/// Applies one replacement; says what it does not find.
pub(super) fn apply(resources: &mut [Resource], replacement: &Tree, cause: &Arc<Cause>) -> Result<(), String> {
    let value = source(resources, replacement)?;
    for target in replacement.get("targets").map(Tree::items).unwrap_or_default() {
        let Some(select) = target.get("select") else { return Err("a target of a replacement has no `select`".to_owned()) };
        let rejects = target.get("reject").map(Tree::items).unwrap_or_default();
        let default = [Tree::text("metadata.name")];
        let paths = target.get("fieldPaths").map_or(default.as_slice(), Tree::items);
        let options = target.get("options");
        for resource in resources.iter_mut() {
            let is_rejected = rejects.iter().any(|reject| Selector::patterns(reject).selects(resource));
            if is_rejected || !Selector::patterns(select).selects(resource) {
                continue;
            }
            resource.remember();
            for path in paths.iter().filter_map(Tree::scalar) {
                let makes = options.is_some_and(|options| options.text_at(&["create"]) == "true");
                let mut found = false;
                follow(&mut resource.tree, &parts(&path), makes, &mut |field| {
                    found = true;
                    let place = field.place.take();
                    *field = Tree { place, ..put(field, &value, options).caused(cause) };
                });
                if !found {
                    return Err(format!("there is no field `{path}` in {} `{}`", resource.kind(), resource.name()));
                }
            }
        }
    }
    Ok(())
}

fn source(resources: &[Resource], replacement: &Tree) -> Result<Tree, String> {
    if let Some(value) = replacement.get("sourceValue") {
        return Ok(value.clone());
    }
    let source = replacement.get("source").ok_or("a replacement has no `source`")?;
    let mut found = resources.iter().filter(|resource| Selector::words(source).selects(resource));
    let resource = found.next().ok_or("nothing is selected by the source of a replacement")?;
    if found.next().is_some() {
        return Err("several resources are selected by the source of a replacement".to_owned());
    }
    let path = source.get("fieldPath").and_then(Tree::scalar).unwrap_or_else(|| "metadata.name".to_owned());
    let mut value = None;
    follow(&mut resource.tree.clone(), &parts(&path), false, &mut |field| value = Some(field.clone()));
    let value = value.ok_or_else(|| format!("there is no field `{path}` in the source of a replacement"))?;
    let Some(options) = source.get("options") else { return Ok(value) };
    let delimiter = options.text_at(&["delimiter"]);
    if delimiter.is_empty() {
        return Ok(value);
    }
    let text = value.scalar().unwrap_or_default();
    let index = options.text_at(&["index"]).parse::<usize>().unwrap_or(0);
    let part = text.split(delimiter.as_str()).nth(index).ok_or_else(|| format!("the source of a replacement has no part {index}"))?;
    Ok(Tree { value: Data::Text(part.to_owned()), ..value })
}

/// A field with the value, or with the value as one of its parts.
fn put(field: &Tree, value: &Tree, options: Option<&Tree>) -> Tree {
    let delimiter = options.map(|options| options.text_at(&["delimiter"])).unwrap_or_default();
    if delimiter.is_empty() {
        // A text stays one, whatever comes.
        return match (&field.value, value.scalar()) {
            (Data::Text(_), Some(text)) => Tree { value: Data::Text(text), ..value.clone() },
            _ => value.clone(),
        };
    }
    let index: i64 = options.and_then(|options| options.text_at(&["index"]).parse().ok()).unwrap_or(0);
    let text = field.scalar().unwrap_or_default();
    let new = value.scalar().unwrap_or_default();
    let mut parts: Vec<&str> = text.split(delimiter.as_str()).collect();
    match usize::try_from(index) {
        Err(_) => parts.insert(0, &new),
        Ok(index) => match parts.get_mut(index) {
            Some(part) => *part = &new,
            None => parts.push(&new),
        },
    }
    Tree { value: Data::Text(parts.join(&delimiter)), ..value.clone() }
}

/// `a.b\.c.[name=x].*` as names.
fn parts(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut is_escaped, mut in_brackets) = (false, false);
    for c in path.chars() {
        match c {
            '\\' if !is_escaped => {
                is_escaped = true;
                continue;
            }
            '.' if !is_escaped && !in_brackets => parts.push(String::new()),
            c => {
                in_brackets = c == '[' || in_brackets && c != ']';
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
        }
        is_escaped = false;
    }
    parts.retain(|part| !part.is_empty());
    parts
}

fn follow(tree: &mut Tree, parts: &[String], makes: bool, change: &mut dyn FnMut(&mut Tree)) {
    let Some((part, rest)) = parts.split_first() else {
        change(tree);
        return;
    };
    let condition = part.strip_prefix('[').and_then(|part| part.strip_suffix(']')).and_then(|part| part.split_once('='));
    match (&mut tree.value, condition) {
        (Data::List(items), Some((name, wanted))) => {
            let is_meant = |item: &&mut Tree| {
                if name.is_empty() { item.scalar().as_deref() == Some(wanted) } else { item.text_at(&[name]) == wanted }
            };
            items.iter_mut().filter(is_meant).for_each(|item| follow(item, rest, makes, change));
        }
        (Data::List(items), None) if part == "*" => items.iter_mut().for_each(|item| follow(item, rest, makes, change)),
        (Data::List(items), None) => {
            if let Some(item) = part.trim_matches(['[', ']']).parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                follow(item, rest, makes, change);
            }
        }
        (Data::Map(members), _) if part == "*" => members.iter_mut().for_each(|(_, item)| follow(item, rest, makes, change)),
        (Data::Map(_), _) => {
            if makes && tree.get(part).is_none() {
                let new = if rest.is_empty() { Tree::new(Data::Null) } else { Tree::map() };
                tree.set(part, new);
            }
            if let Some(item) = tree.get_mut(part) {
                follow(item, rest, makes, change);
            }
        }
        _ => {}
    }
}
