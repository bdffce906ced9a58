//! The same input gives the same bytes: whatever the number of threads, and in whatever order files are met.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::project::{Project, token};

/// Threads are only started if each has enough to do: with so many copies there are files for all of them.
const N_COPIES: usize = 6;

/// Projects in several languages, with findings that lead from file to file; copies of them, so that names are ambiguous, too.
fn files() -> Vec<(PathBuf, Vec<u8>)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sast/tests/fixtures/flow");
    let mut files = Vec::new();
    let mut folders = vec![fixtures.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = fs::read(&path).unwrap();
            let below = path.strip_prefix(&fixtures).unwrap().to_owned();
            files.push((below.clone(), content.clone()));
            files.extend((1..N_COPIES).map(|n| (Path::new(&format!("copy{n}")).join(&below), content.clone())));
        }
    }
    files.sort();
    files.extend((0..9_u32).map(|n| (PathBuf::from(format!("env/{n}.env")), format!("TOKEN={}\n", token(n % 5)).into_bytes())));
    files
}

/// Puts things into another order, always the same for a seed.
fn shuffle<T>(things: &mut [T], mut seed: u64) {
    for index in (1..things.len()).rev() {
        // Constants of Knuth's MMIX.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        things.swap(index, usize::try_from(seed >> 33).unwrap() % (index + 1));
    }
}

#[test]
fn sarif_is_the_same_for_any_number_of_threads_and_any_order_of_files() {
    let project = Project::new();
    let rules = project.beside("flow.yaml");
    let mut files = files();
    assert!(16 * 16 <= files.len(), "{} files", files.len());
    let (_, text) = files.iter().find(|(path, _)| path == Path::new("rules.yaml")).unwrap();
    fs::write(&rules, text).unwrap();
    let arguments = ["--rules", rules.to_str().unwrap(), "--no-cache", "--format", "sarif", "-j"];

    let mut first: Option<String> = None;
    for seed in 0..3 {
        // A folder lists its files in an order that depends on how they came there.
        shuffle(&mut files, seed);
        fs::remove_dir_all(project.path("")).unwrap();
        for (path, content) in &files {
            project.write(path, content);
        }
        for n_threads in ["1", "2", "16", "16", "2"] {
            let sarif = project.scan(&[&arguments[..], &[n_threads]].concat()).exits_with(0).stdout;
            let first = first.get_or_insert_with(|| sarif.clone());
            assert!(*first == sarif, "seed {seed}, {n_threads} threads");
        }
    }

    // It was worth comparing: there are findings of both engines, and flows that lead from file to file.
    let sarif: serde_json::Value = serde_json::from_str(&first.unwrap()).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.iter().any(|result| result["ruleId"] == "test-token"));
    let n_across = results.iter().filter(|result| is_across_files(result)).count();
    assert!(18 <= n_across, "{n_across} of {}", results.len());
}

fn is_across_files(result: &serde_json::Value) -> bool {
    let steps = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array();
    let mut files = steps.into_iter().flatten().map(|step| &step["location"]["physicalLocation"]["artifactLocation"]["uri"]);
    let first = files.next();
    files.any(|file| Some(file) != first)
}
