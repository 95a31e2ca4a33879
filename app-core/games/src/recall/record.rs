//! What is written down of a conversation: matches, verdicts, rungs, scores, and when a told detail comes back.

use reme_types::{Cue, FactMatch, MatchedBy, MemoryItem, Outcome, Reading, Verdict};

use super::{Asked, Recall, Source, Spacing, Status};
use crate::turn::Turn;

/// How often a told detail comes back at most [design: enough for 30 s, 60 s and 120 s in one game].
const MOST_RETURNS: u8 = 3;

/// What else stands in a row's data.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    skipped: bool,
    repeated: bool,
    /// Milliseconds since it was told or last asked; 0 when it is asked for the first time.
    spaced_ms: u64,
}

impl Recall {
    /// Closes a detail as recalled and writes it down.
    pub(super) fn record_recalled(
        &mut self,
        turn: &mut Turn<'_>,
        memory: &MemoryItem,
        item: usize,
        at: Cue,
        found: (MatchedBy, f64),
        rt_ms: Option<u32>,
    ) {
        self.items[item].status = Status::Recalled;
        let outcome = self.outcome(turn, memory, item, Verdict::Correct, at, found, rt_ms, Flags::default());
        turn.record(outcome);
        turn.ease();
    }

    #[allow(clippy::too_many_arguments, reason = "all of it stands in the row that is written")]
    fn outcome(
        &self,
        turn: &Turn<'_>,
        memory: &MemoryItem,
        item: usize,
        verdict: Verdict,
        at: Cue,
        (matched_by, confidence): (MatchedBy, f64),
        rt_ms: Option<u32>,
        flags: Flags,
    ) -> Outcome {
        let entry = &self.items[item];
        let data = serde_json::json!({
            "asked": entry.asked,
            "attempts": entry.attempts,
            "hints": entry.hints,
            "partial": entry.partial_at.is_some(),
            "photo_seen": entry.photo_seen,
            "skipped": flags.skipped,
            "repeated": flags.repeated,
            "spaced_ms": flags.spaced_ms,
        });
        let kind = if flags.spaced_ms > 0 { "recall-again" } else { "recall-fact" };
        let given = matches!(self.source, Source::Given(_));
        Outcome {
            verdict,
            score: score(verdict, at, entry.partial_at),
            cue: Some(at),
            matched_by,
            confidence,
            memory_id: given.then_some(memory.id),
            fact_id: given.then(|| self.fact(memory, item).id),
            ..turn.outcome(kind, verdict, rt_ms, &data)
        }
    }

    /// Notes the matches of a reading on open items; gives back those now recalled and those partly recalled.
    pub(super) fn take(
        &mut self,
        memory: &MemoryItem,
        reading: &Reading,
        at: Cue,
        except: Option<usize>,
    ) -> (Vec<(usize, FactMatch)>, Vec<usize>) {
        let (mut recalled, mut partly) = (Vec::new(), Vec::new());
        for found in &reading.facts {
            let open: Vec<usize> = self.open_items().collect();
            let item = open.into_iter().find(|i| self.fact(memory, *i).id == found.fact_id);
            let Some(item) = item.filter(|i| Some(*i) != except && !recalled.iter().any(|(r, _)| r == i)) else {
                continue;
            };
            self.items[item].attempts = self.items[item].attempts.saturating_add(1);
            match found.verdict {
                Verdict::Correct => recalled.push((item, found.clone())),
                Verdict::Partial if self.note_part(memory, item, &found.parts, at) => {
                    recalled.push((item, found.clone()))
                }
                Verdict::Partial => partly.push(item),
                Verdict::Incorrect => self.items[item].offered = true,
                Verdict::NoAnswer => {}
            }
        }
        (recalled, partly)
    }

    /// Notes that something of an answer was right; `true` when with this all of it is there.
    pub(super) fn note_part(&mut self, memory: &MemoryItem, item: usize, parts: &[u16], at: Cue) -> bool {
        let all = self.fact(memory, item).expected.parts.len();
        let item = &mut self.items[item];
        item.partial_at.get_or_insert(at);
        item.parts.extend(parts.iter().filter(|part| usize::from(**part) < all));
        item.parts.sort_unstable();
        item.parts.dedup();
        all > 1 && item.parts.len() == all
    }

