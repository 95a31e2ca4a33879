//! The built command, as a person or a script meets it.

use std::{
    path::Path,
    process::{Command, Output},
};

fn reme(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_reme"))
        .args(words)
        .current_dir(folder)
        .env("REME_KEYS", "file") // no test leaves a key in somebody's keyring
        .output()
        .expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn answers_are_judged_and_a_broken_line_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let good = "{\"id\":\"a1\",\"question\":\"买了什么？\",\"expected\":\"毛巾\",\"aliases\":[],\"context\":null,\"answer\":\"毛巾吧\"}";
    std::fs::write(dir.path().join("a.jsonl"), format!("{good}\n{{\"id\": 3}}\n")).expect("written");
    let ended = reme(dir.path(), &["eval", "answers", "a.jsonl"]);
    assert_eq!(text(&ended.stdout), "{\"id\":\"a1\",\"label\":\"correct\"}\n");
    assert_eq!(ended.status.code(), Some(3));
    assert!(text(&ended.stderr).contains("line 2: `id` must be a text"), "{}", text(&ended.stderr));
}

#[test]
fn queries_are_ranked() {
    let dir = tempfile::tempdir().expect("a folder");
    let memory = "{\"id\":\"m1\",\"kind\":\"episode\",\"happened_at\":\"2026-02-01\",\"recorded_at\":\"2026-02-01T20:00\",\"text\":\"Painted the shed blue.\",\"people\":[],\"place\":null,\"tags\":[],\"source\":\"patient\"}";
    std::fs::write(dir.path().join("m.jsonl"), memory).expect("written");
    std::fs::write(
        dir.path().join("q.jsonl"),
        "{\"id\":\"q1\",\"query\":\"When did I paint the shed?\",\"now\":\"2026-03-01T10:00\",\"rule\":null}",
    )
    .expect("written");
    let ended = reme(dir.path(), &["eval", "queries", "q.jsonl", "--memories", "m.jsonl"]);
    let said: serde_json::Value = serde_json::from_str(&text(&ended.stdout)).expect("one object");
    assert_eq!((&said["id"], &said["ranked"]), (&"q1".into(), &serde_json::json!(["m1"])));
    assert_eq!((&said["answer"], &said["cited"]), (&"2026-02-01".into(), &serde_json::json!(["m1"])));
    assert!(ended.status.success());
}

#[test]
fn a_missing_file_and_a_wrong_word_have_their_own_exit_codes() {
    let dir = tempfile::tempdir().expect("a folder");
    let missing = reme(dir.path(), &["eval", "answers", "none.jsonl"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).contains("none.jsonl could not be read"));
    assert_eq!(reme(dir.path(), &["evaluate"]).status.code(), Some(2));
    std::fs::write(dir.path().join("latin.jsonl"), b"{\"id\":\"caf\xe9\"}").expect("written");
    let broken = reme(dir.path(), &["eval", "answers", "latin.jsonl"]);
    assert!(text(&broken.stderr).contains("not UTF-8 text (line 1)"));
}

#[test]
fn a_truncated_model_file_is_refused_with_its_name() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("cut.gguf"), b"GGUF\x03\0\0\0").expect("written");
    let ended = reme(dir.path(), &["model", "chat", "--model", "cut.gguf"]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(text(&ended.stderr).contains("cut.gguf"), "{}", text(&ended.stderr));
}

#[test]
fn completions_name_the_commands() {
    let dir = tempfile::tempdir().expect("a folder");
    assert!(text(&reme(dir.path(), &["completions", "bash"]).stdout).contains("eval"));
}

#[test]
fn memories_are_added_found_exported_and_erased() {
    let dir = tempfile::tempdir().expect("a folder");
    let run = |words: &[&str]| reme(dir.path(), &[&["--data", "data"], words].concat());
    assert!(text(&run(&["memory", "list"]).stderr).contains("reme patient add"));
    assert_eq!(text(&run(&["patient", "add", "Hedda", "--zone", "Europe/Oslo"]).stdout), "hedda\n");
    let added = run(&["memory", "add", "We painted the boat green.", "--when", "2026-05-02", "--with", "Joan"]);
    assert!(text(&added.stdout).contains("? What did you paint? → the boat green"), "{}", text(&added.stdout));
    let bad = run(&["memory", "add", "x", "--when", "May"]);
    assert!(bad.status.code() == Some(1) && text(&bad.stderr).contains("--when May"));
    std::fs::write(dir.path().join("m.jsonl"), "{broken\n{\"id\":\"i1\",\"kind\":\"fact\",\"happened_at\":null,\"recorded_at\":\"2026-01-01\",\"text\":\"Allergic to nuts.\",\"people\":[],\"place\":null,\"tags\":[],\"source\":\"caregiver\"}\n").expect("written");
    let imported = run(&["memory", "import", "m.jsonl"]);
    assert_eq!(imported.status.code(), Some(3));
    assert!(
        text(&imported.stderr).contains("line 1") && text(&imported.stderr).contains("1 kept"),
        "{}",
        text(&imported.stderr)
    );
    assert!(text(&run(&["memory", "search", "Am I allergic to nuts?"]).stdout).contains("Allergic to nuts."));
    assert_eq!(text(&run(&["--json", "memory", "list"]).stdout).lines().count(), 2);
    assert!(run(&["export", "out.zip"]).status.success() && dir.path().join("out.zip").is_file());
    assert!(text(&run(&["export", "out.zip"]).stderr).contains("is there already"));
    assert_eq!(run(&["erase", "--confirm", "Nobody"]).status.code(), Some(1));
    assert!(run(&["erase", "--confirm", "Hedda"]).status.success());
    assert!(!dir.path().join("data/patients/hedda").exists());
}
