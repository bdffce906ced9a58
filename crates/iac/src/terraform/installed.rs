//! Modules that `terraform init` has downloaded: `.terraform/modules/modules.json` says in which folders they are.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::project::{Project, joined};

/// The list of a root module, below its folder.
const LIST: &str = ".terraform/modules/modules.json";

#[derive(Debug, Deserialize)]
struct List {
    #[serde(rename = "Modules", default)]
    modules: Vec<Module>,
}

#[derive(Debug, Deserialize)]
struct Module {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Dir")]
    folder: String,
}

/// The folders of downloaded modules, by the names of the calls that lead to them (`network.subnets`); by the folder of the root.
pub(super) fn installed(project: &Project<'_>) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut roots = BTreeMap::new();
    for file in &project.files {
        let Some(root) = file.path.as_str().and_then(|path| path.strip_suffix(LIST)) else { continue };
        // A list that can't be read is as good as none: the modules are said to be missing where they are called.
        let Ok(list) = serde_json::from_str::<List>(file.text) else { continue };
        if !(root.is_empty() || root.ends_with('/')) {
            continue;
        }
        let root = root.trim_end_matches('/');
        let folder = |module: Module| Some((module.key, joined(root, &module.folder)?));
        let folders = list.modules.into_iter().filter(|module| !module.key.is_empty()).filter_map(folder).collect();
        roots.insert(root.to_owned(), folders);
    }
    roots
}

/// Whether a folder was downloaded: what in it nobody calls is deployed by nobody.
pub(super) fn is_downloaded(folder: &str) -> bool {
    folder.split('/').zip(folder.split('/').skip(1)).any(|parts| parts == (".terraform", "modules"))
}

/// The names of calls in an address: `network.subnets` of `module.network["a"].module.subnets`.
pub(super) fn key_of(address: &str) -> String {
    let mut key = String::new();
    let mut is_in_index = false;
    for character in address.chars() {
        match character {
            '[' => is_in_index = true,
            ']' => is_in_index = false,
            _ if is_in_index => {}
            _ => key.push(character),
        }
    }
    let names: Vec<&str> = key.split('.').collect();
    names.chunks(2).filter_map(|pair| pair.get(1).copied()).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::check;

    const LISTED: &str = r#"{"Modules": [{"Key": "", "Source": "", "Dir": "."},
        {"Key": "disk", "Source": "registry.terraform.io/example/disk/aws", "Version": "1.2.0", "Dir": ".terraform/modules/disk"},
        {"Key": "disk.inner", "Source": "./inner", "Dir": ".terraform/modules/disk/inner"}]}"#;

    #[test]
    fn a_downloaded_module_is_evaluated_with_what_it_is_given() {
        let main = "module \"disk\" {\n  for_each = toset([\"a\"])\n  source   = \"example/disk/aws\"\n  secret   = false\n}\n";
        let disk = "variable \"secret\" {}\nmodule \"inner\" {\n  source = \"./inner\"\n  secret = var.secret\n}\n";
        let inner = "variable \"secret\" {}\nresource \"aws_ebs_volume\" \"v\" {\n  encrypted = var.secret\n}\n";
        let files = [
            ("live/main.tf", main),
            ("live/.terraform/modules/modules.json", LISTED),
            ("live/.terraform/modules/disk/main.tf", disk),
            ("live/.terraform/modules/disk/inner/main.tf", inner),
            // An example in the module, which nobody deploys.
            ("live/.terraform/modules/disk/examples/main.tf", "resource \"aws_ebs_volume\" \"e\" {}\n"),
        ];
        let found = ["live/.terraform/modules/disk/inner/main.tf:3 ebs-volume-unencrypted"];
        check(&files, &["ebs-volume-unencrypted"], &found);
    }

    #[test]
    fn names_of_calls_have_no_keys() {
        assert_eq!(key_of("module.a[\"x.y\"].module.b[0]"), "a.b");
        assert_eq!(key_of("module.a"), "a");
    }

    #[test]
    fn a_broken_list_is_no_list() {
        let main = "module \"disk\" {\n  source = \"example/disk/aws\"\n}\n";
        check(&[("main.tf", main), (".terraform/modules/modules.json", "{\"Modules\": 7}")], &["ebs-volume-unencrypted"], &[]);
    }
}
