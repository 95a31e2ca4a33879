//! The state machine: `step(State, Event) -> (State, Vec<Action>)`. It walks the template's blocks,
//! hands each input to the activity in play, keeps the tally, eases after errors, and ends kindly.

use std::collections::BTreeMap;

use reme_types::{
    Act, ActKind, ArgValue, Intent, MatchedBy, MemoryId, MemoryItem, Outcome, Reading, SeededRng, Verdict,
};

use crate::action::{Action, BlockSummary, Event, EventKind, Prompt, Stimulus};
use crate::bundle::Bundle;
use crate::choose::{is_success, level_after};
use crate::state::{Activity, Practice, Setup, State};
use crate::template::{Block, TrialKind};
use crate::{arithmetic, colour, recall};

/// Version of the scoring rules in this crate; stands in every [`Outcome`] (invariant 4).
pub const SCORER: u16 = 1;

/// Milliseconds without input after which one gentle word is offered [design: elders take 20–30 s over a
/// personal question; 45 s does not hurry them].
const NUDGE_AFTER_MS: u64 = 45_000;

/// How often it is offered in one game; more would hurry [design].
const MOST_NUDGES: u8 = 3;

/// Messages every game needs, with their placeholders.
pub(crate) const COMMON_MESSAGES: &[(&str, &[&str])] = &[("open", &[]), ("close-success", &[]), ("close-warm", &[])];

/// Plays games. It has no state of its own.
#[derive(Debug, Clone, Copy)]
pub struct Engine;

/// One input, after intents have been sorted out.
pub(crate) enum Input<'a> {
    /// Something was said.
    Answer {
        /// What was understood.
        reading: &'a Reading,
        /// Milliseconds to the answer.
        rt_ms: Option<u32>,
    },
    /// A hint is wanted.
    Hint,
    /// The next one is wanted.
    Skip,
}

/// What an activity asks the walk to do next.
pub(crate) enum Next {
    /// It goes on itself.
    Stay(Activity),
    /// This run is over.
    Done,
}

/// One call of the engine: the state being changed and the actions collected.
pub(crate) struct Turn<'a> {
    pub(crate) bundle: &'a Bundle,
    pub(crate) state: State,
    pub(crate) out: Vec<Action>,
}

impl Engine {
    /// Begins a game. A game that needs a memory and gets none ends at once, kindly, with no trials.
    pub fn start(bundle: &Bundle, setup: Setup) -> (State, Vec<Action>) {
        let level = setup.level.clamp(1, bundle.template.top_level());
        let state = State {
            rng: SeededRng::new(setup.seed),
            level,
            now_ms: 0,
            last_event_ms: setup.started_ms,
            asked_ms: 0,
            example: bundle.example_memory(setup.language).cloned(),
            setup,
            block: 0,
            run: 0,
            activity: Activity::Idle,
            last_turn: Vec::new(),
            prompt: None,
            nudged: false,
            nudges: 0,
            errors_in_a_row: 0,
            last_was_success: true,
            successes: 0,
            trials: 0,
            steps_done: 0,
            steps_total: 0,
            closing: false,
            held_by_plan: false,
            memories_begun: 0,
            summary: None,
        };
        let mut turn = Turn { bundle, state, out: Vec::new() };
        if bundle.template.needs.memories > 0 && turn.state.setup.memory.is_none() {
            turn.say(ActKind::Close, "no-memory", []);
            turn.finish(false, false);
            return (turn.state, turn.out);
        }
        turn.state.steps_total = turn.plan_steps();
        turn.say(ActKind::Open, "open", []);
        turn.next_run();
        turn.finish_call()
    }

