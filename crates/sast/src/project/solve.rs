//! Puts functions together over files, from the callees up.
//!
//! A function is known by its summary: what it gives back, what it does to what it is given, and which sinks that arrives at,
//! all in terms of its parameters. Calls of functions that call each other are repeated until nothing changes. Everything is
//! bounded by steps; what a limit cuts off is said.

mod describe;
mod load;
mod order;

use std::{collections::BTreeMap, rc::Rc};

use rustc_hash::{FxHashMap, FxHashSet};

pub(super) use self::describe::{From, Known, To, known};
use self::load::{Call, Loaded, Raw, RawHit};
use super::index::{FunctionId, Index, Target};
use crate::taint::{Origin, Path, RECEIVER, RuleMask, Shape, Step, Taint, Taints, run_container};

/// How many steps the whole project may take.
pub(super) const MAX_STEPS: u64 = 40_000_000;

/// How many steps functions that call each other may take, and each of them in addition: past that, what they call passes on
/// what it is given, as unknown functions do.
const MAX_STEPS_TOGETHER: u64 = 200_000;
const MAX_STEPS_OF_ONE: u64 = 50_000;

/// How often functions that call each other are repeated.
const MAX_ROUNDS: usize = 16;

/// From this round on what was known stays: functions that go back and forth come to rest with all that they may do.
const FIRST_ROUND_THAT_KEEPS: usize = 6;

/// How often the calls of one function are run that depend on each other in a loop.
const MAX_LOOPS: usize = 3;

/// How many ways to sinks one function passes on.
const MAX_HITS: usize = 512;

/// A sink that data arrives at, and how.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    /// Places, from the source on: the file, and the number of the place there.
    pub(super) way: Vec<(u32, u32)>,
    source: u32,
}

/// A sink: its file, and its number there.
pub(super) type SinkId = (u32, u32);

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Solved {
    pub(super) arrivals: BTreeMap<SinkId, Arrival>,
    /// The limit that was reached; of several the one that cuts off most.
    pub(super) cut: Option<Cut>,
}

/// A limit, from the one that cuts off least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    Rounds,
    StepsOfFunctions,
    Steps,
}

impl Cut {
    /// What came of it, and which limit it was.
    pub(super) const fn describe(self) -> (&'static str, &'static str, u64) {
        match self {
            Self::Rounds => ("functions that call each other still changed after many rounds", "max-flow-rounds", MAX_ROUNDS as u64),
            Self::StepsOfFunctions => {
                ("functions took too many steps, and what they call was taken for unknown", "max-flow-steps-of-function", MAX_STEPS_OF_ONE)
            }
            Self::Steps => ("following data across files took too many steps, and ended", "max-flow-steps", MAX_STEPS),
        }
    }
}

/// A function or a file as a whole, with what is in other files.
#[derive(Debug, Default)]
struct Summary {
    returned: Shape,
    receiver: Shape,
    params: Vec<(u32, Shape)>,
    hits: Hits,
}

#[derive(Debug, Clone)]
struct Hit {
    sink: SinkId,
    taint: Taint,
}

/// What a call does.
#[derive(Debug, Clone, Default)]
struct Done {
    returned: Shape,
    receiver: Shape,
    arguments: Vec<(u32, Shape)>,
}

/// Where calls are: in a function, or in a file outside of all.
type Owner = (u32, Option<u32>);

struct Solver<'i> {
    index: &'i Index,
    loaded: Loaded,
    targets: Vec<Option<Rc<Target>>>,
    summaries: FxHashMap<FunctionId, Rc<Summary>>,
    solved: Solved,
    n_steps: u64,
    /// Up to how many steps calls of the functions at hand are followed.
    max_steps: u64,
}

/// Follows what flows between the files of an index, for some of the rules.
pub(super) fn solve(index: &mut Index, chunk: u32) -> Solved {
    solver(index, chunk).solved
}

