//! A whole game against a simulated player: for golden scores, for trying out a template, for predicting how it goes.

use std::fmt;

use reme_types::{Cue, Language, MediaId, Outcome, PhotoView};
use serde::Serialize;

use crate::action::{Action, BlockSummary, Event, InputKind, Stimulus};
use crate::bundle::Bundle;
use crate::choose::is_success;
use crate::engine::Engine;
use crate::player::{Player, Seat};
use crate::state::{Setup, State};

/// Events after which a game that does not end is cut off; a bound for faulty templates, far above any real game.
const MOST_EVENTS: usize = 5_000;

/// Who a line of the transcript belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaker {
    /// ReMe says it.
    Reme,
    /// ReMe shows it.
    Screen,
    /// The player says or does it.
    Player,
}

/// One line of the transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimulatedLine {
    /// Milliseconds since the game began.
    pub at_ms: u64,
    /// Whose it is.
    pub speaker: Speaker,
    /// The words.
    pub text: String,
}

/// What came of a simulated game.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulationReport {
    /// The game's slug.
    pub game: String,
    /// Who played.
    pub player: Player,
    /// Seed of game and player.
    pub seed: u64,
    /// Language.
    pub language: Language,
    /// Level it began at.
    pub level: u8,
    /// Everything said, shown and answered.
    pub lines: Vec<SimulatedLine>,
    /// Every trial, practice included.
    pub outcomes: Vec<Outcome>,
    /// Success rate of the counting trials, 0–1; `None` without any.
    pub success_rate: Option<f64>,
    /// Mean rung of the counting laddered trials; `None` without any.
    pub mean_rung: Option<f64>,
    /// Sum of the scores of the counting trials.
    pub score: f64,
    /// Milliseconds from start to end.
    pub lasted_ms: u64,
    /// How it ended; `None` only where it was cut off.
    pub summary: Option<BlockSummary>,
}

/// Plays a game through, about the template's own fixture memory where it needs one.
pub fn simulate(bundle: &Bundle, language: Language, player: Player, level: u8, seed: u64) -> SimulationReport {
    let mut setup = Setup::new(language, level, seed);
    if let Some(memory) = bundle.fixture_memory(language).filter(|_| bundle.template.needs.memories > 0) {
        let mut memory = memory.clone();
        // A made-up memory has no photo in its folder; a made-up address lets the photo rungs be seen.
        memory.photo = "0".repeat(64).parse::<MediaId>().ok();
        setup.memory = Some(memory);
    }
    let mut seat = Seat::new(player, language, seed);
    let (mut state, mut actions) = Engine::start(bundle, setup);
    let mut report = SimulationReport {
        game: bundle.slug().to_owned(),
        player,
        seed,
        language,
        level: state.level(),
        lines: Vec::new(),
        outcomes: Vec::new(),
        success_rate: None,
        mean_rung: None,
        score: 0.0,
        lasted_ms: 0,
        summary: None,
    };
    let mut shown = None;
    for _ in 0..MOST_EVENTS {
        report.take(bundle, language, &actions, &mut shown);
        let Some(prompt) = state.prompt().cloned() else { break };
        let turn = seat.play(&prompt, state.memory(), is_against(&state, shown.as_ref()));
        report.lasted_ms += turn.after_ms;
        if !turn.said.is_empty() {
            report.lines.push(SimulatedLine { at_ms: report.lasted_ms, speaker: Speaker::Player, text: turn.said });
        }
        let event = Event { at_ms: report.lasted_ms, kind: turn.kind };
        (state, actions) = Engine::step(bundle, state, event);
    }
    report.summary = state.summary().cloned();
    report.count();
    report
}

/// Whether the word on the screen names another colour than it is printed in.
fn is_against(state: &State, shown: Option<&Stimulus>) -> bool {
    let Some(Stimulus::ColourWord { text, .. }) = shown else { return false };
    let Some(prompt) = state.prompt() else { return false };
    let crate::ReadAs::Choice { expected, .. } = &prompt.reads else { return false };
    prompt.choices.iter().any(|choice| choice.label == *text && choice.value != *expected)
}

impl SimulationReport {
    fn take(&mut self, bundle: &Bundle, language: Language, actions: &[Action], shown: &mut Option<Stimulus>) {
        for action in actions {
            let (speaker, text) = match action {
                Action::Say(act) => (Speaker::Reme, bundle.plain_line(language, act)),
                Action::Show(stimulus) => {
                    *shown = Some(stimulus.clone());
                    (Speaker::Screen, describe(stimulus))
                }
                Action::Ask(prompt) if prompt.input == InputKind::Choice && !prompt.choices.is_empty() => {
                    let labels: Vec<&str> = prompt.choices.iter().map(|choice| choice.label.as_str()).collect();
                    (Speaker::Screen, format!("[ {} ]", labels.join(" | ")))
                }
                Action::Record(outcome) => {
                    self.outcomes.push(outcome.clone());
                    continue;
                }
                _ => continue,
            };
            self.lines.push(SimulatedLine { at_ms: self.lasted_ms, speaker, text });
        }
    }

    fn count(&mut self) {
        let counting: Vec<&Outcome> = self.outcomes.iter().filter(|outcome| !outcome.practice).collect();
        let rungs: Vec<f64> =
            counting.iter().filter_map(|outcome| outcome.cue).map(|cue: Cue| f64::from(cue.rung())).collect();
        let successes = counting.iter().filter(|outcome| is_success(outcome)).count();
        let score = counting.iter().map(|outcome| outcome.score).sum();
        let rate = |part: f64, of: usize| (of > 0).then(|| part / of as f64);
        self.success_rate = rate(successes as f64, counting.len());
        self.mean_rung = rate(rungs.iter().sum(), rungs.len());
        self.score = score;
    }
}

/// The transcript, one line each: `m:ss`, then `>` for the player, `#` for what is shown, nothing for what ReMe says.
impl fmt::Display for SimulationReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            let (seconds, sign) = (line.at_ms / 1000, line.speaker.sign());
            writeln!(f, "{:>2}:{:02} {sign} {}", seconds / 60, seconds % 60, line.text)?;
        }
        Ok(())
    }
}

impl Speaker {
    const fn sign(self) -> char {
        match self {
            Self::Reme => ' ',
            Self::Screen => '#',
            Self::Player => '>',
        }
    }
}

fn describe(stimulus: &Stimulus) -> String {
    match stimulus {
        Stimulus::ColourWord { text, ink, .. } => format!("{text} ({ink})"),
        Stimulus::Sum { text } => text.clone(),
        Stimulus::Photo(photo) if photo.view == PhotoView::Blurred => "(a blurred part of the photo)".into(),
        Stimulus::Photo(_) => "(the whole photo)".into(),
    }
}
