//! Documents of any size are read as a stream.

use std::io::{self, BufReader, Read};

use bartizan_formats::sbom;

/// A document that is made while it is read: nobody holds it as a whole.
struct Endless {
    n_left: usize,
    piece: Vec<u8>,
    at: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() {
            if self.n_left == 0 {
                return Ok(0);
            }
            self.n_left -= 1;
            self.at = 0;
            self.piece = match self.n_left {
                0 => b"{\"type\": \"file\", \"name\": \"z\"}]}".to_vec(),
                // What nobody asks for is most of a document.
                number => {
                    format!("{{\"type\": \"file\", \"name\": \"{number}\", \"description\": \"{}\"}},", "x".repeat(4096)).into_bytes()
                }
            };
        }
        let n_read = buffer.len().min(self.piece.len() - self.at);
        buffer[..n_read].copy_from_slice(&self.piece[self.at..self.at + n_read]);
        self.at += n_read;
        Ok(n_read)
    }
}

#[test]
fn what_is_not_kept_costs_no_memory() {
    let start = b"{\"bomFormat\": \"CycloneDX\", \"components\": [".to_vec();
    let document = Endless { n_left: 4_000, piece: start, at: 0 };
    let parsed = sbom::read(&mut BufReader::new(document)).unwrap();
    assert_eq!(parsed.problems[0].message, "4000 elements are no software, and left out");
}
