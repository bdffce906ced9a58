//! The functions of Terraform's language. One table; a module for each group.

mod collection;
mod encoding;
mod file;
mod network;
mod number;
mod text;
mod time;

use super::{
    evaluate::{Evaluator, Scope},
    operation::{invalid, text_of, unknown_of},
};
use crate::{Cause, Place, Value};

/// A call, with evaluated arguments.
pub(super) struct Call<'c, 'p> {
    pub(super) arguments: &'c [Value],
    pub(super) at: Place,
    pub(super) evaluator: &'c Evaluator<'p>,
    pub(super) scope: Scope<'c, 'p>,
}

/// A function.
pub(super) struct Function {
    name: &'static str,
    /// Whether it may be called where an argument is not known: then it finds out itself what follows.
    takes_unknown: bool,
    run: fn(&Call<'_, '_>) -> Value,
}

const fn strict(name: &'static str, run: fn(&Call<'_, '_>) -> Value) -> Function {
    Function { name, takes_unknown: false, run }
}

const fn lenient(name: &'static str, run: fn(&Call<'_, '_>) -> Value) -> Function {
    Function { name, takes_unknown: true, run }
}

/// All functions, by group.
static FUNCTIONS: &[&[Function]] =
    &[collection::FUNCTIONS, encoding::FUNCTIONS, file::FUNCTIONS, network::FUNCTIONS, number::FUNCTIONS, text::FUNCTIONS, time::FUNCTIONS];

/// Calls a function by its name.
pub(super) fn call(name: &str, call: &Call<'_, '_>) -> Value {
    // `core::` names the language's own.
    let plain = name.strip_prefix("core::").unwrap_or(name);
    let Some(function) = FUNCTIONS.iter().copied().flatten().find(|function| function.name == plain) else {
        return Value::unknown(Cause::Function(name.into()), call.at);
    };
    if !function.takes_unknown
        && let Some(unknown) = unknown_of(call.arguments, call.at)
    {
        return unknown;
    }
    (function.run)(call)
}

impl<'c> Call<'c, '_> {
    /// An argument.
    fn argument(&self, index: usize) -> Option<&'c Value> {
        self.arguments.get(index)
    }

    /// An argument as a text.
    fn text(&self, index: usize) -> Option<std::sync::Arc<str>> {
        text_of(self.argument(index)?)
    }

    /// An argument as a number.
    fn number(&self, index: usize) -> Option<f64> {
        self.argument(index)?.number()
    }

    /// What comes of arguments that don't fit.
    fn invalid(&self, reason: &str) -> Value {
        // What is wrong may be that a part is not known.
        match self.arguments.iter().find_map(Value::any_cause) {
            Some(cause) => Value::unknown(cause.clone(), self.at),
            None => invalid(reason, self.at),
        }
    }

    /// A text, or what comes of arguments that don't fit.
    fn made_text(&self, made: Option<String>) -> Value {
        match made {
            Some(text) if text.len() <= super::operation::MAX_TEXT_BYTES => Value::of_text(text, self.at),
            Some(_) => Value::unknown(Cause::Limit("max-text-bytes".into()), self.at),
            None => self.invalid("arguments do not fit"),
        }
    }
}
