//! Simulated players: how somebody might answer, by chance from a seed.
//!
//! They stand in for the conversation layer as well: they make a [`Reading`] directly, so that a game can be tried without
//! any reading of words. Their numbers are no model of patients; they only span what a game must cope with [design].

use reme_types::{
    FactId, FactMatch, InputMode, Intent, Language, MatchedBy, MemoryItem, Reading, Rng, SeededRng, Verdict,
};
use serde::{Deserialize, Serialize};

use crate::action::{EventKind, InputKind, Prompt, ReadAs};

/// A kind of player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Player {
    /// Knows everything at once.
    Perfect,
    /// Knows most things, some with a hint.
    Average,
    /// Knows little without help.
    Impaired,
    /// Good stretches and blank ones.
    Lapsing,
    /// Says nothing.
    Silent,
    /// Says a great deal, some of it an answer.
    Talkative,
}

impl Player {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Perfect, Self::Average, Self::Impaired, Self::Lapsing, Self::Silent, Self::Talkative];

    /// Its name on the command line.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Perfect => "perfect",
            Self::Average => "average",
            Self::Impaired => "impaired",
            Self::Lapsing => "lapsing",
            Self::Silent => "silent",
            Self::Talkative => "talkative",
        }
    }

    /// The player of that name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|player| player.slug() == slug)
    }

    /// Chance that one open detail is told freely.
    const fn tells(self) -> f64 {
        match self {
            Self::Perfect => 1.0,
            Self::Average | Self::Lapsing => 0.35,
            Self::Impaired => 0.1,
            Self::Talkative => 0.4,
            Self::Silent => 0.0,
        }
    }

    /// Chance of answering a question at once, and how much each further cue adds.
    const fn answers(self) -> (f64, f64) {
        match self {
            Self::Perfect => (1.0, 0.0),
            Self::Average | Self::Talkative => (0.55, 0.15),
            Self::Impaired => (0.15, 0.12),
            Self::Lapsing => (0.8, 0.1),
            Self::Silent => (0.0, 0.0),
        }
    }

    /// Chance of a right sum.
    const fn calculates(self) -> f64 {
        match self {
            Self::Perfect => 1.0,
            Self::Average | Self::Talkative => 0.85,
            Self::Impaired => 0.5,
            Self::Lapsing => 0.9,
            Self::Silent => 0.0,
        }
    }

    /// Chance of the right colour, and what a word against its colour takes away.
    const fn sees(self) -> (f64, f64) {
        match self {
            Self::Perfect => (1.0, 0.0),
            Self::Average | Self::Talkative => (0.97, 0.1),
            Self::Impaired => (0.85, 0.3),
            Self::Lapsing => (0.95, 0.1),
            Self::Silent => (0.0, 0.0),
        }
    }

    /// Usual milliseconds to an answer.
    const fn pace_ms(self) -> u64 {
        match self {
            Self::Perfect => 2_000,
            Self::Average => 4_500,
            Self::Lapsing => 6_000,
            Self::Talkative => 15_000,
            Self::Impaired => 9_000,
            Self::Silent => 20_000,
        }
    }
}

/// What a player does next.
pub(crate) struct Move {
    pub(crate) after_ms: u64,
    pub(crate) kind: EventKind,
    /// In words, for the transcript.
    pub(crate) said: String,
}

/// A player in a game.
pub(crate) struct Seat {
    player: Player,
    language: Language,
    rng: SeededRng,
    moves: u32,
    /// What was asked last, and how often in a row.
    target: Option<FactId>,
    tries: u32,
    waited: u32,
}

impl Seat {
    pub(crate) fn new(player: Player, language: Language, seed: u64) -> Self {
        // Another stream than the game's own, which starts from the bare seed.
        let rng = SeededRng::new(seed ^ 0x5ea7_5ea7_5ea7_5ea7);
        Self { player, language, rng, moves: 0, target: None, tries: 0, waited: 0 }
    }

    fn lucky(&mut self, chance: f64) -> bool {
        self.rng.unit() < chance
    }