fn solver(index: &mut Index, chunk: u32) -> Solver<'_> {
    let loaded = Loaded::new(index, chunk);
    let index: &Index = index;
    let targets = loaded.calls.iter().map(|call| index.target(call.file, call.callee(index)?, call.arguments.len()).map(Rc::new)).collect();
    let mut solver =
        Solver { index, loaded, targets, summaries: FxHashMap::default(), solved: Solved::default(), n_steps: 0, max_steps: 0 };
    for component in order::components(&solver.loaded, &solver.targets) {
        solver.component(&component);
    }
    for file in 0..u32::try_from(index.files.len()).unwrap_or(u32::MAX) {
        solver.allow(1);
        solver.owner((file, None), None);
        solver.note_limit();
    }
    if MAX_STEPS < solver.n_steps {
        solver.solved.cut = Some(Cut::Steps);
    }
    solver
}

impl Solver<'_> {
    fn step(&mut self) -> bool {
        self.n_steps += 1;
        self.n_steps <= MAX_STEPS
    }

    /// Lets some functions take their steps.
    fn allow(&mut self, n_functions: usize) {
        let n_functions = u64::try_from(n_functions).unwrap_or(u64::MAX);
        self.max_steps = self.n_steps + MAX_STEPS_TOGETHER + n_functions.saturating_mul(MAX_STEPS_OF_ONE);
    }

    fn note_limit(&mut self) {
        if self.max_steps < self.n_steps {
            self.solved.cut = self.solved.cut.max(Some(Cut::StepsOfFunctions));
        }
    }

    /// Functions that call each other, or one that calls none of them.
    fn component(&mut self, functions: &[FunctionId]) {
        self.allow(functions.len());
        self.repeat(functions);
        self.note_limit();
    }

    fn repeat(&mut self, functions: &[FunctionId]) {
        for round in 0..MAX_ROUNDS {
            let mut is_settled = true;
            for function in functions {
                let owner = (function.0, Some(function.1));
                let raw = self.loaded.summaries.get(function).cloned();
                let mut summary = self.owner(owner, raw.as_deref());
                let known = self.summaries.get(function);
                let is_known = known.is_some_and(|known| summary.is_covered_by(known));
                if let Some(known) = known.filter(|_| FIRST_ROUND_THAT_KEEPS <= round) {
                    summary.join(known);
                }
                is_settled &= is_known;
                if !is_known {
                    self.summaries.insert(*function, Rc::new(summary));
                }
            }
            // One that does not call itself is known at once.
            let calls_itself = 1 < functions.len() || functions.first().is_some_and(|only| self.calls_itself(*only));
            if is_settled || !calls_itself {
                return;
            }
            if round + 1 == MAX_ROUNDS {
                self.solved.cut = self.solved.cut.max(Some(Cut::Rounds));
            }
        }
    }

    fn calls_itself(&self, function: FunctionId) -> bool {
        let calls = self.loaded.calls_of.get(&(function.0, Some(function.1)));
        calls.into_iter().flatten().any(|call| {
            self.targets.get(*call as usize).and_then(Option::as_ref).is_some_and(|target| target.functions.contains(&function))
        })
    }

    /// Runs the calls of a function, or of a file, and says what it does.
    fn owner(&mut self, owner: Owner, raw: Option<&Raw>) -> Summary {
        let mut run = Run { owner, ..Run::default() };
        let calls = self.loaded.calls_of.get(&owner).cloned().unwrap_or_default();
        for round in 1..=MAX_LOOPS {
            for call in &calls {
                self.call(&mut run, *call);
            }
            if !std::mem::take(&mut run.is_circular) || round == MAX_LOOPS {
                break;
            }
            // Calls of a loop are given what they made before.
            run.before = std::mem::take(&mut run.done);
        }
        let hits: Vec<RawHit> = self.loaded.hits_of.get(&owner).cloned().unwrap_or_default();
        for hit in &hits {
            for taint in self.known(&mut run, &hit.taint).all().iter() {
                self.arrive(&mut run, hit.sink, taint);
            }
        }
        let Some(raw) = raw else { return Summary::default() };
        for hit in &raw.hits {
            run.hits.note(Hit { sink: hit.sink, taint: hit.taint.clone() });
        }
        Summary {
            returned: self.whole(&mut run, &raw.returned).limited(),
            receiver: self.whole(&mut run, &raw.receiver).limited(),
            params: raw.params.iter().map(|(index, shape)| (*index, self.whole(&mut run, shape).limited())).collect(),
            hits: run.hits,
        }
    }

    /// A shape with the results of calls in it.
    fn whole(&mut self, run: &mut Run, shape: &Shape) -> Shape {
        shape.instantiated(&mut |taint| self.known(run, taint))
    }

    /// What taint stands for.
    fn known(&mut self, run: &mut Run, taint: &Taint) -> Shape {
        if !self.step() {
            return Shape::default();
        }
        let (call, value): (u32, fn(&Done, u32) -> Shape) = match taint.origin {
            Origin::Source(_) | Origin::Param(..) => {
                let mut own = Taints::default();
                own.add(taint.clone());
                return Shape::of(own);
            }
            Origin::Result(call, _) => (call, |done, _| done.returned.clone()),
            Origin::Effect(call, ..) => (call, |done, argument| match argument {
                RECEIVER => done.receiver.clone(),
                _ => done.arguments.iter().find(|(index, _)| *index == argument).map(|(_, shape)| shape.clone()).unwrap_or_default(),
            }),
        };
        let (argument, path) = match taint.origin {
            Origin::Result(_, path) => (0, path),
            Origin::Effect(_, argument, path) => (argument, path),
            Origin::Source(_) | Origin::Param(..) => (0, Path::default()),
        };
        // What a call gives back in another function: its parameters are not ours.
        let owner = self.loaded.calls.get(call as usize).map(|call| call.owner);
        let is_foreign = owner != Some(run.owner);
        self.call(run, call);
        let Some(done) = run.done.get(&call).or_else(|| run.before.get(&call)) else { return Shape::default() };
        let mut shape = value(done, argument).at(path);
        if is_foreign {
            shape.retain(&mut |taint| !matches!(taint.origin, Origin::Param(..)));
        }
        self.n_steps += u64::try_from(shape.size()).unwrap_or(u64::MAX);
        let mut shape = self.loaded.known_of(taint, shape);
        shape.for_each(&mut |inner| {
            inner.sanitized |= taint.sanitized;
            inner.trace = after(inner.trace.as_ref(), taint.trace.as_ref());
        });
        shape
    }

    /// Runs a call, once.
    fn call(&mut self, run: &mut Run, number: u32) {
        if run.done.contains_key(&number) || MAX_WAITING <= run.running.len() || !self.step() {
            return;
        }
        if !run.running.insert(number) {
            run.is_circular = true;
            return;
        }
        let Some(call) = self.loaded.calls.get(number as usize).cloned() else { return };
        let arguments: Vec<Shape> = call.arguments.iter().map(|(_, shape)| self.whole(run, shape)).collect();
        let receiver = self.whole(run, &call.receiver);
        let target = self.targets.get(number as usize).cloned().flatten();
        let done = match target {
            Some(target) if self.n_steps < self.max_steps => self.resolved(run, &call, &target, &arguments, &receiver),
            _ => self.unresolved(&call, &arguments, &receiver),
        };
        run.running.remove(&number);
        let arguments = done.arguments.into_iter().map(|(index, shape)| (index, shape.limited())).collect();
        let done = Done { returned: done.returned.limited(), receiver: done.receiver.limited(), arguments };
        run.done.insert(number, done);
    }

    /// A call of functions of the project.
    fn resolved(&mut self, run: &mut Run, call: &Call, target: &Target, arguments: &[Shape], receiver: &Shape) -> Done {
        let mut done = Done { receiver: receiver.clone(), ..Done::default() };
        if target.class.is_some() && target.functions.is_empty() {
            return self.made(call, target, arguments);
        }
        if !target.functions.iter().any(|function| self.summaries.contains_key(function) || self.loaded.summaries.contains_key(function)) {
            return self.unresolved(call, arguments, receiver);
        }
        for function in &target.functions {
            let Some(facts) = self.index.function(*function) else { continue };
            let Some(summary) = self.summaries.get(function).cloned() else { continue };
            let names: Vec<u32> = facts.params.iter().map(|name| self.index.word_in(function.0, *name)).collect();
            let mut given = vec![Shape::default(); names.len()];
            // Which argument each parameter gets, if it is one alone.
            let mut from: Vec<Option<u32>> = vec![None; names.len()];
            let mut position = 0;
            for ((argument, (name, _)), value) in (0_u32..).zip(&call.arguments).zip(arguments) {
                let slot = match name {
                    Some(name) => names.iter().position(|param| param == name),
                    None => {
                        position += 1;
                        Some((position - 1).min(names.len().saturating_sub(1)))
                    }
                };
                if let Some(slot) = slot
                    && let (Some(shape), Some(known)) = (given.get_mut(slot), from.get_mut(slot))
                {
                    shape.join(value);
                    *known = Some(argument);
                }
            }
            for hit in summary.hits.all() {
                let Origin::Param(index, path) = hit.taint.origin else { continue };
                let Some(shape) = (if index == RECEIVER { Some(receiver) } else { given.get(index as usize) }) else { continue };
                for taint in self.loaded.known_of(&hit.taint, shape.at(path)).all().iter() {
                    self.n_steps += 1;
                    let mut through = taint.clone();
                    through.sanitized |= hit.taint.sanitized;
                    through.trace = after(Step::then(through.trace.as_ref(), call.at()).as_ref(), hit.taint.trace.as_ref());
                    self.arrive(run, hit.sink, &through);
                }
            }
            let mut n_put = 0;
            let loaded = &self.loaded;
            let mut put = |shape: &Shape| put(loaded, shape, (&given, receiver), call, &mut n_put).limited();
            if target.class.is_some() {
                done.returned.join(&put(&summary.receiver));
            } else {
                done.returned.join(&put(&summary.returned));
                done.receiver.join(&put(&summary.receiver));
            }
            for (index, shape) in &summary.params {
                if let Some(argument) = from.get(*index as usize).copied().flatten() {
                    done.arguments.push((argument, put(shape)));
                }
            }
            // What is large takes long to put in.
            self.n_steps += u64::try_from(n_put).unwrap_or(u64::MAX);
        }
        done
    }

    /// An object of a class without a constructor: its fields are what they are given, where that is known.
    fn made(&self, call: &Call, target: &Target, arguments: &[Shape]) -> Done {
        let mut object = Shape::default();
        let fields = target.class.map(|class| self.index.primary_fields(class)).unwrap_or_default();
        for ((position, (name, _)), value) in call.arguments.iter().enumerate().zip(arguments) {
            let field = name.or_else(|| fields.get(position).copied());
            match field {
                Some(field) => object.write(&[load::field(field)], value.clone()),
                None => object.own.join(&value.all()),
            }
        }
        Done { returned: object, ..Done::default() }
    }

    /// A call of what is not in the project: a container does what containers do; else what goes in may come out.
    fn unresolved(&self, call: &Call, arguments: &[Shape], receiver: &Shape) -> Done {
        let mut all = Taints::default();
        for value in arguments {
            all.join(&value.all());
        }
        if let Some((name, keys)) = &call.word
            && let Some((changed, returned)) = run_container(self.index.text(*name), receiver, keys, arguments)
        {
            return Done { returned, receiver: changed, arguments: Vec::new() };
        }
        all.join(&receiver.all());
        let mut returned = Shape::of(all);
        if call.harmless != 0 {
            returned.for_each(&mut |taint| taint.sanitized |= call.harmless);
        }
        Done { returned, receiver: receiver.clone(), arguments: Vec::new() }
    }

    /// Data arrives at a sink: of a source, that is found; of a parameter, it is noted.
    fn arrive(&mut self, run: &mut Run, id: SinkId, taint: &Taint) {
        let Some(sink) = self.loaded.sinks.get(&id) else { return };
        let rule: RuleMask = 1 << sink.rule;
        let Origin::Source(source) = taint.origin else {
            if matches!(taint.origin, Origin::Param(..)) && taint.sanitized & rule == 0 {
                run.hits.note(Hit { sink: id, taint: taint.clone() });
            }
            return;
        };
        let rules = self.loaded.sources.get(source as usize).map_or(0, |source| source.rules);
        if rules & !taint.sanitized & rule == 0 {
            return;
        }
        if !sink.requires.as_ref().is_none_or(|requires| self.loaded.holds(requires, &[taint.label])) {
            return;
        }
        let mut way = Vec::new();
        let mut at = taint.trace.as_ref();
        while let Some(step) = at {
            way.extend(self.loaded.place(step.node));
            at = step.before.as_ref();
        }
        way.reverse();
        way.push((id.0, sink.place));
        way.dedup();
        let better = Arrival { way, source };
        match self.solved.arrivals.get_mut(&id) {
            Some(known) if (better.way.len(), better.source) < (known.way.len(), known.source) => *known = better,
            Some(_) => {}
            None => {
                self.solved.arrivals.insert(id, better);
            }
        }
    }
}

