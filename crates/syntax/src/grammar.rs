//! The grammars that there are.

use tree_sitter::Language;

macro_rules! grammars {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $language:expr;)*) => {
        /// A grammar. Most languages have one; TypeScript has one more for files with JSX.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Grammar { $($(#[$doc])* $variant,)* }

        impl Grammar {
            /// All grammars.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The lower-case name.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// The tables of the parser.
            #[must_use]
            pub fn language(self) -> Language { match self { $(Self::$variant => $language.into(),)* } }
        }
    };
}

grammars! {
    /// Apex.
    Apex = "apex", tree_sitter_sfapex::apex::LANGUAGE;
    /// Bash and other POSIX shells.
    Bash = "bash", tree_sitter_bash::LANGUAGE;
    /// C.
    C = "c", tree_sitter_c::LANGUAGE;
    /// C++.
    Cpp = "cpp", tree_sitter_cpp::LANGUAGE;
    /// C#.
    CSharp = "csharp", tree_sitter_c_sharp::LANGUAGE;
    /// Dart.
    Dart = "dart", tree_sitter_dart::LANGUAGE;
    /// Elixir.
    Elixir = "elixir", tree_sitter_elixir::LANGUAGE;
    /// Go.
    Go = "go", tree_sitter_go::LANGUAGE;
    /// HCL: Terraform and others.
    Hcl = "hcl", tree_sitter_hcl::LANGUAGE;
    /// HTML.
    Html = "html", tree_sitter_html::LANGUAGE;
    /// Java.
    Java = "java", tree_sitter_java::LANGUAGE;
    /// JavaScript, with JSX.
    JavaScript = "javascript", tree_sitter_javascript::LANGUAGE;
    /// JSON.
    Json = "json", tree_sitter_json::LANGUAGE;
    /// Kotlin.
    Kotlin = "kotlin", tree_sitter_kotlin_ng::LANGUAGE;
    /// Lua.
    Lua = "lua", tree_sitter_lua::LANGUAGE;
    /// `OCaml`.
    OCaml = "ocaml", tree_sitter_ocaml::LANGUAGE_OCAML;
    /// PHP, with the text around `<?php … ?>`.
    Php = "php", tree_sitter_php::LANGUAGE_PHP;
    /// Python.
    Python = "python", tree_sitter_python::LANGUAGE;
    /// Ruby.
    Ruby = "ruby", tree_sitter_ruby::LANGUAGE;
    /// Rust.
    Rust = "rust", tree_sitter_rust::LANGUAGE;
    /// Scala.
    Scala = "scala", tree_sitter_scala::LANGUAGE;
    /// Solidity.
    Solidity = "solidity", tree_sitter_solidity::LANGUAGE;
    /// Swift.
    Swift = "swift", tree_sitter_swift::LANGUAGE;
    /// TypeScript with JSX.
    Tsx = "tsx", tree_sitter_typescript::LANGUAGE_TSX;
    /// TypeScript.
    TypeScript = "typescript", tree_sitter_typescript::LANGUAGE_TYPESCRIPT;
    /// YAML.
    Yaml = "yaml", tree_sitter_yaml::LANGUAGE;
}

impl Grammar {
    /// The grammar for a text that this one is not content with.
    #[must_use]
    pub const fn second(self) -> Option<Self> {
        match self {
            // Types stand in files that are said to be JavaScript too, and markup in others than `.tsx`.
            Self::JavaScript | Self::TypeScript => Some(Self::Tsx),
            _ => None,
        }
    }
}
