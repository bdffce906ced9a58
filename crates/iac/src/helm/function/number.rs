//! Sprig's arithmetic.

use super::{
    Args, Eval, Function, Kind, MAX_ITEMS, Machine, Val, at_least,
    convert::{floating, to_float, to_int},
    exactly, fail,
};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly(1, "add1", |_, args| Ok(int64(to_int(&args.get(0)).wrapping_add(1)))),
    at_least(0, "add", |_, args| Ok(int64(args.values.iter().fold(0_i64, |sum, val| sum.wrapping_add(to_int(val)))))),
    exactly(2, "sub", |_, args| Ok(int64(to_int(&args.get(0)).wrapping_sub(to_int(&args.get(1)))))),
    exactly(2, "div", |_, args| match to_int(&args.get(1)) {
        0 => fail("runtime error: integer divide by zero"),
        divisor => Ok(int64(to_int(&args.get(0)).wrapping_div(divisor))),
    }),
    exactly(2, "mod", |_, args| match to_int(&args.get(1)) {
        0 => fail("runtime error: integer divide by zero"),
        divisor => Ok(int64(to_int(&args.get(0)).wrapping_rem(divisor))),
    }),
    at_least(1, "mul", |_, args| Ok(int64(args.values.iter().fold(1_i64, |product, val| product.wrapping_mul(to_int(val)))))),
    exactly(2, "randInt", |machine, args| {
        let (low, high) = (args.int(0)?, args.int(1)?);
        let number = super::words::random_number(machine, high.saturating_sub(low).max(1))?;
        Ok(Val::int(low.saturating_add(to_int(&number))))
    }),
    exactly(1, "add1f", |_, args| Ok(float(decimal(to_float(&args.get(0)) + 1.0)))),
    at_least(0, "addf", |_, args| Ok(float(decimal(args.values.iter().map(to_float).sum())))),
    at_least(1, "subf", |_, args| folded(args, |a, b| a - b)),
    at_least(1, "divf", |_, args| {
        if args.values.iter().skip(1).any(|val| to_float(val) == 0.0) {
            return fail("decimal division by 0");
        }
        folded(args, |a, b| a / b)
    }),
    at_least(1, "mulf", |_, args| folded(args, |a, b| a * b)),
    at_least(1, "max", |_, args| Ok(int64(args.values.iter().map(to_int).max().unwrap_or(0)))),
    at_least(1, "biggest", |_, args| Ok(int64(args.values.iter().map(to_int).max().unwrap_or(0)))),
    at_least(1, "min", |_, args| Ok(int64(args.values.iter().map(to_int).min().unwrap_or(0)))),
    at_least(1, "maxf", |_, args| Ok(float(args.values.iter().map(to_float).fold(f64::NEG_INFINITY, f64::max)))),
    at_least(1, "minf", |_, args| Ok(float(args.values.iter().map(to_float).fold(f64::INFINITY, f64::min)))),
    exactly(1, "ceil", |_, args| Ok(float(to_float(&args.get(0)).ceil()))),
    exactly(1, "floor", |_, args| Ok(float(to_float(&args.get(0)).floor()))),
    at_least(2, "round", |_, args| {
        let places = i32::try_from(args.int(1)?.clamp(-300, 300)).unwrap_or(0);
        let round_on = if args.len() < 3 { 0.5 } else { to_float(&args.get(2)) };
        let factor = 10_f64.powi(places);
        let scaled = to_float(&args.get(0)) * factor;
        let rounded = if scaled.fract() >= round_on { scaled.ceil() } else { scaled.floor() };
        Ok(float(rounded / factor))
    }),
    exactly(1, "until", |machine, args| {
        let stop = args.int(0)?;
        let items = steps(machine, 0, stop, if stop < 0 { -1 } else { 1 })?;
        Ok(machine.heap.new_list(items.into_iter().map(Val::int).collect()))
    }),
    exactly(3, "untilStep", |machine, args| {
        let items = steps(machine, args.int(0)?, args.int(1)?, args.int(2)?)?;
        Ok(machine.heap.new_list(items.into_iter().map(Val::int).collect()))
    }),
    at_least(0, "seq", seq),
];

const fn int64(number: i64) -> Val {
    Val::new(Kind::Int64(number))
}

const fn float(number: f64) -> Val {
    Val::new(Kind::Float(number))
}

fn folded(args: &Args<'_>, step: fn(f64, f64) -> f64) -> Eval<Val> {
    let first = to_float(&args.get(0));
    Ok(float(decimal(args.values.iter().skip(1).map(to_float).fold(first, step))))
}

/// Sprig counts with decimal numbers, so that 0.1 and 0.2 are 0.3: the nearest number of 15 digits is that, unless none was meant.
fn decimal(number: f64) -> f64 {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    if (rounded - number).abs() <= number.abs() * f64::EPSILON * 4.0 { rounded } else { number }
}

fn steps(machine: &mut Machine, start: i64, stop: i64, step: i64) -> Eval<Vec<i64>> {
    let is_down = stop < start;
    if step == 0 || is_down != (step < 0) {
        return Ok(Vec::new());
    }
    let n = floating(stop.saturating_sub(start)) / floating(step);
    if floating(i64::try_from(MAX_ITEMS).unwrap_or(i64::MAX)) < n {
        return fail(format!("a list has more than {MAX_ITEMS} items (max-template-items)"));
    }
    let mut items = Vec::new();
    let mut at = start;
    while if is_down { stop < at } else { at < stop } {
        items.push(at);
        at = at.saturating_add(step);
    }
    machine.charge(items.len())?;
    Ok(items)
}

fn seq(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let (start, step, end) = match args.len() {
        1 => (1, None, args.int(0)?),
        2 => (args.int(0)?, None, args.int(1)?),
        3 => (args.int(0)?, Some(args.int(1)?), args.int(2)?),
        _ => return Ok(Val::text("")),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| 0 < step) {
        return Ok(Val::text(""));
    }
    let items = steps(machine, start, end.saturating_add(direction), step.unwrap_or(direction))?;
    Ok(Val::text(items.iter().map(i64::to_string).collect::<Vec<_>>().join(" ")))
}
