//! What expressions are worth, when they are asked for. What is not known says why.

mod call;
mod symbol;

pub(super) use self::symbol::member_of;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::Arc,
};

use super::{
    module::{Code, Instance},
    syntax::{Access, Each, Entry, Expression, ExpressionKind, Operator},
};
use crate::{
    Cause, Graph, Kind, Map, Member, Place, Value,
    arm::{evaluate::element, function},
    project::Project,
    terraform::{
        self,
        operation::{Text, binary, invalid, one_of, over, unary, unknown_of},
    },
    translate::Table,
};

/// How deeply evaluations may need each other.
const MAX_DEPTH: usize = 200;
/// How many expressions are evaluated in one project.
const MAX_STEPS: u64 = 60_000_000;
/// How many items a loop may go through.
pub(super) const MAX_ITEMS: usize = 10_000;

/// Evaluates one project.
pub(super) struct Evaluator<'p> {
    pub(super) project: &'p Project<'p>,
    /// The code of each file, by path.
    pub(super) files: &'p BTreeMap<&'p str, Code<'p>>,
    pub(super) table: Table,
    pub(super) graph: RefCell<Graph>,
    /// Modules whose resources have no attributes yet.
    pub(super) waiting: RefCell<Vec<Rc<Instance<'p>>>>,
    /// Modules whose code is not there, by where they are named.
    pub(super) missing: RefCell<BTreeMap<Place, Arc<str>>>,
    /// Files of which something is imported.
    pub(super) libraries: RefCell<BTreeMap<&'p str, Rc<Instance<'p>>>>,
    pub(super) n_resources: Cell<usize>,
    depth: Cell<usize>,
    steps: Cell<u64>,
}

/// Where an expression is evaluated.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'p> {
    pub(super) instance: &'s Rc<Instance<'p>>,
    pub(super) locals: Option<&'s Local<'s>>,
}

/// Something that has a name in a part of a file: an item of a loop, what a function is given.
pub(super) struct Local<'s> {
    pub(super) name: &'s str,
    pub(super) value: Value,
    pub(super) outer: Option<&'s Local<'s>>,
}

impl<'s> Scope<'s, '_> {
    pub(super) fn place(&self, expression: &Expression) -> Place {
        self.instance.code.place(expression.span)
    }

    /// What a name is in this part of the file.
    fn local(&self, name: &str) -> Option<&'s Value> {
        let mut local = self.locals;
        while let Some(known) = local {
            if known.name == name {
                return Some(&known.value);
            }
            local = known.outer;
        }
        None
    }
}

