//! Pages of the book and links between files: all pages are in the table of contents, no link leads nowhere.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;

use crate::{project::Project, step::say};

/// The table of contents.
const SUMMARY: &str = "docs/SUMMARY.md";

/// Checks every page of the book, and the pages at the top of the checkout.
pub(super) fn check(project: &Project) -> Result<bool> {
    let mut pages = Vec::new();
    collect(&project.root.join("docs"), &mut pages)?;
    let summary = project.read(SUMMARY)?;
    let mut problems = Vec::new();
    for page in &pages {
        let in_docs = page.strip_prefix(project.root.join("docs")).unwrap_or(page).to_string_lossy().replace('\\', "/");
        if in_docs != "SUMMARY.md" && !summary.contains(&format!("({in_docs})")) {
            problems.push(format!("{SUMMARY} does not list {in_docs}"));
        }
    }
    for entry in fs::read_dir(&project.root)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    for page in &pages {
        let text = fs::read_to_string(page)?;
        let folder = page.parent().unwrap_or(&project.root);
        let shown = page.strip_prefix(&project.root).unwrap_or(page).display();
        for link in links(&text).into_iter().filter(|link| !folder.join(link).exists()) {
            problems.push(format!("{shown}: `{link}` leads nowhere"));
        }
    }
    problems.iter().for_each(|problem| say(problem));
    Ok(problems.is_empty())
}

fn collect(folder: &Path, pages: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // mdBook's output.
        if path.is_dir() && !path.ends_with("docs/book") {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    Ok(())
}

/// The files that a page of Markdown links to, without anchors; what stands in code is no link.
fn links(text: &str) -> Vec<String> {
    let mut is_code = false;
    let mut links = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        // Every second piece between back-quotes is code.
        for prose in line.split('`').step_by(2).filter(|_| !is_code) {
            for after in prose.split("](").skip(1) {
                let Some((target, _)) = after.split_once(')') else { continue };
                let file = target.split('#').next().unwrap_or_default();
                if !file.is_empty() && !file.contains("://") && !file.starts_with("mailto:") {
                    links.push(file.to_owned());
                }
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_files_are_found() {
        let text = "[a](b.md#c) and [d](https://e) ![f](g/h.svg) [i](#j) `[k](l)`\n```\n[m](n)\n```\n[o `p`](q.md)";
        assert_eq!(links(text), ["b.md", "g/h.svg", "q.md"]);
    }
}
