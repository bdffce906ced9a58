//! Queries of KICS, unmodified: Rego over documents as they were written.
//!
//! A query gets all documents of the project at once, `input.document[i]`, each with its `id` and `file`, and answers with the places
//! of what is wrong: `searchKey` names words of lines (`search_key`), `searchLine` a path in the document. Which one counts, and to
//! which line it leads, is as in KICS. Queries of one platform are compiled together, each in a package of its own, when a document
//! of the platform is there.
//!
//! Not read: Buildah and gRPC; `$ref` of OpenAPI into other files.

mod data;
mod document;
mod filter_pattern;
mod ini;
mod meaning;
mod platform;
mod query;
mod result;
mod search_key;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use bartizan_core::{Diagnostic, DiagnosticKind, Level, Rule};
use serde_json::{Map, Value as Json, json};

pub use self::query::{is_part, parts_of};
use self::{
    document::Document,
    platform::Platform,
    query::{About, Found, Library, Query},
};
use super::{Bundle, Evaluator, Failure, Input, Limits};
use crate::{PolicyText, project::Project, report::Draft, rule::IacRule};

/// How long a query may think about all documents of a project.
const MAX_TIME: Duration = Duration::from_secs(10);
/// The library that all others import.
const COMMON: &str = "common";

/// Queries, ready to be run.
#[derive(Debug, Default)]
pub struct Queries {
    queries: Vec<Query>,
    libraries: BTreeMap<String, Library>,
    /// What is known of what each query finds, as rules; the number of the query and of what it is called.
    rules: BTreeMap<(usize, usize), IacRule>,
    /// What is wrong with files.
    diagnostics: Vec<Diagnostic>,
}

/// What a query says about a place.
#[derive(Debug, Clone, PartialEq)]
struct Answer {
    /// What it is called: an index of [`Query::about`].
    about: usize,
    /// The index of the document.
    document: usize,
    /// The line, from 0.
    line: usize,
    message: String,
    identity: Vec<String>,
}

impl Queries {
    /// Understands files of queries and libraries; others among them are taken for data.
    #[must_use]
    pub fn new(files: &[&PolicyText]) -> Self {
        let Found { mut queries, libraries, mut diagnostics } = query::find(files);
        let n_queries = queries.len();
        for (library, origin) in missing(&queries, &libraries) {
            let needs = |query: &&Query| query.libraries.contains(&library);
            let n_without = queries.iter().filter(needs).count();
            let message = format!("{n_without} queries of KICS need the library `{library}.rego`, which is not among the rules");
            let diagnostic = query::problem(&origin, message);
            diagnostics
                .push(diagnostic.with_help("name the folder `assets` of KICS, or `assets/libraries` beside your queries, with `--rules`"));
        }
        let unread: BTreeSet<Platform> = queries.iter().map(|query| query.platform).filter(|platform| !platform.is_read()).collect();
        for platform in unread {
            let mut of_platform = queries.iter().filter(|query| query.platform == platform);
            let Some(origin) = of_platform.next().map(|query| query.origin.clone()) else { continue };
            let message = format!("{} queries of KICS are about {}, which is not read", of_platform.count() + 1, platform.name());
            diagnostics.push(Diagnostic { level: Level::Note, ..query::problem(&origin, message) });
        }
        queries.retain(|query| query.libraries.iter().all(|library| libraries.contains_key(library)));
        if queries.is_empty() && n_queries == 0 && !libraries.is_empty() {
            let origin = libraries.values().next().map(|library| library.origin.clone());
            let note = origin.map(|origin| query::problem(&origin, "there is a library of KICS, and no query".to_owned()));
            diagnostics.extend(note.map(|note| Diagnostic { level: Level::Note, ..note }));
        }
        let named = queries
            .iter()
            .enumerate()
            .flat_map(|(number, query)| query.about.iter().enumerate().map(move |(which, about)| (number, which, query, about)));
        let rules = named.map(|(number, which, query, about)| ((number, which), rule_of(query, about))).collect();
        Self { queries, libraries, rules, diagnostics }
    }

