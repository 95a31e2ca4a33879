//! Whole sessions, in both languages.

use reme::Begun;
use reme_types::Language;

use crate::support::Table;

#[test]
fn one_detail_at_once_one_after_a_hint_and_one_only_after_the_photo() {
    for (language, freely, nothing_more, hinted) in [
        (Language::En, "Oh, there were waffles, I know that.", "No, that's all.", "It was my daughter."),
        (Language::ZhCn, "哦，吃了豆花，这个我记得。", "没有了。", "是我女儿。"),
    ] {
        let mut table = Table::with_memories(language);
        assert_eq!(table.begin(), Begun::New);
        let opening = table.now();
        assert_eq!(
            (opening.game_slug.as_str(), opening.game_number, opening.language.as_str()),
            ("life-recall", 1, language.tag())
        );
        table.pass_example();
        table.text(freely);
        table.text(nothing_more);
        let asked = table.last_line().to_owned();
        table.text(hinted);
        assert_eq!(table.recalled().len(), 2, "{asked} {}", table.last_line());
        while !table.sees_whole_photo() {
            assert!(table.now().lines.iter().all(|line| line.photo.as_ref().is_none_or(|p| p.blurred)));
            table.press("hint");
        }
        let photo = table.now().lines.last().and_then(|line| line.photo.clone()).expect("seen");
        assert!(
            photo.url.starts_with(&format!("/api/patients/{}/media/", table.slug))
                && photo.url.ends_with("?size=screen")
        );
        for secret in ["waffles", "Signe", "Orrin", "豆花", "丽华", "青石湖"] {
            assert!(!photo.alt.contains(secret));
        }
        table.text(if language == Language::En { "At Lake Orrin!" } else { "青石湖呀！" });
        let rungs: Vec<(String, u8)> = table.recalled().into_iter().map(|(_, verdict, rung)| (verdict, rung)).collect();
        let correct = |rung: u8| ("correct".to_owned(), rung);
        assert_eq!(rungs, [correct(0), correct(2), correct(6)], "{language}");
        let by: Vec<String> = table.trials().into_iter().filter(|t| !t.practice).map(|t| t.matched_by).collect();
        assert_eq!(by[1], "relation", "my daughter is Signe");
        assert_eq!(table.now().game_number, 2, "the conversation is over and the next game has begun");
        assert!(table.now().lines[0].who == "patient", "what was said last in the game before is not lost");
        play_on(&mut table);
        let summary = table.now().summary.clone().expect("ended");
        assert_eq!((table.now().state.as_str(), summary.games.len()), ("done", 3));
        assert!(summary.recalled >= 3 && summary.minutes >= 1 && !summary.text.is_empty());
        let progress = table.companion.progress(language).expect("read");
        assert_eq!((progress.rungs[0], progress.rungs[2], progress.rungs[6]), (1, 1, 1));
        assert_eq!(progress.sessions[0].state, "done");
    }
}

/// Right answers to sums and colours, to the end.
pub(crate) fn play_on(table: &mut Table) {
    for _ in 0..200 {
        if !table.is_running() {
            return;
        }
        table.clock.advance(5);
        right_answer(table);
    }
    panic!("the session does not end: {:?}", table.now());
}

/// What somebody who is good at sums and colours would do.
fn right_answer(table: &mut Table) {
    let session = table.now().clone();
    match (session.stimulus, session.input.as_str()) {
        (Some(stimulus), "choice") => {
            let right =
                session.choices.iter().find(|choice| choice.swatch == stimulus.ink).expect("its swatch is there");
            let value = right.value.clone();
            table.send("tap", &value);
        }
        (Some(stimulus), "number") => {
            let sum = stimulus.text;
            table.text(&result(&sum).to_string());
        }
        (None, "number") => {
            let line = table.last_line().to_owned();
            let figures: Vec<i64> =
                line.split(|c: char| !c.is_ascii_digit()).filter_map(|figure| figure.parse().ok()).collect();
            // "What is 33 take away 2?", 33减2
            let answer = figures.first().copied().unwrap_or(0) - figures.get(1).copied().unwrap_or(0);
            table.text(&answer.to_string());
        }
        (_, "choice") => {
            let value = session.choices[0].value.clone();
            table.send("tap", &value);
        }
        _ => {
            table.press("skip");
        }
    }
}

fn result(sum: &str) -> i64 {
    let figures: Vec<i64> = sum.split(|c: char| !c.is_ascii_digit()).filter_map(|f| f.parse().ok()).collect();
    if sum.contains('−') { figures[0] - figures[1] } else { figures.iter().sum() }
}

#[test]
fn a_session_closed_in_the_middle_goes_on_at_the_same_question() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.pass_example();
    table.text("Waffles!");
    let before = table.now().clone();
    table = table.reopen();
    table.clock.advance(26 * 3600);
    assert_eq!(table.begin(), Begun::Resumed);
    assert_eq!(table.now(), &before, "the same words, the same question, a day later");
    let home = table.companion.home().expect("read");
    assert!(home.resumable && home.blocked.is_none() && home.games.len() == 3, "{home:?}");
    // A day in between is no time played.
    table.press("stop");
    assert_eq!(table.now().summary.as_ref().map(|s| s.minutes), Some(2));
}

