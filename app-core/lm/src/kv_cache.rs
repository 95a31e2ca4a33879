//! Keys and values of the tokens seen, allocated once for the whole window, in single precision, halves or bytes.
//!
//! In the flow: owned by a `Session`, filled and read by the transformer; its first positions can be written to a file and
//! read back (`prefix`). Memory the window has not reached yet is never touched, so the system does not give it out before it
//! is needed.

use reme_lm_kernels::{f16_to_f32, f32_to_f16};

use crate::config::Config;
use crate::options::CacheForm;

/// Vectors of one kind, [layers, kv_heads, window, head_len].
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

/// Keys and values per layer.
#[derive(Debug)]
pub(crate) struct KvCache {
    keys: Vectors,
    values: Vectors,
    form: CacheForm,
    layers: usize,
    kv_heads: usize,
    window: usize,
    head_len: usize,
    len: usize,
}

/// One head of one layer.
#[derive(Clone, Copy)]
pub(crate) struct HeadOf<'a> {
    cache: &'a KvCache,
    /// Index of its first vector.
    first: usize,
}

impl HeadOf<'_> {
    /// Keys of `count` positions from `position` on; `scratch` holds as many floats.
    pub(crate) fn keys<'s>(&'s self, position: usize, count: usize, scratch: &'s mut [f32]) -> &'s [f32] {
        self.cache.keys.get(self.first + position, count, self.cache.head_len, scratch)
    }

    /// Values, as [`HeadOf::keys`].
    pub(crate) fn values<'s>(&'s self, position: usize, count: usize, scratch: &'s mut [f32]) -> &'s [f32] {
        self.cache.values.get(self.first + position, count, self.cache.head_len, scratch)
    }
}

impl KvCache {
    pub(crate) fn new(config: &Config, window: usize, form: CacheForm) -> Self {
        let Config { layers, kv_heads, head_len, .. } = *config;
        let vectors = layers * kv_heads * window;
        let of = || Vectors::new(form, vectors, head_len);
        Self { keys: of(), values: of(), form, layers, kv_heads, window, head_len, len: 0 }
    }

    /// Bytes of a full one.
    pub(crate) fn size_bytes(config: &Config, window: usize, form: CacheForm) -> u64 {
        let vectors = 2 * config.layers as u64 * config.kv_heads as u64 * window as u64;
        vectors * vector_bytes(form, config.head_len) as u64
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

    /// Forgets everything from position `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Counts `tokens` more positions, whose keys and values every layer has stored.
    pub(crate) fn grow(&mut self, tokens: usize) {
        self.len += tokens;
    }

    /// Stores keys and values [tokens, kv_heads · head_len] of one layer behind what is held.
    pub(crate) fn store(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let width = self.kv_heads * self.head_len;
        for (from, to) in [(keys, &mut self.keys), (values, &mut self.values)] {
            for (token, row) in from.chunks_exact(width).enumerate() {
                for (head, part) in row.chunks_exact(self.head_len).enumerate() {
                    to.put((layer * self.kv_heads + head) * self.window + self.len + token, part);
                }
            }
        }
    }

    /// One head of one layer.
    pub(crate) fn head(&self, layer: usize, head: usize) -> HeadOf<'_> {
        HeadOf { cache: self, first: (layer * self.kv_heads + head) * self.window }
    }

    /// The first `len` positions of all heads as bytes.
    pub(crate) fn first_positions(&self, len: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.prefix_bytes(len));
        for head in 0..self.layers * self.kv_heads {
            for vectors in [&self.keys, &self.values] {
                vectors.write(head * self.window, len, self.head_len, &mut out);
            }
        }
        out
    }

    /// Bytes of [`KvCache::first_positions`].
    pub(crate) fn prefix_bytes(&self, len: usize) -> usize {
        2 * self.layers * self.kv_heads * len * vector_bytes(self.form, self.head_len)
    }

    /// Holds exactly `len` positions that [`KvCache::first_positions`] wrote; `bytes` has [`KvCache::prefix_bytes`].
    pub(crate) fn restore(&mut self, len: usize, bytes: &[u8]) {
        let part = len * vector_bytes(self.form, self.head_len);
        let mut parts = bytes.chunks_exact(part);
        for head in 0..self.layers * self.kv_heads {
            for vectors in [&mut self.keys, &mut self.values] {
                vectors.read(head * self.window, len, self.head_len, parts.next().unwrap_or_default());
            }
        }
        self.len = len;
    }
}
