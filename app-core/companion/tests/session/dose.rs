//! How much may be played: the cap, the week, the plan's days.

use reme::{Begun, ReMeError};
use reme_types::Language;

use crate::support::Table;

/// Plays until the session ends, a minute an input.
fn play(table: &mut Table) {
    table.begin();
    for _ in 0..200 {
        if !table.is_running() {
            return;
        }
        table.clock.advance(60);
        table.press("skip");
    }
    panic!("the session does not end");
}

#[test]
fn beyond_the_daily_cap_nothing_begins_and_the_next_day_it_does() {
    for (language, rest) in [(Language::En, "Have a good rest"), (Language::ZhCn, "好好歇歇")] {
        let mut table = Table::new(language);
        let mut sessions = 0;
        let blocked = loop {
            match table.companion.begin_session() {
                Ok(_) => play(&mut table),
                Err(error) => break error,
            }
            sessions += 1;
            assert!(sessions < 8, "the cap never comes");
        };
        assert!(sessions >= 2, "45 minutes are more than one session");
        assert!(matches!(blocked, ReMeError::Blocked(_)) && blocked.code() == "conflict");
        let home = table.companion.home().expect("read");
        let words = home.blocked.expect("told why");
        assert!(words.contains(rest), "{words}");
        assert_eq!(blocked.in_words(language), words);
        assert!(home.sessions_this_week >= 2 && home.games.is_empty());
        table.clock.set("2026-05-04T23:59:59Z");
        assert!(table.companion.home().expect("read").blocked.is_some());
        table.clock.set("2026-05-05T00:00:01Z");
        assert!(table.companion.home().expect("read").blocked.is_none());
        assert_eq!(table.begin(), Begun::New);
    }
}

#[test]
fn when_the_week_is_done_ten_minutes_are_still_welcome() {
    let mut table = Table::new(Language::En);
    let full = table.companion.home().expect("read");
    assert!(full.minutes > 10 && full.minutes <= 20, "{full:?}");
    for day in 4..7 {
        table.clock.set(&format!("2026-05-0{day}T10:00:00Z"));
        play(&mut table);
    }
    table.clock.set("2026-05-07T10:00:00Z");
    let home = table.companion.home().expect("read");
    assert_eq!((home.sessions_this_week, home.sessions_goal), (3, 3));
    assert!(home.minutes <= 10 && !home.games.is_empty() && home.blocked.is_none(), "{home:?}");
    // Seven days after the first of them there is room again.
    table.clock.set("2026-05-11T10:00:00Z");
    assert!(table.companion.home().expect("read").minutes > 10);
}
