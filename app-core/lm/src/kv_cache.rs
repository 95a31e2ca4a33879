//! Keys and values of the tokens seen, in single precision, halves or bytes.
//!
//! In the flow: owned by a `Session`, filled and read by the transformer; its first positions can be written to a file and
//! read back (`prefix`).
//!
//! One head's vectors lie side by side. Memory the window has not reached yet is never touched, so the system does not give it
//! out before it is needed. Layers that see the latest positions only keep a ring: what they see, a batch, and [`REWIND`]
//! positions, by which the cache may go back without losing anything. Going back further empties it
//! ([`KvCache::truncate`]).

use reme_lm_kernels::{Ring, f16_to_f32, f32_to_f16};

use crate::config::Config;
use crate::options::CacheForm;
use crate::prompt::PREFILL_TOKENS;

/// Positions that a ring keeps beside those its layer sees: an answer of usual length may be taken back.
const REWIND: usize = 256;
/// Positions that are unpacked at once, where they are not kept as floats; rings hold whole pieces of so many.
pub(crate) const UNPACKED: usize = 64;

/// Vectors of one kind.
#[derive(Debug)]
enum Vectors {
    Single(Vec<f32>),
    Half(Vec<u16>),
    /// int8 by the largest value of each vector, with its scale.
    Byte(Vec<i8>, Vec<f32>),
}

impl Vectors {
    fn new(form: CacheForm, vectors: usize, head_len: usize) -> Self {
        match form {
            CacheForm::Single => Self::Single(vec![0.0; vectors * head_len]),
            CacheForm::Half => Self::Half(vec![0; vectors * head_len]),
            CacheForm::Byte => Self::Byte(vec![0; vectors * head_len], vec![0.0; vectors]),
        }
    }

    fn put(&mut self, at: usize, vector: &[f32]) {
        let range = at * vector.len()..(at + 1) * vector.len();
        match self {
            Self::Single(all) => all[range].copy_from_slice(vector),
            Self::Half(all) => all[range].iter_mut().zip(vector).for_each(|(to, value)| *to = f32_to_f16(*value)),
            Self::Byte(all, scales) => {
                let largest = vector.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
                let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
                scales[at] = largest / 127.0;
                for (to, value) in all[range].iter_mut().zip(vector) {
                    *to = (value * inverse).round_ties_even() as i8;
                }
            }
        }
    }

    /// `count` vectors from `at` on; where they are not kept as floats they are unpacked into `scratch`.
    fn get<'a>(&'a self, at: usize, count: usize, head_len: usize, scratch: &'a mut [f32]) -> &'a [f32] {
        let range = at * head_len..(at + count) * head_len;
        let scratch = match self {
            Self::Single(all) => return &all[range],
            _ => &mut scratch[..count * head_len],
        };
        match self {
            Self::Single(_) => {}
            Self::Half(all) => {
                scratch.iter_mut().zip(&all[range]).for_each(|(to, half)| *to = f16_to_f32(*half));
            }
            Self::Byte(all, scales) => {
                let vectors = scratch.chunks_exact_mut(head_len).zip(all[range].chunks_exact(head_len));
                for ((to, from), scale) in vectors.zip(&scales[at..]) {
                    to.iter_mut().zip(from).for_each(|(to, quant)| *to = f32::from(*quant) * scale);
                }
            }
        }
        scratch
    }

    /// Bytes of `count` vectors from `at` on, appended to `out`.
    fn write(&self, at: usize, count: usize, head_len: usize, out: &mut Vec<u8>) {
        let range = at * head_len..(at + count) * head_len;
        match self {
            Self::Single(all) => all[range].iter().for_each(|value| out.extend(value.to_le_bytes())),
            Self::Half(all) => all[range].iter().for_each(|half| out.extend(half.to_le_bytes())),
            Self::Byte(all, scales) => {
                out.extend(all[range].iter().map(|quant| *quant as u8));
                scales[at..at + count].iter().for_each(|scale| out.extend(scale.to_le_bytes()));
            }
        }
    }

