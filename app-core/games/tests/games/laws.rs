//! Laws that hold for every memory and every run of events.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use reme_games::{
    Action, Bundle, Engine, Event, EventKind, LevelBounds, OutputType, PastGame, Practice, Prompt, ReadAs, Setup,
    State, builtin_slugs, next_level,
};
use reme_types::{FactId, Language, MemoryItem, Verdict};

use crate::chance::{Choice, choices, event, memories};

/// Whether a line says an answer: as whole words in English, anywhere in Chinese.
fn says(line: &str, answer: &str, language: Language) -> bool {
    if language == Language::ZhCn {
        return line.contains(answer);
    }
    let padded = |text: &str| {
        let spaced: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
        format!(" {} ", spaced.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    padded(line).contains(&padded(answer))
}

/// What the test knows of a memory's answers, kept apart from the engine's own account.
struct Secrets<'m> {
    memory: &'m MemoryItem,
    open: BTreeSet<FactId>,
    said_parts: BTreeMap<FactId, BTreeSet<u16>>,
}

impl Secrets<'_> {
    fn answers(&self, id: FactId) -> Vec<&str> {
        let Some(fact) = self.memory.facts.iter().find(|fact| fact.id == id) else { return Vec::new() };
        let said = self.said_parts.get(&id);
        let is_said = |index: usize| said.is_some_and(|said| said.iter().any(|part| usize::from(*part) == index));
        let parts = fact.expected.parts.iter().enumerate().filter(|(index, _)| !is_said(*index));
        // Once a part was said by the patient, a wording that holds it is no secret any more.
        let said_words: Vec<&String> =
            fact.expected.parts.iter().enumerate().filter(|(index, _)| is_said(*index)).map(|(_, part)| part).collect();
        let aliases = fact.expected.aliases.iter();
        parts
            .map(|(_, part)| part)
            .chain(aliases)
            .map(String::as_str)
            .filter(|answer| !said_words.iter().any(|said| said.contains(answer)))
            .collect()
    }

    fn take(&mut self, bundle: &Bundle, language: Language, actions: &[Action]) -> Result<(), TestCaseError> {
        for (at, action) in actions.iter().enumerate() {
            match action {
                Action::Record(outcome) => {
                    if let Some(id) = outcome.fact_id {
                        self.open.remove(&id);
                    }
                }
                Action::Say(act) => {
                    if act.message == "tell" {
                        let told = actions[at..].iter().find_map(|action| match action {
                            Action::Ask(Prompt { reads: ReadAs::RepeatBack { fact_id, .. }, .. }) => Some(*fact_id),
                            _ => None,
                        });
                        self.open.remove(&told.expect("what is told may be repeated"));
                    }
                    let line = bundle.plain_line(language, act);
                    for answer in self.open.iter().flat_map(|id| self.answers(*id)) {
                        prop_assert!(!says(&line, answer, language), "{}: `{line}` gives `{answer}` away", act.message);
                        let hides = act.hidden.iter().any(|secret| secret == answer);
                        prop_assert!(
                            hides || act.message == "part-named",
                            "`{answer}` is not hidden in {}",
                            act.message
                        );
                    }
                }
                Action::Ask(Prompt { reads: ReadAs::Choice { fact_id: Some(asked), .. }, choices, .. }) => {
                    for answer in self.open.iter().filter(|id| *id != asked).flat_map(|id| self.answers(*id)) {
                        let given_away = choices.iter().any(|choice| says(&choice.label, answer, language));
                        prop_assert!(!given_away, "a choice gives `{answer}` away");
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn check_recall(language: Language, memory: &MemoryItem, level: u8, choices: &[Choice]) -> Result<(), TestCaseError> {
    let bundle = Bundle::builtin("life-recall").expect("it ships");
    let mut setup = Setup::new(language, level, 3).with_memory(memory.clone());
    setup.practice = Practice::Leave;
    let (mut state, actions) = Engine::start(bundle, setup);
    let open = match state.prompt().map(|prompt| &prompt.reads) {
        Some(ReadAs::Recall { open }) => open.iter().copied().collect(),
        _ => BTreeSet::new(),
    };
    let mut secrets = Secrets { memory, open, said_parts: BTreeMap::new() };
    secrets.take(bundle, language, &actions)?;
    let mut at_ms = 0;
    for choice in choices {
        let Some(prompt) = state.prompt().cloned() else { break };
        at_ms += choice.gap_ms;
        let event = event(choice, at_ms, &prompt, state.memory());
        if let EventKind::Answered { reading, .. } = &event.kind {
            for found in reading.facts.iter().filter(|found| found.verdict == Verdict::Partial) {
                secrets.said_parts.entry(found.fact_id).or_default().extend(&found.parts);
            }
        }
        let (next, actions) = Engine::step(bundle, state, event);
        state = next;
        secrets.take(bundle, language, &actions)?;
    }
    Ok(())
}

/// One game from start to the last choice or its end, with everything that came out.
fn play(slug: &str, setup: Setup, choices: &[Choice]) -> (Vec<Event>, Vec<Vec<Action>>, State) {
    let bundle = Bundle::builtin(slug).expect(slug);
    let (mut state, actions) = Engine::start(bundle, setup);
    let (mut events, mut all, mut at_ms) = (Vec::new(), vec![actions], 0);
    for choice in choices {
        let Some(prompt) = state.prompt().cloned() else { break };
        at_ms += choice.gap_ms;
        let event = event(choice, at_ms, &prompt, state.memory());
        events.push(event.clone());
        let (next, actions) = Engine::step(bundle, state, event);
        state = next;
        all.push(actions);
    }
    (events, all, state)
}

fn setups() -> impl Strategy<Value = (&'static str, Setup)> {
    let slugs = builtin_slugs();
    (0..slugs.len(), 0..9u8, any::<u64>(), 0..2usize, any::<bool>(), memories(Language::En), 0..4u16).prop_map(
        move |(slug, level, seed, language, plays, memory, minutes)| {
            let mut setup = Setup::new(Language::ALL[language], level, seed).with_memory(memory);
            setup.practice = if plays { Practice::Play } else { Practice::Leave };
            setup.minutes = minutes;
            (slugs[slug], setup)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_line_names_an_answer_before_it_is_recalled_or_told_in_english(
        memory in memories(Language::En), level in 1..6u8, choices in choices()
    ) {
        check_recall(Language::En, &memory, level, &choices)?;
    }

    #[test]
    fn no_line_names_an_answer_before_it_is_recalled_or_told_in_chinese(
        memory in memories(Language::ZhCn), level in 1..6u8, choices in choices()
    ) {
        check_recall(Language::ZhCn, &memory, level, &choices)?;
    }

    #[test]
    fn the_same_events_give_the_same_state_also_after_being_written_down(
        (slug, setup) in setups(), choices in choices(), cut in 0..60usize
    ) {
        let bundle = Bundle::builtin(slug).expect(slug);
        let (events, all, end) = play(slug, setup.clone(), &choices);
        let (mut state, first) = Engine::start(bundle, setup);
        prop_assert_eq!(&first, &all[0]);
        for (at, event) in events.into_iter().enumerate() {
            if at == cut {
                let written = serde_json::to_string(&state).expect("a state can be written");
                state = serde_json::from_str(&written).expect("and read");
            }
            let (next, actions) = Engine::step(bundle, state, event);
            prop_assert_eq!(&actions, &all[at + 1]);
            state = next;
        }
        prop_assert_eq!(state, end);
    }

    #[test]
    fn progress_never_runs_ahead_or_back_and_a_question_is_open_until_the_end(
        (slug, setup) in setups(), choices in choices()
    ) {
        let (_, all, state) = play(slug, setup, &choices);
        let (mut last, mut finished) = (0, 0);
        for action in all.iter().flatten() {
            prop_assert_eq!(finished, 0, "nothing follows the end");
            match action {
                Action::Progress { steps_done, steps_total } => {
                    prop_assert!(steps_done <= steps_total, "{} of {}", steps_done, steps_total);
                    prop_assert!(*steps_done >= last);
                    last = *steps_done;
                }
                Action::Finish(_) => finished += 1,
                _ => {}
            }
        }
        prop_assert_eq!(state.prompt().is_some(), state.summary().is_none(), "nobody is left without a question or an end");
        prop_assert_eq!(finished == 1, state.summary().is_some());
    }

    #[test]
    fn every_row_has_the_data_the_template_declares_and_a_level_within_bounds(
        (slug, mut setup) in setups(), choices in choices(), min_level in 1..4u8
    ) {
        let bundle = Bundle::builtin(slug).expect(slug);
        setup.min_level = min_level;
        let top = setup.level.clamp(1, bundle.template.top_level());
        let (_, all, _) = play(slug, setup, &choices);
        for action in all.iter().flatten() {
            let Action::Record(outcome) = action else { continue };
            prop_assert!((min_level.min(top)..=top).contains(&outcome.level));
            prop_assert!((0.0..=1.0).contains(&outcome.score));
            let data: BTreeMap<String, serde_json::Value> = serde_json::from_str(&outcome.data).expect("an object");
            for (name, value) in &data {
                let output = bundle.template.outputs.get(name);
                let fits = output.is_some_and(|output| match output.kind {
                    OutputType::Integer => value.is_i64(),
                    OutputType::Count | OutputType::Milliseconds => value.is_u64(),
                    OutputType::Flag => value.is_boolean(),
                    OutputType::Word => value.is_string(),
                });
                prop_assert!(fits, "{}: {}", name, value);
            }
        }
    }

    #[test]
    fn more_successes_never_bring_a_lower_level_and_no_level_moves_by_more_than_one(
        level in 1..9u8, trials in 1..30u16, fewer in 0..30u16, more in 0..30u16, min in 1..6u8, span in 0..5u8
    ) {
        let (fewer, more) = (fewer.min(more).min(trials), more.max(fewer).min(trials));
        let bounds = LevelBounds { min, max: min + span };
        let choose = |successes| {
            let played_on = jiff::civil::date(2026, 5, 1);
            next_level(&[PastGame { played_on, level, successes, trials }], bounds)
        };
        prop_assert!(choose(fewer).level <= choose(more).level);
        for choice in [choose(fewer), choose(more)] {
            prop_assert!((bounds.min..=bounds.max).contains(&choice.level));
            prop_assert!(choice.wanted.abs_diff(level) <= 1);
        }
    }
}

#[test]
fn no_level_of_a_game_is_easier_than_the_one_below_it() {
    // What makes a game harder when it grows, and what makes it easier.
    const HARDER: [&str; 11] = [
        "max_facts",
        "memories",
        "subtract",
        "items",
        "price_max",
        "change",
        "sums",
        "runs",
        "steps",
        "incongruent",
        "start_max",
    ];
    const EASIER: [&str; 3] = ["first_rung", "show_sum", "swatches"];
    for slug in builtin_slugs() {
        let template = &Bundle::builtin(slug).expect(slug).template;
        let value = |index: usize, name: &str| {
            let set = template.levels[index].set.get(name).copied();
            set.or_else(|| template.parameters.get(name).map(|parameter| parameter.default)).unwrap_or(0)
        };
        for index in 1..template.levels.len() {
            let steps: Vec<i64> = HARDER
                .iter()
                .map(|name| value(index, name) - value(index - 1, name))
                .chain(EASIER.iter().map(|name| value(index - 1, name) - value(index, name)))
                .collect();
            assert!(steps.iter().all(|step| *step >= 0), "{slug}: level {} is easier in something", index + 1);
            assert!(steps.iter().any(|step| *step > 0), "{slug}: level {} is like the one below", index + 1);
        }
    }
}
