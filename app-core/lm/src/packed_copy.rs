//! A packed copy of a model file in a cache folder, made once and checked at every use.
//!
//! In the flow: a shell asks for the copy before it opens a model, so that every start but the first maps what is packed
//! already. A copy that is damaged, of another layout or of an older source is made again; where none can be kept (no space,
//! no rights) the source itself is the answer, and is packed in memory. What was made of an earlier state of the same source is
//! removed when a new copy is made, so a folder holds one copy a source.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use reme_lm_kernels::{LAYOUT_VERSION, MappedFile, Pool};

use crate::LmError;
use crate::config::Config;
use crate::convert::{ConvertOptions, convert};
use crate::gguf::Header;
use crate::packed_file;
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
/// weights lie as `tuning` says.
///
/// # Errors
/// The file variants of [`LmError`] for the source; never because of the cache.
pub fn packed_copy(source: &Path, cache: &Path, threads: usize, tuning: &Tuning) -> Result<PackedCopy, LmError> {
    let unreadable = |error| LmError::Unreadable { path: source.to_owned(), source: error };
    let file = MappedFile::open(source).map_err(unreadable)?;
    let header = Header::parse(&file, source)?;
    if packed_file::is_packed(&header) {
        return Ok(PackedCopy::Found(source.to_owned()));
    }
    // A file that cannot be run leaves nothing in the cache.
    Config::read(&header)?;
    let of_source = key_of_path(source).map_err(unreadable)?;
    let key = key_of(source, &file, &header, tuning).map_err(unreadable)?;
    let copy = cache.join(format!("{of_source}-{key}.gguf"));
    // One that is not whole is written over; where that fails the source is used.
    if copy.exists() && is_whole(&copy, threads) {
        return Ok(PackedCopy::Found(copy));
    }
    let options = ConvertOptions { threads, tuning: tuning.clone(), ..ConvertOptions::default() };
    let made = std::fs::create_dir_all(cache)
        .map_err(|error| LmError::Unwritable { path: cache.to_owned(), source: error })
        .and_then(|()| convert(source, &copy, &options, &mut |_| {}));
    Ok(match made {
        Ok(()) => {
            remove_others(cache, &of_source, &copy);
            PackedCopy::Made(copy)
        }
        Err(error) => PackedCopy::Source(source.to_owned(), error.to_string()),
    })
}

/// Tells sources and layouts apart: the header's sum, the file's length and when it was last written.
fn key_of(source: &Path, file: &[u8], header: &Header, tuning: &Tuning) -> std::io::Result<String> {
    let written = std::fs::metadata(source)?.modified()?;
    let since = written.duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut hasher = blake3::Hasher::new();
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
    let Ok(entries) = std::fs::read_dir(cache) else { return };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path != kept) {
        let name = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix(".gguf"));
        let is_key = |key: &str| key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_stale = name.is_some_and(|name| match name.split_once('-') {
            Some((source, key)) => source == of_source && is_key(key),
            None => is_key(name),
        });
        if is_stale {
            // It only takes room.
            let _ = std::fs::remove_file(&path);
        }
    }
}

fn is_whole(copy: &Path, threads: usize) -> bool {
    let Ok(file) = MappedFile::open(copy) else { return false };
    Header::parse(&file, copy).and_then(|header| packed_file::check(&file, &header, &Pool::new(threads))).is_ok()
}
