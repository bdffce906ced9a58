use crate::fixture::check_project;

#[test]
fn a_manifest_says_what_the_crates_of_a_lock_file_are_for() {
    check_project(
        &[
            ("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n"),
            (
                "app/Cargo.toml",
                "[package]\nname = \"app\"\nversion.workspace = true\n[dependencies]\nrand = \"0.8\"\n[dev-dependencies]\nold = { package = \"rand\", version = \"0.7\" }\ntempfile = \"3\"\n",
            ),
            (
                "Cargo.lock",
                r#"
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["rand 0.7.3", "rand 0.8.5", "tempfile"]
[[package]]
name = "rand"
version = "0.7.3"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "rand"
version = "0.8.5"
source = "registry+https://github.com/rust-lang/crates.io-index"
[[package]]
name = "tempfile"
version = "3.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = ["libc"]
[[package]]
name = "libc"
version = "0.2.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#,
            ),
        ],
        "
root pkg:cargo/app@0.1.0
  -> pkg:cargo/rand@0.7.3 development
  -> pkg:cargo/rand@0.8.5 runtime
  -> pkg:cargo/tempfile@3.0.0 development
pkg:cargo/libc@0.2.0 development
pkg:cargo/rand@0.7.3 development
pkg:cargo/rand@0.8.5 runtime
pkg:cargo/tempfile@3.0.0 development
  -> pkg:cargo/libc@0.2.0 runtime
",
    );
}

#[test]
fn members_of_a_workspace_are_found_by_their_folders() {
    check_project(
        &[
            ("package.json", r#"{"name": "app", "version": "1.0.0", "dependencies": {"a": "^1"}}"#),
            ("packages/lib/package.json", r#"{"name": "lib", "version": "2.0.0", "devDependencies": {"b": "1"}}"#),
            (
                "pnpm-lock.yaml",
                "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      a: {specifier: ^1, version: 1.1.0}\n      lib: {specifier: 'workspace:*', version: 'link:packages/lib'}\n  packages/lib:\n    devDependencies:\n      b: {specifier: '1', version: 1.0.0}\npackages:\n  a@1.1.0: {}\n  b@1.0.0: {}\n",
            ),
        ],
        "
pkg:npm/a@1.1.0 runtime
root pkg:npm/app@1.0.0
  -> pkg:npm/a@1.1.0 runtime
  -> pkg:npm/lib@2.0.0 runtime
pkg:npm/b@1.0.0 development
root pkg:npm/lib@2.0.0
  -> pkg:npm/b@1.0.0 development
",
    );
}

#[test]
fn a_lock_file_answers_by_name_and_requirement() {
    check_project(
        &[
            (
                "package.json",
                r#"{"name": "app", "version": "1.0.0", "dependencies": {"d": "^2.6.0"}, "devDependencies": {"e": "*", "x": "1"}}"#,
            ),
            (
                "yarn.lock",
                "d@4:\n  version \"4.3.0\"\n\nd@^2.6.0:\n  version \"2.6.9\"\n\ne@*:\n  version \"1.0.0\"\n  dependencies:\n    d \"4\"\n",
            ),
        ],
        "
root pkg:npm/app@1.0.0
  -> pkg:npm/d@2.6.9 runtime
  -> pkg:npm/e@1.0.0 development
pkg:npm/d@2.6.9 runtime
pkg:npm/d@4.3.0 development
pkg:npm/e@1.0.0 development
  -> pkg:npm/d@4.3.0 runtime
package.json:1: `x` is not in the lock file
",
    );
}

#[test]
fn names_of_python_are_compared_by_pep_503() {
    check_project(
        &[
            ("pyproject.toml", "[project]\nname = \"app\"\nversion = \"1\"\ndependencies = [\"Typing_Extensions>=4\"]\n"),
            (
                "poetry.lock",
                "[[package]]\nname = \"typing-extensions\"\nversion = \"4.1.0\"\n[[package]]\nname = \"lost\"\nversion = \"1\"\n",
            ),
        ],
        "
root pkg:pypi/app@1
  -> pkg:pypi/lost@1 runtime
  -> pkg:pypi/typing-extensions@4.1.0 runtime
pkg:pypi/lost@1 runtime
pkg:pypi/typing-extensions@4.1.0 runtime
",
    );
}

#[test]
fn without_a_lock_file_only_what_is_pinned_has_a_version() {
    check_project(
        &[(
            "composer.json",
            r#"{"name": "o/app",
"require": {"o/a": "^1", "o/b": "1.2.3", "o/c": "*"}}"#,
        )],
        "
pkg:composer/o/a runtime
root pkg:composer/o/app
  -> pkg:composer/o/a runtime
  -> pkg:composer/o/b@1.2.3 runtime
  -> pkg:composer/o/c runtime
pkg:composer/o/b@1.2.3 runtime
pkg:composer/o/c runtime
composer.json:2: `o/a` and 1 more are of no known version: there is no lock file
",
    );
}

#[test]
fn sums_of_go_supplement_what_is_not_whole() {
    let sum = ("go.sum", "example.com/a v1.0.0 h1:0a=\nexample.com/b v1.0.0 h1:0b=\n");
    check_project(
        &[("go.mod", "module app\ngo 1.21\nrequire example.com/a v1.0.0\n"), sum],
        "
root pkg:golang/app
  -> pkg:golang/example.com/a@v1.0.0 runtime
  -> pkg:golang/stdlib@1.21 runtime
pkg:golang/example.com/a@v1.0.0 runtime
pkg:golang/stdlib@1.21 runtime
",
    );
    check_project(
        &[("go.mod", "module app\ngo 1.16\nrequire example.com/a v1.0.0\n"), sum],
        "
root pkg:golang/app
  -> pkg:golang/example.com/a@v1.0.0 runtime
  -> pkg:golang/example.com/b@v1.0.0 runtime
  -> pkg:golang/stdlib@1.16 runtime
pkg:golang/example.com/a@v1.0.0 runtime
pkg:golang/example.com/b@v1.0.0 runtime
pkg:golang/stdlib@1.16 runtime
",
    );
}

#[test]
fn a_circle_that_nothing_leads_to_has_a_root_all_the_same() {
    check_project(
        &[(
            "sub/yarn.lock",
            "a@1:\n  version \"1.0.0\"\n  dependencies:\n    b \"1\"\n\nb@1:\n  version \"1.0.0\"\n  dependencies:\n    a \"1\"\n",
        )],
        "
root pkg:generic/sub
  -> pkg:npm/a@1.0.0 runtime
pkg:npm/a@1.0.0 runtime
  -> pkg:npm/b@1.0.0 runtime
pkg:npm/b@1.0.0 runtime
  -> pkg:npm/a@1.0.0 runtime
",
    );
}
