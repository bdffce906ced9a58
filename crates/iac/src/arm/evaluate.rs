//! What expressions of a template are worth.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    expression::{self, Node, Written},
    function::{self, lambda},
    known::Known,
};
use crate::{
    Cause, Kind, Map, Member, Place, Value,
    terraform::{
        index_of,
        operation::{invalid, one_of, over, unknown_of},
    },
};

/// How deeply expressions are nested, variables followed.
const MAX_DEPTH: usize = 100;
/// How many values are evaluated for one template.
const MAX_STEPS: u64 = 4_000_000;
/// How often something may be repeated: the limit of Azure is 800.
pub(crate) const MAX_COPIES: usize = 10_000;
/// How many values a variable may hold.
const MAX_VALUES: usize = 200_000;

/// A template whose values are evaluated.
pub(super) struct Template<'t> {
    document: &'t Value,
    /// What parameters are given, where somebody gives them.
    inputs: Option<BTreeMap<Arc<str>, Value>>,
    /// Its resources, as far as they were made.
    pub(super) known: RefCell<Known>,
    /// What lambdas and functions are given, the innermost last.
    locals: RefCell<Vec<(String, Value)>>,
    /// The numbers of what is being repeated, the innermost last.
    copies: RefCell<Vec<(Arc<str>, Value)>>,
    /// Parameters and variables.
    memo: RefCell<HashMap<(Space, String), Option<Value>>>,
    depth: Cell<usize>,
    steps: Cell<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Space {
    Parameter,
    Variable,
}

