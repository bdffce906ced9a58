//! Rows of things with `...` and `$...X` in them.

use smallvec::SmallVec;

use super::{Bound, Matcher, Next};
use crate::ir::{Kind, NodeId};

/// Whether a row may go on behind what the pattern says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    Allowed,
    Forbidden,
}

/// How one element is matched.
pub(super) type Element<'m> = fn(&mut Matcher<'m>, NodeId, NodeId, Next<'_, 'm>) -> bool;

impl<'m> Matcher<'m> {
    /// Elements in order.
    pub(super) fn row(&mut self, patterns: &[NodeId], targets: &[NodeId], rest: Rest, element: Element<'m>, next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((first, others)) = patterns.split_first() else {
            return (targets.is_empty() || rest == Rest::Allowed) && next(self);
        };
        self.nesting += 1;
        let is_enough = match self.pattern.kind(*first) {
            Kind::Ellipsis => {
                // A last ellipsis takes all that is left.
                if others.is_empty() {
                    next(self)
                } else {
                    (0..=targets.len()).any(|n| {
                        let left = targets.get(n..).unwrap_or_default();
                        self.row(others, left, rest, element, next)
                    })
                }
            }
            Kind::MetavarMany => self.many(*first, targets, |matcher, left, next| matcher.row(others, left, rest, element, next), next),
            _ => match targets.split_first() {
                Some((target, left)) => element(self, *first, *target, &mut |matcher| matcher.row(others, left, rest, element, next)),
                None => false,
            },
        };
        self.nesting -= 1;
        is_enough
    }

    /// Binds `$...X` to each beginning of a row.
    pub(super) fn many(
        &mut self,
        pattern: NodeId,
        targets: &[NodeId],
        mut go_on: impl FnMut(&mut Self, &[NodeId], Next<'_, 'm>) -> bool,
        next: Next<'_, 'm>,
    ) -> bool {
        let name = self.pattern.node(pattern).symbol;
        (0..=targets.len()).any(|n| {
            let (taken, left) = targets.split_at_checked(n).unwrap_or((targets, &[]));
            let bound = self.row_of(taken, left);
            self.bind(name, bound, &mut |matcher| go_on(matcher, left, next))
        })
    }

    /// A row of siblings as something to bind.
    pub(super) fn row_of(&self, taken: &[NodeId], left: &[NodeId]) -> Bound {
        let range = match (taken.first(), taken.last(), left.first()) {
            (Some(first), Some(last), _) => (self.target(*first).start, self.target(*last).end),
            (_, _, Some(next)) => (self.target(*next).start, self.target(*next).start),
            _ => (0, 0),
        };
        Bound::Row { first: taken.first().copied(), n: u32::try_from(taken.len()).unwrap_or(u32::MAX), range }
    }

    /// Elements in any order, each of the pattern with another one of the target.
    pub(super) fn set(&mut self, patterns: &[NodeId], targets: &[NodeId], rest: Rest, element: Element<'m>, next: Next<'_, 'm>) -> bool {
        let has_dots = patterns.iter().any(|pattern| self.pattern.kind(*pattern) == Kind::Ellipsis);
        let rest = if has_dots { Rest::Allowed } else { rest };
        let wanted: SmallVec<[NodeId; 8]> =
            patterns.iter().copied().filter(|pattern| self.pattern.kind(*pattern) != Kind::Ellipsis).collect();
        if targets.len() < wanted.iter().filter(|pattern| self.pattern.kind(**pattern) != Kind::MetavarMany).count() {
            return false;
        }
        if rest == Rest::Forbidden
            && wanted.len() < targets.len()
            && !wanted.iter().any(|pattern| self.pattern.kind(*pattern) == Kind::MetavarMany)
        {
            return false;
        }
        let mut used = SmallVec::<[bool; 16]>::from_elem(false, targets.len());
        self.set_from(&wanted, targets, &mut used, rest, element, next)
    }

    fn set_from(
        &mut self,
        patterns: &[NodeId],
        targets: &[NodeId],
        used: &mut SmallVec<[bool; 16]>,
        rest: Rest,
        element: Element<'m>,
        next: Next<'_, 'm>,
    ) -> bool {
        if !self.step() {
            return true;
        }
        let Some((first, others)) = patterns.split_first() else {
            return (rest == Rest::Allowed || used.iter().all(|used| *used)) && next(self);
        };
        if self.pattern.kind(*first) == Kind::MetavarMany {
            // It takes what the others leave.
            let name = self.pattern.node(*first).symbol;
            return self.set_from(others, targets, used, Rest::Allowed, element, &mut |matcher| {
                let bound = matcher.row_of(targets, &[]);
                matcher.bind(name, bound, next)
            });
        }
        self.nesting += 1;
        let mut is_enough = false;
        for (index, target) in targets.iter().enumerate() {
            if used.get(index).copied().unwrap_or(true) {
                continue;
            }
            set(used, index, true);
            is_enough = element(self, *first, *target, &mut |matcher| matcher.set_from(others, targets, used, rest, element, next));
            set(used, index, false);
            if is_enough {
                break;
            }
        }
        self.nesting -= 1;
        is_enough
    }
}

fn set(used: &mut SmallVec<[bool; 16]>, index: usize, value: bool) {
    if let Some(slot) = used.get_mut(index) {
        *slot = value;
    }
}
