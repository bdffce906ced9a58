//! The walk: expressions in the order in which they run, with what every variable carries.

use std::{collections::BTreeSet, rc::Rc};

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::{
    context::Contexts,
    env::{Base, Env},
    marks::Marks,
    open::{Open, Recorder},
    report::{Hit, TaintFinding},
    shape::{Key, Origin, RuleMask, Shape, Taints},
    summary::Summary,
};
use crate::{
    ir::{Kind, NodeId, Op},
    lower::Feature,
    project::Outline,
    rule::BySideEffect,
    unit::Unit,
    value::Value,
};

/// How many steps the analysis of one file may take.
pub(crate) const MAX_STEPS: u64 = 3_000_000;

/// The same where flow is followed across files: a file that takes more is followed in itself alone.
pub(crate) const MAX_OPEN_STEPS: u64 = MAX_STEPS / 3 * 2;

/// The same for a file in which no rule has a source or a sink: what its functions pass on is of use to other files, and a
/// function that is not known passes on what it is given.
const MAX_STEPS_WITHOUT_MARKS: u64 = MAX_STEPS / 10;

/// How deeply calls are followed.
pub(super) const MAX_CALL_DEPTH: usize = 24;

/// Where jumps out of a loop, a block or a function arrive.
#[derive(Debug, Default)]
pub(super) struct Exits {
    pub(super) returned: Shape,
    pub(super) at_return: Option<Env>,
    /// Innermost last.
    pub(super) loops: Vec<Option<Env>>,
    pub(super) throws: Vec<Option<Env>>,
}

/// Analyzes a file.
pub(super) struct Flow<'a> {
    pub(super) unit: &'a Unit<'a>,
    pub(super) marks: &'a Marks<'a>,
    pub(super) env: Env,
    pub(super) exits: Exits,
    /// The function that is analyzed.
    pub(super) function: NodeId,
    pub(super) summaries: FxHashMap<NodeId, Option<Rc<Summary>>>,
    /// The last point at which functions were looked at, and what they see of it.
    pub(super) seen: Option<(Env, Env)>,
    pub(super) depth: usize,
    pub(super) hits: Vec<Hit>,
    pub(super) found: FxHashMap<(usize, NodeId), usize>,
    pub(super) findings: Vec<TaintFinding>,
    /// The rules, by their bits, whose data may have been left out of values that came from too many origins.
    pub(super) limited: BTreeSet<usize>,
    pub(super) n_steps: u64,
    max_steps: u64,
    /// The rules to which truth values are harmless, and those to which numbers are.
    harmless_types: (RuleMask, RuleMask),
    /// The rules that follow assignments alone.
    only_assignments: RuleMask,
    seen_lambdas: FxHashSet<NodeId>,
    /// Functions that stand in the one that is followed, and are followed at its end unless they are called.
    pub(super) nested: Vec<NodeId>,
    pub(super) contexts: Contexts,
    /// What the fields of a class are set to where they are declared.
    pub(super) fields_of: FxHashMap<NodeId, Shape>,
    /// Keeps what depends on other files, where flow is followed across files.
    pub(super) recorder: Option<Recorder<'a>>,
}

/// What the analysis of a file gave.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    pub(crate) findings: Vec<TaintFinding>,
    /// Whether the analysis stopped at [`MAX_STEPS`].
    pub(crate) is_cut: bool,
    /// The rules, by their indexes in the plan, for which values came from more origins than are told apart.
    pub(crate) limited: Vec<usize>,
    /// What depends on other files.
    pub(crate) open: Open,
}

