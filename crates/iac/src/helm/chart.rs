//! Charts: their files, values and dependencies, and the run over their templates.

mod dependency;
mod ignored;
mod keys;
mod load;
mod output;
mod top;
mod values;

use std::{rc::Rc, sync::Arc};

use bartizan_core::ByteRange;

use self::{keys::Keys, load::Chart};
use super::{
    File, Options,
    failure::Failure,
    machine::{Machine, Template},
    template,
    text::FileId,
    value::Val,
};
use crate::rendered::{Problem, Rendered};

/// The work on one chart.
struct Work {
    machine: Machine,
    keys: Keys,
    /// The paths of the files, by number.
    paths: Vec<Arc<str>>,
    problems: Vec<Problem>,
}

/// A file of the chart that is rendered.
struct Page {
    name: Rc<str>,
    file: FileId,
    data: Val,
}

/// Renders a chart: see [`super::render`].
pub(super) fn render(files: &[File<'_>], values: &[File<'_>], options: &Options) -> Rendered {
    let mut work = Work { machine: Machine::new(options.now_seconds), keys: Keys::default(), paths: Vec::new(), problems: Vec::new() };
    let Some(mut chart) = load::chart(&mut work, files) else {
        return Rendered { documents: Vec::new(), problems: work.problems };
    };
    let given = values::given(&mut work, values);
    let tops = given.and_then(|given| {
        dependency::process(&mut work, &mut chart, given)?;
        values::coalesced(&mut work.machine, &chart, given)
    });
    let mut rendered = Rendered::default();
    match tops {
        Ok(values) => {
            let pages = top::pages(&mut work, &chart, values, options);
            run(&mut work, pages, &mut rendered);
        }
        Err(failure) => work.problem(*failure, 0),
    }
    output::crds(&work, &chart, &mut rendered);
    rendered.documents.sort_by(|a, b| a.path.cmp(&b.path));
    rendered.problems = work.problems;
    rendered
}

/// Parses all templates, the ones of dependencies first so that those of the chart hide them, and runs them.
fn run(work: &mut Work, mut pages: Vec<Page>, rendered: &mut Rendered) {
    pages.sort_by(|a, b| {
        let depth = |page: &Page| page.name.matches('/').count();
        depth(b).cmp(&depth(a)).then_with(|| b.name.cmp(&a.name))
    });
    pages.retain(|page| define(work, page));
    for page in pages {
        if page.name.rsplit('/').next().is_some_and(|name| name.starts_with('_') || name == "NOTES.txt") {
            continue;
        }
        work.machine.reset();
        if let Some(map) = page.data.as_map() {
            let (base, _) = page.name.split_once("/templates/").unwrap_or((&page.name, ""));
            let base = format!("{base}/templates");
            let name = work.machine.heap.texts(&[("Name", &page.name), ("BasePath", &base)]);
            work.machine.heap.set(map, "Template", name);
        }
        match work.machine.render(&page.name, page.data.clone()) {
            Ok(text) => output::documents(work, page.file, &text, rendered),
            Err(failure) => {
                let is_limit = failure.is_limit;
                work.problem(*failure, page.file.0 as usize);
                if is_limit {
                    return;
                }
            }
        }
    }
}

/// Parses a template and names what it defines. Says whether it can be run.
fn define(work: &mut Work, page: &Page) -> bool {
    let Some(source) = work.machine.sources.get(page.file.0 as usize) else { return false };
    let parsed = match template::parse(source.text.as_str()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let at = Some((page.file, error.at));
            work.problem(Failure { message: error.message, at, is_limit: false }, page.file.0 as usize);
            return false;
        }
    };
    let text = source.text.clone();
    for (name, nodes) in parsed.defined {
        // A definition that is empty hides none that is not.
        let is_empty = nodes.iter().all(|node| match node {
            template::Node::Text(range) => {
                text.as_str().get(range.start as usize..range.end as usize).is_none_or(|text| text.trim().is_empty())
            }
            _ => false,
        });
        if !(is_empty && work.machine.templates.contains_key(&name)) {
            work.machine.templates.insert(name, Template { file: page.file, nodes });
        }
    }
    work.machine.templates.insert(Rc::clone(&page.name), Template { file: page.file, nodes: parsed.root });
    true
}

impl Work {
    /// Keeps a file whose bytes may end up in a document.
    fn add_file(&mut self, path: &str, text: &str) -> FileId {
        self.paths.push(path.into());
        self.machine.add_source(text.into(), true)
    }

    /// Notes a failure; without a place of its own it is at the start of a file.
    fn problem(&mut self, failure: Failure, file: usize) {
        let at = failure.at.filter(|(file, _)| (file.0 as usize) < self.paths.len());
        let (file, at) = at.map_or((file, 0), |(file, at)| (file.0 as usize, at as usize));
        self.problem_at(file, ByteRange::new(at, at), failure.message);
    }

    fn problem_at(&mut self, file: usize, range: ByteRange, message: String) {
        let path = self.paths.get(file).cloned().unwrap_or_else(|| "Chart.yaml".into());
        self.problems.push(Problem { path, range, message });
    }
}

/// A chart of the whole, with those that it depends on.
fn each_chart<'c>(chart: &'c Chart, all: &mut Vec<&'c Chart>) {
    all.push(chart);
    for dependency in &chart.dependencies {
        each_chart(dependency, all);
    }
}
