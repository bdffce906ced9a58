//! The functions, classes and blocks that lines are in, in any language: by indentation, and by what names at the starts of lines.
//!
//! This is no parser, and need not be one: what counts is that a place gets the same name after an edit. Nearly all code is
//! indented; a line is in the nearest lines above it that are indented less and name something. Code that is not indented has
//! fewer scopes. Strings over several lines are left alone where quotes tell (`"""`, `'''`, `` ` ``).

/// The most scopes that are kept within each other; what is deeper belongs to the last of them.
const MAX_DEPTH: usize = 32;
/// Of a line so many bytes are looked at.
const MAX_BYTES: usize = 400;
/// The longest name that is kept, in bytes.
const MAX_NAME_BYTES: usize = 120;

/// Words before the name of something that is defined.
const DEFINERS: &[&str] = &[
    "class",
    "contract",
    "def",
    "defmodule",
    "defp",
    "enum",
    "extension",
    "fn",
    "fun",
    "func",
    "function",
    "impl",
    "interface",
    "library",
    "macro",
    "mod",
    "module",
    "namespace",
    "object",
    "package",
    "protocol",
    "record",
    "struct",
    "sub",
    "trait",
    "type",
    "union",
];

/// Words that start blocks which have no name.
const CONTROL: &[&str] = &[
    "await",
    "begin",
    "case",
    "catch",
    "default",
    "defer",
    "do",
    "elif",
    "else",
    "elsif",
    "ensure",
    "except",
    "finally",
    "for",
    "foreach",
    "go",
    "guard",
    "if",
    "lock",
    "loop",
    "match",
    "new",
    "repeat",
    "rescue",
    "return",
    "select",
    "switch",
    "synchronized",
    "then",
    "throw",
    "try",
    "unless",
    "until",
    "using",
    "when",
    "while",
    "with",
    "yield",
];

/// Words that end in a colon and name what follows no more than `else:` does.
const LABELS: &[&str] = &["private", "protected", "public", "signals"];

/// The scopes of the lines of a text.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    nodes: Vec<Node>,
    /// The innermost scope of each line; nothing at the top of the file.
    of_lines: Vec<Option<usize>>,
}

#[derive(Debug)]
struct Node {
    name: String,
    parent: Option<usize>,
}

impl Scopes {
    pub(super) fn new(lines: &[&str]) -> Self {
        let mut finder = Finder { scopes: Self::default(), open: Vec::new(), pending: None, string: None };
        for (index, line) in lines.iter().enumerate() {
            finder.line(line, lines.get(index + 1..).unwrap_or_default());
        }
        finder.scopes
    }

    /// The names of what a line is in, from the outside to the inside. Lines are counted from 1.
    pub(super) fn names(&self, line: u32) -> Vec<&str> {
        let index = usize::try_from(line).unwrap_or(usize::MAX).checked_sub(1);
        let mut at = index.and_then(|index| self.of_lines.get(index)).copied().flatten();
        let mut names = Vec::new();
        while let Some(node) = at.and_then(|index| self.nodes.get(index)) {
            names.push(node.name.as_str());
            at = node.parent;
        }
        names.reverse();
        names
    }
}

struct Finder {
    scopes: Scopes,
    /// Scopes that are open: how far their first line is indented, and which node they are.
    open: Vec<(usize, usize)>,
    /// A call or signature whose brackets are still open: how far it is indented, and its name.
    pending: Option<(usize, String)>,
    /// The quotes of a string that goes on.
    string: Option<&'static str>,
}

impl Finder {
    fn line(&mut self, line: &str, following: &[&str]) {
        let is_in_string = self.string.is_some();
        self.follow_strings(line);
        let content = line.trim();
        if !is_in_string && !content.is_empty() && !content.starts_with('#') && !content.starts_with("//") {
            self.code(indentation(line), content, following);
        }
        self.scopes.of_lines.push(self.open.last().map(|&(_, node)| node));
    }

    fn code(&mut self, indented_by: usize, content: &str, following: &[&str]) {
        // Brackets that close, and braces on lines of their own, belong to the line that opened.
        let belongs_above = content.starts_with([')', ']', '}', '{']);
        while self.open.last().is_some_and(|&(outer, _)| if belongs_above { indented_by < outer } else { indented_by <= outer }) {
            self.open.pop();
        }
        let opens_block = without_end_comment(content).ends_with('{') || following.iter().find_map(brace_first).unwrap_or(false);
        let words = words(content);
        let n_open = words.iter().fold(0_i64, |n, word| n + i64::from(word.text == "(") - i64::from(word.text == ")"));
        let pending = self.pending.take().filter(|&(outer, _)| outer < indented_by || belongs_above);
        if let Some(name) = defined(&words).or_else(|| block(&words, opens_block && 0 <= n_open)).or_else(|| key(&words)) {
            self.open(indented_by, name);
        } else if opens_block && n_open < 0 {
            pending.into_iter().for_each(|(outer, name)| self.open(outer, name));
        } else if 0 < n_open {
            self.pending = block(&words, true).map(|name| (indented_by, name));
        } else {
            self.pending = pending;
        }
    }

