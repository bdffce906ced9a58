//! Policies of IAM: from text, from a structured value, or from the blocks of a data source, to statements with places.
//!
//! Texts with parts that are not known are read all the same: an ARN of which a part is missing is still no `*`.

use crate::{Cause, HOLE, Kind, Place, Value, policy::json_in, terraform};

/// Statements are not read beyond this many.
const MAX_STATEMENTS: usize = 2_000;

/// What a policy says.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) statements: Vec<Statement>,
    /// Why some of it is not known, if so.
    pub(super) unknown: Option<(Cause, Place)>,
}

/// One statement of a policy.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) place: Place,
    pub(super) is_allow: bool,
    pub(super) actions: Words,
    pub(super) not_actions: Words,
    pub(super) resources: Words,
    pub(super) not_resources: Words,
    /// Who it is about: kind (`AWS`, `Service`, `Federated`, `*`) and names.
    pub(super) principals: Vec<(String, Words)>,
    pub(super) has_not_principal: bool,
    pub(super) conditions: Vec<Condition>,
}

/// Words of one part of a statement.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// With a [`HOLE`] where a part is not known.
    pub(super) known: Vec<(String, Place)>,
    /// Why others are not known.
    pub(super) unknown: Option<(Cause, Place)>,
    /// Whether the part is there at all.
    pub(super) is_written: bool,
}

/// A condition: `StringEquals`, `aws:SourceArn` and what it is compared with.
#[derive(Debug)]
pub(super) struct Condition {
    pub(super) test: String,
    pub(super) key: String,
    pub(super) values: Words,
}

impl Document {
    /// Reads a policy; nothing if the value is none.
    pub(super) fn read(value: &Value) -> Self {
        let mut document = Self::default();
        document.add(value);
        document
    }

    /// Reads the blocks of a data source.
    pub(super) fn of_blocks(body: &Value) -> Self {
        terraform::aws_policy_of_blocks(body).map(|value| Self::read(&value)).unwrap_or_default()
    }

    fn add(&mut self, value: &Value) {
        match &value.kind {
            Kind::Map(_) => {
                if let Some(statements) = value.get("Statement") {
                    self.add_statements(statements);
                }
            }
            Kind::OneOf(_) => self.is_unknown(value),
            _ => match value.outline() {
                Some(text) => match json_in(text, value.place).or_else(|| json_in(&without_trailing_commas(text), value.place)) {
                    Some(read) => self.add(&read),
                    None => self.is_unknown(value),
                },
                None => self.is_unknown(value),
            },
        }
    }

    fn is_unknown(&mut self, value: &Value) {
        if let Some(cause) = value.any_cause() {
            self.unknown.get_or_insert_with(|| (cause.clone(), value.place));
        }
    }

    fn add_statements(&mut self, statements: &Value) {
        let each = if statements.items().is_empty() { std::slice::from_ref(statements) } else { statements.items() };
        for statement in each.iter().take(MAX_STATEMENTS) {
            match &statement.kind {
                Kind::Map(_) => {
                    let read = Statement::read(statement, self);
                    self.statements.extend(read);
                }
                _ => self.is_unknown(statement),
            }
        }
    }
}

impl Statement {
    fn read(value: &Value, document: &mut Document) -> Option<Self> {
        let is_allow = match value.get("Effect") {
            // AWS refuses it; who wrote it meant to allow.
            None => true,
            Some(effect) => match effect.text() {
                Some(text) => text == "Allow",
                None => {
                    document.is_unknown(effect);
                    return None;
                }
            },
        };
        let words = |name: &str| Words::read(value.get(name));
        Some(Self {
            place: value.place,
            is_allow,
            actions: words("Action"),
            not_actions: words("NotAction"),
            resources: words("Resource"),
            not_resources: words("NotResource"),
            principals: principals(value.get("Principal")),
            has_not_principal: value.get("NotPrincipal").is_some(),
            conditions: conditions(value.get("Condition")),
        })
    }

    /// Whether it is about everything, and nothing narrows that.
    pub(super) fn is_about_everything(&self) -> bool {
        self.conditions.is_empty() && self.resources.has(|resource| resource == "*")
    }

