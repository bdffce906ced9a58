//! The pieces that gitleaks cuts a file into.
//!
//! It reads 100 kB, then goes on byte by byte through a buffered reader until two line breaks have passed with nothing but
//! white space between them, for at most 25 kB more. What the reader has buffered by then is the next piece as it is: pieces
//! after the first are mostly short. Rules see one piece at a time, so the cuts decide what is found.

/// What one read asks for.
const READ_BYTES: usize = 100_000;
/// What the buffered reader holds.
const BUFFER_BYTES: usize = 4096;
/// How far beyond a read a piece may go.
const MAX_PEEK_BYTES: usize = 25_000;

/// A piece of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fragment<'a> {
    /// Its bytes.
    pub(super) bytes: &'a [u8],
    /// Where it starts in the file.
    pub(super) start: usize,
    /// How many of its bytes came with the first read.
    pub(super) n_read: usize,
}

/// The pieces of a file.
pub(super) struct Fragments<'a> {
    bytes: &'a [u8],
    position: usize,
    /// The reader has taken the file up to here.
    buffered: usize,
}

impl<'a> Fragments<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0, buffered: 0 }
    }

    /// Goes one byte on; whether there was one.
    fn advance(&mut self) -> bool {
        if self.position == self.buffered {
            self.buffered = self.buffered.saturating_add(BUFFER_BYTES).min(self.bytes.len());
        }
        let has_more = self.position < self.buffered;
        self.position += usize::from(has_more);
        has_more
    }

    fn go_to_boundary(&mut self, start: usize) {
        let n_read = self.position - start;
        if ends_in_blank_line(self.bytes.get(start..self.position).unwrap_or_default()) {
            return;
        }
        let mut n_line_feeds = 0;
        while let Some(last) = self.position.checked_sub(1).and_then(|last| self.bytes.get(last)) {
            match last {
                b'\n' => n_line_feeds += 1,
                b' ' | b'\t' | b'\r' => {}
                _ => n_line_feeds = 0,
            }
            if 2 <= n_line_feeds || MAX_PEEK_BYTES <= self.position - start - n_read || !self.advance() {
                return;
            }
        }
    }
}

impl<'a> Iterator for Fragments<'a> {
    type Item = Fragment<'a>;

    fn next(&mut self) -> Option<Fragment<'a>> {
        let start = self.position;
        if self.position == self.buffered {
            // An empty buffer is left aside.
            self.position = self.position.saturating_add(READ_BYTES).min(self.bytes.len());
            self.buffered = self.position;
        } else {
            self.position = self.buffered;
        }
        let n_read = self.position - start;
        if n_read == 0 {
            return None;
        }
        self.go_to_boundary(start);
        let bytes = self.bytes.get(start..self.position)?;
        Some(Fragment { bytes, start, n_read })
    }
}

fn ends_in_blank_line(bytes: &[u8]) -> bool {
    let space = bytes.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    space.filter(|&&byte| byte == b'\n').nth(1).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lengths of the pieces, and what each read of its own.
    #[track_caller]
    fn check(bytes: &[u8], expected: &[(usize, usize)]) {
        let found: Vec<_> = Fragments::new(bytes).map(|fragment| (fragment.bytes.len(), fragment.n_read)).collect();
        assert_eq!(found, expected);
        assert_eq!(Fragments::new(bytes).map(|fragment| fragment.bytes).collect::<Vec<_>>().concat(), bytes);
    }

    #[test]
    fn a_small_file_is_one_piece() {
        check(b"", &[]);
        check(b"a\n\nb", &[(4, 4)]);
    }

    #[test]
    fn a_piece_ends_at_the_next_blank_line() {
        let mut bytes = vec![b'a'; 110_000];
        bytes[100_010..100_013].copy_from_slice(b"\n \n");
        // What is left of the 4096 bytes that were buffered is a piece of its own, and goes on to the end.
        check(&bytes, &[(100_013, 100_000), (9_987, 4_083)]);
    }

    #[test]
    fn a_read_that_ends_in_a_blank_line_is_a_piece() {
        let mut bytes = vec![b'a'; 100_010];
        bytes[99_996..100_000].copy_from_slice(b"\n\t\r\n");
        check(&bytes, &[(100_000, 100_000), (10, 10)]);
    }

    #[test]
    fn without_a_blank_line_a_piece_ends_at_the_limit() {
        // 25,000 bytes are six buffers and 424 bytes of a seventh.
        check(
            &vec![b'a'; 300_000],
            &[
                (125_000, 100_000),
                (28_672, 3_672),
                (28_672, 3_672),
                (28_672, 3_672),
                (28_672, 3_672),
                (28_672, 3_672),
                (28_672, 3_672),
                (2_968, 2_968),
            ],
        );
    }
}
