//! Making the packed form of a model file: exactly where the source's grid of values fits, rounded where bits are asked for.
//!
//! In the flow: `reme model convert`; never part of a session. The embedding and the output head keep their source's
//! values: they are what small models can least do without. Vectors (norms, biases) are copied.

use std::path::Path;
use std::sync::Arc;

use reme_lm_kernels::{MappedFile, PackedLayout, PackedMatrix, PackedShape, Pool, QuantType, Rounding, dequantise_row};

use crate::LmError;
use crate::calibration::Calibration;
use crate::gguf::{Header, TensorRecord, TensorType};
use crate::packed_file::{self, Listed, Tensor};
use crate::tune::Tuning;
use crate::weights::layouts_for;

/// Columns of a group in the sources of four bits.
const SOURCE_GROUP: usize = 32;

/// Where the values of a group are cut off when it is rounded to four bits or fewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nowhere: codes span the whole range.
    Nowhere,
    /// Where the squared error of the weights is least (BitDistiller, arXiv 2402.10631).
    LeastError,
    /// Where the squared error, counted by what a text says of the inputs, is least; needs
    /// [`ConvertOptions::calibration`].
    LeastErrorOnInputs,
}

/// How many bits the matrices of the blocks get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bits {
    /// As many as the source has, value for value; floats get eight.
    Auto,
    /// So many: 2, 3 or 4. A matrix that has no more already, in groups of 32 or fewer, keeps its values, unless so many
    /// are asked for in larger groups.
    Fixed(usize),
    /// −1, 0, 1 with a scale: only for models that were trained so.
    Ternary,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvertOptions {
    /// Width.
    pub bits: Bits,
    /// Columns that share a scale where weights are rounded: 32, 64 or 128.
    pub group: usize,
    /// What rounding to so few bits cuts off.
    pub cut: Cut,
    /// What a text says of the inputs; with it errors are also told as the inputs see them.
    pub calibration: Option<Calibration>,
    /// Threads that pack.
    pub threads: usize,
    /// Layouts measured on this machine; the default has none.
    pub tuning: Tuning,
}

impl Default for ConvertOptions {
    fn default() -> Self {
        Self {
            bits: Bits::Auto,
            group: 32,
            cut: Cut::LeastError,
            calibration: None,
            threads: 2,
            tuning: Tuning::default(),
        }
    }
}

/// What became of one tensor.
#[derive(Debug, Clone, PartialEq)]
pub struct ConvertedTensor {
    /// Its name.
    pub name: String,
    /// How many are done, this one included, and how many there are.
    pub done: (usize, usize),
    /// Its type in the source.
    pub from: String,
    /// Bytes before and after.
    pub bytes: (usize, usize),
    /// Bits of a code; `None` where it was copied.
    pub bits: Option<usize>,
    /// ‖new − old‖ / ‖old‖ over all weights; 0 where every value was kept.
    pub error: f64,
    /// The same with both counted by the mean square of the inputs, where a text was read.
    pub weighted_error: Option<f64>,
}

/// Converts the model file `input` to the packed file `output`, telling `on_tensor` of each tensor.
///
/// # Errors
/// The file variants of [`LmError`] for the source; [`LmError::Inconvertible`] for options without a kernel or a source that is
/// packed already; [`LmError::Unwritable`]. A file that was at `output` stays as it was then.
pub fn convert(
    input: &Path,
    output: &Path,
    options: &ConvertOptions,
    on_tensor: &mut dyn FnMut(&ConvertedTensor),
) -> Result<(), LmError> {
    convert_while(input, output, options, Purpose::Asked, &mut |tensor| {
        on_tensor(tensor);
        Ok(())
    })
}

/// What a conversion is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// What [`ConvertOptions`] ask for; errors are measured.
    Asked,
    /// A copy that answers to the bit as its source does: floats stay floats. Errors are told as 0, which they are; looking would
    /// cost as much as packing.
    Copy,
}

/// As [`convert`], until `on_tensor` gives an error, which is then the answer.
pub(crate) fn convert_while(
    input: &Path,
    output: &Path,
    options: &ConvertOptions,
    purpose: Purpose,
    on_tensor: &mut dyn FnMut(&ConvertedTensor) -> Result<(), LmError>,
) -> Result<(), LmError> {
    let refuse = |why: &str| Err(LmError::Inconvertible { why: why.to_owned() });
    if !matches!(options.group, 32 | 64 | 128) {
        return refuse("a group has 32, 64 or 128 columns");
    }
    if matches!(options.bits, Bits::Fixed(bits) if !(2..=4).contains(&bits)) {
        return refuse("there are 2, 3 or 4 bits, ternary, or as many as the source has");
    }
    if options.cut == Cut::LeastErrorOnInputs && options.calibration.is_none() {
        return refuse("errors can count by their inputs only with a text to calibrate on");
    }
    let file = MappedFile::open(input).map_err(|source| LmError::Unreadable { path: input.to_owned(), source })?;
    let file = Arc::new(file);
    let header = Header::parse(&file, input)?;
    if packed_file::is_packed(&header) {
        return refuse("it is packed already; start from the file it was made of");
    }
    let pool = Pool::new(options.threads);
    let mut records: Vec<(&String, &TensorRecord)> = header.tensors.iter().collect();
    records.sort_by_key(|(_, record)| record.bytes.start);
    let list: Vec<_> = records.iter().map(|(name, record)| ((*name).clone(), listed(record, purpose))).collect();
    packed_file::write(output, &file, &header, &list, &[], &mut |index| {
        let (name, record) = records[index];
        let is_packed = matches!(list[index].1, Listed::Packed);
        let matrix = if is_packed { packed(&file, name, record, options, &pool) } else { None };
        let importance = importance_of(options, name);
        let measured = matrix.as_ref().filter(|_| purpose == Purpose::Asked);
        let error = measured.map_or(0.0, |matrix| error_of(&file, record, matrix, None));
        let weighted = |matrix| importance.map(|importance| error_of(&file, record, matrix, Some(importance)));
        let weighted_error = measured.and_then(weighted);
        let bits = matrix.as_ref().map(|matrix| matrix.shape().planes);
        let bytes = record.bytes.len();
        if matrix.is_some() {
            // Nobody here reads it again.
            file.release(record.bytes.clone());
        }
        let tensor = matrix.map_or_else(|| Tensor::Copied(&file[record.bytes.clone()]), Tensor::Packed);
        on_tensor(&ConvertedTensor {
            name: name.clone(),
            done: (index + 1, records.len()),
            from: record.tensor_type.to_string(),
            bytes: (bytes, tensor.bytes().len()),
            bits,
            error,
            weighted_error,
        })?;
        Ok(tensor)
    })
}

