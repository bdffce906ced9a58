//! By which names code imports packages, and what can't be told from names.

use std::{borrow::Cow, collections::HashMap, sync::OnceLock};

use bartizan_core::Component;

use super::is_a_tool;
use crate::{
    inventory::NameInCode,
    usage::{Family, hash},
};

/// Modules of packages of `PyPI`: a line a package, its name, then its modules; after a `!` it is loaded by others.
const PYPI: &str = include_str!("pypi.txt");

/// Packages of Java's classes of Maven's artifacts, in the same form.
const MAVEN: &str = include_str!("maven.txt");

/// Crates whose library has another name.
const CRATES: [(&str, &str); 5] =
    [("rust-crypto", "crypto"), ("md-5", "md5"), ("sha-1", "sha1"), ("rust-ini", "ini"), ("new_debug_unreachable", "debug_unreachable")];

/// Parts of names of npm's packages that others load by a name of their own: `plugins: ['import']` is `eslint-plugin-import`.
const LOADED_BY_NAME: [&str; 16] = [
    "plugin",
    "preset",
    "loader",
    "eslint",
    "babel",
    "webpack",
    "rollup",
    "postcss",
    "stylelint",
    "gulp",
    "grunt",
    "karma",
    "jest",
    "mocha",
    "tslint",
    "types/",
];

/// Commands of packages of npm whose name is another.
const COMMANDS: [(&str, &[&str]); 11] = [
    ("typescript", &["tsc", "tsserver"]),
    ("@angular/cli", &["ng"]),
    ("@nestjs/cli", &["nest"]),
    ("@vue/cli-service", &["vue-cli-service"]),
    ("webpack-cli", &["webpack"]),
    ("node-sass", &["sass"]),
    ("npm-run-all", &["run-s", "run-p"]),
    ("protobufjs", &["pbjs", "pbts"]),
    ("sequelize-cli", &["sequelize"]),
    ("http-server", &["hs"]),
    ("grpc-tools", &["grpc_tools_node_protoc"]),
];

/// Packages of npm that others load when they are there: drivers of databases, engines of templates.
const NPM_LOADED_BY_OTHERS: [&str; 24] = [
    "pg",
    "pg-native",
    "pg-hstore",
    "mysql",
    "mysql2",
    "sqlite3",
    "better-sqlite3",
    "tedious",
    "mssql",
    "oracledb",
    "mongodb",
    "redis",
    "ioredis",
    "bufferutil",
    "utf-8-validate",
    "encoding",
    "canvas",
    "sharp",
    "sass",
    "less",
    "stylus",
    "react-dom",
    "reflect-metadata",
    "fsevents",
];

/// Beginnings of names of packages of `PyPI` that add to another package by being installed.
const PYPI_PLUGINS: [&str; 18] = [
    "pytest",
    "flake8-",
    "sphinx",
    "mkdocs",
    "pylint",
    "tox-",
    "poetry-",
    "setuptools-",
    "hatch-",
    "opentelemetry-",
    "apache-airflow-",
    "jupyter",
    "nbconvert",
    "dask-",
    "django-",
    "mypy-",
    "types-",
    "certbot-",
];

/// What names say of packages.
pub(super) struct Names<'n> {
    /// Names that manifests and lock files give.
    given: HashMap<(Family, &'n str), Vec<&'n str>>,
}

type Table = HashMap<&'static str, (Vec<&'static str>, bool)>;

fn table(text: &'static str) -> Table {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let (line, is_loaded_by_others) = line.strip_suffix(" !").map_or((line, false), |line| (line, true));
            let mut words = line.split(' ');
            Some((words.next()?, (words.collect(), is_loaded_by_others)))
        })
        .collect()
}

fn pypi() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| table(PYPI))
}

fn maven() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| table(MAVEN))
}

impl<'n> Names<'n> {
    pub(super) fn new(given: &'n [NameInCode]) -> Self {
        let mut by_package: HashMap<(Family, &str), Vec<&str>> = HashMap::new();
        for name in given {
            if let Some(family) = Family::of(name.ecosystem) {
                by_package.entry((family, name.package.as_str())).or_default().push(&name.name);
            }
        }
        Self { given: by_package }
    }

