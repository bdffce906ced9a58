//! Types: `($X: T)`, `metavariable-type`, and types in definitions.

use super::{Matcher, Next, sequence::Rest};
use crate::{
    ir::{Kind, NodeId, Op, Symbol},
    lower::Feature,
    names::BindingKind,
};

/// How many names and members are followed to find a type.
const MAX_HOPS: u32 = 8;

/// What is known of an expression's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeOf {
    /// A node that names it.
    Node(NodeId),
    /// A pointer to what a node names.
    Pointer(NodeId),
    /// A type of literals, in the words of several languages.
    Builtin(&'static [&'static str]),
}

const STRING: &[&str] = &["String", "string", "str", "java.lang.String"];
const INTEGER: &[&str] = &["int", "Int", "Integer", "number", "long", "i32", "integer"];
const FLOAT: &[&str] = &["float", "double", "Double", "Float", "number", "f64"];
const NUMBER: &[&str] = &["number", "float", "int"];
const BOOLEAN: &[&str] = &["bool", "boolean", "Boolean", "Bool"];
const CHARACTER: &[&str] = &["char", "Char", "Character"];

impl<'m> Matcher<'m> {
    /// An expression whose type a pattern names.
    pub(super) fn has_type(&mut self, target: NodeId, of: NodeId, next: Next<'_, 'm>) -> bool {
        match self.unit.type_of(target, MAX_HOPS) {
            Some(TypeOf::Node(node)) => self.type_name(of, node, next),
            Some(TypeOf::Pointer(node)) => match self.pointed(of) {
                Some(pointed) => self.type_name(pointed, node, next),
                None => matches!(self.pattern.kind(of), Kind::Metavar | Kind::Ellipsis) && self.type_name(of, node, next),
            },
            Some(TypeOf::Builtin(names)) => {
                let p = *self.pattern.node(of);
                match p.kind {
                    // A string of C is a pointer to characters.
                    Kind::TypeOf if p.op == Op::Pointer && names == STRING && self.unit.has_feature(Feature::CharacterPointers) => {
                        let of = self.pattern.node(self.pattern.child(of, 0)).symbol;
                        self.unit.with_text(of, |text| text == "char") && next(self)
                    }
                    Kind::Name if self.is_boxed(p.symbol, names) => next(self),
                    Kind::Name => self.unit.with_text(p.symbol, |text| names.contains(&text)) && next(self),
                    _ => false,
                }
            }
            // A method of a class is called on its name.
            None => {
                let (p, t) = (*self.pattern.node(of), *self.target(target));
                let is_class = t.kind == Kind::Name
                    && self
                        .unit
                        .names
                        .of(target)
                        .is_none_or(|binding| matches!(binding.kind, BindingKind::Unknown | BindingKind::Import | BindingKind::Class));
                is_class && p.kind == Kind::Name && p.symbol == t.symbol && next(self)
            }
        }
    }

    /// What a pointer in a pattern points to; read as an expression, `*T` is what `T` points to.
    fn pointed(&self, pattern: NodeId) -> Option<NodeId> {
        let p = self.pattern.node(pattern);
        matches!((p.kind, p.op), (Kind::TypeOf, Op::Pointer) | (Kind::Unary, Op::Deref)).then(|| self.pattern.child(pattern, 0))
    }

    /// A type: by name, without its arguments unless the pattern has some.
    pub(super) fn type_name(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        if self.expr(pattern, target, next) {
            return true;
        }
        let (p, t) = (*self.pattern.node(pattern), *self.target(target));
        match t.kind {
            Kind::Name if p.kind == Kind::Name && self.is_same_type(p.symbol, t.symbol) => next(self),
            Kind::TypeOf if t.op == Op::Pointer && p.kind == Kind::Unary => {
                let to = self.unit.tree.child(target, 0);
                self.pointed(pattern).is_some_and(|pointed| self.type_name(pointed, to, next))
            }
            // `List` finds `List<String>`, and a pointer is written as one.
            Kind::TypeArgs if matches!(p.kind, Kind::Name | Kind::Dot) => self.expr(pattern, self.unit.tree.child(target, 0), next),
            Kind::TypeOf if t.op == Op::Optional && p.kind != Kind::TypeOf => {
                self.type_name(pattern, self.unit.tree.child(target, 0), next)
            }
            Kind::Dot if p.kind == Kind::Name && !self.unit.has_feature(Feature::WholeTypeNames) => {
                // A qualified type is known by its last name, too.
                let last = *self.target(self.unit.tree.child(target, 1));
                last.kind == Kind::Name && (last.symbol == p.symbol || self.is_same_type(p.symbol, last.symbol)) && next(self)
            }
            Kind::TypeArgs if p.kind == Kind::TypeArgs => {
                let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
                self.row(&patterns, &targets, Rest::Forbidden, Self::type_name, next)
            }
            _ => false,
        }
    }
}

