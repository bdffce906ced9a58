use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::parse;
use crate::{Graph, ResourceKind, Value, fixture, project::joined, vectors::files_below};

/// Names a folder of files of Bicep that have what they are compiled to beside them.
const PAIRS: &str = "BARTIZAN_BICEP_PAIRS";
/// Names a file that is told which pairs differ, and in what.
const DETAILS: &str = "BARTIZAN_VECTOR_DETAILS";

/// What an attribute of the only resource of a type is, as it is shown.
fn shown(graph: &Graph, of_type: &str, way: &[&str]) -> String {
    let resource = graph.of_type(of_type).next().unwrap_or_else(|| panic!("no {of_type}"));
    resource.body.at(way).map_or_else(|| "nothing".to_owned(), Value::shown)
}

/// What an expression is, as it is shown.
#[track_caller]
fn check(expression: &str, expected: &str) {
    let text = format!("param open string\nvar list = ['a', 'b']\nresource it 'A.b/c@1' = {{\n  name: 'x'\n  value: {expression}\n}}\n");
    let scanned = fixture::scan(&[("main.bicep", &text)]);
    assert!(scanned.diagnostics.iter().all(|diagnostic| !diagnostic.reason.starts_with("Bicep")), "{:?}", scanned.diagnostics);
    assert_eq!(shown(&fixture::graph(&[("main.bicep", &text)]), "A.b/c", &["value"]), expected, "{expression}");
}

#[test]
fn operators() {
    check("1 + 2 * 3", "7");
    check("(1 + 2) * 3 == 9 && !false", "true");
    check("7 / 2", "3");
    check("'A' == 'a'", "false");
    check("'A' =~ 'a'", "true");
    check("'A' !~ 'a' || 'b' < 'a'", "false");
    check("null ?? 'x'", "\"x\"");
    check("true\n    ? 1\n    : 2", "1");
    check("-1 < 0 ? 'yes' : 'no'", "\"yes\"");
    check("open == 'x' ? 'a' : 'b'", "\"a\" or \"b\"");
    check("false && open == 'x'", "false");
    check("list[0]!", "\"a\"");
}

#[test]
fn texts() {
    check("'a${1 + 1}b${'c'}'", "\"a2bc\"");
    check(r"'it\'s \${x} \u{e9}'", "\"it's ${x} é\"");
    check("'''\na ${b} 'c\n'''", "\"a ${b} 'c\n\"");
    check("$'''a${1}'''", "\"a1\"");
    check("'x${open}'", "unknown");
    check("'''''''", "\"'\"");
}

#[test]
fn collections() {
    check("[1, 2\n 3\n]", "[1, 2, 3]");
    check("[...list, 'c']", "[\"a\", \"b\", \"c\"]");
    check("[for (x, i) in list: '${x}${i}']", "[\"a0\", \"b1\"]");
    check("{ a: 1, 'b c': 2 }['b c']", "2");
    check("{ a: 1, ...{ a: 2 } }.a", "2");
    check("{ a: 1 }.?b.?c ?? 3", "3");
    check("list[?7]", "nothing");
    check("list[^1]", "\"b\"");
    check("{ '${list[0]}z': 5 }.az", "5");
}

#[test]
fn functions() {
    check("map(list, x => toUpper(x))", "[\"A\", \"B\"]");
    check("filter(range(0, 5), (x, i) => i > 2)", "[3, 4]");
    check("reduce([1, 2], 0, (a, b) => a + b)", "3");
    check("sort([3, 1, 2], (a, b) => a < b)", "[1, 2, 3]");
    check("toObject(list, x => x, x => '${x}!').a", "\"a!\"");
    check("join(objectKeys({ b: 1, a: 2 }), ',')", "\"a,b\"");
    check("items({ k: 'v' })[0].key", "\"k\"");
    check("union({ a: { b: 1 } }, { a: { c: 2 } }).a.b", "1");
    check("sys.concat('a', 'b')", "\"ab\"");
    check("contains(list, 'a') && empty([])", "true");
    check("padLeft('7', 3, '0')", "\"007\"");
    check("format('{0}-{{{1}}}', 'a', 1)", "\"a-{1}\"");
    check("uniqueString('a')", "unknown");
    check("nameof(list)", "\"list\"");
    check("any(1)", "1");
}

const MAIN: &str = r#"
targetScope = 'resourceGroup'
metadata description = 'a test'
import { prefix, named as called } from 'shared.bicep'
import * as shared from 'shared.bicep'

