//! What is known of functions once they were put together, for people.

use super::{Index, Solver, solver};
use crate::{
    project::{facts::Place, index::FunctionId},
    taint::{Key, Origin, Path, RECEIVER, RuleMask, Shape, Taint},
};

/// What flows through a function, in terms of its parameters.
#[derive(Debug)]
pub(in crate::project) struct Known {
    pub(in crate::project) function: FunctionId,
    pub(in crate::project) from: From,
    pub(in crate::project) to: To,
    /// The rules for which it is not harmless.
    pub(in crate::project) rules: RuleMask,
}

/// Where something comes from; with the part of it that is meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::project) enum From {
    Param(u32, String),
    Receiver(String),
    /// What a source matched: the file, and the place.
    Source(u32, (u32, u32), (u32, u32)),
}

/// Where something goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::project) enum To {
    Returned(String),
    Receiver(String),
    Param(u32, String),
    /// A sink of a rule, by its bit: the file, and the place.
    Sink(u8, u32, (u32, u32), (u32, u32)),
}

/// What flows through all functions for some of the rules, and whether a limit was reached.
pub(in crate::project) fn known(index: &mut Index, chunk: u32) -> (Vec<Known>, bool) {
    let solver = solver(index, chunk);
    let mut functions: Vec<FunctionId> = solver.summaries.keys().copied().collect();
    functions.sort_unstable();
    let mut all = Vec::new();
    for function in functions {
        let Some(summary) = solver.summaries.get(&function) else { continue };
        let mut describer = Describer { solver: &solver, chunk, function, all: &mut all };
        describer.shape(&summary.returned, "", &To::Returned);
        describer.shape(&summary.receiver, "", &To::Receiver);
        for (param, shape) in &summary.params {
            describer.shape(shape, "", &|path| To::Param(*param, path));
        }
        for hit in summary.hits.all() {
            let Some(sink) = solver.loaded.sinks.get(&hit.sink) else { continue };
            let Some(place) = describer.place(hit.sink.0, sink.place) else { continue };
            let to = To::Sink(sink.rule, hit.sink.0, place.start, place.end);
            describer.taint(&hit.taint, to, 1 << sink.rule);
        }
    }
    (all, solver.solved.cut.is_some())
}

struct Describer<'d> {
    solver: &'d Solver<'d>,
    chunk: u32,
    function: FunctionId,
    all: &'d mut Vec<Known>,
}

impl Describer<'_> {
    /// What a value and its parts carry.
    fn shape(&mut self, shape: &Shape, path: &str, to: &dyn Fn(String) -> To) {
        for taint in shape.own.iter() {
            self.taint(taint, to(path.to_owned()), RuleMask::MAX);
        }
        for (key, part) in shape.parts() {
            self.shape(part, &format!("{path}{}", self.key(*key)), to);
        }
    }

    fn taint(&mut self, taint: &Taint, to: To, rules: RuleMask) {
        let path = |path: Path| path.keys().map(|key| self.key(key)).collect::<String>();
        let (from, of_source) = match taint.origin {
            Origin::Param(RECEIVER, keys) => (From::Receiver(path(keys)), RuleMask::MAX),
            Origin::Param(index, keys) => (From::Param(index, path(keys)), RuleMask::MAX),
            Origin::Source(number) => {
                // The way starts at the source.
                let first = std::iter::successors(taint.trace.as_ref(), |step| step.before.as_ref()).last();
                let Some((file, place)) = first.and_then(|step| self.solver.loaded.place(step.node)) else { return };
                let Some(place) = self.place(file, place) else { return };
                let rules = self.solver.loaded.sources.get(number as usize).map_or(0, |source| source.rules);
                (From::Source(file, place.start, place.end), rules)
            }
            // What nobody knows is nothing.
            Origin::Result(..) | Origin::Effect(..) => return,
        };
        let rules = rules & of_source & !taint.sanitized;
        self.all.push(Known { function: self.function, from, to, rules });
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Field(word) => format!(".{}", self.solver.index.text(word.number())),
            Key::Index(index) => format!("[{index}]"),
            Key::Any => "[…]".to_owned(),
        }
    }

    fn place(&self, file: u32, place: u32) -> Option<Place> {
        let flows = &self.solver.index.files.get(file as usize)?.facts.flows;
        flows.iter().find(|flow| flow.chunk == self.chunk)?.places.get(place as usize).copied()
    }
}
