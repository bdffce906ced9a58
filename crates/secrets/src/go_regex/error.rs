//! What can be wrong with an expression.

use bartizan_core::ByteRange;

/// An expression that Go would refuse, or that is too large.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where, in bytes of the expression.
    pub range: ByteRange,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, start: usize, end: usize) -> Self {
        Self { kind, range: ByteRange::new(start, end) }
    }
}

/// What is wrong with an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The last character is a backslash.
    #[error("the expression ends in a backslash; write `\\\\` for a backslash")]
    TrailingBackslash,
    /// A letter or digit after a backslash that has no meaning there.
    #[error("unknown escape sequence")]
    UnknownEscape,
    /// `\1`: Go has no back references.
    #[error("back references are not part of Go's dialect; write `\\x01` for a control character")]
    BackReference,
    /// `\C`: Go has no single bytes.
    #[error("`\\C` (any byte) is not part of Go's dialect")]
    AnyByte,
    /// `\x{110000}`, `\xg`.
    #[error("`\\x` needs two hexadecimal digits, or a code point up to 10FFFF in braces")]
    InvalidHex,
    /// `[a`.
    #[error("the class has no closing `]`")]
    UnclosedClass,
    /// `[b-a]`.
    #[error("the range ends before it starts")]
    ReversedRange,
    /// `[[:letters:]]`.
    #[error(
        "unknown POSIX class; known are alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word, xdigit"
    )]
    UnknownPosixClass,
    /// `\p{Letters}`.
    #[error("unknown Unicode category or script")]
    UnknownProperty,
    /// `a{1001}`, `a{2,1}`, `(a{100}){100}`.
    #[error("a repetition can't be reversed or ask for more than 1000 copies, nested ones multiplied")]
    InvalidRepeatCount,
    /// `a**`, `a{2}+`.
    #[error("a repetition can't follow a repetition; Go has no possessive ones")]
    NestedRepeat,
    /// `*a`, `(|+)`.
    #[error("there is nothing to repeat; write `\\*`, `\\+` or `\\?` for the character")]
    NothingToRepeat,
    /// `(a`.
    #[error("the group has no closing `)`")]
    UnclosedGroup,
    /// `a)`.
    #[error("`)` closes no group; write `\\)` for the character")]
    UnexpectedParen,
    /// `(?=a)`, `(?x)`.
    #[error("Go's groups start with `(`, `(?:`, `(?P<name>`, `(?<name>` or the flags i, m, s, U: no look-around, no `x`")]
    UnknownGroup,
    /// `(?P<a-b>c)`.
    #[error("a group's name consists of ASCII letters, digits and `_`")]
    InvalidGroupName,
    /// More levels than [`super::Pattern::MAX_HEIGHT`].
    #[error("the expression nests too deeply")]
    TooDeep,
    /// Larger than [`super::Pattern::MAX_SIZE`].
    #[error("the expression is too large")]
    TooLarge,
}
