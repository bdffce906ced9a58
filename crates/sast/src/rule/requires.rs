//! Boolean expressions over labels of taint.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A label of taint: a name as Python knows them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Label(pub(crate) Arc<str>);

impl Label {
    /// The label of sources that name none, and what sinks ask for that name none.
    pub const DEFAULT: &'static str = "__SOURCE__";

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The label of sources that name none.
impl Default for Label {
    fn default() -> Self {
        Self(Self::DEFAULT.into())
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A boolean expression over labels.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Requires {
    /// The data carries the label.
    Label(Label),
    /// `True` or `False`.
    Constant(bool),
    /// All of them.
    And(Vec<Requires>),
    /// Any of them.
    Or(Vec<Requires>),
    /// Not this.
    Not(Box<Requires>),
}
