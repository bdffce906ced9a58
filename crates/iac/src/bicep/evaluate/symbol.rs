//! Names: parameters, variables, resources, modules, and what is imported.

use std::{collections::BTreeMap, rc::Rc, sync::Arc};

use super::{Evaluator, Local, Scope, accessed};
use crate::{
    Cause, Kind, Place, Value,
    arm::evaluate::limited,
    bicep::{
        module::{Instance, Is, Made, One, Slot},
        syntax::{Access, Entry, Expression, ExpressionKind, Parameter, Statement, StatementKind},
    },
    project::joined,
    terraform::{index_of, operation::one_of},
};

impl<'p> Evaluator<'p> {
    pub(super) fn name(&self, name: &'p Arc<str>, scope: Scope<'_, 'p>, at: Place) -> Value {
        if let Some(value) = scope.local(name) {
            return value.clone();
        }
        self.of_file(name, scope.instance, at)
    }

    /// What a name is worth that a file declares or imports.
    pub(in crate::bicep) fn of_file(&self, name: &str, instance: &Rc<Instance<'p>>, at: Place) -> Value {
        let Some(statement) = instance.code.symbol(name) else {
            return match self.imported(name, instance) {
                Some((library, there)) => {
                    let value = self.deeper(|| self.of_file(there, &library, at));
                    value.unwrap_or_else(|| Value::unknown(Cause::Cycle(name.into()), at))
                }
                None => Value::unknown(Cause::Missing(name.into()), at),
            };
        };
        match &statement.kind {
            StatementKind::Parameter(parameter) => {
                self.remembered(statement, instance, at, || self.parameter(statement, parameter, instance))
            }
            StatementKind::Variable(value) => {
                self.remembered(statement, instance, at, || self.evaluate(value, Scope { instance, locals: None }))
            }
            StatementKind::Resource(_) | StatementKind::Module(_) => match instance.made(name) {
                Some(made) => self.whole(&made, None, at),
                None => Value::unknown(Cause::Runtime(format!("`{name}`").into()), at),
            },
            StatementKind::Output(_) | StatementKind::Function(..) | StatementKind::Import(_) | StatementKind::Using(_) => {
                Value::unknown(Cause::Missing(name.into()), at)
            }
        }
    }

    fn remembered(&self, statement: &'p Statement, instance: &Rc<Instance<'p>>, at: Place, evaluate: impl FnOnce() -> Value) -> Value {
        match instance.memo.borrow().get(&*statement.name) {
            Some(Slot::Done(value)) => return value.clone(),
            Some(Slot::InProgress) => return Value::unknown(Cause::Cycle(Arc::clone(&statement.name)), at),
            None => {}
        }
        instance.memo.borrow_mut().insert(&statement.name, Slot::InProgress);
        let value = limited(evaluate());
        instance.memo.borrow_mut().insert(&statement.name, Slot::Done(value.clone()));
        value
    }

    fn parameter(&self, statement: &'p Statement, parameter: &'p Parameter, instance: &Rc<Instance<'p>>) -> Value {
        let scope = Scope { instance, locals: None };
        // Null means that nothing is given, where there is a default.
        if let Some(given) = instance.inputs.get(&statement.name)
            && !(given.is_null() && parameter.default.is_some())
        {
            return given.clone();
        }
        let at = instance.code.place(statement.header);
        match &parameter.default {
            Some(default) => self.evaluate(default, scope),
            None if !parameter.allowed.is_empty() => {
                one_of(parameter.allowed.iter().map(|allowed| self.evaluate(allowed, scope)).collect(), at)
            }
            None if parameter.is_nullable => Value::new(Kind::Null, at),
            None => Value::unknown(Cause::Variable(Arc::clone(&statement.name)), at),
        }
    }

    /// The file that a name is imported from, and what it is called there.
    pub(super) fn imported(&self, name: &str, instance: &Rc<Instance<'p>>) -> Option<(Rc<Instance<'p>>, &'p str)> {
        for statement in &instance.code.imports {
            let StatementKind::Import(import) = &statement.kind else { continue };
            if let Some((there, _)) = import.names.iter().find(|(_, here)| &**here == name) {
                return Some((self.library(&import.from, instance)?, there));
            }
        }
        None
    }

