//! The parsed expression, and its way into `regex-syntax`'s high-level representation.

use regex_syntax::hir::{self, Class, ClassUnicode, Hir, Look};

/// An expression, with what limits are checked by.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    pub(super) kind: Kind,
    /// Levels, this one included.
    pub(super) height: usize,
    /// The greatest product of nested counted repetitions.
    pub(super) n_copies: usize,
    /// About the size when compiled.
    pub(super) size: usize,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Empty,
    /// One code point out of a class; a literal is a class of one.
    Class(ClassUnicode),
    Look(Look),
    Repeat {
        sub: Box<Tree>,
        min: u32,
        max: Option<u32>,
        is_greedy: bool,
    },
    /// Names stay outside: Go lets groups share one, the matcher does not.
    Capture {
        sub: Box<Tree>,
        index: u32,
    },
    Concat(Vec<Tree>),
    Alternation(Vec<Tree>),
}

impl Tree {
    pub(super) const fn empty() -> Self {
        Self { kind: Kind::Empty, height: 1, n_copies: 1, size: 1 }
    }

    pub(super) const fn look(look: Look) -> Self {
        Self { kind: Kind::Look(look), height: 1, n_copies: 1, size: 1 }
    }

    pub(super) fn class(class: ClassUnicode) -> Self {
        // Ranges of code points share the states of their common bytes: `\pL` has 659 ranges and about as many states.
        let size = if class.is_ascii() { 1 } else { class.ranges().len() };
        Self { kind: Kind::Class(class), height: 1, n_copies: 1, size }
    }

    pub(super) fn capture(self, index: u32) -> Self {
        let (height, n_copies, size) = (self.height + 1, self.n_copies, self.size + 2);
        Self { kind: Kind::Capture { sub: Box::new(self), index }, height, n_copies, size }
    }

    /// A repetition; `is_counted` tells `{1,}` from `+`.
    pub(super) fn repeat(self, min: u32, max: Option<u32>, is_greedy: bool, is_counted: bool) -> Self {
        let n = max.unwrap_or(min).max(1) as usize;
        // What may occur zero times has no copies that count.
        let n_copies = match (is_counted, max) {
            (true, Some(0)) => 1,
            (true, _) => self.n_copies.saturating_mul(n),
            (false, _) => self.n_copies,
        };
        let size = self.size.saturating_add(1).saturating_mul(n).saturating_add(1);
        Self { height: self.height + 1, n_copies, size, kind: Kind::Repeat { sub: Box::new(self), min, max, is_greedy } }
    }

    pub(super) fn concat(mut parts: Vec<Self>) -> Self {
        match parts.len() {
            0 => Self::empty(),
            1 => parts.pop().unwrap_or_else(Self::empty),
            _ => Self::of_parts(parts, Kind::Concat),
        }
    }

    pub(super) fn alternation(mut branches: Vec<Self>) -> Self {
        match branches.len() {
            1 => branches.pop().unwrap_or_else(Self::empty),
            _ => Self::of_parts(branches, Kind::Alternation),
        }
    }

    fn of_parts(parts: Vec<Self>, kind: fn(Vec<Self>) -> Kind) -> Self {
        let height = 1 + parts.iter().map(|part| part.height).max().unwrap_or(0);
        let n_copies = parts.iter().map(|part| part.n_copies).max().unwrap_or(1);
        let size = parts.iter().fold(0_usize, |size, part| size.saturating_add(part.size).saturating_add(1));
        Self { kind: kind(parts), height, n_copies, size }
    }

    /// The high-level representation; `keep` narrows each class. Recursion is as deep as the tree is high.
    pub(super) fn to_hir(&self, keep: fn(&ClassUnicode) -> ClassUnicode) -> Hir {
        match &self.kind {
            Kind::Empty => Hir::empty(),
            Kind::Class(class) => Hir::class(Class::Unicode(keep(class))),
            Kind::Look(look) => Hir::look(*look),
            // Its groups exist, though they never take part in a match.
            Kind::Repeat { sub, max: Some(0), .. } => {
                Hir::alternation(vec![Hir::empty(), Hir::concat(vec![Hir::fail(), sub.to_hir(keep)])])
            }
            Kind::Repeat { sub, min, max, is_greedy } => {
                let sub = Box::new(sub.to_hir(keep));
                Hir::repetition(hir::Repetition { min: *min, max: *max, greedy: *is_greedy, sub })
            }
            Kind::Capture { sub, index } => {
                let sub = Box::new(sub.to_hir(keep));
                Hir::capture(hir::Capture { index: *index, name: None, sub })
            }
            Kind::Concat(parts) => Hir::concat(parts.iter().map(|part| part.to_hir(keep)).collect()),
            Kind::Alternation(parts) => Hir::alternation(parts.iter().map(|part| part.to_hir(keep)).collect()),
        }
    }
}