/// Types of numbers and truth values of Java, with the classes that hold them.
const BOXES: &[(&str, &str)] = &[
    ("boolean", "Boolean"),
    ("int", "Integer"),
    ("long", "Long"),
    ("short", "Short"),
    ("byte", "Byte"),
    ("char", "Character"),
    ("float", "Float"),
    ("double", "Double"),
];

impl Matcher<'_> {
    /// Whether two names are of the same type: one of the other's box, or one in another case where that makes no difference.
    fn is_same_type(&self, pattern: Symbol, target: Symbol) -> bool {
        let unit = self.unit;
        unit.with_text(pattern, |pattern| {
            unit.with_text(target, |target| {
                let is_box =
                    BOXES.iter().any(|(bare, boxed)| (pattern == *bare && target == *boxed) || (pattern == *boxed && target == *bare));
                (is_box && unit.has_feature(Feature::BoxedTypes))
                    || (unit.has_feature(Feature::CaselessTypes) && pattern.eq_ignore_ascii_case(target))
            })
        })
    }

    /// Whether a type of Java is the box of what a literal is.
    fn is_boxed(&self, pattern: Symbol, names: &[&str]) -> bool {
        self.unit.has_feature(Feature::BoxedTypes)
            && self.unit.with_text(pattern, |pattern| {
                BOXES.iter().any(|(bare, boxed)| pattern.rsplit('.').next() == Some(*boxed) && names.contains(bare))
            })
    }
}