    fn open(&mut self, indented_by: usize, mut name: String) {
        if MAX_DEPTH <= self.open.len() {
            return;
        }
        let end = (0..=MAX_NAME_BYTES.min(name.len())).rev().find(|&end| name.is_char_boundary(end)).unwrap_or(0);
        name.truncate(end);
        let parent = self.open.last().map(|&(_, node)| node);
        self.open.push((indented_by, self.scopes.nodes.len()));
        self.scopes.nodes.push(Node { name, parent });
    }

    /// Notes whether a string goes on behind a line.
    fn follow_strings(&mut self, line: &str) {
        for quotes in ["\"\"\"", "'''", "`"] {
            let is_other_open = self.string.is_some_and(|open| open != quotes);
            if !is_other_open && line.matches(quotes).count() % 2 == 1 {
                self.string = if self.string.is_some() { None } else { Some(quotes) };
            }
        }
    }
}

/// A word, a string, or a character of the start of a line.
#[derive(Debug, PartialEq)]
struct Word<'t> {
    text: &'t str,
    is_name: bool,
    is_string: bool,
}

fn words(content: &str) -> Vec<Word<'_>> {
    let end = (0..=MAX_BYTES.min(content.len())).rev().find(|&end| content.is_char_boundary(end)).unwrap_or(0);
    let mut rest = content.get(..end).unwrap_or_default();
    let mut words = Vec::new();
    while let Some(first) = rest.chars().next() {
        let is_name = is_name_character(first);
        let is_string = matches!(first, '"' | '\'');
        let length = if is_name {
            rest.find(|c| !is_name_character(c)).unwrap_or(rest.len())
        } else if is_string {
            rest.get(1..).and_then(|inner| inner.find(first)).map_or(rest.len(), |end| end + 2)
        } else {
            first.len_utf8()
        };
        let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let text = if is_string { text.trim_matches(first) } else { text };
        words.push(Word { text, is_name, is_string });
        rest = after.trim_start();
    }
    words
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// What a line defines by a word for it: `pub fn run(`, `class A(B):`, `func (s *Server) Run(`, `impl Display for A {`.
fn defined(words: &[Word<'_>]) -> Option<String> {
    // Before that word there is nothing but other words; an assignment to a function has its own way.
    let at = words.iter().position(|word| word.is_name && DEFINERS.contains(&word.text))?;
    let before = words.get(..at)?;
    let definer = words.get(at)?.text;
    let after = words.get(at + 1..)?;
    if definer == "function" && !after.first().is_some_and(|word| word.is_name) {
        return assigned(before);
    }
    if before.iter().any(|word| !word.is_name && !matches!(word.text, "(" | ")" | "@" | "[" | "]")) || before.len() > 12 {
        return None;
    }
    let after = if definer == "func" && after.first().is_some_and(|word| word.text == "(") {
        after.get(after.iter().position(|word| word.text == ")")? + 1..)?
    } else {
        after
    };
    if definer == "impl" {
        let until_brace = after.iter().take_while(|word| word.text != "{" && word.text != "where");
        return Some(until_brace.filter(|word| word.is_name).map(|word| word.text).collect::<Vec<_>>().join(" "));
    }
    let name: Vec<&str> =
        after.iter().take_while(|word| word.is_name || word.is_string || word.text == ".").map(|word| word.text).collect();
    let first = after.first()?;
    (first.is_name || first.is_string).then(|| name.first().map(|_| if definer == "def" { name.concat() } else { head(&name) }))?
}

/// The name and what belongs to it; not `extends Base` behind it.
fn head(name: &[&str]) -> String {
    let n_words = if name.get(1) == Some(&".") { name.len() } else { 1 };
    name.iter().take(n_words).copied().collect::<String>()
}

/// The name of what is assigned to: `a.run =`, `run:`.
fn assigned(words: &[Word<'_>]) -> Option<String> {
    let at = words.iter().rposition(|word| matches!(word.text, "=" | ":"))?;
    words.get(..at)?.iter().rfind(|word| word.is_name || word.is_string).map(|word| word.text.to_owned())
}

/// What a line that opens a block is called: `void run(String a) {`, `describe("login", () => {`, `resource "a" "b" {`, `server {`.
fn block(words: &[Word<'_>], opens_block: bool) -> Option<String> {
    let first = words.iter().find(|word| word.is_name || word.is_string)?;
    if !opens_block || CONTROL.contains(&first.text) {
        return None;
    }
    let bracket = words.iter().position(|word| word.text == "(" && !word.is_string);
    if let Some(at) =
        words.iter().position(|word| word.text == "=" && !word.is_string).filter(|&at| bracket.is_none_or(|bracket| at < bracket))
    {
        return words.get(..at)?.iter().rfind(|word| word.is_name || word.is_string).map(|word| word.text.to_owned());
    }
    let Some(bracket) = bracket else {
        let names: Vec<&str> = words.iter().filter(|word| word.is_name || word.is_string).map(|word| word.text).take(4).collect();
        return Some(names.join(" "));
    };
    let name = words.get(..bracket)?.last().filter(|word| word.is_name)?.text;
    let title = words.get(bracket + 1).filter(|word| word.is_string).map(|word| word.text);
    Some(title.map_or_else(|| name.to_owned(), |title| format!("{name} {title}")))
}

/// A key of YAML with everything below it, and an item of a list that has a name.
fn key(words: &[Word<'_>]) -> Option<String> {
    match words {
        [key @ .., Word { text: ":", .. }] => {
            let is_part = |word: &Word<'_>| word.is_name || word.is_string || matches!(word.text, "-" | "." | "/");
            let is_prose = key.windows(2).any(|pair| pair.iter().all(|word| word.is_name || word.is_string));
            let is_label = key.first().is_none_or(|word| CONTROL.contains(&word.text) || LABELS.contains(&word.text));
            (!is_prose && !is_label && key.iter().all(is_part)).then(|| key.iter().map(|word| word.text).collect())
        }
        [Word { text: "-", .. }, Word { text: "name" | "id", .. }, Word { text: ":", .. }, value @ ..] => {
            Some(value.iter().map(|word| word.text).collect::<Vec<_>>().join(" "))
        }
        _ => None,
    }
}

/// Whether a line starts with the brace of a block, if there is anything in it.
fn brace_first(line: &&str) -> Option<bool> {
    let content = line.trim();
    (!content.is_empty()).then(|| content == "{")
}

fn without_end_comment(content: &str) -> &str {
    content.find(" //").and_then(|end| content.get(..end)).unwrap_or(content).trim_end()
}

/// How far a line is indented, in columns; a tab goes to the next multiple of four.
fn indentation(line: &str) -> usize {
    let spaces = line.chars().take_while(|&c| matches!(c, ' ' | '\t'));
    spaces.fold(0, |column, c| if c == '\t' { (column / 4 + 1) * 4 } else { column + 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line that ends in `«names»` is in the scope of these names, joined by ` > `.
    fn check(text: &str) {
        let lines: Vec<&str> = text.lines().map(|line| line.split('«').next().unwrap().trim_end()).collect();
        let scopes = Scopes::new(&lines);
        for (number, line) in (1..).zip(text.lines()) {
            let Some((_, expected)) = line.split_once('«') else { continue };
            assert_eq!(scopes.names(number).join(" > "), expected.trim_end_matches('»'), "line {number}: {line}");
        }
    }

    #[test]
    fn python() {
        check(
            r#"
import os «»
class A(B):
    """Says
what it is «A»
    """
    @cached
    async def run(self, «A > run»
        a, «A > run»
    ):
        if a:
            eval(a) «A > run»
# a comment
            eval(a) «A > run»
    x = 1 «A»
y = 2 «»
"#,
        );
    }

    #[test]
    fn languages_with_braces() {
        check(
            r#"
public class Shop extends Base {
    private static final int A = 1; «Shop»
    public void run(String a,
            String b) throws E {
        for (;;) {
            exec(a); «Shop > run»
        }
        x.forEach(y -> {
            exec(y); «Shop > run > forEach»
        });
    }
}
func (s *Server) Serve(a int) error {
	return run(a) «Serve»
}
void allman(int a)
{
    system(a); «allman»
}
pub(crate) fn f<T>(a: &str) -> u8 {
    g(a) «f»
}
impl Display for Thing {
    fn fmt(&self) {
        g(1) «Display for Thing > fmt»
    }
}
const handler = async (request) => {
  eval(request.body); «handler»
};
module.exports.run = function (a) {
  eval(a); «run»
};
describe("login", () => {
  it('works', async () => {
    eval(a); «describe login > it works»
  });
});
resource "aws_s3_bucket" "logs" {
  acl = "public-read" «resource aws_s3_bucket logs»
}
"#,
        );
    }

    #[test]
    fn ruby_php_yaml() {
        check(
            r#"
module Shop
  class Cart < Base
    def self.run(a)
      eval(a) «Shop > Cart > self.run»
    end
  end
end
jobs:
  build:
    steps:
      - name: Say it
        run: echo ${{ github.event.issue.title }} «jobs > build > steps > Say it»
      - uses: a/b@v1 «jobs > build > steps»
"#,
        );
    }

    #[test]
    fn hostile_text_is_no_trouble() {
        let deep: String = (0..2_000).map(|depth| format!("{}def f{depth}():\n", " ".repeat(depth))).collect();
        let lines: Vec<&str> = deep.lines().collect();
        assert_eq!(Scopes::new(&lines).names(2_000).len(), MAX_DEPTH);
        let long = format!("def {}(\u{e9}", "\u{e9}".repeat(5_000));
        assert!(Scopes::new(&[&long]).names(1).iter().all(|name| name.len() <= MAX_NAME_BYTES));
        assert!(Scopes::new(&[]).names(0).is_empty());
    }
}
