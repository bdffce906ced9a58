//! Small changes to the text of a module, so that the interpreter understands it as OPA does. Lines stay where they are.
//!
//! - **Arguments of what is negated.** OPA evaluates the parts of `not f(a.b)` and `not x[a.b]` before: if `a.b` is undefined, so is
//!   the whole body. The interpreter would take the negation for true. It gets `v := a.b; not f(v)`.
//! - **`some x` behind a loop** is declared twice, which the interpreter refuses. It gets the declaration first in its body.
//! - **The value of a function without a body** gets a body, `f(x) := v if { v := … }`: there it is computed with the rules that it
//!   names.
//! - **An `import` behind rules** is refused. It gets it in the first empty line behind the package.

/// The text that the interpreter gets.
pub(super) fn rewritten(text: &str) -> String {
    let text = with_imports_first(text);
    let text = with_declarations_first(&text);
    let text = with_values_in_bodies(&text);
    with_arguments_before_negations(&text)
}

/// A module whose rules of a name have another one.
pub(super) fn with_heads_renamed(text: &str, name: &str, new: &str) -> String {
    let heads = heads(&without_texts(text), name);
    edited(text, heads.into_iter().map(|start| (start, start + name.len(), new.to_owned())).collect())
}

/// Whether a module says a name elsewhere than in heads of rules.
pub(super) fn is_referred_to(text: &str, name: &str) -> bool {
    let bare = without_texts(text);
    let is_word = |(at, _): &(usize, &str)| {
        let before = bare.get(..*at).unwrap_or_default();
        let after = bare.get(at + name.len()..).unwrap_or_default();
        !before.ends_with(|c: char| is_of_name(c) || c == '.') && !after.starts_with(is_of_name)
    };
    heads(&bare, name).len() < bare.match_indices(name).filter(is_word).count()
}

/// Where heads of rules of a name start.
fn heads(bare: &str, name: &str) -> Vec<usize> {
    let mut heads = Vec::new();
    let mut offset = 0;
    for line in bare.split_inclusive('\n') {
        let indent = if line.starts_with("default ") { "default ".len() } else { 0 };
        let is_head = line.get(indent..).and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| !rest.starts_with(is_of_name));
        heads.extend(is_head.then_some(offset + indent));
        offset += line.len();
    }
    heads
}

/// A text with blanks for what is between quotes and in comments. Offsets and lines stay.
pub(super) fn without_texts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut quote, mut is_escaped, mut is_comment) = (None, false, false);
    for next in text.chars() {
        if next == '\n' {
            // Only texts in back-quotes have several lines.
            quote = quote.filter(|open| *open == '`');
            (is_escaped, is_comment) = (false, false);
            out.push(next);
            continue;
        }
        let was_within = is_comment || quote.is_some();
        match quote {
            _ if is_comment => {}
            Some('"') if next == '\\' && !is_escaped => {
                is_escaped = true;
                out.push(' ');
                continue;
            }
            Some(open) if next == open && !is_escaped => quote = None,
            Some(_) => {}
            None if next == '"' || next == '`' => quote = Some(next),
            None if next == '#' => is_comment = true,
            None => {}
        }
        is_escaped = false;
        let is_mark = !is_comment && was_within != quote.is_some();
        if !is_mark && (was_within || quote.is_some() || is_comment) {
            out.extend(std::iter::repeat_n(' ', next.len_utf8()));
        } else {
            out.push(next);
        }
    }
    out
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn with_imports_first(text: &str) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let bare = without_texts(text);
    let starts = |line: &str| line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let mut is_behind_rules = false;
    let (mut late, mut free, mut has_package) = (Vec::new(), None, false);
    for (number, line) in bare.split('\n').enumerate() {
        let is_import = line.starts_with("import ");
        if is_import && is_behind_rules {
            late.push(number);
        }
        if has_package && line.trim().is_empty() && free.is_none() && lines.get(number).is_some_and(|line| line.trim().is_empty()) {
            free = Some(number);
        }
        has_package |= line.starts_with("package ");
        is_behind_rules |= has_package && starts(line) && !is_import && !line.starts_with("package ");
    }
    let Some(free) = free.filter(|_| !late.is_empty()) else { return text.to_owned() };
    let imports: Vec<String> = late.iter().filter_map(|number| lines.get_mut(*number).map(std::mem::take)).collect();
    if let Some(line) = lines.get_mut(free) {
        *line = imports.iter().map(|import| import.split('#').next().unwrap_or_default().trim()).collect::<Vec<_>>().join("; ");
    }
    lines.join("\n")
}

