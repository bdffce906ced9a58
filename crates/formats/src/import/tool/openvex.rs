//! OpenVEX: statements on flaws, each product a place: <https://openvex.dev>.

use super::{Component, Importer, Mark, Node, Observation, Reading, Severity, Sink, Verdict, id_and, paragraphs};

pub(super) static IMPORTER: Importer = Importer {
    id: "openvex",
    title: "OpenVEX",
    marks: &[Mark::Json(&["@context~openvex", "statements"])],
    names_tools: true,
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    out.tool(root.str("tooling"), "");
    out.time(root.first(&["last_updated", "timestamp"]));
    for statement in root.each("statements") {
        let flaw = statement.at("vulnerability");
        let name = [flaw.str("name"), flaw.as_str(), flaw.str("@id")].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let products = statement.each("products");
        for product in if products.is_empty() { vec![&Node::Null] } else { products } {
            let purl = [product.str("identifiers.purl"), product.str("@id"), product.as_str()]
                .into_iter()
                .find(|purl| !purl.is_empty())
                .unwrap_or_default();
            let status = statement.str("status");
            out.push(Observation {
                rule: name.to_owned(),
                title: format!("{name}: {}", status.replace('_', " ")),
                message: paragraphs(&[
                    flaw.str("description"),
                    statement.str("justification"),
                    statement.str("impact_statement"),
                    statement.str("status_notes"),
                ]),
                // VEX says whether, not how bad: what does harm is worth a look, all else is to be known.
                severity: Some(if status == "affected" { Severity::Medium } else { Severity::Info }),
                ids: id_and(name, &flaw.texts("aliases").join(" ")),
                component: Component::purl(purl, "", "").or_else(|| Component::of(purl, "")),
                fix: statement.text("action_statement"),
                verdict: match status {
                    "not_affected" => Verdict::NotAffected,
                    "fixed" => Verdict::Fixed,
                    _ => Verdict::Open,
                },
                first_seen: statement.text("timestamp"),
                ..Observation::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn statements_are_told_a_product() {
        check(
            "openvex",
            r#"{"@context": "https://openvex.dev/ns/v0.2.0", "statements": [{"vulnerability": {"name": "CVE-2026-1"}, "products": [{"@id": "pkg:npm/left@1"}, {"@id": "pkg:npm/up@2"}], "status": "affected"}]}"#,
            &["medium CVE-2026-1 left@1", "medium CVE-2026-1 up@2"],
        );
    }
}
