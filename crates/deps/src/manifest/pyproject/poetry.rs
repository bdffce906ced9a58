//! `[tool.poetry]`: <https://python-poetry.org/docs/dependency-specification/>.

use bartizan_core::Scope;
use bartizan_source::document::{Node, Value};

use crate::{PackageIndex, Parsed, python::scope_of_group};

pub(super) fn read(poetry: &Node<'_>, index: PackageIndex, parsed: &mut Parsed) {
    add_table(poetry.get("dependencies"), index, Scope::Runtime, parsed);
    add_table(poetry.get("dev-dependencies"), index, Scope::Development, parsed);
    for group in poetry.get("group").map(Node::members).unwrap_or_default() {
        add_table(group.node.get("dependencies"), index, scope_of_group(&group.name), parsed);
    }
}

fn add_table(table: Option<&Node<'_>>, index: PackageIndex, scope: Scope, parsed: &mut Parsed) {
    for member in table.map(Node::members).unwrap_or_default().iter().filter(|member| member.name != "python") {
        // For several environments a dependency is a list.
        let forms = match &member.node.value {
            Value::List(forms) => forms.as_slice(),
            Value::Null | Value::Boolean(_) | Value::Number(_) | Value::Text(_) | Value::Map(_) => std::slice::from_ref(&member.node),
        };
        for form in forms {
            if form.text().is_none() && !form.is_map() {
                parsed.unreadable(form.range, format!("what is asked for of `{}` is a version or a table", member.name));
                continue;
            }
            let requirement = form.text().or_else(|| form.text_of("version")).unwrap_or_default();
            let scope = if form.is_true("optional") { scope.max(Scope::Optional) } else { scope };
            match form.get("path") {
                // A folder of the project has a manifest of its own.
                Some(_) => parsed.inventory.requires(index, member.name.as_ref(), scope, requirement),
                None => parsed.inventory.requires_at(index, member.name.as_ref(), scope, requirement, member.name_range),
            }
        }
    }
}
