use bartizan_core::Report;
use bartizan_formats::EXPORTERS;

use crate::{hostile, sample, support::export};

#[test]
fn the_same_report_gives_the_same_bytes() {
    for exporter in EXPORTERS {
        let name = exporter.id().0;
        assert_eq!(export(name, &sample::shop()), export(name, &sample::shop()), "{name}");
    }
}

#[test]
fn no_format_tells_where_on_the_machine_the_tree_was() {
    for exporter in EXPORTERS {
        assert!(!export(exporter.id().0, &sample::shop()).contains("/home/ada"), "{}", exporter.id());
    }
}

#[test]
fn a_value_is_written_only_by_the_formats_that_say_so() {
    for exporter in EXPORTERS {
        let report = export(exporter.id().0, &hostile::report());
        assert_eq!(report.contains(hostile::VALUE), exporter.carries_values(), "{}", exporter.id());
    }
}

#[test]
fn no_value_is_written_if_the_report_holds_none() {
    let mut report = hostile::report();
    for finding in &mut report.findings {
        if let Some(bartizan_core::Subject::Secret(secret)) = &mut finding.subject {
            secret.value = None;
        }
    }
    for exporter in EXPORTERS {
        assert!(!export(exporter.id().0, &report).contains("\"value\": null"), "{}", exporter.id());
        assert!(!export(exporter.id().0, &report).contains(hostile::VALUE), "{}", exporter.id());
    }
}

#[test]
fn no_format_writes_characters_that_steer() {
    for exporter in EXPORTERS {
        let name = exporter.id().0;
        let report = export(name, &hostile::report());
        let is_wanted = |character: char| match character {
            '\n' => true,
            '\r' => name == "csv",
            '\t' => matches!(name, "html" | "junit" | "markdown"),
            // JSON has the exact text for programs; it escapes only what JSON must.
            '\u{202e}' | '\u{85}' | '\u{fffe}' | '\u{7f}' => matches!(name, "json" | "jsonl" | "sarif" | "semgrep-json"),
            _ => !character.is_control(),
        };
        let unwanted: Vec<char> = report.chars().filter(|character| !is_wanted(*character)).collect();
        assert!(unwanted.is_empty(), "{name}: {unwanted:?}");
    }
}

#[test]
fn an_empty_report_is_written_in_every_format() {
    for exporter in EXPORTERS {
        assert!(!export(exporter.id().0, &Report::default()).is_empty(), "{}", exporter.id());
    }
}