    /// The file that is imported as a whole under a name.
    pub(super) fn namespace(&self, name: &str, instance: &Rc<Instance<'p>>) -> Option<Rc<Instance<'p>>> {
        let statement = instance.code.imports.iter().find(|statement| &*statement.name == name && !name.is_empty())?;
        match &statement.kind {
            StatementKind::Import(import) => self.library(&import.from, instance),
            _ => None,
        }
    }

    fn library(&self, from: &str, instance: &Rc<Instance<'p>>) -> Option<Rc<Instance<'p>>> {
        let path = joined(instance.code.folder(), from)?;
        let (path, code) = self.files.get_key_value(path.as_str())?;
        let mut libraries = self.libraries.borrow_mut();
        Some(Rc::clone(libraries.entry(path).or_insert_with(|| Rc::new(Instance::new(code, instance.scope, BTreeMap::new())))))
    }

    /// The resource or module that an expression names, and which of several.
    pub(in crate::bicep) fn target(&self, expression: &'p Expression, scope: Scope<'_, 'p>) -> Option<(Made<'p>, Option<Value>)> {
        match &expression.kind {
            ExpressionKind::Name(name) if scope.local(name).is_none() => Some((scope.instance.made(name)?, None)),
            ExpressionKind::Index(both, _) => {
                let [of, index] = &**both;
                let (made, None) = self.target(of, scope)? else { return None };
                Some((made, Some(self.evaluate(index, scope))))
            }
            ExpressionKind::Nested(of, name) => {
                self.target(of, scope)?;
                Some((scope.instance.made(name)?, None))
            }
            _ => None,
        }
    }

    /// Those of what was made that an index may mean.
    fn meant<'m>(&self, made: &'m Made<'p>, index: Option<&Value>) -> Vec<&'m One<'p>> {
        let position = index.and_then(Value::number).and_then(index_of);
        match position {
            Some(position) if made.declared.declaration.each.is_some() && 1 < made.ones.len() => {
                made.ones.get(position).into_iter().collect()
            }
            _ => made.ones.iter().collect(),
        }
    }

    /// A resource as a value.
    pub(super) fn whole(&self, made: &Made<'p>, index: Option<&Value>, at: Place) -> Value {
        let runtime = || Value::unknown(Cause::Runtime(format!("`{}`", made.declared.statement.name).into()), at);
        let value = |one: &One<'p>| match one.is {
            Is::Resource(id) => Value::computed(id, "", at),
            Is::Existing | Is::Module(_) | Is::Absent => runtime(),
        };
        let meant = self.meant(made, index);
        if made.declared.declaration.each.is_some() && index.is_none() {
            return Value::new(Kind::List(meant.into_iter().map(value).collect()), at);
        }
        if meant.is_empty() { runtime() } else { one_of(meant.into_iter().map(value).collect(), at) }
    }

    pub(super) fn attribute(&self, of: &'p Expression, name: &'p Arc<str>, access: Access, scope: Scope<'_, 'p>, at: Place) -> Value {
        if let Some((made, index)) = self.target(of, scope)
            && (made.declared.declaration.each.is_none() || index.is_some())
        {
            let values = self.meant(&made, index.as_ref()).into_iter().map(|one| self.of_one(&made, one, &[name], scope, at));
            return self.any_of(values.collect(), &made, at);
        }
        // `a.properties.b` and `a.outputs.b`
        if let ExpressionKind::Attribute(inner, group, _) = &of.kind
            && let Some((made, index)) = self.target(inner, scope)
        {
            let values = self.meant(&made, index.as_ref()).into_iter().map(|one| self.of_one(&made, one, &[group, name], scope, at));
            return self.any_of(values.collect(), &made, at);
        }
        if let ExpressionKind::Name(namespace) = &of.kind
            && scope.local(namespace).is_none()
            && let Some(library) = self.namespace(namespace, scope.instance)
        {
            return self.of_file(name, &library, at);
        }
        let of = self.evaluate(of, scope);
        accessed(&[of, Value::of_text(Arc::clone(name), at)], access, at)
    }

