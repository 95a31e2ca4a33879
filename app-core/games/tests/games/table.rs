//! A game driven by hand: what was said, shown, asked and written down, turn by turn.

use reme_games::{Action, Bundle, Engine, Event, EventKind, Practice, Prompt, Setup, State, Stimulus};
use reme_types::{
    Act, Cue, FactId, FactMatch, InputMode, Intent, Language, MatchedBy, MemoryItem, Outcome, PhotoView, Reading,
    Verdict,
};

pub(crate) struct Table {
    pub(crate) bundle: &'static Bundle,
    pub(crate) state: State,
    /// Of the last turn.
    pub(crate) actions: Vec<Action>,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) at_ms: u64,
}

impl Table {
    pub(crate) fn new(slug: &str, setup: Setup) -> Self {
        let bundle = Bundle::builtin(slug).expect(slug);
        let (state, actions) = Engine::start(bundle, setup);
        let mut table = Self { bundle, state, actions: Vec::new(), outcomes: Vec::new(), at_ms: 0 };
        table.take(actions);
        table
    }

    /// A talk about the fixture memory, without practice, as changed.
    pub(crate) fn recall(level: u8, change: impl FnOnce(&mut MemoryItem, &mut Setup)) -> Self {
        let bundle = Bundle::builtin("life-recall").expect("it ships");
        let mut memory = bundle.fixture_memory(Language::En).expect("a fixture").clone();
        memory.photo = "a".repeat(64).parse().ok();
        let mut setup = Setup::new(Language::En, level, 7);
        setup.practice = Practice::Leave;
        change(&mut memory, &mut setup);
        Self::new("life-recall", setup.with_memory(memory))
    }

    fn take(&mut self, actions: Vec<Action>) {
        for action in &actions {
            if let Action::Record(outcome) = action {
                self.outcomes.push(outcome.clone());
            }
        }
        self.actions = actions;
    }

    pub(crate) fn step(&mut self, kind: EventKind) -> &mut Self {
        self.step_after(3_000, kind)
    }

    pub(crate) fn step_after(&mut self, ms: u64, kind: EventKind) -> &mut Self {
        self.at_ms += ms;
        let (state, actions) = Engine::step(self.bundle, self.state.clone(), Event { at_ms: self.at_ms, kind });
        self.state = state;
        self.take(actions);
        self
    }

    pub(crate) fn answer(&mut self, reading: Reading) -> &mut Self {
        self.step(answered(reading))
    }

    pub(crate) fn intent(&mut self, intent: Intent) -> &mut Self {
        self.answer(Reading::of_intent(intent))
    }

    /// Tells freely: names facts by their index in the memory, or something that is none of them.
    pub(crate) fn tell(&mut self, facts: &[usize]) -> &mut Self {
        let facts = facts.iter().map(|index| found(self.fact_id(*index), Verdict::Correct)).collect();
        self.answer(Reading { facts, verdict: Verdict::Incorrect, ..Reading::of_intent(Intent::Answer) })
    }

    /// Answers the question asked.
    pub(crate) fn say(&mut self, verdict: Verdict) -> &mut Self {
        self.answer(Reading { verdict, matched_by: MatchedBy::Exact, ..Reading::of_intent(Intent::Answer) })
    }

    pub(crate) fn number(&mut self, number: f64) -> &mut Self {
        self.answer(Reading { number: Some(number), ..Reading::of_intent(Intent::Answer) })
    }

    pub(crate) fn choose(&mut self, value: &str) -> &mut Self {
        self.answer(Reading { choice: Some(value.to_owned()), ..Reading::of_intent(Intent::Answer) })
    }

    pub(crate) fn fact_id(&self, index: usize) -> FactId {
        self.state.memory().expect("a memory is talked about").facts[index].id
    }

    pub(crate) fn prompt(&self) -> &Prompt {
        self.state.prompt().expect("a question is open")
    }

    /// Message ids said in the last turn, with spaces between.
    pub(crate) fn said(&self) -> String {
        self.ids().join(" ")
    }

    fn ids(&self) -> Vec<&str> {
        self.acts().map(|act| act.message.as_str()).collect()
    }

    fn acts(&self) -> impl Iterator<Item = &Act> {
        self.actions.iter().filter_map(|action| match action {
            Action::Say(act) => Some(act),
            _ => None,
        })
    }

    pub(crate) fn first_said(&self) -> &str {
        self.ids().first().expect("something was said")
    }

    pub(crate) fn second_said(&self) -> &str {
        self.ids().get(1).expect("two things were said")
    }

    /// The last turn in plain words.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.acts().map(|act| self.bundle.plain_line(self.state.setup().language, act)).collect()
    }

    /// The photo shown in the last turn.
    pub(crate) fn photo(&self) -> Option<PhotoView> {
        self.actions.iter().find_map(|action| match action {
            Action::Show(Stimulus::Photo(photo)) => Some(photo.view),
            _ => None,
        })
    }

    /// Verdict and rung of every trial so far.
    pub(crate) fn rungs(&self) -> Vec<(Verdict, Option<Cue>)> {
        self.outcomes.iter().map(|outcome| (outcome.verdict, outcome.cue)).collect()
    }
}

pub(crate) fn answered(reading: Reading) -> EventKind {
    EventKind::Answered { reading, rt_ms: Some(1_200), input: InputMode::Typed }
}

pub(crate) fn found(fact_id: FactId, verdict: Verdict) -> FactMatch {
    FactMatch { fact_id, verdict, matched_by: MatchedBy::Exact, confidence: 1.0, parts: Vec::new() }
}