/// A game of a clinician: sums, under a name of its own.
fn market_sums() -> reme_games::Bundle {
    let mut files = reme_games::Bundle::builtin_files("mental-arithmetic").expect("it ships");
    let template = String::from_utf8(files["template.toml"].clone()).expect("text");
    files.insert(
        "template.toml".into(),
        template.replace(r#"id = "mental-arithmetic""#, r#"id = "market-sums""#).into(),
    );
    for path in ["strings/en.ftl", "strings/zh-CN.ftl"] {
        let text = String::from_utf8(files[path].clone()).expect("text");
        let titled: Vec<&str> =
            text.lines().map(|line| if line.starts_with("title =") { "title = At the market" } else { line }).collect();
        files.insert(path.into(), titled.join("\n").into());
    }
    let (bundle, diagnostics) = reme_games::Bundle::load(&files, None);
    bundle.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

#[test]
fn a_game_written_by_a_clinician_is_planned_played_and_gone_on_with() {
    let mut table = Table::new(Language::En);
    let library = reme_games::Library::of([market_sums()]);
    table = table.reopen_with(library.clone());
    assert_eq!(table.companion.plan().expect("read").games[0].title, "At the market");
    table.begin();
    assert_eq!((table.now().game_slug.as_str(), table.now().game.as_str()), ("market-sums", "At the market"));
    right_answer(&mut table);
    let before = table.now().clone();
    table = table.reopen_with(library);
    assert_eq!(table.begin(), Begun::Resumed);
    assert_eq!(table.now(), &before);
    while table.is_running() {
        right_answer(&mut table);
    }
    let trials = table.trials();
    assert!(!trials.is_empty() && trials.iter().all(|trial| trial.game == "market-sums"), "{trials:?}");
}

#[test]
fn the_second_session_has_no_example_and_another_memory_waits_its_turn() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.pass_example();
    table.text("Signe and I had waffles at Lake Orrin.");
    assert_eq!(table.recalled().len(), 3, "all three at once");
    play_on(&mut table);
    table.clock.advance(24 * 3600);
    assert_eq!(table.begin(), Begun::New);
    while table.is_running() && table.now().game_slug != "life-recall" {
        right_answer(&mut table);
    }
    assert!(!table.last_line().contains("Who came by"), "{}", table.last_line());
    assert!(table.last_line().contains("2 March 2026"), "{}", table.last_line());
}

#[test]
fn a_session_never_ends_on_the_conversation_which_cannot_close_on_an_easy_item() {
    let mut table = Table::with_memories(Language::En);
    table.begin();
    table.pass_example();
    table.text("Signe and I had waffles at Lake Orrin.");
    for _ in 0..200 {
        if table.is_running() {
            table.press("skip");
        }
    }
    // Memory is now what goes best, so that by need alone it would come last.
    table.clock.advance(24 * 3600);
    let games = table.companion.home().expect("read").games;
    assert_eq!((games.len(), games[0].as_str()), (3, "Memories of my life"), "{games:?}");
}

#[test]
fn right_at_level_two_leads_to_three_errors_lead_down_and_the_plan_holds() {
    for (right, bounds, level) in [(true, (1, 5), 3), (false, (1, 5), 1), (true, (1, 2), 2), (false, (2, 5), 2)] {
        let mut table = Table::new(Language::En);
        table.only("colour-words", 2, bounds.1);
        table.begin();
        for _ in 0..60 {
            if !table.is_running() {
                break;
            }
            let session = table.now().clone();
            let ink = session.stimulus.and_then(|s| s.ink);
            let choice = session.choices.iter().find(|c| (c.swatch == ink) == right).expect("one of them");
            let value = choice.value.clone();
            table.send("tap", &value);
        }
        assert_eq!(table.now().state, "done");
        assert!(table.trials().iter().any(|t| t.level == 2 && !t.practice));
        table.only("colour-words", bounds.0, bounds.1);
        table.clock.advance(24 * 3600);
        assert_eq!(table.begin(), Begun::New);
        for _ in 0..5 {
            let value = table.now().choices[0].value.clone();
            table.send("tap", &value);
        }
        let counting = table.trials().into_iter().find(|t| !t.practice).expect("past the practice");
        assert_eq!(counting.level, level, "all right: {right}, bounds {bounds:?}");
    }
}

#[test]
fn choices_are_of_the_same_kind_from_other_memories_and_hold_the_answer_once() {
    let mut table = Table::with_memories(Language::En);
    let sad = reme::dto::MemoryInputDto { sensitive: true, text: "We had trout at the funeral.".into(), ..sad_note() };
    table.companion.create_memory(&sad).expect("kept");
    table.begin();
    table.pass_example();
    table.text("nothing");
    let mut seen = Vec::new();
    for _ in 0..40 {
        if !table.is_running() || table.now().game_number > 1 {
            break;
        }
        if table.now().input == "choice" {
            seen.push(table.now().choices.iter().map(|c| c.label.clone()).collect::<Vec<_>>());
        }
        table.press("hint");
    }
    assert!(!seen.is_empty());
    for labels in seen {
        assert_eq!(labels.len(), 3, "{labels:?}");
        let right = ["waffles", "Signe", "Lake Orrin"].iter().filter(|a| labels.iter().any(|l| l == *a)).count();
        assert_eq!(right, 1, "{labels:?}");
        assert!(!labels.iter().any(|l| l == "trout" || l == "the chapel"), "nothing of a sensitive memory: {labels:?}");
    }
}

fn sad_note() -> reme::dto::MemoryInputDto {
    reme::dto::MemoryInputDto {
        kind: "episode".into(),
        happened_at: Some("2026-03-03".into()),
        text: String::new(),
        people: vec![],
        place: None,
        tags: vec![],
        source: "caregiver".into(),
        sensitive: false,
        media: vec![],
        facts: Some(vec![reme::dto::FactDto {
            id: None,
            kind: "food".into(),
            question: "What was there to eat?".into(),
            answer: "trout".into(),
            aliases: vec![],
            meaning_cue: None,
            origin: "person".into(),
            confirmed: true,
        }]),
    }
}
