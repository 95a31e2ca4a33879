//! `cargo run --release -p reme-retrieval --example scale [COUNTS…]`: how long it takes to index and to ask 1,000, 10,000 and
//! 100,000 generated notes, and whether what was put among them is still found.
//!
//! The notes are made from small lists of words by a counter, so that every run makes the same. Among them lie planted ones, each
//! with a question only it answers, asked among notes that share its people, places and verbs.

#![allow(clippy::disallowed_methods, reason = "an example measures time; nothing else in the crate reads a clock")]

use std::time::Instant;

use jiff::{ToSpan, civil::date};
use reme_retrieval::{Corpus, Doc, Query};
use reme_types::{Language, MemoryKind};

const PEOPLE: [&str; 12] =
    ["Hanna", "Olive", "Bernard", "Suki", "Matteo", "Ingeborg", "Cyril", "Priya", "Lubna", "Walter", "Noor", "Sven"];
const PLACES: [&str; 10] = [
    "harbour",
    "market hall",
    "allotments",
    "chapel",
    "library",
    "ferry",
    "orchard",
    "bus station",
    "bowling green",
    "kitchen",
];
const DEEDS: [&str; 12] = [
    "bought",
    "mended",
    "carried",
    "painted",
    "baked",
    "planted",
    "lost",
    "found",
    "borrowed",
    "sold",
    "washed",
    "photographed",
];
const THINGS: [&str; 20] = [
    "a kettle",
    "two chairs",
    "the wheelbarrow",
    "some plums",
    "a jigsaw",
    "the radio",
    "a scarf",
    "three loaves",
    "the ladder",
    "an atlas",
    "a lantern",
    "the bicycle",
    "a teapot",
    "the curtains",
    "a basket",
    "some onions",
    "the gate",
    "a clock",
    "the rug",
    "a violin",
];
const WEATHER: [&str; 6] =
    ["It rained.", "The sun was out.", "A cold wind blew.", "It was warm.", "Fog till noon.", "Snow lay."];

/// A small generator of numbers (xorshift), the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }
}

fn note(at: usize, total: usize, numbers: &mut Numbers) -> Doc {
    let mut pick = |list: &[&'static str]| list[numbers.next(list.len())];
    let (person, place, deed, thing, weather) =
        (pick(&PEOPLE), pick(&PLACES), pick(&DEEDS), pick(&THINGS), pick(&WEATHER));
    let planted = at % (total / PLANTED) == total / PLANTED / 2;
    let text = if planted {
        format!("{person} {deed} the {} at the {place}. {weather}", rare(at / (total / PLANTED)))
    } else {
        format!("{person} and I {deed} {thing} at the {place}. {weather}")
    };
    let day = date(2026, 10, 1) - ((at % 5000) as i64).days();
    let day = day.to_string().parse().expect("a day");
    Doc {
        id: at.to_string(),
        kind: MemoryKind::Episode,
        happened_at: Some(day),
        recorded_at: day,
        text,
        people: vec![person.to_owned()],
        place: Some(place.to_owned()),
        tags: vec![deed.to_owned()],
        sensitive: false,
    }
}

const PLANTED: usize = 50;

/// A word no other note holds.
fn rare(at: usize) -> String {
    const SYLLABLES: [&str; 8] = ["bro", "kli", "mun", "tar", "vex", "zol", "fip", "dra"];
    format!("{}{}{}", SYLLABLES[at % 8], SYLLABLES[at / 8 % 8], SYLLABLES[(at * 3 + 1) % 8])
}

fn main() {
    let counts: Vec<usize> = std::env::args().skip(1).filter_map(|c| c.parse().ok()).collect();
    let counts = if counts.is_empty() { vec![1_000, 10_000, 100_000] } else { counts };
    println!("notes | index s | one more ms | query p50 ms | p95 ms | recall@5 | resident MB");
    for total in counts {
        let mut numbers = Numbers(88_172_645_463_325_252);
        let docs: Vec<Doc> = (0..total).map(|at| note(at, total, &mut numbers)).collect();
        let begun = Instant::now();
        let mut corpus = Corpus::new(docs, Language::En);
        let indexing = begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        corpus.put(Doc { id: "more".into(), ..note(1, total, &mut numbers) });
        let more = begun.elapsed().as_secs_f64() * 1e3;
        let now = "2026-10-02T10:00".parse().expect("a moment");
        let mut times = Vec::new();
        let mut found = 0;
        let mut ask = |text: &str| {
            let begun = Instant::now();
            let answer = corpus.search(&Query::new(text, now));
            times.push(begun.elapsed().as_secs_f64() * 1e3);
            answer
        };
        for at in 0..PLANTED {
            let id = (at * (total / PLANTED) + total / PLANTED / 2).to_string();
            let answer = ask(&format!("Who had the {}, and where?", rare(at)));
            found += usize::from(answer.ranked.iter().take(5).any(|hit| hit.id == id));
            // Questions that most notes have something of.
            let (person, place, deed) = (PEOPLE[at % 12], PLACES[at % 10], DEEDS[at * 5 % 12]);
            ask(&format!("What did {person} and I do at the {place} last week?"));
            ask(&format!("How many times have we {deed} something at the {place} this year?"));
            ask(&format!("When did I last see {person}?"));
            ask(&format!("What does {person} usually do when it rains?"));
        }
        times.sort_by(f64::total_cmp);
        let quantile = |q: f64| times[((times.len() - 1) as f64 * q) as usize];
        println!(
            "{total} | {indexing:.2} | {more:.2} | {:.1} | {:.1} | {:.3} | {}",
            quantile(0.5),
            quantile(0.95),
            found as f64 / PLANTED as f64,
            resident_megabytes()
        );
    }
}

/// Memory held now, where the system tells (Linux).
fn resident_megabytes() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("");
    let kilobytes: f64 = line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(f64::NAN);
    format!("{:.0}", kilobytes / 1024.0)
}
