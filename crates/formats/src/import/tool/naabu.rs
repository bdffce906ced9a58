//! Open ports that Naabu found, one a line.

use super::{Flat, Importer, Mark, Reading, Severity};

pub(super) static IMPORTER: Importer = Importer {
    id: "naabu",
    title: "Naabu",
    marks: &[Mark::Json(&["ip", "port", "protocol", "tls"])],
    writes_lines: true,
    read: Reading::Flat(SHAPES),
    ..Importer::BASE
};

static SHAPES: &[Flat] = &[Flat {
    with: &["port"],
    rule: &["protocol"],
    title: &["port"],
    otherwise: Some(Severity::Info),
    host: &["host", "ip"],
    port: &["port"],
    protocol: &["protocol"],
    ..Flat::BASE
}];

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn reports_are_read() {
        check("naabu", r#"{"ip": "10.0.0.1", "port": 80, "protocol": "tcp", "tls": false}"#, &["info tcp 10.0.0.1:80"]);
    }
}
