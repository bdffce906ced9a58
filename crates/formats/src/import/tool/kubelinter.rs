//! KubeLinter.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "kubelinter",
    title: "KubeLinter",
    marks: &[Mark::Json(&["Checks.template", "Reports"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["Reports"],
    rule: &["Check"],
    title: &["Diagnostic.Message"],
    message: &["Diagnostic.Message"],
    otherwise: Some(Severity::Medium),
    file: &["Object.Metadata.FilePath"],
    resource: &["Object.K8sObject.Name"],
    fix: &["Remediation"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "kubelinter",
            r#"{"Checks": [{"name": "c", "template": "t"}], "Reports": [{"Check": "c", "Diagnostic": {"Message": "m"}, "Object": {"Metadata": {"FilePath": "/a.yaml"}}}]}"#,
            &["medium c /a.yaml"],
        );
    }
}
