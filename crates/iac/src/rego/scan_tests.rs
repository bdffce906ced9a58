//! What a scan makes of policies in Rego.

use bartizan_core::{DiagnosticKind, Level};

use crate::fixture::{Scanned, lines, scan_with_rego};

/// What the policies find, one line a finding, in the form of [`lines`].
#[track_caller]
fn check(files: &[(&str, &str)], modules: &[(&str, &str)], expected: &[&str]) -> Scanned {
    let scanned = scan_with_rego(files, modules, &[]);
    let found = lines(&scanned);
    let is_of_modules = |line: &&String| expected.iter().any(|expected| line.split(' ').nth(1) == expected.split(' ').nth(1));
    let found: Vec<&str> = found.iter().filter(is_of_modules).map(String::as_str).collect();
    assert_eq!(found, expected, "{:?}", scanned.diagnostics);
    scanned
}

const PODS: &str = "apiVersion: v1
kind: Service
metadata:
  name: front
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: good
          image: a:1
        - name: bad
          image: b:latest
";

#[test]
fn a_policy_of_conftest_finds_the_line_that_it_names() {
    let policy = "package main

deny[msg] {
  input.kind == \"Deployment\"
  container := input.spec.template.spec.containers[_]
  endswith(container.image, \":latest\")
  msg := sprintf(\"container '%s' has no version\", [container.name])
}

warn_unnamed[msg] {
  not input.metadata.labels
  msg := \"no labels\"
}
";
    check(
        &[("app.yaml", PODS)],
        &[("policy/images.rego", policy)],
        &["app.yaml:1 images.warn_unnamed", "app.yaml:16 images.deny", "app.yaml:6 images.warn_unnamed"],
    );
}

#[test]
fn a_check_of_trivy_finds_the_lines_of_its_cause() {
    let policy = "# METADATA
# title: No version
# custom:
#   id: USR-0001
#   avd_id: AVD-USR-0001
#   severity: CRITICAL
#   input:
#     selector:
#     - type: kubernetes
#       subtypes:
#       - kind: Deployment
package user.images

import rego.v1

deny contains res if {
	some container in input.spec.template.spec.containers
	endswith(container.image, \":latest\")
	res := result.new(sprintf(\"%s has no version\", [container.name]), container)
}
";
    let scanned = check(&[("app.yaml", PODS)], &[("checks/images.rego", policy)], &["app.yaml:16 USR-0001"]);
    let finding = scanned.findings.iter().find(|finding| finding.rule.as_str() == "USR-0001").unwrap();
    assert_eq!(finding.severity, bartizan_core::Severity::Critical);
    assert_eq!(finding.message, "bad has no version");
    assert_eq!(finding.location.region().unwrap().end.line, 17);
}

#[test]
fn commands_of_dockerfiles_are_seen_in_both_forms() {
    let file = "FROM alpine:3.20 AS build\nRUN apk add \\\n    git\nFROM scratch\nCOPY --from=build /a /a\nUSER root\n";
    let of_trivy = "# METADATA
# custom:
#   id: USR-DS-1
#   severity: HIGH
#   input:
#     selector:
#     - type: dockerfile
package builtin.dockerfile.USR
import rego.v1
deny contains res if {
	some stage in input.Stages
	some command in stage.Commands
	command.Cmd == \"run\"
	some words in sh.parse_commands(command.Value[0])
	words[0] == \"apk\"
	not \"--no-cache\" in words
	res := result.new(sprintf(\"%s in %s\", [concat(\" \", words), stage.Name]), command)
}
";
    let of_conftest = "package main
deny[msg] {
  input[i].Cmd == \"user\"
  input[i].Value[0] == \"root\"
  input[i].Stage == 1
  msg := \"runs as 'root'\"
}
";
    check(
        &[("Dockerfile", file)],
        &[("a/ds.rego", of_trivy), ("b/user.rego", of_conftest)],
        &["Dockerfile:2 USR-DS-1", "Dockerfile:6 user.deny"],
    );
}

#[test]
fn terraform_is_seen_as_it_is_written() {
    let file = "resource \"aws_lb_listener\" \"front\" {\n  port = 80\n}\n\nresource \"aws_lb_listener\" \"back\" {\n  \
        protocol = \"HTTP\"\n  name = \"${var.a}-x\"\n  lb   = var.lb\n  action {\n    type = \"forward\"\n  }\n}\n";
    let policy = "package main
deny[msg] {
  listener := input.resource.aws_lb_listener[name][_]
  listener.protocol == \"HTTP\"
  listener.name == \"${var.a}-x\"
  listener.lb == \"${var.lb}\"
  listener.action[_].type == \"forward\"
  msg := sprintf(\"`%v` speaks HTTP\", [name])
}
";
    check(&[("main.tf", file)], &[("tls.rego", policy)], &["main.tf:5 tls.deny"]);
}

#[test]
fn policies_see_data_and_any_document() {
    let policy = "package main
deny[msg] {
  not data.owners[input.owner]
  msg := sprintf(\"nobody knows `%s`\", [input.owner])
}
";
    let files = [("x/service.json", "{\n  \"owner\": \"eve\"\n}\n"), ("y.yaml", "owner: bob\n")];
    let scanned = scan_with_rego(&files, &[("p.rego", policy)], &[("data.yaml", "owners:\n  bob: true\n")]);
    assert_eq!(lines(&scanned), ["x/service.json:2 p.deny"], "{:?}", scanned.diagnostics);
}

#[test]
fn files_of_one_package_are_told_apart() {
    let one = "package main\ndeny[msg] { input.kind == \"Service\"; msg := \"a service\" }\n";
    let other = "package main\ndeny[msg] { input.kind == \"Deployment\"; msg := \"a deployment\" }\n";
    let found = |modules: &[(&str, &str)]| {
        let scanned = scan_with_rego(&[("app.yaml", PODS)], modules, &[]);
        let lines = lines(&scanned);
        lines.into_iter().filter(|line| line.ends_with(".deny")).collect::<Vec<_>>()
    };
    assert_eq!(found(&[("one.rego", one), ("other.rego", other)]), ["app.yaml:1 one.deny", "app.yaml:6 other.deny"]);
    // Another rule counts them: the first file stands for both.
    let third = "package main\nallow { count(deny) == 0 }\n";
    let all = [("one.rego", one), ("other.rego", other), ("third.rego", third)];
    assert_eq!(found(&all), ["app.yaml:1 one.deny", "app.yaml:6 one.deny"]);
}

#[test]
fn exceptions_hold() {
    let policy = "package main
deny_run_as_root[msg] { input.kind == \"Deployment\"; msg := \"root\" }
deny_other[msg] { input.kind == \"Deployment\"; msg := \"other\" }
exception[rules] { input.metadata.name == \"web\"; rules := [\"run_as_root\"] }
";
    let scanned = scan_with_rego(&[("app.yaml", PODS)], &[("p.rego", policy)], &[]);
    let found = lines(&scanned);
    assert!(found.contains(&"app.yaml:6 p.deny_other".to_owned()), "{found:?} {:?}", scanned.diagnostics);
    assert!(!found.iter().any(|line| line.ends_with("p.deny_run_as_root")), "{found:?}");
}

#[test]
fn what_is_not_run_is_told() {
    let cloud = "# METADATA\n# custom:\n#   id: X-1\n#   input:\n#     selector:\n#     - type: cloud\npackage builtin.aws.x\ndeny[res] { res := \"x\" }\n";
    let broken = "package broken\n\ndeny[msg] {\n  msg := )\n}\n";
    let failing = "package failing\n\ndeny[msg] {\n  http.send({})\n  msg := \"x\"\n}\n";
    let slow = "package slow\n\ndeny[msg] {\n  numbers.range(1, 5000)[_] == numbers.range(-5000, 0)[_]\n  msg := \"x\"\n}\n";
    let good = "package good\n\ndeny[msg] {\n  input.kind == \"Service\"\n  msg := \"a service\"\n}\n";
    let modules =
        [("a/cloud.rego", cloud), ("a/broken.rego", broken), ("a/failing.rego", failing), ("a/slow.rego", slow), ("a/good.rego", good)];
    let scanned = scan_with_rego(&[("app.yaml", PODS)], &modules, &[]);
    assert!(lines(&scanned).contains(&"app.yaml:1 good.deny".to_owned()), "{:?}", scanned.diagnostics);
    let told = |kind: DiagnosticKind, level: Level, place: &str| {
        let is_it = |diagnostic: &&bartizan_core::Diagnostic| diagnostic.kind == kind && diagnostic.level == level;
        let at = |diagnostic: &bartizan_core::Diagnostic| {
            let location = diagnostic.location.as_ref();
            location.map_or(String::new(), |location| {
                format!("{}:{}", location.artifact, location.region().map_or(0, |region| region.start.line))
            })
        };
        scanned.diagnostics.iter().filter(is_it).any(|diagnostic| at(diagnostic) == place)
    };
    assert!(told(DiagnosticKind::Rule, Level::Note, ""), "{:?}", scanned.diagnostics);
    assert!(told(DiagnosticKind::Rule, Level::Error, "a/broken.rego:3"), "{:?}", scanned.diagnostics);
    assert!(told(DiagnosticKind::Rule, Level::Incomplete, "a/failing.rego:4"), "{:?}", scanned.diagnostics);
    assert!(told(DiagnosticKind::PolicyTimeout, Level::Incomplete, "a/slow.rego:1"), "{:?}", scanned.diagnostics);
}
