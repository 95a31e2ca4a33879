//! What is understood of what was said, by kind of question.

use reme_conversation::expected_from;
use reme_games::{ChoiceOption, InputKind};
use reme_types::FactKind;

use super::*;

fn id(number: u8) -> FactId {
    format!("019a7c3e-0000-7000-8000-0000000000{number:02}").parse().expect("an id")
}

fn memory(language: Language) -> MemoryItem {
    let (text, facts) = match language {
        Language::En => (
            "Signe and I had waffles and cocoa at the mill.",
            [
                ("Who was with you?", "Signe"),
                ("Where were you?", "the mill"),
                ("What did you have?", "waffles and cocoa"),
            ],
        ),
        Language::ZhCn => (
            "我跟丽华在磨坊吃了豆花、喝了茶。",
            [("谁陪您去的？", "丽华"), ("在哪里？", "磨坊"), ("吃了、喝了什么？", "豆花、茶")],
        ),
    };
    let facts = facts.into_iter().zip(1..).map(|((question, answer), number)| FactItem {
        id: id(number),
        kind: FactKind::Thing,
        question: question.into(),
        expected: expected_from(&[answer.to_owned()], &[], question, language),
        meaning_cue: None,
        distractors: vec![],
    });
    MemoryItem {
        id: "019a7c3e-0000-7000-8000-000000000099".parse().expect("an id"),
        happened_at: None,
        place: None,
        people: vec![],
        text: text.into(),
        photo: None,
        facts: facts.collect(),
    }
}

fn people() -> Vec<PersonRef> {
    [("Signe", "daughter"), ("丽华", "女儿")]
        .map(|(name, relation)| PersonRef { name: name.into(), relation: relation.into(), aliases: vec![] })
        .to_vec()
}

fn prompt(reads: ReadAs, choices: &[&str]) -> Prompt {
    let choices = choices
        .iter()
        .map(|label| ChoiceOption { value: format!("v-{label}"), label: (*label).into(), swatch: None })
        .collect();
    Prompt { input: InputKind::Text, choices, can_hint: true, reads }
}

/// The reading, and what the engine is told after it.
fn read(reads: ReadAs, choices: &[&str], language: Language, text: &str) -> (Reading, Option<EventKind>) {
    let (prompt, memory, people) = (prompt(reads, choices), memory(language), people());
    let asked = Asked { prompt: &prompt, memory: Some(&memory), people: &people, language, meaning: None };
    let mut events = asked.said(&Said { text, rt_ms: None, mode: InputMode::Typed }).into_iter();
    let Some(EventKind::Answered { reading, .. }) = events.next() else { panic!("an answer comes first") };
    (reading, events.next())
}

fn question(number: u8, language: Language) -> ReadAs {
    let fact = memory(language).facts.remove(usize::from(number) - 1);
    let open = vec![id(1), id(2), id(3)];
    ReadAs::Question { fact_id: fact.id, question: fact.question, expected: fact.expected, open }
}

#[test]
fn free_telling_is_held_against_every_open_detail_and_none_becomes_wrong_by_silence() {
    use Intent::*;
    for (language, text, intent, touched) in [
        (
            Language::En,
            "I was at the mill with my daughter",
            Answer,
            &[(1, Verdict::Correct), (2, Verdict::Correct)][..],
        ),
        (Language::En, "we had cocoa", Answer, &[(3, Verdict::Partial)]),
        (Language::En, "the river was high that year, I believe", Answer, &[]),
        (Language::En, "I forgot his name, but we were at the mill", Answer, &[(2, Verdict::Correct)]),
        (Language::En, "I can't remember", Forgot, &[]),
        (Language::En, "no, that's all", NothingMore, &[]),
        (Language::En, "", Answer, &[]),
        (Language::ZhCn, "跟丽华去的磨坊", Answer, &[(1, Verdict::Correct), (2, Verdict::Correct)]),
        (Language::ZhCn, "想不起来了", Forgot, &[]),
        (Language::ZhCn, "没有了", No, &[]),
    ] {
        let (reading, after) = read(ReadAs::Recall { open: vec![id(1), id(2), id(3)] }, &[], language, text);
        let mut found: Vec<(FactId, Verdict)> = reading.facts.iter().map(|f| (f.fact_id, f.verdict)).collect();
        found.sort_by_key(|(id, _)| *id);
        let touched: Vec<(FactId, Verdict)> = touched.iter().map(|(n, v)| (id(*n), *v)).collect();
        assert_eq!(found, touched, "{text}");
        let no_more = matches!((intent, reading.intent), (No | NothingMore, No | NothingMore));
        assert!(reading.intent == intent || no_more, "{text}: {:?}", reading.intent);
        assert_eq!(after, None, "{text}");
    }
}

