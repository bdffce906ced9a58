//! A text as atoms in nested blocks.

use std::ops::Range;

use rustc_hash::FxHashMap;

/// The kind of an atom that isn't a word is its byte; words are numbered from here on.
const FIRST_WORD: u32 = 256;

/// What an atom says. Atoms of one text have the same token when they are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Token(u32);

impl Token {
    pub(super) fn of_byte(byte: u8) -> Self {
        Self(u32::from(byte))
    }

    pub(super) fn is_word(self) -> bool {
        FIRST_WORD <= self.0
    }

    pub(super) fn number(self) -> u32 {
        self.0
    }
}

/// The index of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct BlockId(u32);

impl BlockId {
    /// The whole text.
    pub(super) const ROOT: Self = Self(0);
}

#[derive(Debug, Clone, Copy)]
struct Atom {
    start: u32,
    token: Token,
    /// The innermost block around it.
    block: BlockId,
}

/// A run of atoms. The first one of any block but the root belongs to no block further inside.
#[derive(Debug, Clone, Copy)]
struct Block {
    first: u32,
    /// The index behind its last atom.
    end: u32,
    parent: BlockId,
}

/// A text, cut into atoms.
#[derive(Debug, Clone, Default)]
pub(in crate::generic) struct Atoms {
    atoms: Vec<Atom>,
    blocks: Vec<Block>,
    /// For each line the index of the first atom on it or after it.
    lines: Vec<u32>,
    words: FxHashMap<Box<str>, Token>,
    /// Indices of atoms, ascending, token by token; those of a token begin where `first_of` says.
    by_token: Vec<u32>,
    first_of: Vec<u32>,
    /// Indices of all atoms that are words.
    all_words: Vec<u32>,
}

impl Atoms {
    /// Cuts a text, which must be shorter than 4 GiB.
    pub(in crate::generic) fn new(text: &str) -> Self {
        let mut cutter = Cutter::default();
        cutter.cut(text);
        let mut atoms = cutter.atoms;
        atoms.index();
        atoms
    }

    /// How many atoms there are.
    pub(super) fn len(&self) -> u32 {
        offset(self.atoms.len())
    }

    /// The token of a word, when the text has that word.
    pub(super) fn word(&self, word: &str) -> Option<Token> {
        self.words.get(word).copied()
    }

    pub(super) fn token(&self, atom: u32) -> Option<Token> {
        self.atoms.get(atom as usize).map(|atom| atom.token)
    }

    /// The byte range of an atom; an empty one where there is none.
    pub(super) fn range(&self, atom: u32, text: &str) -> Range<u32> {
        let Some(atom) = self.atoms.get(atom as usize) else { return 0..0 };
        if !atom.token.is_word() {
            return atom.start..atom.start + 1;
        }
        let tail = text.as_bytes().get(atom.start as usize..).unwrap_or_default();
        let length = tail.iter().take_while(|&&byte| Class::of(byte) == Class::Word).count();
        atom.start..atom.start + offset(length)
    }

    pub(super) fn start(&self, atom: u32) -> u32 {
        self.atoms.get(atom as usize).map_or(0, |atom| atom.start)
    }

    /// The line of an atom, from zero.
    pub(super) fn line(&self, atom: u32) -> u32 {
        offset(self.lines.partition_point(|&first| first <= atom)).saturating_sub(1)
    }

    /// The index behind the last atom on a line or above it.
    pub(super) fn end_of_line(&self, line: u32) -> u32 {
        self.lines.get(line as usize + 1).copied().unwrap_or(self.len())
    }

    /// The innermost block around an atom.
    pub(super) fn block(&self, atom: u32) -> BlockId {
        self.atoms.get(atom as usize).map_or(BlockId::ROOT, |atom| atom.block)
    }

    /// Whether a block begins with an atom.
    pub(super) fn is_first(&self, atom: u32) -> bool {
        self.blocks.get(self.block(atom).0 as usize).is_some_and(|block| block.first == atom)
    }

