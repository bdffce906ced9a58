//! Values that a file of configuration gives names: `local.name`, and the default of `var.name`.

use rustc_hash::FxHashMap;

use crate::{
    ir::{Kind, NodeId, Symbol},
    lower::Feature,
    unit::Unit,
};

/// Which list of names a value is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum NameList {
    /// `locals { name = value }`
    Locals,
    /// `variable "name" { default = value }`
    Variables,
}

/// The values of names; none where a name is given several.
pub(crate) type Configured = FxHashMap<(NameList, Symbol), Option<NodeId>>;

impl Unit<'_> {
    /// What `local.name` and `var.name` stand for.
    pub(super) fn configured_value(&self, id: NodeId) -> Option<NodeId> {
        if !self.has_feature(Feature::ConfiguredNames) {
            return None;
        }
        let (object, member) = (self.tree.node(self.tree.child(id, 0)), self.tree.node(self.tree.child(id, 1)));
        if object.kind != Kind::Name || member.kind != Kind::Name {
            return None;
        }
        let list = self.with_text(object.symbol, |text| match text {
            "local" => Some(NameList::Locals),
            "var" => Some(NameList::Variables),
            _ => None,
        })?;
        let configured = self.configured.get_or_init(|| self.configured_names());
        configured.get(&(list, member.symbol)).copied().flatten()
    }

    fn configured_names(&self) -> Configured {
        let mut names = Configured::default();
        let mut note = |list, name: Symbol, value| {
            names.entry((list, name)).and_modify(|known| *known = None).or_insert(Some(value));
        };
        for call in self.of_kind(Kind::Call) {
            let callee = self.tree.node(self.tree.child(*call, 0));
            let list = self.with_text(callee.symbol, |text| match text {
                "locals" => Some(NameList::Locals),
                "variable" => Some(NameList::Variables),
                _ => None,
            });
            let arguments = self.tree.child(*call, 1);
            let Some((list, body)) = list.zip(self.tree.children(arguments).last()) else { continue };
            let label = self.tree.children(arguments).next().map(|label| self.tree.node(label)).filter(|label| label.kind == Kind::Str);
            for entry in self.tree.children(body).filter(|entry| self.tree.kind(*entry) == Kind::KeyValue) {
                let (name, value) = (self.tree.node(self.tree.child(entry, 0)).symbol, self.tree.child(entry, 1));
                match (list, label) {
                    (NameList::Locals, None) => note(list, name, value),
                    (NameList::Variables, Some(label)) if self.with_text(name, |text| text == "default") => note(list, label.symbol, value),
                    (NameList::Locals | NameList::Variables, _) => {}
                }
            }
        }
        names
    }
}
