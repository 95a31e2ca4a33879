//! Reads the header of a GGUF file (versions 2 and 3): metadata, and where each tensor's bytes lie.
//!
//! In the flow: first thing `Model::open` does. Never trusts a length: every read is checked against the file, and no
//! list is reserved for more items than the bytes left could hold. Format: the GGUF specification of the ggml project.

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use reme_lm_kernels::{PackedMatrix, QuantType};

use crate::LmError;
use crate::options::WeightForm;

/// First four bytes of every file.
const MAGIC: &[u8; 4] = b"GGUF";
/// Tensor data starts at a multiple of this many bytes unless `general.alignment` says otherwise.
const DEFAULT_ALIGNMENT: u64 = 32;
/// More would leave more air than tensors.
const MOST_ALIGNMENT: u64 = 1 << 16;

/// A metadata value; numbers are widened, arrays keep only the kinds a model needs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    Numbers(Vec<i64>),
    Floats(Vec<f64>),
    /// Arrays of bools or arrays: nothing we read.
    Other,
}

/// GGML's number of plain signed bytes: what packed matrices are listed as, so that other tools can read on.
pub(crate) const BYTES_ID: u32 = 24;

/// How a tensor is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TensorType {
    Weights(QuantType),
    /// Bytes of our own; their meaning stands in them (`packed_file`).
    Bytes,
}

impl TensorType {
    fn row_bytes(self, columns: usize) -> Option<usize> {
        match self {
            Self::Weights(quant_type) => quant_type.row_bytes(columns),
            Self::Bytes => Some(columns),
        }
    }

    pub(crate) fn ggml_id(self) -> u32 {
        match self {
            Self::Weights(quant_type) => quant_type.ggml_id(),
            Self::Bytes => BYTES_ID,
        }
    }
}

impl std::fmt::Display for TensorType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Weights(quant_type) => quant_type.fmt(f),
            Self::Bytes => f.write_str("bytes"),
        }
    }
}

/// Where a tensor lies and how it is stored.
#[derive(Debug, Clone)]
pub(crate) struct TensorRecord {
    /// Fastest-varying dimension first: [columns, rows, …].
    pub(crate) dims: Vec<usize>,
    pub(crate) tensor_type: TensorType,
    /// Byte range inside the file.
    pub(crate) bytes: Range<usize>,
}

impl TensorRecord {
    /// Bytes of memory it takes at most in this form.
    pub(crate) fn packed_bytes(&self, form: WeightForm) -> u64 {
        let stored = self.bytes.len();
        let bytes = match (self.tensor_type, &self.dims[..]) {
            (TensorType::Weights(quant_type), &[columns, rows]) if form == WeightForm::Packed => {
                PackedMatrix::most_bytes(quant_type, rows, columns).unwrap_or(stored)
            }
            _ => stored,
        };
        bytes as u64
    }
}

/// The checked header.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) metadata: HashMap<String, Value>,
    pub(crate) tensors: HashMap<String, TensorRecord>,
    /// Where each metadata entry, key included, lies in the file; in its order.
    pub(crate) entries: Vec<(String, Range<usize>)>,
    /// First byte of the data section.
    pub(crate) data_start: usize,
}

impl Header {
    /// Parses and checks `file`; `path` is only for messages.
    pub(crate) fn parse(file: &[u8], path: &Path) -> Result<Self, LmError> {
        let not_gguf = |why: String| LmError::NotGguf { path: path.to_owned(), why };
        if file.is_empty() {
            return Err(not_gguf("it is empty".to_owned()));
        }
        if file.get(..4) != Some(MAGIC) {
            return Err(not_gguf("it does not start with `GGUF`".to_owned()));
        }
        let mut reader = Reader { file, at: 4, part: "the header".to_owned() };
        let version = reader.u32()?;
        if !(2..=3).contains(&version) {
            return Err(not_gguf(format!("version {version}; versions 2 and 3 are read")));
        }
        let (tensor_count, key_count) = (reader.u64()?, reader.u64()?);
        let (mut metadata, mut entries) = (HashMap::new(), Vec::new());
        for index in 0..key_count {
            reader.part = format!("metadata entry {index} of {key_count}");
            let start = reader.at;
            let key = reader.text()?;
            reader.part = format!("the metadata `{key}`");
            let kind = reader.u32()?;
            let value = reader.value(kind, 0)?;
            entries.push((key.clone(), start..reader.at));
            if metadata.insert(key, value).is_some() {
                return Err(inconsistent(&reader.part, "it appears twice"));
            }
        }
        let mut pending = Vec::new();
        for index in 0..tensor_count {
            reader.part = format!("tensor record {index} of {tensor_count}");
            pending.push(reader.tensor()?);
        }
        let alignment = match metadata.get("general.alignment") {
            Some(Value::Unsigned(a)) if a.is_power_of_two() && *a <= MOST_ALIGNMENT => *a,
            Some(_) => {
                return Err(inconsistent("general.alignment", "it must be a power of two, and no more than 65536"));
            }
            None => DEFAULT_ALIGNMENT,
        };
        let data_start = (reader.at as u64).next_multiple_of(alignment);
        let tensors = place_tensors(pending, data_start, alignment, file.len() as u64)?;
        Ok(Self { metadata, tensors, entries, data_start: data_start as usize })
    }

