//! `.helmignore`: which files are no part of a chart.

use crate::helm::pattern::Glob;

/// The rules of a file, in order.
#[derive(Debug, Default)]
pub(super) struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    pattern: Glob,
    is_negated: bool,
    is_folder: bool,
    /// Whether the whole path is matched, and not the name only.
    is_path: bool,
}

impl Rules {
    /// Reads rules. Lines that are none are left out.
    pub(super) fn parse(text: &str) -> Self {
        let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
        Self { rules: lines.filter(|line| !line.is_empty() && !line.starts_with('#') && !line.contains("**")).map(Rule::parse).collect() }
    }

    /// Whether a file, or a folder that it is in, is ignored.
    pub(super) fn ignores(&self, path: &str) -> bool {
        let folders = path.match_indices('/').filter_map(|(at, _)| path.get(..at));
        folders.into_iter().any(|folder| self.is_ignored(folder, Is::Folder)) || self.is_ignored(path, Is::File)
    }

    fn is_ignored(&self, path: &str, is: Is) -> bool {
        for rule in &self.rules {
            let is_match = || rule.matches(path);
            if rule.is_negated {
                if rule.is_folder && is == Is::File || !is_match() {
                    return true;
                }
            } else if (is == Is::Folder || !rule.is_folder) && is_match() {
                return true;
            }
        }
        false
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Is {
    File,
    Folder,
}

impl Rule {
    fn parse(line: &str) -> Self {
        let (is_negated, line) = line.strip_prefix('!').map_or((false, line), |line| (true, line));
        let (is_folder, line) = line.strip_suffix('/').map_or((false, line), |line| (true, line));
        let is_path = line.contains('/');
        Self { pattern: Glob::of_path(line.strip_prefix('/').unwrap_or(line)), is_negated, is_folder, is_path }
    }

    fn matches(&self, path: &str) -> bool {
        let subject = if self.is_path { path } else { path.rsplit('/').next().unwrap_or(path) };
        self.pattern.matches(subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_those_of_helm() {
        let check = |rules: &str, path: &str, expected: bool| assert_eq!(Rules::parse(rules).ignores(path), expected, "{rules:?} {path}");
        check("ci/\n*.swp\n", "ci/a.yaml", true);
        check("ci/\n", "templates/ci", false);
        check("*.swp\n", "templates/a.swp", true);
        check("/a.txt\n", "b/a.txt", false);
        check("a/*.txt\n", "a/b.txt", true);
        check("# x\n\n", "x", false);
    }
}
