//! Reads `*.deps.json`, which stands beside a built program of .NET and says what it loads.
//!
//! The format: <https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md>.

use bartizan_source::document::{JsonDialect, Node, parse_json};

use super::target::{self, Libraries};
use crate::{Claim, Ecosystem, Package, Parsed, Read, Reader, Role, SourceText};

const SUFFIX: &str = ".deps.json";

/// `*.deps.json`.
pub(crate) static READER: Reader = Reader { name: "*.deps.json", claims: &[Claim::Suffix(SUFFIX)], read: Read::Text(read) };

fn read(source: &SourceText<'_>) -> Parsed {
    let mut parsed = Parsed::default();
    let Some(root) = parsed.root(parse_json(source.text, JsonDialect::Strict)) else { return parsed };
    if !root.is_map() || root.get("targets").is_none() && root.get("libraries").is_none() {
        parsed.unreadable(root.range, "what a program of .NET loads is a map with `targets` and `libraries`");
        return parsed;
    }
    let file = source.path.rsplit('/').next().unwrap_or(source.path);
    let name = file.strip_suffix(SUFFIX).unwrap_or(file);
    parsed.inventory.role = Role::Embedded;
    let program = parsed.inventory.add(Package::root(Ecosystem::NuGet, name, None, root.range));
    let libraries = Libraries::read(root.get("libraries"), Some((name, program)), &mut parsed);
    for target in root.get("targets").map(Node::members).unwrap_or_default() {
        let _ = libraries.read_target(&target.node, &mut parsed);
    }
    target::forget_repeated_edges(&mut parsed);
    parsed
}

#[cfg(test)]
mod tests {
    use crate::fixture::check;

    #[test]
    fn a_program_and_what_it_loads() {
        check(
            &super::READER,
            "bin/App.deps.json",
            r#"{
  "runtimeTarget": { "name": ".NETCoreApp,Version=v8.0" },
  "targets": { ".NETCoreApp,Version=v8.0": {
    "App/1.0.0": { "dependencies": { "Serilog": "2.10.0", "Plain": "1.0.0.0" } },
    "Serilog/2.10.0": {},
    "Plain/1.0.0.0": {}
  } },
  "libraries": {
    "App/1.0.0": { "type": "project" },
    "Serilog/2.10.0": { "type": "package", "sha512": "sha512-AAE=" },
    "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": { "type": "runtimepack" },
    "Plain/1.0.0.0": { "type": "reference" }
  }
}"#,
            "
root nuget App 1.0.0 @9
  -> Serilog 2.10.0 runtime 2.10.0
nuget Serilog 2.10.0 @10 sha512:0001
nuget Microsoft.NETCore.App.Runtime.linux-x64 8.0.1 @11
4: unresolved: `Plain` is not in this file
",
        );
    }

    #[test]
    fn what_is_something_else_is_said() {
        check(&super::READER, "x.deps.json", "{}", "1: unreadable: what a program of .NET loads is a map with `targets` and `libraries`");
    }
}
