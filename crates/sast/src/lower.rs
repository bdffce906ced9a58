//! From a grammar's tree to the [`ir`](crate::ir): one file a language, and what all of them share.
//!
//! A language is a [`Language`] in [`LANGUAGES`]: its grammar, its lowering, and how patterns are written so that the grammar
//! understands them. Targets and patterns go through the same lowering, so that what is equal in one is equal in the other.

mod again;
mod apex;
mod bash;
mod c;
mod clojure;
mod context;
mod csharp;
mod cst;
mod dart;
mod dockerfile;
mod elixir;
mod go;
mod hcl;
mod html;
mod java;
mod javascript;
mod json;
mod kotlin;
mod lua;
mod number;
mod ocaml;
mod operator;
mod php;
mod python;
mod ruby;
mod rust;
mod scala;
mod solidity;
mod swift;
mod vocabulary;
mod yaml;

use bartizan_syntax::{Grammar, Trees};

pub(crate) use self::{
    context::{Cx, is_metavariable, reserved},
    cst::{Cst, Syntax},
};
use crate::ir::{Interner, Tree};

/// What the engine knows about a language.
#[derive(Debug)]
pub(crate) struct Language {
    /// Its name in rules: `python`.
    pub(crate) name: &'static str,
    /// Other names in rules.
    pub(crate) aliases: &'static [&'static str],
    /// Its grammar; of several the first that parses a pattern is taken for that pattern.
    pub(crate) grammar: Grammar,
    /// How a file is lowered.
    pub(crate) lower: Lowering,
    /// How patterns are made into text that the grammar understands.
    pub(crate) patterns: PatternSyntax,
    /// How names are bound.
    pub(crate) names: NameRules,
    /// What else holds in it.
    pub(crate) features: &'static [Feature],
}

/// What holds in some languages and not in others, where the engine must know it. A language says which of these hold in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature {
    /// The address of something has the type of a pointer to it.
    AddressTypes,
    /// A name that nobody gave a value is a call without arguments.
    BareCalls,
    /// A type such as `int` has a box, `Integer`, that stands for it.
    BoxedTypes,
    /// A number or a truth value in quotes is one.
    CoercedLiterals,
    /// `local.x` and `var.x` are what the file says elsewhere.
    ConfiguredNames,
    /// Names of classes are the same in small letters and in capitals.
    CaselessTypes,
    /// A string is a pointer to characters.
    CharacterPointers,
    /// Statements end in semicolons or lines, and their keywords are no names.
    CLike,
    /// A name that is declared nowhere in a file belongs to the language, unless everything is imported from somewhere.
    ClosedNames,
    /// A name in a case is given what it is compared with.
    CasesBind,
    /// A name that a case declares is given what it is compared with.
    CasesDeclare,
    /// An object is made by a call of what has a capital letter.
    ConstructsByName,
    /// A variable that is declared with its only value counts as a constant.
    DeclaresOnce,
    /// A method of the same object is never called by its name alone.
    ExplicitSelf,
    /// A case of a `switch` goes on into the next one, unless it is left.
    FallsThrough,
    /// Strings with expressions in them are marked as such, and are no row of strings.
    FormattedStrings,
    /// Several names that are declared together have no value of their own.
    GroupedDeclarations,
    /// A parameter of a constructor may have the type of a field, and be one.
    InjectedFields,
    /// `a and b and c` is one expression with three operands, and gives one of them.
    LogicRows,
    /// A string in double quotes is what its escapes mean.
    MeantStrings,
    /// Methods such as `concat` change the text that they are called on.
    MutableStrings,
    /// There is one type of numbers.
    Numbers,
    /// The only loop is `for`, whatever its head holds.
    OneLoop,
    /// The text in an interpolated string is a string of its own.
    PartsAreStrings,
    /// `T *x` declares something.
    Pointers,
    /// A map in a pattern may have more entries in the code, and its keys are names or strings alike.
    Records,
    /// A string times a number is a string.
    RepeatedStrings,
    /// The last expression of a function is what it gives back.
    ReturnsLast,
    /// A global that is assigned once counts as a constant in functions, too.
    SharedGlobals,
    /// A number does not become a string where it is added to one.
    StrictStrings,
    /// Names of elements are written with hyphens and colons.
    Tags,
    /// A block behind the arguments of a call is no argument.
    TrailingBlocks,
    /// A qualified type is not known by its last name alone.
    WholeTypeNames,
    /// A word is a row of parts, of which some may be left out in a pattern.
    WordsOfParts,
}

