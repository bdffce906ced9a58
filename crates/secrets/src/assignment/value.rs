//! The value's side of an assignment: literals, quoted, wrapped in a call, or bare.

use bartizan_core::ByteRange;

use super::Reader;
use crate::syntax::Bare;

/// A literal value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Value {
    /// The value itself, without quotes.
    pub(crate) range: ByteRange,
    /// How it is written.
    pub(crate) form: Form,
}

/// How a literal value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Form {
    /// In quotes.
    Quoted,
    /// In quotes, as the argument of a call: `b64decode("…")`.
    Wrapped,
    /// Without quotes.
    Bare,
    /// Between tags.
    Element,
}

impl Value {
    /// Whether somebody put quotes around it.
    pub(crate) fn is_quoted(&self) -> bool {
        matches!(self.form, Form::Quoted | Form::Wrapped)
    }
}

/// The longest value, in bytes.
pub(crate) const MAX_VALUE_BYTES: usize = 4096;
/// How deeply calls may wrap a literal.
const MAX_WRAPPERS: usize = 3;

impl Reader<'_> {
    /// Reads the literal that starts at a place.
    pub(super) fn value(&self, place: usize) -> Option<Value> {
        if let Some(range) = self.quoted(place) {
            return Some(Value { range, form: Form::Quoted });
        }
        if let Some(range) = self.wrapped(place) {
            return Some(Value { range, form: Form::Wrapped });
        }
        self.bare(place).map(|range| Value { range, form: Form::Bare })
    }

    /// `"…"`, `'…'`, `` `…` ``, `"""…"""`, with a prefix (`b"…"`) or escaped quotes (`\"…\"`).
    fn quoted(&self, place: usize) -> Option<ByteRange> {
        let rest = self.text.get(place..self.line_end)?;
        let n_prefix = rest.iter().take(2).take_while(|&&byte| byte.is_ascii_alphabetic() || matches!(byte, b'@' | b'$')).count();
        let n_escapes = |place: usize| rest.get(place..).unwrap_or_default().iter().take(4).take_while(|&&byte| byte == b'\\').count();
        let mut open = n_prefix;
        let depth = n_escapes(open);
        open += depth;
        let quote = *rest.get(open).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
        open += 1;
        let is_triple = depth == 0 && rest.get(open) == Some(&quote) && rest.get(open + 1) == Some(&quote);
        if is_triple {
            open += 2;
        }
        let mut end = open;
        loop {
            match *rest.get(end)? {
                // An escaped quote ends a literal that is itself inside of an escaped literal.
                b'\\' => {
                    let n = n_escapes(end);
                    if rest.get(end + n) == Some(&quote) && n <= depth {
                        break;
                    }
                    end += if n % 2 == 1 { n + 1 } else { n };
                }
                byte if byte == quote => break,
                _ => end += 1,
            }
            if MAX_VALUE_BYTES < end - open {
                return None;
            }
        }
        (open <= end).then(|| ByteRange::new(place + open, place + end))
    }

    /// `decode("…")`, `new Secret("…")`, `ConvertTo-SecureString "…"`, `Some("…".into())`.
    fn wrapped(&self, place: usize) -> Option<ByteRange> {
        let mut place = place;
        for _ in 0..MAX_WRAPPERS {
            let rest = self.text.get(place..self.line_end)?;
            let rest = rest.strip_prefix(b"new ").or_else(|| rest.strip_prefix(b"await ")).unwrap_or(rest);
            let start = self.line_end - rest.len();
            let is_callee_byte = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'!' | b'$' | b'-');
            let n_callee = rest.iter().take(64).take_while(|byte| is_callee_byte(byte)).count();
            let open = start + n_callee;
            let after = match self.byte(open)? {
                b'(' | b'[' | b'{' => open + 1,
                b' ' if 0 < n_callee && rest.get(..n_callee)?.contains(&b'-') => open + 1,
                _ => return None,
            };
            place = self.skip_blanks(after)?;
            if let Some(range) = self.quoted(place) {
                return Some(range);
            }
        }
        None
    }

    /// A value without quotes, as far as the syntax has such.
    fn bare(&self, place: usize) -> Option<ByteRange> {
        let rest = self.text.get(place..self.line_end)?;
        let ends = match self.syntax.bare() {
            Bare::Never => return None,
            Bare::Word => &b" \t,;\"'`<>(){}[]|"[..],
            Bare::ToBlank => &b" \t\"'`<>"[..],
        };
        let length = rest.iter().position(|byte| ends.contains(byte)).unwrap_or(rest.len());
        let mut value = rest.get(..length)?;
        while let Some((last, shorter)) = value.split_last() {
            let is_punctuation = matches!(last, b',' | b';' | b'\\') || (*last == b'.' && self.syntax.bare() == Bare::Word);
            if !is_punctuation {
                break;
            }
            value = shorter;
        }
        // `${password}`, `{{ password }}`, `f(x)`: what follows belongs to an expression, which is no literal.
        let is_expression = rest.get(length).is_some_and(|byte| b"([{<".contains(byte));
        let is_value = !value.is_empty() && value.len() <= MAX_VALUE_BYTES && !is_expression;
        is_value.then(|| ByteRange::new(place, place + value.len()))
    }
}
