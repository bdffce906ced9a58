//! Conditions asked of resources that are written in YAML.

use std::{collections::HashMap, sync::Arc};

use serde_json::Value as Json;

use super::{Condition, compare::Dialect, parse, parse::Reader};
use crate::{Cause, Format, Graph, Kind, Map, Member, Place, Resource, ResourceId, ResourceKind, ScopeId, Unknown, Value, Verdict};

/// A graph of `address: {attributes}`. `${var.x}` is unknown, `${type.name}` is an attribute of another resource that is known
/// later, and `{one of: […]}` is one of several values.
pub(super) fn graph_of(resources: &str) -> Graph {
    let resources: serde_json::Map<String, Json> = serde_saphyr::from_str(resources).unwrap();
    let ids: HashMap<&str, ResourceId> = resources.keys().map(String::as_str).zip((0..).map(ResourceId)).collect();
    let mut graph = Graph::default();
    for (address, body) in &resources {
        let (of_type, name) = address.rsplit_once('.').unwrap();
        let (kind, of_type) = match of_type.strip_prefix("data.") {
            Some(of_type) => (ResourceKind::Data, of_type),
            None => (ResourceKind::Managed, of_type),
        };
        graph.add(Resource {
            id: graph.next_id(),
            format: Format::Terraform,
            kind,
            native_type: of_type.into(),
            canonical_type: of_type.into(),
            name: name.into(),
            address: address.as_str().into(),
            block_address: address.as_str().into(),
            scope: ScopeId(0),
            header: Place::NONE,
            block: Place::NONE,
            body: value_of(body, &ids),
            calls: Vec::new(),
        });
    }
    graph.connect();
    graph
}

fn value_of(json: &Json, ids: &HashMap<&str, ResourceId>) -> Value {
    let kind = match json {
        Json::String(text) if text.contains("${") => return unknown_of(text, ids),
        Json::Array(items) => Kind::List(items.iter().map(|item| value_of(item, ids)).collect()),
        Json::Object(members) => match members.get("one of") {
            Some(Json::Array(values)) => Kind::OneOf(values.iter().map(|value| value_of(value, ids)).collect()),
            _ => {
                let member =
                    |(name, value): (&String, &Json)| (name.as_str().into(), Member { name: Place::NONE, value: value_of(value, ids) });
                Kind::Map(Arc::new(Map(members.iter().map(member).collect())))
            }
        },
        plain => return super::compare::value_of(plain, Place::NONE),
    };
    Value::new(kind, Place::NONE)
}

fn unknown_of(text: &str, ids: &HashMap<&str, ResourceId>) -> Value {
    let (prefix, name) = text.split_once("${").unwrap();
    let name = name.trim_end_matches('}');
    let other = ids.get(name).copied();
    let cause = other.map_or_else(|| Cause::Variable(name.into()), |id| Cause::Computed(id, "id".into()));
    let prefix = Some(prefix).filter(|prefix| !prefix.is_empty()).map(Arc::from);
    let unknown = Unknown { cause, is_not_null: other.is_some() || prefix.is_some(), prefix, outline: None };
    let references = other.map(|id| Arc::from([id]));
    Value { kind: Kind::Unknown(Arc::new(unknown)), place: Place::NONE, references }
}

pub(super) fn said(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail(_) => "fail",
        Verdict::Unknown(..) => "unknown",
        Verdict::NotApplicable => "none",
    }
}

fn condition_of(definition: &str, types: &[&str], dialect: Dialect) -> Condition {
    let json: Json = serde_saphyr::from_str(definition).unwrap();
    let types: Vec<Arc<str>> = types.iter().map(|&name| name.into()).collect();
    let reader = Reader { dialect, ..Reader::of_rule(&types) };
    reader.condition(&json).unwrap_or_else(|error| panic!("{definition}: {error}"))
}

/// Asks a condition of one resource.
#[track_caller]
fn check(definition: &str, body: &str, expected: &str) {
    check_as(Dialect::Own, definition, body, expected);
}

#[track_caller]
fn check_as(dialect: Dialect, definition: &str, body: &str, expected: &str) {
    let graph = graph_of(&format!("test.it: {body}\nother.one: {{name: one}}"));
    let it = graph.resources().iter().find(|resource| &*resource.native_type == "test").unwrap();
    let verdict = condition_of(definition, &["test"], dialect).judge(it, &graph);
    assert_eq!(said(&verdict), expected, "{definition} of {body}: {verdict:?}");
}

/// Asks a condition of all resources of a graph; answers are `address verdict`, in order.
#[track_caller]
fn check_graph(definition: &str, types: &[&str], resources: &str, expected: &[&str]) {
    let graph = graph_of(resources);
    let condition = condition_of(definition, types, Dialect::Own);
    let types: Vec<Arc<str>> = types.iter().map(|&name| name.into()).collect();
    let mut lines: Vec<String> = condition
        .judge_all(&types, &graph)
        .into_iter()
        .map(|(id, verdict)| format!("{} {}", graph.get(id).unwrap().address, said(&verdict)))
        .collect();
    lines.sort();
    assert_eq!(lines, expected, "{definition}");
}

