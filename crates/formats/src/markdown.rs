//! Texts in GitHub- and GitLab-flavoured Markdown that stay texts.

use std::fmt::Write as _;

use crate::visible::{visible, visible_line};

/// A text in which nothing is markup: no emphasis, no link, no HTML, no mention, no reference to an issue.
pub(crate) fn escaped(text: &str) -> String {
    let shown = visible(text);
    let mut markup = String::with_capacity(shown.len() + 8);
    let mut previous = '\n';
    let mut line_is_number = false;
    let mut characters = shown.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let follows_number = line_is_number;
        line_is_number = character.is_ascii_digit() && (previous == '\n' || line_is_number);
        match character {
            '<' => markup.push_str("&lt;"),
            '>' => markup.push_str("&gt;"),
            '&' => markup.push_str("&amp;"),
            // An empty comment keeps a name or number apart from what would make a mention or a reference of it.
            '@' | '#' => {
                markup.push_str(if character == '#' { "\\#" } else { "@" });
                markup.push_str("<!-- -->");
            }
            // Addresses become links without any markup, unless the source has no colon, or no dot after `www`; and a word
            // between colons becomes a picture.
            ':' if !next.is_whitespace() => markup.push_str("&#58;"),
            '.' if matches!(previous, 'w' | 'W') => markup.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => {
                markup.push('\\');
                markup.push(character);
            }
            // Lists, rules and numbered lists begin a line.
            '-' | '+' | '=' if previous == '\n' => {
                markup.push('\\');
                markup.push(character);
            }
            '.' | ')' if follows_number => {
                markup.push('\\');
                markup.push(character);
            }
            // Spaces at the start of a line would make code of it.
            ' ' | '\t' if previous == '\n' => continue,
            _ => markup.push(character),
        }
        previous = character;
    }
    markup
}

/// The same on one line.
pub(crate) fn escaped_line(text: &str) -> String {
    escaped(&visible_line(text))
}

/// A text as code within a line; not for a cell of a table.
pub(crate) fn code(text: &str) -> String {
    let shown = visible_line(text);
    if shown.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run_of_backticks(&shown) + 1);
    // A space keeps a backtick of the text apart from the fence, and is not shown.
    let space = if shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{shown}{space}{fence}")
}

/// The same in a cell of a table. Tables are cut into cells before code is seen, and only there a backslash before a bar
/// vanishes.
pub(crate) fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Lines as a block of code.
pub(crate) fn code_block<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let body = lines.fold(String::new(), |mut body, line| {
        // Writing to a string can't fail.
        let _ = writeln!(body, "{}", visible_line(&line.replace('\t', "    ")));
        body
    });
    let fence = "`".repeat((longest_run_of_backticks(&body) + 1).max(3));
    format!("{fence}text\n{body}{fence}\n")
}

/// Whether a text is the address of a web page and nothing else, so that it may be a link.
pub(crate) fn is_web_address(text: &str) -> bool {
    let is_harmless = |byte: u8| byte.is_ascii_graphic() && !b"<>\"'\\^`{}|()[]".contains(&byte);
    text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '.', '?', '#']))
        && text.bytes().all(is_harmless)
}

fn longest_run_of_backticks(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_a_text() {
        for (text, markup) in [
            ("plain words, 3 of 4.", "plain words, 3 of 4."),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("@octocat #12", "@<!-- -->octocat \\#<!-- -->12"),
            ("a|b", "a\\|b"),
            ("https://evil.example www.evil.example", "https&#58;//evil.example www&#46;evil.example"),
            ("[x](javascript:alert(1))", "\\[x\\](javascript&#58;alert(1))"),
            ("- item\n1. item\n    code", "\\- item\n1\\. item\ncode"),
            ("snake_case *bold* `code`", "snake\\_case \\*bold\\* \\`code\\`"),
        ] {
            assert_eq!(escaped(text), markup, "{text}");
        }
    }

    #[test]
    fn code_holds_its_backticks() {
        for (text, markup) in [("a", "`a`"), ("a`b", "``a`b``"), ("`", "`` ` ``"), ("a|b", "`a|b`"), ("a\nb", "`a\\nb`"), ("", "")] {
            assert_eq!(code(text), markup, "{text}");
        }
        assert_eq!(cell_code("a|b"), "`a\\|b`");
        assert_eq!(code_block(["```", "x"].into_iter()), "````text\n```\nx\n````\n");
    }

    #[test]
    fn only_web_addresses_are_links() {
        for (text, is_one) in [
            ("https://cwe.mitre.org/data/798.html?a=b&c=d#e", true),
            ("http://cwe.mitre.org", false),
            ("javascript:alert(1)", false),
            ("https://", false),
            ("https:///etc", false),
            ("https://a.example/\" onload=", false),
            ("https://a.example/)", false),
        ] {
            assert_eq!(is_web_address(text), is_one, "{text}");
        }
    }
}
