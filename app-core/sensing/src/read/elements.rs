//! A JSON document of any size is cut into the objects of its arrays, which are then read one by one.
//!
//! A broken object costs itself: the cutting only follows quotes and brackets. What it must never do: hold more than one object.

use std::io::{BufRead, Result};

use serde_json::Value;

use super::lines::{LONGEST_BYTES, Lines};
use crate::Fault;

/// Is handed the name of the array, the line, and the object or what is wrong with it; says whether to go on.
pub(super) type Take<'a> = dyn FnMut(&str, u64, std::result::Result<Value, Fault>) -> bool + 'a;

/// Calls `take` with the name of the array (empty for a document that is an array), the line the object ends on, and the object
/// or what is wrong with it, for every object that lies in an array at the top or in a field of the top object. `take` says
/// whether to go on. Returns whether the document was closed properly.
pub(super) fn each_object(input: &mut Lines<impl BufRead>, take: &mut Take<'_>) -> Result<bool> {
    let mut cutter = Cutter::default();
    loop {
        let line = input.line();
        let available = input.fill_buf()?;
        if available.is_empty() {
            return Ok(cutter.open.is_empty() && !cutter.in_string);
        }
        let (mut used, mut cut) = (0, None);
        for byte in available {
            used += 1;
            if let Some(bytes) = cutter.push(*byte) {
                cut = Some(bytes);
                break;
            }
        }
        let lines = available[..used].iter().filter(|byte| **byte == b'\n').count() as u64;
        input.consume(used);
        let Some(object) = cut else { continue };
        let value = object.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|_| Fault::NotJson));
        if !take(&cutter.array_name(), line + lines, value) {
            return Ok(true);
        }
    }
}

#[derive(Default)]
struct Cutter {
    /// Brackets that are open.
    open: Vec<u8>,
    in_string: bool,
    escaped: bool,
    /// The last text seen directly in the top object: the name of what follows.
    name: Vec<u8>,
    /// The object being collected and the depth at which it ends.
    object: Option<(usize, Vec<u8>)>,
    too_long: bool,
}

impl Cutter {
    fn array_name(&self) -> String {
        if self.open.first() == Some(&b'[') { String::new() } else { String::from_utf8_lossy(&self.name).into_owned() }
    }

    /// Takes one byte; an object when it is its last.
    fn push(&mut self, byte: u8) -> Option<std::result::Result<Vec<u8>, Fault>> {
        if !self.in_string && byte == b'{' && self.object.is_none() && matches!(self.open[..], [b'['] | [b'{', b'[']) {
            self.object = Some((self.open.len(), Vec::new()));
        }
        if let Some((_, bytes)) = &mut self.object {
            self.too_long |= bytes.len() >= LONGEST_BYTES;
            if !self.too_long {
                bytes.push(byte);
            }
        }
        if self.in_string {
            self.in_text(byte);
            return None;
        }
        match byte {
            b'"' => {
                self.in_string = true;
                if self.open == [b'{'] {
                    self.name.clear();
                }
            }
            // Nobody's export is nested so deeply; what is gets no deeper here.
            b'{' | b'[' if self.open.len() < 512 => self.open.push(byte),
            b'}' | b']' => {
                self.open.pop();
                if self.object.as_ref().is_some_and(|(depth, _)| *depth == self.open.len()) {
                    let (_, bytes) = self.object.take()?;
                    let too_long = std::mem::take(&mut self.too_long);
                    return Some(if too_long { Err(Fault::TooLong) } else { Ok(bytes) });
                }
            }
            _ => {}
        }
        None
    }

    fn in_text(&mut self, byte: u8) {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' => self.escaped = true,
            b'"' => self.in_string = false,
            _ if self.open == [b'{'] && self.name.len() < 64 => self.name.push(byte),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lines, each_object};
    use crate::Fault;

    fn cut(text: &str) -> (Vec<(String, u64, Option<Fault>)>, bool) {
        let mut found = Vec::new();
        let closed = each_object(&mut Lines::new(text.as_bytes()), &mut |name, line, value| {
            found.push((name.to_owned(), line, value.err()));
            true
        });
        (found, closed.expect("memory can be read"))
    }

    #[test]
    fn objects_come_with_the_name_of_their_array_and_a_broken_one_costs_itself() {
        let text = "{\"a\": 1, \"locations\": [\n{\"x\": \"}\\\"{\"},\n{\"y\": oops},\n{\"z\": {\"d\": []}}],\n\"more\": [{}]}";
        let (found, closed) = cut(text);
        assert!(closed);
        let locations = || "locations".to_owned();
        assert_eq!(
            found,
            [
                (locations(), 2, None),
                (locations(), 3, Some(Fault::NotJson)),
                (locations(), 4, None),
                ("more".to_owned(), 5, None)
            ]
        );
    }

    #[test]
    fn a_document_that_is_an_array_has_no_name_and_one_that_is_cut_off_says_so() {
        assert_eq!(cut("[{}, {\"a\": [{}]}]"), (vec![(String::new(), 1, None), (String::new(), 1, None)], true));
        assert_eq!(cut("{\"locations\": [{}, {\"a\""), (vec![("locations".to_owned(), 1, None)], false));
    }
}
