//! From data to conditions.

use std::{fmt, sync::Arc};

use serde_json::{Map, Value as Json};

use super::{
    Condition,
    attribute::{AttributeCondition, Companion, Items},
    compare::{Dialect, Test, value_of},
    graph::{Connected, Connection, Types},
    operator::{self, OPERATORS, Written},
    path::Path,
};
use crate::Place;

/// Conditions are not nested more deeply.
const MAX_DEPTH: usize = 64;

/// What is wrong with a condition, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InvalidCondition {
    pub(super) message: String,
    /// The names and numbers that lead to it.
    pub(super) way: Vec<String>,
}

type Result<T> = std::result::Result<T, InvalidCondition>;

impl InvalidCondition {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), way: Vec::new() }
    }

    /// The same, of a part with this name.
    pub(super) fn within(mut self, name: impl Into<String>) -> Self {
        self.way.insert(0, name.into());
        self
    }
}

impl fmt::Display for InvalidCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.way.is_empty() {
            write!(f, "`{}`: ", self.way.join("."))?;
        }
        f.write_str(&self.message)
    }
}

/// Reads conditions.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    pub(super) dialect: Dialect,
    /// What conditions speak of that name no types.
    pub(super) types: Option<Types>,
    /// What `resource_types: all` means.
    pub(super) all: Types,
    pub(super) depth: usize,
}

impl Reader {
    /// A reader for a rule about these types.
    pub(super) fn of_rule(types: &[Arc<str>]) -> Self {
        let types = (!types.is_empty()).then(|| Types::of(types));
        Self { dialect: Dialect::Own, types, all: Types::All, depth: 0 }
    }

    /// Reads a condition.
    pub(super) fn condition(&self, json: &Json) -> Result<Condition> {
        let keys = json.as_object().ok_or_else(|| InvalidCondition::new("expected a mapping"))?;
        if MAX_DEPTH < self.depth {
            return Err(InvalidCondition::new("conditions are nested too deeply"));
        }
        let inner = Self { depth: self.depth + 1, ..self.clone() };
        if self.dialect == Dialect::Own && keys.contains_key("when") {
            let mut rest = keys.clone();
            let when = rest.remove("when").unwrap_or_default();
            let when = inner.condition(&when).map_err(|error| error.within("when"))?;
            return Ok(Condition::When(Box::new((when, inner.of_keys(&rest)?))));
        }
        inner.of_keys(keys)
    }

    fn of_keys(&self, keys: &Map<String, Json>) -> Result<Condition> {
        for name in ["and", "or", "not"] {
            if let Some(parts) = keys.get(name).filter(|parts| is_something(parts)) {
                self.only(keys, &[name])?;
                return self.complex(name, parts).map_err(|error| error.within(name));
            }
        }
        if self.dialect == Dialect::Own {
            for name in ["every", "some"] {
                if let Some(inner) = keys.get(name) {
                    self.only(keys, &[name])?;
                    return self.items(inner, name == "every").map_err(|error| error.within(name));
                }
            }
            if let Some(inner) = keys.get("companion") {
                self.only(keys, &["companion"])?;
                return self.companion(inner).map_err(|error| error.within("companion"));
            }
        }
        let of_type = keys.get("cond_type").and_then(Json::as_str).unwrap_or("attribute");
        match of_type {
            "attribute" | "" => Ok(Condition::Attribute(Box::new(self.attribute(keys)?))),
            "filter" => Ok(Condition::Filter(Box::new(self.filter(keys)?))),
            "connection" => self.connection(keys),
            "resource" => self.resource(keys),
            other => Err(InvalidCondition::new(format!(
                "unknown type of condition `{other}`: expected `attribute`, `connection`, `filter` or `resource`"
            ))
            .within("cond_type")),
        }
    }

    fn complex(&self, name: &str, parts: &Json) -> Result<Condition> {
        let of_list = |items: &Vec<Json>| -> Result<Vec<Condition>> {
            (0..)
                .zip(items)
                .map(|(number, item): (usize, &Json)| self.condition(item).map_err(|error| error.within(number.to_string())))
                .collect()
        };
        let mut conditions = match parts {
            Json::Array(items) => of_list(items)?,
            Json::Object(_) => vec![self.condition(parts)?],
            _ => return Err(InvalidCondition::new("expected a list of conditions")),
        };
        match name {
            "and" => Ok(self.all(conditions)),
            "or" => Ok(Condition::Any(conditions)),
            _ if conditions.len() != 1 => Err(InvalidCondition::new("`not` takes one condition")),
            _ => {
                let part = conditions.pop().unwrap_or(Condition::All(Vec::new()));
                if self.dialect == Dialect::Checkov && part.is_about_connections() {
                    return Err(InvalidCondition::new("`not` of a connection: say `not_exists` instead"));
                }
                Ok(Condition::Not(Box::new(part)))
            }
        }
    }

