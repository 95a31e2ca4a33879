//! The life-recall conversation, driven by hand. The fixture memory: 0 Martha and Tom, 1 Heron Lake, 2 a yellow kite,
//! 3 apple pancakes, 4 an umbrella.

use reme_games::{Action, EventKind, InputKind, Practice, ReadAs, Setup};
use reme_types::{Cue, Intent, Language, PhotoView, Reading, Verdict};

use crate::table::{Table, answered, found};

#[test]
fn what_is_told_freely_is_confirmed_and_more_is_asked_for_until_the_wish_runs_out() {
    let mut table = Table::recall(3, |_, _| ());
    assert_eq!(table.said(), "open think-back-when");
    assert_eq!(table.lines()[1], "Please think back to 16 May 2026, in the afternoon. What do you remember?");
    assert_eq!(table.tell(&[2]).said(), "confirm-1 anything-else");
    assert_eq!(table.tell(&[0, 3]).said(), "confirm-several anything-else");
    assert!(table.lines()[0].contains("Martha and Tom and apple pancakes"), "{:?}", table.lines());
    assert_eq!(table.intent(Intent::NothingMore).said(), "questions question");
    assert_eq!(table.rungs(), [(Verdict::Correct, Some(Cue::Free)); 3]);
    assert_eq!(table.say(Verdict::Correct).first_said(), "confirm-3");
    assert_eq!(table.photo(), None, "an open detail could be seen on it");
    assert_eq!(table.said(), "confirm-3 recap close-success");
}

#[test]
fn everything_told_freely_ends_with_the_picture_and_a_recap() {
    let mut table = Table::recall(3, |_, _| ());
    table.tell(&[0, 1, 2, 3, 4]);
    assert_eq!(table.said(), "confirm-several picture recap close-success");
    assert_eq!(table.photo(), Some(PhotoView::Whole));
    let summary = table.state.summary().expect("over");
    assert_eq!((summary.successes, summary.trials, summary.next_level), (5, 5, 4));
}

#[test]
fn one_more_chance_to_tell_follows_an_answer_that_brought_nothing_and_then_questions() {
    let mut table = Table::recall(3, |_, _| ());
    assert_eq!(table.tell(&[]).said(), "thanks anything-else");
    assert_eq!(table.tell(&[]).said(), "questions question");
    let mut table = Table::recall(3, |_, _| ());
    assert_eq!(table.intent(Intent::OffTopic).said(), "come-back anything-else");
    let mut table = Table::recall(3, |_, _| ());
    assert_eq!(table.intent(Intent::Yes).said(), "go-on");
    for gone in [Intent::Forgot, Intent::No, Intent::NothingMore, Intent::Answer] {
        assert_eq!(Table::recall(3, |_, _| ()).intent(gone).said(), "questions question", "{gone:?}");
    }
}

/// To the question about the kite, with everybody and everything before it told.
fn at_the_kite() -> Table {
    let mut table = Table::recall(3, |_, _| ());
    table.tell(&[0, 1]).intent(Intent::NothingMore);
    assert_eq!(table.lines().last().expect("a line"), "What was flying over the water?");
    table
}

#[test]
fn each_hint_moves_up_one_rung_of_the_ladder_until_the_answer_is_told_and_repeated() {
    let mut table = at_the_kite();
    for (message, photo) in [
        ("cue-people", None),
        ("cue-meaning", None),
        ("cue-first", None),
        ("cue-blurred", Some(PhotoView::Blurred)),
        ("cue-choice", None),
        ("cue-photo", Some(PhotoView::Whole)),
        ("tell", None),
    ] {
        table.step(EventKind::Hint);
        assert_eq!((&*table.said(), table.photo()), (message, photo));
        let line = table.lines().remove(0);
        assert_eq!(line.contains("yellow kite"), message == "tell", "{line}");
    }
    assert!(matches!(table.prompt().reads, ReadAs::RepeatBack { .. }));
    table.say(Verdict::Correct);
    assert_eq!(table.first_said(), "repeated");
    let outcome = table.outcomes.last().expect("written down");
    assert_eq!((outcome.verdict, outcome.cue, outcome.score), (Verdict::NoAnswer, Some(Cue::Told), 0.0));
    let data: serde_json::Value = serde_json::from_str(&outcome.data).expect("JSON");
    assert_eq!((&data["hints"], &data["repeated"], &data["photo_seen"]), (&7.into(), &true.into(), &true.into()));
}

