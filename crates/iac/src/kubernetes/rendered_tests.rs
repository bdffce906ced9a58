use crate::fixture;

#[test]
fn findings_in_charts_stand_in_templates_and_name_the_values() {
    let files = [
        ("chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("chart/values.yaml", "image: nginx:latest\nprivileged: true\n"),
        (
            "chart/templates/pod.yaml",
            "{{- if true }}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Release.Name }}-web\nspec:\n  containers:\n    - name: web\n      image: {{ .Values.image }}\n      securityContext:\n        privileged: {{ .Values.privileged }}\n{{- end }}\n",
        ),
        ("chart/templates/plain.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: b}\n"),
    ];
    let graph = fixture::graph(&files);
    assert_eq!(graph.of_type("ConfigMap").count(), 1);
    let scanned = fixture::scan(&files);
    let privileged = scanned.findings.iter().find(|finding| finding.rule.as_str() == "privileged-container").unwrap();
    assert_eq!(privileged.location.artifact.to_string(), "chart/templates/pod.yaml");
    assert_eq!(privileged.location.region().unwrap().start.line, 11);
    let related = privileged.related.iter().find(|related| related.message.contains("`privileged`")).unwrap();
    assert_eq!(related.location.artifact.to_string(), "chart/values.yaml");
    assert_eq!(related.location.region().unwrap().start.line, 2);
}

#[test]
fn kustomizations_say_what_is_applied() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: c\n      image: nginx\n      securityContext:\n        privileged: true\n";
    let base = ("base/kustomization.yaml", "resources: [pod.yaml]\n");
    let patch = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: c\n      securityContext:\n        privileged: false\n";
    let files = [
        base,
        ("base/pod.yaml", pod),
        ("prod/kustomization.yaml", "resources: [../base]\npatches:\n  - path: patch.yaml\n"),
        ("prod/patch.yaml", patch),
    ];
    fixture::check(&files, &["privileged-container"], &[]);
    // Without the patch it is found where the base says it.
    let files = [base, ("base/pod.yaml", pod), ("prod/kustomization.yaml", "resources: [../base]\n")];
    fixture::check(&files, &["privileged-container"], &["base/pod.yaml:10 privileged-container"]);
}
