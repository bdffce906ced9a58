//! Which report goes where, and who may read it.

use std::path::PathBuf;

use bartizan_core::Report;
use bartizan_formats::{Context, EXPORTERS, Exporter};
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::{
    failure::{Failure, Outcome},
    output::{Privacy, Target},
    table::{self, TableOptions},
    terminal::Terminal,
};

/// The form of a report.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    /// For people, in a terminal.
    Table,
    /// For others.
    Export(&'static dyn Exporter),
}

/// A report with the file that it goes to, as the command line names it: `sarif=out.sarif`.
#[derive(Debug, Clone)]
pub(crate) struct NamedReport {
    /// Its form.
    pub(crate) format: Format,
    /// The file; `-` is standard output.
    pub(crate) path: PathBuf,
}

/// A report on its way.
#[derive(Debug)]
pub(crate) struct Destination {
    format: Format,
    target: Target,
    privacy: Privacy,
}

/// How the table looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// What of the report is shown.
    pub(crate) options: TableOptions,
    /// On standard output.
    pub(crate) stdout: Terminal,
    /// In a file.
    pub(crate) file: Terminal,
}

const TABLE: &str = "table";
/// Formats whose schema asks for the time. In all others, the same input gives the same bytes.
const TIMED: [&str; 1] = ["gitlab"];

impl Format {
    fn named(name: &str) -> Option<Self> {
        if name == TABLE {
            return Some(Self::Table);
        }
        bartizan_formats::exporter(name).map(Self::Export)
    }

    fn names() -> impl Iterator<Item = &'static str> {
        std::iter::once(TABLE).chain(EXPORTERS.iter().map(|exporter| exporter.id().0))
    }
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Table => TABLE,
            Self::Export(exporter) => exporter.id().0,
        })
    }
}

/// Reads the name of a format.
pub(crate) fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::names()).try_map(|name| Format::named(&name).ok_or("unknown format"))
}

/// Reads `FORMAT=FILE`.
pub(crate) fn named_report(text: &str) -> Result<NamedReport, String> {
    let names = || Format::names().collect::<Vec<_>>().join(", ");
    let (name, path) =
        text.split_once('=').ok_or_else(|| format!("expected FORMAT=FILE, such as sarif=out.sarif; formats: {}", names()))?;
    let format = Format::named(name).ok_or_else(|| format!("unknown format `{name}`; expected one of: {}", names()))?;
    if path.is_empty() {
        return Err("expected a file after `=`".to_owned());
    }
    Ok(NamedReport { format, path: path.into() })
}

/// Where all reports of a run go; refuses what would lose one, or show a secret to others.
pub(crate) fn plan(
    format: Format,
    output: Option<&PathBuf>,
    reports: &[NamedReport],
    shows_secrets: bool,
    stdout: Terminal,
) -> Outcome<Vec<Destination>> {
    let main = (format, output.map_or(Target::Stdout, |path| Target::named(path)));
    let others = reports.iter().map(|report| (report.format, Target::named(&report.path)));
    let mut destinations: Vec<Destination> = Vec::new();
    for (format, target) in std::iter::once(main).chain(others) {
        if destinations.iter().any(|known| known.target == target) {
            let message = match &target {
                Target::Stdout => "two reports go to standard output".to_owned(),
                Target::File(path) => format!("two reports go to `{}`", crate::text::path(path)),
            };
            return Err(Failure::bad_input("conflicting-reports", message).with_help("give each report a file of its own").into());
        }
        if shows_secrets && target == Target::Stdout && !stdout.is_terminal {
            let failure = Failure::bad_input("secrets-in-the-open", "--show-secrets prints on a terminal, and standard output is none");
            return Err(failure.with_help("write a file that only you can read with -o FILE, or leave --show-secrets out").into());
        }
        let privacy = if shows_secrets { Privacy::Private } else { Privacy::Shared };
        destinations.push(Destination { format, target, privacy });
    }
    Ok(destinations)
}

impl Destination {
    /// Writes the report.
    pub(crate) fn write(&self, report: &Report, context: &Context, look: Look) -> Result<(), Failure> {
        self.target.write(self.privacy, |out| match self.format {
            Format::Table => {
                let terminal = if self.target == Target::Stdout { look.stdout } else { look.file };
                out.write_all(table::render(report, look.options, terminal).as_bytes())
            }
            Format::Export(exporter) if TIMED.contains(&exporter.id().0) => exporter.export_with(report, context, out),
            Format::Export(exporter) => {
                let timeless = Context { started: None, finished: None, ..context.clone() };
                exporter.export_with(report, &timeless, out)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::named_report;

    #[test]
    fn a_report_is_named_with_its_file() {
        assert!(named_report("table=out=1.txt").is_ok_and(|report| report.path.as_os_str() == "out=1.txt"));
        for wrong in ["table", "table=", "nothing=out", "=x"] {
            assert!(named_report(wrong).is_err(), "{wrong}");
        }
    }
}
