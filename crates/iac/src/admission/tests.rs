use std::{collections::BTreeSet, path::PathBuf};

use serde_json::{Value as Json, json};

use super::{
    Admission, Decision, Mode, Outcome, Review, Settings,
    manifests::{CertificateSource, Installation, manifests},
    object::Judge,
    policies::{self, policies},
};
use crate::{
    fixture,
    rule::{self, IacRule},
};

/// A question about an object, as the API server asks it.
fn question(operation: &str, object: &Json, old: Option<&Json>) -> Review {
    let text = |way: &str| object.pointer(way).and_then(Json::as_str).unwrap_or_default();
    let (group, version) = text("/apiVersion").split_once('/').unwrap_or(("", text("/apiVersion")));
    let body = json!({
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "request": {
            "uid": "705ab4f5-6393-11e8-b7cc-42010a800002",
            "kind": {"group": group, "version": version, "kind": text("/kind")},
            "resource": {"group": group, "version": version, "resource": "things"},
            "name": text("/metadata/name"),
            "namespace": text("/metadata/namespace"),
            "operation": operation,
            "userInfo": {"username": "jane"},
            "object": object,
            "oldObject": old,
            "dryRun": false,
            "options": {"apiVersion": "meta.k8s.io/v1", "kind": "CreateOptions"},
        },
    });
    Review::parse(body.to_string().as_bytes()).unwrap()
}

fn pod(namespace: &str, container: Json) -> Json {
    let mut container = container;
    container["name"] = json!("web");
    container["image"] = json!("nginx:1.27.3");
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {"automountServiceAccountToken": false, "containers": [container]},
    })
}

fn privileged(namespace: &str) -> Json {
    pod(namespace, json!({"securityContext": {"privileged": true}}))
}

fn decide(settings: &str, operation: &str, object: &Json, old: Option<&Json>) -> Decision {
    let admission = Admission::new(Settings::parse(settings).unwrap()).unwrap();
    admission.validate(&question(operation, object, old), None)
}

#[track_caller]
fn check(settings: &str, object: &Json, expected: Outcome) -> Decision {
    let decision = decide(settings, "CREATE", object, None);
    assert_eq!(decision.event.outcome, expected, "{:?}", decision.event);
    assert_eq!(decision.answer["response"]["allowed"], json!(!matches!(expected, Outcome::Refused | Outcome::FailedClosed)));
    assert_eq!(decision.answer["response"]["uid"], "705ab4f5-6393-11e8-b7cc-42010a800002");
    decision
}

#[test]
fn a_privileged_pod_is_refused_and_the_answer_says_why() {
    let decision = check("{}", &privileged("shop"), Outcome::Refused);
    let status = &decision.answer["response"]["status"];
    assert_eq!(status["code"], 403);
    let message = status["message"].as_str().unwrap();
    assert!(message.contains("the container `web` is privileged"), "{message}");
    assert!(message.contains("critical, privileged-container"), "{message}");
    let finding = decision.event.findings.iter().find(|finding| finding.rule == "privileged-container").unwrap();
    assert!(finding.refuses && !finding.was_there);
    assert_eq!((decision.event.user.as_str(), decision.event.kind.as_str()), ("jane", "v1/Pod"));
}

#[test]
fn modes_decide_what_a_finding_leads_to() {
    let warned = check("mode: warn", &privileged("shop"), Outcome::WouldRefuse);
    assert!(warned.answer["response"]["warnings"][0].as_str().unwrap().contains("is privileged"));
    let noted = check("mode: audit", &privileged("shop"), Outcome::WouldRefuse);
    assert_eq!(noted.answer["response"].get("warnings"), None);
    assert!(noted.answer["response"]["auditAnnotations"]["findings"].as_str().unwrap().contains("privileged-container"));
    check("mode: 'off'", &privileged("shop"), Outcome::NotJudged);
    let settings = "namespaces: [{name: dev-*, mode: warn}, {name: '*', refuse: critical}]";
    check(settings, &privileged("dev-a"), Outcome::WouldRefuse);
    check(settings, &privileged("shop"), Outcome::Refused);
}

