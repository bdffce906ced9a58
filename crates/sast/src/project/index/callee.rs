//! What a call runs.

use super::{
    super::facts::{Callee, Reference, TypeFacts},
    ClassId, Definition, FunctionId, Index, MAX_HOPS, Style, Word, related,
};

/// How many methods one call may run.
const MAX_METHODS: usize = 16;

/// What a call runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Target {
    /// One function, or several of which it is one.
    pub(crate) functions: Vec<FunctionId>,
    /// The class of which an object is made; the functions are its constructors.
    pub(crate) class: Option<ClassId>,
}

impl Index {
    /// What a call in a file runs; nothing if that is not in the project.
    pub(in super::super) fn target(&self, file: u32, callee: &Callee, n_arguments: usize) -> Option<Target> {
        let target = self.target_within(file, callee, MAX_HOPS)?;
        Some(self.fitting(target, n_arguments))
    }

    /// Of functions of one name in one class those with as many parameters.
    fn fitting(&self, target: Target, n_arguments: usize) -> Target {
        let fits = |function: &FunctionId| self.function(*function).is_some_and(|facts| facts.params.len() == n_arguments);
        let functions =
            if target.functions.iter().any(fits) { target.functions.into_iter().filter(fits).collect() } else { target.functions };
        Target { functions, ..target }
    }

    pub(in super::super) fn function(&self, (file, number): FunctionId) -> Option<&super::super::facts::FunctionFacts> {
        self.files.get(file as usize)?.facts.outline.functions.get(number as usize)
    }

    fn target_within(&self, file: u32, callee: &Callee, n_hops: u32) -> Option<Target> {
        let n_hops = n_hops.checked_sub(1)?;
        match callee {
            Callee::Local(number) => Some(Target { functions: vec![(file, *number)], class: None }),
            Callee::New(of) => self.constructors(self.class_of(file, of, n_hops)?.0),
            Callee::Method(of, name) => {
                let name = self.word_in(file, *name);
                match self.class_of(file, of, n_hops) {
                    Some((class, is_exact)) => self.dispatched(class, name, is_exact).or_else(|| {
                        // A function that stands beside the class, where methods are called by their names alone.
                        let is_implicit = matches!(of, TypeFacts::Class(_)) && self.style == Style::Namespaces;
                        match self.unknown(file, &[name], n_hops).filter(|_| is_implicit)? {
                            Definition::Function(function) => Some(Target { functions: vec![function], class: None }),
                            _ => None,
                        }
                    }),
                    // The type is a module.
                    None => {
                        let TypeFacts::Named(reference) = of else { return None };
                        let module = self.resolve(file, reference, n_hops)?;
                        self.run(&self.step(&module, name, n_hops)?, n_hops)
                    }
                }
            }
            Callee::Named(reference) => self.named_target(file, reference, n_hops),
        }
    }

    fn named_target(&self, file: u32, reference: &Reference, n_hops: u32) -> Option<Target> {
        // The last name may be a method of what the others mean, which decides at run time.
        let (outer, last) = match reference {
            Reference::Unknown(path) => {
                let (last, outer) = path.split_last()?;
                (Reference::Unknown(outer.to_vec()), *last)
            }
            Reference::Imported(paths) => {
                let last = *paths.first()?.last()?;
                let outer = paths.iter().filter_map(|path| Some(path.split_last()?.1.to_vec())).filter(|path| !path.is_empty()).collect();
                (Reference::Imported(outer), last)
            }
        };
        let last = self.word_in(file, last);
        match self.resolve(file, &outer, n_hops) {
            Some(Definition::Class(class)) => {
                if let Some(target) = self.dispatched(class, last, true) {
                    return Some(target);
                }
                if self.text(last) == "new" {
                    return self.constructors(class);
                }
            }
            Some(Definition::Value(of_file, of)) => {
                if let Some((class, is_exact)) = self.class_of(of_file, &of, n_hops)
                    && let Some(target) = self.dispatched(class, last, is_exact)
                {
                    return Some(target);
                }
            }
            _ => {}
        }
        self.run(&self.resolve(file, reference, n_hops)?, n_hops)
    }

