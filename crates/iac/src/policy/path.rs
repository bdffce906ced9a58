//! Paths to attributes: of Checkov, and JSONPath.

use std::sync::Arc;

use super::{
    answer::one_of_several,
    compare::{Dialect, json_in, spelled},
    pattern::Pattern,
};
use crate::{Cause, Kind, Place, Unknown, Value};

/// Paths are not longer than this.
const MAX_STEPS: usize = 64;
/// So many values are looked at for one path.
const MAX_HITS: usize = 10_000;

/// A way to an attribute.
#[derive(Debug, Clone)]
pub(super) struct Path {
    steps: Vec<Step>,
    /// What failures call it: without indices.
    pub(super) name: String,
    is_json: bool,
    dialect: Dialect,
}

#[derive(Debug, Clone)]
enum Step {
    Name(Arc<str>),
    Index(usize),
    /// Any element of a list; a value that is no list is its only element.
    Each,
    /// The name anywhere below.
    Below(Arc<str>),
    /// The elements of which all of this holds.
    Where(Vec<Filter>),
}

/// `@.path == value`; without a value the path is there.
#[derive(Debug, Clone)]
struct Filter {
    path: Vec<Step>,
    test: Option<(FilterOperator, Value, Option<Pattern>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FilterOperator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
}

/// Every operator of a filter. Longer ones come first.
static FILTER_OPERATORS: &[(&str, FilterOperator)] = &[
    ("==", FilterOperator::Equal),
    ("!=", FilterOperator::NotEqual),
    ("<=", FilterOperator::LessOrEqual),
    (">=", FilterOperator::GreaterOrEqual),
    ("=~", FilterOperator::Matches),
    ("=", FilterOperator::Equal),
    ("<", FilterOperator::Less),
    (">", FilterOperator::Greater),
];

/// What a path leads to.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The values; null where an element lacks the attribute.
    pub(super) values: Vec<Value>,
    /// Whether any element was meant, not all.
    pub(super) is_any: bool,
    /// Where it would be if it was there: the innermost block that is.
    pub(super) nearest: Option<Place>,
    /// Whether the way ended early, at something that is not known.
    pub(super) is_cut: bool,
}

