//! Mental arithmetic and colour words, driven by hand.

use reme_games::{Action, EventKind, Practice, ReadAs, Setup, Stimulus};
use reme_types::{Intent, Language, Reading, Verdict};

use crate::table::{Table, answered};

fn begin(slug: &str, level: u8, practice: Practice) -> Table {
    let mut setup = Setup::new(Language::En, level, 7);
    setup.practice = practice;
    Table::new(slug, setup)
}

fn expected(table: &Table) -> f64 {
    match table.prompt().reads {
        ReadAs::Number { expected } => expected,
        ref other => panic!("a number was to be asked for, not {other:?}"),
    }
}

fn data(table: &Table, key: &str) -> serde_json::Value {
    let outcome = table.outcomes.last().expect("a trial");
    serde_json::from_str::<serde_json::Value>(&outcome.data).expect("JSON")[key].clone()
}

/// To the first step of subtraction, with every shopping sum right.
fn at_the_steps(level: u8) -> Table {
    let mut table = begin("mental-arithmetic", level, Practice::Leave);
    while !table.said().contains("subtract-instruction") {
        let right = expected(&table);
        table.number(right);
    }
    table
}

#[test]
fn practice_comes_first_and_does_not_count() {
    let mut table = begin("mental-arithmetic", 2, Practice::Play);
    assert_eq!(table.said(), "open try-out subtract-first");
    let right = expected(&table);
    table.number(right);
    assert!(table.outcomes[0].practice);
    let mut told = begin("mental-arithmetic", 2, Practice::Play);
    let right = expected(&told);
    assert_eq!(told.number(right + 1.0).first_said(), "subtract-tell", "practice shows how it goes");
    assert!(table.said().ends_with("shopping-instruction shopping-total"), "{}", table.said());
}

#[test]
fn the_first_item_is_easy_whatever_the_level() {
    let table = begin("mental-arithmetic", 6, Practice::Leave);
    assert_eq!(table.said(), "open shopping-instruction shopping-total");
    assert!(expected(&table) <= 12.0, "two prices of at most six");
}

#[test]
fn each_step_is_judged_against_the_answer_before() {
    let mut table = at_the_steps(4);
    let start = expected(&table) + 7.0;
    table.number(start - 8.0);
    assert_eq!(table.said(), "sum-thanks subtract-from");
    assert_eq!(table.outcomes.last().expect("one").verdict, Verdict::Incorrect);
    assert_eq!(expected(&table), start - 15.0, "one slip is not held against the next step");
    table.number(start - 15.0);
    assert_eq!((table.second_said(), data(&table, "from")), ("subtract-next", ((start - 8.0) as i64).into()));
}

#[test]
fn a_number_that_nothing_can_be_taken_from_is_not_gone_on_from() {
    for odd in [999.0, -4.0, 3.0] {
        let mut table = at_the_steps(4);
        let right = expected(&table);
        table.number(odd);
        assert_eq!(expected(&table), right - 7.0, "{odd}");
    }
}

#[test]
fn a_hint_goes_down_to_the_ten_first_and_never_names_the_result() {
    for seed in 0..40 {
        let mut setup = Setup::new(Language::En, 4, seed);
        setup.practice = Practice::Leave;
        let mut table = Table::new("mental-arithmetic", setup);
        while table.state.summary().is_none() {
            let right = expected(&table);
            table.step(EventKind::Hint);
            let line = table.lines().pop().expect("a hint");
            let figures: Vec<&str> = line.split(|c: char| !c.is_ascii_digit()).collect();
            assert!(!figures.contains(&right.to_string().as_str()), "{line} gives {right} away");
            table.number(right);
            assert_eq!(data(&table, "hinted"), true);
        }
    }
}

#[test]
fn what_is_forgotten_brings_a_hint_and_then_the_result() {
    let mut table = at_the_steps(4);
    let right = expected(&table);
    assert_eq!(table.intent(Intent::Forgot).actions.iter().filter(|a| matches!(a, Action::Record(_))).count(), 0);
    table.intent(Intent::Forgot);
    assert_eq!(table.said(), "subtract-tell subtract-from");
    assert_eq!((table.outcomes.last().expect("one").verdict, expected(&table)), (Verdict::NoAnswer, right - 7.0));
}

#[test]
fn words_without_a_number_bring_the_question_again_once() {
    let mut table = begin("mental-arithmetic", 3, Practice::Leave);
    assert_eq!(table.intent(Intent::OffTopic).said(), "sum-number shopping-total");
    assert_eq!(table.intent(Intent::OffTopic).said(), "shopping-hint-total");
}

#[test]
fn two_errors_in_a_row_ease_the_steps_and_it_says_so() {
    let mut table = at_the_steps(4);
    for _ in 0..2 {
        let right = expected(&table);
        table.number(right - 1.0);
    }
    assert_eq!((table.said(), table.state.level()), ("sum-thanks ease subtract-from".to_owned(), 3));
    let right = expected(&table);
    table.number(right);
    assert_eq!(data(&table, "subtract"), 3);
}

