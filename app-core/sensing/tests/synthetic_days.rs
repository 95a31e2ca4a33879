//! Episodes found in made days, against what happened in them: precision and recall where time in common over time covered by
//! either is at least one half, by kind and by the form the days were written in.

mod days;

use std::collections::BTreeMap;

use days::{Days, Person, Truth, make, write};
use jiff::{civil::date, tz::TimeZone};
use reme_sensing::{Activity, Context, Episode, Event, Format, Settings, TimeSpan, episodes, read_all};

/// Two episodes are one when they have so much in common.
const LIKENESS: f64 = 0.5;

/// Twenty-one people of ten days each: 210 days.
fn people() -> Vec<Person> {
    let zones = ["Europe/London", "Asia/Shanghai", "America/New_York"];
    (0..21)
        .map(|index| Person {
            seed: 7_000 + index,
            zone: zones[index as usize % 3],
            travels_to: (index % 7 == 3).then_some("Asia/Tokyo"),
            // The clocks change within some of these days, forward and back.
            first: [date(2026, 3, 24), date(2026, 6, 10), date(2026, 10, 20), date(2026, 12, 27)][index as usize % 4],
            days: 10,
            has_heart: index % 5 != 4,
            has_position: index % 6 != 5,
            frail: false,
        })
        .collect()
}

/// Seven more, who walk at 46 to 64 steps a minute, with a position every three minutes and two and a half times the error.
fn frail_people() -> Vec<Person> {
    people().into_iter().take(7).map(|person| Person { seed: person.seed + 500, frail: true, ..person }).collect()
}

fn read(format: Format, text: &str, context: &Context) -> Vec<Event> {
    let (events, diagnostics) = read_all(format, text.as_bytes(), context).expect("memory can be read");
    assert!(diagnostics.kept.is_empty(), "{format:?}: {:?}", diagnostics.kept.first());
    events
}

