//! The functions that templates may call: Go's own, Sprig's 3.3 and Helm's 4.2.
//!
//! A function gets values and gives one, or says why not. What would ask the clock, the network, a cluster or chance gives the same
//! every time: the date of the caller, nothing, nothing, and letters that look random.

mod builtin;
mod chart;
mod convert;
mod date;
mod dict;
mod encoding;
mod list;
mod number;
mod regexp;
mod string;
mod version;
mod words;

use std::{collections::HashMap, rc::Rc, sync::LazyLock};

use super::{
    failure::{Eval, fail},
    machine::Machine,
    text::Text,
    value::{Key, Kind, Map, MapId, Val},
};

pub(super) use self::{
    builtin::deep_equal,
    convert::copied,
    date::{layout as time_layout, parts as time_parts},
    encoding::base as base_name,
    version::{Version, satisfies},
};

/// How many items a list may have that a function makes.
pub(super) const MAX_ITEMS: usize = 200_000;
/// How many bytes a text may have that a function makes.
pub(super) const MAX_TEXT: usize = 16 * 1024 * 1024;

/// Something to call.
pub(super) struct Function {
    pub(super) name: &'static str,
    /// How many values it needs, and takes.
    pub(super) min: usize,
    pub(super) max: Option<usize>,
    pub(super) run: Run,
}

/// How a function runs.
#[derive(Clone, Copy)]
pub(super) enum Run {
    Plain(fn(&mut Machine, &Args<'_>) -> Eval<Val>),
    /// `and` and `or`: the first value of a truth; those behind it are not looked at.
    First {
        truth: bool,
    },
}

/// A function, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FunctionId(u16);

const fn exactly(n: usize, name: &'static str, run: fn(&mut Machine, &Args<'_>) -> Eval<Val>) -> Function {
    Function { name, min: n, max: Some(n), run: Run::Plain(run) }
}

const fn at_least(n: usize, name: &'static str, run: fn(&mut Machine, &Args<'_>) -> Eval<Val>) -> Function {
    Function { name, min: n, max: None, run: Run::Plain(run) }
}

/// A later family hides what an earlier one calls the same: Sprig's `slice` that of Go.
static FAMILIES: &[&[Function]] = &[
    builtin::FUNCTIONS,
    string::FUNCTIONS,
    words::FUNCTIONS,
    convert::FUNCTIONS,
    number::FUNCTIONS,
    list::FUNCTIONS,
    dict::FUNCTIONS,
    encoding::FUNCTIONS,
    regexp::FUNCTIONS,
    version::FUNCTIONS,
    date::FUNCTIONS,
    chart::FUNCTIONS,
];

static TABLE: LazyLock<(Vec<&'static Function>, HashMap<&'static str, FunctionId>)> = LazyLock::new(|| {
    let all: Vec<&'static Function> = FAMILIES.iter().flat_map(|family| family.iter()).collect();
    let ids = all.iter().zip(0..).map(|(function, id)| (function.name, FunctionId(id))).collect();
    (all, ids)
});

static NOTHING: Function = exactly(0, "", |_, _| Ok(Val::NIL));

/// The function of a name.
pub(super) fn find(name: &str) -> Option<FunctionId> {
    TABLE.1.get(name).copied()
}

/// The function of a number.
pub(super) fn get(id: FunctionId) -> &'static Function {
    TABLE.0.get(usize::from(id.0)).copied().unwrap_or(&NOTHING)
}

/// What a function is called with.
pub(super) struct Args<'a> {
    pub(super) values: &'a [Val],
}

impl Args<'_> {
    pub(super) fn get(&self, index: usize) -> Val {
        self.values.get(index).cloned().unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// The text at an index.
    pub(super) fn text(&self, index: usize) -> Eval<&Text> {
        match self.values.get(index).map(|val| (val, &val.kind)) {
            Some((_, Kind::Str(text))) => Ok(text),
            Some((_, Kind::Nil)) | None => fail("invalid value; expected string"),
            Some((val, _)) => fail(format!("wrong type for value; expected string; got {}", val.type_name())),
        }
    }

    pub(super) fn str(&self, index: usize) -> Eval<&str> {
        self.text(index).map(Text::as_str)
    }

    /// The whole number at an index.
    pub(super) fn int(&self, index: usize) -> Eval<i64> {
        match self.values.get(index).map(|val| (val, &val.kind)) {
            Some((_, Kind::Int(number) | Kind::Int64(number))) => Ok(*number),
            Some((_, Kind::Nil)) | None => fail("invalid value; expected int"),
            Some((val, _)) => fail(format!("wrong type for value; expected int; got {}", val.type_name())),
        }
    }

    /// A number of things at an index: nothing below zero.
    pub(super) fn count(&self, index: usize) -> Eval<usize> {
        match usize::try_from(self.int(index)?) {
            Ok(count) if count <= MAX_TEXT => Ok(count),
            Ok(_) => fail("the number is too large"),
            Err(_) => fail("the number is negative"),
        }
    }

    /// The map at an index; nothing stands for an empty one.
    pub(super) fn map(&self, index: usize) -> Eval<Option<MapId>> {
        match self.values.get(index).map(|val| (val, &val.kind)) {
            Some((_, Kind::Map(map))) => Ok(Some(*map)),
            Some((_, Kind::Nil)) | None => Ok(None),
            Some((val, _)) => fail(format!("wrong type for value; expected map[string]interface {{}}; got {}", val.type_name())),
        }
    }

    /// The key of the first value that has one.
    pub(super) fn key(&self) -> Key {
        self.values.iter().map(|val| val.key).find(|key| !key.is_none()).unwrap_or(Key::NONE)
    }

    /// A text made of these values.
    pub(super) fn made(&self, text: impl Into<Text>) -> Eval<Val> {
        Ok(Val::text(text).keyed(self.key()))
    }
}

/// The items of a list.
fn items(machine: &Machine, val: &Val, function: &str) -> Eval<Rc<[Val]>> {
    match &val.kind {
        Kind::List(list) => Ok(machine.heap.list(*list)),
        Kind::Object(object) if object.items().is_some() => {
            Ok(object.items().unwrap_or_default().into_iter().map(|(_, item)| item).collect())
        }
        Kind::Nil => fail(format!("Cannot {function} on nil")),
        _ => fail(format!("Cannot {function} on type {}", val.kind_name())),
    }
}

/// A copy of a map's members.
fn members(machine: &Machine, map: Option<MapId>) -> Map {
    map.map(|map| machine.heap.map(map).clone()).unwrap_or_default()
}

/// A list of texts.
fn texts<'t>(machine: &mut Machine, texts: impl Iterator<Item = &'t str>, key: Key) -> Eval<Val> {
    let items: Vec<Val> = texts.take(MAX_ITEMS).map(|text| Val::text(text).keyed(key)).collect();
    machine.charge(items.len())?;
    Ok(machine.heap.new_list(items).keyed(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_one_function() {
        let mut names: Vec<&str> = FAMILIES.iter().flat_map(|family| family.iter()).map(|function| function.name).collect();
        names.sort_unstable();
        let doubled: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        assert_eq!(doubled, ["slice"]);
        assert!(200 < names.len());
    }
}
