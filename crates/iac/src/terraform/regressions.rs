//! What other scanners got wrong, by the issue that tells of it.

use crate::fixture::{lines, scan};

/// The findings of one rule, those that are not known by a mark of their own.
fn found(files: &[(&str, &str)], rule: &str) -> Vec<String> {
    lines(&scan(files)).into_iter().filter(|line| line.split(' ').nth(1) == Some(rule)).collect()
}

/// checkov#7503: a module over what a `for` expression makes was never expanded.
#[test]
fn modules_over_for_expressions_are_expanded() {
    let files = [
        (
            "main.tf",
            "locals {\n  open = { for name in [\"a\", \"b\"] : name => \"0.0.0.0/0\" if name != \"b\" }\n}\nmodule \"group\" {\n  source   = \"./group\"\n  for_each = local.open\n  cidr     = each.value\n}\n",
        ),
        (
            "group/main.tf",
            "variable \"cidr\" {}\nresource \"aws_security_group\" \"g\" {\n  ingress {\n    from_port   = 22\n    to_port     = 22\n    protocol    = \"tcp\"\n    cidr_blocks = [var.cidr]\n  }\n}\n",
        ),
    ];
    assert_eq!(found(&files, "security-group-ssh-open"), ["group/main.tf:3 security-group-ssh-open"]);
}

/// checkov#7524: modules nested in counted modules took hours.
#[test]
fn nested_counted_modules_are_expanded_once_each() {
    let inner = |next: &str| {
        format!("variable \"n\" {{}}\nmodule \"next\" {{\n  source = \"../{next}\"\n  count  = 6\n  n      = var.n + count.index\n}}\n")
    };
    let (a, b, c) = (inner("b"), inner("c"), inner("d"));
    let files = [
        ("main.tf", "module \"a\" {\n  source = \"./a\"\n  n = 0\n}\n"),
        ("a/main.tf", a.as_str()),
        ("b/main.tf", b.as_str()),
        ("c/main.tf", c.as_str()),
        ("d/main.tf", "variable \"n\" {}\nresource \"r\" \"x\" {\n  n = var.n\n}\n"),
    ];
    let graph = crate::fixture::graph(&files);
    assert_eq!(graph.of_type("r").count(), 6 * 6 * 6);
    assert!(graph.of_type("r").all(|resource| resource.get("n").is_some_and(|n| n.number().is_some())));
}

/// checkov#91, checkov#3777: what dynamic blocks make was not looked at.
#[test]
fn dynamic_blocks_are_looked_at() {
    let text = "variable \"ports\" {\n  default = [443, 22]\n}\nresource \"aws_security_group\" \"g\" {\n  dynamic \"ingress\" {\n    for_each = toset(var.ports)\n    iterator = port\n    content {\n      from_port   = port.value\n      to_port     = port.value\n      protocol    = \"tcp\"\n      cidr_blocks = [\"0.0.0.0/0\"]\n    }\n  }\n}\n";
    assert_eq!(found(&[("main.tf", text)], "security-group-ssh-open").len(), 1);
    let closed = text.replace("[443, 22]", "[443]");
    assert!(found(&[("main.tf", &closed)], "security-group-ssh-open").is_empty());
}

/// checkov#3354: a value that a variable brings was judged as if it was wrong.
#[test]
fn variables_without_values_are_not_known_and_those_with_are() {
    let text = "variable \"encrypted\" {}\nresource \"aws_efs_file_system\" \"f\" {\n  encrypted = var.encrypted\n}\n";
    assert_eq!(found(&[("main.tf", text)], "efs-unencrypted"), ["main.tf:3 efs-unencrypted (not known)"]);
    assert!(found(&[("main.tf", text), ("terraform.tfvars", "encrypted = true\n")], "efs-unencrypted").is_empty());
    assert_eq!(found(&[("main.tf", text), ("terraform.tfvars", "encrypted = false\n")], "efs-unencrypted"), ["main.tf:3 efs-unencrypted"]);
}

