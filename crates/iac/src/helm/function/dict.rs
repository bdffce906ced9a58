//! Sprig's dictionaries. `set`, `unset` and `merge` change the one that they get, as in Go.

use super::{Args, Eval, Function, Kind, Machine, Map, MapId, Val, at_least, exactly, fail, members, string::as_text};
use crate::helm::value::MAX_VALUE_DEPTH;

pub(super) const FUNCTIONS: &[Function] = &[
    at_least(0, "dict", dict),
    exactly(2, "get", |machine, args| {
        let found = args.map(0)?.and_then(|map| machine.heap.map(map).get(args.str(1).unwrap_or_default()).cloned());
        args.str(1)?;
        Ok(found.unwrap_or_else(|| Val::text("")))
    }),
    exactly(3, "set", |machine, args| {
        let Some(map) = args.map(0)? else { return fail("assignment to entry in nil map") };
        machine.heap.set(map, args.str(1)?, args.get(2));
        Ok(args.get(0))
    }),
    exactly(2, "unset", |machine, args| {
        let name = args.str(1)?;
        if let Some(map) = args.map(0)?.and_then(|map| machine.heap.map_mut(map)) {
            map.remove(name);
        }
        Ok(args.get(0))
    }),
    exactly(2, "hasKey", |machine, args| {
        let name = args.str(1)?;
        Ok(Val::bool(args.map(0)?.is_some_and(|map| machine.heap.map(map).contains_key(name))))
    }),
    at_least(1, "pluck", |machine, args| {
        let name = args.str(0)?;
        let mut found = Vec::new();
        for index in 1..args.len() {
            found.extend(args.map(index)?.and_then(|map| machine.heap.map(map).get(name).cloned()));
        }
        Ok(machine.heap.new_list(found))
    }),
    at_least(0, "keys", |machine, args| {
        let mut names = Vec::new();
        for index in 0..args.len() {
            let map = members(machine, args.map(index)?);
            machine.charge(map.len())?;
            names.extend(map.into_iter().map(|(name, item)| Val::text(name).keyed(item.key)));
        }
        Ok(machine.heap.new_list(names))
    }),
    exactly(1, "values", |machine, args| {
        let items: Vec<Val> = members(machine, args.map(0)?).into_values().collect();
        machine.charge(items.len())?;
        Ok(machine.heap.new_list(items))
    }),
    at_least(1, "pick", |machine, args| chosen(machine, args, |name, wanted| wanted.contains(&name))),
    at_least(1, "omit", |machine, args| chosen(machine, args, |name, unwanted| !unwanted.contains(&name))),
    at_least(1, "merge", |machine, args| merge_all(machine, args, Overwrite::No)),
    at_least(1, "mustMerge", |machine, args| merge_all(machine, args, Overwrite::No)),
    at_least(1, "mergeOverwrite", |machine, args| merge_all(machine, args, Overwrite::Yes)),
    at_least(1, "mustMergeOverwrite", |machine, args| merge_all(machine, args, Overwrite::Yes)),
    at_least(3, "dig", dig),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Overwrite {
    Yes,
    No,
}

fn dict(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let mut map = Map::new();
    for pair in args.values.chunks(2) {
        let [name, rest @ ..] = pair else { continue };
        let name = as_text(machine, name)?.shared();
        map.insert(name, rest.first().cloned().unwrap_or_else(|| Val::text("")));
    }
    machine.charge(map.len())?;
    Ok(machine.heap.new_map(map))
}

fn chosen(machine: &mut Machine, args: &Args<'_>, is_kept: fn(&str, &[&str]) -> bool) -> Eval<Val> {
    let mut names = Vec::new();
    for (index, val) in args.values.iter().enumerate().skip(1) {
        match &val.kind {
            Kind::List(_) => return fail("wrong type for value; expected string; got []interface {}"),
            _ => names.push(args.str(index)?),
        }
    }
    let mut map = members(machine, args.map(0)?);
    machine.charge(map.len())?;
    map.retain(|name, _| is_kept(name, &names));
    Ok(machine.heap.new_map(map).keyed(args.get(0).key))
}

fn merge_all(machine: &mut Machine, args: &Args<'_>, overwrite: Overwrite) -> Eval<Val> {
    let Some(target) = args.map(0)? else { return fail("the first argument is no map") };
    for index in 1..args.len() {
        if let Some(source) = args.map(index)? {
            merge(machine, target, source, overwrite, 0)?;
        }
    }
    Ok(args.get(0))
}

/// `dario.cat/mergo` on maps: what is empty in the target counts as missing.
fn merge(machine: &mut Machine, target: MapId, source: MapId, overwrite: Overwrite, depth: usize) -> Eval<()> {
    if MAX_VALUE_DEPTH < depth {
        return fail("the maps are too deep to merge (max-value-depth)");
    }
    let pairs = machine.heap.map(source).clone();
    machine.charge(pairs.len())?;
    for (name, new) in pairs {
        let old = machine.heap.map(target).get(&name).cloned();
        let is_empty = old.as_ref().is_none_or(|old| !machine.heap.is_true(old));
        if let (Some(Kind::Map(old)), Kind::Map(new)) = (old.as_ref().map(|old| &old.kind), &new.kind) {
            let (old, new) = (*old, *new);
            if !machine.heap.map(old).is_empty() {
                merge(machine, old, new, overwrite, depth + 1)?;
                continue;
            }
        }
        if new.is_nil() && overwrite == Overwrite::No {
            continue;
        }
        // An empty list does not replace one that is not.
        let both_lists = matches!((old.as_ref().map(|old| &old.kind), &new.kind), (Some(Kind::List(_)), Kind::List(_)));
        if both_lists && !is_empty && !machine.heap.is_true(&new) && overwrite == Overwrite::No {
            continue;
        }
        if overwrite == Overwrite::Yes || is_empty {
            machine.heap.set(target, &name, new);
        }
    }
    Ok(())
}

fn dig(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let n = args.len();
    let mut val = args.get(n - 1);
    for index in 0..n - 2 {
        let name = args.str(index)?;
        match &val.kind {
            Kind::Map(map) => match machine.heap.map(*map).get(name).cloned() {
                Some(found) => val = found,
                None => return Ok(args.get(n - 2)),
            },
            _ => return fail(format!("interface conversion: interface {{}} is {}, not map[string]interface {{}}", val.type_name())),
        }
    }
    Ok(val)
}
