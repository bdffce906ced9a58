//! Expressions.

use smallvec::SmallVec;

use super::{Bound, Matcher, Next, is_expression, sequence::Rest};
use crate::{
    ir::{Kind, Node, NodeId, Op, Symbol},
    lower::{Feature, reserved},
    value::Value,
};

/// How many values are looked into for what an expression may hold.
const MAX_VALUES: usize = 24;

/// Children of a node, kept on the stack.
pub(super) type Slots = SmallVec<[NodeId; 6]>;

impl<'m> Matcher<'m> {
    pub(super) fn pattern_slots(&self, id: NodeId) -> Slots {
        self.pattern.children(id).collect()
    }

    pub(super) fn target_slots(&self, id: NodeId) -> Slots {
        self.unit.tree.children(id).collect()
    }

    /// A pattern at the place where it is looked for: what stands there must be itself, not only equal to it.
    pub(super) fn root(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        self.expr_at(pattern, target, true, next)
    }

    /// Anything within a pattern.
    pub(super) fn expr(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        self.expr_at(pattern, target, false, next)
    }

    fn expr_at(&mut self, pattern: NodeId, target: NodeId, is_root: bool, next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        self.nesting += 1;
        let is_enough = self.expr_here(pattern, target, is_root, next);
        self.nesting -= 1;
        is_enough
    }

    fn expr_here(&mut self, pattern: NodeId, target: NodeId, is_root: bool, next: Next<'_, 'm>) -> bool {
        let p = *self.pattern.node(pattern);
        let t = *self.target(target);
        // A cast is its value.
        if t.kind == Kind::Cast && !is_root && p.kind != Kind::Cast {
            let value = self.unit.tree.child(target, 1);
            if self.expr(pattern, value, next) {
                return true;
            }
        }
        match p.kind {
            Kind::Ellipsis => return next(self),
            Kind::Metavar => return self.metavariable(p, target, is_root, next),
            Kind::MetavarTyped => {
                let of = self.pattern.child(pattern, 0);
                return self.has_type(target, of, &mut |matcher| matcher.bind_node(p.symbol, target, next));
            }
            Kind::MetavarMany => {
                let bound = self.row_of(&[target], &[]);
                return self.bind(p.symbol, bound, next);
            }
            Kind::Deep => return self.deep(self.pattern.child(pattern, 0), target, next),
            _ => {}
        }
        if t.kind == Kind::None {
            return p.kind == Kind::None && next(self);
        }
        if self.structure(pattern, p, target, t, is_root, next) {
            return true;
        }
        // A name stands for the expression that it was given.
        if self.options.symbolic_propagation
            && self.options.constant_propagation
            && !is_root
            && t.kind == Kind::Name
            && let Some(value) = self.unit.symbolic_value(target)
        {
            return self.expr(pattern, value, next);
        }
        false
    }

    fn metavariable(&mut self, p: Node, target: NodeId, is_root: bool, next: Next<'_, 'm>) -> bool {
        if self.bind_node(p.symbol, target, next) {
            return true;
        }
        // It may stand for what a name stands for, too.
        !is_root
            && self.options.symbolic_propagation
            && self.options.constant_propagation
            && self.target(target).kind == Kind::Name
            && self.unit.symbolic_value(target).is_some_and(|value| self.metavariable(p, value, is_root, next))
    }

    /// `<... e ...>`
    pub(super) fn deep(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        // The expression itself, then what its names stand for, and what is in that; each once.
        let mut trees: SmallVec<[NodeId; 8]> = SmallVec::from_slice(&[target]);
        let mut at = 0;
        while let Some(tree) = trees.get(at).copied() {
            if self.deep_in(pattern, tree, next) {
                return true;
            }
            at += 1;
            if !self.options.symbolic_propagation {
                break;
            }
            for index in tree.0..self.target(tree).subtree_end {
                let id = NodeId(index);
                if self.target(id).kind == Kind::Name
                    && trees.len() < MAX_VALUES
                    && let Some(value) = self.unit.symbolic_value(id)
                    && !trees.contains(&value)
                {
                    trees.push(value);
                }
            }
        }
        false
    }