    /// What reports show of the queries.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.rules.values().map(IacRule::describe)
    }

    /// What is wrong with files of queries, and what they need.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Whether a file is to be kept for queries, though nobody else reads it.
    #[must_use]
    pub fn want(&self, path: &str) -> bool {
        document::sources_of(path).is_some_and(|reads| self.queries.iter().any(|query| reads(query.platform)))
    }

    /// Runs all queries of which there are documents.
    pub(crate) fn run(&self, project: &Project<'_>) -> (Vec<(&IacRule, Draft)>, Vec<Diagnostic>) {
        let platforms: BTreeSet<Platform> = self.queries.iter().map(|query| query.platform).collect();
        let platforms: Vec<Platform> = platforms.into_iter().collect();
        let documents = document::all(project, &platforms);
        let (mut drafts, mut diagnostics) = (Vec::new(), Vec::new());
        for &platform in &platforms {
            let about: Vec<&Document<'_>> = documents.iter().filter(|document| platform.is_about(document)).collect();
            if about.is_empty() {
                continue;
            }
            let input = Input::new(&input(&about, project));
            for (numbers, bundle) in self.bundles(platform, &mut diagnostics) {
                let mut evaluator = bundle.evaluator();
                evaluator.set_shared_input(&input);
                for number in numbers {
                    let Some(query) = self.queries.get(number) else { continue };
                    match answers(number, query, &mut evaluator, &about, project) {
                        Ok(answers) => {
                            let drafts_of = answers.into_iter().filter_map(|answer| {
                                let rule = self.rules.get(&(number, answer.about))?;
                                Some((rule, result::draft(&answer, about.get(answer.document)?, project)?))
                            });
                            drafts.extend(drafts_of);
                        }
                        Err(failure) => {
                            let message = format!("the query gave no answer about {} documents: {failure}", about.len());
                            let kind =
                                if matches!(failure, Failure::Timeout(_)) { DiagnosticKind::PolicyTimeout } else { DiagnosticKind::Rule };
                            diagnostics.push(Diagnostic { kind, ..query::problem(&query.origin, message) });
                        }
                    }
                }
            }
        }
        (drafts, diagnostics)
    }

    /// The queries of a platform by number, compiled: those with data of their own apart.
    fn bundles(&self, platform: Platform, problems: &mut Vec<Diagnostic>) -> Vec<(Vec<usize>, Bundle)> {
        let of_platform = || {
            self.queries
                .iter()
                .enumerate()
                .filter(move |(_, query)| query.platform == platform && !query.about.iter().all(|about| about.is_inventory))
        };
        let together: Vec<usize> = of_platform().filter(|(_, query)| query.data.is_none()).map(|(number, _)| number).collect();
        let apart = of_platform().filter(|(_, query)| query.data.is_some()).map(|(number, _)| vec![number]);
        let groups = std::iter::once(together).chain(apart).filter(|group| !group.is_empty());
        groups
            .map(|group| {
                let bundle = self.bundle(&group);
                problems.extend(bundle.problems().iter().map(|problem| self.diagnostic(problem)));
                (group, bundle)
            })
            .collect()
    }

    /// Some queries of one platform with the libraries that they need.
    fn bundle(&self, numbers: &[usize]) -> Bundle {
        let queries = || numbers.iter().filter_map(|&number| self.queries.get(number));
        let mut bundle = Bundle::new(Limits { time: MAX_TIME, ..Limits::default() });
        let mut data: Map<String, Json> = Map::new();
        let common = COMMON.to_owned();
        for library in needed(queries().flat_map(|query| &query.libraries).chain([&common]), &self.libraries).into_values() {
            bundle.add_module(&library.origin.to_string(), &library.text);
            data.extend(library.data.clone().into_iter().flatten());
        }
        for query in queries() {
            bundle.add_module(&query.origin.to_string(), &query.text);
            data.extend(query.data.clone().into_iter().flatten());
        }
        bundle.add_data(&Json::Object(data));
        bundle.compile();
        bundle
    }

    fn diagnostic(&self, problem: &super::Problem) -> Diagnostic {
        let origin = self.queries.iter().map(|query| &query.origin).chain(self.libraries.values().map(|library| &library.origin));
        let origin = origin.into_iter().find(|origin| origin.to_string() == *problem.file).cloned();
        let message = format!("line {}: {}", problem.line, problem.message);
        query::problem(&origin.unwrap_or_else(|| bartizan_core::ArtifactPath::from(&*problem.file)), message)
    }
}

