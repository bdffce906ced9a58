//! What a value carries: taint of its own, and of the parts that are known apart.

use std::rc::Rc;

use smallvec::SmallVec;

use crate::ir::{NodeId, Symbol};

/// Rules of one pass, as bits.
pub(crate) type RuleMask = u128;

/// The most rules of one pass.
pub(crate) const MAX_RULES: usize = 128;

/// How many parts within parts are known apart; deeper ones count as the part that they are in.
const MAX_DEPTH: usize = 3;

/// How many parts and origins one value has before its parts are not told apart any more.
const MAX_SIZE: usize = 512;

/// How many parts of one value are known apart.
const MAX_PARTS: usize = 64;

/// Where tainted data comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Origin {
    /// What a source matched, by its index.
    Source(u32),
    /// A parameter of the function that is analyzed, or a part of it; the receiver is [`RECEIVER`].
    Param(u32, Path),
    /// What a call gives back whose function may be in another file, or a part of it.
    Result(u32, Path),
    /// What such a call makes of one of its arguments: the call, the argument, the part.
    Effect(u32, u32, Path),
}

impl Origin {
    /// The same, of a part of it. A part of what a source matched comes from that source.
    fn part(self, key: Key) -> Self {
        match self {
            Self::Source(_) => self,
            Self::Param(index, path) => Self::Param(index, path.then(key)),
            Self::Result(call, path) => Self::Result(call, path.then(key)),
            Self::Effect(call, argument, path) => Self::Effect(call, argument, path.then(key)),
        }
    }

    /// The same, as a whole.
    fn whole(self) -> Self {
        match self {
            Self::Source(_) => self,
            Self::Param(index, _) => Self::Param(index, Path::default()),
            Self::Result(call, _) => Self::Result(call, Path::default()),
            Self::Effect(call, argument, _) => Self::Effect(call, argument, Path::default()),
        }
    }

    /// Whether it stands for something that is not known yet.
    pub(crate) fn is_open(self) -> bool {
        !matches!(self, Self::Source(_))
    }
}

/// How many keys of a path are known; what lies deeper counts as the part that it is in.
const MAX_PATH: usize = 3;

/// The way from a value to a part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Path([Option<Key>; MAX_PATH]);

impl Path {
    /// One key further, if the path is not long enough.
    pub(crate) fn then(mut self, key: Key) -> Self {
        if let Some(slot) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(key);
        }
        self
    }

    pub(crate) fn keys(self) -> impl Iterator<Item = Key> {
        self.0.into_iter().flatten()
    }
}

/// The receiver of a method, among its parameters.
pub(crate) const RECEIVER: u32 = u32::MAX;

/// Tainted data, and how it came here.
#[derive(Debug, Clone)]
pub(crate) struct Taint {
    pub(crate) origin: Origin,
    pub(crate) label: u16,
    /// Of something open: the source that gives it this label, if what it turns out to be carries what that source asks for.
    pub(crate) given: Option<u32>,
    /// The rules for which it was made harmless.
    pub(crate) sanitized: RuleMask,
    pub(crate) trace: Option<Rc<Step>>,
}

impl Taint {
    /// Whether both come from the same and carry the same label, whichever way they went.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        key(self) == key(other)
    }
}

/// A step on the way; the ones before it behind it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) node: NodeId,
    pub(crate) before: Option<Rc<Step>>,
    pub(crate) length: u32,
}

/// The longest way that is shown.
const MAX_STEPS: u32 = 24;

impl Step {
    /// One step more; none if the way is long enough, or it stays where it is.
    pub(crate) fn then(before: Option<&Rc<Self>>, node: NodeId) -> Option<Rc<Self>> {
        match before {
            Some(last) if last.node == node || MAX_STEPS <= last.length => Some(last.clone()),
            _ => Some(Rc::new(Self { node, length: before.map_or(1, |before| before.length + 1), before: before.cloned() })),
        }
    }
}

/// From how many origins on parts are not told apart any more.
const MAX_ORIGINS: usize = 24;

/// How many origins of one value are told apart; some of them are left for sources.
const MAX_TAINTS: usize = 48;
const MAX_OPEN_TAINTS: usize = 40;

/// Taint from several origins, each origin and label once, in order. Values share what is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taints(Option<Rc<SmallVec<[Taint; 1]>>>);

impl Taints {
    fn as_slice(&self) -> &[Taint] {
        self.0.as_ref().map_or(&[], |taints| taints)
    }

    /// What is there, to be changed.
    fn to_mut(&mut self) -> &mut SmallVec<[Taint; 1]> {
        Rc::make_mut(self.0.get_or_insert_default())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }

