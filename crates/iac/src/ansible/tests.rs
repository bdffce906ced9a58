use crate::{
    Graph, Value,
    ansible::{cloud, task},
    fixture::{check, lines, scan},
};

fn tasks(text: &str) -> Vec<task::Task> {
    let stream = bartizan_source::document::parse_yaml_stream(text);
    stream.roots.iter().flat_map(|root| task::all(&Value::of_node(root, 0))).collect()
}

/// The resources that tasks make, as `type attribute=value …`, attributes at the ends of these ways.
#[track_caller]
fn check_made(text: &str, ways: &[&str], expected: &[&str]) {
    let made: Vec<String> = tasks(text)
        .iter()
        .flat_map(cloud::resources)
        .map(|(resource, body)| {
            let values = ways.iter().filter_map(|way| Some(format!("{way}={}", at(&body, way)?.shown())));
            std::iter::once(resource.to_owned()).chain(values).collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(made, expected);
}

/// A value by its way; blocks that stand once are stepped into.
fn at<'v>(value: &'v Value, way: &str) -> Option<&'v Value> {
    way.split('.').try_fold(value, |value, name| value.items().first().unwrap_or(value).get(name))
}

#[test]
fn modules_have_the_attributes_of_terraform() {
    check_made(
        "- name: a\n  amazon.aws.ec2_security_group:\n    name: x\n    rules:\n      - proto: tcp\n        ports: [22, 80-90]\n        cidr_ip: 0.0.0.0/0\n",
        &["ingress.from_port", "ingress.to_port", "ingress.protocol", "ingress.cidr_blocks"],
        &["aws_security_group ingress.from_port=22 ingress.to_port=22 ingress.protocol=\"tcp\" ingress.cidr_blocks=[\"0.0.0.0/0\"]"],
    );
    check_made(
        "- name: a\n  s3_bucket: {name: x, versioning: yes}\n- name: b\n  elb_application_lb:\n    name: l\n    listeners: [{Protocol: HTTP, Port: 80}]\n",
        &["bucket", "versioning.enabled", "protocol", "load_balancer_type"],
        &[
            "aws_s3_bucket bucket=\"x\" versioning.enabled=true",
            "aws_lb load_balancer_type=\"application\"",
            "aws_lb_listener protocol=\"HTTP\"",
        ],
    );
    check_made(
        "- name: a\n  azure_rm_storageaccount: {name: x}\n",
        &["https_traffic_only_enabled"],
        &["azurerm_storage_account https_traffic_only_enabled=false"],
    );
    check_made(
        "- name: a\n  google.cloud.gcp_container_cluster:\n    legacy_abac: {enabled: 'yes'}\n",
        &["enable_legacy_abac"],
        &["google_container_cluster enable_legacy_abac=true"],
    );
    check_made("- name: a\n  s3_bucket: {name: x, state: absent}\n", &[], &[]);
}

#[test]
fn expressions_are_unknown_unless_their_variable_is_there() {
    let text = "- hosts: all\n  vars: {open: 0.0.0.0/0}\n  tasks:\n    - name: a\n      ec2_vol: {encrypted: '{{ x }}', size: '{{ open }}', name: 'a-{{ y }}'}\n";
    check_made(text, &["encrypted", "size", "name"], &["aws_ebs_volume encrypted=unknown size=\"0.0.0.0/0\" name=unknown"]);
}

#[test]
fn tasks_are_found_wherever_they_are() {
    let text = "
- hosts: all
  become: true
  pre_tasks:
    - shell: a
  tasks:
    - block:
        - name: b
          ansible.builtin.get_url: url=http://example.com/x dest=/x mode=0777
      rescue:
        - action: uri url=http://example.com/y
  handlers:
    - name: c
      local_action: {module: command, cmd: d}
";
    let found: Vec<String> = tasks(text).into_iter().map(|task| task.module).collect();
    assert_eq!(found, ["play", "shell", "ansible.builtin.get_url", "uri", "command"]);
    check(
        &[("site.yml", text)],
        &["ansible-plain-http", "ansible-world-writable"],
        &["site.yml:11 ansible-plain-http", "site.yml:9 ansible-plain-http", "site.yml:9 ansible-world-writable"],
    );
}

#[test]
fn secrets_are_not_told() {
    let scanned =
        scan(&[("site.yml", "- hosts: all\n  vars: {db_password: hunter22}\n  tasks:\n    - name: a\n      x: {password: hunter22}\n")]);
    assert_eq!(lines(&scanned).iter().filter(|line| line.contains("ansible-secret-literal")).count(), 2);
    assert!(scanned.findings.iter().all(|finding| !finding.message.contains("hunter22")));
}

#[test]
fn deep_blocks_end() {
    let text = format!("- hosts: all\n  tasks: {}{}", "[{block: ".repeat(60), "[]".to_owned() + &"}]".repeat(60));
    assert!(scan(&[("site.yml", &text)]).findings.is_empty());
}

#[test]
fn a_task_is_a_resource_and_what_it_makes_is_one() {
    let mut graph = Graph::default();
    let text = "- name: a\n  ec2_vol: {encrypted: no}\n";
    for task in tasks(text) {
        super::add(&task, "tasks/main.yml", crate::ScopeId(0), &mut graph);
    }
    let types: Vec<&str> = graph.resources().iter().map(|resource| resource.canonical_type.as_ref()).collect();
    assert_eq!(types, ["ansible_task", "aws_ebs_volume"]);
    assert_eq!(graph.resources().first().unwrap().address.as_ref(), "tasks/main.yml: a");
}

/// Which of KICS' samples of plain modules are found, by the id of the query.
#[test]
fn samples_of_kics() {
    let Some(root) = crate::dockerfile::vectors::folder("BARTIZAN_IAC_KICS") else { return };
    let mut score = crate::dockerfile::vectors::Score::default();
    crate::dockerfile::vectors::score_kics(&root.join("assets/queries/ansible/general"), "playbook.yml", &mut score);
    score.require(0.80, 0.90);
}

#[test]
fn variables_that_name_each_other_end() {
    let text = "- hosts: all\n  vars: {a: '{{ b }}', b: '{{ a }}', l: ['{{ l }}', '{{ l }}']}\n  tasks:\n    - name: a\n      ec2_vol: {encrypted: '{{ a }}', size: '{{ l }}'}\n";
    check_made(text, &["encrypted", "size"], &["aws_ebs_volume encrypted=unknown size=unknown"]);
}
