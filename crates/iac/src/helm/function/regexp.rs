//! Sprig's functions with regular expressions.

use super::{Args, Eval, Function, MAX_ITEMS, MAX_TEXT, Machine, Val, exactly, fail, texts};

pub(super) const FUNCTIONS: &[Function] = &[
    // The lenient form says no where the expression is none.
    exactly(2, "regexMatch", |machine, args| {
        let text = args.str(1)?;
        Ok(Val::bool(machine.patterns.get(args.str(0)?).is_ok_and(|regex| regex.is_match(text))))
    }),
    exactly(2, "mustRegexMatch", |machine, args| Ok(Val::bool(machine.patterns.get(args.str(0)?)?.is_match(args.str(1)?)))),
    exactly(2, "regexFind", find),
    exactly(2, "mustRegexFind", find),
    exactly(3, "regexFindAll", find_all),
    exactly(3, "mustRegexFindAll", find_all),
    exactly(3, "regexReplaceAll", replace_all),
    exactly(3, "mustRegexReplaceAll", replace_all),
    exactly(3, "regexReplaceAllLiteral", replace_all_literal),
    exactly(3, "mustRegexReplaceAllLiteral", replace_all_literal),
    exactly(3, "regexSplit", split),
    exactly(3, "mustRegexSplit", split),
    exactly(1, "regexQuoteMeta", |_, args| {
        let text = args.str(0)?;
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if "\\.+*?()|[]{}^$".contains(c) {
                out.push('\\');
            }
            out.push(c);
        }
        args.made(out)
    }),
];

fn find(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let regex = machine.patterns.get(args.str(0)?)?;
    args.made(regex.find(args.str(1)?).map_or("", |found| found.as_str()))
}

/// How many are wanted: all if the number is negative.
fn wanted(number: i64) -> usize {
    usize::try_from(number).unwrap_or(MAX_ITEMS)
}

fn find_all(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let regex = machine.patterns.get(args.str(0)?)?;
    let text = args.str(1)?;
    let found: Vec<&str> = regex.find_iter(text).take(wanted(args.int(2)?)).map(|found| found.as_str()).collect();
    texts(machine, found.into_iter(), args.key())
}

fn replace_all(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let regex = machine.patterns.get(args.str(0)?)?;
    let (text, template) = (args.str(1)?, args.str(2)?);
    let growth = template.len().saturating_mul(regex.find_iter(text).count() + 1);
    if MAX_TEXT < growth {
        return fail("the text is too long (max-template-bytes)");
    }
    machine.charge_bytes(growth)?;
    let replaced = regex.replace_all(text, template);
    if MAX_TEXT < replaced.len() {
        return fail("the text is too long (max-template-bytes)");
    }
    machine.charge_bytes(replaced.len())?;
    args.made(replaced.into_owned())
}

fn replace_all_literal(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let regex = machine.patterns.get(args.str(0)?)?;
    let (text, literal) = (args.str(1)?, args.str(2)?);
    let growth = literal.len().saturating_mul(regex.find_iter(text).count() + 1);
    if MAX_TEXT < growth {
        return fail("the text is too long (max-template-bytes)");
    }
    machine.charge_bytes(growth + text.len())?;
    args.made(regex.replace_all(text, regex::NoExpand(literal)).into_owned())
}

fn split(machine: &mut Machine, args: &Args<'_>) -> Eval<Val> {
    let regex = machine.patterns.get(args.str(0)?)?;
    let text = args.str(1)?;
    let limit = wanted(args.int(2)?);
    let mut parts: Vec<&str> = Vec::new();
    let mut at = 0;
    for found in regex.find_iter(text) {
        if limit <= parts.len() + 1 || MAX_ITEMS < parts.len() {
            break;
        }
        if found.end() == 0 || found.is_empty() && found.start() == text.len() {
            continue;
        }
        parts.push(text.get(at..found.start()).unwrap_or_default());
        at = found.end();
    }
    if limit != 0 {
        parts.push(text.get(at..).unwrap_or_default());
    }
    texts(machine, parts.into_iter(), args.key())
}
