use crate::fixture::{check, scan};

const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: Unconfined
      initContainers:
      - name: prepare
        image: busybox:1
        securityContext:
          privileged: true
      containers:
      - image: nginx
        name: web
        securityContext:
          runAsNonRoot: false
          seccompProfile:
            type: RuntimeDefault
      - image: envoy:1
        securityContext:
          capabilities:
            add: [NET_BIND_SERVICE, SYS_ADMIN]
";

#[test]
fn each_container_is_a_finding_at_the_field_or_where_it_starts() {
    check(
        &[("app.yaml", DEPLOYMENT)],
        &["privileged-container", "privilege-escalation-allowed", "dangerous-capability-added", "image-tag-mutable"],
        &[
            "app.yaml:13 privilege-escalation-allowed",
            "app.yaml:16 privileged-container",
            "app.yaml:18 image-tag-mutable",
            "app.yaml:19 privilege-escalation-allowed",
            "app.yaml:24 privilege-escalation-allowed",
            "app.yaml:27 dangerous-capability-added",
        ],
    );
}

#[test]
fn what_a_container_says_goes_before_what_its_pod_says() {
    check(
        &[("app.yaml", DEPLOYMENT)],
        &["container-may-run-as-root", "seccomp-unconfined"],
        &["app.yaml:11 seccomp-unconfined", "app.yaml:11 seccomp-unconfined", "app.yaml:21 container-may-run-as-root"],
    );
}

#[test]
fn findings_of_containers_have_their_own_fingerprints() {
    let scanned = scan(&[("app.yaml", DEPLOYMENT)]);
    let of_rule = |rule: &str| {
        let found = scanned.findings.iter().filter(|finding| finding.rule.as_str() == rule);
        found.map(|finding| finding.fingerprint.to_string()).collect::<std::collections::BTreeSet<_>>().len()
    };
    assert_eq!(of_rule("privilege-escalation-allowed"), 3);
}

#[test]
fn companions_in_another_folder_count_and_those_of_another_namespace_do_not() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\nspec: {containers: [{name: web, image: a}]}\n";
    let policy = |namespace: &str| {
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: deny, namespace: {namespace}}}\nspec: {{podSelector: {{}}}}\n"
        )
    };
    let rule = &["pod-without-network-policy"];
    check(&[("apps/web.yaml", pod), ("infra/policy.yaml", &policy("shop"))], rule, &[]);
    check(&[("apps/web.yaml", pod), ("infra/policy.yaml", &policy("other"))], rule, &["apps/web.yaml:3 pod-without-network-policy"]);
}

#[test]
fn secrets_are_not_shown() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: a, env: [{name: DB_PASSWORD, value: hunter2example}]}]}\n";
    let scanned = scan(&[("app.yaml", pod)]);
    let finding = scanned.findings.iter().find(|finding| finding.rule.as_str() == "secret-in-container-environment").unwrap();
    assert!(!finding.message.contains("hunter2example"), "{}", finding.message);
}
