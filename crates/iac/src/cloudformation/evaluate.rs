//! Intrinsic functions of CloudFormation, in the long form and as tags of YAML. "Intrinsic function reference".

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use crate::{
    Cause, Kind, Map, Member, Place, ResourceId, Value,
    terraform::operation::{self, Text, equal, invalid, one_of, over, unknown_of},
};

/// How deeply values are nested, conditions followed.
const MAX_DEPTH: usize = 200;

/// A template whose values are evaluated.
pub(super) struct Template<'t> {
    document: &'t Value,
    ids: BTreeMap<Arc<str>, ResourceId>,
    depth: RefCell<usize>,
}

impl<'t> Template<'t> {
    pub(super) fn new(document: &'t Value, ids: BTreeMap<Arc<str>, ResourceId>) -> Self {
        Self { document, ids, depth: RefCell::new(0) }
    }

    /// A value with all functions in it evaluated.
    pub(super) fn evaluate(&self, value: &Value) -> Value {
        if MAX_DEPTH <= *self.depth.borrow() {
            return Value::unknown(Cause::Limit("max-evaluation-depth".into()), value.place);
        }
        *self.depth.borrow_mut() += 1;
        let evaluated = self.evaluate_here(value);
        *self.depth.borrow_mut() -= 1;
        evaluated
    }

    fn evaluate_here(&self, value: &Value) -> Value {
        match &value.kind {
            Kind::List(items) => Value {
                kind: Kind::List(items.iter().map(|item| self.evaluate(item)).filter(|item| !item.is_null()).collect()),
                ..value.clone()
            },
            Kind::Map(map) => match function_of(map) {
                Some((name, argument)) => self.call(name, argument, value.place),
                None => {
                    let member = |(name, member): (&Arc<str>, &Member)| {
                        (Arc::clone(name), Member { name: member.name, value: self.evaluate(&member.value) })
                    };
                    Value { kind: Kind::Map(Arc::new(Map(map.0.iter().map(member).collect()))), ..value.clone() }
                }
            },
            _ => value.clone(),
        }
    }

    /// The value of a condition.
    pub(super) fn condition(&self, name: &str) -> Value {
        match self.document.at(&["Conditions", name]) {
            Some(condition) => self.evaluate(condition),
            None => Value::unknown(Cause::Missing(name.into()), Place::NONE),
        }
    }

    fn call(&self, name: &str, argument: &Value, at: Place) -> Value {
        let arguments = || -> Vec<Value> {
            match &argument.kind {
                Kind::List(items) => items.iter().map(|item| self.evaluate(item)).collect(),
                _ => vec![self.evaluate(argument)],
            }
        };
        match name {
            "Ref" => argument.text().map_or_else(|| invalid("`Ref` needs a name", at), |name| self.reference(name, at)),
            "Condition" => argument.text().map_or_else(|| invalid("`Condition` needs a name", at), |name| self.condition(name)),
            "GetAtt" => self.attribute(argument, at),
            "Sub" => self.sub(argument, at),
            "Join" => joined(&arguments(), at),
            "Select" => over(&arguments(), at, &|values| select(values, at)),
            "Split" => over(&arguments(), at, &|values| split(values, at)),
            "If" => self.choose(argument, at),
            "Equals" => over(&arguments(), at, &|values| match values {
                [left, right] => equal(left, right).map_or_else(
                    || unknown_of(values, at).unwrap_or_else(|| invalid("not comparable", at)),
                    |is| Value::new(Kind::Boolean(is), at),
                ),
                _ => invalid("`Fn::Equals` needs two values", at),
            }),
            "Not" => over(&arguments(), at, &|values| match values {
                [value] => operation::unary(crate::terraform::Operator::Not, value, at),
                _ => invalid("`Fn::Not` needs a condition", at),
            }),
            "And" => all(&arguments(), crate::terraform::Operator::And, at),
            "Or" => all(&arguments(), crate::terraform::Operator::Or, at),
            "FindInMap" => over(&arguments(), at, &|values| self.find_in_map(values, at)),
            "ToJsonString" => self.evaluate(argument),
            // What is encoded is looked at as it is.
            "Base64" => self.evaluate(argument),
            "Length" => match self.evaluate(argument).kind {
                Kind::List(items) => Value::new(Kind::Number(u32::try_from(items.len()).map_or(f64::MAX, f64::from)), at),
                _ => Value::unknown(Cause::Function("Fn::Length".into()), at),
            },
            other => Value::unknown(Cause::Function(format!("Fn::{other}").into()), at),
        }
    }