#[test]
fn a_number_told_on_the_way_counts_only_for_what_it_counts() {
    for (language, question, answer, text, counts) in [
        (Language::En, "How many tiers had the cake?", "three", "The three of us went home in the rain.", false),
        (Language::En, "How many tiers had the cake?", "three", "There was a cake with three tiers.", true),
        (Language::En, "For how many weeks did you sweep?", "three weeks", "It was three weeks.", true),
        (Language::En, "For how many weeks did you sweep?", "three weeks", "I was there at three.", false),
        (Language::ZhCn, "喜酒摆了几桌？", "四桌", "摆了四桌呢", true),
        (Language::ZhCn, "喜酒摆了几桌？", "四桌", "我们四个人一起走的", false),
        (Language::ZhCn, "豆豆借了几本书？", "三", "豆豆借了三本", true),
    ] {
        let mut memory = memory(language);
        memory.facts[0].question = question.into();
        memory.facts[0].expected = expected_from(&[answer.to_owned()], &[], question, language);
        assert_eq!(memory.facts[0].expected.kind, AnswerKind::Number, "{answer}");
        let prompt = prompt(ReadAs::Recall { open: vec![id(1)] }, &[]);
        let asked = Asked { prompt: &prompt, memory: Some(&memory), people: &[], language, meaning: None };
        let events = asked.said(&Said { text, rt_ms: None, mode: InputMode::Typed });
        let EventKind::Answered { reading, .. } = &events[0] else { panic!("an answer") };
        assert_eq!(reading.facts.len(), usize::from(counts), "{text}");
    }
}

#[test]
fn a_question_takes_its_answer_and_whatever_else_is_told_on_the_way() {
    let (reading, _) = read(question(1, Language::En), &[], Language::En, "Signe, and we were at the mill.");
    assert_eq!((reading.verdict, reading.facts.len()), (Verdict::Correct, 2));
    let (reading, _) = read(question(3, Language::En), &[], Language::En, "cocoa, I think");
    let own = reading.facts.iter().find(|f| f.fact_id == id(3)).expect("its own");
    assert_eq!((reading.verdict, own.parts.as_slice()), (Verdict::Partial, &[1][..]), "which part is right is known");
    let (reading, _) = read(question(2, Language::En), &[], Language::En, "I don't know, perhaps the pier?");
    assert_eq!((reading.verdict, reading.intent), (Verdict::Incorrect, Intent::Answer));
    let (reading, _) = read(question(1, Language::ZhCn), &[], Language::ZhCn, "是我女儿");
    assert_eq!((reading.verdict, reading.matched_by), (Verdict::Correct, MatchedBy::Relation));
}

#[test]
fn number_words_in_a_wish_are_no_answer() {
    for (language, text, number, intent) in [
        (Language::En, "eighty-six", Some(86.0), Intent::Answer),
        (Language::En, "93 minus 7 is 86", Some(86.0), Intent::Answer),
        (Language::En, "one more time please", None, Intent::Repeat),
        (Language::En, "hint please", None, Intent::Hint),
        (Language::En, "one moment", None, Intent::OffTopic),
        (Language::En, "I don't know", None, Intent::Forgot),
        (Language::ZhCn, "八十六", Some(86.0), Intent::Answer),
        (Language::ZhCn, "再说一遍", None, Intent::Repeat),
        (Language::ZhCn, "下一个", None, Intent::Skip),
        (Language::ZhCn, "一点都想不起来", None, Intent::Forgot),
    ] {
        let (reading, _) = read(ReadAs::Number { expected: 86.0 }, &[], language, text);
        assert_eq!((reading.number, reading.intent), (number, intent), "{text}");
        let verdict = if number.is_some() { Verdict::Correct } else { Verdict::NoAnswer };
        assert_eq!(reading.verdict, verdict, "{text}");
    }
}