    pub(crate) fn text(&self, key: &str) -> Result<&str, LmError> {
        match self.metadata.get(key) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(missing(key, "a text")),
        }
    }

    pub(crate) fn texts(&self, key: &str) -> Result<&[String], LmError> {
        match self.metadata.get(key) {
            Some(Value::Texts(texts)) => Ok(texts),
            _ => Err(missing(key, "a list of texts")),
        }
    }

    pub(crate) fn count(&self, key: &str) -> Result<usize, LmError> {
        self.optional_count(key)?.ok_or_else(|| missing(key, "a count"))
    }

    pub(crate) fn optional_count(&self, key: &str) -> Result<Option<usize>, LmError> {
        match self.metadata.get(key) {
            None => Ok(None),
            Some(Value::Unsigned(n)) => usize::try_from(*n).map(Some).map_err(|_| missing(key, "a count")),
            Some(Value::Signed(n)) => usize::try_from(*n).map(Some).map_err(|_| missing(key, "a count")),
            Some(_) => Err(missing(key, "a count")),
        }
    }

    pub(crate) fn float(&self, key: &str) -> Result<f32, LmError> {
        match self.metadata.get(key) {
            Some(Value::Float(x)) if x.is_finite() => Ok(*x as f32),
            _ => Err(missing(key, "a finite number")),
        }
    }
}

fn missing(key: &str, expected: &'static str) -> LmError {
    LmError::MissingKey { key: key.to_owned(), expected }
}

pub(crate) fn inconsistent(field: &str, why: impl Into<String>) -> LmError {
    LmError::Inconsistent { field: field.to_owned(), why: why.into() }
}

/// A tensor record whose offset is still relative to the data section.
type PendingTensor = (String, Vec<usize>, TensorType, u64);

fn place_tensors(
    pending: Vec<PendingTensor>,
    data_start: u64,
    alignment: u64,
    file_len: u64,
) -> Result<HashMap<String, TensorRecord>, LmError> {
    let mut tensors = HashMap::new();
    for (name, dims, tensor_type, offset) in pending {
        let columns = dims.first().copied().unwrap_or(1);
        let row_bytes = tensor_type.row_bytes(columns).ok_or_else(|| {
            inconsistent(&name, format!("{columns} columns are no whole number of {tensor_type} blocks"))
        })?;
        let size = dims.iter().skip(1).try_fold(row_bytes, |size, d| size.checked_mul(*d));
        let range = size.and_then(|size| {
            let start = data_start.checked_add(offset)?;
            Some((start, start.checked_add(size as u64)?))
        });
        let Some((start, end)) = range else {
            return Err(inconsistent(&name, "its size overflows"));
        };
        if offset % alignment != 0 {
            return Err(inconsistent(&name, format!("offset {offset} is not a multiple of {alignment}")));
        }
        if end > file_len {
            let missing_bytes = (end - file_len).min(end - start);
            return Err(LmError::TruncatedTensor { tensor: name, missing_bytes });
        }
        let record = TensorRecord { dims, tensor_type, bytes: start as usize..end as usize };
        if tensors.insert(name.clone(), record).is_some() {
            return Err(inconsistent(&name, "it appears twice"));
        }
    }
    let mut by_place: Vec<(&String, &TensorRecord)> = tensors.iter().collect();
    by_place.sort_by_key(|(_, record)| record.bytes.start);
    if let Some([_, (name, _)]) = by_place.array_windows().find(|[a, b]| a.1.bytes.end > b.1.bytes.start) {
        return Err(inconsistent(name, "it overlaps another tensor"));
    }
    Ok(tensors)
}

