//! What was noted of files, with numbers that hold in the whole project.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::{FunctionId, Index, Owner, SinkId};
use crate::{
    ir::{NodeId, Symbol},
    project::facts::{Callee, FlowFacts, KeyFacts, OriginFacts, ShapeFacts, SourceFacts, TaintFacts},
    rule::{Label, Requires},
    taint::{Key, Origin, Path, Relabel, RuleMask, Shape, Step, Taint, Taints},
};

/// What was noted of the flow in all files.
///
/// Steps of ways are places here, numbered over all files.
#[derive(Debug, Default)]
pub(super) struct Loaded {
    pub(super) calls: Vec<Call>,
    pub(super) calls_of: FxHashMap<Owner, Vec<u32>>,
    pub(super) hits_of: FxHashMap<Owner, Vec<RawHit>>,
    pub(super) summaries: FxHashMap<FunctionId, Rc<Raw>>,
    pub(super) sinks: FxHashMap<SinkId, Sink>,
    pub(super) sources: Vec<Source>,
    pub(super) labels: Vec<Label>,
    /// The first place of each file.
    places: Vec<u32>,
}

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) file: u32,
    pub(super) owner: Owner,
    /// The position of the call among those of its file.
    position: (u32, u32),
    pub(super) arguments: Vec<(Option<u32>, Shape)>,
    pub(super) receiver: Shape,
    pub(super) harmless: RuleMask,
    /// Where the method is a word of containers: its name, and the parts that arguments mean.
    pub(super) word: Option<(u32, Vec<Key>)>,
    place: u32,
}

impl Call {
    /// Where it is, as a step.
    pub(super) fn at(&self) -> NodeId {
        NodeId(self.place)
    }

    pub(super) fn callee<'i>(&self, index: &'i Index) -> Option<&'i Callee> {
        let (flow, call) = self.position;
        Some(&index.files.get(self.file as usize)?.facts.flows.get(flow as usize)?.calls.get(call as usize)?.callee)
    }
}

/// A function as its file knows it.
#[derive(Debug, Default)]
pub(super) struct Raw {
    pub(super) returned: Shape,
    pub(super) receiver: Shape,
    pub(super) params: Vec<(u32, Shape)>,
    pub(super) hits: Vec<RawHit>,
}

#[derive(Debug, Clone)]
pub(super) struct RawHit {
    pub(super) sink: SinkId,
    pub(super) taint: Taint,
}

#[derive(Debug)]
pub(super) struct Sink {
    pub(super) rule: u8,
    pub(super) requires: Option<Requires>,
    pub(super) place: u32,
}

/// What a source is to the project.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) rules: RuleMask,
    pub(super) label: u16,
    /// What the data must carry; nothing if any will do.
    pub(super) requires: Option<Requires>,
}

impl Loaded {
    /// Loads what is about some of the rules. What is loaded is not kept twice: files keep their callees, sinks and places.
    pub(super) fn new(index: &mut Index, chunk: u32) -> Self {
        let mut loaded = Self { labels: vec![Label::default()], ..Self::default() };
        let mut n_places = 0_u32;
        for file in 0..u32::try_from(index.files.len()).unwrap_or(u32::MAX) {
            loaded.places.push(n_places);
            let flows = index.files.get_mut(file as usize).map(|file| &mut file.facts.flows);
            let Some((position, slot)) = flows.and_then(|flows| (0_u32..).zip(flows).find(|(_, flow)| flow.chunk == chunk)) else {
                continue;
            };
            let mut flow = std::mem::take(slot);
            Reader::new(&mut loaded, index, file, &flow, n_places).read(position);
            n_places = n_places.saturating_add(u32::try_from(flow.places.len()).unwrap_or(u32::MAX));
            (flow.steps, flow.summaries, flow.hits) = (Vec::new(), Vec::new(), Vec::new());
            for call in &mut flow.calls {
                (call.arguments, call.receiver) = (Vec::new(), ShapeFacts::default());
            }
            let flows = index.files.get_mut(file as usize).map(|file| &mut file.facts.flows);
            if let Some(slot) = flows.and_then(|flows| flows.get_mut(position as usize)) {
                *slot = flow;
            }
        }
        loaded
    }

    /// What taint that a source made of something open is, now that it is known what that carries.
    pub(super) fn known_of(&self, taint: &Taint, carried: Shape) -> Shape {
        let Some(index) = taint.given else { return carried };
        let Some(source) = self.sources.get(index as usize) else { return carried };
        let relabel = Relabel {
            source: index,
            rules: source.rules,
            label: source.label,
            rules_of: &|origin| match origin {
                Origin::Source(index) => self.sources.get(index as usize).map_or(0, |source| source.rules),
                Origin::Param(..) | Origin::Result(..) | Origin::Effect(..) => RuleMask::MAX,
            },
            holds: &|labels| source.requires.as_ref().is_none_or(|requires| self.holds(requires, labels)),
        };
        Shape::of(relabel.of(&carried.all()))
    }

    /// Whether labels fulfil what is asked for.
    pub(super) fn holds(&self, requires: &Requires, labels: &[u16]) -> bool {
        requires.holds(&|wanted| labels.iter().any(|label| self.labels.get(usize::from(*label)) == Some(wanted)))
    }

    /// A place that is a step: its file, and its number there.
    pub(super) fn place(&self, step: NodeId) -> Option<(u32, u32)> {
        let file = self.places.partition_point(|first| *first <= step.0).checked_sub(1)?;
        Some((u32::try_from(file).ok()?, step.0 - self.places.get(file)?))
    }
}