#[test]
fn a_choice_is_understood_by_its_words_its_number_and_by_who_is_meant() {
    let choices = ["Marta", "Signe", "Ruth"];
    for (text, chosen, verdict) in [
        ("Signe", Some("v-Signe"), Verdict::Correct),
        ("2", Some("v-Signe"), Verdict::Correct),
        ("I think it was Marta", Some("v-Marta"), Verdict::Incorrect),
        ("my daughter", Some("v-Signe"), Verdict::Correct),
        ("4", None, Verdict::NoAnswer),
        ("I don't know", None, Verdict::NoAnswer),
    ] {
        let reads = ReadAs::Choice { expected: "v-Signe".into(), fact_id: Some(id(1)) };
        let (reading, _) = read(reads, &choices, Language::En, text);
        assert_eq!((reading.choice.as_deref(), reading.verdict), (chosen, verdict), "{text}");
    }
}

#[test]
fn what_was_told_before_a_stop_counts_and_a_stop_in_a_story_is_none() {
    let told = |text| read(question(1, Language::En), &[], Language::En, text);
    let (reading, after) = told("It was Signe. Let's stop here, I'm tired.");
    assert_eq!((reading.verdict, after), (Verdict::Correct, Some(EventKind::Stop)));
    let (reading, after) = told("Signe. Oh, this is too sad.");
    assert_eq!((reading.verdict, after), (Verdict::Correct, Some(EventKind::Distress)));
    let (reading, after) = told("I'm tired now.");
    assert_eq!((reading.intent, after), (Intent::Stop, None));
    let (reading, after) = told("We used to stop now and then to look at the ducks on the water.");
    assert!(reading.intent != Intent::Stop && after.is_none(), "{reading:?}");
}

/// Knows that waffles come out of an iron, and nothing else.
struct Kitchen;

impl Meaning for Kitchen {
    fn likeness(&self, said: &str, others: &[&str]) -> Vec<f32> {
        let near = |other: &&str| other.contains("waffle") && said.contains("iron");
        others.iter().map(|other| if near(other) { 0.6 } else { 0.1 }).collect()
    }
}

#[test]
fn a_description_is_settled_by_meaning_alone_and_only_where_there_is_one() {
    let language = Language::En;
    let mut memory = memory(language);
    memory.facts[0].question = "What did you have?".into();
    memory.facts[0].expected = expected_from(&["a waffle".to_owned()], &[], "What did you have?", language);
    let expected = memory.facts[0].expected.clone();
    let reads = ReadAs::Question { fact_id: id(1), question: "What did you have?".into(), expected, open: vec![] };
    let prompt = prompt(reads, &[]);
    let read = |text: &str, meaning: Option<&dyn Meaning>| {
        let asked = Asked { prompt: &prompt, memory: Some(&memory), people: &[], language, meaning };
        let events = asked.said(&Said { text, rt_ms: None, mode: InputMode::Typed });
        let EventKind::Answered { reading, .. } = &events[0] else { panic!("an answer") };
        (reading.verdict, reading.matched_by)
    };
    let described = "That flat stuff you press in the hot iron.";
    assert_eq!(read(described, Some(&Kitchen)), (Verdict::Correct, MatchedBy::Model));
    assert_ne!(read(described, None).0, Verdict::Correct);
    for plain in ["A waffle.", "A pancake.", "I forget.", "The iron."] {
        assert_eq!(read(plain, Some(&Kitchen)), read(plain, None), "{plain}");
    }
}
