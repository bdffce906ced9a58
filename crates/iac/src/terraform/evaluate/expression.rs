//! The values of expressions.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use super::{Evaluator, Instance, MAX_DEPTH, MAX_ITERATIONS, MAX_STEPS, Names, Scope, entries, index_of};
use crate::{
    Cause, Kind, Map, Member, Place, Value,
    terraform::{
        function::{self, Call},
        module::place,
        operation::{self, Text, binary, invalid, lifted, map_of, one_of, over, references_of, unary, unknown_of},
        syntax::{Expression, ExpressionKind, For, Operator, Part, Step},
        template,
    },
};

impl<'p> Evaluator<'p> {
    /// Runs something that may need other values.
    pub(super) fn deeper(&self, at: Place, run: impl FnOnce() -> Value) -> Value {
        let depth = self.depth.get();
        if MAX_DEPTH <= depth {
            return Value::unknown(Cause::Limit("max-evaluation-depth".into()), at);
        }
        self.depth.set(depth + 1);
        let value = run();
        self.depth.set(depth);
        value
    }

    /// The value of an expression.
    pub(in crate::terraform) fn evaluate(&self, expression: &Expression, scope: Scope<'_, 'p>) -> Value {
        let at = place(scope.file, expression.span);
        let steps = self.steps.get() + 1;
        if MAX_STEPS < steps {
            return Value::unknown(Cause::Limit("max-evaluation-steps".into()), at);
        }
        self.steps.set(steps);
        self.deeper(at, || self.evaluate_here(expression, at, scope))
    }

    /// The value of an expression that nobody wrote in a file, with whole resources where it names one.
    pub(in crate::terraform) fn asked(&self, expression: &Expression, root: &Rc<Instance<'p>>) -> Value {
        let value = self.evaluate(expression, Scope::new(root, u32::MAX));
        match value.cause() {
            Some(Cause::Computed(id, path)) if path.is_empty() => self.body_of(*id).unwrap_or(value),
            _ => value,
        }
    }

    fn evaluate_here(&self, expression: &Expression, at: Place, scope: Scope<'_, 'p>) -> Value {
        match &expression.kind {
            ExpressionKind::Null => Value::new(Kind::Null, at),
            ExpressionKind::Boolean(is_true) => Value::new(Kind::Boolean(*is_true), at),
            ExpressionKind::Number(number) => Value::new(Kind::Number(*number), at),
            ExpressionKind::Text(text) => Value::new(Kind::Text(Arc::clone(text)), at),
            ExpressionKind::Template(parts) => self.template(parts, at, scope),
            ExpressionKind::List(items) => Value::new(Kind::List(items.iter().map(|item| self.evaluate(item, scope)).collect()), at),
            ExpressionKind::Object(members) => self.object(members, at, scope),
            ExpressionKind::Name(name) => self.name(name, at, scope),
            ExpressionKind::Attribute(of, name) => self.attribute(of, name, at, scope),
            ExpressionKind::Index(of, index) => {
                let (of, index) = (self.evaluate(of, scope), self.evaluate(index, scope));
                lifted(&[of, index], at, &mut |values| match values {
                    [of, index] => self.index(of, index, at),
                    _ => Value::null(),
                })
            }
            ExpressionKind::Splat(of, steps) => {
                let of = self.evaluate(of, scope);
                lifted(&[of], at, &mut |values| values.first().map_or_else(Value::null, |of| self.splat(of, steps, at, scope)))
            }
            ExpressionKind::Call(name, arguments, is_spread) => self.call(name, arguments, *is_spread, at, scope),
            ExpressionKind::For(comprehension) => {
                let collection = self.evaluate(&comprehension.collection, scope);
                lifted(&[collection], at, &mut |values| {
                    values.first().map_or_else(Value::null, |collection| self.comprehension(comprehension, collection, at, scope))
                })
            }
            ExpressionKind::Conditional(parts) => {
                let [condition, then, otherwise] = &**parts;
                let condition = self.evaluate(condition, scope);
                match condition.boolean() {
                    Some(true) => self.evaluate(then, scope),
                    Some(false) => self.evaluate(otherwise, scope),
                    None => one_of(vec![self.evaluate(then, scope), self.evaluate(otherwise, scope)], at),
                }
            }
            ExpressionKind::Unary(operator, operand) => {
                let operand = self.evaluate(operand, scope);
                let references = references_of([&operand]);
                let value =
                    lifted(&[operand], at, &mut |values| values.first().map_or_else(Value::null, |value| unary(*operator, value, at)));
                Value { references, ..value }
            }
            ExpressionKind::Binary(operator, sides) => {
                let [left, right] = &**sides;
                let left = self.evaluate(left, scope);
                // What is decided by the left side does not need the right one: it may not even make sense.
                let decided = match operator {
                    Operator::And => left.boolean() == Some(false),
                    Operator::Or => left.boolean() == Some(true),
                    _ => false,
                };
                if decided {
                    return Value::new(Kind::Boolean(*operator == Operator::Or), at);
                }
                let right = self.evaluate(right, scope);
                let references = references_of([&left, &right]);
                let value = lifted(&[left, right], at, &mut |values| match values {
                    [left, right] => binary(*operator, left, right, at),
                    _ => Value::null(),
                });
                Value { references, ..value }
            }
            ExpressionKind::Invalid => invalid("this could not be understood", at),
        }
    }