fn events(form: &str, days: &Days, zone: &str) -> Vec<Event> {
    let context = Context { zone: TimeZone::get(zone).expect("a zone"), ..Context::utc() };
    match form {
        "Open mHealth" => read(Format::OpenMHealth, &write::open_mhealth(days), &context),
        "Apple Health and GPX" => {
            let (export, gpx) = write::apple(days);
            let mut events = read(Format::AppleHealth, &export, &context);
            events.extend(read(Format::Gpx, &gpx, &context));
            events
        }
        _ => {
            let (tables, records, nights) = write::takeout(days);
            let mut events = read(Format::GoogleLocation, &records, &context);
            for (date, table) in tables {
                events.extend(read(Format::FitDay, &table, &Context { date: Some(date), ..context.clone() }));
            }
            for night in nights {
                events.extend(read(Format::FitSession, &night, &context));
            }
            events
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Score {
    truth: usize,
    found: usize,
    matched: usize,
}

impl Score {
    fn precision(self) -> f64 {
        self.matched as f64 / self.found.max(1) as f64
    }
    fn recall(self) -> f64 {
        self.matched as f64 / self.truth.max(1) as f64
    }
    fn and(self, other: Self) -> Self {
        Self { truth: self.truth + other.truth, found: self.found + other.found, matched: self.matched + other.matched }
    }
}

/// Matches one to one, the most alike first.
fn score(truth: &[TimeSpan], found: &[TimeSpan]) -> Score {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (t, true_span) in truth.iter().enumerate() {
        pairs.extend(found.iter().enumerate().map(|(f, span)| (true_span.likeness(*span), t, f)));
    }
    pairs.retain(|(likeness, ..)| *likeness >= LIKENESS);
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut used_truth, mut used_found, mut matched) = (vec![false; truth.len()], vec![false; found.len()], 0);
    for (_, t, f) in pairs {
        if !used_truth[t] && !used_found[f] {
            (used_truth[t], used_found[f]) = (true, true);
            matched += 1;
        }
    }
    Score { truth: truth.len(), found: found.len(), matched }
}

fn scores(days: &Days, found: &[Episode]) -> BTreeMap<&'static str, Score> {
    let mut scores = BTreeMap::new();
    for (name, activity) in [("sleep", Activity::Sleep), ("walking", Activity::Walking), ("vehicle", Activity::Vehicle)]
    {
        let truth: Vec<TimeSpan> =
            days.truth.iter().filter(|(_, t)| *t == Truth::Did(activity)).map(|(span, _)| *span).collect();
        let found: Vec<TimeSpan> = found.iter().filter(|e| e.activity() == Some(activity)).map(|e| e.span).collect();
        scores.insert(name, score(&truth, &found));
    }
    // A visit is right when time and name are.
    let mut visits = Score::default();
    for place in 1..days.places.len() {
        let truth: Vec<TimeSpan> =
            days.truth.iter().filter(|(_, t)| *t == Truth::At(place)).map(|(span, _)| *span).collect();
        let name = &days.places[place].name;
        let here = |e: &&Episode| e.place().is_some_and(|p| p.name.as_ref() == Some(name));
        let one = score(&truth, &found.iter().filter(here).map(|e| e.span).collect::<Vec<_>>());
        visits = Score {
            truth: visits.truth + one.truth,
            found: visits.found + one.found,
            matched: visits.matched + one.matched,
        };
    }
    // A stay at no place anybody knows never happened in these days.
    visits.found += found.iter().filter(|e| e.place().is_some_and(|p| p.name.is_none())).count();
    scores.insert("visits", visits);
    scores
}

/// Everything that was counted over the days of some people.
#[derive(Debug, Default)]
struct Table {
    hard: BTreeMap<&'static str, usize>,
    scores: BTreeMap<(&'static str, &'static str), Score>,
    ways: (usize, usize),
}

fn measure(people: &[Person]) -> Table {
    let mut table = Table::default();
    for person in people {
        let days = make(*person);
        days.hard.iter().for_each(|name| *table.hard.entry(name).or_default() += 1);
        for form in ["Open mHealth", "Apple Health and GPX", "Google Takeout"] {
            let events = events(form, &days, person.zone);
            let found = episodes(&events, &Settings { places: days.places.clone() });
            for (kind, one) in scores(&days, &found) {
                // Without positions nobody can tell a bus or a visit.
                if !person.has_position && matches!(kind, "vehicle" | "visits") {
                    continue;
                }
                let all = table.scores.entry((form, kind)).or_default();
                *all = all.and(one);
            }
            if form == "Open mHealth" && person.has_position {
                let (right, all) = named_ends(&days, &found);
                table.ways = (table.ways.0 + right, table.ways.1 + all);
            }
        }
    }
    for ((form, kind), score) in &table.scores {
        let (precision, recall) = (score.precision(), score.recall());
        println!(
            "{form:22} {kind:8} truth {:4} found {:4} precision {precision:.3} recall {recall:.3}",
            score.truth, score.found
        );
    }
    let (right, all) = table.ways;
    println!("{:?}; visits whose way there is said to end at the right place: {right} of {all}", table.hard);
    table
}

impl Table {
    fn is_at_least(&self, floor: impl Fn(&str, &str) -> f64) {
        for ((form, kind), score) in &self.scores {
            let least = floor(form, kind);
            assert!(score.precision() >= least && score.recall() >= least, "{form}, {kind}: {score:?}");
        }
    }
}

#[test]
fn episodes_of_210_made_days_are_found_in_every_form() {
    let table = measure(&people());
    // A quarter of an hour of Google Fit does not tell where a walk of ten minutes began.
    let is_coarse = |form: &str, kind: &str| form == "Google Takeout" && matches!(kind, "walking" | "vehicle");
    table.is_at_least(|form, kind| if is_coarse(form, kind) { 0.55 } else { 0.95 });
    assert!(table.ways.0 * 20 >= table.ways.1 * 19, "{:?}", table.ways);
}

#[test]
fn episodes_of_70_days_of_frail_people_are_found_where_they_are_measured_by_the_minute() {
    let table = measure(&frail_people());
    table.is_at_least(|form, _| if form == "Google Takeout" { 0.2 } else { 0.8 });
}

/// Of the visits that happened, how many have a way that is said to end there.
fn named_ends(days: &Days, found: &[Episode]) -> (usize, usize) {
    let mut counts = (0, 0);
    for (span, truth) in &days.truth {
        let Truth::At(place) = truth else { continue };
        counts.1 += 1;
        let ends = |e: &&Episode| (e.span.end.as_second() - span.start.as_second()).abs() <= 300;
        let named = found.iter().filter(ends).filter_map(|e| e.to.as_ref()?.name.clone());
        counts.0 += usize::from(named.into_iter().any(|name| name == days.places[*place].name));
    }
    counts
}
