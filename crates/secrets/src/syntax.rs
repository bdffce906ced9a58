//! What a file's syntax means for literals: whether a word without quotes is a value or a name.

use bartizan_core::ArtifactPath;

/// A family of syntaxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Syntax {
    /// Programming languages: values stand in quotes.
    Code,
    /// Programming languages in which a type may follow a name's colon.
    TypedCode,
    /// JSON.
    Json,
    /// Shells, Dockerfiles, batch files.
    Shell,
    /// `.env`, properties, INI, and configuration files by that name.
    Settings,
    /// YAML.
    Yaml,
    /// XML, HTML, property lists.
    Markup,
    /// `.netrc` and its like: a name, a space, a value.
    SpaceSeparated,
    /// Text for people: Markdown, logs, notes, and whatever is not known.
    Prose,
}

/// Where a value without quotes ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    /// There are none.
    Never,
    /// At white space, a bracket, a quote or a comma.
    Word,
    /// At white space or a quote.
    ToBlank,
}

impl Syntax {
    /// The syntax of a path.
    pub(crate) fn of_path(path: &ArtifactPath) -> Self {
        const TYPED: [&[u8]; 11] = [b"ts", b"tsx", b"mts", b"cts", b"py", b"pyi", b"kt", b"kts", b"swift", b"rs", b"scala"];
        const CODE: [&[u8]; 42] = [
            b"js", b"jsx", b"mjs", b"cjs", b"vue", b"svelte", b"java", b"go", b"rb", b"erb", b"php", b"cs", b"vb", b"c", b"h", b"cc",
            b"cpp", b"hpp", b"cxx", b"m", b"mm", b"dart", b"lua", b"pl", b"pm", b"t", b"r", b"ex", b"exs", b"erl", b"hrl", b"clj", b"hs",
            b"groovy", b"gradle", b"sol", b"sql", b"coffee", b"tf", b"hcl", b"ipynb", b"jl",
        ];
        const SHELL: [&[u8]; 10] = [b"sh", b"bash", b"zsh", b"fish", b"ksh", b"bat", b"cmd", b"ps1", b"psm1", b"dockerfile"];
        const SETTINGS: [&[u8]; 16] = [
            b"env",
            b"properties",
            b"ini",
            b"cfg",
            b"conf",
            b"config",
            b"cnf",
            b"toml",
            b"tfvars",
            b"desktop",
            b"service",
            b"prefs",
            b"example",
            b"sample",
            b"template",
            b"dist",
        ];
        const MARKUP: [&[u8]; 13] =
            [b"xml", b"html", b"htm", b"xhtml", b"plist", b"csproj", b"jsp", b"jelly", b"xsl", b"wsdl", b"storyboard", b"pom", b"svg"];
        let name = path.file_name().to_ascii_lowercase();
        if matches!(&*name, b".netrc" | b"_netrc" | b".pgpass" | b".authinfo") {
            return Self::SpaceSeparated;
        }
        if name.starts_with(b".env") || name.ends_with(b"rc") || matches!(&*name, b"credentials" | b"config") {
            return Self::Settings;
        }
        if name.starts_with(b"dockerfile") || matches!(&*name, b"makefile" | b"gnumakefile" | b"jenkinsfile" | b"vagrantfile") {
            return Self::Shell;
        }
        let extension = name.rsplit(|&byte| byte == b'.').next().filter(|extension| extension.len() < name.len()).unwrap_or_default();
        match extension {
            b"json" | b"jsonc" | b"json5" | b"webmanifest" | b"har" | b"tfstate" | b"avsc" => Self::Json,
            b"yaml" | b"yml" => Self::Yaml,
            _ if TYPED.contains(&extension) => Self::TypedCode,
            _ if CODE.contains(&extension) => Self::Code,
            _ if SHELL.contains(&extension) => Self::Shell,
            _ if SETTINGS.contains(&extension) => Self::Settings,
            _ if MARKUP.contains(&extension) => Self::Markup,
            _ => Self::Prose,
        }
    }

    /// Where a value without quotes ends.
    pub(crate) const fn bare(self) -> Bare {
        match self {
            Self::Json => Bare::Never,
            Self::Code | Self::TypedCode | Self::Shell | Self::Markup | Self::Prose => Bare::Word,
            Self::Settings | Self::SpaceSeparated | Self::Yaml => Bare::ToBlank,
        }
    }

    /// Whether a type may follow a name's colon.
    pub(crate) const fn has_types(self) -> bool {
        matches!(self, Self::TypedCode | Self::Prose)
    }

    /// Whether `-option value` is usual.
    pub(crate) const fn is_shell_like(self) -> bool {
        matches!(self, Self::Shell | Self::Prose | Self::Yaml)
    }

    /// Whether a space separates names from values.
    pub(crate) const fn separates_by_space(self) -> bool {
        matches!(self, Self::SpaceSeparated)
    }

    /// Whether a word without quotes is an expression rather than a value.
    pub(crate) const fn is_code(self) -> bool {
        matches!(self, Self::Code | Self::TypedCode)
    }
}
