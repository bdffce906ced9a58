//! Which values a name may have at a place: those that it was last given, on every way there.

use smallvec::{SmallVec, smallvec};

use crate::{
    ir::{Kind, NodeId, Op},
    lower::Feature,
    names::{Binding, BindingKind, Definition},
    unit::Unit,
};

/// The values that a name may have at a place: one for each way there; none if some way gives it no known value.
pub(crate) type Reached = SmallVec<[NodeId; 1]>;

/// The most values that are told apart.
const MAX_VALUES: usize = 8;

/// How many statements are looked at to find what one name was given.
const MAX_STEPS: u32 = 2_000;

/// How deeply what statements do depends on what is done before them.
const MAX_DEPTH: u32 = 64;

impl Unit<'_> {
    /// The expression that a name was last given, if it is the same on every way to this place.
    pub(crate) fn reaching_value(&self, name: NodeId) -> Option<NodeId> {
        match self.reaching_values(name).as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The expression that a name stands for where its value is no constant, and of a kind that may be written in its place.
    pub(crate) fn symbolic_value(&self, name: NodeId) -> Option<NodeId> {
        let value = self.reaching_value(name)?;
        (self.is_symbolic(value, MAX_DEPTH) && self.value(value).is_none()).then_some(value)
    }

    /// The expressions that a name was last given, on all ways to this place.
    pub(crate) fn reaching_values(&self, name: NodeId) -> Reached {
        let Some(binding) = self.names.of(name) else { return Reached::new() };
        match binding.kind {
            BindingKind::Variable | BindingKind::Field | BindingKind::Unknown => {}
            BindingKind::Parameter if 1 < binding.definitions.len() => {}
            BindingKind::Parameter | BindingKind::Function | BindingKind::Class | BindingKind::Import => return Reached::new(),
        }
        if binding.definitions.is_empty() {
            return Reached::new();
        }
        if let Some(known) = self.reached.borrow().get(&name) {
            return known.clone();
        }
        // Something that is defined by itself is not known.
        self.reached.borrow_mut().insert(name, Reached::new());
        let values = if self.is_target(name) { Reached::new() } else { self.reaching(name, binding) };
        self.reached.borrow_mut().insert(name, values.clone());
        values
    }

    fn reaching(&self, name: NodeId, binding: &Binding) -> Reached {
        let function = self.function_of(name);
        let mut flow = Flow { unit: self, binding, events: self.events(binding, function), function, n_steps: 0, depth: 0 };
        if let State::Values(values) = flow.before(name) {
            return values;
        }
        match binding.definitions.as_slice() {
            // What is given a value once has it wherever it can be seen, if that is before it is used.
            [_] if binding.kind == BindingKind::Field && !self.is_settled(binding) => Reached::new(),
            [only] => {
                let is_elsewhere = function != only.function;
                let is_constant =
                    binding.is_constant || (only.function == NodeId::ROOT && self.shares_globals()) || self.declares_once(only);
                let is_before = only.at < name && !self.tree.is_within(name, only.at);
                only.value.filter(|value| *value != only.at && (is_elsewhere || (is_constant && is_before))).into_iter().collect()
            }
            _ => Reached::new(),
        }
    }

    /// Whether a global that is assigned once counts as a constant.
    fn shares_globals(&self) -> bool {
        self.has_feature(Feature::SharedGlobals)
    }

    /// Whether a variable that is declared with its only value counts as a constant.
    fn declares_once(&self, definition: &Definition) -> bool {
        self.tree.kind(definition.at) == Kind::VarDef && self.has_feature(Feature::DeclaresOnce)
    }

    /// Whether a name stands where it is given a value.
    fn is_target(&self, name: NodeId) -> bool {
        let mut at = name;
        while let Some(parent) = self.tree.parent(at) {
            match self.tree.kind(parent) {
                Kind::Assign | Kind::ForEach | Kind::CompFor => return self.tree.child(parent, 0) == at,
                Kind::VarDef | Kind::Param => return self.tree.child(parent, 1) == at,
                Kind::Tuple | Kind::List | Kind::Spread | Kind::Dict => {}
                Kind::KeyValue if self.tree.child(parent, 1) == at => {}
                _ => return false,
            }
            at = parent;
        }
        false
    }

    fn function_of(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Some(parent) = self.tree.parent(at) {
            if matches!(self.tree.kind(parent), Kind::FuncDef | Kind::Lambda) {
                return parent;
            }
            at = parent;
        }
        NodeId::ROOT
    }

    /// What happens to a name in a function, in order; what a closure in it does happens at some time.
    fn events(&self, binding: &Binding, function: NodeId) -> Vec<Definition> {
        let happens = |event: &Definition| {
            if event.function == function {
                return Some(*event);
            }
            let is_closure = self.tree.kind(event.function) == Kind::Lambda && self.tree.is_within(event.function, function);
            is_closure.then_some(Definition { value: None, ..*event })
        };
        let mut events: Vec<Definition> = binding.definitions.iter().chain(&binding.touches).filter_map(happens).collect();
        events.sort_by_key(|event| event.at);
        events
    }

    /// Whether an expression may be written where a name stands that was given it.
    fn is_symbolic(&self, id: NodeId, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let all = |id: NodeId, skipped: usize| self.tree.children(id).skip(skipped).all(|child| self.is_symbolic(child, depth));
        match self.tree.kind(id) {
            Kind::None
            | Kind::Name
            | Kind::Str
            | Kind::Number
            | Kind::Bool
            | Kind::Null
            | Kind::Char
            | Kind::Regex
            | Kind::Atom
            | Kind::Lambda => true,
            Kind::Dot
            | Kind::Index
            | Kind::Call
            | Kind::Args
            | Kind::Binary
            | Kind::Unary
            | Kind::Interp
            | Kind::List
            | Kind::Tuple
            | Kind::Set
            | Kind::Dict => all(id, 0),
            Kind::KwArg | Kind::KeyValue => all(id, 1),
            Kind::New => self.is_symbolic(self.tree.child(id, 1), depth) && self.tree.kind(self.tree.child(id, 2)) == Kind::None,
            Kind::Cast => all(id, 1),
            Kind::TypeArgs | Kind::TypeOf | Kind::TypeTest => true,
            _ => false,
        }
    }
}

