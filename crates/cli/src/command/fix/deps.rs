//! `bartizan fix deps`: upgrades that close what advisories say.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use bartizan_core::Report;
use bartizan_deps::upgrade::{self, Bump, Plan, SourceFile};
use clap::{Args, ValueEnum, ValueHint};
use serde_json::json;

use super::file::{Root, TextFile, below};
use crate::{
    advisories,
    args::{Global, InputArgs, ListFormat, PolicyArgs, RunArgs},
    exit::Exit,
    failure::{Failure, Failures, Outcome},
    inventory::InventoryArgs,
    output::{print, print_error},
    page::Page,
    style::Ink,
    terminal::Terminal,
    text::{self, count, to_u64},
};

const EXAMPLES: &str = "\
Examples:
  bartizan fix deps                       what would be upgraded, why, and what can't be
  bartizan fix deps --dry-run             the same as a diff
  bartizan fix deps --write               change manifests and lock files
  bartizan fix deps --max-bump minor      nothing that may break

Versions change where they stand, and nothing else does. No registry is asked and no package manager
is run, so hashes in lock files are those of the old versions: the commands that are printed at the end
bring them up to date, and until then installers refuse the new versions.

Exit codes:
  0  everything that is vulnerable is upgraded, or nothing is
  1  something stays vulnerable; it is named, with the reason";

/// Upgrade vulnerable dependencies: the smallest step that no advisory of the package affects
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct DepsArgs {
    /// Folder whose manifests and lock files are changed
    #[arg(value_name = "PATH", default_value = ".", value_hint = ValueHint::DirPath)]
    path: PathBuf,
    /// Write nothing: print what would be changed as a unified diff
    #[arg(long, conflicts_with = "write")]
    dry_run: bool,
    /// Change the files
    #[arg(long)]
    write: bool,
    /// The largest step
    #[arg(long, value_name = "STEP", default_value = "major")]
    max_bump: BumpName,
    /// The folder of the index of advisories [default: advisories/ in Bartizan's data folder]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    advisories: Option<PathBuf>,
    /// How to print what is planned
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: ListFormat,
    #[command(flatten)]
    policy: PolicyArgs,
    #[command(flatten)]
    run: RunArgs,
}

/// The sizes of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BumpName {
    // It mends.
    Patch,
    // It adds.
    Minor,
    // It may break.
    Major,
}

/// What brings the hashes of a lock file up to date, without running what packages bring along.
const REFRESHING: [(&str, &str); 11] = [
    ("package-lock.json", "npm install --package-lock-only --ignore-scripts"),
    ("npm-shrinkwrap.json", "npm install --package-lock-only --ignore-scripts"),
    ("yarn.lock", "yarn install --ignore-scripts"),
    ("pnpm-lock.yaml", "pnpm install --lockfile-only --ignore-scripts"),
    ("Cargo.lock", "cargo update --package NAME --precise VERSION"),
    ("go.mod", "go mod tidy"),
    ("poetry.lock", "poetry lock"),
    ("uv.lock", "uv lock"),
    ("Pipfile.lock", "pipenv lock"),
    ("Gemfile.lock", "bundle lock"),
    ("composer.lock", "composer update --no-install --no-scripts NAME"),
];

/// Runs the command.
pub(super) fn run(args: &DepsArgs, global: Global) -> Outcome<Exit> {
    if !args.path.is_dir() {
        return Err(Failure::bad_input("input", format!("{} is no folder", text::path(&args.path))).into());
    }
    let folder = args.advisories.clone().or_else(advisories::default_folder);
    let store = folder.as_deref().map(advisories::open).transpose()?.filter(|store| !store.is_empty());
    let missing = || {
        Failure::bad_input("advisories", "there are no advisories on this machine: nothing is known to be vulnerable")
            .with_help("get them with `bartizan advisories update`, or name a folder of them with --advisories")
    };
    let store = store.ok_or_else(missing)?;

    let files = Files::read(args, global)?;
    let max_bump = match args.max_bump {
        BumpName::Patch => Bump::Patch,
        BumpName::Minor => Bump::Minor,
        BumpName::Major => Bump::Major,
    };
    let plan = upgrade::plan(&files.sources, &store, max_bump);
    match (args.format, args.dry_run) {
        (ListFormat::Json, _) => print(&format!("{}\n", as_json(&plan, args.write)))?,
        (ListFormat::Table, true) => print(&files.diff(&plan))?,
        (ListFormat::Table, false) => print(&table(&plan, args.write, global))?,
    }
    if args.write {
        files.write(&plan)?;
    }
    if !global.quiet {
        for (name, reason) in &files.unread {
            print_error(&format!("bartizan: not read: {}: {reason}\n", text::harmless(name)));
        }
    }
    Ok(if plan.unfixed.is_empty() { Exit::Success } else { Exit::Findings })
}

/// The files that name components.
struct Files {
    on_disk: BTreeMap<String, TextFile>,
    sources: Vec<SourceFile>,
    /// Those that could not be read, and why.
    unread: Vec<(String, String)>,
}