    /// What [`Vectors::write`] wrote; `from` has as many bytes.
    fn read(&mut self, at: usize, count: usize, head_len: usize, from: &[u8]) {
        let range = at * head_len..(at + count) * head_len;
        let singles = |to: &mut [f32], from: &[u8]| {
            to.iter_mut().zip(from.as_chunks::<4>().0).for_each(|(to, bytes)| *to = f32::from_le_bytes(*bytes));
        };
        match self {
            Self::Single(all) => singles(&mut all[range], from),
            Self::Half(all) => {
                let halves = from.as_chunks::<2>().0;
                all[range].iter_mut().zip(halves).for_each(|(to, bytes)| *to = u16::from_le_bytes(*bytes));
            }
            Self::Byte(all, scales) => {
                let (quants, rest) = from.split_at(range.len());
                all[range].iter_mut().zip(quants).for_each(|(to, byte)| *to = *byte as i8);
                singles(&mut scales[at..at + count], rest);
            }
        }
    }
}

/// Bytes of one vector in a form.
fn vector_bytes(form: CacheForm, head_len: usize) -> usize {
    match form {
        CacheForm::Single => head_len * 4,
        CacheForm::Half => head_len * 2,
        CacheForm::Byte => head_len + 4,
    }
}

/// Layers whose vectors lie alike, [layers · kv_heads, places].
#[derive(Debug)]
struct Region {
    keys: Vectors,
    values: Vectors,
    /// Of one head; behind the last comes the first again.
    places: usize,
}

impl Region {
    /// Where a vector lies.
    fn at(&self, head: usize, position: usize) -> usize {
        head * self.places + position % self.places
    }
}

/// Places for one head of a layer that sees everything, or so many positions.
fn places(window: usize, seen: Option<usize>) -> usize {
    let ring = |seen: usize| (seen - 1 + PREFILL_TOKENS + REWIND).next_multiple_of(UNPACKED);
    seen.map_or(window, |seen| window.min(ring(seen)))
}

/// Keys and values per layer.
#[derive(Debug)]
pub(crate) struct KvCache {
    /// Layers that see everything, and those that see the latest positions.
    regions: [Region; 2],
    /// Of each layer: its region and its place there.
    layers: Vec<(usize, usize)>,
    /// Positions that the layers of the second region see.
    seen: usize,
    form: CacheForm,
    kv_heads: usize,
    window: usize,
    head_len: usize,
    len: usize,
    /// The oldest position that the second region still holds.
    oldest: usize,
}

/// One head of one layer.
#[derive(Clone, Copy)]
pub(crate) struct HeadOf<'a> {
    region: &'a Region,
    head: usize,
    head_len: usize,
}

impl<'a> HeadOf<'a> {
    /// Keys and values from `position` on, where they are kept as floats.
    pub(crate) fn in_place(&self, position: usize) -> Option<[Ring<'a>; 2]> {
        let Region { keys: Vectors::Single(keys), values: Vectors::Single(values), places } = self.region else {
            return None;
        };
        let len = places * self.head_len;
        let ring = |all: &'a [f32]| Ring { values: &all[self.head * len..][..len], first: position % places };
        Some([ring(keys), ring(values)])
    }

    /// How many of `count` positions from `position` on are unpacked at once. They lie side by side.
    pub(crate) fn piece(position: usize, count: usize) -> usize {
        count.min(UNPACKED - position % UNPACKED)
    }

    /// Keys of positions that lie side by side; `scratch` holds as many floats.
    pub(crate) fn keys<'s>(&'s self, position: usize, count: usize, scratch: &'s mut [f32]) -> &'s [f32] {
        self.region.keys.get(self.region.at(self.head, position), count, self.head_len, scratch)
    }

