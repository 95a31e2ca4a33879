//! Plays a session: game after game, input after input, without reading or writing anything.
//!
//! Where in the flow: [`super::compose`] hands over the games; each input gives what is to be said, logged and marked
//! ([`Told`]), in order. What it must never do: I/O, clocks, chance, words. The same games and inputs always give the same, so a
//! session is rebuilt by playing its log again.

use reme_games::{Action, Bundle, Engine, Event, EventKind, Library, Prompt, ReadAs, Setup, State, Stimulus};
use reme_store::SessionState;
use reme_types::{Act, ActKind, Language, MemoryId, MemoryItem, Outcome, PersonRef, PhotoCue};

use super::journal::BlockEntry;

/// What comes out of an input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told {
    /// To be said, with a photo beside it.
    Line {
        /// What.
        act: Act,
        /// In which game.
        block: usize,
        /// The photo shown with it.
        photo: Option<PhotoCue>,
    },
    /// To be logged.
    Trial {
        /// What the engine decided.
        outcome: Outcome,
        /// In which game.
        block: usize,
    },
    /// Never to be asked about again.
    Distress(MemoryId),
}

/// What a session is played with.
#[derive(Debug, Clone)]
pub(crate) struct Score {
    /// Language.
    pub(crate) language: Language,
    /// The patient, as ReMe says hello.
    pub(crate) name: String,
    /// The games there are.
    pub(crate) games: Library,
    /// The games to play.
    pub(crate) blocks: Vec<BlockEntry>,
    /// The memories of each.
    pub(crate) memories: Vec<Vec<MemoryItem>>,
    /// Everybody.
    pub(crate) people: Vec<PersonRef>,
}

/// Where a session stands.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    /// What it is played with.
    pub(crate) score: Score,
    /// The game being played, from 0.
    pub(crate) block: usize,
    /// Steps done, steps in all, of that game.
    pub(crate) steps: (u16, u16),
    /// What is shown large.
    pub(crate) showing: Option<Stimulus>,
    /// How it ended.
    pub(crate) ended: Option<SessionState>,
    /// Milliseconds played.
    pub(crate) at_ms: u64,
    game: State,
}

/// A session cannot be played with this: a game is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoGame;

impl Run {
    /// Begins: hello, and the first game.
    pub(crate) fn begin(score: Score) -> Result<(Self, Vec<Told>), NoGame> {
        let name = score.name.clone();
        let (game, actions) = start(&score, 0, 0)?;
        let mut run = Self { score, block: 0, steps: (0, 0), showing: None, ended: None, at_ms: 0, game };
        let mut told = vec![run.line(ActKind::Open, "session-open", Some(("name", name)))];
        run.follow(actions, None, &mut told)?;
        Ok((run, told))
    }

    /// Takes one input: one event, or an answer and a wish.
    pub(crate) fn take(&mut self, at_ms: u64, events: &[EventKind]) -> Result<Vec<Told>, NoGame> {
        let mut told = Vec::new();
        self.at_ms = self.at_ms.max(at_ms);
        for (index, kind) in events.iter().enumerate() {
            if self.ended.is_some() {
                break;
            }
            let event = Event { at_ms: self.at_ms, kind: kind.clone() };
            let before = self.game.prompt().cloned();
            let (game, mut actions) = Engine::step(bundle(&self.score, self.block)?, self.game.clone(), event);
            self.game = game;
            if index + 1 < events.len() {
                // Between an answer and "let's stop" nothing more is asked; what was right is said and logged.
                let is_kept = |action: &Action| match action {
                    Action::Say(act) => act.kind == ActKind::Confirm,
                    Action::Ask(_) | Action::Show(_) => false,
                    _ => true,
                };
                if !actions.iter().any(|action| matches!(action, Action::Finish(_))) {
                    actions.retain(is_kept);
                }
            }
            self.follow(actions, before.as_ref(), &mut told)?;
        }
        Ok(told)
    }

    /// The question that waits for an answer.
    pub(crate) fn prompt(&self) -> Option<&Prompt> {
        if self.ended.is_some() { None } else { self.game.prompt() }
    }

    /// The memory being talked about.
    pub(crate) fn memory(&self) -> Option<&MemoryItem> {
        self.game.memory()
    }

