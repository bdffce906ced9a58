//! Runs rules of Rego: a [`Bundle`] of modules is compiled once, an [`Evaluator`] asks its rules about inputs.
//!
//! ```
//! use bartizan_iac::rego::{Bundle, Limits};
//! use serde_json::json;
//!
//! let mut bundle = Bundle::new(Limits::default());
//! bundle.add_module("policy.rego", "package main\ndeny[msg] { input.kind == \"Pod\"; msg := \"no pods\" }");
//! bundle.add_data(&json!({"allowed": ["Job"]}));
//! bundle.compile();
//! assert!(bundle.problems().is_empty());
//!
//! let mut evaluator = bundle.evaluator();
//! evaluator.set_input(&json!({"kind": "Pod"}));
//! assert_eq!(evaluator.eval("data.main.deny"), Ok(Some(json!(["no pods"]))));
//! ```
//!
//! A module that can't be read or compiled is a [`Problem`] with its place, and is left out; the others run. A rule that fails,
//! runs out of time or makes the interpreter panic is a [`Failure`] of that rule and that input. An error within a built-in
//! function makes what depends on it undefined, as OPA does.

use std::{
    collections::BTreeSet,
    error::Error,
    num::{NonZeroU32, NonZeroUsize},
    panic::{self, AssertUnwindSafe},
    sync::Arc,
    time::Duration,
};

use regorus::{Engine, LimitError, PolicyLengthConfig, Value, utils::limits::ExecutionTimerConfig};
use serde_json::Value as Json;

use super::{builtin, error, recursion, rewrite};
use crate::PolicyText;

/// What policies may use up. Each is reached with a [`Problem`] or a [`Failure`], never silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many modules a bundle has.
    pub n_modules: usize,
    /// How large all its modules are, in bytes.
    pub n_bytes: usize,
    /// How many results a rule has.
    pub n_results: usize,
    /// How long a rule may think about one input.
    pub time: Duration,
}

/// A module or a file of data that does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The name of its file, as it was given.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// What is wrong, in lower case without a full stop.
    pub message: String,
}

/// Why a rule has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is no rule of this name.
    #[error("there is no such rule")]
    NoRule,
    /// It took longer than [`Limits::time`].
    #[error("it runs longer than {} ms", .0.as_millis())]
    Timeout(Duration),
    /// It has more results than [`Limits::n_results`].
    #[error("it has more than {0} results")]
    TooManyResults(usize),
    /// Something in it can't be evaluated.
    #[error("{}", .0.message)]
    Broken(Problem),
    /// The interpreter gave up in a way that it should not.
    #[error("the interpreter gave up")]
    Panicked,
}

/// Modules and data, compiled together. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Bundle {
    limits: Limits,
    modules: Vec<Module>,
    data: Vec<Value>,
    /// What policies are told of the time, in seconds since 1970.
    now_s: Option<i64>,
    /// All modules, parsed.
    parsed: Engine,
    /// The modules that can be run, ready to be cloned.
    engine: Option<Engine>,
    problems: Vec<Problem>,
}

/// Asks the rules of a bundle. One serves one thread; it is made in no time.
#[derive(Debug)]
pub struct Evaluator {
    engine: Option<Engine>,
    /// The engine as it was compiled: after a failure nobody knows what is left in one.
    compiled: Option<Engine>,
    input: Value,
    limits: Limits,
}

/// A module that could be parsed.
#[derive(Debug, Clone)]
struct Module {
    file: Arc<str>,
    text: Arc<str>,
    syntax: Syntax,
}

/// The two syntaxes of Rego.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// That of OPA before 1.0: `deny[msg] { … }`.
    V0,
    /// That of today: `deny contains msg if { … }`.
    V1,
}

/// So many work steps lie between two looks at the timer.
const STEPS_PER_LOOK: NonZeroU32 = match NonZeroU32::new(32) {
    Some(steps) => steps,
    None => NonZeroU32::MIN,
};

/// So often modules that can't be compiled with the others are left out, one each time.
const MAX_LEFT_OUT: usize = 64;

impl Default for Limits {
    fn default() -> Self {
        Self { n_modules: 5_000, n_bytes: 64 << 20, n_results: 10_000, time: Duration::from_millis(250) }
    }
}