/// The calls of one function, while it is put together.
#[derive(Debug, Default)]
struct Run {
    owner: Owner,
    done: FxHashMap<u32, Done>,
    /// What they did in the round before.
    before: FxHashMap<u32, Done>,
    is_circular: bool,
    running: FxHashSet<u32>,
    hits: Hits,
}

/// How many calls may wait for each other: those of a loop, which go round.
const MAX_WAITING: usize = 64;

impl Summary {
    /// Does what the other one does, too.
    fn join(&mut self, other: &Self) {
        self.returned.join(&other.returned);
        self.receiver.join(&other.receiver);
        for (number, shape) in &other.params {
            match self.params.iter_mut().find(|(own, _)| own == number) {
                Some((_, own)) => own.join(shape),
                None => self.params.push((*number, shape.clone())),
            }
        }
        self.params.sort_by_key(|(number, _)| *number);
        other.hits.all().iter().for_each(|hit| self.hits.note(hit.clone()));
    }

    fn is_covered_by(&self, other: &Self) -> bool {
        self.returned.is_covered_by(&other.returned)
            && self.receiver.is_covered_by(&other.receiver)
            && self.hits.all().len() <= other.hits.all().len()
            && self.params.len() <= other.params.len()
            && self.params.iter().zip(&other.params).all(|((_, one), (_, other))| one.is_covered_by(other))
    }
}

