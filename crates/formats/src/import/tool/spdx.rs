//! SPDX 2 with references to advisories, as JSON and as tags with values: <https://spdx.github.io/spdx-spec/v2.3/>.
//!
//! Packages without flaws are no observations: `bartizan sbom` reads them.

use super::{Component, ImportError, Importer, Mark, Node, Observation, Reading, Sink, ids, json};

pub(super) static IMPORTER: Importer = Importer {
    id: "spdx",
    title: "SPDX",
    marks: &[Mark::Text(&["SPDXVersion: SPDX-2"]), Mark::Json(&["spdxVersion", "SPDXID"])],
    names_tools: true,
    read: Reading::Text(read),
    ..Importer::BASE
};

/// A package as both formats say it.
#[derive(Default)]
struct Package {
    name: String,
    version: String,
    purl: String,
    /// Locators of advisories, with their comments.
    advisories: Vec<String>,
}

fn read(text: &str, out: &mut Sink<'_>) -> Result<(), ImportError> {
    let packages = if text.trim_start().starts_with('{') { of_json(&json::parse(text)?) } else { of_tags(text) };
    for package in packages {
        for id in ids(&package.advisories.join(" ")) {
            let references = package.advisories.iter().filter(|locator| locator.contains(&id)).cloned().collect();
            let component = Component::purl(&package.purl, &package.name, &package.version);
            // SPDX does not say how bad a flaw is.
            out.push(Observation { rule: id.clone(), title: id.clone(), ids: vec![id], component, references, ..Observation::default() });
        }
    }
    Ok(())
}

fn of_json(document: &Node) -> Vec<Package> {
    let packages = document.each("packages").into_iter().map(|package| {
        let mut found = Package { name: package.text("name"), version: package.text("versionInfo"), ..Package::default() };
        for reference in package.each("externalRefs") {
            found.reference(
                reference.str("referenceCategory"),
                reference.str("referenceType"),
                &format!("{} {}", reference.str("referenceLocator"), reference.str("comment")),
            );
        }
        found
    });
    packages.collect()
}

fn of_tags(text: &str) -> Vec<Package> {
    let mut packages: Vec<Package> = Vec::new();
    for line in text.lines() {
        let Some((tag, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        if tag == "PackageName" {
            packages.push(Package { name: value.to_owned(), ..Package::default() });
        }
        let Some(package) = packages.last_mut() else { continue };
        match tag {
            "PackageVersion" => value.clone_into(&mut package.version),
            "ExternalRef" => {
                let mut words = value.splitn(3, ' ');
                let (category, kind, locator) =
                    (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
                package.reference(category, kind, locator);
            }
            _ => {}
        }
    }
    packages
}

impl Package {
    fn reference(&mut self, category: &str, kind: &str, locator: &str) {
        match (category, kind) {
            (_, "purl") => locator.trim().clone_into(&mut self.purl),
            ("SECURITY", "advisory" | "fix" | "url" | "swid") => self.advisories.push(locator.trim().to_owned()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::import::tool::test::check;

    #[test]
    fn advisories_are_flaws() {
        let text = "SPDXVersion: SPDX-2.3\nPackageName: left\nPackageVersion: 1\nExternalRef: PACKAGE-MANAGER purl pkg:npm/left@1\nExternalRef: SECURITY advisory https://x/CVE-2026-1\n";
        check("spdx", text, &["unknown CVE-2026-1 left@1"]);
        let text = r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "d", "packages": [{"name": "left", "versionInfo": "1", "externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "advisory", "referenceLocator": "https://x/CVE-2026-1"}]}]}"#;
        check("spdx", text, &["unknown CVE-2026-1 left@1"]);
    }
}