/// The part of a value that a word names. Words of the project take the place of symbols: they need only be told apart.
pub(super) fn field(word: u32) -> Key {
    Key::Field(Symbol::of_number(word))
}

/// Reads the flow of one file.
struct Reader<'r> {
    loaded: &'r mut Loaded,
    index: &'r Index,
    file: u32,
    flow: &'r FlowFacts,
    first_place: u32,
    first_call: u32,
    first_source: u32,
    labels: Vec<u16>,
    steps: Vec<Rc<Step>>,
}

impl<'r> Reader<'r> {
    fn new(loaded: &'r mut Loaded, index: &'r Index, file: u32, flow: &'r FlowFacts, first_place: u32) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let labels = flow.labels.iter().map(|label| {
            let known = loaded.labels.iter().position(|known| known == label);
            let position = known.unwrap_or_else(|| {
                loaded.labels.push(label.clone());
                loaded.labels.len() - 1
            });
            u16::try_from(position).unwrap_or(0)
        });
        let labels = labels.collect();
        let (first_call, first_source) = (number(loaded.calls.len()), number(loaded.sources.len()));
        Self { loaded, index, file, flow, first_place, first_call, first_source, labels, steps: Vec::new() }
    }

    fn read(mut self, position: u32) {
        let flow = self.flow;
        for (place, before) in &flow.steps {
            let before = before.checked_sub(1).and_then(|before| self.steps.get(before as usize)).cloned();
            let node = NodeId(self.first_place + place);
            let length = before.as_ref().map_or(1, |before| before.length + 1);
            self.steps.push(Rc::new(Step { node, before, length }));
        }
        let label = |label: u16| self.labels.get(usize::from(label)).copied().unwrap_or(0);
        let source = |source: &SourceFacts| Source { rules: source.rules, label: label(source.label), requires: source.requires.clone() };
        self.loaded.sources.extend(flow.sources.iter().map(source));
        for (number, sink) in (0..).zip(&flow.sinks) {
            let known = Sink { rule: sink.rule & 127, requires: sink.requires.clone(), place: sink.place };
            self.loaded.sinks.insert((self.file, number), known);
        }
        for (number, facts) in (0_u32..).zip(&flow.calls) {
            let owner = (self.file, facts.owner);
            let name_of = |name: &Option<u32>| name.map(|name| self.index.word_in(self.file, name));
            let call = Call {
                file: self.file,
                owner,
                position: (position, number),
                arguments: facts.arguments.iter().map(|(name, shape)| (name_of(name), self.shape(shape))).collect(),
                receiver: self.shape(&facts.receiver),
                harmless: facts.harmless,
                word: facts
                    .word
                    .as_ref()
                    .map(|(name, keys)| (self.index.word_in(self.file, *name), keys.iter().map(|key| self.key(*key)).collect())),
                place: self.first_place + facts.place,
            };
            self.loaded.calls_of.entry(owner).or_default().push(self.first_call + number);
            self.loaded.calls.push(call);
        }
        for (function, summary) in &flow.summaries {
            let hits = summary.hits.iter().map(|(sink, taint)| RawHit { sink: (self.file, *sink), taint: self.taint(taint) });
            let raw = Raw {
                returned: self.shape(&summary.returned),
                receiver: self.shape(&summary.receiver),
                params: summary.params.iter().map(|(index, shape)| (*index, self.shape(shape))).collect(),
                hits: hits.collect(),
            };
            self.loaded.summaries.insert((self.file, *function), Rc::new(raw));
        }
        for hit in &flow.hits {
            let raw = RawHit { sink: (self.file, hit.sink), taint: self.taint(&hit.taint) };
            self.loaded.hits_of.entry((self.file, hit.owner)).or_default().push(raw);
        }
    }

    fn shape(&self, facts: &ShapeFacts) -> Shape {
        let mut own = Taints::default();
        facts.own.iter().for_each(|taint| own.add(self.taint(taint)));
        let mut shape = Shape::of(own);
        shape.length = facts.length;
        for (key, part) in &facts.parts {
            shape.put(self.key(*key), self.shape(part));
        }
        shape
    }

    fn taint(&self, facts: &TaintFacts) -> Taint {
        let origin = match &facts.origin {
            OriginFacts::Source(index) => Origin::Source(self.first_source.saturating_add(*index)),
            OriginFacts::Param(index, path) => Origin::Param(*index, self.path(path)),
            OriginFacts::Result(call, path) => Origin::Result(self.first_call.saturating_add(*call), self.path(path)),
            OriginFacts::Effect(call, argument, path) => Origin::Effect(self.first_call.saturating_add(*call), *argument, self.path(path)),
        };
        let trace = facts.step.checked_sub(1).and_then(|step| self.steps.get(step as usize)).cloned();
        let label = self.labels.get(usize::from(facts.label)).copied().unwrap_or(0);
        let given = facts.given.map(|index| self.first_source.saturating_add(index));
        Taint { origin, label, given, sanitized: facts.sanitized, trace }
    }

    fn path(&self, keys: &[KeyFacts]) -> Path {
        keys.iter().fold(Path::default(), |path, key| path.then(self.key(*key)))
    }

    fn key(&self, key: KeyFacts) -> Key {
        match key {
            KeyFacts::Field(text) => field(self.index.word_in(self.file, text)),
            KeyFacts::Index(index) => Key::Index(index),
            KeyFacts::Any => Key::Any,
        }
    }
}
