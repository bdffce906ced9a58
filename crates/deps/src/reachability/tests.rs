use bartizan_core::Location;
use bartizan_source::{FileInfo, FileView};

use super::*;
use crate::usage;

/// A project: `PATH: TEXT` files, edges between package URLs (`.` is the root).
struct Project<'t> {
    files: &'t [(&'t str, &'t str)],
    edges: &'t [(&'t str, &'t str)],
    scope: Scope,
    sources: Sources,
    in_code: Vec<NameInCode>,
}

const ROOT: &str = "pkg:generic/root";

fn component(purl: &str, scope: Scope) -> Component {
    let parsed: PackageUrl = purl.parse().unwrap();
    let name = match (parsed.namespace(), parsed.package_type()) {
        (Some(namespace), "maven") => format!("{namespace}:{}", parsed.name()),
        (Some(namespace), _) => format!("{namespace}/{}", parsed.name()),
        (None, _) => parsed.name().to_owned(),
    };
    let lock = if parsed.package_type() == "pypi" && parsed.version() == Some("0") { "requirements.txt" } else { "uv.lock" };
    let kind = if purl == ROOT { ComponentKind::Application } else { ComponentKind::Library };
    Component {
        purl: purl.to_owned(),
        name,
        version: Some("1".to_owned()),
        kind,
        scope,
        licences: Vec::new(),
        hashes: Vec::new(),
        locations: vec![Location::whole(lock.into())],
        layer: None,
    }
}

impl Project<'_> {
    fn reached(&self, purl: &str, symbols: &[AffectedSymbols]) -> Option<Reached> {
        let files = self.files.iter().filter_map(|(path, text)| {
            let info = FileInfo::new((*path).into(), 1);
            Some(((*path).into(), usage::read(&FileView::new(&info, text.as_bytes(), Some(text)), None)?))
        });
        let code = Code::new(files.collect(), self.sources);
        let full = |purl: &str| if purl == "." { ROOT.to_owned() } else { purl.to_owned() };
        let dependencies: Vec<Dependency> = self
            .edges
            .iter()
            .map(|(dependent, dependency)| Dependency { dependent: full(dependent), dependency: full(dependency), scope: self.scope })
            .collect();
        let purls: std::collections::BTreeSet<&str> = dependencies.iter().flat_map(|edge| [&*edge.dependent, &*edge.dependency]).collect();
        let components: Vec<Component> = purls.into_iter().map(|purl| component(purl, self.scope)).collect();
        Judge::new(&code, &components, &dependencies, &self.in_code).reached(purl, symbols)
    }
}

fn project<'t>(files: &'t [(&'t str, &'t str)], edges: &'t [(&'t str, &'t str)]) -> Project<'t> {
    Project { files, edges, scope: Scope::Runtime, sources: Sources::All, in_code: Vec::new() }
}

#[track_caller]
fn check(project: &Project<'_>, purl: &str, expected: Reachability, reason: &str) {
    let reached = project.reached(purl, &[]).unwrap();
    assert_eq!(reached.reachability, expected, "{}", reached.reason);
    assert!(reached.reason.contains(reason), "{}", reached.reason);
}

const A: &str = "pkg:npm/left@1";
const B: &str = "pkg:npm/right@1";

#[test]
fn what_code_imports_is_imported_and_shown() {
    let files = [("src/a.ts", "let x;\nimport l from 'left/sub';"), ("src/b.js", "require('left'); require('left/other')")];
    let project = project(&files, &[(".", A), (".", B)]);
    check(&project, A, Reachability::Imported, "`left/sub` is imported in src/a.ts:2 and in another file");
    assert_eq!(project.reached(A, &[]).unwrap().places.len(), 2);
    check(&project, B, Reachability::NotImported, "no code of the project imports it");
}

#[test]
fn what_is_needed_by_what_is_imported_is_not_known() {
    let edges = [(".", A), (A, B), (".", "pkg:npm/other@1"), ("pkg:npm/other@1", "pkg:npm/deep@1"), ("pkg:npm/deep@1", "pkg:npm/other@1")];
    let project = project(&[("a.js", "import 'left'")], &edges);
    check(&project, B, Reachability::Unknown, "`left` depends on it");
    check(&project, "pkg:npm/deep@1", Reachability::NotImported, "");
}