    fn reference(&self, name: &str, at: Place) -> Value {
        if let Some(pseudo) = name.strip_prefix("AWS::") {
            return match pseudo {
                "NoValue" => Value::new(Kind::Null, at),
                "Partition" => Value::of_text("aws", at),
                "URLSuffix" => Value::of_text("amazonaws.com", at),
                _ => Value::unknown(Cause::Runtime(format!("`{name}`").into()), at),
            };
        }
        if let Some(parameter) = self.document.at(&["Parameters", name]) {
            return match parameter.get("Default") {
                Some(default) => {
                    // Lists are written as texts.
                    let is_list = parameter
                        .get("Type")
                        .and_then(Value::text)
                        .is_some_and(|of_type| of_type.starts_with("List<") || of_type == "CommaDelimitedList");
                    match default.text().filter(|_| is_list) {
                        Some(text) => {
                            let items = text.split(',').map(|item| Value::of_text(item.trim(), default.place));
                            Value::new(Kind::List(items.collect()), default.place)
                        }
                        None => default.clone(),
                    }
                }
                None => Value::unknown(Cause::Variable(name.into()), parameter.place),
            };
        }
        match self.ids.get(name) {
            Some(id) => Value::computed(*id, "id", at),
            None => Value::unknown(Cause::Missing(name.into()), at),
        }
    }

    fn attribute(&self, argument: &Value, at: Place) -> Value {
        let (name, attribute): (Arc<str>, Arc<str>) = match &argument.kind {
            Kind::Text(text) => match text.split_once('.') {
                Some((name, attribute)) => (name.into(), attribute.into()),
                None => return invalid("`Fn::GetAtt` needs a resource and an attribute", at),
            },
            Kind::List(items) => match (items.first().and_then(Value::text), items.get(1).and_then(Value::text)) {
                (Some(name), Some(attribute)) => (name.into(), attribute.into()),
                _ => return Value::unknown(Cause::Function("Fn::GetAtt".into()), at),
            },
            _ => return invalid("`Fn::GetAtt` needs a resource and an attribute", at),
        };
        match self.ids.get(&name) {
            Some(id) => Value::computed(*id, &attribute, at),
            None => Value::unknown(Cause::Missing(name), at),
        }
    }

