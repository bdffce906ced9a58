//! Which function calls which, over the files of a project: `bartizan debug callgraph`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    configured,
    facts::{Callee, FileFacts},
    family_of,
    finish::aliases,
    index::{FunctionId, Index},
    outline::Outline,
};
use crate::{
    debug::{Place, Places, SourceText, shortened},
    ir::{Interner, Kind, NodeId},
    lower,
    unit::Unit,
};

/// The functions of some files, and what they call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CallGraph {
    /// By file and place.
    pub functions: Vec<FunctionNode>,
    /// By file and place.
    pub calls: Vec<FunctionCall>,
    /// Files that are of no language, or that can't be parsed.
    pub left_out: Vec<String>,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionNode {
    /// The file that it is in.
    pub file: String,
    /// Its name, below those of the classes that it stands in.
    pub name: String,
    /// Where it is.
    pub place: Place,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionCall {
    /// The file that it is in.
    pub file: String,
    /// The function that it is in, by its position among the functions; nothing outside of all.
    pub caller: Option<usize>,
    /// Where it is.
    pub place: Place,
    /// What is called, as it is written.
    pub code: String,
    /// What it may run, by position among the functions; nothing if that is in none of the files.
    pub callees: Vec<usize>,
    /// The class of which an object is made, if that has no constructor.
    pub class: Option<String>,
}

/// A file, with what must be known of it to resolve its calls.
struct Noted {
    path: String,
    facts: FileFacts,
    functions: Vec<Place>,
    calls: Vec<NotedCall>,
}

struct NotedCall {
    owner: Option<u32>,
    callee: Option<Callee>,
    n_arguments: usize,
    place: Place,
    code: String,
}

/// Which function calls which in some files.
#[must_use]
pub fn callgraph(sources: &[SourceText]) -> CallGraph {
    let mut graph = CallGraph::default();
    let mut seen = BTreeSet::new();
    for (family, group) in families(sources) {
        let mut noted: Vec<Noted> = group.iter().filter_map(|source| note(source)).collect();
        noted.sort_by(|one, other| one.path.cmp(&other.path));
        let files = noted.iter_mut().map(|noted| (noted.path.clone(), std::mem::take(&mut noted.facts))).collect();
        let index = Index::new(family, files, aliases_in(sources, family));
        graph.add(&index, &noted);
        seen.extend(noted.into_iter().map(|noted| noted.path));
    }
    graph.left_out = sources.iter().map(|source| &source.path).filter(|path| !seen.contains(*path)).cloned().collect();
    graph
}

/// The files of each family of languages; a language whose files don't share flow with others is its own.
pub(super) fn families(sources: &[SourceText]) -> Vec<(&'static str, Vec<&SourceText>)> {
    let mut families: Vec<(&'static str, Vec<&SourceText>)> = Vec::new();
    for source in sources {
        let Some(language) = source.language_name() else { continue };
        let family = family_of(language).map_or(language, |(family, _)| family);
        match families.iter_mut().find(|(known, _)| *known == family) {
            Some((_, group)) => group.push(source),
            None => families.push((family, vec![source])),
        }
    }
    families
}

/// Other names of modules that some of the files say.
pub(super) fn aliases_in(sources: &[SourceText], family: &str) -> Vec<(String, Box<str>, Vec<Box<str>>)> {
    let read = |source: &SourceText| {
        let name = source.path.rsplit('/').next().unwrap_or_default();
        Some((source.path.clone(), configured(name, &source.text)?))
    };
    let facts: Vec<_> = sources.iter().filter_map(read).collect();
    aliases(family, facts.iter().map(|(path, facts)| (path.clone(), facts)))
}

fn parsed<'s>(source: &'s SourceText, language: &str) -> Option<Unit<'s>> {
    let language = lower::language(language)?;
    let mut symbols = Interner::default();
    let tree = lower::lower(language, &source.text, &mut symbols, false).ok()?;
    Some(Unit::new(&source.text, Some(language), tree, symbols))
}

/// Where the functions of a file are, by their numbers.
pub(super) fn functions_of(source: &SourceText) -> Vec<Place> {
    let Some(unit) = source.language_name().and_then(|language| parsed(source, language)) else { return Vec::new() };
    let (outline, places) = (Outline::new(&unit), Places::new(&source.text));
    outline.functions().iter().map(|function| places.of(unit.tree.range(*function))).collect()
}

