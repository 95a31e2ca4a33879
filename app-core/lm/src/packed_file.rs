//! The packed form of a model: a GGUF file whose matrices lie in tiles for the kernels, with a checksum for every part.
//!
//! In the flow: `convert` writes one, `Model::open` checks and maps it. Metadata and tokenizer are copied from the source as
//! they are; packed matrices are listed as plain bytes (GGML type I8), so that ordinary GGUF tools can still list the file,
//! and say in a header of their own what they are ([`PackedMatrix::bytes`]). Added metadata:
//!
//! - `reme.layout_version`: the arrangement of the tiles; another one is refused.
//! - `reme.tensors`, `reme.blake3`: names and BLAKE3 sums of all tensors, in hexadecimal.
//! - `reme.header_blake3` is a tensor of 32 bytes, the last: the sum of everything before the data section.
//!
//! Nothing of a file whose sums do not fit is used.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use reme_lm_kernels::{LAYOUT_VERSION, PackedMatrix, Pool};

use crate::LmError;
use crate::gguf::{BYTES_ID, Header, Value};

/// Alignment of every tensor: a cache line.
const ALIGNMENT: usize = 64;
const VERSION_KEY: &str = "reme.layout_version";
const NAMES_KEY: &str = "reme.tensors";
const SUMS_KEY: &str = "reme.blake3";
pub(crate) const HEADER_SUM: &str = "reme.header_blake3";
/// Digits of a sum.
const SUM_DIGITS: usize = 64;

/// A tensor to be written.
pub(crate) enum Tensor<'a> {
    /// As the source has it: dimensions, GGML type, bytes.
    Copied(Vec<usize>, u32, &'a [u8]),
    Packed(PackedMatrix),
}

impl Tensor<'_> {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Copied(_, _, bytes) => bytes,
            Self::Packed(matrix) => matrix.bytes(),
        }
    }

    fn dims(&self) -> Vec<usize> {
        match self {
            Self::Copied(dims, ..) => dims.clone(),
            Self::Packed(matrix) => vec![matrix.size_bytes()],
        }
    }

    fn type_id(&self) -> u32 {
        if let Self::Copied(_, type_id, _) = self { *type_id } else { BYTES_ID }
    }
}

/// Metadata that is added to what the source has, in place of its own of that name.
pub(crate) struct Added {
    pub(crate) key: &'static str,
    pub(crate) floats: Vec<f32>,
}

/// Checks a packed file against its sums on the pool's threads; any other file is left alone.
pub(crate) fn check(file: &[u8], header: &Header, pool: &Pool) -> Result<(), LmError> {
    let Some(version) = header.optional_count(VERSION_KEY)? else { return Ok(()) };
    if version != usize::from(LAYOUT_VERSION) {
        let why = format!("layout version {version}, and this program reads {LAYOUT_VERSION}");
        return Err(LmError::OtherLayout { why });
    }
    let damaged = |part: &str| LmError::Damaged { part: part.to_owned() };
    let sum_of_header = header.tensors.get(HEADER_SUM).ok_or_else(|| damaged("the header"))?;
    if file[sum_of_header.bytes.clone()] != blake3::hash(&file[..header.data_start]).as_bytes()[..] {
        return Err(damaged("the header"));
    }
    let (names, sums) = (header.texts(NAMES_KEY)?, header.texts(SUMS_KEY)?);
    if names.len() != sums.len() || names.len() + 1 != header.tensors.len() {
        return Err(damaged("the list of sums"));
    }
    let found: Vec<_> = names.iter().map(|name| header.tensors.get(name)).collect();
    let is_whole: Vec<_> = names.iter().map(|_| std::sync::atomic::AtomicBool::new(false)).collect();
    pool.run(names.len(), &|i| {
        let fits = found[i].is_some_and(|r| blake3::hash(&file[r.bytes.clone()]).to_hex().as_str() == sums[i]);
        is_whole[i].store(fits, std::sync::atomic::Ordering::Relaxed);
    });
    match is_whole.iter().position(|whole| !whole.load(std::sync::atomic::Ordering::Relaxed)) {
        Some(index) => Err(damaged(&names[index])),
        None => Ok(()),
    }
}