/// What a name is given, at one place.
#[derive(Debug, Clone, PartialEq)]
enum State {
    /// The place is not reached.
    Unreachable,
    /// Something, or nothing.
    Unknown,
    Values(Reached),
}

impl State {
    fn of(value: Option<NodeId>) -> Self {
        value.map_or(Self::Unknown, |value| Self::Values(smallvec![value]))
    }
}

/// Follows one name through one function.
struct Flow<'u, 'a> {
    unit: &'u Unit<'a>,
    binding: &'u Binding,
    events: Vec<Definition>,
    function: NodeId,
    n_steps: u32,
    depth: u32,
}

impl Flow<'_, '_> {
    /// Just before something is evaluated.
    fn before(&mut self, place: NodeId) -> State {
        let tree = &self.unit.tree;
        let mut at = place;
        while let Some(parent) = tree.parent(at) {
            self.n_steps += 1;
            if MAX_STEPS < self.n_steps {
                return State::Unknown;
            }
            let earlier = match tree.kind(parent) {
                Kind::Block | Kind::Root => self.last(parent, at).map(|event| self.child_above(event.at, parent)),
                Kind::If | Kind::Ternary => {
                    let condition = tree.child(parent, 0);
                    (at != condition && self.has_events(condition)).then_some(condition)
                }
                Kind::Try => match self.within_try(parent, at) {
                    Some(state) => return state,
                    None => None,
                },
                Kind::Switch => {
                    let falls_into = |case: NodeId| !self.ends(tree.children(case).last().unwrap_or(case));
                    let before = tree.children(parent).take_while(|case| *case != at).filter(|case| tree.kind(*case) == Kind::Case).last();
                    if before.is_some_and(|case| self.has_events(case) && falls_into(case)) {
                        return State::Unknown;
                    }
                    None
                }
                Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach | Kind::Comprehension => {
                    let start = tree.child(parent, 0);
                    let is_start = tree.kind(parent) == Kind::ForEach && at == tree.child(parent, 1);
                    let n_at_start = if tree.kind(parent) == Kind::For && at != start { self.count(start) } else { 0 };
                    if !is_start && n_at_start < self.count(parent) {
                        return State::Unknown;
                    }
                    (0 < n_at_start).then_some(start)
                }
                Kind::FuncDef => return State::Unknown,
                Kind::Lambda => {
                    if self.last(parent, at).is_some() {
                        return State::Unknown;
                    }
                    // A closure sees what its function sees.
                    self.function = self.unit.function_of(parent);
                    self.events = self.unit.events(self.binding, self.function);
                    None
                }
                Kind::Case | Kind::Catch | Kind::Finally | Kind::ClassDef | Kind::Namespace => None,
                _ => self.last(parent, at).map(|event| self.child_above(event.at, parent)),
            };
            if let Some(earlier) = earlier {
                return self.after(earlier);
            }
            if parent == self.function {
                return State::Unknown;
            }
            at = parent;
        }
        State::Unknown
    }

