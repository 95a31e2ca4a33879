//! A short answer read off the best notes: a count, a day, a name, a place, a list, yes or no, or the telling words of a sentence.
//!
//! Where in the flow: after the ranking; what is said here rests only on notes that were ranked, and names them. What it must
//! never do: invent, or say more than the notes it cites.

mod ages;
mod choices;
mod counted;
mod figures;
mod parts;
mod phrases;
mod ruled;
mod sentences;
mod shared;
mod spells;

use std::collections::BTreeMap;

use jiff::civil::Date;
use reme_types::{Language, MemoryKind};

use crate::{
    Doc, Level, Support,
    people::without_writer,
    question::{Asked, Wanted},
};

/// Notes that score at least this share of the best count as of the same kind. [design]
const OF_THE_KIND: f64 = 0.55;
/// So many of the best notes may be the one that speaks to the question, and what its place counts beside what its sentence shares. [design]
const SPEAKING: usize = 3;
const OF_ITS_PLACE: f64 = 0.5;
/// What it counts that its sentence holds the kinds of thing asked for. [design]
const OF_KINDS: f64 = 0.5;
/// More of a kind than this are not looked at for what they share. [design]
const MOST_OF_A_KIND: usize = 8;

/// What the answers are read from.
pub(crate) struct Read<'a> {
    pub(crate) asked: &'a Asked,
    /// The question as it was put.
    pub(crate) question: &'a str,
    /// The written rule, if one is to be applied.
    pub(crate) rule: Option<&'a str>,
    /// Best first.
    pub(crate) best: Vec<&'a Doc>,
    /// Notes that another puts right.
    pub(crate) fallen: Vec<String>,
    /// Beside `best`.
    pub(crate) scores: Vec<f64>,
    /// People the question names.
    pub(crate) named: Vec<String>,
    /// The question's terms, and how rare each is.
    pub(crate) rarity: BTreeMap<String, f64>,
    /// Other words for each of them.
    pub(crate) others: BTreeMap<String, Vec<String>>,
    pub(crate) today: Date,
    pub(crate) language: Language,
}

/// A short answer and the notes it rests on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) cited: Vec<String>,
}

impl Said {
    fn of(text: impl Into<String>, docs: &[&Doc]) -> Self {
        Self { text: text.into(), cited: docs.iter().map(|d| d.id.clone()).collect() }
    }
}

