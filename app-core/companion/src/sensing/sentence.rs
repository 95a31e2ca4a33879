//! A story in a sentence or two, in either language, from Fluent strings: no model has a hand in it.
//!
//! What it must never do: say more than was sensed, such as who was there or how it was.

use reme_sensing::{Activity, Part, PartKind, PlaceRef, Story};
use reme_types::Language;

use crate::strings::say;

/// From so many minutes on, hours are said.
const HOURS_FROM_MIN: i64 = 100;

/// The story in words.
pub(crate) fn sentence(story: &Story, language: Language) -> String {
    let parts: Vec<String> = story.parts.iter().map(|part| part_in_words(part, language)).collect();
    let joined = parts.into_iter().reduce(|before, next| {
        say(language, "sensed-then", &[("before", before.as_str().into()), ("next", next.as_str().into())])
    });
    let mut sentences: Vec<String> = Vec::new();
    if let Some(joined) = joined {
        sentences.push(say(language, "sensed-stop", &[("text", capital(&joined).as_str().into())]));
    }
    for entry in &story.calendar {
        sentences.push(say(language, "sensed-calendar", &[("title", entry.title.as_str().into())]));
    }
    if !story.photos.is_empty() {
        let count = story.photos.len().to_string();
        sentences.push(say(language, "sensed-photos", &[("count", count.as_str().into())]));
    }
    sentences.join(if language == Language::En { " " } else { "" })
}

fn part_in_words(part: &Part, language: Language) -> String {
    let time = time_in_words(part.span.minutes(), language);
    let time = ("time", time.as_str().into());
    match &part.kind {
        PartKind::Stay(place) => match name(Some(place), language) {
            Some(place) => say(language, "sensed-stay", &[time, ("place", place.as_str().into())]),
            None => say(language, "sensed-stay-somewhere", &[time]),
        },
        PartKind::Way(activity) => {
            let done = say(language, what_id(*activity), &[time]);
            let what = ("what", done.as_str().into());
            match (name(part.from.as_ref(), language), name(part.to.as_ref(), language)) {
                (Some(from), Some(to)) if from == to => {
                    say(language, "sensed-around", &[what, ("place", from.as_str().into())])
                }
                (Some(from), Some(to)) => {
                    let ends = [what, ("from", from.as_str().into()), ("to", to.as_str().into())];
                    say(language, "sensed-from-to", &ends)
                }
                (Some(from), None) => say(language, "sensed-from", &[what, ("from", from.as_str().into())]),
                (None, Some(to)) => say(language, "sensed-to", &[what, ("to", to.as_str().into())]),
                (None, None) => done.clone(),
            }
        }
    }
}

const fn what_id(activity: Activity) -> &'static str {
    match activity {
        Activity::Walking => "sensed-walking",
        Activity::Running => "sensed-running",
        Activity::Cycling => "sensed-cycling",
        Activity::Vehicle => "sensed-vehicle",
        Activity::Exercise | Activity::Rest | Activity::Sleep | Activity::Unknown => "sensed-exercise",
    }
}

/// Home is home, whatever it is called.
fn name(place: Option<&PlaceRef>, language: Language) -> Option<String> {
    let place = place?;
    if place.is_home { Some(say(language, "sensed-home", &[])) } else { place.name.clone() }
}

/// Minutes, and from 100 on hours by halves.
fn time_in_words(minutes: i64, language: Language) -> String {
    if minutes < HOURS_FROM_MIN {
        return say(language, "sensed-minutes", &[("minutes", minutes.to_string().as_str().into())]);
    }
    let halves = (minutes + 15) / 30;
    let hours = if halves % 2 == 0 { (halves / 2).to_string() } else { format!("{}.5", halves / 2) };
    say(language, "sensed-hours", &[("hours", hours.as_str().into())])
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