    /// The index behind the last atom of a block.
    pub(super) fn end(&self, block: BlockId) -> u32 {
        self.blocks.get(block.0 as usize).map_or(self.len(), |block| block.end)
    }

    pub(super) fn parent(&self, block: BlockId) -> BlockId {
        self.blocks.get(block.0 as usize).map_or(BlockId::ROOT, |block| block.parent)
    }

    /// The indices of the atoms with a token.
    pub(super) fn with_token(&self, token: Token) -> &[u32] {
        let bound = |index: usize| self.first_of.get(index).map(|&first| first as usize);
        let index = token.0 as usize;
        bound(index).zip(bound(index + 1)).and_then(|(from, to)| self.by_token.get(from..to)).unwrap_or_default()
    }

    /// The indices of the atoms that are words.
    pub(super) fn words(&self) -> &[u32] {
        &self.all_words
    }

    fn index(&mut self) {
        let n_tokens = FIRST_WORD as usize + self.words.len();
        let mut bounds = vec![0_u32; n_tokens + 1];
        for atom in &self.atoms {
            if let Some(count) = bounds.get_mut(atom.token.0 as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for bound in &mut bounds {
            sum += *bound;
            *bound = sum;
        }
        let mut next = bounds.clone();
        self.by_token = vec![0; self.atoms.len()];
        for (index, atom) in (0_u32..).zip(&self.atoms) {
            if let Some(slot) = next.get_mut(atom.token.0 as usize) {
                if let Some(place) = self.by_token.get_mut(*slot as usize) {
                    *place = index;
                }
                *slot += 1;
            }
            if atom.token.is_word() {
                self.all_words.push(index);
            }
        }
        self.first_of = bounds;
    }
}

/// A count or an offset in a text of less than 4 GiB.
pub(super) fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// What a byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    Word,
    LineEnd,
    Other,
}

impl Class {
    pub(super) fn of(byte: u8) -> Self {
        match byte {
            b' ' | b'\t' => Self::Blank,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' => Self::Word,
            b'\n' => Self::LineEnd,
            _ => Self::Other,
        }
    }
}

/// How far a line is indented: a tab counts as eight spaces.
pub(super) fn indentation(blanks: &[u8]) -> usize {
    blanks.iter().map(|&byte| if byte == b'\t' { 8 } else { 1 }).sum()
}

/// The length of the line end at the beginning of some bytes.
pub(super) fn line_end(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\n', ..] => Some(1),
        [b'\r', b'\n', ..] => Some(2),
        _ => None,
    }
}

fn closing_of(byte: u8) -> Option<u8> {
    match byte {
        b'(' => Some(b')'),
        b'[' => Some(b']'),
        b'{' => Some(b'}'),
        _ => None,
    }
}

#[derive(Debug, Default)]
struct Cutter {
    atoms: Atoms,
    /// The blocks by indentation that the current line is in, but for the root.
    open: Vec<(usize, BlockId)>,
    /// The brackets of the current line: the index of the atom, its byte, and that of its partner.
    brackets: Vec<(u32, u8, Option<u32>)>,
}

