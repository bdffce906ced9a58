//! From what was found in a file to what is noted of it.

use rustc_hash::{FxHashMap, FxHashSet};

use bartizan_core::{ByteRange, LineIndex};

use super::{
    facts::{CallFacts, FlowFacts, HitFacts, KeyFacts, OriginFacts, Place, ShapeFacts, SinkFacts, SourceFacts, SummaryFacts, TaintFacts},
    outline::Outline,
};
use crate::{
    ir::NodeId,
    rule::{Label, Requires, SinkRequires, TaintFocus},
    taint::{Hit, Key, Marks, Open, Origin, Path, Shape, Step, Taint},
};

/// What is noted of the flow in a file, and which sinks may be reached from other files.
pub(crate) struct Flows {
    pub(crate) facts: FlowFacts,
    /// Sinks by their index among the marks, in the order of [`FlowFacts::sinks`].
    pub(crate) sinks: Vec<u32>,
}

/// Encodes the flow of one pass over a file.
pub(crate) struct Encoder<'e> {
    outline: &'e Outline<'e>,
    marks: &'e Marks<'e>,
    lines: &'e LineIndex,
    facts: FlowFacts,
    places: FxHashMap<NodeId, u32>,
    steps: FxHashMap<*const Step, u32>,
    sinks: Vec<u32>,
    by_sink: FxHashMap<(usize, (u32, u32)), u32>,
    /// Calls that count, by their number: what they are renumbered to.
    calls: FxHashMap<u32, u32>,
}

impl<'e> Encoder<'e> {
    /// Encodes what is open in a file. `is_reported` says that a sink is reported already.
    pub(crate) fn encode(
        outline: &'e Outline<'e>,
        marks: &'e Marks<'e>,
        lines: &'e LineIndex,
        chunk: u32,
        open: &Open,
        is_reported: &dyn Fn(u32) -> bool,
    ) -> Flows {
        let mut encoder = Self {
            outline,
            marks,
            lines,
            facts: FlowFacts { chunk, labels: marks.labels().to_vec(), ..FlowFacts::default() },
            places: FxHashMap::default(),
            steps: FxHashMap::default(),
            sinks: Vec::new(),
            by_sink: FxHashMap::default(),
            calls: FxHashMap::default(),
        };
        encoder.facts.sources = marks
            .sources
            .iter()
            .map(|source| SourceFacts { rules: source.rules, label: source.label, requires: source.requires.cloned() })
            .collect();
        encoder.all(open, is_reported);
        Flows { facts: encoder.facts, sinks: encoder.sinks }
    }

    fn all(&mut self, open: &Open, is_reported: &dyn Fn(u32) -> bool) {
        let needed = needed(open);
        for number in &needed {
            let next = u32::try_from(self.calls.len()).unwrap_or(u32::MAX);
            self.calls.insert(*number, next);
        }
        for number in needed {
            let Some(call) = open.calls.get(number as usize) else { continue };
            let facts = CallFacts {
                owner: self.outline.function(call.owner),
                callee: call.callee.clone(),
                arguments: call.arguments.iter().map(|(name, shape)| (*name, self.shape(shape))).collect(),
                receiver: self.shape(&call.receiver),
                word: call.word.as_ref().map(|(name, keys)| (*name, keys.iter().map(|key| self.key(*key)).collect())),
                harmless: call.harmless,
                place: self.place(call.node),
            };
            self.facts.calls.push(facts);
        }
        for (function, summary) in &open.summaries {
            let Some(number) = self.outline.function(*function) else { continue };
            let hits =
                summary.hits.iter().filter(|hit| !is_reported(hit.sink)).filter_map(|hit| Some((self.sink(hit)?, self.taint(&hit.taint))));
            let hits = hits.collect();
            let facts = SummaryFacts {
                returned: self.shape(&summary.returned),
                receiver: self.shape(&summary.receiver),
                params: summary.params.iter().map(|(index, shape)| (*index, self.shape(shape))).collect(),
                hits,
            };
            self.facts.summaries.push((number, facts));
        }
        for (owner, hit) in open.hits.iter().filter(|(_, hit)| !is_reported(hit.sink)) {
            if let Some(sink) = self.sink(hit) {
                let facts = HitFacts { owner: self.outline.function(*owner), sink, taint: self.taint(&hit.taint) };
                self.facts.hits.push(facts);
            }
        }
    }

    /// A sink that data from other files may reach; nothing if its rule can't say so.
    fn sink(&mut self, hit: &Hit) -> Option<u32> {
        let sink = self.marks.sinks.get(hit.sink as usize)?;
        // The same place for the same rule is one sink, whatever part of the rule says so.
        if let Some(known) = self.by_sink.get(&(sink.rule, sink.range)) {
            return Some(*known);
        }
        let requires = match sink.requires {
            SinkRequires::Default => Some(Requires::Label(Label::default())),
            SinkRequires::Whole(requires) => Some(requires.clone()),
            SinkRequires::Each(_) => return None,
        };
        let options = self.marks.rule(sink.rule)?.options;
        if options.taint_unify_mvars || options.taint_focus_on == TaintFocus::Source {
            return None;
        }
        let number = u32::try_from(self.sinks.len()).ok()?;
        let place = self.place(sink.node);
        let rule = u8::try_from(sink.rule).ok()?;
        self.facts.sinks.push(SinkFacts { rule, place, requires, pending: u32::MAX });
        self.sinks.push(hit.sink);
        self.by_sink.insert((sink.rule, sink.range), number);
        Some(number)
    }

