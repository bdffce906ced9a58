//! Runs templates: Go's rules for pipelines, variables, fields and control flow.
//!
//! Everything that a template can make grow is counted: steps, bytes, nesting. A chart that reaches a limit is not rendered
//! further, and that is said.

use std::{collections::HashMap, rc::Rc};

use super::{
    failure::{Eval, Failure, fail},
    format,
    function::{self, Args, Run},
    pattern::Patterns,
    template::{Command, Expr, Node, Parsed, Pipe, Range},
    text::{FileId, Origin, Text, Writer, without},
    value::{Heap, Key, Kind, Val},
};

/// How many steps one chart may take: nodes, calls, items of lists.
pub const MAX_STEPS: u64 = 5_000_000;
/// How many bytes all texts together may have that a chart makes.
pub const MAX_BYTES: u64 = 128 * 1024 * 1024;
/// How deeply templates may include each other, and actions stand in each other, together.
pub const MAX_DEPTH: usize = 600;
/// How many values all lists and maps together may have: nothing is freed before the end.
pub const MAX_HELD: usize = 1_500_000;
/// What Go prints where there is nothing; Helm takes it out again.
const NO_VALUE: &str = "<no value>";

/// A template that has a name.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) file: FileId,
    pub(super) nodes: Rc<[Node]>,
}

/// A text that templates were parsed from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) text: Text,
    /// Whether it is a file of the chart, and not a text that a template made.
    pub(super) is_file: bool,
}

/// What runs templates.
pub(super) struct Machine {
    pub(super) heap: Heap,
    pub(super) patterns: Patterns,
    pub(super) sources: Vec<Source>,
    pub(super) templates: HashMap<Rc<str>, Template>,
    /// The date that templates see, in seconds since 1970.
    pub(super) now: i64,
    /// How many things were asked for that should be random.
    pub(super) n_random: u64,
    texts: HashMap<Rc<str>, Rc<(FileId, Parsed)>>,
    variables: Vec<(Rc<str>, Val)>,
    output: Writer,
    steps: u64,
    bytes: u64,
    depth: usize,
}

/// The text that runs, and what `.` is.
struct Frame {
    file: FileId,
    dot: Val,
}

/// How to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

impl Machine {
    pub(super) fn new(now: i64) -> Self {
        Self {
            heap: Heap::default(),
            patterns: Patterns::default(),
            sources: Vec::new(),
            templates: HashMap::new(),
            now,
            n_random: 0,
            texts: HashMap::new(),
            variables: Vec::new(),
            output: Writer::default(),
            steps: 0,
            bytes: 0,
            depth: 0,
        }
    }

    /// Keeps a text that templates are parsed from.
    pub(super) fn add_source(&mut self, text: Text, is_file: bool) -> FileId {
        self.sources.push(Source { text, is_file });
        FileId(u32::try_from(self.sources.len() - 1).unwrap_or(u32::MAX))
    }

    /// What a template prints.
    pub(super) fn execute(&mut self, name: &str, data: Val) -> Eval<Text> {
        let Some(template) = self.templates.get(name).cloned() else {
            return fail(format!("no template \"{name}\""));
        };
        let output = std::mem::take(&mut self.output);
        let variables = std::mem::replace(&mut self.variables, vec![("$".into(), data.clone())]);
        let result = self.walk(&Frame { file: template.file, dot: data }, &template.nodes);
        self.variables = variables;
        let printed = std::mem::replace(&mut self.output, output);
        result?;
        self.charge_bytes(printed.len())?;
        Ok(printed.finish())
    }

    /// What a template prints, without what Go prints for nothing.
    pub(super) fn render(&mut self, name: &str, data: Val) -> Eval<Text> {
        Ok(without(&self.execute(name, data)?, NO_VALUE))
    }

