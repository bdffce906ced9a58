//! Clusters: what is read of one, and what is let into one.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value as Json, json};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::{
    cluster::Cluster,
    project::{Project, Run},
};

fn deployment(name: &str, container: &Json) -> Json {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"template": {
            "metadata": {"labels": {"app": name}},
            "spec": {"serviceAccountName": "runner", "containers": [container]},
        }},
    })
}

fn objects() -> Vec<Json> {
    let rbac = "rbac.authorization.k8s.io";
    let mut objects = vec![
        json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}),
        json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "runner", "namespace": "shop"}}),
        json!({
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "alerts", "namespace": "shop"},
            "data": {"rule": "summary: {{ $labels.job }}\n{{ end }}"},
        }),
        json!({
            "apiVersion": format!("{rbac}/v1"), "kind": "ClusterRoleBinding", "metadata": {"name": "root"},
            "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "ServiceAccount", "name": "runner", "namespace": "shop"}],
        }),
    ];
    objects.extend((0..5).map(|n| deployment(&format!("web-{n}"), &json!({"name": "a", "image": "nginx:1.27.3"}))));
    objects.push(deployment("bad", &json!({"name": "a", "image": "nginx", "securityContext": {"privileged": true}})));
    objects
}

/// A project with a kubeconfig that leads to a cluster.
fn project(cluster: &Cluster) -> Project {
    let project = Project::new();
    project.write("config", cluster.kubeconfig());
    project
}

fn review(project: &Project, arguments: &[&str]) -> Run {
    project.run(["k8s", "review", "--kubeconfig", "config", "--format", "json"].iter().chain(arguments))
}

/// What was found, without places.
fn found(report: &str) -> Vec<String> {
    let report: Json = serde_json::from_str(report).unwrap();
    let line = |finding: &Json| format!("{}: {}", finding["rule"].as_str().unwrap(), finding["message"].as_str().unwrap());
    let mut found: Vec<String> = report["findings"].as_array().unwrap().iter().map(line).collect();
    found.sort();
    found
}

#[test]
fn a_cluster_is_judged_like_files_that_say_the_same() {
    let cluster = Cluster::with(&objects());
    let of_cluster = review(&project(&cluster), &[]).exits_with(0);
    let files = Project::new();
    for (number, object) in objects().iter().enumerate() {
        files.write(format!("{number}.json"), object.to_string());
    }
    let of_files = files.run(["scan", "--only", "iac", "--no-cache", "--format", "json"]).exits_with(0);
    assert_eq!(found(&of_cluster.stdout), found(&of_files.stdout));
    assert!(found(&of_cluster.stdout).iter().any(|line| line.starts_with("privileged-container")), "{of_cluster:?}");
    assert!(of_cluster.stdout.contains("namespaces/shop/deployments/bad.json"));
    let asked = cluster.asked();
    assert!(asked.iter().any(|line| line == "200 /apis/apps/v1/deployments?limit=500&continue=at-4"), "{asked:?}");
    assert!(!of_cluster.stdout.contains(crate::cluster::TOKEN) && !of_cluster.stderr.contains(crate::cluster::TOKEN));
}

#[test]
fn what_may_not_be_read_is_named_and_the_exit_code_says_so() {
    let cluster = Cluster::with(&objects());
    cluster.forbids("networkpolicies");
    cluster.forbids("secrets");
    let run = review(&project(&cluster), &[]).exits_with(3).prints(&["`networkpolicies.networking.k8s.io` of the cluster", "`secrets`"]);
    assert!(run.stdout.contains("privileged-container"));
}

#[test]
fn a_busy_server_is_asked_again_and_an_expired_list_read_from_its_start() {
    let cluster = Cluster::with(&objects());
    cluster.hiccups("pods", 429);
    cluster.hiccups("deployments", 410);
    let run = review(&project(&cluster), &[]).exits_with(0);
    let bad = found(&run.stdout).iter().filter(|line| line.starts_with("privileged-container")).count();
    assert_eq!(bad, 1);
    let asked = cluster.asked();
    let n_first_pages = asked.iter().filter(|line| line.ends_with("/deployments?limit=500")).count();
    assert_eq!(n_first_pages, 2, "{asked:?}");
    assert!(asked.iter().any(|line| line.starts_with("429 ")));
}