/// Gives functions that are a value, in one line, a body.
fn with_values_in_bodies(text: &str) -> String {
    let bare = without_texts(text);
    let is_old = !bare.contains(" if ") && !bare.contains("import rego.v1") && bare.lines().any(|line| line.ends_with(" {"));
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    let mut lines = bare.split_inclusive('\n').peekable();
    let mut offset = 0;
    while let Some(line) = lines.next() {
        let is_whole = lines.peek().is_none_or(|next| next.trim().is_empty() || next.starts_with(|c: char| c.is_ascii_alphabetic()));
        if let Some((start, end)) = value_of_function(line).filter(|_| is_whole) {
            let value = text.get(offset + start..offset + end).unwrap_or_default();
            let word = if is_old { "" } else { "if " };
            edits.push((offset + start, offset + end, format!("bartizan_value {word}{{ bartizan_value := {value} }}")));
        }
        offset += line.len();
    }
    edited(text, edits)
}

/// Where the value stands in a line `f(x) := value`.
fn value_of_function(line: &str) -> Option<(usize, usize)> {
    let name = line.find(|c: char| !is_of_name(c)).filter(|length| 0 < *length)?;
    let head = line.get(name..).filter(|rest| rest.starts_with('('))?;
    let after = name + matching(head)? + 1;
    let rest = line.get(after..)?;
    let assigned = rest.trim_start();
    let value = assigned.strip_prefix(":=").or_else(|| assigned.strip_prefix('=').filter(|rest| !rest.starts_with('=')))?;
    let start = after + (rest.len() - value.len()) + (value.len() - value.trim_start().len());
    let value = value.trim();
    let is_plain =
        !value.is_empty() && !value.contains(['{', '}']) && !value.contains(" if ") && !value.contains(" else ") && !value.ends_with(" if");
    let n_open = value.matches(['(', '[']).count();
    (is_plain && n_open == value.matches([')', ']']).count()).then_some((start, start + value.len()))
}

/// Moves declarations that stand alone in a line to the beginning of their body or comprehension.
fn with_declarations_first(text: &str) -> String {
    let bare = without_texts(text);
    let mut moves: Vec<(usize, usize, usize)> = Vec::new();
    let mut offset = 0;
    for line in bare.split_inclusive('\n') {
        let names = line.trim().strip_prefix("some ");
        let is_declaration =
            names.is_some_and(|names| names.split(',').all(|name| !name.trim().is_empty() && name.trim().chars().all(is_of_name)));
        if is_declaration {
            let start = offset + (line.len() - line.trim_start().len());
            let end = offset + line.trim_end().len();
            if let Some(to) = start_of_body(bare.get(..start).unwrap_or_default()) {
                let is_there_already = bare.get(to..start).is_some_and(|between| between.trim().is_empty());
                moves.extend((!is_there_already).then_some((to, start, end)));
            }
        }
        offset += line.len();
    }
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    for (to, start, end) in moves {
        let declaration = text.get(start..end).unwrap_or_default();
        edits.push((to, to, format!(" {declaration}; ")));
        edits.push((start, end, String::new()));
    }
    edited(text, edits)
}

/// Where the body or comprehension begins that is open at the end of a text.
fn start_of_body(before: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut bar = None;
    for (offset, next) in before.char_indices().rev() {
        match next {
            '}' | ']' | ')' => depth += 1,
            '{' | '[' | '(' if 0 < depth => depth -= 1,
            '|' if depth == 0 && bar.is_none() => bar = Some(offset + 1),
            '{' => return bar.or(Some(offset + 1)),
            '[' | '(' => return bar,
            _ => {}
        }
    }
    None
}