    /// Values, as [`HeadOf::keys`].
    pub(crate) fn values<'s>(&'s self, position: usize, count: usize, scratch: &'s mut [f32]) -> &'s [f32] {
        self.region.values.get(self.region.at(self.head, position), count, self.head_len, scratch)
    }
}

impl KvCache {
    pub(crate) fn new(config: &Config, window: usize, form: CacheForm) -> Self {
        let seen = (0..config.layers).find_map(|layer| config.positions_seen(layer));
        Self::with_places(config, window, form, [None, seen].map(|seen| places(window, seen)))
    }

    pub(crate) fn with_places(config: &Config, window: usize, form: CacheForm, places: [usize; 2]) -> Self {
        let mut counts = [0, 0];
        let place = |layer| {
            let region = usize::from(config.positions_seen(layer).is_some());
            counts[region] += 1;
            (region, counts[region] - 1)
        };
        let layers: Vec<_> = (0..config.layers).map(place).collect();
        let region = |index: usize| {
            let heads = counts[index] * config.kv_heads;
            let of = || Vectors::new(form, heads * places[index], config.head_len);
            Region { keys: of(), values: of(), places: places[index] }
        };
        Self {
            regions: [0, 1].map(region),
            layers,
            seen: (0..config.layers).find_map(|layer| config.positions_seen(layer)).unwrap_or(0),
            form,
            kv_heads: config.kv_heads,
            window,
            head_len: config.head_len,
            len: 0,
            oldest: 0,
        }
    }

    /// Bytes of a full one.
    pub(crate) fn size_bytes(config: &Config, window: usize, form: CacheForm) -> u64 {
        let of = |layer| places(window, config.positions_seen(layer)) as u64;
        let places: u64 = (0..config.layers).map(of).sum();
        2 * places * config.kv_heads as u64 * vector_bytes(form, config.head_len) as u64
    }

    /// Positions held.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Positions there is room for.
    pub(crate) fn window(&self) -> usize {
        self.window
    }

    /// How vectors are kept.
    pub(crate) fn form(&self) -> CacheForm {
        self.form
    }

    /// Forgets everything from position `len` on, and all of it where a ring no longer holds what its layers would see then;
    /// returns how many positions are left.
    pub(crate) fn truncate(&mut self, len: usize) -> usize {
        if len < self.len {
            let is_held = (len + 1).saturating_sub(self.seen) >= self.oldest;
            self.len = if is_held { len } else { 0 };
        }
        if self.len == 0 {
            self.oldest = 0;
        }
        self.len
    }

    /// Counts `tokens` more positions, whose keys and values every layer has stored.
    pub(crate) fn grow(&mut self, tokens: usize) {
        self.len += tokens;
    }

    /// Stores keys and values [tokens, kv_heads · head_len] of one layer behind what is held; a batch of prefill at most.
    pub(crate) fn store(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let width = self.kv_heads * self.head_len;
        let (index, place) = self.layers[layer];
        if index == 1 {
            let end = self.len + keys.len() / width;
            self.oldest = self.oldest.max(end.saturating_sub(self.regions[1].places));
        }
        let region = &mut self.regions[index];
        for (token, (key, value)) in keys.chunks_exact(width).zip(values.chunks_exact(width)).enumerate() {
            for head in 0..self.kv_heads {
                let at = region.at(place * self.kv_heads + head, self.len + token);
                let part = head * self.head_len..(head + 1) * self.head_len;
                region.keys.put(at, &key[part.clone()]);
                region.values.put(at, &value[part]);
            }
        }
    }

