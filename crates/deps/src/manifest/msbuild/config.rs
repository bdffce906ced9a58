//! Reads `packages.config`, the older way of .NET to name packages: all of them, those that others need among them.
//!
//! The format: <https://learn.microsoft.com/nuget/reference/packages-config>.

use bartizan_core::Scope;
use bartizan_source::document::parse_xml;

use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Scopes, SourceText};

/// `packages.config`.
pub(crate) static READER: Reader = Reader { name: "packages.config", claims: &[Claim::Name("packages.config")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.xml_root(parse_xml(source.text)) else { return parsed };
    for element in root.all("package") {
        let Some(name) = element.value_of("id") else {
            parsed.unreadable(element.tag_range, "a package without an id");
            continue;
        };
        let Some(version) = element.value_of("version") else {
            parsed.unreadable(element.tag_range, format!("the package `{name}` has no version"));
            continue;
        };
        let is_for_developers = element.value_of("developmentDependency").is_some_and(|is| is.eq_ignore_ascii_case("true"));
        let scope = if is_for_developers { Scope::Development } else { Scope::Runtime };
        let package = Package::dependency(Ecosystem::NuGet, name, Some(version), element.tag_range);
        parsed.inventory.add(Package { scopes: Scopes::of(scope), ..package });
    }
    parsed
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn packages_and_what_is_wrong_with_some() {
        check(
            &super::READER,
            "web/packages.config",
            "<?xml version=\"1.0\"?>
<packages>
  <package id=\"jQuery\" version=\"3.7.1\" targetFramework=\"net48\" />
  <package id=\"StyleCop\" version=\"5.0\" developmentDependency=\"true\"/>
  <package version=\"1\"/>
  <package id=\"x\"/>
</packages>",
            "
nuget jQuery 3.7.1 @3 [runtime]
nuget StyleCop 5.0 @4 [development]
5: unreadable: a package without an id
6: unreadable: the package `x` has no version
",
        );
        check(&super::READER, "packages.config", "not xml", "1: unreadable: there is text outside of any element");
    }
}