    /// A pattern anywhere in an expression as it is written.
    fn deep_in(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        if self.root(pattern, target, next) {
            return true;
        }
        let end = self.target(target).subtree_end;
        let mut at = if self.is_opaque(target) { end } else { target.0 + 1 };
        while at < end {
            let id = NodeId(at);
            let kind = self.target(id).kind;
            if (is_expression(kind) || super::is_statement(kind)) && !self.is_label(id) && self.root(pattern, id, next) {
                return true;
            }
            at = if self.is_opaque(id) { self.target(id).subtree_end.max(at + 1) } else { at + 1 };
        }
        false
    }

    /// Whether what is in a node is no part of its value: the statements of a function.
    fn is_opaque(&self, id: NodeId) -> bool {
        match self.target(id).kind {
            Kind::FuncDef | Kind::ClassDef => true,
            Kind::Lambda => self.target(self.unit.tree.child(id, 2)).kind == Kind::Block,
            _ => false,
        }
    }

    /// What has a structure of its own.
    fn structure(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, is_root: bool, next: Next<'_, 'm>) -> bool {
        match p.kind {
            Kind::Name => self.name(p, target, t, next),
            Kind::Str | Kind::AnyStr | Kind::StrRegex | Kind::StrMetavar => self.string(p, target, t, next),
            Kind::Number | Kind::Bool | Kind::Null | Kind::Char => self.literal(p, target, t, next),
            Kind::Atom => self.atom(p, t, next),
            Kind::Regex => self.regex_literal(pattern, p, target, t, next),
            Kind::Interp => self.interpolation(pattern, p, target, t, next),
            Kind::Dot => self.member(pattern, p, target, t, next),
            Kind::Call => self.call(pattern, target, t, is_root, next),
            Kind::Args => {
                let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
                t.kind == Kind::Args && self.arguments(&patterns, &targets, next)
            }
            Kind::Binary => self.binary(pattern, p, target, t, next),
            Kind::Unary => self.unary(pattern, p, target, t, next),
            Kind::Assign => self.assign(pattern, target, t, next),
            Kind::AugAssign => t.kind == p.kind && t.op == p.op && self.slots(pattern, target, next),
            Kind::List | Kind::Tuple => self.ordered(pattern, p, target, t, next),
            Kind::Set => self.elements_in_any_order(pattern, target, t, next),
            Kind::Dict => self.entries(pattern, target, t, next),
            Kind::KeyValue => self.entry(pattern, target, t, next),
            Kind::Lambda => self.lambda(pattern, target, t, next),
            Kind::New => self.new_object(pattern, target, t, next),
            Kind::Xml => self.markup(pattern, target, t, next),
            Kind::XmlText => t.kind == Kind::XmlText && p.symbol == t.symbol && next(self),
            Kind::Other => t.kind == Kind::Other && p.symbol == t.symbol && self.rest_of(pattern, target, Rest::Forbidden, next),
            Kind::TypeArgs | Kind::Index | Kind::Comprehension => {
                t.kind == p.kind && t.op == p.op && self.rest_of(pattern, target, Rest::Forbidden, next)
            }
            Kind::None => false,
            _ if super::is_statement(p.kind) => self.statement(pattern, p, target, t, next),
            _ => self.part(pattern, p, target, t, next),
        }
    }

    /// Slots one by one.
    pub(super) fn slots(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        self.rest_of(pattern, target, Rest::Forbidden, next)
    }

    /// All children in order.
    pub(super) fn rest_of(&mut self, pattern: NodeId, target: NodeId, rest: Rest, next: Next<'_, 'm>) -> bool {
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        self.row(&patterns, &targets, rest, Self::expr, next)
    }

