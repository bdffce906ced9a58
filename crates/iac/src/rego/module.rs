//! What a module says of itself, read without compiling it: its package, its rules, what it imports, its annotations.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_core::Severity;
use bartizan_source::document::{self, Node};

/// A module, as far as it can be told from its text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// The path of its package: `builtin.kubernetes.KSV001`.
    pub package: String,
    /// Packages and data that it imports, without `data.`.
    pub imports: BTreeSet<String>,
    /// The names under which it knows them.
    pub aliases: BTreeMap<String, String>,
    /// The rules that stand at the left margin, and the lines of their first heads, from 1, in order.
    pub rules: Vec<(String, u32)>,
    /// What is annotated about the package.
    pub about: Option<Annotation>,
    /// What is annotated about rules, by name.
    pub of_rules: Vec<(String, Annotation)>,
}

/// An annotation: a comment that starts with `METADATA`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Annotation {
    /// `custom.id` or `custom.avd_id`.
    pub id: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `custom.severity`.
    pub severity: Option<Severity>,
    /// `custom.recommended_action`.
    pub action: Option<String>,
    /// `custom.aliases` and `custom.avd_id`.
    pub aliases: Vec<String>,
    /// Addresses in `related_resources`.
    pub references: Vec<String>,
    /// `custom.input.selector`.
    pub selectors: Vec<Selector>,
    /// Whether it says that it is a library.
    pub is_library: bool,
    /// Whether there is a `custom` part at all.
    pub is_custom: bool,
}

/// Inputs that a check wants.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Selector {
    /// `kubernetes`, `dockerfile`, `cloud`, ….
    pub input: String,
    /// The kinds of manifests, in lower case; all if there are none.
    pub kinds: Vec<String>,
}

/// Words that stand at the left margin and are no rules.
const KEYWORDS: &[&str] =
    &["package", "import", "default", "else", "if", "not", "some", "every", "with", "as", "in", "true", "false", "null"];

impl Module {
    /// Reads what can be told.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut module = Self::default();
        let mut comment: Option<Vec<&str>> = None;
        let mut waiting: Vec<Annotation> = Vec::new();
        for (number, line) in (1u32..).zip(text.trim_start_matches('\u{feff}').lines()) {
            if line.trim_start().starts_with('#') {
                let said = line.trim_start().trim_start_matches('#');
                match &mut comment {
                    Some(lines) => lines.push(said),
                    None if said.trim() == "METADATA" => comment = Some(Vec::new()),
                    None => {}
                }
                continue;
            }
            if let Some((annotation, is_of_package)) = comment.take().map(|lines| annotation(&lines)) {
                if is_of_package {
                    module.about.get_or_insert(annotation);
                } else {
                    waiting.push(annotation);
                }
            }
            module.line(line, number, &mut waiting);
        }
        module
    }

    fn line(&mut self, line: &str, number: u32, waiting: &mut Vec<Annotation>) {
        let Some((word, rest)) = first_word(line) else { return };
        match word {
            "package" if self.package.is_empty() => {
                self.package = path(rest);
                if let Some(annotation) = waiting.pop() {
                    self.about.get_or_insert(annotation);
                }
            }
            "import" => {
                let path = path(rest);
                let Some(path) = path.strip_prefix("data.") else { return };
                let named = rest.split_once(" as ").map(|(_, name)| name.trim()).and_then(first_word).map(|(name, _)| name);
                let name = named.or_else(|| path.rsplit('.').next()).unwrap_or_default();
                self.aliases.insert(name.to_owned(), path.to_owned());
                self.imports.insert(path.to_owned());
            }
            "default" => {
                if let Some((name, _)) = first_word(rest.trim_start()) {
                    self.rule(name, number, waiting);
                }
            }
            word if KEYWORDS.contains(&word) => {}
            word if rest.is_empty() || rest.starts_with([' ', '\t', '[', '(', '{', '.', ':', '=']) => self.rule(word, number, waiting),
            _ => {}
        }
    }

    fn rule(&mut self, name: &str, number: u32, waiting: &mut Vec<Annotation>) {
        if !self.has_rule(name) {
            self.rules.push((name.to_owned(), number));
        }
        self.of_rules.extend(waiting.drain(..).map(|annotation| (name.to_owned(), annotation)));
    }

    /// Whether it has a rule of this name.
    #[must_use]
    pub fn has_rule(&self, name: &str) -> bool {
        self.rules.iter().any(|(known, _)| known == name)
    }

    /// What is annotated about a rule.
    #[must_use]
    pub fn of_rule(&self, name: &str) -> Option<&Annotation> {
        self.of_rules.iter().find(|(of, _)| of == name).map(|(_, annotation)| annotation)
    }

    /// The line of a rule's first head, from 1.
    #[must_use]
    pub fn line_of(&self, name: &str) -> u32 {
        self.rules.iter().find(|(known, _)| known == name).map_or(1, |(_, line)| *line)
    }
}

/// The name that a line starts with, and what follows it.
fn first_word(line: &str) -> Option<(&str, &str)> {
    let end = line.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(line.len());
    let (word, rest) = line.split_at_checked(end)?;
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some((word, rest))
}

