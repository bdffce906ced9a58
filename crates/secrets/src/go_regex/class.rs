//! Classes: `[…]`, `\d`, `[:alpha:]`, `\p{…}`.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::{
    cursor::Cursor,
    error::{Error, ErrorKind},
    property::{all, folded, negated, property, range},
};

/// Reads `[…]`; the cursor stands at the bracket.
pub(super) fn bracketed(cursor: &mut Cursor<'_>, fold_case: bool) -> Result<ClassUnicode, Error> {
    let start = cursor.position();
    cursor.eat("[");
    let is_negated = cursor.eat("^");
    let mut class = ClassUnicode::empty();
    let mut is_first = true;
    // A `]` that comes first is a member.
    while is_first || !cursor.rest().starts_with(']') {
        is_first = false;
        if let Some(members) = posix(cursor, fold_case)? {
            class.union(&members);
        } else if let Some(members) = named(cursor, fold_case)? {
            class.union(&members);
        } else {
            let (low, high) = members(cursor, start)?;
            class.union(&maybe_folded(code_points(low, high), fold_case));
        }
    }
    cursor.eat("]");
    Ok(if is_negated { negated(class) } else { class })
}

/// Reads `\d`, `\p{Greek}` and their like, in a class or outside of one; nothing if none is there.
pub(super) fn named(cursor: &mut Cursor<'_>, fold_case: bool) -> Result<Option<ClassUnicode>, Error> {
    let start = cursor.position();
    let class = match cursor.rest().as_bytes() {
        [b'\\', b'd', ..] => ranges(&[('0', '9')]),
        [b'\\', b'D', ..] => negated(ranges(&[('0', '9')])),
        [b'\\', b's', ..] => ranges(PERL_SPACE),
        [b'\\', b'S', ..] => negated(ranges(PERL_SPACE)),
        [b'\\', b'w', ..] => maybe_folded(ranges(WORD), fold_case),
        [b'\\', b'W', ..] => negated(maybe_folded(ranges(WORD), fold_case)),
        [b'\\', letter @ (b'p' | b'P'), ..] => {
            let is_negated = *letter == b'P';
            cursor.eat("\\p");
            cursor.eat("\\P");
            return unicode(cursor, start, is_negated, fold_case).map(Some);
        }
        _ => return Ok(None),
    };
    cursor.next();
    cursor.next();
    Ok(Some(class))
}

/// The code points from `low` to `high` without surrogates, which no text holds.
pub(super) fn code_points(low: u32, high: u32) -> ClassUnicode {
    const SURROGATES: (u32, u32) = (0xd800, 0xdfff);
    let low = if (SURROGATES.0..=SURROGATES.1).contains(&low) { SURROGATES.1 + 1 } else { low };
    let high = if (SURROGATES.0..=SURROGATES.1).contains(&high) { SURROGATES.0 - 1 } else { high };
    match (char::from_u32(low), char::from_u32(high)) {
        (Some(low), Some(high)) if low <= high => range(low, high),
        _ => ClassUnicode::empty(),
    }
}

pub(super) fn maybe_folded(class: ClassUnicode, fold_case: bool) -> ClassUnicode {
    if fold_case { folded(&class) } else { class }
}

/// `.`
pub(super) fn dot(matches_line_feed: bool) -> ClassUnicode {
    if matches_line_feed { all() } else { negated(range('\n', '\n')) }
}

type Ranges = &'static [(char, char)];

const WORD: Ranges = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];
const PERL_SPACE: Ranges = &[('\t', '\n'), ('\x0c', '\r'), (' ', ' ')];

fn ranges(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|&(start, end)| ClassUnicodeRange::new(start, end)))
}

/// Reads `[:name:]` or `[:^name:]` inside of a class. Without a `:]` anywhere to the right, the bracket is a member.
fn posix(cursor: &mut Cursor<'_>, fold_case: bool) -> Result<Option<ClassUnicode>, Error> {
    let start = cursor.position();
    let mut ahead = *cursor;
    if !ahead.eat("[:") {
        return Ok(None);
    }
    let Some(name) = ahead.take_until(":]") else { return Ok(None) };
    *cursor = ahead;
    let (name, is_negated) = name.strip_prefix('^').map_or((name, false), |name| (name, true));
    let members: Ranges = match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\x7f')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => WORD,
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return Err(cursor.error(ErrorKind::UnknownPosixClass, start)),
    };
    let class = maybe_folded(ranges(members), fold_case);
    Ok(Some(if is_negated { negated(class) } else { class }))
}

/// Reads what follows `\p`: one letter, or a name in braces.
fn unicode(cursor: &mut Cursor<'_>, start: usize, is_negated: bool, fold_case: bool) -> Result<ClassUnicode, Error> {
    let mut buffer = [0; 4];
    let name = if cursor.eat("{") {
        match cursor.take_until("}") {
            Some(name) => name,
            None => return Err(cursor.error_to_end(ErrorKind::UnknownProperty, start)),
        }
    } else {
        match cursor.next() {
            Some(letter) => &*letter.encode_utf8(&mut buffer),
            None => return Err(cursor.error(ErrorKind::UnknownProperty, start)),
        }
    };
    let (name, is_negated) = name.strip_prefix('^').map_or((name, is_negated), |name| (name, !is_negated));
    let class = property(name).ok_or_else(|| cursor.error(ErrorKind::UnknownProperty, start))?;
    let class = maybe_folded(class, fold_case);
    Ok(if is_negated { negated(class) } else { class })
}

/// Reads one character of a class, or a range of them.
fn members(cursor: &mut Cursor<'_>, class_start: usize) -> Result<(u32, u32), Error> {
    let start = cursor.position();
    let low = member(cursor, class_start)?;
    // `[a-]` means `a` or `-`.
    if !cursor.rest().starts_with('-') || cursor.rest().starts_with("-]") || cursor.rest() == "-" {
        return Ok((low, low));
    }
    cursor.eat("-");
    let high = member(cursor, class_start)?;
    if high < low { Err(cursor.error(ErrorKind::ReversedRange, start)) } else { Ok((low, high)) }
}

fn member(cursor: &mut Cursor<'_>, class_start: usize) -> Result<u32, Error> {
    if cursor.rest().starts_with('\\') {
        return cursor.escape();
    }
    cursor.next().map(u32::from).ok_or_else(|| cursor.error_to_end(ErrorKind::UnclosedClass, class_start))
}