impl Path {
    /// Reads a path of dots.
    pub(super) fn parse(text: &str, dialect: Dialect) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() || text == "." || text == "__self__" {
            return Ok(Self { steps: Vec::new(), name: String::new(), is_json: false, dialect });
        }
        let plain = text.replace("[*]", ".*").replace('[', ".").replace(']', "");
        let step = |part: &str| match part {
            "*" => Step::Each,
            part => part.parse().map_or_else(|_| Step::Name(part.into()), Step::Index),
        };
        let steps: Vec<Step> = plain.split('.').filter(|part| !part.is_empty()).map(step).collect();
        Self::of_steps(steps, false, dialect)
    }

    /// Reads a JSONPath.
    pub(super) fn parse_json(text: &str, dialect: Dialect) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim() };
        let steps = reader.steps()?;
        if !reader.rest.is_empty() {
            return Err(format!("not a JSONPath from here: `{}`", reader.rest));
        }
        Self::of_steps(steps, true, dialect)
    }

    fn of_steps(steps: Vec<Step>, is_json: bool, dialect: Dialect) -> Result<Self, String> {
        if MAX_STEPS < steps.len() {
            return Err("the path is too long".to_owned());
        }
        let names =
            steps.iter().filter_map(|step| if let Step::Name(name) | Step::Below(name) = step { Some(name.as_ref()) } else { None });
        Ok(Self { name: names.collect::<Vec<_>>().join("."), steps, is_json, dialect })
    }

    /// Whether it is the value itself.
    pub(super) fn is_self(&self) -> bool {
        self.steps.is_empty()
    }

    /// What it leads to from a value.
    pub(super) fn find(&self, root: &Value) -> Found {
        let is_any = self.steps.iter().any(|step| matches!(step, Step::Each));
        let mut found = Found { values: Vec::new(), is_any: is_any && !self.is_json, ..Found::default() };
        self.walk(root, &self.steps, &mut found, 0);
        found
    }

    /// The block that alone lacks what it leads to, and the name that is lacking. Blocks that stand once are looked through.
    pub(super) fn lacking(&self, root: &Value) -> Option<(Arc<str>, Place)> {
        let (last, way) = self.steps.split_last()?;
        let Step::Name(name) = last else { return None };
        let mut block = root;
        for step in way {
            let Step::Name(step) = step else { return None };
            block = the_only(block.get(step)?)?;
        }
        let map = block.map()?;
        (!map.0.contains_key(name)).then(|| (Arc::clone(name), block.place))
    }

    fn walk(&self, value: &Value, steps: &[Step], found: &mut Found, depth: usize) {
        if MAX_HITS <= found.values.len() || 2 * MAX_STEPS < depth {
            // What lies behind the limit is not known.
            if found.values.len() <= MAX_HITS {
                found.values.push(Value::unknown(Cause::Limit("max-values-of-path".into()), value.place));
            }
            return;
        }
        let Some((step, rest)) = steps.split_first() else {
            if !value.is_null() {
                found.values.push(value.clone());
            }
            return;
        };
        match &value.kind {
            Kind::Unknown(unknown) => {
                found.is_cut = true;
                found.values.push(inside_of_unknown(unknown, value));
            }
            Kind::OneOf(values) => found.values.extend(self.in_one_of(values, value, steps, depth)),
            Kind::Text(text) => {
                if let Some(inner) = json_in(text, value.place) {
                    self.walk(&inner, steps, found, depth + 1);
                } else if matches!(step, Step::Each) {
                    self.walk(value, rest, found, depth + 1);
                }
            }
            _ => self.step(value, steps, found, depth),
        }
    }

    fn step(&self, value: &Value, steps: &[Step], found: &mut Found, depth: usize) {
        let Some((step, rest)) = steps.split_first() else { return };
        match (step, &value.kind) {
            (Step::Name(name), Kind::Map(_)) => self.member(value, name, rest, found, depth),
            (Step::Name(_), Kind::List(items)) => self.through(items, steps, found, depth),
            (Step::Index(index), Kind::List(items)) => {
                if let Some(item) = items.get(*index) {
                    self.walk(item, rest, found, depth + 1);
                }
            }
            // A block that stands once has no number; and a name may be made of digits.
            (Step::Index(index), Kind::Map(map)) => match map.0.get(index.to_string().as_str()) {
                Some(member) => self.walk(&member.value, rest, found, depth + 1),
                None if *index == 0 => self.walk(value, rest, found, depth + 1),
                None => {}
            },
            (Step::Each, Kind::List(items)) => {
                items.iter().for_each(|item| self.walk(item, rest, found, depth + 1));
                // Checkov takes the list itself for a match, too.
                if rest.is_empty() && self.dialect == Dialect::Checkov && !self.is_json {
                    self.walk(value, rest, found, depth + 1);
                }
            }
            (Step::Each, _) => self.walk(value, rest, found, depth + 1),
            (Step::Below(name), _) => self.below(value, name, rest, found, depth),
            (Step::Where(filters), Kind::List(items)) => {
                items.iter().for_each(|item| self.filtered(item, filters, rest, found, depth));
            }
            (Step::Where(filters), Kind::Map(_)) => self.filtered(value, filters, rest, found, depth),
            (Step::Name(_) | Step::Index(_) | Step::Where(_), _) => {}
        }
    }

    /// A name in a map. Names may hold dots, which paths are written with, too: the shortest that leads on is taken.
    fn member(&self, value: &Value, name: &Arc<str>, rest: &[Step], found: &mut Found, depth: usize) {
        let Some(map) = value.map() else { return };
        let n_before = found.values.len();
        match map.0.get(name) {
            Some(member) if !member.value.is_null() => {
                if matches!(member.value.kind, Kind::Map(_) | Kind::List(_)) && !rest.is_empty() {
                    found.nearest = Some(member.value.place.or(member.name)).filter(|place| place.is_somewhere()).or(found.nearest);
                }
                self.walk(&member.value, rest, found, depth + 1);
            }
            _ => {}
        }
        if found.values.len() != n_before || self.is_json {
            return;
        }
        let mut joined = name.to_string();
        let mut rest = rest;
        while let Some((Step::Name(next), behind)) = rest.split_first() {
            joined = format!("{joined}.{next}");
            rest = behind;
            if let Some(member) = map.0.get(joined.as_str()) {
                self.walk(&member.value, rest, found, depth + 1);
                return;
            }
        }
    }

    /// A name in the blocks of a list.
    fn through(&self, items: &[Value], steps: &[Step], found: &mut Found, depth: usize) {
        if let [item] = items {
            found.nearest = Some(item.place).filter(|place| place.is_somewhere()).or(found.nearest);
            return self.walk(item, steps, found, depth + 1);
        }
        if self.dialect == Dialect::Checkov || self.is_json {
            return;
        }
        for item in items {
            let n_before = found.values.len();
            self.walk(item, steps, found, depth + 1);
            if found.values.len() == n_before && !found.is_any {
                found.values.push(Value::new(Kind::Null, item.place));
            }
        }
    }

    fn below(&self, value: &Value, name: &Arc<str>, rest: &[Step], found: &mut Found, depth: usize) {
        if 2 * MAX_STEPS < depth {
            return;
        }
        if let Some(member) = value.member(name) {
            self.walk(&member.value, rest, found, depth + 1);
        }
        match &value.kind {
            Kind::Map(map) => map.0.values().for_each(|member| self.below(&member.value, name, rest, found, depth + 1)),
            Kind::List(items) => items.iter().for_each(|item| self.below(item, name, rest, found, depth + 1)),
            _ => {}
        }
    }

    fn filtered(&self, item: &Value, filters: &[Filter], rest: &[Step], found: &mut Found, depth: usize) {
        if let Kind::Unknown(unknown) = &item.kind {
            found.values.push(inside_of_unknown(unknown, item));
            return;
        }
        match filters.iter().map(|filter| self.passes(item, filter)).min() {
            Some(Selected::No) => {}
            Some(Selected::Perhaps) => found.values.push(Value::unknown(one_of_several(), item.place)),
            Some(Selected::Yes) | None => self.walk(item, rest, found, depth + 1),
        }
    }

    fn passes(&self, item: &Value, filter: &Filter) -> Selected {
        let path = Self { steps: filter.path.clone(), name: String::new(), is_json: true, dialect: self.dialect };
        let values = path.find(item).values;
        let Some((operator, expected, pattern)) = &filter.test else { return (!values.is_empty()).into() };
        let one = |value: &Value| match &value.kind {
            Kind::Unknown(_) | Kind::OneOf(_) => Selected::Perhaps,
            _ => operator.holds(value, expected, pattern.as_ref()).into(),
        };
        values.iter().map(one).max().unwrap_or(Selected::No)
    }

    /// What the path leads to in each value that may be; null where it is missing.
    fn in_one_of(&self, values: &[Value], value: &Value, steps: &[Step], depth: usize) -> Vec<Value> {
        let of_each: Vec<Vec<Value>> = self
            .dialect
            .taken(values)
            .map(|value| {
                let mut found = Found::default();
                self.walk(value, steps, &mut found, depth + 1);
                found.values
            })
            .collect();
        if of_each.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        if of_each.len() == 1 {
            return of_each.into_iter().flatten().collect();
        }
        if of_each.iter().any(|found| 1 < found.len()) {
            return vec![Value::unknown(one_of_several(), value.place)];
        }
        let null = || Value::new(Kind::Null, value.place);
        let alternatives = of_each.into_iter().map(|found| found.into_iter().next().unwrap_or_else(null)).collect();
        vec![Value::new(Kind::OneOf(alternatives), value.place)]
    }
}

