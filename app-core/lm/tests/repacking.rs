//! Packed copies written beside a session: the first opening uses the source, the next one the copy, with the same logits;
//! whatever ends the writing early leaves nothing that counts.

#[allow(dead_code, reason = "shared with other tests, which use the rest")]
#[path = "support/gguf.rs"]
mod gguf;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use gguf::Gguf;
use reme_lm::{ChatMessage, LoadOptions, Model, Repacking, RepackingOptions, RepackingState};

/// Names the folder of the test to the program that is killed.
const FOLDER: &str = "REME_TEST_REPACKING";

fn without_rest() -> RepackingOptions {
    RepackingOptions { threads: 1, rest_per_mb: Duration::ZERO, ..RepackingOptions::default() }
}

/// So long a rest that only a cancel or a kill ends it.
fn with_endless_rest() -> RepackingOptions {
    RepackingOptions { rest_per_mb: Duration::from_secs(1 << 40), ..without_rest() }
}

/// A small source, and where its copies go.
fn small() -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = folder.path().join("in.gguf");
    std::fs::write(&source, Gguf::model().with_eight_bits().bytes()).expect("written");
    let cache = folder.path().join("cache");
    (folder, source, cache)
}

fn begin(source: &Path, cache: &Path, options: &RepackingOptions) -> (PathBuf, Option<Repacking>) {
    Repacking::begin(source, cache, options).expect("the source is whole")
}

fn logits(path: &Path) -> Vec<u32> {
    let model = Model::open(path, &LoadOptions::default()).expect("it opens");
    let prompt = model.session().prompt_logits(&[ChatMessage::user("Hello.")]).expect("it runs");
    prompt.logits.into_iter().map(f32::to_bits).collect()
}

/// Files in the cache whose names end so.
fn ending(cache: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(cache).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

fn made(repacking: Option<Repacking>) -> PathBuf {
    match repacking.expect("there is no copy yet").wait() {
        RepackingState::Made(path) => path,
        other => panic!("it must be made: {other:?}"),
    }
}

#[test]
fn the_first_opening_uses_the_source_and_the_second_the_copy_with_the_same_logits() {
    let (_folder, source, cache) = small();
    let (path, repacking) = begin(&source, &cache, &without_rest());
    assert_eq!(path, source);
    let before = logits(&path);
    let copy = made(repacking);
    let (path, repacking) = begin(&source, &cache, &without_rest());
    assert!(path == copy && repacking.is_none());
    assert_eq!(logits(&path), before);
    // A packed file needs no copy, nor does one of floats.
    let floats = source.with_file_name("floats.gguf");
    std::fs::write(&floats, Gguf::model().bytes()).expect("written");
    assert!(matches!(begin(&floats, &cache, &without_rest()), (path, None) if path == floats));
    assert!(matches!(begin(&copy, &cache, &without_rest()), (path, None) if path == copy));
}

#[test]
fn a_damaged_copy_is_noticed_and_written_again_while_the_source_answers() {
    let (_folder, source, cache) = small();
    let copy = made(begin(&source, &cache, &without_rest()).1);
    let whole = std::fs::read(&copy).expect("read");
    let mut bytes = whole.clone();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&copy, bytes).expect("written");
    let (path, repacking) = begin(&source, &cache, &without_rest());
    assert_eq!(path, source);
    assert_eq!(made(repacking), copy);
    assert_eq!(std::fs::read(&copy).expect("read"), whole);
}

#[test]
fn a_folder_that_cannot_be_written_is_told_and_the_source_is_used() {
    let (_folder, source, _) = small();
    let nowhere = source.join("not a folder");
    let (path, repacking) = begin(&source, &nowhere, &without_rest());
    assert_eq!(path, source);
    let RepackingState::Failed(why) = repacking.expect("it tries").wait() else { panic!("it cannot be written") };
    assert!(why.contains("could not be written") && why.contains("check the space left"), "{why}");
    logits(&path);
}

#[test]
fn a_cancel_ends_a_rest_and_leaves_nothing_half_written() {
    let (_folder, source, cache) = small();
    let (_, repacking) = begin(&source, &cache, &with_endless_rest());
    let repacking = repacking.expect("there is no copy yet");
    wait_until_half_way(&repacking);
    assert_eq!(ending(&cache, ".part").len(), 1);
    repacking.cancel();
    assert_eq!(repacking.wait(), RepackingState::Cancelled);
    assert!(ending(&cache, ".part").is_empty() && ending(&cache, ".gguf").is_empty());
}

/// Until some of it is written; how much may be written is bounded by the rest that follows.
fn wait_until_half_way(repacking: &Repacking) {
    loop {
        match repacking.state() {
            RepackingState::Writing { done_bytes, all_bytes } if done_bytes > 0 => {
                assert!(done_bytes < all_bytes);
                return;
            }
            RepackingState::Writing { .. } => std::thread::yield_now(),
            other => panic!("it rests for ever: {other:?}"),
        }
    }
}

#[test]
fn of_two_writers_one_writes() {
    let (_folder, source, cache) = small();
    let (_, first) = begin(&source, &cache, &with_endless_rest());
    let first = first.expect("there is no copy yet");
    wait_until_half_way(&first);
    let (path, second) = begin(&source, &cache, &without_rest());
    assert_eq!(path, source);
    assert_eq!(second.expect("there is no copy yet").wait(), RepackingState::Elsewhere);
    // What the first is at was not touched.
    assert_eq!(ending(&cache, ".part").len(), 1);
    first.cancel();
    assert_eq!(first.wait(), RepackingState::Cancelled);
    made(begin(&source, &cache, &without_rest()).1);
}

/// Not a test of its own: what [`a_writer_that_is_killed_leaves_nothing_that_counts`] starts and kills.
#[test]
fn writer_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let (_, repacking) = begin(&folder.join("in.gguf"), &folder.join("cache"), &with_endless_rest());
    wait_until_half_way(repacking.as_ref().expect("there is no copy yet"));
    println!("\nhalf way");
    let _ = repacking.expect("there is no copy yet").wait();
}

#[test]
fn a_writer_that_is_killed_leaves_nothing_that_counts() {
    let (folder, source, cache) = small();
    let mut writer = Command::new(std::env::current_exe().expect("this program"))
        .args(["writer_to_be_killed", "--exact", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let lines = BufReader::new(writer.stdout.take().expect("its words")).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "half way"), "it gets half way");
    writer.kill().expect("killed");
    writer.wait().expect("ended");
    assert_eq!((ending(&cache, ".part").len(), ending(&cache, ".gguf").len()), (1, 0));
    // The next one takes nothing of it for a copy, is not kept from writing, and clears it away.
    let (path, repacking) = begin(&source, &cache, &without_rest());
    assert_eq!(path, source);
    let copy = made(repacking);
    assert_eq!((ending(&cache, ".part").len(), ending(&cache, ".gguf")), (0, vec![copy.clone()]));
    assert_eq!(logits(&copy), logits(&source));
}