#[test]
fn nothing_is_called_unimported_that_could_be_loaded_otherwise() {
    let check_doubt = |files: &[(&str, &str)], reason: &str| check(&project(files, &[(".", A)]), A, Reachability::Unknown, reason);
    check_doubt(&[("a.js", "require(name)")], "made at run time");
    check_doubt(&[("a.js", "x(['left'])")], "`a.js` mentions it");
    check_doubt(&[("a.js", ""), ("Procfile", "web: left start")], "`Procfile` mentions it");
    check_doubt(&[("a.py", "x = 1")], "no code that could import it");
    check_doubt(&[("a.js", "x = 1"), ("b.ts", "let = = {{")], "`b.ts:1` could not be parsed");
    let files = [("a.js", "x = 1")];
    check(&Project { scope: Scope::Development, ..project(&files, &[(".", A)]) }, A, Reachability::Unknown, "for its commands");
    check(&Project { sources: Sources::Part, ..project(&files, &[(".", A)]) }, A, Reachability::Unknown, "only a part");
    let edges = [(".", "pkg:npm/eslint-plugin-x@1")];
    check(&project(&files, &edges), "pkg:npm/eslint-plugin-x@1", Reachability::Unknown, "short name");
}

#[test]
fn of_two_versions_the_one_that_the_project_asks_for_is_imported() {
    let project = project(&[("a.js", "import 'left'")], &[(".", A), (".", B), (B, "pkg:npm/left@2")]);
    check(&project, A, Reachability::Imported, "");
    check(&project, "pkg:npm/left@2", Reachability::NotImported, "");
}

#[test]
fn a_package_is_known_by_the_name_that_the_manifest_gives_it() {
    let in_code = vec![NameInCode { ecosystem: Ecosystem::Npm, package: "left".to_owned(), name: "alias".to_owned() }];
    check(&Project { in_code, ..project(&[("a.js", "import 'alias'")], &[(".", A)]) }, A, Reachability::Imported, "`alias` is imported");
}

#[test]
fn modules_of_python_are_not_their_packages() {
    let files = [("a.py", "import yaml\nfrom google.cloud import storage\n")];
    let edges = [
        (".", "pkg:pypi/pyyaml@1"),
        (".", "pkg:pypi/google-cloud-storage@1"),
        (".", "pkg:pypi/zipp@1"),
        (".", "pkg:pypi/nobody-knows-it@1"),
        (".", "pkg:pypi/zipp@0"),
    ];
    let project = project(&files, &edges);
    check(&project, "pkg:pypi/pyyaml@1", Reachability::Imported, "`yaml`");
    check(&project, "pkg:pypi/google-cloud-storage@1", Reachability::Imported, "`google.cloud.storage`");
    check(&project, "pkg:pypi/zipp@1", Reachability::NotImported, "");
    check(&project, "pkg:pypi/nobody-knows-it@1", Reachability::Unknown, "by which name");
    check(&project, "pkg:pypi/zipp@0", Reachability::Unknown, "no lock file says");
}

#[test]
fn functions_that_an_advisory_names_are_called_or_not() {
    let part = |path: &str, symbols: &[&str]| AffectedSymbols {
        path: path.to_owned(),
        symbols: symbols.iter().map(|name| (*name).to_owned()).collect(),
    };
    let net = "pkg:golang/golang.org/x/net@1";
    let files = [("a.go", "package a\nimport \"golang.org/x/net/html\"\nfunc f() { html.Parse(r); d.Token() }")];
    let edges = [(".", net)];
    let go = project(&files, &edges);
    let verdict = |parts: &[AffectedSymbols]| go.reached(net, parts).unwrap().reachability;
    assert_eq!(verdict(&[part("golang.org/x/net/html", &["Render", "Parse"])]), Reachability::Called);
    assert_eq!(verdict(&[part("golang.org/x/net/html", &["Tokenizer.Token"])]), Reachability::Called);
    assert_eq!(verdict(&[part("golang.org/x/net/html", &["Render"])]), Reachability::Imported);
    assert_eq!(verdict(&[part("golang.org/x/net/html", &[])]), Reachability::Imported);
    assert_eq!(verdict(&[part("golang.org/x/net/http2", &["Parse"])]), Reachability::Unknown);
    assert_eq!(verdict(&[]), Reachability::Imported);
    let krate = "pkg:cargo/small-vec@1";
    let files = [("src/a.rs", "use small_vec::SmallVec;\nfn f() { v.insert_many(0, x) }")];
    let edges = [(".", krate)];
    let rust = project(&files, &edges);
    let verdict = |symbol: &str| rust.reached(krate, &[part("small_vec::SmallVec", &[symbol])]).unwrap().reachability;
    assert_eq!(verdict("insert_many"), Reachability::Called);
    assert_eq!(verdict("drain"), Reachability::Imported);
}

#[test]
fn the_longest_name_says_which_module_is_imported() {
    let (short, long) = ("pkg:golang/cloud.google.com/go@1", "pkg:golang/cloud.google.com/go/storage@1");
    let files = [("a.go", "package a\nimport \"cloud.google.com/go/storage/x\"")];
    let edges = [(".", short), (".", long)];
    let project = project(&files, &edges);
    check(&project, long, Reachability::Imported, "");
    check(&project, short, Reachability::Unknown, "");
}
