//! What lies beside modules of Rego: data that they read, and libraries that they import from elsewhere.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use bartizan_iac::rego::module::Module;

use super::{DataText, Dialect, RuleFiles, RuleText, collect, dialect, read_file};
use crate::failure::Outcome;

/// The folder that holds libraries of checks, in the folder with the checks or in one above it.
const LIBRARIES: &str = "lib";
/// So many folders above the one that was named are looked into.
const MAX_FOLDERS_ABOVE: usize = 4;

/// Whether a file among modules is data for them.
pub(super) fn is_data(text: &RuleText) -> bool {
    matches!(text.dialect, Dialect::Bartizan | Dialect::Checkov) && dialect::of_content(&text.path, &text.text).is_none()
}

/// The data in a file below a folder that was named.
pub(super) fn data_below(named: &Path, text: RuleText) -> DataText {
    let folder = text.path.parent().and_then(|folder| folder.strip_prefix(named).ok());
    let names = folder.map(|folder| folder.iter().map(|name| name.to_string_lossy().into_owned()).collect());
    DataText { below: names.unwrap_or_default(), path: text.path, text: text.text }
}

/// Adds the libraries that modules import and that are not among them: those of Trivy's checks lie in `lib`, beside the folders with
/// the checks.
pub(super) fn add_libraries(named: &[PathBuf], files: &mut RuleFiles) -> Outcome<()> {
    for path in named {
        let missing = missing(files);
        if missing.is_empty() {
            return Ok(());
        }
        let Ok(path) = std::fs::canonicalize(path) else { continue };
        // What is called so at the root of a machine is something else.
        let above = path.ancestors().skip(1).take(MAX_FOLDERS_ABOVE).filter(|folder| folder.parent().is_some());
        for folder in above.map(|folder| folder.join(LIBRARIES)).filter(|folder| folder.is_dir()) {
            let mut found = Vec::new();
            // Nobody named this folder: what can't be gone through is not the one that is looked for.
            if collect(&folder, 0, &mut found).is_err() {
                continue;
            }
            found.sort();
            let is_module = |path: &&PathBuf| dialect::usual(path) == Some(Dialect::Rego) && !is_test(path);
            let known: BTreeSet<PathBuf> = files.texts.iter().filter_map(|text| std::fs::canonicalize(&text.path).ok()).collect();
            let texts = found.iter().filter(is_module).filter(|path| !known.contains(*path)).map(|path| read_file(path));
            let texts: Vec<RuleText> = texts.collect::<Result<_, _>>()?;
            let has_one = texts.iter().any(|text| missing.iter().any(|import| is_of(&Module::read(&text.text).package, import)));
            if has_one {
                files.texts.extend(texts.into_iter().map(|text| RuleText { is_named: false, ..text }));
                break;
            }
        }
    }
    Ok(())
}

/// Whether a name says that a module holds tests.
fn is_test(path: &Path) -> bool {
    path.file_stem().and_then(|stem| stem.to_str()).is_some_and(|stem| stem.ends_with("_test"))
}

/// The libraries that modules import and that no module is.
fn missing(files: &RuleFiles) -> BTreeSet<String> {
    let modules = files.texts.iter().filter(|text| text.dialect == Dialect::Rego).map(|text| Module::read(&text.text));
    let modules: Vec<Module> = modules.collect();
    let imports = modules.iter().flat_map(|module| &module.imports).filter(|import| import.starts_with("lib."));
    imports.filter(|import| !modules.iter().any(|module| is_of(&module.package, import))).cloned().collect()
}

/// Whether a package is what an import names, or holds it.
fn is_of(package: &str, import: &str) -> bool {
    let is_within = |outer: &str, inner: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    !package.is_empty() && (is_within(package, import) || is_within(import, package))
}