#[test]
fn operators_compare_what_is_written() {
    for (definition, body, expected) in [
        ("{attribute: a, operator: equals, value: x}", "{a: x}", "pass"),
        ("{attribute: a, operator: equals, value: x}", "{a: w}", "fail"),
        ("{attribute: a, equals: x}", "{}", "fail"),
        ("{attribute: a, not_equals: x}", "{}", "pass"),
        ("{attribute: a, equals: 7}", "{a: '7'}", "pass"),
        ("{attribute: a, equals: '7'}", "{a: 7}", "pass"),
        ("{attribute: a, equals: '7.5'}", "{a: 7.5}", "pass"),
        ("{attribute: a, equals: 'true'}", "{a: true}", "pass"),
        ("{attribute: a, equals: true}", "{a: 'True'}", "pass"),
        ("{attribute: a, equals: false}", "{a: true}", "fail"),
        ("{attribute: a, equals: [x, w]}", "{a: [x, w]}", "pass"),
        ("{attribute: a, equals: [x, w]}", "{a: [w, x]}", "fail"),
        ("{attribute: a, equals_ignore_case: INGRESS}", "{a: ingress}", "pass"),
        ("{attribute: a, not_equals_ignore_case: INGRESS}", "{a: ingress}", "fail"),
        ("{attribute: a, operator: exists}", "{a: ''}", "pass"),
        ("{attribute: a, exists: true}", "{a: null}", "fail"),
        ("{attribute: a, exists: false}", "{}", "pass"),
        ("{attribute: a, not_exists: true}", "{a: []}", "fail"),
        ("{attribute: a, contains: x}", "{a: [x, w]}", "pass"),
        ("{attribute: a, contains: z}", "{a: [x, w]}", "fail"),
        ("{attribute: a, contains: z}", "{a: 'xyz'}", "pass"),
        ("{attribute: a, contains: x}", "{a: {x: 1}}", "pass"),
        ("{attribute: a, contains: w}", "{a: {x: 'a w'}}", "pass"),
        ("{attribute: a, contains: w}", "{a: '[\"w\"]'}", "pass"),
        ("{attribute: a, not_contains: w}", "{}", "pass"),
        ("{attribute: a, within: [x, w]}", "{a: w}", "pass"),
        ("{attribute: a, within: [x, w]}", "{}", "fail"),
        ("{attribute: a, not_within: [x, w]}", "{a: z}", "pass"),
        ("{attribute: a, within: [1, 2]}", "{a: '2'}", "pass"),
        ("{attribute: a, starting_with: ab}", "{a: abc}", "pass"),
        ("{attribute: a, not_starting_with: ab}", "{a: abc}", "fail"),
        ("{attribute: a, ending_with: bc}", "{a: abc}", "pass"),
        ("{attribute: a, not_ending_with: bc}", "{}", "pass"),
        ("{attribute: a, regex_match: 'a.c'}", "{a: abcd}", "pass"),
        ("{attribute: a, regex_match: 'b'}", "{a: abcd}", "fail"),
        ("{attribute: a, regex_match: '^(?!ab).*'}", "{a: abcd}", "fail"),
        ("{attribute: a, not_regex_match: 'b'}", "{}", "pass"),
        ("{attribute: a, greater_than: 5}", "{a: 10}", "pass"),
        ("{attribute: a, greater_than: '5'}", "{a: '10'}", "pass"),
        ("{attribute: a, greater_than: 5}", "{}", "fail"),
        ("{attribute: a, greater_than_or_equal: 5}", "{a: 5}", "pass"),
        ("{attribute: a, less_than: 5}", "{a: 5}", "fail"),
        ("{attribute: a, less_than: 5}", "{}", "fail"),
        ("{attribute: a, less_than: 5}", "{a: 0}", "pass"),
        ("{attribute: a, less_than_or_equal: 5}", "{a: 5}", "pass"),
        ("{attribute: a, greater_than_or_equal: TLS1_2}", "{a: TLS1_1}", "fail"),
        ("{attribute: a, length_equals: 2}", "{a: [x, w]}", "pass"),
        ("{attribute: a, length_greater_than: 3}", "{a: abcd}", "pass"),
        ("{attribute: a, length_less_than: '3'}", "{a: abcd}", "fail"),
        ("{attribute: a, length_less_than_or_equal: 1}", "{a: {x: 1, w: 2}}", "pass"),
        ("{attribute: a, length_not_equals: 2}", "{}", "pass"),
        ("{attribute: a, number_of_words_equals: 2}", "{a: 'two words'}", "pass"),
        ("{attribute: a, number_of_words_not_equals: 2}", "{a: 'two words'}", "fail"),
        ("{attribute: a, number_of_words_greater_than: 2}", "{a: [x]}", "fail"),
        ("{attribute: a, is_empty: true}", "{a: []}", "pass"),
        ("{attribute: a, is_empty: true}", "{}", "pass"),
        ("{attribute: a, is_not_empty: true}", "{}", "fail"),
        ("{attribute: a, is_not_empty: true}", "{a: x}", "pass"),
        ("{attribute: a, is_true: true}", "{a: 'true'}", "pass"),
        ("{attribute: a, is_false: true}", "{}", "pass"),
        ("{attribute: a, subset: [x, w, z]}", "{a: [x, w]}", "pass"),
        ("{attribute: a, subset: [x]}", "{a: [x, w]}", "fail"),
        ("{attribute: a, not_subset: [x]}", "{a: x}", "fail"),
        ("{attribute: a, intersects: [x, q]}", "{a: [x, w]}", "pass"),
        ("{attribute: a, not_intersects: [p, q]}", "{a: [x, w]}", "pass"),
        ("{attribute: a, intersects: us-}", "{a: us-east-1}", "pass"),
        ("{attribute: a, range_includes: 3000}", "{a: '2000-4000'}", "pass"),
        ("{attribute: a, range_includes: ['22', 3389]}", "{a: ['80', '20-25']}", "pass"),
        ("{attribute: a, range_includes: 3000-3010}", "{a: 3005}", "pass"),
        ("{attribute: a, range_not_includes: 22}", "{a: '*'}", "fail"),
        ("{attribute: a, range_not_includes: 22}", "{}", "pass"),
        ("{attribute: a, cidr_range_subset: [10.0.0.0/8]}", "{a: [10.1.0.0/16]}", "pass"),
        ("{attribute: a, cidr_range_subset: 10.0.0.0/8}", "{a: [10.1.0.0/16, 0.0.0.0/0]}", "fail"),
        ("{attribute: a, cidr_range_not_subset_attribute_solver: 10.0.0.0/8}", "{a: 10.0.0.1}", "fail"),
        ("{attribute: a, cidr_range_subset: 10.0.0.0/8}", "{a: pl-1}", "none"),
        ("{attribute: a, operator: any}", "{}", "pass"),
    ] {
        check(definition, body, expected);
    }
}

