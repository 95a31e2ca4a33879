//! Questions on what is open: one cue more after each miss, the answer told at the end, told answers back after a spacing.

use reme_types::{ActKind, ArgValue, Cue, Intent, MatchedBy, MemoryItem, Reading, Verdict};

use super::{Asked, Phase, Recall, Source, Status, cues};
use crate::action::{InputKind, Prompt, ReadAs};
use crate::engine::Input;
use crate::turn::Turn;

/// How an answer did not bring what was asked for.
#[derive(Debug, Clone, Copy)]
enum Miss {
    /// Nothing came.
    Gone,
    /// Something else came.
    Other,
}

impl Recall {
    /// Asks what is to be asked next; `false` when the conversation is over.
    pub(super) fn next_question(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem) -> bool {
        if turn.is_over_time() {
            return self.finish(turn, memory);
        }
        let now = turn.state.now_ms;
        let waiting = |recall: &Self| {
            let due = |i: usize| recall.items[i].spacing.map(|spacing| (spacing.due_ms, i));
            (0..recall.items.len()).filter_map(due).min()
        };
        if let Some((due_ms, item)) = waiting(self)
            && due_ms <= now
        {
            self.phase = Phase::Asking(Asked { item, rung: 0, waited: false, spaced: true });
            self.say(turn, memory, ActKind::Encourage, "once-more", []);
            self.put(turn, memory, Asked { item, rung: 0, waited: false, spaced: true });
            return true;
        }
        let closed = self.items.iter().filter(|item| item.status != Status::Open).count();
        let may_ask = i64::try_from(closed).unwrap_or(i64::MAX) < self.most;
        let next = self.open_items().next();
        if let Some(item) = next.filter(|_| may_ask) {
            self.begin_question(turn, memory, item);
            return true;
        }
        if waiting(self).is_some() && !self.mused {
            self.mused = true;
            self.phase = Phase::Musing;
            self.say(turn, memory, ActKind::AnythingElse, "muse", []);
            let reads = ReadAs::Recall { open: Vec::new() };
            turn.ask(Prompt { input: InputKind::Text, choices: Vec::new(), can_hint: false, reads });
            return true;
        }
        self.finish(turn, memory)
    }

