//! Whose rules a file holds: YAML of ours and of Semgrep's are told apart by what stands in them.

use std::path::Path;

use bartizan_iac::{policy::checkov, rego::kics};

/// Whose rules a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// One rule for credentials, in YAML of ours.
    Bartizan,
    /// Configuration of gitleaks, in TOML.
    Gitleaks,
    /// Rules for code in Semgrep's format, ours included: YAML with the key `rules`.
    Semgrep,
    /// One policy of Checkov for infrastructure code, in YAML or JSON.
    Checkov,
    /// A module of Rego: checks of Trivy, policies of conftest, their libraries and tests.
    Rego,
    /// A part of queries of KICS: a query, what is known of it, a library, or data.
    Kics,
}

/// Keys of a rule for credentials. A file with two of them was meant to be one.
const KEYS: [&str; 10] = ["id", "title", "provider", "severity", "why", "revoke", "keywords", "pattern", "bad", "good"];

/// What a file of this name usually holds; nothing if it is no rule file.
pub(super) fn usual(path: &Path) -> Option<Dialect> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "yaml" | "yml" => Some(Dialect::Bartizan),
        "toml" => Some(Dialect::Gitleaks),
        "json" => Some(Dialect::Checkov),
        "rego" => Some(Dialect::Rego),
        _ => None,
    }
}

/// What a file holds, by its text; nothing if it holds no rules.
pub(super) fn of_content(path: &Path, text: &str) -> Option<Dialect> {
    let usual = usual(path)?;
    if matches!(usual, Dialect::Rego | Dialect::Checkov) && kics::is_part(&path.to_string_lossy(), text) {
        return Some(Dialect::Kics);
    }
    if usual == Dialect::Rego {
        return Some(usual);
    }
    if usual == Dialect::Checkov {
        return checkov::is_policy(text).then_some(usual);
    }
    if usual == Dialect::Gitleaks {
        let starts = ["[[rules]]", "[extend]", "[allowlist]", "[[allowlists]]", "rules"];
        let is_configuration = text.lines().any(|line| starts.iter().any(|start| line.trim_start().starts_with(start)));
        return is_configuration.then_some(Dialect::Gitleaks);
    }
    if has_key(text, "metadata") && has_key(text, "definition") || text.trim_start().starts_with('{') && checkov::is_policy(text) {
        return Some(Dialect::Checkov);
    }
    if 1 < KEYS.iter().filter(|name| has_key(text, name)).count() {
        return Some(Dialect::Bartizan);
    }
    // Roles of Kubernetes have `rules`, too, but those have no ids.
    let is_flow = text.trim_start().starts_with('{');
    let has_rules = has_key(text, "rules") || text.lines().any(|line| key_of(line.strip_prefix("- ").unwrap_or_default()) == Some("id"));
    let has_ids = || text.lines().any(|line| key_of(line.trim_start_matches(['-', ' ', '{', '[', ','])) == Some("id"));
    let is_semgrep =
        if is_flow || text.contains("rules: [") { bartizan_sast::rule::read(text).is_rule_file } else { has_rules && has_ids() };
    is_semgrep.then_some(Dialect::Semgrep)
}

/// Whether a line at the left margin starts with this key.
fn has_key(text: &str, name: &str) -> bool {
    text.lines().any(|line| key_of(line) == Some(name))
}

/// The key that a line starts with, without quotes.
fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_end();
    let is_key = rest.is_empty() || rest.starts_with([' ', '\t', '\r', '[', '{']);
    let unquoted = |quote: char| key.strip_prefix(quote).and_then(|key| key.strip_suffix(quote));
    is_key.then(|| unquoted('"').or_else(|| unquoted('\'')).unwrap_or(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, text: &str, expected: Option<Dialect>) {
        assert_eq!(of_content(Path::new(name), text), expected, "{text}");
    }

    #[test]
    fn rules_are_told_by_their_keys() {
        check("a.yaml", "id: x\ntitle: y\n", Some(Dialect::Bartizan));
        check("a.yaml", "rules:\n- id: x\n  pattern: y\n", Some(Dialect::Semgrep));
        check("a.yml", "# comment\n\"rules\":\n  - pattern: y\n    id: x\n", Some(Dialect::Semgrep));
        check("a.yaml", "- id: x\n  pattern: y\n", Some(Dialect::Semgrep));
        check("a.yaml", "{\"rules\": [{\"id\": \"x\"}]}", Some(Dialect::Semgrep));
        check("a.yaml", "rules: [{id: x}]\n", Some(Dialect::Semgrep));
        check("a.toml", "[[rules]]\nid = 'x'\n", Some(Dialect::Gitleaks));
        check("a.yaml", "metadata:\n  id: x\nscope:\n  provider: aws\ndefinition:\n  attribute: x\n", Some(Dialect::Checkov));
        check("a.json", "{\"metadata\": {}, \"definition\": {}}", Some(Dialect::Checkov));
        check("a.rego", "package main\n", Some(Dialect::Rego));
        check("x/query.rego", "# a\npackage Cx\n\nCxPolicy[r] { r := 1 }\n", Some(Dialect::Kics));
        check("x/metadata.json", "{\"id\": \"x\", \"queryName\": \"y\", \"platform\": \"Terraform\"}", Some(Dialect::Kics));
        check("x/common.rego", "package generic.common\n", Some(Dialect::Kics));
    }

    #[test]
    fn what_holds_no_rules_is_told_from_it() {
        check("role.yaml", "kind: ClusterRole\nrules:\n- apiGroups: ['']\n", None);
        check("pod.yaml", "kind: Pod\nmetadata:\n  name: x\n", None);
        check("package.json", "{\"name\": \"x\"}", None);
        check("metadata.json", "{\"name\": \"x\"}", None);
        check("serverless.yml", "provider:\n  name: aws\n", None);
        check("list.yaml", "- 1\n- 2\n", None);
        check("Cargo.toml", "[package]\nname = 'x'\n", None);
        check("readme.md", "rules:\n- id: x\n", None);
    }
}