    pub(super) fn record_answered(
        &mut self,
        turn: &mut Turn<'_>,
        memory: &MemoryItem,
        asked: Asked,
        found: (MatchedBy, f64),
        rt_ms: Option<u32>,
    ) {
        let at = Cue::from_rung(asked.rung).unwrap_or(Cue::Free);
        if !asked.spaced {
            self.record_recalled(turn, memory, asked.item, at, found, rt_ms);
            return;
        }
        let spaced_ms = self.items[asked.item].spacing.map_or(1, |spacing| spacing.interval_ms.max(1));
        let flags = Flags { spaced_ms, ..Flags::default() };
        let outcome = self.outcome(turn, memory, asked.item, Verdict::Correct, at, found, rt_ms, flags);
        turn.record(outcome);
        self.items[asked.item].status = Status::Recalled;
        // Recalled: the next interval is twice as long (TRAINING notes, "Spaced retrieval").
        self.schedule(turn, asked.item, spaced_ms.saturating_mul(2));
    }

    pub(super) fn record_unrecalled(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, asked: Asked, skipped: bool) {
        let spaced_ms =
            self.items[asked.item].spacing.filter(|_| asked.spaced).map_or(0, |spacing| spacing.interval_ms.max(1));
        let verdict = self.unrecalled_verdict(asked.item);
        let at = Cue::from_rung(asked.rung).unwrap_or(Cue::Free);
        let flags = Flags { skipped, repeated: false, spaced_ms };
        let outcome = self.outcome(turn, memory, asked.item, verdict, at, (MatchedBy::Nothing, 1.0), None, flags);
        turn.record(outcome);
        turn.ease();
        if !asked.spaced {
            self.items[asked.item].status = Status::Left;
        }
        self.items[asked.item].spacing = None;
    }

    fn unrecalled_verdict(&self, item: usize) -> Verdict {
        let item = &self.items[item];
        match (item.partial_at, item.offered) {
            (Some(_), _) => Verdict::Partial,
            (None, true) => Verdict::Incorrect,
            (None, false) => Verdict::NoAnswer,
        }
    }

    /// Writes a told detail down and sets when it comes back.
    pub(super) fn record_told(
        &mut self,
        turn: &mut Turn<'_>,
        memory: &MemoryItem,
        asked: Asked,
        rt_ms: Option<u32>,
        repeated: bool,
    ) {
        let last = self.items[asked.item].spacing.map_or(0, |spacing| spacing.interval_ms);
        let verdict = self.unrecalled_verdict(asked.item);
        let flags = Flags { repeated, spaced_ms: if asked.spaced { last.max(1) } else { 0 }, skipped: false };
        let found = (MatchedBy::Nothing, 1.0);
        let outcome = self.outcome(turn, memory, asked.item, verdict, Cue::Told, found, rt_ms, flags);
        turn.record(outcome);
        turn.ease();
        // One interval back after a miss, never below the first (TRAINING notes, "Spaced retrieval").
        let first = u64::try_from(turn.value("spacing_ms")).unwrap_or(0);
        if first > 0 {
            self.schedule(turn, asked.item, (last / 2).max(first));
        }
    }

    fn schedule(&mut self, turn: &Turn<'_>, item: usize, interval_ms: u64) {
        let asked = self.items[item].spacing.map_or(0, |spacing| spacing.asked + 1);
        let is_over = asked >= MOST_RETURNS || matches!(self.source, Source::Example);
        let due_ms = turn.state.now_ms.saturating_add(interval_ms);
        self.items[item].spacing = (!is_over).then_some(Spacing { due_ms, interval_ms, asked });
    }
}

/// Scorer 1: 1 − rung ⁄ 7 for what was recalled; half of that, at the rung it was said, for what was recalled in part; else 0.
fn score(verdict: Verdict, at: Cue, partial_at: Option<Cue>) -> f64 {
    let worth = |cue: Cue| 1.0 - f64::from(cue.rung()) / 7.0;
    match verdict {
        Verdict::Correct => worth(at),
        Verdict::Partial => worth(partial_at.unwrap_or(at)) / 2.0,
        Verdict::Incorrect | Verdict::NoAnswer => 0.0,
    }
}
