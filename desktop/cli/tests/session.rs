//! A whole session through the built command, piped, as a script or a person without a screen plays it.

use std::{
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};

fn reme(folder: &Path, words: &[&str], answers: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_reme"))
        .env("REME_KEYS", "file") // no test leaves a key in somebody's keyring
        .args(["--data", "data"])
        .args(words)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    // A command that ends early closes its end; what it says is asserted below.
    let _ = child.stdin.take().expect("piped").write_all(answers.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// A patient with one memory of three details and a photo.
fn household(folder: &Path, language: &str) {
    let photo = image::DynamicImage::new_rgb8(16, 16);
    std::fs::create_dir_all(folder.join("log/media")).expect("made");
    photo.save(folder.join("log/media/lake.png")).expect("saved");
    let fact = |kind: &str, question: &str, answer: &str, hint: &str| json!({"kind": kind, "question": question, "answer": answer, "aliases": [], "meaning_cue": hint});
    let (note, people, place, facts) = match language {
        "en" => (
            "Signe and I had waffles up at Lake Orrin.",
            "Signe",
            "Lake Orrin",
            [
                fact("food", "What did you eat?", "waffles", "something flat, from a hot iron"),
                fact("person", "Who was with you?", "Signe", "somebody from the family"),
                fact("place", "Where were you?", "Lake Orrin", "a place by the water"),
            ],
        ),
        _ => (
            "我跟丽华在青石湖边吃了豆花。",
            "丽华",
            "青石湖",
            [
                fact("food", "您那天吃了什么？", "豆花", "一样又软又嫩的东西"),
                fact("person", "那天谁陪您去的？", "丽华", "家里的人"),
                fact("place", "您那天去了哪里？", "青石湖", "一个有水的地方"),
            ],
        ),
    };
    let line = json!({
        "id": "m1", "kind": "episode", "happened_at": "2025-03-02", "recorded_at": "2025-03-02T20:00", "text": note,
        "people": [people], "place": place, "tags": [], "source": "caregiver", "media": ["media/lake.png"], "facts": facts,
    });
    std::fs::write(folder.join("log/memories.jsonl"), format!("{line}\n")).expect("written");
    assert!(
        reme(folder, &["patient", "add", "Hedda", "--lang", language, "--zone", "Europe/Oslo"], "").status.success()
    );
    let imported = reme(folder, &["memory", "import", "log"], "");
    assert!(imported.status.success(), "{}", text(&imported.stderr));
}

fn rungs(summary: &Value) -> Vec<(Value, Value)> {
    let trials = summary["trials"].as_array().expect("trials").iter();
    let own = trials.filter(|t| t["game"] == "life-recall" && t["practice"] == false);
    own.map(|t| (t["verdict"].clone(), t["rung"].clone())).collect()
}

#[test]
fn a_piped_script_plays_a_whole_session_and_the_log_holds_its_rungs() {
    let scripts = [
        (
            "en",
            "/skip\nOh, there were waffles.\nno, that's all\nSigne, my daughter\n",
            "At Lake Orrin!\n",
            "[A photo of that day]",
        ),
        ("zh-CN", "跳过\n吃了豆花。\n没有了\n丽华陪我去的\n", "青石湖\n", "[那天的照片]"),
    ];
    for (language, before, after, photo) in scripts {
        let dir = tempfile::tempdir().expect("a folder");
        household(dir.path(), language);
        // Hints until the photo is there: first sound, a part of the photo, the whole of it.
        let script = format!("{before}/hint\n/hint\n/hint\n{after}");
        let first = reme(dir.path(), &["session"], &script);
        let (said, told) = (text(&first.stdout), text(&first.stderr));
        assert!(first.status.success() && said.contains(photo), "{said}{told}");
        assert!(told.contains("reme session"), "half done, and it says how it goes on: {told}");
        // The rest is skipped; the summary is all there is on standard output.
        let rest = reme(dir.path(), &["--json", "session"], &"/skip\n".repeat(80));
        assert!(rest.status.success(), "{}", text(&rest.stderr));
        let summary: Value = serde_json::from_str(&text(&rest.stdout)).expect("one object");
        assert_eq!((&summary["state"], &summary["language"]), (&json!("done"), &json!(language)));
        let correct = |rung: u8| (json!("correct"), json!(rung));
        assert_eq!(rungs(&summary), [correct(0), correct(2), correct(6)], "{said}");
        assert!(summary["lines"]["template"].as_u64().is_some_and(|lines| lines > 20));
        assert_eq!(summary["replaced_rate"], Value::Null, "no model worded anything");
    }
}

#[test]
fn without_colours_the_ink_is_named_and_choices_are_numbered() {
    let dir = tempfile::tempdir().expect("a folder");
    household(dir.path(), "en");
    let played = reme(dir.path(), &["session"], &"/skip\n".repeat(80));
    let said = text(&played.stdout);
    let word = said.lines().find(|line| line.contains(", written in ")).expect("a colour word");
    assert!(!said.contains('\u{1b}'), "no colours in a pipe");
    assert!(["red", "green", "blue", "black"].iter().any(|ink| word.ends_with(&format!("{ink} ink"))), "{word}");
    assert!(said.contains("    1 red") && said.contains("    4 black"), "{said}");
    assert!(said.trim_end().ends_with("Have a lovely day."), "{said}");
}

#[test]
fn stop_is_kept_and_an_unknown_patient_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    household(dir.path(), "en");
    let stopped = reme(dir.path(), &["--json", "session"], "/stop\n");
    let summary: Value = serde_json::from_str(&text(&stopped.stdout)).expect("one object");
    assert_eq!(summary["state"], "stopped");
    let unknown = reme(dir.path(), &["--patient", "nobody", "session"], "");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("there is hedda"), "{}", text(&unknown.stderr));
}