    /// What happens where a definition is called.
    fn run(&self, definition: &Definition, n_hops: u32) -> Option<Target> {
        match *definition {
            Definition::Function(function) => {
                // Functions of one name: overloads.
                let functions = self.function(function).and_then(|facts| {
                    let class = (function.0, facts.class?);
                    Some(self.methods.get(&(class, self.word_in(function.0, facts.name)))?.clone())
                });
                Some(Target { functions: functions.unwrap_or_else(|| vec![function]), class: None })
            }
            Definition::Class(class) => self.constructors(class),
            Definition::Module(file) => match self.default_of(file, n_hops.checked_sub(1)?)? {
                Definition::Module(_) => None,
                other => self.run(&other, n_hops.checked_sub(1)?),
            },
            Definition::Folder(_) | Definition::Value(..) | Definition::Members(..) => None,
        }
    }

    /// The constructors of a class, or of the nearest one that it is derived from and that has some.
    fn constructors(&self, class: ClassId) -> Option<Target> {
        let of = |class: ClassId| -> Vec<FunctionId> {
            let Some(outline) = self.files.get(class.0 as usize).map(|file| &file.facts.outline) else { return Vec::new() };
            let numbered = (0_u32..).zip(&outline.functions);
            numbered
                .filter(|(_, facts)| facts.class == Some(class.1) && facts.is_constructor)
                .map(|(number, _)| (class.0, number))
                .collect()
        };
        let functions = self.lineage(class).into_iter().map(of).find(|functions| !functions.is_empty()).unwrap_or_default();
        Some(Target { functions, class: Some(class) })
    }

    /// The methods that a call of an object of a class may run: its own, and those of classes that are derived from it.
    fn dispatched(&self, class: ClassId, name: Word, is_exact: bool) -> Option<Target> {
        let has_body = |function: &&FunctionId| self.function(**function).is_some_and(|facts| facts.has_body);
        let own = self.method(class, name);
        let mut functions: Vec<FunctionId> = own.iter().filter(has_body).copied().collect();
        if !is_exact {
            let derived = if self.style == Style::Go { self.implementers(class) } else { related(&self.derived, class) };
            for other in derived.into_iter().filter(|other| *other != class) {
                functions.extend(self.methods.get(&(other, name)).into_iter().flatten().filter(has_body));
            }
        }
        functions.sort_unstable();
        functions.dedup();
        functions.truncate(MAX_METHODS);
        (!functions.is_empty()).then_some(Target { functions, class: None })
    }

    /// The types that have all methods of an interface.
    fn implementers(&self, interface: ClassId) -> Vec<ClassId> {
        let is_interface = |(file, number): ClassId| {
            self.files
                .get(file as usize)
                .and_then(|file| file.facts.outline.classes.get(number as usize))
                .is_some_and(|class| class.is_interface)
        };
        let Some(wanted) = self.method_names.get(&interface).filter(|_| is_interface(interface)) else { return Vec::new() };
        let mut found: Vec<ClassId> = self
            .method_names
            .iter()
            .filter(|(class, names)| !is_interface(**class) && wanted.iter().all(|name| names.contains(name)))
            .map(|(class, _)| *class)
            .collect();
        found.sort_unstable();
        found
    }

    /// The class that a type is, and whether it is that one alone.
    pub(super) fn class_of(&self, file: u32, of: &TypeFacts, n_hops: u32) -> Option<(ClassId, bool)> {
        let n_hops = n_hops.checked_sub(1)?;
        match of {
            TypeFacts::Unknown => None,
            TypeFacts::Class(number) => Some(((file, *number), false)),
            TypeFacts::Exactly(of) => Some((self.class_of(file, of, n_hops)?.0, true)),
            TypeFacts::Named(reference) => self.class_in(self.resolve(file, reference, n_hops)?, n_hops),
            TypeFacts::Result(callee) => {
                let target = self.target_within(file, callee, n_hops)?;
                if let Some(class) = target.class {
                    return Some((class, true));
                }
                let (other, number) = *target.functions.first()?;
                let facts = self.function((other, number))?;
                self.class_of(other, &facts.returns, n_hops)
            }
            TypeFacts::Field(of, name) => {
                let (class, _) = self.class_of(file, of, n_hops)?;
                let (other, of) = self.field(class, self.word_in(file, *name))?;
                self.class_of(other, &of, n_hops)
            }
        }
    }

    fn class_in(&self, definition: Definition, n_hops: u32) -> Option<(ClassId, bool)> {
        match definition {
            Definition::Class(class) => Some((class, false)),
            Definition::Value(file, of) => self.class_of(file, &of, n_hops),
            Definition::Module(file) => match self.default_of(file, n_hops.checked_sub(1)?)? {
                Definition::Module(_) => None,
                other => self.class_in(other, n_hops.checked_sub(1)?),
            },
            Definition::Folder(_) | Definition::Function(_) | Definition::Members(..) => None,
        }
    }
}