    fn name(&self, name: &str, at: Place, scope: Scope<'_, 'p>) -> Value {
        let mut names = scope.names;
        while let Some(known) = names {
            if known.name == name {
                return known.value.clone();
            }
            names = known.outer;
        }
        Value::unknown(Cause::Missing(name.into()), at)
    }

    /// `of.name`: a name of the language, or an attribute of a value.
    fn attribute(&self, of: &Expression, name: &str, at: Place, scope: Scope<'_, 'p>) -> Value {
        let is_bound = |name: &str| {
            let mut names = scope.names;
            while let Some(known) = names {
                if known.name == name {
                    return true;
                }
                names = known.outer;
            }
            false
        };
        let instance = scope.instance;
        match &of.kind {
            ExpressionKind::Name(root) if !is_bound(root) => match &**root {
                "var" => self.variable(instance, name, at),
                "local" => self.local(instance, name, at),
                "module" => self.named_block(instance, "module", name, at),
                "each" | "count" => self.each(root, name, at, scope),
                "path" => match name {
                    "module" => Value::of_text(dotted(&instance.code.folder), at),
                    "root" => Value::of_text(dotted(instance.root), at),
                    _ => Value::unknown(Cause::Runtime("the current folder".into()), at),
                },
                "terraform" | "tofu" => Value::unknown(Cause::Runtime(format!("`terraform.{name}`").into()), at),
                "self" => Value::unknown(Cause::Runtime(format!("`self.{name}`").into()), at),
                // `data.type` waits for the name.
                "data" | "ephemeral" => Value::unknown(Cause::Missing(format!("data.{name}").into()), at),
                of_type => self.named_block(instance, of_type, name, at),
            },
            ExpressionKind::Attribute(root, of_type) if matches!(&root.kind, ExpressionKind::Name(root) if matches!(&**root, "data" | "ephemeral") && !is_bound(root)) => {
                self.named_block(instance, &format!("data.{of_type}"), name, at)
            }
            _ => {
                let value = self.evaluate(of, scope);
                lifted(&[value], at, &mut |values| values.first().map_or_else(Value::null, |value| self.attribute_in(value, name, at)))
            }
        }
    }

    fn each(&self, root: &str, name: &str, at: Place, scope: Scope<'_, 'p>) -> Value {
        match (scope.each, root, name) {
            (Some(each), "count", "index") if each.is_count => each.key.clone(),
            (Some(each), "each", "key") if !each.is_count => each.key.clone(),
            (Some(each), "each", "value") if !each.is_count => each.value.clone(),
            _ => Value::unknown(Cause::Missing(format!("{root}.{name}").into()), at),
        }
    }

    /// An attribute of a value.
    fn attribute_in(&self, of: &Value, name: &str, at: Place) -> Value {
        match &of.kind {
            Kind::Map(map) => match map.0.get(name) {
                Some(member) => member.value.clone(),
                None => Value::unknown(Cause::Missing(name.into()), at),
            },
            Kind::Unknown(unknown) => match &unknown.cause {
                Cause::Computed(id, path) if path.is_empty() => self.attribute_of(*id, name, at),
                cause => Value { references: of.references.clone(), ..Value::unknown(cause.clone(), at) },
            },
            // `resource.x.name` of what has several instances is an old form of the first.
            Kind::List(items) if items.len() == 1 => items.first().map_or_else(Value::null, |item| self.attribute_in(item, name, at)),
            Kind::List(_) | Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::OneOf(_) => {
                Value::unknown(Cause::Missing(name.into()), at)
            }
        }
    }

