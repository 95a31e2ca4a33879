//! Ranking by behaviour, on notes invented for these tests.

mod common;

use common::note;
use reme_retrieval::{Corpus, Doc, Filters, Level, Query};
use reme_types::Language;

fn english() -> Corpus {
    Corpus::new(
        vec![
            note("kite1", "2025-10-04", "Flew the kite on the dunes with Walter.", &["Walter"], &["kite"]),
            note("kite2", "2026-04-11", "Flew the kite on the dunes with Petra.", &["Petra"], &["kite"]),
            note("wrong", "2026-03-02", "Old Mr Hale brought the logs.", &["Mr Hale"], &["logs", "delivery"]),
            Doc {
                recorded_at: "2026-03-05".parse().expect("a day"),
                ..note(
                    "right",
                    "2026-03-02",
                    "About the logs: it was young Mr Finch.",
                    &["Mr Finch"],
                    &["logs", "delivery", "correction"],
                )
            },
            note("late", "2026-09-01", "Flew the kite again, by myself.", &[], &["kite"]),
        ],
        Language::En,
    )
}

fn ids(corpus: &Corpus, query: &Query<'_>) -> Vec<String> {
    corpus.search(query).ranked.into_iter().map(|h| h.id).collect()
}

#[test]
fn the_time_spoken_of_decides_between_look_alikes() {
    let now = "2026-06-01".parse().expect("a day");
    assert_eq!(ids(&english(), &Query::new("Who flew the kite with me last October?", now))[0], "kite1");
    assert_eq!(ids(&english(), &Query::new("Who flew the kite with me in April?", now))[0], "kite2");
}

#[test]
fn a_note_written_later_than_now_is_never_used() {
    let found = ids(&english(), &Query::new("When did I fly the kite?", "2026-06-01".parse().expect("a day")));
    assert!(!found.is_empty() && !found.contains(&"late".to_owned()));
}

#[test]
fn a_correction_stands_before_the_note_it_puts_right() {
    let found = ids(&english(), &Query::new("Who brought the logs?", "2026-06-01".parse().expect("a day")));
    let place = |id: &str| found.iter().position(|f| f == id);
    assert!(place("right") < place("wrong") && place("right").is_some(), "{found:?}");
}

#[test]
fn the_last_time_is_the_newest() {
    let found =
        ids(&english(), &Query::new("When did I fly the kite the last time?", "2026-10-01".parse().expect("a day")));
    assert_eq!(found[0], "late");
}

#[test]
fn nothing_is_found_where_nothing_is_shared() {
    let answer = english().search(&Query::new("Where is the zeppelin?", "2026-10-01".parse().expect("a day")));
    assert!(answer.ranked.is_empty() && answer.answer.is_none());
}

#[test]
fn filters_hold() {
    let mut query = Query::new("kite", "2026-10-01".parse().expect("a day"));
    query.filters = Filters { person: Some("Petra".into()), ..Filters::default() };
    assert_eq!(ids(&english(), &query), ["kite2"]);
}

#[test]
fn chinese_words_times_and_levels() {
    let corpus = Corpus::new(
        vec![
            note("a", "2026-03-03", "跟老葛在湖边钓鱼，钓上来两条鲫鱼。", &["老葛"], &["fishing"]),
            note("b", "2026-05-03", "又去湖边钓鱼，一条也没钓上来。", &[], &["fishing"]),
            note("c", "2026-05-06", "雨伞找不着了，最后在鞋柜后头找着的。", &[], &["lost-and-found"]),
        ],
        Language::ZhCn,
    );
    let now = "2026-06-01".parse().expect("a day");
    assert_eq!(ids(&corpus, &Query::new("三月我跟谁去钓鱼了？", now))[0], "a");
    assert_eq!(ids(&corpus, &Query::new("上个月钓鱼钓着了吗？", now))[0], "b");
    let habit = corpus.search(&Query::new("帽子不见了，先去哪儿找？", now));
    assert_eq!((habit.level, habit.ranked[0].id.as_str()), (Level::HiddenRationale, "c"));
    assert_eq!(corpus.search(&Query::new("今年钓了几次鱼？", now)).level, Level::ImplicitFact);
}

#[test]
fn no_question_makes_it_panic_and_only_known_notes_are_named() {
    let corpus = english();
    for text in ["", "?", "月", "五月三十二号", "31 February", "last", "may", "🙂", "\u{202e}", "in 9999", "上个月"]
    {
        for hit in corpus.search(&Query::new(text, "2026-01-31".parse().expect("a day"))).ranked {
            assert!(["kite1", "kite2", "wrong", "right", "late"].contains(&hit.id.as_str()));
        }
    }
}

#[test]
fn a_large_log_finds_what_a_small_one_finds() {
    let told = |filler: usize| {
        let mut docs: Vec<Doc> = (0..filler)
            .map(|n| note(&format!("f{n}"), "2026-02-01", &format!("Swept the yard, pile {n}."), &[], &["yard"]))
            .collect();
        docs.push(note("pump", "2026-03-04", "Gregor mended the pump behind the mill.", &["Gregor"], &["repair"]));
        docs.push(note("slept", "2026-03-05", "Slept 4 h 10 min.", &[], &["sleep"]));
        let corpus = Corpus::new(docs, Language::En);
        let now = "2026-05-01".parse().expect("a day");
        let found = |text: &str| {
            let answer = corpus.search(&Query::new(text, now));
            (answer.ranked.first().map(|h| h.id.clone()), answer.answer)
        };
        (found("Who mended the pump?"), found("When did I last see Gregor?"), found("Who flew the balloon?").0)
    };
    let small = told(20);
    assert_eq!(small.0, (Some("pump".into()), Some("Gregor".into())));
    assert_eq!(small.1, (Some("pump".into()), Some("2026-03-04".into())));
    assert_eq!(told(2500), small);
}

#[test]
fn notes_come_and_go_one_by_one() {
    let mut corpus = english();
    let asked = Query::new("Who flew the kite with me?", "2026-05-01".parse().expect("a day"));
    let held = corpus.len();
    corpus.remove("kite1");
    assert_eq!(ids(&corpus, &asked), ["kite2"]);
    corpus.put(note("kite2", "2026-04-11", "Sorted the buttons.", &[], &[]));
    assert_eq!((corpus.len(), ids(&corpus, &asked).len()), (held - 1, 0));
}
