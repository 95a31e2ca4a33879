//! SentencePiece's normalisation: compatibility forms by the model's own table (a double array and its replacements), spaces as
//! `▁`, no space at the ends or twice.

use yada::DoubleArray;

/// What a space becomes.
const SPACE: &str = "\u{2581}";

/// The table of replacements of one model.
pub(crate) struct Normalizer {
    /// Sequence of bytes → where its replacement begins. `None` where the model has no table.
    keys: Option<DoubleArray<Vec<u8>>>,
    /// Replacements, each ended by a zero.
    replacements: Vec<u8>,
}

impl Normalizer {
    /// Reads the model's `precompiled_charsmap`: the size of the double array, the array, the replacements.
    pub(crate) fn read(charsmap: &[u8]) -> Option<Self> {
        if charsmap.is_empty() {
            return Some(Self { keys: None, replacements: Vec::new() });
        }
        let (size, rest) = charsmap.split_first_chunk::<4>()?;
        let (keys, replacements) = rest.split_at_checked(u32::from_le_bytes(*size) as usize)?;
        let keys = DoubleArray::new(keys.to_vec()).ok()?;
        Some(Self { keys: Some(keys), replacements: replacements.to_vec() })
    }

    /// What the longest known sequence at the start of `rest` becomes, and how many bytes it has; a single character stays.
    fn step<'a>(&'a self, rest: &'a str) -> (&'a str, usize) {
        let longest = self.keys.as_ref().and_then(|keys| keys.common_prefix_search(rest.as_bytes()).last());
        let replaced = longest.and_then(|(from, length)| {
            let tail = self.replacements.get(from as usize..)?;
            let end = tail.iter().position(|b| *b == 0)?;
            Some((std::str::from_utf8(&tail[..end]).ok()?, length))
        });
        replaced.unwrap_or_else(|| {
            let length = rest.chars().next().map_or(0, char::len_utf8);
            (&rest[..length], length)
        })
    }

    /// The text as the pieces were cut from it; empty when there is nothing but space.
    pub(crate) fn normalize(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 8);
        let mut after_space = true;
        // The double array ends its keys with a zero.
        let without_zero = text.replace('\0', " ");
        let mut rest = without_zero.as_str();
        while !rest.is_empty() {
            let (said, length) = self.step(rest);
            // A sequence may end inside a character only in a broken table.
            let Some(next) = rest.get(length..) else { break };
            rest = next;
            let said = if after_space { said.trim_start_matches(' ') } else { said };
            if said.is_empty() {
                continue;
            }
            if out.is_empty() {
                out.push_str(SPACE);
            }
            for part in said.split_inclusive(' ') {
                out.push_str(part.trim_end_matches(' '));
                if part.ends_with(' ') {
                    out.push_str(SPACE);
                }
            }
            after_space = said.ends_with(' ');
        }
        let kept = out.trim_end_matches(SPACE).len();
        out.truncate(kept);
        out
    }
}
