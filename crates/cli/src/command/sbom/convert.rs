//! `bartizan sbom convert`: somebody's bill of materials in another format.

use std::{fs::File, io::BufReader, path::PathBuf};

use bartizan_formats::sbom::{self, Parsed};
use clap::{Args, ValueHint};

use super::OutputArgs;
use crate::{
    args::Global,
    exit::Exit,
    failure::{Failure, Outcome},
    output::print_error,
    session,
    text::{self, count, harmless, to_u64},
};

/// Read a bill of materials of CycloneDX or SPDX, and write it in another format
#[derive(Debug, Args)]
pub(super) struct ConvertArgs {
    /// The bill: CycloneDX 1.2 to 1.7 (JSON, XML), SPDX 2.2 and 2.3 (JSON, tag-value), SPDX 3.0 (JSON-LD); `-` reads standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
}

/// Reads, writes, and says what was not understood.
pub(super) fn run(args: &ConvertArgs, global: Global) -> Outcome<Exit> {
    const BUFFER_BYTES: usize = 1 << 16;
    let unreadable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::InvalidData => {
            let message = format!("`{}`: {}", text::path(&args.file), harmless(&error.to_string()));
            let help = "name a document in CycloneDX (JSON, XML) or SPDX (JSON, tag-value)";
            Failure::bad_input("unknown-bill", message).with_help(help)
        }
        _ => Failure::unreadable(&args.file, &error),
    };
    let Parsed { value: mut bom, problems } = if args.file.as_os_str() == "-" {
        sbom::read(&mut std::io::stdin().lock()).map_err(unreadable)?
    } else {
        let file = File::open(&args.file).map_err(unreadable)?;
        sbom::read(&mut BufReader::with_capacity(BUFFER_BYTES, file)).map_err(unreadable)?
    };
    bom.metadata.timestamp = session::source_date()?.or(bom.metadata.timestamp);
    if let (Some(name), Some(subject)) = (&args.output.name, &mut bom.metadata.subject) {
        subject.name.clone_from(name);
    }
    args.output.write(&bom, None)?;

    let n_losses = problems.iter().filter(|problem| problem.is_loss).count();
    if !global.quiet {
        let mut remarks: Vec<String> = problems.iter().map(|problem| harmless(&problem.message).into_owned()).collect();
        let n_unmatched = bom.unmatched().count();
        if 0 < n_unmatched {
            remarks.push(format!("{} without a package URL can't be matched with advisories", count(to_u64(n_unmatched), "component")));
        }
        print_error(&remarks.iter().map(|remark| format!("bartizan: {remark}\n")).collect::<String>());
    }
    Ok(if args.output.strict && 0 < n_losses { Exit::Incomplete } else { Exit::Success })
}