/// Whether an element is selected by a filter; the least comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Selected {
    No,
    Perhaps,
    Yes,
}

impl From<bool> for Selected {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// What is inside of something unknown is not known either, for the same reason.
/// A block that stands once, by itself or as the only one of a list.
fn the_only(value: &Value) -> Option<&Value> {
    match &value.kind {
        Kind::List(items) => match items.as_ref() {
            [only] => Some(only),
            _ => None,
        },
        _ => Some(value),
    }
}

fn inside_of_unknown(unknown: &Unknown, value: &Value) -> Value {
    let inner = Unknown { cause: Cause::clone(&unknown.cause), prefix: None, is_not_null: false, outline: None };
    Value { kind: Kind::Unknown(Arc::new(inner)), place: value.place, references: value.references.clone() }
}

impl FilterOperator {
    fn holds(self, value: &Value, expected: &Value, pattern: Option<&Pattern>) -> bool {
        let is_equal = || match (&value.kind, &expected.kind) {
            (Kind::Boolean(is_true), _) => expected.boolean() == Some(*is_true),
            (_, Kind::Number(number)) => value.number() == Some(*number),
            _ => spelled(value) == spelled(expected),
        };
        let ordering = || match (value.number(), expected.number()) {
            (Some(number), Some(other)) => number.partial_cmp(&other),
            _ => Some(spelled(value).as_ref().cmp(spelled(expected).as_ref())),
        };
        match self {
            Self::Equal => is_equal(),
            Self::NotEqual => !is_equal(),
            Self::Less => ordering().is_some_and(std::cmp::Ordering::is_lt),
            Self::LessOrEqual => ordering().is_some_and(std::cmp::Ordering::is_le),
            Self::Greater => ordering().is_some_and(std::cmp::Ordering::is_gt),
            Self::GreaterOrEqual => ordering().is_some_and(std::cmp::Ordering::is_ge),
            Self::Matches => pattern.is_some_and(|pattern| pattern.matches(&spelled(value)) == Some(true)),
        }
    }
}

/// Reads JSONPath from its start.
struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Steps up to something that can't be one.
    fn steps(&mut self) -> Result<Vec<Step>, String> {
        let mut steps = Vec::new();
        self.eat("$");
        self.eat("@");
        loop {
            if MAX_STEPS < steps.len() {
                return Err("the path is too long".to_owned());
            }
            if self.eat("..") {
                let name = self.name().ok_or("expected a name behind `..`")?;
                steps.push(Step::Below(name));
            } else if self.eat("[") {
                steps.push(self.bracket()?);
            } else {
                let has_dot = self.eat(".");
                if self.eat("*") {
                    steps.push(Step::Each);
                } else if let Some(name) = self.name() {
                    steps.push(Step::Name(name));
                } else if has_dot && !self.rest.starts_with('[') {
                    return Err(format!("expected a name: `{}`", self.rest));
                } else if !has_dot {
                    return Ok(steps);
                }
            }
        }
    }

