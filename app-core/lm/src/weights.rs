//! The tensors of a model by their role, each checked for its shape. Matrices stay in the mapped file.

use std::ops::Range;
use std::sync::Arc;

use reme_lm_kernels::{
    ColumnMatrix, Isa, Keep, Layouts, MappedFile, PackedLayout, PackedMatrix, Pool, QuantType, dequantise_row,
    lookup_gemv, matmul, multiply_add, triple_gemv,
};

use crate::LmError;
use crate::config::Config;
use crate::gguf::{Header, TensorType, inconsistent};
use crate::inputs::{InputKind, Inputs, PreparedInputs};
use crate::options::{LoadOptions, WeightForm};
use crate::tune::Tuning;

/// A weight matrix [rows, columns].
#[derive(Debug, Clone)]
pub(crate) struct Matrix {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    weights: Stored,
}

/// Where the weights are.
#[derive(Debug, Clone)]
enum Stored {
    /// In the mapped file, as GGUF has them.
    Plain(QuantType, Range<usize>),
    /// In tiles for the kernels.
    Packed(Arc<PackedMatrix>),
}

impl Matrix {
    /// Whether it is packed in the file itself, not from it.
    fn lies_packed(&self) -> bool {
        matches!(&self.weights, Stored::Packed(matrix) if matrix.is_mapped())
    }

    /// The same weights by columns, where they are ternary with one scale a row.
    fn by_columns(&self, pool: &Pool) -> Option<ColumnMatrix> {
        match &self.weights {
            Stored::Packed(matrix) => ColumnMatrix::of(pool, Isa::detect(), matrix),
            Stored::Plain(..) => None,
        }
    }

    /// Row `index` as floats into `out` [columns].
    pub(crate) fn row(&self, file: &[u8], index: usize, out: &mut [f32]) {
        match &self.weights {
            Stored::Plain(quant_type, bytes) => {
                let bytes = &file[bytes.clone()];
                let row_bytes = bytes.len() / self.rows;
                dequantise_row(*quant_type, &bytes[index * row_bytes..][..row_bytes], out);
            }
            Stored::Packed(matrix) => matrix.row(index, out),
        }
    }

    /// Whether a vector's product is the same bits alone and in a batch.
    fn is_same_in_batches(&self) -> bool {
        match &self.weights {
            Stored::Plain(..) => true,
            Stored::Packed(matrix) => matrix.shape().layout == PackedLayout::MultiplyAdd,
        }
    }

    /// What the inputs of a product with `tokens` vectors must be made into.
    pub(crate) fn input_kind(&self, tokens: usize) -> InputKind {
        match &self.weights {
            Stored::Plain(quant_type, _) => InputKind::Plain(quant_type.activation_format()),
            Stored::Packed(matrix) => {
                let shape = matrix.shape();
                match shape.layout {
                    PackedLayout::Lookup if tokens == 1 => InputKind::Tables { group: shape.group },
                    PackedLayout::Triples if tokens == 1 => InputKind::Triples,
                    _ => InputKind::Int8 { group: shape.group },
                }
            }
        }
    }

    /// out[t, r] = Σ weights[r, k] · x[t, k], x of the kind that [`Matrix::input_kind`] says.
    pub(crate) fn multiply(&self, file: &[u8], pool: &Pool, isa: Isa, x: &Inputs, out: &mut [f32]) {
        match (&self.weights, x) {
            (Stored::Plain(quant_type, bytes), Inputs::Plain(x)) => {
                matmul(pool, isa, *quant_type, &file[bytes.clone()], x, out);
            }
            (Stored::Packed(matrix), Inputs::Tables(x)) => lookup_gemv(pool, isa, matrix, x, out),
            (Stored::Packed(matrix), Inputs::Triples(x)) => triple_gemv(pool, isa, matrix, x, out),
            (Stored::Packed(matrix), Inputs::Int8(x)) => multiply_add(pool, isa, matrix, x, out),
            _ => unreachable!("inputs are made of the kind the matrix asks for"),
        }
    }
}

