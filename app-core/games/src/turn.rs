//! One call of the engine: what activities say, show, ask and write down, and what "say it again" repeats.

use std::collections::BTreeMap;

use reme_types::{Act, ActKind, ArgValue, MatchedBy, Outcome, Verdict};

use crate::action::{Action, Prompt, Stimulus};
use crate::bundle::Bundle;
use crate::choose::is_success;
use crate::engine::SCORER;
use crate::state::State;

/// Milliseconds without input after which one gentle word is offered [design: elders take 20–30 s over a
/// personal question; 45 s does not hurry them].
const NUDGE_AFTER_MS: u64 = 45_000;

/// How often it is offered in one game; more would hurry [design].
const MOST_NUDGES: u8 = 3;

/// One call of the engine: the state being changed and the actions collected.
pub(crate) struct Turn<'a> {
    pub(crate) bundle: &'a Bundle,
    pub(crate) state: State,
    pub(crate) out: Vec<Action>,
}

impl Turn<'_> {
    /// Says a line that speaks of no memory. What is hidden stays hidden in it: somebody may phrase it anew.
    pub(crate) fn say<const N: usize>(&mut self, kind: ActKind, message: &str, args: [(&str, ArgValue); N]) {
        self.say_act(Act {
            kind,
            message: message.to_owned(),
            args: args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>(),
            hidden: self.state.hidden.clone(),
            grounds: Vec::new(),
        });
    }

    /// Says a line about a sum whose result is not to be given away.
    pub(crate) fn say_hiding<const N: usize>(
        &mut self,
        kind: ActKind,
        message: &str,
        args: [(&str, ArgValue); N],
        result: i64,
    ) {
        // 14 − 7: where the question itself holds the figure, it cannot be hidden.
        let is_said = args.iter().any(|(_, value)| *value == ArgValue::from(result));
        self.say_act(Act {
            kind,
            message: message.to_owned(),
            args: args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            hidden: if is_said { Vec::new() } else { vec![result.to_string()] },
            grounds: Vec::new(),
        });
    }

    pub(crate) fn say_act(&mut self, act: Act) {
        self.out.push(Action::Say(act));
    }

    pub(crate) fn show(&mut self, stimulus: Stimulus) {
        self.out.push(Action::Show(stimulus));
    }

    pub(crate) fn ask(&mut self, prompt: Prompt) {
        self.state.prompt = Some(prompt.clone());
        self.out.push(Action::Ask(prompt));
    }

    /// A parameter's value for the block in play at the level in play.
    pub(crate) fn value(&self, name: &str) -> i64 {
        self.value_at(name, self.state.level)
    }

    pub(crate) fn value_at(&self, name: &str, level: u8) -> i64 {
        self.bundle.template.value(name, level, self.bundle.block(self.state.block))
    }

    /// Whether trials of this moment count.
    pub(crate) fn is_practice(&self) -> bool {
        self.state.closing || self.bundle.block(self.state.block).is_some_and(|block| block.practice)
    }

    /// Writes a trial down and keeps the tally; eases the level after errors in a row.
    pub(crate) fn record(&mut self, outcome: Outcome) {
        let success = is_success(&outcome);
        if !outcome.practice {
            self.state.trials = self.state.trials.saturating_add(1);
            self.state.successes = self.state.successes.saturating_add(u16::from(success));
            self.state.last_was_success = success;
            self.state.errors_in_a_row = if success { 0 } else { self.state.errors_in_a_row.saturating_add(1) };
        }
        self.state.steps_done = self.state.steps_done.saturating_add(1);
        self.out.push(Action::Record(outcome));
    }

    /// A row of the level in play, with what most trials have in common.
    pub(crate) fn outcome(
        &self,
        kind: &str,
        verdict: Verdict,
        rt_ms: Option<u32>,
        data: &serde_json::Value,
    ) -> Outcome {
        Outcome {
            kind: kind.to_owned(),
            domain: self.bundle.template.domain,
            level: self.state.level,
            practice: self.is_practice(),
            verdict,
            score: if verdict == Verdict::Correct { 1.0 } else { 0.0 },
            cue: None,
            rt_ms,
            matched_by: MatchedBy::Nothing,
            confidence: 1.0,
            memory_id: None,
            fact_id: None,
            data: data.to_string(),
            scorer: SCORER,
        }
    }

    /// A message of the template, for putting together what a placeholder holds.
    pub(crate) fn text(&self, message: &str, args: &BTreeMap<String, ArgValue>) -> String {
        self.bundle.line(self.state.setup.language, message, args)
    }

    /// Steps down after errors in a row; `true` when it did.
    pub(crate) fn ease(&mut self) -> bool {
        if self.state.errors_in_a_row < self.bundle.template.stop.errors_in_a_row {
            return false;
        }
        if self.state.level <= self.state.setup.min_level.max(1) {
            self.state.held_by_plan = self.state.level > 1;
            return false;
        }
        self.state.errors_in_a_row = 0;
        self.state.level -= 1;
        true
    }

    /// Whether the time for this game is used up.
    pub(crate) fn is_over_time(&self) -> bool {
        let own = self.bundle.template.stop.max_minutes;
        let minutes = if self.state.setup.minutes == 0 { own } else { own.min(self.state.setup.minutes) };
        self.state.now_ms >= u64::from(minutes) * 60_000
    }

    pub(crate) fn repeat(&mut self) {
        let again = self.state.last_turn.clone();
        self.out.extend(again);
    }

    /// The open question once more, with what is shown, without what was said before it.
    pub(crate) fn ask_again(&mut self) {
        self.show_again();
        if let Some(prompt) = self.state.prompt.clone() {
            self.out.push(Action::Ask(prompt));
        }
    }

    /// What the open question shows, once more.
    pub(crate) fn show_again(&mut self) {
        let shown = self.state.last_turn.iter().find(|action| matches!(action, Action::Show(_)));
        self.out.extend(shown.cloned());
    }

    pub(crate) fn tick(&mut self) {
        if self.state.now_ms.saturating_sub(self.state.asked_ms) < NUDGE_AFTER_MS {
            return;
        }
        // Nobody is answering and the time for this game is over: nothing is gained by waiting on.
        if self.is_over_time() {
            self.end();
            return;
        }
        let can_hint = self.state.prompt.as_ref().is_some_and(|prompt| prompt.can_hint);
        if self.state.nudged || self.state.nudges >= MOST_NUDGES || !can_hint {
            return;
        }
        self.state.nudged = true;
        self.state.nudges += 1;
        self.say(ActKind::Encourage, "session-nudge", []);
        self.ask_again();
    }

    /// Adds the progress, remembers what "say it again" repeats, hands everything back.
    pub(crate) fn finish_call(mut self) -> (State, Vec<Action>) {
        let asked = self.out.iter().any(|action| matches!(action, Action::Ask(_)));
        let again = self.out == self.state.last_turn;
        if asked && !again {
            self.remember_turn();
        }
        if self.state.summary.is_none() || self.state.trials > 0 {
            let steps_total = self.state.steps_total.max(self.state.steps_done);
            self.state.steps_total = steps_total;
            let at = self.out.iter().position(|action| matches!(action, Action::Finish(_))).unwrap_or(self.out.len());
            self.out.insert(at, Action::Progress { steps_done: self.state.steps_done, steps_total });
        }
        (self.state, self.out)
    }

    fn remember_turn(&mut self) {
        let nudge = self.out.iter().any(|action| {
            matches!(action, Action::Say(act) if act.message == "session-nudge" || act.message == "session-help")
        });
        if nudge {
            return;
        }
        self.state.asked_ms = self.state.now_ms;
        self.state.nudged = false;
        // Only what belongs to the open question: the last act that asks, cues, tells or instructs, with what it shows.
        let repeats =
            |act: &Act| matches!(act.kind, ActKind::Ask | ActKind::Cue | ActKind::Tell | ActKind::AnythingElse);
        let from = self.out.iter().rposition(|action| matches!(action, Action::Say(act) if repeats(act)));
        let shown = self.out.iter().rposition(|action| matches!(action, Action::Show(_)));
        let ask = self.out.iter().rposition(|action| matches!(action, Action::Ask(_)));
        let from = from.into_iter().chain(shown).chain(ask).min().unwrap_or(0);
        self.state.last_turn = self.out[from..]
            .iter()
            .filter(|action| match action {
                Action::Say(act) => repeats(act),
                action => matches!(action, Action::Show(_) | Action::Ask(_)),
            })
            .cloned()
            .collect();
    }
}
