//! Licences of components that declare none, from the texts that stand beside what names them.

use std::collections::HashMap;

use bartizan_core::{ArtifactPath, Component, ComponentKind};

use crate::graph::Located;

/// Folders whose packages are other people's, each with its own files in its own folder.
const INSTALLED: [&str; 5] = ["node_modules", "site-packages", "dist-packages", "vendor", "third_party"];

/// Adds the licences of texts to components that declare none: to the project's own where the text is in the folder of their
/// manifest, to others only where their own folder is in the tree.
pub(crate) fn conclude(components: &mut [Component], files: &[(ArtifactPath, Located)]) {
    let mut by_folder: HashMap<&str, Vec<&String>> = HashMap::new();
    for (path, file) in files.iter().filter(|(_, file)| !file.inventory().licence_texts.is_empty()) {
        let folder = folder_of(path);
        // Installed packages of Python keep their texts one folder deeper.
        let folder = folder.strip_suffix("/licenses").unwrap_or(folder);
        by_folder.entry(folder).or_default().extend(&file.inventory().licence_texts);
    }
    if by_folder.is_empty() {
        return;
    }
    for component in components.iter_mut().filter(|component| component.licences.is_empty()) {
        let is_own = component.kind == ComponentKind::Application;
        let folders = component.locations.iter().map(|location| folder_of(&location.artifact));
        let texts = folders.filter(|folder| is_own || is_installed(folder)).find_map(|folder| by_folder.get(folder));
        component.licences.extend(texts.into_iter().flatten().map(|licence| (*licence).clone()));
        component.licences.sort();
        component.licences.dedup();
    }
}

fn is_installed(folder: &str) -> bool {
    let mut parts = folder.split('/');
    // The folder itself is not a package's: what is in it is.
    parts.any(|part| INSTALLED.contains(&part)) && parts.next().is_some()
}

fn folder_of(path: &ArtifactPath) -> &str {
    path.as_str().and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder)
}