impl Files {
    fn read(args: &DepsArgs, global: Global) -> Outcome<Self> {
        let root = Root::of(&args.path)?;
        let input = InputArgs::of(args.path.clone());
        let inventory = InventoryArgs { input, policy: args.policy.clone(), run: args.run.clone() };
        let (report, folder) = inventory.take_with_folder(global)?;
        let mut files = Self { on_disk: BTreeMap::new(), sources: Vec::new(), unread: Vec::new() };
        for name in named(&report, &folder) {
            match root.read(&name) {
                Ok(file) => {
                    files.sources.push(SourceFile { path: name.clone(), text: file.text.clone() });
                    files.on_disk.insert(name, file);
                }
                Err(reason) => files.unread.push((name, reason)),
            }
        }
        Ok(files)
    }

    fn diff(&self, plan: &Plan) -> String {
        let diffs = plan.files.iter().filter_map(|changed| Some(self.on_disk.get(&changed.path)?.diff(&changed.path, &changed.text)));
        diffs.collect()
    }

    fn write(&self, plan: &Plan) -> Outcome<()> {
        let failures: Vec<Failure> =
            plan.files.iter().filter_map(|changed| self.on_disk.get(&changed.path)?.write(&changed.text).err()).collect();
        if failures.is_empty() { Ok(()) } else { Err(Failures(failures)) }
    }
}

/// The paths of all files that a report of components names, below the folder.
fn named(report: &Report, folder: &str) -> BTreeSet<String> {
    let locations = report.components.iter().flat_map(|component| &component.locations);
    locations.filter_map(|location| below(&location.artifact, folder).ok()).map(str::to_owned).collect()
}

fn as_json(plan: &Plan, is_written: bool) -> serde_json::Value {
    let upgrades: Vec<_> = plan
        .upgrades
        .iter()
        .map(|upgrade| {
            json!({
                "purl": upgrade.purl, "name": upgrade.name, "from": upgrade.from, "to": upgrade.to, "bump": upgrade.bump.as_str(),
                "advisories": upgrade.advisories, "files": upgrade.files, "overridden": upgrade.overridden,
            })
        })
        .collect();
    let unfixed: Vec<_> = plan
        .unfixed
        .iter()
        .map(|unfixed| {
            json!({"purl": unfixed.purl, "name": unfixed.name, "version": unfixed.version, "advisories": unfixed.advisories, "reason": unfixed.reason})
        })
        .collect();
    json!({"upgrades": upgrades, "unfixed": unfixed, "refresh": refreshing(plan), "is_written": is_written})
}

/// The commands that bring hashes up to date.
fn refreshing(plan: &Plan) -> Vec<String> {
    let mut commands = BTreeSet::new();
    for upgrade in &plan.upgrades {
        for file in &upgrade.files {
            let (folder, name) = file.rsplit_once('/').map_or((".", file.as_str()), |(folder, name)| (folder, name));
            let known = REFRESHING.iter().find(|(lock, _)| *lock == name);
            commands.extend(known.map(|(_, command)| {
                let command = command.replace("NAME", &upgrade.name).replace("VERSION", &upgrade.to);
                if folder == "." { command } else { format!("(cd {folder} && {command})") }
            }));
        }
    }
    commands.into_iter().collect()
}

fn table(plan: &Plan, is_written: bool, global: Global) -> String {
    let mut page = Page::new(Terminal::stdout(global.color));
    let n_columns =
        plan.upgrades.iter().map(|upgrade| upgrade.name.len()).chain(plan.unfixed.iter().map(|unfixed| unfixed.name.len())).max();
    let n_columns = n_columns.unwrap_or(0).min(40);
    if !plan.upgrades.is_empty() {
        page.heading(if is_written { "Upgraded" } else { "Can be upgraded" });
        for upgrade in &plan.upgrades {
            let over = if upgrade.overridden.is_empty() {
                String::new()
            } else {
                format!(", over what {} asks for", upgrade.overridden.join(", "))
            };
            let closes = shortened(&upgrade.advisories);
            let value = format!(
                "{} → {} ({}{over}) closes {closes}; {}",
                upgrade.from,
                upgrade.to,
                upgrade.bump.as_str(),
                upgrade.files.join(", ")
            );
            page.row(&upgrade.name, n_columns, &value);
        }
    }
    if !plan.unfixed.is_empty() {
        page.heading("Stays vulnerable");
        for unfixed in &plan.unfixed {
            let value = format!("{} {}: {}", unfixed.version, shortened(&unfixed.advisories), unfixed.reason);
            page.inked_row(&unfixed.name, n_columns, &value, Ink::Warning);
        }
    }
    let commands = refreshing(plan);
    if !commands.is_empty() {
        page.heading(if is_written { "Now take the new hashes" } else { "Afterwards, take the new hashes" });
        commands.iter().for_each(|command| page.verbatim(command));
    }
    page.gap();
    let files = count(to_u64(plan.files.len()), "file");
    let (verb, hint) = if is_written { ("changed", "") } else { ("would change", "; --write changes them, --dry-run shows how") };
    let hint = if plan.files.is_empty() { "" } else { hint };
    page.line(&format!("{}, {} left; {files} {verb}{hint}", count(to_u64(plan.upgrades.len()), "upgrade"), plan.unfixed.len()));
    page.finish()
}

/// The first names of a list, and how many more there are.
fn shortened(names: &[String]) -> String {
    const MAX_NAMES: usize = 4;
    let shown = names.iter().take(MAX_NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MAX_NAMES) {
        0 => shown,
        n_more => format!("{shown} and {n_more} more"),
    }
}
