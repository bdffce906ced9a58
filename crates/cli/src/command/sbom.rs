//! `bartizan sbom`: what a project is made of, as a bill of materials.

use std::{env, path::PathBuf};

use bartizan_core::Level;
use bartizan_formats::{
    Timestamp,
    sbom::{self, Bom, CycloneDxVersion, Format},
};
use clap::{Args, ValueEnum, ValueHint};

use crate::{
    args::{Global, InputArgs},
    exit::Exit,
    failure::{Failure, Outcome},
    inventory::InventoryArgs,
    output::{Privacy, Target, print_error},
    text::{count, harmless, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan sbom                                  print what this folder is made of, as CycloneDX 1.6
  bartizan sbom services/shop -o shop.cdx.json   write it into a file
  bartizan sbom --strict -o bom.json             a step of CI: exit with 3 if something could not be read";

/// Write a bill of materials: what a project is made of
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SbomArgs {
    #[command(flatten)]
    inventory: InventoryArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// What comes of it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
struct OutputArgs {
    /// Format of the bill
    #[arg(long, value_name = "FORMAT", default_value = "cyclonedx")]
    format: FormatName,
    /// Version of the format, if there are several [default: 1.6]
    #[arg(long, value_name = "VERSION")]
    spec_version: Option<SpecVersion>,
    /// Write the bill into a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// What the bill is of, where the project does not say it itself [default: the folder's name]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Exit with 3 if something could not be read
    #[arg(long)]
    strict: bool,
}

/// The formats of bills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    // CycloneDX as JSON.
    #[value(name = "cyclonedx")]
    CycloneDx,
    // CycloneDX as XML.
    #[value(name = "cyclonedx-xml")]
    CycloneDxXml,
    // SPDX 2.3 as JSON.
    Spdx,
    // SPDX 3.0.1 as JSON-LD.
    Spdx3,
}

/// The versions of CycloneDX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SpecVersion {
    // ECMA-424, first edition.
    #[value(name = "1.6")]
    V1_6,
    // ECMA-424, second edition.
    #[value(name = "1.7")]
    V1_7,
}

impl OutputArgs {
    fn format(&self) -> Format {
        let version = match self.spec_version {
            Some(SpecVersion::V1_6) | None => CycloneDxVersion::V1_6,
            Some(SpecVersion::V1_7) => CycloneDxVersion::V1_7,
        };
        match self.format {
            FormatName::CycloneDx => Format::CycloneDxJson(version),
            FormatName::CycloneDxXml => Format::CycloneDxXml(version),
            FormatName::Spdx => Format::SpdxJson,
            FormatName::Spdx3 => Format::Spdx3Json,
        }
    }
}

/// Looks at a project, writes its bill, and says what is missing from it.
pub(crate) fn run(args: &SbomArgs, global: Global) -> Outcome<Exit> {
    let timestamp = timestamp()?;
    let outcome = args.inventory.take(global)?;
    let mut bom = Bom::of(&outcome.report, &args.output.name.clone().unwrap_or_else(|| name_of(&args.inventory.input)));
    bom.metadata.timestamp = timestamp;
    let target = args.output.output.as_ref().map_or(Target::Stdout, |path| Target::named(path));
    target.write(Privacy::Shared, |out| sbom::write(&bom, args.output.format(), out))?;

    let gaps: Vec<_> = outcome.report.diagnostics.iter().filter(|diagnostic| Level::Note < diagnostic.level).collect();
    if !global.quiet {
        if target != Target::Stdout {
            print_error(&format!("bartizan: {}\n", count(to_u64(bom.components.len()), "component")));
        }
        for gap in bom.metadata.gaps.iter().filter(|gap| gap.kind == sbom::GapKind::Unparsed) {
            print_error(&format!("bartizan: not read: {}\n", harmless(&gap.text)));
        }
    }
    Ok(if args.output.strict && !gaps.is_empty() { Exit::Incomplete } else { Exit::Success })
}

/// The name of what is looked at: that of its folder or file.
fn name_of(input: &InputArgs) -> String {
    let path = input.path.canonicalize().unwrap_or_else(|_| input.path.clone());
    path.file_name().map_or_else(|| "project".to_owned(), |name| harmless(&name.to_string_lossy()).into_owned())
}

/// The time that builds agree on, <https://reproducible-builds.org/specs/source-date-epoch/>. Without it, the same input gives
/// the same bytes.
fn timestamp() -> Outcome<Option<Timestamp>> {
    const VARIABLE: &str = "SOURCE_DATE_EPOCH";
    let Some(text) = env::var_os(VARIABLE) else { return Ok(None) };
    match text.to_str().and_then(|text| text.trim().parse().ok()) {
        Some(seconds) => Ok(Some(Timestamp::of_unix_seconds(seconds))),
        None => {
            let message = format!("{VARIABLE} is no number of seconds: `{}`", harmless(&text.to_string_lossy()));
            Err(Failure::bad_input("environment", message).with_help("set it to the seconds since 1970, or unset it").into())
        }
    }
}
