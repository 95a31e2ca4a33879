//! `reme game`, as an author of games meets it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn reme(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_reme")).args(words).current_dir(root()).output().expect("the command starts")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

#[test]
fn games_are_listed_in_both_languages_and_as_json() {
    let listed = text(&reme(&["game", "list"]).stdout);
    assert!(listed.contains("life-recall") && listed.contains("Sums in the head"), "{listed}");
    let rows = text(&reme(&["--json", "game", "list", "--lang", "zh-CN"]).stdout);
    let rows: Vec<serde_json::Value> = rows.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((rows.len(), &rows[0]["title"], &rows[0]["memories"]), (3, &"我的往事".into(), &1.into()));
}

#[test]
fn what_ships_is_in_order_and_the_shared_lines_do_not_get_in_the_way() {
    let folders =
        ["life-recall", "mental-arithmetic", "colour-words", "_session"].map(|g| format!("game-templates/{g}"));
    let words: Vec<&str> = ["game", "check"].into_iter().chain(folders.iter().map(String::as_str)).collect();
    let checked = reme(&words);
    assert_eq!((checked.status.code(), text(&checked.stdout).matches("in order").count()), (Some(0), 3));
}

#[test]
fn a_template_with_ten_faults_gives_ten_lines_on_standard_error_and_exit_code_one() {
    let folder = "app-core/games/tests/games/ten-faults";
    let checked = reme(&["game", "check", folder, "game-templates/colour-words"]);
    assert_eq!(checked.status.code(), Some(1));
    let errors = text(&checked.stderr);
    assert_eq!(errors.lines().filter(|line| line.contains(": error: ")).count(), 10, "{errors}");
    assert!(errors.contains("ten-faults/template.toml:4:11: error: version: "), "{errors}");
    assert!(errors.contains("1 of 2 templates cannot be used as they are"), "{errors}");
    assert!(text(&checked.stdout).contains("colour-words: in order"));
    let row: serde_json::Value =
        serde_json::from_slice(&reme(&["--json", "game", "check", folder]).stdout).expect("JSON");
    assert_eq!((&row["errors"], &row["diagnostics"][0]["line"]), (&10.into(), &4.into()));
    assert_eq!(reme(&["game", "simulate", folder]).status.code(), Some(1));
}

#[test]
fn the_same_seed_plays_the_same_game_from_its_name_and_from_its_folder() {
    let play = |game: &str, seed: &str| {
        let played = reme(&["game", "simulate", game, "--player", "average", "--seed", seed, "--lang", "zh-CN"]);
        assert!(played.status.success(), "{}", text(&played.stderr));
        text(&played.stdout)
    };
    let first = play("life-recall", "7");
    assert!(first.contains("您还记得些什么？") && first.contains("went well"), "{first}");
    assert_eq!(first, play("life-recall", "7"));
    assert_eq!(first, play("game-templates/life-recall", "7"));
    assert_ne!(first, play("life-recall", "8"));
    let report = reme(&["--json", "game", "simulate", "colour-words", "--player", "perfect", "--level", "1"]);
    let report: serde_json::Value = serde_json::from_slice(&report.stdout).expect("JSON");
    assert_eq!((&report["success_rate"], &report["summary"]["next_level"]), (&1.0.into(), &2.into()));
}

#[test]
fn an_unknown_game_is_named_with_those_there_are() {
    let ended = reme(&["game", "simulate", "chess"]);
    assert_eq!(ended.status.code(), Some(1));
    let error = text(&ended.stderr);
    assert!(error.contains("`chess`") && error.contains("life-recall, mental-arithmetic, colour-words"), "{error}");
}

#[test]
fn the_schema_is_json_with_the_fields_of_a_template() {
    let schema: serde_json::Value = serde_json::from_slice(&reme(&["game", "schema"]).stdout).expect("JSON");
    assert!(schema["properties"]["levels"].is_object());
}
