//! Projects of MSBuild: what the files of .NET's builds share.
//!
//! Conditions are not evaluated: what stands under one counts. <https://learn.microsoft.com/nuget/concepts/package-versioning>.

pub(crate) mod central;
pub(crate) mod config;
pub(crate) mod project;

use std::collections::HashMap;

use bartizan_source::document::XmlElement;

use crate::property::{self, PARENTHESES};

/// Properties of a project, by name in lower case; of two with one name the last counts.
struct Properties(HashMap<String, String>);

impl Properties {
    fn of(project: &XmlElement<'_>) -> Self {
        let given = project.all("PropertyGroup").flat_map(|group| &group.children);
        Self(given.map(|property| (property.name.to_lowercase(), property.text().unwrap_or_default().to_owned())).collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_lowercase()).map(String::as_str)
    }

    /// A text with its properties replaced, or why that can't be done.
    fn value(&self, text: &str) -> Result<String, String> {
        let value_of = |name: &str| self.get(name).map(str::to_owned);
        property::replace(text, PARENTHESES, &value_of).map_err(|reason| format!("{reason} in this file"))
    }
}

/// What a project lists: references, versions, files.
fn items<'e, 't>(project: &'e XmlElement<'t>) -> impl Iterator<Item = &'e XmlElement<'t>> {
    project.all("ItemGroup").flat_map(|group| &group.children)
}

/// What is said of an item, as an attribute or as an element within.
fn metadata<'e>(item: &'e XmlElement<'_>, name: &str) -> Option<&'e str> {
    item.value_of(name).or_else(|| item.text_of(name))
}

/// The version that NuGet takes, or why it can't be known: the lowest that a minimum allows, the only one that brackets allow.
fn exact(requirement: &str) -> Result<&str, String> {
    let text = requirement.trim();
    let only = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).filter(|text| !text.contains(','));
    let version = only.unwrap_or(text).trim();
    if version.is_empty() {
        return Err("it is empty".to_owned());
    }
    if version.contains(['[', ']', '(', ')', ',', '*']) {
        return Err(format!("`{version}` leaves a choice"));
    }
    Ok(version)
}
