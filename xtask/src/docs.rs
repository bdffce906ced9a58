//! `cargo xtask docs`: the generated part of the book, from the program itself.

mod configuration;

use anyhow::Result;

use crate::{
    arguments::Arguments,
    cargo::{build_bartizan, output},
    project::Project,
    step::say,
};

/// A generated page, and the arguments of the program that prints what it is made of.
struct Page {
    path: &'static str,
    sources: &'static [&'static [&'static str]],
    make: fn(&[String]) -> Result<String>,
}

const PAGES: &[Page] = &[
    Page { path: "docs/reference/cli.md", sources: &[&["docs", "cli"]], make: as_it_is },
    Page { path: "docs/reference/rules.md", sources: &[&["docs", "rules"]], make: as_it_is },
    Page { path: "docs/reference/diagnostics.md", sources: &[&["docs", "diagnostics"]], make: as_it_is },
    Page {
        path: "docs/reference/configuration.md",
        sources: &[&["config", "schema", "repository"], &["config", "schema", "policy"]],
        make: configuration::page,
    },
    Page { path: "schemas/config-1.schema.json", sources: &[&["config", "schema", "repository"]], make: as_it_is },
    Page { path: "schemas/policy-1.schema.json", sources: &[&["config", "schema", "policy"]], make: as_it_is },
];

/// Writes the pages, or compares them under `--check`.
pub(crate) fn run(project: &Project, mut arguments: Arguments) -> Result<bool> {
    let is_check = arguments.flag("--check");
    arguments.finish()?;
    if is_check {
        return compare(project);
    }
    for (path, text) in generate(project)? {
        project.write(path, &text)?;
        say(&format!("wrote {path}"));
    }
    Ok(true)
}

/// Whether the committed pages are what the program would say now.
pub(crate) fn compare(project: &Project) -> Result<bool> {
    let pages = generate(project)?;
    let is_current = |path: &str, text: &str| project.read(path).is_ok_and(|committed| committed == text);
    let stale: Vec<_> = pages.iter().filter(|(path, text)| !is_current(path, text)).collect();
    for (path, _) in &stale {
        say(&format!("{path} is out of date: run `cargo xtask docs`"));
    }
    Ok(stale.is_empty())
}

fn generate(project: &Project) -> Result<Vec<(&'static str, String)>> {
    let program = build_bartizan(project, false)?;
    let mut pages = Vec::new();
    for page in PAGES {
        let mut sources = Vec::new();
        for arguments in page.sources {
            sources.push(output(std::process::Command::new(&program).args(*arguments))?);
        }
        pages.push((page.path, (page.make)(&sources)?));
    }
    Ok(pages)
}

#[expect(clippy::unnecessary_wraps, reason = "it has the signature of pages that can't always be made")]
fn as_it_is(sources: &[String]) -> Result<String> {
    Ok(sources.concat())
}
