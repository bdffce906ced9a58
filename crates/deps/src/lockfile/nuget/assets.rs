//! Reads `obj/project.assets.json`, which every restore of NuGet writes: the whole graph, even where no lock file is kept.
//!
//! The format has no page; `NuGet.ProjectModel/LockFile/LockFileFormat.cs` in NuGet's client writes it.

use bartizan_core::Scope;
use bartizan_source::document::{JsonDialect, Node, parse_json};

use super::target::{self, Libraries};
use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, SourceText};

/// `project.assets.json`.
pub(crate) static READER: Reader =
    Reader { name: "project.assets.json", claims: &[Claim::Name("project.assets.json")], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() {
        parsed.unreadable(root.range, "assets of a project are a map");
        return parsed;
    }
    let named = root.at(&["project", "restore", "projectName"]);
    let name = named.and_then(Node::text).unwrap_or_default();
    let version = root.at(&["project", "version"]).and_then(Node::text);
    let range = named.map_or(root.range, |named| named.range);
    let project = parsed.inventory.add(Package::root(Ecosystem::NuGet, name, version, range));
    let libraries = Libraries::read(root.get("libraries"), None, &mut parsed);
    for target in root.get("targets").map(Node::members).unwrap_or_default() {
        let by_name = libraries.read_target(&target.node, &mut parsed);
        // A target for one platform is named `net8.0/linux-x64`; what the project asks for stands under `net8.0`.
        let framework = target.name.split('/').next().unwrap_or_default();
        for wanted in wanted(&root, framework) {
            let Some(&index) = by_name.get(&wanted.name.to_lowercase()) else {
                // What comes with the platform is asked for, and is no library.
                if wanted.node.text_of("target") != Some("Package") || wanted.node.is_true("autoReferenced") {
                    continue;
                }
                parsed.unresolved(wanted.name_range, format!("`{}` is not among the libraries", wanted.name));
                continue;
            };
            // What is kept from those that depend on the project is for building it.
            let is_private = wanted.node.text_of("suppressParent") == Some("All");
            let scope = if is_private { Scope::Development } else { Scope::Runtime };
            target::add_edge(project, index, scope, wanted.node.text_of("version").unwrap_or_default(), &mut parsed);
        }
    }
    target::forget_repeated_edges(&mut parsed);
    parsed
}

/// What a project asks for. Newer targets are named by their short name there and by their long one in `targets`, or the same.
fn wanted<'n, 't>(root: &'n Node<'t>, framework: &str) -> &'n [bartizan_source::document::Member<'t>] {
    let frameworks = root.at(&["project", "frameworks"]);
    let is_meant = |name: &str| name == framework || long_name(name).is_some_and(|long| long == framework);
    let found = frameworks.map(Node::members).unwrap_or_default().iter().find(|member| is_meant(&member.name));
    found.and_then(|member| member.node.get("dependencies")).map(Node::members).unwrap_or_default()
}

/// `netcoreapp3.1` is `.NETCoreApp,Version=v3.1`, `netstandard2.0` is `.NETStandard,Version=v2.0`, `net48` `.NETFramework,Version=v4.8`.
fn long_name(short: &str) -> Option<String> {
    let named = [("netcoreapp", ".NETCoreApp"), ("netstandard", ".NETStandard")];
    if let Some((prefix, long)) = named.iter().find(|(prefix, _)| short.starts_with(prefix)) {
        return Some(format!("{long},Version=v{}", short.strip_prefix(prefix)?));
    }
    let digits = short.strip_prefix("net")?;
    let is_framework = digits.bytes().all(|byte| byte.is_ascii_digit());
    let dotted: Vec<String> = digits.chars().map(String::from).collect();
    Some(if is_framework { format!(".NETFramework,Version=v{}", dotted.join(".")) } else { format!(".NETCoreApp,Version=v{digits}") })
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn the_graph_of_a_restore_is_read() {
        check(
            &super::READER,
            "app/obj/project.assets.json",
            r#"{
  "version": 3,
  "targets": {
    "net8.0": {
      "Serilog/2.10.0": { "type": "package", "dependencies": { "System.Memory": "4.5.0" } },
      "System.Memory/4.5.5": { "type": "package" },
      "Nerdbank.GitVersioning/3.6.0": { "type": "package" },
      "Lib/1.0.0": { "type": "project", "dependencies": { "Serilog": "2.10.0" } }
    }
  },
  "libraries": {
    "Serilog/2.10.0": { "sha512": "AAE=", "type": "package" },
    "System.Memory/4.5.5": { "type": "package" },
    "Nerdbank.GitVersioning/3.6.0": { "type": "package" },
    "Lib/1.0.0": { "type": "project", "path": "../Lib/Lib.csproj" }
  },
  "project": {
    "version": "1.2.3",
    "restore": { "projectName": "App" },
    "frameworks": { "net8.0": { "dependencies": {
      "Serilog": { "target": "Package", "version": "[2.10.0, )" },
      "Nerdbank.GitVersioning": { "target": "Package", "version": "[3.6.0, )", "suppressParent": "All" }
    } } }
  }
}"#,
            "
root nuget App 1.2.3 @19
  -> Serilog 2.10.0 runtime [2.10.0, )
  -> Nerdbank.GitVersioning 3.6.0 development [3.6.0, )
nuget Serilog 2.10.0 @12 sha512:0001
  -> System.Memory 4.5.5 runtime 4.5.0
nuget System.Memory 4.5.5 @13
nuget Nerdbank.GitVersioning 3.6.0 @14
root nuget Lib 1.0.0 @15 path ../Lib/Lib.csproj
  -> Serilog 2.10.0 runtime 2.10.0
",
        );
    }

    #[test]
    fn bad_libraries_are_said() {
        check(
            &super::READER,
            "project.assets.json",
            "{\"libraries\": {\n\"A\": {\"type\": \"package\"},\n\"B/1\": {\"type\": \"package\"}}, \"targets\": {\"net8.0\": {\n\"B/1\": {\"dependencies\": {\"C\": \"1\"}}}}",
            "
root nuget  ? @1
nuget B 1 @3
2: unreadable: the library `A` has no version
4: unresolved: `C` is not in this file
4: unreadable: the document ends where `,` or `}` is expected
",
        );
    }
}