impl<'t> Template<'t> {
    pub(super) fn new(document: &'t Value, inputs: Option<BTreeMap<Arc<str>, Value>>) -> Self {
        Self {
            document,
            inputs,
            known: RefCell::default(),
            locals: RefCell::default(),
            copies: RefCell::default(),
            memo: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    /// Evaluates something while it is repeated for a number.
    pub(super) fn within<T>(&self, copy: Option<(Arc<str>, Value)>, evaluate: impl FnOnce() -> T) -> T {
        let is_repeated = copy.is_some();
        self.copies.borrow_mut().extend(copy);
        let value = evaluate();
        if is_repeated {
            self.copies.borrow_mut().pop();
        }
        value
    }

    /// A value with all expressions in it evaluated.
    pub(super) fn evaluate(&self, value: &Value) -> Value {
        let depth = self.depth.get();
        self.steps.set(self.steps.get() + 1);
        if MAX_DEPTH <= depth {
            return Value::unknown(Cause::Limit("max-evaluation-depth".into()), value.place);
        }
        if MAX_STEPS <= self.steps.get() {
            return Value::unknown(Cause::Limit("max-steps".into()), value.place);
        }
        self.depth.set(depth + 1);
        let evaluated = match &value.kind {
            Kind::List(items) => Value { kind: Kind::List(items.iter().map(|item| self.evaluate(item)).collect()), ..value.clone() },
            Kind::Map(map) => Value { kind: Kind::Map(Arc::new(Map(self.members(map)))), ..value.clone() },
            Kind::Text(text) => self.text(text, value),
            _ => value.clone(),
        };
        self.depth.set(depth);
        evaluated
    }

    /// The members of an object; those that `copy` names are lists of what is repeated.
    fn members(&self, map: &Map) -> BTreeMap<Arc<str>, Member> {
        let is_copy = |copy: &Value| copy.get("name").is_some() && copy.get("count").is_some() && copy.get("input").is_some();
        let mut members = BTreeMap::new();
        for (name, member) in &map.0 {
            let copies = member.value.items();
            if &**name == "copy" && !copies.is_empty() && copies.iter().all(is_copy) {
                for copy in copies {
                    let Some(name) = copy.get("name").and_then(Value::text) else { continue };
                    let place = copy.member("name").map_or(copy.place, |name| name.value.place);
                    members.insert(name.into(), Member { name: place, value: self.copied(copy) });
                }
                continue;
            }
            members.insert(Arc::clone(name), Member { name: member.name, value: self.evaluate(&member.value) });
        }
        members
    }

    /// The list that a `copy` with an `input` makes.
    fn copied(&self, copy: &Value) -> Value {
        let (Some(input), Some(name)) = (copy.get("input"), copy.get("name").and_then(Value::text)) else { return Value::null() };
        let count = copy.get("count").map_or_else(Value::null, |count| self.evaluate(count));
        let one = |index: Value| self.within(Some((name.into(), index)), || self.evaluate(input));
        match numbers(&count, copy.place) {
            Ok(numbers) => Value::new(Kind::List(numbers.into_iter().map(one).collect()), input.place),
            Err(cause) => Value::unknown(cause, input.place),
        }
    }

    fn text(&self, text: &str, value: &Value) -> Value {
        match expression::read(text) {
            Written::Text => value.clone(),
            Written::Escaped(text) => Value::of_text(text, value.place),
            Written::Expression(node) => self.node(&node, value.place),
            Written::Broken => invalid("this expression can't be read", value.place),
        }
    }

    fn node(&self, node: &Node, at: Place) -> Value {
        self.steps.set(self.steps.get() + 1);
        if MAX_STEPS <= self.steps.get() {
            return Value::unknown(Cause::Limit("max-steps".into()), at);
        }
        match node {
            Node::Text(text) => Value::of_text(text.as_str(), at),
            Node::Number(number) => Value::new(Kind::Number(*number), at),
            Node::Attribute(of, name) => {
                let name = Value::of_text(name.as_str(), at);
                element(&[self.node(of, at), name], at)
            }
            Node::Index(of, index) => element(&[self.node(of, at), self.node(index, at)], at),
            Node::Call(name, arguments) => self.call(name, arguments, at),
        }
    }

    fn call(&self, name: &str, arguments: &[Node], at: Place) -> Value {
        match (name, arguments) {
            ("if", [condition, then, otherwise]) => {
                let condition = self.node(condition, at);
                return match condition.boolean() {
                    Some(true) => self.node(then, at),
                    Some(false) => self.node(otherwise, at),
                    None => one_of(vec![self.node(then, at), self.node(otherwise, at)], at),
                };
            }
            ("parameters", [Node::Text(name)]) => return self.parameter(name, at),
            ("variables", [Node::Text(name)]) => return self.variable(name, at),
            ("lambdavariables", [Node::Text(name)]) => return self.local(name, at),
            ("lambda", _) => return Value::unknown(Cause::Function("lambda".into()), at),
            (name, _) if lambda::is_known(name) => return self.with_lambda(name, arguments, at),
            _ => {}
        }
        let arguments: Vec<Value> = arguments.iter().map(|argument| self.node(argument, at)).collect();
        match name {
            "copyindex" => self.copy_index(&arguments, at),
            "resourceid" | "reference" | "extensionresourceid" => self.resource(name, &arguments, at),
            _ => match self.own_function(name) {
                Some(function) => self.call_own(function, arguments, at),
                None => function::call(name, &arguments, at),
            },
        }
    }

    fn with_lambda(&self, name: &str, arguments: &[Node], at: Place) -> Value {
        let mut closures: Vec<Option<lambda::Closure<'_>>> = Vec::new();
        for argument in arguments {
            closures.push(match argument {
                Node::Call(name, parts) if name == "lambda" => parts.split_last().map(|(body, names)| {
                    let closure = move |values: &[Value]| self.with_locals(names, values, || self.node(body, at));
                    Box::new(closure) as lambda::Closure<'_>
                }),
                _ => None,
            });
        }
        let given: Vec<lambda::Argument<'_>> = arguments
            .iter()
            .zip(&closures)
            .map(|(argument, closure)| match closure {
                Some(closure) => lambda::Argument::Lambda(closure),
                None => lambda::Argument::Value(self.node(argument, at)),
            })
            .collect();
        lambda::call(name, &given, at)
    }

    fn with_locals(&self, names: &[Node], values: &[Value], evaluate: impl FnOnce() -> Value) -> Value {
        let n_before = self.locals.borrow().len();
        let named = names.iter().zip(values).filter_map(|(name, value)| match name {
            Node::Text(name) => Some((name.clone(), value.clone())),
            _ => None,
        });
        self.locals.borrow_mut().extend(named);
        let value = evaluate();
        self.locals.borrow_mut().truncate(n_before);
        value
    }

    fn local(&self, name: &str, at: Place) -> Value {
        let locals = self.locals.borrow();
        locals.iter().rev().find(|(known, _)| known == name).map_or_else(|| missing(name, at), |(_, value)| value.clone())
    }

    /// A function that the template declares, by `namespace.name`.
    fn own_function(&self, name: &str) -> Option<&'t Value> {
        let (namespace, name) = name.split_once('.')?;
        let is_of =
            |group: &&Value| group.get("namespace").and_then(Value::text).is_some_and(|known| known.eq_ignore_ascii_case(namespace));
        let members = self.document.get("functions")?.items().iter().find(is_of)?.get("members")?.map()?;
        members.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, member)| &member.value)
    }

    fn call_own(&self, function: &'t Value, arguments: Vec<Value>, at: Place) -> Value {
        let Some(output) = function.at(&["output", "value"]) else { return missing("a function", at) };
        let names = function.get("parameters").map(Value::items).unwrap_or_default();
        let names = names.iter().filter_map(|parameter| parameter.get("name").and_then(Value::text));
        // It sees what it is given, and nothing else.
        let given: Vec<(String, Value)> = names.map(|name| format!("\0{name}")).zip(arguments).collect();
        let outer = std::mem::replace(&mut *self.locals.borrow_mut(), given);
        let value = self.evaluate(output);
        *self.locals.borrow_mut() = outer;
        value
    }

    fn parameter(&self, name: &str, at: Place) -> Value {
        if let Some((_, value)) = self.locals.borrow().iter().find(|(known, _)| known.strip_prefix('\0') == Some(name)) {
            return value.clone();
        }
        self.remembered(Space::Parameter, name, at, || {
            let Some(declared) = self.document.at(&["parameters", name]) else { return missing(name, at) };
            if let Some(value) = self.inputs.as_ref().and_then(|inputs| inputs.get(name)).filter(|value| !value.is_null()) {
                return value.clone();
            }
            let default = declared.member("defaultValue").map(|member| &member.value);
            match (default, declared.get("allowedValues").map(Value::items)) {
                (Some(default), _) => self.evaluate(default),
                (None, Some(allowed)) if !allowed.is_empty() => one_of(allowed.to_vec(), at),
                _ if declared.get("nullable").and_then(Value::boolean) == Some(true) => Value::new(Kind::Null, declared.place),
                (None, _) => Value::unknown(Cause::Variable(name.into()), declared.place),
            }
        })
    }

    fn variable(&self, name: &str, at: Place) -> Value {
        self.remembered(Space::Variable, name, at, || {
            let declared = self.document.get("variables");
            if let Some(value) = declared.and_then(|variables| variables.member(name)) {
                return self.evaluate(&value.value);
            }
            let copies = declared.and_then(|variables| variables.get("copy")).map(Value::items).unwrap_or_default();
            let copy = copies.iter().find(|copy| copy.get("name").and_then(Value::text) == Some(name));
            copy.map_or_else(|| missing(name, at), |copy| self.copied(copy))
        })
    }

    /// What is evaluated once. It sees nothing of what refers to it.
    fn remembered(&self, space: Space, name: &str, at: Place, evaluate: impl FnOnce() -> Value) -> Value {
        let key = (space, name.to_owned());
        match self.memo.borrow().get(&key) {
            Some(Some(value)) => return value.clone(),
            Some(None) => return Value::unknown(Cause::Cycle(name.into()), at),
            None => {}
        }
        self.memo.borrow_mut().insert(key.clone(), None);
        let locals = std::mem::take(&mut *self.locals.borrow_mut());
        let copies = std::mem::take(&mut *self.copies.borrow_mut());
        let value = limited(evaluate());
        *self.locals.borrow_mut() = locals;
        *self.copies.borrow_mut() = copies;
        self.memo.borrow_mut().insert(key, Some(value.clone()));
        value
    }

    /// What was found out before all resources were known is forgotten.
    pub(super) fn forget(&self) {
        self.memo.borrow_mut().clear();
    }

    /// The number of what is being repeated: of the innermost, or of a name; with an offset.
    fn copy_index(&self, arguments: &[Value], at: Place) -> Value {
        let copies = self.copies.borrow();
        let name = arguments.first().and_then(Value::text);
        let copy = match name {
            Some(name) => copies.iter().rev().find(|(known, _)| known.eq_ignore_ascii_case(name)),
            None => copies.last(),
        };
        let Some((_, index)) = copy else { return missing("a copy", at) };
        match arguments.iter().find(|argument| argument.text().is_none()) {
            Some(offset) => function::call("add", &[index.clone(), offset.clone()], at),
            None => index.clone(),
        }
    }

    /// A resource, or what is known of it when it is there.
    fn resource(&self, name: &str, arguments: &[Value], at: Place) -> Value {
        let known = self.known.borrow();
        let referred = || arguments.iter().flat_map(|argument| argument.references.iter().flat_map(|ids| ids.iter().copied())).next();
        let id = match name {
            "reference" => arguments.first().and_then(Value::text).and_then(|symbol| known.by_symbol(symbol)).or_else(referred),
            _ => known.by_id(arguments),
        };
        match id {
            Some(id) => Value::computed(id, if name == "reference" { "" } else { "id" }, at),
            None => function::call(name, arguments, at),
        }
    }
}

