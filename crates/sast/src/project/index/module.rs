//! Languages whose modules are files or folders.

use super::{Definition, Index, Style, Word, folder_of};

/// What a path of a module may end with; the first that is there counts.
const ENDINGS: &[&str] = &["", "/index", "/__init__"];

impl Index {
    /// Notes where a file is.
    pub(super) fn add_path(&mut self, file: u32, path: &str) {
        let stem = stem_of(path);
        let last = stem.rsplit('/').find(|name| !matches!(*name, "index" | "__init__")).unwrap_or(stem);
        self.by_last.entry(last.to_owned()).or_default().push(file);
        self.by_path.entry(stem.to_owned()).or_insert(file);
        self.by_folder.entry(folder_of(path).to_owned()).or_default().push(file);
    }

    /// The module that a path starts with, and how many of its words name it.
    pub(super) fn module(&self, file: u32, path: &[Word]) -> Option<(Definition, usize)> {
        match self.style {
            Style::Python => self.python_module(file, path),
            Style::JavaScript => Some((Definition::Module(self.script(file, self.text(*path.first()?))?), 1)),
            Style::Go => Some((Definition::Folder(self.go_package(self.text(*path.first()?))?), 1)),
            Style::Namespaces => None,
        }
    }

    /// What a module calls by a name; a package is also what is in its folder.
    pub(super) fn in_module(&self, file: u32, name: Word, n_hops: u32) -> Option<Definition> {
        if let Some(found) = self.named(file, name, n_hops) {
            return Some(found);
        }
        let of = self.files.get(file as usize)?;
        if self.style == Style::Python {
            let submodule = format!("{}/{}", stem_of(&of.path).strip_suffix("/__init__")?, self.text(name));
            if let Some(found) = self.at_path(&submodule) {
                return Some(Definition::Module(found));
            }
        }
        let outline = &of.facts.outline;
        let stars = outline.passed_on.iter().chain(outline.stars.iter().filter(|_| self.style == Style::Python));
        for star in stars {
            let whole: Vec<Word> = star.iter().map(|text| self.word_in(file, *text)).chain([name]).collect();
            if let Some(found) = self.imported(file, &whole, n_hops.saturating_sub(1)) {
                return Some(found);
            }
        }
        // `module.exports = { … }`, and what a class has that is exported as a whole.
        let default = self.words.get("default").copied().filter(|default| *default != name)?;
        let whole = self.named(file, default, n_hops)?;
        if matches!(whole, Definition::Module(_)) { None } else { self.step(&whole, name, n_hops) }
    }

    /// What a module is when it is called itself.
    pub(super) fn default_of(&self, file: u32, n_hops: u32) -> Option<Definition> {
        self.named(file, *self.words.get("default")?, n_hops)
    }

    fn at_path(&self, stem: &str) -> Option<u32> {
        ENDINGS
            .iter()
            .find_map(|ending| {
                if ending.is_empty() {
                    self.by_path.get(stem)
                } else {
                    self.by_path.get(&format!("{}{ending}", stem.trim_end_matches('/')))
                }
            })
            .copied()
    }

    fn python_module(&self, file: u32, path: &[Word]) -> Option<(Definition, usize)> {
        let (first, rest) = path.split_first()?;
        let first = self.text(*first);
        let named = first.trim_start_matches('.');
        let n_dots = first.len() - named.len();
        let own: Vec<&str> = named.split('.').filter(|name| !name.is_empty()).collect();
        let names: Vec<&str> = own.iter().copied().chain(rest.iter().map(|word| self.text(*word))).collect();
        let here = folder_of(&self.files.get(file as usize)?.path);
        // A relative import starts at one folder, another one at any above the file.
        let roots: Vec<&str> = if 0 < n_dots {
            vec![above(here, n_dots - 1)?]
        } else {
            std::iter::successors(Some(here), |folder| (!folder.is_empty()).then(|| folder_of(folder))).collect()
        };
        let found = |length: usize| {
            let below = names.get(..length)?.join("/");
            let at_root = roots.iter().find_map(|root| self.at_path(join(root, &below).trim_end_matches('/')));
            at_root.or_else(|| self.only_below(&below).filter(|_| n_dots == 0))
        };
        let (module, length) = (own.len().min(1)..=names.len()).rev().find_map(|length| Some((found(length)?, length)))?;
        // The words that name it; the first one may be several names.
        if length < own.len() {
            return None;
        }
        Some((Definition::Module(module), 1 + length - own.len()))
    }