impl Cutter {
    fn cut(&mut self, text: &str) {
        self.atoms.blocks.push(Block { first: 0, end: 0, parent: BlockId::ROOT });
        self.atoms.lines.push(0);
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            at = self.line(text, at);
            self.atoms.lines.push(self.atoms.len());
        }
        let end = self.atoms.len();
        for (_, block) in self.open.drain(..) {
            close(&mut self.atoms.blocks, block, end);
        }
        close(&mut self.atoms.blocks, BlockId::ROOT, end);
    }

    /// Cuts the line that begins at an offset, and returns the offset behind it.
    fn line(&mut self, text: &str, start: usize) -> usize {
        let tail = text.as_bytes().get(start..).unwrap_or_default();
        let n_blanks = tail.iter().take_while(|&&byte| Class::of(byte) == Class::Blank).count();
        let indent = indentation(tail.get(..n_blanks).unwrap_or_default());
        let first = self.atoms.len();
        self.brackets.clear();

        let mut at = start + n_blanks;
        let next_line = loop {
            let tail = text.as_bytes().get(at..).unwrap_or_default();
            let Some(&byte) = tail.first() else { break at };
            if let Some(length) = line_end(tail) {
                break at + length;
            }
            match Class::of(byte) {
                Class::Blank => at += 1,
                Class::Word => {
                    let length = tail.iter().take_while(|&&byte| Class::of(byte) == Class::Word).count();
                    let token = self.word(text.get(at..at + length).unwrap_or_default());
                    self.push(at, token);
                    at += length;
                }
                Class::LineEnd | Class::Other => {
                    if matches!(byte, b'(' | b'[' | b'{' | b')' | b']' | b'}') {
                        self.brackets.push((self.atoms.len(), byte, None));
                    }
                    self.push(at, Token::of_byte(byte));
                    at += 1;
                }
            }
        };
        if first < self.atoms.len() {
            let block = self.block_for(indent, first);
            self.pair();
            self.assign(first, block);
        }
        next_line
    }

    fn push(&mut self, start: usize, token: Token) {
        self.atoms.atoms.push(Atom { start: offset(start), token, block: BlockId::ROOT });
    }

    fn word(&mut self, word: &str) -> Token {
        if let Some(token) = self.atoms.words.get(word) {
            return *token;
        }
        let token = Token(FIRST_WORD + offset(self.atoms.words.len()));
        self.atoms.words.insert(word.into(), token);
        token
    }

    /// The block of a line with an indentation, whose first atom is given.
    fn block_for(&mut self, indent: usize, first: u32) -> BlockId {
        while let Some(&(outer, block)) = self.open.last() {
            if outer <= indent {
                break;
            }
            close(&mut self.atoms.blocks, block, first);
            self.open.pop();
        }
        let (outer, block) = self.open.last().copied().unwrap_or((0, BlockId::ROOT));
        if indent <= outer {
            return block;
        }
        let inner = new_block(&mut self.atoms.blocks, block, first..first);
        self.open.push((indent, inner));
        inner
    }

    /// Pairs the brackets of the line. A closing bracket that isn't what the last open one wants is punctuation, and so is an
    /// opening one that is never closed.
    fn pair(&mut self) {
        let mut open: Vec<(usize, u8)> = Vec::new();
        for index in 0..self.brackets.len() {
            let Some(&(atom, byte, _)) = self.brackets.get(index) else { break };
            if let Some(closing) = closing_of(byte) {
                open.push((index, closing));
            } else if let Some(&(opening, closing)) = open.last()
                && closing == byte
            {
                open.pop();
                if let Some((_, _, partner)) = self.brackets.get_mut(opening) {
                    *partner = Some(atom);
                }
            }
        }
    }

    /// Puts the atoms of the line into their blocks.
    fn assign(&mut self, first: u32, line_block: BlockId) {
        // Of the blocks around: the atom that closes it, and the block outside of it.
        let mut around: Vec<(u32, BlockId)> = Vec::new();
        let mut block = line_block;
        let mut brackets = self.brackets.iter().peekable();
        let line = self.atoms.atoms.get_mut(first as usize..).unwrap_or_default();
        for (index, atom) in (first..).zip(line) {
            if let Some(&(closing, outer)) = around.last()
                && closing == index
            {
                around.pop();
                block = outer;
            }
            atom.block = block;
            if let Some(&&(_, _, partner)) = brackets.peek().filter(|bracket| bracket.0 == index) {
                brackets.next();
                // Brackets with nothing in between have no block.
                if let Some(closing) = partner
                    && index + 1 < closing
                {
                    around.push((closing, block));
                    block = new_block(&mut self.atoms.blocks, block, index + 1..closing);
                }
            }
        }
    }
}

fn new_block(blocks: &mut Vec<Block>, parent: BlockId, atoms: Range<u32>) -> BlockId {
    let id = BlockId(offset(blocks.len()));
    blocks.push(Block { first: atoms.start, end: atoms.end, parent });
    id
}

