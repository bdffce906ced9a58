//! The secrets engine with its built-in rules, on texts of every syntax.

#![no_main]

use std::sync::LazyLock;

use bartizan_core::IdentityKey;
use bartizan_secrets::{Options, SecretsEngine};
use bartizan_source::{Analyzer as _, FileInfo, FileView, Reporter};
use libfuzzer_sys::fuzz_target;

static ENGINE: LazyLock<SecretsEngine> = LazyLock::new(|| SecretsEngine::built_in(Options::new(IdentityKey::new([0; 32]))));
const NAMES: [&str; 10] = ["a", "a.py", "a.js", "a.json", "a.sh", ".env", "a.yaml", "a.xml", ".netrc", "a.md"];

fuzz_target!(|data: (u8, &str)| {
    let (choice, text) = data;
    let name = NAMES[usize::from(choice) % NAMES.len()];
    let info = FileInfo::new(name.into(), text.len() as u64);
    let mut report = Reporter::default();
    ENGINE.visit(&FileView::new(&info, text.as_bytes(), Some(text)), &mut report);
});
