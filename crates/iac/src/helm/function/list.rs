//! Sprig's lists.

use std::rc::Rc;

use super::{
    Args, Eval, Function, Kind, MAX_ITEMS, Machine, Val, at_least, convert::to_int, deep_equal, exactly, fail, items, string::strings,
};

pub(super) const FUNCTIONS: &[Function] = &[
    at_least(0, "list", |machine, args| new(machine, args, args.values.to_vec())),
    at_least(0, "tuple", |machine, args| new(machine, args, args.values.to_vec())),
    exactly(2, "append", push),
    exactly(2, "push", push),
    exactly(2, "mustAppend", push),
    exactly(2, "mustPush", push),
    exactly(2, "prepend", prepend),
    exactly(2, "mustPrepend", prepend),
    exactly(1, "first", first),
    exactly(1, "mustFirst", first),
    exactly(1, "last", last),
    exactly(1, "mustLast", last),
    exactly(1, "rest", rest),
    exactly(1, "mustRest", rest),
    exactly(1, "initial", initial),
    exactly(1, "mustInitial", initial),
    exactly(1, "reverse", reverse),
    exactly(1, "mustReverse", reverse),
    exactly(1, "compact", compact),
    exactly(1, "mustCompact", compact),
    exactly(1, "uniq", uniq),
    exactly(1, "mustUniq", uniq),
    at_least(1, "without", without),
    at_least(1, "mustWithout", without),
    exactly(2, "has", has),
    exactly(2, "mustHas", has),
    at_least(1, "slice", slice),
    at_least(1, "mustSlice", slice),
    at_least(0, "concat", concat),
    exactly(2, "chunk", chunk),
    exactly(2, "mustChunk", chunk),
    exactly(1, "sortAlpha", sort_alpha),
];

/// A new list, with the key of the one that it was made of.
fn new(machine: &mut Machine, args: &Args<'_>, items: Vec<Val>) -> Eval<Val> {
    if MAX_ITEMS < items.len() {
        return fail(format!("a list has more than {MAX_ITEMS} items (max-template-items)"));
    }
    machine.charge(items.len())?;
    let key = args.values.iter().find(|val| matches!(val.kind, Kind::List(_))).map(|val| val.key).unwrap_or_default();
    Ok(machine.heap.new_list(items).keyed(key))
}

fn push(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "push")?;
    new(machine, args, list.iter().cloned().chain([args.get(1)]).collect())
}

fn prepend(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "prepend")?;
    new(machine, args, std::iter::once(args.get(1)).chain(list.iter().cloned()).collect())
}

fn first(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    Ok(items(machine, &args.get(0), "find first")?.first().cloned().unwrap_or_default())
}

fn last(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    Ok(items(machine, &args.get(0), "find last")?.last().cloned().unwrap_or_default())
}

fn rest(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "find rest")?;
    new(machine, args, list.iter().skip(1).cloned().collect())
}

fn initial(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "find initial")?;
    new(machine, args, list.iter().take(list.len().saturating_sub(1)).cloned().collect())
}

fn reverse(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "find reverse")?;
    new(machine, args, list.iter().rev().cloned().collect())
}

fn compact(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "compact")?;
    let kept = list.iter().filter(|item| machine.heap.is_true(item)).cloned().collect();
    new(machine, args, kept)
}

fn uniq(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "find uniq")?;
    let mut kept: Vec<Val> = Vec::new();
    for item in list.iter() {
        machine.charge(kept.len() + 1)?;
        if !is_in(machine, &kept, item) {
            kept.push(item.clone());
        }
    }
    new(machine, args, kept)
}

fn is_in(machine: &Machine, list: &[Val], wanted: &Val) -> bool {
    list.iter().any(|item| deep_equal(&machine.heap, item, wanted))
}

fn without(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let list = items(machine, &args.get(0), "find without")?;
    let omitted = args.values.get(1..).unwrap_or_default();
    machine.charge(list.len().saturating_mul(omitted.len()))?;
    let kept = list.iter().filter(|item| !is_in(machine, omitted, item)).cloned().collect();
    new(machine, args, kept)
}

fn has(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    if args.get(1).is_nil() {
        return Ok(Val::bool(false));
    }
    let list = items(machine, &args.get(1), "find has")?;
    machine.charge(list.len())?;
    Ok(Val::bool(is_in(machine, &list, &args.get(0))))
}

fn slice(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    if args.get(0).as_text().is_some() {
        return fail("list should be type of slice or array but string");
    }
    let list = items(machine, &args.get(0), "slice")?;
    if list.is_empty() {
        return Ok(Val::NIL);
    }
    let start = usize::try_from(to_int(&args.get(1))).unwrap_or(usize::MAX);
    let end = if args.len() < 3 { list.len() } else { usize::try_from(to_int(&args.get(2))).unwrap_or(usize::MAX) };
    let start = if args.len() < 2 { 0 } else { start };
    match list.get(start..end) {
        Some(part) => new(machine, args, part.to_vec()),
        None => fail("reflect.Value.Slice: slice index out of bounds"),
    }
}

fn concat(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let mut all = Vec::new();
    for val in args.values {
        let list = items(machine, val, "concat")?;
        machine.charge(list.len())?;
        all.extend(list.iter().cloned());
        if MAX_ITEMS < all.len() {
            break;
        }
    }
    new(machine, args, all)
}

fn chunk(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let size = args.count(0)?;
    let list: Rc<[Val]> = items(machine, &args.get(1), "chunk")?;
    if size == 0 {
        return fail("the size of a chunk is zero");
    }
    machine.charge(list.len())?;
    let chunks = list.chunks(size).map(|chunk| machine.heap.new_list(chunk.to_vec())).collect();
    new(machine, args, chunks)
}

fn sort_alpha(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let mut sorted = strings(machine, &args.get(0))?;
    machine.charge(sorted.len().saturating_mul(8))?;
    sorted.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    new(machine, args, sorted.into_iter().map(|text| Val::new(Kind::Str(text))).collect())
}