#[test]
fn one_namespace_can_be_read_alone() {
    let cluster = Cluster::with(&objects());
    review(&project(&cluster), &["-n", "shop"]).exits_with(0).prints(&["privileged-container"]);
    let asked = cluster.asked();
    assert!(asked.contains(&"200 /api/v1/namespaces/shop".to_owned()), "{asked:?}");
    assert!(asked.iter().any(|line| line.contains("/namespaces/shop/deployments")));
}

#[test]
fn what_a_controller_made_is_judged_where_it_was_written() {
    let mut objects = objects();
    let mut owned = deployment("bad", &json!({"name": "a", "image": "nginx", "securityContext": {"privileged": true}}));
    owned["kind"] = json!("ReplicaSet");
    owned["metadata"]["name"] = json!("bad-7d9f");
    owned["metadata"]["ownerReferences"] = json!([{"kind": "Deployment", "name": "bad", "controller": true}]);
    objects.push(owned);
    let run = review(&project(&Cluster::with(&objects)), &[]).exits_with(0);
    assert!(!run.stdout.contains("bad-7d9f"));
}

#[test]
fn credentials_come_from_no_program_and_no_unchecked_server_unless_allowed() {
    let project = Project::new();
    let config = |cluster: &str, user: &str| {
        format!(
            "current-context: a\ncontexts: [{{name: a, context: {{cluster: c, user: u}}}}]\nclusters: [{{name: c, cluster: {{{cluster}}}}}]\nusers: [{{name: u, user: {{{user}}}}}]\n"
        )
    };
    for (cluster, user, message) in [
        ("server: 'https://127.0.0.1:1'", "exec: {command: /bin/evil}", "gets credentials by running `/bin/evil`"),
        ("server: 'https://127.0.0.1:1', insecure-skip-tls-verify: true", "token: a", "not to check who the server is"),
        ("server: 'http://10.0.0.1:1'", "token: a", "without encryption"),
        ("server: 'https://127.0.0.1:1', certificate-authority-data: '!'", "token: a", "is no base64"),
    ] {
        project.write("config", config(cluster, user));
        review(&project, &[]).exits_with(2).unwrapped().complains(&[message]);
    }
    project.write("config", "contexts: []\n");
    review(&project, &["--context", "b"]).exits_with(2).complains(&["no context `b`"]);
}

#[cfg(unix)]
#[test]
fn a_program_gives_the_token_if_it_is_allowed_to() {
    use std::os::unix::fs::PermissionsExt as _;
    let cluster = Cluster::with(&objects());
    let project = Project::new();
    let credential = json!({"kind": "ExecCredential", "status": {"token": crate::cluster::TOKEN}});
    project.write("plugin", format!("#!/bin/sh\necho '{credential}'\n"));
    fs::set_permissions(project.path("plugin"), fs::Permissions::from_mode(0o755)).unwrap();
    let user = format!("user: {{exec: {{command: '{}'}}}}", project.path("plugin").display());
    project.write("config", cluster.kubeconfig().replace(&format!("user: {{token: {}}}", crate::cluster::TOKEN), &user));
    review(&project, &["--allow-exec"]).exits_with(0).prints(&["privileged-container"]);
}

/// The cluster of the tests answers as a real client expects: `BARTIZAN_KUBECTL` says where that is.
#[test]
fn kubectl_understands_the_cluster_of_the_tests() {
    let Some(kubectl) = std::env::var_os("BARTIZAN_KUBECTL") else {
        eprintln!("skipped: BARTIZAN_KUBECTL is not set");
        return;
    };
    let cluster = Cluster::with(&objects());
    cluster.forbids("networkpolicies");
    let project = project(&cluster);
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&kubectl);
        command.current_dir(project.path("")).env_clear().env("HOME", project.home()).args(["--kubeconfig", "config"]).args(arguments);
        Run::of(command.output().unwrap())
    };
    let listed = run(&["get", "deployments", "-A", "-o", "json", "--chunk-size=2"]).exits_with(0);
    let listed: Json = serde_json::from_str(&listed.stdout).unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 6);
    assert!(cluster.asked().iter().any(|line| line.contains("/deployments?continue=at-4")), "{:?}", cluster.asked());
    run(&["get", "clusterrolebindings", "-o", "name"]).exits_with(0).prints(&["clusterrolebinding.rbac.authorization.k8s.io/root"]);
    assert!(run(&["get", "networkpolicies", "-A"]).exits_with(1).stderr.contains("Forbidden"));
    cluster.hiccups("services", 429);
    run(&["get", "services", "-A", "-o", "name"]).exits_with(0);
}

