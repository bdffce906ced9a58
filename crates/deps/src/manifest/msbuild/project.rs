//! Reads projects of .NET: `*.csproj`, `*.fsproj`, `*.vbproj` and the `Directory.Build.props` that they share.
//!
//! The format: <https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files>. NuGet takes the lowest
//! version that a reference allows, so a plain version is the one that is used. A reference without one is asked for by name: the
//! nearest `Directory.Packages.props` or lock file has it.

use std::collections::HashMap;

use bartizan_core::Scope;
use bartizan_source::document::{XmlElement, parse_xml};

use super::{Properties, exact, items, metadata};
use crate::{Claim, Ecosystem, Edge, Origin, Package, PackageIndex, Parsed, Read, Reader, Scopes, SourceText, Target};

/// `*.csproj` and its like.
pub(crate) static READER: Reader = Reader {
    name: "*.csproj",
    claims: &[
        Claim::Suffix(".csproj"),
        Claim::Suffix(".fsproj"),
        Claim::Suffix(".vbproj"),
        Claim::Name("Directory.Build.props"),
        Claim::Name("Directory.Build.targets"),
    ],
    read: Read::Text(read),
};

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.xml_root(parse_xml(source.text)) else { return parsed };
    let properties = Properties::of(&root);
    let project = add_project(source.path, &root, &properties, &mut parsed);
    let central: HashMap<String, &str> = items(&root)
        .filter(|item| item.name == "PackageVersion")
        .filter_map(|item| Some((item.value_of("Include")?.to_lowercase(), metadata(item, "Version")?)))
        .collect();
    for item in items(&root) {
        let is_tool = match item.name.as_ref() {
            "PackageReference" => false,
            "DotNetCliToolReference" | "PackageDownload" => true,
            _ => continue,
        };
        // `Update` and `Remove` say something of references that stand elsewhere.
        if item.value_of("Update").or_else(|| item.value_of("Remove")).is_some() {
            continue;
        }
        let Some(name) = item.value_of("Include") else {
            parsed.unreadable(item.tag_range, format!("a `{}` without `Include`", item.name));
            continue;
        };
        let written = metadata(item, "VersionOverride").or_else(|| metadata(item, "Version"));
        let written = written.or_else(|| central.get(&name.to_lowercase()).copied());
        let scope = if is_tool { Scope::Development } else { scope(item) };
        let reference = Reference { item, name, scope, project };
        match written {
            Some(written) => reference.add(written, &properties, &mut parsed),
            None => reference.ask(&mut parsed),
        }
    }
    parsed
}

/// What is kept from those that depend on the project is for building it.
fn scope(item: &XmlElement<'_>) -> Scope {
    let is_private = metadata(item, "PrivateAssets").is_some_and(|assets| assets.eq_ignore_ascii_case("all"));
    if is_private { Scope::Development } else { Scope::Runtime }
}

struct Reference<'e> {
    item: &'e XmlElement<'e>,
    name: &'e str,
    scope: Scope,
    /// Nothing in files that only are a part of projects.
    project: Option<PackageIndex>,
}

impl Reference<'_> {
    fn add(&self, written: &str, properties: &Properties, parsed: &mut Parsed) {
        let version = properties.value(written).and_then(|version| exact(&version).map(str::to_owned));
        let range = self.item.tag_range;
        if let Err(reason) = &version {
            parsed.unresolved(range, format!("the version of `{}` is not known: {reason}", self.name));
        }
        let package = Package::dependency(Ecosystem::NuGet, self.name, version.ok().as_deref(), range);
        let index = parsed.inventory.add(Package { scopes: Scopes::of(self.scope), ..package });
        if let Some(dependent) = self.project {
            let edge = Edge { dependent, target: Target::Package(index), scope: self.scope, requirement: written.to_owned(), range: None };
            parsed.inventory.edges.push(edge);
        }
    }

    /// The graph finds who has the version, or says that nobody has.
    fn ask(&self, parsed: &mut Parsed) {
        match self.project {
            Some(dependent) => parsed.inventory.requires_at(dependent, self.name, self.scope, "", self.item.tag_range),
            None => {
                let package = Package::dependency(Ecosystem::NuGet, self.name, None, self.item.tag_range);
                parsed.inventory.add(Package { scopes: Scopes::of(self.scope), ..package });
                parsed.unresolved(self.item.tag_range, format!("`{}` has no version here", self.name));
            }
        }
    }
}

/// The project itself; nothing for a file that is a part of projects.
fn add_project(path: &str, root: &XmlElement<'_>, properties: &Properties, parsed: &mut Parsed) -> Option<PackageIndex> {
    let file = path.rsplit('/').next().unwrap_or(path);
    let (stem, extension) = file.rsplit_once('.')?;
    if !extension.ends_with("proj") {
        return None;
    }
    let given = |name: &str| properties.get(name).and_then(|text| properties.value(text).ok()).filter(|text| !text.is_empty());
    let name = given("PackageId").or_else(|| given("AssemblyName")).unwrap_or_else(|| stem.to_owned());
    let version = given("Version").or_else(|| given("VersionPrefix"));
    let licences = given("PackageLicenseExpression").into_iter().collect();
    let origin = Origin::Path(String::new());
    let package = Package::root(Ecosystem::NuGet, name, version.as_deref(), root.tag_range);
    Some(parsed.inventory.add(Package { origin, licences, ..package }))
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn references_of_every_kind() {
        check(
            &super::READER,
            "src/App/App.csproj",
            r#"<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><Version>1.2.3</Version><SerilogVersion>2.10.0</SerilogVersion><PackageLicenseExpression>MIT</PackageLicenseExpression></PropertyGroup>
  <ItemGroup Condition="'$(TargetFramework)' == 'net8.0'">
    <PackageReference Include="Serilog" Version="$(SerilogVersion)" />
    <PackageReference Include="StyleCop" PrivateAssets="all"><Version>1.1.118</Version></PackageReference>
    <PackageReference Include="Managed" />
    <PackageReference Update="Managed" Version="9" />
    <ProjectReference Include="..\Lib\Lib.csproj" />
  </ItemGroup>
</Project>"#,
            "
root nuget App 1.2.3 @1 (MIT)
  -> Serilog 2.10.0 runtime $(SerilogVersion)
  -> StyleCop 1.1.118 development 1.1.118
  -> Managed runtime
nuget Serilog 2.10.0 @4 [runtime]
nuget StyleCop 1.1.118 @5 [development]
",
        );
    }

    #[test]
    fn versions_of_the_same_file_are_taken() {
        check(
            &super::READER,
            "App.fsproj",
            r#"<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003"><ItemGroup>
<PackageReference Include="a"/>
<PackageVersion Include="A" Version="1.0"/>
<PackageReference Include="b" Version="[1,2)"/>
<PackageReference/>
</ItemGroup></Project>"#,
            "
root nuget App ? @1
  -> a 1.0 runtime 1.0
  -> b ? runtime [1,2)
nuget a 1.0 @2 [runtime]
nuget b ? @4 [runtime]
4: unresolved: the version of `b` is not known: `[1,2)` leaves a choice
5: unreadable: a `PackageReference` without `Include`
",
        );
    }

    #[test]
    fn parts_of_projects_are_no_project() {
        check(
            &super::READER,
            "Directory.Build.props",
            "<Project><ItemGroup><PackageReference Include='a' Version='1'/></ItemGroup></Project>",
            "nuget a 1 @1 [runtime]",
        );
        check(&super::READER, "a.csproj", "not\nxml\n", "1: unreadable: there is text outside of any element");
    }
}