    /// The only file whose path ends so.
    fn only_below(&self, below: &str) -> Option<u32> {
        let last = below.rsplit('/').next()?;
        let mut found = self.by_last.get(last)?.iter().filter(|file| {
            let stem = self.files.get(**file as usize).map_or("", |file| stem_of(&file.path));
            ENDINGS.iter().any(|ending| {
                stem.strip_suffix(ending)
                    .and_then(|stem| stem.strip_suffix(below))
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
            })
        });
        let first = found.next()?;
        found.next().is_none().then_some(*first)
    }

    /// The file that a module of JavaScript is.
    fn script(&self, file: u32, specifier: &str) -> Option<u32> {
        let here = folder_of(&self.files.get(file as usize)?.path);
        if specifier.starts_with('.') {
            return self.script_at(&joined(here, specifier)?);
        }
        // The nearest configuration that knows the prefix.
        let mut known: Vec<_> = self.aliases.iter().filter(|(folder, ..)| is_within(here, folder)).collect();
        known.sort_by_key(|(folder, ..)| std::cmp::Reverse(folder.len()));
        for (folder, prefix, targets) in known {
            let Some(rest) = specifier.strip_prefix(&**prefix) else { continue };
            let found = targets.iter().find_map(|target| self.script_at(&joined(folder, &format!("{target}{rest}"))?));
            if found.is_some() {
                return found;
            }
        }
        let rest = specifier.strip_prefix("@/").or_else(|| specifier.strip_prefix("~/"))?;
        let roots = std::iter::successors(Some(here), |folder| (!folder.is_empty()).then(|| folder_of(folder)));
        roots.into_iter().find_map(|root| self.script_at(&join(root, rest)).or_else(|| self.script_at(&join(&join(root, "src"), rest))))
    }

    fn script_at(&self, path: &str) -> Option<u32> {
        let stem = stem_of(path);
        self.at_path(path).or_else(|| if stem == path { None } else { self.at_path(stem) })
    }

    /// The folder that a package of Go is in.
    fn go_package(&self, import: &str) -> Option<Box<str>> {
        let is_package = |folder: &str| self.by_folder.contains_key(folder).then(|| Box::from(folder));
        if !self.aliases.is_empty() {
            return self.aliases.iter().find_map(|(folder, module, _)| {
                let rest = import.strip_prefix(&**module)?;
                if rest.is_empty() { is_package(folder) } else { is_package(&join(folder, rest.strip_prefix('/')?)) }
            });
        }
        // Nobody says what the module is called: the longest end of the path that is a folder.
        let mut rest = import;
        loop {
            if let Some(found) = is_package(rest) {
                return Some(found);
            }
            rest = rest.split_once('/')?.1;
        }
    }
}

/// A path without the extension.
fn stem_of(path: &str) -> &str {
    let name_start = path.rfind('/').map_or(0, |slash| slash + 1);
    let name = path.get(name_start..).unwrap_or_default();
    let dot = name.rfind('.').filter(|dot| 0 < *dot);
    let is_known = dot.is_some_and(|dot| {
        matches!(
            name.get(dot..),
            Some(".py" | ".pyi" | ".js" | ".jsx" | ".ts" | ".tsx" | ".mjs" | ".cjs" | ".mts" | ".cts" | ".vue" | ".go")
        )
    });
    dot.filter(|_| is_known).and_then(|dot| path.get(..name_start + dot)).unwrap_or(path)
}

fn join(folder: &str, below: &str) -> String {
    if folder.is_empty() { below.to_owned() } else { format!("{folder}/{below}") }
}

/// A path of dots from a folder on; nothing if it leads out of the project.
fn joined(folder: &str, relative: &str) -> Option<String> {
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in relative.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop()?;
            }
            _ => names.push(name),
        }
    }
    Some(names.join("/"))
}

fn above(folder: &str, n_levels: usize) -> Option<&str> {
    (0..n_levels).try_fold(folder, |folder, _| (!folder.is_empty()).then(|| folder_of(folder)))
}

fn is_within(folder: &str, outer: &str) -> bool {
    outer.is_empty() || folder == outer || folder.strip_prefix(outer).is_some_and(|rest| rest.starts_with('/'))
}
