//! The resources of one template, by what refers to them: symbolic names, and types with names.

use std::sync::Arc;

use crate::{HOLE, ResourceId, Value, terraform::operation::Text};

/// The resources of one template.
#[derive(Debug, Default)]
pub(crate) struct Known(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    symbol: Option<Arc<str>>,
    /// In lower case.
    native_type: String,
    /// With a hole for each part that is not known.
    name: String,
    id: ResourceId,
}

impl Known {
    /// Notes a resource.
    pub(crate) fn add(&mut self, symbol: Option<Arc<str>>, native_type: &str, name: &Value, id: ResourceId) {
        self.0.push(Entry { symbol, native_type: native_type.to_ascii_lowercase(), name: outline_of(name), id });
    }

    /// The resource of a symbolic name; the first where it is repeated.
    pub(crate) fn by_symbol(&self, symbol: &str) -> Option<ResourceId> {
        self.0.iter().find(|entry| entry.symbol.as_deref() == Some(symbol)).map(|entry| entry.id)
    }

    /// The resource that arguments of `resourceId` name: a type, and the parts of a name. What is before the type says where.
    pub(crate) fn by_id(&self, arguments: &[Value]) -> Option<ResourceId> {
        let (at, native_type) = arguments.iter().enumerate().find_map(|(at, argument)| {
            let of_type = argument.text().filter(|text| text.contains('.') && text.contains('/'))?;
            Some((at, of_type))
        })?;
        let mut name = Text::default();
        for (number, part) in arguments.get(at + 1..)?.iter().enumerate() {
            if 0 < number {
                name.push_str("/");
            }
            name.push(part);
        }
        self.by_name(native_type, &name.finish(crate::Place::NONE))
    }

    /// The resource of a type and a name.
    pub(crate) fn by_name(&self, native_type: &str, name: &Value) -> Option<ResourceId> {
        let name = outline_of(name);
        let mut of_type = self.0.iter().filter(|entry| entry.native_type.eq_ignore_ascii_case(native_type));
        // Where nothing of the name is known, the only one of its type is meant.
        if name.trim_matches(HOLE).is_empty() {
            return of_type.next().filter(|_| of_type.next().is_none()).map(|entry| entry.id);
        }
        of_type.find(|entry| entry.name.eq_ignore_ascii_case(&name)).map(|entry| entry.id)
    }

    /// The resource that one is a part of, by their types and names: `A/b` with the name `x` of `A/b/c` with the name `x/y`.
    pub(crate) fn parent_of(&self, native_type: &str, name: &Value) -> Option<ResourceId> {
        let (parent_type, _) = native_type.rsplit_once('/').filter(|(before, _)| before.contains('/'))?;
        let name = outline_of(name);
        let parent_name = name.rsplit_once('/').map_or("", |(before, _)| before);
        self.by_name(parent_type, &Value::of_text(parent_name, crate::Place::NONE))
    }
}

/// A name with a hole for each part that is not known.
fn outline_of(name: &Value) -> String {
    name.outline().map_or_else(|| String::from(HOLE), str::to_owned)
}