#[test]
fn paths_lead_through_blocks() {
    for (definition, body, expected) in [
        ("{attribute: v.enabled, equals: true}", "{v: [{enabled: true}]}", "pass"),
        ("{attribute: v.enabled, equals: true}", "{v: {enabled: true}}", "pass"),
        ("{attribute: v.enabled, equals: true}", "{v: [{enabled: true}, {enabled: false}]}", "fail"),
        ("{attribute: v.enabled, equals: true}", "{v: [{enabled: true}, {}]}", "fail"),
        ("{attribute: v.enabled, equals: true, default: true}", "{v: [{enabled: true}, {}]}", "pass"),
        ("{attribute: v.enabled, not_equals: true}", "{v: [{enabled: true}, {}]}", "fail"),
        ("{attribute: v.1.enabled, equals: true}", "{v: [{enabled: false}, {enabled: true}]}", "pass"),
        ("{attribute: 'v[1].enabled', equals: true}", "{v: [{enabled: false}, {enabled: true}]}", "pass"),
        ("{attribute: v.*.enabled, equals: true}", "{v: [{enabled: false}, {enabled: true}]}", "pass"),
        ("{attribute: 'v[*].enabled', equals: true}", "{v: {enabled: true}}", "pass"),
        ("{attribute: v.*.enabled, not_equals: true}", "{v: [{enabled: false}, {enabled: true}]}", "fail"),
        ("{attribute: v.*.cidrs, contains: x}", "{v: [{cidrs: [w]}, {cidrs: [x]}]}", "pass"),
        ("{attribute: v.*.cidrs, not_contains: x}", "{v: [{cidrs: [w]}, {cidrs: [x]}]}", "fail"),
        ("{attribute: v.*, starting_with: a}", "{v: [b, ab]}", "pass"),
        ("{attribute: v.*.enabled, exists: true}", "{v: []}", "fail"),
        ("{attribute: labels.a.b/c, equals: x}", "{labels: {a.b/c: x}}", "pass"),
        ("{attribute: policy.Statement.Effect, equals: Allow}", "{policy: '{\"Statement\": [{\"Effect\": \"Allow\"}]}'}", "pass"),
        ("{attribute: a.b, equals: x, default: x}", "{}", "pass"),
        ("{attribute: a.b, equals: x, default: x}", "{a: [{b: w}]}", "fail"),
        ("{attribute: a.b, not_exists: true}", "{a: text}", "pass"),
        ("{attribute: resource_type, equals: test}", "{}", "pass"),
        ("{attribute: 'f[?(@.name == x)].value', jsonpath_equals: 'on'}", "{f: [{name: w, value: 'off'}, {name: x, value: 'on'}]}", "pass"),
        ("{attribute: 'f[?(@.name == x)].value', jsonpath_equals: 'on'}", "{f: [{name: x, value: 'off'}, {name: x, value: 'on'}]}", "fail"),
        ("{attribute: 'f[?(@.name == x & @.value == on)]', jsonpath_exists: true}", "{f: {name: x, value: 'on'}}", "pass"),
        ("{attribute: \"f[?(@.name =~ '(?i)^X$')]\", jsonpath_not_exists: true}", "{f: {name: x}}", "fail"),
        (
            "{attribute: 'p.Statement[?(@.Effect == Allow)].Action[*]', jsonpath_not_contains: '*'}",
            "{p: {Statement: [{Effect: Allow, Action: ['a:*']}]}}",
            "fail",
        ),
        ("{attribute: '$..b', jsonpath_equals: 1}", "{a: [{b: 1}, {c: {b: 1}}]}", "pass"),
    ] {
        check(definition, body, expected);
    }
}

