//! Recognizing programs and libraries of machines by their content.

/// Whether a file begins as one of Linux (ELF), Windows (PE) or macOS (Mach-O) does.
pub(crate) fn is_program(head: &[u8]) -> bool {
    match head {
        [0x7f, b'E', b'L', b'F', ..] => true,
        // What follows the program of MS-DOS is at the place that is written here.
        [b'M', b'Z', ..] => 64 <= head.len(),
        [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] | [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => true,
        // For several machines. A class of Java begins so, too: its version, at least 45, stands where the number of machines does.
        [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, n_machines, ..] => (1..45).contains(n_machines),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_program;

    #[test]
    fn programs_of_three_systems_are_told_from_others() {
        assert!(is_program(b"\x7fELF\x02"));
        assert!(is_program(&[b"MZ".as_slice(), &[0; 62]].concat()));
        assert!(is_program(b"\xcf\xfa\xed\xfe"));
        assert!(is_program(b"\xca\xfe\xba\xbe\0\0\0\x02"));
        assert!(!is_program(b"\xca\xfe\xba\xbe\0\0\0\x34"));
        assert!(!is_program(b"MZ is a name"));
        assert!(!is_program(b"#!/bin/sh\n"));
        assert!(!is_program(b""));
    }
}
