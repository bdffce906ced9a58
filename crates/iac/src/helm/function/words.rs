//! Sprig's functions over words, letters and random text.

use super::{Args, Eval, Function, Kind, MAX_TEXT, Machine, Val, exactly, fail};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly(1, "title", |_, args| args.made(title(args.str(0)?))),
    exactly(1, "untitle", |_, args| args.made(each_word(args.str(0)?, |c| c.to_lowercase().collect()))),
    exactly(1, "swapcase", |_, args| args.made(swap_case(args.str(0)?))),
    exactly(1, "nospace", |_, args| args.made(args.str(0)?.chars().filter(|c| !c.is_whitespace()).collect::<String>())),
    exactly(1, "initials", |_, args| args.made(args.str(0)?.split_whitespace().filter_map(|word| word.chars().next()).collect::<String>())),
    exactly(1, "camelcase", |_, args| args.made(pascal_case(args.str(0)?))),
    exactly(1, "snakecase", |_, args| args.made(joined_words(args.str(0)?, '_'))),
    exactly(1, "kebabcase", |_, args| args.made(joined_words(args.str(0)?, '-'))),
    exactly(2, "wrap", |machine, args| wrap(machine, args, args.count(0)?, "\n", args.str(1)?)),
    exactly(3, "wrapWith", |machine, args| wrap(machine, args, args.count(0)?, args.str(1)?, args.str(2)?)),
    exactly(2, "abbrev", |_, args| args.made(abbreviated(args.str(1)?, 0, args.int(0)?))),
    exactly(3, "abbrevboth", |_, args| args.made(abbreviated(args.str(2)?, args.int(0)?, args.int(1)?))),
    // What is random is the same in each run.
    exactly(1, "shuffle", |_, args| args.made(args.str(0)?.chars().rev().collect::<String>())),
    exactly(1, "randAlphaNum", |machine, args| random(machine, args, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")),
    exactly(1, "randAlpha", |machine, args| random(machine, args, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")),
    exactly(1, "randNumeric", |machine, args| random(machine, args, b"0123456789")),
    exactly(1, "randAscii", |machine, args| {
        random(machine, args, b"!#$%()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~")
    }),
    exactly(1, "randBytes", |machine, args| {
        use base64::Engine as _;
        let bytes: Vec<u8> = letters(machine, args.count(0)?, b"0123456789abcdef")?.into_bytes();
        args.made(base64::engine::general_purpose::STANDARD.encode(bytes))
    }),
    exactly(0, "uuidv4", |machine, _| {
        let hex = letters(machine, 30, b"0123456789abcdef")?;
        let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
        let uuid = format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(18, 30));
        Ok(Val::text(uuid))
    }),
    exactly(0, "hello", |_, _| Ok(Val::text("Hello!"))),
];

/// Go's `strings.Title`: the first letter of each word.
fn title(text: &str) -> String {
    let mut was_word = false;
    text.chars()
        .flat_map(|c| {
            let starts = !was_word;
            was_word = c.is_alphanumeric() || c == '_' || c == '\'';
            if starts { c.to_uppercase().collect::<Vec<char>>() } else { vec![c] }
        })
        .collect()
}

fn each_word(text: &str, change: impl Fn(char) -> String) -> String {
    let mut was_space = true;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if was_space {
            out.push_str(&change(c));
        } else {
            out.push(c);
        }
        was_space = c.is_whitespace();
    }
    out
}

fn swap_case(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_uppercase() { c.to_lowercase().collect::<Vec<char>>() } else { c.to_uppercase().collect() }).collect()
}

/// The words of a name in any style: `HTTPServer`, `http_server`, `http-server`, `http server`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = text.chars().collect();
    for (index, &c) in chars.iter().enumerate() {
        if matches!(c, '_' | '-' | ' ') || c.is_whitespace() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| chars.get(index)).copied().unwrap_or(' ');
        let after = chars.iter().skip(index + 1).find(|c| !c.is_ascii_digit()).copied().unwrap_or(' ');
        let next = chars.get(index + 1).copied().unwrap_or(' ');
        let starts = c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit() || before.is_uppercase() && next.is_lowercase())
            || c.is_ascii_digit() && before.is_alphabetic() && after.is_lowercase();
        if starts && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

fn joined_words(text: &str, separator: char) -> String {
    words(text).iter().map(|word| word.to_lowercase()).collect::<Vec<_>>().join(&separator.to_string())
}

