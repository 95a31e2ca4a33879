//! Short answers by their kind: ages, spans of years, months, who was there, words of photos; on notes invented for these tests.

mod common;

use reme_retrieval::{Corpus, Doc, Query};
use reme_types::Language;

fn note(id: &str, day: &str, text: &str, people: &[&str]) -> Doc {
    common::note(id, day, text, people, &[])
}

fn answer(corpus: &Corpus, question: &str) -> Option<String> {
    corpus.search(&Query::new(question, "2026-10-01".parse().expect("a day"))).answer
}

#[test]
fn what_is_worked_out_is_worked_out_in_english() {
    let corpus = Corpus::new(
        vec![
            note("ferry", "2026-02-03", "Took the ferry with Petra, a cold crossing.", &["Petra"]),
            note("alone", "2026-08-09", "Took the ferry, alone this time: Petra is at her aunt's.", &["Petra"]),
            note("cake", "2026-06-20", "Nell's birthday, she is fourteen. Cake with cherries.", &["Nell"]),
            note("loom", "", "From 1958 to 1969 I worked in the weaving shed.", &[]),
            note("pottery1", "2026-03-05", "Pottery class, a bowl.", &[]),
            note("pottery2", "2026-04-16", "Pottery class, a jug.", &[]),
        ],
        Language::En,
    );
    for (question, expected) in [
        ("When did I last take the ferry with Petra?", "2026-02-03"),
        ("How old did Nell turn on her birthday?", "14"),
        ("How long did I work in the weaving shed?", "11"),
        ("In which months did I have a pottery class?", "March; April"),
    ] {
        assert_eq!(answer(&corpus, question).as_deref(), Some(expected), "{question}");
    }
}

#[test]
fn what_is_worked_out_is_worked_out_in_chinese() {
    let corpus = Corpus::new(
        vec![
            note("boat", "2026-02-03", "跟佩芬一起坐渡船，风很冷。", &["佩芬"]),
            note("alone", "2026-08-09", "坐渡船，一个人去的，佩芬到苏州看外孙去了。", &["佩芬"]),
            note("cake", "2026-06-20", "宁宁十四岁生日，吃了樱桃蛋糕。", &["宁宁"]),
        ],
        Language::ZhCn,
    );
    for (question, expected) in [("我上一次跟佩芬一起坐渡船是哪天？", "2026-02-03"), ("宁宁今年几岁了？", "14")]
    {
        assert_eq!(answer(&corpus, question).as_deref(), Some(expected), "{question}");
    }
}

#[test]
fn words_of_a_photo_find_their_note_and_are_answered_as_they_stand() {
    let mut letter = note("letter", "2026-05-04", "This came by post.", &[]);
    let asked = "On which day is the chimney swept?";
    let with = |letter: &Doc| {
        Corpus::new(vec![note("plums", "2026-05-05", "Picked plums.", &[]), letter.clone()], Language::En)
    };
    assert_eq!(answer(&with(&letter), asked), None);
    letter.photo_text = "Dear householder\nthe chimney is swept on Tuesday the ninth".into();
    let found = with(&letter).search(&Query::new(asked, "2026-10-01".parse().expect("a day")));
    assert_eq!(found.answer.as_deref(), Some("the chimney is swept on Tuesday the ninth"), "not the day of the note");
    assert_eq!(found.cited, ["letter"]);
    letter.photo_text = "THE COAL MEN COME\nON TUESDAY".into();
    assert_eq!(answer(&with(&letter), "On which day do the coal men come?").as_deref(), Some("THE COAL MEN COME"));
}
