//! A small view of workflows and actions of GitHub, Gitea and Forgejo: borrowed from the document, with the place of everything.

use bartizan_core::ByteRange;
use bartizan_source::document::{Member, Node, Value};

use super::{constant, expression, fence, uses::Uses};

/// A workflow or an action.
#[derive(Debug)]
pub(crate) struct Definition<'d> {
    /// The whole document.
    pub(crate) root: &'d Node<'d>,
    /// The file's text.
    pub(crate) text: &'d str,
    /// Which of the two, and what it has of its own.
    pub(crate) kind: DefinitionKind<'d>,
}

/// A workflow or an action.
#[derive(Debug)]
pub(crate) enum DefinitionKind<'d> {
    /// Jobs that events start.
    Workflow {
        /// The events.
        triggers: Vec<Trigger<'d>>,
        /// The jobs, in order.
        jobs: Vec<Job<'d>>,
    },
    /// Something that a step uses: its steps, if it is composite.
    Action(Vec<Step<'d>>),
}

/// An event that starts a workflow.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trigger<'d> {
    /// Its name.
    pub(crate) name: &'d str,
    /// What narrows it.
    pub(crate) body: Option<&'d Node<'d>>,
}

/// A job.
#[derive(Debug)]
pub(crate) struct Job<'d> {
    /// Its name in `jobs`.
    pub(crate) member: &'d Member<'d>,
    /// What it runs; empty where it calls a workflow.
    pub(crate) steps: Vec<Step<'d>>,
    /// The workflow that it calls.
    pub(crate) call: Option<Call<'d>>,
}

/// `uses`, and what it names.
#[derive(Debug, Clone)]
pub(crate) struct Call<'d> {
    /// The member `uses`.
    pub(crate) member: &'d Member<'d>,
    /// What it names.
    pub(crate) uses: Uses<'d>,
}

/// A step of a job or of a composite action.
#[derive(Debug)]
pub(crate) struct Step<'d> {
    /// All of it.
    pub(crate) node: &'d Node<'d>,
    /// The action that it uses.
    pub(crate) call: Option<Call<'d>>,
    /// The script that it runs.
    pub(crate) run: Option<&'d Member<'d>>,
}

/// A step where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site<'a, 'd> {
    /// What it is in.
    pub(crate) definition: &'a Definition<'d>,
    /// The job that it is in; nothing in an action.
    pub(crate) job: Option<&'a Job<'d>>,
    /// The step.
    pub(crate) step: &'a Step<'d>,
}

/// What a script is run by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shell<'d> {
    /// The program's name, without its path and arguments.
    pub(crate) name: &'d str,
    /// What says so.
    pub(crate) place: ByteRange,
}

impl<'d> Definition<'d> {
    /// A workflow: the document has jobs and says when they run.
    pub(crate) fn workflow(root: &'d Node<'d>, text: &'d str) -> Self {
        let jobs = root.get("jobs").map(Node::members).unwrap_or_default().iter().map(Job::new).collect();
        Self { root, text, kind: DefinitionKind::Workflow { triggers: triggers(root), jobs } }
    }

    /// An action.
    pub(crate) fn action(root: &'d Node<'d>, text: &'d str) -> Self {
        Self { root, text, kind: DefinitionKind::Action(root.at(&["runs", "steps"]).map(steps).unwrap_or_default()) }
    }

    /// The jobs of a workflow.
    pub(crate) fn jobs(&self) -> &[Job<'d>] {
        match &self.kind {
            DefinitionKind::Workflow { jobs, .. } => jobs,
            DefinitionKind::Action(_) => &[],
        }
    }

    /// The events that start a workflow.
    pub(crate) fn triggers(&self) -> &[Trigger<'d>] {
        match &self.kind {
            DefinitionKind::Workflow { triggers, .. } => triggers,
            DefinitionKind::Action(_) => &[],
        }
    }

    /// Whether it is a workflow.
    pub(crate) const fn is_workflow(&self) -> bool {
        matches!(self.kind, DefinitionKind::Workflow { .. })
    }

    /// Whether an event starts it.
    pub(crate) fn has_trigger(&self, name: &str) -> bool {
        self.triggers().iter().any(|trigger| trigger.name == name)
    }

