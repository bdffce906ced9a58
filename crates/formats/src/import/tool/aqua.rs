//! Aqua: images as its scanner and its API tell them.

use super::{Component, Importer, Mark, Merged, Node, Observation, Place, Reading, Score, Sink, Verdict, id_and};

pub(super) static IMPORTER: Importer = Importer {
    id: "aqua",
    title: "Aqua",
    marks: &[
        Mark::Json(&["image_name", "results.resources.resource"]),
        Mark::Json(&["image_name", "results.resources"]),
        Mark::Json(&["resources.vulnerabilities", "image"]),
        Mark::Json(&["resources.resource", "resources.scanned"]),
        Mark::Json(&["cves", "image_name", "cves_counts"]),
        Mark::Json(&["cves.name", "registry"]),
        Mark::Json(&["result.vendor_severity", "count"]),
        Mark::Json(&["result.aqua_severity"]),
        Mark::Json(&["result", "count", "page", "pagesize"]),
        Mark::JsonList(&["resource", "vulnerability", "aqua_severity"]),
        Mark::Json(&["vulnerability_summary", "scan_options"]),
    ],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let image = root.first(&["image", "image_name", "results.image"]);
    out.target(image);
    let mut merged = Merged::default();
    for resource in root.each("resources").into_iter().chain(root.each("results.resources")) {
        for flaw in resource.each("vulnerabilities") {
            push(&mut merged, resource.at("resource"), flaw, image, out);
        }
    }
    for flaw in root.each("cves") {
        push(&mut merged, &Node::Null, flaw, image, out);
    }
    let listed =
        root.each("result").into_iter().chain(root.each("").into_iter().filter(|it| it.has("aqua_severity") && it.has("resource")));
    for flaw in listed {
        push(&mut merged, flaw.at("resource"), flaw, flaw.first(&["image_name", "resource.name"]), out);
    }
    merged.finish(out);
}

fn push(merged: &mut Merged, resource: &Node, flaw: &Node, image: &str, out: &Sink<'_>) {
    let name = flaw.first(&["name", "cve"]);
    let word = flaw.first(&["aqua_severity", "nvd_severity", "severity", "vendor_severity"]);
    let component = Component::fixed(resource.first(&["name", "path"]), resource.str("version"), flaw.first(&["fix_version"]));
    let component = component.or_else(|| Component::fixed(flaw.str("file"), "", flaw.str("fix_version")));
    let scores = [("nvd_vectors", "nvd_score"), ("nvd_vectors_v3", "nvd_score_v3"), ("aqua_vectors", "aqua_score"), ("", "score")];
    merged.push(
        format!("{name} {component:?} {image} {}", resource.str("path")),
        Observation {
            rule: name.to_owned(),
            title: name.to_owned(),
            message: flaw.text("description"),
            severity: out.severity(word),
            severity_word: word.to_owned(),
            ids: id_and(name, ""),
            place: Place::file(resource.str("path"), None).or(Place::image(image)),
            component,
            fix: flaw.text("solution"),
            references: [flaw.texts("vendor_url"), flaw.texts("nvd_url"), flaw.texts("url")].concat(),
            scores: scores
                .into_iter()
                .flat_map(|(vector, score)| Score::list(flaw.str(vector), flaw.decimal(score).filter(|score| 0.0 < *score)))
                .collect(),
            verdict: if flaw.flag("acknowledged") { Verdict::Accepted } else { Verdict::Open },
            first_seen: flaw.first(&["first_found_date", "publish_date", "publishdate"]).to_owned(),
            ..Observation::default()
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn every_shape_is_read() {
        check(
            "aqua",
            r#"{"image": "x:1", "resources": [{"resource": {"name": "left", "version": "1"}, "vulnerabilities": [{"name": "CVE-2026-1", "aqua_severity": "high"}]}]}"#,
            &["high CVE-2026-1 x:1 left@1"],
        );
        check(
            "aqua",
            r#"{"image_name": "x:1", "cves_counts": {}, "cves": [{"file": "curl", "name": "CVE-2026-2", "severity": "medium"}]}"#,
            &["medium CVE-2026-2 x:1 curl@"],
        );
    }
}
