//! Single steps of the engine, for fuzz targets: each says what is wrong with what it made, if anything is. Scans don't come here.

use crate::{
    ir::{Interner, Tree},
    lower::{self, LANGUAGES, Language},
    pattern::Pattern,
    unit::Unit,
};

/// Lowers a text in the language of a number, any number, and resolves its names.
///
/// # Errors
/// If the tree is not one, or has places that are not in the text.
pub fn lower(language: usize, text: &str) -> Result<(), String> {
    let language = of_number(language)?;
    let mut symbols = Interner::default();
    // The parser may give up.
    let Ok(tree) = lower::lower(language, text, &mut symbols, false) else { return Ok(()) };
    check_tree(&tree)?;
    let is_place = |(start, end): (u32, u32)| text.get(start as usize..end as usize).is_some();
    let ranges = tree.nodes().iter().map(|node| (node.start, node.end)).chain(tree.opaque().iter().copied());
    if let Some(range) = ranges.into_iter().find(|range| !is_place(*range)) {
        return Err(format!("{}: no place in the text: {range:?}", language.name));
    }
    drop(Unit::new(text, Some(language), tree, symbols));
    Ok(())
}

/// Compiles a pattern in the language of a number, any number.
///
/// # Errors
/// If its tree is not one.
pub fn pattern(language: usize, text: &str) -> Result<(), String> {
    let language = of_number(language)?;
    let mut symbols = Interner::default();
    match Pattern::compile(text, language, &mut symbols) {
        Ok(pattern) => check_tree(&pattern.tree),
        Err(error) if error.to_string().is_empty() => Err("refused without a reason".to_owned()),
        Err(_) => Ok(()),
    }
}

fn of_number(number: usize) -> Result<&'static Language, String> {
    LANGUAGES.get(number % LANGUAGES.len()).copied().ok_or_else(|| "no language".to_owned())
}

/// Whether subtrees lie within each other.
fn check_tree(tree: &Tree) -> Result<(), String> {
    for id in tree.ids() {
        let node = tree.node(id);
        let parent = tree.node(tree.parent(id).unwrap_or(id));
        let is_within = id.0 < node.subtree_end && node.subtree_end <= parent.subtree_end && node.parent <= id.0;
        if !is_within || node.end < node.start {
            return Err(format!("a node that is none: {id:?} {node:?}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_number_and_any_number_a_language() {
        for number in (0..LANGUAGES.len()).chain([usize::MAX]) {
            for text in ["", "a(b)", "é\u{0}{", "x: [1, '"] {
                assert_eq!((lower(number, text), pattern(number, text)), (Ok(()), Ok(())), "{number} {text}");
            }
        }
    }
}