    /// Whether a lapsing player is away just now: three moves out of eight.
    fn is_away(&self) -> bool {
        self.player == Player::Lapsing && self.moves % 8 >= 5
    }

    /// The next move, given what is asked and, for words against their colour, that it is one.
    pub(crate) fn play(&mut self, prompt: &Prompt, memory: Option<&MemoryItem>, against: bool) -> Move {
        self.moves += 1;
        if self.player == Player::Silent {
            // Time goes by until the gentle word has come; then an empty answer, as a microphone gives after a silence.
            self.waited += 1;
            if !self.waited.is_multiple_of(4) {
                return Move { after_ms: self.player.pace_ms(), kind: EventKind::Tick, said: String::new() };
            }
        }
        let pace = self.player.pace_ms();
        let after_ms = pace / 2 + self.rng.next_u64() % pace + if against { pace / 4 } else { 0 };
        let rt_ms = u32::try_from(after_ms).ok();
        let (reading, said) = self.reading(prompt, memory, against);
        let input = if prompt.input == InputKind::Choice { InputMode::Tapped } else { InputMode::Typed };
        Move { after_ms, kind: EventKind::Answered { reading, rt_ms, input }, said }
    }

    fn reading(&mut self, prompt: &Prompt, memory: Option<&MemoryItem>, against: bool) -> (Reading, String) {
        if self.player == Player::Silent {
            return (Reading::of_intent(Intent::Forgot), self.word("…", "……"));
        }
        if self.player == Player::Talkative && self.lucky(0.25) {
            let said = self.word("That reminds me of something else altogether …", "说起这个，我又想起别的事来……");
            return (Reading::of_intent(Intent::OffTopic), said);
        }
        match &prompt.reads {
            ReadAs::Recall { open } => self.tell(open, memory),
            ReadAs::Question { fact_id, expected, open, .. } => {
                let (at_once, per_cue) = self.player.answers();
                let chance = self.chance_on(*fact_id, at_once, per_cue);
                let answer = expected.parts.join(", ");
                if self.lucky(chance) {
                    let also: Vec<FactId> = open.iter().copied().filter(|id| id != fact_id).collect();
                    let chatty = self.player == Player::Talkative;
                    let also = also.into_iter().filter(|_| chatty && self.rng.unit() < 0.3).collect::<Vec<_>>();
                    let said = self.names(&also, memory).map_or(answer.clone(), |more| format!("{answer}, {more}"));
                    return (right(MatchedBy::Exact, matches(&also)), said);
                }
                self.miss(*fact_id, expected.parts.len())
            }
            ReadAs::RepeatBack { expected, .. } => (right(MatchedBy::Exact, Vec::new()), expected.parts.join(", ")),
            ReadAs::Number { expected } => {
                let away = self.is_away();
                let chance = self.player.calculates();
                if !away && self.lucky(chance) {
                    return (number(*expected), format!("{expected}"));
                }
                match self.rng.below(3) {
                    0 => (Reading::of_intent(Intent::Forgot), self.forgot()),
                    1 => (Reading::of_intent(Intent::Hint), self.word("May I have a hint?", "给个提示吧。")),
                    _ => {
                        let off = 1.0 + self.rng.below(3) as f64;
                        (number(expected + off), format!("{}", expected + off))
                    }
                }
            }
            ReadAs::Choice { expected, fact_id } => {
                let chance = match fact_id {
                    Some(id) => {
                        let (at_once, per_cue) = self.player.answers();
                        self.chance_on(*id, at_once, per_cue)
                    }
                    None if self.is_away() => 0.4,
                    None => {
                        let (colour, less) = self.player.sees();
                        if against { colour - less } else { colour }
                    }
                };
                let right = self.lucky(chance);
                let others: Vec<&str> = prompt
                    .choices
                    .iter()
                    .map(|choice| choice.value.as_str())
                    .filter(|value| value != expected)
                    .collect();
                let value =
                    if right || others.is_empty() { expected.as_str() } else { others[self.rng.below(others.len())] };
                let label =
                    prompt.choices.iter().find(|choice| choice.value == value).map(|choice| choice.label.clone());
                let mut reading = Reading::of_intent(Intent::Answer);
                reading.choice = Some(value.to_owned());
                reading.matched_by = MatchedBy::Choice;
                reading.verdict = if value == expected { Verdict::Correct } else { Verdict::Incorrect };
                (reading, label.unwrap_or_default())
            }
        }
    }

