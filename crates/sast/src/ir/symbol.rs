//! Interned names and contents of literals.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// An interned text. Symbols of one [`Interner`] and of the [`Symbols`] that it was made from can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(u32);

impl Symbol {
    /// The empty text.
    pub const EMPTY: Self = Self(0);

    /// A symbol that is told apart from others by a number alone; it has no text.
    pub(crate) const fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// Its number; the same text has the same number within one file.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// The symbols of a set of rules; frozen once the rules are compiled, and shared by all threads.
#[derive(Debug, Clone)]
pub struct Symbols {
    by_text: FxHashMap<Arc<str>, Symbol>,
    texts: Vec<Arc<str>>,
}

impl Default for Symbols {
    fn default() -> Self {
        let empty: Arc<str> = Arc::from("");
        Self { by_text: std::iter::once((empty.clone(), Symbol::EMPTY)).collect(), texts: vec![empty] }
    }
}

impl Symbols {
    /// The symbol of a text that is known.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<Symbol> {
        self.by_text.get(text).copied()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Never: the empty text is always known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// Interns the texts of one file, on top of the symbols of the rules.
#[derive(Debug, Clone)]
pub struct Interner {
    base: Arc<Symbols>,
    own: Symbols,
}

impl Default for Interner {
    fn default() -> Self {
        Self::new(Arc::default())
    }
}

impl Interner {
    /// Starts with the symbols of the rules.
    #[must_use]
    pub fn new(base: Arc<Symbols>) -> Self {
        Self { base, own: Symbols { by_text: FxHashMap::default(), texts: Vec::new() } }
    }

    /// The symbol of a text.
    pub fn intern(&mut self, text: &str) -> Symbol {
        if let Some(symbol) = self.get(text) {
            return symbol;
        }
        let symbol = Symbol(u32::try_from(self.base.texts.len() + self.own.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = Arc::from(text);
        self.own.by_text.insert(text.clone(), symbol);
        self.own.texts.push(text);
        symbol
    }

    /// The symbol of a text that is known.
    #[must_use]
    pub fn get(&self, text: &str) -> Option<Symbol> {
        self.base.get(text).or_else(|| self.own.get(text))
    }

    /// The text of a symbol.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        let index = symbol.0 as usize;
        let own = || self.own.texts.get(index.wrapping_sub(self.base.texts.len()));
        self.base.texts.get(index).or_else(own).map_or("", |text| text)
    }

    /// All of its symbols, for the interners of files.
    #[must_use]
    pub fn freeze(self) -> Symbols {
        let mut all = Arc::unwrap_or_clone(self.base);
        all.by_text.extend(self.own.by_text);
        all.texts.extend(self.own.texts);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_of_rules_and_files_agree() {
        let mut rules = Interner::default();
        let eval = rules.intern("eval");
        let frozen = Arc::new(rules.freeze());
        let (mut one, mut other) = (Interner::new(frozen.clone()), Interner::new(frozen));
        assert_eq!(one.intern("eval"), eval);
        let own = one.intern("own");
        assert_eq!((one.text(own), one.text(eval), one.text(Symbol::EMPTY)), ("own", "eval", ""));
        assert_ne!(own, eval);
        assert_eq!(other.get("own"), None);
        assert_eq!(other.intern(""), Symbol::EMPTY);
    }
}
