//! Variables of a service: `${self:…}`, `${opt:…, default}`, `${file(…):…}`. "Serverless Framework: Variables".

use std::{cell::Cell, sync::Arc};

use bartizan_source::document;

use crate::{
    Cause, Kind, Map, Member, Place, Value,
    arm::evaluate::limited,
    project::{Project, joined},
    terraform::operation::{Text, over},
};

/// How deeply variables may need each other.
const MAX_DEPTH: usize = 40;
/// How many values are evaluated for one service.
const MAX_STEPS: u64 = 400_000;

/// A service whose variables are evaluated.
pub(super) struct Variables<'v> {
    project: &'v Project<'v>,
    service: &'v Value,
    folder: &'v str,
    depth: Cell<usize>,
    steps: Cell<u64>,
}

/// What comes of one way to say what a variable is.
enum Found {
    Value(Value),
    /// There is no such thing: the next way counts.
    Nothing,
    /// It is none of the framework's variables, and stays as it is.
    Foreign,
}

impl<'v> Variables<'v> {
    pub(super) fn new(project: &'v Project<'v>, service: &'v Value, folder: &'v str) -> Self {
        Self { project, service, folder, depth: Cell::new(0), steps: Cell::new(0) }
    }

    /// A value with all variables in it evaluated.
    pub(super) fn evaluate(&self, value: &Value) -> Value {
        let depth = self.depth.get();
        self.steps.set(self.steps.get() + 1);
        if MAX_DEPTH * 4 <= depth || MAX_STEPS <= self.steps.get() {
            return Value::unknown(Cause::Limit("max-evaluation-depth".into()), value.place);
        }
        self.depth.set(depth + 1);
        let evaluated = match &value.kind {
            Kind::List(items) => Value { kind: Kind::List(items.iter().map(|item| self.evaluate(item)).collect()), ..value.clone() },
            Kind::Map(map) => {
                let member = |(name, member): (&Arc<str>, &Member)| {
                    (Arc::clone(name), Member { name: member.name, value: self.evaluate(&member.value) })
                };
                Value { kind: Kind::Map(Arc::new(Map(map.0.iter().map(member).collect()))), ..value.clone() }
            }
            Kind::Text(text) if text.contains("${") => self.text(text, value.place),
            _ => value.clone(),
        };
        self.depth.set(depth);
        evaluated
    }

