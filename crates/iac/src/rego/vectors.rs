//! What Trivy says of a project, by its own checks: `BARTIZAN_TRIVY_CHECKS` names a checkout of them, `BARTIZAN_TRIVY_PROJECT` the
//! project, and `BARTIZAN_TRIVY_REPORT` what `trivy config --format json` says of it. Without all three, nothing is tested.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde_json::Value as Json;

use crate::fixture::scan_with_rego;

fn files_below(root: &Path, folder: &Path, is_wanted: &dyn Fn(&str) -> bool, into: &mut Vec<(String, String)>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files_below(root, &path, is_wanted, into);
            continue;
        }
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        if is_wanted(&name)
            && let Ok(text) = fs::read_to_string(&path)
        {
            into.push((name, text));
        }
    }
}

#[test]
fn what_trivy_finds_by_its_checks_is_found() {
    let variable = |name: &str| std::env::var(format!("BARTIZAN_TRIVY_{name}")).ok();
    let (Some(checks), Some(project), Some(report)) = (variable("CHECKS"), variable("PROJECT"), variable("REPORT")) else { return };
    let (mut modules, mut files) = (Vec::new(), Vec::new());
    let checks = PathBuf::from(checks);
    for folder in ["checks/kubernetes", "checks/docker", "lib"] {
        let is_module = |name: &str| name.ends_with(".rego") && !name.ends_with("_test.rego");
        files_below(&checks, &checks.join(folder), &is_module, &mut modules);
    }
    let is_read = |name: &str| [".yaml", ".yml"].iter().any(|ending| name.ends_with(ending)) || name.contains("Dockerfile");
    files_below(Path::new(&project), Path::new(&project), &is_read, &mut files);

    let modules: Vec<(&str, &str)> = modules.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();

    let start = Instant::now();
    let alone = scan_with_rego(&files, &[], &[]);
    let built_in = start.elapsed();
    let start = Instant::now();
    let scanned = scan_with_rego(&files, &modules, &[]);
    println!("{} files, {} modules: {:?} more than {built_in:?}", files.len(), modules.len(), start.elapsed().saturating_sub(built_in));
    drop(alone);
    for diagnostic in scanned
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.kind.as_str().contains("rule") || diagnostic.kind.as_str().contains("policy"))
    {
        println!("{}: {}", diagnostic.level, diagnostic.reason);
    }

    // Names without their middle: `KSV-0011` and `AVD-KSV-0011` are `KSV011`.
    let plain = |id: &str| {
        let parts: Vec<&str> = id.trim_start_matches("AVD-").splitn(2, '-').collect();
        match parts.as_slice() {
            [family, number] => format!("{family}{:03}", number.parse::<u32>().unwrap_or_default()),
            _ => id.to_owned(),
        }
    };
    let found: BTreeSet<(String, String, u32)> = scanned
        .findings
        .iter()
        .map(|finding| {
            let line = finding.location.region().map_or(0, |region| region.start.line);
            (finding.location.artifact.to_string(), plain(finding.rule.as_str()), line)
        })
        .filter(|(_, id, _)| id.starts_with("KSV") || id.starts_with("DS"))
        .collect();
    let report: Json = serde_json::from_str(&fs::read_to_string(report).unwrap()).unwrap();
    let mut expected = BTreeSet::new();
    // Charts are not rendered for policies.
    for result in report["Results"].as_array().unwrap().iter().filter(|result| result["Type"] != "helm") {
        for finding in result["Misconfigurations"].as_array().into_iter().flatten() {
            let line = finding["CauseMetadata"]["StartLine"].as_u64().unwrap_or_default();
            let target = result["Target"].as_str().unwrap().to_owned();
            expected.insert((target, plain(finding["ID"].as_str().unwrap()), u32::try_from(line).unwrap()));
        }
    }
    // Some results say of a document what it lacks, and no line.
    let same = |(file, id, line): &(String, String, u32), (other, of, at): &(String, String, u32)| {
        file == other && id == of && (line == at || *line == 0)
    };
    let missed: Vec<_> = expected.iter().filter(|one| !found.iter().any(|other| same(one, other))).collect();
    for (file, id, line) in &missed {
        println!("missed {file}:{line} {id}");
    }
    for (file, id, line) in found.iter().filter(|one| !expected.iter().any(|other| same(other, one))) {
        println!("more {file}:{line} {id}");
    }
    let n_found = expected.len() - missed.len();
    println!("{n_found} of {} at the same line", expected.len());
    assert!(expected.len() * 90 <= n_found * 100, "{n_found} of {}", expected.len());
}
