//! Fixes that the condition of a rule tells: an attribute that must be one literal is written so.
//!
//! A literal is replaced only where exactly that literal stands in the block: a value that comes from a variable, a default or a
//! template is somebody else's, too. An attribute that is left out is added to blocks of Terraform alone, where its name is the one
//! that rules know. All of these fixes want a look: what is deployed may be replaced by what is written then.

use std::sync::Arc;

use bartizan_core::{ByteRange, Edit, Fix, FixSafety};

use crate::{Failure, Format, Kind, Place, Resource, ResourceId, Value, project::Project, value::number_text};

/// A change of one attribute that makes a condition hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// The attribute's own name.
    pub name: Arc<str>,
    /// What it must be.
    pub literal: Literal,
    /// Where it is written.
    pub target: Target,
}

/// A value that is written without any other.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number(f64),
    /// A text of one line, without anything that has a meaning in a notation.
    Text(Arc<str>),
}

/// Where an attribute is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// Instead of this literal, which stands here.
    Instead(Literal, Place),
    /// In this block, which lacks it; in that of the resource where none is named.
    In(Option<Place>),
}

/// How texts are written in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Notation {
    Hcl,
    Json,
    Yaml,
}

impl Literal {
    /// The literal that a value is; nothing for lists, maps and what is not known.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match &value.kind {
            Kind::Boolean(is_true) => Some(Self::Boolean(*is_true)),
            Kind::Number(number) => Some(Self::Number(*number)),
            Kind::Text(text) if is_plain(text) => Some(Self::Text(Arc::clone(text))),
            Kind::Null | Kind::Text(_) | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) | Kind::OneOf(_) => None,
        }
    }

    fn spelled(&self) -> String {
        match self {
            Self::Boolean(is_true) => is_true.to_string(),
            Self::Number(number) => number_text(*number),
            Self::Text(text) => text.to_string(),
        }
    }

    fn written(&self, notation: Notation) -> String {
        match self {
            // Words that begin with a letter and are no truth values need no quotes in YAML.
            Self::Text(text) if notation == Notation::Yaml && is_word(text) => text.to_string(),
            Self::Text(text) => format!("\"{text}\""),
            Self::Boolean(_) | Self::Number(_) => self.spelled(),
        }
    }
}

fn is_plain(text: &str) -> bool {
    let is_harmless = |character: char| character.is_ascii_alphanumeric() || "-_./:+ ".contains(character);
    !text.is_empty() && text.chars().all(is_harmless)
}

