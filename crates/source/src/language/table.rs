//! The languages and formats that are told apart.

use super::Marks;

macro_rules! languages {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, names $names:tt, prefixes $prefixes:tt, extensions $extensions:tt, interpreters $interpreters:tt;)*) => {
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

            pub(super) const fn known_by(self) -> Marks {
                match self {
                    $(Self::$variant => Marks { names: &$names, prefixes: &$prefixes, extensions: &$extensions, interpreters: &$interpreters },)*
                }
            }
        }
    };
}

languages! {
    /// Python.
    Python = "python", names ["SConstruct", "Snakefile", "wscript"], prefixes [], extensions ["py", "pyw", "pyi", "pyx", "bzl", "star"], interpreters ["python", "python2", "python3", "pypy", "pypy3"];
    /// JavaScript, with or without JSX.
    JavaScript = "javascript", names [], prefixes [], extensions ["js", "mjs", "cjs", "jsx"], interpreters ["node", "nodejs", "bun"];
    /// TypeScript, with or without JSX.
    TypeScript = "typescript", names [], prefixes [], extensions ["ts", "mts", "cts", "tsx"], interpreters ["deno", "ts-node", "tsx"];
    /// Java.
    Java = "java", names [], prefixes [], extensions ["java", "jsh"], interpreters [];
    /// Go.
    Go = "go", names [], prefixes [], extensions ["go"], interpreters [];
    /// Ruby.
    Ruby = "ruby", names ["Gemfile", "Rakefile", "Vagrantfile", "Podfile", "Fastfile", "Guardfile", "Capfile", "Brewfile", "Dangerfile", "Appraisals"], prefixes [], extensions ["rb", "rake", "gemspec", "ru", "erb"], interpreters ["ruby", "jruby"];
    /// PHP.
    Php = "php", names [], prefixes [], extensions ["php", "php3", "php4", "php5", "php7", "phtml"], interpreters ["php"];
    /// C#.
    CSharp = "csharp", names [], prefixes [], extensions ["cs", "csx", "cshtml", "razor"], interpreters ["dotnet-script"];
    /// Visual Basic, and its dialects.
    VisualBasic = "visual-basic", names [], prefixes [], extensions ["vb", "vbs", "bas"], interpreters [];
    /// F#.
    FSharp = "fsharp", names [], prefixes [], extensions ["fs", "fsx", "fsi"], interpreters [];
    /// Kotlin.
    Kotlin = "kotlin", names [], prefixes [], extensions ["kt", "kts"], interpreters ["kotlin"];
    /// Scala.
    Scala = "scala", names [], prefixes [], extensions ["scala", "sc", "sbt"], interpreters ["scala"];
    /// C; headers too, whichever language they are for.
    C = "c", names [], prefixes [], extensions ["c", "h"], interpreters [];
    /// C++.
    Cpp = "cpp", names [], prefixes [], extensions ["cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ino"], interpreters [];
    /// Rust.
    Rust = "rust", names [], prefixes [], extensions ["rs"], interpreters ["rust-script"];
    /// Bash and other POSIX shells.
    Shell = "shell", names [".bashrc", ".bash_profile", ".bash_aliases", ".bash_history", ".profile", ".zshrc", ".zprofile", ".zshenv", ".zsh_history", ".kshrc", "PKGBUILD"], prefixes [], extensions ["sh", "bash", "zsh", "ksh", "fish", "command"], interpreters ["sh", "bash", "zsh", "ksh", "dash", "ash", "fish"];
    /// PowerShell.
    PowerShell = "powershell", names [], prefixes [], extensions ["ps1", "psm1", "psd1"], interpreters ["pwsh", "powershell"];
    /// Windows batch files.
    Batch = "batch", names [], prefixes [], extensions ["bat", "cmd"], interpreters [];
    /// Solidity.
    Solidity = "solidity", names [], prefixes [], extensions ["sol"], interpreters [];
    /// Swift.
    Swift = "swift", names [], prefixes [], extensions ["swift"], interpreters ["swift"];
    /// Objective-C.
    ObjectiveC = "objective-c", names [], prefixes [], extensions ["m", "mm"], interpreters [];
    /// HTML, templates included.
    Html = "html", names [], prefixes [], extensions ["html", "htm", "xhtml", "jsp", "jspx", "asp", "aspx", "ejs", "hbs", "handlebars", "mustache", "twig", "njk", "liquid", "jinja", "jinja2", "j2"], interpreters [];
    /// CSS and its preprocessors.
    Css = "css", names [], prefixes [], extensions ["css", "scss", "sass", "less", "styl"], interpreters [];
    /// Vue components.
    Vue = "vue", names [], prefixes [], extensions ["vue"], interpreters [];
    /// Svelte components.
    Svelte = "svelte", names [], prefixes [], extensions ["svelte"], interpreters [];
    /// Astro components.
    Astro = "astro", names [], prefixes [], extensions ["astro"], interpreters [];
    /// OCaml.
    OCaml = "ocaml", names [], prefixes [], extensions ["ml", "mli", "mll", "mly"], interpreters ["ocaml"];
    /// Elixir.
    Elixir = "elixir", names ["mix.lock"], prefixes [], extensions ["ex", "exs", "eex", "heex", "leex"], interpreters ["elixir"];
    /// Erlang.
    Erlang = "erlang", names ["rebar.config"], prefixes [], extensions ["erl", "hrl"], interpreters ["escript"];
    /// Apex.
    Apex = "apex", names [], prefixes [], extensions ["cls", "apex", "trigger"], interpreters [];
    /// Dart.
    Dart = "dart", names [], prefixes [], extensions ["dart"], interpreters ["dart"];
    /// Lua.
    Lua = "lua", names [], prefixes [], extensions ["lua", "rockspec"], interpreters ["lua", "luajit"];
    /// Perl.
    Perl = "perl", names ["cpanfile"], prefixes [], extensions ["pl", "pm", "pod", "psgi"], interpreters ["perl"];
    /// R.
    R = "r", names [".Rprofile"], prefixes [], extensions ["r", "rmd"], interpreters ["rscript", "Rscript"];
    /// Julia.
    Julia = "julia", names [], prefixes [], extensions ["jl"], interpreters ["julia"];
    /// Groovy, Jenkins and Gradle files included.
    Groovy = "groovy", names ["Jenkinsfile"], prefixes ["Jenkinsfile."], extensions ["groovy", "gradle", "gvy"], interpreters ["groovy"];
    /// Clojure.
    Clojure = "clojure", names [], prefixes [], extensions ["clj", "cljs", "cljc", "edn"], interpreters ["bb", "clojure"];
    /// Haskell.
    Haskell = "haskell", names [], prefixes [], extensions ["hs", "lhs", "cabal"], interpreters ["runhaskell", "runghc", "stack"];
    /// Lisp and Scheme.
    Lisp = "lisp", names [".emacs"], prefixes [], extensions ["lisp", "el", "scm", "rkt"], interpreters ["sbcl", "emacs"];
    /// Nim.
    Nim = "nim", names [], prefixes [], extensions ["nim", "nims", "nimble"], interpreters ["nim"];
    /// Zig.
    Zig = "zig", names [], prefixes [], extensions ["zig", "zon"], interpreters [];
    /// Crystal.
    Crystal = "crystal", names [], prefixes [], extensions ["cr"], interpreters ["crystal"];
    /// Fortran.
    Fortran = "fortran", names [], prefixes [], extensions ["f", "f77", "f90", "f95", "f03", "for"], interpreters [];
    /// COBOL.
    Cobol = "cobol", names [], prefixes [], extensions ["cob", "cbl", "cpy"], interpreters [];
    /// Pascal and Delphi.
    Pascal = "pascal", names [], prefixes [], extensions ["pas", "dpr", "lpr", "dfm"], interpreters [];
    /// Assembly.
    Assembly = "assembly", names [], prefixes [], extensions ["asm", "s", "nasm"], interpreters [];
    /// VHDL.
    Vhdl = "vhdl", names [], prefixes [], extensions ["vhd", "vhdl"], interpreters [];
    /// Tcl.
    Tcl = "tcl", names [], prefixes [], extensions ["tcl", "exp"], interpreters ["tclsh", "wish", "expect"];
    /// Awk.
    Awk = "awk", names [], prefixes [], extensions ["awk"], interpreters ["awk", "gawk", "mawk"];
    /// Nix.
    Nix = "nix", names [], prefixes [], extensions ["nix"], interpreters [];
    /// SQL.
    Sql = "sql", names [], prefixes [], extensions ["sql", "psql", "pgsql", "mysql", "ddl", "dml"], interpreters [];
    /// GraphQL.
    GraphQl = "graphql", names [], prefixes [], extensions ["graphql", "gql", "graphqls"], interpreters [];
    /// Protocol buffers.
    Protobuf = "protobuf", names [], prefixes [], extensions ["proto"], interpreters [];
    /// Thrift.
    Thrift = "thrift", names [], prefixes [], extensions ["thrift"], interpreters [];
    /// HCL: Terraform, OpenTofu, Packer, Nomad.
    Hcl = "hcl", names [".terraformrc", "terraform.rc", ".terraform.lock.hcl"], prefixes [], extensions ["tf", "hcl", "tfvars", "nomad", "tofu"], interpreters [];
    /// Bicep.
    Bicep = "bicep", names [], prefixes [], extensions ["bicep", "bicepparam"], interpreters [];
    /// Rego.
    Rego = "rego", names [], prefixes [], extensions ["rego"], interpreters [];
    /// YAML.
    Yaml = "yaml", names [".clang-format", ".clang-tidy", ".gemrc", ".condarc", ".yarnrc.yml"], prefixes [], extensions ["yaml", "yml", "eyaml", "sls"], interpreters [];
    /// JSON, and its dialects with comments.
    Json = "json", names [".babelrc", ".eslintrc", ".prettierrc", ".jshintrc", ".bowerrc", ".stylelintrc", ".swcrc", "composer.lock", "Pipfile.lock", "flake.lock", "deno.lock", ".dockerconfigjson", ".watchmanconfig"], prefixes [], extensions ["json", "jsonc", "json5", "jsonl", "ndjson", "geojson", "webmanifest", "tfstate", "har", "avsc", "code-workspace", "map", "arb"], interpreters [];
    /// TOML.
    Toml = "toml", names ["Pipfile", "Cargo.lock", "poetry.lock", "uv.lock", "pdm.lock"], prefixes [], extensions ["toml"], interpreters [];
    /// XML.
    Xml = "xml", names ["web.config", "app.config", "nuget.config", "NuGet.Config", "packages.config", "Web.config", "App.config"], prefixes [], extensions ["xml", "xsd", "xsl", "xslt", "svg", "plist", "csproj", "vbproj", "fsproj", "vcxproj", "props", "targets", "nuspec", "pom", "resx", "xaml", "wsdl", "config", "storyboard", "xib", "rss", "atom", "iml", "jelly", "publishsettings", "tmx"], interpreters [];
    /// INI files and others of sections and keys.
    Ini = "ini", names [".gitconfig", ".gitmodules", ".npmrc", ".pypirc", ".pylintrc", ".flake8", ".coveragerc", ".editorconfig", ".hgrc", ".my.cnf", ".s3cfg", ".boto", ".wgetrc", ".curlrc", "setup.cfg", "tox.ini"], prefixes [], extensions ["ini", "cfg", "conf", "cnf", "inf", "reg", "service", "timer", "socket", "desktop", "editorconfig", "url", "rdp"], interpreters [];
    /// Java properties.
    Properties = "properties", names [], prefixes [], extensions ["properties"], interpreters [];
    /// Environment files: names and values.
    Dotenv = "dotenv", names [".env", ".envrc"], prefixes [".env."], extensions ["env", "envrc"], interpreters [];
    /// Container build files.
    Dockerfile = "dockerfile", names ["Dockerfile", "Containerfile", "dockerfile"], prefixes ["Dockerfile.", "Containerfile.", "dockerfile."], extensions ["dockerfile", "containerfile"], interpreters [];
    /// Make files.
    Makefile = "makefile", names ["Makefile", "makefile", "GNUmakefile", "BSDmakefile", "Kbuild"], prefixes ["Makefile.", "makefile."], extensions ["mk", "mak", "make"], interpreters ["make"];
    /// Just files.
    Just = "just", names ["justfile", "Justfile", ".justfile"], prefixes [], extensions ["just"], interpreters ["just"];
    /// CMake.
    CMake = "cmake", names ["CMakeLists.txt"], prefixes [], extensions ["cmake"], interpreters ["cmake"];
    /// Bazel and Buck build files.
    Starlark = "starlark", names ["BUILD", "WORKSPACE", "BUCK", "BUILD.bazel", "WORKSPACE.bazel", "MODULE.bazel", "Tiltfile"], prefixes [], extensions ["bazel"], interpreters [];
    /// Web server configuration.
    Nginx = "nginx", names ["nginx.conf", ".htaccess", "httpd.conf", "Caddyfile"], prefixes [], extensions ["nginx", "vhost"], interpreters [];
    /// Markdown.
    Markdown = "markdown", names [], prefixes [], extensions ["md", "markdown", "mdx", "mkd"], interpreters [];
    /// ReStructuredText.
    ReStructuredText = "restructuredtext", names [], prefixes [], extensions ["rst", "rest"], interpreters [];
    /// AsciiDoc.
    AsciiDoc = "asciidoc", names [], prefixes [], extensions ["adoc", "asciidoc"], interpreters [];
    /// Org mode.
    OrgMode = "org", names [], prefixes [], extensions ["org"], interpreters [];
    /// LaTeX.
    Latex = "latex", names [], prefixes [], extensions ["tex", "sty", "bib"], interpreters [];
    /// Jupyter notebooks.
    Jupyter = "jupyter", names [], prefixes [], extensions ["ipynb"], interpreters [];
    /// Comma- or tab-separated values.
    Csv = "csv", names [], prefixes [], extensions ["csv", "tsv", "psv"], interpreters [];
    /// Differences between files.
    Diff = "diff", names [], prefixes [], extensions ["diff", "patch"], interpreters [];
    /// Logs.
    Log = "log", names [], prefixes [], extensions ["log"], interpreters [];
    /// Keys and certificates as text.
    Pem = "pem", names [], prefixes [], extensions ["pem", "key", "crt", "cer", "csr", "pub", "asc", "ppk"], interpreters [];
    /// HTTP requests as text.
    Http = "http", names [], prefixes [], extensions ["http", "rest-client"], interpreters [];
    /// Plain text.
    PlainText = "text", names [], prefixes [], extensions ["txt", "text"], interpreters [];
}
