//! The forward pass, for several texts at once: their pieces lie one after the other in one matrix, so that each weight is read once
//! for all of them.
//!
//! rows of the table → projection, layer norm → three branches of windows (2, 3 and 5 pieces wide), two layers each with a shortcut →
//! layer norm over all features → sum over the pieces → projection → dense network with shortcuts → tanh → length 1.

use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use crate::{DIMENSIONS, EmbeddingError, tensors::Tensors};

/// The table is cut into this many interleaved parts, each with a scale and a lowest value of its own.
pub(crate) const PARTS: usize = 17;
/// Features of one branch.
const BRANCH: usize = 256;
/// Width of each branch's window, and how many pieces of it lie before the piece itself.
const WINDOWS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];
/// Features of a piece: its own row and the branches'.
const FEATURES: usize = DIMENSIONS + WINDOWS.len() * BRANCH;
/// Width of the dense network's middle.
const MIDDLE: usize = 320;

/// One layer over a window of pieces.
struct Layer {
    /// [window × BRANCH, BRANCH]
    weight: Array2<f32>,
    bias: Array1<f32>,
}

/// A mean of 0 and a variance of 1 in each row, then scaled and shifted.
struct Norm {
    scale: Array1<f32>,
    shift: Array1<f32>,
}

/// All weights but the table.
pub(crate) struct Network {
    /// [512, 3 × 256]
    projection: Layer,
    branch_norm: Norm,
    branches: [[Layer; 2]; 3],
    feature_norm: Norm,
    /// [1280, 512]
    output: Layer,
    /// 512 → 320, 320 → 320, 320 → 512, 512 → 512.
    dense: [Array2<f32>; 4],
    /// Shortcuts past the first and the third: 512 → 320, 320 → 512.
    shortcuts: [Array2<f32>; 2],
    epsilon: f32,
}

impl Network {
    pub(crate) fn read(tensors: &Tensors<'_>) -> Result<Self, EmbeddingError> {
        let layer = |weight: &str, bias: &str, rows: usize, columns: usize| {
            Ok::<Layer, EmbeddingError>(Layer {
                weight: tensors.matrix(weight, rows, columns)?,
                bias: tensors.vector(bias, columns)?,
            })
        };
        let norm = |scale: &str, shift: &str, length: usize| {
            Ok::<Norm, EmbeddingError>(Norm {
                scale: tensors.vector(scale, length)?,
                shift: tensors.vector(shift, length)?,
            })
        };
        let branch = |(width, _): (usize, usize)| {
            let deep = |at: usize| layer(&format!("w{at}_{width}"), &format!("b{at}_{width}"), width * BRANCH, BRANCH);
            Ok::<[Layer; 2], EmbeddingError>([deep(1)?, deep(2)?])
        };
        let wide = WINDOWS.len() * BRANCH;
        Ok(Self {
            projection: layer("proj", "proj_b", DIMENSIONS, wide)?,
            branch_norm: norm("branch_ln_g", "branch_ln_b", wide)?,
            branches: [branch(WINDOWS[0])?, branch(WINDOWS[1])?, branch(WINDOWS[2])?],
            feature_norm: norm("ln_g", "ln_b", FEATURES)?,
            output: layer("cnn_W", "cnn_b", FEATURES, DIMENSIONS)?,
            dense: [
                tensors.matrix("d0", DIMENSIONS, MIDDLE)?,
                tensors.matrix("d1", MIDDLE, MIDDLE)?,
                tensors.matrix("d2", MIDDLE, DIMENSIONS)?,
                tensors.matrix("d3", DIMENSIONS, DIMENSIONS)?,
            ],
            shortcuts: [tensors.matrix("p1", DIMENSIONS, MIDDLE)?, tensors.matrix("p3", MIDDLE, DIMENSIONS)?],
            epsilon: tensors.vector("eps", 1)?[0],
        })
    }