/// How a file is lowered.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lowering {
    /// From the root of the grammar's tree.
    Tree(fn(&mut Cx<'_>, Syntax<'_>)),
    /// From the text, because there is no grammar for it; the grammar of the language is that of commands within it.
    Text(fn(&mut Cx<'_>, &str)),
}

impl Language {
    /// Whether something holds in the language.
    pub(crate) fn has(&self, feature: Feature) -> bool {
        self.features.contains(&feature)
    }

    /// The grammars that a pattern may be parsed with: in each frame the first that understands it is taken.
    pub(crate) fn pattern_grammars(&self) -> &[Grammar] {
        match self.grammar {
            Grammar::JavaScript => javascript::JAVASCRIPT_PATTERNS,
            Grammar::TypeScript => javascript::TYPESCRIPT_PATTERNS,
            _ => std::slice::from_ref(&self.grammar),
        }
    }
}

/// Where a hole of a pattern stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Where a statement may, or a member.
    Statement,
    /// Among the entries of a map: between braces and commas.
    Entry,
    /// Among the elements of a list: in square brackets.
    Element,
    /// Among the parameters of a function.
    Parameter,
    /// All that a loop has in its parentheses.
    Header,
    /// Behind a dot: `a. ...`.
    Member,
    /// Anywhere else.
    Other,
}

/// How patterns are made into text that the grammar understands.
///
/// A metavariable `$X` is written as the name `MV__X`, `...` as the name `DOTS__`, `$...X` as `MANY__X`, and `<... e ...>` as the
/// call `DEEP__(e)`. Where the grammar wants something else in some place, the alternatives say what: each is tried until
/// the text parses.
#[derive(Debug)]
pub(crate) struct PatternSyntax {
    /// What is written around a pattern, the most likely first. The first that parses without error is taken.
    pub(crate) frames: &'static [Frame],
    /// How a metavariable may be written; `{}` is its name, `MV__X`.
    pub(crate) metavariable: &'static [&'static str],
    /// How an ellipsis may be written.
    pub(crate) ellipsis: &'static [&'static str],
    /// The way in which holes of a place are written most often, where it is not the first of all. One with `{}` is about
    /// metavariables, others are about ellipses.
    pub(crate) usual: &'static [(Place, &'static str)],
    /// How a metavariable with a type is written; `{var}` is its name, `{type}` its type. Lowered to a [`Kind::Cast`], or to
    /// a call with one of the two as its callee and the other as its argument.
    ///
    /// [`Kind::Cast`]: crate::ir::Kind::Cast
    pub(crate) typed: &'static str,
    /// Whether `$X` is a name of the language, so that a name in lower case after the dollar is no metavariable but itself.
    pub(crate) dollar_is_name: bool,
}

/// Text around a pattern, and what is taken out of the tree.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) before: &'static str,
    pub(crate) after: &'static str,
    pub(crate) what: FrameKind,
}

/// What is taken out of the tree of a framed pattern: what lies between the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// One expression; as it stands, without an end of statement.
    Expression,
    /// One statement or more, a definition too.
    Statements,
    /// Members of a class.
    Members,
    /// A part of something: arguments, a catch clause, a header. It is the smallest node that spans the pattern.
    Part,
}

/// How names are bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NameRules {
    /// What opens a scope for variables.
    pub(crate) scope: Scope,
    /// Whether an assignment to an unknown name declares it.
    pub(crate) assignment_declares: bool,
}

/// What opens a scope for variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// A function.
    Function,
    /// A block; `var` of JavaScript belongs to the function all the same.
    Block,
}