/// How a tensor is listed in a packed file.
pub(crate) fn listed(record: &TensorRecord, purpose: Purpose) -> Listed {
    match record.tensor_type {
        TensorType::Weights(quant_type)
            if record.dims.len() == 2 && (purpose == Purpose::Asked || !quant_type.is_float()) =>
        {
            Listed::Packed
        }
        _ => copied(record),
    }
}

/// A tensor that stays as it is.
pub(crate) fn copied(record: &TensorRecord) -> Listed {
    Listed::Copied(record.dims.clone(), record.tensor_type.ggml_id())
}

/// The packed matrix of a tensor, or `None` when it is to be copied.
pub(crate) fn packed(
    file: &MappedFile,
    name: &str,
    record: &TensorRecord,
    options: &ConvertOptions,
    pool: &Pool,
) -> Option<PackedMatrix> {
    let (TensorType::Weights(quant_type), &[columns, rows]) = (record.tensor_type, &record.dims[..]) else {
        return None;
    };
    let bytes = &file[record.bytes.clone()];
    let exact =
        || PackedMatrix::from_gguf(pool, quant_type, bytes, columns, layouts_for(&options.tuning, rows, columns));
    let row_bytes = bytes.len() / rows;
    let round = |planes: usize, group: usize, rounding: Rounding<'_>| {
        let layout = if planes < 4 { PackedLayout::Lookup } else { PackedLayout::MultiplyAdd };
        let shape = PackedShape { rows, columns, group, planes, layout };
        PackedMatrix::from_floats(pool, shape, rounding, &|row, out| {
            dequantise_row(quant_type, &bytes[row * row_bytes..][..row_bytes], out);
        })
    };
    let is_finer = |bits: usize| {
        // Ternary weights have the widest groups of all, and no values in between.
        if matches!(quant_type, QuantType::TQ1_0 | QuantType::TQ2_0) {
            return false;
        }
        quant_type.code_bits().is_none_or(|has| has > bits || (has == bits && options.group > SOURCE_GROUP))
    };
    // Rows of the embedding are mostly read one by one.
    let is_in_block = name.starts_with("blk.");
    match options.bits {
        Bits::Ternary if is_in_block && !matches!(quant_type, QuantType::TQ1_0 | QuantType::TQ2_0) => {
            Some(round(2, options.group, Rounding::Ternary))
        }
        Bits::Fixed(bits) if is_in_block && is_finer(bits) => {
            let rounding = match (options.cut, importance_of(options, name)) {
                (Cut::Nowhere, _) => Rounding::WholeRange,
                (Cut::LeastErrorOnInputs, Some(importance)) if importance.len() == columns => {
                    Rounding::FittedTo(importance)
                }
                _ => Rounding::Fitted,
            };
            Some(round(bits, options.group, rounding))
        }
        _ if quant_type.is_float() => Some(round(8, 32, Rounding::Fitted)),
        _ => exact(),
    }
}

/// What a text said of the inputs of a tensor, if one was read.
fn importance_of<'a>(options: &'a ConvertOptions, name: &str) -> Option<&'a [f32]> {
    options.calibration.as_ref()?.of_tensor(name)
}

/// ‖new − old‖ / ‖old‖, each column counted by its importance where there is one.
fn error_of(file: &MappedFile, record: &TensorRecord, matrix: &PackedMatrix, importance: Option<&[f32]>) -> f64 {
    let TensorType::Weights(quant_type) = record.tensor_type else { return 0.0 };
    let shape = matrix.shape();
    let bytes = &file[record.bytes.clone()];
    let (mut old, mut new) = (vec![0.0; shape.columns], vec![0.0; shape.columns]);
    let (mut wrong, mut size) = (0.0_f64, 0.0_f64);
    for (row, bytes) in bytes.chunks_exact(bytes.len() / shape.rows).enumerate() {
        dequantise_row(quant_type, bytes, &mut old);
        matrix.row(row, &mut new);
        for (column, (a, b)) in old.iter().zip(&new).enumerate() {
            let m = importance.and_then(|importance| importance.get(column)).map_or(1.0, |m| f64::from(*m));
            wrong += m * f64::from(b - a).powi(2);
            size += m * f64::from(*a).powi(2);
        }
    }
    if size > 0.0 { (wrong / size).sqrt() } else { 0.0 }
}
