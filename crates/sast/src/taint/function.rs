//! What a function is made of, with a name or without.

use smallvec::SmallVec;

use crate::{
    ir::{Kind, NodeId, Op},
    unit::Unit,
};

/// The parameters that arguments are given to: without the receiver.
pub(crate) fn params(unit: &Unit<'_>, function: NodeId) -> SmallVec<[NodeId; 4]> {
    let slot = if unit.tree.kind(function) == Kind::Lambda { 0 } else { 2 };
    let params: SmallVec<[NodeId; 4]> = unit.tree.children(unit.tree.child(function, slot)).collect();
    let is_receiver = |param: &NodeId| {
        let node = unit.tree.node(*param);
        let name = unit.tree.node(unit.tree.child(*param, 1));
        node.op == Op::Receiver || (node.kind == Kind::Param && unit.with_text(name.symbol, |text| matches!(text, "self" | "cls")))
    };
    let skip = usize::from(params.first().is_some_and(is_receiver));
    params.into_iter().skip(skip).collect()
}

/// The name of the receiver, in languages that give it one among the parameters.
pub(super) fn receiver_name(unit: &Unit<'_>, function: NodeId) -> Option<NodeId> {
    let slot = if unit.tree.kind(function) == Kind::Lambda { 0 } else { 2 };
    let first = unit.tree.children(unit.tree.child(function, slot)).next()?;
    (unit.tree.node(first).op == Op::Receiver).then(|| unit.tree.child(first, 1))
}

/// The statements of a function, or the expression that it is.
pub(crate) fn body(unit: &Unit<'_>, function: NodeId) -> NodeId {
    unit.tree.child(function, if unit.tree.kind(function) == Kind::Lambda { 2 } else { 4 })
}

/// Whether a function of a class makes its objects.
pub(crate) fn is_constructor(unit: &Unit<'_>, function: NodeId) -> bool {
    if unit.tree.kind(function) != Kind::FuncDef {
        return false;
    }
    if unit.tree.node(function).op == Op::Constructor {
        return true;
    }
    let name = unit.tree.node(unit.tree.child(function, 1)).symbol;
    let is_special = unit.with_text(name, |text| matches!(text, "__init__" | "constructor" | "initialize" | "__construct" | "init"));
    let class = unit.tree.parent(function).and_then(|block| unit.tree.parent(block));
    let name_of_class =
        class.filter(|class| unit.tree.kind(*class) == Kind::ClassDef).map(|class| unit.tree.node(unit.tree.child(class, 1)).symbol);
    name_of_class.is_some_and(|of_class| is_special || of_class == name)
}

/// Whether a parameter of a constructor is a field of the object, too: `constructor(private name: string)`.
pub(crate) fn is_field_too(unit: &Unit<'_>, function: NodeId, param: NodeId) -> bool {
    unit.tree.kind(param) == Kind::Param
        && is_constructor(unit, function)
        && unit.tree.children(unit.tree.child(param, 0)).any(|word| {
            let node = unit.tree.node(word);
            node.kind == Kind::Modifier
                && unit.with_text(node.symbol, |text| matches!(text, "public" | "private" | "protected" | "readonly"))
        })
}