    /// All principals of all kinds.
    pub(super) fn principals(&self) -> impl Iterator<Item = (&str, &(String, Place))> {
        self.principals.iter().flat_map(|(kind, words)| words.known.iter().map(move |word| (kind.as_str(), word)))
    }

    /// The first part that is not known.
    pub(super) fn unknown(&self) -> Option<(Cause, Place)> {
        let principals = self.principals.iter().map(|(_, words)| words);
        let conditions = self.conditions.iter().map(|condition| &condition.values);
        [&self.actions, &self.resources].into_iter().chain(principals).chain(conditions).find_map(|words| words.unknown.clone())
    }
}

impl Words {
    fn read(value: Option<&Value>) -> Self {
        let mut words = Self { is_written: value.is_some(), ..Self::default() };
        if let Some(value) = value {
            words.add(value);
        }
        words
    }

    fn add(&mut self, value: &Value) {
        match &value.kind {
            Kind::List(items) => items.iter().for_each(|item| self.add(item)),
            Kind::Boolean(is_true) => self.known.push((is_true.to_string(), value.place)),
            Kind::Number(_) => self.known.push((value.shown(), value.place)),
            Kind::OneOf(values) if values.iter().all(|value| value.text().is_some()) => {
                self.unknown.get_or_insert((Cause::Runtime("which of its values is taken".into()), value.place));
            }
            _ => match (value.outline(), value.any_cause()) {
                // Nothing of it is known.
                (Some(text), Some(cause)) if text.chars().all(|character| character == HOLE) => {
                    self.unknown.get_or_insert((cause.clone(), value.place));
                }
                (Some(text), _) => self.known.push((text.to_owned(), value.place)),
                // What is computed is the name of one resource.
                (None, Some(Cause::Computed(..))) => self.known.push((HOLE.to_string(), value.place)),
                (None, Some(cause)) => {
                    self.unknown.get_or_insert((cause.clone(), value.place));
                }
                (None, None) => {}
            },
        }
    }

    /// Whether one of them is like this.
    pub(super) fn has(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        self.known.iter().any(|(word, _)| is_wanted(word))
    }

    /// The place of the first that is like this.
    pub(super) fn place_of(&self, is_wanted: impl Fn(&str) -> bool) -> Option<Place> {
        self.known.iter().find(|(word, _)| is_wanted(word)).map(|(_, place)| *place)
    }
}

/// The same text without commas that stand before the end of a list or map: many write them, and AWS' own tools take them.
fn without_trailing_commas(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (at, character) in text.char_indices() {
        let is_before_end = || text.get(at + 1..).is_some_and(|rest| rest.trim_start().starts_with([']', '}']));
        if character != ',' || is_quoted || !is_before_end() {
            plain.push(character);
        }
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
    }
    plain
}

fn principals(value: Option<&Value>) -> Vec<(String, Words)> {
    match value.map(|value| &value.kind) {
        None => Vec::new(),
        Some(Kind::Map(map)) => map.0.iter().map(|(kind, member)| (kind.to_string(), Words::read(Some(&member.value)))).collect(),
        Some(_) => vec![("*".to_owned(), Words::read(value))],
    }
}

fn conditions(value: Option<&Value>) -> Vec<Condition> {
    let Some(value) = value else { return Vec::new() };
    let Some(tests) = value.map() else {
        // There is one, whatever it says.
        return vec![Condition { test: String::new(), key: String::new(), values: Words::read(Some(value)) }];
    };
    let of_test = |test: &str, keys: &Value| -> Vec<Condition> {
        let keys = keys.map().into_iter().flat_map(|keys| keys.0.iter());
        let condition = |(key, member): (&std::sync::Arc<str>, &crate::Member)| Condition {
            test: test.to_owned(),
            key: key.to_lowercase(),
            values: Words::read(Some(&member.value)),
        };
        keys.map(condition).collect()
    };
    tests.0.iter().flat_map(|(test, member)| of_test(test, &member.value)).collect()
}
