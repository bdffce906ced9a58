//! Imports: `import a` finds every way to make `a`, or something in it, known.

use smallvec::SmallVec;

use super::{Bound, Matcher, Next, sequence::Rest};
use crate::ir::{Kind, Node, NodeId, Op, Symbol, Tree};

type Path = SmallVec<[NodeId; 6]>;

impl<'m> Matcher<'m> {
    pub(super) fn import(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        let mut is_found = false;
        if p.kind == t.kind {
            let is_enough = self.import_as_written(pattern, p, target, t, &mut |matcher| {
                is_found = true;
                next(matcher)
            });
            if is_enough || is_found {
                return is_enough;
            }
        }
        if t.kind == Kind::VarDef {
            return self.required(pattern, target, next);
        }
        // A path in a string finds what imports all that is in it, too.
        let is_all_of_path = p.op == Op::None && t.op == Op::Star && self.target(self.unit.tree.child(target, 0)).kind == Kind::Str;
        if !matches!(t.kind, Kind::Import | Kind::ImportFrom) || (p.op != t.op && !is_all_of_path) {
            return false;
        }
        // Without other names, what counts is what is made known.
        let is_aliased = |tree: &Tree, id: NodeId| tree.kind(tree.child(id, 1)) != Kind::None;
        let has_alias = |tree: &Tree, id: NodeId| match tree.kind(id) {
            Kind::Import => is_aliased(tree, id),
            _ => tree.children(id).skip(1).any(|item| is_aliased(tree, item)),
        };
        if has_alias(self.pattern, pattern) {
            return false;
        }
        let Some(wanted) = paths(self.pattern, pattern) else { return false };
        let Some(given) = paths(&self.unit.tree, target) else { return false };
        self.all_paths(&wanted, &given, next)
    }

    fn import_as_written(&mut self, pattern: NodeId, p: Node, target: NodeId, t: Node, next: Next<'_, 'm>) -> bool {
        if p.op != t.op {
            return false;
        }
        let (patterns, targets) = (self.pattern_slots(pattern), self.target_slots(target));
        let (Some((module, items)), Some((module_target, items_target))) = (patterns.split_first(), targets.split_first()) else {
            return false;
        };
        if p.kind == Kind::Import {
            let (Some(alias), Some(alias_target)) = (items.first(), items_target.first()) else { return false };
            return self.module(*module, *module_target, &mut |matcher| matcher.optional(*alias, *alias_target, Self::expr, next));
        }
        self.module(*module, *module_target, &mut |matcher| matcher.set(items, items_target, Rest::Allowed, Self::import_item, next))
    }

    fn import_item(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        if self.pattern.kind(pattern) != Kind::ImportItem {
            return self.expr(pattern, target, next);
        }
        let (name, alias) = (self.pattern.child(pattern, 0), self.pattern.child(pattern, 1));
        let (name_target, alias_target) = (self.unit.tree.child(target, 0), self.unit.tree.child(target, 1));
        self.expr(name, name_target, &mut |matcher| matcher.optional(alias, alias_target, Self::expr, next))
    }

    /// A module, or one that it is in.
    fn module(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (p, t) = (*self.pattern.node(pattern), *self.target(target));
        if p.kind == Kind::Metavar {
            return self.bind_node(p.symbol, target, next);
        }
        if matches!(p.kind, Kind::Str | Kind::AnyStr | Kind::StrRegex | Kind::StrMetavar) {
            return t.kind == Kind::Str && self.word(pattern, target, next);
        }
        let (wanted, given) = (segments(self.pattern, pattern), segments(&self.unit.tree, target));
        self.prefix(&wanted, &given, next)
    }

    /// Whether a module's path goes on behind another one's: `a/b` below `a`.
    fn is_below(&self, path: Symbol, module: Symbol) -> bool {
        self.unit.with_text(path, |path| {
            !path.is_empty() && self.unit.with_text(module, |module| module.strip_prefix(path).is_some_and(|rest| rest.starts_with('/')))
        })
    }