    fn sub(&self, argument: &Value, at: Place) -> Value {
        let (pattern, names) = match &argument.kind {
            Kind::List(items) => (items.first().and_then(Value::text), items.get(1).map(|names| self.evaluate(names))),
            _ => (argument.text(), None),
        };
        let Some(pattern) = pattern else { return invalid("`Fn::Sub` needs a text", at) };
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let Some((name, behind)) = after.split_once('}') else { break };
            parts.push(Value::of_text(before, at));
            parts.push(match name.strip_prefix('!') {
                Some(literal) => Value::of_text(format!("${{{literal}}}"), at),
                None => {
                    let named = names.as_ref().and_then(|names| names.get(name)).cloned();
                    named.unwrap_or_else(|| match name.split_once('.') {
                        Some(_) => self.attribute(&Value::of_text(name, at), at),
                        None => self.reference(name, at),
                    })
                }
            });
            rest = behind;
        }
        parts.push(Value::of_text(rest, at));
        over(&parts, at, &|parts| {
            let mut text = Text::default();
            parts.iter().for_each(|part| text.push(part));
            text.finish(at)
        })
    }

    fn choose(&self, argument: &Value, at: Place) -> Value {
        let [condition, then, otherwise] = argument.items() else { return invalid("`Fn::If` needs a condition and two values", at) };
        let decided = condition.text().map(|name| self.condition(name)).unwrap_or_else(|| self.evaluate(condition));
        match decided.boolean() {
            Some(true) => self.evaluate(then),
            Some(false) => self.evaluate(otherwise),
            None => one_of(vec![self.evaluate(then), self.evaluate(otherwise)], at),
        }
    }

    fn find_in_map(&self, values: &[Value], at: Place) -> Value {
        let [map, first, second, ..] = values else { return invalid("`Fn::FindInMap` needs three names", at) };
        if let Some(unknown) = unknown_of([map], at) {
            return unknown;
        }
        let Some(map) = operation::text_of(map).and_then(|name| self.document.at(&["Mappings", &name])) else {
            return Value::unknown(Cause::Missing("a mapping".into()), at);
        };
        // A key that is not known may be any.
        let of_key = |value: &Value, key: &Value| -> Vec<Value> {
            match operation::text_of(key) {
                Some(name) => value.get(&name).cloned().into_iter().collect(),
                None => value.map().map(|map| map.0.values().map(|member| member.value.clone()).collect()).unwrap_or_default(),
            }
        };
        let found: Vec<Value> = of_key(map, first).iter().flat_map(|value| of_key(value, second)).collect();
        if found.is_empty() { Value::unknown(Cause::Missing("a value of a mapping".into()), at) } else { one_of(found, at) }
    }
}

/// The function that a map calls: its only name is that of one.
fn function_of(map: &Map) -> Option<(&str, &Value)> {
    let (name, member) = map.0.iter().next().filter(|_| map.0.len() == 1)?;
    let function = name
        .strip_prefix("Fn::")
        .or_else(|| name.strip_prefix('!'))
        .or_else(|| matches!(&**name, "Ref" | "Condition").then_some(&**name))?;
    // `Condition` is a name of a property, too: of a statement, whose value is a map.
    if function == "Condition" && member.value.text().is_none() {
        return None;
    }
    Some((function, &member.value))
}

fn all(arguments: &[Value], operator: crate::terraform::Operator, at: Place) -> Value {
    let mut arguments = arguments.iter().cloned();
    let first = arguments.next().unwrap_or_else(|| invalid("conditions are needed", at));
    arguments.fold(first, |left, right| {
        over(&[left, right], at, &|values| match values {
            [left, right] => operation::binary(operator, left, right, at),
            _ => Value::null(),
        })
    })
}

fn joined(arguments: &[Value], at: Place) -> Value {
    let [separator, items] = arguments else { return invalid("`Fn::Join` needs a text and a list", at) };
    let Some(separator) = separator.text() else { return invalid("`Fn::Join` needs a text", at) };
    let Kind::List(items) = &items.kind else { return unknown_of([items], at).unwrap_or_else(|| invalid("`Fn::Join` needs a list", at)) };
    over(items, at, &|items| {
        let mut text = Text::default();
        for (index, item) in items.iter().enumerate() {
            if 0 < index {
                text.push_str(separator);
            }
            text.push(item);
        }
        text.finish(at)
    })
}

fn select(values: &[Value], at: Place) -> Value {
    let [index, list] = values else { return invalid("`Fn::Select` needs a number and a list", at) };
    if let Some(unknown) = unknown_of([index, list], at) {
        return unknown;
    }
    let index = index.number().and_then(crate::terraform::index_of);
    index
        .and_then(|index| list.items().get(index))
        .cloned()
        .unwrap_or_else(|| Value::unknown(Cause::Missing("an item of a list".into()), at))
}

fn split(values: &[Value], at: Place) -> Value {
    let [separator, text] = values else { return invalid("`Fn::Split` needs two texts", at) };
    if let Some(unknown) = unknown_of([separator, text], at) {
        return unknown;
    }
    match separator.text().zip(text.text()) {
        Some((separator, text)) if !separator.is_empty() => {
            Value::new(Kind::List(text.split(separator).map(|part| Value::of_text(part, at)).collect()), at)
        }
        _ => invalid("`Fn::Split` needs two texts", at),
    }
}
