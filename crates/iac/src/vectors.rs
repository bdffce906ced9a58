//! Tests of other tools as vectors: data that somebody else made, from a checkout that an environment variable names.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value as Json;

use crate::{fixture, rule};

/// Names a checkout of <https://github.com/bridgecrewio/checkov>.
const CHECKOV: &str = "BARTIZAN_CHECKOV";
/// Names a file with one vector a line: `{id, framework, dir, pass: [address], fail: [address]}`, made from its tests.
const CHECKOV_VECTORS: &str = "BARTIZAN_CHECKOV_VECTORS";
/// Names a file that is told what was found where it was not expected, and the other way round.
const DETAILS: &str = "BARTIZAN_VECTOR_DETAILS";

/// The files of a folder and below, by path in it.
pub(crate) fn files_below(root: &Path) -> Vec<(String, String)> {
    let mut waiting = vec![root.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = waiting.pop() {
        let entries = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        for path in entries.collect::<BTreeSet<PathBuf>>() {
            if path.is_dir() {
                waiting.push(path);
            } else if let (Ok(text), Ok(name)) = (fs::read_to_string(&path), path.strip_prefix(root)) {
                files.push((name.to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    files
}

/// What is found in a folder: rule and address of each finding that is no guess.
fn found_in(folder: &Path) -> Vec<(String, String)> {
    let files = files_below(folder);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let scanned = fixture::scan(&files);
    let known = scanned.findings.iter().filter(|finding| !finding.message.starts_with("not known"));
    known
        .filter_map(|finding| {
            let address = finding.message.rsplit('`').nth(1)?;
            Some((finding.rule.to_string(), address.trim_start_matches("data.").to_owned()))
        })
        .collect()
}

/// The name of a resource without modules, keys of instances and `data`.
fn plain(address: &str) -> String {
    let mut parts: Vec<&str> = address.split('.').collect();
    while parts.len() > 2 && parts.first() == Some(&"module") {
        parts.drain(..2);
    }
    let joined = parts.join(".");
    joined.trim_start_matches("data.").split('[').next().unwrap_or_default().to_owned()
}

#[test]
fn checkov_tests_of_aws() {
    let (Ok(root), Ok(vectors)) = (std::env::var(CHECKOV), std::env::var(CHECKOV_VECTORS)) else {
        eprintln!("skipped: {CHECKOV} and {CHECKOV_VECTORS} name no checkout and no vectors");
        return;
    };
    let mut rules_of: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in rule::built_in() {
        for alias in rule.aliases.iter().filter(|alias| alias.starts_with("CKV")) {
            rules_of.entry(alias).or_default().push(rule.id.as_str());
        }
    }
    let (mut n_fail, mut n_found, mut n_pass, mut n_silent) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut details = Vec::new();
    for line in fs::read_to_string(vectors).unwrap().lines() {
        let vector: Json = serde_json::from_str(line).unwrap();
        let id = vector["id"].as_str().unwrap();
        if vector["framework"] != "terraform" || !id.contains("_AWS_") {
            continue;
        }
        let Some(rules) = rules_of.get(id) else {
            details.push(format!("uncovered {id} {}", vector["name"]));
            continue;
        };
        let found = found_in(&Path::new(&root).join(vector["dir"].as_str().unwrap()));
        let found: BTreeSet<String> =
            found.iter().filter(|(rule, _)| rules.contains(&rule.as_str())).map(|(_, address)| plain(address)).collect();
        let names =
            |key: &str| -> Vec<String> { vector[key].as_array().unwrap().iter().filter_map(Json::as_str).map(str::to_owned).collect() };
        // Addresses of providers are made up by the tool.
        for name in names("fail") {
            let is_found = found.contains(&plain(&name)) || (name.starts_with("aws.") && !found.is_empty());
            n_fail += 1;
            n_found += usize::from(is_found);
            if !is_found {
                details.push(format!("missed {id} {name} {}", vector["dir"]));
            }
        }
        // Instances of a block share one finding: of those that differ, the block counts as failing.
        let failing: BTreeSet<String> = names("fail").iter().map(|name| plain(name)).collect();
        let differs = |name: &String| name.contains('[') && failing.contains(&plain(name));
        for name in names("pass").into_iter().filter(|name| !name.starts_with("aws.") && !differs(name)) {
            let is_silent = !found.contains(&plain(&name));
            n_pass += 1;
            n_silent += usize::from(is_silent);
            if !is_silent {
                details.push(format!("false {id} {name} {}", vector["dir"]));
            }
        }
    }
    details.push(format!("found {n_found} of {n_fail}, silent {n_silent} of {n_pass}"));
    if let Ok(path) = std::env::var(DETAILS) {
        fs::write(path, details.join("\n")).unwrap();
    }
    assert!(n_fail * 90 <= n_found * 100, "found {n_found} of {n_fail}");
    assert!(n_pass * 97 <= n_silent * 100, "silent {n_silent} of {n_pass}");
}
