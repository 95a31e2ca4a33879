//! What is told of a note: a short form where it is sure, else its sentence; and what questions put in other forms rest on. On notes
//! invented for these tests.

mod common;

use reme_retrieval::{Answer, Corpus, Doc, Query};
use reme_types::Language;

fn note(id: &str, day: &str, text: &str, people: &[&str], tags: &[&str]) -> Doc {
    common::note(id, day, text, people, tags)
}

/// Notes of other things, so that words are as rare as in a log.
fn beside(mut notes: Vec<Doc>) -> Vec<Doc> {
    for (id, day, text) in [
        ("o1", "2026-01-05", "腌了一缸雪里蕻。"),
        ("o2", "2026-02-11", "下雪，扫了半天院子。"),
        ("o3", "2026-04-21", "修好了收音机的旋钮。"),
        ("o4", "2026-05-30", "理发，剪短了些。"),
    ] {
        notes.push(note(id, day, text, &[], &[]));
    }
    notes
}

fn asked(corpus: &Corpus, question: &str, rule: Option<&str>) -> Answer {
    let mut query = Query::new(question, "2026-10-01".parse().expect("a day"));
    query.rule = rule;
    corpus.search(&query)
}

#[test]
fn a_sentence_is_told_where_no_piece_of_it_is_sure() {
    let corpus = Corpus::new(
        vec![
            note(
                "cake",
                "2026-03-01",
                "Nan's Sunday. Dora iced the cake herself: plum, with a candied lid. We had forgotten the matches.",
                &["Dora"],
                &["food"],
            ),
            note(
                "gate",
                "2026-04-02",
                "The side gate stuck. Olaf and Piet planed it down between them.",
                &["Olaf", "Piet"],
                &["repair"],
            ),
            note("play", "2026-05-02", "We played dominoes by lamplight because the fuse had gone.", &[], &["games"]),
            note(
                "choir",
                "2026-05-09",
                "From now on the choir sings in the tannery hall, every Tuesday evening.",
                &[],
                &["choir"],
            ),
            note("fair", "2026-06-06", "Harvest fair. I won a smoked eel in the draw.", &[], &["fair"]),
            note("scarf", "2026-06-09", "Dora knitted me a scarf in dark green wool.", &["Dora"], &["gift"]),
        ],
        Language::En,
    );
    for (question, told) in [
        ("What flavour was the cake that Dora iced?", "plum, with a candied lid"),
        ("Who planed the side gate?", "Olaf and Piet planed it down"),
        ("Why did we play dominoes by lamplight?", "because the fuse had gone"),
        ("On which evening, and where, does the choir sing?", "in the tannery hall, every Tuesday evening"),
        ("What did I win at the harvest fair?", "a smoked eel"),
        ("What colour is the scarf that Dora knitted?", "dark green"),
    ] {
        let said = asked(&corpus, question, None).answer.unwrap_or_default();
        assert!(said.contains(told), "{question}: {said}");
    }
    assert_eq!(asked(&corpus, "What did I win at the harvest fair?", None).answer.as_deref(), Some("a smoked eel"));
}

#[test]
fn a_stay_runs_from_coming_to_going() {
    let english = Corpus::new(
        vec![
            note(
                "in",
                "2026-03-04",
                "They took Piet into the infirmary yesterday with his lungs.",
                &["Piet"],
                &["health"],
            ),
            note("visit", "2026-03-09", "Saw Piet at the infirmary, he ate my grapes.", &["Piet"], &["health"]),
            note("home", "2026-03-16", "Piet came home on the 14th, thin as a rake.", &["Piet"], &["health"]),
        ],
        Language::En,
    );
    assert_eq!(asked(&english, "How many days was Piet in the infirmary?", None).answer.as_deref(), Some("11"));
    let chinese = Corpus::new(
        beside(vec![
            note("in", "2026-07-02", "表侄女阿玲从徐州来了，带了一只风鸡。", &["阿玲"], &["family"]),
            note("home", "2026-07-11", "阿玲今天坐火车回去了。", &["阿玲"], &["family"]),
        ]),
        Language::ZhCn,
    );
    assert_eq!(asked(&chinese, "阿玲在我家住了几天？", None).answer.as_deref(), Some("9"));
}