#[test]
fn severity_and_choice_of_rules_decide_what_refuses() {
    check("refuse: critical\nrules: {skip: [privileged-container]}", &privileged("shop"), Outcome::Allowed);
    check("rules: {only: [CKV_K8S_16]}", &privileged("shop"), Outcome::Refused);
    check("rules: {only: [CKV_K8S_16]}", &pod("shop", json!({})), Outcome::Allowed);
    assert!(Admission::new(Settings::parse("rules: {skip: [privileged]}").unwrap()).is_err());
    for settings in ["refuse: severe", "mode: strict", "own-namespace: a", "namespaces: [{name: 'a['}]"] {
        assert!(Settings::parse(settings).is_err(), "{settings}");
    }
}

#[test]
fn namespaces_of_the_system_and_its_own_are_left_out() {
    check("{}", &privileged("kube-system"), Outcome::NotJudged);
    check("{}", &privileged("bartizan"), Outcome::NotJudged);
    check("ownNamespace: guard", &privileged("guard"), Outcome::NotJudged);
    check("ownNamespace: guard", &privileged("bartizan"), Outcome::Refused);
    check("leaveOut: []", &privileged("kube-system"), Outcome::Refused);
}

#[test]
fn what_was_there_before_does_not_keep_a_change_out() {
    let old = privileged("shop");
    let mut new = old.clone();
    new["metadata"]["labels"] = json!({"a": "b"});
    let decision = decide("{}", "UPDATE", &new, Some(&old));
    assert_eq!(decision.event.outcome, Outcome::Allowed);
    assert!(decision.event.findings.iter().any(|finding| finding.rule == "privileged-container" && finding.was_there));
    new["spec"]["hostNetwork"] = json!(true);
    assert_eq!(decide("{}", "UPDATE", &new, Some(&old)).event.outcome, Outcome::Refused);
    // What goes away must be let go, whatever whoever deletes it changes; that it goes away is the cluster's word alone.
    let mut going = old.clone();
    going["metadata"]["deletionTimestamp"] = json!("2026-01-01T00:00:00Z");
    assert_eq!(decide("{}", "UPDATE", &new, Some(&going)).event.outcome, Outcome::NotJudged);
    assert_eq!(decide("{}", "UPDATE", &going, Some(&pod("shop", json!({})))).event.outcome, Outcome::Refused);
    assert_eq!(decide("{}", "DELETE", &Json::Null, Some(&old)).event.outcome, Outcome::NotJudged);
}

#[test]
fn an_object_can_not_pass_as_a_template() {
    let mut object = privileged("shop");
    object["metadata"]["annotations"] = json!({"note": "a: {{ .Values.a }}", "{{ range }}": "\n{{ end }}\n"});
    check("{}", &object, Outcome::Refused);
}

#[test]
fn labels_of_a_namespace_make_it_stricter_and_never_laxer() {
    let decide = |settings: &str, labels: Json, object: &Json| {
        let admission = Admission::new(Settings::parse(settings).unwrap()).unwrap();
        let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": labels}});
        admission.validate(&question("CREATE", object, None), Some(&namespace)).event.outcome
    };
    assert_eq!(decide("mode: warn", json!({"bartizan/admission": "enforce"}), &privileged("shop")), Outcome::Refused);
    assert_eq!(decide("mode: enforce", json!({"bartizan/admission": "off"}), &privileged("shop")), Outcome::Refused);
    let bare = pod("shop", json!({}));
    assert_eq!(decide("{}", json!({}), &bare), Outcome::Allowed);
    assert_eq!(decide("{}", json!({"pod-security.kubernetes.io/enforce": "restricted"}), &bare), Outcome::Refused);
}

#[test]
fn what_can_not_be_judged_is_refused_unless_the_settings_say_otherwise() {
    let failed = |settings: &str| {
        let admission = Admission::new(Settings::parse(settings).unwrap()).unwrap();
        admission.failed(&question("CREATE", &pod("shop", json!({})), None), "it took too long")
    };
    let closed = failed("{}");
    assert_eq!(closed.event.outcome, Outcome::FailedClosed);
    assert_eq!(closed.answer["response"]["status"]["code"], 500);
    let open = failed("onError: allow");
    assert_eq!((open.event.outcome, &open.answer["response"]["allowed"]), (Outcome::FailedOpen, &json!(true)));
    assert_eq!(failed("mode: warn").event.outcome, Outcome::FailedOpen);
}

