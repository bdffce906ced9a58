//! A module of Rego and a document that its rules are asked about: the two are parted by a zero byte.

#![no_main]

use std::time::Duration;

use bartizan_core::ArtifactPath;
use bartizan_iac::{
    PolicyText,
    rego::{Bundle, Files, Input, Limits, module::Module, suite},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (module, document) = text.split_once('\0').unwrap_or((text, "{}"));
    let input = serde_json::from_str(document).unwrap_or(serde_json::Value::Null);
    let known = Module::read(module);
    let mut bundle = Bundle::new(Limits { time: Duration::from_millis(50), ..Limits::default() }).with_time(0);
    bundle.add_module("p.rego", module);
    bundle.compile();
    let mut evaluator = bundle.evaluator();
    evaluator.set_shared_input(&Input::new(&input));
    for (rule, _) in known.rules.iter().take(8) {
        let _ = evaluator.eval(&format!("data.{}.{rule}", known.package));
    }
    let file = PolicyText { origin: ArtifactPath::from("p_test.rego"), text: module.to_owned() };
    let _ = suite::run(&Files { modules: vec![file], data: Vec::new() }, 0);
});
