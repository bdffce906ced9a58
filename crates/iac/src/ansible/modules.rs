//! Modules of cloud collections, and the resources of Terraform's providers that they make: a table.
//!
//! Attributes that no row speaks of have the same name on both sides.

mod aws;
mod azure;
mod google;

/// A module and what it makes.
pub(super) struct Module {
    /// What it has been called, without its collection.
    pub(super) names: &'static [&'static str],
    /// The type of the resource.
    pub(super) resource: &'static str,
    pub(super) fields: &'static [Field],
    /// What holds where nothing is said, if that is not what holds in Terraform.
    pub(super) defaults: &'static [(&'static str, Default)],
    /// Arguments whose items are resources of their own.
    pub(super) children: &'static [(&'static str, &'static str, &'static [Field])],
}

/// An argument and the attribute that it is; both may be ways through maps, `a.b`.
pub(super) struct Field {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) how: How,
}

/// How a value changes.
pub(super) enum How {
    Same,
    /// A single value is a list of one.
    List,
    /// It says the opposite.
    Not,
    /// It is a truth value: whether the text is this one.
    Is(&'static str),
    /// It is a truth value, in whatever words.
    Truth,
    /// A block, or several: a list of maps.
    Block(&'static [Field]),
    /// Rules of a security group, of which each may name several ports.
    Ports(&'static [Field]),
}

/// A value where nothing is said.
pub(super) enum Default {
    Is(bool),
    Text(&'static str),
}

/// All modules.
pub(super) static MODULES: &[&[Module]] = &[aws::MODULES, azure::MODULES, google::MODULES];

const fn module(names: &'static [&'static str], resource: &'static str, fields: &'static [Field]) -> Module {
    Module { names, resource, fields, defaults: &[], children: &[] }
}

const fn same(from: &'static str, to: &'static str) -> Field {
    Field { from, to, how: How::Same }
}

const fn list(from: &'static str, to: &'static str) -> Field {
    Field { from, to, how: How::List }
}

const fn truth(from: &'static str, to: &'static str) -> Field {
    Field { from, to, how: How::Truth }
}

const fn block(from: &'static str, to: &'static str, fields: &'static [Field]) -> Field {
    Field { from, to, how: How::Block(fields) }
}