    /// Segments of a path: those of the pattern come first.
    fn prefix(&mut self, patterns: &[NodeId], targets: &[NodeId], next: Next<'_, 'm>) -> bool {
        let Some((first, others)) = patterns.split_first() else { return next(self) };
        let Some((target, left)) = targets.split_first() else { return false };
        let p = *self.pattern.node(*first);
        if p.kind == Kind::Metavar && others.is_empty() {
            let end = targets.last().map_or(0, |last| self.target(*last).end);
            if left.is_empty() {
                return self.bind_node(p.symbol, *target, next);
            }
            let range = (self.target(*target).start, end);
            let text: String = self.unit.text.get(range.0 as usize..range.1 as usize).unwrap_or_default().to_owned();
            let symbol = self.unit.symbols.borrow_mut().intern(&text);
            return self.bind(p.symbol, Bound::Text { symbol, range }, next);
        }
        self.word(*first, *target, &mut |matcher| matcher.prefix(others, left, next))
    }

    fn word(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let (p, t) = (*self.pattern.node(pattern), *self.target(target));
        if p.kind == Kind::Name {
            return p.symbol == t.symbol && next(self);
        }
        if p.kind == Kind::Str && t.kind == Kind::Str {
            // A path begins with that of the pattern: `a` finds `a/b`.
            return (p.symbol == t.symbol || self.is_below(p.symbol, t.symbol)) && next(self);
        }
        self.expr(pattern, target, next)
    }

    fn all_paths(&mut self, patterns: &[Path], targets: &[Path], next: Next<'_, 'm>) -> bool {
        let Some((first, others)) = patterns.split_first() else { return next(self) };
        targets.iter().any(|target| self.prefix(first, target, &mut |matcher| matcher.all_paths(others, targets, next)))
    }

    /// `import 'm'` and `const x = require('m')`; `import { a } from 'm'` and `const { a } = require('m')`.
    fn required(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        let value = self.unit.tree.child(target, 3);
        let call = self.target(value);
        let is_require =
            call.kind == Kind::Call && self.unit.with_text(self.target(self.unit.tree.child(value, 0)).symbol, |text| text == "require");
        let Some(module) = self.unit.tree.children(self.unit.tree.child(value, 1)).next().filter(|_| is_require) else { return false };
        let patterns = self.pattern_slots(pattern);
        let Some((wanted, items)) = patterns.split_first() else { return false };
        let name = self.unit.tree.child(target, 1);
        let is_from = self.pattern.kind(pattern) == Kind::ImportFrom;
        if !is_from {
            let alias = items.first().copied();
            let has_alias = alias.is_some_and(|alias| self.pattern.kind(alias) != Kind::None);
            return self.expr(*wanted, module, &mut |matcher| match alias.filter(|_| has_alias) {
                Some(alias) => matcher.expr(alias, name, next),
                None => next(matcher),
            });
        }
        let entries = self.target_slots(name);
        self.target(name).kind == Kind::Dict
            && self.expr(*wanted, module, &mut |matcher| matcher.set(items, &entries, Rest::Allowed, Self::required_item, next))
    }

    fn required_item(&mut self, pattern: NodeId, target: NodeId, next: Next<'_, 'm>) -> bool {
        if self.target(target).kind != Kind::KeyValue {
            return false;
        }
        self.import_item(pattern, target, next)
    }
}

/// The names of a dotted path; anything else is one segment.
fn segments(tree: &Tree, id: NodeId) -> Path {
    let mut path = Path::new();
    let mut at = id;
    while tree.kind(at) == Kind::Dot {
        path.push(tree.child(at, 1));
        at = tree.child(at, 0);
    }
    path.push(at);
    path.reverse();
    path
}

/// What an import makes known, as paths; nothing if it gives another name, or takes everything.
fn paths(tree: &Tree, id: NodeId) -> Option<Vec<Path>> {
    let slots: SmallVec<[NodeId; 6]> = tree.children(id).collect();
    let (module, items) = slots.split_first()?;
    let module = segments(tree, *module);
    if tree.kind(id) == Kind::Import {
        return Some(vec![module]);
    }
    let mut paths = Vec::new();
    for item in items {
        let name = tree.child(*item, 0);
        let is_star =
            tree.node(name).symbol != Symbol::EMPTY && tree.kind(name) == Kind::Name && tree.node(name).end == tree.node(name).start;
        if is_star {
            return None;
        }
        paths.push(module.iter().copied().chain(segments(tree, name)).collect());
    }
    Some(paths)
}