    /// Within `try`: before its parts.
    fn within_try(&mut self, id: NodeId, at: NodeId) -> Option<State> {
        let tree = &self.unit.tree;
        let body = tree.child(id, 0);
        if at == body {
            return None;
        }
        match tree.kind(at) {
            Kind::Catch => self.has_events(body).then(|| self.caught(id, body)),
            Kind::Finally => (self.count(at) < self.count(id)).then_some(State::Unknown),
            _ => self.has_events(body).then(|| self.after(body)),
        }
    }

    /// Where something was thrown: what was known before, or was given by then.
    fn caught(&mut self, id: NodeId, body: NodeId) -> State {
        let mut state = self.before(id);
        let given: Vec<Option<NodeId>> = self.of(body).iter().map(|event| event.value).collect();
        for value in given {
            state = self.join(state, State::of(value));
        }
        state
    }

    /// After a statement or expression in which something happens to the name.
    fn after(&mut self, id: NodeId) -> State {
        self.n_steps += 1;
        if MAX_STEPS < self.n_steps || MAX_DEPTH < self.depth {
            return State::Unknown;
        }
        self.depth += 1;
        let state = self.after_here(id);
        self.depth -= 1;
        state
    }

    fn after_here(&mut self, id: NodeId) -> State {
        let tree = &self.unit.tree;
        if let Some(event) = self.events.iter().find(|event| event.at == id) {
            return State::of(event.value);
        }
        let child = |slot| tree.child(id, slot);
        match tree.kind(id) {
            Kind::Block | Kind::Root | Kind::ExprStmt | Kind::Label | Kind::With | Kind::Finally => self.last_part(id),
            Kind::If => {
                let base = if self.has_events(child(0)) { self.after(child(0)) } else { self.before(id) };
                let then = self.branch(child(1), &base);
                let otherwise = self.branch(child(2), &base);
                self.join(then, otherwise)
            }
            Kind::Try => {
                let base = self.before(id);
                let body = child(0);
                let mut state = self.branch(body, &base);
                let thrown = if self.has_events(body) { self.caught(id, body) } else { base };
                let may_throw = self.may_throw(body);
                let parts: SmallVec<[NodeId; 6]> = tree.children(id).skip(1).collect();
                for part in &parts {
                    match tree.kind(*part) {
                        Kind::Catch | Kind::Finally | Kind::None => {}
                        _ if state == State::Unreachable => {}
                        _ => state = self.branch(*part, &state.clone()),
                    }
                }
                for part in parts.iter().filter(|part| may_throw && tree.kind(**part) == Kind::Catch) {
                    let caught = self.branch(tree.child(*part, 2), &thrown);
                    state = self.join(state, caught);
                }
                match parts.iter().find(|part| tree.kind(**part) == Kind::Finally) {
                    Some(finally) if self.has_events(*finally) => self.after(*finally),
                    _ => state,
                }
            }
            Kind::Switch => {
                let base = self.before(id);
                let cases: SmallVec<[NodeId; 6]> = tree.children(id).skip(1).collect();
                let has_default = cases.iter().any(|case| tree.children(*case).count() == 1);
                let mut state = if has_default { State::Unreachable } else { base.clone() };
                for case in &cases {
                    let Some(body) = tree.children(*case).last() else { continue };
                    let of_case = if self.has_events(body) {
                        self.last_part(body)
                    } else if self.leaves(body) {
                        State::Unreachable
                    } else {
                        base.clone()
                    };
                    state = self.join(state, of_case);
                }
                state
            }
            Kind::For if self.count(child(0)) == self.count(id) => self.after(child(0)),
            Kind::Ternary | Kind::Lambda | Kind::FuncDef | Kind::Comprehension => State::Unknown,
            Kind::Binary if matches!(tree.node(id).op, Op::And | Op::Or | Op::Coalesce) => State::Unknown,
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach => State::Unknown,
            _ => self.last_part(id),
        }
    }