    fn name(&mut self) -> Option<Arc<str>> {
        if let Some(quoted) = self.quoted() {
            return Some(quoted.into());
        }
        let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '/' | ':');
        let end = self.rest.find(|character| !is_part(character)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end)?;
        if name.is_empty() {
            return None;
        }
        self.rest = rest;
        Some(name.into())
    }

    fn quoted(&mut self) -> Option<&'t str> {
        let quote = self.rest.chars().next().filter(|character| matches!(character, '\'' | '"'))?;
        let (text, rest) = self.rest.get(1..)?.split_once(quote)?;
        self.rest = rest;
        Some(text)
    }

    /// What stands between brackets.
    fn bracket(&mut self) -> Result<Step, String> {
        self.space();
        let step = if self.eat("*") {
            Step::Each
        } else if self.eat("?") {
            let is_enclosed = self.eat("(");
            let filters = self.filters()?;
            if is_enclosed && !self.eat(")") {
                return Err(format!("expected `)`: `{}`", self.rest));
            }
            Step::Where(filters)
        } else if let Some(name) = self.quoted() {
            Step::Name(name.into())
        } else {
            let digits = self.rest.split(']').next().unwrap_or_default();
            let index =
                digits.trim().parse().map_err(|_| format!("expected a number, `*`, a name in quotes or a filter: `{}`", self.rest))?;
            self.rest = self.rest.get(digits.len()..).unwrap_or_default();
            Step::Index(index)
        };
        self.space();
        if self.eat("]") { Ok(step) } else { Err(format!("expected `]`: `{}`", self.rest)) }
    }

    fn filters(&mut self) -> Result<Vec<Filter>, String> {
        let mut filters = Vec::new();
        loop {
            self.space();
            let path = self.steps()?;
            self.space();
            let operator = FILTER_OPERATORS.iter().find(|(text, _)| self.rest.starts_with(text));
            let test = match operator {
                Some((text, operator)) => {
                    self.eat(text);
                    self.space();
                    let value = self.value()?;
                    let is_pattern = *operator == FilterOperator::Matches;
                    let pattern = is_pattern.then(|| Pattern::parse(&spelled(&value), false)).transpose()?;
                    Some((*operator, value, pattern))
                }
                None => None,
            };
            filters.push(Filter { path, test });
            self.space();
            if !(self.eat("&&") || self.eat("&")) {
                return Ok(filters);
            }
        }
    }

    /// A text in quotes, or a word, which may be a number or a truth value.
    fn value(&mut self) -> Result<Value, String> {
        if let Some(text) = self.quoted() {
            return Ok(Value::of_text(text, Place::NONE));
        }
        let end =
            self.rest.find(|character: char| character.is_whitespace() || matches!(character, ')' | ']' | '&')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        if word.is_empty() {
            return Err(format!("expected a value: `{}`", self.rest));
        }
        self.rest = rest;
        let kind = match word.parse::<f64>() {
            Ok(number) if number.is_finite() => Kind::Number(number),
            Ok(_) | Err(_) => Kind::Text(word.into()),
        };
        Ok(Value::new(kind, Place::NONE))
    }
}