#[test]
fn checkov_answers_in_its_own_way() {
    for (definition, body, expected) in [
        ("{attribute: v.enabled, operator: equals, value: true}", "{v: [{enabled: true}, {enabled: true}]}", "fail"),
        ("{attribute: v.*.cidrs, operator: not_contains, value: x}", "{v: [{cidrs: [w]}, {cidrs: [x]}]}", "fail"),
        ("{attribute: v.*.cidrs, operator: not_equals, value: x}", "{v: [{cidrs: w}, {cidrs: x}]}", "pass"),
        ("{attribute: v.*, operator: is_empty}", "{v: []}", "pass"),
        ("{attribute: a, operator: is_empty}", "{}", "fail"),
        ("{attribute: a, operator: is_not_empty}", "{}", "pass"),
        ("{attribute: a, operator: exists}", "{a: '${var.x}'}", "pass"),
        ("{attribute: a.b, operator: exists}", "{a: '${var.x}'}", "unknown"),
        ("{attribute: a, operator: equals, value: x, resource_types: [other]}", "{a: x}", "fail"),
    ] {
        check_as(Dialect::Checkov, definition, body, expected);
    }
}

#[test]
fn conditions_combine() {
    for (definition, body, expected) in [
        ("{and: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{a: 1, b: 2}", "pass"),
        ("{and: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{a: 1, b: 1}", "fail"),
        ("{or: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{a: 2, b: 2}", "pass"),
        ("{or: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{}", "fail"),
        ("{not: {attribute: a, equals: 1}}", "{a: 1}", "fail"),
        ("{not: [{or: [{attribute: a, equals: 1}]}]}", "{a: 2}", "pass"),
        ("{when: {attribute: engine, equals: postgres}, attribute: tls, equals: true}", "{engine: mysql}", "none"),
        ("{when: {attribute: engine, equals: postgres}, attribute: tls, equals: true}", "{engine: postgres}", "fail"),
        ("{when: {attribute: engine, equals: postgres}, attribute: tls, equals: true}", "{engine: '${var.x}', tls: true}", "pass"),
        ("{when: {attribute: engine, equals: postgres}, attribute: tls, equals: true}", "{engine: '${var.x}'}", "unknown"),
        ("{when: {attribute: a, exists: true}, or: [{attribute: a, equals: 1}, {attribute: b, equals: 1}]}", "{a: 2}", "fail"),
        ("{and: [{attribute: a, equals: 1}, {when: {attribute: b, exists: true}, attribute: b, equals: 1}]}", "{a: 1}", "pass"),
        ("{and: [{attribute: a, equals: 1, resource_types: [other]}, {attribute: b, equals: 2}]}", "{b: 2}", "pass"),
        ("{cond_type: resource, resource_types: [test], operator: not_exists}", "{}", "fail"),
        ("{cond_type: resource, resource_types: [else], operator: not_exists}", "{}", "none"),
        ("{cond_type: resource, resource_types: [else], operator: exists}", "{}", "fail"),
        (
            "{and: [{cond_type: filter, attribute: resource_type, operator: within, value: [else]}, {attribute: a, exists: true}]}",
            "{}",
            "none",
        ),
        (
            "{and: [{cond_type: filter, attribute: resource_type, operator: within, value: [test]}, {attribute: a, exists: true}]}",
            "{a: 1}",
            "pass",
        ),
    ] {
        check(definition, body, expected);
    }
}

