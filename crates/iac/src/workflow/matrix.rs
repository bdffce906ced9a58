//! The values that a job's matrix gives to `matrix.…`.

use bartizan_core::ByteRange;
use bartizan_source::document::{Node, Value};

use super::{
    definition::{Job, spelled},
    fence,
};

/// How many values are looked at.
const MAX_VALUES: usize = 10_000;

/// The matrix of a job.
#[derive(Debug)]
pub(crate) struct Matrix<'d> {
    values: Vec<MatrixValue<'d>>,
    is_opaque: bool,
}

/// A value, by the context that expands to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MatrixValue<'d> {
    /// The context, in lower case: `matrix.os`.
    pub(crate) path: String,
    /// The value.
    pub(crate) text: &'d str,
    /// Where it stands.
    pub(crate) place: ByteRange,
}

impl<'d> Matrix<'d> {
    /// The matrix of a job, if it has one.
    pub(crate) fn of(job: &Job<'d>) -> Option<Self> {
        let node = job.member.node.at(&["strategy", "matrix"])?;
        let mut matrix = Self { values: Vec::new(), is_opaque: !node.is_map() };
        let mut excluded = Vec::new();
        for member in node.members() {
            let is_list_of_rows = matches!(member.name.as_ref(), "include" | "exclude");
            let into = if member.name == "exclude" { &mut excluded } else { &mut matrix.values };
            match &member.node.value {
                // An expression gives rows that nobody sees here.
                Value::Text(_) if member.name == "include" => matrix.is_opaque = true,
                _ if is_list_of_rows => member
                    .node
                    .items()
                    .iter()
                    .flat_map(Node::members)
                    .for_each(|cell| collect(&cell.node, &format!("matrix.{}", cell.name.to_ascii_lowercase()), into)),
                _ => collect(&member.node, &format!("matrix.{}", member.name.to_ascii_lowercase()), into),
            }
        }
        matrix.values.retain(|value| !excluded.iter().any(|other| (&other.path, other.text) == (&value.path, value.text)));
        Some(matrix)
    }

    /// The values that a context may expand to.
    pub(crate) fn values_of(&self, path: &str) -> Vec<&MatrixValue<'d>> {
        let matches = |value: &&MatrixValue<'_>| {
            let (mut wanted, mut there) = (path.split('.'), value.path.split('.'));
            loop {
                match (wanted.next(), there.next()) {
                    (None, None) => return true,
                    (Some(wanted), Some(there)) if wanted == "*" || there == "*" || wanted == there => {}
                    // A map in the matrix that is written out as a whole.
                    (None, Some(_)) => return true,
                    _ => return false,
                }
            }
        };
        self.values.iter().filter(matches).collect()
    }

    /// Whether all that a context may expand to is written in the file.
    pub(crate) fn is_static(&self, path: &str) -> bool {
        let values = self.values_of(path);
        (!self.is_opaque || !values.is_empty()) && values.iter().all(|value| !fence::has_expression(value.text))
    }
}

fn collect<'d>(node: &'d Node<'d>, path: &str, into: &mut Vec<MatrixValue<'d>>) {
    if MAX_VALUES <= into.len() {
        return;
    }
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| collect(item, path, into)),
        Value::Map(members) => {
            members.iter().for_each(|member| collect(&member.node, &format!("{path}.{}", member.name.to_ascii_lowercase()), into));
        }
        Value::Null => {}
        _ => into.extend(spelled(node).map(|text| MatrixValue { path: path.to_owned(), text, place: node.range })),
    }
}
