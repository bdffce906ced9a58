//! Values of YAML without a fixed shape, as metadata has them.

use serde::{Deserialize, Serialize};

/// A value without a fixed shape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// Keys with values, in the file's order.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The same as JSON; a number that JSON doesn't know becomes `null`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Integer(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(entries) => map_to_json(entries),
        }
    }
}

/// Entries as a JSON object.
#[must_use]
pub fn map_to_json(entries: &[(String, Value)]) -> serde_json::Value {
    serde_json::Value::Object(entries.iter().map(|(key, value)| (key.clone(), value.to_json())).collect())
}