@description('which')
@allowed([ 'TLS1_0', 'TLS1_2' ])
param tls string
param open 'Allow' | 'Deny'
param tags object?
type one = {
  @description('''a } b''')
  name: string
}
func twice(x string) string => '${x}${x}'

#disable-next-line no-unused
resource account 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: called('acc')
  tags: tags
  properties: {
    minimumTlsVersion: tls
    networkAcls: { defaultAction: open }
    supportsHttpsTrafficOnly: twice('a') == 'aa' && shared.prefix == prefix
  }

  resource blobs 'blobServices' = {
    name: 'default'
    @batchSize(1)
    resource container 'containers' = {
      name: 'logs'
      properties: { publicAccess: 'Blob' }
    }
  }
}

resource gone 'Microsoft.Web/sites@2022-03-01' = if (tls == 'none') {
  name: 'gone'
}

resource sites 'Microsoft.Web/sites@2022-03-01' = [for (n, i) in ['a', 'b']: {
  name: '${n}${i}'
  properties: { storage: account.id, first: account.properties.minimumTlsVersion, blob: account::blobs.id }
}]

resource settings 'Microsoft.Web/sites/config@2022-03-01' = {
  parent: sites[1]
  name: 'web'
  properties: { host: sites[0].properties.defaultHostName }
}

resource old 'Microsoft.Network/virtualNetworks@2022-03-01' existing = {
  name: 'old'
}

module web './web.bicep' = [for n in ['x', 'y']: if (n != 'z') {
  name: 'web-${n}'
  params: { name: n, network: old.id }
}]
module far 'br/public:avm/res/x/y:1.0.0' = {
  name: 'far'
}

output out string = web[0].outputs.address
"#;

const SHARED: &str = "@export()\nvar prefix = 'p'\n@export()\nfunc named(x string) string => '${prefix}${x}'\n";
const WEB: &str = "param name string\nparam network string\nparam count int = 2\nresource ip 'Microsoft.Network/publicIPAddresses@2022-01-01' = [for i in range(0, count): {\n  name: '${name}-${i}'\n  network: network\n}]\noutput address string = ip[0].properties.ipAddress\n";

#[test]
fn files_become_canonical_resources() {
    let files = [("infra/main.bicep", MAIN), ("infra/shared.bicep", SHARED), ("infra/web.bicep", WEB)];
    let scanned = fixture::scan(&files);
    let messages: Vec<&str> = scanned.diagnostics.iter().map(|diagnostic| diagnostic.reason.as_str()).collect();
    assert!(messages.iter().all(|message| !message.starts_with("Bicep")), "{messages:?}");
    assert!(messages.contains(&"the code of the module `br/public:avm/res/x/y:1.0.0` is not in the project"), "{messages:?}");
    let graph = fixture::graph(&files);
    let of_account = |way: &[&str]| shown(&graph, "azurerm_storage_account", way);
    assert_eq!(of_account(&["name"]), "\"pacc\"");
    assert_eq!(of_account(&["min_tls_version"]), "\"TLS1_0\" or \"TLS1_2\"");
    assert_eq!(of_account(&["network_rules", "default_action"]), "\"Allow\" or \"Deny\"");
    assert_eq!(of_account(&["https_traffic_only_enabled"]), "true");
    assert_eq!(of_account(&["tags"]), "nothing");
    assert_eq!(shown(&graph, "azurerm_storage_container", &["container_access_type"]), "\"blob\"");
    let account = graph.of_type("azurerm_storage_account").next().unwrap();
    let referring: Vec<&str> = graph.referring_to(account.id).map(|resource| &*resource.address).collect();
    let expected = ["Microsoft.Web/sites.sites[0]", "Microsoft.Web/sites.sites[1]", "Microsoft.Storage/storageAccounts/blobServices.blobs"];
    assert_eq!(referring.iter().collect::<BTreeSet<_>>(), expected.iter().collect());
    let site = graph.of_type("azurerm_app_service").nth(1).unwrap();
    assert_eq!(site.get("name").unwrap().shown(), "\"b1\"");
    assert_eq!(site.get("first").unwrap().shown(), "\"TLS1_0\" or \"TLS1_2\"");
    let settings = graph.of_type("azurerm_app_service_config").next().unwrap();
    assert!(graph.referred_by(settings).iter().any(|other| other.id == site.id));
    assert_eq!(graph.of_type("azurerm_app_service").count(), 2);
    let addresses: Vec<&str> =
        graph.resources().iter().filter(|resource| resource.native_type.contains("publicIP")).map(|resource| &*resource.address).collect();
    assert_eq!(addresses.len(), 4);
    assert!(addresses.contains(&"web.Microsoft.Network/publicIPAddresses.ip[1]"), "{addresses:?}");
    assert!(graph.resources().iter().all(|resource| resource.kind == ResourceKind::Managed && resource.name.as_ref() != "old"));
}

