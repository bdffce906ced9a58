use bartizan_core::Report;
use serde_json::Value;

use crate::{
    hostile, sample,
    support::{context, export, export_with},
};

/// The page without the style sheet and the script, which are ours.
fn markup(page: &str) -> String {
    let mut rest = page.to_owned();
    for (start, end) in [("<style>", "</style>"), ("<script>", "</script>")] {
        let (before, after) = rest.split_once(start).unwrap();
        let (_, after) = after.split_once(end).unwrap();
        rest = format!("{before}{after}");
    }
    rest
}

fn facts(page: &str) -> Vec<Value> {
    let (_, after) = page.split_once("id=\"facts\">").unwrap();
    serde_json::from_str(after.split_once("</script>").unwrap().0).unwrap()
}

#[test]
fn nothing_is_loaded_and_nothing_hostile_runs() {
    for report in [sample::shop(), hostile::report()] {
        let page = export("html", &report);
        let markup = markup(&page);
        assert_eq!(page.matches("<script").count(), 2, "ours, and the data");
        for tag in markup.split('<').skip(1).map(|part| part.split('>').next().unwrap()) {
            let name = tag.trim_start_matches('/').split(' ').next().unwrap();
            assert!(!["img", "link", "iframe", "object", "base", "style"].contains(&name), "{tag}");
            // Outside of quotes there are the names of attributes.
            let names: String = tag.split('"').step_by(2).collect();
            assert!(![" on", " src=", " style="].iter().any(|forbidden| names.contains(forbidden)), "{tag}");
            let is_harmless = |address: &str| address.starts_with('#') || address.starts_with("https://");
            assert!(tag.split("href=\"").skip(1).all(is_harmless), "{tag}");
        }
        assert!(page.contains("default-src 'none'"));
    }
}

#[test]
fn elements_nest() {
    const VOID: [&str; 3] = ["meta", "input", "!doctype"];
    for report in [sample::shop(), hostile::report(), Report::default()] {
        let mut open: Vec<String> = Vec::new();
        for part in markup(&export("html", &report)).split('<').skip(1) {
            let tag = part.split('>').next().unwrap();
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop().as_deref(), Some(name));
            } else {
                let name = tag.split([' ', '/']).next().unwrap();
                if !VOID.contains(&name) && !tag.ends_with('/') {
                    open.push(name.to_owned());
                }
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }
}

#[test]
fn the_data_is_in_the_order_of_the_cards() {
    let page = export("html", &sample::shop());
    let rules: Vec<String> = facts(&page).iter().map(|fact| fact["rule"].as_str().unwrap().to_owned()).collect();
    let cards: Vec<&str> = page.split("<dt>Rule</dt><dd><code>").skip(1).map(|rest| rest.split('<').next().unwrap()).collect();
    assert_eq!(rules, cards);
    assert_eq!(facts(&export("html", &hostile::report())).len(), 4);
}

#[test]
fn everything_is_there_without_the_script() {
    let page = markup(&export_with("html", &sample::shop(), &context(bartizan_formats::Occurrences::Related)));
    for text in [
        "12 open findings, 5 of them critical or high.",
        "<mark>AKIA****</mark>",
        "Deactivate the key in IAM first",
        "20 characters of Base32 after AKIA",
        "docs/runbook.md:203:22",
        "agreed with the security team",
        "the archive is encrypted",
        "2026-11-25 09:46:40 UTC",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(page.contains("<form id=\"filters\" class=\"filters\" role=\"search\" aria-label=\"Filter the findings\" hidden>"));
}

#[test]
fn a_large_report_stays_small_enough_to_open() {
    let page = export("html", &sample::large(10_000));
    assert_eq!(page.matches("<article class=\"card\"").count(), 10_000);
    assert_eq!(page.matches("<pre class=\"code\"").count(), 1_000);
    assert!(page.len() < 10 * 1024 * 1024, "{}", page.len());
}

#[test]
fn a_scan_without_findings_says_so() {
    let page = export("html", &Report::default());
    assert!(page.contains("No open findings.") && page.contains("Nothing was found that asks for action."));
}