    /// Puts a question for the first time, with a cue at once where the level says so or where it is the first of the game.
    fn begin_question(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, item: usize) {
        self.items[item].asked = true;
        let is_first = turn.state.trials == 0 && matches!(self.source, Source::Given(_));
        let mut from = u8::try_from(turn.value("first_rung").clamp(0, 2)).unwrap_or(0).max(u8::from(is_first));
        if self.wants_hint {
            self.wants_hint = false;
            self.items[item].hints = self.items[item].hints.saturating_add(1);
            from = from.max(1);
        }
        let rungs: Vec<u8> = turn.bundle.template.cues.rungs.iter().copied().filter(|rung| *rung <= from).collect();
        let applies = |turn: &mut Turn<'_>, rung: u8| {
            Cue::from_rung(rung).is_some_and(|cue| self.cue(turn, memory, item, cue).is_some())
        };
        let rung = rungs.into_iter().rev().find(|rung| applies(turn, *rung)).unwrap_or(0);
        self.put(turn, memory, Asked { item, rung, waited: false, spaced: false });
    }

    /// Says the question, with the cue of its rung, and waits.
    fn put(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, asked: Asked) {
        self.phase = Phase::Asking(asked);
        let fact = self.fact(memory, asked.item);
        let question = ArgValue::from(fact.question.as_str());
        let cue = Cue::from_rung(asked.rung).unwrap_or(Cue::Free);
        let given = self.cue(turn, memory, asked.item, cue);
        self.shown = cue.photo().map(|_| cue);
        if self.shown.is_some() {
            self.items[asked.item].photo_seen = true;
        }
        let mut choices = Vec::new();
        match given {
            None => self.say(turn, memory, ActKind::Ask, "question", [("question", question)]),
            Some(given) => {
                if let Some(stimulus) = given.shows {
                    turn.show(stimulus);
                }
                choices = given.choices;
                let mut act = reme_types::Act {
                    kind: ActKind::Cue,
                    message: given.message.to_owned(),
                    args: given.args.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect(),
                    hidden: self.hidden(memory),
                    grounds: Vec::new(),
                };
                act.args.insert("question".into(), question);
                turn.say_act(act);
            }
        }
        self.wait(turn, memory, asked, choices);
    }

    fn wait(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, asked: Asked, choices: Vec<crate::ChoiceOption>) {
        self.phase = Phase::Asking(asked);
        let fact = self.fact(memory, asked.item);
        let (input, reads) = if choices.is_empty() {
            let reads = ReadAs::Question {
                fact_id: fact.id,
                question: fact.question.clone(),
                expected: fact.expected.clone(),
                open: self.open_ids(memory),
            };
            (InputKind::Text, reads)
        } else {
            let expected = cues::label(&fact.expected, Some(turn.state.setup.language));
            (InputKind::Choice, ReadAs::Choice { expected, fact_id: Some(fact.id) })
        };
        turn.ask(Prompt { input, choices, can_hint: true, reads });
    }

    /// The same question once more, after a word in between.
    fn put_again(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, asked: Asked, message: &str) -> bool {
        let choices = turn.state.prompt.as_ref().map(|prompt| prompt.choices.clone()).unwrap_or_default();
        let question = ArgValue::from(self.fact(memory, asked.item).question.as_str());
        self.phase = Phase::Asking(Asked { waited: true, ..asked });
        if self.shown.is_some() {
            turn.show_again();
        }
        self.say(turn, memory, ActKind::Ask, message, [("question", question)]);
        self.wait(turn, memory, Asked { waited: true, ..asked }, choices);
        true
    }

    pub(super) fn step_asking(
        &mut self,
        turn: &mut Turn<'_>,
        memory: &MemoryItem,
        input: &Input<'_>,
        asked: Asked,
    ) -> bool {
        let (reading, rt_ms) = match input {
            Input::Answer { reading, rt_ms } => (*reading, *rt_ms),
            Input::Hint => {
                self.items[asked.item].hints = self.items[asked.item].hints.saturating_add(1);
                return self.climb(turn, memory, asked, None);
            }
            Input::Skip => return self.leave(turn, memory, asked),
        };
        let at = Cue::from_rung(asked.rung).unwrap_or(Cue::Free);
        let named = self.take_others(turn, memory, reading, asked, rt_ms);
        let (verdict, found, parts) = self.verdict_on(turn, memory, reading, asked);
        let item = asked.item;
        if reading.intent == Intent::Answer {
            self.items[item].attempts = self.items[item].attempts.saturating_add(1);
        }
        let complete = verdict == Verdict::Partial && self.note_part(memory, item, &parts, at);
        if verdict == Verdict::Correct || complete {
            self.record_answered(turn, memory, asked, found, rt_ms);
            self.phase = Phase::Between;
            let mut right = named;
            right.insert(0, item);
            self.confirm(turn, memory, &right);
            return self.next_question(turn, memory);
        }
        self.confirm(turn, memory, &named);
        match (verdict, reading.intent) {
            (Verdict::Partial, _) => {
                self.confirm_part(turn, memory, item);
                if asked.waited {
                    self.climb(turn, memory, asked, None)
                } else {
                    self.put_again(turn, memory, asked, "more-of-it")
                }
            }
            (Verdict::Incorrect, _) => {
                self.items[item].offered = true;
                self.climb(turn, memory, asked, Some(Miss::Other))
            }
            (_, Intent::NothingMore) => self.leave(turn, memory, asked),
            (_, Intent::Yes) if !asked.waited => self.put_again(turn, memory, asked, "question"),
            (_, Intent::OffTopic) if !asked.waited => {
                self.say(turn, memory, ActKind::Encourage, "come-back", []);
                self.put_again(turn, memory, asked, "question")
            }
            _ if !named.is_empty() && !asked.waited => self.put_again(turn, memory, asked, "question"),
            _ => self.climb(turn, memory, asked, Some(Miss::Gone)),
        }
    }

    /// Other open details named on the way count as well, with the help that was on the table.
    fn take_others(
        &mut self,
        turn: &mut Turn<'_>,
        memory: &MemoryItem,
        reading: &Reading,
        asked: Asked,
        rt_ms: Option<u32>,
    ) -> Vec<usize> {
        let helped = if asked.rung > 0 { Cue::Context } else { Cue::Free };
        let at = self.shown.unwrap_or(helped);
        let (recalled, _) = self.take(memory, reading, at, Some(asked.item));
        for (item, found) in &recalled {
            self.items[*item].photo_seen = self.shown.is_some();
            self.record_recalled(turn, memory, *item, at, (found.matched_by, found.confidence), rt_ms);
        }
        recalled.into_iter().map(|(item, _)| item).collect()
    }

    /// What the engine makes of the reading for the detail asked: a tapped choice decides, else the better of the two verdicts.
    fn verdict_on(
        &self,
        turn: &Turn<'_>,
        memory: &MemoryItem,
        reading: &Reading,
        asked: Asked,
    ) -> (Verdict, (MatchedBy, f64), Vec<u16>) {
        let fact = self.fact(memory, asked.item);
        let is_choice = turn.state.prompt.as_ref().is_some_and(|prompt| prompt.input == InputKind::Choice);
        if let Some(choice) = reading.choice.as_ref().filter(|_| is_choice) {
            let is_right = *choice == cues::label(&fact.expected, Some(turn.state.setup.language));
            let verdict = if is_right { Verdict::Correct } else { Verdict::Incorrect };
            return (verdict, (MatchedBy::Choice, reading.confidence), Vec::new());
        }
        let own = reading.facts.iter().find(|found| found.fact_id == fact.id);
        let parts = own.filter(|found| found.verdict == Verdict::Partial).map(|found| found.parts.clone());
        let parts = parts.unwrap_or_default();
        match own {
            Some(found) if worth(found.verdict) > worth(reading.verdict) => {
                (found.verdict, (found.matched_by, found.confidence), parts)
            }
            _ => (reading.verdict, (reading.matched_by, reading.confidence), parts),
        }
    }

    /// One rung up, with a kind word before it; told when the ladder ends, or at once when a told detail came back.
    fn climb(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, asked: Asked, miss: Option<Miss>) -> bool {
        if let Some(miss) = miss {
            let words: &[&str] = match miss {
                Miss::Gone => &["forgot-1", "forgot-2", "forgot-3"],
                Miss::Other => &["not-quite-1", "not-quite-2"],
            };
            let word = words[usize::from(self.consoled) % words.len()];
            self.consoled = self.consoled.wrapping_add(1);
            self.say(turn, memory, ActKind::Encourage, word, []);
        }
        // A told detail that does not come is told again, not fished for; only a hint asked for goes up the ladder.
        // Practice shows one cue and then the answer: it is to show how it goes, not to try anybody.
        let seen_enough = self.source == Source::Example && asked.rung > 0;
        let fishing = (!asked.spaced || miss.is_none()) && !seen_enough;
        let above: Vec<Cue> = turn.bundle.template.cues.above(asked.rung).collect();
        for cue in above {
            if cue == Cue::Told {
                return self.tell(turn, memory, asked);
            }
            if fishing && self.cue(turn, memory, asked.item, cue).is_some() {
                self.put(turn, memory, Asked { rung: cue.rung(), waited: false, ..asked });
                return true;
            }
        }
        self.record_unrecalled(turn, memory, asked, false);
        self.next_question(turn, memory)
    }

    fn tell(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, asked: Asked) -> bool {
        let fact = self.fact(memory, asked.item);
        let answer = cues::label(&fact.expected, Some(turn.state.setup.language));
        self.items[asked.item].status = Status::Told;
        self.phase = Phase::Telling(asked);
        self.shown = None;
        let args = [("answer", answer.into()), ("question", fact.question.as_str().into())];
        self.say(turn, memory, ActKind::Tell, "tell", args);
        let reads = ReadAs::RepeatBack { fact_id: fact.id, expected: fact.expected.clone() };
        turn.ask(Prompt { input: InputKind::Text, choices: Vec::new(), can_hint: false, reads });
        true
    }

    pub(super) fn step_telling(
        &mut self,
        turn: &mut Turn<'_>,
        memory: &MemoryItem,
        input: &Input<'_>,
        asked: Asked,
    ) -> bool {
        let (repeated, rt_ms) = match input {
            Input::Answer { reading, rt_ms } => {
                let fact_id = self.fact(memory, asked.item).id;
                let named =
                    |found: &reme_types::FactMatch| found.fact_id == fact_id && found.verdict == Verdict::Correct;
                (reading.verdict == Verdict::Correct || reading.facts.iter().any(named), *rt_ms)
            }
            Input::Hint | Input::Skip => (false, None),
        };
        self.record_told(turn, memory, asked, rt_ms, repeated);
        let answer = cues::label(&self.fact(memory, asked.item).expected, Some(turn.state.setup.language));
        if repeated {
            self.say(turn, memory, ActKind::Encourage, "repeated", [("answer", answer.into())]);
        } else {
            self.say(turn, memory, ActKind::Encourage, "repeated-not", []);
        }
        self.next_question(turn, memory)
    }

    /// Leaves the question alone, at the patient's wish.
    fn leave(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem, asked: Asked) -> bool {
        self.record_unrecalled(turn, memory, asked, true);
        self.say(turn, memory, ActKind::Encourage, "leave-question", []);
        self.next_question(turn, memory)
    }

    pub(super) fn step_musing(&mut self, turn: &mut Turn<'_>, memory: &MemoryItem) -> bool {
        self.say(turn, memory, ActKind::Encourage, "muse-thanks", []);
        self.next_question(turn, memory)
    }
}

fn worth(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Correct => 3,
        Verdict::Partial => 2,
        Verdict::Incorrect => 1,
        Verdict::NoAnswer => 0,
    }
}
