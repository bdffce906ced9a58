//! Values: how those of a chart, of its parents and of the user become one.
//!
//! The rules are those of Helm 4.2's `coalesce`: what is given from further outside wins, maps are merged, `null` takes a default away.

use std::rc::Rc;

use bartizan_core::ByteRange;

use super::{Work, load::Chart};
use crate::helm::{
    File,
    data::yaml,
    failure::{Eval, fail},
    function::copied,
    machine::Machine,
    text::FileId,
    value::{Key, Kind, MAX_VALUE_DEPTH, Map, MapId, Val},
};

const GLOBAL: &str = "global";

/// Whether values get keys that findings show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyed {
    Yes,
    No,
}

/// Reads a document of a chart; what is wrong with it is noted. Several documents are merged.
pub(super) fn document(work: &mut Work, file: FileId, text: &str, keyed: Keyed) -> Option<Val> {
    let Work { machine, keys, .. } = work;
    let mut merged: Option<Val> = None;
    let mut start = 0;
    let mut failed = None;
    for part in parts(text) {
        let offset = start;
        start += part.len();
        let read = yaml::read(machine, part, Key::NONE, &mut |parent, name, range| {
            let range = ByteRange::new(range.start() + offset, range.end() + offset);
            if keyed == Keyed::Yes { keys.add(file, parent, name, range) } else { Key::NONE }
        });
        match read {
            Ok(val) => {
                merged = Some(match merged.and_then(|val| val.as_map()).zip(val.as_map()) {
                    Some((old, new)) => {
                        overlay(machine, old, new, 0);
                        Val::new(Kind::Map(old))
                    }
                    None if val.as_map().is_some() => val,
                    None => Val::NIL,
                });
            }
            Err(message) => failed = Some((offset, message)),
        }
    }
    if let Some((at, message)) = failed {
        work.problem_at(file.0 as usize, ByteRange::new(at, at), message);
        return None;
    }
    merged
}

/// The documents of a text, each with the line that ends it.
fn parts(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let begins = line.strip_prefix("---").is_some_and(|rest| rest.starts_with(char::is_whitespace) || rest.is_empty());
        if begins && text.get(start..at).is_some_and(|part| !part.trim().is_empty()) {
            parts.extend(text.get(start..at));
            start = at;
        }
        at += line.len();
    }
    parts.extend(text.get(start..));
    parts
}

/// What the user gives.
pub(super) fn given(work: &mut Work, files: &[File<'_>]) -> Eval<MapId> {
    let merged = work.machine.heap.add_map(Map::new());
    for file in files {
        let id = work.add_file(file.path, file.text);
        if let Some(map) = document(work, id, file.text, Keyed::Yes).and_then(|val| val.as_map()) {
            overlay(&mut work.machine, merged, map, 0);
        }
    }
    Ok(merged)
}

/// Puts members over those of another map.
pub(super) fn overlay(machine: &mut Machine, target: MapId, source: MapId, depth: usize) {
    if MAX_VALUE_DEPTH < depth {
        return;
    }
    for (name, new) in machine.heap.map(source).clone() {
        let old = machine.heap.map(target).get(&name).and_then(Val::as_map);
        match old.zip(new.as_map()) {
            Some((old, new)) => overlay(machine, old, new, depth + 1),
            None => machine.heap.set(target, &name, new),
        }
    }
}

/// Whether `null` stays, or takes a default away.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    Keep,
    Apply,
}

/// The values of a chart and all that it depends on.
pub(super) fn coalesced(machine: &mut Machine, chart: &Chart, given: MapId) -> Eval<MapId> {
    with_nulls(machine, chart, given, Nulls::Apply)
}

/// The same, of which the caller says what becomes of `null`.
pub(super) fn with_nulls(machine: &mut Machine, chart: &Chart, given: MapId, nulls: Nulls) -> Eval<MapId> {
    let copy = copied(machine, &Val::new(Kind::Map(given)), 0)?;
    let Some(target) = copy.as_map() else { return Ok(given) };
    coalesce(machine, chart, target, nulls)?;
    Ok(target)
}

fn coalesce(machine: &mut Machine, chart: &Chart, target: MapId, nulls: Nulls) -> Eval<()> {
    coalesce_own(machine, chart, target, nulls)?;
    for dependency in &chart.dependencies {
        let of_it = match machine.heap.map(target).get(dependency.name.as_str()) {
            None => {
                let map = machine.heap.new_map(Map::new());
                machine.heap.set(target, &dependency.name, map.clone());
                map
            }
            Some(val) => val.clone(),
        };
        let Some(of_it) = of_it.as_map() else {
            return fail(format!("the values of the dependency `{}` are no map", dependency.name));
        };
        coalesce_globals(machine, of_it, target)?;
        coalesce(machine, dependency, of_it, nulls)?;
    }
    Ok(())
}