#[test]
fn what_is_forgotten_or_something_else_is_met_with_a_kind_word_and_the_next_cue() {
    let mut table = at_the_kite();
    assert_eq!(table.intent(Intent::Forgot).said(), "forgot-1 cue-people");
    assert_eq!(table.say(Verdict::Incorrect).said(), "not-quite-2 cue-meaning");
    assert_eq!(table.say(Verdict::NoAnswer).said(), "forgot-3 cue-first");
    table.say(Verdict::Correct);
    let outcome = table.outcomes.last().expect("written down");
    assert_eq!((outcome.verdict, outcome.cue), (Verdict::Correct, Some(Cue::FirstSound)));
    assert!((outcome.score - 4.0 / 7.0).abs() < 1e-9);
}

#[test]
fn rungs_that_do_not_apply_are_left_out() {
    let mut table = Table::recall(3, |memory, _| {
        memory.photo = None;
        memory.people.clear();
        memory.place = None;
        for fact in &mut memory.facts {
            fact.meaning_cue = None;
            fact.distractors.truncate(1);
        }
    });
    table.tell(&[0, 1]).intent(Intent::NothingMore);
    assert_eq!(table.step(EventKind::Hint).said(), "cue-first");
    assert_eq!(table.step(EventKind::Hint).said(), "tell");
}

#[test]
fn a_choice_holds_the_answer_and_two_others_and_a_tap_decides() {
    let mut table = at_the_kite();
    for _ in 0..5 {
        table.step(EventKind::Hint);
    }
    let prompt = table.prompt().clone();
    let mut labels: Vec<&str> = prompt.choices.iter().map(|choice| choice.label.as_str()).collect();
    labels.sort_unstable();
    assert_eq!((prompt.input, labels), (InputKind::Choice, vec!["a paper plane", "a red balloon", "a yellow kite"]));
    assert_eq!(table.choose("a red balloon").second_said(), "cue-photo");
    table.say(Verdict::Correct);
    assert_eq!(table.outcomes.last().expect("one").cue, Some(Cue::WholePhoto));
}

#[test]
fn a_partial_answer_is_met_with_what_is_right_and_the_rest_is_asked_for() {
    let part = |table: &Table, parts: Vec<u16>| {
        let found = reme_types::FactMatch { parts, ..found(table.fact_id(0), Verdict::Partial) };
        Reading { facts: vec![found], verdict: Verdict::Partial, ..Reading::of_intent(Intent::Answer) }
    };
    let mut table = Table::recall(3, |_, _| ());
    let reading = part(&table, vec![1]);
    assert_eq!(table.answer(reading).lines()[0], "Yes, that is part of it: Tom.");
    table.intent(Intent::NothingMore);
    let reading = part(&table, vec![1]);
    assert_eq!(table.answer(reading).said(), "part-named more-of-it");
    let reading = part(&table, vec![0]);
    table.answer(reading);
    assert_eq!(table.first_said(), "confirm-1", "with the other part it is whole");
    assert_eq!(table.outcomes[0].verdict, Verdict::Correct);

    let mut table = Table::recall(3, |_, _| ());
    table.intent(Intent::NothingMore);
    assert_eq!(table.say(Verdict::Partial).said(), "part more-of-it", "where the reader cannot tell which part");
    assert_eq!(table.say(Verdict::Partial).said(), "part cue-first");
}

#[test]
fn sadness_ends_it_at_once_and_marks_the_memory() {
    for saying in [EventKind::Distress, answered(Reading::of_intent(Intent::Distress))] {
        let mut table = Table::recall(3, |_, _| ());
        let id = table.state.memory().expect("a memory").id;
        table.step(saying);
        assert_eq!(table.said(), "session-distress");
        assert!(table.actions.contains(&Action::MarkDistress { memory_id: id }));
        assert!(table.state.summary().is_some_and(|summary| summary.distress && summary.stopped));
        assert!(table.step(EventKind::Hint).actions.is_empty(), "nothing follows");
    }
    let mut practice = Table::recall(3, |_, setup| setup.practice = Practice::Play);
    practice.step(EventKind::Distress);
    let marks = practice.actions.iter().any(|action| matches!(action, Action::MarkDistress { .. }));
    assert!(!marks, "the made-up memory is nobody's");
}

