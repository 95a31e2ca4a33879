//! Appends trials to the store in the folder given, printing the number of each once it is acknowledged, until it is killed.
//! `tests/kill.rs` starts it and kills it.

use std::{io::Write, path::PathBuf, sync::Arc};

use reme_store::{Store, StoreKey, TranscriptLine};
use reme_types::{Clock, Cue, Domain, FixedClock, InputMode, MatchedBy, Outcome, SessionId, Trial, TrialId, Verdict};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("a folder is needed")?);
    let clock = FixedClock { now: "2026-05-04T10:00:00Z".parse()?, time_zone: jiff::tz::TimeZone::UTC };
    let at = clock.now();
    let mut store = Store::open(&folder, &StoreKey::from_bytes([7; 32]), Arc::new(clock))?;
    let session_id: SessionId = store.sessions(true)?.first().ok_or("a running session is needed")?.id;
    let mut seq = u32::try_from(store.trials(Some(session_id))?.len())?;
    let mut out = std::io::stdout().lock();
    loop {
        let outcome = Outcome {
            kind: "recall-fact".into(),
            domain: Domain::ALL[0],
            level: 1,
            practice: false,
            verdict: Verdict::Correct,
            score: 1.0,
            cue: Some(Cue::Free),
            rt_ms: None,
            matched_by: MatchedBy::Exact,
            confidence: 1.0,
            memory_id: None,
            fact_id: None,
            data: "{}".into(),
            scorer: 1,
        };
        let trial = Trial {
            id: TrialId::from_uuid(store.new_uuid()),
            session_id,
            seq,
            block: 0,
            game: "life-recall".into(),
            template_version: "1".into(),
            input: InputMode::Typed,
            at,
            outcome,
        };
        // One input of a session: event, line, trial and a photo, all of it or none.
        store.transact(|tx| {
            tx.append_event(session_id, at, "{}")?;
            tx.append_line(session_id, &TranscriptLine { who: "patient".into(), text: seq.to_string(), origin: None })?;
            tx.add_media(&seq.to_le_bytes().repeat(500), "image/jpeg")?;
            tx.append_trial(&trial)
        })?;
        writeln!(out, "{seq}")?;
        out.flush()?;
        seq += 1;
    }
}
