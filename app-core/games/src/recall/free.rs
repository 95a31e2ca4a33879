//! Free telling: an opening that gives no answer away, confirmation, and "anything else?".

use reme_types::{ActKind, Cue, Intent, MemoryItem};

use super::{Phase, Recall, cues};
use crate::action::{InputKind, Prompt, ReadAs};
use crate::engine::Input;
use crate::turn::Turn;

impl Recall {
    /// Opens the memory with the least that points to it.
    pub(super) fn open(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem) {
        let hidden = self.hidden(memory);
        let known = self.known(memory, &hidden, turn.state.setup.language);
        if let Some(when) = known.when {
            self.opened_with = Some(cues::Context::When);
            self.say(turn, memory, ActKind::Ask, "think-back-when", [("when", when.into())]);
        } else if let Some(place) = known.place {
            self.opened_with = Some(cues::Context::Place);
            self.say(turn, memory, ActKind::Ask, "think-back-place", [("place", place.into())]);
        } else if let Some(people) = known.people {
            self.opened_with = Some(cues::Context::People);
            self.say(turn, memory, ActKind::Ask, "think-back-people", [("people", people.into())]);
        } else {
            self.say(turn, memory, ActKind::Ask, "think-back", []);
        }
        self.listen(turn, memory, 0);
    }

    fn listen(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, dry: u8) {
        self.phase = Phase::Free { dry };
        let reads = ReadAs::Recall { open: self.open_ids(memory) };
        turn.ask(Prompt { input: InputKind::Text, choices: Vec::new(), can_hint: true, reads });
    }

    pub(super) fn step_free(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, input: &Input<'_>, dry: u8) -> bool {
        let (reading, rt_ms) = match input {
            Input::Answer { reading, rt_ms } => (*reading, *rt_ms),
            Input::Hint => {
                self.wants_hint = true;
                return self.turn_to_questions(turn, memory);
            }
            Input::Skip => {
                self.say(turn, memory, ActKind::Encourage, "leave-memory", []);
                // "Another one": a further memory takes its place, if there is one.
                if turn.state.setup.nth_memory(turn.state.memories_begun).is_some() {
                    turn.state.run = turn.state.run.saturating_sub(1);
                }
                return false;
            }
        };
        let (recalled, partly) = self.take(memory, reading, Cue::Free, None);
        for (item, found) in &recalled {
            self.record_recalled(turn, memory, *item, Cue::Free, (found.matched_by, found.confidence), rt_ms);
        }
        let items: Vec<usize> = recalled.iter().map(|(item, _)| *item).collect();
        self.confirm(turn, memory, &items);
        if let Some(item) = partly.first() {
            self.confirm_part(turn, memory, *item);
        }
        if self.open_items().next().is_none() {
            return self.next_question(turn, memory);
        }
        if !recalled.is_empty() || !partly.is_empty() {
            return self.anything_else(turn, memory, 0);
        }
        let (dry, patience) = (dry.saturating_add(1), turn.value("free_rounds"));
        let may_go_on = i64::from(dry) <= patience;
        match reading.intent {
            Intent::NothingMore | Intent::Forgot | Intent::No => self.turn_to_questions(turn, memory),
            Intent::Yes if may_go_on => {
                self.say(turn, memory, ActKind::AnythingElse, "go-on", []);
                self.listen(turn, memory, dry);
                true
            }
            Intent::OffTopic if may_go_on => {
                self.say(turn, memory, ActKind::Encourage, "come-back", []);
                self.anything_else(turn, memory, dry)
            }
            // An answer without a verdict is a silence: no thanks for it, and no pressing for more.
            Intent::Answer if may_go_on && reading.verdict != reme_types::Verdict::NoAnswer => {
                self.say(turn, memory, ActKind::Encourage, "thanks", []);
                self.anything_else(turn, memory, dry)
            }
            _ => self.turn_to_questions(turn, memory),
        }
    }

    fn anything_else(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, dry: u8) -> bool {
        if turn.is_over_time() {
            return self.finish(turn, memory);
        }
        self.say(turn, memory, ActKind::AnythingElse, "anything-else", []);
        self.listen(turn, memory, dry);
        true
    }

    fn turn_to_questions(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem) -> bool {
        self.say(turn, memory, ActKind::Encourage, "questions", []);
        self.next_question(turn, memory)
    }
}