impl Bundle {
    /// A bundle without modules.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        let parsed = empty_engine(None);
        Self { limits, modules: Vec::new(), data: Vec::new(), now_s: None, parsed, engine: None, problems: Vec::new() }
    }

    /// Tells policies the time, in seconds since 1970. Where nobody does, a rule that asks for it fails.
    #[must_use]
    pub fn with_time(mut self, now_s: i64) -> Self {
        self.now_s = Some(now_s);
        self.parsed = engine_of(self.modules.iter(), self.now_s);
        self
    }

    /// Adds a module, in either syntax of Rego. One that can't be parsed is a problem.
    pub fn add_module(&mut self, file: &str, text: &str) {
        self.engine = None;
        let n_bytes: usize = self.modules.iter().map(|module| module.text.len()).sum();
        let exceeded = if self.limits.n_modules <= self.modules.len() {
            Some(format!("there are more than {} modules", self.limits.n_modules))
        } else if self.limits.n_bytes < n_bytes.saturating_add(text.len()) {
            Some(format!("the modules have more than {} bytes", self.limits.n_bytes))
        } else {
            None
        };
        if let Some(message) = exceeded {
            self.problems.push(Problem { file: file.into(), line: 1, column: 1, message });
            return;
        }
        let text = rewrite::rewritten(text);
        match parse_into(&mut self.parsed, file, &text) {
            Ok(syntax) => self.modules.push(Module { file: file.into(), text: text.into(), syntax }),
            Err(problem) => self.problems.push(problem),
        }
    }

    /// Adds data, which rules see below `data`. It must be a map; names that are there already are kept, and are a problem.
    pub fn add_data(&mut self, data: &Json) {
        self.engine = None;
        self.data.push(Value::from(data.clone()));
    }

    /// Compiles all modules together. Those that can't be compiled are left out, each with a problem.
    pub fn compile(&mut self) {
        let mut left_out = self.with_recursion();
        for _ in 0..=MAX_LEFT_OUT {
            let modules = self.modules.iter().enumerate().filter(|(number, _)| !left_out.contains(number)).map(|(_, module)| module);
            let engine = if left_out.is_empty() { self.parsed.clone() } else { engine_of(modules, self.now_s) };
            let failed = match caught(|| compiled(engine, &self.data)) {
                Ok(Ok(engine)) => {
                    self.engine = Some(engine);
                    return;
                }
                Ok(Err(problem)) => problem,
                Err(_) => Problem { file: "".into(), line: 1, column: 1, message: "the compiler gave up".to_owned() },
            };
            let number = self.modules.iter().position(|module| module.file == failed.file);
            self.problems.push(failed);
            match number {
                Some(number) if left_out.insert(number) => {}
                // Nobody knows which one it is.
                Some(_) | None => return,
            }
        }
    }

    /// The modules with functions that call themselves, which become problems.
    fn with_recursion(&mut self) -> BTreeSet<usize> {
        let texts: Vec<&str> = self.modules.iter().map(|module| &*module.text).collect();
        let found = recursion::modules_with_recursion(&texts);
        for (number, (line, function)) in &found {
            let Some(module) = self.modules.get(*number) else { continue };
            let message = format!("the function `{function}` calls itself");
            self.problems.push(Problem { file: module.file.clone(), line: *line, column: 1, message });
        }
        found.into_keys().collect()
    }

    /// What does not run, in the order in which it was found.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether there is something to ask.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.engine.is_some()
    }

    /// Asks the rules of this bundle; nothing has an answer if it was not compiled.
    #[must_use]
    pub fn evaluator(&self) -> Evaluator {
        Evaluator { engine: self.engine.clone(), compiled: self.engine.clone(), input: Value::Undefined, limits: self.limits }
    }
}

impl Evaluator {
    /// What rules see as `input`, until another one is set.
    pub fn set_input(&mut self, input: &Json) {
        self.set_shared_input(&Input::new(input));
    }

    /// The same, for an input that several bundles are asked about.
    pub fn set_shared_input(&mut self, input: &Input) {
        self.input = input.0.clone();
        if let Some(engine) = &mut self.engine {
            engine.set_input(input.0.clone());
        }
    }

    /// The value of a rule, named with its package: `data.main.deny`. Sets are lists, sorted. Nothing if it is undefined.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn eval(&mut self, rule: &str) -> Result<Option<Json>, Failure> {
        self.eval_within(rule, self.limits.time)
    }

    /// The same, with another limit of time.
    ///
    /// # Errors
    /// Why there is no answer.
    pub fn eval_within(&mut self, rule: &str, time: Duration) -> Result<Option<Json>, Failure> {
        let answer = self.eval_once(rule, time);
        if matches!(answer, Err(Failure::Timeout(_) | Failure::Broken(_) | Failure::Panicked)) {
            self.engine.clone_from(&self.compiled);
            if let Some(engine) = &mut self.engine {
                engine.set_input(self.input.clone());
            }
        }
        answer
    }

    fn eval_once(&mut self, rule: &str, time: Duration) -> Result<Option<Json>, Failure> {
        let limits = Limits { time, ..self.limits };
        let engine = self.engine.as_mut().ok_or(Failure::NoRule)?;
        engine.set_execution_timer_config(ExecutionTimerConfig { limit: limits.time, check_interval: STEPS_PER_LOOK });
        let evaluated = caught(|| engine.eval_rule(rule.to_owned()).map_err(|error| failure(&error, limits.time)))?;
        // Nobody reads what policies print, but it would be kept.
        let _ = engine.take_prints();
        match evaluated? {
            Value::Undefined => Ok(None),
            Value::Array(items) if limits.n_results < items.len() => Err(Failure::TooManyResults(limits.n_results)),
            Value::Set(items) if limits.n_results < items.len() => Err(Failure::TooManyResults(limits.n_results)),
            Value::Object(members) if limits.n_results < members.len() => Err(Failure::TooManyResults(limits.n_results)),
            value => json_of(&value).map(Some),
        }
    }
}

