//! The grammar of Go's expressions.

use regex_syntax::hir::Look;

use super::{
    class,
    cursor::Cursor,
    error::{Error, ErrorKind},
    regex::Pattern,
    tree::Tree,
};

/// The names of groups, in order; most have none.
pub(super) type GroupNames = Vec<Option<Box<str>>>;

/// Reads an expression; gives the tree and the names of its groups, the whole match excluded.
pub(super) fn parse(pattern: &str) -> Result<(Tree, GroupNames), Error> {
    let mut parser =
        Parser { cursor: Cursor::new(pattern), flags: Flags::default(), outer: Vec::new(), inner: Open::default(), groups: Vec::new() };
    parser.expression()?;
    if let Some(open) = parser.outer.pop() {
        return Err(parser.cursor.error_to_end(ErrorKind::UnclosedGroup, open.child_start));
    }
    let tree = std::mem::take(&mut parser.inner).finish();
    parser.check_limits(&tree, 0)?;
    Ok((tree, parser.groups))
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    flags: Flags,
    /// Groups that are open around the innermost one.
    outer: Vec<Outer>,
    inner: Open,
    groups: Vec<Option<Box<str>>>,
}

/// `(?ismU)`
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_all: bool,
    swap_greed: bool,
}

/// What was read of the innermost open group.
#[derive(Default)]
struct Open {
    branches: Vec<Tree>,
    /// The branch that is being read, part by part.
    parts: Vec<Tree>,
}

impl Open {
    fn end_branch(&mut self) {
        self.branches.push(Tree::concat(std::mem::take(&mut self.parts)));
    }

    fn finish(mut self) -> Tree {
        self.end_branch();
        Tree::alternation(self.branches)
    }
}

/// A group that waits for the one inside of it.
struct Outer {
    open: Open,
    /// The flags as they are again after the inner group.
    flags: Flags,
    /// The inner group's index, if it captures.
    child: Option<u32>,
    child_start: usize,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<(), Error> {
        // Where the repetition started that was read last, if nothing has come since.
        let mut last_repeat = None;
        while let Some(character) = self.cursor.peek() {
            let start = self.cursor.position();
            let repeat = match character {
                '*' => Some((0, None, false)),
                '+' => Some((1, None, false)),
                '?' => Some((0, Some(1), false)),
                '{' => self.count(start)?.map(|(min, max)| (min, max, true)),
                _ => None,
            };
            if let Some((min, max, is_counted)) = repeat {
                if !is_counted {
                    self.cursor.next();
                }
                self.repeat(min, max, is_counted, start, last_repeat)?;
                last_repeat = Some(start);
            } else {
                self.item(character, start)?;
                last_repeat = None;
            }
        }
        Ok(())
    }

    fn item(&mut self, character: char, start: usize) -> Result<(), Error> {
        match character {
            '(' => return self.open_group(start),
            ')' => return self.close_group(start),
            '|' => {
                self.cursor.next();
                self.inner.end_branch();
                return Ok(());
            }
            '\\' => return self.backslash(start),
            '[' => {
                let class = class::bracketed(&mut self.cursor, self.flags.fold_case)?;
                return self.push(Tree::class(class), start);
            }
            _ => {}
        }
        self.cursor.next();
        let tree = match character {
            '^' => Tree::look(if self.flags.multi_line { Look::StartLF } else { Look::Start }),
            '$' => Tree::look(if self.flags.multi_line { Look::EndLF } else { Look::End }),
            '.' => Tree::class(class::dot(self.flags.dot_all)),
            _ => self.literal(u32::from(character)),
        };
        self.push(tree, start)
    }

    fn literal(&self, code_point: u32) -> Tree {
        Tree::class(class::maybe_folded(class::code_points(code_point, code_point), self.flags.fold_case))
    }

    fn push(&mut self, tree: Tree, start: usize) -> Result<(), Error> {
        self.check_limits(&tree, start)?;
        self.inner.parts.push(tree);
        Ok(())
    }

    fn check_limits(&self, tree: &Tree, start: usize) -> Result<(), Error> {
        if Pattern::MAX_HEIGHT < tree.height {
            return Err(self.cursor.error(ErrorKind::TooDeep, start));
        }
        if Pattern::MAX_SIZE < tree.size {
            return Err(self.cursor.error(ErrorKind::TooLarge, start));
        }
        Ok(())
    }

    fn backslash(&mut self, start: usize) -> Result<(), Error> {
        let look = match self.cursor.rest().as_bytes().get(1) {
            Some(b'A') => Some(Look::Start),
            Some(b'z') => Some(Look::End),
            Some(b'b') => Some(Look::WordAscii),
            Some(b'B') => Some(Look::WordAsciiNegate),
            Some(b'C') => {
                self.cursor.eat("\\C");
                return Err(self.cursor.error(ErrorKind::AnyByte, start));
            }
            Some(b'Q') => return self.quoted(start),
            _ => None,
        };
        if let Some(look) = look {
            self.cursor.next();
            self.cursor.next();
            return self.push(Tree::look(look), start);
        }
        if let Some(class) = class::named(&mut self.cursor, self.flags.fold_case)? {
            return self.push(Tree::class(class), start);
        }
        let code_point = self.cursor.escape()?;
        self.push(self.literal(code_point), start)
    }