/// trivy#7099: a block whose `for_each` is not known was dropped, and with it what was wrong in it.
#[test]
fn blocks_over_what_is_not_known_are_kept() {
    let text = "variable \"names\" {}\nresource \"aws_efs_file_system\" \"f\" {\n  for_each  = var.names\n  encrypted = false\n}\n";
    assert_eq!(found(&[("main.tf", text)], "efs-unencrypted"), ["main.tf:4 efs-unencrypted"]);
}

/// trivy#10926: a module was judged by its defaults, because a sibling was given nothing unknown.
#[test]
fn sibling_modules_get_what_they_are_given() {
    let module =
        "variable \"encrypted\" {\n  default = false\n}\nresource \"aws_efs_file_system\" \"f\" {\n  encrypted = var.encrypted\n}\n";
    let files = [
        (
            "main.tf",
            "module \"one\" {\n  source = \"./m\"\n  encrypted = true\n}\nmodule \"two\" {\n  source = \"./m\"\n  encrypted = true\n}\n",
        ),
        ("m/main.tf", module),
    ];
    assert!(found(&files, "efs-unencrypted").is_empty());
}

/// trivy#7548: a range of ports was taken apart, port by port.
#[test]
fn ranges_of_ports_stay_ranges() {
    let text = "resource \"aws_security_group\" \"g\" {\n  ingress {\n    from_port   = 0\n    to_port     = 200000\n    protocol    = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n";
    assert_eq!(found(&[("main.tf", text)], "security-group-ssh-open").len(), 1);
}

/// trivy#6959: ten thousand instances of one block took gigabytes.
#[test]
fn ten_thousand_instances_are_one_finding() {
    let text = "locals {\n  teams = [for i in range(10) : \"t${i}\"]\n  repos = [for i in range(1000) : \"r${i}\"]\n  all   = merge([for t in local.teams : { for r in local.repos : \"${t}-${r}\" => t }]...)\n}\nresource \"aws_efs_file_system\" \"f\" {\n  for_each  = local.all\n  encrypted = false\n}\n";
    assert_eq!(found(&[("main.tf", text)], "efs-unencrypted"), ["main.tf:8 efs-unencrypted"]);
}

/// trivy#8485: what a data source will say was judged as if nothing was said.
#[test]
fn what_data_sources_say_is_not_known() {
    let text = "data \"aws_efs_file_system\" \"d\" {}\nresource \"aws_efs_file_system\" \"f\" {\n  encrypted = data.aws_efs_file_system.d.encrypted\n}\n";
    assert_eq!(found(&[("main.tf", text)], "efs-unencrypted"), ["main.tf:3 efs-unencrypted (not known)"]);
}

/// Whatever made a check fail, when it is not known, does not pass: of every literal in turn.
#[test]
fn nothing_passes_because_it_is_not_known() {
    let resources = [
        ("efs-unencrypted", "resource \"aws_efs_file_system\" \"f\" {\n  encrypted = @\n}\n", "false"),
        (
            "security-group-ssh-open",
            "resource \"aws_security_group\" \"g\" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = @\n  }\n}\n",
            "[\"0.0.0.0/0\"]",
        ),
        (
            "security-group-ssh-open",
            "resource \"aws_security_group\" \"g\" {\n  ingress {\n    from_port = @\n    to_port = 22\n    protocol = \"tcp\"\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n",
            "22",
        ),
        (
            "security-group-ssh-open",
            "resource \"aws_security_group\" \"g\" {\n  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = @\n    cidr_blocks = [\"0.0.0.0/0\"]\n  }\n}\n",
            "\"tcp\"",
        ),
    ];
    for (rule, text, bad) in resources {
        assert_eq!(found(&[("main.tf", &text.replace('@', bad))], rule).len(), 1, "{text}");
        let open = format!("variable \"v\" {{}}\n{}", text.replace('@', "var.v"));
        // What is left may be enough to say that it is wrong.
        assert_eq!(found(&[("main.tf", &open)], rule).len(), 1, "{text}");
        let given = found(&[("main.tf", &open), ("terraform.tfvars", &format!("v = {bad}\n"))], rule);
        assert!(given.len() == 1 && !given[0].ends_with("(not known)"), "{text}: {given:?}");
    }
}