/// Follows data in a file, through its functions; with an outline also what may come from other files, and go there.
pub(crate) fn analyze(unit: &Unit<'_>, marks: &Marks<'_>, outline: Option<&Outline<'_>>) -> Analysis {
    if marks.is_empty() && outline.is_none() {
        return Analysis::default();
    }
    let has_marks = !marks.sources.is_empty() || !marks.sinks.is_empty();
    let mut flow = Flow {
        unit,
        marks,
        env: Env::default(),
        exits: Exits::default(),
        function: NodeId::ROOT,
        summaries: FxHashMap::default(),
        seen: None,
        depth: 0,
        hits: Vec::new(),
        found: FxHashMap::default(),
        findings: Vec::new(),
        limited: BTreeSet::new(),
        n_steps: 0,
        max_steps: match outline {
            None => MAX_STEPS,
            Some(_) if has_marks => MAX_OPEN_STEPS,
            Some(_) => MAX_STEPS_WITHOUT_MARKS,
        },
        seen_lambdas: FxHashSet::default(),
        nested: Vec::new(),
        contexts: Contexts::default(),
        harmless_types: (
            marks.rules_where(|options| options.taint_assume_safe_booleans),
            marks.rules_where(|options| options.taint_assume_safe_numbers),
        ),
        only_assignments: marks.rules_where(|options| options.taint_only_propagate_through_assignments),
        fields_of: FxHashMap::default(),
        recorder: outline.map(Recorder::new),
    };
    flow.file(outline);
    let mut is_cut = flow.is_exhausted() && has_marks;
    let mut open = Open::default();
    if let Some(recorder) = flow.recorder {
        is_cut |= recorder.is_full && has_marks;
        open = recorder.open;
        let summaries = flow.summaries.into_iter().filter_map(|(function, summary)| Some((function, summary?)));
        open.summaries = summaries.collect();
        open.summaries.sort_by_key(|(function, _)| *function);
    }
    let limited = flow.limited.iter().filter_map(|bit| marks.rule(*bit)).map(|rule| rule.index).collect();
    let mut findings = flow.findings;
    findings.sort_by_key(|finding| (finding.rule, finding.range, finding.sink));
    Analysis { findings, is_cut, limited, open }
}

impl<'a> Flow<'a> {
    /// The statements of the file itself, then every function that was not called from there.
    fn file(&mut self, outline: Option<&Outline<'_>>) {
        self.statements(NodeId::ROOT);
        self.function = NodeId::ROOT;
        let functions = outline.map_or_else(|| self.unit.of_kind(Kind::FuncDef).to_vec(), |outline| outline.functions().to_vec());
        for function in functions {
            self.summary(function);
        }
    }

    /// A copy of what is known here.
    pub(super) fn copy_env(&mut self) -> Env {
        self.n_steps += self.env.weight();
        self.env.clone()
    }

    /// Ways meet: what is known on both is compared.
    pub(super) fn meet(&mut self) {
        self.n_steps += self.env.weight();
    }

    pub(super) fn step(&mut self) -> bool {
        self.n_steps += 1;
        !self.is_exhausted()
    }

    /// Whether all steps are taken.
    pub(super) fn is_exhausted(&self) -> bool {
        self.max_steps < self.n_steps
    }

    /// What an expression carries; what it does to variables is done, and what arrives at a sink is reported.
    pub(super) fn expression(&mut self, id: NodeId) -> Shape {
        if !self.step() {
            return Shape::default();
        }
        let mut shape = self.evaluate(id);
        if self.only_assignments != 0 && !is_assigned_as_it_is(self.unit.tree.kind(id)) {
            self.sanitize(&mut shape, self.only_assignments);
        }
        self.mark(id, &mut shape);
        // What is large takes long to carry.
        self.n_steps += u64::try_from(shape.size() / 8).unwrap_or(u64::MAX);
        shape
    }

    /// Applies what is matched at a node to its value.
    pub(super) fn mark(&mut self, id: NodeId, shape: &mut Shape) {
        let marks = self.marks;
        if let Some(sources) = marks.sources_of.get(&id) {
            for &index in sources {
                self.source(id, index, shape);
            }
        }
        if let Some(sanitizers) = marks.sanitizers_of.get(&id) {
            let mut harmless: RuleMask = 0;
            for sanitizer in sanitizers {
                if sanitizer.by_side_effect != BySideEffect::Only {
                    harmless |= sanitizer.rules;
                }
                if sanitizer.by_side_effect != BySideEffect::No {
                    self.sanitize_place(id, sanitizer.rules);
                }
            }
            self.sanitize(shape, harmless);
        }
        if let Some(propagators) = marks.propagators_of.get(&id) {
            for &index in propagators {
                self.propagate(index, shape);
            }
        }
        if let Some(propagators) = marks.propagators_to.get(&id) {
            self.join_propagated(propagators, shape);
        }
        self.assume_by_type(id, shape);
        if let Some(sinks) = marks.sinks_of.get(&id) {
            let taints = shape.all();
            for &index in sinks {
                self.sink(id, index, &taints);
            }
        }
    }

