//! One file, ready to be matched: its tree, its names, its values.

use std::cell::{OnceCell, RefCell};

use rustc_hash::FxHashMap;

use crate::{
    ir::{Interner, Kind, NodeId, Symbol, Tree},
    lower::{Feature, Language},
    names::Names,
    value::{Configured, Reached, Value},
};

/// One file in one language.
#[derive(Debug)]
pub(crate) struct Unit<'a> {
    pub(crate) text: &'a str,
    /// Nothing where it is text of any kind, without a tree.
    pub(crate) language: Option<&'static Language>,
    pub(crate) tree: Tree,
    pub(crate) names: Names,
    pub(crate) symbols: RefCell<Interner>,
    /// What expressions are known to be, once somebody has asked.
    pub(crate) values: RefCell<FxHashMap<NodeId, Option<Value>>>,
    /// What names were last given, once somebody has asked.
    pub(crate) reached: RefCell<FxHashMap<NodeId, Reached>>,
    /// What a file of configuration gives names, once somebody has asked.
    pub(crate) configured: OnceCell<Configured>,
    /// A hash of each subtree: what is written, without where.
    hashes: Vec<u64>,
    /// Which symbols occur, by number.
    present: Vec<bool>,
    /// The nodes of each kind, in order.
    by_kind: Vec<Vec<NodeId>>,
    /// The calls of functions and methods, by the last name of what is called and of what that stands for.
    calls: FxHashMap<Symbol, Vec<NodeId>>,
    /// Members by their name, and names that stand for one; once somebody has asked.
    members: OnceCell<FxHashMap<Symbol, Vec<NodeId>>>,
}

impl<'a> Unit<'a> {
    pub(crate) fn new(text: &'a str, language: Option<&'static Language>, tree: Tree, mut symbols: Interner) -> Self {
        let names = language.map(|language| Names::resolve(&tree, language, &mut symbols)).unwrap_or_default();
        let hashes = hashes(&tree, &names);
        let index = Index::new(&tree, &names);
        Self {
            text,
            language,
            tree,
            names,
            symbols: RefCell::new(symbols),
            values: RefCell::default(),
            reached: RefCell::default(),
            configured: OnceCell::new(),
            hashes,
            present: index.present,
            by_kind: index.by_kind,
            calls: index.calls,
            members: OnceCell::new(),
        }
    }

    /// The source of a node.
    pub(crate) fn source(&self, id: NodeId) -> &'a str {
        let (start, end) = self.tree.range(id);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Whether a definition says that it belongs to the class, not to its objects.
    pub(crate) fn is_static(&self, definition: NodeId) -> bool {
        self.tree.children(self.tree.child(definition, 0)).any(|word| {
            let node = self.tree.node(word);
            node.kind == Kind::Modifier && self.with_text(node.symbol, |text| matches!(text, "static" | "const"))
        })
    }

    /// Whether something holds in the language of the file.
    pub(crate) fn has_feature(&self, feature: Feature) -> bool {
        self.language.is_some_and(|language| language.has(feature))
    }

    /// Whether a symbol occurs anywhere in the file, or in what its imports stand for.
    pub(crate) fn has(&self, symbol: Symbol) -> bool {
        self.present.get(symbol.number() as usize).copied().unwrap_or(false)
    }

