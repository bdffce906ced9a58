//! Evaluates what a rule looks for: ranges with bindings, joined as the rule says.
//!
//! The meaning of each join is that of Semgrep: `all` keeps the smaller of two ranges of which one holds the other and whose
//! bindings agree; `inside` is never the smaller one; `not` takes away what has the same range, `not inside` what lies within.

mod condition;
mod explain;

use std::{cell::RefCell, rc::Rc, sync::Arc};

pub(crate) use self::explain::Line;

use rustc_hash::FxHashMap;

use crate::{
    generic,
    ir::{NodeId, Symbol},
    matching::{self, Bindings, Bound, Within},
    plan::{Check, Clause, ClauseKind, PatternId, PatternKind, Plan, PlannedPattern},
    regex::Outcome,
    unit::Unit,
};

/// A range that a part of a rule matches.
#[derive(Debug, Clone)]
pub(crate) struct Range {
    pub(crate) range: (u32, u32),
    /// The node that was matched, if it was one.
    pub(crate) node: Option<NodeId>,
    pub(crate) bindings: Bindings,
    kind: RangeKind,
    /// The replacement that the part of the rule names.
    pub(crate) fix: Option<Arc<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RangeKind {
    Plain,
    Regex,
    Inside,
    Anywhere,
}

/// The matches of patterns; of those below `inside` apart.
type Known = FxHashMap<(PatternId, bool), Rc<Vec<Range>>>;

/// A byte range, and its node if it is one.
type Place = ((u32, u32), Option<NodeId>);

/// The most ranges that one part of a rule may have in one file.
pub(crate) const MAX_RANGES: usize = 20_000;

/// Evaluates rules in one unit; patterns are matched once.
pub(crate) struct Search<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) unit: &'a Unit<'a>,
    /// Where it is looked for: all of the unit, or what a metavariable is bound to.
    within: NodeId,
    known: RefCell<Known>,
    /// At how many places patterns are tried, once somebody has asked.
    n_candidates: RefCell<FxHashMap<PatternId, usize>>,
    documents: RefCell<FxHashMap<generic::GenericOptions, Rc<generic::Document<'a>>>>,
    /// Whether a limit was reached: something may be missing.
    pub(crate) is_cut: RefCell<bool>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(plan: &'a Plan, unit: &'a Unit<'a>) -> Self {
        Self::within(plan, unit, NodeId::ROOT)
    }

    fn within(plan: &'a Plan, unit: &'a Unit<'a>, within: NodeId) -> Self {
        Self {
            plan,
            unit,
            within,
            known: RefCell::default(),
            n_candidates: RefCell::default(),
            documents: RefCell::default(),
            is_cut: RefCell::new(false),
        }
    }

    /// What a clause matches. `context` is the range that a nested clause starts with.
    pub(crate) fn evaluate(&self, clause: &Clause, context: Option<&Range>) -> Vec<Range> {
        if self.n_candidates(clause) == 0 {
            return Vec::new();
        }
        let mut ranges = self.evaluate_kind(clause, context);
        if !clause.conditions.is_empty() {
            ranges = ranges.into_iter().flat_map(|range| self.checked(&clause.conditions, range)).collect();
        }
        if !clause.focus.is_empty() {
            ranges = ranges.into_iter().flat_map(|range| self.focus(&clause.focus, &range)).collect();
        }
        for range in &mut ranges {
            if let Some(fix) = &clause.fix {
                range.fix = Some(fix.clone());
            }
            if let (Some(name), Some(node)) = (clause.binds, range.node) {
                range.bindings.push(name, Bound::Node(node));
            }
        }
        self.limited(ranges)
    }

    /// The range in all ways in which it fulfils conditions. What one of them binds says nothing to the patterns of another.
    fn checked(&self, conditions: &[Check], range: Range) -> Vec<Range> {
        let n_bound = range.bindings.iter().count();
        let mut ranges = vec![range];
        for check in conditions {
            ranges = ranges.into_iter().flat_map(|range| self.check(check, range, n_bound)).collect();
        }
        ranges
    }

    fn evaluate_kind(&self, clause: &Clause, context: Option<&Range>) -> Vec<Range> {
        let with_kind = |ranges: Vec<Range>, kind| ranges.into_iter().map(|range| Range { kind, ..range }).collect();
        match &clause.kind {
            ClauseKind::Pattern { id, is_inside } => {
                let ranges = self.pattern(*id, *is_inside);
                // In a nested clause, what is bound outside is bound.
                match context {
                    Some(context) => {
                        let agreeing = ranges.iter().filter(|range| self.agree(&range.bindings, &context.bindings));
                        agreeing.map(|range| merged(range, context)).collect()
                    }
                    None => ranges.to_vec(),
                }
            }
            ClauseKind::Inside(part) => with_kind(self.evaluate(part, context), RangeKind::Inside),
            ClauseKind::Anywhere(part) => with_kind(self.evaluate(part, context), RangeKind::Anywhere),
            ClauseKind::Any(parts) => parts.iter().flat_map(|part| self.evaluate(part, context)).collect(),
            ClauseKind::Not(_) => Vec::new(),
            ClauseKind::All(parts) => self.all(parts, context),
        }
    }

    fn all(&self, parts: &[Clause], context: Option<&Range>) -> Vec<Range> {
        let positive = parts.iter().filter(|part| !matches!(part.kind, ClauseKind::Not(_)));
        let mut order: Vec<(usize, usize, &Clause)> =
            positive.enumerate().map(|(position, part)| (self.n_candidates(part), position, part)).collect();
        order.sort_unstable_by_key(|(n_candidates, position, _)| (*n_candidates, *position));
        let mut matched = Vec::new();
        for (n_candidates, position, part) in order {
            // All must match: one that does not ends it. Those that are tried at the fewest places are looked at first.
            let ranges = if n_candidates == 0 { Vec::new() } else { self.evaluate(part, context) };
            if ranges.is_empty() {
                return Vec::new();
            }
            matched.push((position, ranges));
        }
        matched.sort_unstable_by_key(|(position, _)| *position);
        let (mut plain, mut inside) = (Vec::new(), Vec::new());
        for (_, ranges) in matched {
            let is_inside = ranges.first().is_some_and(|range| range.kind == RangeKind::Inside);
            if is_inside { inside.push(ranges) } else { plain.push(ranges) }
        }
        let mut joined = plain.into_iter().chain(inside);
        let Some(first) = joined.next().or_else(|| context.map(|context| vec![context.clone()])) else { return Vec::new() };
        let mut ranges = first;
        for others in joined {
            ranges = self.intersection(&ranges, &others);
        }
        for part in parts {
            if ranges.is_empty() {
                break;
            }
            if let ClauseKind::Not(negated) = &part.kind {
                let others = self.evaluate(negated, context);
                ranges = self.difference(ranges, &others);
            }
        }
        ranges
    }

    /// The smaller of two ranges of which one holds the other, with the bindings of both.
    fn intersection(&self, ones: &[Range], others: &[Range]) -> Vec<Range> {
        let mut pairs: Vec<(usize, usize, bool)> = Vec::new();
        let mut add = |one: usize, other: usize, is_outer: bool| {
            let (Some(first), Some(second)) = (ones.get(one), others.get(other)) else { return };
            let (inner, outer) = if is_outer { (second, first) } else { (first, second) };
            // The same range twice is one range.
            let is_new = !is_outer || inner.range != outer.range;
            let is_compatible = inner.kind != RangeKind::Inside || outer.kind == RangeKind::Inside;
            if pairs.len() <= MAX_RANGES && is_new && is_compatible && self.agree(&inner.bindings, &outer.bindings) {
                pairs.push((one, other, is_outer));
            }
        };
        nested(ones, others, |inner, outer| add(inner, outer, false));
        nested(others, ones, |inner, outer| add(outer, inner, true));
        pairs.sort_unstable();
        let merged = pairs.into_iter().filter_map(|(one, other, is_outer)| {
            let (one, other) = (ones.get(one)?, others.get(other)?);
            Some(if is_outer { merged(other, one) } else { merged(one, other) })
        });
        let ranges = merged.collect();
        let ranges = deduplicated(ranges);
        self.limited(ranges)
    }

    fn difference(&self, ranges: Vec<Range>, taken: &[Range]) -> Vec<Range> {
        let mut is_taken = vec![false; ranges.len()];
        let mut take = |index: usize, other: &Range| {
            if let (Some(slot), Some(range)) = (is_taken.get_mut(index), ranges.get(index)) {
                *slot |= self.agree(&range.bindings, &other.bindings);
            }
        };
        nested(&ranges, taken, |index, other| {
            if let (Some(range), Some(other)) = (ranges.get(index), taken.get(other))
                && (other.kind != RangeKind::Plain || range.range == other.range)
            {
                take(index, other);
            }
        });
        if taken.iter().any(|other| other.kind == RangeKind::Regex) {
            nested(taken, &ranges, |other, index| {
                if let Some(other) = taken.get(other).filter(|other| other.kind == RangeKind::Regex) {
                    take(index, other);
                }
            });
        }
        ranges.into_iter().zip(is_taken).filter(|(_, is_taken)| !is_taken).map(|(range, _)| range).collect()
    }

    /// Whether what both bind is the same. Groups of expressions are no names that somebody chose.
    fn agree(&self, one: &Bindings, other: &Bindings) -> bool {
        one.iter().all(|(name, bound)| match other.get(name) {
            Some(known) => self.unit.is_equal(bound, known) || self.is_group(name),
            None => true,
        })
    }

    fn is_group(&self, name: Symbol) -> bool {
        self.unit.with_text(name, |text| {
            text.strip_prefix('$').is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()))
        })
    }

    /// Of each entry one metavariable; of all entries the common part.
    fn focus(&self, focus: &[Vec<Symbol>], range: &Range) -> Vec<Range> {
        let smaller = |one: (u32, u32), other: (u32, u32)| {
            let is_within = |inner: (u32, u32), outer: (u32, u32)| outer.0 <= inner.0 && inner.1 <= outer.1;
            if is_within(one, other) {
                Some(one)
            } else if is_within(other, one) {
                Some(other)
            } else {
                None
            }
        };
        let mut focused: Option<Vec<Place>> = None;
        for names in focus {
            let mut these = Vec::new();
            for name in names {
                let Some(bound) = range.bindings.get(*name) else { continue };
                let node = match bound {
                    Bound::Node(node) => Some(node),
                    Bound::Row { first, n: 1, .. } => first,
                    _ => None,
                };
                let at = self.unit.range_of(bound);
                if at.0 < at.1 {
                    these.extend(smaller(at, range.range).map(|range| (range, node)));
                }
            }
            focused = Some(match focused {
                None => these,
                Some(known) => {
                    let pairs = known.iter().flat_map(|one| these.iter().map(move |other| (*one, *other)));
                    pairs
                        .filter_map(|(one, other)| {
                            Some((smaller(one.0, other.0)?, if smaller(one.0, other.0)? == one.0 { one.1 } else { other.1 }))
                        })
                        .collect()
                }
            });
        }
        let ranges = focused.unwrap_or_default();
        ranges.into_iter().map(|(at, node)| Range { range: at, node, ..range.clone() }).collect()
    }

    /// At how many places a clause is tried, at most; zero if it matches nowhere.
    fn n_candidates(&self, clause: &Clause) -> usize {
        match &clause.kind {
            ClauseKind::Pattern { id, is_inside } => {
                if let Some(known) = self.known.borrow().get(&(*id, *is_inside)) {
                    return known.len();
                }
                let count = || match self.plan.patterns.get(id.0 as usize) {
                    Some(PlannedPattern { kind: PatternKind::Code(pattern), options }) => {
                        matching::n_candidates(self.unit, pattern, options)
                    }
                    Some(PlannedPattern { kind: PatternKind::Generic(pattern, _), .. })
                        if !pattern.required_words().iter().all(|word| self.unit.text.contains(word)) =>
                    {
                        0
                    }
                    // Text is looked through from end to end.
                    _ => self.unit.text.len(),
                };
                *self.n_candidates.borrow_mut().entry(*id).or_insert_with(count)
            }
            ClauseKind::All(parts) => {
                let positive = parts.iter().filter(|part| !matches!(part.kind, ClauseKind::Not(_)));
                positive.map(|part| self.n_candidates(part)).min().unwrap_or(1)
            }
            ClauseKind::Any(parts) => parts.iter().map(|part| self.n_candidates(part)).fold(0, usize::saturating_add),
            ClauseKind::Inside(part) | ClauseKind::Anywhere(part) => self.n_candidates(part),
            ClauseKind::Not(_) => 1,
        }
    }

    /// The matches of a pattern, in order.
    fn pattern(&self, id: PatternId, is_inside: bool) -> Rc<Vec<Range>> {
        let key = (id, is_inside);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let ranges = Rc::new(self.limited(self.matches(id, is_inside)));
        self.known.borrow_mut().insert(key, ranges.clone());
        ranges
    }

    fn matches(&self, id: PatternId, is_inside: bool) -> Vec<Range> {
        let Some(planned) = self.plan.patterns.get(id.0 as usize) else { return Vec::new() };
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        match &planned.kind {
            PatternKind::Code(pattern) => {
                let found = matching::find(self.unit, pattern, &planned.options, Within { root: self.within, is_inside });
                *self.is_cut.borrow_mut() |= found.is_cut;
                let range = |found: matching::PatternMatch| Range {
                    range: found.range,
                    node: Some(found.node),
                    bindings: found.bindings,
                    kind: RangeKind::Plain,
                    fix: None,
                };
                found.matches.into_iter().map(range).collect()
            }
            PatternKind::Generic(pattern, options) => {
                let document = self.document(options);
                let search = pattern.find(&document);
                *self.is_cut.borrow_mut() |= search.limit.is_some();
                let mut ranges = Vec::new();
                for found in search.matches {
                    let mut bindings = Bindings::default();
                    for capture in &found.captures {
                        let name = self.unit.symbols.borrow_mut().intern(&capture.name);
                        self.bind_text(&mut bindings, name, (narrow(capture.range.start), narrow(capture.range.end)));
                    }
                    ranges.push(Range {
                        range: (narrow(found.range.start), narrow(found.range.end)),
                        node: None,
                        bindings,
                        kind: RangeKind::Plain,
                        fix: None,
                    });
                }
                ranges
            }
            PatternKind::Regex(regex, names) => {
                let (from, to) = if self.within == NodeId::ROOT { (0, self.unit.text.len()) } else { self.text_range() };
                let text = self.unit.text.get(from..to).unwrap_or_default();
                let mut ranges = Vec::new();
                let place = |range: std::ops::Range<usize>| (narrow(from + range.start), narrow(from + range.end));
                for found in regex.captures_iter(text) {
                    let Outcome::Done(captures) = found else {
                        *self.is_cut.borrow_mut() = true;
                        break;
                    };
                    let mut bindings = Bindings::default();
                    for (number, _, group) in captures.iter() {
                        if let Some(name) = names.get(number) {
                            self.bind_text(&mut bindings, *name, place(group));
                        }
                    }
                    ranges.push(Range { range: place(captures.range()), node: None, bindings, kind: RangeKind::Regex, fix: None });
                    if MAX_RANGES < ranges.len() {
                        break;
                    }
                }
                ranges
            }
        }
    }

    fn text_range(&self) -> (usize, usize) {
        let (start, end) = self.unit.tree.range(self.within);
        (start as usize, end as usize)
    }

    fn bind_text(&self, bindings: &mut Bindings, name: Symbol, range: (u32, u32)) {
        let text = self.unit.text.get(range.0 as usize..range.1 as usize).unwrap_or_default();
        let symbol = self.unit.symbols.borrow_mut().intern(text);
        if bindings.get(name).is_none() {
            bindings.push(name, Bound::Text { symbol, range });
        }
    }

    fn document(&self, options: &generic::GenericOptions) -> Rc<generic::Document<'a>> {
        let key = options.for_document();
        if let Some(known) = self.documents.borrow().get(&key) {
            return known.clone();
        }
        let document = Rc::new(generic::Document::parse(self.unit.text, options));
        self.documents.borrow_mut().insert(key, document.clone());
        document
    }

    fn limited(&self, mut ranges: Vec<Range>) -> Vec<Range> {
        if MAX_RANGES < ranges.len() {
            *self.is_cut.borrow_mut() = true;
            ranges.truncate(MAX_RANGES);
        }
        ranges
    }
}

