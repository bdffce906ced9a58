use crate::{Cause, Graph, Kind, Value, fixture, value::number_text};

/// A value, as tests compare it.
fn show(value: &Value, graph: &Graph) -> String {
    match &value.kind {
        Kind::Null => "null".into(),
        Kind::Boolean(is) => is.to_string(),
        Kind::Number(number) => number_text(*number),
        Kind::Text(text) => format!("{text:?}"),
        Kind::List(items) => format!("[{}]", items.iter().map(|item| show(item, graph)).collect::<Vec<_>>().join(", ")),
        Kind::Map(map) => {
            let member = |(name, member): (&std::sync::Arc<str>, &crate::Member)| format!("{name}={}", show(&member.value, graph));
            format!("{{{}}}", map.0.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        Kind::Unknown(unknown) => match &unknown.cause {
            Cause::Computed(id, path) => format!("<{}.{path}>", graph.name_of(*id)),
            Cause::Variable(name) => format!("<var.{name}>"),
            Cause::Limit(name) => format!("<limit {name}>"),
            Cause::Missing(name) => format!("<no {name}>"),
            Cause::Module(name) => format!("<module {name}>"),
            other => format!("<{other:?}>"),
        },
        Kind::OneOf(values) => values.iter().map(|value| show(value, graph)).collect::<Vec<_>>().join(" | "),
    }
}

/// Compares resources of a project with what is expected: `address {attributes}`, one a line.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    let graph = fixture::graph(files);
    let mut lines: Vec<String> = graph
        .resources()
        .iter()
        .filter(|resource| resource.kind == crate::ResourceKind::Managed)
        .map(|resource| format!("{} {}", resource.address, show(&resource.body, &graph)))
        .collect();
    lines.sort();
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, expected, "\n{}", lines.join("\n"));
}

#[test]
fn variables_locals_and_values_of_files() {
    check(
        &[
            (
                "main.tf",
                r#"
variable "a" { default = "x" }
variable "b" {}
variable "c" { default = 1 }
variable "d" {
  type = object({ on = bool, size = optional(number, 3), name = optional(string) })
  default = { on = "true", more = 1 }
}
locals {
  joined = "${var.a}-${upper(var.a)}-${var.c + 2}"
}
resource "r" "one" {
  a = local.joined
  b = var.b
  c = "p-${var.b}"
  d = var.d
}
"#,
            ),
            ("terraform.tfvars", "c = 5\n"),
        ],
        r#"r.one {a="x-X-7", b=<var.b>, c=<var.b>, d={name=null, on=true, size=3}}"#,
    );
}

#[test]
fn each_environment_is_evaluated() {
    check(
        &[
            ("main.tf", "variable \"size\" {}\nresource \"r\" \"one\" { size = var.size }\n"),
            ("env/prod.tfvars", "size = 3\n"),
            ("env/test.tfvars", "size = 1\n"),
        ],
        "r.one {size=1}\nr.one {size=3}",
    );
}

#[test]
fn references_are_followed_or_named() {
    check(
        &[(
            "main.tf",
            r#"
resource "aws_s3_bucket" "b" { bucket = "logs" }
resource "r" "one" {
  known  = aws_s3_bucket.b.bucket
  id     = aws_s3_bucket.b.id
  missing = aws_s3_bucket.c.id
  text   = "arn:${aws_s3_bucket.b.id}/x"
}
"#,
        )],
        r#"
        aws_s3_bucket.b {bucket="logs"}
        r.one {id=<aws_s3_bucket.b.id>, known="logs", missing=<no aws_s3_bucket.c>, text=<aws_s3_bucket.b.id>}
        "#,
    );
    let graph = fixture::graph(&[(
        "main.tf",
        "resource \"a\" \"x\" {}\nlocals {\n l = { k = a.x.id }\n}\nresource \"b\" \"y\" { c { d = \"${local.l.k}/1\" } }\n",
    )]);
    let a = graph.of_type("a").next().unwrap();
    assert_eq!(graph.referring_to(a.id).map(|r| r.address.to_string()).collect::<Vec<_>>(), ["b.y"]);
}