/// All languages.
pub(crate) static LANGUAGES: &[&Language] = &[
    &apex::LANGUAGE,
    &bash::LANGUAGE,
    &c::C,
    &c::CPP,
    &clojure::LANGUAGE,
    &csharp::LANGUAGE,
    &dart::LANGUAGE,
    &dockerfile::LANGUAGE,
    &elixir::LANGUAGE,
    &go::LANGUAGE,
    &hcl::LANGUAGE,
    &html::LANGUAGE,
    &java::LANGUAGE,
    &javascript::JAVASCRIPT,
    &javascript::TYPESCRIPT,
    &json::LANGUAGE,
    &kotlin::LANGUAGE,
    &lua::LANGUAGE,
    &ocaml::LANGUAGE,
    &php::LANGUAGE,
    &python::LANGUAGE,
    &ruby::LANGUAGE,
    &rust::LANGUAGE,
    &scala::LANGUAGE,
    &solidity::LANGUAGE,
    &swift::LANGUAGE,
    &yaml::LANGUAGE,
];

/// The language of a name in a rule.
pub(crate) fn language(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().copied().find(|language| language.name == name || language.aliases.contains(&name))
}

/// The language of a file that `bartizan-source` has recognized.
pub(crate) fn language_of_file(name: &str, extension: Option<&[u8]>) -> Option<&'static Language> {
    // Interfaces, grammars, lock files and templates go by the name of a language that they are not written in.
    if matches!(extension, Some(b"mli" | b"mll" | b"mly" | b"eex" | b"heex" | b"leex" | b"lock")) {
        return None;
    }
    // Recognition speaks of shells, rules of bash.
    language(if name == "shell" { "bash" } else { name })
}

/// The language of a text, told by its file's name or its first line.
pub(crate) fn language_of_text(file_name: &str, text: &str) -> Option<&'static Language> {
    let recognized = bartizan_source::Language::of_path(&file_name.into()).or_else(|| bartizan_source::Language::of_shebang(text))?;
    let extension = file_name.rsplit_once('.').map(|(_, extension)| extension.as_bytes());
    language_of_file(recognized.as_str(), extension)
}

/// Lowers a text. `is_pattern` gives the names of [`PatternSyntax`] their meaning.
pub(crate) fn lower(
    language: &Language,
    text: &str,
    symbols: &mut Interner,
    is_pattern: bool,
) -> Result<Tree, bartizan_syntax::ParseError> {
    lower_as(language, language.grammar, text, &Trees::default(), symbols, is_pattern)
}

/// Lowers a file whose trees others may have asked for.
pub(crate) fn lower_file(
    language: &Language,
    text: &str,
    trees: &Trees,
    symbols: &mut Interner,
) -> Result<Tree, bartizan_syntax::ParseError> {
    lower_as(language, language.grammar, text, trees, symbols, false)
}

/// Lowers a text that is written in one of the grammars of its language.
pub(crate) fn lower_as(
    language: &Language,
    grammar: Grammar,
    text: &str,
    trees: &Trees,
    symbols: &mut Interner,
    is_pattern: bool,
) -> Result<Tree, bartizan_syntax::ParseError> {
    if max_nesting(grammar).is_some_and(|max| max < nesting(text)) {
        return Ok(unread(text, symbols));
    }
    let from_root = match language.lower {
        Lowering::Tree(lower) => lower,
        Lowering::Text(_) if bartizan_syntax::MAX_TREE_BYTES < text.len() => return Err(bartizan_syntax::ParseError::TooLong),
        Lowering::Text(lower) => {
            let mut cx = Cx::new(symbols, is_pattern);
            lower(&mut cx, text);
            return Ok(cx.finish());
        }
    };
    let parsed = trees.of(grammar, text);
    let (grammar, tree) = parsed.as_ref().as_ref().map_err(Clone::clone)?;
    let cst = Cst::new(text, tree, *grammar);
    let mut cx = Cx::new(symbols, is_pattern);
    from_root(&mut cx, cst.root());
    let mut lowered = cx.finish();
    if !is_pattern {
        // What a lowering makes the best of is not parsed all the same.
        lowered.note_opaque(errors(tree).into_iter());
    }
    Ok(lowered)
}

/// The ranges that a grammar could not read, in order.
fn errors(tree: &bartizan_syntax::Tree) -> Vec<(u32, u32)> {
    let mut ranges = Vec::new();
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() {
            let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
            ranges.push((place(node.start_byte()), place(node.end_byte())));
        } else if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return ranges;
            }
        }
    }
}

/// How deep brackets may be nested for a parser whose time grows with the square of it.
fn max_nesting(grammar: Grammar) -> Option<usize> {
    match grammar {
        Grammar::Scala => Some(1_000),
        _ => None,
    }
}