#[test]
fn a_game_that_ended_on_a_miss_closes_with_one_easy_item() {
    let mut table = at_the_steps(4);
    for _ in 0..5 {
        table.step(EventKind::Skip);
    }
    assert!(table.state.summary().is_none());
    let right = expected(&table);
    let counted = table.outcomes.iter().filter(|outcome| !outcome.practice).count();
    table.number(right);
    assert!(table.said().ends_with("close-success"), "{}", table.said());
    let summary = table.state.summary().expect("over");
    assert_eq!((usize::from(summary.trials), table.outcomes.last().expect("one").practice), (counted, true));
}

fn ink(table: &Table) -> String {
    match &table.prompt().reads {
        ReadAs::Choice { expected, .. } => expected.clone(),
        other => panic!("a choice was to be asked for, not {other:?}"),
    }
}

#[test]
fn colours_are_told_in_practice_and_only_counted_after_it() {
    let mut table = begin("colour-words", 3, Practice::Play);
    assert_eq!(table.said(), "open try-out colour-ask");
    for _ in 0..2 {
        let right = ink(&table);
        assert_eq!(table.choose(&right).said(), "colour-right");
    }
    let wrong = if ink(&table) == "red" { "blue" } else { "red" };
    assert_eq!(table.choose(wrong).said(), "colour-show series-instruction colour-ask");
    let right = ink(&table);
    assert_eq!(table.choose(&right).said(), "", "no word between: the pace is the patient's");
    assert_eq!(table.outcomes.iter().filter(|outcome| outcome.practice).count(), 3);
}

#[test]
fn a_series_has_what_the_level_says_begins_easily_and_never_repeats_an_ink() {
    let mut table = begin("colour-words", 3, Practice::Leave);
    let mut inks = Vec::new();
    while table.state.summary().is_none() {
        inks.push(ink(&table));
        let right = ink(&table);
        table.choose(&right);
    }
    assert!(inks.windows(2).all(|pair| pair[0] != pair[1]), "{inks:?}");
    let conditions: Vec<String> = table
        .outcomes
        .iter()
        .map(|outcome| serde_json::from_str::<serde_json::Value>(&outcome.data).expect("JSON")["condition"].to_string())
        .collect();
    for condition in ["\"congruent\"", "\"incongruent\"", "\"neutral\""] {
        assert_eq!(conditions.iter().filter(|c| *c == condition).count(), 8, "{condition}");
    }
    assert_ne!(conditions[0], "\"incongruent\"");
    assert!(table.outcomes.iter().all(|outcome| outcome.rt_ms == Some(1_200)));
}

#[test]
fn every_word_comes_after_half_a_second_of_fixation_in_the_ink_that_is_right() {
    let table = begin("colour-words", 3, Practice::Leave);
    let shown = table.actions.iter().find_map(|action| match action {
        Action::Show(Stimulus::ColourWord { ink, fixation_ms, .. }) => Some((ink.clone(), *fixation_ms)),
        _ => None,
    });
    let right = table.prompt().choices.iter().find(|choice| choice.value == ink(&table)).expect("among them");
    assert_eq!(shown, right.swatch.clone().map(|css| (css, 500)));
    assert_eq!(table.prompt().choices.len(), 4);
}

#[test]
fn what_is_no_colour_brings_the_same_word_once_more_and_then_the_next() {
    let mut table = begin("colour-words", 3, Practice::Leave);
    let before = ink(&table);
    table.answer(Reading::of_intent(Intent::OffTopic));
    assert_eq!((table.said(), ink(&table)), ("colour-answer".to_owned(), before.clone()));
    table.choose("mauve");
    assert_eq!(table.outcomes.last().expect("one").verdict, Verdict::NoAnswer);
    assert_ne!(ink(&table), before);
}

#[test]
fn after_two_misses_fewer_words_go_against_their_colour() {
    let mut table = begin("colour-words", 5, Practice::Leave);
    for _ in 0..2 {
        let wrong = if ink(&table) == "red" { "blue" } else { "red" };
        table.choose(wrong);
    }
    assert_eq!((table.said(), table.state.level()), ("ease colour-ask".to_owned(), 4));
}

#[test]
fn stopping_ends_any_game_at_once_and_keeps_what_was_done() {
    for slug in ["mental-arithmetic", "colour-words"] {
        let mut table = begin(slug, 2, Practice::Play);
        table.step(EventKind::Skip);
        table.step(answered(Reading::of_intent(Intent::Stop)));
        assert_eq!(table.said(), "session-stopped");
        assert!(table.state.summary().is_some_and(|summary| summary.stopped && !summary.distress));
        assert_eq!(table.outcomes.len(), 1);
    }
}