    /// A name: the same one, or one that stands for it.
    fn name(&mut self, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        match t.kind {
            Kind::Name => {
                let is_equal = p.symbol == t.symbol
                    || self.unit.names.paths(target).iter().any(|path| path.len() == 1 && path.first() == Some(&p.symbol));
                is_equal && next(self)
            }
            // A name alone is a call without arguments, in Ruby.
            Kind::Call if self.unit.has_feature(Feature::BareCalls) => {
                let (callee, args) = (self.unit.tree.child(target, 0), self.unit.tree.child(target, 1));
                let is_bare = self.unit.tree.children(args).next().is_none();
                is_bare && self.target(callee).kind == Kind::Name && self.target(callee).symbol == p.symbol && next(self)
            }
            _ => false,
        }
    }

    /// `:a`, `:$X`
    fn atom(&mut self, p: Node, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::Atom {
            return false;
        }
        if p.symbol == t.symbol || self.is_dots(p.symbol) {
            return next(self);
        }
        let length = self.unit.with_text(t.symbol, |text| u32::try_from(text.len()).unwrap_or(u32::MAX));
        let is_hole = self.unit.with_text(p.symbol, crate::lower::is_metavariable);
        is_hole && self.bind(p.symbol, Bound::Text { symbol: t.symbol, range: (t.end.saturating_sub(length).max(t.start), t.end) }, next)
    }

    fn is_dots(&self, symbol: Symbol) -> bool {
        self.unit.with_text(symbol, |text| text == "...")
    }

    fn string(&mut self, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let value = if t.kind == Kind::Str {
            Value::Str(t.symbol)
        } else if self.options.constant_propagation && (can_be_constant(t.kind) || self.unit.is_text_of_constants(target)) {
            match self.unit.value(target) {
                Some(value @ (Value::Str(_) | Value::SomeStr)) => value,
                _ => return false,
            }
        } else {
            return false;
        };
        let Value::Str(content) = value else { return p.kind == Kind::AnyStr && next(self) };
        match p.kind {
            Kind::AnyStr => next(self),
            Kind::StrMetavar => {
                let literal = self.literal_of(target);
                let range = self.content_range(literal, *self.target(literal), content);
                self.bind(p.symbol, Bound::Text { symbol: content, range }, next)
            }
            Kind::StrRegex => {
                let is_found = self.has_match(p.symbol, content);
                is_found && next(self)
            }
            _ => p.symbol == content && next(self),
        }
    }

    /// Whether the expression of a `"=~/…/"` finds something in a text.
    fn has_match(&self, expression: Symbol, text: Symbol) -> bool {
        self.whole.has_match(expression, text, &self.unit.symbols.borrow())
    }

    /// The literal that a name holds, or the expression itself.
    fn literal_of(&self, target: NodeId) -> NodeId {
        const MAX_HOPS: usize = 8;
        let mut at = target;
        for _ in 0..MAX_HOPS {
            match self.target(at).kind {
                Kind::Name => match self.unit.reaching_value(at) {
                    Some(value) => at = value,
                    None => return target,
                },
                Kind::Str => return at,
                _ => return target,
            }
        }
        target
    }

    /// Where the content of a string stands: between its quotes.
    fn content_range(&self, target: NodeId, t: Node, content: Symbol) -> (u32, u32) {
        let source = self.unit.source(target);
        let found = self.unit.with_text(content, |text| source.find(text).map(|at| (at, at + text.len())));
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        found.map_or((t.start, t.end), |(start, end)| (t.start + narrow(start), t.start + narrow(end)))
    }

