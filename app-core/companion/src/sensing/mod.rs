//! What phones, watches and calendars recorded becomes drafts in the inbox; a person makes a memory of a draft, or does not.
//!
//! Where in the flow: a shell opens the files and lets [`Sensing`] read them, which needs nobody's memories; the companion then
//! names places, lays photos beside, and offers. What is kept: the drafts. Events and positions are let go when the files have
//! been read, and nothing is kept of a reading that was stopped.
//! What it must never do: make a memory by itself, offer the same thing twice, or quote a file in a problem.

mod sentence;

use std::{collections::BTreeSet, io::BufRead, ops::ControlFlow};

use jiff::{Timestamp, tz::TimeZone};
use reme_capture::draft_from_text;
use reme_sensing::{
    Context, Diagnostic, Format, Intake, NamedPlace, PhotoMoment, Point, ReadError, Severity, Story, StorySource,
    TimeSpan, stories,
};
use reme_store::{MemoryFilter, NewSuggestion, SuggestionFilter, SuggestionKind};
use reme_types::{Language, MediaId, MemoryId, Patient, SuggestionId, When};
use serde::{Deserialize, Serialize};

use crate::{
    Companion, Problem,
    companion::zone,
    dto::{MemoryInputDto, SensedDraftDto, SensedDto, SensedFileDto},
    form::NAME_MOST_CHARS,
    household::ReMeError,
    origins::middle,
    strings::say,
};
use sentence::sentence;

/// Days that can be looked at.
const DAYS: std::ops::RangeInclusive<u16> = 1..=3660;
/// Most drafts one reading offers, the latest first: nobody reads a thousand.
const MOST_DRAFTS: usize = 60;
/// Most photos that a draft takes with it.
const MOST_PHOTOS: usize = 10;
/// Most memories whose photos are asked for their time.
const MOST_MEMORIES: usize = 2000;
/// What found the drafts, with its version.
const FOUND_BY: &str = "sensing-1";
/// A draft that shares so much time with one offered before is that one.
const SAME: f64 = 0.5;
/// What a home is called.
const HOME: [&str; 7] = ["home", "my home", "our home", "家", "家里", "我家", "自己家"];

/// Files being read. Holds no memory of anybody's, so that a shell can read for minutes without holding the companion.
#[derive(Debug)]
pub struct Sensing {
    intake: Intake,
    files: Vec<SensedFileDto>,
    language: Language,
    zone: TimeZone,
    from: Timestamp,
    to: Timestamp,
    stopped: bool,
}

/// A photo of a memory, and when it was taken.
struct TakenPhoto {
    memory: MemoryId,
    media: MediaId,
    moment: PhotoMoment,
}

/// What a draft's suggestion carries.
#[derive(Debug, Serialize, Deserialize)]
struct DraftPayload {
    draft: MemoryInputDto,
    /// The sentence in the patient's language.
    text: String,
    /// The sentence in English.
    en: String,
    /// The sentence in Chinese.
    zh: String,
    sources: Vec<StorySource>,
    start: Timestamp,
    end: Timestamp,
    /// Memories of the same hour.
    beside: Vec<String>,
    /// Latitude and longitude of the draft's place, in degrees.
    #[serde(default)]
    position: Option<(f64, f64)>,
}

impl Sensing {
    /// Reads one file; `name` is its name without folders. `watch` is told how many events there are so far and may end the
    /// reading. What is wrong with the file stands in the report.
    pub fn read(&mut self, name: &str, input: impl BufRead, watch: &mut dyn FnMut(u64) -> ControlFlow<()>) {
        let mut file = SensedFileDto {
            name: name.to_owned(),
            kind: None,
            events: 0,
            skipped: 0,
            problems: Vec::new(),
            more_problems: 0,
        };
        let named = ("file", name.into());
        match self.intake.read(name, input, watch) {
            Ok(read) => {
                let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
                let report = read.report;
                self.stopped |= report.stopped;
                file.kind = read.format.map(|format| word_of(format).to_owned());
                file.events = count(report.events);
                file.skipped = count(report.passed_over + report.outside);
                file.more_problems = count(report.diagnostics.more);
                file.problems.extend(report.diagnostics.kept.iter().map(|d| self.problem(name, d)));
                if read.format.is_none() {
                    let id = if read.is_archive { "sensed-archive" } else { "sensed-unknown-file" };
                    file.problems.push(say(self.language, id, &[named]));
                } else if report.events == 0 && report.outside > 0 {
                    file.problems.push(say(self.language, "sensed-nothing-in-time", &[named]));
                }
            }
            Err(ReadError::Input { line, .. }) => {
                file.problems.push(say(
                    self.language,
                    "sensed-broken-off",
                    &[named, ("line", line.to_string().as_str().into())],
                ));
            }
        }
        self.files.push(file);
    }

    /// Ends the reading from outside: nothing will be offered.
    pub const fn stop(&mut self) {
        self.stopped = true;
    }