#[test]
fn count_and_for_each_make_instances() {
    check(
        &[(
            "main.tf",
            r#"
variable "n" {}
resource "r" "c" {
  count = 2
  i     = count.index
}
resource "r" "e" {
  for_each = { a = 1, b = 2 }
  v        = "${each.key}${each.value}"
}
resource "r" "s" {
  for_each = toset(["x", "y", "x"])
  v        = each.value
}
resource "r" "off" {
  count = false ? 1 : 0
}
resource "r" "unknown" {
  count = var.n
  v     = count.index
  w     = "fixed"
}
resource "r" "uses" {
  all   = r.c[*].i
  first = r.c[0].i
  b     = r.e["b"].v
  ids   = [for k, r in r.e : r.id]
}
"#,
        )],
        r#"
        r.c[0] {i=0}
        r.c[1] {i=1}
        r.e["a"] {v="a1"}
        r.e["b"] {v="b2"}
        r.s["x"] {v="x"}
        r.s["y"] {v="y"}
        r.unknown[?] {v=<var.n>, w="fixed"}
        r.uses {all=[0, 1], b="b2", first=0, ids=[<r.e["a"].id>, <r.e["b"].id>]}
        "#,
    );
}

#[test]
fn modules_get_what_they_are_given() {
    check(
        &[
            (
                "main.tf",
                r#"
module "m" {
  source   = "./modules/m"
  for_each = toset(["a", "b"])
  name     = "n-${each.key}"
}
module "elsewhere" { source = "terraform-aws-modules/vpc/aws" }
resource "r" "root" {
  out  = module.m["a"].out
  all  = [for k, m in module.m : m.out]
  far  = module.elsewhere.vpc_id
}
"#,
            ),
            (
                "modules/m/main.tf",
                "variable \"name\" {}\nvariable \"d\" { default = 7 }\nresource \"r\" \"inner\" {\n name = var.name\n d = var.d\n}\noutput \"out\" { value = r.inner.name }\n",
            ),
        ],
        r#"
        module.m["a"].r.inner {d=7, name="n-a"}
        module.m["b"].r.inner {d=7, name="n-b"}
        r.root {all=["n-a", "n-b"], far=<module module.elsewhere>, out="n-a"}
        "#,
    );
}

#[test]
fn dynamic_blocks_become_blocks() {
    check(
        &[(
            "main.tf",
            r#"
variable "open" {}
resource "r" "known" {
  dynamic "ingress" {
    for_each = [22, 80]
    content {
      port = ingress.value
      i    = ingress.key
    }
  }
  dynamic "egress" {
    for_each = []
    iterator = e
    content { port = e.value }
  }
}
resource "r" "maybe" {
  dynamic "ingress" {
    for_each = var.open
    content { cidr = "0.0.0.0/0" }
  }
}
"#,
        )],
        r#"
        r.known {ingress=[{i=0, port=22}, {i=1, port=80}]}
        r.maybe {ingress=[{cidr="0.0.0.0/0"}] | null}
        "#,
    );
}

#[test]
fn what_depends_on_the_unknown_is_one_of_several() {
    check(
        &[(
            "main.tf",
            r#"
variable "u" {}
resource "r" "one" {
  choice = var.u ? "a" : "b"
  text   = "x-${var.u ? "a" : "b"}"
  same   = var.u ? 1 : 1
  and    = false && var.u
  or     = var.u || true
  null   = var.u == null
  len    = length([var.u, 1])
  has    = contains(["a", var.u], "a")
  try    = try(var.u.x.y, "d")
  tried  = try({}.x, "d")
  can    = can({}.x)
}
"#,
        )],
        r#"r.one {and=false, can=false, choice="a" | "b", has=true, len=2, null=<var.u>, or=true, same=1, text="x-a" | "x-b", tried="d", try=<var.u>}"#,
    );
}