#[test]
fn elements_are_asked_one_by_one() {
    let open = "{not: {and: [{attribute: cidr_blocks, contains: 0.0.0.0/0}, {attribute: from_port, less_than_or_equal: 22}, {attribute: to_port, greater_than_or_equal: 22}]}}";
    let every = format!("{{every: {{of: ingress, not: {}}}}}", open.trim_start_matches("{not: ").strip_suffix('}').unwrap());
    for (definition, body, expected) in [
        (
            every.as_str(),
            "{ingress: [{cidr_blocks: [0.0.0.0/0], from_port: 443, to_port: 443}, {cidr_blocks: [10.0.0.0/8], from_port: 22, to_port: 22}]}",
            "pass",
        ),
        (
            every.as_str(),
            "{ingress: [{cidr_blocks: [10.0.0.0/8], from_port: 0, to_port: 1}, {cidr_blocks: [0.0.0.0/0], from_port: 20, to_port: 30}]}",
            "fail",
        ),
        (every.as_str(), "{}", "pass"),
        (every.as_str(), "{ingress: '${var.x}'}", "unknown"),
        (every.as_str(), "{ingress: [{cidr_blocks: '${var.x}', from_port: 22, to_port: 22}]}", "unknown"),
        (every.as_str(), "{ingress: [{cidr_blocks: '${var.x}', from_port: 80, to_port: 80}]}", "pass"),
        (every.as_str(), "{ingress: {one of: [[{cidr_blocks: [0.0.0.0/0], from_port: 22, to_port: 22}], []]}}", "unknown"),
        (
            "{some: {of: flag, and: [{attribute: name, equals: log}, {attribute: value, equals: 'on'}]}}",
            "{flag: [{name: x}, {name: log, value: 'on'}]}",
            "pass",
        ),
        (
            "{some: {of: flag, and: [{attribute: name, equals: log}, {attribute: value, equals: 'on'}]}}",
            "{flag: [{name: x, value: 'on'}, {name: log, value: 'off'}]}",
            "fail",
        ),
        ("{some: {of: flag, attribute: name, equals: x}}", "{}", "fail"),
        ("{every: {of: cidrs, not_equals: 0.0.0.0/0}}", "{cidrs: [10.0.0.0/8, 0.0.0.0/0]}", "fail"),
        ("{every: {of: cidrs, attribute: __self__, not_equals: 0.0.0.0/0}}", "{cidrs: [10.0.0.0/8]}", "pass"),
        (
            "{every: {of: rule, when: {attribute: type, equals: in}, attribute: cidr, not_equals: any}}",
            "{rule: [{type: out, cidr: any}]}",
            "pass",
        ),
        ("{every: {of: a, every: {of: b, attribute: c, equals: 1}}}", "{a: [{b: [{c: 1}, {c: 2}]}, {b: {c: 1}}]}", "fail"),
        ("{every: {of: a.*.b, attribute: c, equals: 1}}", "{a: [{b: [{c: 1}]}, {b: {c: 1}}]}", "pass"),
    ] {
        check(definition, body, expected);
    }
}

#[test]
fn what_is_not_known_never_passes_silently() {
    for (definition, body, expected) in [
        ("{attribute: a, equals: x}", "{a: '${var.x}'}", "unknown"),
        ("{attribute: a, not_equals: x}", "{a: '${var.x}'}", "unknown"),
        ("{attribute: a, exists: true}", "{a: '${var.x}'}", "unknown"),
        ("{attribute: a, exists: true}", "{a: '${other.one}'}", "pass"),
        ("{attribute: a, not_exists: true}", "{a: '${other.one}'}", "fail"),
        ("{attribute: a, starting_with: arn}", "{a: 'arn:aws:${var.x}'}", "pass"),
        ("{attribute: a, starting_with: 'arn:aws:s3'}", "{a: 'arn:aws:${var.x}'}", "unknown"),
        ("{attribute: a, starting_with: http}", "{a: 'arn:aws:${var.x}'}", "fail"),
        ("{attribute: a, equals: public}", "{a: 'my-${var.x}'}", "fail"),
        ("{attribute: a, not_within: [x, my-w]}", "{a: 'my-${var.x}'}", "unknown"),
        ("{attribute: a, not_within: [x, w]}", "{a: 'my-${var.x}'}", "pass"),
        ("{attribute: a, contains: x}", "{a: [x, '${var.x}']}", "pass"),
        ("{attribute: a, contains: w}", "{a: [x, '${var.x}']}", "unknown"),
        ("{attribute: a, not_contains: x}", "{a: [x, '${var.x}']}", "fail"),
        ("{attribute: a, length_equals: 2}", "{a: [x, '${var.x}']}", "pass"),
        ("{attribute: a.b, equals: 1}", "{a: '${other.one}'}", "unknown"),
        ("{attribute: a, equals: 1, default: 1}", "{a: '${var.x}'}", "unknown"),
        ("{attribute: a, within: [1, 2]}", "{a: {one of: [1, 2]}}", "pass"),
        ("{attribute: a, within: [1, 2]}", "{a: {one of: [3, 4]}}", "fail"),
        ("{attribute: a, within: [1, 2]}", "{a: {one of: [1, 4]}}", "unknown"),
        ("{attribute: a.b, equals: 1}", "{a: {one of: [{b: 1}, {b: 1, c: 2}]}}", "pass"),
        ("{attribute: a.b, equals: 1}", "{a: {one of: [{b: 1}, {}]}}", "unknown"),
        ("{or: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{a: '${var.x}', b: 2}", "pass"),
        ("{or: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{a: '${var.x}', b: 3}", "unknown"),
        ("{and: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{a: '${var.x}', b: 3}", "fail"),
        ("{and: [{attribute: a, equals: 1}, {attribute: b, equals: 2}]}", "{a: '${var.x}', b: 2}", "unknown"),
        ("{not: {attribute: a, equals: 1}}", "{a: '${var.x}'}", "unknown"),
        ("{attribute: 'f[?(@.name == x)].value', jsonpath_equals: 1}", "{f: [{name: '${var.x}', value: 1}]}", "unknown"),
        ("{attribute: f.*.value, equals: 1}", "{f: [{value: 2}, {value: '${var.x}'}]}", "unknown"),
        ("{attribute: f.*.value, equals: 1}", "{f: [{value: 1}, {value: '${var.x}'}]}", "pass"),
    ] {
        check(definition, body, expected);
    }
}

