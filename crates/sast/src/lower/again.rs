//! What names that are declared together share is lowered for each of them: `final A b, c` is a definition of `b` and one of `c`.
//!
//! An attacker must not gain from that: neither by many names behind much, nor by such declarations within each other.

/// How many bytes are lowered again for one declaration.
const MAX_BYTES: usize = 4096;

/// Whether what stands before the names is lowered for the name at this place too. The first always has it; no other has what
/// declarations may stand in.
pub(super) fn is_shared(at: usize, before: &str) -> bool {
    at == 0 || at.saturating_mul(before.len()) <= MAX_BYTES && !before.contains('{')
}

/// Whether a type has nothing in it but types, so that it may be lowered twice.
pub(super) fn is_plain(type_: &str) -> bool {
    let is_empty = |behind: &str| behind.trim_start().starts_with([']', ',']);
    !type_.contains(['(', '{']) && type_.split('[').skip(1).all(is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_or_may_nest_is_not_shared() {
        assert!(is_shared(0, "struct { int a; }"));
        assert!(is_shared(1, "@A(b) int"));
        assert!(!is_shared(1, "struct { int a; }"));
        assert!(!is_shared(100, &"a".repeat(100)));
    }

    #[test]
    fn types_with_expressions_are_not_plain() {
        for (text, expected) in [("A<B[], c.D[, ]>", true), ("decltype(a)", false), ("A[b is C d]", false), ("struct { }", false)] {
            assert_eq!(is_plain(text), expected, "{text}");
        }
    }
}
