//! The `bartizan` command: arguments, terminal output, exit codes.
//!
//! This crate alone prints, reads the environment and knows the time. What it prints is made by pure functions of a
//! report and a width; what it does is one file a command, in `command/`.

mod advisories;
mod args;
mod bug;
mod catalog;
mod code_line;
mod command;
mod engines;
mod exit;
mod failure;
mod gitleaks_rules;
mod http;
mod iac_policies;
mod identity;
mod inventory;
mod k8s;
mod output;
mod page;
mod places;
mod progress;
mod rule_cache;
mod rule_files;
mod run;
mod sast_rules;
mod session;
mod snippet;
mod source_texts;
mod store;
mod style;
mod suggestion;
mod table;
mod terminal;
mod text;
mod threads;
mod vex_files;

use std::process::ExitCode;

/// Scans allocate many small things on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bug::guarded(run::run).into()
}
