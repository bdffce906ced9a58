//! Statements: where ways part and meet.

use smallvec::SmallVec;

use super::{
    env::{Base, Env},
    flow::Flow,
    shape::{Key, Shape},
};
use crate::{
    ir::{Kind, NodeId, Op},
    lower::Feature,
    names::is_bound_in_cases,
    value::{Value, is_same},
};

/// How often a loop is run until nothing changes.
const MAX_ROUNDS: usize = 4;

impl Flow<'_> {
    /// Statements in a row; those behind a jump never run.
    pub(super) fn statements(&mut self, block: NodeId) {
        let statements: Vec<NodeId> = self.unit.tree.children(block).collect();
        for statement in statements {
            if self.env.is_dead {
                // Functions are known wherever they stand.
                break;
            }
            self.statement(statement);
        }
    }

    /// The statements of a function; gives what the last one is, where that is what the function gives back.
    pub(super) fn body(&mut self, block: NodeId) -> Shape {
        let is_value = self.unit.has_feature(Feature::ReturnsLast);
        let last = self.unit.tree.children(block).last().filter(|_| is_value);
        let Some(last) = last.filter(|last| matches!(self.unit.tree.kind(*last), Kind::ExprStmt | Kind::If | Kind::Switch | Kind::Block))
        else {
            self.statements(block);
            return Shape::default();
        };
        let before: Vec<NodeId> = self.unit.tree.children(block).take_while(|statement| *statement != last).collect();
        for statement in before {
            if self.env.is_dead {
                return Shape::default();
            }
            self.statement(statement);
        }
        self.last_value(last)
    }

    pub(super) fn last_value(&mut self, id: NodeId) -> Shape {
        let child = |slot| self.unit.tree.child(id, slot);
        if self.env.is_dead || !self.step() {
            return Shape::default();
        }
        match self.unit.tree.kind(id) {
            Kind::ExprStmt => {
                let mut value = self.expression(child(0));
                self.mark_statement(id, &mut value);
                value
            }
            Kind::Block => self.body(id),
            Kind::Switch => self.switch(id),
            Kind::If => {
                self.expression(child(0));
                match self.decided(child(0)) {
                    Some(Value::Bool(true)) => return self.last_value(child(1)),
                    Some(Value::Bool(false)) => return self.last_value(child(2)),
                    _ => {}
                }
                let before = self.copy_env();
                let mut value = self.last_value(child(1));
                let then = std::mem::replace(&mut self.env, before);
                value.join(&self.last_value(child(2)));
                self.env.join(&then);
                value
            }
            _ => {
                self.statement(id);
                Shape::default()
            }
        }
    }

    pub(super) fn statement(&mut self, id: NodeId) {
        if !self.step() {
            return;
        }
        let node = *self.unit.tree.node(id);
        let child = |slot| self.unit.tree.child(id, slot);
        match node.kind {
            Kind::Root | Kind::Block => self.statements(id),
            Kind::VarDef => {
                let value = child(3);
                let mut shape = self.expression(value);
                self.mark_statement(id, &mut shape);
                if self.unit.tree.kind(value) != Kind::None || !self.is_known(child(1)) {
                    self.assign(child(1), shape);
                }
            }
            Kind::If => self.branch(id),
            Kind::While => self.repeat(|flow| {
                flow.expression(child(0));
                flow.statement(child(1));
            }),
            Kind::DoWhile => self.repeat(|flow| {
                flow.statement(child(0));
                flow.expression(child(1));
            }),
            Kind::For => {
                self.statement(child(0));
                self.repeat(|flow| {
                    flow.expression(child(1));
                    flow.statement(child(3));
                    flow.statement(child(2));
                });
            }
            Kind::ForEach => {
                let iterated = self.expression(child(1));
                let element = iterated.part(Key::Any);
                self.repeat(|flow| {
                    flow.assign(child(0), element.clone());
                    flow.statement(child(2));
                });
            }
            Kind::Return => {
                let mut value = self.expression(child(0));
                self.mark_statement(id, &mut value);
                self.exits.returned.join(&value);
                let env = std::mem::replace(&mut self.env, Env::dead());
                match &mut self.exits.at_return {
                    Some(known) => known.join(&env),
                    None => self.exits.at_return = Some(env),
                }
            }
            Kind::Throw => {
                self.expression(child(0));
                self.jump(|flow| flow.exits.throws.last_mut());
            }
            Kind::Break | Kind::Continue => self.jump(|flow| flow.exits.loops.last_mut()),
            Kind::Try => self.attempt(id),
            Kind::Switch => {
                self.switch(id);
            }
            Kind::With => {
                let children: SmallVec<[NodeId; 4]> = self.unit.tree.children(id).collect();
                for item in children {
                    self.statement(item);
                }
            }
            Kind::FuncDef => {
                // Analyzed when it is called, or at the end. Attributes and defaults run here.
                self.expression(child(0));
                if self.function != NodeId::ROOT {
                    self.nested.push(id);
                }
            }
            Kind::ClassDef => {
                self.expression(child(0));
                let body = child(4);
                if matches!(self.unit.tree.kind(body), Kind::Block) {
                    let outer = self.env.take(Base::This);
                    self.statements(body);
                    let fields = self.env.take(Base::This).filter(|fields| !fields.is_clean());
                    self.env.put(Base::This, outer);
                    self.fields_of.extend(fields.map(|fields| (id, std::rc::Rc::unwrap_or_clone(fields))));
                }
            }
            Kind::Namespace => self.statement(child(1)),
            Kind::Label => self.statement(child(1)),
            Kind::Import | Kind::ImportFrom | Kind::Package | Kind::Goto | Kind::None | Kind::Opaque => {}
            Kind::ExprStmt => {
                let mut value = self.expression(child(0));
                self.mark_statement(id, &mut value);
            }
            Kind::Assert | Kind::Delete => {
                let children: SmallVec<[NodeId; 4]> = self.unit.tree.children(id).collect();
                for part in children {
                    self.expression(part);
                }
            }
            _ => {
                self.expression(id);
            }
        }
    }

    /// What is matched at a statement counts for its value.
    fn mark_statement(&mut self, id: NodeId, value: &mut Shape) {
        if self.marks.sinks_of.contains_key(&id) || self.marks.sources_of.contains_key(&id) || self.marks.sanitizers_of.contains_key(&id) {
            self.mark(id, value);
        }
    }

    fn is_known(&self, name: NodeId) -> bool {
        self.place(name).is_some_and(|place| self.env.get(place.base).is_some())
    }

    fn branch(&mut self, id: NodeId) {
        let child = |slot| self.unit.tree.child(id, slot);
        self.expression(child(0));
        match self.decided(child(0)) {
            Some(Value::Bool(true)) => self.statement(child(1)),
            Some(Value::Bool(false)) => self.statement(child(2)),
            _ => {
                let before = self.copy_env();
                self.statement(child(1));
                let then = std::mem::replace(&mut self.env, before);
                self.statement(child(2));
                self.meet();
                self.env.join(&then);
            }
        }
    }

    /// Runs a body until nothing changes.
    fn repeat(&mut self, mut body: impl FnMut(&mut Self)) {
        let mut out = self.copy_env();
        for _ in 0..MAX_ROUNDS {
            if self.env.is_dead {
                break;
            }
            self.exits.loops.push(None);
            body(self);
            if let Some(left) = self.exits.loops.pop().flatten() {
                self.env.join(&left);
            }
            self.meet();
            self.meet();
            self.meet();
            let is_settled = self.is_exhausted() || self.env.is_covered_by(&out);
            out.join(&self.env);
            if is_settled {
                break;
            }
            self.env.clone_from(&out);
        }
        self.env = out;
    }

    /// Leaves for where an exit collects what arrives.
    fn jump<'f>(&'f mut self, exit: impl FnOnce(&'f mut Self) -> Option<&'f mut Option<Env>>) {
        self.meet();
        let env = std::mem::replace(&mut self.env, Env::dead());
        if let Some(slot) = exit(self) {
            match slot {
                Some(known) => known.join(&env),
                None => *slot = Some(env),
            }
        }
    }

    fn attempt(&mut self, id: NodeId) {
        let children: SmallVec<[NodeId; 6]> = self.unit.tree.children(id).collect();
        let Some((body, rest)) = children.split_first() else { return };
        let before = self.copy_env();
        self.meet();
        self.exits.throws.push(None);
        self.statement(*body);
        let thrown = self.exits.throws.pop().flatten();
        // Where nothing can go wrong no handler runs.
        let is_handled = thrown.is_some() || self.may_throw(*body);
        // What stands behind a body that went well.
        for part in rest.iter().filter(|part| self.unit.tree.kind(**part) == Kind::Block) {
            if !self.env.is_dead {
                self.statement(*part);
            }
        }
        // A handler may run after any part of the body.
        let mut at_handler = before;
        at_handler.join(&self.env);
        if let Some(thrown) = &thrown {
            at_handler.join(thrown);
        }
        at_handler.is_dead = false;
        let mut after = self.copy_env();
        for part in rest.iter().filter(|part| is_handled && self.unit.tree.kind(**part) == Kind::Catch) {
            self.env = at_handler.clone();
            let name = self.unit.tree.child(*part, 1);
            let mut caught = Shape::default();
            self.mark(name, &mut caught);
            self.assign(name, caught);
            self.statement(self.unit.tree.child(*part, 2));
            after.join(&self.env);
        }
        self.env = after;
        for part in rest {
            if self.unit.tree.kind(*part) == Kind::Finally {
                let was_dead = std::mem::replace(&mut self.env.is_dead, false);
                if was_dead {
                    self.env = at_handler.clone();
                }
                self.statement(self.unit.tree.child(*part, 0));
                self.env.is_dead |= was_dead;
            }
        }
    }

    /// Whether something in a body may go wrong: a call, say, but no name.
    fn may_throw(&self, body: NodeId) -> bool {
        let may = |kind| matches!(kind, Kind::Call | Kind::New | Kind::Index | Kind::Await | Kind::Cast | Kind::Throw | Kind::Opaque);
        self.unit.tree.descendants(body).any(|id| may(self.unit.tree.kind(id)))
    }

    /// Runs the cases that may be chosen; gives what their last statements are, where that is a value.
    fn switch(&mut self, id: NodeId) -> Shape {
        let children: SmallVec<[NodeId; 8]> = self.unit.tree.children(id).collect();
        let Some((subject, cases)) = children.split_first() else { return Shape::default() };
        let of_subject = self.expression(*subject);
        let mut result = Shape::default();
        // Without a subject cases are conditions.
        let binds = self.unit.tree.kind(*subject) != Kind::None
            && (self.unit.has_feature(Feature::CasesBind) || self.unit.has_feature(Feature::CasesDeclare));
        let value = self.decided(*subject);
        let chosen = value.and_then(|value| self.chosen(value, cases));
        let before = self.copy_env();
        let mut after: Option<Env> = None;
        let mut has_default = false;
        self.exits.loops.push(None);
        let mut is_running = false;
        let falls_through = self.unit.has_feature(Feature::FallsThrough);
        for (index, case) in cases.iter().enumerate() {
            let parts: SmallVec<[NodeId; 4]> = self.unit.tree.children(*case).collect();
            let Some((body, patterns)) = parts.split_last() else { continue };
            has_default |= patterns.is_empty();
            if let Some(chosen) = chosen {
                // Only what runs from the chosen case on.
                if index < chosen || (chosen < index && !is_running) {
                    continue;
                }
                is_running = true;
            } else {
                // Reached from above, or from the case before.
                self.meet();
                let mut entry = before.clone();
                entry.join(&self.env);
                self.env = entry;
                for pattern in patterns {
                    if binds {
                        self.bind_case(*pattern, &of_subject);
                    }
                    self.expression(*pattern);
                    // A declaration without a value leaves nothing in its name.
                    if binds {
                        self.bind_case(*pattern, &of_subject);
                    }
                }
            }
            result.join(&self.last_value(*body));
            is_running &= !self.env.is_dead && falls_through;
        }
        match &mut after {
            Some(after) => after.join(&self.env),
            None => after = Some(self.copy_env()),
        }
        let mut out = after.unwrap_or_default();
        if let Some(left) = self.exits.loops.pop().flatten() {
            out.join(&left);
        }
        if !has_default && chosen.is_none() {
            out.join(&before);
        }
        self.env = out;
        result
    }

    /// Gives the names of a pattern what they are compared with: those that it declares, and in some languages all.
    fn bind_case(&mut self, pattern: NodeId, shape: &Shape) {
        let node = *self.unit.tree.node(pattern);
        let child = |slot| self.unit.tree.child(pattern, slot);
        match node.kind {
            Kind::Name => {
                if self.unit.has_feature(Feature::CasesBind) && self.unit.with_text(node.symbol, is_bound_in_cases) {
                    self.assign(pattern, shape.clone());
                }
            }
            Kind::VarDef => self.assign(child(1), shape.clone()),
            Kind::Assign => {
                self.assign(child(0), shape.clone());
                self.bind_case(child(1), shape);
            }
            Kind::TypeTest | Kind::Spread => self.bind_case(child(0), shape),
            Kind::List | Kind::Tuple => {
                let parts: SmallVec<[NodeId; 4]> = self.unit.tree.children(pattern).collect();
                for (index, part) in (0..).zip(parts) {
                    let is_rest = self.unit.tree.kind(part) == Kind::Spread;
                    let of_part = if is_rest { shape.clone() } else { shape.part(Key::Index(index)) };
                    self.bind_case(part, &of_part);
                }
            }
            Kind::Call | Kind::New => {
                // The class is no name that is given something.
                let parts: SmallVec<[NodeId; 4]> = self.unit.tree.children(child(1)).collect();
                for part in parts {
                    self.bind_case(part, &Shape::of(shape.all()));
                }
            }
            Kind::KeyValue | Kind::KwArg => {
                let key = *self.unit.tree.node(child(0));
                self.bind_case(child(1), &shape.part(Key::Field(key.symbol)));
            }
            // What cases compare with, and their conditions.
            Kind::Dot | Kind::CompIf => {}
            Kind::Unary if !matches!(node.op, Op::AddressOf | Op::Deref) => {}
            Kind::Other if self.unit.with_text(node.symbol, |text| text == "guard") => self.bind_case(child(0), shape),
            Kind::Other if self.unit.with_text(node.symbol, |text| text == "pin") => {}
            _ => {
                let parts: SmallVec<[NodeId; 4]> = self.unit.tree.children(pattern).collect();
                for part in parts {
                    self.bind_case(part, shape);
                }
            }
        }
    }

    /// The case that a known value chooses; none if that is not sure.
    fn chosen(&self, value: Value, cases: &[NodeId]) -> Option<usize> {
        let mut default = None;
        for (index, case) in cases.iter().enumerate() {
            let parts: SmallVec<[NodeId; 4]> = self.unit.tree.children(*case).collect();
            let (_, patterns) = parts.split_last()?;
            if patterns.is_empty() {
                default = Some(index);
            }
            for pattern in patterns.iter().flat_map(|pattern| self.unit.alternatives(*pattern)) {
                let node = self.unit.tree.node(pattern);
                // `case _` takes what is left.
                if node.kind == Kind::Name && self.unit.with_text(node.symbol, |text| text == "_") {
                    return Some(index);
                }
                if is_same(self.unit.value(pattern)?, value) {
                    return Some(index);
                }
            }
        }
        default
    }
}