    /// Numbers and truth values are harmless to the rules that say so.
    fn assume_by_type(&self, id: NodeId, shape: &mut Shape) {
        let (booleans, numbers) = self.harmless_types;
        if booleans | numbers == 0 || shape.is_clean() {
            return;
        }
        if booleans != 0 && self.unit.is_boolean(id) {
            self.sanitize(shape, booleans);
        }
        if numbers != 0 && self.unit.is_number(id) {
            self.sanitize(shape, numbers);
        }
    }

    fn source(&mut self, id: NodeId, index: u32, shape: &mut Shape) {
        let Some(source) = self.marks.sources.get(index as usize) else { return };
        let taints = self.made_by_source(index, shape);
        if taints.is_empty() {
            return;
        }
        if source.is_control {
            self.env.slot(Base::Control).own.join(&taints);
            return;
        }
        if source.by_side_effect != BySideEffect::No
            && let Some(place) = self.place(id)
        {
            let mut whole = self.read(&place);
            whole.own.join(&taints);
            self.write(&place, whole);
        }
        if source.by_side_effect != BySideEffect::Only {
            shape.own.join(&taints);
        }
    }

    fn sanitize(&self, shape: &mut Shape, rules: RuleMask) {
        if rules == 0 || shape.is_clean() {
            return;
        }
        shape.for_each(&mut |taint| taint.sanitized |= rules);
        let marks = self.marks;
        // What is harmless for every rule that could ask is gone.
        shape.retain(&mut |taint| match taint.origin {
            Origin::Source(index) => marks.sources.get(index as usize).is_some_and(|source| source.rules & !taint.sanitized != 0),
            _ => true,
        });
    }

    fn sanitize_place(&mut self, id: NodeId, rules: RuleMask) {
        if let Some(place) = self.place(id) {
            let mut shape = self.read(&place);
            self.sanitize(&mut shape, rules);
            self.write(&place, shape);
        }
    }

    fn propagate(&mut self, index: u32, from: &Shape) {
        let Some(propagator) = self.marks.propagators.get(index as usize) else { return };
        let of_from = from.all();
        if of_from.is_empty() {
            return;
        }
        if let Some(requires) = propagator.requires {
            let carried = self.labels_of(&of_from, propagator.rules);
            if !self.holds(requires, &carried) {
                return;
            }
        }
        // It counts for its own rule only.
        let mut taints = Taints::default();
        for taint in of_from.iter() {
            let mut taint = taint.clone();
            let all = self.rules_of(taint.origin);
            taint.sanitized |= all & !propagator.rules;
            let is_replaced = propagator.replaced.as_ref().is_none_or(|replaced| replaced.contains(&taint.label));
            if let Some(label) = propagator.label.filter(|_| is_replaced) {
                taint.label = label;
            }
            taints.add(taint);
        }
        if !propagator.by_side_effect {
            self.env.set(Base::Propagated(index), Shape::of(taints.at(propagator.to)));
            return;
        }
        let Some(place) = self.place(propagator.to) else { return };
        let mut shape = self.read(&place);
        shape.own.join(&taints.at(propagator.to));
        self.write(&place, shape);
    }

    /// What propagators pass on to a value alone.
    pub(super) fn join_propagated(&self, propagators: &[u32], shape: &mut Shape) {
        for &index in propagators {
            if let Some(passed) = self.env.get(Base::Propagated(index)) {
                shape.own.join(&passed.own);
            }
        }
    }

    /// The rules that ask for what comes from an origin.
    pub(super) fn rules_of(&self, origin: Origin) -> RuleMask {
        match origin {
            Origin::Source(index) => self.marks.sources.get(index as usize).map_or(0, |source| source.rules),
            _ => RuleMask::MAX,
        }
    }

