//! What a file is written in.

use bartizan_core::ArtifactPath;

macro_rules! languages {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, names $names:tt, extensions $extensions:tt, interpreters $interpreters:tt;)*) => {
        /// A language or format, told by file name, extension or shebang.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Language { $($(#[$doc])* $variant,)* }

        impl Language {
            /// All languages.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The lower-case name, as rules and the command line use it.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            const fn known_by(self) -> Marks { match self { $(Self::$variant => Marks { names: &$names, extensions: &$extensions, interpreters: &$interpreters },)* } }
        }
    };
}

struct Marks {
    names: &'static [&'static str],
    extensions: &'static [&'static str],
    interpreters: &'static [&'static str],
}

languages! {
    /// Python.
    Python = "python", names ["SConstruct", "Snakefile"], extensions ["py", "pyw", "pyi"], interpreters ["python", "python2", "python3"];
    /// JavaScript, with or without JSX.
    JavaScript = "javascript", names [], extensions ["js", "mjs", "cjs", "jsx"], interpreters ["node", "nodejs"];
    /// TypeScript, with or without JSX.
    TypeScript = "typescript", names [], extensions ["ts", "mts", "cts", "tsx"], interpreters ["deno", "ts-node"];
}

impl Language {
    /// The language of a path, by its file name or extension.
    #[must_use]
    pub fn of_path(path: &ArtifactPath) -> Option<Self> {
        let name = std::str::from_utf8(path.file_name()).ok()?;
        let by_name = Self::ALL.iter().find(|language| language.known_by().names.contains(&name));
        let extension = path.extension().and_then(|extension| std::str::from_utf8(extension).ok()).map(str::to_ascii_lowercase);
        let by_extension = || {
            let extension = extension.as_deref()?;
            Self::ALL.iter().find(|language| language.known_by().extensions.contains(&extension))
        };
        by_name.or_else(by_extension).copied()
    }

    /// The language of a script, by the interpreter that its first line names.
    #[must_use]
    pub fn of_shebang(text: &str) -> Option<Self> {
        let line = text.strip_prefix("#!")?.lines().next()?;
        let mut words = line.split_ascii_whitespace().filter(|word| !word.starts_with('-') && !word.contains('='));
        let program = words.next()?.rsplit('/').next()?;
        let interpreter = if program == "env" { words.next()? } else { program };
        let base = interpreter.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        Self::ALL
            .iter()
            .find(|language| {
                let interpreters = language.known_by().interpreters;
                interpreters.contains(&interpreter) || interpreters.contains(&base)
            })
            .copied()
    }
}
