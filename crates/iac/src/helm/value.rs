//! Values as Go's templates see them, and where maps and lists live.
//!
//! Maps and lists are numbers into a [`Heap`]: Sprig's functions change maps in place, and a template may put a map into itself.
//! Nothing is freed before the end, which is why what is made is counted.

use std::{collections::BTreeMap, rc::Rc};

use super::{object::Object, text::Text};

/// How deeply values may be nested in each other.
pub(super) const MAX_VALUE_DEPTH: usize = 256;

/// A place among the values that were given, by its number; of what was not given there is none.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key(pub(super) u32);

impl Key {
    pub(super) const NONE: Self = Self(0);

    pub(super) const fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// A value, and the key that it was given by.
#[derive(Debug, Clone)]
pub(super) struct Val {
    pub(super) kind: Kind,
    pub(super) key: Key,
}

/// What a value is. Go's `int` and `int64` differ in what `typeOf` says of them.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    Nil,
    Bool(bool),
    Int(i64),
    Int64(i64),
    Float(f64),
    Str(Text),
    /// A file's bytes: they are no text to functions that want one.
    Bytes(Text),
    List(ListId),
    Map(MapId),
    Object(Rc<Object>),
}

/// A list, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListId(u32);

/// A map, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MapId(u32);

/// Names and values, sorted by name.
pub(super) type Map = BTreeMap<Rc<str>, Val>;

impl Val {
    pub(super) const NIL: Self = Self { kind: Kind::Nil, key: Key::NONE };

    pub(super) const fn new(kind: Kind) -> Self {
        Self { kind, key: Key::NONE }
    }

    pub(super) fn text(text: impl Into<Text>) -> Self {
        Self::new(Kind::Str(text.into()))
    }

    pub(super) const fn bool(is: bool) -> Self {
        Self::new(Kind::Bool(is))
    }

    pub(super) const fn int(number: i64) -> Self {
        Self::new(Kind::Int(number))
    }

    /// The same value, given by another key.
    pub(super) fn keyed(self, key: Key) -> Self {
        if key.is_none() { self } else { Self { key, ..self } }
    }

    pub(super) const fn is_nil(&self) -> bool {
        matches!(self.kind, Kind::Nil)
    }

    /// The text that this is.
    pub(super) const fn as_text(&self) -> Option<&Text> {
        match &self.kind {
            Kind::Str(text) => Some(text),
            Kind::Nil
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Int64(_)
            | Kind::Float(_)
            | Kind::Bytes(_)
            | Kind::List(_)
            | Kind::Map(_)
            | Kind::Object(_) => None,
        }
    }

    /// The map that this is.
    pub(super) const fn as_map(&self) -> Option<MapId> {
        match self.kind {
            Kind::Map(map) => Some(map),
            Kind::Nil
            | Kind::Bool(_)
            | Kind::Int(_)
            | Kind::Int64(_)
            | Kind::Float(_)
            | Kind::Str(_)
            | Kind::Bytes(_)
            | Kind::List(_)
            | Kind::Object(_) => None,
        }
    }

    /// What `typeOf` says of it.
    pub(super) fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Nil => "<nil>",
            Kind::Bool(_) => "bool",
            Kind::Int(_) => "int",
            Kind::Int64(_) => "int64",
            Kind::Float(_) => "float64",
            Kind::Str(_) => "string",
            Kind::Bytes(_) => "[]uint8",
            Kind::List(_) => "[]interface {}",
            Kind::Map(_) => "map[string]interface {}",
            Kind::Object(object) => object.type_name(),
        }
    }

    /// What `kindOf` says of it.
    pub(super) fn kind_name(&self) -> &'static str {
        match &self.kind {
            Kind::Nil => "invalid",
            Kind::Bytes(_) | Kind::List(_) => "slice",
            Kind::Map(_) => "map",
            Kind::Object(object) => object.kind_name(),
            Kind::Bool(_) | Kind::Int(_) | Kind::Int64(_) | Kind::Float(_) | Kind::Str(_) => self.type_name(),
        }
    }
}

impl Default for Val {
    fn default() -> Self {
        Self::NIL
    }
}

/// Where maps and lists live.
#[derive(Debug, Default)]
pub(super) struct Heap {
    lists: Vec<Rc<[Val]>>,
    maps: Vec<Map>,
    empty: Map,
    n_held: usize,
}

impl Heap {
    pub(super) fn new_list(&mut self, items: Vec<Val>) -> Val {
        let id = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        self.n_held += items.len() + 1;
        self.lists.push(items.into());
        Val::new(Kind::List(ListId(id)))
    }

    pub(super) fn new_map(&mut self, map: Map) -> Val {
        Val::new(Kind::Map(self.add_map(map)))
    }

    pub(super) fn add_map(&mut self, map: Map) -> MapId {
        let id = u32::try_from(self.maps.len()).unwrap_or(u32::MAX);
        self.n_held += map.len() + 1;
        self.maps.push(map);
        MapId(id)
    }

    /// A map of texts.
    pub(super) fn texts(&mut self, pairs: &[(&str, &str)]) -> Val {
        self.new_map(pairs.iter().map(|(name, value)| (Rc::from(*name), Val::text(*value))).collect())
    }

    pub(super) fn list(&self, id: ListId) -> Rc<[Val]> {
        self.lists.get(id.0 as usize).map_or_else(|| Rc::from([]), Rc::clone)
    }

    pub(super) fn map(&self, id: MapId) -> &Map {
        self.maps.get(id.0 as usize).unwrap_or(&self.empty)
    }

    /// The map, to change it.
    pub(super) fn map_mut(&mut self, id: MapId) -> Option<&mut Map> {
        self.maps.get_mut(id.0 as usize)
    }

    /// The value of a name in a map; nothing if this is no map.
    pub(super) fn get(&self, val: &Val, name: &str) -> Option<Val> {
        self.map(val.as_map()?).get(name).cloned()
    }

    /// Puts a value into a map.
    pub(super) fn set(&mut self, id: MapId, name: &str, value: Val) {
        if let Some(map) = self.map_mut(id) {
            map.insert(name.into(), value);
            self.n_held += 1;
        }
    }

    /// How many values there are in all lists and maps, those that nobody has any more too.
    pub(super) const fn n_held(&self) -> usize {
        self.n_held
    }

    /// Go's truth: what is not the zero of its type.
    pub(super) fn is_true(&self, val: &Val) -> bool {
        match &val.kind {
            Kind::Nil => false,
            Kind::Bool(is) => *is,
            Kind::Int(number) | Kind::Int64(number) => *number != 0,
            Kind::Float(number) => *number != 0.0,
            Kind::Str(text) | Kind::Bytes(text) => !text.as_str().is_empty(),
            Kind::List(list) => !self.list(*list).is_empty(),
            Kind::Map(map) => !self.map(*map).is_empty(),
            Kind::Object(object) => object.is_true(),
        }
    }
}
