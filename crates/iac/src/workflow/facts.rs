//! What is kept of a workflow or action until all files were seen.

use bartizan_core::ByteRange;
use bartizan_source::document::Node;
use serde::{Deserialize, Serialize};

use super::{
    audit::{injection, triggers},
    command, comment,
    config::Config,
    definition::{Call, Definition, Job, member, place},
    edit, fence,
    taint::{self, Power},
    uses::{self, UsesKind},
};

/// What is kept of a file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Settings of zizmor, if the file is that.
    pub(super) config: Option<Config>,
    /// The system whose pipeline it is a file of, where files say something together.
    pub(super) pipeline: Option<super::pipeline::System>,
    /// The event that lets strangers start it with the repository's rights.
    pub(super) privileged_trigger: Option<String>,
    /// Actions and workflows that it uses.
    pub(super) uses: Vec<Used>,
    /// Where its inputs become part of something.
    pub(super) sinks: Vec<Sink>,
    /// What it gives to actions and workflows of the same repository.
    pub(super) calls: Vec<LocalCall>,
    /// Jobs that give all secrets to what they call.
    pub(super) inherits: Vec<Inherited>,
    /// Secrets that it reads.
    pub(super) secrets: Vec<String>,
    /// Steps that fetch a stranger's code.
    pub(super) checkouts: Vec<Span>,
    /// Steps that write what is not literal into the files of the runner.
    pub(super) writes: Vec<Span>,
}

/// Bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

/// An action or workflow of another repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Used {
    /// As it is written.
    pub(super) text: String,
    /// Where it is written.
    pub(super) place: Span,
    /// The end of its line.
    pub(super) end_of_line: u32,
    /// The comment behind it.
    pub(super) comment: Option<String>,
    /// All of the step or job.
    pub(super) span: Span,
    /// The job, and the step in it.
    pub(super) identity: Vec<String>,
}

/// An input that becomes part of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sink {
    /// The input's name, in lower case.
    pub(super) input: String,
    /// Where.
    pub(super) place: Span,
    /// Of what.
    pub(super) kind: SinkKind,
}

/// What an input becomes part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum SinkKind {
    /// Of a program.
    Program,
    /// Of the reference of a checkout.
    Checkout,
}

/// A call of an action or workflow of the same repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LocalCall {
    /// The path, as it is written.
    pub(super) target: String,
    /// Where it is written.
    pub(super) place: Span,
    /// All of the step or job.
    pub(super) span: Span,
    /// The job, and the step in it.
    pub(super) identity: Vec<String>,
    /// What is given.
    pub(super) inputs: Vec<Given>,
}

/// An input that is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Given {
    /// Its name, in lower case.
    pub(super) name: String,
    /// Where it is given.
    pub(super) place: Span,
    /// Contexts that may be in its value and that somebody chooses: their paths, and how they are written.
    pub(super) contexts: Vec<(String, String)>,
}

/// A job that gives all secrets to what it calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inherited {
    /// What it calls.
    pub(super) target: String,
    /// Where that is written.
    pub(super) place: Span,
    /// `inherit`.
    pub(super) value: Span,
    /// All of the job.
    pub(super) span: Span,
    /// The job's name.
    pub(super) job: String,
    /// Blanks before the members of the job.
    pub(super) n_indent: u32,
}

impl From<ByteRange> for Span {
    fn from(range: ByteRange) -> Self {
        Self { start: clipped(range.start()), end: clipped(range.end()) }
    }
}

impl Span {
    /// The bytes.
    pub(super) fn range(self) -> ByteRange {
        ByteRange::new(self.start as usize, self.end as usize)
    }
}

