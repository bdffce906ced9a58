//! The syntax tree of a file, as its grammar gives it.

use bartizan_syntax::{Trees, tree_sitter::Node};
use serde::Serialize;

use super::{Place, Places, SourceText, Unseen, shortened};
use crate::lower::Lowering;

/// A node of a syntax tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AstNode {
    /// How many nodes it stands in.
    pub depth: u32,
    /// The grammar's name for its place in its parent.
    pub field: Option<String>,
    /// The grammar's name for it: that of a rule, or the token itself.
    pub kind: String,
    /// Whether it has a name of its own, rather than being a token such as `(`.
    pub is_named: bool,
    /// Whether the text here is no code of the language.
    pub is_error: bool,
    /// Whether the parser put it there because something is missing.
    pub is_missing: bool,
    /// Where it is.
    pub place: Place,
    /// The bytes.
    pub range: (u32, u32),
    /// Its text in one line, if nothing stands below it.
    pub text: Option<String>,
}

/// The syntax tree of a file: its nodes in the order of their places, parents before children.
///
/// # Errors
///
/// When there is no tree.
pub fn ast(source: &SourceText) -> Result<Vec<AstNode>, Unseen> {
    let language = source.language()?;
    if let Lowering::Text(_) = language.lower {
        return Err(Unseen::NoGrammar(language.name));
    }
    let parsed = Trees::default().of(language.grammar, &source.text);
    let (_, tree) = parsed.as_ref().as_ref().map_err(|error| Unseen::Unparsed(error.to_string()))?;
    let places = Places::new(&source.text);
    let mut nodes = Vec::new();
    let mut cursor = tree.walk();
    let mut depth = 0;
    loop {
        nodes.push(node(cursor.node(), cursor.field_name(), depth, &source.text, &places));
        if cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Ok(nodes);
            }
            depth -= 1;
        }
    }
}

fn node(node: Node<'_>, field: Option<&str>, depth: u32, text: &str, places: &Places<'_>) -> AstNode {
    let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let range = (narrow(node.start_byte()), narrow(node.end_byte()));
    let own = text.get(node.byte_range()).unwrap_or_default();
    AstNode {
        depth,
        field: field.map(str::to_owned),
        kind: node.kind().to_owned(),
        is_named: node.is_named(),
        is_error: node.is_error(),
        is_missing: node.is_missing(),
        place: places.of(range),
        range,
        text: (node.child_count() == 0).then(|| shortened(own)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> SourceText {
        SourceText { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn nodes_have_fields_places_and_texts() {
        let nodes = ast(&source("a.py", "# ä\nf(x)\n")).unwrap();
        let call = nodes.iter().find(|node| node.kind == "call").unwrap();
        assert_eq!((call.place.line, call.place.column, call.place.end_column, call.text.as_deref()), (2, 1, 5, None));
        let function = nodes.iter().find(|node| node.field.as_deref() == Some("function")).unwrap();
        assert_eq!((function.kind.as_str(), function.depth, function.text.as_deref()), ("identifier", call.depth + 1, Some("f")));
        assert!(nodes.iter().any(|node| node.kind == "(" && !node.is_named));
    }

    #[test]
    fn what_is_no_code_is_told() {
        assert!(ast(&source("a.py", "f(\n")).unwrap().iter().any(|node| node.is_error || node.is_missing));
        assert_eq!(ast(&source("a.txt", "f(x)")), Err(Unseen::NoLanguage));
    }
}