    fn problem(&self, file: &str, diagnostic: &Diagnostic) -> String {
        let fault = say(self.language, &format!("sensed-{}", diagnostic.fault.id()), &[]);
        let id = if diagnostic.severity == Severity::Error { "sensed-left-out" } else { "sensed-rest-kept" };
        let line = diagnostic.line.to_string();
        let args = [
            ("file", file.into()),
            ("line", line.as_str().into()),
            ("field", diagnostic.field.into()),
            ("fault", fault.as_str().into()),
        ];
        say(self.language, id, &args)
    }
}

/// The word a screen knows a format by.
const fn word_of(format: Format) -> &'static str {
    match format {
        Format::OpenMHealth => "open-mhealth",
        Format::AppleHealth => "apple-health",
        Format::FitDay => "fit-day",
        Format::FitSession => "fit-session",
        Format::GoogleLocation => "google-location",
        Format::Gpx => "gpx",
        Format::Calendar => "calendar",
    }
}

impl Companion {
    /// Begins to read sensor files: the last `days` days, up to now, are looked at.
    ///
    /// # Errors
    /// Days that are out of range.
    pub fn begin_sensing(&self, days: u16, language: Language) -> Result<Sensing, ReMeError> {
        if !DAYS.contains(&days) {
            let problem = Problem::Range { low: *DAYS.start(), high: *DAYS.end() };
            return Err(ReMeError::Invalid { field: "days", problem });
        }
        let zone = zone(&self.store.patient()?);
        let to = self.clock.now();
        let from = Timestamp::from_second(to.as_second() - i64::from(days) * 86_400).unwrap_or(Timestamp::MIN);
        let context = Context { zone: zone.clone(), from, to, date: None };
        Ok(Sensing { intake: Intake::new(context), files: Vec::new(), language, zone, from, to, stopped: false })
    }

    /// Cuts what was read into episodes and offers the stories that are new, all at once. Nothing of a reading that was stopped.
    ///
    /// # Errors
    /// What the store says; nothing is offered then.
    pub fn offer_sensed(&mut self, sensing: Sensing) -> Result<SensedDto, ReMeError> {
        let day = sensing.zone.to_datetime(sensing.from).date();
        let mut report = SensedDto {
            files: sensing.files,
            from: day.to_string(),
            episodes: 0,
            suggestions: 0,
            again: 0,
            drafts: Vec::new(),
        };
        if sensing.stopped {
            return Ok(report);
        }
        let too_many = sensing.intake.too_many();
        if let (Some(file), true) = (report.files.last_mut(), too_many > 0) {
            file.problems.push(say(
                sensing.language,
                "sensed-too-many",
                &[("count", too_many.to_string().as_str().into())],
            ));
        }
        let patient = self.store.patient()?;
        let places = self.named_places()?;
        let episodes = sensing.intake.episodes(places.clone());
        report.episodes = u32::try_from(episodes.len()).unwrap_or(u32::MAX);
        let photos = self.photos_since(sensing.from, &sensing.zone, &patient)?;
        let moments: Vec<PhotoMoment> = photos.iter().map(|photo| photo.moment).collect();
        let mut found = stories(&episodes, &sensing.intake.calendar(), &moments, &sensing.zone, &places);
        found.retain(|story| story.span.end <= sensing.to && story.span.start >= sensing.from);
        found.reverse();
        let mut offered = self.offered()?;
        let mut new = Vec::new();
        for story in found {
            if offered.iter().any(|(about, span)| is_same(about, *span, &story)) {
                report.again += 1;
            } else if new.len() < MOST_DRAFTS {
                offered.push((about(&story), story.span));
                new.push(self.draft(&story, &photos, &patient)?);
            }
        }
        let (drafts, _) = self.store.transact(|tx| {
            let mut drafts = Vec::new();
            for (suggestion, payload) in &new {
                if let Some(id) = tx.put_suggestion(suggestion)? {
                    drafts.push(draft_dto(id, suggestion.confidence, payload));
                }
            }
            Ok(drafts)
        })?;
        report.suggestions = u32::try_from(drafts.len()).unwrap_or(u32::MAX);
        report.drafts = drafts;
        Ok(report)
    }

    /// Places with a position of their own or by their photos; which of them is home is told by its name.
    fn named_places(&self) -> Result<Vec<NamedPlace>, ReMeError> {
        let mut named = Vec::new();
        let places = self.store.places()?;
        let spots = self.spots(&places)?;
        for place in places {
            let own = place.position.and_then(|(latitude, longitude)| Point::new(latitude, longitude));
            let its: Vec<Point> = spots.iter().filter(|spot| spot.place == place.id).map(|spot| spot.point).collect();
            let Some(point) = own.or_else(|| middle(&its)) else { continue };
            let names = std::iter::once(&place.name).chain(&place.aliases);
            let is_home = names.into_iter().any(|name| HOME.contains(&name.trim().to_lowercase().as_str()));
            named.push(NamedPlace { name: place.name, point, is_home });
        }
        Ok(named)
    }

