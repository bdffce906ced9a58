//! Places that can be written, and what writing does to them.

use smallvec::SmallVec;

use super::{
    env::Base,
    flow::Flow,
    shape::{Key, Origin, Path, RECEIVER, Shape, Step, Taint, Taints},
};
use crate::{
    ir::{Kind, NodeId, Op, Symbol},
    lower::Feature,
    names::BindingKind,
    unit::Unit,
};

/// A place that can be written: a variable, or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) base: Base,
    pub(super) path: SmallVec<[Key; 3]>,
}

impl Flow<'_> {
    /// Gives a parameter its value. A parameter that a source matches is tainted.
    pub(super) fn parameter(&mut self, param: NodeId, mut value: Shape) {
        let name = if self.unit.tree.kind(param) == Kind::Param { self.unit.tree.child(param, 1) } else { param };
        if self.unit.tree.kind(param) == Kind::Param {
            let default = self.expression(self.unit.tree.child(param, 3));
            value.join(&default);
        }
        self.mark_target(name, &mut value);
        self.assign(name, value);
    }

    /// What is matched at something that is written: a source taints it.
    pub(super) fn mark_target(&mut self, id: NodeId, value: &mut Shape) {
        if let Some(sources) = self.marks.sources_of.get(&id) {
            for &index in sources {
                self.source_at_target(index, value);
            }
        }
    }

    fn source_at_target(&self, index: u32, value: &mut Shape) {
        if self.marks.sources.get(index as usize).is_some_and(|source| !source.is_control) {
            value.own.join(&self.made_by_source(index, value));
        }
    }

    /// Writes to a target: a variable, a part of one, or several at once.
    pub(super) fn assign(&mut self, target: NodeId, mut value: Shape) {
        let node = *self.unit.tree.node(target);
        if !self.is_constant_definition(target) {
            self.mark_target(target, &mut value);
        }
        match node.kind {
            Kind::Spread => self.assign(self.unit.tree.child(target, 0), value),
            Kind::Tuple | Kind::List => {
                let targets: SmallVec<[NodeId; 4]> = self.unit.tree.children(target).collect();
                for (index, target) in targets.iter().enumerate() {
                    let index = i32::try_from(index).unwrap_or(i32::MAX);
                    let is_rest = self.unit.tree.kind(*target) == Kind::Spread;
                    let part = if is_rest { value.clone() } else { value.part(Key::Index(index)) };
                    if is_last_of_list(self.unit, *target, targets.last()) {
                        // `[a | rest]`: the rest has none of the elements before it.
                        let taken: SmallVec<[Key; 4]> = (0..=index).map(Key::Index).collect();
                        let rest = Shape::of(value.clone().without(&taken).all());
                        self.assign(self.unit.tree.child(*target, 0), part);
                        self.assign(self.unit.tree.child(*target, 1), rest);
                        continue;
                    }
                    self.assign(*target, part);
                }
            }
            Kind::Dict => {
                let entries: SmallVec<[NodeId; 4]> = self.unit.tree.children(target).collect();
                let mut taken: SmallVec<[Key; 4]> = SmallVec::new();
                for entry in entries {
                    if self.unit.tree.kind(entry) == Kind::KeyValue {
                        let key = *self.unit.tree.node(self.unit.tree.child(entry, 0));
                        let part = if matches!(key.kind, Kind::Name | Kind::Str) {
                            taken.push(Key::Field(key.symbol));
                            value.part(Key::Field(key.symbol))
                        } else {
                            value.part(Key::Any)
                        };
                        self.assign(self.unit.tree.child(entry, 1), part);
                    } else {
                        // What is left has none of the parts that were taken.
                        self.assign(entry, value.clone().without(&taken));
                    }
                }
            }
            // A pattern and a name for all of it.
            Kind::Assign if self.unit.has_feature(Feature::CasesBind) => {
                self.assign(self.unit.tree.child(target, 0), value.clone());
                self.assign(self.unit.tree.child(target, 1), value);
            }
            Kind::Assign => {
                // A pattern with a default.
                let default = self.expression(self.unit.tree.child(target, 1));
                value.join(&default);
                self.assign(self.unit.tree.child(target, 0), value);
            }
            // `Some(x)`: what is in it, or each part of that.
            Kind::Call | Kind::New => {
                let parts: SmallVec<[NodeId; 4]> = self.unit.tree.children(self.unit.tree.child(target, 1)).collect();
                match parts.as_slice() {
                    [only] => self.assign(*only, value),
                    parts => {
                        for (index, part) in parts.iter().enumerate() {
                            let name = self.unit.tree.node(self.unit.tree.child(*part, 0)).symbol;
                            let key = match self.unit.tree.kind(*part) {
                                Kind::KwArg => Key::Field(name),
                                _ => i32::try_from(index).map_or(Key::Any, Key::Index),
                            };
                            self.assign(*part, value.part(key));
                        }
                    }
                }
            }
            Kind::VarDef => self.assign(self.unit.tree.child(target, 1), value),
            // `a | b`, and a string with its rest.
            Kind::Binary => {
                self.assign(self.unit.tree.child(target, 0), value.clone());
                self.assign(self.unit.tree.child(target, 1), value);
            }
            Kind::KeyValue | Kind::KwArg => self.assign(self.unit.tree.child(target, 1), value),
            Kind::Unary | Kind::Cast => self.assign(self.unit.tree.child(target, usize::from(node.kind == Kind::Cast)), value),
            _ => {
                let mut of_keys = Taints::default();
                if node.kind == Kind::Index {
                    let keys: SmallVec<[NodeId; 2]> = self.unit.tree.children(target).skip(1).collect();
                    for key in keys {
                        of_keys.join(&self.expression(key).all());
                    }
                }
                // Writing to a sink is arriving there; so is saying by a key where to write.
                if let Some(sinks) = self.marks.sinks_of.get(&target) {
                    let mut taints = value.all();
                    taints.join(&of_keys);
                    for &index in sinks {
                        self.sink(target, index, &taints);
                    }
                }
                if let Some(place) = self.place(target) {
                    let value = self.stepped(value, target);
                    self.write(&place, value);
                    // A source may be what is written to.
                    let object = self.unit.tree.child(target, 0);
                    if matches!(node.kind, Kind::Index | Kind::Dot) && !self.is_plain(object) {
                        self.expression(object);
                    }
                } else if let Kind::Index | Kind::Dot = node.kind {
                    self.expression(self.unit.tree.child(target, 0));
                }
            }
        }
    }

    /// Whether a name is defined here as a constant: whatever matches the name, it has that value.
    fn is_constant_definition(&self, name: NodeId) -> bool {
        let definition = self.unit.tree.parent(name).filter(|parent| self.unit.tree.kind(*parent) == Kind::VarDef);
        definition.is_some_and(|definition| self.unit.value(self.unit.tree.child(definition, 3)).is_some())
    }

    /// A value, one step further.
    pub(super) fn stepped(&self, mut value: Shape, node: NodeId) -> Shape {
        if !value.is_clean() {
            value.for_each(&mut |taint| taint.trace = Step::then(taint.trace.as_ref(), node));
        }
        value
    }

    /// The place that an expression names, if it is one that can be written.
    pub(super) fn place(&self, id: NodeId) -> Option<Place> {
        let mut path: SmallVec<[Key; 3]> = SmallVec::new();
        let mut at = id;
        loop {
            let node = self.unit.tree.node(at);
            match node.kind {
                Kind::Name => {
                    let (base, field) = self.base(at, node.symbol)?;
                    path.extend(field);
                    path.reverse();
                    return Some(Place { base, path });
                }
                Kind::Dot => {
                    let member = self.unit.tree.node(self.unit.tree.child(at, 1));
                    path.push(if member.kind == Kind::Name { Key::Field(member.symbol) } else { Key::Any });
                    at = self.unit.tree.child(at, 0);
                }
                Kind::Index => {
                    let mut children = self.unit.tree.children(at);
                    let object = children.next()?;
                    // Without an index it is what comes next.
                    let key = match (children.next(), children.next()) {
                        (Some(index), None) => self.key(index),
                        _ => Key::Any,
                    };
                    path.push(key);
                    at = object;
                }
                Kind::Unary if matches!(node.op, Op::AddressOf | Op::Deref | Op::NonNull) => at = self.unit.tree.child(at, 0),
                Kind::Cast => at = self.unit.tree.child(at, 1),
                Kind::Await | Kind::ExprStmt => at = self.unit.tree.child(at, 0),
                Kind::Param => at = self.unit.tree.child(at, 1),
                _ => return None,
            }
        }
    }

    /// What a name is called by; a field that is read by its name alone is a part of the object.
    fn base(&self, id: NodeId, name: Symbol) -> Option<(Base, Option<Key>)> {
        let (is_self, is_instance) =
            self.unit.with_text(name, |text| (matches!(text, "this" | "self" | "$this"), text.starts_with('@') && !text.starts_with("@@")));
        if is_self {
            return Some((Base::This, None));
        }
        if is_instance {
            return Some((Base::This, Some(Key::Field(name))));
        }
        let id = self.unit.names.binding_of(id)?;
        let binding = self.unit.names.get(id)?;
        let declaration = self.unit.tree.node(binding.declaration);
        let is_field = match binding.kind {
            BindingKind::Field => !self.unit.is_static(binding.declaration),
            BindingKind::Parameter if declaration.op == Op::Receiver => return Some((Base::This, None)),
            // A parameter of a primary constructor.
            BindingKind::Parameter => {
                let list = self.unit.tree.parent(binding.declaration);
                list.and_then(|list| self.unit.tree.parent(list)).is_some_and(|owner| self.unit.tree.kind(owner) == Kind::ClassDef)
            }
            _ => false,
        };
        if is_field {
            return Some((Base::This, Some(Key::Field(binding.name))));
        }
        Some((Base::Variable(id), None))
    }

    pub(super) fn read(&self, place: &Place) -> Shape {
        let Some(shape) = self.env.get(place.base) else { return Shape::default() };
        match place.path.split_first() {
            Some((first, rest)) => rest.iter().fold(shape.part(*first), |part, key| part.part(*key)),
            None => shape.clone(),
        }
    }

    pub(super) fn write(&mut self, place: &Place, value: Shape) {
        if place.path.is_empty() {
            self.env.set(place.base, value.limited());
            return;
        }
        let slot = self.env.slot(place.base);
        slot.write(&place.path, value);
        let size = slot.size();
        *slot = std::mem::take(slot).limited();
        self.n_steps += u64::try_from(size / 16).unwrap_or(u64::MAX);
    }

    /// The shape of the object that a method runs on.
    pub(super) fn receiver_place(&self) -> Place {
        Place { base: Base::This, path: SmallVec::new() }
    }

    /// The taint that a parameter stands for while its function is analyzed.
    pub(super) fn param_taint(index: u32) -> Shape {
        let mut taints = Taints::default();
        taints.add(Taint { origin: Origin::Param(index, Path::default()), label: 0, given: None, sanitized: 0, trace: None });
        Shape::of(taints)
    }

    pub(super) fn receiver_taint() -> Shape {
        Self::param_taint(RECEIVER)
    }
}

/// Whether a target is the end of a list that is taken apart into its first elements and the rest.
fn is_last_of_list(unit: &Unit<'_>, target: NodeId, last: Option<&NodeId>) -> bool {
    let node = unit.tree.node(target);
    last == Some(&target) && node.kind == Kind::Binary && node.op == Op::BitOr
}