    /// The nodes of a kind, in order.
    pub(crate) fn of_kind(&self, kind: Kind) -> &[NodeId] {
        self.by_kind.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    /// The calls of what has a name, in order.
    pub(crate) fn calls_of(&self, name: Symbol) -> &[NodeId] {
        self.calls.get(&name).map_or(&[], Vec::as_slice)
    }

    /// The members of a name, and the names that may stand for one, in order; nothing if any name may.
    pub(crate) fn members_of(&self, name: Symbol) -> Option<&[NodeId]> {
        if !self.names.stars().is_empty() {
            return None;
        }
        let members = self.members.get_or_init(|| {
            let mut members: FxHashMap<Symbol, Vec<NodeId>> = FxHashMap::default();
            for id in self.tree.ids() {
                match self.tree.kind(id) {
                    Kind::Dot => {
                        let member = self.tree.node(self.tree.child(id, 1));
                        members.entry(member.symbol).or_default().push(id);
                    }
                    Kind::Name => {
                        for last in self.names.paths(id).iter().filter_map(|path| path.last()) {
                            let same = members.entry(*last).or_default();
                            if same.last() != Some(&id) {
                                same.push(id);
                            }
                        }
                    }
                    _ => {}
                }
            }
            members
        });
        Some(members.get(&name).map_or(&[], Vec::as_slice))
    }

    /// The text of a symbol.
    pub(crate) fn with_text<T>(&self, symbol: Symbol, read: impl FnOnce(&str) -> T) -> T {
        read(self.symbols.borrow().text(symbol))
    }

    /// Whether two nodes are the same code, about the same names.
    pub(crate) fn is_same(&self, one: NodeId, other: NodeId) -> bool {
        one == other || (self.hash(one) == self.hash(other) && self.hash(one) != 0)
    }

    pub(crate) fn hash(&self, id: NodeId) -> u64 {
        self.hashes.get(id.0 as usize).copied().unwrap_or(0)
    }
}

/// Where things are, found in one walk.
struct Index {
    present: Vec<bool>,
    by_kind: Vec<Vec<NodeId>>,
    calls: FxHashMap<Symbol, Vec<NodeId>>,
}

impl Index {
    fn new(tree: &Tree, names: &Names) -> Self {
        let mut index = Self { present: Vec::new(), by_kind: vec![Vec::new(); Kind::ALL.len()], calls: FxHashMap::default() };
        for id in tree.ids() {
            let node = tree.node(id);
            index.note(node.symbol);
            if let Some(nodes) = index.by_kind.get_mut(node.kind as usize) {
                nodes.push(id);
            }
            // A decorator without arguments is a call, too.
            let is_decorator =
                matches!(node.kind, Kind::Name | Kind::Dot) && tree.parent(id).is_some_and(|parent| tree.kind(parent) == Kind::Annotation);
            if node.kind != Kind::Call && !is_decorator {
                continue;
            }
            if is_decorator && let Some(nodes) = index.by_kind.get_mut(Kind::Call as usize) {
                nodes.push(id);
            }
            let callee = if is_decorator { id } else { tree.child(id, 0) };
            let last = if tree.kind(callee) == Kind::Dot { tree.child(callee, 1) } else { callee };
            let name = tree.node(last);
            if name.kind == Kind::Name {
                index.calls.entry(name.symbol).or_default().push(id);
            }
            for path in names.paths(last) {
                if let Some(symbol) = path.last().filter(|symbol| **symbol != name.symbol) {
                    index.calls.entry(*symbol).or_default().push(id);
                }
            }
        }
        for path in names.all_paths() {
            path.iter().for_each(|symbol| index.note(*symbol));
        }
        index
    }

    fn note(&mut self, symbol: Symbol) {
        let number = symbol.number() as usize;
        if self.present.len() <= number {
            self.present.resize(number + 1, false);
        }
        if let Some(slot) = self.present.get_mut(number) {
            *slot = true;
        }
    }
}

/// Hashes from the leaves up: children come after their parent, so the array is walked backwards.
fn hashes(tree: &Tree, names: &Names) -> Vec<u64> {
    const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |hash: u64, value: u64| (hash ^ value).wrapping_mul(PRIME).rotate_left(23);
    let mut hashes = vec![0; tree.len()];
    for id in tree.ids().rev() {
        let node = tree.node(id);
        let mut hash = mix(u64::from(node.kind as u8) + 1, u64::from(node.op as u8));
        hash = mix(hash, u64::from(node.symbol.number()));
        if node.kind == Kind::Name {
            // A name of something local is that thing; one that is declared nowhere is its text.
            let binding = names.binding_of(id).filter(|binding| names.get(*binding).is_some_and(|binding| !binding.definitions.is_empty()));
            hash = mix(hash, binding.map_or(0, |binding| u64::from(binding.number()) + 1));
        }
        for child in tree.children(id) {
            hash = mix(hash, hashes.get(child.0 as usize).copied().unwrap_or(0));
        }
        if let Some(slot) = hashes.get_mut(id.0 as usize) {
            *slot = hash.max(1);
        }
    }
    hashes
}
