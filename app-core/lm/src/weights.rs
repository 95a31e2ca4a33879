//! The tensors of a model by their role, each checked for its shape. Matrices stay in the mapped file.

use std::ops::Range;

use reme_lm_kernels::{Activations, Isa, Pool, QuantType, dequantise_row, matmul};

use crate::LmError;
use crate::config::Config;
use crate::gguf::{Header, inconsistent};

/// A weight matrix [rows, columns] inside the file.
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    pub(crate) quant_type: QuantType,
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    bytes: Range<usize>,
}

impl Matrix {
    /// Row `index` as floats into `out` [columns].
    pub(crate) fn row(&self, file: &[u8], index: usize, out: &mut [f32]) {
        let bytes = &file[self.bytes.clone()];
        let row_bytes = bytes.len() / self.rows;
        dequantise_row(self.quant_type, &bytes[index * row_bytes..][..row_bytes], out);
    }

    /// out[t, r] = Σ weights[r, k] · x[t, k].
    pub(crate) fn multiply(&self, file: &[u8], pool: &Pool, isa: Isa, x: &Activations, out: &mut [f32]) {
        matmul(pool, isa, self.quant_type, &file[self.bytes.clone()], x, out);
    }
}

/// One transformer block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) attention_norm: Vec<f32>,
    pub(crate) query: Matrix,
    pub(crate) key: Matrix,
    pub(crate) value: Matrix,
    /// Biases of query, key and value; empty where the family has none.
    pub(crate) biases: [Vec<f32>; 3],
    pub(crate) attention_out: Matrix,
    pub(crate) feed_forward_norm: Vec<f32>,
    pub(crate) gate: Matrix,
    pub(crate) up: Matrix,
    pub(crate) down: Matrix,
}

/// All weights.
#[derive(Debug)]
pub(crate) struct Weights {
    pub(crate) embedding: Matrix,
    pub(crate) blocks: Vec<Block>,
    pub(crate) output_norm: Vec<f32>,
    /// The embedding again where the file ties them.
    pub(crate) output: Matrix,
    pub(crate) parameters: u64,
}

impl Weights {
    pub(crate) fn find(file: &[u8], header: &Header, config: &Config, vocabulary: usize) -> Result<Self, LmError> {
        let find = Finder { file, header };
        let (e, f, kv) = (config.embedding, config.feed_forward, config.kv_len());
        let mut blocks = Vec::new();
        for index in 0..config.layers {
            let name = |part: &str| format!("blk.{index}.{part}");
            let bias = |part: &str, len| {
                if config.qkv_bias { find.vector(&name(part), len) } else { Ok(Vec::new()) }
            };
            blocks.push(Block {
                attention_norm: find.vector(&name("attn_norm.weight"), e)?,
                query: find.matrix(&name("attn_q.weight"), e, e)?,
                key: find.matrix(&name("attn_k.weight"), kv, e)?,
                value: find.matrix(&name("attn_v.weight"), kv, e)?,
                biases: [bias("attn_q.bias", e)?, bias("attn_k.bias", kv)?, bias("attn_v.bias", kv)?],
                attention_out: find.matrix(&name("attn_output.weight"), e, e)?,
                feed_forward_norm: find.vector(&name("ffn_norm.weight"), e)?,
                gate: find.matrix(&name("ffn_gate.weight"), f, e)?,
                up: find.matrix(&name("ffn_up.weight"), f, e)?,
                down: find.matrix(&name("ffn_down.weight"), e, f)?,
            });
        }
        let embedding = find.matrix("token_embd.weight", vocabulary, e)?;
        let output = match header.tensors.contains_key("output.weight") {
            true => find.matrix("output.weight", vocabulary, e)?,
            false => embedding.clone(),
        };
        let parameters = header.tensors.values().map(|t| t.dims.iter().map(|d| *d as u64).product::<u64>()).sum();
        Ok(Self { embedding, blocks, output_norm: find.vector("output_norm.weight", e)?, output, parameters })
    }
}

struct Finder<'a> {
    file: &'a [u8],
    header: &'a Header,
}

impl Finder<'_> {
    fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Matrix, LmError> {
        let record = self.header.tensors.get(name).ok_or_else(|| LmError::MissingTensor { tensor: name.to_owned() })?;
        if record.dims != [columns, rows] {
            return Err(inconsistent(name, format!("shape {:?}, expected [{columns}, {rows}]", record.dims)));
        }
        Ok(Matrix { quant_type: record.quant_type, rows, columns, bytes: record.bytes.clone() })
    }

    fn vector(&self, name: &str, len: usize) -> Result<Vec<f32>, LmError> {
        let record = self.header.tensors.get(name).ok_or_else(|| LmError::MissingTensor { tensor: name.to_owned() })?;
        if record.dims != [len] {
            return Err(inconsistent(name, format!("shape {:?}, expected [{len}]", record.dims)));
        }
        let mut out = vec![0.0; len];
        dequantise_row(record.quant_type, &self.file[record.bytes.clone()], &mut out);
        Ok(out)
    }
}
