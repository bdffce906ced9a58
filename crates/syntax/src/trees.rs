//! The trees of one text, shared by whoever looks at it.

use std::{cell::RefCell, rc::Rc};

use crate::{Grammar, ParseError, Tree, parse};

/// A tree and the grammar that gave it, or why there is none.
pub type Parsed = Result<(Grammar, Tree), ParseError>;

/// The trees of one text: each is made when it is asked for, and once.
#[derive(Debug, Default)]
pub struct Trees(RefCell<Vec<(Grammar, Rc<Parsed>)>>);

impl Trees {
    /// The tree of a grammar, or of the second grammar of its language where only that one is content with the text.
    ///
    /// The text is that of all calls.
    pub fn of(&self, grammar: Grammar, text: &str) -> Rc<Parsed> {
        let known = self.0.borrow().iter().find(|(known, _)| *known == grammar).map(|(_, parsed)| Rc::clone(parsed));
        known.unwrap_or_else(|| {
            let parsed = Rc::new(parse_as_either(grammar, text));
            self.0.borrow_mut().push((grammar, Rc::clone(&parsed)));
            parsed
        })
    }
}

fn parse_as_either(grammar: Grammar, text: &str) -> Parsed {
    let tree = parse(grammar, text)?;
    if let (true, Some(second)) = (tree.root_node().has_error(), grammar.second()) {
        let other = parse(second, text)?;
        if !other.root_node().has_error() {
            return Ok((second, other));
        }
    }
    Ok((grammar, tree))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_made_once() {
        let trees = Trees::default();
        let (first, second) = (trees.of(Grammar::Go, "package a"), trees.of(Grammar::Go, "package a"));
        assert!(Rc::ptr_eq(&first, &second));
        assert!(!Rc::ptr_eq(&first, &trees.of(Grammar::Rust, "package a")));
    }

    #[test]
    fn the_second_grammar_is_taken_where_only_it_is_content() {
        let grammar = |text: &str| Trees::default().of(Grammar::TypeScript, text).as_ref().as_ref().map(|(grammar, _)| *grammar).ok();
        assert_eq!(grammar("let a = <b>c"), Some(Grammar::TypeScript));
        assert_eq!(grammar("let a = <b>c</b>"), Some(Grammar::Tsx));
        assert_eq!(grammar("let = = ="), Some(Grammar::TypeScript));
    }
}