    /// Memories of the game being played and of those to come.
    pub(crate) fn memories_to_come(&self) -> impl Iterator<Item = MemoryId> + '_ {
        self.score.blocks.iter().skip(self.block).flat_map(|block| block.memories.iter().copied())
    }

    /// Follows what the engine wants done; goes on to the next game, or to the end, when this one is over.
    fn follow(&mut self, actions: Vec<Action>, before: Option<&Prompt>, told: &mut Vec<Told>) -> Result<(), NoGame> {
        let asked = actions.iter().find_map(|action| match action {
            Action::Ask(prompt) => Some(prompt.clone()),
            _ => None,
        });
        let shows = actions.iter().any(|action| matches!(action, Action::Show(_)));
        let is_same = asked.as_ref().zip(before).is_some_and(|(prompt, before)| is_same_question(prompt, before));
        if !shows && asked.is_some() && !is_same {
            self.showing = None;
        }
        // The photo belongs to the line that speaks of it: the next one, or the question put once more.
        let mut photo = None;
        let again = match &self.showing {
            Some(Stimulus::Photo(cue)) if !shows && is_same => Some(cue.clone()),
            _ => None,
        };
        let puts = |act: &Act| matches!(act.kind, ActKind::Ask | ActKind::Cue);
        let last = actions.iter().rposition(|action| matches!(action, Action::Say(act) if puts(act)));
        let mut finished = None;
        for (index, action) in actions.into_iter().enumerate() {
            match action {
                Action::Say(act) => {
                    let photo = photo.take().or_else(|| again.clone().filter(|_| Some(index) == last));
                    told.push(Told::Line { act, block: self.block, photo });
                }
                Action::Show(stimulus) => {
                    photo = match &stimulus {
                        Stimulus::Photo(cue) => Some(cue.clone()),
                        _ => None,
                    };
                    self.showing = Some(stimulus);
                }
                Action::Ask(_) => {}
                Action::Record(outcome) => told.push(Told::Trial { outcome, block: self.block }),
                Action::MarkDistress { memory_id } => told.push(Told::Distress(memory_id)),
                Action::Progress { steps_done, steps_total } => self.steps = (steps_done, steps_total),
                Action::Finish(summary) => finished = Some(summary),
            }
        }
        let Some(summary) = finished else { return Ok(()) };
        self.showing = None;
        if summary.stopped {
            self.ended = Some(SessionState::Stopped);
            return Ok(());
        }
        if self.block + 1 == self.score.blocks.len() {
            told.push(self.line(ActKind::Close, "session-close", None));
            self.ended = Some(SessionState::Done);
            return Ok(());
        }
        let (game, actions) = start(&self.score, self.block + 1, self.at_ms)?;
        self.block += 1;
        self.game = game;
        self.steps = (0, 0);
        let title = bundle(&self.score, self.block)?.title(self.score.language);
        told.push(self.line(ActKind::Instruct, "session-next", Some(("game", title))));
        self.follow(actions, None, told)
    }

    fn line(&self, kind: ActKind, message: &str, arg: Option<(&str, String)>) -> Told {
        let args = arg.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let act = Act { kind, message: message.into(), args, hidden: self.hidden(), grounds: Vec::new() };
        Told::Line { act, block: self.block, photo: None }
    }

    /// Every answer of the session: what is said between the games may hold none of them.
    fn hidden(&self) -> Vec<String> {
        let facts = self.score.memories.iter().flatten().flat_map(|memory| &memory.facts);
        facts.flat_map(|fact| fact.expected.parts.iter().chain(&fact.expected.aliases)).cloned().collect()
    }
}

fn bundle(score: &Score, block: usize) -> Result<&Bundle, NoGame> {
    score.blocks.get(block).and_then(|entry| score.games.get(&entry.game)).map(|game| &**game).ok_or(NoGame)
}

fn start(score: &Score, block: usize, at_ms: u64) -> Result<(State, Vec<Action>), NoGame> {
    let (entry, memories) = score.blocks.get(block).zip(score.memories.get(block)).ok_or(NoGame)?;
    let setup = Setup {
        memory: memories.first().cloned(),
        more_memories: memories.iter().skip(1).cloned().collect(),
        minutes: entry.minutes,
        practice: entry.practice,
        started_ms: at_ms,
        min_level: entry.min_level,
        ..Setup::new(score.language, entry.level, entry.seed)
    };
    Ok(Engine::start(bundle(score, block)?, setup))
}

/// Whether the same thing is asked, perhaps with another cue.
fn is_same_question(a: &Prompt, b: &Prompt) -> bool {
    match (&a.reads, &b.reads) {
        (ReadAs::Question { fact_id: a, .. }, ReadAs::Question { fact_id: b, .. }) => a == b,
        (a, b) => a == b,
    }
}
