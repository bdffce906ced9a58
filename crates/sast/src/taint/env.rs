//! What every variable carries at some point of a function.

use std::rc::Rc;

use super::shape::Shape;
use crate::names::BindingId;

/// What something is called by: a variable, or the object that a method runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Base {
    Variable(BindingId),
    This,
    /// What has run before.
    Control,
    /// What a propagator passes on to a value that is still to be computed.
    Propagated(u32),
}

impl Base {
    fn slot(self) -> usize {
        match self {
            Self::This => 0,
            Self::Control => 1,
            Self::Variable(id) => (id.number() as usize + 1) * 2,
            Self::Propagated(index) => (index as usize + 1) * 2 + 1,
        }
    }

    fn of_slot(slot: usize) -> Self {
        let number = |slot: usize| u32::try_from(slot / 2 - 1).unwrap_or(u32::MAX);
        match slot {
            0 => Self::This,
            1 => Self::Control,
            slot if slot.is_multiple_of(2) => Self::Variable(BindingId::of_number(number(slot))),
            slot => Self::Propagated(number(slot)),
        }
    }
}

/// How many bases lie together.
const WIDTH: usize = 32;

/// What bases carry that lie together; no shape is a clean one.
type Chunk = [Option<Rc<Shape>>; WIDTH];

/// What every variable carries at some point. Points share what is the same, so that a copy costs little, and where two ways
/// meet only what differs is looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Env {
    /// By the slot of the base.
    chunks: Rc<Vec<Option<Rc<Chunk>>>>,
    /// Whether this point is never reached.
    pub(super) is_dead: bool,
}

impl Env {
    /// A point that is never reached.
    pub(super) fn dead() -> Self {
        Self { is_dead: true, ..Self::default() }
    }

    pub(super) fn get(&self, base: Base) -> Option<&Shape> {
        self.shared(base.slot()).map(|shape| &**shape)
    }

    fn shared(&self, slot: usize) -> Option<&Rc<Shape>> {
        self.chunks.get(slot / WIDTH)?.as_ref()?.get(slot % WIDTH)?.as_ref()
    }

    pub(super) fn set(&mut self, base: Base, shape: Shape) {
        self.share(base, Rc::new(shape));
    }

    /// Sets what is shared with another point.
    pub(super) fn share(&mut self, base: Base, shape: Rc<Shape>) {
        *self.slot_mut(base.slot()) = Some(shape);
    }

    /// Takes out what is known of a base.
    pub(super) fn take(&mut self, base: Base) -> Option<Rc<Shape>> {
        self.shared(base.slot())?;
        self.slot_mut(base.slot()).take()
    }

    /// Puts back what was taken out.
    pub(super) fn put(&mut self, base: Base, shape: Option<Rc<Shape>>) {
        if shape.is_some() || self.get(base).is_some() {
            *self.slot_mut(base.slot()) = shape;
        }
    }

    /// The shape of a base, to be changed.
    pub(super) fn slot(&mut self, base: Base) -> &mut Shape {
        Rc::make_mut(self.slot_mut(base.slot()).get_or_insert_default())
    }

    #[expect(clippy::indexing_slicing, reason = "what is left of a division by the width lies within a chunk")]
    fn slot_mut(&mut self, slot: usize) -> &mut Option<Rc<Shape>> {
        let chunk = Rc::make_mut(self.chunk_mut(slot / WIDTH).get_or_insert_default());
        &mut chunk[slot % WIDTH]
    }

    #[expect(clippy::indexing_slicing, reason = "it is made long enough first")]
    fn chunk_mut(&mut self, index: usize) -> &mut Option<Rc<Chunk>> {
        let chunks = Rc::make_mut(&mut self.chunks);
        if chunks.len() <= index {
            chunks.resize(index + 1, None);
        }
        &mut chunks[index]
    }

    /// How much it takes to copy it.
    pub(super) fn weight(&self) -> u64 {
        u64::try_from(self.chunks.len() / 16).unwrap_or(u64::MAX)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Base, &Rc<Shape>)> {
        let chunks = self.chunks.iter().enumerate().filter_map(|(index, chunk)| Some((index, chunk.as_ref()?)));
        chunks.flat_map(|(index, chunk)| {
            let shapes = chunk.iter().enumerate().filter_map(|(within, shape)| Some((within, shape.as_ref()?)));
            shapes.map(move |(within, shape)| (Base::of_slot(index * WIDTH + within), shape))
        })
    }

    /// What is known where two ways meet.
    pub(super) fn join(&mut self, other: &Self) {
        if other.is_dead || self.is_same(other) {
            self.is_dead &= other.is_dead;
            return;
        }
        if self.is_dead {
            self.clone_from(other);
            return;
        }
        for (index, theirs) in other.chunks.iter().enumerate() {
            let Some(theirs) = theirs else { continue };
            match self.chunks.get(index) {
                Some(Some(own)) if Rc::ptr_eq(own, theirs) => continue,
                Some(Some(_)) => {}
                _ => {
                    *self.chunk_mut(index) = Some(theirs.clone());
                    continue;
                }
            }
            for (within, shape) in theirs.iter().enumerate() {
                let Some(shape) = shape else { continue };
                let slot = index * WIDTH + within;
                match self.shared(slot) {
                    Some(known) if Rc::ptr_eq(known, shape) => {}
                    Some(_) => Rc::make_mut(self.slot_mut(slot).get_or_insert_default()).join(shape),
                    None => *self.slot_mut(slot) = Some(shape.clone()),
                }
            }
        }
    }

    /// Whether nothing was written since one was copied from the other.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.chunks, &other.chunks)
    }

    pub(super) fn is_covered_by(&self, other: &Self) -> bool {
        self.is_dead
            || self.chunks.iter().enumerate().all(|(index, own)| {
                let Some(own) = own else { return true };
                let theirs = other.chunks.get(index).and_then(Option::as_ref);
                if theirs.is_some_and(|theirs| Rc::ptr_eq(own, theirs)) {
                    return true;
                }
                own.iter().enumerate().all(|(within, shape)| {
                    let Some(shape) = shape else { return true };
                    match theirs.and_then(|theirs| theirs.get(within)?.as_ref()) {
                        Some(known) => Rc::ptr_eq(known, shape) || shape.is_covered_by(known),
                        None => shape.is_clean(),
                    }
                })
            })
    }
}
