//! A reader that counts lines, and gives them one by one without trusting their length.

use std::io::{BufRead, Read, Result};

/// Longest line or element, bytes. Raw motion of a minute at 100 Hz is some 300 kB.
pub(super) const LONGEST_BYTES: usize = 4 * 1024 * 1024;

/// Counts the lines that were consumed.
pub(super) struct Lines<R> {
    inner: R,
    line: u64,
}

/// A line as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Its text, without line end and without a byte order mark.
    Text(&'a str),
    /// It is not UTF-8.
    NotUtf8,
    /// It was longer than [`LONGEST_BYTES`] and was skipped.
    TooLong,
}

impl<R: BufRead> Lines<R> {
    pub(super) const fn new(inner: R) -> Self {
        Self { inner, line: 1 }
    }

    /// The line that is being read, from 1.
    pub(super) const fn line(&self) -> u64 {
        self.line
    }

    /// The next line and its number, read into `buffer`; `None` at the end.
    pub(super) fn next<'a>(&mut self, buffer: &'a mut Vec<u8>) -> Result<Option<(u64, Line<'a>)>> {
        buffer.clear();
        let number = self.line;
        let (mut any, mut too_long) = (false, false);
        loop {
            let available = self.fill_buf()?;
            if available.is_empty() {
                break;
            }
            any = true;
            let end = available.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(available.len(), |at| at + 1);
            too_long |= buffer.len() + taken > LONGEST_BYTES;
            if !too_long {
                buffer.extend_from_slice(&available[..taken]);
            }
            self.consume(taken);
            if end.is_some() {
                break;
            }
        }
        if !any {
            return Ok(None);
        }
        if too_long {
            return Ok(Some((number, Line::TooLong)));
        }
        let text = std::str::from_utf8(buffer);
        let line = text.map_or(Line::NotUtf8, |text| {
            let text = text.trim_end_matches(['\n', '\r']);
            Line::Text(if number == 1 { text.trim_start_matches('\u{feff}') } else { text })
        });
        Ok(Some((number, line)))
    }
}

impl<R: BufRead> Read for Lines<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let available = self.fill_buf()?;
        let taken = available.len().min(out.len());
        out[..taken].copy_from_slice(&available[..taken]);
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: BufRead> BufRead for Lines<R> {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        loop {
            // Asked twice, because the borrow of an answer would last through the other arm.
            match self.inner.fill_buf() {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(_) => return self.inner.fill_buf(),
            }
        }
    }

    fn consume(&mut self, amount: usize) {
        // What is buffered is given again without reading.
        if let Ok(buffered) = self.inner.fill_buf() {
            let consumed = &buffered[..amount.min(buffered.len())];
            self.line += consumed.iter().filter(|byte| **byte == b'\n').count() as u64;
        }
        self.inner.consume(amount);
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_BYTES, Line, Lines};

    #[test]
    fn lines_are_numbered_and_bad_ones_named_and_passed() {
        let mut bytes = b"\xef\xbb\xbfone\r\n\xff\xfe\n".to_vec();
        bytes.extend(std::iter::repeat_n(b'x', LONGEST_BYTES + 1));
        bytes.extend(b"\nlast");
        let (mut lines, mut buffer) = (Lines::new(&bytes[..]), Vec::new());
        assert_eq!(lines.next(&mut buffer).expect("memory"), Some((1, Line::Text("one"))));
        assert_eq!(lines.next(&mut buffer).expect("memory"), Some((2, Line::NotUtf8)));
        assert_eq!(lines.next(&mut buffer).expect("memory"), Some((3, Line::TooLong)));
        assert_eq!(lines.next(&mut buffer).expect("memory"), Some((4, Line::Text("last"))));
        assert_eq!(lines.next(&mut buffer).expect("memory"), None);
    }
}