impl crate::unit::Unit<'_> {
    /// What is known of an expression's type.
    pub(crate) fn type_of(&self, id: NodeId, n_hops: u32) -> Option<TypeOf> {
        let n_hops = n_hops.checked_sub(1)?;
        let node = self.tree.node(id);
        let child = |slot| self.tree.child(id, slot);
        match node.kind {
            Kind::Str | Kind::Interp => Some(TypeOf::Builtin(STRING)),
            Kind::Number if self.has_feature(Feature::Numbers) => Some(TypeOf::Builtin(NUMBER)),
            Kind::Number => Some(TypeOf::Builtin(if node.op == Op::Float { FLOAT } else { INTEGER })),
            Kind::Bool => Some(TypeOf::Builtin(BOOLEAN)),
            Kind::Char => Some(TypeOf::Builtin(CHARACTER)),
            Kind::New | Kind::Cast => Some(TypeOf::Node(child(0))),
            Kind::Call if self.is_construction(child(0)) => Some(TypeOf::Node(child(0))),
            Kind::Call if self.has_feature(Feature::AddressTypes) => self.made(id),
            Kind::Call => self.type_of_call(id, n_hops),
            Kind::Await => self.type_of(child(0), n_hops),
            Kind::ExprStmt => self.type_of(child(0), n_hops),
            Kind::Unary if node.op == Op::Not => Some(TypeOf::Builtin(BOOLEAN)),
            Kind::Unary if node.op == Op::AddressOf => match self.type_of(child(0), n_hops) {
                Some(TypeOf::Node(of)) if self.has_feature(Feature::AddressTypes) => Some(TypeOf::Pointer(of)),
                other => other,
            },
            Kind::Ternary => self.type_of(child(1), n_hops),
            Kind::Binary => match node.op {
                Op::Eq | Op::NotEq | Op::Lt | Op::LtEq | Op::Gt | Op::GtEq | Op::And | Op::Or => Some(TypeOf::Builtin(BOOLEAN)),
                Op::Add => {
                    // A sum with a string in it is a string.
                    let sides = [self.type_of(child(0), n_hops), self.type_of(child(1), n_hops)];
                    if sides.iter().any(|side| self.is_string(*side)) {
                        return Some(TypeOf::Builtin(STRING));
                    }
                    if sides.iter().all(|side| self.is_one_of(*side, INTEGER)) {
                        return Some(TypeOf::Builtin(INTEGER));
                    }
                    let [left, right] = sides;
                    left.filter(|_| left == right)
                }
                Op::Sub | Op::Mul | Op::Div | Op::Mod => self.type_of(child(0), n_hops),
                // Of truth values, too.
                Op::BitAnd | Op::BitOr | Op::BitXor => {
                    let sides = [self.type_of(child(0), n_hops), self.type_of(child(1), n_hops)];
                    let is_boolean = sides.iter().any(|side| self.is_one_of(*side, BOOLEAN));
                    if is_boolean { Some(TypeOf::Builtin(BOOLEAN)) } else { sides[0].filter(|_| sides[0] == sides[1]) }
                }
                _ => None,
            },
            Kind::Name => {
                let binding = self.names.of(id)?;
                if let Some(of) = binding.declared_type
                    && !self.is_inferred(of)
                {
                    return Some(TypeOf::Node(of));
                }
                let value = match binding.definitions.as_slice() {
                    [only] => only.value,
                    _ => self.reaching_value(id),
                };
                self.type_of(value?, n_hops)
            }
            Kind::Dot => {
                let (object, member) = (child(0), self.tree.node(child(1)));
                let is_self = self.tree.kind(object) == Kind::Name
                    && self.with_text(self.tree.node(object).symbol, |text| matches!(text, "this" | "self" | "$this"));
                if !is_self {
                    let is_length = self.has_feature(Feature::BoxedTypes) && self.with_text(member.symbol, |text| text == "length");
                    return is_length.then_some(TypeOf::Builtin(INTEGER));
                }
                let mut at = id;
                while let Some(parent) = self.tree.parent(at) {
                    at = parent;
                    if self.tree.kind(at) == Kind::ClassDef {
                        break;
                    }
                }
                let Some(field) = self.names.field(at, member.symbol) else { return self.injected_type(at, member.symbol) };
                match field.declared_type {
                    Some(of) => Some(TypeOf::Node(of)),
                    None => self.type_of(field.definitions.first()?.value?, n_hops),
                }
            }
            _ => None,
        }
    }

    /// `new(T)` points to a `T`, `make(T)` is one.
    fn made(&self, call: NodeId) -> Option<TypeOf> {
        let callee = self.tree.child(call, 0);
        let of = self.tree.children(self.tree.child(call, 1)).next()?;
        let is_own = self.names.of(callee).is_some_and(|binding| binding.kind != BindingKind::Unknown);
        if self.tree.kind(callee) != Kind::Name || is_own {
            return None;
        }
        self.with_text(self.tree.node(callee).symbol, |text| match text {
            "new" => Some(TypeOf::Pointer(of)),
            "make" => Some(TypeOf::Node(of)),
            _ => None,
        })
    }

    /// What a call gives back, as far as the standard library of Java says: methods of boxes, of strings and of collections.
    fn type_of_call(&self, id: NodeId, n_hops: u32) -> Option<TypeOf> {
        let callee = self.tree.child(id, 0);
        if !self.has_feature(Feature::BoxedTypes) || self.tree.kind(callee) != Kind::Dot {
            return None;
        }
        let object = self.tree.child(callee, 0);
        let method = self.tree.node(self.tree.child(callee, 1)).symbol;
        let n_arguments = self.tree.children(self.tree.child(id, 1)).count();
        if self.tree.kind(object) == Kind::Name && self.with_text(method, |text| text.starts_with("parse") || text == "valueOf") {
            let of = self.with_text(self.tree.node(object).symbol, |class| match class {
                "Integer" | "Long" | "Short" | "Byte" => Some(INTEGER),
                "Double" | "Float" => Some(FLOAT),
                "Boolean" => Some(BOOLEAN),
                _ => None,
            });
            return of.map(TypeOf::Builtin);
        }
        let known = self.with_text(method, |method| match (method, n_arguments) {
            ("equals" | "equalsIgnoreCase" | "contains" | "startsWith" | "endsWith" | "matches" | "containsKey", 1) => Some(BOOLEAN),
            ("isEmpty" | "isBlank" | "hasNext", 0) => Some(BOOLEAN),
            ("compareTo" | "compareToIgnoreCase" | "indexOf" | "lastIndexOf", 1) | ("length" | "size" | "hashCode", 0) => Some(INTEGER),
            _ => None,
        });
        if let Some(of) = known {
            return Some(TypeOf::Builtin(of));
        }
        // An element is of the last type that a list or a map is made for.
        let is_element = n_arguments == 1 && self.with_text(method, |method| method == "get");
        match self.type_of(object, n_hops).filter(|_| is_element)? {
            TypeOf::Node(of) if self.tree.kind(of) == Kind::TypeArgs => self.tree.children(of).skip(1).last().map(TypeOf::Node),
            TypeOf::Node(_) | TypeOf::Pointer(_) | TypeOf::Builtin(_) => None,
        }
    }

    /// The type of a field that a constructor of JavaScript is given by the same name: as one, or because others make its objects.
    fn injected_type(&self, class: NodeId, name: Symbol) -> Option<TypeOf> {
        if !self.has_feature(Feature::InjectedFields) {
            return None;
        }
        let body = self.tree.child(class, 4);
        let mut methods = self.tree.children(body).filter(|id| self.tree.kind(*id) == Kind::FuncDef);
        let constructor = methods.find(|id| {
            let name = self.tree.node(self.tree.child(*id, 1));
            name.kind == Kind::Name && self.with_text(name.symbol, |text| text == "constructor")
        })?;
        let mut params = self.tree.children(self.tree.child(constructor, 2));
        let param = params.find(|id| self.tree.node(self.tree.child(*id, 1)).symbol == name)?;
        let has_attrs = |id: NodeId, kind: Kind| self.tree.children(self.tree.child(id, 0)).any(|attr| self.tree.kind(attr) == kind);
        let is_field = has_attrs(param, Kind::Modifier) || has_attrs(class, Kind::Annotation);
        let of = self.tree.child(param, 2);
        (is_field && self.tree.kind(of) != Kind::None).then_some(TypeOf::Node(of))
    }

    fn is_string(&self, of: Option<TypeOf>) -> bool {
        self.is_one_of(of, STRING)
    }

    /// Whether an expression is known to be a truth value.
    pub(crate) fn is_boolean(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        if node.kind == Kind::Binary && matches!(node.op, Op::And | Op::Or) {
            // It may be one of its sides.
            return self.is_boolean(self.tree.child(id, 0)) && self.is_boolean(self.tree.child(id, 1));
        }
        self.is_one_of(self.type_of(id, MAX_HOPS), BOOLEAN)
    }

    /// Whether an expression is known to be a number.
    pub(crate) fn is_number(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        let child = |slot| self.tree.child(id, slot);
        match (node.kind, node.op) {
            (Kind::Binary, Op::Sub | Op::Div | Op::Pow) => return true,
            // A string can be repeated, and formatted.
            (Kind::Binary, Op::Mul | Op::Mod) if !self.has_feature(Feature::RepeatedStrings) => return true,
            (Kind::Binary, Op::Add) if self.has_feature(Feature::StrictStrings) => {
                return self.is_number(child(0)) || self.is_number(child(1));
            }
            (Kind::Binary, Op::Add) => return self.is_number(child(0)) && self.is_number(child(1)),
            _ => {}
        }
        let of = self.type_of(id, MAX_HOPS);
        self.is_one_of(of, INTEGER) || self.is_one_of(of, FLOAT) || self.is_one_of(of, NUMBER)
    }

    fn is_one_of(&self, of: Option<TypeOf>, known: &'static [&'static str]) -> bool {
        match of {
            Some(TypeOf::Builtin(names)) => names == known,
            Some(TypeOf::Node(node)) => {
                self.tree.kind(node) == Kind::Name && self.with_text(self.tree.node(node).symbol, |text| known.contains(&text))
            }
            Some(TypeOf::Pointer(_)) | None => false,
        }
    }

    /// Whether a call makes an object: where the language has no word for it, a name in upper case is that of a class.
    fn is_construction(&self, callee: NodeId) -> bool {
        let node = self.tree.node(callee);
        match node.kind {
            Kind::TypeArgs => self.is_construction(self.tree.child(callee, 0)),
            Kind::Name => {
                self.has_feature(Feature::ConstructsByName) && self.with_text(node.symbol, |text| text.starts_with(char::is_uppercase))
            }
            _ => false,
        }
    }

    /// `var` and `auto` name no type.
    fn is_inferred(&self, of: NodeId) -> bool {
        let node = self.tree.node(of);
        node.kind == Kind::Name && self.with_text(node.symbol, |text| matches!(text, "var" | "auto" | "val" | "let"))
    }
}