    /// Whether nothing but other workflows start it.
    pub(crate) fn is_only_called(&self) -> bool {
        matches!(self.triggers(), [Trigger { name: "workflow_call", .. }])
    }

    /// All steps, in order.
    pub(crate) fn sites(&self) -> Vec<Site<'_, 'd>> {
        let site = |job, step| Site { definition: self, job, step };
        match &self.kind {
            DefinitionKind::Workflow { jobs, .. } => {
                jobs.iter().flat_map(|job| job.steps.iter().map(move |step| site(Some(job), step))).collect()
            }
            DefinitionKind::Action(steps) => steps.iter().map(|step| site(None, step)).collect(),
        }
    }

    /// The steps that run one after the other: of each job, or of the action.
    pub(crate) fn sequences(&self) -> Vec<Vec<Site<'_, 'd>>> {
        let site = |job, step| Site { definition: self, job, step };
        match &self.kind {
            DefinitionKind::Workflow { jobs, .. } => {
                jobs.iter().map(|job| job.steps.iter().map(|step| site(Some(job), step)).collect()).collect()
            }
            DefinitionKind::Action(steps) => vec![steps.iter().map(|step| site(None, step)).collect()],
        }
    }

    /// Conditions, and the job or step that each is of.
    pub(crate) fn conditions(&self) -> Vec<(&'d Member<'d>, &'d Node<'d>)> {
        let of = |node: &'d Node<'d>| member(node, "if").map(|condition| (condition, node));
        let of_jobs = self.jobs().iter().flat_map(|job| {
            let steps = job.steps.iter().filter_map(move |step| of(step.node));
            of(&job.member.node).into_iter().chain(steps)
        });
        match &self.kind {
            DefinitionKind::Workflow { .. } => of_jobs.collect(),
            DefinitionKind::Action(steps) => steps.iter().filter_map(|step| of(step.node)).collect(),
        }
    }
}

impl<'d> Job<'d> {
    fn new(member: &'d Member<'d>) -> Self {
        let call = call_of(&member.node);
        let steps = if call.is_some() { Vec::new() } else { member.node.get("steps").map(steps).unwrap_or_default() };
        Self { member, steps, call }
    }

    /// Its name in `jobs`.
    pub(crate) fn id(&self) -> &'d str {
        self.member.name.as_ref()
    }

    /// Labels of the machines that may run it.
    pub(crate) fn labels(&self) -> Vec<&'d str> {
        let Some(runner) = self.member.node.get("runs-on") else { return Vec::new() };
        let labels = if runner.is_map() { runner.get("labels") } else { Some(runner) };
        labels.map(texts_of).unwrap_or_default()
    }

    /// The shell that its machine has where nothing else is said.
    fn default_shell(&self) -> Option<&'static str> {
        self.labels().into_iter().find_map(|label| match label {
            "linux" | "macOS" => Some("bash"),
            "windows" => Some("pwsh"),
            _ if label.contains("ubuntu-") || label.contains("macos") => Some("bash"),
            _ if label.contains("windows-") => Some("pwsh"),
            _ => None,
        })
    }
}

impl<'d> Step<'d> {
    /// The value of an input that it gives to its action.
    pub(crate) fn input(&self, name: &str) -> Option<&'d Member<'d>> {
        self.node.get("with").and_then(|with| with.members().iter().rev().find(|member| member.name.eq_ignore_ascii_case(name)))
    }

    /// Whether its inputs are one expression, so that they are not known.
    pub(crate) fn has_opaque_inputs(&self) -> bool {
        self.node.text_of("with").is_some_and(|with| fence::whole(with.trim()).is_some())
    }

    /// What tells it from other steps of its job: its id, its name, its action, or the start of its script.
    pub(crate) fn label(&self) -> String {
        let named = self.node.text_of("id").or(self.node.text_of("name"));
        let called = self.call.as_ref().map(|call| call.uses.without_reference());
        let run = self.run.and_then(|run| run.node.text()).map(|run| run.chars().take(40).collect());
        named.map(str::to_owned).or(called).or(run).unwrap_or_default()
    }
}

