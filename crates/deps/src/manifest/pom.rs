//! Reads `pom.xml` of Maven.
//!
//! The format: <https://maven.apache.org/pom.html>. A pom alone knows little: here it is noted as it is written, and `maven` puts
//! all poms of a project together. Plugins of the build are no dependencies, and are left out.

use bartizan_source::document::{XmlElement, parse_xml};

use crate::{Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, SourceText, maven};

/// `pom.xml`.
pub(crate) static READER: Reader = Reader { name: "pom.xml", claims: &[Claim::Like(is_for)], read: Read::Text(read) };

/// What an archive was built from is no project of its own: `installed::java` reads what it says beside it.
fn is_for(path: &str) -> bool {
    (path.rsplit('/').next() == Some("pom.xml") || path.ends_with(".pom")) && !path.contains("!/META-INF/maven/")
}

fn read(source: &SourceText<'_>) -> Parsed {
    let document = parse_xml(source.text);
    let mut parsed = Parsed::default();
    parsed.document(document.problems);
    let Some(project) = document.root else { return parsed };
    if project.name != "project" {
        parsed.unreadable(project.tag_range, "a pom is an element `project`");
        return parsed;
    }
    let mut pom = maven::Pom {
        group: text_of(&project, "groupId"),
        artifact: text_of(&project, "artifactId"),
        version: text_of(&project, "version"),
        parent: project.child("parent").map(parent),
        ..maven::Pom::default()
    };
    add_root(&project, &pom, &mut parsed);
    add_content(&project, &mut pom, &mut parsed);
    for profile in project.all("profiles").flat_map(|profiles| profiles.all("profile")) {
        let is_active = profile.at(&["activation", "activeByDefault"]).and_then(XmlElement::text) == Some("true");
        let n_dependencies = profile.all("dependencies").flat_map(|dependencies| dependencies.all("dependency")).count();
        if is_active {
            add_content(profile, &mut pom, &mut parsed);
        } else if 0 < n_dependencies {
            let name = profile.text_of("id").unwrap_or_default();
            let message = format!("the profile `{name}` is not active by default: its dependencies are left out");
            parsed.unresolved(profile.tag_range, message);
        }
    }
    parsed.inventory.pom = Some(Box::new(pom));
    parsed
}

fn text_of(element: &XmlElement<'_>, name: &str) -> Option<String> {
    element.text_of(name).map(str::to_owned)
}

fn parent(element: &XmlElement<'_>) -> maven::Parent {
    let text = |name: &str| text_of(element, name).unwrap_or_default();
    let path = element.child("relativePath").map(|path| path.text().unwrap_or_default().to_owned());
    maven::Parent { group: text("groupId"), artifact: text("artifactId"), version: text("version"), path }
}

/// The project itself, as far as its pom says; `maven` completes it.
fn add_root(project: &XmlElement<'_>, pom: &maven::Pom, parsed: &mut Parsed) {
    let inherited = pom.parent.as_ref();
    let group = pom.group.as_deref().or_else(|| inherited.map(|parent| parent.group.as_str()));
    let version = pom.version.as_deref().or_else(|| inherited.map(|parent| parent.version.as_str()));
    let name = match (group, pom.artifact.as_deref()) {
        (Some(group), Some(artifact)) => format!("{group}:{artifact}"),
        _ => String::new(),
    };
    let range = project.child("artifactId").map_or(project.tag_range, XmlElement::text_range);
    let names = project.all("licenses").flat_map(|licences| licences.all("license"));
    let licences = names.filter_map(|licence| text_of(licence, "name").or_else(|| text_of(licence, "url"))).collect();
    let origin = Origin::Path(String::new());
    parsed.inventory.add(Package { origin, licences, ..Package::root(Ecosystem::Maven, name, version, range) });
}

/// What a project and a profile both may have.
fn add_content(element: &XmlElement<'_>, pom: &mut maven::Pom, parsed: &mut Parsed) {
    let properties = element.all("properties").flat_map(|properties| &properties.children);
    pom.properties.extend(properties.map(|property| (property.name.to_string(), property.text().unwrap_or_default().to_owned())));
    let managed = element.all("dependencyManagement").flat_map(|management| management.all("dependencies"));
    for dependency in managed.flat_map(|dependencies| dependencies.all("dependency")) {
        pom.managed.extend(declared(dependency, parsed));
    }
    for dependency in element.all("dependencies").flat_map(|dependencies| dependencies.all("dependency")) {
        let Some(declared) = declared(dependency, parsed) else { continue };
        let name = format!("{}:{}", declared.group, declared.artifact);
        let package = parsed.inventory.add(Package::dependency(Ecosystem::Maven, name, None, dependency.range));
        pom.dependencies.push(maven::Declared { package: Some(package), ..declared });
    }
}

fn declared(element: &XmlElement<'_>, parsed: &mut Parsed) -> Option<maven::Declared> {
    let (Some(group), Some(artifact)) = (text_of(element, "groupId"), text_of(element, "artifactId")) else {
        parsed.unreadable(element.tag_range, "a dependency without `groupId` or `artifactId`");
        return None;
    };
    Some(maven::Declared {
        group,
        artifact,
        version: text_of(element, "version"),
        kind: text_of(element, "type"),
        classifier: text_of(element, "classifier"),
        scope: text_of(element, "scope"),
        optional: text_of(element, "optional"),
        package: None,
    })
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn dependencies_are_noted_with_their_places() {
        check(
            &super::READER,
            "app/pom.xml",
            "<project xmlns='http://maven.apache.org/POM/4.0.0'>
  <parent><groupId>org.example</groupId><artifactId>parent</artifactId><version>1</version></parent>
  <artifactId>app</artifactId>
  <licenses><license><name>Apache-2.0</name></license></licenses>
  <dependencies>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId></dependency>
    <dependency><artifactId>nameless</artifactId></dependency>
  </dependencies>
  <profiles>
    <profile><id>on</id><activation><activeByDefault>true</activeByDefault></activation>
      <dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency></dependencies></profile>
    <profile><id>off</id>
      <dependencies><dependency><groupId>g</groupId><artifactId>b</artifactId></dependency></dependencies></profile>
  </profiles>
</project>
",
            "
root maven org.example:app 1 @3 (Apache-2.0)
maven org.slf4j:slf4j-api ? @6
maven g:a ? @11
7: unreadable: a dependency without `groupId` or `artifactId`
12: unresolved: the profile `off` is not active by default: its dependencies are left out
",
        );
    }

    #[test]
    fn what_is_no_pom_is_said() {
        check(&super::READER, "pom.xml", "no pom\n", "1: unreadable: there is text outside of any element");
        check(&super::READER, "pom.xml", "\n<html/>\n", "2: unreadable: a pom is an element `project`");
        check(
            &super::READER,
            "pom.xml",
            "<project><artifactId>a</artifactId>\n<dependencies>\n<dependency><groupId>g</groupId><artifactId>a</artifactId>\n",
            "
root maven  ? @1
maven g:a ? @3
3: unreadable: `<dependency>` has no end
",
        );
    }
}
