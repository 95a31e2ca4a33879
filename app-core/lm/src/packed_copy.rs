//! A packed copy of a model file in a cache folder, made once and checked at every use.
//!
//! In the flow: a shell asks for the copy before it opens a model, so that every start but the first maps what is packed
//! already; who cannot wait has it written beside (`repacking`). A copy answers to the bit as its source does: floats stay
//! what they are. One that is damaged, of another layout or of an older source is made again; where none can be kept (no
//! space, no rights) the source itself is the answer, and is packed in memory. What was made of an earlier state of the same
//! source is removed when a new copy is made, so a folder holds one copy a source.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use reme_lm_kernels::{LAYOUT_VERSION, MappedFile, Pool};

use crate::LmError;
use crate::config::Config;
use crate::convert::{ConvertOptions, ConvertedTensor, Purpose, convert_while, listed};
use crate::gguf::Header;
use crate::packed_file::{self, Listed};
use crate::tune::Tuning;

/// What became of a packed copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackedCopy {
    /// It was there and whole.
    Found(PathBuf),
    /// It was made now.
    Made(PathBuf),
    /// None can be kept; the source is used as it is, and this is why.
    Source(PathBuf, String),
}

impl PackedCopy {
    /// The file to open.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Found(path) | Self::Made(path) | Self::Source(path, _) => path,
        }
    }
}

/// The packed copy of `source` in the folder `cache`, made if there is none that is whole. `threads` check and pack;
/// weights lie as `tuning` says. While another program makes it, the source is the answer.
///
/// # Errors
/// The file variants of [`LmError`] for the source; never because of the cache.
pub fn packed_copy(source: &Path, cache: &Path, threads: usize, tuning: &Tuning) -> Result<PackedCopy, LmError> {
    let place = match look(source, cache, threads, tuning)? {
        Looked::Whole(path) => return Ok(PackedCopy::Found(path)),
        Looked::Missing(place) => place,
    };
    Ok(match place.make(threads, tuning, &mut |_| Ok(())) {
        Ok(()) => PackedCopy::Made(place.copy),
        Err(Unmade::Elsewhere) => PackedCopy::Source(source.to_owned(), "another program is writing it".to_owned()),
        Err(Unmade::Fault(error)) => PackedCopy::Source(source.to_owned(), error.to_string()),
    })
}

/// What is there to open.
pub(crate) enum Looked {
    /// What needs no copy made: the copy, or a source that is packed or has nothing to pack.
    Whole(PathBuf),
    /// No copy that is whole, and where it would lie.
    Missing(Place),
}

/// Why there is no copy.
pub(crate) enum Unmade {
    /// Another program is making it.
    Elsewhere,
    Fault(LmError),
}

impl From<LmError> for Unmade {
    fn from(error: LmError) -> Self {
        Self::Fault(error)
    }
}

/// Where the copy of a source lies.
pub(crate) struct Place {
    source: PathBuf,
    cache: PathBuf,
    /// Stands for the source's path in names.
    of_source: String,
    pub(crate) copy: PathBuf,
    /// Of the source.
    pub(crate) bytes: u64,
}

/// Looks for the packed copy of `source`, and checks it.
pub(crate) fn look(source: &Path, cache: &Path, threads: usize, tuning: &Tuning) -> Result<Looked, LmError> {
    let unreadable = |error| LmError::Unreadable { path: source.to_owned(), source: error };
    let file = MappedFile::open(source).map_err(unreadable)?;
    let header = Header::parse(&file, source)?;
    // Of floats alone a copy would be the same bytes again.
    let has_quantised = header.tensors.values().any(|r| matches!(listed(r, Purpose::Copy), Listed::Packed));
    if packed_file::is_packed(&header) || !has_quantised {
        return Ok(Looked::Whole(source.to_owned()));
    }
    // A file that cannot be run leaves nothing in the cache.
    Config::read(&header)?;
    let of_source = key_of_path(source).map_err(unreadable)?;
    let key = key_of(source, &file, &header, tuning).map_err(unreadable)?;
    let copy = cache.join(format!("{of_source}-{key}.gguf"));
    // One that is not whole is written over; where that fails the source is used.
    if copy.exists() && is_whole(&copy, threads) {
        return Ok(Looked::Whole(copy));
    }
    let (source, cache, bytes) = (source.to_owned(), cache.to_owned(), file.len() as u64);
    Ok(Looked::Missing(Place { source, cache, of_source, copy, bytes }))
}

