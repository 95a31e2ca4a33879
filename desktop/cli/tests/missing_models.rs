//! Each model missing, in turn: what needs it says what is missing and how to get it, and a session goes on in writing.

mod server;

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use reme_models::Manifest;
use server::text;

/// The machine's models, all of them, or `None` when it was told to test without.
#[allow(clippy::disallowed_methods, reason = "the test asks the environment where model files lie")]
fn models() -> Option<PathBuf> {
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let data = var("XDG_DATA_HOME").or_else(|| Some(var("HOME")?.join(".local/share")));
    let folders = [var("REME_MODELS_DIR"), data.map(|data| data.join("reme/models"))];
    let has_all = |folder: &PathBuf| Manifest::builtin().models.iter().all(|model| folder.join(&model.file).exists());
    let found = folders.into_iter().flatten().find(has_all);
    if found.is_none() && std::env::var_os("REME_TEST_WITHOUT_MODELS").is_none_or(|v| v != "1") {
        panic!("a model is missing: run `cargo xtask models`, or set REME_TEST_WITHOUT_MODELS=1");
    }
    found
}

/// A home of its own whose models are those of the machine, and whose one patient has a plan.
struct Home {
    dir: tempfile::TempDir,
    models: PathBuf,
}

impl Home {
    fn new(machines: &Path) -> Self {
        let dir = tempfile::tempdir().expect("a folder");
        let models = dir.path().join("share/reme/models");
        fs::create_dir_all(&models).expect("made");
        let home = Self { dir, models };
        for model in Manifest::builtin().models {
            symlink(machines.join(&model.file), home.models.join(&model.file)).expect("linked");
        }
        let added = home.run(&["patient", "add", "Hedda", "--lang", "en", "--zone", "Europe/Oslo"], "");
        assert!(added.status.success(), "{}", text(&added.stderr));
        let told =
            home.run(&["memory", "add", "Signe and I had waffles up at Lake Orrin.", "--when", "2025-03-02"], "");
        assert!(told.status.success(), "{}", text(&told.stderr));
        home
    }

    fn run(&self, words: &[&str], typed: &str) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_reme"))
            .env_remove("REME_MODELS_DIR")
            .env("REME_KEYS", "file")
            .env("XDG_DATA_HOME", self.dir.path().join("share"))
            .env("XDG_CACHE_HOME", self.dir.path().join("cache"))
            .args(words)
            .current_dir(self.dir.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        // A command that ends early closes its end; what it says is asserted below.
        let _ = child.stdin.take().expect("piped").write_all(typed.as_bytes());
        child.wait_with_output().expect("it ends")
    }

    /// What happens while that model is not there.
    fn without<T>(&self, file: &str, what: impl FnOnce() -> T) -> T {
        let (path, aside) = (self.models.join(file), self.dir.path().join("aside"));
        fs::rename(&path, &aside).expect("put aside");
        let done = what();
        fs::rename(&aside, &path).expect("put back");
        done
    }
}

fn fixture(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path).to_string_lossy().into_owned()
}

#[test]
fn each_model_missing_is_told_with_the_line_that_brings_it() {
    let Some(machines) = models() else { return };
    let home = Home::new(&machines);
    let (sound, photo) = (
        fixture("app-core/speech/tests/sounds/birthday.en.wav"),
        fixture("app-core/vision/tests/fixtures/coffee-small.jpg"),
    );
    for model in Manifest::builtin().models {
        let name = model.name.as_str();
        // What needs it, and whether it can do something without.
        let (words, goes_on): (Vec<&str>, bool) = match name {
            "tiny" | "default" => (vec!["session", "--model", name], true),
            "whisper-base" => (vec!["hear", "--language", "zh-CN", &sound], false),
            "whisper-tiny.en" => (vec!["hear", "--language", "en", "--model", name, &sound], false),
            "silero-vad" => (vec!["hear", "--language", "en", &sound], false),
            "kokoro" | "kokoro-voices" => {
                (vec!["speak", "Good morning.", "--engine", "kokoro", "--out", "a.wav"], false)
            }
            "face-detector" | "face-points" | "face-identity" | "ocr-finder" | "ocr-reader" | "ocr-characters"
            | "things" => (vec!["photo", "look", &photo], true),
            "sentences" => (vec!["memory", "search", "waffles"], true),
            // Read by the tests of sensing only.
            "basic-motions-train" | "basic-motions-test" => continue,
            other => panic!("`{other}` is new: say here what needs it"),
        };
        let ended = home.without(&model.file, || home.run(&words, ""));
        let (told, said) = (text(&ended.stderr), text(&ended.stdout));
        let brings = format!("reme model pull {}", model.set.as_deref().unwrap_or(name));
        assert!(told.contains(&brings), "{name}, {words:?}: {told}");
        assert_eq!(ended.status.success(), goes_on, "{name}: {told}");
        assert!(!goes_on || !said.trim().is_empty(), "{name} did nothing: {told}");
        let whole = home.run(&words, "");
        assert!(!text(&whole.stderr).contains("model pull"), "{name} is there: {}", text(&whole.stderr));
    }
}

#[test]
fn a_spoken_session_goes_on_in_writing_whatever_is_missing() {
    let Some(machines) = models() else { return };
    let home = Home::new(&machines);
    let whole = Manifest::builtin();
    for name in ["silero-vad", "kokoro", "kokoro-voices", "whisper-base", "tiny", "sentences"] {
        let model = whole.find(name).expect("known");
        // Without the bigger recogniser English is heard by the smaller one, so the session is Chinese.
        let lang = if name == "whisper-base" { "zh-CN" } else { "en" };
        let words = ["--json", "session", "--lang", lang, "--spoken", "--model", "tiny"];
        let ended = home.without(&model.file, || home.run(&words, "/skip\n/stop\n"));
        let (told, said) = (text(&ended.stderr), text(&ended.stdout));
        assert!(ended.status.success(), "{name}: {told}");
        let is_asked_for = name != "sentences";
        assert!(!is_asked_for || told.contains("model pull"), "{name}: {told}");
        let summary = said.lines().rfind(|line| line.starts_with('{')).unwrap_or_default();
        let summary: serde_json::Value =
            serde_json::from_str(summary).unwrap_or_else(|_| panic!("{name}: {said} {told}"));
        assert!(summary["trials"].as_array().is_some_and(|trials| !trials.is_empty()), "{name}: {summary}");
    }
}
