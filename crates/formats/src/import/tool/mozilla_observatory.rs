//! Mozilla HTTP Observatory: the tests of a site, one a member.

use super::{Importer, Mark, Node, Observation, Place, Reading, Severity, Sink, Verdict};

pub(super) static IMPORTER: Importer = Importer {
    id: "mozilla_observatory",
    title: "Mozilla Observatory",
    marks: &[Mark::Json(&["*.score_modifier", "*.score_description"]), Mark::Json(&["tests.*.score_modifier"])],
    read: Reading::Tree(read),
    ..Importer::BASE
};

fn read(root: &Node, out: &mut Sink<'_>) {
    let tests = if root.has("tests") { root.members("tests") } else { root.members("") };
    for (name, test) in tests {
        let modifier = test.decimal("score_modifier").unwrap_or_default();
        out.push(Observation {
            rule: name.to_string(),
            title: test.text("score_description"),
            message: format!("{}: {}", test.str("expectation"), test.str("result")),
            severity: Some(match modifier {
                modifier if 0.0 <= modifier => Severity::Info,
                modifier if -10.0 <= modifier => Severity::Low,
                modifier if -25.0 <= modifier => Severity::Medium,
                _ => Severity::High,
            }),
            place: Place::url(root.first(&["scan.site", "site"])),
            // What is all right is told as well.
            verdict: if test.flag("pass") { Verdict::Fixed } else { Verdict::Open },
            ..Observation::default()
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn what_costs_points_is_worse() {
        check(
            "mozilla_observatory",
            r#"{"content-security-policy": {"score_modifier": -25, "score_description": "d", "pass": false}, "x-frame-options": {"score_modifier": 0, "score_description": "e", "pass": true}}"#,
            &["medium content-security-policy", "info x-frame-options"],
        );
    }
}