/// A path in a line of `package` or `import`, without what follows it.
fn path(rest: &str) -> String {
    let rest = rest.split(['#', ';']).next().unwrap_or_default();
    rest.split_whitespace().next().unwrap_or_default().to_owned()
}

/// What the lines of a comment say, and whether that is of the package by its own word.
fn annotation(lines: &[&str]) -> (Annotation, bool) {
    let margin =
        lines.iter().filter(|line| !line.trim().is_empty()).map(|line| line.len() - line.trim_start().len()).min().unwrap_or_default();
    let text: Vec<&str> = lines.iter().map(|line| line.get(margin..).unwrap_or_default()).collect();
    let text = text.join("\n");
    let document = document::parse_yaml(&text);
    let Some(root) = document.root else { return (Annotation::default(), false) };
    let texts =
        |node: Option<&Node<'_>>| node.map(|node| node.items().iter().filter_map(Node::scalar).map(str::to_owned).collect::<Vec<_>>());
    let one = |node: &Node<'_>, names: &[&str]| {
        names
            .iter()
            .find_map(|name| node.get(name).and_then(Node::scalar))
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let mut annotation = Annotation { title: one(&root, &["title"]), description: one(&root, &["description"]), ..Annotation::default() };
    let related = root.get("related_resources").map(Node::items).unwrap_or_default().iter();
    annotation.references = related.filter_map(|node| node.scalar().or_else(|| node.text_of("ref")).map(str::to_owned)).collect();
    if let Some(custom) = root.get("custom") {
        annotation.is_custom = true;
        annotation.is_library = custom.is_true("library");
        annotation.id = one(custom, &["id", "avd_id", "short_code"]);
        annotation.severity = one(custom, &["severity"]).and_then(|severity| severity_of(&severity));
        annotation.action = one(custom, &["recommended_action", "recommended_actions"]);
        annotation.aliases = texts(custom.get("aliases")).unwrap_or_default();
        annotation.aliases.extend(one(custom, &["avd_id"]));
        annotation.aliases.sort();
        annotation.aliases.dedup();
        annotation.aliases.retain(|alias| annotation.id.as_ref() != Some(alias));
        let selectors = custom.get("input").and_then(|input| input.get("selector")).map(Node::items).unwrap_or_default();
        annotation.selectors = selectors.iter().map(selector).collect();
    }
    (annotation, matches!(root.text_of("scope"), Some("package" | "subpackages")))
}

fn selector(node: &Node<'_>) -> Selector {
    let kinds = node.get("subtypes").map(Node::items).unwrap_or_default().iter();
    Selector {
        input: node.get("type").and_then(Node::scalar).unwrap_or_default().to_ascii_lowercase(),
        kinds: kinds.filter_map(|subtype| subtype.get("kind").and_then(Node::scalar)).map(str::to_ascii_lowercase).collect(),
    }
}

/// The severities of annotations, in any case; `UNKNOWN` is none.
pub(super) fn severity_of(text: &str) -> Option<Severity> {
    match text.to_ascii_lowercase().as_str() {
        "error" | "violation" => Some(Severity::High),
        "warning" | "warn" => Some(Severity::Low),
        other => other.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_module_says_of_itself_is_read() {
        let text = "# METADATA\n# title: \"No: roots\"\n# related_resources:\n# - https://example.com\n# custom:\n#   id: X-1\n#   avd_id: AVD-X-1\n\
            #   severity: HIGH\n#   input:\n#     selector:\n#     - type: kubernetes\n#       subtypes:\n#         - kind: Pod\npackage user.x\n\n\
            import rego.v1\nimport data.lib.a as b # why\n\ndefault allow := false\n\n# METADATA\n# title: of a rule\ndeny contains msg if {\n\tmsg := \"x\"\n}\n\nhelper(x) = 1\n";
        let module = Module::read(text);
        assert_eq!(module.package, "user.x");
        assert_eq!(module.imports.iter().collect::<Vec<_>>(), ["lib.a"]);
        assert_eq!(
            module.rules.iter().map(|(name, line)| (name.as_str(), *line)).collect::<Vec<_>>(),
            [("allow", 19), ("deny", 23), ("helper", 27)]
        );
        let about = module.about.clone().unwrap();
        assert_eq!((about.id.as_deref(), about.title.as_deref()), (Some("X-1"), Some("No: roots")));
        assert_eq!((about.severity, about.aliases.as_slice()), (Some(Severity::High), ["AVD-X-1".to_owned()].as_slice()));
        assert_eq!(about.selectors, [Selector { input: "kubernetes".to_owned(), kinds: vec!["pod".to_owned()] }]);
        assert_eq!(module.of_rule("deny").and_then(|annotation| annotation.title.as_deref()), Some("of a rule"));
    }

    #[test]
    fn a_comment_that_is_no_annotation_is_none() {
        let module =
            Module::read("# METADATA\n# title: [broken\npackage a.b\n# x\ndeny[msg] { msg := 1 }\nwarn_it[msg] { true }\n  inner = 1\n");
        assert_eq!(module.package, "a.b");
        assert!(module.has_rule("deny") && module.has_rule("warn_it") && !module.has_rule("inner"));
    }
}
