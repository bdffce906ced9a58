//! `bartizan sbom`: what a project is made of, as a bill of materials.

mod convert;
mod subject;

use std::path::PathBuf;

use bartizan_formats::sbom::{self, Bom, CycloneDxVersion, Format, Subject};
use clap::{Args, Subcommand, ValueEnum, ValueHint};

use crate::{
    args::{Global, InputArgs},
    exit::Exit,
    failure::{Failure, Failures, Outcome},
    inventory::{self, InventoryArgs},
    output::{Privacy, Target, print_error},
    session,
    text::{count, harmless, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan sbom                                  print what this folder is made of, as CycloneDX 1.6
  bartizan sbom services/shop -o shop.cdx.json   write it into a file
  bartizan sbom --format spdx -o shop.spdx.json  as SPDX 2.3
  bartizan sbom --strict -o bom.json             a step of CI: exit with 3 if something could not be read
  bartizan sbom --attest --subject shop.tar=sha256:…  within a statement that can be signed
  bartizan sbom convert bom.xml --format spdx3   somebody's bill in another format";

/// Write a bill of materials: what a project is made of
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub(crate) struct SbomArgs {
    #[command(subcommand)]
    command: Option<SbomCommand>,
    #[command(flatten)]
    inventory: InventoryArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Write an in-toto statement with the bill in it; sign it with the tool of your choice
    #[arg(long, help_heading = "Attestation")]
    attest: bool,
    /// What the statement is about: NAME=sha256:HEX (repeatable) [default: the scanned file]
    #[arg(long, value_name = "SUBJECT", value_parser = subject::parse, requires = "attest", help_heading = "Attestation")]
    subject: Vec<Subject>,
}

#[derive(Debug, Subcommand)]
enum SbomCommand {
    Convert(convert::ConvertArgs),
}

/// What comes of it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
struct OutputArgs {
    /// Format of the bill
    #[arg(long, value_name = "FORMAT", default_value = "cyclonedx")]
    format: FormatName,
    /// Version of CycloneDX [default: 1.6]
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

/// Runs the command.
pub(crate) fn run(args: &SbomArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        Some(SbomCommand::Convert(args)) => convert::run(args, global),
        None => make(args, global),
    }
}

/// Looks at a project, writes its bill, and says what is missing from it.
fn make(args: &SbomArgs, global: Global) -> Outcome<Exit> {
    // What can't be written is refused before anything is read.
    args.output.format()?;
    let timestamp = session::source_date()?;
    let subjects = match (args.attest, args.subject.is_empty()) {
        (false, _) => None,
        (true, false) => Some(args.subject.clone()),
        (true, true) => Some(vec![subject::of_input(&args.inventory.input)?]),
    };
    if subjects.is_some() && args.output.format == FormatName::CycloneDxXml {
        let failure = Failure::bad_input("conflicting-formats", "an in-toto statement holds JSON, and cyclonedx-xml is XML");
        return Err(failure.with_help("choose --format cyclonedx, spdx or spdx3").into());
    }

    let outcome = args.inventory.take(global)?;
    let mut bom = Bom::of(&outcome.report, &args.output.name.clone().unwrap_or_else(|| name_of(&args.inventory.input)));
    bom.metadata.timestamp = timestamp;
    args.output.write(&bom, subjects.as_deref())?;

    if !global.quiet && args.output.output.is_some() {
        print_error(&format!("bartizan: {}\n", count(to_u64(bom.components.len()), "component")));
    }
    Ok(inventory::verdict(&outcome, args.output.strict, global))
}

impl OutputArgs {
    fn format(&self) -> Outcome<Format> {
        let version = match self.spec_version {
            Some(SpecVersion::V1_6) | None => CycloneDxVersion::V1_6,
            Some(SpecVersion::V1_7) => CycloneDxVersion::V1_7,
        };
        match (self.format, self.spec_version) {
            (FormatName::CycloneDx, _) => Ok(Format::CycloneDxJson(version)),
            (FormatName::CycloneDxXml, _) => Ok(Format::CycloneDxXml(version)),
            (FormatName::Spdx, None) => Ok(Format::SpdxJson),
            (FormatName::Spdx3, None) => Ok(Format::Spdx3Json),
            (FormatName::Spdx | FormatName::Spdx3, Some(_)) => {
                let failure = Failure::bad_input("conflicting-formats", "--spec-version is a version of CycloneDX, and the format is SPDX");
                Err(failure.with_help("leave it out: `spdx` is 2.3, and `spdx3` is 3.0.1").into())
            }
        }
    }

    /// Writes a bill, within a statement if there are subjects.
    fn write(&self, bom: &Bom, subjects: Option<&[Subject]>) -> Outcome<()> {
        let format = self.format()?;
        let target = self.output.as_ref().map_or(Target::Stdout, |path| Target::named(path));
        let written = target.write(Privacy::Shared, |out| match subjects {
            Some(subjects) => sbom::attest(bom, format, subjects, out),
            None => sbom::write(bom, format, out),
        });
        written.map_err(Failures::from)
    }
}

/// The name of what is looked at: that of its folder or file.
fn name_of(input: &InputArgs) -> String {
    let path = input.path.canonicalize().unwrap_or_else(|_| input.path.clone());
    path.file_name().map_or_else(|| "project".to_owned(), |name| harmless(&name.to_string_lossy()).into_owned())
}