    fn index(&self, of: &Value, index: &Value, at: Place) -> Value {
        match (&of.kind, &index.kind) {
            (Kind::List(items), Kind::Unknown(_)) if !items.is_empty() => one_of(items.to_vec(), at),
            (Kind::Map(map), Kind::Unknown(_)) if !map.0.is_empty() => {
                one_of(map.0.values().map(|member| member.value.clone()).collect(), at)
            }
            (_, Kind::Unknown(unknown)) => Value::unknown(unknown.cause.clone(), at),
            (Kind::List(items), _) => {
                let item = index.number().and_then(index_of).and_then(|index| items.get(index));
                item.cloned().unwrap_or_else(|| Value::unknown(Cause::Missing(format!("[{}]", index.shown()).into()), at))
            }
            (Kind::Map(_) | Kind::Unknown(_), _) => match operation::text_of(index) {
                Some(name) => match &of.kind {
                    // An instance that may be this one.
                    Kind::Unknown(unknown) if !matches!(&unknown.cause, Cause::Computed(_, path) if path.is_empty()) => {
                        Value { references: of.references.clone(), ..Value::unknown(unknown.cause.clone(), at) }
                    }
                    Kind::Unknown(_) if index.number().is_some() => of.clone(),
                    _ => self.attribute_in(of, &name, at),
                },
                None => invalid("an index is a number or a text", at),
            },
            _ => Value::unknown(Cause::Missing(format!("[{}]", index.shown()).into()), at),
        }
    }

    fn splat(&self, of: &Value, steps: &[Step], at: Place, scope: Scope<'_, 'p>) -> Value {
        let each = |value: &Value| {
            steps.iter().fold(value.clone(), |value, step| {
                lifted(&[value], at, &mut |values| {
                    let Some(value) = values.first() else { return Value::null() };
                    match step {
                        Step::Attribute(name) => self.attribute_in(value, name, at),
                        Step::Index(index) => self.index(value, &self.evaluate(index, scope), at),
                    }
                })
            })
        };
        match &of.kind {
            Kind::List(items) => Value::new(Kind::List(items.iter().map(each).collect()), at),
            Kind::Null => Value::new(Kind::List([].into()), at),
            Kind::Unknown(unknown) if !matches!(&unknown.cause, Cause::Computed(_, path) if path.is_empty()) => {
                Value { references: of.references.clone(), ..Value::unknown(unknown.cause.clone(), at) }
            }
            // One value is a list of one.
            _ => Value::new(Kind::List([each(of)].into()), at),
        }
    }

    fn object(&self, members: &[(Expression, Expression)], at: Place, scope: Scope<'_, 'p>) -> Value {
        let mut map = BTreeMap::new();
        for (key, value) in members {
            let name_place = place(scope.file, key.span);
            let key = self.evaluate(key, scope);
            let Some(name) = operation::text_of(&key) else {
                let cause = key.any_cause().cloned().unwrap_or(Cause::Invalid("a key is a text".into()));
                return Value::unknown(cause, at);
            };
            map.insert(name, Member { name: name_place, value: self.evaluate(value, scope) });
        }
        Value::new(Kind::Map(Arc::new(Map(map))), at)
    }

    fn comprehension(&self, of: &For, collection: &Value, at: Place, scope: Scope<'_, 'p>) -> Value {
        let Some(entries) = entries(collection) else {
            let cause = collection.any_cause().cloned().unwrap_or(Cause::Invalid("`for` needs a collection".into()));
            return Value { references: references_of([collection]), ..Value::unknown(cause, at) };
        };
        if MAX_ITERATIONS < entries.len() {
            return Value::unknown(Cause::Limit("max-iterations".into()), at);
        }
        let mut items = Vec::new();
        let mut members: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
        for (key, value) in entries {
            let outer = of.key.as_ref().map(|name| Names { name, value: key.clone(), outer: scope.names });
            let names = Names { name: &of.value, value, outer: outer.as_ref().or(scope.names) };
            let inner = scope.named(&names);
            if let Some(condition) = &of.condition {
                let condition = self.evaluate(condition, inner);
                match condition.boolean() {
                    Some(true) => {}
                    Some(false) => continue,
                    None => {
                        let cause = condition.any_cause().cloned().unwrap_or(Cause::Invalid("a condition is a truth value".into()));
                        return Value::unknown(cause, at);
                    }
                }
            }
            let result = self.evaluate(&of.result, inner);
            let Some(result_key) = &of.result_key else {
                items.push(result);
                continue;
            };
            let key = self.evaluate(result_key, inner);
            let Some(name) = operation::text_of(&key) else {
                let cause = key.any_cause().cloned().unwrap_or(Cause::Invalid("a key is a text".into()));
                return Value::unknown(cause, at);
            };
            members.entry(name).or_default().push(result);
        }
        if of.result_key.is_none() {
            return Value::new(Kind::List(items.into()), at);
        }
        let member = |(name, mut values): (Arc<str>, Vec<Value>)| {
            let value = if of.is_grouped { Value::new(Kind::List(values.into()), at) } else { values.pop().unwrap_or_else(Value::null) };
            (name, value)
        };
        Value::new(map_of(members.into_iter().map(member)), at)
    }

