//! `bartizan vex`: what the flaws of components mean to a product, for those who use it.

use std::{collections::BTreeSet, fmt::Write as _, path::PathBuf};

use bartizan_core::Tool;
use bartizan_deps::{Expired, Expiry, VexContext, expired, vex_document};
use bartizan_formats::{
    Timestamp,
    purl::PackageUrl,
    vex::{self, Format, MAX_DOCUMENT_BYTES, Product},
};
use clap::{Args, Subcommand, ValueEnum, ValueHint};
use serde_json::json;

use crate::{
    args::{EngineArgs, Global, ListFormat},
    exit::Exit,
    failure::{Failure, Failures, Outcome},
    inventory::{self, InventoryArgs},
    output::{Privacy, Target, print, print_error},
    page::Page,
    session,
    style::Ink,
    terminal::Terminal,
    text::{self, count, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan vex create -o shop.openvex.json       what is known of every flaw that was found
  bartizan vex create --format cyclonedx         the same as CycloneDX
  bartizan vex check .vex/shop.openvex.json      which statements no longer fit
  bartizan scan --vex vendor.csaf.json           hear what others say";

/// Write and check VEX: which flaws of components do harm, and which don't
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct VexArgs {
    #[command(subcommand)]
    command: VexCommand,
}

#[derive(Debug, Subcommand)]
enum VexCommand {
    Create(CreateArgs),
    Check(CheckArgs),
}

/// What is looked at.
#[derive(Debug, Args)]
struct LookArgs {
    /// Compare components with the advisories of this folder [default: advisories/ in Bartizan's data folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    advisories: Option<PathBuf>,
    #[command(flatten)]
    inventory: InventoryArgs,
}

/// Write a statement on every known flaw of the project's components
///
/// What the code never imports is not affected; what it imports or calls is; what can't be told is under investigation. What
/// somebody decided in a comment or in configuration is said with the reason.
#[derive(Debug, Args)]
struct CreateArgs {
    #[command(flatten)]
    look: LookArgs,
    /// What others say about flaws: a file or a folder of documents (repeatable)
    #[arg(long, value_name = "FILE|DIR", value_hint = ValueHint::AnyPath)]
    vex: Vec<PathBuf>,
    /// Format of the document
    #[arg(long, value_name = "FORMAT", default_value = "openvex")]
    format: FormatName,
    /// Who says it
    #[arg(long, value_name = "NAME", default_value = "Bartizan")]
    author: String,
    /// The product, as a package URL [default: what the project calls itself]
    #[arg(long, value_name = "PURL")]
    product: Option<String>,
    /// Write the document into a file, which appears whole or not at all
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Exit with 3 if something was not analyzed
    #[arg(long)]
    strict: bool,
}

/// Say which statements of a document no longer fit what is found
#[derive(Debug, Args)]
struct CheckArgs {
    /// The document: OpenVEX, CSAF VEX or CycloneDX VEX
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    look: LookArgs,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
}

/// The formats of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    // OpenVEX 0.2.0.
    #[value(name = "openvex")]
    OpenVex,
    // CycloneDX 1.6 as JSON.
    #[value(name = "cyclonedx")]
    CycloneDx,
}

/// Runs the command.
pub(crate) fn run(args: &VexArgs, global: Global) -> Outcome<Exit> {
    match &args.command {
        VexCommand::Create(args) => create(args, global),
        VexCommand::Check(args) => check(args, global),
    }
}

impl LookArgs {
    fn take(&self, vex: &[PathBuf], global: Global) -> Outcome<bartizan_scan::Outcome> {
        let engines =
            EngineArgs { only: vec!["deps".to_owned()], advisories: self.advisories.clone(), vex: vex.to_vec(), ..EngineArgs::default() };
        self.inventory.take_with(&engines, global)
    }
}

fn create(args: &CreateArgs, global: Global) -> Outcome<Exit> {
    // What can't be written is refused before anything is read.
    let given = session::source_date()?;
    let product = args.product.as_deref().map(|text| {
        let failure = |error| Failure::bad_input("product", format!("`{}` is no package URL: {error}", text::harmless(text)));
        text.parse::<PackageUrl>().map_err(failure)
    });
    let product = product.transpose()?;
    let outcome = args.look.take(&args.vex, global)?;
    let now = given.unwrap_or_else(|| Timestamp::of_unix_seconds(session::now_s()));
    let document = vex_document(&outcome.report, &VexContext { author: args.author.clone(), timestamp: given, product });
    let format = match args.format {
        FormatName::OpenVex => Format::OpenVex,
        FormatName::CycloneDx => Format::CycloneDx,
    };
    let tool = Tool { name: "bartizan".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    let target = args.output.as_ref().map_or(Target::Stdout, |path| Target::named(path));
    target.write(Privacy::Shared, |out| vex::write(&document, format, &tool, now, out)).map_err(Failures::from)?;
    if !global.quiet && args.output.is_some() {
        print_error(&format!("bartizan: {}\n", count(to_u64(document.statements.len()), "statement")));
    }
    Ok(inventory::verdict(&outcome, args.strict, global))
}

fn check(args: &CheckArgs, global: Global) -> Outcome<Exit> {
    let unknown = || {
        let message = format!("`{}` is no VEX document", text::path(&args.file));
        let help = "documents are OpenVEX, CSAF with the profile VEX, or CycloneDX, as JSON";
        Failure::bad_input("unknown-vex", message).with_help(help)
    };
    let parsed = vex::read(&session::read_regular(&args.file, MAX_DOCUMENT_BYTES)?).ok_or_else(unknown)?;
    for problem in parsed.problems.iter().filter(|_| !global.quiet) {
        print_error(&format!("bartizan: {}\n", text::harmless(problem)));
    }
    let outcome = args.look.take(&[], global)?;
    let expired = expired(&parsed.value, &outcome.report);
    let n_statements = parsed.value.statements.len();
    if args.format == ListFormat::Json {
        let expired: Vec<_> = expired.iter().map(to_json).collect();
        print(&format!("{}\n", json!({"statements": n_statements, "expired": expired, "problems": parsed.problems})))?;
    } else {
        let mut page = Page::new(Terminal::stdout(global.color));
        for expired in &expired {
            page.inked_row(&expired.flaw, 20, &sentence(expired), Ink::Warning);
        }
        let n: BTreeSet<usize> = expired.iter().map(|expired| expired.statement).collect();
        page.line(&format!("{} of {} no longer fit", text::grouped(to_u64(n.len())), count(to_u64(n_statements), "statement")));
        let is_known = |product: &Product| product.purl.is_some() || !product.components.is_empty();
        let n_unknown = parsed.value.statements.iter().filter(|statement| !statement.products.iter().any(is_known)).count();
        if n_unknown != 0 {
            page.line(&format!("{} without a package URL: nobody can tell", count(to_u64(n_unknown), "statement")));
        }
        print(&page.finish())?;
    }
    Ok(if expired.is_empty() { Exit::Success } else { Exit::Findings })
}

fn sentence(expired: &Expired) -> String {
    let mut sentence = format!("`{}` is said to be {}", expired.component, expired.status.as_str());
    let _ = match &expired.why {
        Expiry::ComponentGone => write!(sentence, ", and is not there any more"),
        Expiry::FlawGone => write!(sentence, ", and the flaw is not found any more"),
        Expiry::VerdictChanged { now, because } if because.is_empty() => write!(sentence, ", and is {} now", now.as_str()),
        Expiry::VerdictChanged { now, because } => write!(sentence, ", and is {} now: {because}", now.as_str()),
    };
    sentence
}

fn to_json(expired: &Expired) -> serde_json::Value {
    let (why, now) = match &expired.why {
        Expiry::ComponentGone => ("component-gone", None),
        Expiry::FlawGone => ("flaw-gone", None),
        Expiry::VerdictChanged { now, .. } => ("verdict-changed", Some(now.as_str())),
    };
    json!({"flaw": expired.flaw, "component": expired.component, "status": expired.status.as_str(), "why": why, "now": now})
}
