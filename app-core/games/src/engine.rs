//! The state machine: `step(State, Event) -> (State, Vec<Action>)`. It walks the template's blocks,
//! hands each input to the activity in play, keeps the tally, eases after errors, and ends kindly.

use reme_types::{ActKind, Intent, MemoryId, MemoryItem, Reading, SeededRng};

use crate::action::{Action, BlockSummary, Event, EventKind};
use crate::bundle::Bundle;
use crate::choose::level_after;
use crate::state::{Activity, Practice, Setup, State};
use crate::template::{Block, TrialKind};
use crate::turn::Turn;
use crate::{arithmetic, colour, recall};

/// Version of the scoring rules in this crate; stands in every [`Outcome`] (invariant 4).
pub const SCORER: u16 = 1;

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
            hidden: Vec::new(),
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
        turn.state.hidden = turn.state.setup.memory.as_ref().map(recall::all_secrets).unwrap_or_default();
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
            TrialKind::ColourWord => colour::begin(self).map(Activity::Colour),
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

    pub(crate) fn end(&mut self) {
        self.abandon();
        let message = if self.state.successes > 0 { "close-success" } else { "close-warm" };
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
}