    /// What a text prints that a template made. What it defines is known while it runs.
    pub(super) fn execute_text(&mut self, text: &Text, key: Key, data: Val) -> Eval<Text> {
        if !text.as_str().contains("{{") {
            return Ok(without(text, NO_VALUE));
        }
        let parsed = self.parse_text(text, key)?;
        let (file, parsed) = parsed.as_ref();
        let mut hidden = Vec::new();
        for (name, nodes) in &parsed.defined {
            let template = Template { file: *file, nodes: Rc::clone(nodes) };
            hidden.push((Rc::clone(name), self.templates.insert(Rc::clone(name), template)));
        }
        let name: Rc<str> = "\0text".into();
        let main = Template { file: *file, nodes: Rc::clone(&parsed.root) };
        hidden.push((Rc::clone(&name), self.templates.insert(Rc::clone(&name), main)));
        let result = self.execute(&name, data);
        for (name, template) in hidden.into_iter().rev() {
            match template {
                Some(template) => self.templates.insert(name, template),
                None => self.templates.remove(&name),
            };
        }
        match result {
            Ok(text) => Ok(without(&text, NO_VALUE)),
            Err(mut failure) => {
                // A place within a text that was made says nothing to a reader.
                if failure.at.is_some_and(|(at, _)| at == *file) {
                    failure.at = None;
                }
                Err(failure)
            }
        }
    }

    fn parse_text(&mut self, text: &Text, key: Key) -> Eval<Rc<(FileId, Parsed)>> {
        let known = text.marks().is_empty().then(|| self.texts.get(text.as_str())).flatten();
        if let Some((parsed, is_same)) = known.map(|known| (Rc::clone(known), self.is_keyed(known.0, key))) {
            if is_same {
                return Ok(parsed);
            }
        }
        self.charge_bytes(text.as_str().len())?;
        let parsed = super::template::parse(text.as_str())
            .map_err(|error| Box::<Failure>::from(format!("cannot parse template {:.80?}: {}", text.as_str(), error.message)))?;
        let mut keyed = Writer::default();
        keyed.print(text, Origin::of_key(key));
        let file = self.add_source(keyed.finish(), false);
        let parsed = Rc::new((file, parsed));
        self.texts.insert(text.shared(), Rc::clone(&parsed));
        Ok(parsed)
    }

    fn is_keyed(&self, file: FileId, key: Key) -> bool {
        let source = self.sources.get(file.0 as usize);
        source.and_then(|source| source.text.marks().first()).is_some_and(|mark| mark.origin.key == key)
    }

    fn walk(&mut self, frame: &Frame, nodes: &[Node]) -> Eval<Flow> {
        self.enter()?;
        let mut flow = Flow::Next;
        for node in nodes {
            flow = self.node(frame, node)?;
            if flow != Flow::Next {
                break;
            }
        }
        self.depth -= 1;
        Ok(flow)
    }

