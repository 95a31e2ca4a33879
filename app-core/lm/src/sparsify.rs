//! Thresholds for the inputs of the feed-forward `down` of a model that was not trained to drop any (TEAL, arXiv 2408.14690):
//! a text is read, and of each block the magnitude below which the asked-for share of its inputs lies is written into a copy.
//!
//! In the flow: `reme model sparsify`; never part of a session. It must not promise speed: what is dropped is not read only
//! where weights are ternary with one scale a row; elsewhere it counts as zero and costs quality alone.

use std::path::Path;
use std::sync::Arc;

use reme_lm_kernels::{MappedFile, Pool};

use crate::LmError;
use crate::convert::{ConvertOptions, Purpose, copied, listed, packed};
use crate::gguf::{Header, TensorRecord};
use crate::model::Model;
use crate::options::LoadOptions;
use crate::packed_file::{self, Added, HEADER_SUM, Tensor};
use crate::sparsity::THRESHOLD_KEY;

/// What was calibrated.
#[derive(Debug, Clone, PartialEq)]
pub struct Sparsified {
    /// Least magnitude that survives, of each block.
    pub thresholds: Vec<f32>,
    /// Whether inputs that are dropped are not read either.
    pub skips_weights: bool,
}

/// Reads `text` with the model at `input` and writes a packed copy to `output` that drops the share `sparsity` of the inputs
/// of each `down`. `on_part` is told (tokens read, tokens in all).
///
/// # Errors
/// As [`crate::convert`], and [`LmError::EmptyPrompt`] for a text of fewer than two tokens.
pub fn sparsify(
    input: &Path,
    output: &Path,
    text: &str,
    sparsity: f64,
    on_part: &mut dyn FnMut(usize, usize),
) -> Result<Sparsified, LmError> {
    if !(0.0..1.0).contains(&sparsity) {
        return Err(LmError::Inconvertible { why: format!("sparsity {sparsity} is not a share from 0 to below 1") });
    }
    let thresholds =
        Model::open(input, &LoadOptions::default())?.session().magnitudes_below(text, sparsity, on_part)?;
    let file = MappedFile::open(input).map_err(|source| LmError::Unreadable { path: input.to_owned(), source })?;
    let file = Arc::new(file);
    let header = Header::parse(&file, input)?;
    let options = ConvertOptions::default();
    let pool = Pool::new(options.threads);
    let mut records: Vec<(&String, &TensorRecord)> = header.tensors.iter().filter(|(n, _)| *n != HEADER_SUM).collect();
    records.sort_by_key(|(_, record)| record.bytes.start);
    let is_packed = packed_file::is_packed(&header);
    let list = |record: &TensorRecord| if is_packed { copied(record) } else { listed(record, Purpose::Asked) };
    let list: Vec<_> = records.iter().map(|(name, record)| ((*name).clone(), list(record))).collect();
    let added = [Added { key: THRESHOLD_KEY, floats: thresholds.clone() }];
    packed_file::write(output, &file, &header, &list, &added, &mut |index| {
        let (name, record) = records[index];
        let matrix = if is_packed { None } else { packed(&file, name, record, &options, &pool) };
        Ok(matrix.map_or_else(|| Tensor::Copied(&file[record.bytes.clone()]), Tensor::Packed))
    })?;
    let skips_weights = Model::open(output, &LoadOptions::default())?.skips_weights();
    Ok(Sparsified { thresholds, skips_weights })
}
