use bartizan_core::Report;

use crate::{hostile, sample, support::export};

#[test]
fn hostile_texts_stay_texts() {
    let page = export("markdown", &hostile::report());
    let outside_of_code: String = page.split("```").step_by(2).collect();
    for forged in ["<script", "<img", "](javascript:", "\n## forged", " https://evil", " @octocat", " #1 "] {
        let found =
            outside_of_code.lines().filter(|line| !line.contains('`') || line.starts_with("<summary>")).any(|line| line.contains(forged));
        assert!(!found, "{forged}");
    }
    assert!(!page.lines().any(|line| line.starts_with("::")), "a workflow command");
}

#[test]
fn a_large_report_fits_into_the_summary_of_a_step() {
    let page = export("markdown", &sample::large(10_000));
    assert!(page.len() <= 1024 * 1024, "{}", page.len());
    assert!(900 * 1024 < page.len(), "{}", page.len());
    assert!(page.contains(" more findings** don't fit here"));
    assert!(page.contains("### Not analyzed (2)"));
}

#[test]
fn without_findings_it_says_so() {
    insta::assert_snapshot!(export("markdown", &Report { target: "shop".to_owned(), ..Report::default() }));
}

#[test]
fn a_report_in_markdown_reads_well() {
    insta::assert_snapshot!(export("markdown", &sample::shop()));
}
