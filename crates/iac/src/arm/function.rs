//! Functions of templates, which Bicep shares. "ARM template functions"; one table, a module for each group.

mod collection;
pub(crate) mod lambda;
mod text;

pub(crate) use self::collection::element;
use crate::{
    Cause, Kind, Place, Value,
    terraform::{
        Operator,
        operation::{binary, equal, invalid, over, unary, unknown_of},
    },
};

/// So many combinations of what arguments may be are looked at.
const MAX_COMBINATIONS: usize = 256;

/// A function.
struct Function {
    /// Its name in lower case.
    name: &'static str,
    /// Whether it may be called where an argument is not known: then it finds out itself what follows.
    takes_unknown: bool,
    /// Nothing comes of arguments that don't fit.
    run: fn(&[Value], Place) -> Option<Value>,
}

const fn strict(name: &'static str, run: fn(&[Value], Place) -> Option<Value>) -> Function {
    Function { name, takes_unknown: false, run }
}

const fn lenient(name: &'static str, run: fn(&[Value], Place) -> Option<Value>) -> Function {
    Function { name, takes_unknown: true, run }
}

/// All functions, by group.
static FUNCTIONS: &[&[Function]] = &[LOGIC, collection::FUNCTIONS, text::FUNCTIONS];

static LOGIC: &[Function] = &[
    lenient("true", |_, at| Some(Value::new(Kind::Boolean(true), at))),
    lenient("false", |_, at| Some(Value::new(Kind::Boolean(false), at))),
    lenient("null", |_, at| Some(Value::new(Kind::Null, at))),
    lenient("equals", |arguments, at| match arguments {
        [left, right] => Some(same(left, right, at)),
        _ => None,
    }),
    lenient("and", |arguments, at| folded(Operator::And, arguments, at)),
    lenient("or", |arguments, at| folded(Operator::Or, arguments, at)),
    strict("not", |arguments, at| Some(unary(Operator::Not, arguments.first()?, at))),
    strict("bool", |arguments, at| {
        let value = arguments.first()?;
        let is = value.boolean().or(value.number().map(|number| number != 0.0))?;
        Some(Value::new(Kind::Boolean(is), at))
    }),
    strict("int", |arguments, at| Some(Value::new(Kind::Number(arguments.first()?.number()?.trunc()), at))),
    strict("float", |arguments, at| Some(Value::new(Kind::Number(arguments.first()?.number()?), at))),
    strict("add", |arguments, at| folded(Operator::Add, arguments, at)),
    strict("sub", |arguments, at| folded(Operator::Subtract, arguments, at)),
    strict("mul", |arguments, at| folded(Operator::Multiply, arguments, at)),
    strict("div", |arguments, at| {
        let quotient = folded(Operator::Divide, arguments, at)?;
        Some(Value::new(Kind::Number(quotient.number()?.trunc()), at))
    }),
    strict("mod", |arguments, at| folded(Operator::Modulo, arguments, at)),
    strict("less", |arguments, at| compared(Operator::Less, arguments, at)),
    strict("lessorequals", |arguments, at| compared(Operator::LessOrEqual, arguments, at)),
    strict("greater", |arguments, at| compared(Operator::Greater, arguments, at)),
    strict("greaterorequals", |arguments, at| compared(Operator::GreaterOrEqual, arguments, at)),
];

/// Functions that say something about the deployment, or make something new each time.
const OF_RUNTIME: &[&str] = &[
    "subscription",
    "resourcegroup",
    "deployment",
    "deployer",
    "environment",
    "tenant",
    "managementgroup",
    "reference",
    "resourceid",
    "subscriptionresourceid",
    "tenantresourceid",
    "managementgroupresourceid",
    "extensionresourceid",
    "uniquestring",
    "guid",
    "newguid",
    "utcnow",
    "providers",
    "pickzones",
    "getsecret",
];

/// What comes of a call by the function's name in lower case.
pub(crate) fn call(name: &str, arguments: &[Value], at: Place) -> Value {
    let n_combinations = arguments.iter().fold(1_usize, |n, argument| match &argument.kind {
        Kind::OneOf(values) => n.saturating_mul(values.len()),
        _ => n,
    });
    if MAX_COMBINATIONS < n_combinations {
        return Value::unknown(Cause::Limit("max-alternatives".into()), at);
    }
    over(arguments, at, &|arguments| of_one(name, arguments, at))
}

fn of_one(name: &str, arguments: &[Value], at: Place) -> Value {
    if OF_RUNTIME.contains(&name) || name.starts_with("list") {
        let unknown = Value::unknown(Cause::Runtime(format!("`{name}()`").into()), at);
        return not_null(unknown);
    }
    let Some(function) = FUNCTIONS.iter().copied().flatten().find(|function| function.name == name) else {
        return Value::unknown(Cause::Function(name.into()), at);
    };
    if !function.takes_unknown
        && let Some(unknown) = unknown_of(arguments, at)
    {
        return unknown;
    }
    let cause = || arguments.iter().find_map(Value::any_cause).cloned().unwrap_or_else(|| Cause::Function(name.into()));
    (function.run)(arguments, at).unwrap_or_else(|| Value::unknown(cause(), at))
}

/// The same unknown value, which is something.
fn not_null(mut value: Value) -> Value {
    if let Kind::Unknown(unknown) = &mut value.kind {
        std::sync::Arc::make_mut(unknown).is_not_null = true;
    }
    value
}

/// Whether values are the same.
pub(crate) fn same(left: &Value, right: &Value, at: Place) -> Value {
    match equal(left, right) {
        Some(is) => Value::new(Kind::Boolean(is), at),
        None => {
            let cause = left.any_cause().or_else(|| right.any_cause());
            cause.map_or_else(|| invalid("not comparable", at), |cause| Value::unknown(cause.clone(), at))
        }
    }
}

fn folded(operator: Operator, arguments: &[Value], at: Place) -> Option<Value> {
    let (first, rest) = arguments.split_first()?;
    Some(rest.iter().fold(first.clone(), |left, right| binary(operator, &left, right, at)))
}

/// Numbers by size, texts in order of their characters.
fn compared(operator: Operator, arguments: &[Value], at: Place) -> Option<Value> {
    let [left, right] = arguments else { return None };
    match (&left.kind, &right.kind) {
        (Kind::Text(one), Kind::Text(other)) => {
            let order = match one.cmp(other) {
                std::cmp::Ordering::Less => -1.0,
                std::cmp::Ordering::Equal => 0.0,
                std::cmp::Ordering::Greater => 1.0,
            };
            let zero = Value::new(Kind::Number(0.0), at);
            Some(binary(operator, &Value::new(Kind::Number(order), at), &zero, at))
        }
        _ => Some(binary(operator, left, right, at)),
    }
}

/// A number of things.
fn count(n: usize, at: Place) -> Value {
    Value::new(Kind::Number(u32::try_from(n).map_or(f64::MAX, f64::from)), at)
}
