//! Open ports that Masscan found.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "masscan",
    title: "Masscan",
    marks: &[Mark::JsonList(&["ip", "ports.port", "ports.proto"])],
    writes_lines: true,
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    items: &["|ports"],
    rule: &["status"],
    title: &["reason"],
    otherwise: Some(Severity::Info),
    host: &["^ip"],
    port: &["port"],
    protocol: &["proto"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check(
            "masscan",
            r#"[{"ip": "10.0.0.1", "ports": [{"port": 80, "proto": "tcp", "status": "open", "reason": "syn-ack"}]}]"#,
            &["info open 10.0.0.1:80"],
        );
    }
}