impl Read<'_> {
    /// The answer; `None` where there is no note.
    pub(crate) fn off(&self) -> Option<Said> {
        let first = *self.best.first()?;
        let ruled = self.rule.and_then(|rule| ruled::answer(self, rule));
        let said = ruled
            // What stands in a photo has no time and no people of the note's.
            .or_else(|| phrases::of_photo(first, self).map(|line| Said::of(line, &[first])))
            .or_else(|| self.time_words())
            .or_else(|| choices::better(self))
            .or_else(|| self.which_first())
            .or_else(|| ages::who_is_older(self))
            .or_else(|| self.both())
            .or_else(|| match self.asked.wanted {
                Wanted::HowMany => figures::answer(self),
                Wanted::When => self.when(),
                Wanted::Who => self.who(),
                Wanted::Where => self.place(),
                Wanted::Words => choices::come_about(self).or_else(|| choices::all_of_them(self)),
            })
            .or_else(|| (self.asked.level == Level::HiddenRationale).then(|| self.habit()).flatten())
            .unwrap_or_else(|| match self.asked.wanted {
                Wanted::Words => self.words(self.speaking()),
                _ => self.whole(self.speaking()),
            });
        (!said.text.is_empty()).then_some(said)
    }

    /// Notes about as good as the best, best first.
    fn kind(&self) -> Vec<&Doc> {
        let top = self.scores.first().copied().unwrap_or(0.0);
        let holding = self.scores.iter().take_while(|s| **s >= OF_THE_KIND * top).count();
        self.best.iter().take(holding.clamp(1, MOST_OF_A_KIND)).copied().collect()
    }

    /// Episodes of the kind, one record of each event, in the order in which they happened.
    fn events(&self) -> Vec<&Doc> {
        let mut out: Vec<&Doc> = Vec::new();
        for doc in self.kind().into_iter().filter(|d| d.kind == MemoryKind::Episode && !self.fallen.contains(&d.id)) {
            let twice = out.iter().any(|o| {
                o.happened_at.is_some()
                    && o.happened_at == doc.happened_at
                    && o.tags.iter().any(|t| doc.tags.contains(t))
            });
            if !twice {
                out.push(doc);
            }
        }
        out.sort_by_key(|d| d.happened_at.map(|h| h.first_moment()));
        out
    }

    /// How many notes of the kind show a habit, and how many go otherwise.
    pub(crate) fn support(&self, said: &Said) -> Support {
        let events = self.events();
        let with = events.iter().filter(|d| said.cited.contains(&d.id)).count();
        Support { with, without: events.len() - with }
    }

    /// 星期几、什么地方: the time words of the best note, with the place where that was asked for too.
    fn time_words(&self) -> Option<Said> {
        if self.asked.level == Level::HiddenRationale
            && let Some(said) = shared::weekday(self)
        {
            return Some(said);
        }
        let first = *self.best.first()?;
        let said = phrases::time_words(first, self)?;
        let with_place = ["哪里", "哪儿", "什么地方"].iter().any(|w| self.asked.lower.contains(w));
        let spot = phrases::spot(first, self).or_else(|| first.place.clone()).filter(|_| with_place);
        Some(Said::of(spot.map_or(said.clone(), |spot| format!("{said}，{spot}")), &[first]))
    }

    fn when(&self) -> Option<Said> {
        let lower = &self.asked.lower;
        if self.asked.level == Level::HiddenRationale {
            return None;
        }
        let several = ["which days", "what days", "on which mornings", "哪几天", "哪些天", "有哪几"]
            .iter()
            .any(|w| lower.contains(w));
        if several {
            return Some(parts::days(&self.events())).filter(|s| !s.text.is_empty());
        }
        if ["which months", "what months", "哪几个月", "哪些月"].iter().any(|w| lower.contains(w)) {
            return Some(parts::months(&self.events(), self.language)).filter(|s| !s.text.is_empty());
        }
        const FIRST: [&str; 12] = [
            "did i first",
            "did we first",
            "first time",
            "did i start",
            "did we start",
            "did i begin",
            "did we begin",
            "头一回",
            "第一次",
            "头一次",
            "头一趟",
            "最早",
        ];
        let first_time = FIRST.iter().any(|w| lower.contains(w));
        let events = self.events();
        let doc = if first_time && !self.asked.is_last { events.first().copied() } else { None };
        // "He promised …; on which day did it come true?": the later of the two.
        let episodes: Vec<&Doc> = self.best.iter().filter(|d| d.kind == MemoryKind::Episode).copied().collect();
        let came_true = ["promise", "said", "答应", "说要", "说好"].iter().any(|w| lower.contains(w))
            && episodes.len() >= 2
            && (lower.contains('.') || lower.contains(['，', '。']));
        let doc = match doc {
            Some(doc) => doc,
            None if came_true => *episodes.iter().take(2).max_by_key(|d| d.happened_at.map(|h| h.first_moment()))?,
            None => {
                // A fact without a year says nothing of when; the best event of those beside it may.
                let dateless =
                    |doc: &&&Doc| doc.happened_at.is_none() && !doc.text.contains(|c: char| c.is_ascii_digit());
                let first = self.best.first()?;
                let next = || self.best.iter().take(3).find(|d| d.kind == MemoryKind::Episode);
                Some(first).filter(|doc| !self.asked.is_present && dateless(doc)).and_then(|_| next()).unwrap_or(first)
            }
        };
        let Some(happened) = doc.happened_at else { return Some(self.whole(doc)) };
        Some(Said::of(happened.first_day().to_string(), &[doc]))
    }

    fn who(&self) -> Option<Said> {
        let lower = &self.asked.lower;
        if self.asked.level == Level::HiddenRationale {
            return shared::name(self);
        }
        if let Some(said) = ages::who_is_older(self) {
            return Some(said);
        }
        let several = [
            "who has been",
            "who have been",
            "with whom",
            "who all",
            "who else",
            "who was at",
            "who were",
            "who was with",
            "还有谁",
            "都有谁",
            "哪些人",
            "哪几个人",
            "有谁",
        ]
        .iter()
        .any(|w| lower.contains(w));
        if several {
            // 哪些人 over a stretch of time asks of all the times.
            let all_times =
                ["with whom", "who has been", "who have been", "哪些人", "哪几个人"].iter().any(|w| lower.contains(w));
            let one_day = self.asked.span.is_some_and(|span| span.from == span.to);
            let docs = if self.asked.level == Level::ImplicitFact && all_times && !one_day {
                self.events()
            } else {
                let first = self.best[0];
                self.kind().into_iter().filter(|d| d.happened_at == first.happened_at).collect()
            };
            let names = parts::names(&docs, &self.named, self.language);
            let joint = if self.language == Language::ZhCn { "；" } else { "; " };
            return (!names.is_empty()).then(|| Said::of(names.join(joint), &docs));
        }
        let first = self.speaking();
        parts::name(first, self).map(|name| Said::of(name, &[first]))
    }

    fn place(&self) -> Option<Said> {
        if self.asked.level == Level::HiddenRationale
            && let Some(said) = Some(self)
                .filter(|read| read.asked.is_astray)
                .and_then(shared::place)
                .or_else(|| shared::spot(self))
                .or_else(|| shared::phrase(self))
        {
            return Some(said);
        }
        let first = self.speaking();
        let place = first.place.clone().unwrap_or_default();
        if self.asked.lower.contains("谁家") && place.ends_with('家') {
            return Some(Said::of(place, &[first]));
        }
        let is_named = |text: &str| !place.is_empty() && text.to_lowercase().contains(&place.to_lowercase());
        let text = match phrases::spot(first, self) {
            Some(spot) if place.is_empty() || is_named(&spot) => spot,
            Some(spot) if self.language == Language::ZhCn => format!("{spot}（{place}）"),
            Some(spot) => format!("{spot} ({place})"),
            None => {
                let whole = sentences::whole(first, self);
                match self.language {
                    _ if place.is_empty() || is_named(&whole) => whole,
                    Language::ZhCn => format!("{whole}（{place}）"),
                    Language::En => format!("{whole} ({place})"),
                }
            }
        };
        Some(Said::of(text, &[first]))
    }

    fn habit(&self) -> Option<Said> {
        shared::weekday(self).or_else(|| shared::part_of_day(self)).or_else(|| shared::phrase(self))
    }

    /// "Which came first, A or B?": the one whose note is earlier.
    fn which_first(&self) -> Option<Said> {
        let lower = &self.asked.lower;
        let asks = ["came first", "first,", "earlier", "哪个在先", "先后", "哪个先", "谁先", "更早", "在前"]
            .iter()
            .any(|w| lower.contains(w))
            || (lower.contains('先') && lower.contains("还是"));
        let asks_last = ["came later", "came last", "哪个在后", "哪个后"].iter().any(|w| lower.contains(w));
        if !(asks || asks_last) {
            return None;
        }
        let options = parts::alternatives(self.question)?;
        let mut dated: Vec<(Date, String, &Doc)> = Vec::new();
        for option in options {
            let doc = parts::best_for(&option, &self.best, self.language)?;
            dated.push((doc.happened_at?.first_day(), option, doc));
        }
        dated.sort_by_key(|(day, ..)| *day);
        let docs: Vec<&Doc> = dated.iter().map(|(.., doc)| *doc).collect();
        let chosen = if asks_last { dated.last() } else { dated.first() };
        chosen.map(|(_, option, _)| Said::of(option.clone(), &docs))
    }

    /// Two questions in one ("on which evening, and where"), or one for a day of the week: the sentence that tells of both.
    fn both(&self) -> Option<Said> {
        let kinds = sentences::sought(&self.asked.lower);
        let is_plain = self.asked.level == Level::ExplicitFact && self.rule.is_none();
        let weekday = kinds[..] == [sentences::Sought::Weekday] && self.language == Language::En;
        if !is_plain || !(kinds.len() >= 2 || weekday) {
            return None;
        }
        let doc = self.speaking();
        Some(if weekday { self.words(doc) } else { self.whole(doc) })
    }

    /// Of the best notes the one with the sentence that shares most with the question, each by its place among them.
    fn speaking(&self) -> &Doc {
        if self.asked.level != Level::ExplicitFact || self.asked.is_last {
            return self.best[0];
        }
        let kinds = sentences::sought(&self.asked.lower);
        let top = self.scores.first().copied().unwrap_or(1.0).max(1e-9);
        let all: f64 = self.rarity.values().sum::<f64>().max(1e-9);
        let value = |at: usize| {
            let doc = self.best[at];
            let sentence = sentences::sentence(doc, self);
            let told = sentences::shared(sentence, doc, self) / all;
            let held = kinds.iter().filter(|kind| sentences::holds(**kind, sentence, doc, self)).count();
            self.scores[at] / top * (OF_ITS_PLACE + told + OF_KINDS * held as f64 / kinds.len().max(1) as f64)
        };
        // A note that says how things were before the best one does not speak for now; nor one that lacks a name the best one has.
        let first = self.best[0];
        let names = crate::words::capitalised(self.question);
        let may_speak = |at: &usize| {
            let doc = self.best[*at];
            let is_older = self.asked.is_present && doc.recorded_at.first_moment() < first.recorded_at.first_moment();
            let lacks = names.iter().any(|name| first.text.contains(name) && !doc.text.contains(name));
            *at == 0 || !is_older && !lacks
        };
        let looked_at = self.best.len().min(SPEAKING);
        let at = (0..looked_at).filter(may_speak).rev().max_by(|a, b| value(*a).total_cmp(&value(*b))).unwrap_or(0);
        self.best[at]
    }

    fn whole(&self, doc: &Doc) -> Said {
        Said::of(sentences::whole(doc, self), &[doc])
    }

    fn words(&self, doc: &Doc) -> Said {
        Said::of(phrases::telling(doc, self), &[doc])
    }
}

/// The text of a note without its writer's name at the end.
fn text_of(doc: &Doc) -> &str {
    without_writer(doc)
}