fn note(source: &SourceText) -> Option<Noted> {
    let language = source.language_name()?;
    let unit = parsed(source, language)?;
    let (outline, places) = (Outline::new(&unit), Places::new(&source.text));
    let mut calls: Vec<NodeId> = [Kind::Call, Kind::New].iter().flat_map(|kind| unit.of_kind(*kind)).copied().collect();
    calls.sort_unstable();
    let call = |id: NodeId| {
        let is_decorator = !matches!(unit.tree.kind(id), Kind::Call | Kind::New);
        let called = if is_decorator { id } else { unit.tree.child(id, 0) };
        let above = std::iter::successors(unit.tree.parent(id), |at| unit.tree.parent(*at));
        NotedCall {
            owner: above.into_iter().find_map(|at| outline.function(at)),
            callee: outline.callee(id),
            n_arguments: if is_decorator { 0 } else { unit.tree.children(unit.tree.child(id, 1)).count() },
            place: places.of(unit.tree.range(id)),
            code: shortened(unit.source(called)),
        }
    };
    let calls = calls.into_iter().map(call).collect();
    let functions = outline.functions().iter().map(|function| places.of(unit.tree.range(*function))).collect();
    let facts = FileFacts { language: language.into(), outline: outline.facts(), texts: Vec::new(), flows: Vec::new() };
    let facts = FileFacts { texts: outline.into_texts(), ..facts };
    Some(Noted { path: source.path.clone(), facts, functions, calls })
}

impl CallGraph {
    fn add(&mut self, index: &Index, noted: &[Noted]) {
        let mut firsts = Vec::new();
        for (file, noted) in (0_u32..).zip(noted) {
            firsts.push(self.functions.len());
            for (number, place) in (0_u32..).zip(&noted.functions) {
                let name = function_name(index, (file, number));
                self.functions.push(FunctionNode { file: noted.path.clone(), name, place: *place });
            }
        }
        let position = |(file, number): FunctionId| Some(firsts.get(file as usize)? + number as usize);
        for (file, noted) in (0_u32..).zip(noted) {
            for call in &noted.calls {
                let target = call.callee.as_ref().and_then(|callee| index.target(file, callee, call.n_arguments)).unwrap_or_default();
                let class = target.class.filter(|_| target.functions.is_empty());
                self.calls.push(FunctionCall {
                    file: noted.path.clone(),
                    caller: call.owner.and_then(|owner| position((file, owner))),
                    place: call.place,
                    code: call.code.clone(),
                    callees: target.functions.iter().filter_map(|function| position(*function)).collect(),
                    class: class.map(|class| class_name(index, class)),
                });
            }
        }
    }
}

/// The name of a function, below those of the classes that it stands in.
pub(super) fn function_name(index: &Index, function: FunctionId) -> String {
    let Some(facts) = index.function(function) else { return String::new() };
    let name = index.text(index.word_in(function.0, facts.name));
    let name = if name.is_empty() { "(no name)" } else { name };
    match facts.class {
        Some(class) => format!("{}.{name}", class_name(index, (function.0, class))),
        None => name.to_owned(),
    }
}

fn class_name(index: &Index, (file, number): FunctionId) -> String {
    let class = index.files.get(file as usize).and_then(|file| file.facts.outline.classes.get(number as usize));
    let path = class.map_or(&[][..], |class| &class.path);
    path.iter().map(|text| index.text(index.word_in(file, *text))).collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The calls of some files: `caller -> callee, callee`.
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let sources: Vec<_> = files.iter().map(|(path, text)| SourceText { path: (*path).into(), text: (*text).into() }).collect();
        let graph = callgraph(&sources);
        let name = |position: &usize| graph.functions.get(*position).map_or_else(String::new, |function| function.name.clone());
        let found: Vec<String> = graph
            .calls
            .iter()
            .map(|call| {
                let callees: Vec<String> = call.callees.iter().map(name).chain(call.class.clone()).collect();
                format!("{} {} -> {}", call.caller.as_ref().map_or("-".to_owned(), name), call.code, callees.join(", "))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn calls_lead_into_other_files() {
        check(
            &[
                (
                    "app/main.py",
                    "from app.store import Store, load as read\n\ndef main():\n    Store().put(read(1))\n    print(2)\n\nmain()\n",
                ),
                (
                    "app/store.py",
                    "class Store:\n    def put(self, x):\n        self.check(x)\n    def check(self, x): pass\n\ndef load(x): return x\n",
                ),
            ],
            &[
                "main Store().put -> Store.put",
                "main Store -> Store",
                "main read -> load",
                "main print -> ",
                "- main -> main",
                "Store.put self.check -> Store.check",
            ],
        );
    }

    #[test]
    fn languages_without_flow_across_files_have_calls_too() {
        check(&[("a.rs", "fn f() { g(1) }\nfn g(x: u8) {}\n")], &["f g -> g"]);
    }

    #[test]
    fn files_that_are_no_code_are_left_out() {
        let sources = [SourceText { path: "a.txt".into(), text: "f(x)".into() }];
        assert_eq!(callgraph(&sources).left_out, ["a.txt"]);
    }
}