    /// Photos of memories since then that know when they were taken.
    fn photos_since(&self, from: Timestamp, zone: &TimeZone, patient: &Patient) -> Result<Vec<TakenPhoto>, ReMeError> {
        let today = self.now(patient).first_day();
        let filter = MemoryFilter { from: Some(When::Day(zone.to_datetime(from).date())), ..MemoryFilter::default() };
        let mut photos = Vec::new();
        for memory in
            self.store.memories(&filter)?.into_iter().filter(|memory| !memory.media.is_empty()).take(MOST_MEMORIES)
        {
            for media in memory.media {
                if !self.store.media_mime(&media)?.is_some_and(|mime| mime.starts_with("image/")) {
                    continue;
                }
                let origin = self.origin(&media, today)?;
                let point = origin.position.and_then(|(latitude, longitude)| Point::new(latitude, longitude));
                if let Some(When::Minute(taken)) = origin.taken_at {
                    photos.push(TakenPhoto { memory: memory.id, media, moment: PhotoMoment { taken, point } });
                }
            }
        }
        Ok(photos)
    }

    /// What was offered before and its time, whatever became of it.
    fn offered(&self) -> Result<Vec<(String, TimeSpan)>, ReMeError> {
        let drafts = SuggestionFilter { kind: Some(SuggestionKind::Draft), ..SuggestionFilter::default() };
        let mut offered = Vec::new();
        for suggestion in self.store.suggestions(&drafts)? {
            let Ok(payload) = serde_json::from_value::<DraftPayload>(suggestion.what.payload) else { continue };
            if let Some(span) = TimeSpan::new(payload.start, payload.end) {
                offered.push((suggestion.what.about, span));
            }
        }
        Ok(offered)
    }

    fn draft(
        &self,
        story: &Story,
        photos: &[TakenPhoto],
        patient: &Patient,
    ) -> Result<(NewSuggestion, DraftPayload), ReMeError> {
        let (en, zh) = (sentence(story, Language::En), sentence(story, Language::ZhCn));
        let text = if patient.language == Language::En { &en } else { &zh }.clone();
        let read = draft_from_text(&text, patient.language, story.local_start.date(), &self.known()?)?;
        let place_name = story.place().and_then(|place| place.name.as_deref());
        let own: Vec<&TakenPhoto> = story.photos.iter().filter_map(|at| photos.get(*at)).collect();
        let beside: BTreeSet<String> = own.iter().map(|photo| photo.memory.to_string()).collect();
        let mut media: Vec<String> = own.iter().map(|photo| photo.media.to_string()).collect();
        media.dedup();
        media.truncate(MOST_PHOTOS);
        let draft = MemoryInputDto {
            kind: "episode".to_owned(),
            happened_at: Some(When::Minute(story.local_start).to_string()),
            text: text.clone(),
            people: read.people,
            place: place_name.map(|name| name.chars().take(NAME_MOST_CHARS).collect()).or(read.place),
            tags: read.tags.into_iter().collect(),
            source: "wearable".to_owned(),
            sensitive: false,
            media,
            facts: None,
        };
        let suggestion = NewSuggestion {
            kind: SuggestionKind::Draft,
            about: about(story),
            memory: None,
            media: own.first().map(|photo| photo.media.clone()),
            person: None,
            payload: serde_json::Value::Null,
            source: format!("{}/{FOUND_BY}", main_source(&story.sources)),
            confidence: story.confidence,
        };
        let payload = DraftPayload {
            draft,
            text,
            en,
            zh,
            sources: story.sources.iter().copied().collect(),
            start: story.span.start,
            end: story.span.end,
            beside: beside.into_iter().collect(),
            position: story.place().and_then(|place| place.point).map(|point| (point.latitude, point.longitude)),
        };
        let json = serde_json::to_value(&payload).expect("a payload has names and finite numbers only");
        Ok((NewSuggestion { payload: json, ..suggestion }, payload))
    }
}

fn about(story: &Story) -> String {
    format!("draft:sensing:{}", story.id)
}

/// The same, or so much of the same time that it can be nothing else; a plan and an outing are two things.
fn is_same(about_before: &str, before: TimeSpan, story: &Story) -> bool {
    let is_plan = story.parts.is_empty();
    let was_plan = about_before.starts_with("draft:sensing:calendar-");
    about_before == about(story) || (is_plan == was_plan && !is_plan && before.likeness(story.span) >= SAME)
}

/// What a draft rests on most.
fn main_source(sources: &BTreeSet<StorySource>) -> &'static str {
    if sources.contains(&StorySource::Gps) {
        "gps"
    } else if sources.contains(&StorySource::Wearable) {
        "wearable"
    } else {
        "calendar"
    }
}

fn draft_dto(id: SuggestionId, confidence: f64, payload: &DraftPayload) -> SensedDraftDto {
    let word = |source: &StorySource| match source {
        StorySource::Wearable => "wearable",
        StorySource::Gps => "gps",
        StorySource::Calendar => "calendar",
        StorySource::Photo => "photo",
    };
    SensedDraftDto {
        id: id.to_string(),
        draft: payload.draft.clone(),
        en: payload.en.clone(),
        zh: payload.zh.clone(),
        sources: payload.sources.iter().map(|source| word(source).to_owned()).collect(),
        confidence,
    }
}
