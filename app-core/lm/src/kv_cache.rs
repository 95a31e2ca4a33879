//! Keys and values of the tokens seen, allocated once for the whole window.
//!
//! In the flow: owned by a `Session`, filled and read by the transformer. Memory the window has not reached yet is
//! never touched, so the system does not give it out before it is needed.

use crate::config::Config;

/// Keys and values per layer, in single precision.
#[derive(Debug)]
pub(crate) struct KvCache {
    /// [layers, kv_heads, window, head_len]
    keys: Vec<f32>,
    values: Vec<f32>,
    kv_heads: usize,
    window: usize,
    head_len: usize,
    len: usize,
}

impl KvCache {
    pub(crate) fn new(config: &Config, window: usize) -> Self {
        let (kv_heads, head_len) = (config.kv_heads, config.head_len);
        let size = config.layers * kv_heads * window * head_len;
        Self { keys: vec![0.0; size], values: vec![0.0; size], kv_heads, window, head_len, len: 0 }
    }

    /// Positions held.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Positions there is room for.
    pub(crate) fn window(&self) -> usize {
        self.window
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
                    let position = (layer * self.kv_heads + head) * self.window + self.len + token;
                    to[position * self.head_len..][..self.head_len].copy_from_slice(part);
                }
            }
        }
    }

    /// (keys, values) of one head of one layer, each [window, head_len].
    pub(crate) fn head(&self, layer: usize, head: usize) -> (&[f32], &[f32]) {
        let size = self.window * self.head_len;
        let at = (layer * self.kv_heads + head) * size;
        (&self.keys[at..at + size], &self.values[at..at + size])
    }
}