    /// A text; one that is nothing but a variable is what that is.
    fn text(&self, text: &str, at: Place) -> Value {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let Some(length) = closing(after) else { break };
            let (inner, behind) = (after.get(..length).unwrap_or_default(), after.get(length + 1..).unwrap_or_default());
            if !before.is_empty() {
                parts.push(Value::of_text(before, at));
            }
            parts.push(self.variable(inner, at));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Value::of_text(rest, at));
        }
        match parts.as_slice() {
            [one] => one.clone(),
            _ => over(&parts, at, &|parts| {
                let mut text = Text::default();
                parts.iter().for_each(|part| text.push(part));
                text.finish(at)
            }),
        }
    }

    /// What stands between `${` and `}`: several ways to say it, of which the first that leads somewhere counts.
    fn variable(&self, written: &str, at: Place) -> Value {
        let depth = self.depth.get();
        if MAX_DEPTH <= depth / 2 {
            return Value::unknown(Cause::Cycle(written.into()), at);
        }
        self.depth.set(depth + 2);
        let value = self.first_of(written, at);
        self.depth.set(depth);
        value
    }

    fn first_of(&self, written: &str, at: Place) -> Value {
        let ways = ways(written);
        let n_ways = ways.len();
        for way in ways {
            // What is within a variable is evaluated first.
            let way = match self.text(way.trim(), at) {
                Value { kind: Kind::Text(way), .. } => way,
                other if way.contains("${") => return other,
                _ => continue,
            };
            match self.way(&way, at, 1 < n_ways) {
                Found::Value(value) => return value,
                Found::Nothing => {}
                // `${AWS::Region}` is for CloudFormation.
                Found::Foreign => return Value::of_text(format!("${{{written}}}"), at),
            }
        }
        Value::unknown(Cause::Variable(written.into()), at)
    }

    fn way(&self, way: &str, at: Place, has_others: bool) -> Found {
        if let Some(literal) = literal(way, at) {
            return Found::Value(literal);
        }
        let Some((source, address)) = split_source(way) else { return Found::Foreign };
        let runtime = || Value::unknown(Cause::Runtime(format!("`{way}`").into()), at);
        let (name, argument) = match source.split_once('(') {
            Some((name, argument)) => (name, argument.trim_end_matches(')').trim()),
            None => (source, ""),
        };
        match name {
            "self" => self.of_service(address, at),
            "file" => self.of_file(argument.trim_matches(['\'', '"']), address, at),
            "opt" if address == "stage" && !has_others => Found::Value(self.stage(at)),
            // Nobody gives options here.
            "opt" => Found::Nothing,
            "sls" if address == "stage" => Found::Value(self.stage(at)),
            "param" => self.parameter(address, at),
            // The environment may say nothing: the default is what is known.
            "env" if has_others => Found::Nothing,
            "env" => Found::Value(Value::unknown(Cause::Variable(format!("env:{address}").into()), at)),
            "ssm" | "cf" | "s3" | "sls" | "aws" | "git" | "vault" | "terraform" | "doppler" | "output" | "state" | "strToBool" => {
                Found::Value(runtime())
            }
            name if name.starts_with("ssm.") || name.starts_with("cf.") || name.starts_with("tfstate") => Found::Value(runtime()),
            _ => Found::Foreign,
        }
    }

    fn stage(&self, at: Place) -> Value {
        match self.service.at(&["provider", "stage"]) {
            Some(stage) => self.evaluate(stage),
            None => Value::of_text("dev", at),
        }
    }

    fn of_service(&self, address: &str, at: Place) -> Found {
        if address.is_empty() {
            return Found::Value(Value::unknown(Cause::Cycle("self".into()), at));
        }
        match self.walk(self.service.clone(), address) {
            Some(value) => Found::Value(value),
            // Stages and regions have defaults.
            None if address == "provider.stage" => Found::Value(Value::of_text("dev", at)),
            None if address == "provider.region" => Found::Value(Value::of_text("us-east-1", at)),
            None => Found::Nothing,
        }
    }

    fn parameter(&self, name: &str, at: Place) -> Found {
        let stage = self.stage(at);
        let of_stage = stage.text().and_then(|stage| self.walk(self.service.clone(), &format!("params.{stage}.{name}")));
        match of_stage.or_else(|| self.walk(self.service.clone(), &format!("params.default.{name}"))) {
            Some(value) => Found::Value(value),
            None => Found::Nothing,
        }
    }

    /// What is at the end of a way of names; texts on the way are evaluated. Nothing if it leads nowhere.
    fn walk(&self, mut of: Value, address: &str) -> Option<Value> {
        for name in address.split('.').filter(|name| !name.is_empty()) {
            if of.text().is_some() {
                of = self.evaluate(&of);
            }
            if of.cause().is_some() {
                return Some(of);
            }
            of = match &of.kind {
                Kind::List(items) => items.get(name.parse::<usize>().ok()?)?.clone(),
                _ => of.get(name)?.clone(),
            };
        }
        let value = limited(self.evaluate(&of));
        (!value.is_null()).then_some(value)
    }

    /// A file of data of the project, or a part of it.
    fn of_file(&self, path: &str, address: &str, at: Place) -> Found {
        let Some(path) = joined(self.folder, path) else {
            return Found::Value(Value::unknown(Cause::Missing(path.into()), at));
        };
        let Some((number, file)) = self.project.numbered().find(|(_, file)| file.path.as_str() == Some(&path)) else {
            let is_code = [".js", ".ts", ".cjs", ".mjs"].iter().any(|ending| path.ends_with(ending));
            let cause = if is_code { Cause::Function(path.into()) } else { Cause::Missing(path.into()) };
            return Found::Value(Value::unknown(cause, at));
        };
        let root = if path.ends_with(".json") {
            document::parse_json(file.text, document::JsonDialect::WithComments).root.map(|root| Value::of_node(&root, number))
        } else if path.ends_with(".yml") || path.ends_with(".yaml") {
            document::parse_yaml_stream(file.text).roots.first().map(|root| Value::of_node(root, number))
        } else {
            Some(Value::of_text(file.text, at))
        };
        match root.and_then(|root| self.walk(root, address)) {
            Some(value) => Found::Value(value),
            None => Found::Nothing,
        }
    }
}

/// Where the brace stands that closes what was opened before.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The ways that commas separate, outside of braces, parentheses and quotes.
fn ways(written: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_usize, None, 0);
    let mut ways = Vec::new();
    for (at, byte) in written.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != byte),
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'{' | b'(') => depth += 1,
            (None, b'}' | b')') => depth = depth.saturating_sub(1),
            (None, b',') if depth == 0 => {
                ways.push(written.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    ways.push(written.get(start..).unwrap_or_default());
    ways
}

fn literal(way: &str, at: Place) -> Option<Value> {
    for quote in ['\'', '"'] {
        if let Some(text) = way.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)) {
            return Some(Value::of_text(text, at));
        }
    }
    match way {
        "true" => Some(Value::new(Kind::Boolean(true), at)),
        "false" => Some(Value::new(Kind::Boolean(false), at)),
        "null" => Some(Value::new(Kind::Null, at)),
        _ => way.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| Value::new(Kind::Number(number), at)),
    }
}

/// `source:address`; the source may have an argument, in which colons mean nothing.
fn split_source(way: &str) -> Option<(&str, &str)> {
    let behind = if way.split(':').next().is_some_and(|source| source.contains('(')) { way.find(')')? + 1 } else { 0 };
    match way.get(behind..)?.find(':') {
        // `AWS::Region`
        Some(at) if way.get(behind + at..)?.starts_with("::") => None,
        Some(at) => Some((way.get(..behind + at)?, way.get(behind + at + 1..)?)),
        None if 0 < behind => Some((way.get(..behind)?, "")),
        None => None,
    }
}
