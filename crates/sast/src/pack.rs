//! The rules and framework models that the binary carries: `rules/sast/`.
//!
//! They are texts until a file of their language is met: a scan of Go code never reads the rules for Java.

use std::sync::{Arc, OnceLock};

use bartizan_core::{Fingerprint, IdentityKey};

use crate::{
    plan::Models,
    rule::{self, Problem, SastRule},
};

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.postcard"));

/// The folders of `rules/sast`, by the language that they are for.
#[derive(Debug)]
struct Folder {
    name: &'static str,
    rules: OnceLock<Vec<Arc<SastRule>>>,
}

/// All files: path below `rules/sast`, and text.
fn files() -> &'static [(&'static str, &'static str)] {
    static FILES: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    FILES.get_or_init(|| postcard::from_bytes(PACKED).unwrap_or_default())
}

fn folders() -> &'static [Folder] {
    static FOLDERS: OnceLock<Vec<Folder>> = OnceLock::new();
    FOLDERS.get_or_init(|| {
        let mut names: Vec<&'static str> =
            files().iter().filter_map(|(path, _)| path.split('/').next()).filter(|name| *name != MODELS).collect();
        names.dedup();
        names.into_iter().map(|name| Folder { name, rules: OnceLock::new() }).collect()
    })
}

const MODELS: &str = "models";

/// The folder that has the rules for a language.
fn folder_of(language: &str) -> &str {
    // Rules for TypeScript are rules for JavaScript.
    if language == "typescript" { "javascript" } else { language }
}

/// The built-in rules of a language; those for any text are in the folder `generic`.
pub(crate) fn rules_for(language: &str) -> &'static [Arc<SastRule>] {
    let name = folder_of(language);
    folders().iter().find(|folder| folder.name == name).map_or(&[], Folder::rules)
}

/// All built-in rules.
pub fn built_in() -> impl Iterator<Item = &'static SastRule> {
    folders().iter().flat_map(Folder::rules).map(|rule| &**rule)
}

/// What is wrong with the built-in rules and models, by file: nothing, or the build is broken.
#[must_use]
pub fn built_in_problems() -> Vec<(String, Problem)> {
    let mut problems = Vec::new();
    for (path, text) in files() {
        let found = if path.starts_with(MODELS) { rule::read_models(text).1 } else { rule::read(text).problems };
        problems.extend(found.into_iter().map(|problem| ((*path).to_owned(), problem)));
    }
    problems
}

/// The built-in models.
pub fn models() -> Arc<Models> {
    static ALL: OnceLock<Arc<Models>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut models = Models::default();
        for (_, text) in files().iter().filter(|(path, _)| path.starts_with(MODELS)) {
            models.extend(rule::read_models(text).0);
        }
        Arc::new(models)
    });
    all.clone()
}

/// Changes with every change of a built-in rule or model.
pub(crate) fn version() -> Fingerprint {
    IdentityKey::derive(b"bartizan-sast").fingerprint(&[PACKED])
}

impl Folder {
    fn rules(&self) -> &[Arc<SastRule>] {
        self.rules.get_or_init(|| {
            let mut rules = Vec::new();
            for (_, text) in files().iter().filter(|(path, _)| path.split('/').next() == Some(self.name)) {
                rules.extend(rule::read(text).rules.into_iter().map(Arc::new));
            }
            rules
        })
    }
}