impl<'p> Evaluator<'p> {
    pub(super) fn new(project: &'p Project<'p>, files: &'p BTreeMap<&'p str, Code<'p>>, graph: Graph) -> Self {
        Self {
            project,
            files,
            table: crate::arm::make::table(),
            graph: RefCell::new(graph),
            waiting: RefCell::default(),
            missing: RefCell::default(),
            libraries: RefCell::default(),
            n_resources: Cell::new(0),
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    /// What an expression is worth.
    pub(super) fn evaluate(&self, expression: &'p Expression, scope: Scope<'_, 'p>) -> Value {
        let at = scope.place(expression);
        let depth = self.depth.get();
        if MAX_DEPTH <= depth {
            return Value::unknown(Cause::Limit("max-evaluation-depth".into()), at);
        }
        self.steps.set(self.steps.get() + 1);
        if MAX_STEPS <= self.steps.get() {
            return Value::unknown(Cause::Limit("max-steps".into()), at);
        }
        self.depth.set(depth + 1);
        let value = self.evaluate_here(expression, scope, at);
        self.depth.set(depth);
        value
    }

    /// Does something that may need itself; nothing where that goes too deep.
    fn deeper<T>(&self, evaluate: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if MAX_DEPTH <= depth {
            return None;
        }
        self.depth.set(depth + 1);
        let value = evaluate();
        self.depth.set(depth);
        Some(value)
    }

    fn evaluate_here(&self, expression: &'p Expression, scope: Scope<'_, 'p>, at: Place) -> Value {
        match &expression.kind {
            ExpressionKind::Null => Value::new(Kind::Null, at),
            ExpressionKind::Boolean(is) => Value::new(Kind::Boolean(*is), at),
            ExpressionKind::Number(number) => Value::new(Kind::Number(*number), at),
            ExpressionKind::Text(text) => Value::of_text(Arc::clone(text), at),
            ExpressionKind::Template(parts) => {
                let parts: Vec<Value> = parts.iter().map(|part| self.evaluate(part, scope)).collect();
                over(&parts, at, &|parts| {
                    let mut text = Text::default();
                    parts.iter().for_each(|part| text.push(part));
                    text.finish(at)
                })
            }
            ExpressionKind::List(items) => self.list(items, scope, at),
            ExpressionKind::Object(entries) => self.object(entries, scope, at),
            ExpressionKind::Name(name) => self.name(name, scope, at),
            ExpressionKind::Attribute(of, name, access) => self.attribute(of, name, *access, scope, at),
            ExpressionKind::Index(both, access) => {
                let [of, index] = &**both;
                let (of, index) = (self.evaluate(of, scope), self.evaluate(index, scope));
                accessed(&[of, index], *access, at)
            }
            ExpressionKind::Nested(..) => match self.target(expression, scope) {
                Some((made, index)) => self.whole(&made, index.as_ref(), at),
                None => Value::unknown(Cause::Missing("a resource".into()), at),
            },
            ExpressionKind::Call(name, arguments) => self.call(name, arguments, scope, at),
            ExpressionKind::Method(of, name, arguments) => self.method(of, name, arguments, scope, at),
            ExpressionKind::For(each, body) => self.repeated(each, body, scope, at),
            ExpressionKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                match self.evaluate(condition, scope).boolean() {
                    Some(true) => self.evaluate(then, scope),
                    Some(false) => self.evaluate(otherwise, scope),
                    None => one_of(vec![self.evaluate(then, scope), self.evaluate(otherwise, scope)], at),
                }
            }
            ExpressionKind::Unary(operator, operand) => {
                let operator = if *operator == Operator::Not { terraform::Operator::Not } else { terraform::Operator::Subtract };
                over(&[self.evaluate(operand, scope)], at, &|values| {
                    values.first().map_or_else(Value::null, |value| unary(operator, value, at))
                })
            }
            ExpressionKind::Binary(operator, both) => self.binary(*operator, both, scope, at),
            ExpressionKind::Spread(_) | ExpressionKind::Lambda(..) => invalid("this is out of place", at),
        }
    }

    fn list(&self, items: &'p [Expression], scope: Scope<'_, 'p>, at: Place) -> Value {
        let mut all = Vec::with_capacity(items.len());
        for item in items {
            let ExpressionKind::Spread(inner) = &item.kind else {
                all.push(self.evaluate(item, scope));
                continue;
            };
            let inner = self.evaluate(inner, scope);
            match &inner.kind {
                Kind::List(items) => all.extend(items.iter().cloned()),
                Kind::Null => {}
                // What is in it is not known, and neither is how much.
                _ => all.push(inner),
            }
        }
        Value::new(Kind::List(all.into()), at)
    }

    fn object(&self, entries: &'p [Entry], scope: Scope<'_, 'p>, at: Place) -> Value {
        let mut parts: Vec<Value> = Vec::new();
        let mut members: BTreeMap<Arc<str>, Member> = BTreeMap::new();
        let of = |members: BTreeMap<Arc<str>, Member>| Value::new(Kind::Map(Arc::new(Map(members))), at);
        for entry in entries {
            match entry {
                Entry::Pair(key, value) => {
                    let place = scope.place(key);
                    let name = match key.text() {
                        Some(text) => Value::of_text(Arc::clone(text), place),
                        None => self.evaluate(key, scope),
                    };
                    // A name that is not known in full is still one: what it names may not be lost.
                    let name: Arc<str> = name.outline().map_or_else(|| String::from(crate::HOLE), str::to_owned).into();
                    members.insert(name, Member { name: place, value: self.evaluate(value, scope) });
                }
                Entry::Spread(inner) => {
                    parts.push(of(std::mem::take(&mut members)));
                    parts.push(self.evaluate(inner, scope));
                }
            }
        }
        if parts.is_empty() {
            return of(members);
        }
        parts.push(of(members));
        over(&parts, at, &|parts| {
            if let Some(unknown) = unknown_of(parts, at) {
                return unknown;
            }
            let all =
                parts.iter().filter_map(Value::map).flat_map(|map| map.0.iter().map(|(name, member)| (Arc::clone(name), member.clone())));
            of(all.collect())
        })
    }

    fn repeated(&self, each: &'p Each, body: &'p Expression, scope: Scope<'_, 'p>, at: Place) -> Value {
        let collection = self.evaluate(&each.collection, scope);
        if let Kind::OneOf(values) = &collection.kind {
            let each_of = |values: &Value| self.over_items(values, each, body, scope, at);
            return one_of(values.iter().map(each_of).collect(), at);
        }
        self.over_items(&collection, each, body, scope, at)
    }

    fn over_items(&self, collection: &Value, each: &'p Each, body: &'p Expression, scope: Scope<'_, 'p>, at: Place) -> Value {
        match items_of(collection, at) {
            Ok(items) => {
                let one = |(item, index): (Value, Value)| self.with_names(each, item, index, scope, body);
                Value::new(Kind::List(items.into_iter().map(one).collect()), at)
            }
            Err(cause) => Value { references: collection.references.clone(), ..Value::unknown(cause, at) },
        }
    }

    fn with_names(&self, each: &'p Each, item: Value, index: Value, scope: Scope<'_, 'p>, body: &'p Expression) -> Value {
        let item = Local { name: &each.item, value: item, outer: scope.locals };
        let index = each.index.as_deref().map(|name| Local { name, value: index, outer: Some(&item) });
        self.evaluate(body, Scope { instance: scope.instance, locals: Some(index.as_ref().unwrap_or(&item)) })
    }

    fn binary(&self, operator: Operator, both: &'p [Expression; 2], scope: Scope<'_, 'p>, at: Place) -> Value {
        let [left, right] = both;
        let left = self.evaluate(left, scope);
        // What decides by itself is not asked for more.
        match (operator, &left.kind) {
            (Operator::And, Kind::Boolean(false)) | (Operator::Or, Kind::Boolean(true)) => return left,
            (Operator::Coalesce, Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::List(_) | Kind::Map(_)) => return left,
            _ => {}
        }
        let values = [left, self.evaluate(right, scope)];
        let lowered = |value: &Value| value.text().map_or_else(|| value.clone(), |text| Value::of_text(text.to_lowercase(), at));
        let of_names = |name: &str| function::call(name, &values, at);
        let operator = match operator {
            Operator::Coalesce => return of_names("coalesce"),
            Operator::Equal => return of_names("equals"),
            Operator::Alike => return function::call("equals", &values.each_ref().map(lowered), at),
            Operator::NotEqual => return function::call("not", &[of_names("equals")], at),
            Operator::NotAlike => return function::call("not", &[function::call("equals", &values.each_ref().map(lowered), at)], at),
            Operator::Less => return of_names("less"),
            Operator::LessOrEqual => return of_names("lessorequals"),
            Operator::Greater => return of_names("greater"),
            Operator::GreaterOrEqual => return of_names("greaterorequals"),
            Operator::Divide => return of_names("div"),
            Operator::Or => terraform::Operator::Or,
            Operator::And => terraform::Operator::And,
            Operator::Add => terraform::Operator::Add,
            Operator::Subtract => terraform::Operator::Subtract,
            Operator::Multiply => terraform::Operator::Multiply,
            Operator::Modulo => terraform::Operator::Modulo,
            Operator::Not => terraform::Operator::Not,
        };
        over(&values, at, &|values| match values {
            [left, right] => binary(operator, left, right, at),
            _ => Value::null(),
        })
    }
}

/// What a loop goes through: each item and its number.
pub(super) fn items_of(collection: &Value, at: Place) -> Result<Vec<(Value, Value)>, Cause> {
    let Kind::List(items) = &collection.kind else {
        return Err(collection.any_cause().cloned().unwrap_or_else(|| Cause::Invalid("a loop needs a list".into())));
    };
    if MAX_ITEMS < items.len() {
        return Err(Cause::Limit("max-instances".into()));
    }
    let number = |number: usize| Value::new(Kind::Number(u32::try_from(number).map_or(0.0, f64::from)), at);
    Ok(items.iter().enumerate().map(|(index, item)| (item.clone(), number(index))).collect())
}

/// An item or a member, which need not be there if that is said.
fn accessed(of_and_index: &[Value], access: Access, at: Place) -> Value {
    match access {
        Access::Plain => element(of_and_index, at),
        Access::Safe => function::call("tryget", of_and_index, at),
    }
}
