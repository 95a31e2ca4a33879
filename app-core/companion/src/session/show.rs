//! A session as a screen draws it.
//!
//! Where in the flow: the last step before an answer leaves the façade. What it must never do: put an answer into what stands in
//! for a photo, or hold anything a screen would have to work out for itself.

use reme_games::{InputKind, Library, Stimulus};
use reme_store::{Session, SessionState, Store};
use reme_types::{Language, PhotoCue, PhotoView, Verdict};

use super::{
    journal::Entry,
    replay::{self, Shown, Standing},
};
use crate::{
    ReMeError,
    dto::{ChoiceDto, LineDto, PhotoDto, SessionDto, StimulusDto, SummaryDto},
};

/// A session that goes on.
pub(crate) fn running(standing: &Standing, slug: &str) -> SessionDto {
    let run = &standing.run;
    let prompt = run.prompt();
    let language = run.score.language;
    let entry = &run.score.blocks[run.block];
    let input = match prompt.map(|prompt| prompt.input) {
        None => "none",
        Some(InputKind::Text) => "text",
        Some(InputKind::Number) => "number",
        Some(InputKind::Choice) => "choice",
    };
    let choices = prompt.map(|prompt| prompt.choices.as_slice()).unwrap_or_default();
    SessionDto {
        id: standing.session.id.to_string(),
        language: language.tag().into(),
        state: "running".into(),
        turn: standing.turn,
        game: title(&run.score.games, &entry.game, language),
        game_slug: entry.game.clone(),
        game_number: number(run.block + 1),
        games: number(run.score.blocks.len()),
        steps_done: run.steps.0,
        steps_total: run.steps.1,
        lines: lines(&standing.lines, of_this_game(&standing.lines, run.block), slug, language),
        stimulus: run.showing.as_ref().and_then(stimulus),
        input: input.into(),
        choices: choices
            .iter()
            .map(|c| ChoiceDto { value: c.value.clone(), label: c.label.clone(), swatch: c.swatch.clone() })
            .collect(),
        can_hint: prompt.is_some_and(|prompt| prompt.can_hint),
        summary: None,
    }
}

/// A session that has ended, from what stands in the store.
pub(crate) fn ended(
    (store, library): (&Store, &Library),
    session: &Session,
    slug: &str,
) -> Result<SessionDto, ReMeError> {
    let entries = replay::entries(store, session)?.unwrap_or_default();
    let (language, blocks) = replay::begun(&entries).unwrap_or((Language::En, &[]));
    let turn = entries.iter().filter(|(_, entry)| matches!(entry, Entry::Taken { .. })).count();
    let block = entries.iter().rev().find_map(|(_, entry)| match entry {
        Entry::Taken { block, .. } => Some(usize::from(*block)),
        _ => None,
    });
    let block = block.unwrap_or(0).min(blocks.len().saturating_sub(1));
    let trials = store.trials(Some(session.id))?;
    let counting = trials.iter().filter(|t| !t.outcome.practice);
    let recalled = counting.filter(|t| t.outcome.verdict == Verdict::Correct).count();
    let stored: Vec<Shown> = store
        .lines(session.id)?
        .into_iter()
        .map(|line| Shown {
            who: if line.who == "patient" { "patient" } else { "reme" },
            text: line.text,
            photo: None,
            block,
        })
        .collect();
    let tail = stored.iter().rposition(|line| line.who == "patient").unwrap_or(0);
    let steps = u16::try_from(trials.iter().filter(|t| usize::from(t.block) == block).count()).unwrap_or(u16::MAX);
    let last = stored.iter().rev().find(|line| line.who == "reme");
    let game = blocks.get(block).map(|entry| entry.game.as_str()).unwrap_or_default();
    Ok(SessionDto {
        id: session.id.to_string(),
        language: language.tag().into(),
        state: if session.state == SessionState::Done { "done" } else { "stopped" }.into(),
        turn: u32::try_from(turn).unwrap_or(u32::MAX),
        game: title(library, game, language),
        game_slug: game.into(),
        game_number: number(block + 1),
        games: number(blocks.len()),
        steps_done: steps,
        steps_total: steps,
        lines: lines(&stored, tail, slug, language),
        stimulus: None,
        input: "none".into(),
        choices: Vec::new(),
        can_hint: false,
        summary: Some(SummaryDto {
            text: last.map(|line| line.text.clone()).unwrap_or_default(),
            recalled: u16::try_from(recalled).unwrap_or(u16::MAX),
            minutes: u16::try_from(session.seconds.div_ceil(60).max(1)).unwrap_or(u16::MAX),
            games: blocks.iter().take(block + 1).map(|entry| title(library, &entry.game, language)).collect(),
        }),
    })
}

/// The title of a game; its slug where it is not known any more.
pub(crate) fn title(library: &Library, game: &str, language: Language) -> String {
    library.get(game).map_or_else(|| game.to_owned(), |bundle| bundle.title(language))
}

/// The first line to show: that of this game, with what was said since the patient's last words in the game before, so that no
/// "yes, that is right" is lost on the way.
fn of_this_game(all: &[Shown], block: usize) -> usize {
    let first = all.iter().position(|line| line.block == block).unwrap_or(all.len());
    all[..first].iter().rposition(|line| line.who == "patient").unwrap_or(first)
}

fn lines(all: &[Shown], from: usize, slug: &str, language: Language) -> Vec<LineDto> {
    let dto = |(id, line): (usize, &Shown)| LineDto {
        id: u32::try_from(id).unwrap_or(u32::MAX),
        who: line.who.into(),
        text: line.text.clone(),
        photo: line.photo.as_ref().map(|cue| photo(cue, slug, language)),
    };
    all.iter().enumerate().skip(from).map(dto).collect()
}

fn photo(cue: &PhotoCue, slug: &str, language: Language) -> PhotoDto {
    let blurred = cue.view == PhotoView::Blurred;
    let size = if blurred { "blurred" } else { "screen" };
    let alt = match (blurred, language) {
        (true, Language::En) => "A part of a photo of that day, blurred",
        (false, Language::En) => "A photo of that day",
        (true, Language::ZhCn) => "那天照片的一角，有些模糊",
        (false, Language::ZhCn) => "那天的照片",
    };
    PhotoDto { url: format!("/api/patients/{slug}/media/{}?size={size}", cue.media_id), alt: alt.into(), blurred }
}

fn stimulus(showing: &Stimulus) -> Option<StimulusDto> {
    match showing {
        Stimulus::ColourWord { text, ink, fixation_ms } => Some(StimulusDto {
            kind: "colour-word".into(),
            text: text.clone(),
            ink: Some(ink.clone()),
            fixation_ms: *fixation_ms,
        }),
        Stimulus::Sum { text } => {
            Some(StimulusDto { kind: "sum".into(), text: text.clone(), ink: None, fixation_ms: 0 })
        }
        Stimulus::Photo(_) => None,
    }
}

fn number(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}
