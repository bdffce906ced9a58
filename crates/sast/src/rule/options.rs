//! The switches of the matcher that a rule can set (`options:`), with the defaults of Semgrep.

use serde::{Deserialize, Serialize};

macro_rules! options {
    ($($(#[$doc:meta])* $name:ident = $default:literal;)*) => {
        /// The switches of a rule.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub struct Options {
            $($(#[$doc])* pub $name: bool,)*
            /// Which engine `languages: [generic]` means.
            pub generic_engine: GenericEngine,
            /// How `X y(z);` of C++ is read.
            pub cpp_parsing_pref: CppDeclaration,
            /// Whether a taint finding is placed at its source or at its sink.
            pub taint_focus_on: TaintFocus,
            /// Aliengrep: pairs of brackets, instead of the usual ones.
            pub generic_braces: Option<Vec<(String, String)>>,
            /// Aliengrep: pairs of brackets, in addition.
            pub generic_extra_braces: Vec<(String, String)>,
            /// Aliengrep: characters that words are made of, in addition.
            pub generic_extra_word_characters: Vec<char>,
            /// Spacegrep: how many line ends `...` matches at most.
            pub generic_ellipsis_max_span: u32,
            /// Spacegrep: comments that are taken out of the text.
            pub generic_comment_style: Option<CommentStyle>,
            /// How many matches of a file are reported at most.
            pub max_match_per_file: Option<u32>,
        }

        impl Default for Options {
            fn default() -> Self {
                Self {
                    $($name: $default,)*
                    generic_engine: GenericEngine::Spacegrep,
                    cpp_parsing_pref: CppDeclaration::VariableWithConstructor,
                    taint_focus_on: TaintFocus::Sink,
                    generic_braces: None,
                    generic_extra_braces: Vec::new(),
                    generic_extra_word_characters: Vec::new(),
                    generic_ellipsis_max_span: 10,
                    generic_comment_style: None,
                    max_match_per_file: None,
                }
            }
        }

        impl Options {
            /// The names of the switches that are on or off.
            pub(crate) const SWITCHES: &'static [&'static str] = &[$(stringify!($name),)*];

            /// The switch of a name.
            pub(crate) fn switch(&mut self, name: &str) -> Option<&mut bool> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

options! {
    /// Names count as the constants that they hold.
    constant_propagation = true;
    /// Names count as the expressions that they hold.
    symbolic_propagation = false;
    /// Taint: metavariables of source and sink are the same.
    taint_unify_mvars = false;
    /// Taint: an unknown function returns clean data.
    taint_assume_safe_functions = false;
    /// Taint: an element at a tainted index is clean.
    taint_assume_safe_indexes = false;
    /// Taint: a comparison is clean.
    taint_assume_safe_comparisons = false;
    /// Taint: a boolean is clean.
    taint_assume_safe_booleans = false;
    /// Taint: a number is clean.
    taint_assume_safe_numbers = false;
    /// Taint: only assignments pass data on.
    taint_only_propagate_through_assignments = false;
    /// Taint: follow calls within the file.
    taint_intrafile = false;
    /// Taint: what a function does holds under the conditions on its arguments under which it does so.
    guarded_taint_signatures = false;
    /// Operators that are associative or commutative are matched as such.
    ac_matching = true;
    /// `&&` and `||` are commutative.
    commutative_boolop = false;
    /// `==` and `!=` are commutative.
    commutative_compop = false;
    /// `==` and `!=` are commutative; the newer name.
    symmetric_eq = false;
    /// `$X = 1` matches `var x = 1`.
    vardef_assign = true;
    /// `$X = 1` matches the field `x = 1` of a class.
    flddef_assign = false;
    /// `f($X)` matches `@f(a)`.
    attr_expr = true;
    /// Equal names are equal only if they name the same thing.
    unify_ids_strictly = true;
    /// A pattern of a function matches an arrow function.
    arrow_is_function = true;
    /// `var` matches `let` and `const`.
    let_is_var = true;
    /// An expression in a pattern is looked for within expressions.
    go_deeper_expr = true;
    /// `...` between statements reaches into nested blocks.
    go_deeper_stmt = true;
    /// A statement that is only an expression is looked for within statements.
    implicit_deep_exprstmt = true;
    /// A record in a pattern may have more fields in the code.
    implicit_ellipsis = true;
    /// `<a />` matches `<a></a>`.
    xml_singleton_loose_matching = true;
    /// An element in a pattern may have more attributes in the code.
    xml_attrs_implicit_ellipsis = true;
    /// Children of an element are matched in order.
    xml_children_ordered = true;
    /// Aliengrep: `...` matches line ends.
    generic_multiline = true;
    /// Aliengrep: letters match in any case.
    generic_caseless = false;
    /// The rule may be run across files.
    interfile = false;
    /// The last expression of a function counts as returned, in languages where it is.
    implicit_return = true;
    /// Decorators are matched in order.
    decorators_order_matters = false;
}

/// The engines for text of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum GenericEngine {
    /// Words, brackets and indentation.
    #[default]
    Spacegrep,
    /// Words and brackets, compiled to regular expressions.
    Aliengrep,
}

/// How `X y(z);` of C++ is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum CppDeclaration {
    /// As a function.
    Function,
    /// As a variable with arguments of its constructor.
    #[default]
    VariableWithConstructor,
}

/// Where a taint finding is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum TaintFocus {
    /// At the source.
    Source,
    /// At the sink.
    #[default]
    Sink,
}

/// Comments that spacegrep takes out of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CommentStyle {
    /// `/* … */`
    C,
    /// `/* … */` and `// …`
    Cpp,
    /// `# …`
    Shell,
}

impl Options {
    /// Whether `languages: [generic]` means aliengrep.
    #[must_use]
    pub fn is_aliengrep(&self) -> bool {
        self.generic_engine == GenericEngine::Aliengrep
    }
}