    /// One head of one layer.
    pub(crate) fn head(&self, layer: usize, head: usize) -> HeadOf<'_> {
        let (region, place) = self.layers[layer];
        HeadOf { region: &self.regions[region], head: place * self.kv_heads + head, head_len: self.head_len }
    }

    /// Which of the first `len` positions are kept on disk: of a ring what its layers see from there on.
    fn kept_of(&self, region: usize, len: usize) -> std::ops::Range<usize> {
        if region == 0 { 0..len } else { len.saturating_sub(self.seen)..len }
    }

    /// The first `len` positions of all heads as bytes; of layers that see the latest ones only, those they see.
    pub(crate) fn first_positions(&self, len: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.prefix_bytes(len));
        for (index, place) in &self.layers {
            let region = &self.regions[*index];
            for head in 0..self.kv_heads {
                for vectors in [&region.keys, &region.values] {
                    for (position, count) in pieces(self.kept_of(*index, len)) {
                        let at = region.at(place * self.kv_heads + head, position);
                        vectors.write(at, count, self.head_len, &mut out);
                    }
                }
            }
        }
        out
    }

    /// Bytes of [`KvCache::first_positions`].
    pub(crate) fn prefix_bytes(&self, len: usize) -> usize {
        let positions: usize = self.layers.iter().map(|(region, _)| self.kept_of(*region, len).len()).sum();
        2 * positions * self.kv_heads * vector_bytes(self.form, self.head_len)
    }

    /// Holds exactly `len` positions that [`KvCache::first_positions`] wrote; `bytes` has [`KvCache::prefix_bytes`].
    pub(crate) fn restore(&mut self, len: usize, mut bytes: &[u8]) {
        for (index, place) in self.layers.clone() {
            let kept = self.kept_of(index, len);
            let region = &mut self.regions[index];
            for head in 0..self.kv_heads {
                for kind in 0..2 {
                    for (position, count) in pieces(kept.clone()) {
                        let at = region.at(place * self.kv_heads + head, position);
                        let (part, rest) = bytes.split_at(count * vector_bytes(self.form, self.head_len));
                        let vectors = if kind == 0 { &mut region.keys } else { &mut region.values };
                        vectors.read(at, count, self.head_len, part);
                        bytes = rest;
                    }
                }
            }
        }
        (self.len, self.oldest) = (len, self.kept_of(1, len).start);
    }
}

/// Pieces of positions that lie side by side: where each begins and how many it has.
fn pieces(positions: std::ops::Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    let mut at = positions.start;
    std::iter::from_fn(move || {
        let count = HeadOf::piece(at, positions.end - at);
        at += count;
        (count > 0).then_some((at - count, count))
    })
}