/// Offsets beyond 4 GiB are cut: files are smaller.
fn clipped(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Collects what other files need to know.
pub(super) fn collect(definition: &Definition<'_>) -> Facts {
    let mut facts = Facts { privileged_trigger: triggers::privileged_trigger(definition).map(str::to_owned), ..Facts::default() };
    for job in definition.jobs() {
        let Some(call) = &job.call else { continue };
        note_call(definition, call, &job.member.node, place(job.member), vec![job.id().to_owned()], &mut facts);
        facts.inherits.extend(inherited(definition, job, call));
    }
    for site in definition.sites() {
        let identity = site.job.map(|job| job.id().to_owned()).into_iter().chain([site.step.label()]).collect();
        if let Some(call) = &site.step.call {
            note_call(definition, call, site.step.node, site.step.node.range, identity, &mut facts);
        }
        for sink in injection::sinks(site) {
            note_inputs(definition, sink.node, SinkKind::Program, &mut facts, Some(site));
        }
        if site.uses_of("actions/checkout").is_some() {
            let inputs = ["ref", "repository"].iter().filter_map(|name| site.step.input(name));
            inputs.for_each(|input| note_inputs(definition, &input.node, SinkKind::Checkout, &mut facts, None));
        }
        if let Some((run, script)) = site.script() {
            let shell = site.shell().map_or("bash", |shell| shell.name);
            let n_writes = command::environment_writes(shell, script).len();
            facts.writes.extend((0 < n_writes).then(|| Span::from(place(run))));
        }
    }
    facts.checkouts = triggers::checkouts(definition).into_iter().map(|(_, at)| at.into()).collect();
    facts.secrets = secrets(definition);
    facts
}

fn note_call(definition: &Definition<'_>, call: &Call<'_>, node: &Node<'_>, span: ByteRange, identity: Vec<String>, facts: &mut Facts) {
    let (at, span) = (call.member.node.range, Span::from(span));
    match call.uses.kind {
        UsesKind::Repository { .. } => facts.uses.push(Used {
            text: call.uses.text.trim().to_owned(),
            place: at.into(),
            end_of_line: clipped(edit::end_of_line(definition.text, at.end())),
            comment: comment::behind(definition.text, at.end()).map(str::to_owned),
            span,
            identity,
        }),
        UsesKind::Local(target) => {
            let inputs = node.get("with").map(Node::members).unwrap_or_default();
            let given = |input: &bartizan_source::document::Member<'_>| Given {
                name: input.name.to_ascii_lowercase(),
                place: place(input).into(),
                contexts: chosen_contexts(&input.node, definition.text),
            };
            let inputs = inputs.iter().map(given).filter(|given| !given.contexts.is_empty()).collect();
            facts.calls.push(LocalCall { target: target.to_owned(), place: at.into(), span, identity, inputs });
        }
        UsesKind::Image(_) | UsesKind::Other => {}
    }
}

/// Contexts in a value that somebody chooses, or that are inputs themselves.
fn chosen_contexts(node: &Node<'_>, text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for fenced in fence::of_node(node, text) {
        let Ok(expression) = fenced.expression() else { continue };
        for context in expression.flowing_contexts() {
            let Some(path) = context.path() else { continue };
            let is_chosen = || taint::of_github(&path).is_some_and(|power| power != Power::None);
            if path.starts_with("inputs.") || is_chosen() || triggers::is_strangers_code(&path) {
                found.push((path, fenced.text_of(context).to_owned()));
            }
        }
    }
    found
}

/// Inputs that become part of a value: directly, or by a variable that is expanded.
fn note_inputs(
    definition: &Definition<'_>,
    node: &Node<'_>,
    kind: SinkKind,
    facts: &mut Facts,
    site: Option<super::definition::Site<'_, '_>>,
) {
    for fenced in fence::of_node(node, definition.text) {
        let Ok(expression) = fenced.expression() else { continue };
        for context in expression.flowing_contexts() {
            let at = Span::from(fenced.place_of(context));
            let Some(path) = context.path() else { continue };
            if let Some(input) = path.strip_prefix("inputs.") {
                if injection::input_power(&path, definition) != Some(Power::None) {
                    facts.sinks.push(Sink { input: input.to_owned(), place: at, kind });
                }
            } else if let (true, Some(name), Some(site)) = (path.starts_with("env."), context.member(), site) {
                let value = site.environments().into_iter().find_map(|variables| member(variables, name));
                let contexts = value.map(|value| chosen_contexts(&value.node, definition.text)).unwrap_or_default();
                let inputs = contexts.iter().filter_map(|(path, _)| path.strip_prefix("inputs."));
                facts.sinks.extend(inputs.map(|input| Sink { input: input.to_owned(), place: at, kind }));
            }
        }
    }
}

fn inherited(definition: &Definition<'_>, job: &Job<'_>, call: &Call<'_>) -> Option<Inherited> {
    let secrets = member(&job.member.node, "secrets").filter(|secrets| secrets.node.text() == Some("inherit"))?;
    let line = definition.text.get(..secrets.name_range.start())?.rsplit('\n').next()?;
    Some(Inherited {
        target: call.uses.text.trim().to_owned(),
        place: call.member.node.range.into(),
        value: secrets.node.range.into(),
        span: place(job.member).into(),
        job: job.id().to_owned(),
        n_indent: clipped(line.len()),
    })
}

/// The names of all secrets that are read, sorted; that of the run's own token is not one that anybody gives.
fn secrets(definition: &Definition<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for node in fence::texts(definition.root) {
        for fenced in fence::of_node(node, definition.text) {
            let Ok(expression) = fenced.expression() else { continue };
            let read = expression.contexts().into_iter().filter(|context| context.is_in("secrets"));
            found.extend(read.map(|context| context.member().unwrap_or("*").to_ascii_uppercase()));
        }
    }
    found.retain(|name| name != "GITHUB_TOKEN");
    found.sort();
    found.dedup();
    found
}

impl Used {
    /// What it names.
    pub(super) fn uses(&self) -> uses::Uses<'_> {
        uses::Uses::parse(&self.text)
    }
}
