//! The tasks of plays, blocks and handlers, with what they inherit.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use crate::{Cause, Kind, Map, Member, Place, Unknown, Value};

/// Blocks within blocks are read so deep.
const MAX_DEPTH: usize = 24;
/// So many tasks of one document are read.
const MAX_TASKS: usize = 20_000;

/// Keys of a task that are not its module.
const KEYWORDS: &[&str] = &[
    "action",
    "any_errors_fatal",
    "args",
    "async",
    "become",
    "become_exe",
    "become_flags",
    "become_method",
    "become_user",
    "changed_when",
    "check_mode",
    "collections",
    "connection",
    "debugger",
    "delay",
    "delegate_facts",
    "delegate_to",
    "diff",
    "environment",
    "failed_when",
    "ignore_errors",
    "ignore_unreachable",
    "local_action",
    "loop",
    "loop_control",
    "module_defaults",
    "name",
    "no_log",
    "notify",
    "poll",
    "port",
    "register",
    "remote_user",
    "retries",
    "run_once",
    "tags",
    "throttle",
    "timeout",
    "until",
    "vars",
    "when",
    "listen",
    "block",
    "rescue",
    "always",
    "hosts",
    "gather_facts",
    "roles",
    "tasks",
    "pre_tasks",
    "post_tasks",
    "handlers",
    "vars_files",
    "vars_prompt",
    "strategy",
    "serial",
    "order",
    "max_fail_percentage",
    "force_handlers",
    "fact_path",
    "gather_subset",
    "gather_timeout",
];

/// Modules whose arguments are one text.
const FREE_FORM: &[&str] = &["shell", "command", "raw", "script", "win_shell", "win_command", "expect"];

/// A task, or what a play says of all of its tasks.
#[derive(Debug)]
pub(super) struct Task {
    /// The type of its resource.
    pub(super) kind: &'static str,
    pub(super) name: Option<String>,
    /// The module as it is written.
    pub(super) module: String,
    /// Its arguments, as they are written.
    pub(super) arguments: Value,
    pub(super) header: Place,
    pub(super) block: Place,
    settings: Settings,
    has_loop: bool,
    /// The name that its result gets.
    register: Option<String>,
    /// The expressions in its text whose values come from a machine, or from elsewhere.
    external: Vec<String>,
    /// Whether it is in a file that others include, and inherits what they say.
    is_included: bool,
}

/// What tasks inherit.
#[derive(Debug, Clone, Default)]
struct Settings {
    no_log: Option<Value>,
    r#become: Option<Value>,
    become_user: Option<Value>,
    variables: Option<Arc<Variables>>,
}

/// Variables that are set in one place, and around it.
#[derive(Debug)]
struct Variables {
    own: Value,
    around: Option<Arc<Variables>>,
}

impl Variables {
    fn get(&self, name: &str) -> Option<&Value> {
        self.own.get(name).or_else(|| self.around.as_ref()?.get(name))
    }
}

/// The tasks of a document, in its order.
pub(super) fn all(document: &Value) -> Vec<Task> {
    let mut tasks = Vec::new();
    for item in document.items() {
        walk(item, &Settings::default(), 0, &mut tasks);
    }
    let is_included = !tasks.iter().any(|task| task.kind == "ansible_play");
    let registered: BTreeSet<String> = tasks.iter().filter_map(|task| task.register.clone()).collect();
    for task in &mut tasks {
        let text = task.arguments.get("cmd").and_then(Value::text).unwrap_or_default();
        task.external = expressions(text).filter(|expression| is_external(expression, &registered)).map(str::to_owned).collect();
        task.is_included = is_included;
    }
    tasks
}

/// What stands in double braces.
pub(super) fn expressions(text: &str) -> impl Iterator<Item = &str> {
    let inner = text.split("{{").skip(1).map(|part| part.split("}}").next().unwrap_or_default().trim());
    inner.filter(|expression| !expression.is_empty())
}

