use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt,
    sync::{Arc, Mutex},
};

use super::*;

/// A keyring in memory; `None` does not answer.
#[derive(Clone, Default)]
struct FakeRing(Option<Arc<Mutex<BTreeMap<String, String>>>>);

impl FakeRing {
    fn working() -> Self {
        Self(Some(Arc::default()))
    }

    fn entries<T>(&self, work: impl FnOnce(&mut BTreeMap<String, String>) -> T) -> Result<T, String> {
        let entries = self.0.as_ref().ok_or("locked")?;
        Ok(work(&mut entries.lock().unwrap()))
    }
}

impl Ring for FakeRing {
    fn get(&self, entry: &str) -> Result<Option<String>, String> {
        self.entries(|all| all.get(entry).cloned())
    }
    fn set(&self, entry: &str, secret: &str) -> Result<(), String> {
        self.entries(|all| drop(all.insert(entry.into(), secret.into())))
    }
    fn remove(&self, entry: &str) -> Result<(), String> {
        self.entries(|all| drop(all.remove(entry)))
    }
}

fn store(folder: &Path, choice: KeysChoice, ring: &FakeRing) -> DesktopKeyStore {
    DesktopKeyStore::with_ring(folder.join("keys"), choice, Box::new(ring.clone()))
}

fn key(byte: u8) -> StoreKey {
    StoreKey::from_bytes([byte; 32])
}

#[test]
fn a_keyring_that_answers_is_taken_and_its_entry_is_this_folders_own() {
    let (one, two, ring) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), FakeRing::working());
    let (first, second) = (store(one.path(), KeysChoice::Auto, &ring), store(two.path(), KeysChoice::Auto, &ring));
    assert_eq!(first.kind(), "keyring");
    first.save("mei", &key(1)).unwrap();
    second.save("mei", &key(2)).unwrap();
    assert_eq!((first.load("mei").unwrap(), second.load("mei").unwrap()), (Some(key(1)), Some(key(2))));
    assert_eq!((first.place_of("mei"), first.place_of("joan")), ("keyring", "nowhere"));
    let marker = one.path().join("keys/mei.keyring");
    assert_eq!(fs::metadata(&marker).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!fs::read_to_string(&marker).unwrap().contains(&key(1).to_hex()));
    first.forget("mei").unwrap();
    assert_eq!((first.load("mei").unwrap(), ring.entries(|all| all.len()).unwrap()), (None, 1));
}

#[test]
fn without_a_keyring_the_key_goes_into_a_file_and_stays_there() {
    let dir = tempfile::tempdir().unwrap();
    let silent = store(dir.path(), KeysChoice::Auto, &FakeRing::default());
    assert_eq!(silent.kind(), "file");
    silent.save("mei", &key(1)).unwrap();
    assert_eq!(silent.place_of("mei"), "file");
    let later = store(dir.path(), KeysChoice::Auto, &FakeRing::working());
    assert_eq!((later.load("mei").unwrap(), later.kind()), (Some(key(1)), "file"));
}

#[test]
fn a_choice_is_kept_to() {
    let dir = tempfile::tempdir().unwrap();
    store(dir.path(), KeysChoice::File, &FakeRing::working()).save("a", &key(1)).unwrap();
    assert!(dir.path().join("keys/a.key").is_file());
    let error = store(dir.path(), KeysChoice::Keyring, &FakeRing::default()).save("b", &key(1)).unwrap_err();
    assert!(error.to_string().contains("--keys file"), "{error}");
    assert!(!dir.path().join("keys/b.key").exists() && !dir.path().join("keys/b.keyring").exists());
}

#[test]
fn a_keyring_that_has_lost_the_key_or_does_not_answer_is_told_and_no_new_key_is_made() {
    let (dir, ring) = (tempfile::tempdir().unwrap(), FakeRing::working());
    store(dir.path(), KeysChoice::Auto, &ring).save("mei", &key(1)).unwrap();
    let told = |ring: &FakeRing| store(dir.path(), KeysChoice::Auto, ring).load("mei").unwrap_err();
    assert_eq!(told(&FakeRing::default()).code(), "locked");
    assert!(told(&FakeRing::default()).to_string().contains("unlock it"));
    ring.entries(BTreeMap::clear).unwrap();
    assert!(told(&ring).to_string().contains("is not there"));
}

#[test]
fn a_keyring_that_never_answers_is_not_waited_for() {
    let (hold, held) = mpsc::channel::<()>();
    let answer = within(Duration::from_millis(5), move || {
        let _ = held.recv();
        Ok(())
    });
    assert!(answer.unwrap_err().contains("no answer"));
    drop(hold);
    assert_eq!(within(Duration::from_secs(60), || Ok(7)), Ok(7));
}