fn is_word(text: &str) -> bool {
    const SPECIAL: &[&str] = &["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let is_letter = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(is_letter)
        && !SPECIAL.contains(&text.to_lowercase().as_str())
}

impl Notation {
    fn of(path: &str) -> Self {
        match path.rsplit('.').next() {
            Some("tf" | "tofu" | "hcl") => Self::Hcl,
            Some("json" | "template") => Self::Json,
            _ => Self::Yaml,
        }
    }
}

/// The fix of what fails in a block; nothing unless all its instances want the same, and the text allows it.
#[must_use]
pub(crate) fn fix_of(failures: &[(ResourceId, Failure)], resource: &Resource, project: &Project<'_>) -> Option<Fix> {
    let (_, first) = failures.first()?;
    if first.repairs.is_empty() || failures.iter().any(|(_, failure)| failure.repairs != first.repairs) {
        return None;
    }
    let edits: Option<Vec<Edit>> = first.repairs.iter().map(|repair| edit(repair, resource, project)).collect();
    let mut edits = edits?;
    edits.sort_by(|one, other| one.range.cmp(&other.range).then_with(|| one.replacement.cmp(&other.replacement)));
    edits.dedup();
    let mut changes: Vec<String> =
        first.repairs.iter().map(|repair| format!("`{}` to `{}`", repair.name, repair.literal.spelled())).collect();
    changes.sort();
    changes.dedup();
    let description = format!("Set {}", changes.join(" and "));
    Some(Fix { description, safety: FixSafety::NeedsReview, edits })
}

fn edit(repair: &Repair, resource: &Resource, project: &Project<'_>) -> Option<Edit> {
    match &repair.target {
        Target::Instead(old, place) => {
            let is_in_block = place.file == resource.block.file && resource.block.start <= place.start && place.end <= resource.block.end;
            let file = project.files.get(place.file as usize).filter(|_| is_in_block)?;
            let notation = Notation::of(file.path.as_str()?);
            let (range, replacement) = instead(file.text, place.range(), old, &repair.literal, notation)?;
            Some(Edit { artifact: file.path.clone(), range, replacement })
        }
        Target::In(block) => {
            let block = block.unwrap_or(resource.block);
            let file = project.files.get(block.file as usize).filter(|_| block.file == resource.block.file)?;
            let is_hcl = resource.format == Format::Terraform && Notation::of(file.path.as_str()?) == Notation::Hcl;
            // What repeats a block holds the block in another one.
            let repeats = file.text.get(block.range().start()..).is_some_and(|text| text.starts_with("dynamic"));
            let is_within = resource.block.start <= block.start && block.end <= resource.block.end && !repeats;
            let line = format!("{} = {}", repair.name, repair.literal.written(Notation::Hcl));
            let (range, replacement) = (is_hcl && is_within).then(|| inside(file.text, block.range(), &line)).flatten()?;
            Some(Edit { artifact: file.path.clone(), range, replacement })
        }
    }
}

/// A literal in place of another one, with the quotes that this has.
fn instead(text: &str, range: ByteRange, old: &Literal, new: &Literal, notation: Notation) -> Option<(ByteRange, String)> {
    let here = text.get(range.start()..range.end())?;
    if here == old.spelled() {
        let is_quoted = text.get(..range.start()).is_some_and(|before| before.ends_with(['"', '\'']));
        return Some((range, if is_quoted { new.spelled() } else { new.written(notation) }));
    }
    // The place of a field may start at its name.
    let before = here.strip_suffix(old.spelled().as_str()).filter(|before| before.trim_end_matches([' ', '"']).ends_with([':', '=']));
    if let Some(before) = before {
        let range = ByteRange::new(range.start() + before.len(), range.end());
        return Some((range, if before.ends_with('"') { new.spelled() } else { new.written(notation) }));
    }
    let quote = here.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let inner = here.strip_prefix(quote)?.strip_suffix(quote)?;
    (inner == old.spelled()).then(|| (range, format!("{quote}{}{quote}", new.spelled())))
}

/// A line at the end of a block in braces: before the brace that closes it.
fn inside(text: &str, block: ByteRange, line: &str) -> Option<(ByteRange, String)> {
    let body = text.get(block.start()..block.end())?;
    let close = block.start() + body.trim_end().strip_suffix('}')?.len();
    let line_start = text.get(..close)?.rfind('\n').map_or(0, |at| at + 1);
    let before = text.get(line_start..close)?;
    let end = if text.get(..line_start)?.ends_with("\r\n") { "\r\n" } else { "\n" };
    let deeper = |indent: &str| if indent.contains('\t') { format!("{indent}\t") } else { format!("{indent}  ") };
    if block.start() < line_start && before.trim().is_empty() {
        return Some((ByteRange::new(line_start, line_start), format!("{}{line}{end}", deeper(before))));
    }
    // All of it stands on one line: only an empty block can be opened.
    let open = text.get(..close)?.rfind('{')?;
    let is_empty = line_start <= open && text.get(open + 1..close)?.trim().is_empty();
    let indent: String = before.chars().take_while(|character| character.is_whitespace()).collect();
    let opened = format!("{end}{}{line}{end}{indent}", deeper(&indent));
    (is_empty && block.start() <= open).then(|| (ByteRange::new(open + 1, close), opened))
}

#[cfg(test)]
mod tests {
    use bartizan_core::Finding;
    use serde_json::Value as Json;

    use crate::{fixture, rule};

    /// The text after the fix of the first finding of a rule that has one.
    fn fixed(path: &str, text: &str, rule: &str) -> Option<String> {
        let scanned = fixture::scan(&[(path, text)]);
        let finding = scanned.findings.iter().find(|finding| finding.rule.as_str() == rule && !finding.fixes.is_empty())?;
        Some(applied(text, finding))
    }

    fn applied(text: &str, finding: &Finding) -> String {
        let mut text = text.to_owned();
        for edit in finding.fixes[0].edits.iter().rev() {
            text.replace_range(edit.range.start()..edit.range.end(), &edit.replacement);
        }
        text
    }

    #[test]
    fn a_literal_is_replaced_and_comments_stay() {
        let text = "resource \"aws_ebs_volume\" \"v\" {\n  size      = 8\n  encrypted = false # for now\n}\n";
        let expected = text.replace("false", "true");
        assert_eq!(fixed("main.tf", text, "ebs-volume-unencrypted"), Some(expected));
    }

    #[test]
    fn what_is_left_out_is_added_at_the_end_of_the_block() {
        let text = "resource \"aws_ebs_volume\" \"v\" {\n  size = 8 # GiB\n}\n";
        let expected = text.replace("GiB\n", "GiB\n  encrypted = true\n");
        assert_eq!(fixed("main.tf", text, "ebs-volume-unencrypted"), Some(expected));
        let expected = "resource \"aws_ebs_volume\" \"v\" {\n  encrypted = true\n}\n";
        assert_eq!(fixed("main.tf", "resource \"aws_ebs_volume\" \"v\" {}\n", "ebs-volume-unencrypted").as_deref(), Some(expected));
    }

    #[test]
    fn a_value_that_is_written_elsewhere_is_left_alone() {
        let text = "variable \"e\" {\n  default = false\n}\nresource \"aws_ebs_volume\" \"v\" {\n  encrypted = var.e\n}\n";
        assert_eq!(fixed("main.tf", text, "ebs-volume-unencrypted"), None);
        assert_eq!(fixed("main.tf", "resource \"aws_ebs_volume\" \"v\" { size = 8 }\n", "ebs-volume-unencrypted"), None);
    }

    #[test]
    fn fields_of_manifests_are_turned_round() {
        let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true # for now\n  containers:\n  - name: c\n    image: i\n    securityContext: {privileged: true}\n";
        assert_eq!(fixed("pod.yaml", text, "privileged-container"), Some(text.replace("privileged: true", "privileged: false")));
        assert_eq!(fixed("pod.yaml", text, "host-network-shared"), Some(text.replace("hostNetwork: true", "hostNetwork: false")));
    }

    #[test]
    fn properties_of_templates_are_replaced_in_their_notation() {
        let text = "Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: false # for now\n      Size: 8\n";
        assert_eq!(fixed("t.yaml", text, "ebs-volume-unencrypted"), Some(text.replace("false", "true")));
        let text = "{\"Resources\": {\"V\": {\"Type\": \"AWS::EC2::Volume\", \"Properties\": {\"Encrypted\": \"false\"}}}}";
        assert_eq!(fixed("t.json", text, "ebs-volume-unencrypted"), Some(text.replace("\"false\"", "\"true\"")));
    }

    /// Every fix of every bad example closes its finding, and the file can be read as well as before.
    #[test]
    fn fixes_of_bad_examples_close_what_they_fix() {
        let examples: serde_json::Map<String, Json> =
            serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/examples.json"))).unwrap();
        let (mut wrong, mut fixed_rules, mut n_rules) = (Vec::new(), std::collections::BTreeSet::new(), 0);
        for (file, of_rule) in &examples {
            let id = file.rsplit('/').next().unwrap().trim_end_matches(".yaml");
            n_rules += usize::from(rule::find(id).is_some());
            for example in of_rule.get("bad").and_then(Json::as_array).into_iter().flatten() {
                let Some((path, text)) = single(example) else { continue };
                let scanned = fixture::scan(&[(path, text)]);
                let is_own = |finding: &&Finding| finding.rule.as_str() == id && !finding.fixes.is_empty();
                let Some(finding) = scanned.findings.iter().find(is_own) else { continue };
                let after = applied(text, finding);
                let again = fixture::scan(&[(path, &after)]);
                fixed_rules.insert(id.to_owned());
                let count = |findings: &[Finding]| findings.iter().filter(|finding| finding.rule.as_str() == id).count();
                if count(&scanned.findings) <= count(&again.findings) || scanned.diagnostics.len() < again.diagnostics.len() {
                    wrong.push(format!("{file}: still found after its fix:\n{after}"));
                }
            }
        }
        println!("{} of {n_rules} rules have a fix in an example of theirs", fixed_rules.len());
        assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), fixed_rules.len(), wrong.join("\n"));
    }

    /// The path and text of an example of one file in a notation of infrastructure.
    fn single(example: &Json) -> Option<(&'static str, &str)> {
        let (format, text) = example.as_object()?.iter().next()?;
        let path = match format.as_str() {
            "terraform" => "main.tf",
            "cloudformation" => "template.yaml",
            "kubernetes" => "manifest.yaml",
            _ => return None,
        };
        Some((path, text.as_str()?))
    }
}
