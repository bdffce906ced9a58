//! Kustomizations of ours: what comes of them, where it comes from, and what they are refused.

use super::build;
use crate::{helm::File, rendered::Rendered};

const POD: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - {name: a, image: 'nginx:1'}\n      - {name: b, image: busybox}\n      volumes:\n      - {name: v, configMap: {name: conf}}\n";

fn built(files: &[(&str, &str)], folder: &str) -> Rendered {
    let files: Vec<File<'_>> = files.iter().map(|(path, text)| File { path, text }).collect();
    build(&files, folder)
}

fn problems(rendered: &Rendered) -> Vec<String> {
    rendered.problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message)).collect()
}

#[test]
fn a_place_leads_to_the_resource_and_the_patch() {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - name: b\n        securityContext: {privileged: true}\n";
    let files = [
        ("base/kustomization.yaml", "resources: [pod.yaml]\n"),
        ("base/pod.yaml", POD),
        ("prod/kustomization.yaml", "resources: [../base]\npatches:\n- path: p.yaml\nimages:\n- {name: nginx, newTag: '2'}\n"),
        ("prod/p.yaml", patch),
    ];
    let rendered = built(&files, "prod");
    assert_eq!(problems(&rendered), Vec::<String>::new());
    let document = rendered.documents.first().unwrap();
    let origin = |what: &str| {
        let origin = document.map.origin(document.text.find(what).unwrap()).unwrap();
        format!("{} {}", origin.path, origin.cause.map_or("-", |cause| cause.name.as_str()))
    };
    assert_eq!(origin("privileged"), "prod/p.yaml p.yaml");
    assert_eq!(origin("image: busybox"), "base/pod.yaml -");
    assert_eq!(origin("image: \"nginx:2\""), "base/pod.yaml images");
}

#[test]
fn references_follow_names() {
    let kustomization = "resources: [pod.yaml]\nnamePrefix: x-\nnamespace: prod\nconfigMapGenerator:\n- {name: conf, literals: [a=1]}\n";
    let rendered = built(&[("kustomization.yaml", kustomization), ("pod.yaml", POD)], "");
    let text: String = rendered.documents.iter().map(|document| document.text.as_str()).collect();
    let name = text.lines().filter_map(|line| line.trim().strip_prefix("name: x-conf-")).collect::<Vec<_>>();
    assert_eq!(name.len(), 2, "{text}");
    assert_eq!(name.first(), name.last());
    assert_eq!(text.matches("namespace: prod\n").count(), 2);
}

#[test]
fn what_is_elsewhere_is_a_problem() {
    let kustomization = "resources: ['https://x/y.yaml', gone.yaml, ../a]\npatches: [{path: gone.yaml}]\ntransformers: [x]\n";
    let rendered = built(&[("a/kustomization.yaml", kustomization)], "a");
    assert_eq!(
        problems(&rendered),
        [
            "a/kustomization.yaml: `transformers` is not supported; what it would do is missing",
            "a/kustomization.yaml: not fetched: https://x/y.yaml",
            "a/kustomization.yaml: there is no `gone.yaml`",
            "a/kustomization.yaml: kustomizations use each other in a circle, or too deeply (max-kustomize-layers)",
            "a/kustomization.yaml: there is no `gone.yaml`",
        ]
    );
}

#[test]
fn broken_kustomizations_never_panic() {
    let whole = "resources: [pod.yaml]\npatches:\n- target: {kind: '(', name: '['}\n  patch: |-\n    - {op: remove, path: /spec/~2/-1}\n- patch: '[{op: add}]'\nreplacements: [{source: {kind: x}, targets: [{select: {}}]}]\nlabels: [{pairs: {a: [1]}}]\nimages: [{}]\nreplicas: [{}]\nvars: [{name: a}]\nconfigMapGenerator: [{}]\nhelmCharts: [{}]\n";
    for (head, _) in (0..whole.len()).filter_map(|end| whole.split_at_checked(end)) {
        let _ = built(&[("kustomization.yaml", head), ("pod.yaml", POD)], "");
        let _ = built(&[("kustomization.yaml", whole), ("pod.yaml", head)], "");
    }
}

#[test]
fn kustomizations_that_multiply_are_cut() {
    let mut files =
        vec![("l0/kustomization.yaml".to_owned(), "resources: [pod.yaml]\n".to_owned()), ("l0/pod.yaml".to_owned(), POD.to_owned())];
    for level in 1..30 {
        let below = format!("../l{}", level - 1);
        files.push((format!("l{level}/kustomization.yaml"), format!("resources: [{}]\n", [below.as_str(); 8].join(", "))));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(!built(&files, "l29").problems.is_empty());
}