#[cfg(test)]
#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "../tests/support/gguf.rs"]
mod gguf;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{ChatMessage, GenerateOptions, LoadOptions, Model, Session};

    /// The small gemma3, whose local blocks see eight positions, with a window of five rings.
    fn gemma(form: CacheForm) -> Model {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/gemma3/model.gguf");
        let part = gguf::Gguf::read(&std::fs::read(file).expect("the model"));
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let long = part.with("gemma3.context_length", Some(gguf::Value::U32(2048)));
        std::fs::write(file.path(), long.bytes()).expect("written");
        Model::open(file.path(), &LoadOptions { cache: form, ..LoadOptions::default() }).expect("it opens")
    }

    /// A session whose local blocks keep everything.
    fn with_all(model: &Model) -> Session {
        let mut session = model.session();
        let (config, form) = (&session.model.config, session.model.cache);
        session.state.cache = KvCache::with_places(config, 2048, form, [2048; 2]);
        session
    }

    fn tokens(count: usize, seed: usize) -> Vec<u32> {
        (0..count).map(|i| ((i * 131 + i / 7 * 17 + seed) % 400 + 10) as u32).collect()
    }

    fn fed(session: &mut Session, tokens: &[u32]) -> Vec<u32> {
        session.feed(tokens).expect("it runs").iter().map(|logit| logit.to_bits()).collect()
    }

    const FORMS: [CacheForm; 3] = [CacheForm::Single, CacheForm::Half, CacheForm::Byte];

    #[test]
    fn a_ring_gives_the_logits_of_the_whole_cache_around_its_seam_and_after_going_back() {
        for form in FORMS {
            let model = gemma(form);
            let (mut ring, mut whole) = (model.session(), with_all(&model));
            assert_eq!(ring.state.cache.regions[1].places, 384);
            for (step, count) in [300, 64, 1, 1, 30, 1, 200, 1].into_iter().enumerate() {
                let tokens = tokens(count, step);
                assert_eq!(fed(&mut ring, &tokens), fed(&mut whole, &tokens), "{form:?} {step}");
            }
            for back in [1, 100, 200] {
                let len = ring.cached.len() - back;
                assert_eq!((ring.rewind(len), whole.rewind(len)), (len, len));
                let tokens = tokens(70, back);
                assert_eq!(fed(&mut ring, &tokens), fed(&mut whole, &tokens), "{form:?} {back}");
            }
            // What was written over is not made up.
            assert_eq!((ring.rewind(150), ring.cached.len(), whole.rewind(150)), (0, 0, 150));
            let tokens = tokens(40, 5);
            assert_eq!(fed(&mut ring, &tokens), fed(&mut model.session(), &tokens), "{form:?}");
        }
    }

    #[test]
    fn what_a_ring_no_longer_holds_is_read_again() {
        let model = gemma(CacheForm::Single);
        let messages = [ChatMessage::user("tell me of the garden ".repeat(20))];
        let choices = ["the garden ".repeat(180), "a".to_owned(), "b".to_owned()];
        let options = GenerateOptions::default();
        let scores = |session: &mut Session| session.choose(&messages, &choices, &options).expect("it runs");
        let mut ring = model.session();
        let lost = model.tokenize(&choices[0]).len();
        assert!(lost > REWIND + PREFILL_TOKENS, "{lost}");
        assert_eq!(scores(&mut ring), scores(&mut with_all(&model)));
    }

    #[test]
    fn a_saved_start_keeps_of_a_ring_what_its_blocks_see() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for form in FORMS {
            let model = gemma(form);
            let start = [ChatMessage::user("tell me of the garden ".repeat(40))];
            let [short, long] = ["ring", "whole"].map(|name| folder.path().join(name));
            let count = model.session().save_prefix(&start, &short).expect("saved");
            assert!(count > 384, "{count}");
            assert_eq!(with_all(&model).save_prefix(&start, &long).expect("saved"), count);
            let size = |path| std::fs::metadata(path).expect("it is there").len();
            assert_eq!(size(&short), size(&long));
            let mut loaded = model.session();
            assert_eq!(loaded.load_prefix(&short).expect("loaded"), count);
            // One position may be taken back, which a prompt that is the start itself needs; more are not there.
            assert_eq!(loaded.rewind(count - 1), count - 1);
            let mut whole = with_all(&model);
            fed(&mut whole, &loaded.cached.clone());
            let tokens = tokens(100, 3);
            assert_eq!(fed(&mut loaded, &tokens[..1]), fed(&mut whole, &tokens[..1]), "{form:?}");
            assert_eq!(fed(&mut loaded, &tokens[1..]), fed(&mut whole, &tokens[1..]), "{form:?}");
            loaded.load_prefix(&long).expect("loaded");
            assert_eq!(loaded.rewind(count - 2), 0);
        }
    }

    #[test]
    fn memory_is_counted_with_rings() {
        let model = gemma(CacheForm::Half);
        let session = model.session();
        let config = &session.model.config;
        let local = (0..config.layers).filter(|layer| config.positions_seen(*layer).is_some()).count();
        assert!((1..config.layers).contains(&local));
        let places = 384 * local + 2048 * (config.layers - local);
        let bytes = 2 * places * config.kv_heads * config.head_len * 2;
        assert_eq!(KvCache::size_bytes(config, 2048, CacheForm::Half), bytes as u64);
        let held = |region: &Region| match &region.keys {
            Vectors::Half(all) => all.len() * 2 * 2,
            _ => 0,
        };
        assert_eq!(session.state.cache.regions.iter().map(held).sum::<usize>(), bytes);
    }
}