    /// All of these. Filters say what is judged; where connections are asked for, they say so in the end.
    fn all(&self, conditions: Vec<Condition>) -> Condition {
        let is_filter = |condition: &Condition| matches!(condition, Condition::Filter(_));
        let is_connected = conditions.iter().any(Condition::is_about_connections);
        if self.dialect == Dialect::Checkov || is_connected || !conditions.iter().any(is_filter) {
            return Condition::All(conditions);
        }
        let (filters, others) = conditions.into_iter().partition(is_filter);
        Condition::When(Box::new((Condition::All(filters), Condition::All(others))))
    }

    fn attribute(&self, keys: &Map<String, Json>) -> Result<AttributeCondition> {
        let (written, operator_key) = self.operator(keys)?;
        let known = ["cond_type", "attribute", "resource_types", "operator", "value", "default", operator_key];
        self.only(keys, &known)?;
        let path = match keys.get("attribute") {
            Some(Json::String(path)) => path.as_str(),
            Some(Json::Number(_) | Json::Bool(_) | Json::Array(_) | Json::Object(_)) => {
                return Err(InvalidCondition::new("expected the path of an attribute").within("attribute"));
            }
            // Checkov's operator `any` needs none; within a list the condition is about the element.
            Some(Json::Null) | None => "",
        };
        let path = if written.is_json_path { Path::parse_json(path, self.dialect) } else { Path::parse(path, self.dialect) };
        let path = path.map_err(|error| InvalidCondition::new(error).within("attribute"))?;
        let (value, value_key) =
            if operator_key == "operator" { (keys.get("value"), "value") } else { (keys.get(operator_key), operator_key) };
        let (value, is_turned) = match value {
            // `exists: false`.
            Some(Json::Bool(holds)) if operator_key != "operator" && written.operator.is_alone() => (None, !holds),
            Some(_) if operator_key != "operator" && written.operator.is_alone() => {
                return Err(InvalidCondition::new("expected `true` or `false`").within(operator_key));
            }
            value => (value, false),
        };
        let written = Written { is_negated: written.is_negated != is_turned, ..written };
        let test = Test::parse(written, value, self.dialect).map_err(|error| InvalidCondition::new(error).within(value_key))?;
        Ok(AttributeCondition {
            types: self.types_of(keys, "resource_types")?.or_else(|| self.types.clone()),
            path,
            test,
            default: keys.get("default").filter(|_| self.dialect == Dialect::Own).map(|value| value_of(value, Place::NONE)),
            dialect: self.dialect,
        })
    }

