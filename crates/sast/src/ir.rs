//! The tree that rules are matched on: one small set of kinds for all languages.
//!
//! Nodes lie in one array in pre-order, each with the index behind its subtree, so that a subtree is a slice, "inside" is an
//! interval test, and skipping a subtree costs nothing. Every kind has fixed slots ([`Kind`] lists them); an absent slot holds
//! a [`Kind::None`]. Names and contents of literals are interned ([`Symbol`]), so that comparing them compares numbers.
//!
//! Patterns of rules are the same trees, with a few kinds more. What a grammar knows and no kind stands for becomes
//! [`Kind::Other`] with the grammar's own name and all of its children: it can be matched, only without equivalences.

mod builder;
mod kind;
mod print;
mod symbol;

pub use self::{
    builder::Builder,
    kind::{Kind, Op},
    symbol::{Interner, Symbol, Symbols},
};

/// The index of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The first node.
    pub const ROOT: Self = Self(0);

    fn index(self) -> usize {
        self.0 as usize
    }
}

/// A node. Slots are its children, in the order that [`Kind`] gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// The operator, or the variant of the kind.
    pub op: Op,
    /// The name, or the content of a literal; [`Symbol::EMPTY`] where the kind has none.
    pub symbol: Symbol,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
    /// The index behind the subtree.
    pub subtree_end: u32,
    /// The parent; its own index for the root.
    pub parent: u32,
}

/// A tree.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Byte ranges that could not be parsed, in order.
    opaque: Vec<(u32, u32)>,
}

/// What is returned for an index that is out of range: the tree of an empty file.
static NOTHING: Node = Node { kind: Kind::None, op: Op::None, symbol: Symbol::EMPTY, start: 0, end: 0, subtree_end: 0, parent: 0 };

impl Tree {
    /// The tree of nodes in pre-order.
    pub(crate) const fn of_parts(nodes: Vec<Node>, opaque: Vec<(u32, u32)>) -> Self {
        Self { nodes, opaque }
    }

    /// The number of nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes, in pre-order.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Every index, in pre-order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// One node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.index()).unwrap_or(&NOTHING)
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// Its byte range.
    #[must_use]
    pub fn range(&self, id: NodeId) -> (u32, u32) {
        let node = self.node(id);
        (node.start, node.end)
    }

    /// Its parent; nothing for the root.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = NodeId(self.node(id).parent);
        (parent != id).then_some(parent)
    }

    /// Its children, in order.
    #[must_use]
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children { tree: self, next: id.0.saturating_add(1), end: self.node(id).subtree_end }
    }

    /// The child in a slot; a child that is not there looks like [`Kind::None`].
    #[must_use]
    pub fn child(&self, id: NodeId, slot: usize) -> NodeId {
        self.children(id).nth(slot).unwrap_or(NodeId(u32::MAX))
    }

    /// All nodes below a node, without itself, in pre-order.
    pub fn descendants(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.0.saturating_add(1)..self.node(id).subtree_end).map(NodeId)
    }

    /// Whether a node is another one or stands below it.
    #[must_use]
    pub fn is_within(&self, inner: NodeId, outer: NodeId) -> bool {
        outer.0 <= inner.0 && inner.0 < self.node(outer).subtree_end
    }

    /// The byte ranges that could not be parsed.
    #[must_use]
    pub fn opaque(&self) -> &[(u32, u32)] {
        &self.opaque
    }

    /// Notes ranges that could not be parsed, in order, where nothing is noted of any part of them.
    pub(crate) fn note_opaque(&mut self, ranges: impl Iterator<Item = (u32, u32)>) {
        // The furthest end of all ranges up to each, because a range may lie within another.
        let furthest = |known: &mut u32, range: &(u32, u32)| {
            *known = range.1.max(*known);
            Some(*known)
        };
        let ends: Vec<u32> = self.opaque.iter().scan(0, furthest).collect();
        let is_noted = |(start, end): (u32, u32)| {
            let before = self.opaque.partition_point(|known| known.0 < end);
            before.checked_sub(1).and_then(|last| ends.get(last)).is_some_and(|known_end| start < *known_end)
        };
        let new: Vec<(u32, u32)> = ranges.filter(|range| range.0 < range.1 && !is_noted(*range)).collect();
        self.opaque.extend(new);
        self.opaque.sort_unstable();
    }
}

/// Iterates over children.
#[derive(Debug, Clone)]
pub struct Children<'a> {
    tree: &'a Tree,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.end <= self.next {
            return None;
        }
        let id = NodeId(self.next);
        self.next = self.tree.node(id).subtree_end.max(self.next + 1);
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_noted_unless_a_part_of_it_is() {
        let mut tree = Tree { nodes: Vec::new(), opaque: vec![(10, 50), (20, 30), (70, 80)] };
        tree.note_opaque([(0, 5), (0, 11), (7, 7), (40, 45), (50, 60), (60, 71), (80, 90)].into_iter());
        assert_eq!(tree.opaque(), [(0, 5), (10, 50), (20, 30), (50, 60), (70, 80), (80, 90)]);
    }
}