    fn evaluate(&mut self, id: NodeId) -> Shape {
        let node = *self.unit.tree.node(id);
        let child = |slot| self.unit.tree.child(id, slot);
        match node.kind {
            Kind::Name | Kind::Dot if self.is_word_call(id) => self.word_call(id),
            Kind::Name => match self.place(id) {
                Some(place) => self.read(&place),
                None => Shape::default(),
            },
            Kind::Dot => self.member(id),
            Kind::Index => self.element(id),
            Kind::Call => self.call(id),
            Kind::New => self.new_object(id),
            Kind::Assign => {
                let value = self.expression(child(1));
                self.assign(child(0), value.clone());
                value
            }
            Kind::AugAssign => {
                let mut value = self.expression(child(1));
                let before = self.expression(child(0));
                value.join(&before);
                let value = Shape::of(value.all());
                self.assign(child(0), value.clone());
                value
            }
            Kind::Ternary => self.choice(child(0), child(1), child(2)),
            Kind::Lambda => {
                self.lambda(id);
                Shape::default()
            }
            Kind::Dict => self.literal_dict(id),
            Kind::List | Kind::Tuple => self.literal_list(id),
            Kind::Comprehension => self.comprehension(id),
            Kind::Binary => {
                let left = self.expression(child(0));
                // What leaves the function if the left side is not enough does not always run.
                let is_jump =
                    matches!(node.op, Op::And | Op::Or | Op::Coalesce) && crate::matching::is_statement(self.unit.tree.kind(child(1)));
                let before = is_jump.then(|| self.copy_env());
                let right = self.expression(child(1));
                if let Some(before) = before {
                    self.env.join(&before);
                    self.env.is_dead = before.is_dead;
                }
                if is_comparison(node.op) {
                    return self.unless_assumed(&left, &right, |options| options.taint_assume_safe_comparisons);
                }
                let mut all = left.all();
                all.join(&right.all());
                Shape::of(all)
            }
            Kind::Unary if matches!(node.op, Op::AddressOf | Op::Deref | Op::NonNull) => self.expression(child(0)),
            Kind::Await => self.expression(child(0)),
            Kind::Cast => self.expression(child(1)),
            Kind::KwArg | Kind::KeyValue => self.expression(child(1)),
            Kind::FuncDef | Kind::ClassDef => {
                self.statement(id);
                Shape::default()
            }
            Kind::TypeTest
            | Kind::None
            | Kind::Opaque
            | Kind::Number
            | Kind::Bool
            | Kind::Null
            | Kind::Char
            | Kind::Str
            | Kind::Regex
            | Kind::Atom => Shape::default(),
            Kind::If | Kind::Block | Kind::Switch if self.unit.has_feature(Feature::ReturnsLast) => self.last_value(id),
            _ if crate::matching::is_statement(node.kind) => {
                self.statement(id);
                Shape::default()
            }
            _ => {
                let mut all = Taints::default();
                let children: SmallVec<[NodeId; 8]> = self.unit.tree.children(id).collect();
                for child in children {
                    all.join(&self.expression(child).all());
                }
                Shape::of(all)
            }
        }
    }

    /// A result that rules may assume to be harmless, each for itself.
    fn unless_assumed(&self, left: &Shape, right: &Shape, is_assumed: impl Fn(&crate::rule::Options) -> bool) -> Shape {
        let mut all = left.all();
        all.join(&right.all());
        let mut shape = Shape::of(all);
        let safe = self.rules_where(is_assumed);
        self.sanitize(&mut shape, safe);
        shape
    }

    /// The rules whose switches say so.
    pub(super) fn rules_where(&self, is_so: impl Fn(&crate::rule::Options) -> bool) -> RuleMask {
        self.marks.rules_where(is_so)
    }

    pub(super) fn make_harmless(&self, shape: &mut Shape, rules: RuleMask) {
        self.sanitize(shape, rules);
    }

