//! What runs when a package is installed or built.

mod script;

use std::collections::BTreeSet;

use bartizan_core::{Confidence, Severity};

use super::{About, Draft, File, listed, packages};
use crate::{Package, Remark};

pub(super) static LISTED: About = About {
    id: "install-script",
    title: "Packages that run a program when they are installed",
    severity: Severity::Info,
    confidence: Confidence::High,
    why: "Such a program runs on every developer's machine and in CI, before anything of the package is used, with all that can be reached from there. Malicious versions use it first.",
    how_to_fix: "Run no scripts (`npm ci --ignore-scripts`, `enableScripts: false` in yarn), and allow the few packages that need theirs: `onlyBuiltDependencies` in pnpm, `dependenciesMeta` in yarn, `trustedDependencies` in bun.",
    cwe: 829,
    references: &["https://docs.npmjs.com/cli/v11/using-npm/scripts#life-cycle-scripts"],
};

pub(super) static RISKY: About = About {
    id: "risky-install-script",
    title: "Program that fetches and runs code while a package is installed or built",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    why: "What is fetched is in no lock file, and nothing says what it must be: whoever controls the address, or the way there, runs code on every machine that installs or builds this.",
    how_to_fix: "Ship what is needed within the package, or take it from a registry as a dependency. If it must be fetched, compare it with a hash that stands in the source before it runs.",
    cwe: 494,
    references: &[],
};

pub(super) fn look(file: &File<'_>, drafts: &mut Vec<Draft>) {
    let runs = |package: &&Package| package.remarks.contains(&Remark::InstallScript);
    let found: Vec<&Package> = file.inventory.packages.iter().filter(runs).collect();
    if !found.is_empty() {
        // A package may be there in several versions.
        let names: BTreeSet<&str> = found.iter().map(|package| package.name.as_str()).collect();
        let verb = if names.len() == 1 { "runs" } else { "run" };
        let message = format!("{} {verb} a program when installed: {}", packages(names.len()), listed(names.iter().copied()));
        let places = found.iter().map(|package| file.place(package)).collect();
        drafts.push(Draft::new(&LISTED, message, places).because("the lock file says so").known_by([file.folder(), file.kind]));
    }
    for risk in script::risks(file.kind, file.text()) {
        let message = format!("{} {}", risk.what, risk.does);
        let draft = Draft::new(&RISKY, message, vec![file.view.location(risk.range)]);
        drafts.push(draft.because(risk.does).known_by([&file.view.path().to_string(), &risk.what, risk.does]));
    }
}
