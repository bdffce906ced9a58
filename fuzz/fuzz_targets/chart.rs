//! A template of a Helm chart, and the map of what it renders.

#![no_main]

use bartizan_iac::helm::{File, Options, render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (values, template) = text.split_once('\0').unwrap_or(("", text));
    let files = [
        File { path: "Chart.yaml", text: "apiVersion: v2\nname: c\nversion: 1.0.0\n" },
        File { path: "values.yaml", text: values },
        File { path: "templates/t.yaml", text: template },
    ];
    let rendered = render(&files, &[], &Options::default());
    for document in &rendered.documents {
        for at in 0..=document.text.len() {
            let _ = document.map.origin(at);
        }
    }
});
