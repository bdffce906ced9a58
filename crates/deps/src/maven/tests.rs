use std::fmt::Write as _;

use super::resolve;
use crate::{Inventory, SourceText, fixture, manifest};

/// Reads poms, puts them together, and compares each with what is expected, under its path.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &str) {
    let read = |path, text| manifest::pom::READER.read_text(&SourceText { path, text }).unwrap();
    let mut parsed: Vec<_> = files.iter().map(|&(path, text)| (path, text, read(path, text))).collect();
    let mut inventories: Vec<(&str, &mut Inventory)> = parsed.iter_mut().map(|(path, _, parsed)| (*path, &mut parsed.inventory)).collect();
    let unknown = resolve(&mut inventories);
    let mut shown = String::new();
    for (index, (path, text, parsed)) in parsed.iter().enumerate() {
        writeln!(shown, "{path}").unwrap();
        shown.push_str(&fixture::show(parsed, text));
        for unknown in unknown.iter().filter(|unknown| unknown.file == index) {
            writeln!(shown, "unknown: {}", unknown.reason).unwrap();
        }
    }
    assert_eq!(shown.trim(), expected.trim(), "\n{shown}");
}

/// A pom of these coordinates, with more in it.
fn pom(coordinates: &str, content: &str) -> String {
    format!("<project>\n{}\n{content}\n</project>", elements(coordinates))
}

/// Dependencies, one a word: `group:artifact:version:scope`.
fn dependencies(all: &str) -> String {
    let one = |words: &str| format!("<dependency>{}</dependency>\n", elements(words));
    format!("<dependencies>\n{}</dependencies>", all.split(' ').map(one).collect::<String>())
}

fn elements(words: &str) -> String {
    let names = ["groupId", "artifactId", "version", "scope", "type"];
    let elements = words.split(':').zip(names).filter(|(word, _)| !word.is_empty());
    elements.map(|(word, name)| format!("<{name}>{word}</{name}>")).collect()
}

#[test]
fn properties_are_followed_and_scopes_kept() {
    let content = format!(
        "<properties><a.version>1.0</a.version><b>${{a.version}}.1</b></properties>{}",
        dependencies("g:a:${a.version} g:b:${b}:test ${project.groupId}:c:${project.version}:provided g:d:[2.0]:runtime")
    );
    check(
        &[("pom.xml", &pom("org.x:app:3", &content))],
        "
pom.xml
root maven org.x:app 3 @2
  -> g:a 1.0 runtime ${a.version}
  -> g:b 1.0.1 test ${b}
  -> org.x:c 3 build ${project.version}
  -> g:d 2.0 runtime [2.0]
maven g:a 1.0 @4 [runtime]
maven g:b 1.0.1 @5 [test]
maven org.x:c 3 @6 [build]
maven g:d 2.0 @7 [runtime]
",
    );
}

#[test]
fn parents_give_versions_properties_and_dependencies() {
    let parent = format!(
        "<properties><revision>5</revision><a>1</a></properties><dependencyManagement>{}</dependencyManagement>{}",
        dependencies("g:a:${a} g:t:2:test"),
        dependencies("g:inherited:7")
    );
    let child = format!(
        "<parent>{}</parent><properties><a>1.1</a></properties>{}",
        elements("org.x:parent:${revision}"),
        dependencies("g:a g:t org.x:sibling:${project.version}")
    );
    check(
        &[("pom.xml", &pom("org.x:parent:${revision}", &parent)), ("app/pom.xml", &pom(":app", &child))],
        "
pom.xml
root maven org.x:parent 5 @2
  -> g:inherited 7 runtime 7
maven g:inherited 7 @7 [runtime]
app/pom.xml
root maven org.x:app 5 @2
  -> g:a 1.1 runtime
  -> g:t 2 test
  -> org.x:sibling 5 runtime ${project.version}
  -> g:inherited 7 runtime 7
maven g:a 1.1 @4 [runtime]
maven g:t 2 @5 [test]
maven org.x:sibling 5 @6 [runtime]
maven g:inherited 7 @1 [runtime]
",
    );
}

#[test]
fn boms_of_the_project_are_imported_and_others_are_said() {
    let bom = format!("<properties><v>4</v></properties><dependencyManagement>{}</dependencyManagement>", dependencies("g:a:${v}"));
    let app = format!(
        "<dependencyManagement>{}</dependencyManagement>{}",
        dependencies("org.x:bom:1:import:pom org.far:bom:9:import:pom"),
        dependencies("g:a g:b")
    );
    check(
        &[("app/pom.xml", &pom("org.x:app:1", &app)), ("platform/pom.xml", &pom("org.x:bom:1", &bom))],
        "
app/pom.xml
root maven org.x:app 1 @2
  -> g:a 4 runtime
  -> g:b ? runtime
maven g:a 4 @7 [runtime]
maven g:b ? @8 [runtime]
unknown: the version of `g:b` is not known: the BOM `org.far:bom:9` is not in the project
platform/pom.xml
root maven org.x:bom 1 @2
",
    );
}

#[test]
fn what_cannot_be_known_is_said_with_its_reason() {
    let content = format!("<parent>{}</parent>{}", elements("org.far:parent:1"), dependencies("g:a g:b:${x} g:c:[1,2) g:d:LATEST g:e"));
    check(
        &[("pom.xml", &pom(":app", &content))],
        "
pom.xml
root maven org.far:app 1 @2
  -> g:a ? runtime
  -> g:b ? runtime ${x}
  -> g:c ? runtime [1,2)
  -> g:d ? runtime LATEST
  -> g:e ? runtime
maven g:a ? @4 [runtime]
maven g:b ? @5 [runtime]
maven g:c ? @6 [runtime]
maven g:d ? @7 [runtime]
maven g:e ? @8 [runtime]
unknown: the versions of `g:a` and 1 more are not known: its parent `org.far:parent:1` is not in the project
unknown: the version of `g:b` is not known: `${x}` is not given by any pom of the project; its parent `org.far:parent:1` is not in the project
unknown: the version of `g:c` is not known: `[1,2)` is a range
unknown: the version of `g:d` is not known: `LATEST` is whatever is there when it is built
",
    );
}

#[test]
fn circles_of_parents_and_boms_end() {
    let one = format!(
        "<parent>{}<relativePath>../b</relativePath></parent><dependencyManagement>{}</dependencyManagement>{}",
        elements("g:b:1"),
        dependencies("g:b:1:import:pom"),
        dependencies("g:x")
    );
    let other = format!("<parent>{}<relativePath>../a/pom.xml</relativePath></parent>", elements("g:a:1"));
    check(
        &[("a/pom.xml", &pom("g:a:1", &one)), ("b/pom.xml", &pom("g:b:1", &other))],
        "
a/pom.xml
root maven g:a 1 @2
  -> g:x ? runtime
maven g:x ? @6 [runtime]
unknown: the version of `g:x` is not known: no pom of the project gives it
b/pom.xml
root maven g:b 1 @2
  -> g:x ? runtime
maven g:x ? @1 [runtime]
unknown: the version of `g:x` is not known: no pom of the project gives it
",
    );
}

#[test]
fn of_two_declarations_the_last_counts() {
    check(
        &[("pom.xml", &pom("g:app:1", &dependencies("g:a:1 g:a:2")))],
        "
pom.xml
root maven g:app 1 @2
  -> g:a 2 runtime 2
maven g:a 2 @4 [runtime]
maven g:a 2 @5 [runtime]
",
    );
}