/// Gives arguments of negated calls, and keys of negated look-ups, names of their own before the negation.
fn with_arguments_before_negations(text: &str) -> String {
    let bare = without_texts(text);
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    let mut n_names = 0usize;
    for (at, _) in bare.match_indices("not ") {
        let before = bare.get(..at).unwrap_or_default();
        if before.ends_with(is_of_name) || before.ends_with('.') {
            continue;
        }
        let Some(negation) = Negation::read(text, &bare, at) else { continue };
        let mut bound = String::new();
        for (start, end) in &negation.parts {
            let name = format!("bartizan_v{n_names}");
            n_names += 1;
            bound.push_str(&format!("{name} := {}{}; ", text.get(*start..*end).unwrap_or_default(), negation.with));
            edits.push((*start, *end, name));
        }
        if bound.is_empty() {
            continue;
        }
        // A body without braces is one expression.
        let is_alone = before.trim_end().ends_with(" if") || before.trim_end().ends_with("\tif");
        edits.push((at, at, if is_alone { format!("{{ {bound}") } else { bound }));
        if is_alone {
            edits.push((negation.end, negation.end, " }".to_owned()));
        }
    }
    edited(text, edits)
}

/// A negated call or look-up that ends with its statement.
struct Negation {
    /// Where its parts are that must be defined.
    parts: Vec<(usize, usize)>,
    /// ` with …`, if there is such.
    with: String,
    end: usize,
}

impl Negation {
    fn read(text: &str, bare: &str, at: usize) -> Option<Self> {
        let rest = bare.get(at + 4..)?;
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let start = at + 4 + indent;
        let code = bare.get(start..)?;
        let path = code.find(|c: char| !(is_of_name(c) || c == '.')).filter(|length| 0 < *length)?;
        code.get(path..)?.chars().next().filter(|open| matches!(open, '(' | '['))?;
        let close = matching(code.get(path..)?)? + path;
        if code.get(..close)?.contains('\n') {
            return None;
        }
        let after = code.get(close + 1..)?;
        let with = after.get(..length_of_statement(after)).unwrap_or_default().trim_end();
        if !with.is_empty() && !with.starts_with(" with ") {
            return None;
        }
        let first = start + path + 1;
        let parts = arguments(bare, first, start + close)
            .into_iter()
            .filter(|(start, end)| may_be_undefined(bare.get(*start..*end).unwrap_or_default()));
        let with_end = start + close + 1 + with.len();
        Some(Self { parts: parts.collect(), with: text.get(start + close + 1..with_end)?.to_owned(), end: with_end })
    }
}

/// How much of a text belongs to the statement that it is the end of.
fn length_of_statement(rest: &str) -> usize {
    let mut depth = 0usize;
    for (offset, next) in rest.char_indices() {
        match next {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' | '\n' | ';' if depth == 0 => return offset,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    rest.len()
}

/// The offset of the bracket that closes the one at the start.
fn matching(code: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (offset, next) in code.char_indices() {
        match next {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(offset);
                }
            }
            _ => {}
        }
    }
    None
}

/// The ranges between commas, without blanks.
fn arguments(bare: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let (mut depth, mut from) = (0usize, start);
    let code = bare.get(start..end).unwrap_or_default();
    let ends = code.char_indices().filter_map(|(offset, next)| {
        match next {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (next == ',' && depth == 0).then_some(start + offset)
    });
    for to in ends.collect::<Vec<_>>().into_iter().chain([end]) {
        let argument = bare.get(from..to).unwrap_or_default();
        let first = from + (argument.len() - argument.trim_start().len());
        ranges.push((first, from + argument.trim_end().len()));
        from = to + 1;
    }
    ranges.retain(|(start, end)| start < end);
    ranges
}

/// Whether an argument is a reference with a part behind its name, or a call: nothing else may be undefined by itself.
fn may_be_undefined(argument: &str) -> bool {
    let name = argument.find(|c: char| !is_of_name(c)).unwrap_or(argument.len());
    if name == 0 || !argument.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return false;
    }
    let mut rest = argument.get(name..).unwrap_or_default();
    let has_parts = !rest.is_empty();
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '.' => 1 + rest.get(1..).map_or(0, |rest| rest.find(|c: char| !is_of_name(c)).unwrap_or(rest.len())),
            '[' | '(' => match matching(rest) {
                Some(end) => end + 1,
                None => return false,
            },
            _ => return false,
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    has_parts
}