/// Whether a value comes from a machine or from elsewhere: results of tasks, facts, lookups, items of a loop over them.
fn is_external(expression: &str, registered: &BTreeSet<String>) -> bool {
    // Numbers and truth values of results hold nothing that a shell takes for more than a word.
    if [".rc", ".stat.", ".changed", ".failed"].iter().any(|plain| expression.contains(plain)) {
        return false;
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut names = expression.split(|c: char| !is_name(c)).filter(|name| !name.is_empty());
    names.any(|name| {
        registered.contains(name)
            || matches!(name, "lookup" | "query" | "hostvars" | "ansible_facts" | "stdout" | "stdout_lines" | "content")
    })
}

fn walk(item: &Value, inherited: &Settings, depth: usize, tasks: &mut Vec<Task>) {
    if MAX_DEPTH <= depth || MAX_TASKS <= tasks.len() {
        return;
    }
    let settings = inherited.with(item);
    if item.get("hosts").is_some() {
        tasks.push(play(item, &settings));
    }
    let mut has_inner = false;
    for key in ["pre_tasks", "tasks", "post_tasks", "handlers", "block", "rescue", "always"] {
        for inner in item.get(key).map(Value::items).unwrap_or_default() {
            has_inner = true;
            walk(inner, &settings, depth + 1, tasks);
        }
    }
    if !has_inner && item.get("hosts").is_none() {
        tasks.extend(task(item, settings));
    }
}

fn play(item: &Value, settings: &Settings) -> Task {
    let name = item.get("name").and_then(Value::text).map(str::to_owned);
    let header = item.member("become_user").or_else(|| item.member("hosts")).map_or(item.place, |member| member.name);
    let has_become = |value: &Value| contains_key(value, "become", 0);
    let inner = ["pre_tasks", "tasks", "post_tasks", "handlers", "roles"].iter().filter_map(|key| item.get(key)).any(has_become);
    let mut settings = settings.clone();
    // A task may ask for the rights, and the play for whose.
    if inner {
        settings.become_user = None;
    }
    Task {
        kind: "ansible_play",
        module: name.clone().unwrap_or_else(|| "play".to_owned()),
        name,
        arguments: item.get("vars").cloned().unwrap_or_else(Value::null),
        header,
        block: item.place,
        settings,
        has_loop: false,
        register: None,
        external: Vec::new(),
        is_included: false,
    }
}

fn contains_key(value: &Value, key: &str, depth: usize) -> bool {
    depth < MAX_DEPTH
        && (value.items().iter().any(|item| contains_key(item, key, depth + 1))
            || value.map().is_some_and(|map| {
                map.0.iter().any(|(name, member)| {
                    (name.as_ref() == key && is_true(&member.value) == Some(true)) || contains_key(&member.value, key, depth + 1)
                })
            }))
}

fn task(item: &Value, settings: Settings) -> Option<Task> {
    let members = &item.map()?.0;
    let (module, written, header) = module(members)?;
    let extra = item.get("args").and_then(Value::map);
    let arguments = arguments(&module, written, extra);
    let has_loop = members.keys().any(|key| key.as_ref() == "loop" || key.starts_with("with_"));
    let name = item.get("name").and_then(Value::text).map(str::to_owned);
    let register = item.get("register").and_then(Value::text).map(str::to_owned);
    let kind = "ansible_task";
    Some(Task {
        kind,
        name,
        module,
        arguments,
        header,
        block: item.place,
        settings,
        has_loop,
        register,
        external: Vec::new(),
        is_included: false,
    })
}

/// The module of a task, what it is told, and where it is named.
fn module(members: &BTreeMap<Arc<str>, Member>) -> Option<(String, &Value, Place)> {
    for key in ["action", "local_action"] {
        let Some(member) = members.get(key) else { continue };
        let value = &member.value;
        let name = value.get("module").and_then(Value::text).or_else(|| value.text()?.split_whitespace().next())?;
        return Some((name.to_owned(), value, member.name));
    }
    let is_module = |name: &str| !KEYWORDS.contains(&name) && !name.starts_with("with_");
    let (name, member) = members.iter().find(|(name, _)| is_module(name))?;
    Some((name.to_string(), &member.value, member.name))
}

/// Arguments as a map, however they are written: a map, `name=value …`, or one text.
fn arguments(module: &str, written: &Value, extra: Option<&Map>) -> Value {
    let mut members: BTreeMap<Arc<str>, Member> = extra.map(|map| map.0.clone()).unwrap_or_default();
    let member = |value: Value| Member { name: value.place, value };
    match &written.kind {
        Kind::Map(map) => members.extend(map.0.iter().map(|(name, member)| (Arc::clone(name), member.clone()))),
        Kind::Text(text) if FREE_FORM.contains(&short(module)) => {
            members.insert("cmd".into(), member(Value::of_text(Arc::clone(text), written.place)));
        }
        Kind::Text(text) => {
            let words = crate::shell::parse(text, 0).commands.into_iter().flat_map(|command| {
                let set = command.assignments.into_iter().map(|set| (set.name, set.value.text));
                let told =
                    command.arguments.into_iter().filter_map(|word| word.text.split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned())));
                set.chain(told).collect::<Vec<_>>()
            });
            members.extend(words.map(|(name, value)| (Arc::from(name), member(Value::of_text(value, written.place)))));
        }
        Kind::Null | Kind::Boolean(_) | Kind::Number(_) | Kind::List(_) | Kind::Unknown(_) | Kind::OneOf(_) => {}
    }
    Value::new(Kind::Map(Arc::new(Map(members))), written.place)
}

