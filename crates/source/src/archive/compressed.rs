//! One compressed file: gzip, bzip2, xz, zstd. What is compressed is often a tar archive.

use std::{
    io::{self, BufRead, BufReader, Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use bartizan_core::ArtifactPath;
use ruzstd::decoding::{
    BlockDecodingStrategy, FrameDecoder,
    errors::{FrameDecoderError, ReadFrameHeaderError},
};

use super::{HEAD_BYTES, Kind, Opening, Source, fill_kept, kind::Compression, recognize};

impl Opening<'_, '_> {
    /// Shows what is compressed: as the archive's only entry, or the entries of the tar archive that it is.
    pub(super) fn compressed(&mut self, compression: Compression, path: &ArtifactPath, source: &mut Source<'_>, depth: usize) {
        let budget = self.budget;
        let decoder = decoder(compression, BufReader::new(source), self.reading.limits.max_decoder_bytes);
        let mut reader = budget.metered(decoder);
        let (mut head, mut n_read) = (Vec::new(), 0);
        let problem = fill_kept(&mut reader, &mut head, &mut n_read, HEAD_BYTES).err();
        head.truncate(n_read);
        if let (Some(problem), 0) = (&problem, n_read) {
            self.broken(path, path, problem);
            return;
        }
        let is_tar = recognize(&head) == Some(Kind::Tar);
        // What could be read of a broken file is looked at; then the problem is met again.
        let rest: Box<dyn Read + '_> = match problem {
            Some(problem) => Box::new(Failed { problem: Some(problem) }),
            None => Box::new(reader),
        };
        let mut whole = Cursor::new(head).chain(rest);
        if is_tar {
            return self.archive(Kind::Tar, path, &mut Source::Stream(&mut whole), depth + 1);
        }
        let name = unpacked_name(path.file_name());
        // How large it is when unpacked, only unpacking tells: at least this.
        let _ = self.entry(path, &name, u64::try_from(n_read).unwrap_or(u64::MAX), &mut whole, depth);
    }
}

/// A decoder for compressed bytes. What it does with broken ones is an error, never a panic.
pub(crate) fn decoder<'r>(compression: Compression, source: impl BufRead + 'r, max_decoder_bytes: u64) -> Box<dyn Read + 'r> {
    match compression {
        Compression::Gzip => Box::new(flate2::bufread::MultiGzDecoder::new(source)),
        Compression::Bzip2 => Box::new(Caught::new(bzip2::bufread::MultiBzDecoder::new(source))),
        Compression::Xz => {
            let max_kib = u32::try_from(max_decoder_bytes >> 10).unwrap_or(u32::MAX);
            Box::new(Caught::new(lzma_rust2::XzReader::new_mem_limit(source, true, max_kib)))
        }
        Compression::Zstd => Box::new(Caught::new(Frames::new(source, max_decoder_bytes))),
    }
}

/// A name without the ending that says how it is compressed.
fn unpacked_name(name: &[u8]) -> Vec<u8> {
    const ENDINGS: &[(&str, &str)] = &[
        (".gz", ""),
        (".bz2", ""),
        (".xz", ""),
        (".zst", ""),
        (".tgz", ".tar"),
        (".tbz2", ".tar"),
        (".txz", ".tar"),
        (".tzst", ".tar"),
        (".svgz", ".svg"),
    ];
    let unpacked = ENDINGS.iter().find_map(|(ending, replacement)| {
        let stem = name.len().checked_sub(ending.len()).and_then(|length| name.split_at_checked(length))?;
        (!stem.0.is_empty() && stem.1.eq_ignore_ascii_case(ending.as_bytes())).then(|| [stem.0, replacement.as_bytes()].concat())
    });
    unpacked.unwrap_or_else(|| name.to_vec())
}

/// A decoder whose panics are errors. After one, nothing more is read from it.
struct Caught<R> {
    inner: Option<R>,
}

impl<R: Read> Caught<R> {
    const fn new(inner: R) -> Self {
        Self { inner: Some(inner) }
    }
}

impl<R: Read> Read for Caught<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(mut inner) = self.inner.take() else { return Err(io::Error::other("decoder failed")) };
        let result = catch_unwind(AssertUnwindSafe(|| {
            let result = inner.read(buffer);
            (inner, result)
        }));
        let Ok((inner, result)) = result else { return Err(io::Error::other("decoder failed")) };
        if result.is_ok() {
            self.inner = Some(inner);
        }
        result
    }
}

/// A reader that fails.
struct Failed {
    problem: Option<io::Error>,
}

impl Read for Failed {
    fn read(&mut self, _buffer: &mut [u8]) -> io::Result<usize> {
        Err(self.problem.take().unwrap_or_else(|| io::Error::other("decoder failed")))
    }
}

/// The frames of a zstd file, one after the other. RFC 8878, section 3.1.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    is_within: bool,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R, max_window_bytes: u64) -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(max_window_bytes);
        Self { source, decoder, is_within: false }
    }

    /// Starts the next frame; `false` at the end of the file.
    fn start(&mut self) -> io::Result<bool> {
        loop {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    io::copy(&mut self.source.by_ref().take(u64::from(length)), &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::other(error)),
            }
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_within {
                self.is_within = self.start()?;
                if !self.is_within {
                    return Ok(0);
                }
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1)).map_err(io::Error::other)?;
            }
            let n_read = self.decoder.read(buffer)?;
            if 0 < n_read {
                return Ok(n_read);
            }
            self.is_within = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_the_compression_is_no_part_of_the_name() {
        for (name, expected) in [("dump.sql.gz", "dump.sql"), ("a.TGZ", "a.tar"), ("core", "core"), (".gz", ".gz"), ("x.zst", "x")] {
            assert_eq!(unpacked_name(name.as_bytes()), expected.as_bytes());
        }
    }
}