    /// Whether further origins were left out, or would be.
    pub(crate) fn is_full(&self) -> bool {
        MAX_OPEN_TAINTS <= self.as_slice().len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Taint> {
        self.as_slice().iter()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Taint> {
        // Nothing is made of nothing.
        self.0.as_mut().map(Rc::make_mut).into_iter().flatten()
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&Taint) -> bool) {
        if !self.as_slice().iter().all(&mut keep) {
            self.to_mut().retain(|taint| keep(taint));
        }
    }

    /// Adds taint. What comes on two ways is harmless only if it is on both; the way that was found first is shown.
    pub(crate) fn add(&mut self, mut taint: Taint) {
        let known = self.as_slice();
        if MAX_ORIGINS <= known.len() {
            taint.origin = taint.origin.whole();
        }
        match known.binary_search_by_key(&key(&taint), key) {
            Ok(index) => {
                let is_less = known.get(index).is_some_and(|known| known.sanitized & !taint.sanitized != 0);
                if is_less && let Some(known) = self.to_mut().get_mut(index) {
                    known.sanitized &= taint.sanitized;
                }
            }
            // A value of a thousand origins is tainted as well as one of a few.
            Err(_) if if taint.origin.is_open() { MAX_OPEN_TAINTS } else { MAX_TAINTS } <= known.len() => {}
            Err(index) => self.to_mut().insert(index, taint),
        }
    }

    pub(crate) fn join(&mut self, other: &Self) {
        match (&self.0, &other.0) {
            (_, None) => {}
            (None, Some(_)) => self.0.clone_from(&other.0),
            (Some(own), Some(others)) if Rc::ptr_eq(own, others) => {}
            (Some(_), Some(others)) => {
                for taint in others.iter() {
                    self.add(taint.clone());
                }
            }
        }
    }

    /// The same, one step further.
    pub(crate) fn at(mut self, node: NodeId) -> Self {
        for taint in self.iter_mut() {
            taint.trace = Step::then(taint.trace.as_ref(), node);
        }
        self
    }

    /// What a part carries if the whole carries this.
    fn part(&self, key: Key) -> Self {
        if self.iter().all(|taint| !taint.origin.is_open()) {
            return self.clone();
        }
        let mut parts = Self::default();
        for taint in self.iter() {
            parts.add(Taint { origin: taint.origin.part(key), ..taint.clone() });
        }
        parts
    }

    /// Whether it carries nothing that another one does not, or that the other one would take.
    fn is_covered_by(&self, other: &Self) -> bool {
        let known = other.as_slice();
        let has = |taint: &Taint, origin: Origin| {
            let wanted = (origin, taint.label, taint.given);
            let found = known.binary_search_by_key(&wanted, key).ok().and_then(|index| known.get(index));
            found.is_some_and(|known| known.sanitized & !taint.sanitized == 0)
        };
        self.iter().all(|taint| has(taint, taint.origin) || has(taint, taint.origin.whole()) || (taint.origin.is_open() && other.is_full()))
    }
}

impl From<Taint> for Taints {
    fn from(taint: Taint) -> Self {
        Self(Some(Rc::new(SmallVec::from_iter([taint]))))
    }
}

/// What tells taint apart.
fn key(taint: &Taint) -> (Origin, u16, Option<u32>) {
    (taint.origin, taint.label, taint.given)
}

/// A part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    Field(Symbol),
    Index(i32),
    /// Some element; which one is not known.
    Any,
}

/// A value: what it carries itself, and what parts of it carry instead.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pub(crate) own: Taints,
    /// In the order of their keys. Values share what is the same.
    parts: Option<Rc<Vec<(Key, Shape)>>>,
    /// How many elements it has, if it was made here and that is known.
    pub(crate) length: Option<u32>,
}

impl Shape {
    pub(crate) fn of(own: Taints) -> Self {
        Self { own, ..Self::default() }
    }

    /// A container without elements.
    pub(crate) fn empty() -> Self {
        Self { length: Some(0), ..Self::default() }
    }

    /// The parts that are known apart.
    pub(crate) fn parts(&self) -> &[(Key, Self)] {
        self.parts.as_ref().map_or(&[], |parts| parts)
    }

    /// The parts, to be changed.
    fn parts_mut(&mut self) -> &mut Vec<(Key, Self)> {
        Rc::make_mut(self.parts.get_or_insert_default())
    }

    /// Each part, to be changed.
    fn each_part_mut(&mut self) -> impl Iterator<Item = &mut (Key, Self)> {
        self.parts.as_mut().map(Rc::make_mut).into_iter().flatten()
    }