    /// `\Q…\E`; without `\E` everything that is left.
    fn quoted(&mut self, start: usize) -> Result<(), Error> {
        self.cursor.eat("\\Q");
        let quoted = match self.cursor.take_until("\\E") {
            Some(quoted) => quoted,
            None => self.cursor.take_rest(),
        };
        for character in quoted.chars() {
            self.push(self.literal(u32::from(character)), start)?;
        }
        Ok(())
    }

    /// Reads `{2}`, `{2,}` or `{2,5}`; nothing, and nothing read, if the brace is a literal.
    fn count(&mut self, start: usize) -> Result<Option<(u32, Option<u32>)>, Error> {
        let mut ahead = self.cursor;
        ahead.eat("{");
        let Some(min) = number(&mut ahead) else { return Ok(None) };
        let max = if !ahead.eat(",") {
            Some(min)
        } else if ahead.rest().starts_with('}') {
            None
        } else {
            let Some(max) = number(&mut ahead) else { return Ok(None) };
            Some(max)
        };
        if !ahead.eat("}") {
            return Ok(None);
        }
        self.cursor = ahead;
        let is_valid = min <= MAX_REPEAT && max.is_none_or(|max| min <= max && max <= MAX_REPEAT);
        if is_valid { Ok(Some((min, max))) } else { Err(self.cursor.error(ErrorKind::InvalidRepeatCount, start)) }
    }

    fn repeat(&mut self, min: u32, max: Option<u32>, is_counted: bool, start: usize, last_repeat: Option<usize>) -> Result<(), Error> {
        let is_greedy = self.cursor.eat("?") == self.flags.swap_greed;
        if let Some(last_start) = last_repeat {
            return Err(self.cursor.error(ErrorKind::NestedRepeat, last_start));
        }
        let Some(sub) = self.inner.parts.pop() else { return Err(self.cursor.error(ErrorKind::NothingToRepeat, start)) };
        let tree = sub.repeat(min, max, is_greedy, is_counted);
        if 2 <= max.unwrap_or(min) && is_counted && (MAX_REPEAT as usize) < tree.n_copies {
            return Err(self.cursor.error(ErrorKind::InvalidRepeatCount, start));
        }
        self.push(tree, start)
    }

    fn open_group(&mut self, start: usize) -> Result<(), Error> {
        let flags = self.flags;
        let child = if self.cursor.eat("(?P<") || self.cursor.eat("(?<") {
            let name = self.cursor.take_until(">").ok_or_else(|| self.cursor.error_to_end(ErrorKind::InvalidGroupName, start))?;
            if name.is_empty() || !name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
                return Err(self.cursor.error(ErrorKind::InvalidGroupName, start));
            }
            Some(Some(name.into()))
        } else if self.cursor.eat("(?") {
            if !self.flags(start)? {
                return Ok(());
            }
            None
        } else {
            self.cursor.eat("(");
            Some(None)
        };
        if Pattern::MAX_HEIGHT <= self.outer.len() {
            return Err(self.cursor.error(ErrorKind::TooDeep, start));
        }
        let child = child.map(|name| {
            self.groups.push(name);
            u32::try_from(self.groups.len()).unwrap_or(u32::MAX)
        });
        let open = std::mem::take(&mut self.inner);
        self.outer.push(Outer { open, flags, child, child_start: start });
        Ok(())
    }

    fn close_group(&mut self, start: usize) -> Result<(), Error> {
        self.cursor.next();
        let Some(outer) = self.outer.pop() else { return Err(self.cursor.error(ErrorKind::UnexpectedParen, start)) };
        let tree = std::mem::replace(&mut self.inner, outer.open).finish();
        self.flags = outer.flags;
        let tree = match outer.child {
            Some(index) => tree.capture(index),
            None => tree,
        };
        self.push(tree, outer.child_start)
    }

    /// Reads flags up to `:` or `)`; whether a group opens.
    fn flags(&mut self, start: usize) -> Result<bool, Error> {
        let mut flags = self.flags;
        let (mut value, mut n_flags) = (true, 0);
        while let Some(character) = self.cursor.next() {
            match character {
                'i' => flags.fold_case = value,
                'm' => flags.multi_line = value,
                's' => flags.dot_all = value,
                'U' => flags.swap_greed = value,
                '-' if value => {
                    value = false;
                    n_flags = 0;
                    continue;
                }
                ':' | ')' if value || 0 < n_flags => {
                    self.flags = flags;
                    return Ok(character == ':');
                }
                _ => break,
            }
            n_flags += 1;
        }
        Err(self.cursor.error(ErrorKind::UnknownGroup, start))
    }
}

/// The most copies that a counted repetition may ask for.
const MAX_REPEAT: u32 = 1000;

/// Reads a number without leading zeros; one that is far too large is still a number.
fn number(cursor: &mut Cursor<'_>) -> Option<u32> {
    const FAR_TOO_LARGE: u32 = 1_000_000;
    let mut value = None;
    while let Some(digit) = cursor.peek().and_then(|character| character.to_digit(10)) {
        if value == Some(0) {
            return None;
        }
        cursor.next();
        value = Some((value.unwrap_or(0) * 10 + digit).min(FAR_TOO_LARGE));
    }
    value
}
