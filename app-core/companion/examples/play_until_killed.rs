//! Plays sessions of the patient in the folder given, printing each input once it is acknowledged, until it is killed.
//! `tests/session/kill.rs` starts it and kills it.

use std::{io::Write, path::PathBuf, sync::Arc};

use reme::{
    FileKeyStore, Household,
    dto::{InputDto, SessionDto},
};
use reme_types::{FixedClock, Rng, SeededRng};

/// A day for every session, so that the daily cap never ends the play.
fn household(folder: &std::path::Path, day: u32) -> Household {
    let now = jiff::Timestamp::constant(1_777_888_800, 0) + jiff::SignedDuration::from_hours(24 * i64::from(day));
    let clock = FixedClock { now, time_zone: jiff::tz::TimeZone::UTC };
    Household::new(folder.join("patients"), Box::new(FileKeyStore::new(folder.join("keys"))), Arc::new(clock))
}

fn answer(session: &SessionDto) -> InputDto {
    let mut rng = SeededRng::new(u64::from(session.turn) * 7 + u64::from(session.game_number));
    let choice = session.choices.first().map(|choice| choice.value.clone());
    let (kind, value) = match (rng.below(6), choice) {
        (0, _) => ("hint", String::new()),
        (1, _) => ("skip", String::new()),
        (2, _) => ("repeat", String::new()),
        (_, Some(choice)) => ("tap", choice),
        (3, _) => ("text", "It was Signe, and we had waffles.".to_owned()),
        (4, _) => ("text", "17".to_owned()),
        _ => ("text", "I cannot remember.".to_owned()),
    };
    InputDto { session: session.id.clone(), turn: session.turn, kind: kind.into(), value, rt_ms: None }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (folder, slug) =
        (PathBuf::from(args.next().ok_or("a folder is needed")?), args.next().ok_or("a patient is needed")?);
    let mut out = std::io::stdout().lock();
    let mut tell = |session: &SessionDto, trials: usize| -> std::io::Result<()> {
        let said = session.lines.last().map(|line| line.text.replace('\t', " ")).unwrap_or_default();
        writeln!(out, "{}\t{}\t{trials}\t{said}", session.id, session.turn)?;
        out.flush()
    };
    loop {
        let done = household(&folder, 0).open(Some(&slug))?.progress(reme_types::Language::En)?.sessions.len();
        let mut companion = household(&folder, u32::try_from(done)?).open(Some(&slug))?;
        let (mut session, _) = companion.begin_session()?;
        tell(&session, companion.trials_of(&session.id)?.len())?;
        while session.state == "running" {
            session = companion.take_input(&answer(&session))?;
            tell(&session, companion.trials_of(&session.id)?.len())?;
        }
    }
}