    /// Whether nothing in it is tainted.
    pub(crate) fn is_clean(&self) -> bool {
        self.own.is_empty() && self.parts().iter().all(|(_, part)| part.is_clean())
    }

    /// Whether something in it carries such taint.
    pub(crate) fn any(&self, is_such: &mut impl FnMut(&Taint) -> bool) -> bool {
        self.own.iter().any(&mut *is_such) || self.parts().iter().any(|(_, part)| part.any(is_such))
    }

    /// Whether nothing at all is known of it.
    pub(crate) fn is_blank(&self) -> bool {
        self.own.is_empty() && self.parts().is_empty() && self.length.is_none()
    }

    /// The same, as one thing without parts if it has too many.
    pub(crate) fn limited(self) -> Self {
        if self.size() <= MAX_SIZE { self } else { Self::of(self.all()) }
    }

    /// How much there is of it.
    pub(crate) fn size(&self) -> usize {
        self.parts().iter().map(|(_, part)| part.size() + 1).sum::<usize>() + self.own.as_slice().len()
    }

    /// All taint in it.
    pub(crate) fn all(&self) -> Taints {
        let mut all = self.own.clone();
        for (_, part) in self.parts() {
            all.join(&part.all());
        }
        all
    }

    /// A part of it: what is known of the part, else what the whole carries.
    pub(crate) fn part(&self, key: Key) -> Self {
        let known = self.known_part(key);
        let some = self.known_part(Key::Any);
        match (key, known, some) {
            (Key::Any, _, _) => {
                let mut all = self.own.part(key);
                for (_, part) in self.parts() {
                    all.join(&part.all());
                }
                Self::of(all)
            }
            (_, Some(part), Some(some)) => {
                let mut part = part.clone();
                part.join(some);
                part
            }
            (_, Some(part), None) => part.clone(),
            (_, None, some) => {
                let mut part = Self::of(self.own.part(key));
                if let Some(some) = some {
                    part.join(some);
                }
                part
            }
        }
    }

    /// Whether a part is known apart.
    pub(crate) fn has_part(&self, key: Key) -> bool {
        self.known_part(key).is_some()
    }

    /// What is known of a part.
    fn known_part(&self, key: Key) -> Option<&Self> {
        let parts = self.parts();
        parts.binary_search_by_key(&key, |(known, _)| *known).ok().and_then(|index| parts.get(index)).map(|(_, part)| part)
    }

    /// The part at a path, to be written.
    pub(crate) fn write(&mut self, path: &[Key], value: Self) {
        self.write_at(path, value, 0);
    }

    fn write_at(&mut self, path: &[Key], value: Self, depth: usize) {
        let Some((key, rest)) = path.split_first() else {
            *self = value;
            return;
        };
        if MAX_DEPTH <= depth || (MAX_PARTS <= self.parts().len() && !self.has_part(*key)) {
            self.own.join(&value.all());
            return;
        }
        if *key == Key::Any {
            // Some element, nobody knows which: what was there may still be there.
            let mut joined = self.part_or_blank(Key::Any);
            let mut written = Self::default();
            written.write_at(rest, value, depth + 1);
            joined.join(&written);
            self.set(Key::Any, joined);
            return;
        }
        let mut part = if rest.is_empty() { Self::default() } else { self.part(*key) };
        part.write_at(rest, value, depth + 1);
        self.set(*key, part);
    }

    fn part_or_blank(&self, key: Key) -> Self {
        self.known_part(key).cloned().unwrap_or_default()
    }

    fn set(&mut self, key: Key, part: Self) {
        match self.parts().binary_search_by_key(&key, |(known, _)| *known) {
            Ok(index) => {
                if let Some((_, slot)) = self.parts_mut().get_mut(index) {
                    *slot = part;
                }
            }
            Err(index) => self.parts_mut().insert(index, (key, part)),
        }
    }

    /// Sets a part that is known apart.
    pub(crate) fn put(&mut self, key: Key, part: Self) {
        self.set(key, part);
    }

    /// What it is on either of two ways.
    pub(crate) fn join(&mut self, other: &Self) {
        if other.is_blank() {
            // A part that is known clean here was not there on the other way.
            self.length = None;
            return;
        }
        if self.length != other.length {
            self.length = None;
        }
        let is_shared = matches!((&self.parts, &other.parts), (Some(own), Some(others)) if Rc::ptr_eq(own, others));
        if !is_shared {
            for (key, part) in other.parts() {
                let mut joined = self.known_part(*key).cloned().unwrap_or_else(|| Self::of(self.own.part(*key)));
                joined.join(part);
                self.set(*key, joined);
            }
            let is_longer = |(key, part): &(Key, Self)| part.length.is_some() && !other.has_part(*key);
            if !other.own.is_empty() || self.parts().iter().any(is_longer) {
                for (key, part) in self.each_part_mut() {
                    if !other.has_part(*key) {
                        part.join(&Self::of(other.own.part(*key)));
                    }
                }
            }
        }
        self.own.join(&other.own);
    }