/// Ways to sinks; of several from one origin to one sink the one that was found first.
#[derive(Debug, Default)]
struct Hits {
    all: Vec<Hit>,
    positions: FxHashMap<(SinkId, Origin, u16, Option<u32>), usize>,
}

impl Hits {
    fn all(&self) -> &[Hit] {
        &self.all
    }

    /// Adds a way. What comes on two ways is harmless only if it is on both.
    fn note(&mut self, hit: Hit) {
        let key = (hit.sink, hit.taint.origin, hit.taint.label, hit.taint.given);
        let position = self.positions.get(&key).copied();
        if let Some(known) = position.and_then(|position| self.all.get_mut(position)) {
            known.taint.sanitized &= hit.taint.sanitized;
        } else if self.all.len() < MAX_HITS {
            self.positions.insert(key, self.all.len());
            self.all.push(hit);
        }
    }
}

/// A shape that speaks of parameters, with what a call gives.
fn put(loaded: &Loaded, shape: &Shape, (given, receiver): (&[Shape], &Shape), call: &Call, n_put: &mut usize) -> Shape {
    let mut shape = shape.clone();
    shape.for_each(&mut |taint| {
        if !taint.origin.is_open() {
            taint.trace = Step::then(taint.trace.as_ref(), call.at());
        }
    });
    shape.instantiated(&mut |taint| {
        let Origin::Param(index, path) = taint.origin else { return Shape::default() };
        let of = if index == RECEIVER { Some(receiver) } else { given.get(index as usize) };
        let mut actual = loaded.known_of(taint, of.map(|of| of.at(path)).unwrap_or_default());
        *n_put += actual.size() + 1;
        actual.for_each(&mut |actual| {
            actual.sanitized |= taint.sanitized;
            actual.trace = after(Step::then(actual.trace.as_ref(), call.at()).as_ref(), taint.trace.as_ref());
        });
        actual
    })
}

/// One way after another.
fn after(first: Option<&Rc<Step>>, then: Option<&Rc<Step>>) -> Option<Rc<Step>> {
    let mut steps = Vec::new();
    let mut at = then;
    while let Some(step) = at {
        steps.push(step.node);
        at = step.before.as_ref();
    }
    steps.iter().rev().fold(first.cloned(), |way, node| Step::then(way.as_ref(), *node))
}