/// Several matrices of `file` times the same x [tokens, columns], which is brought into each form once.
pub(crate) fn multiply_all(
    file: &[u8],
    pool: &Pool,
    isa: Isa,
    x: &[f32],
    inputs: &mut PreparedInputs,
    products: &mut [(&Matrix, &mut Vec<f32>)],
) {
    inputs.forget();
    for (matrix, out) in products {
        let tokens = x.len() / matrix.columns;
        out.resize(tokens * matrix.rows, 0.0);
        let ready = inputs.get(isa, matrix.input_kind(tokens), x, matrix.columns);
        matrix.multiply(file, pool, isa, ready, out);
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
    /// Norms of each head of query and key; empty where the family has none.
    pub(crate) head_norms: [Vec<f32>; 2],
    /// Norms before `attention_out` and before `down`; empty where the family has none.
    pub(crate) sub_norms: [Vec<f32>; 2],
    /// Norms of what attention and feed-forward add; empty where the family has none.
    pub(crate) post_norms: [Vec<f32>; 2],
    pub(crate) attention_out: Matrix,
    pub(crate) feed_forward_norm: Vec<f32>,
    pub(crate) gate: Matrix,
    pub(crate) up: Matrix,
    pub(crate) down: Matrix,
    /// Which inputs of `down` survive; `None`: all.
    pub(crate) keep: Option<Keep>,
    /// `down` by columns, where what does not survive need not be read.
    pub(crate) down_columns: Option<ColumnMatrix>,
}

impl Block {
    fn matrices(&self) -> [&Matrix; 7] {
        [&self.query, &self.key, &self.value, &self.attention_out, &self.gate, &self.up, &self.down]
    }
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
    /// Whether a token's logits are the same bits alone and in a batch.
    pub(crate) fn are_same_in_batches(&self) -> bool {
        let blocks = self.blocks.iter();
        let matrices = blocks.flat_map(Block::matrices).chain([&self.output]);
        self.blocks.iter().all(|block| block.down_columns.is_none())
            && matrices.into_iter().all(Matrix::is_same_in_batches)
    }

    /// Finds and checks every tensor; packs what `form` asks for on the pool's threads.
    pub(crate) fn find(
        file: &Arc<MappedFile>,
        header: &Header,
        config: &Config,
        vocabulary: usize,
        options: &LoadOptions,
        pool: &Pool,
    ) -> Result<Self, LmError> {
        let find = Finder { file, header, form: options.weights, tuning: &options.tuning, pool };
        let (e, f, q, kv) = (config.embedding, config.feed_forward, config.query_len(), config.kv_len());
        let mut blocks = Vec::new();
        for index in 0..config.layers {
            let name = |part: &str| format!("blk.{index}.{part}");
            let optional = |is_there: bool, part: &str, len| {
                if is_there { find.vector(&name(part), len) } else { Ok(Vec::new()) }
            };
            let bias = |part: &str, len| optional(config.qkv_bias, part, len);
            let head_norm = |part: &str| optional(config.head_norms, part, config.head_len);
            let sub_norm = |part: &str, len| optional(config.sub_norms, part, len);
            let post_norm = |part: &str| optional(config.post_norms, part, e);
            for part in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"] {
                let scale = name(&format!("{part}.scale"));
                if header.tensors.contains_key(&scale) {
                    return Err(inconsistent(&scale, "scales beside a matrix are not supported, only those inside it"));
                }
            }
            let down = find.matrix(&name("ffn_down.weight"), e, f)?;
            let keep = config.keeps[index];
            blocks.push(Block {
                down_columns: keep.and_then(|_| down.by_columns(pool)),
                keep,
                attention_norm: find.vector(&name("attn_norm.weight"), e)?,
                query: find.matrix(&name("attn_q.weight"), q, e)?,
                key: find.matrix(&name("attn_k.weight"), kv, e)?,
                value: find.matrix(&name("attn_v.weight"), kv, e)?,
                biases: [bias("attn_q.bias", q)?, bias("attn_k.bias", kv)?, bias("attn_v.bias", kv)?],
                head_norms: [head_norm("attn_q_norm.weight")?, head_norm("attn_k_norm.weight")?],
                sub_norms: [sub_norm("attn_sub_norm.weight", q)?, sub_norm("ffn_sub_norm.weight", f)?],
                post_norms: [post_norm("post_attention_norm.weight")?, post_norm("post_ffw_norm.weight")?],
                attention_out: find.matrix(&name("attn_output.weight"), e, q)?,
                feed_forward_norm: find.vector(&name("ffn_norm.weight"), e)?,
                gate: find.matrix(&name("ffn_gate.weight"), f, e)?,
                up: find.matrix(&name("ffn_up.weight"), f, e)?,
                down,
            });
        }
        // Rows of the embedding are read one by one: it is packed only where it is multiplied too.
        let (embedding, output) = match header.tensors.contains_key("output.weight") {
            true => {
                let stored = Finder { form: WeightForm::AsStored, ..find };
                (stored.matrix("token_embd.weight", vocabulary, e)?, find.matrix("output.weight", vocabulary, e)?)
            }
            false => {
                let both = find.matrix("token_embd.weight", vocabulary, e)?;
                (both.clone(), both)
            }
        };
        let vectors = header.tensors.values().filter(|t| t.tensor_type != TensorType::Bytes);
        let plain: u64 = vectors.map(|t| t.dims.iter().map(|d| *d as u64).product::<u64>()).sum();
        let is_tied = !header.tensors.contains_key("output.weight");
        let matrices = blocks.iter().flat_map(Block::matrices).chain([&embedding]).chain((!is_tied).then_some(&output));
        let packed = matrices.filter(|m| m.lies_packed()).map(|m| (m.rows * m.columns) as u64);
        let parameters = plain + packed.sum::<u64>();
        Ok(Self { embedding, blocks, output_norm: find.vector("output_norm.weight", e)?, output, parameters })
    }
}