impl<'d> Site<'_, 'd> {
    /// The action that the step uses, if it is this one: `owner/name` or `owner/name/folder`.
    pub(crate) fn uses_of(&self, slug: &str) -> Option<&Call<'d>> {
        self.step.call.as_ref().filter(|call| call.uses.is(slug))
    }

    /// The script of the step, if it has one.
    pub(crate) fn script(&self) -> Option<(&'d Member<'d>, &'d str)> {
        self.step.run.and_then(|run| run.node.text().map(|text| (run, text)))
    }

    /// What runs the step's script; nothing where that is not known.
    pub(crate) fn shell(&self) -> Option<Shell<'d>> {
        let default = |node: &'d Node<'d>| node.at(&["defaults", "run"]).and_then(|run| member(run, "shell"));
        let job = self.job.map(|job| &job.member.node);
        let written = member(self.step.node, "shell").or_else(|| job.and_then(default)).or_else(|| default(self.definition.root));
        if let Some(written) = written {
            let text = written.node.text()?;
            let name = text.split(' ').next().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
            return (!fence::has_expression(text)).then_some(Shell { name, place: place(written) });
        }
        let job = self.job?;
        let runner = member(&job.member.node, "runs-on")?;
        Some(Shell { name: job.default_shell()?, place: place(runner) })
    }

    /// The variables that the step, its job and its workflow set, the nearest first.
    pub(crate) fn environments(&self) -> Vec<&'d Node<'d>> {
        let job = self.job.map(|job| &job.member.node);
        let workflow = self.job.map(|_| self.definition.root);
        [Some(self.step.node), job, workflow].into_iter().flatten().filter_map(|node| node.get("env")).collect()
    }
}

/// The member of a name, the last one where it is given twice.
pub(crate) fn member<'d>(node: &'d Node<'d>, name: &str) -> Option<&'d Member<'d>> {
    node.members().iter().rev().find(|member| member.name == name)
}

/// A member with its name.
pub(crate) fn place(member: &Member<'_>) -> ByteRange {
    ByteRange::new(member.name_range.start(), member.node.range.end().max(member.name_range.end()))
}

/// The texts of a value that is one or a list of them.
pub(crate) fn texts_of<'d>(node: &'d Node<'d>) -> Vec<&'d str> {
    node.scalar().into_iter().chain(node.items().iter().filter_map(Node::scalar)).collect()
}

/// A scalar as it reads: inputs of actions are texts, however they are written.
pub(crate) fn spelled<'d>(node: &'d Node<'d>) -> Option<&'d str> {
    match &node.value {
        Value::Boolean(true) => Some("true"),
        Value::Boolean(false) => Some("false"),
        Value::Null => Some(""),
        Value::Number(text) | Value::Text(text) => Some(text),
        Value::List(_) | Value::Map(_) => None,
    }
}

fn triggers<'d>(root: &'d Node<'d>) -> Vec<Trigger<'d>> {
    let Some(on) = root.get("on") else { return Vec::new() };
    let named = texts_of(on).into_iter().map(|name| Trigger { name, body: None });
    named.chain(on.members().iter().map(|member| Trigger { name: member.name.as_ref(), body: Some(&member.node) })).collect()
}

/// The steps of a list, those that run side by side among them, without those whose condition never holds.
fn steps<'d>(list: &'d Node<'d>) -> Vec<Step<'d>> {
    let side_by_side = |node: &'d Node<'d>| node.get("parallel").map_or_else(|| vec![node], |steps| steps.items().iter().collect());
    list.items().iter().flat_map(side_by_side).filter(|node| node.is_map() && !never_runs(node)).map(step).collect()
}

fn step<'d>(node: &'d Node<'d>) -> Step<'d> {
    Step { node, call: call_of(node), run: member(node, "run") }
}

fn call_of<'d>(node: &'d Node<'d>) -> Option<Call<'d>> {
    let member = member(node, "uses")?;
    Some(Call { member, uses: Uses::parse(member.node.text()?) })
}

fn never_runs(node: &Node<'_>) -> bool {
    let Some(condition) = node.get("if") else { return false };
    match &condition.value {
        Value::Boolean(holds) => !holds,
        Value::Text(text) => {
            let inner = fence::whole(text).unwrap_or(text);
            let value = expression::parse(inner).ok().and_then(|expression| constant::value_of(&expression));
            value == Some(constant::Constant::Boolean(false))
        }
        _ => false,
    }
}