fn close(blocks: &mut [Block], block: BlockId, end: u32) {
    if let Some(block) = blocks.get_mut(block.0 as usize) {
        block.end = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks are printed in angle brackets.
    fn check(text: &str, expected: &str) {
        let atoms = Atoms::new(text);
        let mut printed = String::new();
        let mut around: Vec<BlockId> = vec![BlockId::ROOT];
        for atom in 0..atoms.len() {
            while around.len() > 1 && atoms.end(*around.last().unwrap()) == atom {
                around.pop();
                printed.push_str("> ");
            }
            if atoms.block(atom) != *around.last().unwrap() {
                assert_eq!(atoms.parent(atoms.block(atom)), *around.last().unwrap());
                around.push(atoms.block(atom));
                printed.push_str("< ");
            }
            let range = atoms.range(atom, text);
            let bytes = &text.as_bytes()[range.start as usize..range.end as usize];
            printed.push_str(&String::from_utf8_lossy(bytes));
            printed.push(' ');
        }
        while around.len() > 1 {
            assert_eq!(atoms.end(around.pop().unwrap()), atoms.len());
            printed.push_str("> ");
        }
        assert_eq!(printed.trim_end(), expected, "{text:?}");
    }

    #[test]
    fn words_and_punctuation() {
        check("", "");
        check(" \t\n\n", "");
        check("let x_1=2;", "let x_1 = 2 ;");
        check("a...b $X", "a . . . b $ X");
        check("a\u{e9}b", "a \u{fffd} \u{fffd} b");
        check("a\rb\r\nc", "a \r b c");
    }

    #[test]
    fn indentation_makes_blocks() {
        check("a\n  b\n  c\nd", "a < b c > d");
        check("a\n    b\n  c\n", "a < b > < c >");
        check("  a\nb", "< a > b");
        check("a\n  b\n\n      c\n", "a < b < c > >");
        check("a\n\tb\n        c\n", "a < b c >");
        check("    a\n  b\n", "< a > < b >");
    }

    #[test]
    fn brackets_on_a_line_make_blocks() {
        check("f(x)", "f ( < x > )");
        check("f(a[1], {})", "f ( < a [ < 1 > ] , { } > )");
        check("f(\nx)", "f ( x )");
        check("f(x\n  y)", "f ( x < y ) >");
        check("  f(x)\n  g", "< f ( < x > ) g >");
    }

    #[test]
    fn brackets_that_do_not_pair_are_punctuation() {
        check("f(x", "f ( x");
        check("f x)", "f x )");
        check("([)]", "( [ < ) > ]");
        check("[(]", "[ ( ]");
        check("((x)", "( ( < x > )");
        check("(x))", "( < x > ) )");
        check("(x])", "( < x ] > )");
    }

    #[test]
    fn atoms_know_their_lines() {
        let atoms = Atoms::new("a\n\nb c\n\n\nd");
        let lines: Vec<u32> = (0..atoms.len()).map(|atom| atoms.line(atom)).collect();
        assert_eq!(lines, [0, 2, 2, 5]);
        assert_eq!([0, 1, 2, 3, 4, 5, 6].map(|line| atoms.end_of_line(line)), [1, 1, 3, 3, 3, 4, 4]);
    }

    #[test]
    fn atoms_are_found_by_token() {
        let atoms = Atoms::new("x = y + x;");
        assert_eq!(atoms.with_token(atoms.word("x").unwrap()), [0, 4]);
        assert_eq!(atoms.with_token(Token::of_byte(b'=')), [1]);
        assert_eq!(atoms.with_token(Token::of_byte(b'?')), [0; 0]);
        assert_eq!(atoms.words(), [0, 2, 4]);
        assert_eq!(atoms.word("z"), None);
    }

    #[test]
    fn deep_nesting_is_flat() {
        let n = 100_000;
        let atoms = Atoms::new(&format!("{}x{}", "[".repeat(n), "]".repeat(n)));
        assert_eq!(atoms.len() as usize, 2 * n + 1);
        assert_eq!(atoms.blocks.len(), n + 1);
        assert_eq!(Atoms::new(&"([{".repeat(n)).blocks.len(), 1);
    }
}