    fn choice(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) -> Shape {
        self.expression(condition);
        match self.decided(condition) {
            Some(Value::Bool(true)) => self.expression(then),
            Some(Value::Bool(false)) => self.expression(otherwise),
            _ => {
                let mut one = self.expression(then);
                let other = self.expression(otherwise);
                one.join(&other);
                one
            }
        }
    }

    fn member(&mut self, id: NodeId) -> Shape {
        // A member of a variable of which nothing is matched is read at once.
        if let Some(place) = self.place(id).filter(|place| self.env.get(place.base).is_some())
            && self.is_plain(self.unit.tree.child(id, 0))
        {
            return self.read(&place);
        }
        let of_object = self.expression(self.unit.tree.child(id, 0));
        self.member_of(id, &of_object)
    }

    /// A member of an object that was evaluated.
    pub(super) fn member_of(&self, id: NodeId, of_object: &Shape) -> Shape {
        let object = self.unit.tree.child(id, 0);
        let member = self.unit.tree.child(id, 1);
        if let Some(place) = self.place(id) {
            // What is matched at the object counts for the member, too.
            let mut shape = self.read(&place);
            if self.env.get(place.base).is_none() || self.is_marked(object) {
                let name = self.unit.tree.node(member).symbol;
                shape.join(&of_object.part(Key::Field(name)));
            }
            return shape;
        }
        let node = self.unit.tree.node(member);
        match node.kind {
            Kind::Name => of_object.part(Key::Field(node.symbol)),
            _ => of_object.part(Key::Any),
        }
    }

    /// Whether an object is a name, or a member of one, and nothing is matched at it.
    pub(super) fn is_plain(&self, object: NodeId) -> bool {
        let marks = self.marks;
        let mut at = object;
        loop {
            let is_matched = marks.sources_of.contains_key(&at)
                || marks.sinks_of.contains_key(&at)
                || marks.sanitizers_of.contains_key(&at)
                || marks.propagators_of.contains_key(&at);
            match self.unit.tree.kind(at) {
                _ if is_matched => return false,
                Kind::Name => return true,
                Kind::Dot if self.unit.tree.kind(self.unit.tree.child(at, 1)) == Kind::Name => at = self.unit.tree.child(at, 0),
                _ => return false,
            }
        }
    }

    /// Whether an object is a source, or is in one.
    fn is_marked(&self, id: NodeId) -> bool {
        let mut at = id;
        while !self.marks.sources_of.contains_key(&at) {
            if !matches!(self.unit.tree.kind(at), Kind::Dot | Kind::Index) {
                return false;
            }
            at = self.unit.tree.child(at, 0);
        }
        true
    }

    fn element(&mut self, id: NodeId) -> Shape {
        let children: SmallVec<[NodeId; 4]> = self.unit.tree.children(id).collect();
        let Some((object, indexes)) = children.split_first() else { return Shape::default() };
        let mut of_index = Taints::default();
        for index in indexes {
            of_index.join(&self.expression(*index).all());
        }
        let of_object = self.expression(*object);
        let key = match indexes {
            [only] => self.key(*only),
            _ => Key::Any,
        };
        let mut shape = of_object.part(key);
        if !of_index.is_empty() {
            let mut index = Shape::of(of_index);
            let safe = self.rules_where(|options| options.taint_assume_safe_indexes);
            self.sanitize(&mut index, safe);
            shape.own.join(&index.own);
        }
        shape
    }

    /// Which part an index means.
    pub(super) fn key(&self, index: NodeId) -> Key {
        match self.unit.value(index) {
            // A number is the same key as its digits, where keys are names.
            Some(Value::Str(symbol)) if self.unit.has_feature(Feature::Records) => self
                .unit
                .with_text(symbol, |text| text.parse::<i32>().ok().filter(|number| number.to_string() == text))
                .map_or(Key::Field(symbol), Key::Index),
            Some(Value::Str(symbol)) => Key::Field(symbol),
            Some(Value::Int(number)) => i32::try_from(number).map_or(Key::Any, Key::Index),
            _ => Key::Any,
        }
    }

