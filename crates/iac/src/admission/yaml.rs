//! Writes YAML for people: objects whose members stand in the order in which they were given.

use std::fmt::Write as _;

/// A value of YAML.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Yaml {
    /// A text, quoted where it could be taken for something else.
    Text(String),
    /// A text over several lines, which are one when it is read.
    Folded(String),
    /// A number or a truth value.
    Plain(String),
    /// A list.
    List(Vec<Yaml>),
    /// A list in one line.
    Inline(Vec<Yaml>),
    /// An object.
    Map(Vec<(&'static str, Yaml)>),
    /// An object whose names are not known here.
    Labels(Vec<(String, String)>),
}

/// The width at which folded texts are broken.
const WIDTH: usize = 120;

/// A text.
pub(super) fn text(text: impl Into<String>) -> Yaml {
    Yaml::Text(text.into())
}

/// Texts in one line.
pub(super) fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Yaml {
    Yaml::Inline(texts.into_iter().map(text).collect())
}

/// A number or a truth value.
pub(super) fn plain<T: ToString + Copy>(value: T) -> Yaml {
    Yaml::Plain(value.to_string())
}

/// Documents, each behind a line with three hyphens but the first.
pub(super) fn documents(documents: &[Yaml]) -> String {
    let written = |document: &Yaml| {
        let mut out = String::new();
        document.write(&mut out, 0);
        out
    };
    documents.iter().map(written).collect::<Vec<_>>().join("---\n")
}

impl Yaml {
    fn is_block(&self) -> bool {
        match self {
            Self::List(items) => !items.is_empty(),
            Self::Map(members) => !members.is_empty(),
            Self::Labels(labels) => !labels.is_empty(),
            Self::Text(_) | Self::Folded(_) | Self::Plain(_) | Self::Inline(_) => false,
        }
    }

    /// Writes a value that starts at the beginning of a line.
    fn write(&self, out: &mut String, indent: usize) {
        let pad = " ".repeat(indent);
        match self {
            Self::List(items) => {
                for item in items {
                    let mut inner = String::new();
                    item.write(&mut inner, indent + 2);
                    let _ = writeln!(out, "{pad}- {}", inner.trim_start_matches(' ').trim_end());
                }
            }
            Self::Map(members) => members.iter().for_each(|(name, value)| value.write_member(out, name, indent)),
            Self::Labels(labels) => labels.iter().for_each(|(name, value)| text(value).write_member(out, &scalar(name), indent)),
            Self::Text(_) | Self::Folded(_) | Self::Plain(_) | Self::Inline(_) => {
                let _ = writeln!(out, "{pad}{}", self.in_line(indent));
            }
        }
    }

    fn write_member(&self, out: &mut String, name: &str, indent: usize) {
        let pad = " ".repeat(indent);
        if !self.is_block() {
            let _ = writeln!(out, "{pad}{name}: {}", self.in_line(indent + 2));
            return;
        }
        let _ = writeln!(out, "{pad}{name}:");
        let is_list = matches!(self, Self::List(_));
        self.write(out, if is_list { indent } else { indent + 2 });
    }

    /// A value behind its name.
    fn in_line(&self, indent: usize) -> String {
        match self {
            Self::Text(text) => scalar(text),
            Self::Plain(value) => value.clone(),
            Self::Inline(items) => format!("[{}]", items.iter().map(|item| item.in_line(indent)).collect::<Vec<_>>().join(", ")),
            Self::Folded(text) => folded(text, indent),
            Self::List(_) => "[]".to_owned(),
            Self::Map(_) | Self::Labels(_) => "{}".to_owned(),
        }
    }
}

/// A text as YAML reads it back.
fn scalar(text: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '/');
    let starts_as_word = text.starts_with(|character: char| character.is_ascii_alphabetic() || character == '/');
    let is_keyword = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(&text.to_ascii_lowercase().as_str());
    if starts_as_word && text.chars().all(is_word) && !is_keyword {
        return text.to_owned();
    }
    // Texts of JSON are texts of YAML.
    serde_json::Value::from(text).to_string()
}

/// Words broken into lines, which are joined again when they are read. Words of a text must be joined by single spaces.
fn folded(text: &str, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut out = ">-".to_owned();
    let mut width = WIDTH;
    for word in text.split(' ') {
        if WIDTH < indent + width + 1 + word.len() {
            let _ = write!(out, "\n{pad}{word}");
            width = word.len();
        } else {
            let _ = write!(out, " {word}");
            width += 1 + word.len();
        }
    }
    out
}
