//! Package URLs, against the specification's own suite (<https://github.com/package-url/purl-spec>, `tests/`) and traps beside it.

use bartizan_formats::purl::{PackageUrl, Parts, PurlError};
use serde_json::{Value, json};

use crate::schema::foreign;

/// One file a type, and one for what holds for all.
const SUITES: &[&str] = &[
    "alpm",
    "apk",
    "bazel",
    "bitbucket",
    "bitnami",
    "brew",
    "cargo",
    "chrome-extension",
    "cocoapods",
    "composer",
    "conan",
    "conda",
    "cpan",
    "cran",
    "deb",
    "docker",
    "gem",
    "generic",
    "git",
    "github",
    "golang",
    "hackage",
    "hex",
    "huggingface",
    "julia",
    "luarocks",
    "maven",
    "mlflow",
    "npm",
    "nuget",
    "oci",
    "opam",
    "otp",
    "pub",
    "pypi",
    "qpkg",
    "rpm",
    "swid",
    "swift",
    "vcpkg",
    "vscode-extension",
    "yocto",
];

#[test]
fn the_official_suite_passes() {
    let paths = SUITES.iter().map(|name| format!("types/{name}")).chain(["spec/specification".to_owned()]);
    let mut failures = Vec::new();
    let mut n_tests = 0;
    for path in paths {
        let Some(suite) = foreign(&format!("purl/{path}-test.json")) else { return };
        for test in suite["tests"].as_array().unwrap() {
            n_tests += 1;
            let output = answer(test["test_type"].as_str().unwrap(), &test["input"]);
            let passes = match &output {
                Ok(output) => test["expected_failure"] == json!(false) && present(output) == present(&test["expected_output"]),
                Err(_) => test["expected_failure"] == json!(true),
            };
            if !passes {
                failures.push(format!("{path}: {} {}: {output:?}", test["test_type"], test["input"]));
            }
        }
    }
    assert_eq!(failures, [""; 0]);
    assert_eq!(n_tests, 586);
}

fn answer(operation: &str, input: &Value) -> Result<Value, PurlError> {
    match operation {
        "parse" => {
            let purl: PackageUrl = input.as_str().unwrap().parse()?;
            let again: PackageUrl = purl.to_string().parse()?;
            assert_eq!(purl, again, "{input}");
            Ok(json!({
                "type": purl.package_type(), "namespace": purl.namespace(), "name": purl.name(), "version": purl.version(),
                "qualifiers": purl.qualifiers().collect::<std::collections::BTreeMap<_, _>>(), "subpath": purl.subpath(),
            }))
        }
        "validate" => PackageUrl::lenient(input.as_str().unwrap()).map(|purl| purl.to_string().into()),
        "build" => {
            let text = |name: &str| input[name].as_str().unwrap_or_default();
            let qualifiers = input["qualifiers"].as_object();
            let qualifiers: Vec<(&str, &str)> =
                qualifiers.into_iter().flatten().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect();
            let parts = Parts {
                package_type: text("type"),
                namespace: text("namespace"),
                name: text("name"),
                version: text("version"),
                qualifiers: &qualifiers,
                subpath: text("subpath"),
            };
            PackageUrl::build(parts).map(|purl| purl.to_string().into())
        }
        other => panic!("unknown operation {other}"),
    }
}

/// Without members that say nothing.
fn present(value: &Value) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    members.iter().filter(|(_, value)| !value.is_null() && **value != json!({})).map(|(key, value)| (key.clone(), value.clone())).collect()
}

fn check(text: &str, canonical: &str) {
    assert_eq!(PackageUrl::lenient(text).unwrap().to_string(), canonical);
}

#[test]
fn what_other_tools_write_is_read() {
    check("pkg:golang/stdlib@1.21", "pkg:golang/stdlib@1.21");
    check("pkg:npm/@babel/core@7.0.0", "pkg:npm/%40babel/core@7.0.0");
    check("pkg:github/a/b@feature/x", "pkg:github/a/b@feature%2Fx");
    check("pkg:deb/debian/libc++1@1:14~rc1+b1", "pkg:deb/debian/libc%2B%2B1@1:14~rc1%2Bb1");
    check(
        "pkg:golang/github.com/Masterminds/semver/v3@v3.2.0+incompatible",
        "pkg:golang/github.com/Masterminds/semver/v3@v3.2.0%2Bincompatible",
    );
    check("pkg:git/a%2Fb", "pkg:git/a%2Fb");
    check("pkg:git/host/%2Fa%2F/b//", "pkg:git/host/a//b");
    check("pkg:unknown-type/A/B@1?x=", "pkg:unknown-type/A/B@1");
    check("  PKG://npm//a@%C3%A9#./x//../y\n", "pkg:npm/a@%C3%A9#x/y");
}

fn check_refused(text: &str, error: &PurlError) {
    assert_eq!(text.parse::<PackageUrl>().as_ref(), Err(error));
}

#[test]
fn what_is_wrong_is_named() {
    check_refused("npm/a", &PurlError::NoScheme);
    check_refused("pkg:npm/", &PurlError::NoName);
    check_refused("pkg:npm/a%2", &PurlError::InvalidEncoding("a%2".to_owned()));
    check_refused("pkg:npm/a%ff", &PurlError::InvalidEncoding("a%ff".to_owned()));
    check_refused("pkg:npm/x%2Fy/a", &PurlError::SlashInSegment("x/y".to_owned()));
    check_refused("pkg:npm/a?x=1&X=2", &PurlError::InvalidKey("X".to_owned()));
    check_refused("pkg:npm/a?x=1&x=2", &PurlError::RepeatedKey("x".to_owned()));
    check_refused("pkg:cargo/x/a", &PurlError::UnexpectedNamespace { package_type: "cargo".to_owned(), namespace: "x".to_owned() });
    check_refused("pkg:swid/a", &PurlError::NoQualifier { package_type: "swid".to_owned(), key: "tag_id" });
}