#[test]
fn the_last_time_is_the_last_in_every_form() {
    let chinese = Corpus::new(
        beside(vec![
            note("spring", "2026-03-02", "跟老裘去听戏，散场吃了汤圆。", &["老裘"], &["opera"]),
            note("summer", "2026-07-02", "老裘来了，两个人喝了一壶茶。", &["老裘"], &["tea"]),
        ]),
        Language::ZhCn,
    );
    for question in ["我最后一回见老裘是哪天？", "我上一趟见到老裘是哪天？", "我末一次跟老裘见面是哪天？"]
    {
        assert_eq!(asked(&chinese, question, None).answer.as_deref(), Some("2026-07-02"), "{question}");
    }
}

#[test]
fn somebody_who_has_not_come_is_looked_for_where_they_were_found() {
    let corpus = Corpus::new(
        vec![
            Doc {
                place: Some("brickworks".into()),
                ..note(
                    "a",
                    "2026-02-02",
                    "Set off for bread and found myself at the old brickworks. A boy led me home.",
                    &[],
                    &["wayfinding"],
                )
            },
            Doc {
                place: Some("brickworks".into()),
                ..note(
                    "b",
                    "2026-05-02",
                    "Dad had wandered off after tea. I found him by the gate of the brickworks. (Vera)",
                    &["Vera"],
                    &["wayfinding"],
                )
            },
            Doc {
                place: Some("home".into()),
                ..note("c", "2026-06-02", "Bread again, and a walk round the pond. Home by four.", &[], &["walk"])
            },
        ],
        Language::En,
    );
    let said = asked(&corpus, "Dad went for bread two hours ago and is not back yet. Where should I look first?", None);
    assert!(said.answer.as_deref().is_some_and(|told| told.ends_with("brickworks")), "{:?}", said.answer);
    assert_eq!(
        said.ranked.iter().take(2).map(|hit| hit.id.as_str()).collect::<std::collections::BTreeSet<_>>(),
        ["a", "b"].into()
    );
}

#[test]
fn a_rule_measures_by_what_it_counts() {
    let corpus = Corpus::new(
        vec![
            note("few", "2026-02-02", "剪纸课，来了五个人。", &[], &["class"]),
            note("many", "2026-03-02", "剪纸课，来了九个人。", &[], &["class"]),
        ],
        Language::ZhCn,
    );
    let said = asked(&corpus, "哪几次剪纸课凑够了人数？", Some("来满八个人才算凑够人数。"));
    assert_eq!(said.answer.as_deref(), Some("2026-03-02"));
    let steps = Corpus::new(
        vec![
            note("short", "2026-02-02", "2月2日：6400步。", &[], &["steps"]),
            note("long", "2026-03-02", "3月2日：13020步。", &[], &["steps"]),
        ],
        Language::ZhCn,
    );
    let said = asked(&steps, "哪天走得太多了？", Some("一天走满一万二千步就算太多。"));
    assert_eq!(said.ranked[0].id, "long");
}

#[test]
fn a_correction_weeks_later_puts_right_what_speaks_of_the_same() {
    let corpus = Corpus::new(
        vec![
            note(
                "wrong",
                "2026-05-02",
                "Piet Haas mended the cellar latch and took a jar of plums.",
                &["Piet Haas"],
                &["repair"],
            ),
            note(
                "right",
                "2026-06-06",
                "It was not Piet Haas who mended the cellar latch but his cousin Sjoerd.",
                &["Piet Haas", "Sjoerd Haas"],
                &["repair", "correction"],
            ),
        ],
        Language::En,
    );
    assert_eq!(asked(&corpus, "Who mended the cellar latch?", None).answer.as_deref(), Some("Sjoerd Haas"));
}
