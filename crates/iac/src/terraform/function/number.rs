//! Numbers and conversions of types.

use super::{Call, Function, lenient, strict};
use crate::{
    Kind, Value,
    terraform::operation::{equal, text_of},
};

pub(super) static FUNCTIONS: &[Function] = &[
    strict("abs", |call| number(call, f64::abs)),
    strict("ceil", |call| number(call, f64::ceil)),
    strict("floor", |call| number(call, f64::floor)),
    strict("signum", |call| number(call, |number| if number == 0.0 { 0.0 } else { number.signum() })),
    strict("log", |call| two(call, |number, base| number.ln() / base.ln())),
    strict("pow", |call| two(call, f64::powf)),
    strict("max", |call| many(call, f64::max)),
    strict("min", |call| many(call, f64::min)),
    strict("parseint", parse_int),
    strict("sum", sum),
    lenient("tostring", |call| converted(call, |value| text_of(value).map(Kind::Text))),
    lenient("tonumber", |call| converted(call, |value| value.number().map(Kind::Number))),
    lenient("tobool", |call| converted(call, |value| value.boolean().map(Kind::Boolean))),
    lenient("sensitive", same),
    lenient("nonsensitive", same),
    lenient("ephemeralasnull", same),
    lenient("issensitive", |call| Value::new(Kind::Boolean(false), call.at)),
    lenient("type", |call| Value::unknown(crate::Cause::Function("type".into()), call.at)),
    lenient("alltrue", |call| every(call, true)),
    lenient("anytrue", |call| every(call, false)),
];

fn result(call: &Call<'_, '_>, number: Option<f64>) -> Value {
    match number.filter(|number| number.is_finite()) {
        Some(number) => Value::new(Kind::Number(number), call.at),
        None => call.invalid("numbers are needed"),
    }
}

fn number(call: &Call<'_, '_>, apply: fn(f64) -> f64) -> Value {
    result(call, call.number(0).map(apply))
}

fn two(call: &Call<'_, '_>, apply: fn(f64, f64) -> f64) -> Value {
    result(call, call.number(0).zip(call.number(1)).map(|(one, other)| apply(one, other)))
}

fn many(call: &Call<'_, '_>, apply: fn(f64, f64) -> f64) -> Value {
    let numbers: Option<Vec<f64>> = call.arguments.iter().map(Value::number).collect();
    result(call, numbers.and_then(|numbers| numbers.into_iter().reduce(apply)))
}

fn sum(call: &Call<'_, '_>) -> Value {
    let numbers: Option<Vec<f64>> = call.argument(0).map(Value::items).and_then(|items| items.iter().map(Value::number).collect());
    result(call, numbers.map(|numbers| numbers.iter().sum()))
}

fn parse_int(call: &Call<'_, '_>) -> Value {
    let base = call.number(1).and_then(crate::terraform::evaluate::index_of).and_then(|base| u32::try_from(base).ok());
    let parsed =
        call.text(0).zip(base.filter(|base| (2..=36).contains(base))).and_then(|(text, base)| i64::from_str_radix(&text, base).ok());
    let number = parsed.and_then(|parsed| parsed.to_string().parse::<f64>().ok());
    result(call, number)
}

fn converted(call: &Call<'_, '_>, convert: fn(&Value) -> Option<Kind>) -> Value {
    match call.argument(0) {
        Some(value) if value.is_null() || value.cause().is_some() => value.clone(),
        Some(value) => convert(value).map_or_else(|| call.invalid("the value can't be converted"), |kind| Value { kind, ..value.clone() }),
        None => call.invalid("an argument is missing"),
    }
}

fn same(call: &Call<'_, '_>) -> Value {
    call.argument(0).cloned().unwrap_or_else(|| call.invalid("an argument is missing"))
}

/// Whether all are true, or one is.
fn every(call: &Call<'_, '_>, is_all: bool) -> Value {
    let Some(Value { kind: Kind::List(items), .. }) = call.argument(0) else { return call.invalid("a list is needed") };
    let decides = Value::new(Kind::Boolean(!is_all), call.at);
    let mut unknown = None;
    for item in items.iter() {
        match item.boolean() {
            Some(is) if Some(true) == equal(&Value::new(Kind::Boolean(is), call.at), &decides) => return decides,
            Some(_) => {}
            None => unknown = unknown.or(item.any_cause()),
        }
    }
    unknown.map_or_else(|| Value::new(Kind::Boolean(is_all), call.at), |cause| Value::unknown(cause.clone(), call.at))
}
