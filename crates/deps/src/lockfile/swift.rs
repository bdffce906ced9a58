//! Reads `Package.resolved` of the Swift Package Manager, versions 1 to 3.
//!
//! The format: `Sources/PackageGraph/ResolvedPackagesStore.swift` of SwiftPM. It does not say what depends on what.

use bartizan_source::document::{JsonDialect, Node, parse_json};

use crate::{Claim, Ecosystem, Origin, Package, Parsed, Read, Reader, SourceText};

/// `Package.resolved`.
pub(crate) static READER: Reader = Reader { name: "Package.resolved", claims: &[Claim::Name("Package.resolved")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    // Version 1 has the pins one level down.
    let pins = root.get("pins").or_else(|| root.at(&["object", "pins"]));
    let Some(pins) = pins else {
        parsed.unreadable(root.range, "a resolved package has `pins`");
        return parsed;
    };
    for pin in pins.items() {
        match package(pin) {
            Ok(package) => {
                parsed.inventory.add(package);
            }
            Err(reason) => parsed.unreadable(pin.range, reason),
        }
    }
    parsed
}

fn package(pin: &Node<'_>) -> Result<Package, &'static str> {
    let identity = pin.get("identity").or_else(|| pin.get("package"));
    let location = pin.get("location").or_else(|| pin.get("repositoryURL")).and_then(Node::text).filter(|url| !url.is_empty());
    let state = |name: &str| pin.at(&["state", name]).and_then(Node::text);
    let range = identity.map_or(pin.range, |identity| identity.range);
    if pin.text_of("kind") == Some("registry") {
        // A package of a registry is named `scope.name`.
        let identity = identity.and_then(Node::text).and_then(|identity| identity.split_once('.'));
        let (scope, name) = identity.ok_or("a pin of a registry is named `scope.name`")?;
        return Ok(Package::dependency(Ecosystem::Swift, format!("{scope}/{name}"), state("version"), range));
    }
    let location = location.ok_or("a pin without a location")?;
    let package =
        Package::dependency(Ecosystem::Swift, name_of(location).ok_or("a location that names no package")?, state("version"), range);
    if pin.text_of("kind") == Some("localSourceControl") {
        return Ok(Package { origin: Origin::Path(location.to_owned()), ..package });
    }
    Ok(Package { origin: Origin::Git { url: location.to_owned(), commit: state("revision").map(str::to_owned) }, ..package })
}

/// The address of a repository without scheme, user and `.git`: `github.com/apple/swift-nio`.
fn name_of(location: &str) -> Option<String> {
    let address = location.split_once("://").map_or(location, |(_, address)| address);
    let address = address.split_once('@').map_or(address, |(_, address)| address);
    let address = address.trim_end_matches('/').trim_end_matches(".git");
    // `git@host:owner/name` of SSH.
    let name = match address.split_once('/') {
        Some((host, path)) if host.contains(':') => format!("{}/{path}", host.replace(':', "/")),
        _ => address.to_owned(),
    };
    let name = name.trim_start_matches('/').to_owned();
    name.contains('/').then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn pins_of_versions_two_and_three() {
        check(
            &super::READER,
            "App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm/Package.resolved",
            r#"{
  "pins" : [
    { "identity" : "swift-nio", "kind" : "remoteSourceControl", "location" : "https://github.com/apple/swift-nio.git",
      "state" : { "revision" : "1f61", "version" : "2.65.0" } },
    { "identity" : "own", "kind" : "remoteSourceControl", "location" : "git@example.org:team/own.git",
      "state" : { "branch" : "main", "revision" : "8b0f" } },
    { "identity" : "mona.LinkedList", "kind" : "registry", "location" : "", "state" : { "version" : "1.1.0" } },
    { "identity" : "nowhere", "kind" : "remoteSourceControl", "state" : {} }
  ],
  "version" : 3
}"#,
            "
swift github.com/apple/swift-nio 2.65.0 @3 git https://github.com/apple/swift-nio.git 1f61
swift example.org/team/own ? @5 git git@example.org:team/own.git 8b0f
swift mona/LinkedList 1.1.0 @7
8: unreadable: a pin without a location
",
        );
    }

    #[test]
    fn pins_of_version_one() {
        check(
            &super::READER,
            "Package.resolved",
            r#"{ "object": { "pins": [
{ "package": "Alamofire", "repositoryURL": "https://github.com/Alamofire/Alamofire", "state": { "branch": null, "revision": "f455", "version": "5.8.1" } }
] }, "version": 1 }"#,
            "swift github.com/Alamofire/Alamofire 5.8.1 @2 git https://github.com/Alamofire/Alamofire f455",
        );
    }

    #[test]
    fn what_is_something_else_is_said() {
        check(&super::READER, "Package.resolved", "{}", "1: unreadable: a resolved package has `pins`");
        check(&super::READER, "Package.resolved", "", "1: unreadable: the document ends where a value is expected");
    }
}
