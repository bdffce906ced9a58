//! Reads `Directory.Packages.props`: versions of packages for all projects of a repository.
//!
//! The format: <https://learn.microsoft.com/nuget/consume-packages/central-package-management>. Which project uses which of them
//! stands in the projects.

use bartizan_core::Scope;
use bartizan_source::document::parse_xml;

use super::{Properties, exact, items, metadata};
use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Scopes, SourceText};

/// `Directory.Packages.props`.
pub(crate) static READER: Reader =
    Reader { name: "Directory.Packages.props", claims: &[Claim::Name("Directory.Packages.props")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.xml_root(parse_xml(source.text)) else { return parsed };
    let properties = Properties::of(&root);
    for item in items(&root) {
        let scopes = match item.name.as_ref() {
            "PackageVersion" => Scopes::default(),
            // A reference that stands here is one of every project.
            "PackageReference" => Scopes::of(Scope::Runtime),
            // It is there for every project, and none passes it on.
            "GlobalPackageReference" => Scopes::of(Scope::Development),
            _ => continue,
        };
        let Some(name) = item.value_of("Include").or_else(|| item.value_of("Update")) else {
            parsed.unreadable(item.tag_range, format!("a `{}` without `Include`", item.name));
            continue;
        };
        let Some(written) = metadata(item, "Version") else {
            parsed.unreadable(item.tag_range, format!("the package `{name}` has no version"));
            continue;
        };
        let version = properties.value(written).and_then(|version| exact(&version).map(str::to_owned));
        if let Err(reason) = &version {
            parsed.unresolved(item.tag_range, format!("the version of `{name}` is not known: {reason}"));
        }
        let package = Package::dependency(Ecosystem::NuGet, name, version.ok().as_deref(), item.tag_range);
        parsed.inventory.add(Package { scopes, ..package });
    }
    parsed
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn versions_for_all_projects() {
        check(
            &super::READER,
            "Directory.Packages.props",
            r#"<Project>
  <PropertyGroup><SerilogVersion>2.10.0</SerilogVersion></PropertyGroup>
  <ItemGroup>
    <PackageVersion Include="Serilog" Version="$(serilogversion)" />
    <PackageVersion Include="xunit"><Version>[2.6.0]</Version></PackageVersion>
    <GlobalPackageReference Include="Nerdbank.GitVersioning" Version="3.6.0" />
    <PackageReference Include="LiteDB" Version="5.0.12" />
    <PackageVersion Include="Far" Version="$(FarVersion)" />
    <PackageVersion Include="Open" Version="1.*" />
    <PackageVersion Include="None" />
    <PackageVersion Version="1" />
  </ItemGroup>
</Project>"#,
            "
nuget Serilog 2.10.0 @4
nuget xunit 2.6.0 @5
nuget Nerdbank.GitVersioning 3.6.0 @6 [development]
nuget LiteDB 5.0.12 @7 [runtime]
nuget Far ? @8
nuget Open ? @9
8: unresolved: the version of `Far` is not known: `$(FarVersion)` is not given in this file
9: unresolved: the version of `Open` is not known: `1.*` leaves a choice
10: unreadable: the package `None` has no version
11: unreadable: a `PackageVersion` without `Include`
",
        );
    }
}
