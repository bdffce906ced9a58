//! Writes a made-up report in any format to standard output, to look at a change of a format.
//!
//! ```sh
//! cargo run -p bartizan-formats --example sample-report -- html > report.html
//! cargo run -p bartizan-formats --example sample-report -- html 10000 > large.html
//! ```

#[path = "../tests/it/sample.rs"]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "shared with the tests")]
mod sample;

use std::{env, io, process::ExitCode};

use bartizan_formats::{Context, EXPORTERS, Timestamp, exporter};

fn main() -> io::Result<ExitCode> {
    let mut arguments = env::args().skip(1);
    let Some(exporter) = arguments.next().as_deref().and_then(exporter) else {
        let names: Vec<&str> = EXPORTERS.iter().map(|exporter| exporter.id().0).collect();
        return Err(io::Error::other(format!("expected a format: {}", names.join(", "))));
    };
    let report = match arguments.next().and_then(|count| count.parse().ok()) {
        Some(count) => sample::large(count),
        None => sample::shop(),
    };
    let context = Context {
        started: Some(Timestamp::of_unix_seconds(1_795_600_000)),
        finished: Some(Timestamp::of_unix_seconds(1_795_600_004)),
        revision: Some("4f2d9b81c0a75e3c6d1f8e92ab34cd56ef781290".to_owned()),
        ..Context::default()
    };
    exporter.export_with(&report, &context, &mut io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}