/// How deep brackets are nested, wherever they stand.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The tree of a text that is not parsed.
fn unread(text: &str, symbols: &mut Interner) -> Tree {
    let span = (0, u32::try_from(text.len()).unwrap_or(u32::MAX));
    let mut cx = Cx::new(symbols, false);
    cx.node(crate::ir::Kind::Root, span, |cx| cx.unread(span));
    cx.finish()
}

/// Checks the lowering of a text: `expected` are the statements of the file, one a line, as [`Tree::sexp`] prints them.
#[cfg(test)]
fn check(language: &Language, text: &str, expected: &str) {
    use crate::ir::NodeId;
    let mut symbols = Interner::default();
    let tree = lower(language, text, &mut symbols, false).unwrap();
    let lines: Vec<String> = tree.children(NodeId::ROOT).map(|id| tree.sexp(id, &symbols)).collect();
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(lines, expected, "{text}");
}

/// What a text that is written in the names of [`PatternSyntax`] becomes as a pattern: its statements, one a line.
#[cfg(test)]
fn pattern(language: &Language, text: &str) -> String {
    use crate::ir::NodeId;
    let mut symbols = Interner::default();
    let tree = lower(language, text, &mut symbols, true).unwrap();
    assert_eq!(tree.opaque(), [], "{text}");
    tree.children(NodeId::ROOT).map(|id| tree.sexp(id, &symbols)).collect::<Vec<String>>().join("\n")
}

/// Checks that each pattern, already written in names, fits into one of the frames of a language.
#[cfg(test)]
fn check_frames(language: &Language, patterns: &[&str]) {
    for pattern in patterns {
        let fits = |frame: &Frame| {
            let text = format!("{}{pattern}{}", frame.before, frame.after);
            bartizan_syntax::parse(language.grammar, &text).is_ok_and(|tree| !tree.root_node().has_error())
        };
        assert!(language.patterns.frames.iter().any(fits), "{pattern}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Kind, NodeId};

    #[test]
    fn nested_brackets_end_in_an_opaque_range() {
        let n = 100_000;
        let text = format!("x = {}{}", "[".repeat(n), "]".repeat(n));
        for language in LANGUAGES {
            let mut symbols = Interner::default();
            let tree = lower(language, &text, &mut symbols, false).unwrap();
            assert_eq!(tree.kind(NodeId::ROOT), Kind::Root, "{}", language.name);
        }
    }

    /// Brackets of each sort, closed and left open, in every language.
    #[test]
    fn all_that_may_nest_ends() {
        // Deep enough to overflow the stack of a lowering without a limit.
        let n = 10_000;
        for (open, close) in [("(", ")"), ("[", "]"), ("{", "}")] {
            for text in [format!("x = {}1{}\n", open.repeat(n), close.repeat(n)), open.repeat(n)] {
                for language in LANGUAGES {
                    let mut symbols = Interner::default();
                    // A parser may give up.
                    let _ = lower(language, &text, &mut symbols, false);
                }
            }
        }
    }

    #[test]
    fn what_a_grammar_cannot_read_is_noted() {
        for (language, text) in [
            ("java", "class A { void f( { ]] } int x = = 3; }\n"),
            ("javascript", "function f( { ]] ;\nlet a = ;\nfoo(1)\n"),
            ("go", "package a\nfunc f() { x = = 3 }\n"),
            ("csharp", "class A { void F() { x = = 3; } }\n"),
            ("kotlin", "fun f() { x = = 3 }\n"),
            ("ruby", "def f\n  x = = 3\nend\n"),
        ] {
            let tree = lower(super::language(language).unwrap(), text, &mut Interner::default(), false).unwrap();
            assert_ne!(tree.opaque(), [], "{language}");
        }
        let tree = lower(&python::LANGUAGE, "f(1)\n", &mut Interner::default(), false).unwrap();
        assert_eq!(tree.opaque(), []);
    }

    #[test]
    fn names_of_languages_are_told_apart() {
        let mut names: Vec<&str> = LANGUAGES.iter().flat_map(|language| language.aliases.iter().chain([&language.name])).copied().collect();
        let n = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), n);
    }
}