#[test]
fn skipping_leaves_a_question_and_never_comes_back_to_it() {
    let mut table = at_the_kite();
    table.step(EventKind::Skip);
    assert_eq!(table.first_said(), "leave-question");
    let data: serde_json::Value = serde_json::from_str(&table.outcomes.last().expect("one").data).expect("JSON");
    assert_eq!(data["skipped"], true);
    assert_eq!(table.lines()[1], "What did you eat on the bench?");
    table.say(Verdict::Correct);
    assert!(table.state.summary().is_some());
}

#[test]
fn skipping_a_memory_brings_another_one_where_there_is_one() {
    let mut table = Table::recall(3, |_, _| ());
    assert_eq!(table.step(EventKind::Skip).said(), "leave-memory close-warm");
    let mut table = Table::recall(3, |memory, setup| {
        let mut other = memory.clone();
        other.happened_at = "2025-12".parse().ok();
        setup.more_memories = vec![other];
    });
    assert_eq!(table.step(EventKind::Skip).lines()[1], "Please think back to December 2025. What do you remember?");
}

#[test]
fn a_told_detail_comes_back_after_thirty_seconds_and_then_after_sixty() {
    let mut table = at_the_kite();
    for _ in 0..7 {
        table.step(EventKind::Hint);
    }
    table.say(Verdict::Correct);
    assert_eq!(table.lines().last().expect("one"), "What did you eat on the bench?");
    table.step_after(31_000, answered(right()));
    assert_eq!(table.said(), "confirm-2 once-more question");
    assert_eq!(table.lines()[2], "What was flying over the water?", "the wording is the same each time");
    assert_eq!(table.say(Verdict::Correct).said(), "confirm-3 muse");
    let again = table.outcomes.last().expect("one");
    assert_eq!((again.kind.as_str(), again.cue), ("recall-again", Some(Cue::Free)));
    table.step_after(61_000, answered(Reading::of_intent(Intent::Answer)));
    assert_eq!(table.said(), "muse-thanks once-more question");
    table.intent(Intent::Forgot);
    assert_eq!(table.said(), "forgot-1 tell", "what was told is not fished for");
}

fn right() -> Reading {
    Reading { verdict: Verdict::Correct, ..Reading::of_intent(Intent::Answer) }
}

#[test]
fn two_misses_in_a_row_bring_more_help_and_the_plan_can_hold_that_back() {
    let misses = |min_level| {
        let mut table = Table::recall(3, |_, setup| setup.min_level = min_level);
        table.tell(&[0]).intent(Intent::NothingMore);
        table.step(EventKind::Skip).step(EventKind::Skip);
        (table.second_said().to_owned(), table.state.level(), table)
    };
    let (message, level, _) = misses(1);
    assert_eq!((message.as_str(), level), ("cue-people", 2), "the next question comes with its context");
    let (message, level, mut table) = misses(3);
    assert_eq!((message.as_str(), level), ("question", 3));
    table.say(Verdict::Correct);
    assert!(table.state.summary().is_some_and(|summary| summary.held_by_plan));
}

#[test]
fn without_a_memory_or_details_it_ends_kindly_with_no_trials() {
    let mut table = Table::new("life-recall", Setup::new(Language::En, 1, 7));
    assert_eq!(table.said(), "no-memory");
    assert!(table.step(EventKind::Hint).actions.is_empty());
    let table = Table::recall(1, |memory, _| memory.facts.clear());
    assert_eq!((&*table.said(), table.outcomes.len()), ("open close-warm", 0));
}

#[test]
fn no_new_question_is_begun_when_the_time_is_over() {
    let mut table = Table::recall(3, |_, setup| setup.minutes = 1);
    table.intent(Intent::NothingMore);
    table.step_after(70_000, answered(right()));
    assert_eq!(table.said(), "confirm-1 recap close-success");
}

#[test]
fn a_night_in_between_does_not_use_up_the_time() {
    let mut table = Table::recall(3, |_, _| ());
    table.intent(Intent::NothingMore);
    table.step_after(9 * 3_600_000, answered(right()));
    assert_eq!(table.said(), "confirm-1 question");
}