#[test]
fn companions_refer_to_the_resource() {
    let versioning = "{companion: {types: [versioning], by: bucket, attribute: status, equals: Enabled}}";
    check_graph(
        versioning,
        &["bucket"],
        "
bucket.good: {}
bucket.bad: {}
bucket.none: {}
bucket.named: {bucket: a-name}
versioning.one: {bucket: '${bucket.good}', status: Enabled}
versioning.two: {bucket: '${bucket.bad}', status: Disabled}
versioning.three: {bucket: a-name, status: Enabled}
versioning.four: {source: '${bucket.none}', status: Enabled}
",
        &["bucket.bad fail", "bucket.good pass", "bucket.named pass", "bucket.none fail"],
    );
    check_graph(versioning, &["bucket"], "{bucket.a: {}, versioning.b: {bucket: '${var.x}', status: Enabled}}", &["bucket.a unknown"]);
    check_graph("{not: {companion: {types: [acl]}}}", &["bucket"], "{bucket.a: {}, acl.b: {x: '${bucket.a}'}}", &["bucket.a fail"]);
}

#[test]
fn connections_are_judged_over_the_graph() {
    let vpcs = "
vpc.logged: {}
vpc.silent: {}
log.one: {vpc: '${vpc.logged}', traffic: ALL}
log.alone: {traffic: ALL}
";
    let connection =
        |operator: &str| format!("{{cond_type: connection, resource_types: [vpc], connected_resource_types: [log], operator: {operator}}}");
    check_graph(&connection("exists"), &["vpc"], vpcs, &["vpc.logged pass", "vpc.silent fail"]);
    check_graph(&connection("exists"), &["vpc", "log"], vpcs, &["log.alone fail", "log.one pass", "vpc.logged pass", "vpc.silent fail"]);
    check_graph(&connection("not_exists"), &["vpc"], vpcs, &["vpc.logged fail", "vpc.silent pass"]);
    check_graph(&format!("{{not: {}}}", connection("exists")), &["vpc"], vpcs, &["vpc.logged fail", "vpc.silent pass"]);
    let filter = "{cond_type: filter, attribute: resource_type, operator: within, value: [vpc]}";
    check_graph(
        &format!("{{and: [{filter}, {}]}}", connection("exists")),
        &["vpc", "log"],
        vpcs,
        &["log.alone none", "log.one none", "vpc.logged pass", "vpc.silent fail"],
    );
    let both = "
vpc.mixed: {}
vpc.bad: {}
log.good: {vpc: '${vpc.mixed}', traffic: ALL}
log.bad: {vpc: '${vpc.mixed}', traffic: ACCEPT}
log.worse: {vpc: '${vpc.bad}', traffic: ACCEPT}
";
    let traffic = "{attribute: traffic, resource_types: [log], operator: equals, value: ALL}";
    let all = |operator: &str| format!("{{and: [{filter}, {traffic}, {}]}}", connection(operator));
    check_graph(&all("exists"), &["vpc"], both, &["vpc.bad fail", "vpc.mixed fail"]);
    check_graph(&all("one_exists"), &["vpc"], both, &["vpc.bad fail", "vpc.mixed pass"]);
    check_graph(
        "{when: {attribute: kind, equals: x}, cond_type: connection, connected_resource_types: [log], operator: exists}",
        &["vpc"],
        "{vpc.a: {kind: x}, vpc.b: {kind: z}, vpc.c: {kind: '${var.x}'}}",
        &["vpc.a fail", "vpc.b none", "vpc.c unknown"],
    );
    let unknown = "{vpc.a: {}, log.b: {vpc: '${vpc.a}', traffic: '${var.x}'}}";
    check_graph(&all("exists"), &["vpc"], unknown, &["vpc.a unknown"]);
    check_graph(
        &format!("{{or: [{{attribute: private, equals: true}}, {}]}}", connection("exists")),
        &["vpc"],
        "{vpc.a: {private: true}, vpc.b: {}, vpc.c: {}, log.x: {vpc: '${vpc.c}'}}",
        &["vpc.a pass", "vpc.b fail", "vpc.c pass"],
    );
}