/// `some_words` as `SomeWords`. What joins words at the ends stays, and a word in capitals becomes small behind its first letter.
fn pascal_case(text: &str) -> String {
    let is_joint = |c: char| matches!(c, '_' | '-' | ' ');
    let head = text.len() - text.trim_start_matches(is_joint).len();
    let (head, rest) = text.split_at_checked(head).unwrap_or(("", text));
    let mut out = head.to_owned();
    let (mut starts, mut is_loud, mut joints) = (true, false, String::new());
    for c in rest.chars() {
        if is_joint(c) {
            joints.push(c);
            starts = true;
            continue;
        }
        // Of several joints all but one stay.
        out.extend(joints.drain(..).skip(1));
        if starts {
            is_loud = c.is_uppercase();
            out.extend(c.to_uppercase());
        } else if is_loud && c.is_uppercase() {
            out.extend(c.to_lowercase());
        } else {
            is_loud = false;
            out.push(c);
        }
        starts = false;
    }
    out + &joints
}

/// Lines of at most so many characters; a word that is longer is cut by `wrapWith` only.
fn wrap(machine: &mut Machine, args: &Args<'_>, width: usize, separator: &str, text: &str) -> Eval<Val> {
    let cuts_words = args.len() == 3;
    let width = width.max(1);
    if MAX_TEXT < text.len().saturating_mul(separator.len().max(1)) {
        return fail("the text is too long to wrap (max-template-bytes)");
    }
    machine.charge(text.len())?;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let needed = line.chars().count() + usize::from(!line.is_empty()) + word.chars().count();
        if width < needed && !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        while cuts_words && width < line.chars().count() {
            let rest = line.chars().skip(width).collect();
            lines.push(line.chars().take(width).collect());
            line = rest;
        }
    }
    lines.push(line);
    args.made(lines.join(separator))
}

fn abbreviated(text: &str, left: i64, width: i64) -> String {
    let chars: Vec<char> = text.chars().collect();
    let (Ok(left), Ok(width)) = (usize::try_from(left.max(0)), usize::try_from(width)) else { return text.to_owned() };
    if width < 4 || left != 0 && width < 7 || chars.len() <= width {
        return text.to_owned();
    }
    let take = |from: usize, n: usize| chars.iter().skip(from).take(n).collect::<String>();
    if left <= 4 {
        return take(0, width - 3) + "...";
    }
    let from = left.min(chars.len());
    if from + width - 3 < chars.len() {
        return format!("...{}...", take(from, width.saturating_sub(6)));
    }
    format!("...{}", take(chars.len() - (width - 3), width - 3))
}

fn random(machine: &mut Machine, args: &Args<'_>, letters_of: &[u8]) -> Eval<Val> {
    Ok(Val::text(letters(machine, args.count(0)?, letters_of)?))
}

/// Letters that look random, and are the same in each run: each call has its own.
pub(super) fn letters(machine: &mut Machine, count: usize, alphabet: &[u8]) -> Eval<String> {
    machine.charge_bytes(count)?;
    machine.charge(count)?;
    machine.n_random += 1;
    let mut state = machine.n_random.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        // Steele, Lea and Flood's SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let size = alphabet.len().max(1) as u64;
    let pick = |number: u64| usize::try_from(number % size).ok().and_then(|index| alphabet.get(index)).copied().map_or('a', char::from);
    Ok((0..count).map(|_| pick(next())).collect())
}

/// A whole number below a limit.
pub(super) fn random_number(machine: &mut Machine, limit: i64) -> Eval<Val> {
    let digits = letters(machine, 15, b"0123456789")?;
    Ok(Val::new(Kind::Int(digits.parse::<i64>().unwrap_or(0).checked_rem(limit).unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_all_styles() {
        let check = |text: &str, expected: &str| assert_eq!(joined_words(text, '_'), expected, "{text}");
        check("FirstName", "first_name");
        check("HTTPServer", "http_server");
        check("NoHTTPS", "no_https");
        check("GO_PATH", "go_path");
        check("http2xx", "http_2xx");
        check("HTTP20xOK", "http_20x_ok");
        assert_eq!(pascal_case("some_words-here"), "SomeWordsHere");
        assert_eq!(title("a b-c d'e"), "A B-C D'e");
    }
}