#[test]
fn a_question_that_names_another_answer_waits_until_that_one_is_known() {
    let mut table = Table::recall(3, |memory, _| {
        memory.facts[1].question = "What was the name of the lake where the yellow kite flew?".into();
    });
    table.intent(Intent::NothingMore);
    let mut asked = Vec::new();
    while table.state.summary().is_none() {
        asked.push(table.lines().last().expect("a question").clone());
        table.say(Verdict::Correct);
    }
    let at = |words: &str| asked.iter().position(|line| line.contains(words));
    assert!(at("flying over") < at("name of the lake") && at("flying over").is_some(), "{asked:#?}");
}

#[test]
fn other_details_named_on_the_way_count_with_the_help_there_was() {
    let mut table = at_the_kite();
    let others = |table: &Table| Reading {
        facts: vec![found(table.fact_id(3), Verdict::Correct)],
        ..Reading::of_intent(Intent::Answer)
    };
    let reading = others(&table);
    assert_eq!(table.answer(reading).said(), "confirm-2 question", "and the question stays");
    assert_eq!(table.outcomes.last().expect("one").cue, Some(Cue::Free));
    let mut table = at_the_kite();
    for _ in 0..4 {
        table.step(EventKind::Hint);
    }
    let reading = others(&table);
    table.answer(reading);
    assert_eq!(table.outcomes.last().expect("one").cue, Some(Cue::BlurredPhoto));
    assert_eq!(table.photo(), Some(PhotoView::Blurred), "the picture stays while the question does");
}

#[test]
fn repeat_says_the_question_again_with_its_picture_and_nothing_else() {
    let mut table = at_the_kite();
    for _ in 0..4 {
        table.step(EventKind::Hint);
    }
    let before = table.prompt().clone();
    table.intent(Intent::Repeat);
    assert_eq!((&*table.said(), table.photo(), table.prompt()), ("cue-blurred", Some(PhotoView::Blurred), &before));
    assert_eq!(table.step(EventKind::Repeat).said(), "cue-blurred");
    table.intent(Intent::Help);
    assert_eq!((&*table.said(), table.photo(), table.prompt()), ("session-help", Some(PhotoView::Blurred), &before));
}

#[test]
fn a_gentle_word_comes_once_after_a_long_silence() {
    let mut table = at_the_kite();
    assert!(table.step_after(20_000, EventKind::Tick).said().is_empty());
    assert_eq!(table.step_after(30_000, EventKind::Tick).said(), "session-nudge");
    assert!(table.step_after(60_000, EventKind::Tick).said().is_empty());
    while table.state.summary().is_none() {
        table.step_after(100_000, EventKind::Tick);
    }
    assert_eq!(table.said(), "close-success");
}

#[test]
fn what_was_told_stands_in_the_log_even_when_it_is_stopped_there() {
    let mut table = at_the_kite();
    for _ in 0..7 {
        table.step(EventKind::Hint);
    }
    let before = table.outcomes.len();
    table.step(EventKind::Stop);
    assert_eq!((table.outcomes.len(), table.outcomes[before].cue), (before + 1, Some(Cue::Told)));
    assert_eq!(table.said(), "session-stopped");
}

#[test]
fn a_time_asked_for_is_said_nowhere_before() {
    let mut table = Table::recall(3, |memory, _| {
        memory.facts[4].kind = reme_types::FactKind::Time;
        memory.facts[4].question = "What time of day was it?".into();
        memory.facts[4].expected.parts = vec!["in the afternoon".into()];
    });
    assert_eq!(table.second_said(), "think-back");
    table.intent(Intent::NothingMore);
    while table.state.summary().is_none() {
        assert!(table.lines().iter().all(|line| !line.contains("afternoon")), "{:?}", table.lines());
        if table.lines().last().is_some_and(|line| line.contains("time of day")) {
            break;
        }
        table.say(Verdict::Correct);
    }
}

#[test]
fn practice_comes_first_counts_nothing_and_names_no_memory_of_the_patient() {
    let mut table = Table::recall(3, |_, setup| setup.practice = Practice::Play);
    assert_eq!(table.said(), "open example-instruction example-story question");
    assert_eq!(table.intent(Intent::Forgot).second_said(), "cue-when");
    assert_eq!(table.intent(Intent::Forgot).second_said(), "tell");
    assert_eq!(table.say(Verdict::Correct).said(), "repeated example-done think-back-when");
    let outcome = &table.outcomes[0];
    assert!(outcome.practice && outcome.memory_id.is_none() && outcome.fact_id.is_none());
}