    fn literal(&mut self, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind == p.kind || (t.kind == Kind::Str && self.unit.has_feature(Feature::CoercedLiterals)) {
            return p.symbol == t.symbol && next(self);
        }
        if !self.options.constant_propagation || !can_be_constant(t.kind) {
            return false;
        }
        let Some(value) = self.unit.value(target) else { return false };
        let is_equal = match (p.kind, value) {
            (Kind::Number, Value::Int(number)) => self.unit.with_text(p.symbol, |text| text.parse() == Ok(number)),
            (Kind::Number, Value::Float(number)) => self.unit.with_text(p.symbol, |text| text.parse() == Ok(number)),
            (Kind::Bool, Value::Bool(truth)) => self.unit.with_text(p.symbol, |text| (text == "true") == truth),
            (Kind::Char, Value::Char(symbol)) => p.symbol == symbol,
            (Kind::Null, Value::Null) => true,
            _ => false,
        };
        is_equal && next(self)
    }

    fn regex_literal(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind == Kind::Name && self.options.constant_propagation {
            let value = self.unit.reaching_value(target).filter(|value| self.target(*value).kind == Kind::Regex);
            return value.is_some_and(|value| self.regex_literal(pattern, p, value, *self.target(value), next));
        }
        if t.kind != Kind::Regex || (self.pattern.children(pattern).next().is_some() && !self.flags_of(pattern, target)) {
            return false;
        }
        let is_text = |matcher: &Self| matcher.unit.with_text(p.symbol, |text| text == "..." || text.starts_with('$'));
        if is_text(self) {
            if self.is_dots(p.symbol) {
                return next(self);
            }
            return self.bind(p.symbol, Bound::Text { symbol: t.symbol, range: (t.start, t.end) }, next);
        }
        p.symbol == t.symbol && next(self)
    }

    fn flags_of(&self, pattern: NodeId, target: NodeId) -> bool {
        let flags = |tree: &crate::ir::Tree, id: NodeId| tree.children(id).next().map(|flags| tree.node(flags).symbol);
        flags(self.pattern, pattern) == flags(&self.unit.tree, target)
    }

