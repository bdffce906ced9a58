//! Builds a tree in pre-order.

use super::{Interner, Kind, Node, NodeId, Op, Symbol, Tree};

/// Builds a tree: open a node, build its children, close it.
///
/// A node that was opened spans what it was opened with; [`Builder::cover`] widens it.
#[derive(Debug)]
pub struct Builder<'a> {
    tree: Tree,
    open: Vec<NodeId>,
    /// Names and contents of literals.
    pub symbols: &'a mut Interner,
}

impl<'a> Builder<'a> {
    /// Starts with nothing.
    pub fn new(symbols: &'a mut Interner) -> Self {
        Self { tree: Tree::default(), open: Vec::new(), symbols }
    }

    /// Opens a node; what is built until it is closed are its children.
    pub fn open(&mut self, kind: Kind, op: Op, symbol: Symbol, span: (u32, u32)) -> NodeId {
        let index = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        let parent = self.open.last().map_or(index, |parent| parent.0);
        let node = Node { kind, op, symbol, start: span.0, end: span.1, subtree_end: index + 1, parent };
        self.tree.nodes.push(node);
        self.open.push(NodeId(index));
        NodeId(index)
    }

    /// Closes the node that was opened last.
    pub fn close(&mut self) {
        let end = u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX);
        if let Some(node) = self.open.pop().and_then(|id| self.tree.nodes.get_mut(id.index())) {
            node.subtree_end = end;
        }
    }

    /// Builds a node without children.
    pub fn leaf(&mut self, kind: Kind, op: Op, symbol: Symbol, span: (u32, u32)) -> NodeId {
        let id = self.open(kind, op, symbol, span);
        self.close();
        id
    }

    /// Fills a slot with nothing, at a place.
    pub fn none(&mut self, at: u32) -> NodeId {
        self.leaf(Kind::None, Op::None, Symbol::EMPTY, (at, at))
    }

    /// Builds a leaf with an interned text.
    pub fn word(&mut self, kind: Kind, op: Op, text: &str, span: (u32, u32)) -> NodeId {
        let symbol = self.symbols.intern(text);
        self.leaf(kind, op, symbol, span)
    }

    /// Widens a node to cover a span.
    pub fn cover(&mut self, id: NodeId, span: (u32, u32)) {
        if let Some(node) = self.tree.nodes.get_mut(id.index()) {
            node.start = node.start.min(span.0);
            node.end = node.end.max(span.1);
        }
    }

    /// Changes what a node is, once its children have shown it.
    pub fn change(&mut self, id: NodeId, kind: Kind, op: Op) {
        if let Some(node) = self.tree.nodes.get_mut(id.index()) {
            node.kind = kind;
            node.op = op;
        }
    }

    /// Notes a range that could not be parsed.
    pub fn opaque(&mut self, span: (u32, u32)) {
        self.tree.opaque.push(span);
        self.leaf(Kind::Opaque, Op::None, Symbol::EMPTY, span);
    }

    /// A node that was built.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node {
        self.tree.node(id)
    }

    /// The index of the node that is built next.
    #[must_use]
    pub fn next_id(&self) -> NodeId {
        NodeId(u32::try_from(self.tree.nodes.len()).unwrap_or(u32::MAX))
    }

    /// The number of nodes that are open.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The tree; nodes that are still open are closed.
    #[must_use]
    pub fn finish(mut self) -> Tree {
        while !self.open.is_empty() {
            self.close();
        }
        self.tree.opaque.sort_unstable();
        self.tree
    }
}