/// A text with ranges replaced.
fn edited(text: &str, mut edits: Vec<(usize, usize, String)>) -> String {
    edits.sort_by_key(|(start, end, _)| (*start, *end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for (start, end, new) in edits {
        // What lies within another one stays as it is.
        if start < at {
            continue;
        }
        out.push_str(text.get(at..start).unwrap_or_default());
        out.push_str(&new);
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(rewritten(text), expected);
    }

    #[test]
    fn arguments_come_before_negations() {
        check("a {\n\tnot f(x.y, 1)\n}", "a {\n\tbartizan_v0 := x.y; not f(bartizan_v0, 1)\n}");
        check("a { not b[c.d[0]] }", "a { bartizan_v0 := c.d[0]; not b[bartizan_v0] }");
        check(
            "a { not f(x.y, \"b\") with input as \"c\" }",
            "a { bartizan_v0 := x.y with input as \"c\"; not f(bartizan_v0, \"b\") with input as \"c\" }",
        );
        check("a if not f(g(x))", "a if { bartizan_v0 := g(x); not f(bartizan_v0) }");
        check(
            "a { not f(x.y) with input as {1: {2}} }",
            "a { bartizan_v0 := x.y with input as {1: {2}}; not f(bartizan_v0) with input as {1: {2}} }",
        );
        check("a {\n\tnot f(x.y) with input as z\n}", "a {\n\tbartizan_v0 := x.y with input as z; not f(bartizan_v0) with input as z\n}");
    }

    #[test]
    fn what_is_always_defined_stays() {
        for text in [
            "a { not f(x, 1, \"y.z\", [x.y]) }",
            "a { not x.y == z.w }",
            "a { not x }",
            "# not f(x.y)",
            "a { x := \"not f(x.y)\" }",
            "is_not f(x.y)",
        ] {
            check(text, text);
        }
    }

    #[test]
    fn declarations_come_first_in_their_body() {
        check("a {\n\tx := y[_]\n\tsome i, j\n\tx[i]\n}", "a { some i, j; \n\tx := y[_]\n\t\n\tx[i]\n}");
        check(
            "a {\n\tb = [x |\n\t\tc := d[x]\n\t\tsome i\n\t\tc[i]\n\t]\n}",
            "a {\n\tb = [x | some i; \n\t\tc := d[x]\n\t\t\n\t\tc[i]\n\t]\n}",
        );
        check("a {\n\tsome i\n\tx[i]\n}", "a {\n\tsome i\n\tx[i]\n}");
        check("a {\n\tx[_]\n\tsome i in y\n}", "a {\n\tx[_]\n\tsome i in y\n}");
    }

    #[test]
    fn values_of_functions_are_in_bodies() {
        check("f(x) := x == y\n\ng(x) := 1 if x\n", "f(x) := bartizan_value if { bartizan_value := x == y }\n\ng(x) := 1 if x\n");
        check("f(x) := x == \"a b\" # c\n", "f(x) := bartizan_value if { bartizan_value := x == \"a b\" } # c\n");
        check("f(x) = x * y\ng {\n\ty\n}\n", "f(x) = bartizan_value { bartizan_value := x * y }\ng {\n\ty\n}\n");
        for text in ["f(x) = 1 { x }\n", "f(x) := [x |\n\tx\n]\n", "f(x) := x +\n\ty\n", "x := f(1)\n"] {
            check(text, text);
        }
    }

    #[test]
    fn imports_come_before_rules() {
        check("package p\n\nimport a\nb = 1\nimport c.d\ne = 2", "package p\nimport c.d\nimport a\nb = 1\n\ne = 2");
        check("package p\nb = 1\nimport c.d", "package p\nb = 1\nimport c.d");
    }
}