#[test]
fn files_of_parameters_are_environments() {
    let main = "param open string\nresource a 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  name: 'a'\n  properties: { networkAcls: { defaultAction: open } }\n}\n";
    let files = [
        ("main.bicep", main),
        ("dev.bicepparam", "using 'main.bicep'\nparam open = 'Allow'\n"),
        ("p.bicepparam", "using './main.bicep'\nvar d = 'Deny'\nparam open = d\n"),
    ];
    let graph = fixture::graph(&files);
    let actions =
        graph.of_type("azurerm_storage_account").map(|account| account.body.at(&["network_rules", "default_action"]).unwrap().shown());
    assert_eq!(actions.collect::<Vec<_>>(), ["\"Allow\"", "\"Deny\""]);
    fixture::check(&files, &["azure-storage-network-open"], &["main.bicep:4 azure-storage-network-open"]);
}

#[test]
fn what_is_not_known_is_not_passed() {
    let text = "param tls string\nparam names array\nresource a 'Microsoft.Storage/storageAccounts@2023-01-01' = [for n in names: {\n  name: n\n  properties: {\n    supportsHttpsTrafficOnly: false\n    minimumTlsVersion: tls\n  }\n}]\n";
    let expected = ["main.bicep:6 azure-storage-http-allowed", "main.bicep:7 azure-storage-old-tls (not known)"];
    fixture::check(&[("main.bicep", text)], &["azure-storage-http-allowed", "azure-storage-old-tls"], &expected);
}

#[test]
fn an_error_costs_what_it_stands_in() {
    let text = "param a string = = 3\nresource b 'A.b/c@1' = {\n  name: 'b'\n  bad bad\n  other: {\n    x: [\n      1 2\n      3\n    ]\n  }\n  last: 4\n}\n} oops\nresource d 'A.b/d@1' = {\n  name: 'd'\n}\n";
    let scanned = fixture::scan(&[("main.bicep", text)]);
    let n_problems = scanned.diagnostics.iter().filter(|diagnostic| diagnostic.reason.starts_with("Bicep")).count();
    assert_eq!(n_problems, 4, "{:?}", scanned.diagnostics);
    let graph = fixture::graph(&[("main.bicep", text)]);
    assert_eq!(shown(&graph, "A.b/c", &["last"]), "4");
    assert_eq!(shown(&graph, "A.b/d", &["name"]), "\"d\"");
}

/// Every beginning of a file, and every file with one byte changed, is read without a panic.
#[test]
fn broken_files_are_read() {
    for (end, _) in MAIN.char_indices() {
        let cut = MAIN.get(..end).unwrap();
        let _ = parse::parse(cut);
        if end % 16 == 0 {
            let _ = fixture::scan(&[("main.bicep", cut), ("shared.bicep", SHARED), ("web.bicep", WEB)]);
        }
    }
    for (number, with) in (0..MAIN.len()).zip(b"'{}[]()$:=.\n@?!x".iter().cycle()) {
        let mut bytes = MAIN.as_bytes().to_vec();
        bytes[number] = *with;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let _ = parse::parse(&text);
        if number % 16 == 0 {
            let _ = fixture::scan(&[("main.bicep", &text), ("shared.bicep", SHARED), ("web.bicep", WEB)]);
        }
    }
}

#[test]
fn nesting_and_growth_have_limits() {
    fixture::on_the_stack_of_a_scan(check_limits);
}