#[test]
fn what_is_no_question_is_said_to_be_none() {
    for body in ["", "[]", "{}", r#"{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{"uid":"a"}}"#] {
        assert!(Review::parse(body.as_bytes()).is_err(), "{body}");
    }
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(Review::parse(nested.as_bytes()).is_err());
}

fn patched(object: &Json) -> Vec<(String, Json)> {
    use base64::Engine as _;
    let admission = Admission::new(Settings::default()).unwrap();
    let decision = admission.mutate(&question("CREATE", object, None), None);
    assert_eq!(decision.answer["response"]["allowed"], true);
    let Some(patch) = decision.answer["response"]["patch"].as_str() else { return Vec::new() };
    let patch: Json = serde_json::from_slice(&base64::engine::general_purpose::STANDARD.decode(patch).unwrap()).unwrap();
    let change = |change: &Json| (change["path"].as_str().unwrap().to_owned(), change["value"].clone());
    patch.as_array().unwrap().iter().map(change).collect()
}

#[test]
fn safe_values_are_added_and_nothing_that_is_said_is_changed() {
    let bare = pod("shop", json!({}));
    assert_eq!(patched(&bare), [("/spec/securityContext".to_owned(), json!({"seccompProfile": {"type": "RuntimeDefault"}}))]);
    let deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"spec": {"securityContext": {"runAsNonRoot": true}, "containers": [{"name": "a"}, {"name": "b", "securityContext": {"privileged": true}}]}}},
    });
    let paths: Vec<String> = patched(&deployment).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/spec/template/spec/securityContext/seccompProfile", "/spec/template/spec/containers/0/securityContext"]);
    let mut said = bare.clone();
    said["spec"]["securityContext"] = json!({"seccompProfile": {"type": "Unconfined"}});
    assert_eq!(patched(&said), []);
    let mut windows = bare;
    windows["spec"]["os"] = json!({"name": "windows"});
    assert_eq!(patched(&windows), []);
    assert_eq!(patched(&json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "namespace": "shop"}})), []);
}

/// Objects that examples of rules for Kubernetes hold alone.
fn example_objects() -> Vec<(String, Json)> {
    let examples: serde_json::Map<String, Json> =
        serde_json::from_slice(include_bytes!(concat!(env!("OUT_DIR"), "/examples.json"))).unwrap();
    let mut objects = Vec::new();
    for (file, kinds) in examples.iter().filter(|(file, _)| file.starts_with("kubernetes/")) {
        for example in kinds.as_object().unwrap().values().flat_map(|list| list.as_array().unwrap()) {
            let Some(text) = example.get("kubernetes").and_then(Json::as_str) else { continue };
            for document in text.split("\n---\n") {
                let Ok(object) = serde_saphyr::from_str::<Json>(document) else { continue };
                if object.get("kind").is_some() {
                    objects.push((file.clone(), object));
                }
            }
        }
    }
    objects
}

#[test]
fn an_object_is_judged_like_a_file_that_holds_it() {
    let judge = Judge::of_all_rules();
    let rules: BTreeSet<&str> = judge.rules.iter().map(|rule| rule.id.as_str()).collect();
    let mut n_findings = 0;
    for (file, mut object) in example_objects() {
        if object["kind"] != "Namespace" && object["metadata"]["namespace"].is_null() {
            object["metadata"]["namespace"] = json!("shop");
        }
        let line = |finding: &bartizan_core::Finding| format!("{}: {}", finding.rule, finding.message);
        let of_object = judge.findings(&object, &question("CREATE", &object, None), None).unwrap();
        let mut of_object: Vec<String> = of_object.iter().map(line).collect();
        let scanned = fixture::scan(&[("object.json", &object.to_string())]);
        let of_file = scanned.findings.iter().filter(|finding| rules.contains(finding.rule.as_str()));
        let mut of_file: Vec<String> = of_file.map(line).collect();
        of_object.sort();
        of_file.sort();
        assert_eq!(of_object, of_file, "{file}: {object}");
        n_findings += of_object.len();
    }
    assert!(1_000 < n_findings, "only {n_findings} findings were compared");
}

