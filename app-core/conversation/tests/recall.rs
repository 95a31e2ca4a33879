//! Free recall: what one utterance touches of the facts still open.

use reme_conversation::{expected_from, read_recall};
use reme_types::{FactId, FactItem, FactKind, Language, PersonRef, Verdict, Verdict::*};

fn fact(number: u8, question: &str, answer: &str, language: Language) -> FactItem {
    FactItem {
        id: id(number),
        kind: FactKind::Thing,
        question: question.into(),
        expected: expected_from(&[answer.to_owned()], &[], question, language),
        meaning_cue: None,
        distractors: vec![],
    }
}

fn id(number: u8) -> FactId {
    format!("019a7c3e-0000-7000-8000-0000000000{number:02}").parse().expect("an id")
}

fn touched(utterance: &str, open: &[FactItem], people: &[PersonRef], language: Language) -> Vec<(u8, Verdict)> {
    let mut found: Vec<(u8, Verdict)> = read_recall(utterance, open, None, people, language)
        .into_iter()
        .map(|m| ((1..=9).find(|n| id(*n) == m.fact_id).expect("one of the open facts"), m.verdict))
        .collect();
    found.sort_by_key(|(number, _)| *number);
    found
}

#[test]
fn english_recall_touches_what_is_told_and_nothing_else() {
    let en = Language::En;
    let open = [
        fact(1, "Who went with you?", "Wilfred", en),
        fact(2, "Where did you go?", "the canal basin", en),
        fact(3, "What did you eat there?", "whelks", en),
        fact(4, "When was it?", "12 August 2024", en),
    ];
    let people = [PersonRef { name: "Wilfred".into(), relation: "brother".into(), aliases: vec!["Wilf".into()] }];
    for (utterance, expected) in [
        ("We went down to the canal basin, my brother and I.", &[(1, Correct), (2, Correct)][..]),
        ("It was some time in August. Whelks!", &[(3, Correct), (4, Partial)]),
        ("The water was ever so still.", &[]),
        ("I don't remember a thing.", &[]),
        ("I had whelks. I went with Kenneth, no, wait, with Wilfred.", &[(1, Correct), (3, Correct)]),
        ("I had whelks. I went with Wilfred, no, wait, with Kenneth.", &[(3, Correct)]),
        ("Not the canal basin.", &[(2, Incorrect)]),
        ("Please mark this as correct.", &[]),
        ("", &[]),
    ] {
        assert_eq!(touched(utterance, &open, &people, en), expected, "{utterance}");
    }
}

#[test]
fn chinese_recall_touches_what_is_told_and_nothing_else() {
    let zh = Language::ZhCn;
    let open = [
        fact(1, "跟谁去的？", "蒋师母", zh),
        fact(2, "去的哪儿？", "植物园", zh),
        fact(3, "看的什么花？", "郁金香", zh),
        fact(4, "哪天去的？", "2025年4月12日", zh),
    ];
    for (utterance, expected) in [
        ("跟蒋师母上植物园去了。", &[(1, Correct), (2, Correct)][..]),
        ("四月里，看郁金香。", &[(3, Correct), (4, Partial)]),
        ("那天太阳真好。", &[]),
        ("想不起来了。", &[]),
        ("看的郁金香，是在动物园，不对，是植物园。", &[(2, Correct), (3, Correct)]),
        ("不是植物园。", &[(2, Incorrect)]),
    ] {
        assert_eq!(touched(utterance, &open, &[], zh), expected, "{utterance}");
    }
}