#[test]
fn ways_to_cluster_admin_are_shown_for_files_and_for_the_cluster() {
    let cluster = Cluster::with(&objects());
    let live = project(&cluster);
    let of_cluster =
        live.run(["k8s", "rbac-paths", "--cluster", "--kubeconfig", "config", "--workloads", "--format", "json"]).exits_with(0);
    let ways: Json = serde_json::from_str(&of_cluster.stdout).unwrap();
    assert_eq!(ways["ways"][0]["name"], "shop/runner");
    assert_eq!(ways["ways"][0]["workloads"][0], "Deployment/shop/bad");
    let files = Project::new();
    files.write("all.json", json!({"apiVersion": "v1", "kind": "List", "items": objects()}).to_string());
    files
        .run(["k8s", "rbac-paths", "--fail"])
        .exits_with(1)
        .prints(&["the account `shop/runner`", "may do everything (role `cluster-admin`)"]);
}

#[test]
fn policies_and_what_installs_the_server_are_printed() {
    let project = Project::new();
    project.run(["k8s", "policies"]).exits_with(0).prints(&["kind: ValidatingAdmissionPolicy", "bartizan-privileged-container"]);
    project.write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
    let image = format!("registry.example/bartizan:1@sha256:{}", "a".repeat(64));
    let run = project.run(["k8s", "admission", "--manifests", "--image", &image, "--ca", "ca.pem", "--mutate"]).exits_with(0);
    let installed = Project::with(&[("install.yaml", &run.stdout)]);
    let scanned = installed.run(["scan", "--only", "iac", "--no-cache", "--strict", "--format", "json"]).exits_with(0);
    assert_eq!(found(&scanned.stdout), [] as [String; 0]);
    project.write("settings.yaml", "rules: {skip: [no-such-rule]}\n");
    project.run(["k8s", "policies", "--settings", "settings.yaml"]).exits_with(2).complains(&["no-such-rule"]);
}

/// A server that runs until it is dropped.
struct Server {
    child: Child,
    base: String,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate for `localhost` and its key, written into a project.
fn certificate(project: &Project) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    project.write("tls.key", made.signing_key.serialize_pem());
    project.write("tls.crt", made.cert.pem());
    made.cert.pem()
}

fn start(project: &Project, arguments: &[&str]) -> Server {
    let mut command = project.command();
    command.args(["k8s", "admission", "--listen", "127.0.0.1:0", "--certificate", "tls.crt", "--key", "tls.key", "--log", "log.jsonl"]);
    let mut child = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut reader = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    reader.read_line(&mut first).unwrap();
    let port = first.trim().rsplit(':').next().unwrap().to_owned();
    assert!(first.contains("listening on https://127.0.0.1:"), "{first}");
    let (send, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || reader.lines().map_while(Result::ok).for_each(|line| drop(send.send(line))));
    Server { child, base: format!("https://localhost:{port}"), lines }
}

/// A client that knows one authority.
fn client(authority: &str) -> ureq::Agent {
    let root = Certificate::from_pem(authority.as_bytes()).unwrap();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&[root]))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    ureq::Agent::config_builder().tls_config(tls).http_status_as_error(false).build().into()
}

fn question(object: &Json) -> String {
    json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": "u-1", "kind": {"group": "apps", "version": "v1", "kind": "Deployment"}, "namespace": "shop", "name": "bad",
            "operation": "CREATE", "userInfo": {"username": "jane"}, "object": object, "oldObject": null, "dryRun": false,
        },
    })
    .to_string()
}

fn post(client: &ureq::Agent, url: &str, body: &str) -> (u16, String) {
    let response = client.post(url).header("Content-Type", "application/json").send(body).unwrap();
    (response.status().as_u16(), response.into_body().read_to_string().unwrap())
}

