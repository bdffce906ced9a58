//! Hydra: accounts with weak passwords, which are not kept.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "hydra",
    title: "Hydra",
    marks: &[Mark::Json(&["generator.software=Hydra"]), Mark::Json(&["generator.jsonoutputversion", "results"])],
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["results"],
    with: &["password"],
    without: ("host", &[""]),
    rule: &["service"],
    title: &["login"],
    otherwise: Some(Severity::High),
    host: &["host"],
    port: &["port"],
    protocol: &["service"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "hydra",
            r#"{"generator": {"software": "Hydra"}, "results": [{"host": "10.0.0.1", "login": "bill", "password": "hunter2", "port": 22, "service": "ssh"}]}"#,
            &["high ssh 10.0.0.1:22"],
        );
    }
}
