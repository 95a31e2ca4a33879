use jiff::civil::{Date, date, datetime};
use reme_types::{Domain, DoseLimit, GamePlan, MemoryId, Plan, Sensitivity};

use super::*;

fn past(day: i8, level: u8, successes: u16, trials: u16) -> PastGame {
    PastGame { played_on: date(2026, 5, day), level, successes, trials }
}

#[test]
fn a_level_moves_by_one_at_most_and_stays_within_the_plan() {
    use LevelReason::*;
    let bounds = LevelBounds { min: 2, max: 4 };
    for (history, level, wanted, reason) in [
        (vec![], 2, 2, FirstTime),
        (vec![past(1, 2, 0, 0)], 2, 2, FirstTime),
        (vec![past(1, 3, 6, 6)], 4, 4, Raised),
        (vec![past(1, 3, 5, 6)], 3, 3, Kept),
        (vec![past(1, 3, 4, 6)], 2, 2, Lowered),
        (vec![past(1, 4, 6, 6)], 4, 5, HeldAtMost),
        (vec![past(1, 2, 1, 6)], 2, 1, HeldAtLeast),
        (vec![past(1, 9, 6, 6)], 4, 10, HeldAtMost),
    ] {
        let choice = next_level(&history, bounds);
        assert_eq!((choice.level, choice.wanted, choice.reason), (level, wanted, reason), "{history:?}");
    }
}

#[test]
fn few_trials_are_seen_together_with_those_of_the_sitting_before() {
    let bounds = LevelBounds { min: 1, max: 9 };
    let fair = [past(1, 3, 2, 4), past(3, 3, 3, 3)];
    assert_eq!(next_level(&fair, bounds).reason, LevelReason::Kept, "5 of 7, not 3 of 3");
    let other_level = [past(1, 2, 0, 4), past(3, 3, 3, 3)];
    assert_eq!(next_level(&other_level, bounds).level, 4, "another level says nothing about this one");
}

fn game(slug: &str, domain: Domain, minutes: u16, history: Vec<PastGame>) -> AvailableGame {
    AvailableGame { game: slug.into(), domain, top_level: 5, minutes, is_ready: true, history }
}

fn plan(games: &[&str], minutes: u16) -> Plan {
    let games = games.iter().map(|game| GamePlan { game: (*game).into(), min_level: 1, max_level: 5 }).collect();
    let dose = DoseLimit { session_minutes: minutes, ..DoseLimit::default() };
    Plan { version: 1, games, dose, starts_on: None, ends_on: None, set_by: "default".into() }
}

fn slugs(session: &[BlockPlan]) -> Vec<&str> {
    session.iter().map(|block| block.game.as_str()).collect()
}

#[test]
fn the_weakest_domain_comes_first_and_then_others() {
    let games = [
        game("a", Domain::Working, 6, vec![past(1, 2, 9, 10)]),
        game("b", Domain::Episodic, 6, vec![past(1, 2, 5, 10)]),
        game("c", Domain::Episodic, 6, vec![past(2, 2, 5, 10)]),
        game("d", Domain::Flexibility, 6, vec![past(1, 2, 8, 10)]),
    ];
    let session = compose_session(&plan(&["a", "b", "c", "d"], 20), &games);
    assert_eq!(slugs(&session), ["b", "d", "a"]);
    let reasons: Vec<ChosenFor> = session.iter().map(|block| block.chosen_for).collect();
    assert_eq!(reasons, [ChosenFor::WeakestDomain, ChosenFor::Variety, ChosenFor::Variety]);
}

#[test]
fn a_game_not_in_the_plan_or_not_ready_is_never_played() {
    let mut games = vec![
        game("a", Domain::Working, 6, vec![]),
        game("b", Domain::Episodic, 6, vec![]),
        game("c", Domain::Flexibility, 6, vec![]),
    ];
    games[1].is_ready = false;
    assert_eq!(slugs(&compose_session(&plan(&["a", "b"], 20), &games)), ["a"]);
    assert!(compose_session(&plan(&["nothing"], 20), &games).is_empty());
}

#[test]
fn a_session_keeps_to_its_minutes_with_two_games_or_three() {
    let games = [
        game("a", Domain::Working, 6, vec![]),
        game("b", Domain::Episodic, 8, vec![]),
        game("c", Domain::Flexibility, 5, vec![]),
    ];
    for (budget, count, least) in [(20, 3, 19), (15, 2, 14), (10, 2, 9), (45, 3, 19)] {
        let session = compose_session(&plan(&["a", "b", "c"], budget), &games);
        let minutes: u16 = session.iter().map(|block| block.minutes).sum();
        assert_eq!(session.len(), count, "{budget}");
        assert!((least..=budget).contains(&minutes), "{minutes} of {budget}");
    }
}

#[test]
fn what_was_played_long_ago_comes_before_what_was_played_lately() {
    let games = [
        game("a", Domain::Episodic, 6, vec![past(9, 2, 8, 10)]),
        game("b", Domain::Episodic, 6, vec![past(1, 2, 8, 10)]),
    ];
    assert_eq!(slugs(&compose_session(&plan(&["a", "b"], 20), &games)), ["b", "a"]);
}