#[test]
fn the_server_decides_writes_it_down_and_ends_when_it_is_told_to() {
    let project = Project::new();
    let authority = certificate(&project);
    let mut server = start(&project, &["--mutate"]);
    let client = client(&authority);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(client.get(format!("{}{path}", server.base)).call().unwrap().status().as_u16(), 200);
    }
    let bad = deployment("bad", &json!({"name": "a", "image": "nginx", "securityContext": {"privileged": true}}));
    let (status, answer) = post(&client, &format!("{}/validate", server.base), &question(&bad));
    let answer: Json = serde_json::from_str(&answer).unwrap();
    assert_eq!((status, &answer["response"]["allowed"], &answer["response"]["uid"]), (200, &json!(false), &json!("u-1")));
    let good = deployment("good", &json!({"name": "a", "image": "nginx:1.27.3"}));
    let (_, answer) = post(&client, &format!("{}/mutate", server.base), &question(&good));
    assert!(answer.contains("\"patchType\":\"JSONPatch\""), "{answer}");
    assert_eq!(post(&client, &format!("{}/validate", server.base), "{}").0, 400);
    let large = format!("\"{}\"", "a".repeat(9 << 20));
    assert!(client.post(format!("{}/validate", server.base)).send(large.as_str()).map_or(true, |answer| answer.status().as_u16() == 413));
    let log = project.read("log.jsonl");
    let events: Vec<Json> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 2, "{log}");
    assert_eq!((&events[0]["outcome"], &events[0]["user"], &events[0]["mode"]), (&json!("refused"), &json!("jane"), &json!("enforce")));
    assert!(events[0]["durationUs"].is_u64() && events[0]["time"].is_string());
    assert!(Command::new("kill").args(["-TERM", &server.child.id().to_string()]).status().unwrap().success());
    assert!(server.child.wait().unwrap().success());
}

#[test]
fn a_new_certificate_is_used_without_a_restart_and_a_broken_one_is_not() {
    let project = Project::new();
    let first = certificate(&project);
    let server = start(&project, &[]);
    let is_known = |authority: &str| client(authority).get(format!("{}/healthz", server.base)).call().is_ok();
    assert!(is_known(&first));
    project.write("tls.crt", "broken");
    let said = server.lines.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(said.contains("the certificate is kept as it was"), "{said}");
    assert!(is_known(&first));
    let second = certificate(&project);
    let start = Instant::now();
    while !is_known(&second) {
        assert!(start.elapsed() < Duration::from_secs(30), "the new certificate is not used");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!is_known(&first));
}

/// How long decisions take, as the server notes them: with `BARTIZAN_BENCH` set, on a pod of 50 containers.
#[test]
fn decisions_about_fifty_containers_are_fast() {
    if std::env::var_os("BARTIZAN_BENCH").is_none() {
        eprintln!("skipped: BARTIZAN_BENCH is not set");
        return;
    }
    let project = Project::new();
    let authority = certificate(&project);
    let server = start(&project, &[]);
    let client = client(&authority);
    let container = |n: usize| {
        json!({
            "name": format!("c{n}"), "image": format!("registry.example/team/service-{n}:1.{n}"), "args": ["--port", "8080"],
            "env": (0..10).map(|e| json!({"name": format!("E{e}"), "value": format!("value-{e}")})).collect::<Vec<_>>(),
            "ports": [{"containerPort": 8080 + n}], "resources": {"limits": {"cpu": "1", "memory": "1Gi"}},
            "securityContext": {"privileged": n == 7, "runAsNonRoot": true, "capabilities": {"drop": ["ALL"]}},
        })
    };
    let mut object = deployment("big", &json!({}));
    object["spec"]["template"]["spec"]["containers"] = json!((0..50).map(container).collect::<Vec<_>>());
    let body = question(&object);
    let mut client_us: Vec<u128> = (0..1_000)
        .map(|_| {
            let start = Instant::now();
            assert_eq!(post(&client, &format!("{}/validate", server.base), &body).0, 200);
            start.elapsed().as_micros()
        })
        .collect();
    let mut server_us: Vec<u128> = project
        .read("log.jsonl")
        .lines()
        .map(|line| serde_json::from_str::<Json>(line).unwrap()["durationUs"].as_u64().unwrap().into())
        .collect();
    client_us.sort_unstable();
    server_us.sort_unstable();
    let shown = |times: &[u128]| format!("median {} µs, p99 {} µs", times[times.len() / 2], times[times.len() * 99 / 100]);
    eprintln!("{} bytes; the server: {}; a client, with the network: {}", body.len(), shown(&server_us), shown(&client_us));
    assert!(server_us[server_us.len() * 99 / 100] < 10_000);
}
