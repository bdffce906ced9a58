//! The code of modules: what the files of one folder declare together.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::syntax::{Attribute, Block, Body, Expression, Span};
use crate::{Place, project::joined};

/// Something in a file.
#[derive(Debug)]
pub(super) struct In<'p, T: ?Sized> {
    pub(super) file: u32,
    pub(super) it: &'p T,
}

impl<T: ?Sized> Clone for In<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for In<'_, T> {}

/// What the files of one folder declare.
#[derive(Debug, Default)]
pub(super) struct Code<'p> {
    /// The folder, without a slash at its end; empty for the root.
    pub(super) folder: String,
    pub(super) variables: BTreeMap<&'p str, In<'p, Block>>,
    pub(super) locals: HashMap<&'p str, In<'p, Expression>>,
    pub(super) outputs: BTreeMap<&'p str, In<'p, Block>>,
    /// Resources and data sources, whose type starts with `data.`, by type and name.
    pub(super) resources: BTreeMap<(Arc<str>, &'p str), In<'p, Block>>,
    /// Blocks that name what another declares too: both are kept for what they say.
    pub(super) doubled: Vec<In<'p, Block>>,
    pub(super) calls: BTreeMap<&'p str, In<'p, Block>>,
    pub(super) providers: Vec<In<'p, Block>>,
    pub(super) settings: Vec<In<'p, Block>>,
    /// What files of values say: their name without folder, and the attributes.
    pub(super) values: Vec<(&'p str, In<'p, Body>)>,
    /// Where downloaded modules are, of a root; by the names of the calls that lead to them.
    pub(super) installed: BTreeMap<String, String>,
}

impl<'p> Code<'p> {
    /// Adds what one file declares.
    pub(super) fn add(&mut self, file: u32, body: &'p Body) {
        for block in &body.blocks {
            let declared = In { file, it: block };
            let first = block.labels.first().map(|label| &**label);
            match (&*block.kind, first, block.labels.get(1)) {
                ("variable", Some(name), _) => drop(self.variables.insert(name, declared)),
                ("output", Some(name), _) => drop(self.outputs.insert(name, declared)),
                ("module", Some(name), _) => drop(self.calls.insert(name, declared)),
                ("provider", Some(_), _) => self.providers.push(declared),
                ("terraform", ..) => self.settings.push(declared),
                ("locals", ..) => {
                    self.locals.extend(block.body.attributes.iter().map(|local| (&*local.name, In { file, it: &local.value })));
                }
                ("resource", Some(of_type), Some(name)) => self.add_resource(of_type.into(), name, declared),
                ("data" | "ephemeral", Some(of_type), Some(name)) => self.add_resource(format!("data.{of_type}").into(), name, declared),
                _ => {}
            }
        }
    }

    fn add_resource(&mut self, of_type: Arc<str>, name: &'p str, declared: In<'p, Block>) {
        match self.resources.entry((of_type, name)) {
            std::collections::btree_map::Entry::Vacant(entry) => drop(entry.insert(declared)),
            std::collections::btree_map::Entry::Occupied(_) => self.doubled.push(declared),
        }
    }

    /// Whether anything is declared but values.
    pub(super) fn is_module(&self) -> bool {
        !(self.variables.is_empty()
            && self.locals.is_empty()
            && self.outputs.is_empty()
            && self.resources.is_empty()
            && self.calls.is_empty()
            && self.providers.is_empty()
            && self.settings.is_empty())
    }
}

/// The place of a span in a file.
pub(super) fn place(file: u32, span: Span) -> Place {
    Place { file, start: span.start, end: span.end }
}

/// The place of an attribute, its name included.
pub(super) fn place_of(file: u32, attribute: &Attribute) -> Place {
    Place { file, start: attribute.name_span.start, end: attribute.value.span.end }
}

/// The folder that `./b` or `../b` names in a folder; nothing if it leads out of the project, or is no path.
pub(super) fn resolve(folder: &str, source: &str) -> Option<String> {
    if !(source.starts_with("./") || source.starts_with("../") || source == "." || source == "..") {
        return None;
    }
    joined(folder, source)
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn sources_lead_to_folders() {
        assert_eq!(resolve("a/b", "../c"), Some("a/c".to_owned()));
        assert_eq!(resolve("", "./m//x"), Some("m/x".to_owned()));
        assert_eq!(resolve("a", "../../b"), None);
        assert_eq!(resolve("a", "terraform-aws-modules/vpc/aws"), None);
    }
}
