//! The tree that rules are matched on, with what its names stand for.

use serde::Serialize;

use super::{Place, Places, SourceText, Unseen};
use crate::{
    ir::{Interner, Kind, NodeId, Op, Symbol},
    lower,
    names::{Binding, BindingKind},
    unit::Unit,
    value::Value,
};

/// A node of the tree that rules are matched on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IrNode {
    /// How many nodes it stands in.
    pub depth: u32,
    /// What it is: `call`, `name`, `none` for a slot that is empty.
    pub kind: &'static str,
    /// The operator, or the variant of the kind.
    pub op: Option<&'static str>,
    /// The name, or the content of a literal.
    pub symbol: Option<String>,
    /// Where it is.
    pub place: Place,
    /// The bytes.
    pub range: (u32, u32),
    /// What the name was declared as, and where: `parameter 3:7`.
    pub binding: Option<String>,
    /// What the name stands for, if it was imported: `flask.request`.
    pub paths: Vec<String>,
    /// The constant that the expression is known to be.
    pub value: Option<String>,
}

/// The tree of a file that rules are matched on: its nodes in the order of their places, parents before children.
///
/// # Errors
///
/// When there is no tree.
pub fn ir(source: &SourceText) -> Result<Vec<IrNode>, Unseen> {
    let language = source.language()?;
    let mut symbols = Interner::default();
    let tree = lower::lower(language, &source.text, &mut symbols, false).map_err(|error| Unseen::Unparsed(error.to_string()))?;
    let unit = Unit::new(&source.text, Some(language), tree, symbols);
    let places = Places::new(&source.text);
    let mut nodes = Vec::new();
    let mut ends: Vec<u32> = Vec::new();
    for id in unit.tree.ids() {
        while ends.last().is_some_and(|end| *end <= id.0) {
            ends.pop();
        }
        nodes.push(node(&unit, id, u32::try_from(ends.len()).unwrap_or(u32::MAX), &places));
        ends.push(unit.tree.node(id).subtree_end);
    }
    Ok(nodes)
}

fn node(unit: &Unit<'_>, id: NodeId, depth: u32, places: &Places<'_>) -> IrNode {
    let node = unit.tree.node(id);
    let binding = unit.names.of(id);
    let path = |path: &[Symbol]| path.iter().map(|symbol| unit.with_text(*symbol, str::to_owned)).collect::<Vec<_>>().join(".");
    // A literal says itself what it is.
    let is_known = matches!(node.kind, Kind::Name | Kind::Dot | Kind::Binary | Kind::Index);
    IrNode {
        depth,
        kind: node.kind.as_str(),
        op: (node.op != Op::None).then(|| node.op.as_str()),
        symbol: (node.symbol != Symbol::EMPTY).then(|| unit.with_text(node.symbol, str::to_owned)),
        place: places.of((node.start, node.end)),
        range: (node.start, node.end),
        binding: binding.map(|binding| described(unit, binding, places)),
        paths: binding.map(|binding| binding.paths.iter().map(|each| path(each)).collect()).unwrap_or_default(),
        value: if is_known { unit.value(id).and_then(|value| constant(unit, &value)) } else { None },
    }
}

/// What a name was declared as, and where.
fn described(unit: &Unit<'_>, binding: &Binding, places: &Places<'_>) -> String {
    let kind = match binding.kind {
        BindingKind::Unknown => return "declared nowhere".to_owned(),
        BindingKind::Variable => "variable",
        BindingKind::Field => "field",
        BindingKind::Parameter => "parameter",
        BindingKind::Function => "function",
        BindingKind::Class => "class",
        BindingKind::Import => "import",
    };
    let place = places.of(unit.tree.range(binding.declaration));
    format!("{kind} {}:{}", place.line, place.column)
}

fn constant(unit: &Unit<'_>, value: &Value) -> Option<String> {
    Some(match value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Str(symbol) | Value::Char(symbol) => unit.with_text(*symbol, |text| format!("{text:?}")),
        Value::SomeStr => "a string".to_owned(),
        Value::Null => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, kind: &str, symbol: &str) -> IrNode {
        let nodes = ir(&SourceText { path: path.to_owned(), text: text.to_owned() }).unwrap();
        let found = nodes.iter().rfind(|node| node.kind == kind && node.symbol.as_deref() == Some(symbol));
        found.unwrap_or_else(|| panic!("{nodes:?}")).clone()
    }

    #[test]
    fn names_say_what_they_stand_for() {
        let text = "from flask import request as r\n\ndef f(x):\n    y = 'a'\n    return g(r, x, y)\n";
        assert_eq!(check("a.py", text, "name", "r").paths, ["flask.request"]);
        assert_eq!(check("a.py", text, "name", "x").binding.as_deref(), Some("parameter 3:7"));
        assert_eq!(check("a.py", text, "name", "y").value.as_deref(), Some("\"a\""));
        let call = check("a.py", text, "name", "g");
        assert_eq!((call.binding.as_deref(), call.place.line, call.place.column), (Some("declared nowhere"), 5, 12));
    }

    #[test]
    fn nodes_stand_in_their_parents() {
        let nodes = ir(&SourceText { path: "a.go".to_owned(), text: "package p\n\nfunc f() { g(1) }\n".to_owned() }).unwrap();
        assert_eq!(nodes.first().map(|node| (node.kind, node.depth)), Some(("root", 0)));
        for pair in nodes.windows(2) {
            assert!(pair[1].depth <= pair[0].depth + 1, "{pair:?}");
        }
    }
}