fn installation(certificate: CertificateSource) -> Installation {
    let image = format!("ghcr.io/example/bartizan:0.1.0@sha256:{}", "a".repeat(64));
    Installation { image, settings_text: "mode: warn\n".to_owned(), mutates: true, certificate }
}

#[test]
fn nothing_is_wrong_with_what_installs_the_server() {
    for certificate in [CertificateSource::Secret("Q0E=".to_owned()), CertificateSource::CertManager] {
        let text = manifests(&Settings::default(), &installation(certificate));
        let scanned = fixture::scan(&[("install.yaml", &text)]);
        assert!(scanned.diagnostics.is_empty(), "{:?}", scanned.diagnostics);
        // Who checks signatures of images is not ours to say.
        let found = fixture::lines(&scanned).into_iter().filter(|line| !line.ends_with(" namespace-without-signed-images"));
        assert_eq!(found.collect::<Vec<_>>(), [] as [String; 0], "{text}");
    }
}

#[test]
fn policies_are_yaml_and_leave_the_system_alone() {
    let text = policies(&Settings::parse("refuse: critical").unwrap()).unwrap();
    let documents: Vec<Json> = text
        .split("\n---\n")
        .map(|document| serde_saphyr::from_str(document).unwrap_or_else(|error| panic!("{error}: {document}")))
        .collect();
    assert!(40 <= documents.len(), "{}", documents.len());
    let named = |kind: &str, name: &str| {
        documents.iter().find(|document| document["kind"] == kind && document["metadata"]["name"] == name).unwrap()
    };
    let policy = named("ValidatingAdmissionPolicy", "bartizan-privileged-container");
    let names: Vec<&str> = policy["spec"]["variables"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["template", "spec", "containers", "contexts"]);
    assert_eq!(policy["spec"]["validations"][0]["expression"], "variables.contexts.all(s, !has(s.privileged) || !s.privileged)");
    let selector = &policy["spec"]["matchConstraints"]["namespaceSelector"]["matchExpressions"][0];
    assert_eq!(selector["values"], json!(["bartizan", "kube-node-lease", "kube-public", "kube-system"]));
    let actions = |name: &str| named("ValidatingAdmissionPolicyBinding", name)["spec"]["validationActions"].clone();
    assert_eq!(actions("bartizan-privileged-container"), json!(["Deny", "Audit"]));
    assert_eq!(actions("bartizan-host-network-shared"), json!(["Warn", "Audit"]));
    assert_eq!(actions("bartizan-root-filesystem-writable"), json!(["Audit"]));
    let scanned = fixture::scan(&[("policies.yaml", &text)]);
    assert_eq!(fixture::lines(&scanned), [] as [String; 0]);
}

/// A value of CEL. Numbers of JSON are integers where they can be.
fn cel_value(json: &Json) -> cel::Value {
    match json {
        Json::Null => cel::Value::Null,
        Json::Bool(is_true) => cel::Value::Bool(*is_true),
        Json::Number(number) => number.as_i64().map_or_else(|| cel::Value::Float(number.as_f64().unwrap()), cel::Value::Int),
        Json::String(text) => cel::Value::String(text.clone().into()),
        Json::Array(items) => cel::Value::List(items.iter().map(cel_value).collect::<Vec<_>>().into()),
        Json::Object(members) => {
            let members = members.iter().filter(|(_, value)| !value.is_null());
            let map: std::collections::HashMap<String, cel::Value> =
                members.map(|(name, value)| (name.clone(), cel_value(value))).collect();
            cel::Value::Map(map.into())
        }
    }
}