/// Whether a module can be read, in either syntax of Rego.
///
/// # Errors
/// What is wrong with it first, and where.
pub fn check(module: &PolicyText) -> Result<(), Problem> {
    parse_into(&mut empty_engine(None), &module.origin.to_string(), &rewrite::rewritten(&module.text)).map(drop)
}

/// An input in the interpreter's form, to be asked about by several bundles.
#[derive(Debug, Clone)]
pub struct Input(pub(super) Value);

impl Input {
    /// The form of this input.
    #[must_use]
    pub fn new(input: &Json) -> Self {
        Self(Value::from(input.clone()))
    }
}

fn json_of(value: &Value) -> Result<Json, Failure> {
    let broken = |message: String| Failure::Broken(Problem { file: "".into(), line: 1, column: 1, message });
    serde_json::to_value(value).map_err(|error| broken(format!("the result is no document: {error}")))
}

fn failure(error: &(impl AsRef<dyn Error + Send + Sync + 'static> + std::fmt::Display), time: Duration) -> Failure {
    let outermost: &(dyn Error + 'static) = error.as_ref();
    let mut causes = std::iter::successors(Some(outermost), |&error| error.source());
    let limit = causes.find_map(|error| error.downcast_ref::<LimitError>());
    match limit {
        Some(LimitError::TimeLimitExceeded { .. }) => Failure::Timeout(time),
        Some(LimitError::MemoryLimitExceeded { .. } | LimitError::RegexSizeLimitExceeded { .. }) | None => {
            let text = format!("{error:#}");
            match () {
                () if error::is_no_rule(&text) => Failure::NoRule,
                () if error::is_timeout(&text) => Failure::Timeout(time),
                () => Failure::Broken(error::problem(&text)),
            }
        }
    }
}

/// Runs something that should not panic, and may.
fn caught<T>(run: impl FnOnce() -> T) -> Result<T, Failure> {
    // What a panic leaves half done is cleared before each evaluation.
    panic::catch_unwind(AssertUnwindSafe(run)).map_err(|_| Failure::Panicked)
}

/// An engine without modules, with all that policies may call.
fn empty_engine(now_s: Option<i64>) -> Engine {
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(false);
    // Else `print` would write to the terminal.
    engine.set_gather_prints(true);
    let (bytes, lines) = (NonZeroUsize::new(64 << 20), NonZeroUsize::new(1 << 20));
    engine.set_policy_length_config(PolicyLengthConfig {
        max_col: NonZeroU32::MAX,
        max_file_bytes: bytes.unwrap_or(NonZeroUsize::MIN),
        max_lines: lines.unwrap_or(NonZeroUsize::MIN),
    });
    builtin::add_to(&mut engine, now_s);
    engine
}

/// Adds a module to an engine, in the syntax that it can be read in.
fn parse_into(engine: &mut Engine, file: &str, text: &str) -> Result<Syntax, Problem> {
    let mut problems = Vec::new();
    for syntax in [Syntax::V1, Syntax::V0] {
        engine.set_rego_v0(syntax == Syntax::V0);
        let parsed = caught(|| engine.add_policy(file.to_owned(), text.to_owned()).map(drop).map_err(|error| format!("{error:#}")));
        match parsed {
            Ok(Ok(())) => return Ok(syntax),
            Ok(Err(said)) => problems.push(Problem { file: file.into(), ..error::problem(&said) }),
            Err(_) => problems.push(Problem { file: file.into(), line: 1, column: 1, message: "the parser gave up".to_owned() }),
        }
    }
    // What is wrong is best said in the syntax that the text seems to have: the one in which more of it can be read, and not that
    // a word of the other one is missing.
    let furthest = problems.into_iter().max_by_key(|problem| (!error::is_of_syntax(&problem.message), problem.line, problem.column));
    Err(furthest.unwrap_or_else(|| Problem { file: file.into(), line: 1, column: 1, message: "it can't be read".to_owned() }))
}

/// An engine with modules that were parsed before.
fn engine_of<'m>(modules: impl Iterator<Item = &'m Module>, now_s: Option<i64>) -> Engine {
    let mut engine = empty_engine(now_s);
    for module in modules {
        engine.set_rego_v0(module.syntax == Syntax::V0);
        // It was parsed before.
        let _ = engine.add_policy(module.file.to_string(), module.text.to_string());
    }
    engine
}

/// The engine with data, ready to be asked.
fn compiled(mut engine: Engine, data: &[Value]) -> Result<Engine, Problem> {
    let problem = |text: String| error::problem(&text);
    for data in data {
        engine.add_data(data.clone()).map_err(|error| problem(format!("{error:#}")))?;
    }
    // Everything is scheduled at the first question, whatever it is.
    match engine.eval_rule("data.none".to_owned()).map(drop) {
        Ok(()) => Ok(engine),
        Err(error) => {
            let text = format!("{error:#}");
            if error::is_no_rule(&text) { Ok(engine) } else { Err(problem(text)) }
        }
    }
}