#[test]
fn a_level_is_held_within_plan_and_game() {
    let games = [game("a", Domain::Working, 6, vec![past(1, 5, 10, 10)])];
    let mut held = plan(&["a"], 20);
    held.games[0].min_level = 3;
    let session = compose_session(&held, &games);
    assert_eq!((session[0].level.level, session[0].level.reason), (5, LevelReason::HeldAtMost));
    assert_eq!(session[0].min_level, 3, "nor is it eased below while it is played");
}

fn id(n: u8) -> MemoryId {
    format!("00000000-0000-7000-8000-0000000000{n:02x}").parse().expect("an id")
}

fn memory(n: u8, when: &str) -> MemoryCandidate {
    MemoryCandidate {
        id: id(n),
        happened_at: Some(when.parse().expect(when)),
        recorded_at: "2026-05-01T09:00".parse().expect("a time"),
        facts: 3,
        sensitivity: Sensitivity::Ordinary,
        last_practised: None,
        went_well: true,
    }
}

fn needs() -> Needs {
    Needs { memories: 1, min_age_hours: 24, min_facts: 3 }
}

#[test]
fn only_a_memory_that_is_old_enough_rich_enough_and_not_painful_is_picked() {
    let now = datetime(2026, 5, 10, 15, 0, 0, 0);
    let pick = |memory| pick_memory(&[memory], &needs(), now, 1).is_some();
    for (when, fits) in [
        ("2026-05-09T15:00", true),
        ("2026-05-09T15:01", false),
        ("2026-05-08", true),
        ("2026-05-09", false),
        ("2026-05", false),
        ("2026-04", true),
        ("1961", true),
        ("2026-06-01", false),
    ] {
        assert_eq!(pick(memory(1, when)), fits, "{when}");
    }
    assert!(!pick(MemoryCandidate { facts: 2, ..memory(1, "1961") }));
    assert!(!pick(MemoryCandidate { sensitivity: Sensitivity::Sensitive, ..memory(1, "1961") }));
    assert!(pick(MemoryCandidate { happened_at: None, ..memory(1, "1961") }), "told nine days ago");
    let just_told = MemoryCandidate {
        happened_at: None,
        recorded_at: "2026-05-10T09:00".parse().expect("a time"),
        ..memory(1, "1961")
    };
    assert!(!pick(just_told));
}

#[test]
fn the_memory_not_talked_about_for_longest_comes_first() {
    let now = datetime(2026, 5, 10, 15, 0, 0, 0);
    let practised = |n, day| MemoryCandidate {
        last_practised: Some(Date::constant(2026, 5, day).at(10, 0, 0, 0)),
        ..memory(n, "1961")
    };
    let order =
        rank_memories(&[practised(1, 8), practised(2, 3), memory(3, "1970"), practised(4, 9)], &needs(), now, 1);
    assert_eq!(order, [id(3), id(2), id(1), id(4)]);
}

#[test]
fn chance_among_equals_is_the_seeds_and_not_the_orders() {
    let now = datetime(2026, 5, 10, 15, 0, 0, 0);
    let mut memories: Vec<MemoryCandidate> = (1..9).map(|n| memory(n, "1961")).collect();
    let first: Vec<Option<MemoryId>> = (0..20).map(|seed| pick_memory(&memories, &needs(), now, seed)).collect();
    assert!(first.iter().any(|id| *id != first[0]), "always the same one");
    memories.reverse();
    let again: Vec<Option<MemoryId>> = (0..20).map(|seed| pick_memory(&memories, &needs(), now, seed)).collect();
    assert_eq!(first, again);
}

#[test]
fn what_did_not_go_well_is_not_asked_for_again_on_the_same_day() {
    let now = datetime(2026, 5, 10, 15, 0, 0, 0);
    let tried = |day, went_well| MemoryCandidate {
        last_practised: Some(Date::constant(2026, 5, day).at(10, 0, 0, 0)),
        went_well,
        ..memory(1, "1961")
    };
    for (candidate, fits) in [(tried(10, false), false), (tried(10, true), true), (tried(9, false), true)] {
        assert_eq!(pick_memory(&[candidate], &needs(), now, 1).is_some(), fits);
    }
}

#[test]
fn a_sitting_is_summed_up_without_its_practice() {
    let report = crate::simulate(
        crate::Bundle::builtin("mental-arithmetic").expect("it ships"),
        reme_types::Language::En,
        crate::Player::Perfect,
        2,
        7,
    );
    let summed = PastGame::from_outcomes(date(2026, 5, 1), &report.outcomes).expect("trials");
    assert_eq!((summed.level, summed.successes, summed.trials), (2, 8, 8));
    assert_eq!(PastGame::from_outcomes(date(2026, 5, 1), &report.outcomes[..1]), None, "practice alone is no sitting");
}