    /// After the last part in which something happens.
    fn last_part(&mut self, id: NodeId) -> State {
        let Some(last) = self.of(id).last().copied() else { return State::Unknown };
        self.after(self.child_above(last.at, id))
    }

    /// After a branch that starts with a state.
    fn branch(&mut self, id: NodeId, base: &State) -> State {
        if self.ends(id) {
            return State::Unreachable;
        }
        if self.has_events(id) { self.after(id) } else { base.clone() }
    }

    fn join(&self, one: State, other: State) -> State {
        match (one, other) {
            (State::Unreachable, state) | (state, State::Unreachable) => state,
            (State::Unknown, _) | (_, State::Unknown) => State::Unknown,
            (State::Values(mut values), State::Values(more)) => {
                for value in more {
                    if !values.iter().any(|known| self.unit.is_same(*known, value)) {
                        values.push(value);
                    }
                }
                if values.len() <= MAX_VALUES { State::Values(values) } else { State::Unknown }
            }
        }
    }

    /// What happens within a node, itself included.
    fn of(&self, id: NodeId) -> &[Definition] {
        let from = self.events.partition_point(|event| event.at < id);
        let to = self.events.partition_point(|event| event.at.0 < self.unit.tree.node(id).subtree_end);
        self.events.get(from..to).unwrap_or_default()
    }

    fn count(&self, id: NodeId) -> usize {
        self.of(id).len()
    }

    fn has_events(&self, id: NodeId) -> bool {
        !self.of(id).is_empty()
    }

    /// What happens last within a node, before a child of it.
    fn last(&self, parent: NodeId, child: NodeId) -> Option<Definition> {
        let n_before = self.events.partition_point(|event| event.at < child);
        let last = n_before.checked_sub(1).and_then(|index| self.events.get(index))?;
        (last.at != parent && self.unit.tree.is_within(last.at, parent)).then_some(*last)
    }

    /// Whether what follows a statement is never reached from it.
    fn ends(&self, id: NodeId) -> bool {
        self.jumps(id, true, MAX_DEPTH)
    }

    /// Whether a statement leaves the function.
    fn leaves(&self, id: NodeId) -> bool {
        self.jumps(id, false, MAX_DEPTH)
    }

    fn jumps(&self, id: NodeId, counts_break: bool, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let tree = &self.unit.tree;
        match tree.kind(id) {
            Kind::Return | Kind::Throw => true,
            Kind::Break | Kind::Continue => counts_break,
            Kind::Block => tree.children(id).any(|statement| self.jumps(statement, counts_break, depth)),
            Kind::If => {
                let (then, otherwise) = (tree.child(id, 1), tree.child(id, 2));
                self.jumps(then, counts_break, depth) && self.jumps(otherwise, counts_break, depth)
            }
            _ => false,
        }
    }

    /// Whether something in a body may throw.
    fn may_throw(&self, body: NodeId) -> bool {
        self.unit.tree.descendants(body).any(|id| matches!(self.unit.tree.kind(id), Kind::Call | Kind::New | Kind::Throw | Kind::Await))
    }

    /// The child of `ancestor` that a node is, or stands below.
    fn child_above(&self, id: NodeId, ancestor: NodeId) -> NodeId {
        let mut at = id;
        while let Some(parent) = self.unit.tree.parent(at).filter(|parent| *parent != ancestor) {
            at = parent;
        }
        at
    }
}