/// Writes a packed file: whole, or not at all.
pub(crate) fn write(
    path: &Path,
    source: &[u8],
    header: &Header,
    tensors: &[(String, Tensor<'_>)],
    added: &[Added],
) -> Result<(), LmError> {
    let mut part = path.as_os_str().to_owned();
    // Two programs that write the same file at once must not write into each other's.
    part.push(format!(".{}.part", std::process::id()));
    let part = Path::new(&part);
    let result = File::create(part)
        .and_then(|file| write_to(file, &head(source, header, tensors, added), tensors))
        .and_then(|()| std::fs::rename(part, path));
    result.map_err(|source| {
        // What is half written is of no use; if it cannot be removed, the person learns of the first fault.
        let _ = std::fs::remove_file(part);
        LmError::Unwritable { path: path.to_owned(), source }
    })
}

fn write_to(file: File, head: &[u8], tensors: &[(String, Tensor<'_>)]) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, file);
    out.write_all(head)?;
    let air = |len: usize| vec![0_u8; len.next_multiple_of(ALIGNMENT) - len];
    for (_, tensor) in tensors {
        out.write_all(tensor.bytes())?;
        out.write_all(&air(tensor.bytes().len()))?;
    }
    out.write_all(blake3::hash(head).as_bytes())?;
    out.write_all(&air(32))?;
    let mut file = out.into_inner()?;
    file.seek(SeekFrom::Start(0))?;
    file.sync_all()
}

/// Everything before the data section, filled up to the alignment.
fn head(source: &[u8], header: &Header, tensors: &[(String, Tensor<'_>)], added: &[Added]) -> Vec<u8> {
    // What a trainer has said of sparsity stays.
    let is_ours = |key: &str| {
        let is_written = [VERSION_KEY, NAMES_KEY, SUMS_KEY, "general.alignment"].contains(&key);
        is_written || added.iter().any(|added| added.key == key)
    };
    let kept: Vec<_> = header.entries.iter().filter(|(key, _)| !is_ours(key)).collect();
    let mut out = b"GGUF".to_vec();
    out.extend(3_u32.to_le_bytes());
    out.extend((tensors.len() as u64 + 1).to_le_bytes());
    out.extend(((kept.len() + added.len()) as u64 + 4).to_le_bytes());
    for (_, range) in kept {
        out.extend(&source[range.clone()]);
    }
    added.iter().for_each(|added| put_floats(&mut out, added));
    put_number(&mut out, "general.alignment", ALIGNMENT as u32);
    put_number(&mut out, VERSION_KEY, u32::from(LAYOUT_VERSION));
    put_texts(&mut out, NAMES_KEY, &mut tensors.iter().map(|(name, _)| name.clone()));
    let sum = |tensor: &Tensor<'_>| blake3::hash(tensor.bytes()).to_hex().to_string();
    put_texts(&mut out, SUMS_KEY, &mut tensors.iter().map(|(_, tensor)| sum(tensor)));
    let mut offset = 0;
    for (name, tensor) in tensors {
        put_record(&mut out, name, &tensor.dims(), tensor.type_id(), offset);
        offset += tensor.bytes().len().next_multiple_of(ALIGNMENT);
    }
    put_record(&mut out, HEADER_SUM, &[SUM_DIGITS / 2], BYTES_ID, offset);
    out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
    out
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}

fn put_number(out: &mut Vec<u8>, key: &str, number: u32) {
    put_text(out, key);
    out.extend(4_u32.to_le_bytes());
    out.extend(number.to_le_bytes());
}

fn put_texts(out: &mut Vec<u8>, key: &str, texts: &mut dyn ExactSizeIterator<Item = String>) {
    put_text(out, key);
    out.extend(9_u32.to_le_bytes());
    out.extend(8_u32.to_le_bytes());
    out.extend((texts.len() as u64).to_le_bytes());
    texts.for_each(|text| put_text(out, &text));
}

fn put_floats(out: &mut Vec<u8>, added: &Added) {
    put_text(out, added.key);
    out.extend(9_u32.to_le_bytes());
    out.extend(6_u32.to_le_bytes());
    out.extend((added.floats.len() as u64).to_le_bytes());
    added.floats.iter().for_each(|value| out.extend(value.to_le_bytes()));
}

fn put_record(out: &mut Vec<u8>, name: &str, dims: &[usize], type_id: u32, offset: usize) {
    put_text(out, name);
    out.extend((dims.len() as u32).to_le_bytes());
    dims.iter().for_each(|dim| out.extend((*dim as u64).to_le_bytes()));
    out.extend(type_id.to_le_bytes());
    out.extend((offset as u64).to_le_bytes());
}

/// Whether the file is one of ours.
pub(crate) fn is_packed(header: &Header) -> bool {
    matches!(header.metadata.get(VERSION_KEY), Some(Value::Unsigned(_)))
}
