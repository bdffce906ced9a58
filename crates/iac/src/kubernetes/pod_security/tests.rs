use std::path::PathBuf;

use super::*;
use crate::{
    Graph, data,
    kubernetes::{manifest, pod},
};

fn assess(yaml: &str, version: &str) -> Assessment {
    let mut graph = Graph::default();
    data::values_of(yaml).iter().for_each(|manifest| manifest::add(manifest, manifest::MANIFESTS, &mut graph));
    level(&pod::pods(&graph)[0], version.parse().unwrap())
}

#[track_caller]
fn check(spec: &str, levels: &[(&str, Level)]) {
    for (version, expected) in levels {
        let assessment = assess(&format!("{{apiVersion: v1, kind: Pod, metadata: {{name: p}}, spec: {spec}}}"), version);
        assert_eq!(assessment.level, *expected, "{version}: {spec}: {:?}", assessment.violations);
    }
}

const HARDENED: &str =
    "allowPrivilegeEscalation: false, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}, capabilities: {drop: [ALL]}";

#[test]
fn a_hardened_pod_is_restricted_and_a_bare_one_is_not() {
    check(
        &format!("{{containers: [{{name: a, securityContext: {{{HARDENED}}}}}]}}"),
        &[("v1.0", Level::Restricted), ("latest", Level::Restricted)],
    );
    check("{containers: [{name: a}]}", &[("v1.0", Level::Baseline), ("latest", Level::Baseline)]);
}

#[test]
fn what_is_allowed_depends_on_the_version() {
    let sysctl = "{containers: [], securityContext: {runAsNonRoot: true, sysctls: [{name: net.ipv4.tcp_rmem, value: '1'}]}}";
    check(sysctl, &[("v1.31", Level::Privileged), ("v1.32", Level::Restricted)]);
    let root = format!("{{hostUsers: false, containers: [{{name: a, securityContext: {{{HARDENED}, runAsUser: 0}}}}]}}");
    check(&root, &[("v1.22", Level::Restricted), ("v1.34", Level::Baseline), ("v1.35", Level::Restricted)]);
    let unmasked = format!("{{hostUsers: false, containers: [{{name: a, securityContext: {{{HARDENED}, procMount: Unmasked}}}}]}}");
    check(&unmasked, &[("v1.34", Level::Privileged), ("v1.35", Level::Baseline)]);
}

#[test]
fn windows_pods_need_not_set_what_windows_does_not_have() {
    let windows = "{os: {name: windows}, containers: [{name: a}], securityContext: {runAsNonRoot: true}}";
    check(windows, &[("v1.24", Level::Baseline), ("v1.25", Level::Restricted)]);
}

#[test]
fn init_and_ephemeral_containers_count() {
    for list in ["initContainers", "ephemeralContainers"] {
        let spec = format!("{{containers: [], {list}: [{{name: a, securityContext: {{privileged: true}}}}]}}");
        check(&spec, &[("latest", Level::Privileged)]);
    }
}

#[test]
fn versions_are_read_as_labels_write_them() {
    assert_eq!("v1.25".parse(), Ok(Version::minor(25)));
    assert_eq!("latest".parse(), Ok(Version::LATEST));
    assert!("v2.0".parse::<Version>().is_err());
}

/// The manifests of the reference implementation, `test/testdata` of `kubernetes/pod-security-admission`, if `BARTIZAN_POD_SECURITY`
/// says where they are: `<level>/<version>/<pass|fail>/*.yaml`.
#[test]
fn agrees_with_the_reference_implementation() {
    let Some(root) = std::env::var_os("BARTIZAN_POD_SECURITY").map(PathBuf::from) else {
        eprintln!("skipped: BARTIZAN_POD_SECURITY is not set");
        return;
    };
    let list = |folder: &PathBuf| {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    let (mut n_manifests, mut wrong) = (0, Vec::new());
    for of_level in list(&root).iter().filter(|path| path.is_dir()) {
        let expected: Level = of_level.file_name().unwrap().to_str().unwrap().parse().unwrap();
        for of_version in list(of_level) {
            let version = of_version.file_name().unwrap().to_str().unwrap();
            for (folder, passes) in [("pass", true), ("fail", false)] {
                for path in list(&of_version.join(folder)) {
                    let assessment = assess(&std::fs::read_to_string(&path).unwrap(), version);
                    n_manifests += 1;
                    if (expected <= assessment.level) != passes {
                        wrong.push(format!("{}: {:?}", path.display(), assessment.level));
                    }
                }
            }
        }
    }
    eprintln!("{n_manifests} manifests");
    assert!(4_000 < n_manifests, "only {n_manifests} manifests below {}", root.display());
    assert!(wrong.is_empty(), "{} of {n_manifests} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