/// Takes over what is global in a chart into the values of a dependency.
fn coalesce_globals(machine: &mut Machine, target: MapId, source: MapId) -> Eval<()> {
    let globals = |machine: &mut Machine, map: MapId| match machine.heap.map(map).get(GLOBAL).cloned() {
        None => Some(machine.heap.add_map(Map::new())),
        Some(val) => val.as_map(),
    };
    let Some((target_globals, source_globals)) = globals(machine, target).zip(globals(machine, source)) else { return Ok(()) };
    for (name, val) in machine.heap.map(source_globals).clone() {
        let old = machine.heap.map(target_globals).get(&name).cloned();
        let new = match (val.as_map(), old) {
            (Some(map), None) => Some(shallow(machine, map, val.key)),
            (Some(map), Some(old)) => match old.as_map() {
                Some(old) => {
                    let copy = shallow(machine, map, val.key);
                    if let Some(copy) = copy.as_map() {
                        coalesce_tables(machine, copy, old, Nulls::Keep, 0)?;
                    }
                    Some(copy)
                }
                None => None,
            },
            (None, Some(old)) if old.as_map().is_some() => None,
            (None, _) => Some(val),
        };
        if let Some(new) = new {
            machine.heap.set(target_globals, &name, new);
        }
    }
    machine.heap.set(target, GLOBAL, Val::new(Kind::Map(target_globals)));
    Ok(())
}

fn shallow(machine: &mut Machine, map: MapId, key: Key) -> Val {
    let copy = machine.heap.map(map).clone();
    machine.heap.new_map(copy).keyed(key)
}

/// Takes over a chart's defaults.
fn coalesce_own(machine: &mut Machine, chart: &Chart, target: MapId, nulls: Nulls) -> Eval<()> {
    let Some(defaults) = copied(machine, &chart.values, 0)?.as_map() else { return Ok(()) };
    for (name, default) in machine.heap.map(defaults).clone() {
        match machine.heap.map(target).get(&name).cloned() {
            Some(val) if val.is_nil() && nulls == Nulls::Apply => {
                if let Some(map) = machine.heap.map_mut(target) {
                    map.remove(&name);
                }
            }
            Some(val) => {
                if let Some((val, default)) = val.as_map().zip(default.as_map()) {
                    let of_dependency = chart.dependencies.iter().any(|dependency| *dependency.name == *name);
                    if nulls == Nulls::Apply {
                        without_nulls(machine, default, 0);
                    }
                    coalesce_tables(machine, val, default, if of_dependency { Nulls::Keep } else { nulls }, 0)?;
                }
            }
            None => {
                if nulls == Nulls::Apply {
                    if default.is_nil() {
                        continue;
                    }
                    if let Some(map) = default.as_map() {
                        without_nulls(machine, map, 0);
                    }
                }
                machine.heap.set(target, &name, default);
            }
        }
    }
    Ok(())
}

/// Takes over members that a map has not. Where it has `null`, that takes a default away.
pub(super) fn coalesce_tables(machine: &mut Machine, target: MapId, source: MapId, nulls: Nulls, depth: usize) -> Eval<()> {
    if MAX_VALUE_DEPTH < depth {
        return fail("the values are too deep (max-value-depth)");
    }
    let members = machine.heap.map(source).clone();
    machine.charge(members.len())?;
    for (name, new) in members {
        match machine.heap.map(target).get(&name).cloned() {
            Some(old) if old.is_nil() => {
                let takes_away = nulls == Nulls::Apply && !new.is_nil();
                if let Some(map) = machine.heap.map_mut(target).filter(|_| takes_away) {
                    map.remove(&name);
                }
            }
            Some(old) => {
                if let Some((old, new)) = old.as_map().zip(new.as_map()) {
                    coalesce_tables(machine, old, new, nulls, depth + 1)?;
                }
            }
            None => machine.heap.set(target, &name, new),
        }
    }
    Ok(())
}

fn without_nulls(machine: &mut Machine, map: MapId, depth: usize) {
    if MAX_VALUE_DEPTH < depth {
        return;
    }
    let mut inner = Vec::new();
    if let Some(map) = machine.heap.map_mut(map) {
        map.retain(|_, val| !val.is_nil());
        inner.extend(map.values().filter_map(Val::as_map));
    }
    for map in inner {
        without_nulls(machine, map, depth + 1);
    }
}

/// The value at the end of a path of names with points.
pub(super) fn at_path(machine: &Machine, map: MapId, path: &str) -> Option<Val> {
    let mut val = Val::new(Kind::Map(map));
    for name in path.split('.') {
        val = machine.heap.get(&val, name)?;
    }
    Some(val)
}

/// Maps around a map, one for each name of a path.
pub(super) fn wrapped(machine: &mut Machine, path: &str, map: MapId) -> MapId {
    if path == "." {
        return map;
    }
    path.rsplit('.').fold(map, |inner, name| {
        let name: Rc<str> = name.into();
        machine.heap.add_map(Map::from([(name, Val::new(Kind::Map(inner)))]))
    })
}