    /// Vectors of the texts whose pieces' rows are in `rows` ([pieces, 512]), `lengths` pieces each. Each has length 1.
    pub(crate) fn forward(&self, rows: &Array2<f32>, lengths: &[usize]) -> Array2<f32> {
        let pieces = rows.nrows();
        let mut x = rows.dot(&self.projection.weight) + &self.projection.bias;
        self.normalise(&mut x, &self.branch_norm);
        let mut features = Array2::<f32>::zeros((pieces, FEATURES));
        features.slice_mut(s![.., ..DIMENSIONS]).assign(rows);
        for (at, (layers, (width, before))) in self.branches.iter().zip(WINDOWS).enumerate() {
            let mut h = x.slice(s![.., at * BRANCH..(at + 1) * BRANCH]).to_owned();
            for layer in layers {
                let mut next = windows(h.view(), lengths, width, before).dot(&layer.weight) + &layer.bias;
                relu(&mut next);
                h += &next;
            }
            let from = DIMENSIONS + at * BRANCH;
            features.slice_mut(s![.., from..from + BRANCH]).assign(&h);
        }
        self.normalise(&mut features, &self.feature_norm);
        self.dense(&self.summed(&features, lengths))
    }

    /// Sums over the pieces of each text, projected, over the square root of their number: [texts, 512].
    fn summed(&self, features: &Array2<f32>, lengths: &[usize]) -> Array2<f32> {
        let mut sums = Array2::<f32>::zeros((lengths.len(), FEATURES));
        let mut at = 0;
        for (mut sum, length) in sums.rows_mut().into_iter().zip(lengths) {
            for row in features.slice(s![at..at + length, ..]).rows() {
                sum += &row;
            }
            at += length;
        }
        let mut out = sums.dot(&self.output.weight);
        for (mut row, length) in out.rows_mut().into_iter().zip(lengths) {
            let length = *length as f32;
            row.scaled_add(length, &self.output.bias);
            row /= length.sqrt();
        }
        out
    }

    fn dense(&self, x: &Array2<f32>) -> Array2<f32> {
        let mut y = x.dot(&self.dense[0]);
        relu(&mut y);
        let mut y = x.dot(&self.shortcuts[0]) + y.dot(&self.dense[1]);
        relu(&mut y);
        let mut z = y.dot(&self.dense[2]);
        relu(&mut z);
        let mut z = y.dot(&self.shortcuts[1]) + z.dot(&self.dense[3]);
        z.mapv_inplace(f32::tanh);
        for mut row in z.rows_mut() {
            let length = row.dot(&row).max(self.epsilon).sqrt();
            row /= length;
        }
        z
    }

    fn normalise(&self, x: &mut Array2<f32>, norm: &Norm) {
        for mut row in x.rows_mut() {
            let mean = row.sum() / row.len() as f32;
            row -= mean;
            let variance = row.dot(&row) / row.len() as f32;
            row /= (variance + self.epsilon).sqrt();
            row *= &norm.scale;
            row += &norm.shift;
        }
    }
}

fn relu(x: &mut Array2<f32>) {
    x.mapv_inplace(|v| v.max(0.0));
}

/// For each piece the rows of its window side by side: [pieces, width × BRANCH]; zeros where the window leaves the text.
fn windows(h: ArrayView2<'_, f32>, lengths: &[usize], width: usize, before: usize) -> Array2<f32> {
    let mut out = Array2::<f32>::zeros((h.nrows(), width * BRANCH));
    let mut start = 0;
    for length in lengths {
        for at in 0..*length {
            let mut row = out.index_axis_mut(Axis(0), start + at);
            for slot in 0..width {
                let Some(from) = (at + slot).checked_sub(before).filter(|from| from < length) else { continue };
                row.slice_mut(s![slot * BRANCH..(slot + 1) * BRANCH]).assign(&h.row(start + from));
            }
        }
        start += length;
    }
    out
}