fn check_limits() {
    for text in
        ["[".repeat(50_000), "{a:".repeat(50_000), "'${".repeat(50_000), "!".repeat(50_000), "f(".repeat(50_000), "x=>".repeat(50_000)]
    {
        let _ = parse::parse(&format!("var x = {text}"));
        let _ = parse::parse(&text);
    }
    // Each variable is twice as large as the one before.
    let mut doubled = String::from("var v0 = ['a', 'b']\n");
    (1..60).for_each(|n| doubled.push_str(&format!("var v{n} = [v{0}, v{0}]\n", n - 1)));
    doubled.push_str("resource a 'A.b/c@1' = {\n  name: 'a'\n  x: v59\n}\nvar cycle = other\nvar other = cycle\nresource b 'A.b/d@1' = {\n  name: cycle\n}\n");
    let graph = fixture::graph(&[("main.bicep", &doubled)]);
    let grown = graph.of_type("A.b/c").next().unwrap().get("x").unwrap();
    assert_eq!(grown.any_cause(), Some(&crate::Cause::Limit("max-values".into())));
    assert_eq!(shown(&graph, "A.b/d", &["name"]), "unknown");
    let each_other = [
        ("a.bicep", "import { x, f } from 'b.bicep'\nresource a 'A.b/c@1' = {\n  name: x\n  y: f()\n}\n"),
        ("b.bicep", "import { x, f } from 'a.bicep'\n"),
    ];
    assert_eq!(shown(&fixture::graph(&each_other), "A.b/c", &["name"]), "unknown");
    let calls_itself = "module m 'main.bicep' = {\n  name: 'm'\n}\nresource a 'A.b/c@1' = {\n  name: 'a'\n}\n";
    assert_eq!(fixture::graph(&[("main.bicep", calls_itself)]).of_type("A.b/c").count(), 17);
}

/// The files that one of Bicep needs, itself included, by path.
fn needed<'f>(path: &str, files: &'f BTreeMap<String, String>, needed_files: &mut BTreeMap<&'f str, &'f str>) {
    let Some((path, text)) = files.get_key_value(path) else { return };
    if needed_files.insert(path, text).is_some() || !path.ends_with(".bicep") {
        return;
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for other in text.split('\'').filter(|word| word.contains('.') && !word.contains('\n')) {
        if let Some(other) = joined(folder, other).filter(|other| other != path) {
            needed(&other, files, needed_files);
        }
    }
}

/// Rule and native type of what is found, with a mark on what is not known.
fn found(files: &[(&str, &str)]) -> BTreeSet<String> {
    let graph = fixture::graph(files);
    let types: BTreeMap<String, String> =
        graph.resources().iter().map(|resource| (format!("`{}`", resource.block_address), resource.native_type.to_lowercase())).collect();
    let scanned = fixture::scan(files);
    let key = |finding: &bartizan_core::Finding| {
        let of_type = types.iter().find(|(address, _)| finding.message.contains(*address)).map_or("?", |(_, of_type)| of_type);
        let unknown = if finding.message.starts_with("not known") { " ?" } else { "" };
        format!("{} {of_type}{unknown}", finding.rule)
    };
    // What is loaded may be judged by itself, which is no matter of either.
    let is_code = |finding: &&bartizan_core::Finding| {
        let path = finding.location.artifact.to_string();
        path.ends_with(".bicep") || path == "template.json"
    };
    scanned.findings.iter().filter(is_code).map(key).collect()
}

/// Files of Bicep and what the compiler makes of them: the same is found in both.
#[test]
fn the_same_is_found_in_what_is_compiled() {
    let Ok(root) = std::env::var(PAIRS) else {
        eprintln!("skipped: {PAIRS} names no folder");
        return;
    };
    let files: BTreeMap<String, String> = files_below(&PathBuf::from(&root)).into_iter().collect();
    let (mut n_pairs, mut n_same, mut n_found, mut n_shared) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut details = Vec::new();
    for path in files.keys().filter(|path| path.ends_with(".bicep")) {
        let compiled = Path::new(path).with_extension("json").to_string_lossy().into_owned();
        let Some(template) = files.get(&compiled).filter(|text| text.contains("deploymentTemplate")) else { continue };
        let mut own = BTreeMap::new();
        needed(path, &files, &mut own);
        // What a registry holds is in the template only.
        if own.values().any(|text| text.contains("'br") || text.contains("'ts")) {
            continue;
        }
        let own: Vec<(&str, &str)> = own.into_iter().filter(|(other, _)| **other != *compiled).collect();
        let (of_code, of_template) = (found(&own), found(&[("template.json", template)]));
        n_pairs += 1;
        n_same += usize::from(of_code == of_template);
        n_found += of_code.union(&of_template).count();
        n_shared += of_code.intersection(&of_template).count();
        details.extend(of_code.difference(&of_template).map(|line| format!("{path}: only in code: {line}")));
        details.extend(of_template.difference(&of_code).map(|line| format!("{path}: only in the template: {line}")));
    }
    let summary = format!("{n_same} of {n_pairs} pairs are the same; {n_shared} of {n_found} findings are in both");
    eprintln!("{summary}");
    details.push(summary);
    if let Ok(path) = std::env::var(DETAILS) {
        std::fs::write(path, details.join("\n")).unwrap();
    }
    assert!(n_found * 97 <= n_shared * 100, "{}", details.last().unwrap());
}