    fn literal_dict(&mut self, id: NodeId) -> Shape {
        let mut shape = Shape::default();
        let entries: SmallVec<[NodeId; 8]> = self.unit.tree.children(id).collect();
        for entry in entries {
            match self.unit.tree.kind(entry) {
                Kind::KeyValue => {
                    let key_node = self.unit.tree.child(entry, 0);
                    let value = self.expression(self.unit.tree.child(entry, 1));
                    let key = if self.unit.tree.kind(key_node) == Kind::Name && self.unit.has_feature(Feature::Records) {
                        Key::Field(self.unit.tree.node(key_node).symbol)
                    } else {
                        let of_key = self.expression(key_node).all();
                        shape.own.join(&of_key);
                        self.key(key_node)
                    };
                    shape.write(&[key], value);
                }
                _ => {
                    let value = self.expression(entry);
                    shape.own.join(&value.all());
                }
            }
        }
        shape
    }

    fn literal_list(&mut self, id: NodeId) -> Shape {
        let mut shape = Shape::empty();
        let elements: SmallVec<[NodeId; 8]> = self.unit.tree.children(id).collect();
        for element in elements {
            if self.unit.tree.kind(element) == Kind::Spread {
                let value = self.expression(element);
                shape.length = None;
                shape.write(&[Key::Any], Shape::of(value.all()));
                continue;
            }
            let value = self.expression(element);
            shape.push(value);
        }
        shape
    }

    fn comprehension(&mut self, id: NodeId) -> Shape {
        let children: SmallVec<[NodeId; 4]> = self.unit.tree.children(id).collect();
        let Some((element, clauses)) = children.split_first() else { return Shape::default() };
        for clause in clauses {
            if self.unit.tree.kind(*clause) == Kind::CompFor {
                let iterated = self.expression(self.unit.tree.child(*clause, 1));
                self.assign(self.unit.tree.child(*clause, 0), iterated.part(Key::Any));
            } else {
                self.expression(*clause);
            }
        }
        let value = self.expression(*element);
        Shape::of(value.all())
    }

    /// A function without a name runs where it stands: what it does to variables may be done.
    fn lambda(&mut self, id: NodeId) {
        self.run_lambda(id, &[]);
    }

    /// Runs a lambda with what its parameters get.
    pub(super) fn run_lambda(&mut self, id: NodeId, arguments: &[Shape]) -> Shape {
        if MAX_CALL_DEPTH <= self.depth || !self.seen_lambdas.insert(id) {
            return Shape::default();
        }
        self.depth += 1;
        let before = self.copy_env();
        let exits = std::mem::take(&mut self.exits);
        let params: SmallVec<[NodeId; 4]> = self.unit.tree.children(self.unit.tree.child(id, 0)).collect();
        for (index, param) in params.iter().enumerate() {
            self.parameter(*param, arguments.get(index).cloned().unwrap_or_default());
        }
        let body = self.unit.tree.child(id, 2);
        let returned = if self.unit.tree.kind(body) == Kind::Block {
            let last = self.body(body);
            let mut returned = std::mem::take(&mut self.exits.returned);
            returned.join(&last);
            returned
        } else {
            let value = self.expression(body);
            let mut returned = std::mem::take(&mut self.exits.returned);
            returned.join(&value);
            returned
        };
        if let Some(at_return) = self.exits.at_return.take() {
            self.env.join(&at_return);
        }
        self.exits = exits;
        self.env.is_dead = before.is_dead;
        self.meet();
        self.env.join(&before);
        self.seen_lambdas.remove(&id);
        self.depth -= 1;
        returned
    }
}

/// Whether an expression is one of its parts, not something that is made of them.
fn is_assigned_as_it_is(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Name
            | Kind::Assign
            | Kind::Ternary
            | Kind::Cast
            | Kind::Await
            | Kind::KwArg
            | Kind::KeyValue
            | Kind::Unary
            | Kind::List
            | Kind::Tuple
            | Kind::Dict
    )
}

fn is_comparison(op: Op) -> bool {
    matches!(
        op,
        Op::Eq | Op::NotEq | Op::Same | Op::NotSame | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq | Op::In | Op::NotIn | Op::Match | Op::NotMatch
    )
}
