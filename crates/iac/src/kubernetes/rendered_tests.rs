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
