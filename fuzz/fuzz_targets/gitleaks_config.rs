//! gitleaks' configuration files.

#![no_main]

use bartizan_secrets::gitleaks::config::{Options, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    // A configuration that extends itself must come to an end.
    let options = Options { read_file: &|_| Ok(text.to_owned()), default_config: None };
    let _ = read("gitleaks.toml", text, &options);
});
