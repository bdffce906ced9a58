//! The parts of a description: operations, security schemes, requirements.

use crate::{Member, Place, Value};

/// Methods that an operation may be of.
const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// So many operations of one description are looked at.
const MAX_OPERATIONS: usize = 20_000;

/// An operation.
pub(super) struct Operation<'v> {
    /// `GET /pets`
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) body: &'v Value,
}

/// A way of saying who one is.
pub(super) struct Scheme<'v> {
    pub(super) name: &'v str,
    pub(super) place: Place,
    pub(super) body: &'v Value,
}

/// What must be shown to be let in: the name of a scheme, and scopes.
pub(super) struct Requirement<'v> {
    pub(super) scheme: &'v str,
    pub(super) place: Place,
    pub(super) scopes: &'v Value,
}

impl Scheme<'_> {
    pub(super) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::text).unwrap_or_default()
    }

    /// The flows of OAuth: their kind, where it is named, and what they say.
    pub(super) fn flows(&self) -> Vec<(&str, Place, &Value)> {
        if let Some(flow) = self.body.member("flow") {
            return vec![(self.text("flow"), flow.value.place, self.body)];
        }
        let flows = self.body.get("flows").and_then(Value::map);
        flows.into_iter().flat_map(|map| &map.0).map(|(kind, member)| (kind.as_ref(), member.name, &member.value)).collect()
    }
}

/// Whether a description is of version 2.
pub(super) fn is_swagger(api: &Value) -> bool {
    api.get("swagger").is_some()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Member)> {
    value.and_then(Value::map).into_iter().flat_map(|map| map.0.iter().map(|(name, member)| (name.as_ref(), member)))
}

/// The operations of all paths.
pub(super) fn operations(api: &Value) -> Vec<Operation<'_>> {
    let paths = members(api.get("paths")).filter(|(path, _)| path.starts_with('/'));
    let of_path = paths.flat_map(|(path, item)| {
        members(Some(&item.value)).filter(|(method, _)| METHODS.contains(method)).map(move |(method, member)| Operation {
            name: format!("{} {path}", method.to_ascii_uppercase()),
            place: member.name,
            body: &member.value,
        })
    });
    of_path.take(MAX_OPERATIONS).collect()
}

/// Paths and what they say.
pub(super) fn paths(api: &Value) -> impl Iterator<Item = &Value> {
    members(api.get("paths")).map(|(_, member)| &member.value)
}

/// The security schemes that are declared; nothing if none are.
pub(super) fn schemes(api: &Value) -> Option<Vec<Scheme<'_>>> {
    let declared = if is_swagger(api) { api.get("securityDefinitions") } else { api.at(&["components", "securitySchemes"]) };
    declared
        .filter(|schemes| schemes.map().is_some())
        .map(|schemes| members(Some(schemes)).map(|(name, member)| Scheme { name, place: member.name, body: &member.value }).collect())
}

/// What a list of requirements asks for.
pub(super) fn requirements(security: Option<&Value>) -> Vec<Requirement<'_>> {
    // Some write the one alternative that there is without a list.
    let alternatives =
        security.map_or(&[][..], |security| if security.map().is_some() { std::slice::from_ref(security) } else { security.items() });
    let of_alternative =
        |alternative| members(Some(alternative)).map(|(scheme, member)| Requirement { scheme, place: member.name, scopes: &member.value });
    alternatives.iter().flat_map(of_alternative).collect()
}

/// Whether a list of requirements lets in who shows nothing: it is empty, or has an empty alternative.
pub(super) fn lets_all_in(security: &Value) -> bool {
    let is_empty = |value: &Value| value.map().is_some_and(|map| map.0.is_empty());
    let is_list = matches!(security.kind, crate::Kind::List(_));
    is_empty(security) || is_list && (security.items().is_empty() || security.items().iter().any(is_empty))
}