/// Libraries that are needed and not there, with the first file that needs each.
fn missing(queries: &[Query], libraries: &BTreeMap<String, Library>) -> BTreeMap<String, bartizan_core::ArtifactPath> {
    let by_queries = queries.iter().flat_map(|query| query.libraries.iter().map(move |library| (library, &query.origin)));
    let by_libraries = libraries.values().flat_map(|library| library.imports.iter().map(move |import| (import, &library.origin)));
    let mut missing = BTreeMap::new();
    for (library, origin) in by_queries.chain(by_libraries).filter(|(library, _)| !libraries.contains_key(*library)) {
        missing.entry(library.clone()).or_insert_with(|| origin.clone());
    }
    missing
}

/// Libraries, with those that they import, in order of their names.
fn needed<'l>(names: impl Iterator<Item = &'l String>, libraries: &'l BTreeMap<String, Library>) -> BTreeMap<&'l str, &'l Library> {
    let mut needed: BTreeMap<&str, &Library> = BTreeMap::new();
    let mut open: Vec<String> = names.cloned().collect();
    while let Some(name) = open.pop() {
        let Some((name, library)) = libraries.get_key_value(&name) else { continue };
        if needed.insert(name, library).is_none() {
            open.extend(library.imports.iter().cloned());
        }
    }
    needed
}

/// All documents as queries get them.
fn input(documents: &[&Document<'_>], project: &Project<'_>) -> Json {
    let numbered = documents.iter().enumerate().map(|(number, document)| {
        let mut json = document.json.clone();
        let path = project.files.get(document.file as usize).map(|file| file.path.to_string());
        json.insert("id".to_owned(), Json::from(number.to_string()));
        json.insert("file".to_owned(), Json::from(path.unwrap_or_default()));
        Json::Object(json)
    });
    json!({ "document": numbered.collect::<Vec<_>>() })
}

/// What a query says about documents.
fn answers(
    number: usize,
    query: &Query,
    evaluator: &mut Evaluator,
    documents: &[&Document<'_>],
    project: &Project<'_>,
) -> Result<Vec<Answer>, Failure> {
    let results = match evaluator.eval(&format!("data.kics.q{number}.CxPolicy")) {
        // What could not be compiled was told of.
        Ok(None) | Err(Failure::NoRule) => return Ok(Vec::new()),
        Ok(Some(results)) => results,
        Err(failure) => return Err(failure),
    };
    let results = results.as_array().map(Vec::as_slice).unwrap_or_default();
    Ok(results.iter().filter_map(|result| result::understood(result, query, documents, project)).collect())
}

/// The rule that a query is.
fn rule_of(query: &Query, about: &About) -> IacRule {
    let mut tags = vec![query.platform.name().to_owned()];
    tags.extend(Some(about.category.clone()).filter(|category| !category.is_empty()));
    IacRule::of_foreign(crate::rule::Foreign {
        id: about.id.clone(),
        title: about.name.clone(),
        severity: about.severity,
        why: about.description.clone(),
        fix: "Change what the message names to what is expected.".to_owned(),
        references: about.url.clone().into_iter().collect(),
        cwe: about.cwe.into_iter().collect(),
        origin: query.origin.clone(),
        tags,
    })
}
