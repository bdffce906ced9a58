//! Conditions on what is bound.

use super::{Range, RangeKind, Search};
use crate::{
    comparison, entropy,
    ir::{Interner, Kind, NodeId, Symbol},
    lower,
    matching::Bound,
    plan::{Check, Clause, PatternKind, Target},
    redos,
    regex::Outcome,
    rule::Analyzer,
    string_literal,
    unit::Unit,
    value::Value,
};

impl Search<'_> {
    /// The range if it fulfils a condition, with the bindings that the condition adds: one range for each way.
    pub(super) fn check(&self, check: &Check, range: Range, n_bound: usize) -> Vec<Range> {
        let only_if = |holds: bool, range: Range| if holds { vec![range] } else { Vec::new() };
        match check {
            Check::Regex { name, regex, constant_propagation } => {
                let Some(bound) = range.bindings.get(*name) else { return Vec::new() };
                let (text, at) = self.text_of(bound, *constant_propagation);
                let mut range = range;
                let captures = match regex.captures(&text, 0) {
                    Outcome::Done(Some(captures)) => captures,
                    Outcome::Done(None) => return Vec::new(),
                    Outcome::LimitReached => {
                        *self.is_cut.borrow_mut() = true;
                        return Vec::new();
                    }
                };
                let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
                for (number, name, group) in captures.iter() {
                    let name = self.intern(&name.map_or_else(|| format!("${number}"), |name| format!("${name}")));
                    let symbol = self.intern(text.get(group.clone()).unwrap_or_default());
                    let is_in_place = at.1 - at.0 == narrow(text.len());
                    let place = if is_in_place { (at.0 + narrow(group.start), at.0 + narrow(group.end)) } else { at };
                    if range.bindings.get(name).is_none() {
                        range.bindings.push(name, Bound::Text { symbol, range: place });
                    }
                }
                vec![range]
            }
            Check::Pattern { name, target, clause } => {
                let Some(bound) = range.bindings.get(*name) else { return Vec::new() };
                let mut known = range.clone();
                known.bindings.truncate(n_bound);
                let found = self.nested(&known, bound, *target, clause);
                self.with_found(&range, found)
            }
            Check::Comparison { expression } => {
                let lookup = |name: &str| {
                    let symbol = self.unit.symbols.borrow().get(name)?;
                    self.comparable(range.bindings.get(symbol)?)
                };
                let holds = expression.holds(&lookup, self.plan.now_s);
                only_if(holds, range)
            }
            Check::Analysis { name, analyzer } => {
                let Some(bound) = range.bindings.get(*name) else { return Vec::new() };
                let holds = self.string_of(bound).is_some_and(|literal| {
                    let text = string_literal::unescape(&literal);
                    match analyzer {
                        Analyzer::Entropy | Analyzer::EntropyV2(_) => entropy::looks_random(&text),
                        Analyzer::Redos => redos::is_vulnerable(&text),
                    }
                });
                only_if(holds, range)
            }
            Check::Type { name, types } => {
                let Some(Bound::Node(node)) = range.bindings.get(*name) else { return Vec::new() };
                let holds = types.iter().filter_map(|id| self.plan.patterns.get(id.0 as usize)).any(|planned| match &planned.kind {
                    PatternKind::Code(pattern) => crate::matching::has_type(self.unit, pattern, &planned.options, node),
                    _ => false,
                });
                only_if(holds, range)
            }
        }
    }

    /// The text that is bound, and where it stands. With constant propagation, the value if it is known.
    pub(crate) fn text_of(&self, bound: Bound, constant_propagation: bool) -> (String, (u32, u32)) {
        let at = self.unit.range_of(bound);
        if constant_propagation && let Some(text) = self.string_of(bound) {
            return (text, at);
        }
        if let Bound::Text { symbol, .. } = bound {
            return (self.unit.with_text(symbol, str::to_owned), at);
        }
        (self.unit.text.get(at.0 as usize..at.1 as usize).unwrap_or_default().to_owned(), at)
    }

    /// The content of a string that is bound, or known.
    fn string_of(&self, bound: Bound) -> Option<String> {
        match bound {
            Bound::Text { symbol, .. } => Some(self.unit.with_text(symbol, str::to_owned)),
            Bound::Node(node) => match self.unit.value(node)? {
                Value::Str(symbol) => Some(self.unit.with_text(symbol, str::to_owned)),
                _ => None,
            },
            Bound::Row { .. } => None,
        }
    }

    /// What is bound, as a value to compute with; text if it is no constant.
    fn comparable(&self, bound: Bound) -> Option<comparison::Value> {
        use comparison::Value as Known;
        let code = || Known::Code(self.text_of(bound, false).0);
        let node = match bound {
            Bound::Node(node) => node,
            Bound::Text { symbol, .. } => return Some(Known::Text(self.unit.with_text(symbol, str::to_owned))),
            Bound::Row { .. } => return Some(code()),
        };
        Some(match self.unit.value(node) {
            Some(Value::Int(number)) => Known::Int(number),
            Some(Value::Float(number)) => Known::Float(number),
            Some(Value::Bool(truth)) => Known::Bool(truth),
            Some(Value::Str(symbol)) => Known::Text(self.unit.with_text(symbol, str::to_owned)),
            None if self.unit.tree.kind(node) == Kind::List => {
                let items: Option<Vec<Known>> = self.unit.tree.children(node).map(|item| self.comparable(Bound::Node(item))).collect();
                items.filter(|items| !items.iter().any(|item| matches!(item, Known::Code(_)))).map_or_else(code, Known::List)
            }
            Some(Value::Char(_) | Value::SomeStr | Value::Null) | None => code(),
        })
    }

    /// What a clause finds within what is bound, in the same language or another one.
    fn nested(&self, range: &Range, bound: Bound, target: Option<Target>, clause: &Clause) -> Vec<Range> {
        let node = match bound {
            Bound::Node(node) => Some(node),
            Bound::Row { first, n: 1, .. } => first,
            Bound::Row { .. } | Bound::Text { .. } => None,
        };
        let Some(target) = target else {
            // In the same language the tree is there.
            if let Some(node) = node {
                let inner = Search::within(self.plan, self.unit, node);
                let context = Range { range: self.unit.tree.range(node), node: Some(node), kind: RangeKind::Plain, ..range.clone() };
                let found = inner.evaluate(clause, Some(&context));
                *self.is_cut.borrow_mut() |= *inner.is_cut.borrow();
                return found;
            }
            return match self.unit.language {
                Some(language) => self.in_text(range, bound, Target::Code(language), clause),
                None => self.in_text(range, bound, Target::Generic, clause),
            };
        };
        self.in_text(range, bound, target, clause)
    }

    /// The range, once for each way in which what was found binds more.
    fn with_found(&self, range: &Range, found: Vec<Range>) -> Vec<Range> {
        let mut ranges: Vec<Range> = Vec::new();
        for found in found {
            let mut merged = range.clone();
            for (name, bound) in found.bindings.iter() {
                if merged.bindings.get(name).is_none() {
                    merged.bindings.push(name, bound);
                }
            }
            if !ranges.iter().any(|known| known.bindings == merged.bindings) {
                ranges.push(merged);
            }
        }
        ranges
    }

    /// Reads the bound text as a language of its own; what is found there is mapped back.
    fn in_text(&self, range: &Range, bound: Bound, target: Target, clause: &Clause) -> Vec<Range> {
        let at = self.unit.range_of(bound);
        let source = self.unit.text.get(at.0 as usize..at.1 as usize).unwrap_or_default();
        let (text, offset) = match self.string_of(bound) {
            // The content of a string, where it stands.
            Some(content) => {
                let offset = source.find(content.as_str()).unwrap_or(0);
                (content, at.0 + u32::try_from(offset).unwrap_or(0))
            }
            None => (source.to_owned(), at.0),
        };
        let bindings = self.as_texts(&range.bindings);
        // Both units name things by the same symbols; the inner one has them as long as it is there.
        let mut symbols = std::mem::take(&mut *self.unit.symbols.borrow_mut());
        let lowered = match target {
            Target::Code(language) => lower::lower(language, &text, &mut symbols, false).map(|tree| (Some(language), tree)),
            Target::Generic | Target::Regex => Ok((None, crate::ir::Tree::default())),
        };
        let Ok((language, tree)) = lowered else {
            self.unit.symbols.replace(symbols);
            *self.is_cut.borrow_mut() = true;
            return Vec::new();
        };
        let unit = Unit::new(&text, language, tree, symbols);
        let inner = Search::new(self.plan, &unit);
        let whole = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let context = Range { range: (0, whole), node: Some(NodeId::ROOT), bindings, kind: RangeKind::Plain, fix: None };
        let found = inner.evaluate(clause, Some(&context));
        *self.is_cut.borrow_mut() |= *inner.is_cut.borrow();
        let mapped = found.into_iter().map(|found| {
            let mut bindings = crate::matching::Bindings::default();
            for (name, bound) in found.bindings.iter().filter(|(name, _)| range.bindings.get(*name).is_none()) {
                let place = unit.range_of(bound);
                let symbol = match bound {
                    Bound::Text { symbol, .. } => symbol,
                    _ => unit.symbols.borrow_mut().intern(text.get(place.0 as usize..place.1 as usize).unwrap_or_default()),
                };
                bindings.push(name, Bound::Text { symbol, range: (place.0 + offset, place.1 + offset) });
            }
            Range { bindings, ..found }
        });
        let mapped = mapped.collect();
        self.unit.symbols.swap(&unit.symbols);
        mapped
    }

    fn intern(&self, text: &str) -> Symbol {
        let symbols: &mut Interner = &mut self.unit.symbols.borrow_mut();
        symbols.intern(text)
    }

    /// Bindings whose nodes mean nothing in another tree.
    fn as_texts(&self, bindings: &crate::matching::Bindings) -> crate::matching::Bindings {
        let mut texts = crate::matching::Bindings::default();
        for (name, bound) in bindings.iter() {
            let symbol = match bound {
                Bound::Text { symbol, .. } => symbol,
                Bound::Node(node) if matches!(self.unit.tree.kind(node), Kind::Name | Kind::Str) => self.unit.tree.node(node).symbol,
                _ => self.intern(&self.text_of(bound, false).0),
            };
            texts.push(name, Bound::Text { symbol, range: self.unit.range_of(bound) });
        }
        texts
    }
}