    /// Whether it carries nothing that another one does not.
    pub(crate) fn is_covered_by(&self, other: &Self) -> bool {
        self.own.is_covered_by(&other.own)
            && self.parts().iter().all(|(key, part)| match other.known_part(*key) {
                Some(known) => part.is_covered_by(known),
                None => part.is_covered_by(&Self::of(other.own.part(*key))),
            })
    }

    /// Applies a change to all taint in it.
    pub(crate) fn for_each(&mut self, change: &mut impl FnMut(&mut Taint)) {
        self.own.iter_mut().for_each(&mut *change);
        for (_, part) in self.each_part_mut() {
            part.for_each(change);
        }
    }

    /// The part at a path.
    pub(crate) fn at(&self, path: Path) -> Self {
        let mut keys = path.keys();
        let Some(first) = keys.next() else { return self.clone() };
        keys.fold(self.part(first), |part, key| part.part(key))
    }

    /// The same shape with something else in the place of what is not known yet.
    pub(crate) fn instantiated(&self, known: &mut impl FnMut(&Taint) -> Self) -> Self {
        let mut of_own = Self::default();
        for taint in self.own.iter() {
            let value = if taint.origin.is_open() { known(taint) } else { Self::of(taint.clone().into()) };
            if taint.origin.is_open() && self.parts().is_empty() && self.own.as_slice().len() == 1 {
                return value;
            }
            // Many values with many parts: which is in which is not told apart any more.
            if MAX_SIZE < of_own.size() + value.size() {
                of_own = Self::of(of_own.all());
                of_own.own.join(&value.all());
            } else {
                of_own.join(&value);
            }
        }
        let mut shape = Self { own: of_own.own.clone(), parts: None, length: self.length };
        for (key, part) in self.parts() {
            shape.set(*key, part.instantiated(known));
        }
        for (key, part) in of_own.parts() {
            if !self.has_part(*key) {
                shape.set(*key, part.clone());
            }
        }
        shape
    }

    /// The same, without what says only that a part is what it was.
    pub(crate) fn without_itself(mut self, index: u32) -> Self {
        self.drop_identity(Origin::Param(index, Path::default()));
        self
    }

    fn drop_identity(&mut self, here: Origin) {
        self.own.retain(|taint| taint.origin != here);
        for (key, part) in self.each_part_mut() {
            part.drop_identity(here.part(*key));
        }
    }

    /// Drops taint that is of no interest any more.
    pub(crate) fn retain(&mut self, keep: &mut impl FnMut(&Taint) -> bool) {
        self.own.retain(&mut *keep);
        for (_, part) in self.each_part_mut() {
            part.retain(keep);
        }
    }

    /// The same without some of its parts; what it carries as a whole it keeps.
    pub(crate) fn without(mut self, keys: &[Key]) -> Self {
        self.parts_mut().retain(|(key, _)| !keys.contains(key));
        self
    }

    /// Adds an element at the end of a list whose length is known.
    pub(crate) fn push(&mut self, value: Self) {
        match self.length {
            Some(length) => {
                let key = i32::try_from(length).map_or(Key::Any, Key::Index);
                self.write(&[key], value);
                self.length = length.checked_add(1);
            }
            None => self.write(&[Key::Any], value),
        }
    }

    /// Puts an element into a list: those from there on move down. Where is known only if the length is.
    pub(crate) fn insert(&mut self, index: i32, value: Self) {
        let Some(length) = self.length.filter(|length| 0 <= index && i64::from(index) <= i64::from(*length)) else {
            self.length = None;
            return self.write(&[Key::Any], Self::of(value.all()));
        };
        for (key, _) in self.each_part_mut() {
            if let Key::Index(known) = key
                && index <= *known
            {
                *known = known.saturating_add(1);
            }
        }
        self.write(&[Key::Index(index)], value);
        self.length = length.checked_add(1);
    }

    /// Removes an element of a list whose length is known: those behind it move up.
    pub(crate) fn remove(&mut self, index: i32) {
        let Some(length) = self.length.filter(|length| 0 <= index && i64::from(index) < i64::from(*length)) else { return };
        self.parts_mut().retain(|(key, _)| *key != Key::Index(index));
        for (key, _) in self.each_part_mut() {
            if let Key::Index(known) = key
                && index < *known
            {
                *known -= 1;
            }
        }
        self.length = length.checked_sub(1);
    }
}
