//! Which value a name has at a place: the assignment that must have been the last one.

use crate::{
    ir::{Kind, NodeId},
    names::{BindingKind, Definition},
    unit::Unit,
};

impl Unit<'_> {
    /// The expression that a name was last given, if it is the same on every way to this place.
    pub(crate) fn reaching_value(&self, name: NodeId) -> Option<NodeId> {
        let binding = self.names.of(name)?;
        match binding.kind {
            BindingKind::Variable | BindingKind::Field | BindingKind::Unknown => {}
            BindingKind::Parameter if 1 < binding.definitions.len() => {}
            BindingKind::Parameter | BindingKind::Function | BindingKind::Class | BindingKind::Import => return None,
        }
        match binding.definitions.as_slice() {
            [] => None,
            [only] => {
                // What is assigned within what it is read in is not known yet.
                let is_before = only.at < name || self.function_of(name) != only.function;
                only.value.filter(|_| is_before && !self.tree.is_within(name, only.at))
            }
            many => self.last_of(name, many),
        }
    }

    fn function_of(&self, id: NodeId) -> NodeId {
        let mut at = id;
        while let Some(parent) = self.tree.parent(at) {
            if matches!(self.tree.kind(parent), Kind::FuncDef | Kind::Lambda) {
                return parent;
            }
            at = parent;
        }
        NodeId::ROOT
    }

    /// Walks back from the place of use: the first statement that assigns decides, if it always does.
    fn last_of(&self, name: NodeId, definitions: &[Definition]) -> Option<NodeId> {
        let function = self.function_of(name);
        if definitions.iter().any(|definition| definition.function != function) {
            return None;
        }
        let mut at = name;
        while let Some(parent) = self.tree.parent(at) {
            let kind = self.tree.kind(parent);
            if matches!(kind, Kind::Block | Kind::Root) {
                let n_before = definitions.partition_point(|definition| definition.at < at);
                let last =
                    n_before.checked_sub(1).and_then(|index| definitions.get(index)).filter(|last| self.tree.is_within(last.at, parent));
                if let Some(last) = last {
                    let statement = self.child_above(last.at, parent);
                    let is_only = definitions.iter().filter(|other| self.tree.is_within(other.at, statement)).count() == 1;
                    let is_plain = last.at == statement
                        || (self.tree.kind(statement) == Kind::ExprStmt && self.tree.child(statement, 0) == last.at)
                        || (self.tree.kind(statement) == Kind::If && self.tree.child(statement, 0) == last.at);
                    return last.value.filter(|_| is_only && is_plain);
                }
            }
            let repeats =
                matches!(kind, Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach | Kind::Comprehension | Kind::Try | Kind::Switch);
            if repeats && definitions.iter().any(|definition| self.tree.is_within(definition.at, parent)) {
                return None;
            }
            if parent == function {
                return None;
            }
            at = parent;
        }
        None
    }

    /// The child of `ancestor` that a node is, or stands below.
    fn child_above(&self, id: NodeId, ancestor: NodeId) -> NodeId {
        let mut at = id;
        while let Some(parent) = self.tree.parent(at).filter(|parent| *parent != ancestor) {
            at = parent;
        }
        at
    }
}