impl Place {
    /// Makes the copy, whole or not at all, unless another program is at it; ends with the first error of `on_tensor`.
    pub(crate) fn make(
        &self,
        threads: usize,
        tuning: &Tuning,
        on_tensor: &mut dyn FnMut(&ConvertedTensor) -> Result<(), LmError>,
    ) -> Result<(), Unmade> {
        let unwritable = |error| LmError::Unwritable { path: self.cache.clone(), source: error };
        std::fs::create_dir_all(&self.cache).map_err(unwritable)?;
        // The system lets go of it when a program ends, however it ends.
        let lock = File::create(self.cache.join(format!("{}.lock", self.of_source))).map_err(unwritable)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(Unmade::Elsewhere),
            // Where files cannot be locked, two programs may both write, each a file of its own, and the last one stays.
            Err(TryLockError::Error(_)) => {}
            // Nobody else writes, so what is half written was left by a program that was killed.
            Ok(()) => remove_where(&self.cache, |name| {
                name.starts_with(&format!("{}-", self.of_source)) && name.ends_with(packed_file::PART_ENDING)
            }),
        }
        let options = ConvertOptions { threads, tuning: tuning.clone(), ..ConvertOptions::default() };
        convert_while(&self.source, &self.copy, &options, Purpose::Copy, on_tensor)?;
        remove_others(&self.cache, &self.of_source, &self.copy);
        Ok(())
    }
}

/// Tells sources and layouts apart: the header's sum, the file's length and when it was last written.
fn key_of(source: &Path, file: &[u8], header: &Header, tuning: &Tuning) -> std::io::Result<String> {
    let written = std::fs::metadata(source)?.modified()?;
    let since = written.duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
    // Copies of before rounded floats.
    hasher.update(b"floats kept");
    hasher.update(&LAYOUT_VERSION.to_le_bytes());
    hasher.update(&(file.len() as u64).to_le_bytes());
    hasher.update(&since.as_nanos().to_le_bytes());
    for choice in &tuning.choices {
        hasher.update(format!("{:?} {} {:?}", choice.shape, choice.bits, choice.chosen).as_bytes());
    }
    hasher.update(&file[..header.data_start.min(file.len())]);
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

/// Stands for the source's place, whatever lies there.
fn key_of_path(source: &Path) -> std::io::Result<String> {
    let place = source.canonicalize()?;
    Ok(blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex()[..16].to_owned())
}

/// Removes copies of the same source other than `kept`, and those that versions before this rule left. One that somebody holds
/// open and the system does not let go of stays until the next time.
fn remove_others(cache: &Path, of_source: &str, kept: &Path) {
    let is_key = |key: &str| key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
    remove_where(cache, |file| {
        let is_kept = kept.file_name().is_some_and(|name| name == file);
        !is_kept
            && file.strip_suffix(".gguf").is_some_and(|name| match name.split_once('-') {
                Some((source, key)) => source == of_source && is_key(key),
                None => is_key(name),
            })
    });
}

/// Removes files of the folder by their names.
fn remove_where(cache: &Path, is_stale: impl Fn(&str) -> bool) {
    let Ok(entries) = std::fs::read_dir(cache) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(&is_stale) {
            // It only takes room.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn is_whole(copy: &Path, threads: usize) -> bool {
    let Ok(file) = MappedFile::open(copy) else { return false };
    Header::parse(&file, copy).and_then(|header| packed_file::check(&file, &header, &Pool::new(threads))).is_ok()
}
