//! Other tools' samples, where somebody has put them: `BARTIZAN_IAC_TRIVY` (a folder as `trivy_vectors.py` makes it),
//! `BARTIZAN_IAC_CHECKOV` and `BARTIZAN_IAC_KICS` (checkouts). Nothing of them is part of this project.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use crate::fixture::scan;

/// The folder that a variable names; says so where there is none.
pub(crate) fn folder(variable: &str) -> Option<PathBuf> {
    let folder = env::var_os(variable).map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: `{variable}` is not set");
    }
    folder
}

/// What other tools call what is found in a text.
fn found(text: &str) -> BTreeSet<String> {
    found_as("Dockerfile", text)
}

fn found_as(path: &str, text: &str) -> BTreeSet<String> {
    let scanned = scan(&[(path, text)]);
    let rules = scanned.findings.iter().filter(|finding| !finding.message.starts_with("not known"));
    rules.filter_map(|finding| crate::rule::find(finding.rule.as_str())).flat_map(|rule| rule.aliases.clone()).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// Counts what is right; prints what is not.
#[derive(Default)]
pub(crate) struct Score {
    right: [usize; 2],
    all: [usize; 2],
}

impl Score {
    pub(crate) fn note(&mut self, what: &str, is_bad: bool, is_found: bool) {
        let kind = usize::from(is_bad);
        self.all[kind] += 1;
        self.right[kind] += usize::from(is_bad == is_found);
        if is_bad != is_found {
            println!("{} {what}", if is_bad { "missed" } else { "false" });
        }
    }

    pub(crate) fn require(&self, bad: f64, good: f64) {
        let share =
            |kind: usize| f64::from(u32::try_from(self.right[kind]).unwrap()) / f64::from(u32::try_from(self.all[kind].max(1)).unwrap());
        println!("bad {}/{} good {}/{}", self.right[1], self.all[1], self.right[0], self.all[0]);
        assert!(bad <= share(1) && good <= share(0));
    }
}

#[test]
fn examples_of_trivy() {
    let Some(folder) = folder("BARTIZAN_IAC_TRIVY") else { return };
    let mut score = Score::default();
    for check in entries(&folder) {
        for format in ["dockerfile", "docker"] {
            for sample in entries(&check.join(format)) {
                let name = check.file_name().unwrap().to_string_lossy().into_owned();
                let text = fs::read_to_string(sample.join("Dockerfile")).unwrap();
                let is_bad = sample.file_name().unwrap().to_string_lossy().starts_with("bad");
                score.note(&format!("{}", sample.display()), is_bad, found(&text).contains(&name));
            }
        }
    }
    score.require(0.97, 0.98);
}

#[test]
fn tests_of_checkov() {
    let Some(folder) = folder("BARTIZAN_IAC_CHECKOV") else { return };
    let tests = folder.join("tests/dockerfile");
    let mut score = Score::default();
    for (name, id) in CHECKOV {
        let plain = tests.join("checks").join(format!("example_{name}"));
        let graph = tests.join("graph_builder/checks/resources").join(name);
        for case in entries(&plain).into_iter().chain(entries(&graph)) {
            for sample in entries(&case) {
                let case_name = case.file_name().unwrap().to_string_lossy().into_owned();
                let text = fs::read_to_string(&sample).unwrap();
                score.note(&format!("{id} {}", sample.display()), case_name.starts_with("fail"), found(&text).contains(*id));
            }
        }
    }
    score.require(0.95, 0.95);
}

/// The folders of the tests and what they test.
const CHECKOV: &[(&str, &str)] = &[
    ("AddExists", "CKV_DOCKER_4"),
    ("AliasIsUnique", "CKV_DOCKER_11"),
    ("ExposePort22", "CKV_DOCKER_1"),
    ("HealthcheckExists", "CKV_DOCKER_2"),
    ("MaintainerExists", "CKV_DOCKER_6"),
    ("ReferenceLatestTag", "CKV_DOCKER_7"),
    ("RootUser", "CKV_DOCKER_8"),
    ("RunUsingAPT", "CKV_DOCKER_9"),
    ("UpdateNotAlone", "CKV_DOCKER_5"),
    ("UserExists", "CKV_DOCKER_3"),
    ("WorkdirIsAbsolute", "CKV_DOCKER_10"),
    ("RunUsingSudo", "CKV2_DOCKER_1"),
    ("RunUnsafeCurl", "CKV2_DOCKER_2"),
    ("RunUnsafeWget", "CKV2_DOCKER_3"),
    ("RunPipTrustedHost", "CKV2_DOCKER_4"),
    ("EnvPythonHttpsVerify", "CKV2_DOCKER_5"),
    ("EnvNodeTlsRejectUnauthorized", "CKV2_DOCKER_6"),
    ("RunApkAllowUntrusted", "CKV2_DOCKER_7"),
    ("RunAptGetAllowUnauthenticated", "CKV2_DOCKER_8"),
    ("RunYumNoGpgCheck", "CKV2_DOCKER_9"),
    ("RunRpmNoSignature", "CKV2_DOCKER_10"),
    ("RunAptGetForceYes", "CKV2_DOCKER_11"),
    ("EnvNpmConfigStrictSsl", "CKV2_DOCKER_12"),
    ("RunNpmConfigSetStrictSsl", "CKV2_DOCKER_13"),
    ("EnvGitSslNoVerify", "CKV2_DOCKER_14"),
    ("RunYumConfigManagerSslVerify", "CKV2_DOCKER_15"),
    ("EnvPipTrustedHost", "CKV2_DOCKER_16"),
    ("RunChpasswd", "CKV2_DOCKER_17"),
];

#[test]
fn samples_of_kics() {
    let Some(root) = folder("BARTIZAN_IAC_KICS") else { return };
    let mut score = Score::default();
    score_kics(&root.join("assets/queries/dockerfile"), "Dockerfile", &mut score);
    score.require(0.90, 0.80);
}

/// Scores the samples of queries that a rule names by their ids, which say more than topics.
pub(crate) fn score_kics(folder: &Path, path: &str, score: &mut Score) {
    let known: BTreeSet<String> = crate::rule::built_in().iter().flat_map(|rule| rule.aliases.clone()).collect();
    for query in entries(folder) {
        let Ok(about) = fs::read_to_string(query.join("metadata.json")) else { continue };
        let about: serde_json::Value = serde_json::from_str(&about).unwrap();
        let id = about["id"].as_str().unwrap();
        if !known.contains(id) {
            println!("no rule for {}", about["queryName"]);
            continue;
        }
        for sample in entries(&query.join("test")) {
            let name = sample.file_name().unwrap().to_string_lossy().into_owned();
            let is_bad = name.starts_with("positive");
            if name.contains("expected") || !(is_bad || name.starts_with("negative")) || sample.is_dir() {
                continue;
            }
            let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
            let path = if extension == "json" { path.replace(".yaml", ".json") } else { path.to_owned() };
            score.note(&format!("{}", sample.display()), is_bad, found_as(&path, &fs::read_to_string(&sample).unwrap()).contains(id));
        }
    }
}

/// Prints what is found in the files of a list: `BARTIZAN_IAC_LIST` names a file with a path a line.
#[test]
fn findings_in_real_files() {
    let Some(list) = folder("BARTIZAN_IAC_LIST") else { return };
    for path in fs::read_to_string(list).unwrap().lines() {
        let Ok(text) = fs::read_to_string(path) else { continue };
        let scanned = scan(&[("Dockerfile", &text)]);
        for finding in &scanned.findings {
            let line = finding.location.region().map_or(0, |region| region.start.line);
            println!("{path}:{line} {} {}", finding.rule, finding.message);
        }
        for diagnostic in &scanned.diagnostics {
            println!("{path} diagnostic {} {:?}", diagnostic.reason, diagnostic.location);
        }
    }
}

/// Prints what is found in all of a folder: `BARTIZAN_IAC_FOLDER`.
#[test]
fn findings_in_a_real_project() {
    let Some(root) = folder("BARTIZAN_IAC_FOLDER") else { return };
    let (mut files, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.push((path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let scanned = scan(&files);
    for finding in &scanned.findings {
        let line = finding.location.region().map_or(0, |region| region.start.line);
        println!("{}:{line} {} {}", finding.location.artifact, finding.rule, finding.message);
    }
    for diagnostic in &scanned.diagnostics {
        println!(
            "diagnostic {:?} {} {:?}",
            diagnostic.level,
            diagnostic.reason,
            diagnostic.location.as_ref().map(|it| it.artifact.to_string())
        );
    }
}