/// Runs expressions as a cluster would.
struct Cluster {
    variables: Vec<(&'static str, cel::Program)>,
    rules: Vec<(&'static IacRule, cel::Program)>,
}

impl Cluster {
    fn new() -> Self {
        // What can't be said otherwise here: the types of objects are not known anyway.
        let compile = |text: &str| cel::Program::compile(&text.replace("dyn(object)", "object")).unwrap_or_else(|e| panic!("{e}: {text}"));
        let of_kubernetes = rule::built_in().iter().filter(|rule| rule.provider() == "kubernetes");
        Self {
            variables: policies::VARIABLES.iter().map(|(name, definition)| (*name, compile(definition))).collect(),
            rules: of_kubernetes.filter_map(|rule| Some((rule, compile(&policies::expression(rule)?)))).collect(),
        }
    }

    /// The rules that an object breaks, and those whose expressions fail on it.
    fn broken(&self, object: &Json) -> (BTreeSet<String>, Vec<String>) {
        let mut context = cel::Context::default();
        context.add_variable_from_value("object", cel_value(object));
        let mut variables = std::collections::HashMap::<String, cel::Value>::new();
        for (name, program) in &self.variables {
            let known = cel::Value::Map(variables.clone().into());
            context.add_variable_from_value("variables", known);
            match program.execute(&context) {
                Ok(value) => drop(variables.insert((*name).to_owned(), value)),
                Err(error) => return (BTreeSet::new(), vec![format!("{name}: {error}")]),
            }
        }
        context.add_variable_from_value("variables", cel::Value::Map(variables.into()));
        let (mut broken, mut errors) = (BTreeSet::new(), Vec::new());
        for (rule, program) in &self.rules {
            match program.execute(&context) {
                Ok(cel::Value::Bool(true)) => {}
                Ok(cel::Value::Bool(false)) => drop(broken.insert(rule.id.to_string())),
                other => errors.push(format!("{}: {other:?}", rule.id)),
            }
        }
        (broken, errors)
    }
}

/// Compares what policies say of objects with what the rules themselves say.
fn compare(objects: impl Iterator<Item = (String, Json)>) -> (usize, usize, Vec<String>) {
    let cluster = Cluster::new();
    let judge = Judge::new(cluster.rules.iter().map(|(rule, _)| *rule).collect());
    let kinds = ["Pod", "PodTemplate", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "CronJob"];
    let (mut n_objects, mut n_broken, mut wrong) = (0, 0, Vec::new());
    for (name, object) in objects {
        let is_asked = kinds.contains(&object["kind"].as_str().unwrap_or_default())
            && matches!(object["apiVersion"].as_str(), Some("v1" | "apps/v1" | "batch/v1"));
        let findings = judge.findings(&object, &question("CREATE", &object, None), None).unwrap();
        if !is_asked || findings.iter().any(|finding| finding.message.starts_with("not known")) {
            continue;
        }
        let native: BTreeSet<String> = findings.iter().map(|finding| finding.rule.to_string()).collect();
        let (broken, errors) = cluster.broken(&object);
        wrong.extend(errors.iter().map(|error| format!("{name}: {error}")));
        wrong.extend(native.difference(&broken).map(|rule| format!("{name}: {rule}: not said by the policy: {object}")));
        wrong.extend(broken.difference(&native).map(|rule| format!("{name}: {rule}: said by the policy alone: {object}")));
        n_objects += 1;
        n_broken += broken.len();
    }
    (n_objects, n_broken, wrong)
}

#[test]
fn policies_say_of_examples_what_rules_say() {
    // An image that something stands for is not known here; the API would refuse it.
    let is_sent = |object: &Json| !object.to_string().contains("${");
    let (n_objects, n_broken, wrong) = compare(example_objects().into_iter().filter(|(_, object)| is_sent(object)));
    assert!(200 < n_objects && 1_000 < n_broken, "{n_objects} objects, {n_broken} rules broken");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The same of the manifests of the reference implementation of the Pod Security Standards.
#[test]
fn policies_say_of_pods_what_rules_say() {
    let Some(root) = std::env::var_os("BARTIZAN_POD_SECURITY").map(PathBuf::from) else {
        eprintln!("skipped: BARTIZAN_POD_SECURITY is not set");
        return;
    };
    let (mut texts, mut folders) = (BTreeSet::new(), vec![root]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "yaml") {
                texts.insert(std::fs::read_to_string(&entry).unwrap());
            }
        }
    }
    let objects = texts.iter().map(|text| serde_saphyr::from_str::<Json>(text).unwrap()).map(|object| (String::new(), object));
    let (n_objects, n_broken, wrong) = compare(objects);
    eprintln!("{n_objects} different pods, {n_broken} rules broken");
    assert!(200 < n_objects, "{n_objects}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_mode_has_one_name() {
    for mode in [Mode::Off, Mode::Audit, Mode::Warn, Mode::Enforce] {
        assert_eq!(json!(mode), mode.as_str());
    }
}
