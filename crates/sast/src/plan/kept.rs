//! Patterns that were compiled before.
//!
//! What a text means as a pattern of a language depends on nothing else, and finding it out is most of the work of compiling
//! rules: it takes several attempts to parse. So it is kept, from one scan to the next.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::{
    ir::{Interner, Kind, Node, NodeId, Op, Symbol, Tree},
    lower::Language,
    pattern::{Pattern, Shape},
};

/// Patterns that were compiled before, by language and text; those that are compiled now are added.
///
/// Languages are unpacked when the first pattern of them is asked for: rules for twenty languages cost a scan of one of them
/// nothing.
#[derive(Debug, Default)]
pub struct KeptPatterns(Mutex<BTreeMap<Box<str>, OfLanguage>>);

#[derive(Debug, Default)]
struct OfLanguage {
    packed: Vec<u8>,
    /// Once they were unpacked.
    patterns: Option<FxHashMap<Box<str>, KeptPattern>>,
    has_more: bool,
}

/// A pattern without the numbers that symbols have in one set of rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct KeptPattern {
    /// What the symbols in it stand for.
    texts: Vec<Box<str>>,
    nodes: Vec<KeptNode>,
    opaque: Vec<(u32, u32)>,
    shape: KeptShape,
    /// Indexes of texts.
    required: Vec<u32>,
}

/// Kind, operator, index of its text, start, end, end of its subtree, parent.
type KeptNode = (u8, u8, u32, u32, u32, u32, u32);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum KeptShape {
    Node(u32),
    Statements(Vec<u32>),
}

/// What a file of patterns holds: the packed ones of each language.
type Packed<'a> = Vec<(&'a str, &'a [u8])>;

impl KeptPatterns {
    /// Patterns that [`KeptPatterns::pack`] wrote; none if the bytes are something else.
    #[must_use]
    pub fn unpack(bytes: &[u8]) -> Self {
        let packed: Packed<'_> = postcard::from_bytes(bytes).unwrap_or_default();
        let languages =
            packed.into_iter().map(|(name, packed)| (name.into(), OfLanguage { packed: packed.to_vec(), ..OfLanguage::default() }));
        Self(Mutex::new(languages.collect()))
    }

    /// All patterns as bytes, if there are more than were unpacked.
    #[must_use]
    pub fn pack(&self) -> Option<Vec<u8>> {
        let mut languages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !languages.values().any(|language| language.has_more) {
            return None;
        }
        for language in languages.values_mut().filter(|language| language.has_more) {
            // In order, so that the same patterns are the same bytes.
            let patterns: BTreeMap<&Box<str>, &KeptPattern> = language.patterns.iter().flatten().collect();
            language.packed = postcard::to_stdvec(&patterns).ok()?;
            language.has_more = false;
        }
        let packed: Packed<'_> = languages.iter().map(|(name, language)| (&**name, language.packed.as_slice())).collect();
        postcard::to_stdvec(&packed).ok()
    }

    /// The pattern of a text, with the symbols of the rules that are compiled.
    pub(super) fn get(&self, language: &Language, text: &str, symbols: &mut Interner) -> Option<Pattern> {
        let mut languages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        languages.get_mut(language.name)?.patterns().get(text)?.to_pattern(symbols)
    }

    /// Keeps a pattern.
    pub(super) fn add(&self, language: &Language, text: &str, pattern: &Pattern, symbols: &Interner) {
        let kept = KeptPattern::of(pattern, symbols);
        let mut languages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let language = languages.entry(language.name.into()).or_default();
        language.patterns().insert(text.into(), kept);
        language.has_more = true;
    }
}

impl OfLanguage {
    fn patterns(&mut self) -> &mut FxHashMap<Box<str>, KeptPattern> {
        self.patterns.get_or_insert_with(|| postcard::from_bytes(&self.packed).unwrap_or_default())
    }
}

