//! Checkov's own policies on its own samples. They are taken from a checkout of Checkov that `BARTIZAN_CHECKOV` names; without
//! one, nothing is tested.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use bartizan_core::ArtifactPath;
use serde_json::Value as Json;

use super::checkov;
use crate::{Format, Resource, Verdict, fixture};

/// Folders of samples whose answers differ from Checkov's, and why that is so.
static DIFFERENT: &[(&str, &str)] =
    &[("RequireAllPodsToHaveNetworkPolicy", "pods that a Deployment starts are judged as the Deployment, and have no names of their own")];

/// A policy and what it says of a folder of samples.
struct Vector {
    framework: String,
    /// The name of the folder with samples.
    name: String,
    folder: PathBuf,
    policy: PathBuf,
}

fn files_below(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// The policies that tests name otherwise than their samples: `self.go("samples", "policy")`.
fn renamed(tests: &Path) -> BTreeMap<String, String> {
    let calls = regex::Regex::new(r#"self\.go\(\s*(?:dir_name=)?"(\w+)",\s*(?:check_name=)?"(\w+)"\s*\)"#).unwrap();
    let mut files = Vec::new();
    files_below(tests, &mut files);
    let python = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "py"));
    let texts: Vec<String> = python.map(|path| fs::read_to_string(path).unwrap()).collect();
    texts.iter().flat_map(|text| calls.captures_iter(text)).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

fn vectors(root: &Path) -> Vec<Vector> {
    let mut vectors = Vec::new();
    // Bicep is not read yet.
    for framework in ["terraform", "cloudformation", "kubernetes", "ansible"] {
        let tests = root.join("tests").join(framework).join("graph/checks");
        let mut policies = Vec::new();
        files_below(&root.join("checkov").join(framework).join("checks/graph_checks"), &mut policies);
        let renamed = renamed(&tests);
        let mut expected = Vec::new();
        files_below(&tests.join("resources"), &mut expected);
        for path in expected.iter().filter(|path| path.file_name().is_some_and(|name| name == "expected.yaml")) {
            let folder = path.parent().unwrap();
            let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
            let policy = renamed.get(&name).unwrap_or(&name);
            let policy = policies.iter().find(|path| path.file_stem().is_some_and(|stem| stem == policy.as_str()));
            // Samples of policies that are written in Python, or that nobody tests any more.
            let Some(policy) = policy.cloned() else { continue };
            vectors.push(Vector { framework: framework.to_owned(), name, folder: folder.to_owned(), policy });
        }
    }
    vectors
}

/// The addresses that a policy passes and fails.
fn said(vector: &Vector) -> Result<[BTreeSet<String>; 3], String> {
    let text = fs::read_to_string(&vector.policy).unwrap();
    let policy = checkov::parse(&text, &ArtifactPath::from("policy.yaml")).map_err(|error| error.message)?;
    let mut paths = Vec::new();
    files_below(&vector.folder, &mut paths);
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&vector.folder).unwrap().to_str().unwrap().to_owned();
        Some((name, fs::read_to_string(path).ok()?))
    };
    let files: Vec<(String, String)> = paths.iter().filter_map(read).filter(|(name, _)| name != "expected.yaml").collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let graph = fixture::graph(&files);
    let mut said = [BTreeSet::new(), BTreeSet::new(), BTreeSet::new()];
    for (id, verdict) in policy.condition.judge_all(&[], &graph) {
        let address = as_checkov_names(graph.get(id).unwrap());
        match verdict {
            Verdict::Pass => said[0].insert(address),
            Verdict::Fail(_) => said[1].insert(address),
            Verdict::Unknown(..) => said[2].insert(address),
            Verdict::NotApplicable => false,
        };
    }
    Ok(said)
}

/// The name that Checkov's tests give to a resource, without what tells instances apart whose number is not known.
fn as_checkov_names(resource: &Resource) -> String {
    let address = resource.address.replace("[?]", "[0]").replace("data.", "");
    if resource.format != Format::Kubernetes {
        return address;
    }
    let mut parts: Vec<&str> = address.split('/').collect();
    if parts.len() == 2 {
        parts.insert(1, "default");
    }
    parts.join(".")
}

fn expected(vector: &Vector) -> [BTreeSet<String>; 3] {
    let text = fs::read_to_string(vector.folder.join("expected.yaml")).unwrap();
    let expected: Json = serde_saphyr::from_str(&text).unwrap();
    ["pass", "fail", "skip"].map(|key| {
        let names = expected[key].as_array().into_iter().flatten();
        names.map(|name| name.as_str().unwrap().to_owned()).collect()
    })
}

#[test]
fn policies_of_checkov_give_its_answers() {
    let Ok(root) = std::env::var("BARTIZAN_CHECKOV") else { return };
    let vectors = vectors(Path::new(&root));
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut wrong = String::new();
    for vector in &vectors {
        let (n_same, n_all) = counts.entry(&vector.framework).or_default();
        *n_all += 1;
        let difference = match said(vector) {
            Err(error) => format!("  {error}\n"),
            Ok([passed, failed, unknown]) => {
                let [pass, fail, skip] = expected(vector);
                // A block whose number is not known has no index in Checkov, or the first.
                let known = |name: &String| {
                    let plain = name.trim_end_matches("[0]");
                    if pass.contains(plain) || fail.contains(plain) { plain.to_owned() } else { name.clone() }
                };
                let [passed, failed] = [passed, failed].map(|names| names.iter().map(known).collect::<BTreeSet<String>>());
                // Marks in comments are not the policy's business.
                let failed = failed.difference(&skip).cloned().collect();
                let list =
                    |what: &str, names: Vec<&String>| if names.is_empty() { String::new() } else { format!("  {what}: {names:?}\n") };
                let differences = [
                    list("not passed", pass.difference(&passed).collect()),
                    list("passed", passed.difference(&pass).collect()),
                    list("not failed", fail.difference(&failed).collect()),
                    list("failed", failed.difference(&fail).collect()),
                ];
                let differences = differences.concat();
                if differences.is_empty() { differences } else { differences + &list("unknown", unknown.iter().collect()) }
            }
        };
        let is_known = DIFFERENT.iter().any(|(name, _)| *name == vector.name);
        if difference.is_empty() {
            *n_same += 1;
        }
        if difference.is_empty() == is_known {
            wrong.push_str(&format!("{} {} ({})\n{difference}", vector.framework, vector.name, vector.policy.display()));
        }
    }
    println!("as Checkov says, of all: {counts:?}");
    assert!(wrong.is_empty(), "{counts:?}\n{wrong}");
}
