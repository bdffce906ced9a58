//! How the tests write a report.

use bartizan_core::Report;
use bartizan_formats::{Context, Occurrences, Timestamp, exporter};

/// A report in a format, as text.
pub(crate) fn export(format: &str, report: &Report) -> String {
    export_with(format, report, &Context::default())
}

/// The same, with circumstances.
pub(crate) fn export_with(format: &str, report: &Report, context: &Context) -> String {
    let mut out = Vec::new();
    exporter(format).unwrap().export_with(report, context, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The circumstances of the sample.
pub(crate) fn context(occurrences: Occurrences) -> Context {
    Context {
        started: Some(Timestamp::of_unix_seconds(1_795_600_000)),
        finished: Some(Timestamp::of_unix_seconds(1_795_600_004)),
        revision: Some("4f2d9b81c0a75e3c6d1f8e92ab34cd56ef781290".to_owned()),
        occurrences,
    }
}
