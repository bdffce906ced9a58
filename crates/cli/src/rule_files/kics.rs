//! Queries of KICS in folders: a query is all that lies in its folder, and its libraries lie in `libraries` above.

use std::path::{Path, PathBuf};

use super::{Dialect, RuleFiles, RuleText, collect, read_file};
use crate::failure::Outcome;

/// The file of a query, which has a folder of its own.
const QUERY: &str = "query.rego";
/// What lies beside it; everything else there are samples.
const BESIDE: [&str; 2] = ["metadata.json", "data.json"];
/// The folder with libraries: `assets/libraries` of `assets/queries/terraform/aws/…`.
const LIBRARIES: &str = "libraries";
/// So many folders above the one that was named are looked into.
const MAX_FOLDERS_ABOVE: usize = 6;

/// The folder of a query whose file was named.
pub(super) fn folder_of_query(named: &Path) -> Option<&Path> {
    let folder = named.parent().filter(|_| named.ends_with(QUERY))?;
    Some(if folder == Path::new("") { Path::new(".") } else { folder }).filter(|folder| folder.join("metadata.json").is_file())
}

/// The files of the query whose folder this is.
pub(super) fn parts_in(folder: &Path) -> Option<Vec<PathBuf>> {
    let query = folder.join(QUERY);
    let is_query = query.is_file() && folder.join("metadata.json").is_file();
    is_query.then(|| {
        let beside = BESIDE.map(|name| folder.join(name)).into_iter().filter(|path| path.is_file());
        std::iter::once(query).chain(beside).collect()
    })
}

/// Whether a file is data for a query, or for a library: it lies beside it.
pub(super) fn is_data(text: &RuleText) -> bool {
    let is_of_kics = |path: PathBuf| path.is_file() && read_file(&path).is_ok_and(|text| text.dialect == Dialect::Kics);
    text.dialect == Dialect::Checkov
        && (is_of_kics(text.path.with_extension("rego")) || text.path.ends_with("data.json") && is_of_kics(text.path.with_file_name(QUERY)))
}

/// Adds the libraries of queries, where none are among the files.
pub(super) fn add_libraries(named: &[PathBuf], files: &mut RuleFiles) -> Outcome<()> {
    let is_query = |text: &RuleText| text.dialect == Dialect::Kics && text.path.ends_with(QUERY);
    let is_library =
        |text: &RuleText| text.dialect == Dialect::Kics && text.path.extension().is_some_and(|ending| ending == "rego") && !is_query(text);
    if !files.texts.iter().any(is_query) || files.texts.iter().any(is_library) {
        return Ok(());
    }
    let Some(folder) = named.iter().find_map(|path| libraries_above(path)) else { return Ok(()) };
    let mut found = Vec::new();
    collect(&folder, 0, &mut found)?;
    found.sort();
    for path in found {
        let text = read_file(&path)?;
        if text.dialect == Dialect::Kics || is_data(&text) {
            files.texts.push(RuleText { is_named: false, dialect: Dialect::Kics, ..text });
        }
    }
    Ok(())
}

/// The folder with libraries that is nearest above a path.
fn libraries_above(path: &Path) -> Option<PathBuf> {
    let path = std::fs::canonicalize(path).ok()?;
    let above = path.ancestors().skip(1).take(MAX_FOLDERS_ABOVE).filter(|folder| folder.parent().is_some());
    above.map(|folder| folder.join(LIBRARIES)).find(|folder| folder.join("common.rego").is_file())
}