    /// The operator of an attribute condition, and the key that says it.
    fn operator<'k>(&self, keys: &'k Map<String, Json>) -> Result<(Written, &'k str)> {
        if let Some(name) = keys.get("operator") {
            let name = name.as_str().ok_or_else(|| InvalidCondition::new("expected the name of an operator").within("operator"))?;
            return operator::find(name).map(|written| (written, "operator")).ok_or_else(|| unknown_operator(name).within("operator"));
        }
        let mut short = keys.keys().filter_map(|key| operator::find(key).map(|written| (written, key.as_str())));
        match (short.next(), short.next()) {
            (Some(operator), None) => Ok(operator),
            (Some(_), Some(_)) => Err(InvalidCondition::new("a condition has one operator: combine several with `and`")),
            (None, _) => {
                match keys.keys().find(|key| !matches!(key.as_str(), "cond_type" | "attribute" | "resource_types" | "value" | "default")) {
                    Some(key) => Err(unknown_operator(key)),
                    None => Err(InvalidCondition::new("there is no `operator`")),
                }
            }
        }
    }

    fn filter(&self, keys: &Map<String, Json>) -> Result<AttributeCondition> {
        let filter = self.attribute(keys)?;
        // Filters speak of all resources.
        Ok(AttributeCondition { types: None, ..filter })
    }

    fn items(&self, json: &Json, is_every: bool) -> Result<Condition> {
        let mut keys = json.as_object().cloned().ok_or_else(|| InvalidCondition::new("expected a mapping"))?;
        let of = match keys.remove("of") {
            Some(Json::String(of)) => of,
            Some(_) => return Err(InvalidCondition::new("expected the path of a list").within("of")),
            None => return Err(InvalidCondition::new("there is no `of`: the path of a list")),
        };
        let of = Path::parse(&of, self.dialect).map_err(|error| InvalidCondition::new(error).within("of"))?;
        let condition = self.condition(&Json::Object(keys))?;
        if condition.is_about_connections() {
            return Err(InvalidCondition::new("a connection is between resources, not between elements of lists"));
        }
        Ok(Condition::Items(Box::new(Items { of, condition, is_every })))
    }

    fn companion(&self, json: &Json) -> Result<Condition> {
        let mut keys = json.as_object().cloned().ok_or_else(|| InvalidCondition::new("expected a mapping"))?;
        let types = keys.remove("types").unwrap_or_default();
        let types =
            self.read_types(&types).map_err(|error| error.within("types"))?.ok_or_else(|| InvalidCondition::new("there are no `types`"))?;
        let mut path = |name: &str| match keys.remove(name) {
            Some(Json::String(path)) => {
                Path::parse(&path, self.dialect).map(Some).map_err(|error| InvalidCondition::new(error).within(name))
            }
            Some(_) => Err(InvalidCondition::new("expected the path of an attribute").within(name)),
            None => Ok(None),
        };
        let (by, to) = (path("by")?, path("to")?);
        // What is asked of the companion is asked of its types.
        let of_companion = Self { types: None, ..self.clone() };
        let condition = if keys.is_empty() { None } else { Some(of_companion.condition(&Json::Object(keys))?) };
        if condition.as_ref().is_some_and(Condition::is_about_connections) {
            return Err(InvalidCondition::new("a companion is not asked for connections"));
        }
        Ok(Condition::Companion(Box::new(Companion { types, by, to, condition })))
    }

    fn connection(&self, keys: &Map<String, Json>) -> Result<Condition> {
        self.only(keys, &["cond_type", "resource_types", "connected_resource_types", "operator", "attribute", "value"])?;
        let how = match keys.get("operator").and_then(Json::as_str).unwrap_or_default() {
            "exists" => Connected::Exists,
            "not_exists" => Connected::NotExists,
            "one_exists" => Connected::OneExists,
            other => {
                let message = format!("unknown operator `{other}` of a connection: expected `exists`, `not_exists` or `one_exists`");
                return Err(InvalidCondition::new(message).within("operator"));
            }
        };
        let connected = self.types_of(keys, "connected_resource_types")?;
        let types = self.types_of(keys, "resource_types")?.or_else(|| self.types.clone()).unwrap_or_else(|| self.all.clone());
        let connected = match connected {
            Some(connected) => connected,
            None if self.dialect == Dialect::Own => return Err(InvalidCondition::new("there are no `connected_resource_types`")),
            None => Types::of(&[]),
        };
        Ok(Condition::Connection(Box::new(Connection { types, connected, how })))
    }

    fn resource(&self, keys: &Map<String, Json>) -> Result<Condition> {
        self.only(keys, &["cond_type", "resource_types", "operator"])?;
        let types = self.types_of(keys, "resource_types")?.ok_or_else(|| InvalidCondition::new("there are no `resource_types`"))?;
        let only_these = match keys.get("operator").and_then(Json::as_str).unwrap_or_default() {
            "exists" => true,
            "not_exists" => false,
            other => {
                let message = format!("unknown operator `{other}` of a resource: expected `exists` or `not_exists`");
                return Err(InvalidCondition::new(message).within("operator"));
            }
        };
        Ok(Condition::Allowed { types, only_these })
    }

    fn types_of(&self, keys: &Map<String, Json>, key: &str) -> Result<Option<Types>> {
        keys.get(key).map_or(Ok(None), |types| self.read_types(types)).map_err(|error| error.within(key))
    }

    /// `all`, `taggable`, a type, or a list of types; nothing where there are none.
    fn read_types(&self, json: &Json) -> Result<Option<Types>> {
        let names: Vec<&str> = match json {
            Json::String(name) => vec![name],
            Json::Array(names) => names
                .iter()
                .map(|name| name.as_str().ok_or_else(|| InvalidCondition::new("expected the names of types")))
                .collect::<Result<_>>()?,
            Json::Null => return Ok(None),
            _ => return Err(InvalidCondition::new("expected a list of types")),
        };
        match names.first().map(|name| name.to_ascii_lowercase()).as_deref() {
            None => Ok(None),
            Some("all") => Ok(Some(self.all.clone())),
            Some("taggable") => Err(InvalidCondition::new("which types are `taggable` is not known: name them")),
            Some(_) => Ok(Some(Types::Of(names.into_iter().map(Arc::from).collect()))),
        }
    }

    /// Refuses keys that mean nothing; Checkov takes no notice of them.
    fn only(&self, keys: &Map<String, Json>, known: &[&str]) -> Result<()> {
        if self.dialect == Dialect::Checkov {
            return Ok(());
        }
        match keys.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(InvalidCondition::new(format!("unknown key `{key}`"))),
            None => Ok(()),
        }
    }
}

/// Whether Python takes it for true.
fn is_something(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => false,
        Json::Array(items) => !items.is_empty(),
        Json::Object(keys) => !keys.is_empty(),
        Json::Bool(true) | Json::Number(_) | Json::String(_) => true,
    }
}

fn unknown_operator(name: &str) -> InvalidCondition {
    let nearest = OPERATORS.iter().map(|(known, ..)| *known).find(|known| is_near(known, name));
    let hint = nearest.map(|known| format!(": did you mean `{known}`?")).unwrap_or_default();
    InvalidCondition::new(format!("unknown operator `{name}`{hint}"))
}

/// Whether two names differ by little: one starts like the other, or they hold the same letters.
fn is_near(known: &str, name: &str) -> bool {
    let letters = |text: &str| {
        let mut letters: Vec<char> = text.chars().filter(char::is_ascii_alphabetic).collect();
        letters.sort_unstable();
        letters
    };
    letters(known) == letters(name) || (4 <= name.len() && known.starts_with(name)) || (4 <= known.len() && name.starts_with(known))
}
