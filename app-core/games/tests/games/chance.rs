//! Memories and inputs by chance, for the laws.

use proptest::prelude::*;
use reme_games::{Event, EventKind, InputKind, Prompt, ReadAs};
use reme_types::{
    AnswerKind, Expected, FactItem, FactKind, FactMatch, InputMode, Intent, Language, MatchedBy, MemoryItem, PersonRef,
    Reading, Verdict,
};

/// Few words, so that questions, cues and answers get in each other's way.
const EN: [&str; 9] = ["apple", "Martha", "lake", "kite", "blue kite", "lake house", "bus", "ox", "Tom"];
const ZH: [&str; 9] = ["苹果", "玉芬", "湖边", "风筝", "蓝风筝", "湖边小屋", "公交车", "牛", "小宝"];
const INTENTS: [Intent; 12] = [
    Intent::Answer,
    Intent::Hint,
    Intent::Repeat,
    Intent::Skip,
    Intent::Stop,
    Intent::Forgot,
    Intent::NothingMore,
    Intent::Distress,
    Intent::Help,
    Intent::Yes,
    Intent::No,
    Intent::OffTopic,
];
const KINDS: [FactKind; 5] = [FactKind::Person, FactKind::Place, FactKind::Time, FactKind::Food, FactKind::Thing];

/// One input before the question it meets is known.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) gap_ms: u64,
    what: u8,
    intent: usize,
    verdict: u8,
    facts: Vec<(usize, u8, Vec<u16>)>,
    number: i32,
    pick: usize,
}

pub(crate) fn choices() -> impl Strategy<Value = Vec<Choice>> {
    let facts = prop::collection::vec((0..6usize, 0..4u8, prop::collection::vec(0..3u16, 0..2)), 0..3);
    // Intents that end the game are rare, or most runs would be short.
    let intent =
        prop_oneof![8 => Just(0usize), 4 => 1..4usize, 4 => 5..7usize, 3 => 8..12usize, 1 => Just(4), 1 => Just(7)];
    let one = (0..40_000u64, 0..12u8, intent, 0..4u8, facts, -3..120i32, 0..6usize);
    let one = one.prop_map(|(gap_ms, what, intent, verdict, facts, number, pick)| Choice {
        gap_ms,
        what,
        intent,
        verdict,
        facts,
        number,
        pick,
    });
    prop::collection::vec(one, 1..60)
}

fn verdict(n: u8) -> Verdict {
    [Verdict::Correct, Verdict::Partial, Verdict::Incorrect, Verdict::NoAnswer][usize::from(n % 4)]
}

pub(crate) fn event(choice: &Choice, at_ms: u64, prompt: &Prompt, memory: Option<&MemoryItem>) -> Event {
    let kind = match choice.what {
        0 => EventKind::Hint,
        1 => EventKind::Skip,
        2 => EventKind::Repeat,
        3 => EventKind::Tick,
        _ => {
            let mut reading = Reading::of_intent(INTENTS[choice.intent]);
            reading.verdict = verdict(choice.verdict);
            reading.number = (prompt.input == InputKind::Number || choice.pick == 0).then(|| match prompt.reads {
                ReadAs::Number { expected } if choice.verdict == 0 => expected,
                _ => f64::from(choice.number),
            });
            reading.choice = prompt.choices.get(choice.pick).map(|choice| choice.value.clone());
            let facts = memory.map_or(&[][..], |memory| &memory.facts);
            reading.facts = choice
                .facts
                .iter()
                .filter_map(|(index, verdict_of, parts)| {
                    let verdict = verdict(*verdict_of);
                    let (fact_id, parts) = (facts.get(*index)?.id, parts.clone());
                    Some(FactMatch { fact_id, verdict, matched_by: MatchedBy::Words, confidence: 0.5, parts })
                })
                .collect();
            EventKind::Answered { reading, rt_ms: Some(900), input: InputMode::Typed }
        }
    };
    Event { at_ms, kind }
}

pub(crate) fn memories(language: Language) -> impl Strategy<Value = MemoryItem> {
    let words: &'static [&'static str] = if language == Language::ZhCn { &ZH } else { &EN };
    let word = move || (0..words.len()).prop_map(move |index| words[index].to_owned());
    let few = move |most: usize| prop::collection::vec(word(), 0..most);
    let fact = (0..KINDS.len(), few(3), prop::collection::vec(word(), 1..3), few(2), prop::option::of(word()), few(4));
    let facts = prop::collection::vec(fact, 1..7);
    let when = prop::option::of(Just("2026-05-16T15:00"));
    (facts, few(3), prop::option::of(word()), when, few(3), any::<bool>()).prop_map(
        move |(facts, people, place, when, text, has_photo)| MemoryItem {
            id: "00000000-0000-7000-8000-00000000abcd".parse().expect("an id"),
            happened_at: when.map(|when| when.parse().expect("a time")),
            place,
            people: people
                .into_iter()
                .map(|name| PersonRef { name, relation: String::new(), aliases: Vec::new() })
                .collect(),
            text: text.join(". "),
            photo: has_photo.then(|| "b".repeat(64).parse().expect("an address")),
            facts: facts
                .into_iter()
                .enumerate()
                .map(|(index, (kind, in_question, parts, aliases, meaning_cue, distractors))| FactItem {
                    id: format!("00000000-0000-7000-8000-0000000000{index:02x}").parse().expect("an id"),
                    kind: KINDS[kind],
                    question: format!(
                        "{} {}?",
                        if language == Language::ZhCn { "问" } else { "What of" },
                        in_question.join(", ")
                    ),
                    expected: Expected { kind: AnswerKind::List, parts, aliases },
                    meaning_cue,
                    distractors,
                })
                .collect(),
        },
    )
}