/// What a matrix of this size is packed as.
pub(crate) fn layouts_for(tuning: &Tuning, rows: usize, columns: usize) -> Layouts {
    Layouts { four_bits: tuning.layout(4, (rows, columns)), ternary: tuning.layout(2, (rows, columns)) }
}

/// Finds tensors by name and checks their shapes.
#[derive(Clone, Copy)]
pub(crate) struct Finder<'a> {
    pub(crate) file: &'a Arc<MappedFile>,
    pub(crate) header: &'a Header,
    pub(crate) form: WeightForm,
    pub(crate) tuning: &'a Tuning,
    pub(crate) pool: &'a Pool,
}

impl Finder<'_> {
    /// Whether there is such a tensor of these dimensions, the fastest-varying first.
    pub(crate) fn has_shape(&self, name: &str, dims: &[usize]) -> bool {
        self.header.tensors.get(name).is_some_and(|record| record.dims == dims)
    }

    /// A matrix [rows, columns].
    pub(crate) fn matrix(&self, name: &str, rows: usize, columns: usize) -> Result<Matrix, LmError> {
        self.matrix_of(name, &[columns, rows], rows, columns)
    }

    /// A matrix [rows, columns] that lies in the file with these dimensions, the fastest-varying first.
    pub(crate) fn matrix_of(&self, name: &str, dims: &[usize], rows: usize, columns: usize) -> Result<Matrix, LmError> {
        let record = self.header.tensors.get(name).ok_or_else(|| LmError::MissingTensor { tensor: name.to_owned() })?;
        let bytes = record.bytes.clone();
        let TensorType::Weights(quant_type) = record.tensor_type else {
            return self.packed_matrix(name, bytes, rows, columns);
        };
        if record.dims != dims {
            return Err(inconsistent(name, format!("shape {:?}, expected {dims:?}", record.dims)));
        }
        let is_packed = self.form == WeightForm::Packed || !quant_type.has_plain_kernel();
        let packed = is_packed.then(|| {
            let matrix = &self.file[bytes.clone()];
            PackedMatrix::from_gguf(self.pool, quant_type, matrix, columns, layouts_for(self.tuning, rows, columns))
        });
        let weights = match packed.flatten() {
            Some(matrix) => {
                // The packed copy is what is read from now on.
                self.file.release(bytes);
                Stored::Packed(Arc::new(matrix))
            }
            None => Stored::Plain(quant_type, bytes),
        };
        Ok(Matrix { rows, columns, weights })
    }

    /// A matrix that lies packed in the file.
    fn packed_matrix(&self, name: &str, bytes: Range<usize>, rows: usize, columns: usize) -> Result<Matrix, LmError> {
        let matrix = PackedMatrix::from_file(self.file, bytes).map_err(|why| inconsistent(name, why))?;
        let shape = matrix.shape();
        if (shape.rows, shape.columns) != (rows, columns) {
            let found = format!("shape [{}, {}], expected [{columns}, {rows}]", shape.columns, shape.rows);
            return Err(inconsistent(name, found));
        }
        Ok(Matrix { rows, columns, weights: Stored::Packed(Arc::new(matrix)) })
    }

    /// A vector as floats.
    pub(crate) fn vector(&self, name: &str, len: usize) -> Result<Vec<f32>, LmError> {
        let record = self.header.tensors.get(name).ok_or_else(|| LmError::MissingTensor { tensor: name.to_owned() })?;
        if record.dims != [len] {
            return Err(inconsistent(name, format!("shape {:?}, expected [{len}]", record.dims)));
        }
        let mut out = vec![0.0; len];
        let TensorType::Weights(quant_type) = record.tensor_type else {
            return Err(inconsistent(name, "it is packed, and vectors are not"));
        };
        dequantise_row(quant_type, &self.file[record.bytes.clone()], &mut out);
        Ok(out)
    }
}