/// A range with the bindings of another one, too.
fn merged(range: &Range, other: &Range) -> Range {
    let mut merged = range.clone();
    for (name, bound) in other.bindings.iter() {
        if merged.bindings.get(name).is_none() {
            merged.bindings.push(name, bound);
        }
    }
    merged.fix = merged.fix.or_else(|| other.fix.clone());
    merged
}

/// Calls for each pair of ranges of which one lies within the other; all lie within one that is meant for anywhere.
fn nested(inners: &[Range], outers: &[Range], mut each: impl FnMut(usize, usize)) {
    let mut by_start: Vec<(u32, u32, usize)> =
        inners.iter().enumerate().map(|(index, inner)| (inner.range.0, inner.range.1, index)).collect();
    by_start.sort_unstable();
    for (outer_index, outer) in outers.iter().enumerate() {
        if outer.kind == RangeKind::Anywhere {
            (0..inners.len()).for_each(|inner| each(inner, outer_index));
            continue;
        }
        let from = by_start.partition_point(|(start, ..)| *start < outer.range.0);
        for (_, end, inner) in by_start.iter().skip(from).take_while(|(start, ..)| *start <= outer.range.1) {
            if *end <= outer.range.1 {
                each(*inner, outer_index);
            }
        }
    }
}

fn deduplicated(ranges: Vec<Range>) -> Vec<Range> {
    let mut by_range: FxHashMap<(u32, u32), Vec<usize>> = FxHashMap::default();
    let mut kept: Vec<Range> = Vec::new();
    for range in ranges {
        let same = by_range.entry(range.range).or_default();
        let is_known =
            same.iter().filter_map(|index| kept.get(*index)).any(|known| known.bindings == range.bindings && known.kind == range.kind);
        if !is_known {
            same.push(kept.len());
            kept.push(range);
        }
    }
    kept
}