    fn template(&self, parts: &[Part], at: Place, scope: Scope<'_, 'p>) -> Value {
        // Parts that may be one of several values make a text each.
        let mut values = Vec::new();
        for part in parts {
            match part {
                Part::Text(text) => values.push(Value::new(Kind::Text(Arc::clone(text)), at)),
                Part::Expression(expression) => values.push(self.evaluate(expression, scope)),
                Part::If(condition, then, otherwise) => {
                    let condition = self.evaluate(condition, scope);
                    values.push(match condition.boolean() {
                        Some(true) => self.template(then, at, scope),
                        Some(false) => self.template(otherwise, at, scope),
                        None => one_of(vec![self.template(then, at, scope), self.template(otherwise, at, scope)], at),
                    });
                }
                Part::For(key, value, collection, inner) => {
                    let collection = self.evaluate(collection, scope);
                    let Some(entries) = entries(&collection).filter(|entries| entries.len() <= MAX_ITERATIONS) else {
                        let cause = collection.any_cause().cloned().unwrap_or(Cause::Invalid("`for` needs a collection".into()));
                        values.push(Value::unknown(cause, at));
                        continue;
                    };
                    for (entry_key, entry) in entries {
                        let outer = key.as_ref().map(|name| Names { name, value: entry_key.clone(), outer: scope.names });
                        let names = Names { name: value, value: entry, outer: outer.as_ref().or(scope.names) };
                        values.push(self.template(inner, at, scope.named(&names)));
                    }
                }
            }
        }
        lifted(&values, at, &mut |values| {
            let mut text = Text::default();
            values.iter().for_each(|value| text.push(value));
            text.finish(at)
        })
    }

    fn call(&self, name: &str, arguments: &[Expression], is_spread: bool, at: Place, scope: Scope<'_, 'p>) -> Value {
        // What an argument fails with is what these ask about: the others need not be evaluated.
        match name {
            "try" => {
                let mut last = Value::unknown(Cause::Invalid("`try` has no argument".into()), at);
                for argument in arguments {
                    let value = self.evaluate(argument, scope);
                    if !is_failure(&value) {
                        return value;
                    }
                    last = value;
                }
                return last;
            }
            "can" => {
                let value = arguments.first().map(|argument| self.evaluate(argument, scope));
                return match value {
                    Some(value) if is_failure(&value) => Value::new(Kind::Boolean(false), at),
                    Some(value) => unknown_of([&value], at).unwrap_or_else(|| Value::new(Kind::Boolean(true), at)),
                    None => invalid("`can` has no argument", at),
                };
            }
            _ => {}
        }
        let mut values: Vec<Value> = arguments.iter().map(|argument| self.evaluate(argument, scope)).collect();
        if is_spread {
            match values.pop() {
                Some(last) => match &last.kind {
                    Kind::List(items) => values.extend(items.iter().cloned()),
                    _ => return unknown_of([&last], at).unwrap_or_else(|| invalid("`...` needs a list", at)),
                },
                None => return invalid("`...` needs a list", at),
            }
        }
        over(&values, at, &|values| function::call(name, &Call { arguments: values, at, evaluator: self, scope }))
    }

    /// A text of a file as a template with these names.
    pub(in crate::terraform) fn rendered(&self, text: &str, names: &Value, at: Place, scope: Scope<'_, 'p>) -> Value {
        let (parts, problems) = template::parse(text, 0, false, 0);
        if let Some(problem) = problems.first() {
            return Value::unknown(Cause::Invalid(problem.message.as_str().into()), at);
        }
        let Some(map) = names.map() else { return unknown_of([names], at).unwrap_or_else(|| invalid("a template needs a map", at)) };
        // Names are bound from the last to the first, each round the next.
        let pairs: Vec<(&Arc<str>, &Member)> = map.0.iter().collect();
        self.bound(&pairs, None, &parts, at, Scope { each: None, names: None, ..scope })
    }

    fn bound(&self, pairs: &[(&Arc<str>, &Member)], names: Option<&Names<'_>>, parts: &[Part], at: Place, scope: Scope<'_, 'p>) -> Value {
        match pairs.split_first() {
            Some(((name, member), rest)) => {
                let names = Names { name, value: member.value.clone(), outer: names };
                self.deeper(at, || self.bound(rest, Some(&names), parts, at, scope))
            }
            None => match names {
                Some(names) => self.template(parts, at, scope.named(names)),
                None => self.template(parts, at, scope),
            },
        }
    }
}

/// Whether an expression failed, in contrast to one that is not known yet.
fn is_failure(value: &Value) -> bool {
    matches!(value.cause(), Some(Cause::Missing(_) | Cause::Invalid(_)))
}

fn dotted(folder: &str) -> String {
    if folder.is_empty() { ".".to_owned() } else { folder.to_owned() }
}