#[test]
fn a_wrong_condition_says_what_and_where() {
    for (definition, expected) in [
        ("{attribute: a, operator: equal, value: 1}", "`operator`: unknown operator `equal`: did you mean `equals`?"),
        ("{and: [{attribute: a, exists: true}, {attribute: a, is_nothing: true}]}", "`and.1`: unknown operator `is_nothing`"),
        ("{attribute: a}", "there is no `operator`"),
        ("{attribute: a, equals: 1, contains: 2}", "a condition has one operator: combine several with `and`"),
        ("{attribute: a, exists: maybe}", "`exists`: expected `true` or `false`"),
        ("{attribute: a, equals: 1, resource: x}", "unknown key `resource`"),
        ("{attribute: a, within: x}", "`within`: expected a list of values"),
        ("{attribute: a, contains: [x]}", "`contains`: expected one value; `intersects` takes several"),
        ("{attribute: a, operator: equals}", "`value`: there is no `value`"),
        (
            "{attribute: a, regex_match: '('}",
            "`regex_match`: not a regular expression: Parsing error at position 1: Opening parenthesis without closing parenthesis",
        ),
        ("{attribute: a, length_equals: many}", "`length_equals`: expected a whole number: \"many\""),
        ("{attribute: 'a[?(', jsonpath_exists: true}", "`attribute`: expected `)`: ``"),
        ("{not: [{attribute: a, exists: true}, {attribute: b, exists: true}]}", "`not`: `not` takes one condition"),
        ("{cond_type: edge}", "`cond_type`: unknown type of condition `edge`: expected `attribute`, `connection`, `filter` or `resource`"),
        ("{every: {attribute: a, exists: true}}", "`every`: there is no `of`: the path of a list"),
        (
            "{cond_type: connection, connected_resource_types: [x], operator: near}",
            "`operator`: unknown operator `near` of a connection: expected `exists`, `not_exists` or `one_exists`",
        ),
        ("[]", "expected a mapping"),
    ] {
        let json: Json = serde_saphyr::from_str(definition).unwrap();
        assert_eq!(parse(&json, &["test".into()]).err().as_deref(), Some(expected), "{definition}");
    }
}

#[test]
fn a_failure_names_the_attribute_or_the_block_it_is_missing_in() {
    let place = |start| Place { file: 0, start, end: start + 1 };
    let member = |name: &str, value: Value| (name.into(), Member { name: place(0), value });
    let map = |members: Vec<(Arc<str>, Member)>, at| Value::new(Kind::Map(Arc::new(Map(members.into_iter().collect()))), place(at));
    let block = map(vec![member("enabled", Value::new(Kind::Boolean(false), place(30)))], 20);
    let body = map(vec![member("versioning", Value::new(Kind::List([block].into()), place(19)))], 10);
    let mut graph = graph_of("test.it: {}");
    let id = graph.add(Resource { body, ..graph.resources()[0].clone() });
    for (definition, expected, part) in [
        ("{attribute: versioning.enabled, equals: true}", Some(30), "versioning.enabled"),
        ("{attribute: versioning.mfa, equals: true}", Some(20), "versioning.mfa"),
        ("{attribute: acl, exists: true}", None, "acl"),
        ("{not: {attribute: versioning.enabled, equals: false}}", Some(30), "versioning.enabled"),
        ("{every: {of: versioning, attribute: enabled, equals: true}}", Some(30), "versioning.enabled"),
        ("{every: {of: versioning, attribute: mfa, equals: true}}", Some(20), "versioning.mfa"),
        ("{some: {of: versioning, attribute: mfa, equals: true}}", Some(19), "versioning"),
        ("{or: [{attribute: acl, exists: true}, {attribute: versioning.enabled, equals: true}]}", Some(30), "versioning.enabled"),
    ] {
        let verdict = condition_of(definition, &["test"], Dialect::Own).judge(graph.get(id).unwrap(), &graph);
        let Verdict::Fail(failure) = verdict else { panic!("{definition}: {verdict:?}") };
        assert_eq!((failure.place.map(|place| place.start), failure.part.as_str()), (expected, part), "{definition}");
    }
}