    /// Takes one event. After the end, events change nothing and give no actions.
    pub fn step(bundle: &Bundle, state: State, event: Event) -> (State, Vec<Action>) {
        if state.summary.is_some() {
            return (state, Vec::new());
        }
        let mut turn = Turn { bundle, state, out: Vec::new() };
        turn.state.advance(event.at_ms);
        match event.kind {
            EventKind::Distress => turn.end_in_distress(),
            EventKind::Stop => turn.end_stopped(),
            EventKind::Tick => turn.tick(),
            EventKind::Repeat => turn.repeat(),
            EventKind::Hint => turn.dispatch(&Input::Hint),
            EventKind::Skip => turn.dispatch(&Input::Skip),
            EventKind::Answered { reading, rt_ms, .. } => match reading.intent {
                Intent::Distress => turn.end_in_distress(),
                Intent::Stop => turn.end_stopped(),
                Intent::Repeat => turn.repeat(),
                Intent::Hint => turn.dispatch(&Input::Hint),
                Intent::Skip => turn.dispatch(&Input::Skip),
                Intent::Help => {
                    turn.say(ActKind::Instruct, "session-help", []);
                    turn.ask_again();
                }
                _ => turn.dispatch(&Input::Answer { reading: &reading, rt_ms }),
            },
        }
        turn.finish_call()
    }
}