    /// `f"...{$X}..."`: strings in the pattern are dots, or equal.
    fn interpolation(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::Interp || (p.op == Op::Template) != (t.op == Op::Template) {
            return false;
        }
        // A formatted string of Python is no row of strings.
        if p.op != t.op && p.op == Op::None && self.unit.has_feature(Feature::FormattedStrings) {
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        self.parts_of_string(&patterns, &targets, next)
    }

    fn parts_of_string(&mut self, patterns: &[NodeId], targets: &[NodeId], next: Next<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((first, others)) = patterns.split_first() else { return targets.is_empty() && next(self) };
        let part = *self.pattern.node(*first);
        // In quotes it is a string that is interpolated, not text.
        let is_quoted = part.kind == Kind::AnyStr
            && !self.unit.has_feature(Feature::FormattedStrings)
            && part.end.saturating_sub(part.start) as usize == reserved::DOTS.len() + 2;
        match part.kind {
            // A word of a shell is made of parts like any other row.
            kind if (kind == Kind::AnyStr && !is_quoted) || (kind == Kind::Ellipsis && self.unit.has_feature(Feature::WordsOfParts)) => {
                (0..=targets.len()).any(|n| self.parts_of_string(others, targets.get(n..).unwrap_or_default(), next))
            }
            Kind::MetavarMany => self.many(*first, targets, |matcher, left, next| matcher.parts_of_string(others, left, next), next),
            kind => {
                let Some((target, left)) = targets.split_first() else { return false };
                let is_expression = matches!(kind, Kind::Metavar | Kind::Ellipsis);
                let t = *self.target(*target);
                let is_text = t.kind == Kind::Str && self.unit.with_text(t.symbol, str::len) == t.end.saturating_sub(t.start) as usize;
                if is_text && (is_expression || is_quoted) && !self.unit.has_feature(Feature::PartsAreStrings) {
                    return false;
                }
                self.expr(*first, *target, &mut |matcher| matcher.parts_of_string(others, left, next))
            }
        }
    }

    /// `a.b.c`, of objects or of what a name stands for; and chains `a. ... .b`.
    fn member(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let (object, member) = (self.pattern.child(pattern, 0), self.pattern.child(pattern, 1));
        if self.pattern.kind(member) == Kind::Ellipsis {
            return self.chain(object, target, next);
        }
        match t.kind {
            Kind::Dot => {
                if !is_same_access(p.op, t.op) {
                    return false;
                }
                let (of, name) = (self.unit.tree.child(target, 0), self.unit.tree.child(target, 1));
                // `o. ... .f()` is `o.f()`, too.
                let is_chain = self.pattern.kind(object) == Kind::Dot && self.pattern.kind(self.pattern.child(object, 1)) == Kind::Ellipsis;
                let is_enough = self.member_name(member, name, &mut |matcher| matcher.expr(object, of, next));
                if is_enough {
                    return true;
                }
                is_chain && {
                    let start = self.pattern.child(object, 0);
                    self.member_name(member, name, &mut |matcher| matcher.expr(start, of, next))
                }
            }
            Kind::Name => self.path_of_name(pattern, target, next),
            _ => false,
        }
    }

    fn member_name(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (p, t) = (*self.pattern.node(pattern), *self.target(target));
        if p.kind == Kind::Name && t.kind == Kind::Name {
            return p.symbol == t.symbol && next(self);
        }
        self.expr(pattern, target, next)
    }

    /// `o. ...`: the object, or the object of any chain of members and calls on it.
    fn chain(&mut self, object: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let mut at = target;
        loop {
            if self.expr(object, at, next) {
                return true;
            }
            at = match self.target(at).kind {
                Kind::Dot | Kind::Call | Kind::Index | Kind::Await | Kind::TypeArgs => self.unit.tree.child(at, 0),
                Kind::Unary if self.target(at).op == Op::NonNull => self.unit.tree.child(at, 0),
                _ => return false,
            };
            if !self.step() {
                return true;
            }
        }
    }

    /// A dotted pattern and a name that was imported.
    fn path_of_name(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let unit = self.unit;
        for path in unit.names.paths(target) {
            if self.path(pattern, path, target, next) {
                return true;
            }
        }
        // A name that nobody declared may come from a module of which everything was imported.
        let is_free = unit.names.of(target).is_some_and(|binding| binding.kind == crate::names::BindingKind::Unknown);
        if is_free && !self.has_holes(pattern) {
            let name = self.target(target).symbol;
            for star in unit.names.stars() {
                let path: SmallVec<[Symbol; 8]> = star.iter().copied().chain([name]).collect();
                if self.path(pattern, &path, target, next) {
                    return true;
                }
            }
        }
        false
    }

    pub(super) fn has_holes(&self, pattern: NodeId) -> bool {
        let is_hole = |id: NodeId| matches!(self.pattern.kind(id), Kind::Metavar | Kind::MetavarTyped | Kind::Ellipsis | Kind::MetavarMany);
        is_hole(pattern) || self.pattern.descendants(pattern).any(is_hole)
    }

    /// A pattern and a path, from its end.
    pub(super) fn path(&mut self, pattern: NodeId, path: &[Symbol], target: NodeId, next: Next<'_, 'm>) -> bool {
        let p = *self.pattern.node(pattern);
        let Some((last, rest)) = path.split_last() else { return false };
        match p.kind {
            Kind::Name => rest.is_empty() && *last == p.symbol && next(self),
            Kind::Metavar => {
                let bound = self.path_bound(path, target);
                self.bind(p.symbol, bound, next)
            }
            Kind::Dot => {
                let (object, member) = (self.pattern.child(pattern, 0), *self.pattern.node(self.pattern.child(pattern, 1)));
                match member.kind {
                    Kind::Name => member.symbol == *last && self.path(object, rest, target, next),
                    Kind::Metavar => {
                        let bound = Bound::Text { symbol: *last, range: self.unit.tree.range(target) };
                        self.bind(member.symbol, bound, &mut |matcher| matcher.path(object, rest, target, next))
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// A part of what a name stands for, as text; all of it is the name.
    fn path_bound(&self, path: &[Symbol], target: NodeId) -> Bound {
        if self.unit.names.paths(target).iter().any(|whole| whole.len() <= path.len()) {
            return Bound::Node(target);
        }
        let words: Vec<String> = path.iter().map(|word| self.unit.with_text(*word, str::to_owned)).collect();
        let symbol = self.unit.symbols.borrow_mut().intern(&words.join("."));
        Bound::Text { symbol, range: self.unit.tree.range(target) }
    }

    fn assign(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let (to, value) = (self.pattern.child(pattern, 0), self.pattern.child(pattern, 1));
        match t.kind {
            Kind::Assign => {
                let (name, given) = (self.unit.tree.child(target, 0), self.unit.tree.child(target, 1));
                if self.expr(to, name, &mut |matcher| matcher.expr(value, given, next)) {
                    return true;
                }
                // `a, b = 1, 2` is `a = 1` and `b = 2`.
                let (names, values) = (self.target(name).kind, self.target(given).kind);
                if names == Kind::Tuple && values == Kind::Tuple {
                    let (names, values) = (self.target_slots(name), self.target_slots(given));
                    return names.len() == values.len()
                        && names
                            .iter()
                            .zip(&values)
                            .any(|(name, given)| self.expr(to, *name, &mut |matcher| matcher.expr(value, *given, next)));
                }
                false
            }
            // `f = function () {}` finds a method of a class.
            Kind::FuncDef if self.options.flddef_assign && self.pattern.kind(value) == Kind::Lambda => {
                let name = self.unit.tree.child(target, 1);
                self.expr(to, name, &mut |matcher| matcher.signature_and_body(value, 0, target, 2, next))
            }
            // Several names of Go that are declared together have no value of their own.
            Kind::VarDef
                if t.op == Op::Var
                    && self.unit.has_feature(Feature::GroupedDeclarations)
                    && self.target(self.unit.tree.child(target, 1)).kind == Kind::Tuple =>
            {
                false
            }
            Kind::VarDef if self.options.vardef_assign => {
                let (name, given) = (self.unit.tree.child(target, 1), self.unit.tree.child(target, 3));
                self.target(given).kind != Kind::None && self.expr(to, name, &mut |matcher| matcher.expr(value, given, next))
            }
            _ => false,
        }
    }

    fn ordered(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind == Kind::Comprehension {
            let mut patterns = self.pattern.children(pattern);
            let is_dots = patterns.next().is_some_and(|first| self.pattern.kind(first) == Kind::Ellipsis) && patterns.next().is_none();
            return p.kind == Kind::List && t.op == Op::List && is_dots && next(self);
        }
        t.kind == p.kind && self.slots(pattern, target, next)
    }

    fn elements_in_any_order(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        if matches!(patterns.as_slice(), [only] if self.pattern.kind(*only) == Kind::Ellipsis) && t.kind == Kind::Dict {
            return next(self);
        }
        matches!(t.kind, Kind::Set) && self.set(&patterns, &targets, Rest::Forbidden, Self::expr, next)
    }

    /// Entries of a map, an object or a block of settings, in any order.
    fn entries(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let patterns = self.pattern_slots(pattern);
        let is_only_dots = matches!(patterns.as_slice(), [only] if self.pattern.kind(*only) == Kind::Ellipsis);
        if is_only_dots && (t.kind == Kind::Set || (t.kind == Kind::Comprehension && t.op == Op::Dict)) {
            return next(self);
        }
        if t.kind != Kind::Dict {
            return false;
        }
        let targets = self.target_slots(target);
        let rest = if self.options.implicit_ellipsis && self.unit.has_feature(Feature::Records) { Rest::Allowed } else { Rest::Forbidden };
        self.set(&patterns, &targets, rest, Self::expr, next)
    }

    fn entry(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let (key, value) = (self.pattern.child(pattern, 0), self.pattern.child(pattern, 1));
        match t.kind {
            Kind::KeyValue => {
                let (name, given) = (self.unit.tree.child(target, 0), self.unit.tree.child(target, 1));
                self.key(key, name, &mut |matcher| matcher.expr(value, given, next))
            }
            // `{ f: ... }` and a method `f() {}`.
            Kind::FuncDef => {
                let name = self.unit.tree.child(target, 1);
                self.pattern.kind(value) == Kind::Ellipsis && self.key(key, name, next)
            }
            _ => false,
        }
    }

    /// A key: a name and a string of the same letters are the same key.
    fn key(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (p, t) = (*self.pattern.node(pattern), *self.target(target));
        let is_word = |kind| matches!(kind, Kind::Name | Kind::Str);
        if self.unit.has_feature(Feature::Records) && is_word(p.kind) && is_word(t.kind) {
            return p.symbol == t.symbol && next(self);
        }
        if self.unit.has_feature(Feature::Records) && p.kind == Kind::Metavar && t.kind == Kind::Str {
            return self.bind(p.symbol, Bound::Text { symbol: t.symbol, range: (t.start, t.end) }, next);
        }
        if self.unit.has_feature(Feature::Records) && t.kind == Kind::Name {
            match p.kind {
                Kind::AnyStr => return next(self),
                Kind::StrRegex => return self.has_match(p.symbol, t.symbol) && next(self),
                Kind::StrMetavar => return self.bind(p.symbol, Bound::Text { symbol: t.symbol, range: (t.start, t.end) }, next),
                _ => {}
            }
        }
        self.expr(pattern, target, next)
    }

    fn new_object(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::New {
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let ([of, args, body], [of_target, args_target, body_target]) = (patterns.as_slice(), targets.as_slice()) else {
            return self.row(&patterns, &targets, Rest::Forbidden, Self::expr, next);
        };
        self.type_name(*of, *of_target, &mut |matcher| {
            matcher.expr(*args, *args_target, &mut |matcher| matcher.optional(*body, *body_target, Self::expr, next))
        })
    }

    /// A slot that the pattern may leave open.
    pub(super) fn optional(&mut self, pattern: NodeId, target: NodeId, element: super::sequence::Element<'m>, next: Next<'_, 'm>) -> bool {
        if self.pattern.kind(pattern) == Kind::None {
            return next(self);
        }
        element(self, pattern, target, next)
    }

    fn markup(&mut self, pattern: NodeId, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if t.kind != Kind::Xml {
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let ([name, attrs, children @ ..], [name_target, attrs_target, children_target @ ..]) = (patterns.as_slice(), targets.as_slice())
        else {
            return false;
        };
        self.expr(*name, *name_target, &mut |matcher| {
            let (patterns, targets) = (matcher.pattern_slots(*attrs), matcher.target_slots(*attrs_target));
            let rest = if matcher.options.xml_attrs_implicit_ellipsis { Rest::Allowed } else { Rest::Forbidden };
            matcher.set(&patterns, &targets, rest, Self::expr, &mut |matcher| {
                let rest = Rest::Allowed;
                matcher.row(children, children_target, rest, Self::expr, next)
            })
        })
    }
}

/// Whether a node of this kind may be known to be a constant.
fn can_be_constant(kind: Kind) -> bool {
    matches!(kind, Kind::Name | Kind::Dot | Kind::Binary | Kind::Unary | Kind::Ternary | Kind::Interp | Kind::Cast)
}

/// `a?.b` is `a.b`, and `a::b` is `a::b`.
fn is_same_access(pattern: Op, target: Op) -> bool {
    pattern == target || matches!((pattern, target), (Op::Dot, Op::Optional | Op::Scope))
}
