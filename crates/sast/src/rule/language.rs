//! Names of languages in rules.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! languages {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $(, $alias:literal)*;)*) => {
        /// What a rule's `languages` can name. Names are read in any case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum LanguageName { $($(#[$doc])* $variant,)* }

        impl LanguageName {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Every name and every other name of a language.
            pub(crate) const NAMES: &'static [&'static str] = &[$($name, $($alias,)*)*];

            /// Its name.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// The language of a name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name.to_ascii_lowercase().as_str() {
                    $($name $(| $alias)* => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

languages! {
    /// Apex.
    Apex = "apex";
    /// Shell scripts.
    Bash = "bash", "sh";
    /// C.
    C = "c";
    /// Cairo.
    Cairo = "cairo";
    /// Circom.
    Circom = "circom";
    /// Clojure.
    Clojure = "clojure";
    /// C++.
    Cpp = "cpp", "c++";
    /// Crystal.
    Crystal = "crystal";
    /// C#.
    Csharp = "csharp", "c#";
    /// Dart.
    Dart = "dart";
    /// Dockerfiles.
    Dockerfile = "dockerfile", "docker";
    /// Elixir.
    Elixir = "elixir", "ex";
    /// Authorization models of `OpenFGA`.
    Fga = "fga", "openfga";
    /// Go.
    Go = "go", "golang";
    /// Gosu.
    Gosu = "gosu";
    /// Hack.
    Hack = "hack";
    /// HTML.
    Html = "html";
    /// Java.
    Java = "java";
    /// JavaScript, with JSX.
    Javascript = "javascript", "js";
    /// JSON.
    Json = "json";
    /// Jsonnet.
    Jsonnet = "jsonnet";
    /// Julia.
    Julia = "julia";
    /// Kotlin.
    Kotlin = "kotlin", "kt";
    /// Lisp.
    Lisp = "lisp";
    /// Lua.
    Lua = "lua";
    /// Move of Aptos.
    MoveOnAptos = "move_on_aptos";
    /// Move of Sui.
    MoveOnSui = "move_on_sui";
    /// `OCaml`.
    Ocaml = "ocaml";
    /// PHP.
    Php = "php";
    /// PowerShell.
    Powershell = "powershell";
    /// Queries of Prometheus.
    Promql = "promql";
    /// Protocol Buffers.
    Protobuf = "protobuf", "proto", "proto3";
    /// Python.
    Python = "python", "py";
    /// Python 2.
    Python2 = "python2";
    /// Python 3.
    Python3 = "python3";
    /// Queries of CodeQL.
    Ql = "ql";
    /// R.
    R = "r";
    /// Ruby.
    Ruby = "ruby";
    /// Rust.
    Rust = "rust";
    /// Scala.
    Scala = "scala";
    /// Scheme.
    Scheme = "scheme";
    /// Solidity.
    Solidity = "solidity", "sol";
    /// Swift.
    Swift = "swift";
    /// Terraform, and other HCL.
    Terraform = "terraform", "tf", "hcl";
    /// TypeScript, with JSX.
    Typescript = "typescript", "ts";
    /// Visual Basic.
    Vb = "vb", "vbnet";
    /// Vue.
    Vue = "vue";
    /// XML.
    Xml = "xml";
    /// YAML.
    Yaml = "yaml";
    /// Any text, as words and brackets (spacegrep, or what `generic_engine` says).
    Generic = "generic", "spacegrep";
    /// Any text, as words and brackets, compiled to regular expressions. In `languages` it is spelt `generic`.
    Aliengrep = "aliengrep";
    /// Any text: patterns are regular expressions.
    Regex = "regex", "none";
}

impl LanguageName {
    /// Whether it is any text rather than a language.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Generic | Self::Aliengrep | Self::Regex)
    }
}

impl fmt::Display for LanguageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
