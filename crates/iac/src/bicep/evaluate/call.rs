//! Calls: of functions of the language, of functions of files, and of what takes functions.

use std::{rc::Rc, sync::Arc};

use bartizan_source::document;
use base64::Engine as _;

use super::{Evaluator, Local, Scope};
use crate::{
    Cause, Kind, Place, Value,
    arm::function::{self, lambda},
    bicep::{
        module::Instance,
        syntax::{Expression, ExpressionKind, StatementKind},
    },
    project::joined,
};

impl<'p> Evaluator<'p> {
    pub(super) fn call(&self, name: &'p str, arguments: &'p [Expression], scope: Scope<'_, 'p>, at: Place) -> Value {
        if let Some(value) = self.own_function(name, arguments, scope) {
            return value;
        }
        self.built_in(name, arguments, scope, at)
    }

    /// A call of a function of a namespace, of a file that is imported, or of a resource.
    pub(super) fn method(&self, of: &'p Expression, name: &'p str, arguments: &'p [Expression], scope: Scope<'_, 'p>, at: Place) -> Value {
        if let ExpressionKind::Name(namespace) = &of.kind {
            if let Some(library) = self.namespace(namespace, scope.instance) {
                let given: Vec<Value> = arguments.iter().map(|argument| self.evaluate(argument, scope)).collect();
                return self.apply(name, &library, &given).unwrap_or_else(|| Value::unknown(Cause::Missing(name.into()), at));
            }
            if matches!(&**namespace, "sys" | "az") {
                return self.built_in(name, arguments, scope, at);
            }
        }
        Value::unknown(Cause::Runtime(format!("`{name}()`").into()), at)
    }

    fn own_function(&self, name: &str, arguments: &'p [Expression], scope: Scope<'_, 'p>) -> Option<Value> {
        let is_declared = matches!(scope.instance.code.symbol(name).map(|statement| &statement.kind), Some(StatementKind::Function(..)));
        let (instance, there) = if is_declared { (Rc::clone(scope.instance), name) } else { self.imported(name, scope.instance)? };
        let given: Vec<Value> = arguments.iter().map(|argument| self.evaluate(argument, scope)).collect();
        self.apply(there, &instance, &given)
    }

    /// What a function of a file makes of values; nothing where the file has no such function.
    fn apply(&self, name: &str, instance: &Rc<Instance<'p>>, given: &[Value]) -> Option<Value> {
        let Some(statement) = instance.code.symbol(name) else {
            let (library, there) = self.imported(name, instance)?;
            // Files that import from each other may have it nowhere.
            return self.deeper(|| self.apply(there, &library, given)).flatten();
        };
        let StatementKind::Function(names, body) = &statement.kind else { return None };
        Some(self.with_locals(names, given, body, Scope { instance, locals: None }))
    }

    fn with_locals(&self, names: &'p [Arc<str>], values: &[Value], body: &'p Expression, scope: Scope<'_, 'p>) -> Value {
        let Some(((name, value), rest)) =
            names.split_first().zip(values.split_first()).map(|((name, names), (value, values))| ((name, value), (names, values)))
        else {
            return self.evaluate(body, scope);
        };
        let local = Local { name, value: value.clone(), outer: scope.locals };
        self.with_locals(rest.0, rest.1, body, Scope { instance: scope.instance, locals: Some(&local) })
    }

    fn built_in(&self, written: &str, arguments: &'p [Expression], scope: Scope<'_, 'p>, at: Place) -> Value {
        let name = written.to_ascii_lowercase();
        if lambda::is_known(&name) {
            return self.with_lambda(&name, arguments, scope, at);
        }
        if name == "nameof" {
            let name = arguments.first().and_then(|argument| match &argument.kind {
                ExpressionKind::Name(name) | ExpressionKind::Attribute(_, name, _) => Some(Arc::clone(name)),
                _ => None,
            });
            return name.map_or_else(|| Value::unknown(Cause::Function("nameof".into()), at), |name| Value::of_text(name, at));
        }
        let given: Vec<Value> = arguments.iter().map(|argument| self.evaluate(argument, scope)).collect();
        match (name.as_str(), given.as_slice()) {
            ("any", [value]) => value.clone(),
            ("loadtextcontent" | "loadfileasbase64" | "loadjsoncontent" | "loadyamlcontent", [path, ..]) => {
                self.loaded(&name, path, given.get(1), scope.instance, at)
            }
            ("readenvironmentvariable" | "externalinput", _) => Value::unknown(Cause::Runtime(format!("`{written}()`").into()), at),
            ("resourceid" | "extensionresourceid", _) => {
                let id = scope.instance.known.borrow().by_id(&given);
                id.map_or_else(|| function::call(&name, &given, at), |id| Value::computed(id, "id", at))
            }
            ("reference", [of, ..]) => {
                let id = of.references.iter().flat_map(|ids| ids.iter().copied()).next();
                id.map_or_else(|| function::call(&name, &given, at), |id| Value::computed(id, "", at))
            }
            _ => function::call(&name, &given, at),
        }
    }

    fn with_lambda(&self, name: &str, arguments: &'p [Expression], scope: Scope<'_, 'p>, at: Place) -> Value {
        let mut closures: Vec<Option<lambda::Closure<'_>>> = Vec::new();
        for argument in arguments {
            closures.push(match &argument.kind {
                ExpressionKind::Lambda(names, body) => {
                    let closure = move |values: &[Value]| self.with_locals(names, values, body, scope);
                    Some(Box::new(closure) as lambda::Closure<'_>)
                }
                _ => None,
            });
        }
        let given: Vec<lambda::Argument<'_>> = arguments
            .iter()
            .zip(&closures)
            .map(|(argument, closure)| match closure {
                Some(closure) => lambda::Argument::Lambda(closure),
                None => lambda::Argument::Value(self.evaluate(argument, scope)),
            })
            .collect();
        lambda::call(name, &given, at)
    }

    /// What a file of the project holds.
    fn loaded(&self, name: &str, path: &Value, way: Option<&Value>, instance: &Rc<Instance<'p>>, at: Place) -> Value {
        let unknown = || Value::unknown(Cause::Function(name.into()), at);
        let Some(path) = path.text().and_then(|path| joined(instance.code.folder(), path)) else { return unknown() };
        let Some((number, file)) = self.project.numbered().find(|(_, file)| file.path.as_str() == Some(&path)) else {
            return Value::unknown(Cause::Missing(path.into()), at);
        };
        let document = match name {
            "loadtextcontent" => return Value::of_text(file.text, at),
            "loadfileasbase64" => return Value::of_text(base64::engine::general_purpose::STANDARD.encode(file.text), at),
            "loadjsoncontent" => {
                let parsed = document::parse_json(file.text, document::JsonDialect::WithComments);
                parsed.root.map(|root| Value::of_node(&root, number))
            }
            _ => document::parse_yaml_stream(file.text).roots.first().map(|root| Value::of_node(root, number)),
        };
        let Some(document) = document else { return unknown() };
        // A way into it, as in JSONPath: names and dots are what is written in most.
        match way.and_then(Value::text) {
            None => document,
            Some(way) => {
                let names = way.trim_start_matches('$').split('.').filter(|name| !name.is_empty());
                names.fold(document, |of, name| {
                    function::element(&of, &Value::of_text(name, at), at).unwrap_or(Value { kind: Kind::Null, ..of })
                })
            }
        }
    }
}