/// The numbers of what is repeated so often; one that is not known where that is not known.
pub(super) fn numbers(count: &Value, at: Place) -> Result<Vec<Value>, Cause> {
    let Some(n) = count.number().and_then(index_of) else {
        return Err(count.any_cause().cloned().unwrap_or_else(|| Cause::Invalid("a number is needed".into())));
    };
    if MAX_COPIES < n {
        return Err(Cause::Limit("max-instances".into()));
    }
    let number = |number: usize| Value::new(Kind::Number(u32::try_from(number).map_or(0.0, f64::from)), at);
    Ok((0..n).map(number).collect())
}

/// The value, if it is no larger than a variable may be.
pub(crate) fn limited(value: Value) -> Value {
    if n_values(&value, MAX_VALUES) <= MAX_VALUES { value } else { Value::unknown(Cause::Limit("max-values".into()), value.place) }
}

/// How many values there are in one, counted up to a limit.
fn n_values(value: &Value, limit: usize) -> usize {
    let sum = |values: &mut dyn Iterator<Item = &Value>| {
        let mut n = 1_usize;
        for value in values {
            if limit < n {
                break;
            }
            n += n_values(value, limit.saturating_sub(n));
        }
        n
    };
    match &value.kind {
        Kind::List(items) | Kind::OneOf(items) => sum(&mut items.iter()),
        Kind::Map(map) => sum(&mut map.0.values().map(|member| &member.value)),
        Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => 1,
    }
}

fn missing(name: &str, at: Place) -> Value {
    Value::unknown(Cause::Missing(name.into()), at)
}

/// An item of a list or a member of an object, which must be there.
pub(crate) fn element(of_and_index: &[Value], at: Place) -> Value {
    over(of_and_index, at, &|values| {
        let [of, index] = values else { return Value::null() };
        let name = || index.text().map_or_else(|| "an element".to_owned(), str::to_owned);
        let found = function::element(of, index, at).or_else(|| unknown_of([of], at));
        found.unwrap_or_else(|| missing(&name(), at))
    })
}