#[test]
fn documents_of_policies_keep_their_structure() {
    check(
        &[(
            "main.tf",
            r#"
resource "aws_s3_bucket" "b" {}
data "aws_iam_policy_document" "p" {
  statement {
    actions   = ["s3:*"]
    resources = ["*", aws_s3_bucket.b.arn]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "r" "one" {
  policy = data.aws_iam_policy_document.p.json
  encoded = jsonencode({ a = [1, aws_s3_bucket.b.arn] })
}
"#,
        )],
        r#"
        aws_s3_bucket.b {}
        r.one {encoded={a=[1, <aws_s3_bucket.b.arn>]}, policy={Statement=[{Action=["s3:*"], Effect="Allow", Principal={AWS=["*"]}, Resource=["*", <aws_s3_bucket.b.arn>]}], Version="2012-10-17"}}
        "#,
    );
}

#[test]
fn functions() {
    let cases = [
        ("cidrsubnet(\"10.0.0.0/16\", 8, 2)", "\"10.0.2.0/24\""),
        ("cidrhost(\"10.0.0.0/24\", -1)", "\"10.0.0.255\""),
        ("cidrsubnets(\"10.0.0.0/16\", 4, 8)", "[\"10.0.0.0/20\", \"10.0.16.0/24\"]"),
        ("cidrnetmask(\"172.16.0.0/12\")", "\"255.240.0.0\""),
        ("format(\"%s-%03d %q %.1f%%\", \"a\", 7, \"b\", 1.25)", "\"a-007 \\\"b\\\" 1.2%\""),
        ("formatlist(\"%s.x\", [\"a\", \"b\"])", "[\"a.x\", \"b.x\"]"),
        ("merge({a = 1}, {a = 2, b = 3})", "{a=2, b=3}"),
        ("lookup({a = 1}, \"z\", 9)", "9"),
        ("flatten([[1], [[2]], 3])", "[1, 2, 3]"),
        ("sort([\"b\", \"a\"])", "[\"a\", \"b\"]"),
        ("replace(\"a-b-c\", \"/-./\", \"+\")", "\"a++\""),
        ("regex(\"(\\\\d+)-(\\\\d+)\", \"12-34\")", "[\"12\", \"34\"]"),
        ("regexall(\"[a-z]\", \"a1b\")", "[\"a\", \"b\"]"),
        ("split(\",\", \"a,b\")", "[\"a\", \"b\"]"),
        ("join(\"-\", [\"a\", 1, true])", "\"a-1-true\""),
        ("substr(\"hello\", -3, -1)", "\"llo\""),
        ("coalesce(null, \"\", \"x\")", "\"x\""),
        ("element([\"a\", \"b\"], 3)", "\"b\""),
        ("setproduct([1, 2], [\"a\"])", "[[1, \"a\"], [2, \"a\"]]"),
        ("range(1, 7, 2)", "[1, 3, 5]"),
        ("zipmap([\"a\"], [1])", "{a=1}"),
        ("jsondecode(\"{\\\"a\\\": [1, null]}\")", "{a=[1, null]}"),
        ("yamldecode(\"a: [1, x]\").a", "[1, \"x\"]"),
        ("base64decode(base64encode(\"hi\"))", "\"hi\""),
        ("tonumber(\"4\") + 1", "5"),
        ("tobool(\"true\") ? 1 : 2", "1"),
        ("one([])", "null"),
        ("alltrue([true, \"true\"])", "true"),
        ("anytrue([])", "false"),
        ("transpose({a = [\"x\", \"y\"], b = [\"x\"]})", "{x=[\"a\", \"b\"], y=[\"a\"]}"),
        ("title(\"hello world\")", "\"Hello World\""),
        ("urlencode(\"a b/c\")", "\"a+b%2Fc\""),
        ("chunklist([1, 2, 3], 2)", "[[1, 2], [3]]"),
        ("{for k, v in {a = 1, b = 2} : v => k if v > 1}", "{2=\"b\"}"),
        ("{for s in [\"ax\", \"ay\"] : substr(s, 0, 1) => s...}", "{a=[\"ax\", \"ay\"]}"),
        ("templatestring(\"%%{ for x in xs }<$${x}>%%{ endfor }\", {xs = [1, 2]})", "\"<1><2>\""),
        ("\"${true ? \"a\" : \"b\"}\" == \"a\"", "true"),
        ("csvdecode(\"a,b\\n1,\\\"x,y\\\"\")[0].b", "\"x,y\""),
    ];
    for (expression, expected) in cases {
        let text = format!("resource \"r\" \"r\" {{\n  v = {expression}\n}}\n");
        let graph = fixture::graph(&[("main.tf", &text)]);
        let shown = show(graph.resources()[0].get("v").unwrap_or(&Value::null()), &graph);
        assert_eq!(shown, expected, "{expression}");
    }
}

#[test]
fn files_of_the_project_are_read_and_no_others() {
    check(
        &[
            (
                "live/main.tf",
                "resource \"r\" \"r\" {\n a = jsondecode(file(\"${path.module}/p.json\")).x\n b = templatefile(\"t.tpl\", {n = 1})\n c = file(\"/etc/passwd\")\n d = fileset(path.module, \"*.json\")\n e = file(\"../../x\")\n f = fileexists(\"p.json\")\n}\n",
            ),
            ("live/p.json", "{\"x\": 5}"),
            ("live/t.tpl", "n=${n}"),
        ],
        r#"r.r {a=5, b="n=1", c=<Runtime("a file outside of the project")>, d=["p.json"], e=<Runtime("a file outside of the project")>, f=true}"#,
    );
}

#[test]
fn code_in_json() {
    check(
        &[(
            "main.tf.json",
            r#"{"variable": {"a": {"default": "x"}}, "resource": {"r": {"one": {"v": "${var.a}-1", "b": [{"c": 2}]}, "two": [{"v": 1}]}}}"#,
        )],
        "r.one {b=[{c=2}], v=\"x-1\"}\nr.two {v=1}",
    );
}

#[test]
fn what_needs_itself_is_a_cycle() {
    let graph = fixture::graph(&[(
        "main.tf",
        "locals {\n a = local.b\n b = local.a\n}\nresource \"r\" \"r\" {\n v = local.a\n w = r.r.w\n count = length(r.r)\n}\n",
    )]);
    let resource = &graph.resources()[0];
    assert!(matches!(resource.get("v").unwrap().cause(), Some(Cause::Cycle(_))));
    assert!(matches!(resource.get("w").unwrap().cause(), Some(Cause::Cycle(_) | Cause::Missing(_))));
}

#[test]
fn limits_hold() {
    fixture::on_the_stack_of_a_scan(check_limits);
}

fn check_limits() {
    // trivy#7548: a range over all ports.
    check(
        &[("main.tf", "resource \"r\" \"r\" {\n v = length(range(0, 200000))\n w = length([for p in range(0, 200000) : p + 1])\n}\n")],
        "r.r {v=200000, w=200000}",
    );
    // As many instances as the limit allows.
    let graph = fixture::graph(&[(
        "main.tf",
        "resource \"r\" \"r\" {\n for_each = toset([for n in range(10000) : \"k${n}\"])\n v = each.key\n}\n",
    )]);
    assert_eq!(graph.resources().len(), 10_000);
    let graph = fixture::graph(&[("main.tf", "resource \"r\" \"r\" {\n count = 10001\n v = \"x\"\n}\n")]);
    assert_eq!(graph.resources().len(), 1);
    // Texts that double.
    let locals: String = (1..64).map(|n| format!("  l{n} = \"${{local.l{}}}${{local.l{}}}\"\n", n - 1, n - 1)).collect();
    let text = format!("locals {{\n  l0 = \"aaaaaaaa\"\n{locals}}}\nresource \"r\" \"r\" {{\n  v = local.l63\n}}\n");
    let graph = fixture::graph(&[("main.tf", &text)]);
    assert!(matches!(graph.resources()[0].get("v").unwrap().cause(), Some(Cause::Limit(_))));
    // A chain that is too deep, and a module that calls itself.
    let locals: String = (1..5000).map(|n| format!("  l{n} = local.l{}\n", n - 1)).collect();
    let text =
        format!("locals {{\n  l0 = 1\n{locals}}}\nresource \"r\" \"r\" {{\n  v = local.l4999\n}}\nmodule \"m\" {{ source = \"./\" }}\n");
    let graph = fixture::graph(&[("main.tf", &text), ("x/main.tf", "module \"m\" { source = \"../\" }")]);
    assert!(graph.of_type("r").next().is_some());
}

#[test]
fn a_plan_wins_over_code_and_code_says_where() {
    let code = "variable \"a\" {}\nresource \"r\" \"one\" {\n  acl = var.a\n  kept = r.two.id\n}\nresource \"r\" \"two\" {}\n";
    let plan = r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"resources":[
        {"address":"r.one","mode":"managed","type":"r","name":"one","values":{"acl":"public","extra":1,"tags":null}},
        {"address":"r.three","mode":"managed","type":"r","name":"three","values":{"x":true}}]}},
        "resource_changes":[{"address":"r.one","change":{"after_unknown":{"kept":true,"arn":true}}}]}"#;
    check(
        &[("main.tf", code), ("plan.json", plan)],
        r#"
        r.one {acl="public", arn=<r.one.arn>, extra=1, kept=<r.two.id>}
        r.three {x=true}
        r.two {}
    "#,
    );
    let graph = fixture::graph(&[("main.tf", code), ("plan.json", plan)]);
    let one = graph.resources().iter().find(|resource| &*resource.address == "r.one").unwrap();
    assert_eq!(one.body.member("acl").unwrap().name.file, 0);
}

#[test]
fn resources_of_kubernetes_are_manifests() {
    let text = "resource \"kubernetes_pod\" \"p\" {\n  metadata {\n    name = \"p\"\n  }\n  spec {\n    container {\n      name  = \"c\"\n      image = \"nginx\"\n      security_context {\n        privileged = true\n      }\n    }\n  }\n}\n";
    let graph = fixture::graph(&[("main.tf", text)]);
    assert_eq!(graph.of_type("Pod").count(), 1);
    fixture::check(&[("main.tf", text)], &["privileged-container"], &["main.tf:10 privileged-container"]);
}