    /// The names that code may import a component by.
    pub(super) fn of(&self, family: Family, component: &Component) -> Vec<String> {
        let name = component.name.as_str();
        let given = self.given.get(&(family, name)).into_iter().flatten().map(|given| (*given).to_owned());
        let mut names: Vec<String> = given.collect();
        let listed = |table: &'static Table, name: &str| {
            table.get(name).map(|(modules, _)| modules.iter().map(|module| (*module).to_owned()).collect::<Vec<_>>())
        };
        match family {
            Family::JavaScript | Family::Go => names.push(name.to_owned()),
            Family::Rust => {
                let library = CRATES.iter().find(|(known, _)| *known == name).map_or(name, |(_, library)| *library);
                names = names.iter().map(String::as_str).chain([library]).map(|name| name.replace('-', "_")).collect();
            }
            Family::Python => {
                let likely = || vec![name.replace('-', "_"), name.replace(['-', '_'], ".")];
                names.extend(listed(pypi(), &normal(name)).unwrap_or_else(likely));
            }
            Family::Jvm => names.extend(listed(maven(), name).unwrap_or_else(|| likely_packages(name))),
            Family::Ruby => names.extend([name.to_owned(), name.replace('-', "/"), name.replace('-', "_")]),
            Family::Php if names.is_empty() => names.extend(likely_namespaces(name)),
            Family::Php => names = names.iter().map(|name| lower_path(name, '\\')).collect(),
            Family::DotNet => names.push(name.to_lowercase()),
        }
        if matches!(family, Family::Python) {
            names.iter_mut().for_each(|name| name.make_ascii_lowercase());
        }
        names.sort();
        names.dedup();
        names
    }

    /// Why names don't tell that a component is not imported.
    pub(super) fn doubt(&self, family: Family, component: &Component) -> Option<String> {
        let name = component.name.as_str();
        let by_others = || Some("other packages load it when it is there".to_owned());
        let unnamed = || Some("it is not known by which name code imports it".to_owned());
        match family {
            Family::Go if matches!(name, "stdlib" | "toolchain" | "go") => {
                Some("packages of the standard library use each other".to_owned())
            }
            Family::Go => Some("its packages may be used by those of other modules, whose code is not looked at".to_owned()),
            Family::Rust => None,
            Family::JavaScript if is_a_tool(component.scope) => Some("it is there for its commands".to_owned()),
            Family::JavaScript if LOADED_BY_NAME.iter().any(|part| name.contains(part)) => {
                Some("packages like it are loaded by a short name".to_owned())
            }
            Family::JavaScript if NPM_LOADED_BY_OTHERS.contains(&name) => by_others(),
            Family::JavaScript => None,
            Family::Python if is_a_tool(component.scope) => Some("it is there for its commands".to_owned()),
            Family::Python if PYPI_PLUGINS.iter().any(|beginning| normal(name).starts_with(beginning)) => by_others(),
            Family::Python => match pypi().get(normal(name).as_str()) {
                None => unnamed(),
                Some((_, true)) => by_others(),
                Some((_, false)) => None,
            },
            Family::Jvm => match maven().get(name) {
                None => unnamed(),
                Some((_, true)) => by_others(),
                Some((_, false)) => None,
            },
            Family::Php if self.given.contains_key(&(family, name)) => None,
            Family::Ruby | Family::Php | Family::DotNet => unnamed(),
        }
    }

    /// Hashes of names of commands that are no names of the package.
    pub(super) fn commands(family: Family, component: &Component) -> impl Iterator<Item = u32> {
        let known = COMMANDS.iter().find(move |(known, _)| family == Family::JavaScript && *known == component.name);
        known.into_iter().flat_map(|(_, commands)| commands.iter().map(|command| hash(command)))
    }
}

/// PEP 503.
fn normal(name: &str) -> String {
    name.to_lowercase().replace(['_', '.'], "-")
}

/// Where classes of an artifact are, if its names are chosen as most are: `org.apache.commons:commons-text` has
/// `org.apache.commons.text`.
fn likely_packages(name: &str) -> Vec<String> {
    let (group, artifact) = name.split_once(':').unwrap_or((name, ""));
    let dotted = artifact.replace('-', ".");
    let mut names = vec![group.to_owned(), format!("{group}.{dotted}"), format!("{group}.{artifact}")];
    if let Some((_, rest)) = artifact.split_once('-') {
        names.push(format!("{group}.{}", rest.replace('-', ".")));
        if let Some((parent, _)) = group.rsplit_once('.') {
            names.push(format!("{parent}.{}", rest.replace('-', ".")));
        }
    }
    names
}

/// Where classes of a package are, if its names are chosen as most are: `guzzlehttp/guzzle` has `GuzzleHttp`.
fn likely_namespaces(name: &str) -> Vec<String> {
    let (vendor, package) = name.split_once('/').unwrap_or((name, ""));
    let plain = |text: &str| text.replace(['-', '_', '.'], "").to_lowercase();
    vec![format!("{}\\{}", plain(vendor), plain(package)), plain(package)]
}

fn lower_path(name: &str, separator: char) -> String {
    name.trim_matches(separator).to_lowercase()
}

/// What is imported and its beginnings, the longest first: `a.b.c`, `a.b`, `a`.
pub(super) fn beginnings<'i>(family: Family, import: &'i str) -> impl Iterator<Item = Cow<'i, str>> + use<'i> {
    let separator = match family {
        Family::JavaScript | Family::Go | Family::Ruby => '/',
        Family::Python | Family::Jvm | Family::DotNet => '.',
        Family::Php => '\\',
        Family::Rust => ':',
    };
    let import: Cow<'i, str> = match family {
        Family::Python | Family::DotNet | Family::Php => Cow::Owned(import.to_lowercase()),
        // What is imported without a dot in its first part is of the library that comes with Go.
        Family::Go if !import.split('/').next().unwrap_or_default().contains('.') => Cow::Borrowed("stdlib"),
        _ => Cow::Borrowed(import),
    };
    let mut end = Some(import.len());
    std::iter::from_fn(move || {
        let at = end?;
        let beginning = import.get(..at)?.to_owned();
        end = beginning.rfind(separator);
        Some(Cow::Owned(beginning))
    })
}
