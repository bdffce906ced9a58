//! Defaults, types, and what a value is as another type.

use super::{Args, Eval, Function, Kind, Machine, Val, at_least, deep_equal, exactly, fail};
use crate::helm::{format, template};

pub(super) const FUNCTIONS: &[Function] = &[
    at_least(1, "default", |machine, args| {
        let given = args.get(1);
        Ok(if args.len() < 2 || !machine.heap.is_true(&given) { args.get(0) } else { given })
    }),
    exactly(1, "empty", |machine, args| Ok(Val::bool(!machine.heap.is_true(&args.get(0))))),
    at_least(0, "coalesce", |machine, args| Ok(args.values.iter().find(|val| machine.heap.is_true(val)).cloned().unwrap_or_default())),
    at_least(0, "all", |machine, args| Ok(Val::bool(args.values.iter().all(|val| machine.heap.is_true(val))))),
    at_least(0, "any", |machine, args| Ok(Val::bool(args.values.iter().any(|val| machine.heap.is_true(val))))),
    exactly(3, "ternary", |_, args| match args.get(2).kind {
        Kind::Bool(true) => Ok(args.get(0)),
        Kind::Bool(false) => Ok(args.get(1)),
        Kind::Nil => fail("invalid value; expected bool"),
        _ => fail(format!("wrong type for value; expected bool; got {}", args.get(2).type_name())),
    }),
    exactly(1, "typeOf", |_, args| Ok(Val::text(args.get(0).type_name()))),
    exactly(2, "typeIs", |_, args| Ok(Val::bool(args.str(0)? == args.get(1).type_name()))),
    exactly(2, "typeIsLike", |_, args| {
        let (wanted, name) = (args.str(0)?, args.get(1).type_name());
        Ok(Val::bool(wanted == name || name.strip_prefix('*') == Some(wanted)))
    }),
    exactly(1, "kindOf", |_, args| Ok(Val::text(args.get(0).kind_name()))),
    exactly(2, "kindIs", |_, args| Ok(Val::bool(args.str(0)? == args.get(1).kind_name()))),
    exactly(2, "deepEqual", |machine, args| Ok(Val::bool(deep_equal(&machine.heap, &args.get(0), &args.get(1))))),
    exactly(1, "int", |_, args| Ok(Val::int(to_int(&args.get(0))).keyed(args.key()))),
    exactly(1, "int64", |_, args| Ok(Val::new(Kind::Int64(to_int(&args.get(0)))).keyed(args.key()))),
    exactly(1, "float64", |_, args| Ok(Val::new(Kind::Float(to_float(&args.get(0)))).keyed(args.key()))),
    exactly(1, "atoi", |_, args| Ok(Val::int(args.str(0)?.parse().unwrap_or(0)).keyed(args.key()))),
    exactly(1, "toDecimal", |machine, args| {
        let text = format::print(&machine.heap, &args.get(0))?;
        Ok(Val::new(Kind::Int64(i64::from_str_radix(&text, 8).unwrap_or(0))))
    }),
    exactly(1, "deepCopy", deep_copy),
    exactly(1, "mustDeepCopy", deep_copy),
];

/// `github.com/spf13/cast`: a whole number of anything, or zero.
pub(super) fn to_int(val: &Val) -> i64 {
    match &val.kind {
        Kind::Int(number) | Kind::Int64(number) => *number,
        Kind::Float(number) => whole(*number),
        Kind::Bool(is) => i64::from(*is),
        Kind::Str(text) => text_to_int(text.as_str()),
        Kind::Nil | Kind::Bytes(_) | Kind::List(_) | Kind::Map(_) | Kind::Object(_) => 0,
    }
}

/// A whole number in Go's notation, without zeros behind a point.
fn text_to_int(text: &str) -> i64 {
    let is_zeros = |(_, rest): &(&str, &str)| !rest.is_empty() && rest.bytes().all(|byte| byte == b'0');
    let whole = text.split_once('.').filter(is_zeros).map_or(text, |(whole, _)| whole);
    template::integer(whole).unwrap_or(0)
}

/// A number without what stands behind its point.
#[expect(clippy::cast_possible_truncation, reason = "`as` goes to the nearest number that there is, as in Go")]
pub(super) const fn whole(number: f64) -> i64 {
    number as i64
}

/// A whole number as one with a point.
#[expect(clippy::cast_precision_loss, reason = "Go's conversion rounds in the same way")]
pub(super) const fn floating(number: i64) -> f64 {
    number as f64
}

/// `cast.ToFloat64`.
pub(super) fn to_float(val: &Val) -> f64 {
    match &val.kind {
        Kind::Int(number) | Kind::Int64(number) => floating(*number),
        Kind::Float(number) => *number,
        Kind::Bool(is) => f64::from(u8::from(*is)),
        Kind::Str(text) => text.as_str().parse().unwrap_or(0.0),
        Kind::Nil | Kind::Bytes(_) | Kind::List(_) | Kind::Map(_) | Kind::Object(_) => 0.0,
    }
}

fn deep_copy(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    copied(machine, &args.get(0), 0)
}

/// A value whose maps and lists are new.
pub(in crate::helm) fn copied(machine: &mut Machine, val: &Val, depth: usize) -> Eval<Val> {
    if crate::helm::value::MAX_VALUE_DEPTH < depth {
        return fail("the value is too deep to copy (max-value-depth)");
    }
    machine.charge(1)?;
    match &val.kind {
        Kind::List(list) => {
            let items: Eval<Vec<Val>> = machine.heap.list(*list).iter().map(|item| copied(machine, item, depth + 1)).collect();
            Ok(machine.heap.new_list(items?).keyed(val.key))
        }
        Kind::Map(map) => {
            let mut copy = machine.heap.map(*map).clone();
            for item in copy.values_mut() {
                *item = copied(machine, item, depth + 1)?;
            }
            Ok(machine.heap.new_map(copy).keyed(val.key))
        }
        _ => Ok(val.clone()),
    }
}
