//! Lines said before, kept in memory alone: "Well done", "Let us go on", a question that is repeated.
//!
//! Lines hold private words, so nothing is written to a disk, and a key is a hash no word can be read from.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    ops::ControlFlow,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Line, SpeakError, Speech, Stop, line::Take};
use crate::audio::{Audio, SampleRate};

/// A voice that remembers what it said lately, up to a number of bytes.
pub struct Cached<S> {
    inner: S,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    bytes_at_most: usize,
    bytes: usize,
    /// Counts uses; the line with the smallest `used` has been silent longest.
    uses: u64,
    lines: HashMap<u64, Entry>,
}

struct Entry {
    pieces: Vec<Audio>,
    bytes: usize,
    used: u64,
}

impl<S: Speech> Cached<S> {
    /// Keeps at most `bytes_at_most` of sound (4 bytes a sample; a minute is 5.8 MB).
    pub fn new(inner: S, bytes_at_most: usize) -> Self {
        Self { inner, kept: Mutex::new(Kept { bytes_at_most, ..Kept::default() }) }
    }

    /// Bytes of sound kept now.
    pub fn kept_bytes(&self) -> usize {
        self.kept().bytes
    }

    /// Forgets every line: when another patient sits down.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.lines.clear();
        kept.bytes = 0;
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn find(&mut self, key: u64) -> Option<Vec<Audio>> {
        self.uses += 1;
        let uses = self.uses;
        let entry = self.lines.get_mut(&key)?;
        entry.used = uses;
        Some(entry.pieces.clone())
    }

    fn keep(&mut self, key: u64, pieces: Vec<Audio>) {
        let bytes = pieces.iter().map(|piece| size_of_val(piece.samples())).sum();
        if bytes > self.bytes_at_most {
            return;
        }
        self.uses += 1;
        if let Some(old) = self.lines.insert(key, Entry { pieces, bytes, used: self.uses }) {
            self.bytes -= old.bytes;
        }
        self.bytes += bytes;
        while self.bytes > self.bytes_at_most {
            let Some(oldest) = self.lines.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| *key) else {
                return;
            };
            if let Some(entry) = self.lines.remove(&oldest) {
                self.bytes -= entry.bytes;
            }
        }
    }
}

fn key(line: &Line) -> u64 {
    let mut hasher = DefaultHasher::new();
    (line.language, &line.text, &line.voice, line.delivery, line.rate.value().to_bits()).hash(&mut hasher);
    hasher.finish()
}

impl<S: Speech> Speech for Cached<S> {
    fn sample_rate(&self) -> SampleRate {
        self.inner.sample_rate()
    }

    fn synthesise(&self, line: &Line, stop: &Stop, take: &mut Take<'_>) -> Result<(), SpeakError> {
        let key = key(line);
        let known = self.kept().find(key);
        if let Some(pieces) = known {
            let _ = pieces
                .into_iter()
                .try_for_each(|piece| if stop.is_asked() { ControlFlow::Break(()) } else { take(piece) });
            return Ok(());
        }
        let mut pieces = Vec::new();
        let mut is_whole = true;
        self.inner.synthesise(line, stop, &mut |piece| {
            pieces.push(piece.clone());
            let flow = take(piece);
            is_whole &= flow.is_continue();
            flow
        })?;
        // A line broken off would come out broken off the next time.
        if is_whole && !stop.is_asked() {
            self.kept().keep(key, pieces);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use reme_types::Language;

    use super::*;
    use crate::speaking::{Rate, synthesise_whole};

    /// As many samples as the line has characters; counts how often it works.
    #[derive(Default)]
    struct Counting(AtomicUsize);

    impl Speech for Counting {
        fn synthesise(&self, line: &Line, _stop: &Stop, take: &mut Take<'_>) -> Result<(), SpeakError> {
            self.0.fetch_add(1, Ordering::Relaxed);
            let _ = take(Audio::new(vec![0.1; line.text.len()], SampleRate::SPEAKING));
            Ok(())
        }
    }

    fn say(voice: &Cached<Counting>, text: &str) -> usize {
        synthesise_whole(voice, &Line::new(Language::En, text), &Stop::default()).unwrap();
        voice.inner.0.load(Ordering::Relaxed)
    }

    #[test]
    fn a_line_said_twice_is_made_once_and_the_longest_silent_goes_first() {
        let voice = Cached::new(Counting::default(), 40);
        assert_eq!([say(&voice, "aaaa"), say(&voice, "bbbb"), say(&voice, "aaaa")], [1, 2, 2]);
        // 16 + 16 bytes are kept; 16 more push out "bbbb", which was used before "aaaa".
        assert_eq!([say(&voice, "cccc"), say(&voice, "aaaa"), say(&voice, "bbbb")], [3, 3, 4]);
        assert_eq!(voice.kept_bytes(), 32);
        assert_eq!(say(&voice, "far too long to be kept"), 5);
        assert_eq!(voice.kept_bytes(), 32);
        voice.forget();
        assert_eq!((voice.kept_bytes(), say(&voice, "bbbb")), (0, 6));
    }

    #[test]
    fn another_rate_is_another_line_and_a_broken_off_line_is_not_kept() {
        let voice = Cached::new(Counting::default(), 1_000);
        say(&voice, "line");
        let slow = Line { rate: Rate::nearest(0.8), ..Line::new(Language::En, "line") };
        synthesise_whole(&voice, &slow, &Stop::default()).unwrap();
        assert_eq!(voice.inner.0.load(Ordering::Relaxed), 2);
        voice.forget();
        voice.synthesise(&slow, &Stop::default(), &mut |_| ControlFlow::Break(())).unwrap();
        assert_eq!(voice.kept_bytes(), 0);
    }
}