/// The module's name without its collection.
pub(super) fn short(module: &str) -> &str {
    module.rsplit('.').next().unwrap_or(module)
}

/// What a truth value says, in all the ways that YAML has had.
pub(super) fn is_true(value: &Value) -> Option<bool> {
    match &value.kind {
        Kind::Boolean(is_true) => Some(*is_true),
        Kind::Number(number) => Some(*number != 0.0),
        Kind::Text(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" | "y" => Some(true),
            "false" | "no" | "off" | "0" | "n" => Some(false),
            _ => None,
        },
        Kind::Null | Kind::List(_) | Kind::Map(_) | Kind::Unknown(_) | Kind::OneOf(_) => None,
    }
}

impl Settings {
    fn with(&self, item: &Value) -> Self {
        let mut settings = self.clone();
        let or = |name: &str, before: &Option<Value>| item.get(name).cloned().or_else(|| before.clone());
        settings.no_log = or("no_log", &self.no_log);
        settings.r#become = or("become", &self.r#become);
        settings.become_user = or("become_user", &self.become_user);
        if let Some(own) = item.get("vars").cloned() {
            settings.variables = Some(Arc::new(Variables { own, around: self.variables.clone() }));
        }
        settings
    }
}

impl Task {
    /// What its resource says.
    pub(super) fn body(&self) -> Value {
        let mut members = vec![
            ("module", Value::of_text(short(&self.module), self.header)),
            ("arguments", self.arguments.clone()),
            ("has_loop", Value::new(Kind::Boolean(self.has_loop), self.header)),
        ];
        let external = self.external.iter().map(|expression| Value::of_text(expression.as_str(), self.header)).collect();
        members.push(("external", Value::new(Kind::List(external), self.header)));
        members.push(("is_included", Value::new(Kind::Boolean(self.is_included), self.header)));
        members.extend(self.settings.no_log.clone().map(|value| ("no_log", value)));
        members.extend(self.settings.r#become.clone().map(|value| ("become", value)));
        members.extend(self.settings.become_user.clone().map(|value| ("become_user", value)));
        Value::of_members(members, self.block)
    }

    /// Its arguments with expressions resolved, or unknown.
    pub(super) fn resolved(&self) -> Value {
        resolved(&self.arguments, self.settings.variables.as_deref(), 0)
    }
}

fn resolved(value: &Value, variables: Option<&Variables>, depth: usize) -> Value {
    if MAX_DEPTH <= depth {
        return Value::unknown(Cause::Limit("depth".into()), value.place);
    }
    let kind = match &value.kind {
        Kind::Text(text) if text.contains("{{") => return expression(text, value, variables, depth),
        Kind::List(items) => Kind::List(items.iter().map(|item| resolved(item, variables, depth + 1)).collect()),
        Kind::Map(map) => {
            let member = |(name, member): (&Arc<str>, &Member)| {
                (Arc::clone(name), Member { name: member.name, value: resolved(&member.value, variables, depth + 1) })
            };
            Kind::Map(Arc::new(Map(map.0.iter().map(member).collect())))
        }
        other => other.clone(),
    };
    Value { kind, place: value.place, references: value.references.clone() }
}

/// The value of a text with expressions: that of a variable if it is all of the text, else it is not known.
fn expression(text: &str, value: &Value, variables: Option<&Variables>, depth: usize) -> Value {
    let (prefix, rest) = text.split_once("{{").unwrap_or((text, ""));
    let (inner, behind) = rest.split_once("}}").unwrap_or((rest, ""));
    let name = inner.trim();
    if prefix.is_empty()
        && behind.trim().is_empty()
        && let Some(known) = variables.and_then(|variables| variables.get(name))
        // Lists of lists of variables would grow without end.
        && !matches!(known.kind, Kind::List(_) | Kind::Map(_))
    {
        let known = resolved(known, variables, depth + 1);
        return Value { place: value.place, ..known };
    }
    let cause = Cause::Variable(name.into());
    let prefix = (!prefix.is_empty()).then(|| Arc::from(prefix));
    Value::new(Kind::Unknown(Arc::new(Unknown { cause, prefix, outline: None, is_not_null: true })), value.place)
}