mod policies {
    use super::super::checkov;
    use crate::{PolicyText, fixture};

    const GOOD: &str = "
metadata:
  id: CKV2_OWN_1
  name: Buckets have an owner
  category: GENERAL_SECURITY
  severity: HIGH
  guideline: https://example.com/owners
definition:
  cond_type: attribute
  resource_types: [aws_s3_bucket]
  attribute: tags.owner
  operator: exists
";

    fn policy(path: &str, text: &str) -> PolicyText {
        PolicyText { origin: path.into(), text: text.to_owned() }
    }

    #[test]
    fn a_broken_policy_says_where_and_does_not_stop_the_others() {
        let broken = GOOD.replace("exists", "exist").replace("OWN_1", "OWN_2");
        let again = GOOD.replace("owner", "team");
        let policies = vec![policy("broken.yaml", &broken), policy("good.yaml", GOOD), policy("again.yaml", &again)];
        let code = "resource \"aws_s3_bucket\" \"a\" {\n  tags = { team = \"x\" }\n}\n";
        let scanned = fixture::scan_with(&[("main.tf", code)], policies);
        let found: Vec<String> = fixture::lines(&scanned).into_iter().filter(|line| line.contains("CKV2")).collect();
        assert_eq!(found, ["main.tf:2 CKV2_OWN_1"]);
        let finding = scanned.findings.iter().find(|finding| finding.rule.as_str() == "CKV2_OWN_1").unwrap();
        assert_eq!(finding.severity, bartizan_core::Severity::High);
        assert_eq!(finding.message, "Buckets have an owner: `aws_s3_bucket.a`");
        let said: Vec<String> = scanned
            .diagnostics
            .iter()
            .map(|diagnostic| {
                let location = diagnostic.location.as_ref().unwrap();
                let start = location.region().map(|region| (region.start.line, region.start.column));
                format!("{}:{start:?} {}", location.artifact, diagnostic.reason)
            })
            .collect();
        assert_eq!(
            said,
            [
                "broken.yaml:Some((12, 13)) `operator`: unknown operator `exist`: did you mean `exists`?",
                "again.yaml:None a policy with the id `CKV2_OWN_1` was read before",
            ]
        );
    }

    /// What is wrong with a text, and where.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let error = checkov::parse(text, &"policy.yaml".into()).unwrap_err();
        let start = error.location.region().unwrap().start;
        assert_eq!(format!("{}:{} {}", start.line, start.column, error.message), expected, "{text}");
    }

    #[test]
    fn what_is_no_policy_is_refused_with_its_place() {
        check("- a\n", "1:1 expected a mapping with `metadata` and `definition`");
        check("metadata: {id: A, name: b}\n", "1:1 there is no `definition`");
        check("definition: {}\n", "1:1 there is no `metadata`");
        check("metadata: {id: A}\ndefinition: {attribute: a, operator: exists}\n", "1:11 there is no `metadata.name`");
        check(
            "metadata: {id: a b, name: c}\ndefinition: {attribute: a, operator: exists}\n",
            "1:16 \"a b\" can't be the id of a rule: expected 1 to 256 bytes without white space",
        );
        check(
            "metadata: {id: A, name: b}\ndefinition:\n  and:\n  - {attribute: a, operator: exists}\n  - {attribute: a, operator: equal}\n",
            "5:30 `and.1.operator`: unknown operator `equal`: did you mean `equals`?",
        );
        check(
            "metadata: {id: A, name: b}\ndefinition: {cond_type: attribute, resource_types: taggable, attribute: tags, operator: exists}\n",
            "2:52 `resource_types`: which types are `taggable` is not known: name them",
        );
        check(
            "metadata: {id: A, name: b}\ndefinition: {not: {cond_type: connection, resource_types: [a], connected_resource_types: [b], operator: exists}}\n",
            "2:19 `not`: `not` of a connection: say `not_exists` instead",
        );
        check(
            "{\"metadata\": {\"id\": \"A\", \"name\": \"b\"}, \"definition\": {\"attribute\": \"a\", \"operator\": \"no\"}}",
            "1:85 `operator`: unknown operator `no`",
        );
    }

    #[test]
    fn a_policy_that_was_cut_off_is_no_policy_or_one() {
        for (end, _) in GOOD.char_indices() {
            drop(checkov::parse(GOOD.get(..end).unwrap(), &"policy.yaml".into()));
        }
    }

    #[test]
    fn policies_are_told_from_other_files() {
        assert!(checkov::is_policy(GOOD));
        assert!(!checkov::is_policy("rules: []"));
        assert!(!checkov::is_policy("metadata: {name: x}\nkind: Pod\n"));
    }
}