    fn any_of(&self, values: Vec<Value>, made: &Made<'p>, at: Place) -> Value {
        if values.is_empty() {
            return Value::unknown(Cause::Missing(Arc::clone(&made.declared.statement.name)), at);
        }
        one_of(values, at)
    }

    /// What is at the end of a way of names in a resource or a module.
    fn of_one(&self, made: &Made<'p>, one: &One<'p>, way: &[&'p Arc<str>], scope: Scope<'_, 'p>, at: Place) -> Value {
        let runtime = || Value::unknown(Cause::Runtime(format!("`{}`", made.declared.statement.name).into()), at);
        let first = way.first().map_or("", |name| &***name);
        match (first, way, &one.is) {
            (_, _, Is::Absent) => Value::new(Kind::Null, at),
            ("name", [_], Is::Resource(_) | Is::Existing) => self.own_name(made, one, scope.instance, at),
            ("type", [_], Is::Resource(_)) => Value::of_text(Arc::clone(&made.declared.declaration.of), at),
            ("id", [_], Is::Resource(id)) => Value::computed(*id, "id", at),
            ("outputs", [_, output], Is::Module(_)) => match self.module(made, one, scope.instance) {
                Some(module) => self.output(output, &module, at),
                None => Value::unknown(Cause::Module(Arc::clone(&made.declared.declaration.of)), at),
            },
            (_, _, Is::Resource(id)) => {
                let attribute = way.last().map_or("", |name| &***name);
                let computed = Value::computed(*id, attribute, at);
                match written(&made.declared.declaration.body, way) {
                    Some(expression) => {
                        let value = self.in_one(made, one, scope.instance, expression);
                        Value { references: computed.references, ..value }
                    }
                    None => computed,
                }
            }
            (_, _, Is::Existing | Is::Module(_)) => runtime(),
        }
    }

    /// What a resource is called in its own declaration.
    fn own_name(&self, made: &Made<'p>, one: &One<'p>, instance: &Rc<Instance<'p>>, at: Place) -> Value {
        let body = &made.declared.declaration.body;
        match member_of(body, "name") {
            Some(name) => self.in_one(made, one, instance, name),
            None => Value::unknown(Cause::Missing("name".into()), at),
        }
    }

    /// The value of an expression within a declaration, of one that was made of it.
    pub(in crate::bicep) fn in_one(
        &self,
        made: &Made<'p>,
        one: &One<'p>,
        instance: &Rc<Instance<'p>>,
        expression: &'p Expression,
    ) -> Value {
        match (&made.declared.declaration.each, &one.each) {
            (Some(each), Some((item, index))) => {
                let item = Local { name: &each.item, value: item.clone(), outer: None };
                let index = each.index.as_deref().map(|name| Local { name, value: index.clone(), outer: Some(&item) });
                self.evaluate(expression, Scope { instance, locals: Some(index.as_ref().unwrap_or(&item)) })
            }
            _ => self.evaluate(expression, Scope { instance, locals: None }),
        }
    }

    fn output(&self, name: &str, module: &Rc<Instance<'p>>, at: Place) -> Value {
        match module.code.output(name) {
            Some(value) => limited(self.evaluate(value, Scope { instance: module, locals: None })),
            None => Value::unknown(Cause::Missing(name.into()), at),
        }
    }
}

/// The value of a name in an object that is written out.
pub(in crate::bicep) fn member_of<'p>(object: &'p Expression, name: &str) -> Option<&'p Expression> {
    let ExpressionKind::Object(entries) = &object.kind else { return None };
    entries.iter().rev().find_map(|entry| match entry {
        Entry::Pair(key, value) => key.text().filter(|key| &***key == name).map(|_| value),
        Entry::Spread(_) => None,
    })
}

/// What is written at the end of a way of names.
fn written<'p>(object: &'p Expression, way: &[&Arc<str>]) -> Option<&'p Expression> {
    way.iter().try_fold(object, |object, name| member_of(object, name))
}