impl KeptPattern {
    fn of(pattern: &Pattern, symbols: &Interner) -> Self {
        let mut texts: Vec<Box<str>> = Vec::new();
        let mut numbers: FxHashMap<Symbol, u32> = FxHashMap::default();
        let mut number = |symbol: Symbol| {
            *numbers.entry(symbol).or_insert_with(|| {
                texts.push(symbols.text(symbol).into());
                u32::try_from(texts.len() - 1).unwrap_or(u32::MAX)
            })
        };
        let node = |node: &Node, text: u32| (node.kind as u8, node.op as u8, text, node.start, node.end, node.subtree_end, node.parent);
        let nodes = pattern.tree.nodes().iter().map(|one| node(one, number(one.symbol))).collect();
        let required = pattern.required.iter().map(|symbol| number(*symbol)).collect();
        let shape = match &pattern.shape {
            Shape::Node(NodeId(root)) => KeptShape::Node(*root),
            Shape::Statements(statements) => KeptShape::Statements(statements.iter().map(|id| id.0).collect()),
        };
        Self { texts, nodes, opaque: pattern.tree.opaque().to_vec(), shape, required }
    }

    fn to_pattern(&self, symbols: &mut Interner) -> Option<Pattern> {
        let texts: Vec<Symbol> = self.texts.iter().map(|text| symbols.intern(text)).collect();
        let symbol = |number: u32| texts.get(number as usize).copied();
        let node = |&(kind, op, text, start, end, subtree_end, parent): &KeptNode| {
            let kind = Kind::ALL.get(usize::from(kind)).copied()?;
            let op = Op::ALL.get(usize::from(op)).copied()?;
            Some(Node { kind, op, symbol: symbol(text)?, start, end, subtree_end, parent })
        };
        let nodes = self.nodes.iter().map(node).collect::<Option<Vec<_>>>()?;
        let required = self.required.iter().map(|number| symbol(*number)).collect::<Option<Box<[_]>>>()?;
        let shape = match &self.shape {
            KeptShape::Node(root) => Shape::Node(NodeId(*root)),
            KeptShape::Statements(statements) => Shape::Statements(statements.iter().copied().map(NodeId).collect()),
        };
        Some(Pattern::new(Tree::of_parts(nodes, self.opaque.clone()), shape, required))
    }
}

/// Where patterns are looked up, if somebody keeps them.
pub(super) type Kept = Option<Arc<KeptPatterns>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::LANGUAGES;

    #[test]
    fn what_was_kept_is_what_was_compiled() {
        let language = LANGUAGES.iter().find(|language| language.name == "python").unwrap();
        let texts = ["$X = f(..., \"=~/a.*/\", $Y)\n...\ng($X)", "class $C(B): ...", "foo.bar($...ARGS)"];
        let kept = KeptPatterns::default();
        let mut first = Interner::default();
        let patterns: Vec<Pattern> = texts
            .iter()
            .map(|text| {
                let pattern = Pattern::compile(text, language, &mut first).unwrap();
                kept.add(language, text, &pattern, &first);
                pattern
            })
            .collect();
        let bytes = kept.pack().unwrap();
        assert_eq!(kept.pack(), None, "nothing is new");
        let kept = KeptPatterns::unpack(&bytes);
        assert_eq!(kept.pack(), None);
        // Other symbols come first there.
        let mut second = Interner::default();
        second.intern("something else");
        for (text, pattern) in texts.iter().zip(&patterns) {
            let again = kept.get(language, text, &mut second).unwrap();
            assert_eq!(again.tree.sexp(NodeId::ROOT, &second), pattern.tree.sexp(NodeId::ROOT, &first));
            assert_eq!((&again.shape, again.is_header), (&pattern.shape, pattern.is_header));
            let names = |pattern: &Pattern, symbols: &Interner| -> Vec<String> {
                pattern.required.iter().map(|symbol| symbols.text(*symbol).to_owned()).collect()
            };
            assert_eq!(names(&again, &second), names(pattern, &first));
        }
        assert!(kept.get(language, "f(1)", &mut second).is_none());
    }

    #[test]
    fn other_bytes_hold_nothing() {
        for bytes in [&b""[..], b"\x01", b"\xff\xff\xff\xff\xff\xff\xff\xff", &[7; 300]] {
            let kept = KeptPatterns::unpack(bytes);
            let language = LANGUAGES.first().unwrap();
            assert!(kept.get(language, "f()", &mut Interner::default()).is_none());
        }
    }
}
