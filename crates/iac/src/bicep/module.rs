//! Files of a project as modules, and modules as they are called.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap},
    rc::Rc,
    sync::Arc,
};

use super::syntax::{Declaration, Expression, Span, Statement, StatementKind};
use crate::{Place, ResourceId, ScopeId, Value, arm::known::Known};

/// The code of a file.
#[derive(Debug)]
pub(super) struct Code<'p> {
    /// The path of the file.
    pub(super) path: &'p str,
    /// Its number.
    pub(super) file: u32,
    /// What it declares by name; a resource within another has the name that it has there, unless the file has that, too.
    symbols: BTreeMap<&'p str, &'p Statement>,
    /// Its resources and modules, each after the one that it stands in.
    pub(super) declarations: Vec<Declared<'p>>,
    /// Imports, whose names are those of other files.
    pub(super) imports: Vec<&'p Statement>,
    outputs: BTreeMap<&'p str, &'p Expression>,
    /// The code that a file of parameters is for.
    pub(super) using: Option<&'p str>,
}

/// A resource or a module of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Declared<'p> {
    pub(super) statement: &'p Statement,
    pub(super) declaration: &'p Declaration,
    pub(super) is_module: bool,
    /// The resource that it stands in.
    pub(super) outer: Option<&'p str>,
}

/// A file that is called in one way.
pub(super) struct Instance<'p> {
    pub(super) code: &'p Code<'p>,
    /// How it is called: `web[0].`, with the dot; empty for a root.
    pub(super) path: String,
    /// What parameters are given.
    pub(super) inputs: BTreeMap<Arc<str>, Value>,
    /// The calls that lead here, the outermost first.
    pub(super) calls: Vec<Place>,
    pub(super) scope: ScopeId,
    pub(super) memo: RefCell<HashMap<&'p str, Slot>>,
    pub(super) made: RefCell<HashMap<&'p str, Made<'p>>>,
    pub(super) known: RefCell<Known>,
}

/// A value that is being found out, or was.
pub(super) enum Slot {
    InProgress,
    Done(Value),
}

/// What was made of a resource or a module.
#[derive(Clone)]
pub(super) struct Made<'p> {
    pub(super) declared: Declared<'p>,
    /// Each of them; one alone where it is not repeated, or where it is not known how often.
    pub(super) ones: Rc<[One<'p>]>,
}

/// One of what was made.
#[derive(Clone)]
pub(super) struct One<'p> {
    /// The item and the number that it is repeated for.
    pub(super) each: Option<(Value, Value)>,
    /// What it is called in full, with what it is a part of.
    pub(super) name: Value,
    pub(super) is: Is<'p>,
}

/// What one is.
#[derive(Clone)]
pub(super) enum Is<'p> {
    Resource(ResourceId),
    /// A resource that is looked up only.
    Existing,
    /// A module; filled in when it is first asked for, with nothing where its code is not there.
    Module(Rc<RefCell<Option<Option<Rc<Instance<'p>>>>>>),
    /// Its condition does not hold.
    Absent,
}

impl<'p> Code<'p> {
    pub(super) fn new(path: &'p str, file: u32, statements: &'p [Statement]) -> Self {
        let (symbols, outputs) = (BTreeMap::new(), BTreeMap::new());
        let mut code = Self { path, file, symbols, declarations: Vec::new(), imports: Vec::new(), outputs, using: None };
        for statement in statements {
            match &statement.kind {
                StatementKind::Import(_) => code.imports.push(statement),
                StatementKind::Using(of) => code.using = Some(of),
                StatementKind::Parameter(_) | StatementKind::Variable(_) | StatementKind::Function(..) => {
                    code.symbols.insert(&statement.name, statement);
                }
                StatementKind::Output(value) => drop(code.outputs.insert(&statement.name, value)),
                StatementKind::Resource(_) | StatementKind::Module(_) => {}
            }
        }
        code.declare(statements, None);
        code
    }

    fn declare(&mut self, statements: &'p [Statement], outer: Option<&'p str>) {
        for statement in statements {
            let (declaration, is_module) = match &statement.kind {
                StatementKind::Resource(declaration) => (declaration, false),
                StatementKind::Module(declaration) => (declaration, true),
                _ => continue,
            };
            self.symbols.entry(&statement.name).or_insert(statement);
            self.declarations.push(Declared { statement, declaration, is_module, outer });
        }
        // What stands in others comes behind all that stand beside each other.
        for statement in statements {
            if let StatementKind::Resource(declaration) = &statement.kind {
                self.declare(&declaration.nested, Some(&statement.name));
            }
        }
    }

    /// What a name is in this file.
    pub(super) fn symbol(&self, name: &str) -> Option<&'p Statement> {
        self.symbols.get(name).copied()
    }

    /// The value of an output.
    pub(super) fn output(&self, name: &str) -> Option<&'p Expression> {
        self.outputs.get(name).copied()
    }

    /// The names of its parameters.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &'p Arc<str>> {
        let is_one = |statement: &&&'p Statement| matches!(statement.kind, StatementKind::Parameter(_));
        self.symbols.values().filter(is_one).map(|statement| &statement.name)
    }

    /// The folder of the file.
    pub(super) fn folder(&self) -> &'p str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// A place in the file.
    pub(super) fn place(&self, span: Span) -> Place {
        Place { file: self.file, start: span.start, end: span.end }
    }
}

impl<'p> Instance<'p> {
    pub(super) fn new(code: &'p Code<'p>, scope: ScopeId, inputs: BTreeMap<Arc<str>, Value>) -> Self {
        Self {
            code,
            path: String::new(),
            inputs,
            calls: Vec::new(),
            scope,
            memo: RefCell::default(),
            made: RefCell::default(),
            known: RefCell::default(),
        }
    }

    /// What was made of a resource or a module.
    pub(super) fn made(&self, symbol: &str) -> Option<Made<'p>> {
        self.made.borrow().get(symbol).cloned()
    }
}