    fn shape(&mut self, shape: &Shape) -> ShapeFacts {
        let own = shape.own.iter().filter_map(|taint| self.kept(taint)).collect();
        let parts = shape.parts().iter().map(|(key, part)| (self.key(*key), self.shape(part))).collect();
        ShapeFacts { own, parts, length: shape.length }
    }

    /// Taint of a call that does not count is none.
    fn kept(&mut self, taint: &Taint) -> Option<TaintFacts> {
        match taint.origin {
            Origin::Result(call, _) | Origin::Effect(call, ..) if !self.calls.contains_key(&call) => None,
            _ => Some(self.taint(taint)),
        }
    }

    fn taint(&mut self, taint: &Taint) -> TaintFacts {
        let call = |calls: &FxHashMap<u32, u32>, call| calls.get(&call).copied().unwrap_or(u32::MAX);
        let origin = match taint.origin {
            Origin::Source(index) => OriginFacts::Source(index),
            Origin::Param(index, path) => OriginFacts::Param(index, self.path(path)),
            Origin::Result(number, path) => OriginFacts::Result(call(&self.calls, number), self.path(path)),
            Origin::Effect(number, argument, path) => OriginFacts::Effect(call(&self.calls, number), argument, self.path(path)),
        };
        let step = taint.trace.as_ref().map_or(0, |step| self.step(step));
        TaintFacts { origin, label: taint.label, given: taint.given, sanitized: taint.sanitized, step }
    }

    fn path(&self, path: Path) -> Vec<KeyFacts> {
        path.keys().map(|key| self.key(key)).collect()
    }

    fn key(&self, key: Key) -> KeyFacts {
        match key {
            Key::Field(symbol) => KeyFacts::Field(self.outline.text(symbol)),
            Key::Index(index) => KeyFacts::Index(index),
            Key::Any => KeyFacts::Any,
        }
    }

    /// The number of a step plus one.
    fn step(&mut self, step: &std::rc::Rc<Step>) -> u32 {
        // The first one on the way that is not known, and all after it.
        let mut fresh = Vec::new();
        let mut at = Some(step);
        let mut before = 0;
        while let Some(step) = at {
            if let Some(known) = self.steps.get(&std::rc::Rc::as_ptr(step)) {
                before = *known;
                break;
            }
            fresh.push(step);
            at = step.before.as_ref();
        }
        for step in fresh.into_iter().rev() {
            let place = self.place(step.node);
            self.facts.steps.push((place, before));
            before = u32::try_from(self.facts.steps.len()).unwrap_or(u32::MAX);
            self.steps.insert(std::rc::Rc::as_ptr(step), before);
        }
        before
    }

    fn place(&mut self, node: NodeId) -> u32 {
        if let Some(known) = self.places.get(&node) {
            return *known;
        }
        let unit = self.outline.unit;
        let bytes = unit.tree.range(node);
        let region = self.lines.region(unit.text, ByteRange::new(bytes.0 as usize, bytes.1 as usize));
        let number = u32::try_from(self.facts.places.len()).unwrap_or(u32::MAX);
        let (start, end) = ((region.start.line, region.start.column), (region.end.line, region.end.column));
        self.facts.places.push(Place { bytes, start, end });
        self.places.insert(node, number);
        number
    }
}

/// The calls that count: those that are given something, and those whose result goes somewhere.
fn needed(open: &Open) -> Vec<u32> {
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut next: Vec<u32> = Vec::new();
    let mut note = |taint: &Taint, next: &mut Vec<u32>| {
        if let Origin::Result(call, _) | Origin::Effect(call, ..) = taint.origin
            && seen.insert(call)
        {
            next.push(call);
        }
    };
    for (number, call) in (0_u32..).zip(&open.calls) {
        let is_given = call.arguments.iter().map(|(_, shape)| shape).chain([&call.receiver]).any(|shape| !shape.is_clean());
        if is_given {
            let result = Taint { origin: Origin::Result(number, Path::default()), label: 0, given: None, sanitized: 0, trace: None };
            note(&result, &mut next);
        }
    }
    for (_, hit) in &open.hits {
        note(&hit.taint, &mut next);
    }
    for (_, summary) in &open.summaries {
        summary.hits.iter().for_each(|hit| note(&hit.taint, &mut next));
        for shape in summary.params.iter().map(|(_, shape)| shape).chain([&summary.returned, &summary.receiver]) {
            shape.all().iter().for_each(|taint| note(taint, &mut next));
        }
    }
    // What they are given may be the result of another one, whose arguments are clean.
    while let Some(number) = next.pop() {
        if let Some(call) = open.calls.get(number as usize) {
            for shape in call.arguments.iter().map(|(_, shape)| shape).chain([&call.receiver]) {
                shape.all().iter().for_each(|taint| note(taint, &mut next));
            }
        }
    }
    let mut all: Vec<u32> = seen.into_iter().collect();
    all.sort_unstable();
    all
}
