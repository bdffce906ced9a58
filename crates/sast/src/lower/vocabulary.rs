//! The words of a grammar as numbers, looked up once.

use std::sync::LazyLock;

use bartizan_syntax::Grammar;

/// Declares the kinds and fields of a grammar that a lowering knows.
///
/// `vocabulary! { grammar Python; kinds { Call = "call", } fields { function = "function", } }` makes an enum `K` with a variant
/// for each kind and `K::Unknown`, a struct `F` with a field for each field of the grammar, the functions `kind`, which says what
/// kind a node is of, and `f`, which has the numbers of the fields, and a test that the grammar has all these words.
/// A kind that a grammar has as a name and as a token is meant as a name.
///
/// A lowering of several grammars names none: it has a struct `Vocabulary`, of which it makes one for each.
macro_rules! vocabulary {
    (grammar $grammar:ident; $($words:tt)*) => {
        $crate::lower::vocabulary::vocabulary! { $($words)* }

        static WORDS: std::sync::LazyLock<Vocabulary> =
            std::sync::LazyLock::new(|| Vocabulary::new(bartizan_syntax::Grammar::$grammar));

        fn kind(node: $crate::lower::cst::Syntax<'_>) -> K {
            WORDS.kind(node)
        }

        fn f() -> F {
            WORDS.fields
        }

        #[test]
        fn the_grammar_has_every_word() {
            assert_eq!(Vocabulary::unknown(bartizan_syntax::Grammar::$grammar), Vec::<&str>::new());
        }
    };
    (kinds { $($kind:ident = $kind_name:literal,)* } fields { $($field:ident = $field_name:literal,)* }) => {
        /// The kinds that are lowered by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum K { $($kind,)* Unknown }

        /// The numbers of fields.
        #[derive(Debug, Clone, Copy)]
        struct F { $($field: u16,)* }

        /// The words of one grammar.
        #[derive(Debug)]
        struct Vocabulary { kinds: Vec<K>, fields: F }

        impl Vocabulary {
            fn new(grammar: bartizan_syntax::Grammar) -> Self {
                let language = grammar.language();
                let mut kinds = vec![K::Unknown; language.node_kind_count()];
                for id in 0..language.node_kind_count() {
                    let Ok(number) = u16::try_from(id) else { break };
                    let known = if language.node_kind_is_named(number) {
                        match language.node_kind_for_id(number) {
                            $(Some($kind_name) => K::$kind,)*
                            _ => K::Unknown,
                        }
                    } else {
                        K::Unknown
                    };
                    if let Some(kind) = kinds.get_mut(id) {
                        *kind = known;
                    }
                }
                Self { kinds, fields: F { $($field: $crate::lower::vocabulary::field(&language, $field_name),)* } }
            }

            fn kind(&self, node: $crate::lower::cst::Syntax<'_>) -> K {
                self.kinds.get(usize::from(node.kind())).copied().unwrap_or(K::Unknown)
            }

            /// Names that the grammar does not have.
            #[cfg(test)]
            fn unknown(grammar: bartizan_syntax::Grammar) -> Vec<&'static str> {
                $crate::lower::vocabulary::unknown(grammar, &[$($kind_name,)*], &[$($field_name,)*])
            }
        }
    };
}

pub(super) use vocabulary;

/// The number of a field.
pub(super) fn field(language: &tree_sitter::Language, name: &str) -> u16 {
    language.field_id_for_name(name).map_or(u16::MAX, std::num::NonZeroU16::get)
}

/// Kinds and fields that a grammar does not have.
#[cfg(test)]
pub(super) fn unknown(grammar: Grammar, kinds: &[&'static str], fields: &[&'static str]) -> Vec<&'static str> {
    let language = grammar.language();
    let has_kind = |name: &&&'static str| language.id_for_node_kind(name, true) == 0;
    let lacks_field = |name: &&&'static str| language.field_id_for_name(name).is_none();
    kinds.iter().filter(has_kind).chain(fields.iter().filter(lacks_field)).copied().collect()
}

/// What is known of a grammar's kinds, whatever the language.
struct Kinds {
    names: Vec<String>,
    comments: Vec<u16>,
}

static KINDS: LazyLock<Vec<Kinds>> = LazyLock::new(|| {
    let names = |grammar: Grammar| {
        let language = grammar.language();
        let n_kinds = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        (0..n_kinds).map(|id| language.node_kind_for_id(id).unwrap_or_default().to_owned()).collect::<Vec<String>>()
    };
    let kinds = |names: Vec<String>| {
        // Where they are extras, directives such as `#region` are comments too.
        let comments = names.iter().enumerate().filter(|(_, name)| name.contains("comment") || name.starts_with("preproc_"));
        Kinds { comments: comments.filter_map(|(id, _)| u16::try_from(id).ok()).collect(), names }
    };
    Grammar::ALL.iter().map(|&grammar| kinds(names(grammar))).collect()
});

/// The numbers of the kinds that are comments.
pub(super) fn comments(grammar: Grammar) -> &'static [u16] {
    KINDS.get(grammar as usize).map_or(&[], |kinds| &kinds.comments)
}

/// The name of a kind.
pub(super) fn kind_name(grammar: Grammar, kind: u16) -> &'static str {
    KINDS.get(grammar as usize).and_then(|kinds| kinds.names.get(usize::from(kind))).map_or("ERROR", String::as_str)
}
