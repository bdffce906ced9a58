//! Checkmarx OSA: a list of flaws and one of libraries, in one list.

use std::collections::HashMap;

use super::{Component, Fingerprint, Importer, Mark, Node, Observation, Reading, Score, Sink, Verdict, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "checkmarx_osa",
    title: "Checkmarx OSA",
    marks: &[Mark::JsonList(&["libraryId", "state", "severity"]), Mark::JsonList(&["cveName", "libraryId"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let (flaws, libraries): (Vec<&Node>, Vec<&Node>) = root.each("").into_iter().partition(|it| it.has("libraryId"));
    let libraries: HashMap<&str, &Node> = libraries.into_iter().map(|library| (library.str("id"), library)).collect();
    for flaw in flaws {
        let library = libraries.get(flaw.str("libraryId")).copied().unwrap_or(&Node::Null);
        let name = flaw.first(&["cveName", "id"]);
        out.push(Observation {
            rule: name.to_owned(),
            message: flaw.text("description"),
            severity: out.severity(flaw.str("severity.name")),
            severity_word: flaw.text("severity.name"),
            ids: id_and(flaw.str("cveName"), ""),
            component: Component::of(library.str("name"), library.str("version")),
            fingerprints: Fingerprint::list("checkmarx-osa/id", flaw.str("id")),
            fix: flaw.text("recommendations"),
            references: flaw.texts("url"),
            scores: Score::list("", flaw.decimal("score")),
            verdict: if flaw.str("state.name") == "NOT_EXPLOITABLE" { Verdict::FalsePositive } else { Verdict::Open },
            first_seen: flaw.text("publishDate"),
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn flaws_are_joined_with_libraries() {
        check(
            "checkmarx_osa",
            r#"[[{"id": "f", "cveName": "CVE-2026-1", "severity": {"name": "High"}, "state": {"name": "TO_VERIFY"}, "libraryId": "l"}], [{"id": "l", "name": "left", "version": "1"}]]"#,
            &["high CVE-2026-1 left@1"],
        );
    }
}
