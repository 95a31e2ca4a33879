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
/// What the name of a file ends in while it is written.
pub(crate) const PART_ENDING: &str = ".part";

/// How a tensor will be listed, known before its bytes are.
pub(crate) enum Listed {
    /// As the source has it: dimensions, GGML type.
    Copied(Vec<usize>, u32),
    Packed,
}

/// The bytes of a tensor to be written.
pub(crate) enum Tensor<'a> {
    Copied(&'a [u8]),
    Packed(PackedMatrix),
}

impl Tensor<'_> {
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Copied(bytes) => bytes,
            Self::Packed(matrix) => matrix.bytes(),
        }
    }
}

/// What the header says of one tensor.
struct Record<'a> {
    name: &'a str,
    listed: &'a Listed,
    len: usize,
    sum: blake3::Hash,
}

impl Record<'_> {
    fn dims(&self) -> Vec<usize> {
        match self.listed {
            Listed::Copied(dims, _) => dims.clone(),
            Listed::Packed => vec![self.len],
        }
    }

    fn type_id(&self) -> u32 {
        if let Listed::Copied(_, type_id) = self.listed { *type_id } else { BYTES_ID }
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

/// Writes a packed file: whole, or not at all. `make` gives the tensors of `listed` one after the other, so that no more than
/// one of them is in memory; its error ends the writing.
pub(crate) fn write<'a>(
    path: &Path,
    source: &[u8],
    header: &Header,
    listed: &[(String, Listed)],
    added: &[Added],
    make: &mut dyn FnMut(usize) -> Result<Tensor<'a>, LmError>,
) -> Result<(), LmError> {
    let mut part = path.as_os_str().to_owned();
    // Two programs that write the same file at once must not write into each other's.
    part.push(format!(".{}{PART_ENDING}", std::process::id()));
    let part = Path::new(&part);
    let unwritable = |source| LmError::Unwritable { path: path.to_owned(), source };
    let result = File::create(part).map_err(unwritable).and_then(|file| {
        let mut out = BufWriter::with_capacity(1 << 20, file);
        let head = |records: &[Record<'_>]| head(source, header, records, added);
        write_to(&mut out, &head, listed, make, &unwritable)?;
        let file = out.into_inner().map_err(|error| unwritable(error.into_error()))?;
        file.sync_all().and_then(|()| std::fs::rename(part, path)).map_err(unwritable)
    });
    if result.is_err() {
        // What is half written is of no use; if it cannot be removed, the person learns of the first fault.
        let _ = std::fs::remove_file(part);
    }
    result
}

/// The header's length depends on names and kinds only: zeros keep its place until sizes and sums are known.
fn write_to<'a>(
    out: &mut (impl Write + Seek),
    head: &dyn Fn(&[Record<'_>]) -> Vec<u8>,
    listed: &[(String, Listed)],
    make: &mut dyn FnMut(usize) -> Result<Tensor<'a>, LmError>,
    unwritable: &dyn Fn(std::io::Error) -> LmError,
) -> Result<(), LmError> {
    let unknown = blake3::Hash::from_bytes([0; SUM_DIGITS / 2]);
    let record = |(name, listed)| Record { name, listed, len: 0, sum: unknown };
    let mut records: Vec<_> = listed.iter().map(|(name, listed)| record((name.as_str(), listed))).collect();
    let head_len = head(&records).len();
    out.write_all(&vec![0; head_len]).map_err(unwritable)?;
    let air = |len: usize| vec![0_u8; len.next_multiple_of(ALIGNMENT) - len];
    for (index, record) in records.iter_mut().enumerate() {
        let tensor = make(index)?;
        let bytes = tensor.bytes();
        (record.len, record.sum) = (bytes.len(), blake3::hash(bytes));
        out.write_all(bytes).and_then(|()| out.write_all(&air(bytes.len()))).map_err(unwritable)?;
    }
    let head = head(&records);
    debug_assert_eq!(head.len(), head_len, "sizes and sums take the place of zeros");
    let end = |out: &mut dyn Write| {
        out.write_all(blake3::hash(&head).as_bytes())?;
        out.write_all(&air(SUM_DIGITS / 2))
    };
    end(out)
        .and_then(|()| out.seek(SeekFrom::Start(0)))
        .and_then(|_| out.write_all(&head))
        .and_then(|()| out.flush())
        .map_err(unwritable)
}

/// Everything before the data section, filled up to the alignment.
fn head(source: &[u8], header: &Header, records: &[Record<'_>], added: &[Added]) -> Vec<u8> {
    // What a trainer has said of sparsity stays.
    let is_ours = |key: &str| {
        let is_written = [VERSION_KEY, NAMES_KEY, SUMS_KEY, "general.alignment"].contains(&key);
        is_written || added.iter().any(|added| added.key == key)
    };
    let kept: Vec<_> = header.entries.iter().filter(|(key, _)| !is_ours(key)).collect();
    let mut out = b"GGUF".to_vec();
    out.extend(3_u32.to_le_bytes());
    out.extend((records.len() as u64 + 1).to_le_bytes());
    out.extend(((kept.len() + added.len()) as u64 + 4).to_le_bytes());
    for (_, range) in kept {
        out.extend(&source[range.clone()]);
    }
    added.iter().for_each(|added| put_floats(&mut out, added));
    put_number(&mut out, "general.alignment", ALIGNMENT as u32);
    put_number(&mut out, VERSION_KEY, u32::from(LAYOUT_VERSION));
    put_texts(&mut out, NAMES_KEY, &mut records.iter().map(|record| record.name.to_owned()));
    put_texts(&mut out, SUMS_KEY, &mut records.iter().map(|record| record.sum.to_hex().to_string()));
    let mut offset = 0;
    for record in records {
        put_record(&mut out, record.name, &record.dims(), record.type_id(), offset);
        offset += record.len.next_multiple_of(ALIGNMENT);
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

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Error, ErrorKind};

    use super::*;

    /// A disk with so much room.
    struct Disk {
        bytes: Cursor<Vec<u8>>,
        room: usize,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.bytes.position() as usize + bytes.len() > self.room {
                return Err(Error::from(ErrorKind::StorageFull));
            }
            self.bytes.write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Seek for Disk {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            self.bytes.seek(to)
        }
    }

    #[test]
    fn a_disk_that_fills_up_anywhere_is_told_and_no_header_is_there_before_the_end() {
        let listed = [("a".to_owned(), Listed::Copied(vec![100], 0)), ("b".to_owned(), Listed::Copied(vec![7], 0))];
        let head = |records: &[Record<'_>]| {
            let of = |record: &Record<'_>| [record.len as u64; 5].map(u64::to_le_bytes).concat();
            records.iter().flat_map(of).collect()
        };
        let unwritable = |source| LmError::Unwritable { path: "copy".into(), source };
        let written = |room: usize| {
            let mut disk = Disk { bytes: Cursor::default(), room };
            let mut make = |index: usize| Ok(Tensor::Copied(if index == 0 { &[1; 100] } else { &[2; 7] }));
            let result = write_to(&mut disk, &head, &listed, &mut make, &unwritable);
            (result, disk.bytes.into_inner())
        };
        // Header, 100 and 7 bytes in lines of 64, and the header's sum in a line.
        let whole = 80 + 128 + 64 + 64;
        for room in (0..whole).step_by(7) {
            let (result, bytes) = written(room);
            let error = result.expect_err("there is no room").to_string();
            assert!(error.contains("could not be written to copy"), "{error}");
            assert!(bytes.iter().take(80).all(|byte| *byte == 0), "{room}");
        }
        let (result, bytes) = written(whole);
        assert!(result.is_ok() && bytes.len() == whole && bytes[0] == 100 && bytes[40] == 7);
    }
}
