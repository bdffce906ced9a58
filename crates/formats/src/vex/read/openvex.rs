//! OpenVEX 0.2.0, and 0.0.1 before it: <https://github.com/openvex/spec>.

use serde_json::Value;

use super::{Draft, items, justification, purl, text, texts};
use crate::{
    Timestamp,
    vex::{Product, Statement, Status},
};

pub(super) fn read(root: &Value, draft: &mut Draft) {
    let moment = |value: &Value| Timestamp::parse(text(value, "last_updated")).or_else(|| Timestamp::parse(text(value, "timestamp")));
    text(root, "@id").clone_into(&mut draft.document.id);
    text(root, "author").clone_into(&mut draft.document.author);
    draft.document.timestamp = moment(root);
    for statement in items(root, "statements") {
        let name = text(statement, "status");
        let Some(status) = Status::ALL.into_iter().find(|status| status.as_str() == name) else {
            draft.problem(format!("`{name}` is no status: the statement is not used"));
            continue;
        };
        let why = text(statement, "justification");
        let justification = justification(why);
        if justification.is_none() && !why.is_empty() {
            draft.problem(format!("`{why}` is no justification"));
        }
        let explanation = [text(statement, "impact_statement"), text(statement, "status_notes")].into_iter().find(|text| !text.is_empty());
        let timestamp = moment(statement).or(draft.document.timestamp);
        draft.add(Statement {
            flaws: flaws(statement.get("vulnerability").unwrap_or(&Value::Null)),
            products: items(statement, "products").iter().map(product).collect(),
            status,
            justification,
            explanation: explanation.unwrap_or_default().to_owned(),
            action: text(statement, "action_statement").to_owned(),
            timestamp,
        });
    }
}

/// The names of a flaw: an object, or a text in the first version.
fn flaws(value: &Value) -> Vec<String> {
    let name = value.as_str().unwrap_or_else(|| text(value, "name"));
    let names = std::iter::once(name).chain(texts(value, "aliases"));
    names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// A product: an object, or a text in the first version.
fn product(value: &Value) -> Product {
    let components = items(value, "subcomponents");
    let found: Vec<_> = components.iter().filter_map(identity).collect();
    Product {
        id: value.as_str().unwrap_or_else(|| text(value, "@id")).to_owned(),
        purl: identity(value),
        versions: Vec::new(),
        has_unknown_components: found.len() < components.len(),
        components: found,
    }
}

/// The package URL of a product or a component: its identifier, or its id.
fn identity(value: &Value) -> Option<crate::purl::PackageUrl> {
    let identifier = value.get("identifiers").map(|identifiers| text(identifiers, "purl")).filter(|purl| !purl.is_empty());
    purl(identifier.unwrap_or_else(|| value.as_str().unwrap_or_else(|| text(value, "@id"))))
}