    fn node(&mut self, frame: &Frame, node: &Node) -> Eval<Flow> {
        self.charge(1)?;
        match node {
            Node::Text(range) => self.print_source(frame, *range),
            Node::Action(pipe, range) => {
                let val = self.pipe(frame, pipe)?;
                if pipe.variables.is_empty() {
                    self.print(frame, *range, &val).map_err(|failure| failure.within(frame.file, range.start))?;
                }
            }
            Node::Branches { branches, otherwise } => {
                let mark = self.variables.len();
                let flow = self.branches(frame, branches, otherwise)?;
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Range { pipe, body, otherwise } => {
                let mark = self.variables.len();
                let flow = self.range(frame, pipe, body, otherwise)?;
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Template { name, pipe, at } => {
                let dot = match pipe {
                    Some(pipe) => self.pipe(frame, pipe)?,
                    None => Val::NIL,
                };
                self.template(name, dot).map_err(|failure| failure.within(frame.file, *at))?;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::Next)
    }

    fn branches(&mut self, frame: &Frame, branches: &[super::template::Branch], otherwise: &[Node]) -> Eval<Flow> {
        for branch in branches {
            let val = self.pipe(frame, &branch.pipe)?;
            if !self.heap.is_true(&val) {
                continue;
            }
            if branch.sets_dot {
                return self.walk(&Frame { file: frame.file, dot: val }, &branch.body);
            }
            return self.walk(frame, &branch.body);
        }
        self.walk(frame, otherwise)
    }

    fn range(&mut self, frame: &Frame, pipe: &Pipe, body: &[Node], otherwise: &[Node]) -> Eval<Flow> {
        let val = self.pipe(frame, pipe)?;
        let items = self.items(&val, pipe.variables.len()).map_err(|failure| failure.within(frame.file, pipe.at))?;
        if items.is_empty() {
            return self.walk(frame, otherwise);
        }
        let mark = self.variables.len();
        for (index, item) in items {
            self.charge(1)?;
            match pipe.variables.as_slice() {
                [] => {}
                [one] => self.loop_variable(pipe, one, &item),
                [first, second, ..] => {
                    self.loop_variable(pipe, first, &index);
                    self.loop_variable(pipe, second, &item);
                }
            }
            let flow = self.walk(&Frame { file: frame.file, dot: item }, body)?;
            self.variables.truncate(mark);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::Next)
    }

    fn loop_variable(&mut self, pipe: &Pipe, name: &str, val: &Val) {
        let place = self.variables.iter_mut().rev().find(|(known, _)| **known == *name);
        match place {
            Some((_, place)) => *place = val.clone(),
            None if pipe.is_declaration => self.variables.push((name.into(), val.clone())),
            None => {}
        }
    }

    /// What `range` goes over: indexes or names, and values.
    fn items(&mut self, val: &Val, n_variables: usize) -> Eval<Vec<(Val, Val)>> {
        match &val.kind {
            Kind::Nil => Ok(Vec::new()),
            Kind::List(list) => {
                let list = self.heap.list(*list);
                self.charge(list.len())?;
                Ok(list.iter().zip(0..).map(|(item, index)| (Val::int(index), item.clone())).collect())
            }
            Kind::Map(map) => {
                let pairs: Vec<(Val, Val)> =
                    self.heap.map(*map).iter().map(|(name, item)| (Val::text(Rc::clone(name)).keyed(item.key), item.clone())).collect();
                self.charge(pairs.len())?;
                Ok(pairs)
            }
            Kind::Int(number) | Kind::Int64(number) if n_variables < 2 => {
                let n = usize::try_from((*number).max(0)).unwrap_or(usize::MAX);
                if function::MAX_ITEMS < n {
                    return fail(format!("range over more than {} items (max-template-items)", function::MAX_ITEMS));
                }
                self.charge(n)?;
                Ok((0..*number).map(|index| (Val::NIL, Val::int(index))).collect())
            }
            Kind::Object(object) if object.items().is_some() => Ok(object.items().unwrap_or_default()),
            _ => fail(format!("range can't iterate over {}", format::print(&self.heap, val)?)),
        }
    }

    fn template(&mut self, name: &str, dot: Val) -> Eval<()> {
        let Some(template) = self.templates.get(name).cloned() else {
            return fail(format!("template \"{name}\" not defined"));
        };
        let variables = std::mem::replace(&mut self.variables, vec![("$".into(), dot.clone())]);
        self.walk(&Frame { file: template.file, dot }, &template.nodes)?;
        self.variables = variables;
        Ok(())
    }

    fn print_source(&mut self, frame: &Frame, range: Range) {
        let Some(source) = self.sources.get(frame.file.0 as usize) else { return };
        let (start, end) = (range.start as usize, range.end as usize);
        if source.is_file {
            let origin = Origin { file: Some(frame.file), start: range.start, end: range.end, key: Key::NONE, is_copy: true };
            self.output.push_from(source.text.as_str().get(start..end).unwrap_or_default(), origin);
        } else {
            self.output.part(&source.text, start..end);
        }
    }

    fn print(&mut self, frame: &Frame, range: Range, val: &Val) -> Eval<()> {
        let mut origin = Origin { file: Some(frame.file), start: range.start, end: range.end, key: val.key, is_copy: false };
        if let Some(source) = self.sources.get(frame.file.0 as usize).filter(|source| !source.is_file) {
            let made = source.text.part(range.start as usize..range.end as usize);
            let of_text = made.marks().first().map_or(Origin::of_key(Key::NONE), |mark| mark.origin);
            origin = Origin { key: if val.key.is_none() { of_text.key } else { val.key }, is_copy: false, ..of_text };
        }
        match &val.kind {
            Kind::Str(text) => {
                self.charge_bytes(text.as_str().len())?;
                self.output.print(text, origin);
            }
            Kind::Nil => self.output.push_from(NO_VALUE, origin),
            _ => {
                let text = format::print(&self.heap, val)?;
                self.charge_bytes(text.len())?;
                self.output.push_from(&text, origin);
            }
        }
        Ok(())
    }

    fn pipe(&mut self, frame: &Frame, pipe: &Pipe) -> Eval<Val> {
        self.enter()?;
        let mut last = None;
        for command in &pipe.commands {
            let val = self.command(frame, command, last).map_err(|failure| failure.within(frame.file, command.at))?;
            last = Some(val);
        }
        let val = last.unwrap_or_default();
        for name in &pipe.variables {
            if pipe.is_declaration {
                self.variables.push((Rc::clone(name), val.clone()));
            } else if let Some((_, place)) = self.variables.iter_mut().rev().find(|(known, _)| known == name) {
                *place = val.clone();
            }
        }
        self.depth -= 1;
        Ok(val)
    }

    fn command(&mut self, frame: &Frame, command: &Command, last: Option<Val>) -> Eval<Val> {
        self.charge(1)?;
        let has_arguments = !command.arguments.is_empty() || last.is_some();
        match &command.head {
            Expr::Function(id) => self.call(frame, *id, &command.arguments, last),
            Expr::Field(names) => {
                let dot = frame.dot.clone();
                self.chain(frame, dot, names, &command.arguments, last)
            }
            Expr::Variable(name, names) if !names.is_empty() => {
                let val = self.variable(name);
                self.chain(frame, val, names, &command.arguments, last)
            }
            Expr::Chain(inner, names) => {
                let val = self.expr(frame, inner)?;
                self.chain(frame, val, names, &command.arguments, last)
            }
            _ if has_arguments => fail("can't give argument to a value that is no function"),
            Expr::Nil => fail("nil is not a command"),
            other => self.expr(frame, other),
        }
    }

    fn expr(&mut self, frame: &Frame, expr: &Expr) -> Eval<Val> {
        Ok(match expr {
            Expr::Dot => frame.dot.clone(),
            Expr::Nil => Val::NIL,
            Expr::Bool(is) => Val::bool(*is),
            Expr::Int(number) => Val::int(*number),
            Expr::Float(number) => Val::new(Kind::Float(*number)),
            Expr::Str(text) => Val::new(Kind::Str(text.clone())),
            Expr::Field(names) => {
                let dot = frame.dot.clone();
                self.chain(frame, dot, names, &[], None)?
            }
            Expr::Variable(name, names) => {
                let val = self.variable(name);
                self.chain(frame, val, names, &[], None)?
            }
            Expr::Function(id) => self.call(frame, *id, &[], None)?,
            Expr::Pipe(pipe) => self.pipe(frame, pipe)?,
            Expr::Chain(inner, names) => {
                let val = self.expr(frame, inner)?;
                self.chain(frame, val, names, &[], None)?
            }
        })
    }

    fn variable(&self, name: &str) -> Val {
        self.variables.iter().rev().find(|(known, _)| **known == *name).map_or(Val::NIL, |(_, val)| val.clone())
    }

    /// The fields of a value; the last one may be a method, which gets the arguments.
    fn chain(&mut self, frame: &Frame, mut val: Val, names: &[Rc<str>], arguments: &[Expr], last: Option<Val>) -> Eval<Val> {
        let has_arguments = !arguments.is_empty() || last.is_some();
        let mut last = last;
        for (index, name) in names.iter().enumerate() {
            self.charge(1)?;
            val = match &val.kind {
                Kind::Map(map) => {
                    if has_arguments && index + 1 == names.len() {
                        return fail(format!("{name} is not a method but has arguments"));
                    }
                    self.heap.map(*map).get(name).cloned().unwrap_or_default()
                }
                Kind::Object(object) => {
                    let object = Rc::clone(object);
                    let is_last = index + 1 == names.len();
                    let mut values = Vec::new();
                    if is_last {
                        for argument in arguments {
                            values.push(self.expr(frame, argument)?);
                        }
                        values.extend(last.take());
                    }
                    object.field(self, name, &Args { values: &values })?
                }
                // Go tells nothing at all, which has no fields either, from a field that is nothing.
                Kind::Nil if index == 0 => return Ok(Val::NIL),
                Kind::Nil => return fail(format!("nil pointer evaluating interface {{}}.{name}")),
                _ => return fail(format!("can't evaluate field {name} in type {}", val.type_name())),
            };
        }
        Ok(val)
    }

    fn call(&mut self, frame: &Frame, id: function::FunctionId, arguments: &[Expr], last: Option<Val>) -> Eval<Val> {
        let function = function::get(id);
        self.charge(1)?;
        if let Run::First { truth } = function.run {
            let mut val = Val::NIL;
            for argument in arguments {
                val = self.expr(frame, argument)?;
                if self.heap.is_true(&val) == truth {
                    return Ok(val);
                }
            }
            return Ok(last.unwrap_or(val));
        }
        let mut values = Vec::with_capacity(arguments.len() + 1);
        for argument in arguments {
            values.push(self.expr(frame, argument)?);
        }
        values.extend(last);
        self.apply(function, &values)
    }

    /// Calls a function with values.
    pub(super) fn apply(&mut self, function: &function::Function, values: &[Val]) -> Eval<Val> {
        let n = values.len();
        if n < function.min || function.max.is_some_and(|max| max < n) {
            return fail(format!("wrong number of args for {}: got {n}", function.name));
        }
        let val = match function.run {
            Run::First { .. } => return Ok(values.last().cloned().unwrap_or_default()),
            Run::Plain(run) => run(self, &Args { values }).map_err(|mut failure| {
                if failure.at.is_none() && !failure.is_limit {
                    failure.message = format!("error calling {}: {}", function.name, failure.message);
                }
                failure
            })?,
        };
        if let Some(text) = val.as_text() {
            if function::MAX_TEXT < text.as_str().len() {
                return fail(format!("{} makes a text of more than {} bytes (max-template-text)", function.name, function::MAX_TEXT));
            }
            self.charge_bytes(text.as_str().len())?;
        }
        Ok(val)
    }

    fn enter(&mut self) -> Eval<()> {
        self.depth += 1;
        if MAX_DEPTH < self.depth {
            return Err(Failure::limit(format!("templates are nested more than {MAX_DEPTH} deep (max-template-depth)")));
        }
        Ok(())
    }

    /// Forgets what a failure left behind, before the next template.
    pub(super) fn reset(&mut self) {
        self.depth = 0;
        self.variables.clear();
        self.output = Writer::default();
    }

    /// Counts steps.
    pub(super) fn charge(&mut self, n: usize) -> Eval<()> {
        self.steps = self.steps.saturating_add(n as u64);
        if MAX_HELD < self.heap.n_held() {
            return Err(Failure::limit(format!("the chart makes lists and maps of more than {MAX_HELD} values (max-template-values)")));
        }
        if MAX_STEPS < self.steps {
            return Err(Failure::limit(format!("the chart takes more than {MAX_STEPS} steps (max-template-steps)")));
        }
        Ok(())
    }

    /// Counts bytes.
    pub(super) fn charge_bytes(&mut self, n: usize) -> Eval<()> {
        self.bytes = self.bytes.saturating_add(n as u64);
        if MAX_BYTES < self.bytes {
            return Err(Failure::limit(format!("the chart makes more than {MAX_BYTES} bytes of text (max-template-bytes)")));
        }
        Ok(())
    }
}