impl Turn<'_> {
    /// Says a line with nothing hidden in it.
    pub(crate) fn say<const N: usize>(&mut self, kind: ActKind, message: &str, args: [(&str, ArgValue); N]) {
        self.say_act(Act {
            kind,
            message: message.to_owned(),
            args: args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>(),
            hidden: Vec::new(),
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

    fn dispatch(&mut self, input: &Input<'_>) {
        let activity = std::mem::replace(&mut self.state.activity, Activity::Idle);
        let next = match activity {
            Activity::Idle => Next::Done,
            Activity::Recall(recall) => recall::step(self, recall, input),
            Activity::Subtract(run) => arithmetic::step_subtract(self, run, input),
            Activity::Shopping(run) => arithmetic::step_shopping(self, run, input),
            Activity::Colour(series) => colour::step(self, series, input),
        };
        match next {
            Next::Stay(activity) => self.state.activity = activity,
            Next::Done => self.next_run(),
        }
    }

    /// Begins the next run: of this block, of a later one, or the closing item, or the end.
    fn next_run(&mut self) {
        self.state.activity = Activity::Idle;
        self.state.prompt = None;
        while !self.state.closing && !self.is_over_time() {
            let Some(block) = self.bundle.block(self.state.block) else { break };
            if (block.practice && self.state.setup.practice == Practice::Leave) || self.state.run >= self.runs_of(block)
            {
                self.state.block += 1;
                self.state.run = 0;
                continue;
            }
            if self.state.run == 0
                && let Some(instruction) = &block.instruction
            {
                self.say(ActKind::Instruct, instruction, []);
            }
            self.state.run += 1;
            let easy = self.state.run == 1 && !block.practice;
            if self.begin(block.trial, easy) {
                return;
            }
        }
        if !self.state.closing && self.state.trials > 0 && !self.state.last_was_success && self.begin_closing() {
            return;
        }
        self.end();
    }

    /// One easy item, so that the game ends on something that went well. It counts as practice.
    fn begin_closing(&mut self) -> bool {
        self.state.closing = true;
        self.state.level = self.state.level.min(self.state.setup.min_level.max(1));
        let last = self.bundle.template.blocks.len().saturating_sub(1);
        self.state.block = self.state.block.min(last);
        let Some(kind) = self.bundle.block(self.state.block).map(|block| block.trial) else { return false };
        match kind {
            // A conversation closes on what was recalled; another question would only insist.
            TrialKind::RecallMemory => false,
            _ => self.begin(kind, true),
        }
    }

    fn begin(&mut self, kind: TrialKind, easy: bool) -> bool {
        let begun = match kind {
            TrialKind::RecallMemory => recall::begin(self).map(Activity::Recall),
            TrialKind::SerialSubtraction => Some(Activity::Subtract(arithmetic::begin_subtract(self, easy))),
            TrialKind::ShoppingSum => Some(Activity::Shopping(arithmetic::begin_shopping(self, easy))),
            TrialKind::ColourWord => Some(Activity::Colour(colour::begin(self))),
        };
        let Some(activity) = begun else { return false };
        self.state.activity = activity;
        true
    }

    fn runs_of(&self, block: &Block) -> u16 {
        block.repeat.as_deref().map_or(1, |name| u16::try_from(self.value(name).max(0)).unwrap_or(u16::MAX))
    }

    /// Steps in all, as the template plans them.
    fn plan_steps(&self) -> u16 {
        let template = &self.bundle.template;
        let (level, mut steps) = (self.state.level, 0i64);
        for block in &template.blocks {
            if block.practice && self.state.setup.practice == Practice::Leave {
                continue;
            }
            let value = |name: &str| template.value(name, level, Some(block)).max(0);
            let runs = block.repeat.as_deref().map_or(1, value);
            steps += match block.trial {
                TrialKind::RecallMemory => {
                    let facts = |memory: &MemoryItem| i64::try_from(recall::usable_facts(memory).len()).unwrap_or(0);
                    let given = (0..usize::try_from(runs).unwrap_or(0)).map_while(|n| self.state.setup.nth_memory(n));
                    let example = self.state.example.as_ref().filter(|_| block.practice);
                    let memories: Vec<&MemoryItem> =
                        if block.practice { example.into_iter().collect() } else { given.collect() };
                    memories.into_iter().map(|memory| facts(memory).min(value("max_facts"))).sum()
                }
                TrialKind::SerialSubtraction => runs * value("steps"),
                TrialKind::ShoppingSum => runs,
                TrialKind::ColourWord => runs * (value("congruent") + value("incongruent") + value("neutral")),
            };
        }
        u16::try_from(steps).unwrap_or(u16::MAX)
    }

    fn repeat(&mut self) {
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

    fn tick(&mut self) {
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

    fn end(&mut self) {
        self.abandon();
        let well = self.state.successes > 0 || self.state.trials == 0;
        let message = if well { "close-success" } else { "close-warm" };
        self.say(ActKind::Close, message, []);
        self.finish(false, false);
    }

    /// What was told but not yet answered stands in the log all the same.
    fn abandon(&mut self) {
        let activity = std::mem::replace(&mut self.state.activity, Activity::Idle);
        if let Activity::Recall(recall) = activity {
            recall::abandon(self, recall);
        }
    }

    fn end_stopped(&mut self) {
        self.abandon();
        self.say(ActKind::Close, "session-stopped", []);
        self.finish(true, false);
    }

    fn end_in_distress(&mut self) {
        let source = match &self.state.activity {
            Activity::Recall(recall) => Some(recall.source),
            _ => None,
        };
        let given = source.filter(|source| matches!(source, recall::Source::Given(_)));
        let memory: Option<MemoryId> = given.and_then(|source| self.state.memory_of(source)).map(|memory| memory.id);
        self.abandon();
        self.say(ActKind::Close, "session-distress", []);
        if let Some(memory_id) = memory {
            self.out.push(Action::MarkDistress { memory_id });
        }
        self.finish(true, true);
    }

    fn finish(&mut self, stopped: bool, distress: bool) {
        let state = &mut self.state;
        let top = self.bundle.template.top_level();
        let began_at = state.setup.level.clamp(1, top);
        let summary = BlockSummary {
            successes: state.successes,
            trials: state.trials,
            stopped,
            distress,
            next_level: level_after(began_at, state.successes, state.trials).clamp(1, top),
            held_by_plan: state.held_by_plan,
        };
        state.activity = Activity::Idle;
        state.prompt = None;
        state.summary = Some(summary.clone());
        self.out.push(Action::Finish(summary));
    }

    /// Adds the progress, remembers what "say it again" repeats, hands everything back.
    fn finish_call(mut self) -> (State, Vec<Action>) {
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