struct Reader<'a> {
    file: &'a [u8],
    at: usize,
    /// What is being read, for the message.
    part: String,
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: u64) -> Result<&'a [u8], LmError> {
        let left = (self.file.len() - self.at) as u64;
        if len > left {
            return Err(LmError::TruncatedHeader { part: self.part.clone(), missing_bytes: len - left });
        }
        let bytes = &self.file[self.at..self.at + len as usize];
        self.at += len as usize;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], LmError> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N as u64)?);
        Ok(out)
    }

    fn u32(&mut self) -> Result<u32, LmError> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn u64(&mut self) -> Result<u64, LmError> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    fn text(&mut self) -> Result<String, LmError> {
        let len = self.u64()?;
        Ok(String::from_utf8_lossy(self.take(len)?).into_owned())
    }

    fn value(&mut self, kind: u32, depth: usize) -> Result<Value, LmError> {
        Ok(match kind {
            0 => Value::Unsigned(u64::from(self.array::<1>()?[0])),
            1 => Value::Signed(i64::from(i8::from_le_bytes(self.array()?))),
            2 => Value::Unsigned(u64::from(u16::from_le_bytes(self.array()?))),
            3 => Value::Signed(i64::from(i16::from_le_bytes(self.array()?))),
            4 => Value::Unsigned(u64::from(self.u32()?)),
            5 => Value::Signed(i64::from(i32::from_le_bytes(self.array()?))),
            6 => Value::Float(f64::from(f32::from_le_bytes(self.array()?))),
            7 => Value::Bool(self.array::<1>()?[0] != 0),
            8 => Value::Text(self.text()?),
            9 => self.list(depth)?,
            10 => Value::Unsigned(self.u64()?),
            11 => Value::Signed(i64::from_le_bytes(self.array()?)),
            12 => Value::Float(f64::from_le_bytes(self.array()?)),
            other => return Err(inconsistent(&self.part, format!("value kind {other} does not exist"))),
        })
    }

    fn list(&mut self, depth: usize) -> Result<Value, LmError> {
        if depth > 3 {
            return Err(inconsistent(&self.part, "lists are nested too deep"));
        }
        let (kind, len) = (self.u32()?, self.u64()?);
        let mut texts = Vec::new();
        let mut numbers = Vec::new();
        let mut floats = Vec::new();
        for _ in 0..len {
            match self.value(kind, depth + 1)? {
                Value::Text(text) => texts.push(text),
                Value::Signed(n) => numbers.push(n),
                Value::Unsigned(n) => numbers.push(n as i64),
                Value::Float(x) => floats.push(x),
                _ => {}
            }
        }
        Ok(match kind {
            8 => Value::Texts(texts),
            0..=5 | 10 | 11 => Value::Numbers(numbers),
            6 | 12 => Value::Floats(floats),
            _ => Value::Other,
        })
    }

    fn tensor(&mut self) -> Result<PendingTensor, LmError> {
        let name = self.text()?;
        let rank = self.u32()?;
        if !(1..=4).contains(&rank) {
            return Err(inconsistent(&name, format!("{rank} dimensions")));
        }
        let mut dims = Vec::new();
        for _ in 0..rank {
            let dim = usize::try_from(self.u64()?).ok().filter(|d| *d > 0);
            dims.push(dim.ok_or_else(|| inconsistent(&name, "a dimension is zero or too large"))?);
        }
        let type_id = self.u32()?;
        let tensor_type = match (type_id, QuantType::from_ggml_id(type_id)) {
            (BYTES_ID, _) => TensorType::Bytes,
            (_, Some(quant_type)) => TensorType::Weights(quant_type),
            _ => return Err(LmError::UnsupportedTensorType { tensor: name, type_id }),
        };
        Ok((name, dims, tensor_type, self.u64()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with one entry of every kind and two tensors.
    fn file() -> Vec<u8> {
        let text = |out: &mut Vec<u8>, text: &str| {
            out.extend((text.len() as u64).to_le_bytes());
            out.extend(text.as_bytes());
        };
        let mut out = b"GGUF".to_vec();
        out.extend(3_u32.to_le_bytes());
        out.extend(2_u64.to_le_bytes());
        out.extend(15_u64.to_le_bytes());
        let sizes = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
        for (kind, size) in sizes.into_iter().enumerate() {
            text(&mut out, &format!("k{kind}"));
            out.extend((kind as u32).to_le_bytes());
            match kind {
                8 => text(&mut out, "a text"),
                9 => {
                    out.extend(8_u32.to_le_bytes());
                    out.extend(2_u64.to_le_bytes());
                    text(&mut out, "one");
                    text(&mut out, "two");
                }
                _ => out.extend(vec![1; size]),
            }
        }
        text(&mut out, "general.alignment");
        out.extend(4_u32.to_le_bytes());
        out.extend(64_u32.to_le_bytes());
        text(&mut out, "reme.layout_version");
        out.extend(4_u32.to_le_bytes());
        out.extend(1_u32.to_le_bytes());
        for (name, dims, type_id, offset) in [("a", [32_u64, 2], 8_u32, 0_u64), ("b", [64, 2], 24, 128)] {
            text(&mut out, name);
            out.extend(2_u32.to_le_bytes());
            dims.iter().for_each(|d| out.extend(d.to_le_bytes()));
            out.extend(type_id.to_le_bytes());
            out.extend(offset.to_le_bytes());
        }
        out.resize(out.len().next_multiple_of(64) + 256, 0);
        out
    }

    /// Lists of changed bytes that once were refused or read in a way worth keeping: offset and byte, found by the mutator.
    const CORPUS: [&[(usize, u8)]; 8] = [
        // No tensors, no metadata, and as many as a count can say.
        &[(8, 0)],
        &[(16, 0)],
        &[(15, 0x7F)],
        &[(23, 0x7F)],
        // A key of 2^60 bytes, a key of none.
        &[(31, 0x10)],
        &[(24, 0)],
        // A value kind that does not exist, a list where a number was.
        &[(34, 0xFF)],
        &[(34, 9)],
    ];

    /// `runs` files made of a whole one, or of one of the corpus, by changing, cutting and repeating bytes; the same ones for
    /// the same seed. None may panic, read outside itself or make lists longer than itself; returns how many were read.
    fn fuzz(seed: u64, runs: u64) -> u64 {
        let whole = file();
        // Bytes that lengths, counts and kinds are made of at their edges.
        let edges = [0, 1, 7, 9, 0x10, 0x40, 0x7F, 0x80, 0xFF];
        let (mut state, mut read) = (seed, 0);
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % below
        };
        let mut bytes = Vec::with_capacity(whole.len() + 64);
        for run in 0..runs {
            bytes.clear();
            bytes.extend_from_slice(&whole);
            if next(4) == 0 {
                CORPUS[next(CORPUS.len())].iter().for_each(|(at, byte)| bytes[*at] = *byte);
            }
            for _ in 0..=next(4) {
                // The magic stays, or nothing would be read.
                let at = 4 + next(bytes.len() - 4);
                bytes[at] = if next(2) == 0 { edges[next(edges.len())] } else { next(256) as u8 };
            }
            if next(16) == 0 {
                // A stretch of the file once more, somewhere.
                let (from, len) = (next(bytes.len()), next(48));
                let stretch = bytes[from..(from + len).min(bytes.len())].to_vec();
                let at = 4 + next(bytes.len() - 4);
                bytes.splice(at..at, stretch);
            }
            if next(8) == 0 {
                bytes.truncate(next(bytes.len()));
            }
            if let Ok(header) = Header::parse(&bytes, Path::new("changed")) {
                read += 1;
                assert!(header.tensors.values().all(|t| t.bytes.end <= bytes.len()), "seed {seed}, run {run}");
                assert!(header.entries.iter().all(|(_, r)| r.end <= header.data_start), "seed {seed}, run {run}");
            }
        }
        read
    }

    /// Files of an ordinary run; `REME_FUZZ_RUNS` asks for more.
    const RUNS: u64 = 60_000;

    #[test]
    #[allow(clippy::disallowed_methods, reason = "the long run of `cargo xtask ci --full` says how long by a variable")]
    fn a_header_with_any_bytes_changed_is_read_or_refused_and_never_panics() {
        let asked = std::env::var("REME_FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok());
        let runs = asked.unwrap_or(RUNS);
        let read = fuzz(1, runs);
        println!("{runs} changed headers: {read} were read, the others refused");
        assert!(read > runs / 600 && read < runs, "{read} of {runs} were read: the changes must hit and miss");
    }
}