    /// Free telling: each open detail by chance.
    fn tell(&mut self, open: &[FactId], memory: Option<&MemoryItem>) -> (Reading, String) {
        if open.is_empty() {
            return (Reading::of_intent(Intent::Answer), self.word("It was a good day.", "那天挺好的。"));
        }
        let chance = if self.is_away() { 0.0 } else { self.player.tells() };
        let told: Vec<FactId> = open.iter().copied().filter(|_| self.rng.unit() < chance).collect();
        match self.names(&told, memory) {
            Some(said) => {
                let reading = Reading { facts: matches(&told), ..right(MatchedBy::Words, Vec::new()) };
                (Reading { verdict: Verdict::NoAnswer, ..reading }, said)
            }
            None if self.lucky(0.3) => (Reading::of_intent(Intent::Forgot), self.forgot()),
            None => (Reading::of_intent(Intent::NothingMore), self.word("That is all.", "就这些了。")),
        }
    }

    fn miss(&mut self, fact_id: FactId, parts: usize) -> (Reading, String) {
        match self.rng.below(5) {
            0 => (Reading::of_intent(Intent::Hint), self.word("May I have a hint?", "给个提示吧。")),
            1 => {
                let mut reading = Reading::of_intent(Intent::Answer);
                reading.verdict = Verdict::Incorrect;
                (reading, self.word("(something else)", "（说了别的）"))
            }
            2 if parts > 1 => {
                let mut reading = Reading::of_intent(Intent::Answer);
                reading.verdict = Verdict::Partial;
                let parts = vec![0];
                let found = FactMatch {
                    fact_id,
                    verdict: Verdict::Partial,
                    matched_by: MatchedBy::Words,
                    confidence: 0.9,
                    parts,
                };
                reading.facts = vec![found];
                (reading, self.word("(a part of it)", "（说了一部分）"))
            }
            _ => (Reading::of_intent(Intent::Forgot), self.forgot()),
        }
    }

    /// Chance for a detail that has been asked for so many times in a row, one cue more each time.
    fn chance_on(&mut self, fact_id: FactId, at_once: f64, per_cue: f64) -> f64 {
        self.tries = if self.target == Some(fact_id) { self.tries + 1 } else { 0 };
        self.target = Some(fact_id);
        if self.is_away() { 0.1 } else { at_once + per_cue * f64::from(self.tries) }
    }

    fn names(&self, ids: &[FactId], memory: Option<&MemoryItem>) -> Option<String> {
        let facts = memory?.facts.iter().filter(|fact| ids.contains(&fact.id));
        let said: Vec<String> = facts.flat_map(|fact| fact.expected.parts.iter().cloned()).collect();
        (!said.is_empty()).then(|| crate::wording::join(&said, self.language))
    }

    fn forgot(&self) -> String {
        self.word("I cannot remember.", "想不起来了。")
    }

    fn word(&self, en: &str, zh: &str) -> String {
        if self.language == Language::ZhCn { zh.to_owned() } else { en.to_owned() }
    }
}

fn right(matched_by: MatchedBy, facts: Vec<FactMatch>) -> Reading {
    Reading { verdict: Verdict::Correct, matched_by, facts, ..Reading::of_intent(Intent::Answer) }
}

fn number(value: f64) -> Reading {
    Reading { number: Some(value), verdict: Verdict::NoAnswer, ..Reading::of_intent(Intent::Answer) }
}

fn matches(ids: &[FactId]) -> Vec<FactMatch> {
    let found = |fact_id: &FactId| FactMatch {
        fact_id: *fact_id,
        verdict: Verdict::Correct,
        matched_by: MatchedBy::Words,
        confidence: 0.9,
        parts: Vec::new(),
    };
    ids.iter().map(found).collect()
}
